# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Look at a run with another eye: boto3 and OpenSSH alone, nothing of the collection.

`look.py one RUN` demands one machine as it was promised, `look.py none RUN` that nothing of the run is left.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3

Row = dict[str, Any]

# What may bill or stay behind: the call, the list in its answer.
KINDS = (
    ("describe_instances", "Reservations"),
    ("describe_volumes", "Volumes"),
    ("describe_network_interfaces", "NetworkInterfaces"),
    ("describe_addresses", "Addresses"),
    ("describe_security_groups", "SecurityGroups"),
    ("describe_key_pairs", "KeyPairs"),
    ("describe_spot_instance_requests", "SpotInstanceRequests"),
)


def find(ec2: Any, run: str) -> dict[str, list[Row]]:
    """Return everything that carries the run's tag, by the name of its list; ended machines do not count."""
    tag = [{"Name": "tag:gpgpu:run", "Values": [run]}]
    found = {rows: getattr(ec2, call)(Filters=tag)[rows] for call, rows in KINDS}
    machines = [machine for reservation in found.pop("Reservations") for machine in reservation["Instances"]]
    return {**found, "Instances": [machine for machine in machines if machine["State"]["Name"] != "terminated"]}


def ssh(machine: Row, tags: dict[str, str], key: Path, *command: str) -> str:
    """Run a command on a machine, trusting the host key in its tag alone; return what it printed."""
    port = os.environ.get("GPU_SSH_PORT", "22")
    address = machine["PublicIpAddress"]
    with tempfile.NamedTemporaryFile("w") as known_hosts:
        known_hosts.write(f"[{address}]:{port} {tags['gpgpu:host-key']}\n")
        known_hosts.flush()
        trust = ("-o", f"UserKnownHostsFile={known_hosts.name}", "-o", "StrictHostKeyChecking=yes")
        login = ("-F", "none", "-i", str(key), "-p", port, f"{tags['gpgpu:login']}@{address}")
        arguments = ["ssh", "-o", "BatchMode=yes", *trust, *login, *command]
        return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def promises(ec2: Any, run: str) -> dict[str, bool]:
    """Return what the collection promises of a run of one machine, and whether each promise is kept."""
    found = find(ec2, run)
    machine = found["Instances"][0]
    tags = {tag["Key"]: tag["Value"] for tag in machine["Tags"]}
    rules = [rule for group in found["SecurityGroups"] for rule in group["IpPermissions"]]
    ranges = [address["CidrIp"] for rule in rules for address in rule["IpRanges"]]
    key = Path(f"~/.ssh/gpgpu/{ec2.meta.region_name}/{run}/id_ed25519").expanduser()
    lease = datetime.strptime(tags["gpgpu:lease"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return {
        "one machine runs": [each["State"]["Name"] for each in found["Instances"]] == ["running"],
        "its disks are encrypted": all(volume["Encrypted"] for volume in found["Volumes"]) and bool(found["Volumes"]),
        "its metadata demands a token": machine["MetadataOptions"]["HttpTokens"] == "required",
        "one address may log in": len(ranges) == 1 and ranges[0].endswith("/32"),
        "its lease is not over": lease > datetime.now(UTC),
        "its user may log in": ssh(machine, tags, key, "whoami").strip() == tags["gpgpu:login"],
        "it has a GPU": "GPU 0:" in ssh(machine, tags, key, "nvidia-smi", "-L"),
    }


def remains(ec2: Any, run: str) -> dict[str, bool]:
    """Return, for each kind of resource, whether none of the run is left."""
    return {f"no {kind}": not rows for kind, rows in find(ec2, run).items()}


def main() -> int:
    """Print each finding; return 1 if one is not as it should be."""
    wanted, run = sys.argv[1:]
    ec2 = boto3.client("ec2")
    findings = promises(ec2, run) if wanted == "one" else remains(ec2, run)
    for sentence, kept in findings.items():
        print("yes" if kept else "NO ", sentence)
    return 0 if all(findings.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
