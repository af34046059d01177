# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why machines can't stand or be reached as they were asked for, before anything is made. Pure.

Limits: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-groups.html ,
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/eice-quotas.html ,
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa.html .
"""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.gpgpu.aws.plugins.module_utils._offer.machine import MachineType
from ansible_collections.gpgpu.aws.plugins.module_utils._run.request import DISK_NAMES
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec

# Machines of a spread group in one zone, and connections through one instance connect endpoint at a time.
SPREAD_LIMIT = 7
ENDPOINT_LIMIT = 20
# The port that an instance connect endpoint leads to besides that of Windows.
ENDPOINT_PORT = 22


def place_problems(spec: LaunchSpec, ssh_port: int = ENDPOINT_PORT) -> list[str]:
    """Everything about a run's place that can't work on any machine, each with its fix."""
    return [*_group_problems(spec), *_access_problems(spec, ssh_port), *_market_problems(spec)]


def machine_problems(spec: LaunchSpec, machine: MachineType) -> list[str]:
    """Everything about a run's place that can't work on machines of this type, each with its fix."""
    if not spec.efa:
        return []
    if not machine.fabric:
        return [f"{machine.name} takes no elastic fabric adapter: choose a type that does, or leave gpu_efa out."]
    several = len([kind for kind in machine.fabric if kind]) > 1
    if several and spec.public_address and not spec.fixed_address:
        return [
            f"AWS gives no public address to a machine with several interfaces, and {machine.name} with adapters has: "
            "set gpu_fixed_address to true, or gpu_public_address to false."
        ]
    return []


def _group_problems(spec: LaunchSpec) -> Iterator[str]:
    if spec.placement_strategy == "spread" and spec.count > SPREAD_LIMIT:
        yield (
            f"A spread placement group takes {SPREAD_LIMIT} machines in a zone, not {spec.count}: "
            "lower gpu_count or choose another gpu_placement_strategy."
        )
    together = spec.zone or spec.subnet_id or spec.placement_group or spec.placement_strategy == "cluster"
    if spec.efa and spec.count > 1 and not together:
        yield (
            "Elastic fabric adapters reach machines of the same zone only: set gpu_placement_strategy to cluster, "
            "or name one zone with gpu_zones or a subnet with gpu_subnet_id."
        )
    if len(spec.volumes) > len(DISK_NAMES):
        yield f"A machine takes {len(DISK_NAMES)} further disks, not {len(spec.volumes)}: shorten gpu_volumes."


def _access_problems(spec: LaunchSpec, ssh_port: int) -> Iterator[str]:
    if spec.access != "instance-connect-endpoint":
        return
    if ssh_port != ENDPOINT_PORT:
        yield f"Instance connect endpoints lead to port {ENDPOINT_PORT} only: let SSH listen there, not at {ssh_port}."
    if spec.count > ENDPOINT_LIMIT:
        yield (
            f"An instance connect endpoint carries {ENDPOINT_LIMIT} connections at a time, and the run has "
            f"{spec.count} machines: set gpu_access to session-manager."
        )


def _market_problems(spec: LaunchSpec) -> Iterator[str]:
    if spec.market == "capacity-block" and not spec.capacity_reservation_id:
        yield "The market capacity-block needs a block that was bought: set gpu_capacity_reservation_id."
    if spec.market == "spot" and spec.capacity_reservation_id:
        yield "A capacity reservation holds on-demand machines: leave spot out of gpu_markets."
