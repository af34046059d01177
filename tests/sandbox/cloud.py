# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox as the server's tests use it: real, on loopback, called through boto3."""

from __future__ import annotations

import http.client
import itertools
import json
import os
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from sandbox import environment
from sandbox.record import Record

PUBLIC_KEY = b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPm9GZ6AqBQ2zvSHMnX4tN3vSbx7Yz4fTkGgIbkYl1Jp test"

DEEP_LEARNING = "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id"

Row = dict[str, Any]


@dataclass
class Cloud:
    """A running sandbox, and short words for what most tests do with it."""

    record: Record
    region: str = environment.REGION
    _names: Any = field(default_factory=itertools.count)
    _clients: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def client(self, service: str, region: str | None = None, key_id: str = environment.ACCESS_KEY_ID) -> Any:
        """Return a client that tries once and sends what it is given."""
        where = (service, region or self.region, key_id)
        if where not in self._clients:
            self._clients[where] = boto3.client(
                service,
                endpoint_url=self.record.endpoint,
                region_name=region or self.region,
                aws_access_key_id=key_id,
                aws_secret_access_key=environment.SECRET_ACCESS_KEY,
                config=Config(retries={"total_max_attempts": 1}, parameter_validation=False, proxies={}),
            )
        return self._clients[where]

    def name(self) -> str:
        """Return a name that no other test has."""
        return f"t{os.getpid()}-{next(self._names)}"

    def image(self, parameter: str = DEEP_LEARNING) -> str:
        """Return the id of the image that a public parameter names."""
        return str(self.client("ssm").get_parameter(Name=parameter)["Parameter"]["Value"])

    def image_like(self, pattern: str) -> str:
        """Return the id of the image whose name matches."""
        (found,) = self.client("ec2").describe_images(Filters=[{"Name": "name", "Values": [pattern]}])["Images"]
        return str(found["ImageId"])

    def launch(self, **parameters: Any) -> list[Row]:
        """Launch one g5.xlarge, or what the parameters say."""
        image = parameters.get("ImageId") or self.image()
        request = {"InstanceType": "g5.xlarge", "MinCount": 1, "MaxCount": 1, **parameters, "ImageId": image}
        rows: list[Row] = self.client("ec2").run_instances(**request)["Instances"]
        return rows

    def instance(self, instance_id: str) -> Row:
        """Return one instance as DescribeInstances shows it."""
        answer = self.client("ec2").describe_instances(InstanceIds=[instance_id])
        row: Row = answer["Reservations"][0]["Instances"][0]
        return row

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Call the control plane; return its JSON, or the text where it isn't."""
        connection = http.client.HTTPConnection("127.0.0.1", self.record.port, timeout=30)
        connection.request(method, f"/_sandbox/{path}", None if body is None else json.dumps(body))
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return json.loads(text) if answer.headers["Content-Type"] == "application/json" else text


def error_of(call: Any, **parameters: Any) -> str | None:
    """Return the AWS error code with which a call fails, or None where it passes."""
    return error_row(call, **parameters)[0]


def error_row(call: Any, **parameters: Any) -> tuple[str | None, str]:
    """Return code and message with which a call fails, or (None, "") where it passes."""
    try:
        call(**parameters)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    return None, ""


def tag(kind: str, **tags: str) -> list[Row]:
    """Return TagSpecifications for one kind of resource."""
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]
