# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of the sandbox itself (not the errors it answers in AWS's name)."""

from __future__ import annotations


class SandboxError(Exception):
    """Something that stops the sandbox; the message says what to do."""
