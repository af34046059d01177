# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person may ask for, and which machines answer it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.requirement import (
    REQUIREMENT_ARGUMENTS,
    Requirement,
    requirement_from_params,
    requirement_problems,
    unfit,
)

from tests.unit.fakes.offers import A10G_BY_FOUR, EIGHTH, H100, L4, requirement
from tests.unit.fakes.rows import machine

ARM = machine(name="g5g.xlarge", gpu_name="NVIDIA T4g", architectures=("arm64",))
RTX = machine(name="g7e.2xlarge", gpu_name="NVIDIA RTX PRO Server 6000", gpu_memory_mib=98304)
B200 = machine(name="p6-b200.48xlarge", gpu_name="NVIDIA B200", gpu_memory_mib=183359)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"models": ("L5",)}, ["GPU 'L5' is unknown: did you mean L4?"]),
        ({"models": ("rtx 6000",)}, ["GPU 'rtx 6000' is unknown: did you mean RTX PRO 6000?"]),
        ({"models": ("g9",)}, ["GPU 'g9' is unknown: did you mean g"]),
        ({"models": ("hoper",)}, ["GPU 'hoper' is unknown: did you mean hopper?"]),
        ({"models": ("p3",)}, ["Family p3 (Tesla V100) is retired", "today's equivalent is g6."]),
        ({"models": ("zzz",)}, ["GPU 'zzz' is unknown: Set gpu_models to a model (V100, "]),
        ({"instance_types": ("g2.2xlarge",)}, ["g2.2xlarge (GRID K520) is retired", "equivalent is g4dn.xlarge"]),
        ({"instance_types": ("g5xlarge",)}, ["g5xlarge is unknown in every region. Did you mean g5.xlarge?"]),
        ({"architecture": "amd64"}, ["Architecture 'amd64' is unknown: did you mean x86_64? Set gpu_architecture."]),
        ({"architecture": "aarch64"}, ["did you mean arm64?"]),
        ({"compute_capability": "9"}, ["Compute capability '9' is unknown", "GPUs on offer have 7.0, 7.5"]),
        ({"compute_capability": "13.0"}, ["Compute capability '13.0' is unknown", "Set gpu_compute_capability"]),
        ({"regions": ("us-west2",)}, ["Region 'us-west2' is unknown: did you mean us-west-2? Set gpu_regions."]),
        ({"regions": ("all", "us-west-2")}, ["gpu_regions is 'all' or a list of regions, not both."]),
        ({"near": "Tokyo"}, ["Region 'Tokyo' is unknown: did you mean ap-northeast-1? Set gpu_near."]),
        ({"near": "ap-notheast-1"}, ["did you mean ap-northeast-1?"]),
        ({"zones": ("us-west-2",)}, ["Zone 'us-west-2' is unknown: did you mean a zone of us-west-2"]),
        (
            {"zones": ("us-wst-2a",)},
            ["Zone 'us-wst-2a' is unknown: did you mean a zone of us-west-2, such as us-west-2a?"],
        ),
        ({"zones": ("eu-west-1a",)}, ["Zone eu-west-1a is not in us-west-2", "add eu-west-1 to gpu_regions"]),
        ({"markets": ("sopt",)}, ["Market 'sopt' is unknown: did you mean spot? Set gpu_markets. Known are spot, "]),
        ({"markets": ("ondemand",)}, ["did you mean on-demand?"]),
        ({"per_machine": 0}, ["A machine has at least 1 GPU, not 0: set gpu_per_machine."]),
        ({"count": 0}, ["A run has at least 1 machine, not 0: set gpu_count."]),
        ({"lease_hours": 0.0}, ["A lease lasts more than 0 and at most 744 hours, not 0: set gpu_lease_hours."]),
        ({"lease_hours": 745.0}, ["not 745"]),
        ({"max_hourly_usd": -1.0}, ["gpu_max_hourly_usd can't be -1: set 0 or more."]),
        ({"latency_weight": float("nan")}, ["gpu_latency_weight can't be nan"]),
        ({"vram_gib": float("inf")}, ["gpu_vram_gib can't be inf"]),
    ],
)
def test_what_cant_be_meant_is_told_with_its_fix(changes: dict[str, Any], words: list[str]) -> None:
    found = requirement_problems(requirement(**changes))
    assert len(found) == 1
    for word in words:
        assert word in found[0]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"models": ("L4", "rtx-pro-6000", "Hopper", "g6", "p6", "P6-B200")},
        {"instance_types": ("g99.xlarge",)},
        {"compute_capability": "8.0", "architecture": "arm64", "vram_gib": 24.0},
        {"compute_capability": "6.1"},
        {"regions": ("all",), "zones": ("us-west-2a", "eu-west-1b", "us-west-2-lax-1a"), "near": "ap-northeast-1"},
        {"markets": ("capacity-block", "spot", "on-demand"), "lease_hours": 744.0},
    ],
)
def test_what_can_be_meant_has_no_problem(changes: dict[str, Any]) -> None:
    assert requirement_problems(requirement(**changes)) == []


