# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk in front of a sandbox: it runs modules and playbooks, and sees the truth by the control plane alone."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from ansible.module_utils.testing import patch_module_args
from ansible_collections.gpgpu.aws.plugins.modules import ec2_gpu_run

from tests.sandbox.cloud import Cloud

CLONE = Path(__file__).resolve().parents[2]
OVER = ("terminated", "shutting-down")


@dataclass
class Desk:
    """What a test works with.

    Parameters:
        cloud: the sandbox, for its control plane and for making things that are not the collection's.
    """

    cloud: Cloud

    def run(self, module: ModuleType, **options: Any) -> dict[str, Any]:
        """What a module prints, run as Ansible runs it, in this process; the calls are counted from here."""
        self.cloud.control("DELETE", "calls")
        printed = io.StringIO()
        with patch_module_args(options), redirect_stdout(printed), suppress(SystemExit):
            module.main()
        result: dict[str, Any] = json.loads(printed.getvalue())
        return result

    def rent(self, run_id: str, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        """The result of `state=present`; hosts of this sandbox have no SSH."""
        given = {"run_id": run_id, "wait_for": "running", **options}
        return self.run(ec2_gpu_run, _ansible_check_mode=check_mode, **given)

    def remove(self, run_id: str, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        """The result of `state=absent`."""
        return self.run(ec2_gpu_run, _ansible_check_mode=check_mode, run_id=run_id, state="absent", **options)

    def playbook(self, name: str, **variables: Any) -> subprocess.CompletedProcess[str]:
        """Run a playbook of the collection, without colours."""
        command = [str(Path(sys.executable).with_name("ansible-playbook")), f"playbooks/{name}.yml"]
        environment = {**os.environ, "ANSIBLE_NOCOLOR": "1"}
        return subprocess.run(
            [*command, "-e", json.dumps(variables)],
            cwd=CLONE,
            env=environment,
            text=True,
            capture_output=True,
            check=False,
            timeout=120,
        )

    @property
    def calls(self) -> list[str]:
        """The calls of the last module, in no order: some run side by side."""
        return sorted(call["action"] for call in self.cloud.control("GET", "calls"))

    def faults(self, *rules: dict[str, Any]) -> None:
        """Put faults in force."""
        self.cloud.control("PUT", "faults", list(rules))

    def truth(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """Everything that exists, by region, kind and id, without what every account has."""
        regions = self.cloud.control("GET", "state")["regions"]
        return {
            (region, kind, row["id"]): row
            for region, kinds in regions.items()
            for kind, rows in kinds.items()
            for row in rows
            if not row.get("default") and not (kind == "instances" and row["state"] in OVER)
        }

    def owned(self, run_id: str) -> dict[str, list[dict[str, Any]]]:
        """What carries a run's tag, by kind."""
        found: dict[str, list[dict[str, Any]]] = {}
        for (_region, kind, _id), row in self.truth().items():
            if row["tags"].get("gpgpu:run") == run_id and row.get("state") not in ("closed", "cancelled"):
                found.setdefault(kind, []).append(row)
        return found


# A fault of calls that are no dry run.
REAL: dict[str, Any] = {"match": {"DryRun": None}}


def refusal(action: str, code: str, message: str = "words of AWS", **more: Any) -> dict[str, Any]:
    """A fault: AWS refuses a call that is no dry run."""
    return {"action": action, "error": {"code": code, "message": message, "status": 400}, **REAL, **more}
