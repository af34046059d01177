# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines that were bought a moment ago and that AWS does not list yet: a removal must wait for them.

A launch notes on the run's security group what it is about to buy, and that it was refused when it was. A note whose
machines no reading shows may belong to a controller that died, so they are looked for by their client token for as
long as AWS may hide them. https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
"""

from __future__ import annotations

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import network
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.buy import settle_trace
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.trace import last_trace


def hidden_machines(clients: Clients, run_id: str, state: RunState, clock: Clock) -> list[str]:
    """The ids of machines that the run has bought and that a reading did not show; waits for them.

    Parameters:
        state: the reading.
    """
    groups = state.ids("security-group")
    if not groups:
        return []
    rows = network.describe_security_groups(clients.ec2, Filters=[{"Name": "group-id", "Values": groups}])
    trace = last_trace((clients.region, row) for row in rows)
    generations = {tags.tags_of(row).get(tags.GENERATION, "") for row in state.instances}
    if trace is None or str(trace.generation) in generations:
        return []
    return settle_trace(clients, run_id, trace, clock)
