# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of single GPUs: bus ids and UUIDs that stay the same as long as the instance lives."""

from __future__ import annotations

import uuid

from sandbox.gpu.catalog import PretendGpu

_LAST_SLOT = 0x1E
"""Nitro puts the only GPU of a machine at 00:1e.0, and several below it."""


def bus_ids(gpu: PretendGpu) -> tuple[str, ...]:
    """Return PCI addresses in the kernel's form, such as '0000:00:1E.0'."""
    first = _LAST_SLOT + 1 - gpu.count
    return tuple(f"0000:00:{slot:02X}.0" for slot in range(first, first + gpu.count))


def uuids(gpu: PretendGpu, instance_id: str) -> tuple[str, ...]:
    """Return a UUID for each GPU, as nvidia-smi writes it."""
    return tuple(f"GPU-{uuid.uuid5(uuid.NAMESPACE_OID, f'{instance_id}/{bus_id}')}" for bus_id in bus_ids(gpu))
