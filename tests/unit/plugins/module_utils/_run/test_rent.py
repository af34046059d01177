# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The search for machines: how far it goes, what it repeats, what it remembers, and how it explains its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.desk import Desk
from ansible_collections.gpgpu.aws.plugins.module_utils._run.failover import Limits, Target, concrete
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ready import MachinesEndedError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.rent import PAUSES_SECONDS, Rental
from ansible_collections.gpgpu.aws.plugins.module_utils._run.site import Site
from botocore.exceptions import ConnectionClosedError

from tests.unit.fakes.aws import FakeClient, FakeClock, aws_error, clients_of
from tests.unit.fakes.desk import keygen
from tests.unit.fakes.rows import instance, offer, spec

FULL = aws_error("InsufficientInstanceCapacity", "No capacity.")
THROTTLED = aws_error("RequestLimitExceeded", "Request limit exceeded.")
LOST = ConnectionClosedError(endpoint_url="https://ec2")
SOLD = {"Instances": [instance(1, "pending")]}
ZONES = "abcdef"


def targets(count: int, region: str = "us-west-2") -> list[Target]:
    """Spot machines in as many zones."""
    return [
        Target(offer(region=region, zone=f"{region}{zone}", market="spot"), f"{region}{zone}") for zone in ZONES[:count]
    ]


class Search:
    """A search in a world whose calls answer from a table.

    Parameters:
        said: the lines of progress.
    """

    def __init__(self, run: Any, limits: Limits, states: dict[str, RunState], **answers: Any) -> None:
        self.ec2 = FakeClient(
            **{
                "create_security_group": lambda **_params: {"GroupId": "sg-1"},
                "authorize_security_group_ingress": {"SecurityGroupRules": []},
                "import_key_pair": {"KeyPairId": "key-1"},
                "create_tags": {},
                "describe_instances": {"Reservations": []},
                "run_instances": run,
                **answers,
            }
        )
        self.clock = FakeClock()
        self.said: list[str] = []
        desk = Desk(keygen, lambda: "", 22, "ssh", 60, self.clock, say=self.said.append)
        site = Site("", "", ("192.0.2.7/32",))
        self.rental = Rental(
            self.clients_in, spec(market="", zone="", instance_type=""), site, desk, states, 1, limits, 5
        )

    def clients_in(self, region: str) -> Clients:
        """The clients of a region."""
        return clients_of(region=region, ec2=self.ec2, sts=FakeClient("sts"))

    @property
    def traces(self) -> list[list[str]]:
        """What was written before each purchase: number, generation, type, market, zone."""
        made = [params["TagSpecifications"][0] for params in self.ec2.sent("create_security_group")]
        texts = [
            tag["Value"]
            for one in [*made, *self.ec2.sent("create_tags")]
            for tag in one["Tags"]
            if tag["Key"] == "gpgpu:trace"
        ]
        return [text.split()[1:] for text in texts if text != "settled"]


@pytest.fixture
def search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Search]:
    """Make a search: `search(answers of RunInstances, attempts=20, seconds=900)`."""
    monkeypatch.setenv("HOME", str(tmp_path))

    def make(run: Any, attempts: int = 20, seconds: float = 900, states: Any = None, **answers: Any) -> Search:
        return Search(run, Limits(attempts, seconds), states or {}, **answers)

    return make


def test_the_first_target_that_is_sold_is_rented(search: Callable[..., Search]) -> None:
    work = search([FULL, FULL, SOLD])
    wanted, chosen, ids = work.rental.rent(targets(4))
    assert (wanted.zone, wanted.market, wanted.instance_type, ids) == ("us-west-2c", "spot", "g4dn.xlarge", ["i-1"])
    assert chosen.cidrs == ("192.0.2.7/32",)
    assert [attempt.as_result()["outcome"] for attempt in work.rental.attempts] == ["capacity", "capacity", "bought"]
    assert work.clock.pauses == [], "what is full is not waited for"
    assert [line for line in work.said if line.startswith("attempt")] == [
        f"attempt {number} of at most 4: g4dn.xlarge spot us-west-2{zone}, $0.5410/h each"
        for number, zone in enumerate("abc", 1)
    ]


@pytest.mark.parametrize(("attempts", "most"), [(1, 1), (3, 3), (20, 6)], ids=["one", "some", "more than there are"])
def test_attempts_are_limited(search: Callable[..., Search], attempts: int, most: int) -> None:
    work = search(FULL, attempts=attempts)
    with pytest.raises(GpuError) as ended:
        work.rental.rent(targets(6))
    assert len(work.ec2.sent("run_instances")) == most
    why = (
        f"{attempts} attempts were made in each market: raise gpu_max_attempts"
        if attempts < 6
        else "no other offer is left"
    )
    assert f"No machine could be rented, {why}. Tried {most}: " in str(ended.value)
    assert str(ended.value).count("InsufficientInstanceCapacity: No capacity.") == most
    assert ended.value.code == "InsufficientInstanceCapacity"
    assert ended.value.next_step


