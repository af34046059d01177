# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The permissions that each api file declares are those its calls need, and those the documentation lists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tools.shipped import ROOT

API = ROOT / "plugins/module_utils/_aws"
FILES = sorted(path for path in API.glob("*.py") if "IAM_ACTIONS" in path.read_text())
PAGE = ROOT / "docs/permissions.md"

# Services by the first words of a method, where they are not EC2's.
OTHER_SERVICES = {
    "accept_agreement_request": "aws-marketplace:AcceptAgreementRequest",
    "create_agreement_request": "aws-marketplace:CreateAgreementRequest",
    "decode_authorization_message": "sts:DecodeAuthorizationMessage",
    "get_offer": "aws-marketplace:GetOffer",
    "get_offer_terms": "aws-marketplace:GetOfferTerms",
    "get_parameter": "ssm:GetParameter",
    "get_parameters_by_path": "ssm:GetParametersByPath",
    "get_products": "pricing:GetProducts",
    "list_purchase_options": "aws-marketplace:ListPurchaseOptions",
    "list_service_quotas": "servicequotas:ListServiceQuotas",
    "search_agreements": "aws-marketplace:SearchAgreements",
}
# Tags given to the call that creates a resource need this one besides.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
WITH_TAGS = "ec2:CreateTags"
# Accepting an agreement needs this one besides.
# https://docs.aws.amazon.com/marketplace/latest/buyerguide/buyer-iam-users-groups-policies.html
WITH_AGREEMENT = "aws-marketplace:Subscribe"
NO_CALLS = {"get_paginator"}


def declared(path: Path) -> set[str]:
    """The value of IAM_ACTIONS in a file."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "IAM_ACTIONS":
            return set(ast.literal_eval(node.value))
    return set()


def needed(text: str) -> set[str]:
    """The actions that the calls in a file's text need."""
    methods = set(re.findall(r"\bclient\.(\w+)\(", text)) - NO_CALLS
    methods |= set(re.findall(r'get_paginator\("(\w+)"\)', text))
    return {OTHER_SERVICES.get(name, "ec2:" + "".join(word.title() for word in name.split("_"))) for name in methods}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_declares_what_it_calls(path: Path) -> None:
    required = needed(path.read_text())
    assert required <= declared(path)
    assert declared(path) - required <= {WITH_TAGS, WITH_AGREEMENT}


def test_page_lists_what_is_declared() -> None:
    everything = set().union(*(declared(path) for path in FILES))
    assert set(re.findall(r"^\| `([\w-]+:\w+)` \|", PAGE.read_text(), re.MULTILINE)) == everything


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("client.run_instances(**params)", {"ec2:RunInstances"}),
        ('client.get_paginator("describe_tags")', {"ec2:DescribeTags"}),
        ("client.get_parameter(Name=name)", {"ssm:GetParameter"}),
        ("clients.forget(1)", set()),
    ],
)
def test_calls_are_seen(text: str, actions: set[str]) -> None:
    assert needed(text) == actions
