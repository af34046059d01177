# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GPUs on the PCI bus."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.host import Host
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.pci import PciGpu, normal_bus_id, read_pci_gpus

DEVICES = "/sys/bus/pci/devices"
NVIDIA = "0x10de"


def bus(*devices: tuple[str, str, str, str]) -> dict[str, str]:
    """Files of PCI devices given as (address, vendor, device, class)."""
    return {
        f"{DEVICES}/{address}/{name}": f"{text}\n"
        for address, vendor, device, kind in devices
        for name, text in {"vendor": vendor, "device": device, "class": kind}.items()
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00000000:00:1E.0", "0000:00:1e.0"),
        ("0000:53:00.0", "0000:53:00.0"),
        ("00010001:3B:00.0", "0001:3b:00.0"),
        (" 0:1e:00.0 ", "0000:1e:00.0"),
    ],
)
def test_normal_bus_id(text: str, expected: str) -> None:
    assert normal_bus_id(text) == expected


@pytest.mark.parametrize(
    ("device", "counted"),
    [
        (("0000:53:00.0", NVIDIA, "0x2330", "0x030200"), True),
        (("0000:00:1e.0", NVIDIA, "0x2237", "0x030000"), True),
        (("0000:53:00.1", NVIDIA, "0x22ba", "0x040300"), False),
        (("0000:10:00.0", NVIDIA, "0x22a3", "0x068000"), False),
        (("0000:00:03.0", "0x1d0f", "0x1111", "0x030000"), False),
    ],
    ids=["3d_controller", "vga_controller", "sound", "nvswitch", "another_vendors_display"],
)
def test_only_nvidia_display_controllers_count(
    make_host: Callable[..., Host], device: tuple[str, str, str, str], counted: bool
) -> None:
    found = read_pci_gpus(make_host(files=bus(device)))
    assert found == ((PciGpu(device[0], device[2][2:]),) if counted else ())


def test_gpus_come_in_address_order(make_host: Callable[..., Host]) -> None:
    addresses = ("0000:b9:00.0", "0000:53:00.0", "0000:a8:00.0")
    found = read_pci_gpus(make_host(files=bus(*((address, NVIDIA, "0x2330", "0x030200") for address in addresses))))
    assert [gpu.pci_bus_id for gpu in found or ()] == ["0000:53:00.0", "0000:a8:00.0", "0000:b9:00.0"]


def test_a_bus_that_cannot_be_read_is_not_an_empty_bus(make_host: Callable[..., Host]) -> None:
    assert read_pci_gpus(make_host()) is None
