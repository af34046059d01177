# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of where the machines of a run stand and how they are reached."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of PLACE_ARGUMENTS."""

    DOCUMENTATION = r"""
options:
  access:
    description:
      - How the machines are reached. V(ssh) goes to their address, which only O(allowed_cidrs) may do.
      - V(session-manager) and V(instance-connect-endpoint) are tunnels of AWS; no port is open to any address then.
        They need commands of AWS on the controller.
    type: str
    choices: [ssh, session-manager, instance-connect-endpoint]
    default: ssh
  placement_strategy:
    description:
      - Make a placement group for the run and remove it with the run. V(cluster) keeps the machines near one another,
        V(spread) on different hardware, V(partition) in groups that share none.
    type: str
    choices: ["", cluster, spread, partition]
    default: ""
  placement_group:
    description:
      - Name of an existing placement group to use instead. It is never deleted.
    type: str
    default: ""
  efa:
    description:
      - Give the machines an elastic fabric adapter, for traffic between several of them.
    type: bool
    default: false
  instance_profile:
    description:
      - Name or ARN of an instance profile, for what the machines themselves may do in the account.
    type: str
    default: ""
  user_data:
    description:
      - A cloud-init part of your own, such as a script or a C(#cloud-config). It runs after the lease is armed and
        can't displace the lease; a part that could is refused.
    type: str
    default: ""
  capacity_reservation_id:
    description:
      - A capacity reservation or capacity block to launch into. Type, zone and market come from it. It is never
        cancelled.
      - Another offer is taken in its place only when O(markets) names its market and others.
    type: str
    default: ""
  buy_capacity_block:
    description:
      - Whether a capacity block may be bought where O(markets) has V(capacity-block). Its whole fee is due at once,
        used or not, and nobody gives it back; it has to be within O(budget_usd), which must be given.
      - A block of the run that was bought before is used and no second one bought.
    type: bool
    default: false
"""
