# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's XML writer against moto's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.parsers import create_parser
from moto.core.responses import ActionContext, ActionResult
from moto.core.serialize import EC2Serializer
from moto.core.utils import get_service_model
from moto.ec2.models.block_device import BlockDeviceType
from moto.ec2.models.instances import InstancePlacement, InstanceState, MetadataOptions, StateReason
from moto.ec2.responses import EC2Response

from sandbox.ec2_xml import write

MOMENT = datetime(2026, 11, 23, 12, 0, 5, 250000, tzinfo=timezone(timedelta(hours=9)))
SHOWN = EC2Response.RESPONSE_KEY_PATH_TO_TRANSFORMER


class Instance:
    """An object in moto's manner: attributes in snake_case, some named without the class's name."""

    def __init__(self, **more: Any) -> None:
        self.id = "i-0123456789abcdef0"
        self.lifecycle = "spot"
        self._private = "hidden"
        self.image_id = 'ami-<&>"'
        self.instance_state = InstanceState("running", 16)
        self.state_reason = StateReason("why", "Client.Why")
        self.placement = InstancePlacement("us-west-2a")
        self.metadata_options = MetadataOptions({"HttpTokens": "required"})
        self.launch_time = MOMENT
        self.ebs_optimized = False
        self.ami_launch_index = 0
        self.block_device_mappings = [{"DeviceName": "/dev/sda1", "Ebs": BlockDeviceType(volume_id="vol-1")}]
        self.security_groups = [SimpleNamespace(group_id="sg-1", group_name="one")]
        self.__dict__.update(more)


@pytest.mark.parametrize(
    ("action", "result"),
    [
        ("DescribeTags", {"Tags": [], "NextToken": None}),
        ("DescribeTags", {"Tags": [{"Key": "é", "Value": "<&>"}, {"Key": "", "Value": ""}], "NextToken": "x"}),
        ("DescribeInstances", {"Reservations": [{"Instances": [Instance(), Instance(tag_set=[])]}]}),
        ("DescribeInstances", {"Reservations": [{"Instances": [Instance(tags=[{"key": "a", "value": "b"}])]}]}),
        ("RunInstances", {"ReservationId": "r-1", "Instances": [Instance(state_reason=None)]}),
        ("DescribeVolumes", {"Volumes": [{"Size": 8, "Encrypted": True, "CreateTime": MOMENT, "Attachments": []}]}),
        ("DescribeSpotPriceHistory", {"SpotPriceHistory": [{"SpotPrice": "0.5", "Timestamp": MOMENT}]}),
        (
            "DescribeInstanceTypes",
            {"InstanceTypes": [{"GpuInfo": {"Gpus": [{"GpuPartitionSize": 0.125, "Count": 0}]}}]},
        ),
        ("DescribeImages", {"Images": [{"CreationDate": MOMENT, "Public": True, "ProductCodes": []}]}),
        ("DeleteTags", None),
    ],
)
def test_both_writers_say_the_same(action: str, result: Any) -> None:
    model = get_service_model("ec2")
    operation = model.operation_model(action)
    response = SimpleNamespace(RESPONSE_KEY_PATH_TO_TRANSFORMER=SHOWN)
    context = ActionContext(model, operation, EC2Serializer, response)
    _, _, theirs = ActionResult(result).execute_result(context)
    assert _parsed(operation, write(operation, result, SHOWN)) == _parsed(operation, theirs)


def test_times_are_in_utc() -> None:
    operation = get_service_model("ec2").operation_model("DescribeVolumes")
    text = write(operation, {"Volumes": [{"CreateTime": MOMENT}]}, {})
    found = _parsed(operation, text)["Volumes"][0]["CreateTime"]
    assert found.replace(tzinfo=UTC) == datetime(2026, 11, 23, 3, 0, 5, tzinfo=UTC)


def test_what_is_shown_may_change_between_answers() -> None:
    operation = get_service_model("ec2").operation_model("DescribeKeyPairs")
    path, seen = "DescribeKeyPairsResult.KeyPairs.KeyPairInfo.PublicKey", []
    for shown in ({path: lambda _: None}, {path: str}, {}, {path: lambda _: None}):
        text = write(operation, {"KeyPairs": [{"KeyName": "a", "PublicKey": "ssh"}]}, shown)
        seen.append(_parsed(operation, text)["KeyPairs"][0].get("PublicKey"))
    assert seen == [None, "ssh", "ssh", None]


def _parsed(operation: Any, text: str | bytes) -> dict[str, Any]:
    body = text.encode() if isinstance(text, str) else text
    answer = {"status_code": 200, "headers": {}, "body": body}
    parsed: dict[str, Any] = create_parser("ec2").parse(answer, operation.output_shape)
    parsed.pop("ResponseMetadata", None)
    return parsed