@pytest.mark.parametrize(
    ("seconds", "lease_hours", "ends", "asked"),
    [(0, 8, 0, 1), (100, 8, 100, 2), (101, 8, 101, 3), (900, 0.025, 90, 2)],
    ids=["no time", "two", "three", "the lease is shorter"],
)
def test_time_is_limited_and_one_attempt_is_always_made(
    search: Callable[..., Search], seconds: float, lease_hours: float, ends: float, asked: int
) -> None:
    work = search(None, seconds=seconds)
    work.rental.spec = replace(work.rental.spec, lease_hours=lease_hours)

    def refuse(**_params: Any) -> None:
        work.clock.pause(50)
        raise FULL

    work.ec2._answers["run_instances"] = refuse
    with pytest.raises(GpuError, match=rf"{ends:g} s have passed: raise gpu_search_seconds"):
        work.rental.rent(targets(6))
    assert len(work.ec2.sent("run_instances")) == asked


def test_what_is_throttled_is_repeated_with_growing_pauses(search: Callable[..., Search]) -> None:
    work = search([THROTTLED, THROTTLED, SOLD])
    _wanted, _choice, ids = work.rental.rent(targets(2))
    assert (ids, work.clock.pauses) == (["i-1"], list(PAUSES_SECONDS[:2]))
    tokens = {params["ClientToken"] for params in work.ec2.sent("run_instances")}
    assert len(tokens) == 1, "the same purchase each time"
    assert len(work.rental.attempts) == 1


def test_what_stays_throttled_ends_the_launch_and_is_no_reason_to_ask_elsewhere(search: Callable[..., Search]) -> None:
    work = search(THROTTLED)
    with pytest.raises(GpuError) as ended:
        work.rental.rent(targets(2))
    assert ended.value.code == "RequestLimitExceeded"
    assert work.clock.pauses == list(PAUSES_SECONDS)
    assert len({params["ClientToken"] for params in work.ec2.sent("run_instances")}) == 1
    assert [attempt.as_result()["outcome"] for attempt in work.rental.attempts] == ["throttle"]


def test_a_refusal_names_the_missing_permission(search: Callable[..., Search]) -> None:
    words = "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: ec2:RunInstances on resource: *"
    work = search(aws_error("UnauthorizedOperation", words))
    with pytest.raises(GpuError) as ended:
        work.rental.rent(targets(3))
    assert ended.value.details["missing_action"] == "ec2:RunInstances"
    assert "Ask your administrator to allow ec2:RunInstances" in ended.value.next_step
    assert len(work.ec2.sent("run_instances")) == 1


def test_numbers_never_repeat_and_what_was_made_is_not_made_again(search: Callable[..., Search]) -> None:
    work = search([FULL, THROTTLED, FULL, SOLD])
    work.rental.rent(targets(4))
    assert work.traces == [
        [str(number), "1", "g4dn.xlarge", "spot", f"us-west-2{zone}"]
        for number, zone in zip((5, 6, 7, 8), "abbc", strict=True)
    ]
    for method in ("create_security_group", "authorize_security_group_ingress", "import_key_pair"):
        assert work.ec2.methods.count(method) == 1, method


def test_each_region_remembers_what_was_made_in_it(search: Callable[..., Search]) -> None:
    work = search([FULL, FULL, SOLD])
    work.rental.rent([*targets(1), *targets(1, "eu-west-1"), *targets(2)[1:]])
    made = {"security-group": ["sg-1"], "key-pair": ["gpgpu-eight-schools"]}
    assert {region: state.resources for region, state in work.rental.states.items()} == {
        "us-west-2": made,
        "eu-west-1": made,
    }
    assert work.ec2.methods.count("create_security_group") == 2


def test_what_the_run_has_is_kept_and_its_rules_are_set_once(search: Callable[..., Search]) -> None:
    group = {"GroupId": "sg-9", "IpPermissions": []}
    there = RunState({"security-group": ["sg-9"], "volume": ["vol-1"]}, [], [group])
    work = search([FULL, SOLD], states={"us-west-2": there})
    work.rental.rent(targets(2))
    assert work.rental.states["us-west-2"].resources == {
        "security-group": ["sg-9"],
        "volume": ["vol-1"],
        "key-pair": ["gpgpu-eight-schools"],
    }
    assert [params["GroupId"] for params in work.ec2.sent("authorize_security_group_ingress")] == ["sg-9"]


