# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists outside EC2: schedules, parameters, roles. Services that nobody called are empty."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from sandbox.services.marketplace_book import BOOK

Rows = list[dict[str, Any]]


def regional(account: str, region: str) -> dict[str, Rows]:
    """Return schedules and own parameters of a region."""
    scheduler, ssm = _backend("scheduler", account, region), _backend("ssm", account, region)
    return {
        "schedules": [
            {"id": schedule.name, "group": group.name, "state": schedule.state, "when": schedule.schedule_expression}
            for group in (scheduler.schedule_groups.values() if scheduler else ())
            for schedule in group.schedules.values()
        ],
        "parameters": [
            {"id": name} for name in (dict.keys(ssm._parameters) if ssm else ()) if not name.startswith("/aws/")
        ],
    }


def everywhere(account: str) -> dict[str, Rows]:
    """Return roles, instance profiles and Marketplace agreements, which belong to no region."""
    iam = _backend("iam", account, "aws")
    return {
        "roles": [{"id": role.name, "path": role.path} for role in (iam.roles.values() if iam else ())],
        "instance_profiles": [{"id": row.name} for row in (iam.instance_profiles.values() if iam else ())],
        "agreements": BOOK.rows(),
    }


def _backend(service: str, account: str, region: str) -> Any:
    """Return a service's backend where something has called it already, else None."""
    module = sys.modules.get(f"moto.{service}.models")
    if module is None:
        return None
    backends: Mapping[str, Any] = getattr(module, f"{service}_backends")[account]
    return backends.get(region)
