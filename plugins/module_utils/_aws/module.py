# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place where the collection meets amazon.aws's module class."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cached_property
from threading import Lock
from typing import Any, NoReturn

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError, explain

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError
except ImportError:
    pass  # AnsibleAWSModule names the missing library.

# Names the collection in the user agent of every call.
AGENT = "gpgpu.aws/0.1.0"
# The word for every region that is enabled for the account.
ALL_REGIONS = "all"
# Where to ask for the list of regions while the wanted one is in doubt.
FIRST_REGION = "us-east-1"
# A service of every region whose model botocore reads at once; EC2's takes a third of a second for the same list.
SMALL_SERVICE = "sts"
# Objects made between two searches for garbage. Answers of AWS are many small objects that live to the end of a module;
# looking through them as often as Python does takes a fifth of the processor time of reading all regions.
OBJECTS_BETWEEN_SEARCHES = 100_000


class GpuModule(AnsibleAWSModule):
    """An Ansible module that talks to EC2: AWS options, clients and errors in one manner."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
        self._connecting = Lock()
        self._clients: dict[str, Clients] = {}

    @cached_property
    def session(self) -> Any:
        """The boto3 session of all clients: each session reads botocore's data anew, a tenth of a second of work."""
        return boto3.session.Session(profile_name=self.params["profile"])

    def make_client(self, service: str, region: str, once: bool = False) -> Any:
        """A boto3 client that repeats throttled and lost calls by itself.

        Parameters:
            once: leave repeating to the caller.

        https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html

        Raises:
            AwsCallError: the AWS settings of this machine can't be used.
        """
        _region, endpoint, options = get_aws_connection_info(self)
        options.pop("profile_name", None)
        retries = {"mode": "standard", "total_max_attempts": 1 if once else 7}
        config = Config(retries=retries, max_pool_connections=32, user_agent_extra=AGENT)
        config = config.merge(options.pop("aws_config", Config()))
        if once:
            # A purchase is not repeated either where the person's own settings ask for it.
            config = config.merge(Config(retries=retries))
        try:
            with self._connecting:
                return self.session.client(service, region, endpoint_url=endpoint, config=config, **options)
        except (BotoCoreError, ValueError) as error:
            self.fail_json_aws(error, "Couldn't connect to AWS")

    def clients(self) -> Clients:
        """Clients in the module's region.

        Raises:
            GpuError: no region was given, or the account has no such region.
            AwsCallError: the AWS settings of this machine can't be used.
        """
        if not self.region:
            raise GpuError(
                "No region was given and the AWS profile names none",
                "Set gpu_region (for example us-west-2), or AWS_REGION.",
                "no_region",
            )
        return self.clients_in(self.region)

    def clients_in(self, region: str) -> Clients:
        """Clients in one region, made once; its name is checked without a call when botocore knows it."""
        if region not in self._clients:
            if region not in self._known_regions:
                self._check_region(region)
            beside = next(iter(self._clients.values()), None)
            self._clients[region] = Clients(self.make_client, region, beside)
        return self._clients[region]

    def regions(self, names: Sequence[str]) -> tuple[str, ...]:
        """The regions that names mean: `all` is every region enabled for the account, none is the module's own.

        Raises:
            GpuError: no region at all.
        """
        if ALL_REGIONS in names:
            home = self.clients_in(self.region or FIRST_REGION)
            return tuple(sorted(row["RegionName"] for row in ec2.describe_regions(home.ec2)))
        return tuple(dict.fromkeys(names)) or (self.clients().region,)

    @cached_property
    def _known_regions(self) -> set[str]:
        try:
            return {
                name
                for partition in self.session.get_available_partitions()
                for name in self.session.get_available_regions(SMALL_SERVICE, partition_name=partition)
            }
        except BotoCoreError as error:
            self.fail_json_aws(error, "Failed to read the AWS settings of this machine")

    def _check_region(self, region: str) -> None:
        answer = ec2.describe_regions(self.make_client("ec2", FIRST_REGION))
        names = sorted(row["RegionName"] for row in answer)
        if region in names:
            return
        nearest = get_close_matches(region, names, n=1, cutoff=0)
        raise GpuError(
            f"Region {region} is not a region of this account",
            f"Did you mean {nearest[0]}? The account has: {', '.join(names)}.",
            "unknown_region",
        )

    def fail_json_aws(self, exception: BaseException, msg: str | None = None, **_details: Any) -> NoReturn:
        """Where amazon.aws ends a module because no client can be made: an error like any other, with advice.

        Raises:
            AwsCallError: always. A client may be made in a thread, which must not end the module itself.
        """
        raise AwsCallError(message=msg, exception=exception) from exception

    def fail_gpu(self, error: Exception) -> None:
        """End the module with an error that keeps its code and details as fields."""
        known = explain(error) if isinstance(error, AnsibleAWSError) else error
        if not isinstance(known, GpuError):
            raise error
        self.fail_json(msg=str(known), error_code=known.code, next_step=known.next_step, **known.details)
