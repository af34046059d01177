# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lease ends at an instant, which a tag remembers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._lease.deadline import as_text, from_text, lease_end

NOW = datetime(2026, 11, 23, 12, 0, 0, 654321, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (8, "2026-11-23T20:00:00Z"),
        (0.5, "2026-11-23T12:30:00Z"),
        (0.001, "2026-11-23T12:00:04Z"),
        (744, "2026-12-24T12:00:00Z"),
    ],
)
def test_a_lease_ends_on_a_full_second(hours: float, text: str) -> None:
    end = lease_end(NOW, hours)
    assert as_text(end) == text
    assert from_text(text) == end


def test_the_text_is_utc_whatever_the_zone() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert as_text(datetime(2026, 11, 23, 21, 0, 0, tzinfo=tokyo)) == "2026-11-23T12:00:00Z"


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-11-23", "2026-11-23T12:00:00+09:00", "2026-13-23T12:00:00Z"])
def test_a_tag_that_is_not_ours_has_no_instant(text: str) -> None:
    assert from_text(text) is None
