# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of the server that need no server: addresses, seams, the environment."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import addresses, environment, seams
from sandbox.addresses import AddressPool
from sandbox.errors import SandboxError
from sandbox.seams import Seam
from sandbox.strict import ec2


@pytest.fixture
def pool() -> Iterator[AddressPool]:
    made = AddressPool()
    yield made
    made.close()


def test_addresses_of_two_sandboxes_never_meet(pool: AddressPool) -> None:
    other = AddressPool()
    mine, theirs = ({each.take().rpartition(".")[0] for _ in range(3)} for each in (pool, other))
    other.close()
    assert len(mine) == len(theirs) == 1
    assert mine != theirs


def test_full_range_is_followed_by_another(pool: AddressPool) -> None:
    taken = [pool.take() for _ in range(len(addresses.HOSTS) + 1)]
    assert len(set(taken)) == len(taken)
    assert len({address.rpartition(".")[0] for address in taken}) == 2
    assert all(address.startswith("127.77.") for address in taken)


def test_address_given_back_is_handed_out_last(pool: AddressPool) -> None:
    first = pool.take()
    pool.give_back(first)
    rest = [pool.take() for _ in addresses.HOSTS]
    assert rest.index(first) == len(rest) - 1


def test_desk_without_free_ranges_is_told_so(pool: AddressPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "RANGES", ())
    with pytest.raises(SandboxError, match="python -m sandbox down"):
        pool.take()


def test_every_seam_is_there() -> None:
    seams.check()


@pytest.mark.parametrize("attribute", ["Instance.gone", "Gone.terminate"])
def test_stale_seam_says_what_is_missing(attribute: str) -> None:
    with pytest.raises(SandboxError, match=f"no moto.ec2.models.instances.{attribute}"):
        seams.original(Seam("moto.ec2.models.instances", attribute, "a test"))


def test_another_moto_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "5.3.0")
    with pytest.raises(SandboxError, match=r"needs moto 5\.2\.5, found 5\.3\.0"):
        seams.check()


@pytest.mark.parametrize(
    ("desk", "expected"),
    [
        ({"HOME": "/h"}, {"HOME": "/h"}),
        ({"AWS_PROFILE": "real", "AWS_SESSION_TOKEN": "t"}, {"AWS_PROFILE": None, "AWS_SESSION_TOKEN": None}),
        ({"AWS_REGION": "eu-west-1"}, {"AWS_REGION": "us-west-2"}),
        ({"AWS_ENDPOINT_URL_EC2": "https://ec2.example"}, {"AWS_ENDPOINT_URL_EC2": None}),
        ({"HTTP_PROXY": "http://proxy", "no_proxy": "a.example"}, {"no_proxy": "a.example,127.0.0.1,localhost"}),
    ],
)
def test_environment_leads_to_the_sandbox_only(desk: dict[str, str], expected: dict[str, str | None]) -> None:
    applied = environment.applied(desk, "http://127.0.0.1:1")
    assert {name: applied.get(name) for name in expected} == expected
    assert applied["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"


def test_every_family_of_rules_has_a_row_and_every_row_a_file() -> None:
    folder = Path(ec2.__file__).parent
    rows = [line.split("|") for line in (folder / "README.md").read_text(encoding="utf-8").splitlines()]
    table = [cells for cells in rows if len(cells) > 2 and "---" not in cells[1] and "File" not in cells[1]]
    assert {len(cells) for cells in table} == {7}, "five columns in each row of the one table"
    named = {name for cells in table for name in cells[1].strip().split(", ")}
    assert {family.__name__.rpartition(".")[2] for family in ec2.FAMILIES} <= named
    missing = {name for name in named if not [*folder.glob(f"{name}.py"), *folder.parent.glob(f"{name}.py")]}
    assert not missing
