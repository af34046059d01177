# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module that talks to AWS is in the action group, so that `module_defaults` reaches all of them."""

from __future__ import annotations

from pathlib import Path

import yaml

GROUP = "aws"
PREFIX = "ec2_"


def problems(collection: Path) -> list[str]:
    """Return the modules that are missing from the action group, and the names in it that are no modules."""
    runtime = yaml.safe_load((collection / "meta/runtime.yml").read_text())
    group = set(runtime["action_groups"][GROUP])
    modules = {path.stem for path in (collection / "plugins/modules").glob(f"{PREFIX}*.py")}
    missing = [f"{name}: not in the action group {GROUP}" for name in sorted(modules - group)]
    return missing + [f"{name}: in the action group {GROUP}, but no module" for name in sorted(group - modules)]
