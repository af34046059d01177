# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tags of a run: the only state there is, and it lives on AWS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

RUN = "gpgpu:run"
OWNER = "gpgpu:owner"
LEASE = "gpgpu:lease"
GENERATION = "gpgpu:generation"
HOST_KEY = "gpgpu:host-key"
LOGIN = "gpgpu:login"
RATE = "gpgpu:rate"
GPUS = "gpgpu:gpus"
ACCESS = "gpgpu:access"
TRACE = "gpgpu:trace"
NAME = "Name"

# Kinds of resource that RunInstances tags at creation.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
LAUNCH_KINDS = ("instance", "volume", "network-interface")


def specification(kind: str, tags: Mapping[str, str]) -> dict[str, Any]:
    """One TagSpecification: tags that a resource carries from the call that makes it."""
    return {"ResourceType": kind, "Tags": ansible_dict_to_boto3_tag_list(dict(sorted(tags.items())))}


def tags_of(row: Mapping[str, Any]) -> dict[str, str]:
    """The tags of an API row, as a dict."""
    return dict(boto3_tag_list_to_ansible_dict(row.get("Tags", [])))


def by_run(run_id: str) -> list[dict[str, Any]]:
    """The filter that finds what carries a run's tag, for any Describe call."""
    return [{"Name": f"tag:{RUN}", "Values": [run_id]}]


def tag_rows_of_run(run_id: str) -> list[dict[str, Any]]:
    """The same for DescribeTags, which has filters of its own."""
    return [{"Name": "key", "Values": [RUN]}, {"Name": "value", "Values": [run_id]}]
