# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resources that a call acts on, as IAM names them.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sandbox.call import Call
from sandbox.strict import inventory
from sandbox.strict.caller import ACCOUNT

# What an id names, by its letters.
KINDS = {
    "ami": "image",
    "cr": "capacity-reservation",
    "eice": "instance-connect-endpoint",
    "eipalloc": "elastic-ip",
    "eni": "network-interface",
    "i": "instance",
    "lt": "launch-template",
    "pg": "placement-group",
    "sg": "security-group",
    "sir": "spot-instances-request",
    "snap": "snapshot",
    "subnet": "subnet",
    "vol": "volume",
    "vpc": "vpc",
}
_ID = re.compile(rf"({'|'.join(KINDS)})-[0-9a-f]{{8,17}}")

# What a call makes, where the name of the call doesn't say it.
MADE = {
    "RunInstances": ("instance", "network-interface", "volume"),
    "ImportKeyPair": ("key-pair",),
    "AllocateAddress": ("elastic-ip",),
    "CreateSecurityGroup": ("security-group",),
    "CreateKeyPair": ("key-pair",),
    "CreatePlacementGroup": ("placement-group",),
    "CreateCapacityReservation": ("capacity-reservation",),
    "PurchaseCapacityBlock": ("capacity-reservation",),
    "CreateInstanceConnectEndpoint": ("instance-connect-endpoint",),
    "CreateVolume": ("volume",),
    "CreateSnapshot": ("snapshot",),
    "CreateImage": ("image",),
}
# The parameter with the name of what a call makes, for the kinds whose ARN holds a name.
NAMES = {"key-pair": "KeyName", "placement-group": "GroupName"}

# Parameters that name what a call uses.
USED = {"KeyName": "key-pair", "Placement.GroupName": "placement-group"}
# What a launch uses in any case: where none is named, EC2 takes the default one, and its permission counts too.
NEEDED = ("subnet", "security-group")

# Parameters that hold ids but don't decide the permission.
_ASIDE = re.compile(r"Filter\.|TagSpecification\.|UserData|ClientToken|BlockDeviceMapping\.")


def resources(call: Call) -> list[str]:
    """Return the ARNs that a call acts on; ``["*"]`` where IAM knows none for it."""
    if call.service == "ssm":
        return _parameters(call) or ["*"]
    if call.service != "ec2" or call.action.startswith(("Describe", "Get")):
        return ["*"]
    return list(dict.fromkeys(_of_ec2(call))) or ["*"]


def made(call: Call, kind: str) -> str:
    """Return the ARN of what a call is to make; its id is not known yet."""
    return f"arn:aws:ec2:{call.region}:{ACCOUNT}:{kind}/{call.params.get(NAMES.get(kind, ''), '*')}"


def tagged_kinds(call: Call) -> list[str]:
    """Return the kinds that an EC2 call tags as it makes them."""
    paths = [path for path in call.params if path.startswith("TagSpecification.") and path.endswith(".ResourceType")]
    return [str(call.params[path]) for path in paths]


def _of_ec2(call: Call) -> Iterator[str]:
    base = f"arn:aws:ec2:{call.region}:{ACCOUNT}:"
    yield from (made(call, kind) for kind in (*MADE.get(call.action, ()), *_of_launch(call)))
    if call.action == "DeletePlacementGroup":
        yield f"{base}placement-group/{call.params.get('GroupName')}"
    yield from (base + name for name in inventory.stands_for(call))
    for path, value in call.params.items():
        if path in USED and value:
            yield f"{base}{USED[path]}/{value}"
        found = _ID.fullmatch(str(value))
        if found and not _ASIDE.match(path):
            # Images are shared between accounts, and their ARN has none.
            owner = base.replace(ACCOUNT, "") if found[1] == "ami" else base
            yield f"{owner}{KINDS[found[1]]}/{value}"


def _of_launch(call: Call) -> Iterator[str]:
    """Yield what a launch is about besides; of its spot requests only when it tags them.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/concepts-spot-instances-request-tags.html
    """
    if call.action != "RunInstances":
        return
    if "spot-instances-request" in tagged_kinds(call):
        yield "spot-instances-request"
    named = {match[1] for value in call.params.values() if (match := _ID.fullmatch(str(value)))}
    yield from (kind for kind in NEEDED if kind not in {KINDS[letters] for letters in named})


def _parameters(call: Call) -> list[str]:
    """Return the parameters that an SSM call names; AWS's own belong to no account."""
    given = [call.params.get("Name"), call.params.get("Path"), *(call.params.get("Names") or [])]
    names = [str(name) for name in given if name]
    return [
        f"arn:aws:ssm:{call.region}:{'' if name.startswith('/aws/') else ACCOUNT}:parameter/{name.strip('/')}"
        for name in names
    ]
