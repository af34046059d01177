# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Driver, modules and toolkit for a GPU: what is chosen, what is refused, and what is said to work instead."""

from __future__ import annotations

import re

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.device import Device, find_device
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.facts import BRANCHES, GPUS_OF_EC2, TOOLKITS, Branch
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.resolve import Decision, resolve
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.rules import KINDS, MODULES, Combination, objections
from ansible_collections.gpgpu.aws.plugins.module_utils._driver.words import as_numbers
from hypothesis import given
from hypothesis import strategies as st

# What a person says -> branch, modules, toolkit, kind.
CHOSEN = [
    ({"gpu": "T4"}, ("580", "open", "13.0", "data-center")),
    ({"family": "g6.xlarge"}, ("580", "open", "13.0", "data-center")),
    ({"family": "g7e"}, ("580", "open", "13.0", "data-center")),
    ({"gpu": "B200"}, ("580", "open", "13.0", "data-center")),
    ({"gpu": "V100"}, ("580", "proprietary", "12.9", "data-center")),
    ({"gpu": "M60"}, ("580", "proprietary", "12.9", "data-center")),
    ({"gpu": "K80"}, ("470", "proprietary", "11.4", "data-center")),
    ({"gpu": "K520"}, ("367", "proprietary", "8.0", "data-center")),
    ({"gpu": "M2050"}, ("390", "proprietary", "8.0", "data-center")),
    ({"family": "g6f"}, ("580", "open", "13.0", "grid")),
    ({"family": "g6f", "branch": "570"}, ("570", "open", "12.8", "grid")),
    ({"gpu": "T4", "module": "proprietary"}, ("580", "proprietary", "13.0", "data-center")),
    ({"gpu": "T4", "branch": "R595.91.07"}, ("595", "open", "13.2", "data-center")),
    ({"gpu": "T4", "branch": "620"}, ("620", "open", "13.4", "data-center")),
    ({"gpu": "L4", "cuda": "13.3"}, ("620", "open", "13.3", "data-center")),
    ({"gpu": "L4", "cuda": "13.3", "branch": "580"}, ("580", "open", "13.3", "data-center")),
    # 610 came with CUDA 13.3 and has ended: a supported branch is worth more.
    ({"gpu": "T4", "cuda": "13.3", "module": "proprietary"}, ("580", "proprietary", "13.3", "data-center")),
    ({"gpu": "L4", "cuda": "12.8.1"}, ("580", "open", "12.8", "data-center")),
    ({"gpu": "L4", "cuda": "12"}, ("580", "open", "12.9", "data-center")),
    ({"compute_capability": "8.6"}, ("580", "open", "13.0", "data-center")),
]

