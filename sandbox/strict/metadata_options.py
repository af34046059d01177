# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ModifyInstanceMetadataOptions changes what it names and keeps the rest."""

from __future__ import annotations

from typing import Any

from sandbox.strict.rule import Ec2Call, Proceed, Rule

OPTIONS = {
    "HttpTokens": "http_tokens",
    "HttpPutResponseHopLimit": "http_put_response_hop_limit",
    "HttpEndpoint": "http_endpoint",
    "HttpProtocolIpv6": "http_protocol_ipv6",
    "InstanceMetadataTags": "instance_metadata_tags",
}


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Launch; an image that supports only IMDSv2 requires tokens where the request doesn't say.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html
    """
    image = call.backend.amis.get(call.param("ImageId"))
    if getattr(image, "imds_support", None) == "v2.0":
        defaults = {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}
        call.params["MetadataOptions"] = {**defaults, **call.param("MetadataOptions", {})}
    return proceed()


def modify(call: Ec2Call, proceed: Proceed) -> Any:
    """Fill the request with what the instance has, then change it."""
    instance = call.backend.get_instance(call.param("InstanceId"))
    for option, attribute in OPTIONS.items():
        call.params.setdefault(option, getattr(instance.metadata_options, attribute))
    call.stop_if_dry_run()
    return proceed()


RULES: dict[str, Rule] = {"RunInstances": run_instances, "ModifyInstanceMetadataOptions": modify}
