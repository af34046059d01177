# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of a run, of the way to its machines and of where they stand; documented in doc_fragments run and place."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import env_fallback
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import ACCESS, STRATEGIES

RUN_ARGUMENTS: dict[str, dict[str, Any]] = {"run_id": {"type": "str", "required": True}}
REACH_ARGUMENTS: dict[str, dict[str, Any]] = {
    "ssh_port": {"type": "int", "default": 22, "fallback": (env_fallback, ["GPU_SSH_PORT"])},
    "key_file": {"type": "path"},
}
PLACE_ARGUMENTS: dict[str, dict[str, Any]] = {
    "access": {"type": "str", "choices": list(ACCESS), "default": "ssh"},
    "placement_strategy": {"type": "str", "choices": list(STRATEGIES), "default": ""},
    "placement_group": {"type": "str", "default": ""},
    "efa": {"type": "bool", "default": False},
    "instance_profile": {"type": "str", "default": ""},
    "user_data": {"type": "str", "default": "", "no_log": True},
    "capacity_reservation_id": {"type": "str", "default": ""},
    "buy_capacity_block": {"type": "bool", "default": False},
}
