# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients are made once; independent reads run side by side and keep their order."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import NoReturn

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel


def fail(error: Exception) -> NoReturn:
    raise error


@pytest.fixture
def clients() -> Clients:
    return Clients(lambda service, region: [service, region], "eu-west-1")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("ec2", ["ec2", "eu-west-1"]),
        ("ssm", ["ssm", "eu-west-1"]),
        ("quotas", ["service-quotas", "eu-west-1"]),
        # The Price List API answers in three regions only, for all of them.
        ("pricing", ["pricing", "us-east-1"]),
    ],
)
def test_a_client_is_made_for_its_region_and_once(clients: Clients, name: str, made: list[str]) -> None:
    assert getattr(clients, name) == made
    assert getattr(clients, name) is getattr(clients, name)


def test_another_region_has_another_client(clients: Clients) -> None:
    assert clients.client("ec2", "us-east-2") == ["ec2", "us-east-2"]
    assert clients.ec2 == ["ec2", "eu-west-1"]


def test_regions_share_what_serves_all_of_them() -> None:
    west = Clients(lambda service, region: [service, region], "us-west-2")
    east = Clients(lambda service, region: [service, region], "us-east-2", west)
    assert east.pricing is west.pricing
    assert (west.ec2, east.ec2) == (["ec2", "us-west-2"], ["ec2", "us-east-2"])


def test_reads_at_the_same_time_share_one_client() -> None:
    made: list[str] = []
    both = Barrier(2)

    def make(service: str, _region: str) -> list[str]:
        made.append(service)
        with suppress(BrokenBarrierError):
            both.wait(timeout=0.2)  # Only a second maker would come here too.
        return made

    clients = Clients(make, "eu-west-1")
    in_parallel([lambda: clients.ec2, lambda: clients.ec2])
    assert made == ["ec2"]


def test_reads_run_at_the_same_time_and_keep_their_order() -> None:
    both = Barrier(2, timeout=10)
    assert in_parallel([lambda: (both.wait(), "first")[1], lambda: (both.wait(), "second")[1]]) == ["first", "second"]


def test_no_region_waits_for_another() -> None:
    regions = 40
    all_of_them = Barrier(regions, timeout=10)
    assert len(in_parallel([all_of_them.wait] * regions)) == regions


def test_nothing_to_read_is_nothing_read() -> None:
    assert in_parallel([]) == []


def test_the_first_failure_is_raised_after_all_reads_ended() -> None:
    ended: list[str] = []
    calls = [lambda: fail(ValueError("one")), lambda: fail(KeyError("two")), lambda: ended.append("three")]
    with pytest.raises(ValueError, match="one"):
        in_parallel(calls)
    assert ended == ["three"]
