# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a launch: only what is not yet known is read, a wait is told, and nothing is left elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run import finish as finish_module
from ansible_collections.gpgpu.aws.plugins.module_utils._run import ready
from ansible_collections.gpgpu.aws.plugins.module_utils._run.desk import Desk
from ansible_collections.gpgpu.aws.plugins.module_utils._run.finish import TIDY_SECONDS, finish, key_file_of, tidy
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import Action, AllowSsh

from tests.unit.fakes.aws import FakeClient, FakeClock, clients_of
from tests.unit.fakes.rows import RUN_ID, instance, spec, state

ALLOW = AllowSsh(("192.0.2.7/32",), 22)


@dataclass
class Hall:
    """A controller at the end of a launch.

    Parameters:
        said: the lines of progress.
        asked: the addresses whose SSH was tried.
    """

    ec2: FakeClient
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def desk(self, wait_for: str = "ssh") -> Desk:
        """The controller's own part."""
        return Desk(lambda _words: (0, "", ""), lambda: "", 22, wait_for, 60, FakeClock(), say=self.said.append)

    def finish(
        self, observed: RunState, ids: list[str], actions: tuple[Action, ...] = (), wait_for: str = "ssh"
    ) -> Any:
        """The rows after the end."""
        return finish(clients_of(ec2=self.ec2), spec(), self.desk(wait_for), observed, actions=list(actions), ids=ids)


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hall:
    monkeypatch.setenv("HOME", str(tmp_path))
    answers: dict[str, Any] = {
        "describe_instances": {"Reservations": [{"Instances": [instance(1), instance(2)]}]},
        "authorize_security_group_ingress": {"SecurityGroupRules": []},
    }
    made = Hall(FakeClient(**answers))

    def answers_ssh(address: str, _port: int) -> bool:
        made.asked.append(address)
        return True

    monkeypatch.setattr(ready, "ssh_answers", answers_ssh)
    return made


def known_hosts(home: Path) -> list[Path]:
    """The files of host keys there are."""
    return list(home.rglob("known_hosts"))


def test_a_run_that_is_there_is_not_read_again(hall: Hall, tmp_path: Path) -> None:
    rows = hall.finish(state(instance(2), instance(1)), ["i-1", "i-2"])
    assert [row["InstanceId"] for row in rows] == ["i-1", "i-2"]
    assert (hall.ec2.calls, hall.said, known_hosts(tmp_path)) == ([], [], [])
    assert sorted(hall.asked) == ["192.0.2.1", "192.0.2.2"], "SSH is asked all the same"


UNSETTLED: dict[str, tuple[RunState, tuple[Action, ...]]] = {
    "a machine just bought": (state(instance(1)), ()),
    "a machine still starts": (state(instance(1), instance(2, "pending")), ()),
    "something was left to do": (state(instance(1), instance(2), security_group=["sg-1"]), (ALLOW,)),
    "nothing was there": (RunState(), ()),
    "an ended machine": (state(instance(1), instance(2, "terminated")), ()),
}


@pytest.mark.parametrize(("observed", "actions"), UNSETTLED.values(), ids=UNSETTLED.keys())
def test_anything_else_is_read_waited_for_and_trusted(
    hall: Hall, tmp_path: Path, observed: RunState, actions: tuple[Action, ...]
) -> None:
    rows = hall.finish(observed, ["i-1", "i-2"], actions)
    assert [row["InstanceId"] for row in rows] == ["i-1", "i-2"]
    assert hall.ec2.sent("describe_instances") == [{"InstanceIds": ["i-1", "i-2"]}]
    assert hall.said == ["waiting for i-1, i-2 to run", "running, and billed from now on; waiting for SSH"]
    (file,) = known_hosts(tmp_path)
    assert len(file.read_text().splitlines()) == 2


