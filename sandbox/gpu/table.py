# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`nvidia-smi` without arguments: the table that people look at."""

from __future__ import annotations

import time

from sandbox.gpu.cuda import cuda_version
from sandbox.gpu.readings import readings
from sandbox.gpu.state import Device, GpuState

_RULE = "+" + "-" * 89 + "+"
_COLUMNS = "+" + "-" * 41 + "+" + "-" * 24 + "+" + "-" * 22 + "+"
_TITLES = (
    "| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |",
    "| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |",
    "|                                         |                        |               MIG M. |",
    "|=========================================+========================+======================|",
)
_PROCESSES = (
    "| Processes:                                                                              |",
    "|  GPU   GI   CI              PID   Type   Process name                        GPU Memory |",
    "|        ID   ID                                                               Usage      |",
    "|=========================================================================================|",
    "|  No running processes found (SANDBOX: no GPU is there)                                  |",
)
_NAME_WIDTH = 27


def table(state: GpuState, devices: tuple[Device, ...]) -> str:
    """Return the table."""
    version = state.driver_version or ""
    title = f"| NVIDIA-SMI {version:<23}Driver Version: {version:<15}CUDA Version: {cuda_version(version):<9}|"
    lines = [time.strftime("%a %b %d %H:%M:%S %Y"), _RULE, title, _COLUMNS, *_TITLES]
    for device in devices:
        lines += [*_rows(readings(state, device)), _COLUMNS]
    return "\n".join([*lines, "", _RULE, *_PROCESSES, _RULE]) + "\n"


def _rows(shown: dict[str, str]) -> list[str]:
    name = shown["name"] if len(shown["name"]) <= _NAME_WIDTH else shown["name"][: _NAME_WIDTH - 3] + "..."
    use = f"{shown['utilization.gpu']}%"
    heat = f"{shown['temperature.gpu']}C"
    power = f"{float(shown['power.draw']):.0f}W / {float(shown['power.limit']):4.0f}W"
    memory = f"{shown['memory.used']}MiB / {shown['memory.total']:>6}MiB"
    return [
        f"| {shown['index']:>3}  {name:<{_NAME_WIDTH}}    On  |   {shown['pci.bus_id']} Off | {'0':>20} |",
        f"| N/A  {heat:>4}    {shown['pstate']:<3} {power:>22} |{memory:>23} |{use:>8} {'Default':>12} |",
        f"|{'':41}|{'':24}|{shown['mig.mode.current']:>21} |",
    ]
