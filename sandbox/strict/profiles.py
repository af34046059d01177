# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance profiles of a launch: one that IAM doesn't know is refused, one that it knows is every machine's.

The sentence was seen in public trackers: https://github.com/hashicorp/terraform-provider-aws/issues/27516
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.strict.caller import ACCOUNT
from sandbox.strict.rule import Ec2Call, Proceed, Rule


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse an unknown profile; give a known one to all machines, where moto gives it to the first."""
    from moto.iam import iam_backends

    known = iam_backends[ACCOUNT]["aws"].instance_profiles.values()
    for member, words in (("Name", "name"), ("Arn", "ARN")):
        wanted = call.param(f"IamInstanceProfile.{member}")
        if wanted and wanted not in {getattr(row, member.lower()) for row in known}:
            raise AwsError(
                "InvalidParameterValue",
                f"Value ({wanted}) for parameter iamInstanceProfile.{member.lower()} is invalid. "
                f"Invalid IAM Instance Profile {words}",
            )
    reservation = proceed()
    name, arn = call.param("IamInstanceProfile.Name"), call.param("IamInstanceProfile.Arn")
    for instance in reservation.instances[1:] if name or arn else ():
        call.backend.associate_iam_instance_profile(
            instance_id=instance.id, iam_instance_profile_name=name, iam_instance_profile_arn=arn
        )
    return reservation


RULES: dict[str, Rule] = {"RunInstances": run_instances}
