# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything read about the GPUs of one host, before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass

from .driver import read_device_files, read_kernel_version, read_library_version
from .host import Host
from .pci import PciGpu, read_pci_gpus
from .smi import SmiAnswer, read_smi
from .toolkit import Toolkit, read_toolkits


@dataclass(frozen=True)
class Observation:
    """Readings from independent sources; ``pci`` is None where the bus cannot be read."""

    pci: tuple[PciGpu, ...] | None
    kernel_version: str | None
    library_version: str | None
    smi: SmiAnswer
    device_files: tuple[str, ...]
    toolkits: tuple[Toolkit, ...]

    @property
    def userspace_version(self) -> str | None:
        """Driver version of userspace: what nvidia-smi answers, else that of the installed library."""
        return self.smi.driver_version or self.library_version

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """GPUs per source, without the sources that could not be read."""
        bus = () if self.pci is None else (("pci", len(self.pci)),)
        return (*bus, ("driver", len(self.smi.gpus)), ("device_files", len(self.device_files)))


def observe(host: Host) -> Observation:
    """Read one host. Changes nothing, except that nvidia-smi itself may create device files."""
    smi = read_smi(host)
    return Observation(
        pci=read_pci_gpus(host),
        kernel_version=read_kernel_version(host),
        library_version=read_library_version(host),
        smi=smi,
        # After nvidia-smi: without a persistence daemon its first call makes the device files.
        device_files=read_device_files(host),
        toolkits=read_toolkits(host),
    )
