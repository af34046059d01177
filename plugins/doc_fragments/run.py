# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation shared by the modules that name a run."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that say which run and how its machines are reached."""

    DOCUMENTATION = r"""
options:
  run_id:
    description:
      - Name of the run. Everything a run owns carries it as the tag C(gpgpu:run).
      - 1 to 48 letters, digits, dots, dashes and underscores.
    type: str
    required: true
"""

    REACH = r"""
options:
  ssh_port:
    description:
      - Port on which the machines' SSH server listens.
      - The environment variable E(GPU_SSH_PORT) may also be used.
    type: int
    default: 22
  key_file:
    description:
      - Private key that logs in to the machines.
      - When not given, it is C(~/.ssh/gpgpu/<region>/<run_id>/id_ed25519), made for the run.
    type: path
"""
