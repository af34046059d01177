# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which device computes, and the refusal to compute on the CPU by accident."""

from __future__ import annotations

from dataclasses import dataclass

import jax


class DeviceRefusedError(Exception):
    """JAX has no GPU here and the CPU was not allowed."""


@dataclass(frozen=True)
class Device:
    """The device that computes: `platform` is gpu or cpu, `kind` its model, `count` how many there are."""

    platform: str
    kind: str
    count: int

    def __str__(self) -> str:
        return f"{self.platform} ({self.count} x {self.kind})"


def find(allow_cpu: bool) -> Device:
    """Ask JAX what it will compute on.

    JAX falls back to the CPU with no more than a warning when its CUDA plugin finds no driver
    (https://docs.jax.dev/en/latest/installation.html), so a rented GPU would idle, billed by the second.

    Raises:
        DeviceRefusedError: it would be the CPU, and `allow_cpu` is false.
    """
    try:
        devices = jax.devices()
    except RuntimeError as error:
        raise DeviceRefusedError(f"Failed to start JAX on this machine: {error}.") from error
    device = Device(platform=devices[0].platform, kind=devices[0].device_kind, count=len(devices))
    if device.platform == "cpu" and not allow_cpu:
        raise DeviceRefusedError(
            f"Failed to find a GPU for JAX {jax.__version__}: it would compute on the CPU. "
            "Check nvidia-smi and that requirements-cuda12.txt or requirements-cuda13.txt is installed, "
            "or pass --allow-cpu to compute on the CPU."
        )
    return device
