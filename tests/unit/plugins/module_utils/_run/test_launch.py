# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A launch as a whole: what check mode leaves alone, what a second launch reads, what a failure says of its traces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run import ready
from ansible_collections.gpgpu.aws.plugins.module_utils._run.launch import Desk, launch

from tests.unit.fakes.aws import FakeClient, FakeClock, aws_error, clients_of
from tests.unit.fakes.rows import instance, run_tags, spec

TYPE = {
    "InstanceType": "g4dn.xlarge",
    "VCpuInfo": {"DefaultVCpus": 4},
    "MemoryInfo": {"SizeInMiB": 16384},
    "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
    "GpuInfo": {"Gpus": [{"Name": "T4", "Manufacturer": "NVIDIA", "Count": 1}]},
}
IMAGE = {"ImageId": "ami-1", "Architecture": "x86_64", "VirtualizationType": "hvm", "EnaSupport": True}
TERMS = {"OnDemand": {"T": {"priceDimensions": {"R": {"unit": "Hrs", "pricePerUnit": {"USD": "0.5"}}}}}}
OPEN = {"FromPort": 22, "IpRanges": [{"CidrIp": "192.0.2.7/32"}]}
GROUP = {"ResourceType": "security-group", "ResourceId": "sg-1"}
MACHINE = {"ResourceType": "instance", "ResourceId": "i-1"}
KEY_PAIR = {"ResourceType": "key-pair", "ResourceId": "key-1"}
WRITES = ("create_", "authorize_", "revoke_", "import_", "run_")


def keygen(words: list[str]) -> tuple[int, str, str]:
    """Make a key pair of words."""
    path = Path(words[words.index("-f") + 1])
    path.write_text("private")
    path.with_name(f"{path.name}.pub").write_text("ssh-ed25519 AAAA comment\n")
    return 0, "", ""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(ready, "ssh_answers", lambda _address, _port: True)
    return tmp_path


