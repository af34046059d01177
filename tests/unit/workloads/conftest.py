# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of the two roles, loaded as modules: on a host each is read from standard input."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest

from tools.shipped import ROOT


def load(path: str) -> ModuleType:
    """Return the Python file at a path of the clone as a module of its own."""
    spec = spec_from_file_location(path.replace("/", "_").removesuffix(".py"), ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fixture_of(name: str, role: str) -> object:
    return pytest.fixture(scope="session", name=name)(lambda: load(f"roles/{role}/files/{name}.py"))


pack = fixture_of("pack", "gpu_workload")
unpack = fixture_of("unpack", "gpu_workload")
probe = fixture_of("probe", "gpu_workload")
environment = fixture_of("environment", "gpu_workload")
supervise = fixture_of("supervise", "gpu_workload")
manifest = fixture_of("manifest", "gpu_harvest")
receive = fixture_of("receive", "gpu_harvest")