@pytest.mark.parametrize(
    "there", [{}, {"us-west-2": RunState({"security-group": ["sg-1"]}, [], [{"GroupId": "sg-1"}])}]
)
def test_a_rule_that_failed_is_set_before_anything_is_bought(
    search: Callable[..., Search], there: dict[str, RunState]
) -> None:
    """Else a machine would be bought that nobody can log in to."""
    work = search(SOLD, states=there)
    work.ec2._answers["authorize_security_group_ingress"] = [LOST, LOST, {"SecurityGroupRules": []}]
    work.rental.rent(targets(1))
    assert work.ec2.methods.index("run_instances") > max(
        number for number, method in enumerate(work.ec2.methods) if method.startswith("authorize")
    )
    assert work.ec2.methods.count("authorize_security_group_ingress") == 3
    assert work.ec2.methods.count("run_instances") == 1


def test_machines_of_a_lost_answer_are_taken(search: Callable[..., Search]) -> None:
    found = {"Reservations": [{"Instances": [instance(3, "pending")]}]}
    work = search(aws_error("InternalError", "An internal error has occurred."), describe_instances=found)
    _wanted, _choice, ids = work.rental.rent(targets(3))
    assert (ids, len(work.ec2.sent("run_instances"))) == (["i-3"], 1)
    assert [attempt.refusal for attempt in work.rental.attempts] == [None]


def test_machines_of_a_lost_answer_end_the_wait_for_a_block(search: Callable[..., Search]) -> None:
    work = search(LOST, describe_instances={"Reservations": [{"Instances": [instance(1, "pending")]}]})
    work.rental.block_id = "cr-1"
    work.rental.rent(targets(1))
    assert work.rental.waits_for == ""
    assert str(work.rental.done[-1]).startswith("launch 1 x g4dn.xlarge")


def test_a_rule_whose_answer_was_lost_is_set_though_an_earlier_purchase_shows(search: Callable[..., Search]) -> None:
    """Else the machines of a launch that died would be taken over with their door shut."""
    work = search(
        aws_error("IdempotentParameterMismatch"),
        describe_instances={"Reservations": [{"Instances": [instance(1)]}]},
        authorize_security_group_ingress=[LOST, {"SecurityGroupRules": []}],
    )
    _wanted, _choice, ids = work.rental.rent(targets(1))
    assert (ids, work.ec2.methods.count("authorize_security_group_ingress")) == (["i-1"], 2)


def test_a_key_of_another_controller_is_refused_in_every_region(search: Callable[..., Search]) -> None:
    """Else a machine would be bought that nobody here can log in to."""
    there = RunState({"security-group": ["sg-9"], "key-pair": ["key-9"]})
    work = search([FULL, SOLD], states={"eu-west-1": there})
    with pytest.raises(GpuError, match="was started elsewhere"):
        work.rental.rent([*targets(1), *targets(1, "eu-west-1")])
    assert len(work.ec2.sent("run_instances")) == 1


def test_nothing_is_bought_again_for_a_machine_that_the_run_had_before(search: Callable[..., Search]) -> None:
    """Another purchase would not bring it back, and would end in the same way, again and again."""
    work = search([SOLD, SOLD])
    wanted, _choice, ids = work.rental.rent(targets(2))
    failed = {"Code": "Server.InternalError", "Message": "Server.InternalError: Internal error on launch"}
    ended = MachinesEndedError([instance(9, "terminated", StateReason=failed)], "i-9 is terminated", "")
    with pytest.raises(MachinesEndedError):
        work.rental.give_up(wanted, ids, ended)
    assert work.ec2.sent("terminate_instances") == []


@pytest.mark.parametrize("changes", [{"image": None}, {"rate": None}], ids=["no image", "no price"])
def test_an_offer_that_lacks_something_is_never_asked_for(
    search: Callable[..., Search], changes: dict[str, Any]
) -> None:
    work = search(SOLD)
    with pytest.raises(GpuError, match="has no image or no price"):
        work.rental.rent([Target(offer(**changes), "us-west-2a")])
    assert work.ec2.calls == []


@pytest.mark.parametrize(
    ("wanted", "image_gib", "root_gib"), [(0, 75, 100), (0, 130, 130), (200, 75, 200), (80, 75, 80)]
)
def test_the_root_disk_is_what_was_asked_for_or_has_room(
    search: Callable[..., Search], wanted: int, image_gib: int, root_gib: int
) -> None:
    work = search(SOLD)
    work.rental.spec = replace(work.rental.spec, root_volume_gib=wanted)
    one = offer()
    assert one.image is not None
    target = Target(replace(one, image=replace(one.image, root_gib=image_gib)), "")
    assert work.rental.plan(target)[1].root_gib == root_gib


def test_an_attempt_is_a_spec_of_its_own() -> None:
    (target,) = targets(1, "eu-west-1")
    asked = concrete(spec(), target)
    assert (asked.region, asked.zone, asked.market, asked.instance_type) == (
        "eu-west-1",
        "eu-west-1a",
        "spot",
        "g4dn.xlarge",
    )
