# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can't work about a run's place is told before anything is made."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._run.placement import machine_problems, place_problems
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import Volume

from tests.unit.fakes.rows import machine, spec

EFA: dict[str, Any] = {"efa": True, "count": 2}
FOUR = ("efa", "efa-only", "efa-only", "efa-only")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"placement_strategy": "spread", "count": 7},
        {"placement_strategy": "partition", "count": 100},
        {**EFA, "placement_strategy": "cluster"},
        {**EFA, "placement_group": "mine"},
        {**EFA, "zone": "us-west-2a"},
        {**EFA, "subnet_id": "subnet-1"},
        {"efa": True},
        {"volumes": (Volume(100),) * 11},
        {"access": "instance-connect-endpoint", "count": 20},
        {"access": "session-manager", "count": 100},
        {"market": "capacity-block", "capacity_reservation_id": "cr-1"},
        {"capacity_reservation_id": "cr-1"},
    ],
)
def test_what_works(changes: dict[str, Any]) -> None:
    assert place_problems(spec(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"placement_strategy": "spread", "count": 8}, "takes 7 machines in a zone, not 8"),
        (EFA, "reach machines of the same zone only"),
        ({**EFA, "placement_strategy": "spread"}, "reach machines of the same zone only"),
        ({"volumes": (Volume(100),) * 12}, "takes 11 further disks, not 12"),
        ({"access": "instance-connect-endpoint", "count": 21}, "the run has 21 machines"),
        ({"market": "capacity-block"}, "set gpu_capacity_reservation_id"),
        ({"market": "spot", "capacity_reservation_id": "cr-1"}, "leave spot out of gpu_markets"),
    ],
)
def test_what_does_not(changes: dict[str, Any], told: str) -> None:
    (problem,) = place_problems(spec(**changes))
    assert told in problem


def test_an_endpoint_leads_to_one_port() -> None:
    assert place_problems(spec(access="instance-connect-endpoint"), 22) == []
    (problem,) = place_problems(spec(access="instance-connect-endpoint"), 2222)
    assert problem.endswith("lead to port 22 only: let SSH listen there, not at 2222.")


@pytest.mark.parametrize(
    ("changes", "fabric", "told"),
    [
        ({}, (), ""),
        ({"efa": True}, (), "g4dn.xlarge takes no elastic fabric adapter"),
        ({"efa": True}, ("efa",), ""),
        ({"efa": True}, FOUR, "no public address to a machine with several interfaces"),
        ({"efa": True}, ("interface", "efa-only"), "no public address to a machine with several interfaces"),
        ({"efa": True, "fixed_address": True}, FOUR, ""),
        ({"efa": True, "public_address": False}, FOUR, ""),
        ({}, FOUR, ""),
    ],
)
def test_what_a_type_takes(changes: dict[str, Any], fabric: tuple[str, ...], told: str) -> None:
    problems = machine_problems(spec(**changes), machine(fabric=fabric))
    assert len(problems) == bool(told)
    assert told in "".join(problems)