def test_all_problems_are_told_at_once() -> None:
    wrong = {"models": ("L5", "T5"), "architecture": "mips", "markets": ("free",), "count": 0, "near": "mars"}
    assert len(requirement_problems(requirement(**wrong))) == 6


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        (L4, {"models": ("t4",)}, ["g6.xlarge (1 x L4 24 GiB) is no t4: add its model to gpu_models."]),
        (L4, {"models": ("ampere", "g5")}, ["is no ampere or g5"]),
        (L4, {"per_machine": 2}, ["fewer GPUs than the 2 wanted: set gpu_per_machine to 1."]),
        (L4, {"vram_gib": 25.0}, ["less than 25 GiB of memory per GPU: set gpu_vram_gib to 24."]),
        (
            L4,
            {"compute_capability": "9.0"},
            ["has compute capability 8.9, below 9.0: set gpu_compute_capability to 8.9."],
        ),
        (L4, {"compute_capability": "10.0"}, ["has compute capability 8.9, below 10.0"]),
        (L4, {"vcpus": 5}, ["has 4 vCPU, fewer than 5: set gpu_vcpus to 4."]),
        (L4, {"ram_gib": 17.0}, ["has 16 GiB of main memory, less than 17: set gpu_ram_gib to 16."]),
        (L4, {"architecture": "arm64"}, ["g6.xlarge is x86_64, not arm64: leave gpu_architecture empty."]),
        (ARM, {"architecture": "x86_64"}, ["g5g.xlarge is arm64, not x86_64"]),
        (EIGHTH, {}, ["g6f.large (1 x 1/8 L4 3 GiB) has a part of a GPU, which needs the GRID driver"]),
        (EIGHTH, {"models": ("L4",)}, ["has a part of a GPU"]),
        (
            machine(gpu_count=0, name="m5.large"),
            {},
            ["m5.large has no GPU: choose a GPU type, for example g4dn.xlarge."],
        ),
        (machine(gpu_name="NVIDIA X9"), {"compute_capability": "8.0"}, ["is not known: name the type"]),
        (L4, {"vcpus": 5, "ram_gib": 17.0, "models": ("T4",)}, ["is no T4", "fewer than 5", "less than 17"]),
    ],
)
def test_a_machine_that_does_not_fit_says_why(kind: MachineType, changes: dict[str, Any], words: list[str]) -> None:
    found = unfit(kind, requirement(**changes))
    assert len(found) == len(words)
    for sentence, word in zip(found, words, strict=True):
        assert word in sentence


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (L4, {"vram_gib": 24.0, "compute_capability": "8.9", "vcpus": 4, "ram_gib": 16.0, "architecture": "x86_64"}),
        (L4, {"models": ("t4", "Ada Lovelace")}),
        (L4, {"models": ("g6",)}),
        (A10G_BY_FOUR, {"per_machine": 4, "models": ("a10g",)}),
        (EIGHTH, {"models": ("g6f",)}),
        (EIGHTH, {"instance_types": ("g6f.large",)}),
        (ARM, {"architecture": "arm64"}),
        (RTX, {"models": ("rtx-pro-6000",), "vram_gib": 96.0, "compute_capability": "12.0"}),
        (B200, {"models": ("p6",), "compute_capability": "9.0", "vram_gib": 180.0}),
        (H100, {"models": ("hopper",), "per_machine": 8}),
        (machine(gpu_name="NVIDIA X9"), {}),
    ],
)
def test_a_machine_that_fits(kind: MachineType, changes: dict[str, Any]) -> None:
    assert unfit(kind, requirement(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "types"),
    [
        ({}, ("g4dn.xlarge",)),
        ({"regions": ("all",), "markets": ("spot",), "max_hourly_usd": 1.0}, ("g4dn.xlarge",)),
        ({"instance_types": ("g5.xlarge", "g6.xlarge"), "vram_gib": 24.0}, ("g5.xlarge", "g6.xlarge")),
        ({"models": ("L4",)}, ()),
        ({"per_machine": 2}, ()),
        ({"vram_gib": 24.0}, ()),
        ({"compute_capability": "8.0"}, ()),
        ({"vcpus": 8}, ()),
        ({"ram_gib": 32.0}, ()),
        ({"architecture": "arm64"}, ()),
    ],
)
def test_the_hardware_is_searched_for_when_anything_is_said_about_it(
    changes: dict[str, Any], types: tuple[str, ...]
) -> None:
    assert requirement(**changes).exact_types == types


def defaults(**changes: Any) -> dict[str, Any]:
    """The parameters of a module, as Ansible fills them in."""
    return {**{name: row["default"] for name, row in REQUIREMENT_ARGUMENTS.items()}, **changes}


def test_the_options_default_to_the_requirement_of_none() -> None:
    assert requirement_from_params(defaults(), "us-west-2") == Requirement(regions=("us-west-2",))
    assert requirement_from_params(defaults(), "").regions == ()
    assert {*REQUIREMENT_ARGUMENTS} - {"measure_latency"} == {field.name for field in fields(Requirement)}


def test_a_survey_may_give_a_list_in_lines() -> None:
    found = requirement_from_params(defaults(markets=["spot\non-demand\n"], regions=["all"]), "")
    assert (found.markets, found.regions) == (("spot", "on-demand"), ("all",))


def test_words_of_a_survey_are_trimmed_and_markets_named_once() -> None:
    found = requirement_from_params(
        defaults(models=[" L4", "", "T4 "], markets=["Spot", "on-demand", "spot"], regions=["eu-west-1 "]), "us-west-2"
    )
    assert (found.models, found.markets, found.regions) == (("L4", "T4"), ("spot", "on-demand"), ("eu-west-1",))
