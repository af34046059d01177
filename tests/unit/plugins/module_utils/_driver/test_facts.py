# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of facts agree with themselves and with what else the project says of drivers and GPUs."""

from __future__ import annotations

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.facts import (
    ARCHITECTURES,
    BRANCHES,
    CAPABILITIES,
    GPUS_OF_EC2,
    GRID_BRANCHES,
    GRID_ONLY,
    LOWEST_DRIVER,
    PREFERRED,
    TOOLKITS,
    Branch,
    Capability,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.words import as_numbers

from roles.gpu_workload.files.probe import CUDA
from sandbox.gpu.catalog import MODELS as PRETENDED

NUMBERS = [branch.number for branch in BRANCHES]
TOOLKIT = {row.version: row for row in TOOLKITS}


def test_branches_and_toolkits_stand_in_order() -> None:
    assert sorted(NUMBERS) == NUMBERS
    assert [row.version for row in TOOLKITS] == sorted(TOOLKIT, key=as_numbers)
    drivers = [as_numbers(row.driver) for row in TOOLKITS]
    assert drivers == sorted(drivers)


def test_a_newer_branch_never_knows_an_older_newest_toolkit() -> None:
    newest = [as_numbers(branch.cuda) for branch in BRANCHES]
    assert newest == sorted(newest)


@pytest.mark.parametrize("branch", BRANCHES, ids=lambda branch: str(branch.number))
def test_the_newest_toolkit_of_a_branch_came_with_a_driver_no_newer(branch: Branch) -> None:
    assert as_numbers(TOOLKIT[branch.cuda].driver)[0] <= branch.number
    assert branch.open_modules or branch.proprietary_modules


@pytest.mark.parametrize("row", CAPABILITIES, ids=lambda row: row.version)
def test_a_capability_names_an_architecture_and_toolkits_in_order(row: Capability) -> None:
    assert row.architecture in {one.name for one in ARCHITECTURES}
    assert not row.last or as_numbers(row.first) <= as_numbers(row.last)
    assert not row.last or row.last in TOOLKIT


def test_what_rows_refer_to_exists() -> None:
    families = {family for gpu in GPUS_OF_EC2 for family in gpu.families}
    assert set(LOWEST_DRIVER) | set(GRID_ONLY) <= families
    assert set(PREFERRED) | set(GRID_BRANCHES.values()) <= set(NUMBERS)
    assert {gpu.capability for gpu in GPUS_OF_EC2} <= {row.version for row in CAPABILITIES}
    assert {one.last_branch for one in ARCHITECTURES} - {0} <= set(NUMBERS)


def test_no_row_is_without_source() -> None:
    sources = [row.source for rows in (ARCHITECTURES, CAPABILITIES, BRANCHES, TOOLKITS) for row in rows]
    assert [source for source in sources if not source.startswith("https://")] == []


def test_names_and_pci_ids_are_unique() -> None:
    ids = [pci for gpu in GPUS_OF_EC2 for pci in gpu.pci]
    families = [family for gpu in GPUS_OF_EC2 for family in gpu.families]
    assert len(ids) == len(set(ids))
    assert len(families) == len(set(families))


@pytest.mark.parametrize(("device", "driver", "capability"), CUDA)
def test_the_workloads_choose_by_the_same_figures(
    device: str, driver: tuple[int, ...], capability: tuple[int, ...]
) -> None:
    major = device.removeprefix("cuda")
    rows = [row for row in TOOLKITS if row.version.startswith(f"{major}.")]
    assert {row.lowest_branch for row in rows} == {driver[0]}
    alive = [row for row in CAPABILITIES if not row.last or as_numbers(row.last) >= as_numbers(f"{major}.0")]
    assert min(as_numbers(row.version) for row in alive) == capability


@pytest.mark.parametrize("name", PRETENDED)
def test_the_sandbox_pretends_the_same_gpus(name: str) -> None:
    pretended = PRETENDED[name]
    row = next(gpu for gpu in GPUS_OF_EC2 if pretended.pci_device in gpu.pci)
    assert row.capability == pretended.compute_capability
