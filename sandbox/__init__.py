# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A local EC2 whose instances are real hosts: no account, no bill, loopback only.

Start it with ``python -m sandbox up``; see README.md beside this file.
The collection never imports this package and this package never imports the collection.
"""