# What a person says -> what stands against it, what would work.
REFUSED: dict[str, tuple[dict[str, str], str, str]] = {
    "K520 with a current CUDA": (
        {"gpu": "K520", "cuda": "13.0"},
        "CUDA 13.0 dropped the K520 (compute capability 3.0): 10.2 is its last.",
        "driver 367 with proprietary modules and CUDA 8.0",
    ),
    "V100 with CUDA 13": (
        {"gpu": "V100", "cuda": "13"},
        "CUDA 13.0 dropped the V100 (compute capability 7.0): 12.9 is its last.",
        "driver 580 with proprietary modules and CUDA 12.9",
    ),
    "CUDA 13 on driver 570": (
        {"gpu": "T4", "cuda": "13.0", "branch": "570"},
        "CUDA 13.0 needs driver 580 at least, not 570.",
        "driver 570 with open modules and CUDA 12.8; or driver 580 with open modules and CUDA 13.0",
    ),
    "Blackwell with proprietary modules": (
        {"gpu": "B200", "module": "proprietary"},
        "The B200 is Blackwell, which the proprietary modules do not drive.",
        "driver 580 with open modules and CUDA 13.0",
    ),
    "V100 with open modules": (
        {"family": "p3dn", "module": "open"},
        "The open modules drive Turing and newer GPUs, and the V100 is Volta.",
        "driver 580 with proprietary modules and CUDA 12.9",
    ),
    "V100 on driver 595": (
        {"gpu": "V100", "branch": "595"},
        "Driver 580 is the last one for the V100: 595 dropped it.",
        "driver 580 with proprietary modules and CUDA 12.9",
    ),
    "g6f with the data-centre driver": (
        {"family": "g6f.xlarge", "kind": "data-center"},
        "g6f has a slice of a GPU, which only AWS's GRID driver drives, not the data-centre one.",
        "the GRID driver 580 with open modules and CUDA 13.0",
    ),
    "g6f on a branch that AWS's GRID driver has not": (
        {"family": "g6f", "branch": "595"},
        "AWS's GRID driver for g6f is version 18.4 to 19.5 (branch 570 or 580), not branch 595.",
        "the GRID driver 580 with open modules and CUDA 13.0",
    ),
    "a whole L4 with the GRID driver": (
        {"family": "g6", "kind": "grid"},
        "The GRID driver is for slices of a GPU (g6f, gr6f); whole GPUs compute without it.",
        "driver 580 with open modules and CUDA 13.0",
    ),
    "T4 with the proprietary modules of 620": (
        {"gpu": "T4", "branch": "620", "module": "proprietary"},
        "Driver 620 has no proprietary modules any more.",
        "driver 580 with proprietary modules and CUDA 13.0; or driver 620 with open modules and CUDA 13.4",
    ),
    "open modules of 470": (
        {"gpu": "T4", "branch": "470", "module": "open"},
        "Driver 470 has no open modules: they came with 515.",
        "driver 580 with open modules and CUDA 13.0; or driver 470 with proprietary modules and CUDA 11.4",
    ),
    "Ada on 470": (
        {"family": "g6", "branch": "470"},
        "The L4 needs driver 525 at least, not 470.",
        "driver 580 with open modules and CUDA 13.0",
    ),
    "a toolkit older than the GPU": (
        {"gpu": "B300", "cuda": "12.8"},
        "CUDA 12.8 does not know the B300: 12.9 is the first that does.",
        "driver 580 with open modules and CUDA 13.0",
    ),
}

GPU_NAMES = [gpu.name for gpu in GPUS_OF_EC2]
FAMILIES = [family for gpu in GPUS_OF_EC2 for family in gpu.families]
WORDS = {
    "cuda": st.sampled_from(["", *(row.version for row in TOOLKITS)]),
    "branch": st.sampled_from(["", *(str(row.number) for row in BRANCHES)]),
    "module": st.sampled_from(["", *MODULES]),
    "kind": st.sampled_from(["", *KINDS]),
}


@pytest.mark.parametrize(("said", "chosen"), CHOSEN, ids=str)
def test_chosen(said: dict[str, str], chosen: tuple[str, str, str, str]) -> None:
    decision = resolve(**said)
    assert decision.problems == ()
    assert (decision.branch, decision.module, decision.cuda, decision.kind) == chosen


@pytest.mark.parametrize(("said", "problem", "works"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(said: dict[str, str], problem: str, works: str) -> None:
    decision = resolve(**said)
    assert problem in decision.problems
    assert "; or ".join(decision.works) == works
    assert str(decision).endswith(f"What would work: {works}.")


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"gpu": "A10"}, "There is no GPU A10 on EC2. Did you mean A10G? Known are "),
        ({"gpu": "T4", "cuda": "13.9"}, "There is no CUDA toolkit 13.9. Did you mean 13."),
        ({"gpu": "T4", "branch": "58x"}, "There is no driver branch 58x. Did you mean 580? Known are 367, "),
        ({"gpu": "T4", "module": "opne"}, "There is no flavour of kernel modules opne. Did you mean open? "),
        ({"gpu": "T4", "kind": "gird"}, "There is no kind of driver gird. Did you mean grid? "),
    ],
)
def test_unknown_words(said: dict[str, str], problem: str) -> None:
    decision = resolve(**said)
    assert [text.startswith(problem) for text in decision.problems] == [True]
    assert decision.branch == ""


