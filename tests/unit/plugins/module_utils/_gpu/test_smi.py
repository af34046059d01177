# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers of nvidia-smi, over four schemas of its XML and all of its failures."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.host import Completed, Host
from ansible_collections.gpgpu.aws.plugins.module_utils._gpu.smi import (
    CAPABILITY_QUERY,
    QUERY,
    Gpu,
    SmiAnswer,
    number,
    parse_capabilities,
    parse_query,
    read_smi,
    reading,
    switch,
    whole,
)

Recorded = Callable[[str], str]
SMI = "/usr/bin/nvidia-smi"

H100 = Gpu(
    index=0,
    minor=0,
    uuid="GPU-00000000-0000-4000-8000-000000000053",
    name="NVIDIA H100 80GB HBM3",
    pci_bus_id="0000:53:00.0",
    memory_mib=81559,
    compute_capability=None,
    performance_state="P0",
    temperature_celsius=31.0,
    power_watts=68.75,
    power_limit_watts=700.0,
    ecc_enabled=True,
    ecc_uncorrected=0,
    mig_enabled=False,
    mig_devices=0,
    throttle_reasons=("gpu_idle",),
)
A100_MIG = Gpu(
    index=0,
    minor=3,
    uuid="GPU-00000000-0000-4000-8000-00000000101c",
    name="NVIDIA A100-SXM4-40GB",
    pci_bus_id="0000:10:1c.0",
    memory_mib=40960,
    compute_capability=None,
    performance_state="P0",
    temperature_celsius=36.0,
    power_watts=66.92,
    power_limit_watts=400.0,
    ecc_enabled=True,
    ecc_uncorrected=None,
    mig_enabled=True,
    mig_devices=2,
    throttle_reasons=(),
)
A10G = Gpu(
    index=0,
    minor=0,
    uuid="GPU-00000000-0000-4000-8000-00000000001e",
    name="NVIDIA A10G",
    pci_bus_id="0000:00:1e.0",
    memory_mib=23028,
    compute_capability=None,
    performance_state="P8",
    temperature_celsius=27.0,
    power_watts=25.58,
    power_limit_watts=300.0,
    ecc_enabled=True,
    ecc_uncorrected=3,
    mig_enabled=None,
    mig_devices=0,
    throttle_reasons=("sw_power_cap",),
)
T4 = Gpu(
    index=0,
    minor=0,
    uuid="GPU-00000000-0000-4000-8000-000000000004",
    name="Tesla T4",
    pci_bus_id="0000:00:1e.0",
    memory_mib=15079,
    compute_capability=None,
    performance_state="P0",
    temperature_celsius=24.0,
    power_watts=9.14,
    power_limit_watts=70.0,
    ecc_enabled=True,
    ecc_uncorrected=4,
    mig_enabled=None,
    mig_devices=0,
    throttle_reasons=("gpu_idle",),
)
L4_FRACTION = Gpu(
    index=0,
    minor=0,
    uuid="GPU-00000000-0000-4000-8000-000000000031",
    name="NVIDIA L4-3Q",
    pci_bus_id="0000:31:00.0",
    memory_mib=3072,
    compute_capability=None,
    performance_state="P8",
    temperature_celsius=None,
    power_watts=None,
    power_limit_watts=None,
    ecc_enabled=None,
    ecc_uncorrected=None,
    mig_enabled=None,
    mig_devices=0,
    throttle_reasons=(),
)


@pytest.mark.parametrize(
    ("name", "driver", "cuda", "gpu"),
    [
        ("smi_h100_v13.xml", "580.105.08", "13.0", H100),
        ("smi_a100_mig_v12.xml", "550.163.01", "12.4", A100_MIG),
        ("smi_a10g_v11.xml", "525.147.05", "12.0", A10G),
        ("smi_t4_v10.xml", "418.226.00", "10.1", T4),
        ("smi_fraction_not_supported_v13.xml", "570.172.08", "12.8", L4_FRACTION),
    ],
)
def test_each_schema(recorded: Recorded, name: str, driver: str, cuda: str, gpu: Gpu) -> None:
    answer = parse_query(Completed(0, recorded(name)))
    assert answer == SmiAnswer(0, "", True, driver, cuda, (gpu,))


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (6, "smi_exit6_no_devices.txt"),
        (9, "smi_exit9_no_driver.txt"),
        (12, "smi_exit12_no_library.txt"),
        (15, "smi_exit15_gpu_lost.txt"),
        (18, "smi_exit18_mismatch.txt"),
    ],
)
def test_a_failure_keeps_its_status_and_words(recorded: Recorded, status: int, name: str) -> None:
    answer = parse_query(Completed(status, recorded(name)))
    assert answer == SmiAnswer(status, " ".join(recorded(name).split()))


