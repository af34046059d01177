# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run asked for last, written on its security group and read again."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._run.trace import Trace, last_trace, trace_from_tag

from tests.unit.fakes.rows import NOW, boto_tags

TEXT = "2026-11-23T12:00:00Z 3 2 g5.xlarge spot us-west-2a"


def trace(number: int = 3, zone: str = "us-west-2a", region: str = "us-west-2") -> Trace:
    """A trace of a spot purchase."""
    return Trace(NOW, number, 2, "g5.xlarge", "spot", zone, region)


def group(region: str, text: str) -> tuple[str, dict[str, Any]]:
    """A region and its security group with this tag."""
    return region, {"GroupId": "sg-1", "Tags": boto_tags({"gpgpu:trace": text})}


def test_a_trace_is_one_line_of_words() -> None:
    assert trace().as_tag() == TEXT


@pytest.mark.parametrize("zone", ["us-west-2a", "us-west-2-lax-1a", ""])
def test_what_was_written_is_read(zone: str) -> None:
    written = trace(zone=zone)
    text = written.as_tag()
    assert trace_from_tag(text, "us-west-2") == written
    # The longest value of a tag: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
    assert len(text) <= 256


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a person's own words",
        "2026-11-23T12:00:00Z",
        f"{TEXT} more",
        TEXT.removesuffix(" us-west-2a"),
        TEXT.replace("2026-11-23T12:00:00Z", "yesterday"),
        TEXT.replace(" 3 ", " three "),
        TEXT.replace(" 2 ", " -2 "),
    ],
)
def test_what_is_not_ours_is_no_trace(text: str) -> None:
    assert trace_from_tag(text, "us-west-2") is None


def test_a_trace_says_what_was_asked_for_and_not_when() -> None:
    assert trace(1).target == trace(2).target == ("us-west-2", "g5.xlarge", "spot", "us-west-2a")
    assert trace(zone="").target != trace().target
    assert trace(region="eu-west-1").target != trace().target


@pytest.mark.parametrize(
    ("groups", "newest"),
    [
        pytest.param([], None, id="no group"),
        pytest.param([("us-west-2", {"GroupId": "sg-1"})], None, id="no tag"),
        pytest.param([group("us-west-2", "nothing of ours")], None, id="foreign words"),
        pytest.param([group("us-west-2", TEXT)], ("us-west-2", 3), id="one"),
        pytest.param(
            [
                group("us-west-2", TEXT.replace(" 3 ", " 9 ").replace("2026", "2025")),
                group("eu-west-1", TEXT.replace(" 3 ", " 10 ").replace("2026", "2024")),
                group("us-east-1", TEXT),
            ],
            ("eu-west-1", 10),
            id="by number, whatever the clocks say",
        ),
    ],
)
def test_the_newest_of_all_regions_counts(groups: Any, newest: tuple[str, int] | None) -> None:
    found = last_trace(groups)
    assert (found and (found.region, found.number)) == newest