def test_all_unknown_words_are_told_at_once() -> None:
    assert len(resolve(gpu="A10", cuda="13.9", branch="1", module="x", kind="y").problems) == 5


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"gpu": "T4"}, "Driver 580 is supported until 2028-06 ("),
        ({"gpu": "K80"}, "Driver 470 has no support any more ("),
        ({"gpu": "T4", "branch": "535"}, "Driver 535 has no support any more ("),
        ({"gpu": "V100"}, "Driver 580 is the last one for this GPU."),
        ({"gpu": "L4", "cuda": "13.3", "branch": "580"}, "CUDA 13.3 came with driver 610.43.02: on 580 its programs"),
        ({"family": "g6f"}, "g6f needs AWS's GRID driver, version 18.4 to 19.5 ("),
    ],
)
def test_reasons(said: dict[str, str], sentence: str) -> None:
    assert any(reason.startswith(sentence) for reason in resolve(**said).reasons)


@given(said=st.fixed_dictionaries({"family": st.sampled_from(FAMILIES), **WORDS}))
def test_every_answer_keeps_the_rules(said: dict[str, str]) -> None:
    """Either all that was said is in the answer and passes every rule, or what is named as working is chosen then."""
    decision = resolve(**said)
    if decision.problems:
        assert decision.works
        for way in decision.works:
            again = _said_again(said["family"], way)
            assert again.problems == ()
        return
    assert all(getattr(decision, word) == said[word] for word in WORDS if said[word])
    assert objections(_device(said["family"]), _combination(decision)) == []


def _said_again(family: str, way: str) -> Decision:
    found = re.fullmatch(r"(.+) (\d+) with (\w+) modules and CUDA ([\d.]+)", way)
    assert found
    kind = "grid" if "GRID" in found[1] else "data-center"
    return resolve(family=family, branch=found[2], module=found[3], cuda=found[4], kind=kind)


def _device(family: str) -> Device:
    device, problems = find_device(family=family)
    assert device is not None, problems
    return device


def _combination(decision: Decision) -> Combination:
    branch = next(row for row in BRANCHES if str(row.number) == decision.branch)
    toolkit = next(row for row in TOOLKITS if row.version == decision.cuda)
    return Combination(decision.kind, branch, decision.module, toolkit)


@given(gpu=st.sampled_from(GPU_NAMES), cuda=WORDS["cuda"], older=st.sampled_from(BRANCHES))
def test_a_newer_driver_never_runs_less(gpu: str, cuda: str, older: Branch) -> None:
    """What works on a branch works on every newer one that still drives the GPU."""
    if resolve(gpu=gpu, cuda=cuda, branch=str(older.number)).problems:
        return
    device = find_device(gpu=gpu)[0]
    assert device
    last = device.last_branch or BRANCHES[-1].number
    for branch in [row for row in BRANCHES if older.number <= row.number <= last]:
        assert resolve(gpu=gpu, cuda=cuda, branch=str(branch.number)).problems == ()


@given(gpu=st.sampled_from(GPU_NAMES), branch=st.sampled_from([str(row.number) for row in BRANCHES]))
def test_the_chosen_toolkit_is_never_newer_than_the_driver_or_the_gpu(gpu: str, branch: str) -> None:
    decision = resolve(gpu=gpu, branch=branch)
    device = find_device(gpu=gpu)[0]
    assert device
    if decision.problems:
        return
    row = next(one for one in BRANCHES if str(one.number) == branch)
    limits = [row.cuda, device.capability.last or row.cuda]
    assert as_numbers(decision.cuda) <= min(map(as_numbers, limits))


def test_every_gpu_of_ec2_has_a_way() -> None:
    assert [family for family in FAMILIES if resolve(family=family).problems] == []


def test_the_result_is_plain_data() -> None:
    assert resolve(gpu="T4").as_result()["branch"] == "580"
