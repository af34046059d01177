# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A launch as a whole: what check mode leaves alone, what a second launch reads, what a failure says of its traces."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.survey import Survey
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.wish import Wish
from ansible_collections.gpgpu.aws.plugins.module_utils._run import launch, ready
from ansible_collections.gpgpu.aws.plugins.module_utils._run.failover import Limits
from ansible_collections.gpgpu.aws.plugins.module_utils._run.launch import Wanted

from tests.unit.fakes.aws import FakeClient, aws_error, clients_of
from tests.unit.fakes.desk import desk
from tests.unit.fakes.rows import instance, offer, run_tags, spec

HERE = {"FromPort": 22, "IpRanges": [{"CidrIp": "192.0.2.7/32"}]}
GROUP = {"ResourceType": "security-group", "ResourceId": "sg-1"}
MACHINE = {"ResourceType": "instance", "ResourceId": "i-1"}
KEY_PAIR = {"ResourceType": "key-pair", "ResourceId": "key-1"}
# What each attempt fills in.
OPEN = {"instance_type": "", "market": "", "zone": ""}
NEED = Requirement(instance_types=("g4dn.xlarge",), regions=("us-west-2",))
WRITES = ("create_", "authorize_", "revoke_", "import_", "run_")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(ready, "ssh_answers", lambda _address, _port: True)
    return tmp_path


class Market:
    """The survey of a launch.

    Parameters:
        found: what it answers.
        asked: requirement and options of each call.
    """

    def __init__(self, *offers: Offer) -> None:
        self.found = Survey(list(offers))
        self.asked: list[tuple[Requirement, dict[str, Any]]] = []

    def survey(self, _clients_in: Any, requirement: Requirement, _wish: Wish, **options: Any) -> Survey:
        """What is found."""
        self.asked.append((requirement, options))
        return self.found


@pytest.fixture(autouse=True)
def market(monkeypatch: pytest.MonkeyPatch) -> Market:
    """One offer, whatever is asked for."""
    made = Market(offer(zone=""))
    monkeypatch.setattr(launch, "survey_offers", made.survey)
    return made


class Region:
    """A region where the type is sold, and a run of which these rows are there."""

    def __init__(self, tagged: Any = (), machines: Any = (), **changes: Any) -> None:
        self.ec2 = FakeClient(
            **{
                "describe_tags": {"Tags": list(tagged)},
                "describe_instances": {"Reservations": [{"Instances": list(machines) or [instance(1)]}]},
                "describe_security_groups": {"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [HERE]}]},
                "create_security_group": {"GroupId": "sg-1"},
                "authorize_security_group_ingress": {"SecurityGroupRules": []},
                "revoke_security_group_ingress": {},
                "import_key_pair": {"KeyPairId": "key-1"},
                "create_tags": {},
                "describe_subnets": {"Subnets": [{"VpcId": "vpc-7", "AvailabilityZone": "us-west-2b"}]},
                "run_instances": {"Instances": [instance(1, "pending")]},
                **changes,
            }
        )

    def clients_in(self, region: str) -> Clients:
        """The clients of a region."""
        return clients_of(region=region, ec2=self.ec2, sts=FakeClient("sts"))

    def launch(
        self, check_mode: bool = False, address: str = "192.0.2.7", need: Requirement = NEED, **wanted: Any
    ) -> dict[str, Any]:
        """The result of a launch from an address."""
        asked = Wanted(spec(**OPEN, **wanted), need, Wish(), Limits(20, 900), preflight=False)
        return launch.launch(self.clients_in, asked, desk(address), check_mode)

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
    assert "Ask your administrator to allow ec2:" in str(failed.value)


def test_a_refusal_before_anything_was_made_leaves_no_traces(market: Market) -> None:
    region, market.found = Region(), Survey([], [offer(problems=("Too dear.",))])
    with pytest.raises(GpuError, match="Too dear") as refused:
        region.launch()
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
    (home / "own").chmod(0o600)
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


@pytest.mark.parametrize("thorough", [True, False])
def test_the_survey_is_as_thorough_as_was_asked_for(market: Market, thorough: bool) -> None:
    wanted = Wanted(spec(**OPEN), NEED, Wish(), Limits(20, 900), thorough, measure_latency=not thorough)
    region = Region(run_instances=aws_error("DryRunOperation"), import_key_pair=aws_error("DryRunOperation"))
    region.ec2._answers["create_security_group"] = aws_error("DryRunOperation")
    launch.launch(region.clients_in, wanted, desk(), check_mode=True)
    assert market.asked == [(NEED, {"thorough": thorough, "measure_latency": not thorough})]
    dry = [method for method, params in region.ec2.calls if params.get("DryRun")]
    assert bool(dry) == thorough


def test_a_run_that_grows_stays_where_it_is_and_of_its_type(market: Market) -> None:
    need = replace(NEED, instance_types=(), models=("T4", "L4"), count=3)
    region = Region(ALL_THERE, run_instances={"Instances": [instance(2, "pending"), instance(3, "pending")]})
    rows = [instance(1), instance(2), instance(3)]
    region.ec2._answers["describe_instances"] = [
        {"Reservations": [{"Instances": found}]} for found in (rows[:1], rows, rows)
    ]
    result = region.launch(need=need, count=3)
    ((asked, _options),) = market.asked
    assert asked == replace(need, regions=("us-west-2",), instance_types=("g4dn.xlarge",), count=2)
    assert region.ec2.sent("run_instances")[0]["MinCount"] == 2
    assert [host["instance_id"] for host in result["hosts"]] == ["i-1", "i-2", "i-3"]
    assert result["left_traces"] is False


def test_a_named_subnet_decides_network_and_zone(market: Market) -> None:
    market.found = Survey([offer(zone="us-west-2a"), offer(zone="us-west-2b")])
    region = Region()
    result = region.launch(subnet_id="subnet-1")
    assert region.ec2.sent("create_security_group")[0]["VpcId"] == "vpc-7"
    assert (result["chosen"]["zone"], result["alternatives"]) == ("us-west-2b", [])


def test_behind_a_tunnel_nobody_is_let_in_by_address() -> None:
    region = Region()
    region.launch(access="session-manager", address="not asked")
    assert "authorize_security_group_ingress" not in region.writes


def test_attempts_go_on_counting_where_an_earlier_launch_stopped() -> None:
    tags = [{"Key": "gpgpu:trace", "Value": "2026-11-23T11:00:00Z 7 1 g4dn.xlarge on-demand -"}]
    groups = {"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [HERE], "Tags": tags}]}
    region = Region([GROUP], describe_security_groups=groups)
    region.launch()
    (noted,) = region.ec2.sent("create_tags")
    assert noted["Tags"][0]["Value"].split()[1:] == ["8", "1", "g4dn.xlarge", "on-demand", "-"]
