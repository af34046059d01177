# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that is wrong with what a person asked for, found before the first call to AWS."""

from __future__ import annotations

from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import (
    ALL_REGIONS,
    Requirement,
    requirement_problems,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.access import access_problems
from ansible_collections.gpgpu.aws.plugins.module_utils._run.own_part import own_problems
from ansible_collections.gpgpu.aws.plugins.module_utils._run.placement import place_problems
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec, spec_problems
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ssh_key import Runner


def refuse_problems(requirement: Requirement, spec: LaunchSpec, ssh_port: int, run: Runner) -> None:
    """Refuse bad input, all problems at once.

    Parameters:
        ssh_port: where sshd listens on the machines.
        run: runs a command on this machine.

    Raises:
        GpuError: with one sentence per problem, each with its fix.
    """
    found = [
        *requirement_problems(requirement),
        *spec_problems(spec, requirement.markets),
        *place_problems(spec, ssh_port),
        *own_problems(spec.user_data),
        *_subnet_problems(requirement, spec),
        *access_problems(spec.access, run),
    ]
    if found:
        told = list(dict.fromkeys(found))
        raise GpuError(" ".join(told), "Nothing was created.", "bad_input", problems=told)


def _subnet_problems(requirement: Requirement, spec: LaunchSpec) -> list[str]:
    if spec.subnet_id and (len(requirement.regions) > 1 or ALL_REGIONS in requirement.regions):
        return [f"Subnet {spec.subnet_id} is in one region: set gpu_region to it and leave gpu_regions out."]
    return []
