# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that moto lacks, by (signing name, action)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sandbox.answers import Answer
from sandbox.call import Call

SERVICES: Mapping[tuple[str, str], Callable[[Call], Answer]] = {}
