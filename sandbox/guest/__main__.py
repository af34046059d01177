# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start one program of a guest: `python3 /run/gpgpu-sandbox MODULE NAME ARGUMENTS...`.

The folder is run as a whole, so that Python looks for the sandbox's modules there and nowhere else.
"""

from __future__ import annotations

import importlib
import sys

if __name__ == "__main__":
    sys.exit(importlib.import_module(f"sandbox.{sys.argv[1]}").main(sys.argv[2:]))
