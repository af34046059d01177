# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buy the capacity block of a run: once, for its whole fee is due at once and nobody gives it back.

The purchase has no client token, so the tag of the run on the block is what tells a second attempt of the first.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PurchaseCapacityBlock.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import place as api
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import (
    AwsCallError,
    GpuError,
    error_code,
    error_text,
    http_status,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock, poll
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.refusal import classify
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.block import begins
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.reservation import ACTIVE, LINUX, Reservation
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec

# How long a block that was bought may stay invisible.
# https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
VISIBLE_SECONDS = 120
# A block that begins within this time is waited for; payment and start of one that begins at once take minutes.
SOON = timedelta(minutes=10)


@dataclass(frozen=True)
class BuyCapacityBlock:
    """Buy a capacity block.

    Parameters:
        starts, ends: instants as an offer writes them.
        usd: its whole fee, of all machines together.
        later: whether it begins too late to be waited for, so that a later launch rents the machines.
    """

    offering_id: str
    count: int
    instance_type: str
    zone: str
    starts: str
    ends: str
    usd: float
    later: bool

    def __str__(self) -> str:
        hours = f"for {(begins(self.ends) - begins(self.starts)).total_seconds() / 3600:g} h " if self.ends else ""
        return (
            f"buy capacity block {self.offering_id}: {self.count} x {self.instance_type} in {self.zone} {hours}"
            f"from {self.starts}, ${self.usd:,.2f} at once and for good"
        )


def block_to_buy(offer: Offer, count: int, now: datetime) -> BuyCapacityBlock | None:
    """The purchase that an offer needs first; None for one that needs none."""
    if not offer.block_id or offer.reservation_id:
        return None
    later = begins(offer.starts) > now + SOON
    what = (offer.machine.name, offer.zone, offer.starts, offer.ends)
    return BuyCapacityBlock(offer.block_id, count, *what, offer.upfront_usd, later)


def block_request(offering_id: str, labels: dict[str, str]) -> dict[str, Any]:
    """PurchaseCapacityBlock; its tags go on the capacity reservation behind the block.

    https://github.com/hashicorp/terraform-provider-aws/pull/37528
    """
    return {
        "CapacityBlockOfferingId": offering_id,
        "InstancePlatform": LINUX,
        "TagSpecifications": [tags.specification("capacity-reservation", labels)],
    }


def blocks_of(clients: Clients, run_id: str) -> list[Reservation]:
    """The capacity blocks that carry a run's tag and are not over, the first to begin first."""
    rows = [
        Reservation.from_row(row, clients.region) for row in api.find_reservations(clients.ec2, tags.by_run(run_id))
    ]
    return in_order(held for held in rows if held.block and not held.over)


def in_order(blocks: Iterable[Reservation]) -> list[Reservation]:
    """Blocks, the first to begin first."""
    return sorted(blocks, key=lambda held: (held.starts.timestamp() if held.starts else 0.0, held.id))


def buy_block(
    clients: Clients, spec: LaunchSpec, action: BuyCapacityBlock, labels: dict[str, str], clock: Clock
) -> Reservation:
    """Buy a block for a run that has none yet.

    Parameters:
        labels: tags of the run.

    Returns:
        the reservation behind it, or behind the block that the run has already.

    Raises:
        AwsCallError: AWS refused for certain.
        GpuError: its answer was lost, and AWS shows no block of the run.
    """
    held = blocks_of(clients, spec.run_id)
    if held:
        return held[0]
    try:
        row = api.purchase_block(clients.buyer, **block_request(action.offering_id, labels))
    except AwsCallError as error:
        if classify(error_code(error), error_text(error), http_status(error)).kind != "unknown_outcome":
            raise
        found, held = poll(lambda: blocks_of(clients, spec.run_id), bool, VISIBLE_SECONDS, clock)
        if found:
            return held[0]
        raise GpuError(
            f"AWS's answer to the purchase of capacity block {action.offering_id} was lost, and no block of run "
            f"{spec.run_id} is there after {VISIBLE_SECONDS} s",
            "Look into the bill or at https://console.aws.amazon.com/ec2/home#CapacityReservations, then launch again: "
            "a block of the run is found by its tag and not bought twice.",
            "purchase_unknown",
        ) from error
    return Reservation.from_row(row, clients.region)


def with_block(error: GpuError, block_id: str) -> GpuError:
    """The error of machines that could not be had in a block that is paid.

    Parameters:
        block_id: the reservation behind it; empty where none was bought.
    """
    if block_id:
        error.next_step = (
            f"{error.next_step} Capacity block {block_id} is paid and waits: "
            f"launch again with gpu_capacity_reservation_id={block_id}."
        ).strip()
    return error


def await_block(clients: Clients, reservation_id: str, clock: Clock) -> bool:
    """Wait until a block that begins soon holds its machines.

    Returns:
        whether it does; a payment may take longer.

    Raises:
        GpuError: it never will, for example because the payment failed.
    """

    def read() -> Reservation | None:
        rows = api.describe_reservations(clients.ec2, [reservation_id])
        return Reservation.from_row(rows[0], clients.region) if rows else None

    def done(held: Reservation | None) -> bool:
        if held and held.over:
            raise GpuError(
                f"{held} is {held.state}",
                "Look at https://console.aws.amazon.com/ec2/home#CapacityReservations, then launch again.",
                "block_over",
            )
        return held is not None and held.state == ACTIVE

    found, _held = poll(read, done, SOON.total_seconds(), clock)
    return found
