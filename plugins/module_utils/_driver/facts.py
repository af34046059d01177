# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which driver branches, CUDA toolkits and kernel modules go with which GPU: tables, each row with its source. Pure.

Read 2026-11-23. Where a row rests on one source only, or on a copy of a page, its comment says so.
"""

from __future__ import annotations

from dataclasses import dataclass

DATE = "2026-11-23"

MATRIX = "https://docs.nvidia.com/datacenter/tesla/drivers/cuda-toolkit-driver-and-architecture-matrix.html"
SUPPORT_615 = "https://docs.nvidia.com/datacenter/tesla/drivers/615/supported-drivers-and-cuda-toolkit-versions.html"
SUPPORT_620 = "https://docs.nvidia.com/datacenter/tesla/drivers/620/supported-drivers-and-cuda-toolkit-versions.html"
LIFECYCLE = "https://docs.nvidia.com/datacenter/tesla/drivers/index.html"
LEGACY = "https://www.nvidia.com/en-us/drivers/unix/legacy-gpu/"
MODULES = "https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/610/kernel-modules.html"
MODULES_620 = "https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/620/pdf/Driver_Installation_Guide.pdf"
OPEN_ONLY = "https://developer.nvidia.com/blog/nvidia-transitions-fully-towards-open-source-gpu-kernel-modules/"
TOOLKITS_13 = "https://docs.nvidia.com/cuda/archive/13.3.0/cuda-toolkit-release-notes/index.html"
TOOLKIT_134 = "https://docs.nvidia.com/cuda/archive/13.4.1/cuda-toolkit-release-notes/index.html"
TOOLKITS_12 = "https://docs.nvidia.com/cuda/archive/12.9.0/cuda-toolkit-release-notes/index.html"
MINOR = "https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html"
GPUS = "https://developer.nvidia.com/cuda-gpus"
PCI = "https://pci-ids.ucw.cz/read/PC/10de"
AWS = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/public-nvidia-driver.html"
AWS_GRID = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/nvidia-GRID-driver.html"


@dataclass(frozen=True)
class Architecture:
    """A generation of chips.

    Parameters:
        name: NVIDIA's name in lower case.
        last_branch: the last driver branch that drives it; 0 while it goes on.
        open_modules: whether NVIDIA's open kernel modules drive it.
        proprietary_modules: whether the proprietary ones do.
    """

    name: str
    last_branch: int
    open_modules: bool
    proprietary_modules: bool
    source: str


@dataclass(frozen=True)
class Capability:
    """A compute capability and the toolkits that compile for it; `last` is empty while it goes on."""

    version: str
    architecture: str
    first: str
    last: str
    source: str


@dataclass(frozen=True)
class Gpu:
    """A GPU of EC2.

    Parameters:
        name: as EC2 and people say it.
        product: as nvidia-smi and the PCI list say it; empty where that is the same.
        pci: PCI device ids of vendor 10de, four hexadecimal digits.
        families: EC2 instance families that have it.
        last_branch: its own last driver branch, where that is older than its architecture's.
    """

    name: str
    product: str
    pci: tuple[str, ...]
    capability: str
    families: tuple[str, ...]
    last_branch: int = 0


@dataclass(frozen=True)
class Branch:
    """A driver branch.

    Parameters:
        number: the first part of its drivers' versions.
        kind: `long-term`, `production`, `new-feature`, or `legacy` where NVIDIA no longer lists it.
        support_end: year and month; empty where NVIDIA names none.
        cuda: the newest toolkit whose own driver this is.
        open_modules: whether it has open kernel modules for data-centre GPUs.
        proprietary_modules: whether it has proprietary ones.
    """

    number: int
    kind: str
    support_end: str
    cuda: str
    open_modules: bool
    proprietary_modules: bool
    source: str


@dataclass(frozen=True)
class Toolkit:
    """A CUDA toolkit: the driver it came with, the oldest branch that runs what it compiles, and the source."""

    version: str
    driver: str
    lowest_branch: int
    source: str


ARCHITECTURES: tuple[Architecture, ...] = (
    Architecture("fermi", 390, open_modules=False, proprietary_modules=True, source=MATRIX),
    Architecture("kepler", 470, open_modules=False, proprietary_modules=True, source=MATRIX),
    Architecture("maxwell", 580, open_modules=False, proprietary_modules=True, source=MATRIX),
    Architecture("pascal", 580, open_modules=False, proprietary_modules=True, source=MATRIX),
    Architecture("volta", 580, open_modules=False, proprietary_modules=True, source=MATRIX),
    Architecture("turing", 0, open_modules=True, proprietary_modules=True, source=MODULES),
    Architecture("ampere", 0, open_modules=True, proprietary_modules=True, source=MODULES),
    Architecture("ada", 0, open_modules=True, proprietary_modules=True, source=MODULES),
    Architecture("hopper", 0, open_modules=True, proprietary_modules=True, source=MODULES),
    Architecture("blackwell", 0, open_modules=True, proprietary_modules=False, source=OPEN_ONLY),
)

# The matrix names the last toolkits as "12.x" and "11.x": their last releases stand here. Of 10.3 it has no row:
# toolkit 12.9 was the first with sm_103.
CAPABILITIES: tuple[Capability, ...] = (
    Capability("2.0", "fermi", "3.0", "8.0", MATRIX),
    Capability("3.0", "kepler", "6.0", "10.2", MATRIX),
    Capability("3.5", "kepler", "6.0", "11.8", MATRIX),
    Capability("3.7", "kepler", "6.0", "11.8", MATRIX),
    Capability("5.2", "maxwell", "6.5", "12.9", MATRIX),
    Capability("6.0", "pascal", "8.0", "12.9", MATRIX),
    Capability("6.1", "pascal", "8.0", "12.9", MATRIX),
    Capability("7.0", "volta", "9.0", "12.9", MATRIX),
    Capability("7.5", "turing", "10.0", "", MATRIX),
    Capability("8.0", "ampere", "11.0", "", MATRIX),
    Capability("8.6", "ampere", "11.1", "", MATRIX),
    Capability("8.9", "ada", "11.8", "", MATRIX),
    Capability("9.0", "hopper", "11.8", "", MATRIX),
    Capability("10.0", "blackwell", "12.8", "", MATRIX),
    Capability("10.3", "blackwell", "12.9", "", TOOLKITS_12),
    Capability("12.0", "blackwell", "12.8", "", MATRIX),
)

# PCI ids: PCI above. That of GB200 rests on that list alone.
GPUS_OF_EC2: tuple[Gpu, ...] = (
    Gpu("M2050", "Tesla M2050", ("06de",), "2.0", ("cg1",)),
    # NVIDIA moved the GRID K520 to the 367 branch, though other GPUs of its capability went on to 470: LEGACY.
    Gpu("K520", "GRID K520", ("118a",), "3.0", ("g2",), last_branch=367),
    Gpu("K80", "Tesla K80", ("102d",), "3.7", ("p2",)),
    Gpu("M60", "Tesla M60", ("13f2",), "5.2", ("g3", "g3s")),
    Gpu("V100", "Tesla V100", ("1db1", "1db5"), "7.0", ("p3", "p3dn")),
    Gpu("T4", "Tesla T4", ("1eb8",), "7.5", ("g4dn",)),
    Gpu("T4g", "NVIDIA T4G", ("1eb4",), "7.5", ("g5g",)),
    Gpu("A100", "NVIDIA A100", ("20b0", "20b2"), "8.0", ("p4d", "p4de")),
    Gpu("A10G", "", ("2237",), "8.6", ("g5",)),
    Gpu("L4", "", ("27b8",), "8.9", ("g6", "gr6", "g6f", "gr6f")),
    Gpu("L40S", "", ("26b9",), "8.9", ("g6e",)),
    Gpu("H100", "NVIDIA H100 80GB HBM3", ("2330",), "9.0", ("p5",)),
    Gpu("H200", "", ("2335",), "9.0", ("p5e", "p5en")),
    Gpu("B200", "", ("2901",), "10.0", ("p6-b200",)),
    Gpu("GB200", "", ("2941",), "10.0", ("p6e-gb200",)),
    Gpu("B300", "NVIDIA B300 SXM6 AC", ("3182",), "10.3", ("p6-b300",)),
    Gpu("RTX PRO 4500", "NVIDIA RTX PRO 4500 Blackwell Server Edition", ("2c3a",), "12.0", ("g7",)),
    Gpu("RTX PRO Server 6000", "NVIDIA RTX PRO 6000 Blackwell Server Edition", ("2bb5",), "12.0", ("g7e",)),
)

# From 615 on the installation guide has the section "Proprietary Kernel Modules Removed"; copies of the 615 guide
# differ on it, and the closed choice is the safe one. The toolkit of 620 is not published: 13.4 at least.
# Months of 470, 550 and 570 are from older copies of LIFECYCLE.
BRANCHES: tuple[Branch, ...] = (
    Branch(367, "legacy", "", "8.0", False, True, LEGACY),
    Branch(390, "legacy", "2022-12", "9.1", False, True, LEGACY),
    Branch(470, "long-term", "2024-07", "11.4", False, True, LIFECYCLE),
    Branch(535, "long-term", "2026-06", "12.2", True, True, SUPPORT_615),
    Branch(550, "production", "2025-02", "12.4", True, True, LIFECYCLE),
    Branch(570, "production", "2026-02", "12.8", True, True, LIFECYCLE),
    Branch(580, "long-term", "2028-06", "13.0", True, True, SUPPORT_620),
    Branch(590, "new-feature", "", "13.1", True, True, TOOLKITS_13),
    Branch(595, "production", "2027-03", "13.2", True, True, SUPPORT_620),
    Branch(610, "new-feature", "2026-08", "13.3", True, True, SUPPORT_615),
    Branch(615, "new-feature", "", "13.4", True, False, MODULES_620),
    Branch(620, "long-term", "2029-09", "13.4", True, False, SUPPORT_620),
)
# What to take where a person leaves the choice: long-term branches first, the one that every package source has
# before the one that is weeks old.
PREFERRED: tuple[int, ...] = (580, 620, 595)

# Since CUDA 11 a driver runs what any toolkit of its major version compiled, without just-in-time compilation of
# PTX that a newer toolkit made (MINOR). Toolkit 13.4 names no driver of its own; 615 is the first to report 13.4.
TOOLKITS: tuple[Toolkit, ...] = (
    Toolkit("8.0", "367.48", 367, TOOLKITS_12),
    Toolkit("9.0", "384.81", 384, TOOLKITS_12),
    Toolkit("9.1", "390.46", 390, TOOLKITS_12),
    Toolkit("9.2", "396.26", 396, TOOLKITS_12),
    Toolkit("10.0", "410.48", 410, TOOLKITS_12),
    Toolkit("10.1", "418.39", 418, TOOLKITS_12),
    Toolkit("10.2", "440.33", 440, TOOLKITS_12),
    Toolkit("11.0", "450.36.06", 450, MINOR),
    Toolkit("11.1", "455.23", 450, MINOR),
    Toolkit("11.2", "460.27.03", 450, MINOR),
    Toolkit("11.3", "465.19.01", 450, MINOR),
    Toolkit("11.4", "470.42.01", 450, MINOR),
    Toolkit("11.5", "495.29.05", 450, MINOR),
    Toolkit("11.6", "510.39.01", 450, MINOR),
    Toolkit("11.7", "515.43.04", 450, MINOR),
    Toolkit("11.8", "520.61.05", 450, MINOR),
    Toolkit("12.0", "525.60.13", 525, TOOLKITS_12),
    Toolkit("12.1", "530.30.02", 525, TOOLKITS_12),
    Toolkit("12.2", "535.54.03", 525, TOOLKITS_12),
    Toolkit("12.3", "545.23.06", 525, TOOLKITS_12),
    Toolkit("12.4", "550.54.14", 525, TOOLKITS_12),
    Toolkit("12.5", "555.42.02", 525, TOOLKITS_12),
    Toolkit("12.6", "560.28.03", 525, TOOLKITS_12),
    Toolkit("12.8", "570.26", 525, TOOLKITS_12),
    Toolkit("12.9", "575.51.03", 525, TOOLKITS_12),
    Toolkit("13.0", "580.65.06", 580, TOOLKITS_13),
    Toolkit("13.1", "590.44.01", 580, TOOLKITS_13),
    Toolkit("13.2", "595.45.04", 580, TOOLKITS_13),
    Toolkit("13.3", "610.43.02", 580, TOOLKITS_13),
    Toolkit("13.4", "615", 580, TOOLKIT_134),
)

# Instance family -> the oldest driver that drives it, source AWS. AWS names none for g4dn, p3 and p4: there the
# architecture decides. G7 is not in the copy read: its GPU came with 580 (not confirmed).
LOWEST_DRIVER: dict[str, str] = {
    "g5": "470.00",
    "g5g": "470.82.01",
    "g6": "525.0",
    "gr6": "525.0",
    "g6e": "535.0",
    "g7": "580.0",
    "g7e": "575.0",
    "p5": "530.0",
    "p5e": "550.0",
    "p5en": "550.0",
    "p6-b200": "570.0",
    "p6e-gb200": "570.0",
    "p6-b300": "580.0",
}

# Families with a slice of a GPU, which only AWS's GRID driver drives -> its lowest and highest version, source
# AWS_GRID. GRID version 18 is branch 570, 19 is 580.
GRID_ONLY: dict[str, tuple[str, str]] = {"g6f": ("18.4", "19.5"), "gr6f": ("18.4", "19.5")}
GRID_BRANCHES: dict[str, int] = {"18": 570, "19": 580}