def test_what_is_left_to_do_is_done_in_the_group_of_the_run(hall: Hall) -> None:
    hall.finish(state(instance(1), security_group=["sg-9"]), ["i-1", "i-2"], (ALLOW,))
    assert hall.ec2.methods == ["authorize_security_group_ingress", "describe_instances"]
    assert hall.ec2.sent("authorize_security_group_ingress")[0]["GroupId"] == "sg-9"


def test_ssh_is_not_waited_for_where_running_is_enough(hall: Hall) -> None:
    hall.finish(RunState(), ["i-1", "i-2"], wait_for="running")
    assert (hall.asked, hall.said) == ([], ["waiting for i-1, i-2 to run"])


@pytest.mark.parametrize(
    ("own", "used"), [("/my/key", "/my/key"), ("", "/home/ada/.ssh/gpgpu/us-west-2/eight-schools/id_ed25519")]
)
def test_the_key_that_logs_in(monkeypatch: pytest.MonkeyPatch, own: str, used: str) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert key_file_of(spec(key_file=own)) == used


TIDIED: dict[str, tuple[dict[str, RunState], list[str]]] = {
    "only here": ({"us-west-2": state(instance(), security_group=["sg-1"])}, []),
    "nothing elsewhere": ({"us-west-2": state(instance()), "eu-west-1": RunState()}, []),
    "elsewhere": (
        {
            "us-west-2": state(instance(), security_group=["sg-1"]),
            "eu-west-1": state(security_group=["sg-2"]),
            "us-east-1": state(key_pair=["key-1"]),
            "sa-east-1": RunState(),
        },
        ["eu-west-1", "us-east-1"],
    ),
}


@pytest.fixture
def torn_down(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Region, run, seconds and check mode of each removal."""
    found: list[tuple[Any, ...]] = []

    def remove(clients: Clients, run_id: str, seconds: float, _clock: Any, check_mode: bool) -> None:
        found.append((clients.region, run_id, seconds, check_mode))

    monkeypatch.setattr(finish_module, "teardown", remove)
    return found


def clients_in(region: str) -> Clients:
    """Clients that make no call."""
    return clients_of(region=region)


@pytest.mark.parametrize(("states", "regions"), TIDIED.values(), ids=TIDIED.keys())
def test_only_other_regions_with_something_in_them_are_tidied(
    hall: Hall, torn_down: list[tuple[Any, ...]], states: dict[str, RunState], regions: list[str]
) -> None:
    tidy(clients_in, spec(), hall.desk(), states)
    assert sorted(torn_down) == [(region, RUN_ID, TIDY_SECONDS, False) for region in regions]
    assert hall.said == ([f"removing what refused attempts left in {', '.join(regions)}"] if regions else [])


GROUP = {"kind": "security group", "id": "sg-2", "usd_per_hour": 0.0}
MACHINE = {"kind": "machine", "id": "i-2", "usd_per_hour": 0.5}
UNKNOWN = {"kind": "disk", "id": "vol-2", "usd_per_hour": None}


@pytest.mark.parametrize(
    ("left", "fails"),
    [([GROUP], False), ([GROUP, MACHINE], True), ([UNKNOWN], True), ([], True)],
    ids=["free", "bills", "price unknown", "nothing is known"],
)
def test_what_can_not_be_removed_is_a_failure_where_it_may_bill(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, left: list[dict[str, Any]], fails: bool
) -> None:
    def refuse(*_words: object) -> None:
        raise GpuError("sg-2 is left", proof={"left": left})

    monkeypatch.setattr(finish_module, "teardown", refuse)
    regions = {"eu-west-1": state(security_group=["sg-2"])}
    if fails:
        with pytest.raises(GpuError, match="sg-2 is left"):
            tidy(clients_in, spec(), hall.desk(), regions)
        return
    (note,) = tidy(clients_in, spec(), hall.desk(), regions)
    assert note.startswith("security group sg-2 in eu-west-1 is left of a refused attempt, free of charge")
