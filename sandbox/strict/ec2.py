# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2 as the sandbox answers it: moto's responses under our stricter ones."""

from __future__ import annotations

from moto.ec2.responses import EC2Response


class SandboxEc2(EC2Response):
    """Each base answers the calls of one rule family and leaves the rest to moto."""
