# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS is asked before a launch makes anything: every missing permission and unaccepted terms, all at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._image.terms import Terms
from ansible_collections.gpgpu.aws.plugins.module_utils._run import preflight
from ansible_collections.gpgpu.aws.plugins.module_utils._run.place import CreatePlacementGroup
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import (
    AcceptTerms,
    Action,
    AllowSsh,
    BuyMachines,
    CreateSecurityGroup,
    ImportKey,
    NoteTrace,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.preflight import check_launch
from botocore.exceptions import ClientError

from tests.unit.fakes.aws import FakeClient, aws_error, clients_of
from tests.unit.fakes.rows import RUN_ID, choice, machine, spec

PERMITTED = aws_error("DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
OPT_IN = aws_error("OptInRequired", "In order to use this AWS Marketplace product you need to accept terms.")
GROUP = CreateSecurityGroup(f"gpgpu-{RUN_ID}", "vpc-7")
KEY = ImportKey(f"gpgpu-{RUN_ID}")
BUY = BuyMachines(2, 1, "g4dn.xlarge", "on-demand", 0.541)
ALL: list[Action] = [GROUP, AllowSsh(("192.0.2.7/32",), 22), KEY, BUY]


def denied(action: str) -> ClientError:
    """AWS's refusal, in plain words."""
    return aws_error("UnauthorizedOperation", f"User: ada is not authorized to perform: {action}")


class Counter:
    """AWS before a launch.

    Parameters:
        ec2: refuses or permits each dry run.
    """

    def __init__(self, **changes: Any) -> None:
        calls = ("create_placement_group", "create_security_group", "import_key_pair", "run_instances")
        self.ec2 = FakeClient(**{**dict.fromkeys(calls, PERMITTED), **changes})

    def check(self, *actions: Action, consent: bool = False, **wanted: Any) -> list[Action]:
        """What is to be done first."""
        clients = clients_of(ec2=self.ec2, sts=FakeClient("sts"))
        return check_launch(clients, spec(**wanted), choice(), actions, consent=consent)


ASKED: dict[str, tuple[list[Action], dict[str, Any], list[str]]] = {
    "a whole launch": (ALL, {}, ["create_security_group", "import_key_pair", "run_instances"]),
    "a group that exists": ([NoteTrace("x"), BUY], {}, ["run_instances"]),
    "a placement group that is to be made": (
        [CreatePlacementGroup(f"gpgpu-{RUN_ID}", "cluster"), *ALL],
        {"placement_strategy": "cluster"},
        ["create_placement_group", "create_security_group", "import_key_pair", "run_instances"],
    ),
    "a placement group that exists": ([BUY], {"placement_group": "mine"}, ["run_instances"]),
    "nothing": ([], {}, []),
}


@pytest.mark.parametrize(("actions", "wanted", "calls"), ASKED.values(), ids=ASKED.keys())
def test_which_calls_are_tried(actions: list[Action], wanted: dict[str, Any], calls: list[str]) -> None:
    counter = Counter()
    assert counter.check(*actions, **wanted) == []
    assert sorted(counter.ec2.methods) == calls
    assert all(params["DryRun"] is True for _method, params in counter.ec2.calls)


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ({}, {"ImageId", "InstanceType", "MinCount", "MaxCount", "TagSpecifications", "BlockDeviceMappings"}),
        ({"subnet_id": "subnet-1"}, {"NetworkInterfaces"}),
        ({"zone": "us-west-2a", "market": "spot"}, {"Placement", "InstanceMarketOptions"}),
        ({"instance_profile": "reader"}, {"IamInstanceProfile"}),
    ],
)
def test_a_purchase_is_tried_as_it_will_be_made(wanted: dict[str, Any], named: set[str]) -> None:
    counter = Counter()
    counter.check(BUY, **wanted)
    (request,) = counter.ec2.sent("run_instances")
    assert named <= set(request)
    assert request["MinCount"] == 2


