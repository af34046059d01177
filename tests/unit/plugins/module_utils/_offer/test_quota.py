# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bucket of vCPUs a type counts against, and how much room is left in it."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.quota import Quota, bucket_of, quota_of, quota_problems

G, G_SPOT, P, P_SPOT, P5_SPOT = "L-DB2E81BA", "L-3819A6DF", "L-417A185B", "L-7212CCBC", "L-C4BD4855"


@pytest.mark.parametrize(
    ("name", "on_demand", "spot"),
    [
        ("g4dn.xlarge", G, G_SPOT),
        ("g5g.xlarge", G, G_SPOT),
        ("g6f.large", G, G_SPOT),
        ("gr6.4xlarge", G, G_SPOT),
        ("gr6f.4xlarge", G, G_SPOT),
        ("vt1.3xlarge", G, G_SPOT),
        ("p2.xlarge", P, P_SPOT),
        ("p3dn.24xlarge", P, P_SPOT),
        ("p4d.24xlarge", P, P_SPOT),
        ("p5.48xlarge", P, P5_SPOT),
        ("p5en.48xlarge", P, P5_SPOT),
        # AWS documents no spot quota for P6.
        ("p6-b200.48xlarge", P, ""),
        ("t3.micro", "", ""),
        ("m5.large", "", ""),
        ("inf2.xlarge", "", ""),
    ],
)
def test_bucket(name: str, on_demand: str, spot: str) -> None:
    assert (bucket_of(name, "on-demand")[0], bucket_of(name, "spot")[0]) == (on_demand, spot)


def limits(**values: float) -> list[dict[str, object]]:
    """Rows of ListServiceQuotas."""
    return [{"QuotaCode": code.replace("_", "-"), "Value": value} for code, value in values.items()]


@pytest.mark.parametrize(
    ("running", "limit", "used", "room"),
    [
        pytest.param([], 64.0, 0, 64.0, id="empty"),
        pytest.param([("g5.xlarge", "on-demand", 4), ("g4dn.xlarge", "on-demand", 4)], 64.0, 8, 56.0, id="shared"),
        pytest.param([("g5.xlarge", "spot", 4), ("p5.48xlarge", "on-demand", 192)], 64.0, 0, 64.0, id="others"),
        pytest.param([("g5.48xlarge", "on-demand", 192)], 64.0, 192, 0.0, id="lowered since"),
    ],
)
def test_room(running: list[tuple[str, str, int]], limit: float, used: int, room: float) -> None:
    quota = quota_of("g6.xlarge", "on-demand", limits(L_DB2E81BA=limit, L_3819A6DF=7), running)
    assert quota == Quota(G, "Running On-Demand G and VT instances", limit, used)
    assert quota.room == room


@pytest.mark.parametrize(
    ("name", "rows"), [("g6.xlarge", limits(L_417A185B=8)), ("g6.xlarge", []), ("t3.micro", limits(L_DB2E81BA=8))]
)
def test_a_limit_that_could_not_be_read_has_unknown_room(name: str, rows: list[dict[str, object]]) -> None:
    assert quota_of(name, "on-demand", rows, [("g5.xlarge", "on-demand", 4)]).room is None


P6_SPOT = {"QuotaCode": "L-NEW6", "QuotaName": "All P6 Spot Instance Requests", "Value": 192.0}
P5_SPOT_ROW = {"QuotaCode": "L-NEW5", "QuotaName": "All P5 Spot Instance Requests", "Value": 8.0}


@pytest.mark.parametrize(
    ("kind", "market", "code", "room"),
    [
        ("p6-b200.48xlarge", "spot", "L-NEW6", 192.0),
        ("p5en.48xlarge", "spot", "L-NEW5", 8.0),
        ("p4d.24xlarge", "spot", P_SPOT, None),
        ("p6-b200.48xlarge", "on-demand", P, None),
        ("p7.48xlarge", "spot", "", None),
    ],
)
def test_a_new_generation_has_the_spot_quota_of_its_name(kind: str, market: str, code: str, room: float | None) -> None:
    quota = quota_of(kind, market, [P5_SPOT_ROW, P6_SPOT], [("g6.xlarge", "spot", 4)])
    assert (quota.code, quota.room) == (code, room)


def test_what_runs_counts_in_the_quota_found_by_its_name() -> None:
    running = [("p6-b300.48xlarge", "spot", 192), ("p6-b200.48xlarge", "on-demand", 192)]
    assert quota_of("p6-b200.48xlarge", "spot", [P6_SPOT], running).room == 0


def test_what_counts_nowhere_uses_no_quota() -> None:
    assert quota_of("m5.large", "on-demand", [], [("t3.micro", "on-demand", 2)]).used == 0


@pytest.mark.parametrize(
    ("limit", "needed", "found"), [(8.0, 8, False), (8.0, 9, True), (None, 99, False), (0.0, 0, False)]
)
def test_a_quota_without_room_is_a_problem(limit: float | None, needed: int, found: bool) -> None:
    problems = quota_problems(Quota(G, "Running On-Demand G and VT instances", limit, 0), needed, "one machine")
    assert bool(problems) is found
    for sentence in problems:
        assert f"has room for 8 vCPU and one machine needs {needed}: ask for more at https://" in sentence
