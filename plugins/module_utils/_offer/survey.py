# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the offers of one region: types, zones, prices, quotas, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import partial
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2, market
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError, explain
from ansible_collections.gpgpu.aws.plugins.module_utils._money.rate import ADDRESS_HOUR, ROOT_FLOOR_GIB, disk_rate
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer, make_offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.price import compute_terms, hourly_price, spot_by_zone
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.quota import quota_of
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.retired import refuse_type


@dataclass
class Survey:
    """The offers of a region.

    Parameters:
        offers: what could be read.
        unread: region, what, and why not, for everything else.
    """

    offers: list[Offer] = field(default_factory=list)
    unread: list[dict[str, str]] = field(default_factory=list)


def survey_region(clients: Clients, names: Sequence[str], markets: Sequence[str]) -> Survey:
    """All offers of the types in one region; a failed read is told and hides nothing else.

    Parameters:
        names: instance types.
        markets: `on-demand`, `spot`.
    """
    survey = Survey()
    machines, zones, prices, spot, limits, running = in_parallel(
        [
            lambda: _machines(clients, names, survey),
            lambda: _zones(clients, names, survey),
            lambda: _prices(clients, names, survey),
            lambda: _spot(clients, names, survey) if "spot" in markets else {},
            lambda: _told(survey, clients.region, "quotas", [], lambda: market.list_quotas(clients.quotas)),
            lambda: _told(survey, clients.region, "usage", [], lambda: _running(clients)),
        ]
    )
    extras = disk_rate(clients.region, ROOT_FLOOR_GIB) + ADDRESS_HOUR
    for machine in machines:
        for zone in zones.get(machine.name, []):
            for sold_as in markets:
                price = prices.get(machine.name) if sold_as == "on-demand" else spot.get((machine.name, zone))
                quota = quota_of(machine.name, sold_as, limits, running)
                offer = make_offer(
                    machine, zone=zone, region=clients.region, market=sold_as, price=price, extras=extras, quota=quota
                )
                survey.offers.append(offer)
    return survey


def _told(survey: Survey, region: str, what: str, default: Any, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except (AnsibleAWSError, GpuError) as error:
        known = explain(error) if isinstance(error, AnsibleAWSError) else error
        survey.unread.append({"region": region, "what": what, "reason": str(known)})
        return default


def _machines(clients: Clients, names: Iterable[str], survey: Survey) -> list[MachineType]:
    """One unknown name fails the whole call of AWS, so the names are then asked one by one."""
    rows = _told(survey, clients.region, "types", None, lambda: ec2.describe_instance_types(clients.ec2, list(names)))
    if rows is None:
        return []
    if rows:
        return [MachineType.from_row(row) for row in rows]
    found: list[MachineType] = []
    for name in names:
        one = _told(survey, clients.region, name, None, partial(ec2.describe_instance_types, clients.ec2, [name]))
        found.extend(MachineType.from_row(row) for row in one or [])
        if one == []:
            refusal = str(refuse_type(name, clients.region))
            survey.unread.append({"region": clients.region, "what": name, "reason": refusal})
    return found


def _zones(clients: Clients, names: Sequence[str], survey: Survey) -> dict[str, list[str]]:
    rows = _told(survey, clients.region, "zones", [], lambda: ec2.describe_zone_offerings(clients.ec2, list(names)))
    zones: dict[str, list[str]] = {}
    for row in rows:
        zones.setdefault(row["InstanceType"], []).append(row["Location"])
    return {name: sorted(found) for name, found in zones.items()}


def _prices(clients: Clients, names: Sequence[str], survey: Survey) -> dict[str, float | None]:
    def read(name: str) -> float | None:
        terms = compute_terms(name, clients.region)
        return hourly_price(market.get_products(clients.pricing, "AmazonEC2", terms))

    calls = [partial(_told, survey, clients.region, f"price of {name}", None, partial(read, name)) for name in names]
    return dict(zip(names, in_parallel(calls), strict=True))


def _spot(clients: Clients, names: Sequence[str], survey: Survey) -> dict[tuple[str, str], float]:
    now = datetime.now(timezone.utc)
    rows = _told(
        survey, clients.region, "spot prices", [], lambda: ec2.describe_spot_prices(clients.ec2, list(names), now)
    )
    return spot_by_zone(rows)


def _running(clients: Clients) -> list[tuple[str, str, int]]:
    """(type, market, vCPU) of the account's machines that count against a quota.

    A machine's vCPUs are its cores times the threads of each.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CpuOptions.html
    """
    states = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    rows = ec2.describe_instances(clients.ec2, Filters=states)
    return [
        (
            row["InstanceType"],
            row.get("InstanceLifecycle") or "on-demand",
            row.get("CpuOptions", {}).get("CoreCount", 0) * row.get("CpuOptions", {}).get("ThreadsPerCore", 0),
        )
        for row in rows
    ]
