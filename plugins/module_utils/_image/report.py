# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answer what a person asks of an image: which it is, where it starts, what driver fits, and what its terms are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients, in_parallel
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.resolve import resolve
from ansible_collections.gpgpu.aws.plugins.module_utils._image.find import find_image
from ansible_collections.gpgpu.aws.plugins.module_utils._image.image import Image, image_problems, image_warnings
from ansible_collections.gpgpu.aws.plugins.module_utils._image.terms import terms_of
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import read_machine


@dataclass(frozen=True)
class Question:
    """What a person wants to know; the fields are the options of ec2_gpu_image_info."""

    image: str
    image_os: str
    image_user: str
    instance_types: tuple[str, ...]
    architecture: str
    cuda: str
    driver_branch: str

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Question:
        """Read the module's options.

        Raises:
            GpuError: a toolkit or a driver without a type to put it on.
        """
        types = tuple(dict.fromkeys(params["instance_types"]))
        if (params["cuda"] or params["driver_branch"]) and not types:
            raise GpuError(
                "A toolkit and a driver are checked against the GPU of an instance type, and none was given",
                "Set instance_types, for example g6.xlarge.",
                "bad_input",
            )
        names = ("image", "image_os", "image_user", "architecture", "cuda", "driver_branch")
        return cls(instance_types=types, **{name: params[name] for name in names})


def answer(clients: Clients, question: Question, now: datetime) -> dict[str, Any]:
    """The answer: `images` (one for each architecture, with its terms) and `checks` (one for each type).

    Parameters:
        now: the present, UTC.

    Raises:
        GpuError: unknown type, family, system or image; no image for any of the architectures.
    """
    machines = _machines(clients, question.instance_types)
    wanted = tuple(dict.fromkeys(machine.architecture for machine in machines)) or (question.architecture,)
    found = dict(zip(wanted, in_parallel([partial(_find, clients, question, name) for name in wanted])))
    images = list({one.image_id: one for one in found.values() if isinstance(one, Image)}.values())
    if not images:
        raise next(one for one in found.values() if isinstance(one, GpuError))
    return {
        "images": [_with_terms(clients, image, now) for image in images],
        "checks": [_check(machine, found[machine.architecture], question, now) for machine in machines],
    }


def _machines(clients: Clients, names: tuple[str, ...]) -> list[MachineType]:
    """The hardware of the types, by one call; when one of them is unknown it is named."""
    rows = ec2.describe_instance_types(clients.ec2, list(names)) if names else []
    by_name = {row["InstanceType"]: MachineType.from_row(row) for row in rows}
    return [by_name[name] if name in by_name else read_machine(clients, name) for name in names]


def _find(clients: Clients, question: Question, architecture: str) -> Image | GpuError:
    """The image for an architecture, or why there is none: the others may have one."""
    try:
        return find_image(clients, question.image, question.image_os, architecture, question.image_user)
    except GpuError as error:
        return error


def _with_terms(clients: Clients, image: Image, now: datetime) -> dict[str, Any]:
    terms = terms_of(clients, image)
    warnings = image_warnings(image, None, now)
    return {**image.as_result(), "warnings": warnings, "terms": terms.as_result() if terms else None}


def _check(machine: MachineType, image: Image | GpuError, question: Question, now: datetime) -> dict[str, Any]:
    family = machine.name.partition(".")[0]
    driver = resolve(family=family, cuda=question.cuda, branch=question.driver_branch)
    asked = question.cuda or question.driver_branch
    refused = [str(driver)] if driver.problems and asked else []
    if isinstance(image, GpuError):
        return _row(machine, "", [str(image), *refused], [], driver.as_result())
    problems = [*image_problems(image, machine), *refused]
    return _row(machine, image.image_id, problems, image_warnings(image, machine, now), driver.as_result())


def _row(
    machine: MachineType, image_id: str, problems: list[str], warnings: list[str], driver: dict[str, Any]
) -> dict[str, Any]:
    return {
        "instance_type": machine.name,
        "image_id": image_id,
        "problems": problems,
        "warnings": warnings,
        "driver": driver,
    }