def test_an_answer_with_a_complaint_still_describes_its_gpus(recorded: Recorded) -> None:
    warning = "WARNING: infoROM is corrupted at gpu 0000:53:00.0\n"
    answer = parse_query(Completed(14, f"{warning}{recorded('smi_h100_v13.xml')}", warning))
    assert (answer.status, answer.complaint, answer.gpus) == (14, warning.strip(), (H100,))


@pytest.mark.parametrize("text", ["", "<nvidia_smi_log><gpu>", "<html></html>"])
def test_what_is_no_answer(text: str) -> None:
    assert parse_query(Completed(0, text)) == SmiAnswer(0, text)


def test_gpus_are_numbered_in_the_order_of_the_answer(recorded: Recorded) -> None:
    log = ElementTree.fromstring(recorded("smi_h100_v13.xml"))
    (gpu,) = log.findall("gpu")
    log.extend([gpu] * 7)
    answer = parse_query(Completed(0, ElementTree.tostring(log, encoding="unicode")))
    assert [found.index for found in answer.gpus] == list(range(8))


def test_the_cuda_version_under_its_newer_name() -> None:
    text = "<nvidia_smi_log><cuda_umd_version>13.3</cuda_umd_version></nvidia_smi_log>"
    assert parse_query(Completed(0, text)).cuda_version == "13.3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("68.50 W", 68.5),
        ("81559 MiB", 81559.0),
        ("-2 C", -2.0),
        ("0", 0.0),
        ("Enabled", None),
        ("", None),
        (None, None),
    ],
)
def test_number_before_its_unit(text: str | None, expected: float | None) -> None:
    assert number(text) == expected
    assert whole(text) == (None if expected is None else int(expected))


@pytest.mark.parametrize(("text", "expected"), [("Enabled", True), ("Disabled", False), ("Maybe", None), (None, None)])
def test_switch(text: str | None, expected: bool | None) -> None:
    assert switch(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 41 C ", "41 C"),
        ("N/A", None),
        ("[N/A]", None),
        ("[Not Supported]", None),
        ("Requested functionality has been deprecated", None),
        ("", None),
    ],
)
def test_reading_without_a_value(text: str, expected: str | None) -> None:
    node = ElementTree.fromstring(f"<gpu><temperature>{text}</temperature></gpu>")
    assert reading(node, "absent", "temperature") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00000000:53:00.0, 9.0\n", {"0000:53:00.0": "9.0"}),
        ("00000000:10:1C.0, 12.0\n00000000:20:1D.0, 8.0\n", {"0000:10:1c.0": "12.0", "0000:20:1d.0": "8.0"}),
        ("00000000:53:00.0, [N/A]\n", {}),
        ('Field "compute_cap" is not a valid field to query.\n', {}),
        ("", {}),
    ],
)
def test_capabilities(text: str, expected: dict[str, str]) -> None:
    assert parse_capabilities(text) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Completed(0, "00000000:53:00.0, 9.0\n"), "9.0"),
        (Completed(2, 'Field "compute_cap" is not a valid field to query.\n'), None),
    ],
    ids=["known", "driver_older_than_the_field"],
)
def test_read_smi_adds_the_capability(
    make_host: Callable[..., Host], recorded: Recorded, answer: Completed, expected: str | None
) -> None:
    query = Completed(0, recorded("smi_h100_v13.xml"))
    host = make_host(programs={SMI: {" ".join(QUERY): query, " ".join(CAPABILITY_QUERY): answer}})
    assert [gpu.compute_capability for gpu in read_smi(host).gpus] == [expected]


def test_read_smi_asks_no_second_time_without_gpus(make_host: Callable[..., Host], recorded: Recorded) -> None:
    host = make_host(programs={SMI: {" ".join(QUERY): Completed(9, recorded("smi_exit9_no_driver.txt"))}})
    assert read_smi(host).status == 9


def test_read_smi_without_the_program(make_host: Callable[..., Host]) -> None:
    assert read_smi(make_host()) == SmiAnswer()
