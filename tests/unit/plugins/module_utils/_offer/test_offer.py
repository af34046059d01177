# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Offers: what stands against each, and which comes first."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer, make_offer, rank
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.quota import Quota

from tests.unit.fakes.rows import machine

ROOMY = Quota("L-DB2E81BA", "Running On-Demand G and VT instances", 64, 0)
FULL = Quota("L-DB2E81BA", "Running On-Demand G and VT instances", 64, 62)
UNKNOWN = Quota("L-DB2E81BA", "Running On-Demand G and VT instances", None, 0)


def offer(**changes: Any) -> Offer:
    """An offer that can be had, with what a test changes."""
    kind = changes.pop("kind", machine())
    wanted = {"zone": "us-west-2a", "region": "us-west-2", "market": "on-demand", "price": 0.526, "quota": ROOMY}
    return make_offer(kind, extras=0.0159589, **{**wanted, **changes})


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        pytest.param({}, (), id="fine"),
        pytest.param(
            {"kind": machine(markets=("on-demand",)), "market": "spot"},
            ("g4dn.xlarge is not sold as spot.",),
            id="market",
        ),
        pytest.param(
            {"price": None}, ("No on-demand price could be read for g4dn.xlarge in us-west-2a.",), id="no price"
        ),
        pytest.param(
            {"quota": FULL},
            (
                "Quota L-DB2E81BA (Running On-Demand G and VT instances) has room for 2 vCPU and one machine needs 4: "
                "ask for more at https://console.aws.amazon.com/servicequotas.",
            ),
            id="quota",
        ),
        pytest.param({"quota": UNKNOWN}, (), id="an unknown quota is no problem"),
        pytest.param({"quota": Quota("c", "n", 4, 0)}, (), id="room for exactly one"),
    ],
)
def test_problems(changes: dict[str, Any], problems: tuple[str, ...]) -> None:
    assert offer(**changes).problems == problems


def test_all_problems_are_told_at_once() -> None:
    assert len(offer(kind=machine(markets=()), price=None, quota=FULL).problems) == 3


@pytest.mark.parametrize(("price", "bill", "lease"), [(0.526, 0.541959, 4.3357), (None, None, None)])
def test_the_bill_holds_disk_and_address(price: float | None, bill: float | None, lease: float | None) -> None:
    result = offer(price=price).as_result(8)
    assert (result["usd_per_hour"], result["bill_usd_per_hour"], result["usd_for_lease"]) == (price, bill, lease)
    assert (result["vcpu_room"], result["quota_code"], result["gpu_count"]) == (64, "L-DB2E81BA", 1)


def test_the_cheapest_that_can_be_had_comes_first() -> None:
    offers = [
        offer(zone="b", price=None),
        offer(zone="a", price=0.1, quota=FULL),
        offer(zone="d", price=0.5),
        offer(zone="c", price=0.5),
        offer(zone="e", price=0.2),
    ]
    assert [one.zone for one in rank(offers)] == ["e", "c", "d", "a", "b"]
    assert rank(offers[::-1]) == rank(offers)