@pytest.mark.parametrize(
    "wanted", [{}, {"subnet_id": "subnet-1"}, {"efa": True}, {"placement_strategy": "cluster", "zone": "us-west-2a"}]
)
def test_what_does_not_exist_yet_is_not_named(wanted: dict[str, Any]) -> None:
    counter = Counter()
    fabric = replace(choice(), machine=machine(name="p4d.24xlarge", gpu_count=8))
    check_launch(clients_of(ec2=counter.ec2), spec(**wanted), fabric, ALL, consent=False)
    (request,) = counter.ec2.sent("run_instances")
    assert not {"KeyName", "SecurityGroupIds", "ClientToken"} & set(request)
    assert "GroupName" not in request.get("Placement", {})
    assert [one["Groups"] for one in request.get("NetworkInterfaces", [])] == [[]] * len(
        request.get("NetworkInterfaces", [])
    )
    assert "PRIVATE KEY" not in str(counter.ec2.calls)


def test_a_key_pair_that_exists_is_named() -> None:
    counter = Counter()
    counter.check(BUY, key_name="mine")
    assert counter.ec2.sent("run_instances")[0]["KeyName"] == "mine"


def test_every_missing_permission_is_told_at_once() -> None:
    actions = ("ec2:CreateSecurityGroup", "ec2:ImportKeyPair", "ec2:RunInstances")
    calls = ("create_security_group", "import_key_pair", "run_instances")
    counter = Counter(**{call: denied(action) for call, action in zip(calls, actions, strict=True)})
    with pytest.raises(GpuError) as refused:
        counter.check(*ALL)
    assert refused.value.code == "UnauthorizedOperation"
    problems = refused.value.details["problems"]
    assert [action for action, problem in zip(actions, problems, strict=True) if action in problem] == list(actions)
    assert [action for action in actions if action not in str(refused.value)] == []
    assert str(refused.value).endswith("Nothing was created.")


@pytest.mark.parametrize("code", ["InsufficientInstanceCapacity", "VcpuLimitExceeded", "InvalidGroup.NotFound"])
def test_what_a_dry_run_can_not_know_is_no_problem(code: str) -> None:
    assert Counter(run_instances=aws_error(code)).check(BUY) == []


TERMS = Terms("prod-1", "code-1", "https://aws.amazon.com/marketplace/pp/prod-1")
FREE = replace(TERMS, agreed=False, offer_id="offer-1", proposal_id="p-1", term_ids=("t-1",), pricing_model="FREE")


@pytest.mark.parametrize(
    ("terms", "consent", "first"),
    [
        pytest.param(None, False, [], id="an image without terms"),
        pytest.param(replace(FREE, agreed=True), False, [], id="accepted"),
        pytest.param(replace(TERMS, agreed=None), False, [], id="not readable, and EC2 permits"),
        pytest.param(FREE, True, [AcceptTerms(FREE)], id="free, with consent"),
    ],
)
def test_terms_that_let_a_launch_go_on(
    monkeypatch: pytest.MonkeyPatch, terms: Terms | None, consent: bool, first: list[Action]
) -> None:
    monkeypatch.setattr(preflight, "terms_of", lambda _clients, _image: terms)
    assert Counter().check(*ALL, consent=consent) == first


@pytest.mark.parametrize(
    ("terms", "consent", "code"),
    [
        pytest.param(None, False, "OptInRequired", id="AWS alone knows of terms"),
        pytest.param(replace(TERMS, agreed=None), True, "OptInRequired", id="not readable, and EC2 refuses"),
        pytest.param(replace(FREE, agreed=True), True, "OptInRequired", id="accepted, and EC2 does not know yet"),
        pytest.param(FREE, False, "terms_not_accepted", id="free, without consent"),
        pytest.param(replace(FREE, offer_id=""), False, "terms_not_accepted", id="of unknown price"),
    ],
)
def test_terms_that_end_a_launch(
    monkeypatch: pytest.MonkeyPatch, terms: Terms | None, consent: bool, code: str
) -> None:
    monkeypatch.setattr(preflight, "terms_of", lambda _clients, _image: terms)
    with pytest.raises(GpuError) as refused:
        Counter(run_instances=OPT_IN).check(*ALL, consent=consent)
    assert (refused.value.code, len(refused.value.details["problems"])) == (code, 1)
