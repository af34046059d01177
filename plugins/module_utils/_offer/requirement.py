# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person needs of a machine and of its price, as restrictions of the choice. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._offer import words
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.gpu_model import (
    architecture_named,
    gpu_words,
    model_key,
    model_named,
    nominal_gib,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType

# What is meant when nothing is said: the cheapest machine with one whole GPU of this decade.
DEFAULT_TYPE = "g4dn.xlarge"
ALL_REGIONS = "all"

# The options of all modules that choose; documented in doc_fragments/requirement.py.
REQUIREMENT_ARGUMENTS: dict[str, dict[str, Any]] = {
    "instance_types": {"type": "list", "elements": "str", "default": []},
    "models": {"type": "list", "elements": "str", "default": []},
    "per_machine": {"type": "int", "default": 1},
    "vram_gib": {"type": "float", "default": 0},
    "compute_capability": {"type": "str", "default": ""},
    "vcpus": {"type": "int", "default": 0},
    "ram_gib": {"type": "float", "default": 0},
    "architecture": {"type": "str", "default": ""},
    "regions": {"type": "list", "elements": "str", "default": []},
    "zones": {"type": "list", "elements": "str", "default": []},
    "markets": {"type": "list", "elements": "str", "default": ["on-demand"]},
    "max_hourly_usd": {"type": "float", "default": 0},
    "budget_usd": {"type": "float", "default": 0},
    "near": {"type": "str", "default": ""},
    "measure_latency": {"type": "bool", "default": True},
    "latency_weight": {"type": "float", "default": 0.05},
    "capacity_weight": {"type": "float", "default": 0.01},
    "count": {"type": "int", "default": 1},
    "lease_hours": {"type": "float", "default": 8},
}


@dataclass(frozen=True)
class Requirement:
    """What restricts and orders the choice.

    Parameters:
        instance_types: exact types; empty for every type with the wanted hardware.
        models: GPU models, GPU architectures or instance families, of which one must fit.
        per_machine: GPUs of a machine, at least.
        vram_gib: nominal memory of each GPU in GiB, at least; 0 for any.
        compute_capability: at least, such as `8.0`; empty for any.
        vcpus: virtual processors, at least; 0 for any.
        ram_gib: main memory in GiB, at least; 0 for any.
        architecture: `x86_64`, `arm64`, or empty for both.
        regions: where to look, or `all`.
        zones: availability zones; empty for all.
        markets: how to pay, the preferred first.
        max_hourly_usd: most USD per hour of one machine with its disks and address; 0 for no ceiling.
        budget_usd: most USD for all machines and the whole lease; 0 for no budget.
        near: region from whose city round trips are estimated; empty to measure them.
        latency_weight: USD per hour that a round trip shorter by 100 ms is worth.
        capacity_weight: USD per hour that one point of the placement score is worth.
        count: machines.
        lease_hours: hours of the lease.
    """

    instance_types: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    per_machine: int = 1
    vram_gib: float = 0.0
    compute_capability: str = ""
    vcpus: int = 0
    ram_gib: float = 0.0
    architecture: str = ""
    regions: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    markets: tuple[str, ...] = ("on-demand",)
    max_hourly_usd: float = 0.0
    budget_usd: float = 0.0
    near: str = ""
    latency_weight: float = 0.05
    capacity_weight: float = 0.01
    count: int = 1
    lease_hours: float = 8.0

    @property
    def exact_types(self) -> tuple[str, ...]:
        """The types to read; empty when the hardware is to be searched for."""
        return self.instance_types if self.instance_types or self.says_hardware else (DEFAULT_TYPE,)

    @property
    def says_hardware(self) -> bool:
        """Whether anything is wanted of the hardware besides its type."""
        hardware = (self.models, self.per_machine > 1, self.vram_gib, self.compute_capability)
        return any((*hardware, self.vcpus, self.ram_gib, self.architecture))


def requirement_from_params(params: Mapping[str, Any], region: str) -> Requirement:
    """The requirement of a module's parameters; without regions, the module's own.

    Parameters:
        params: the options of REQUIREMENT_ARGUMENTS.
        region: the module's region.
    """

    def listed(name: str) -> tuple[str, ...]:
        """Words of a list; a survey of several lines gives them in one text."""
        lines = [line.strip() for text in params[name] or () for line in text.splitlines()]
        return tuple(filter(None, lines))

    return Requirement(
        instance_types=listed("instance_types"),
        models=listed("models"),
        per_machine=params["per_machine"],
        vram_gib=params["vram_gib"] or 0.0,
        compute_capability=(params["compute_capability"] or "").strip(),
        vcpus=params["vcpus"] or 0,
        ram_gib=params["ram_gib"] or 0.0,
        architecture=(params["architecture"] or "").strip(),
        regions=listed("regions") or ((region,) if region else ()),
        zones=listed("zones"),
        markets=tuple(dict.fromkeys(word.lower() for word in listed("markets"))) or ("on-demand",),
        max_hourly_usd=params["max_hourly_usd"] or 0.0,
        budget_usd=params["budget_usd"] or 0.0,
        near=(params["near"] or "").strip(),
        latency_weight=params["latency_weight"],
        capacity_weight=params["capacity_weight"],
        count=params["count"],
        lease_hours=params["lease_hours"],
    )


def requirement_problems(requirement: Requirement) -> list[str]:
    """Everything that can't be meant, each with its fix; an unknown word names the nearest one."""
    return [
        *words.type_problems(requirement.instance_types),
        *words.model_problems(requirement.models),
        *words.capability_problems(requirement.compute_capability),
        *words.unknown("Architecture", requirement.architecture, words.ARCHITECTURES, "gpu_architecture"),
        *words.region_problems(requirement.regions, ALL_REGIONS),
        *words.zone_problems(requirement.zones, requirement.regions, ALL_REGIONS),
        *(one for word in requirement.markets for one in words.unknown("Market", word, words.MARKETS, "gpu_markets")),
        *words.unknown("Region", requirement.near, words.REGIONS, "gpu_near"),
        *_number_problems(requirement),
    ]


def _number_problems(requirement: Requirement) -> list[str]:
    found = []
    if requirement.per_machine < 1:
        found.append(f"A machine has at least 1 GPU, not {requirement.per_machine}: set gpu_per_machine.")
    if requirement.count < 1:
        found.append(f"A run has at least 1 machine, not {requirement.count}: set gpu_count.")
    if not 0 < requirement.lease_hours <= 24 * 31:
        found.append(
            f"A lease lasts more than 0 and at most 744 hours, not {requirement.lease_hours:g}: set gpu_lease_hours."
        )
    for name in ("vram_gib", "vcpus", "ram_gib", "max_hourly_usd", "budget_usd", "latency_weight", "capacity_weight"):
        value = getattr(requirement, name)
        if not 0 <= value < float("inf"):
            found.append(f"gpu_{name} can't be {value:g}: set 0 or more.")
    return found


def unfit(machine: MachineType, requirement: Requirement) -> list[str]:
    """Every reason why a machine is not what is wanted, each with its fix; empty when it is."""
    if not machine.gpu_count:
        return [f"{machine.name} has no GPU: choose a GPU type, for example {DEFAULT_TYPE}."]
    return [*_unfit_gpu(machine, requirement), *_unfit_host(machine, requirement)]


def _unfit_gpu(machine: MachineType, requirement: Requirement) -> list[str]:
    found = []
    what = f"{machine.name} ({gpu_words(machine)})"
    if requirement.models and not any(_is_model(machine, word) for word in requirement.models):
        found.append(f"{what} is no {' or '.join(requirement.models)}: add its model to gpu_models.")
    if machine.gpu_fraction < 1 and machine.name not in requirement.instance_types and not _named(machine, requirement):
        found.append(
            f"{what} has a part of a GPU, which needs the GRID driver: name its family in gpu_models if you want it."
        )
    if machine.gpu_count < requirement.per_machine:
        found.append(
            f"{what} has fewer GPUs than the {requirement.per_machine} wanted: "
            f"set gpu_per_machine to {machine.gpu_count}."
        )
    vram = nominal_gib(machine.gpu_memory_mib)
    if vram < requirement.vram_gib:
        found.append(
            f"{what} has less than {requirement.vram_gib:g} GiB of memory per GPU: set gpu_vram_gib to {vram:g}."
        )
    if requirement.compute_capability:
        found.extend(_too_old(machine, words.version(requirement.compute_capability), what))
    return found


def _too_old(machine: MachineType, wanted: tuple[int, int], what: str) -> list[str]:
    model = model_named(machine.gpu_name)
    if model is None:
        return [f"The compute capability of {what} is not known: name the type in gpu_instance_types instead."]
    if model.compute_capability >= wanted:
        return []
    has = "{}.{}".format(*model.compute_capability)
    return [f"{what} has compute capability {has}, below {wanted[0]}.{wanted[1]}: set gpu_compute_capability to {has}."]


def _unfit_host(machine: MachineType, requirement: Requirement) -> list[str]:
    found = []
    if machine.vcpu < requirement.vcpus:
        found.append(
            f"{machine.name} has {machine.vcpu} vCPU, fewer than {requirement.vcpus}: set gpu_vcpus to {machine.vcpu}."
        )
    ram = machine.memory_mib / 1024
    if ram < requirement.ram_gib:
        found.append(
            f"{machine.name} has {ram:g} GiB of main memory, less than {requirement.ram_gib:g}: "
            f"set gpu_ram_gib to {ram:g}."
        )
    if requirement.architecture and requirement.architecture not in machine.architectures:
        found.append(
            f"{machine.name} is {machine.architecture}, not {requirement.architecture}: leave gpu_architecture empty."
        )
    return found


def _is_model(machine: MachineType, word: str) -> bool:
    """Whether a word of `models` means a machine: its GPU, the GPU's architecture, or the instance family."""
    if _is_family(machine, word):
        return True
    model = model_named(machine.gpu_name)
    architecture = architecture_named(word)
    if architecture:
        return model is not None and model.architecture == architecture
    return model_key(machine.gpu_name) == model_key(word)


def _is_family(machine: MachineType, word: str) -> bool:
    """`p6` means p6-b200 and p6-b300."""
    return machine.family == word.lower() or machine.family.startswith(f"{word.lower()}-")


def _named(machine: MachineType, requirement: Requirement) -> bool:
    return any(_is_family(machine, word) for word in requirement.models)