class Region:
    """A region where the type is sold, and a run of which these rows are there."""

    def __init__(self, tagged: Any = (), machines: Any = (), **changes: Any) -> None:
        self.ec2 = FakeClient(
            **{
                "describe_tags": {"Tags": list(tagged)},
                "describe_instances": {"Reservations": [{"Instances": list(machines) or [instance(1)]}]},
                "describe_security_groups": {"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [OPEN]}]},
                "describe_instance_types": {"InstanceTypes": [TYPE]},
                "describe_images": {"Images": [IMAGE]},
                "create_security_group": {"GroupId": "sg-1"},
                "authorize_security_group_ingress": {"SecurityGroupRules": []},
                "revoke_security_group_ingress": {},
                "import_key_pair": {"KeyPairId": "key-1"},
                "run_instances": {"Instances": [instance(1, "pending")]},
                **changes,
            }
        )
        self.clients = clients_of(
            ec2=self.ec2,
            ssm=FakeClient("ssm", get_parameter={"Parameter": {"Value": "ami-1"}}),
            pricing=FakeClient("pricing", get_products={"PriceList": [json.dumps({"terms": TERMS})]}),
        )

    def launch(self, check_mode: bool = False, address: str = "192.0.2.7", **wanted: Any) -> dict[str, Any]:
        """The result of a launch from an address."""
        desk = Desk(keygen, lambda: address, 22, "ssh", 60, FakeClock())
        return launch(self.clients, spec(**wanted), desk, check_mode)

    @property
    def writes(self) -> list[str]:
        """The calls that changed something."""
        return [method for method in self.ec2.methods if method.startswith(WRITES)]


ALL_THERE = [GROUP, MACHINE]


def test_from_nothing() -> None:
    region = Region()
    result = region.launch()
    assert result["changed"]
    assert [host["instance_id"] for host in result["hosts"]] == ["i-1"]
    assert region.ec2.sent("describe_instances") == [{"InstanceIds": ["i-1"]}]


def test_the_keys_of_the_machines_are_trusted(home: Path) -> None:
    (host,) = Region().launch()["hosts"]
    assert Path(host["known_hosts_file"]).read_text() == host["known_hosts_line"]
    assert Path(host["known_hosts_file"]).is_relative_to(home)


def test_check_mode_tells_the_same_and_changes_nothing(home: Path) -> None:
    region = Region()
    planned = region.launch(check_mode=True)
    assert region.writes == []
    assert list(home.iterdir()) == [], "no key is made either"
    done = Region().launch()
    for name in ("changed", "actions", "diff", "chosen", "lease_end"):
        assert planned[name] == done[name], name


def test_a_second_launch_changes_nothing() -> None:
    region = Region(ALL_THERE)
    result = region.launch()
    assert (result["changed"], region.writes) == (False, [])
    assert region.ec2.methods == ["describe_tags", "describe_instances", "describe_security_groups"]


def test_a_caller_who_moved_is_let_in_and_the_old_address_is_not() -> None:
    region = Region(ALL_THERE)
    assert region.launch(address="198.51.100.7")["actions"] == [
        "allow SSH (port 22) from 198.51.100.7/32",
        "stop allowing SSH (port 22) from 192.0.2.7/32",
    ]
    assert region.writes == ["authorize_security_group_ingress", "revoke_security_group_ingress"]


def test_a_launch_cut_short_is_waited_for() -> None:
    pending, running = ({"Reservations": [{"Instances": [instance(1, name)]}]} for name in ("pending", "running"))
    region = Region(ALL_THERE, describe_instances=[pending, pending, running])
    result = region.launch()
    assert (result["changed"], result["hosts"][0]["state"]) == (False, "running")


DENIED = {"run_instances": aws_error("UnauthorizedOperation", "No.")}


@pytest.mark.parametrize(
    ("region", "wanted", "traces"),
    [
        pytest.param(Region(**DENIED), {}, True, id="group and key were made"),
        pytest.param(Region([GROUP], **DENIED), {"key_name": "mine"}, True, id="a group of an earlier attempt"),
        pytest.param(Region(ALL_THERE, **DENIED), {"count": 2}, False, id="the run has a machine: it stays"),
        pytest.param(
            Region(create_security_group=aws_error("UnauthorizedOperation", "No.")), {}, True, id="nothing was made"
        ),
        pytest.param(
            Region(ALL_THERE, [instance(1, "terminated")], **DENIED), {}, True, id="the run's machines are over"
        ),
    ],
)
def test_a_failure_says_whether_all_there_is_came_from_it(region: Region, wanted: dict[str, Any], traces: bool) -> None:
    with pytest.raises(GpuError) as failed:
        region.launch(**wanted)
    assert (failed.value.code, failed.value.details["left_traces"]) == ("UnauthorizedOperation", traces)
    assert "Ask your administrator for this permission" in str(failed.value)


def test_a_refusal_before_anything_was_made_leaves_no_traces() -> None:
    region = Region()
    with pytest.raises(GpuError) as refused:
        region.launch(max_hourly_usd=0.1)
    assert "left_traces" not in refused.value.details
    assert region.writes == []


def test_a_missing_key_file_is_refused_before_the_first_call() -> None:
    region = Region()
    with pytest.raises(GpuError, match=r"does not exist"):
        region.launch(key_file="/nowhere/key")
    assert region.ec2.calls == []


@pytest.mark.parametrize("wanted", [{"key_name": "mine"}, {"key_file": "own"}, {}])
def test_a_run_of_another_controller_needs_its_key(wanted: dict[str, Any], home: Path) -> None:
    (home / "own").write_text("private")
    (home / "own.pub").write_text("ssh-ed25519 AAAA\n")
    region = Region([*ALL_THERE, KEY_PAIR], [instance(1, tags=run_tags())])
    wanted = {name: str(home / value) if name == "key_file" else value for name, value in wanted.items()}
    if wanted:
        assert region.launch(**wanted)["changed"] is False
        return
    with pytest.raises(
        GpuError, match=r"Copy the key here, name it with gpu_key_file, or tear the run down"
    ) as refused:
        region.launch()
    assert refused.value.code == "key_elsewhere"
