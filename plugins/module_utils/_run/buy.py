# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buy the machines of a run exactly once, whatever happens to the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from functools import partial
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError, error_code
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.poll import Clock, poll
from ansible_collections.gpgpu.aws.plugins.module_utils._run.host import live
from ansible_collections.gpgpu.aws.plugins.module_utils._run.request import Purchase, purchase_request
from ansible_collections.gpgpu.aws.plugins.module_utils._run.trace import Trace

# How long a machine that was bought may stay invisible.
# https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
VISIBLE_SECONDS = 120
# Earlier lives of a run whose tokens AWS still remembers, though it no longer shows their machines.
PAST_LIVES = 20


def buy_machines(clients: Clients, purchase: Purchase, generation: int, clock: Clock) -> list[str]:
    """Launch the machines of one purchase, or adopt those that an earlier attempt already bought.

    Two answers of AWS to a known token are good news: IdempotentParameterMismatch says that an earlier attempt
    was accepted though its answer was lost, and IdempotentInstanceTerminated that a whole earlier life of the run
    is over; which of the two comes for a changed request whose machines have ended is not written down.
    https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html

    Returns:
        the ids of the machines.

    Raises:
        AwsCallError: AWS refused.
        GpuError: machines were bought and can't be found.
    """
    for number in range(generation, generation + PAST_LIVES):
        request = purchase_request(purchase, number)
        try:
            rows = ec2.run_instances(clients.buyer, **request)
        except AwsCallError as error:
            code = error_code(error)
            if code == "IdempotentInstanceTerminated":
                continue
            if code == "IdempotentParameterMismatch":
                adopted = adopt_machines(clients, request["ClientToken"], clock)
                if adopted:
                    return adopted
                continue
            raise
        if all(row["State"]["Name"] in ("pending", "running") for row in rows):
            return sorted(row["InstanceId"] for row in rows)
    raise GpuError(
        f"Run {purchase.spec.run_id} has ended {PAST_LIVES} times within a day",
        "Choose another run id.",
        "too_many_lives",
    )


def find_purchase(clients: Clients, token: Callable[[int], str], generation: int) -> list[str]:
    """The living machines that a purchase, or a later life of it, bought; empty when AWS shows none.

    Parameters:
        token: the client token of a generation.
    """
    tokens = [token(number) for number in range(generation, generation + PAST_LIVES)]
    rows = ec2.describe_instances(clients.ec2, Filters=[{"Name": "client-token", "Values": tokens}])
    return sorted(row["InstanceId"] for row in live(rows))


def settle_trace(clients: Clients, run_id: str, trace: Trace, clock: Clock) -> list[str]:
    """The machines that a launch bought whose controller died, waited for as long as AWS may hide them.

    Parameters:
        trace: what that launch asked for last.

    Returns:
        their ids; empty when it bought none.
    """
    age = (datetime.now(timezone.utc) - trace.at).total_seconds()
    token = partial(trace.client_token, run_id)
    _found, ids = poll(
        lambda: find_purchase(clients, token, trace.generation), bool, max(0.0, VISIBLE_SECONDS - age), clock
    )
    return ids


def adopt_machines(clients: Clients, token: str, clock: Clock) -> list[str]:
    """The machines that an earlier attempt with this token bought; empty when all of them have ended.

    Raises:
        GpuError: AWS does not show them in time.
    """

    def read() -> list[dict[str, Any]]:
        return ec2.describe_instances(clients.ec2, Filters=[{"Name": "client-token", "Values": [token]}])

    found, rows = poll(read, bool, VISIBLE_SECONDS, clock)
    if not found:
        raise GpuError(
            f"An earlier attempt bought machines (client token {token}) that AWS does not show yet",
            "Run the same launch again in a minute, or tear the run down.",
            "purchase_invisible",
        )
    return sorted(row["InstanceId"] for row in rows) if live(rows) else []
