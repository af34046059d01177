# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SANDBOX nvidia-smi: answers in NVIDIA's form for a GPU that isn't there.

Options and exit statuses: https://docs.nvidia.com/deploy/nvidia-smi/index.html
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping

from sandbox.gpu.readings import ALIASES, NOT_AVAILABLE, UNITS, readings
from sandbox.gpu.state import EXAMPLE, Device, GpuState, current_gpu
from sandbox.gpu.table import table
from sandbox.gpu.xml_report import xml_report

EXIT_INVALID_ARGUMENT = 2
EXIT_NO_DEVICES = 6
EXIT_NO_DRIVER = 9
EXIT_VERSION_MISMATCH = 18

NO_DRIVER = (
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."
    " Make sure that the latest NVIDIA driver is installed and running.\n"
)
USAGE = """SANDBOX NVIDIA System Management Interface -- for a GPU that isn't there

    nvidia-smi [-i INDEX]                     the table
    nvidia-smi -L                             one line for each GPU
    nvidia-smi [-i INDEX] -q -x               everything as XML
    nvidia-smi [-i INDEX] --query-gpu=F1,F2 --format=csv[,noheader][,nounits]
    nvidia-smi --query-compute-apps=F1,F2 --format=csv[,noheader][,nounits]
    nvidia-smi --help-query-gpu               the fields
"""


class NvidiaSmiError(Exception):
    """A question that has no answer: exit status and what is printed."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Options:
    """The command line."""

    def __init__(self, arguments: list[str]) -> None:
        self.values: dict[str, str] = {}
        words = iter(arguments)
        for word in words:
            name, equals, value = word.partition("=")
            if name not in _OPTIONS:
                text = f"Invalid combination of input arguments: {word}. Please run 'nvidia-smi -h' for help.\n"
                raise NvidiaSmiError(EXIT_INVALID_ARGUMENT, text)
            if _OPTIONS[name] and not equals:
                value = next(words, "")
            self.values[name] = value

    @property
    def form(self) -> list[str]:
        """Words after --format=."""
        return self.values.get("--format", "").split(",")

    def __contains__(self, name: str) -> bool:
        return name in self.values


_OPTIONS = {
    **dict.fromkeys(("-h", "--help", "--version", "-L", "--list-gpus", "-q", "--query", "-x", "--xml-format"), False),
    "--help-query-gpu": False,
    **dict.fromkeys(("-i", "--id", "--query-gpu", "--query-compute-apps", "--format"), True),
}
"""Options, and whether each takes a value."""


def answer(arguments: list[str], state: GpuState | None) -> str:
    """Return what is printed.

    Raises:
        NvidiaSmiError: bad arguments, no driver, two versions, or no GPU.
    """
    options = Options(arguments)
    if {"-h", "--help"} & options.values.keys():
        return USAGE
    if "--help-query-gpu" in options:
        return help_query_gpu()
    usable = _usable(state)
    devices = tuple(_selected(usable, options.values.get("-i", options.values.get("--id"))))
    report = next((report for names, report in _REPORTS.items() if names & options.values.keys()), _table)
    return report(usable, devices, options)


def _version(state: GpuState, _devices: tuple[Device, ...], _options: Options) -> str:
    return f"NVIDIA-SMI version  : {state.library_version} SANDBOX\nDRIVER version      : {state.driver_version}\n"


def _list(state: GpuState, devices: tuple[Device, ...], _options: Options) -> str:
    return "".join(f"GPU {one.minor}: {state.model.name} (UUID: {one.uuid})\n" for one in devices)


def _query(state: GpuState, devices: tuple[Device, ...], options: Options) -> str:
    return query_gpu(state, devices, options.values["--query-gpu"], options.form)


def _processes(_state: GpuState, _devices: tuple[Device, ...], options: Options) -> str:
    fields = options.values["--query-compute-apps"].split(",")
    return "" if "noheader" in options.form else ", ".join(field.strip() for field in fields) + "\n"


def _xml(state: GpuState, devices: tuple[Device, ...], _options: Options) -> str:
    return xml_report(state, devices)


def _table(state: GpuState, devices: tuple[Device, ...], _options: Options) -> str:
    return table(state, devices)


_REPORTS: Mapping[frozenset[str], Callable[[GpuState, tuple[Device, ...], Options], str]] = {
    frozenset({"--version"}): _version,
    frozenset({"-L", "--list-gpus"}): _list,
    frozenset({"--query-gpu"}): _query,
    frozenset({"--query-compute-apps"}): _processes,
    frozenset({"-x", "--xml-format"}): _xml,
}
"""Options to what they print; without any of them, the table."""


def query_gpu(state: GpuState, devices: tuple[Device, ...], fields: str, form: list[str]) -> str:
    """Return one CSV line for each GPU.

    Raises:
        NvidiaSmiError: a field that doesn't exist, or another format than CSV.
    """
    if "csv" not in form:
        raise NvidiaSmiError(EXIT_INVALID_ARGUMENT, '"--format=" switch is missing the required csv format.\n')
    names = [ALIASES.get(field.strip(), field.strip()) for field in fields.split(",")]
    units = {} if "nounits" in form else UNITS
    lines = [] if "noheader" in form else [", ".join(f"{n} [{units[n]}]" if n in units else n for n in names)]
    for device in devices:
        known = readings(state, device)
        unknown = next((name for name in names if name not in known), None)
        if unknown is not None:
            raise NvidiaSmiError(EXIT_INVALID_ARGUMENT, f'Field "{unknown}" is not a valid field to query.\n')
        lines.append(", ".join(_cell(known[name], units.get(name)) for name in names))
    return "".join(f"{line}\n" for line in lines)


def help_query_gpu() -> str:
    """Return the names of all fields."""
    names = readings(EXAMPLE, EXAMPLE.devices[0])
    other = {name: [alias for alias, real in ALIASES.items() if real == name] for name in names}
    lines = (" or ".join(f'"{each}"' for each in (name, *other[name])) for name in names)
    return 'List of valid properties to query for the switch "--query-gpu=" (SANDBOX):\n\n' + "\n".join(lines) + "\n"


def _cell(text: str, unit: str | None) -> str:
    if text == NOT_AVAILABLE:
        return "[N/A]"
    return f"{text} {unit}" if unit else text


def _usable(state: GpuState | None) -> GpuState:
    if state is None or state.driver_version is None:
        raise NvidiaSmiError(EXIT_NO_DRIVER, NO_DRIVER)
    if state.library_version != state.driver_version:
        short = ".".join((state.library_version or "").split(".")[:2])
        text = f"Failed to initialize NVML: Driver/library version mismatch\nNVML library version: {short}\n"
        raise NvidiaSmiError(EXIT_VERSION_MISMATCH, text)
    if not state.devices:
        raise NvidiaSmiError(EXIT_NO_DEVICES, "No devices were found\n")
    return state


def _selected(state: GpuState, wanted: str | None) -> Iterator[Device]:
    if wanted is None:
        yield from state.devices
        return
    for word in wanted.split(","):
        found = [one for one in state.devices if word in (str(one.minor), one.uuid, one.bus_id, f"0000{one.bus_id}")]
        if not found:
            raise NvidiaSmiError(EXIT_NO_DEVICES, "No devices were found\n")
        yield from found


def main(argv: list[str]) -> int:
    """Print the answer; return nvidia-smi's exit status."""
    try:
        sys.stdout.write(answer(argv[1:], current_gpu()))
    except NvidiaSmiError as error:
        sys.stdout.write(str(error))
        return error.status
    return 0
