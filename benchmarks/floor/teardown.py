# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove a run with boto3 alone and prove by two readings that nothing is left: RUN_ID."""

from __future__ import annotations

import sys
from typing import Any

import boto3


def main(run_id: str) -> None:
    """Remove machines, security group and key pair."""
    ec2 = boto3.client("ec2")
    ids = [row["InstanceId"] for row in instances(ec2, run_id)]
    ec2.terminate_instances(InstanceIds=ids)
    ec2.get_waiter("instance_terminated").wait(InstanceIds=ids)
    ec2.delete_security_group(GroupName=run_id)
    ec2.delete_key_pair(KeyName=run_id)
    left = [*still_there(ec2, run_id), *still_there(ec2, run_id)]
    if left:
        sys.exit(f"Left of {run_id}: {left}")


def instances(ec2: Any, run_id: str) -> list[dict[str, Any]]:
    """Return the machines of a run, in every state."""
    pages = ec2.get_paginator("describe_instances").paginate(Filters=[{"Name": "tag:run", "Values": [run_id]}])
    return [row for page in pages for reservation in page["Reservations"] for row in reservation["Instances"]]


def still_there(ec2: Any, run_id: str) -> list[str]:
    """Return the ids of what exists of a run: by its tag, and by the states of its machines."""
    filters = [{"Name": "key", "Values": ["run"]}, {"Name": "value", "Values": [run_id]}]
    pages = ec2.get_paginator("describe_tags").paginate(Filters=filters)
    tagged = {row["ResourceId"] for page in pages for row in page["Tags"] if row["ResourceType"] != "instance"}
    alive = {row["InstanceId"] for row in instances(ec2, run_id) if row["State"]["Name"] != "terminated"}
    return sorted(tagged | alive)


if __name__ == "__main__":
    main(sys.argv[1])
