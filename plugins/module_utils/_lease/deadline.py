# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lease as an absolute instant. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

FORM = "%Y-%m-%dT%H:%M:%SZ"


def lease_end(now: datetime, hours: float) -> datetime:
    """The end of a lease that starts now, on the full second, UTC."""
    return (now + timedelta(hours=hours)).replace(microsecond=0)


def as_text(instant: datetime) -> str:
    """An instant as it stands in tags and results: 2026-11-23T12:00:00Z."""
    return instant.astimezone(timezone.utc).strftime(FORM)


def from_text(text: str) -> datetime | None:
    """The instant of a tag; None when the tag is missing or not ours."""
    try:
        return datetime.strptime(text, FORM).replace(tzinfo=timezone.utc)
    except ValueError:
        return None
