# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's own guess whether a spot request would succeed, asked once for all regions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.assemble import Facts
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.offer import Offer
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.region import Region
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import Requirement

# Fewer types always score low, which says nothing; more regions than this can't be named in a call.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetSpotPlacementScores.html
LEAST_TYPES = 3
MOST_REGIONS = 10

# (region, zone id) -> score. AWS answers the ten best zones only.
Scores = Mapping[tuple[str, str], int]


def placement_scores(region: Region, offers: Sequence[Offer], requirement: Requirement) -> Scores:
    """The scores of the zones for all possible spot types together; empty when they mean nothing or can't be read.

    Parameters:
        region: where to ask, and where a failure is noted.
    """
    spot = [offer for offer in offers if offer.market == "spot" and not offer.problems]
    types = sorted({offer.machine.name for offer in spot})
    if len(types) < LEAST_TYPES:
        return {}
    regions = sorted({offer.region for offer in spot})
    named = {"RegionNames": regions} if len(regions) <= MOST_REGIONS else {}
    rows = region.told(
        "placement scores",
        [],
        lambda: ec2.spot_placement_scores(
            region.clients.ec2,
            InstanceTypes=types,
            TargetCapacity=requirement.count,
            TargetCapacityUnitType="units",
            SingleAvailabilityZone=True,
            **named,
        ),
    )
    return {(row["Region"], str(row.get("AvailabilityZoneId", ""))): int(row["Score"]) for row in rows}


def with_scores(offers: Iterable[Offer], scores: Scores, facts: Iterable[Facts]) -> list[Offer]:
    """Spot offers with the score of their zone, which AWS names by its id."""
    ids = {zone: ground.zone_id for one in facts for zone, ground in (one.grounds or {}).items()}
    return [
        replace(offer, placement_score=scores.get((offer.region, ids.get(offer.zone, "-"))))
        if offer.market == "spot"
        else offer
        for offer in offers
    ]
