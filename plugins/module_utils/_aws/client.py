# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of AWS, made once per service and region."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

# The Price List API answers in three regions only.
# https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html
PRICING_REGION = "us-east-1"
# Calls at the same time at most: more than AWS has regions, so that none waits for another.
MOST_AT_ONCE = 64


class Clients:
    """Lazily made boto3 clients; calls that run side by side share one.

    Parameters:
        make: makes a client from a service name and a region; with `once`, one that repeats nothing by itself.
        region: the region of the run.
        beside: clients of another region. What serves all regions is made once for both, for a client of botocore
            takes more work than a call.
    """

    def __init__(self, make: Callable[..., Any], region: str, beside: Clients | None = None) -> None:
        self._make = make
        self._made: dict[tuple[str, str, bool], Any] = beside._made if beside else {}
        self._making: Lock = beside._making if beside else Lock()
        self.region = region

    def client(self, service: str, region: str = "", once: bool = False) -> Any:
        """The client of a service, in the run's region unless another is named.

        Parameters:
            once: a client of its own that repeats no call.
        """
        key = (service, region or self.region, once)
        if key in self._made:
            return self._made[key]
        with self._making:
            if key not in self._made:
                self._made[key] = self._make(*key[:2], **({"once": True} if once else {}))
            return self._made[key]

    @property
    def buyer(self) -> Any:
        """Client of EC2 for purchases: AWS calls a lack of capacity a server error, which others would repeat."""
        return self.client("ec2", once=True)

    @property
    def ec2(self) -> Any:
        """Client of EC2."""
        return self.client("ec2")

    @property
    def ssm(self) -> Any:
        """Client of Systems Manager, for the public image parameters."""
        return self.client("ssm")

    @property
    def pricing(self) -> Any:
        """Client of the Price List API."""
        return self.client("pricing", PRICING_REGION)

    @property
    def quotas(self) -> Any:
        """Client of Service Quotas."""
        return self.client("service-quotas")


def in_parallel(calls: Iterable[Callable[[], Any]]) -> list[Any]:
    """Run independent reads side by side; the answers keep the order of the calls.

    Raises:
        the first exception, in the order of the calls, after all have ended.
    """
    pending = list(calls)
    with ThreadPoolExecutor(max_workers=max(1, min(MOST_AT_ONCE, len(pending)))) as pool:
        futures = [pool.submit(call) for call in pending]
    return [future.result() for future in futures]
