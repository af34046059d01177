# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments shared by the modules that name a run; documented in doc_fragments/run.py."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import env_fallback

RUN_ARGUMENTS: dict[str, dict[str, Any]] = {"run_id": {"type": "str", "required": True}}
REACH_ARGUMENTS: dict[str, dict[str, Any]] = {
    "ssh_port": {"type": "int", "default": 22, "fallback": (env_fallback, ["GPU_SSH_PORT"])},
    "key_file": {"type": "path"},
}
