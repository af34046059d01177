# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of what AWS says when it refuses, what the launch does then, and what a person can do.

Facts only; refusal.py reads them. The first row whose code is the same and whose expression is found in the text,
in capitals or not, decides; rows with an expression go before the row of the code alone. docs/errors.md is this table
for people.
A source is a page of AWS, or an issue on GitHub that shows the sentence, written owner/name#number.
"""

from __future__ import annotations

from typing import NamedTuple

from ansible_collections.gpgpu.aws.plugins.module_utils._aws import remedies as do


class Rule(NamedTuple):
    """One row: code and expression (empty for any text), class, what the launch does, what a person does, source."""

    code: str
    says: str
    kind: str
    action: str
    next_step: str
    source: str


EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"
COMMON = "https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html"
STATES = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html"
LAG = "https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html"
BOTO = "https://boto3.amazonaws.com/v1/documentation/api/latest/guide/error-handling.html"


def _rows(kind: str, action: str, *rows: tuple[str, str, str, str]) -> tuple[Rule, ...]:
    """Rows of one class: code, expression, next step and source of each."""
    return tuple(Rule(code, says, kind, action, step, source) for code, says, step, source in rows)


def _codes(kind: str, action: str, next_step: str, source: str, *codes: str) -> tuple[Rule, ...]:
    """Rows of codes that mean one thing whatever the text says."""
    return tuple(Rule(code, "", kind, action, next_step, source) for code in codes)


_NO_STOCK = (
    *_rows(
        "capacity",
        "next_offer",
        ("InsufficientInstanceCapacity", "Spot capacity", do.SPOT_STOCK, "aws/aws-parallelcluster#2734"),
        ("InsufficientInstanceCapacity", "placement group", do.GROUP_STOCK, EC2),
        ("InsufficientInstanceCapacity", "", do.STOCK, "openshift/installer#7088"),
        ("InsufficientCapacityOnHost", "", do.STOCK, "aws/aws-sdk-js-v3#5340"),
        ("UnfulfillableCapacity", "", do.SPOT_STOCK, "mludvig/aws-ethereum-miner#23"),
        ("ReservationCapacityExceeded", "", do.RESERVED, "scylladb/scylla-cluster-tests#8839"),
        ("Server.InternalError", "", do.WORN, STATES),
    ),
    *_codes("capacity", "next_offer", do.STOCK, EC2, "InsufficientCapacity", "InsufficientHostCapacity"),
    *_codes(
        "capacity", "next_offer", do.STOCK, EC2, "InsufficientReservedInstanceCapacity", "InsufficientVolumeCapacity"
    ),
    *_codes("capacity", "next_offer", do.STOCK, EC2, "InvalidCapacityBlockOfferingIdExpired"),
    *_rows(
        "addresses",
        "next_offer",
        ("InsufficientFreeAddressesInSubnet", "", do.SUBNET_FULL, "osbuild/osbuild-composer#1575"),
        ("InvalidParameterValue", "sufficient free Ipv4", do.SUBNET_FULL, "aws/amazon-vpc-cni-k8s#3105"),
    ),
    *_codes("addresses", "next_region", do.LIMIT, EC2, "InsufficientAddressCapacity"),
    *_rows(
        "zone_unsupported",
        "next_offer",
        ("Unsupported", "Availability Zone", do.ZONE, "fedora-copr/copr#2840"),
        ("Unsupported", "", do.PAIR, "hashicorp/terraform#18215"),
        ("InvalidFleetConfiguration", "Availability Zone", do.ZONE, "mludvig/aws-ethereum-miner#23"),
        ("InvalidPlacementGroup.InUse", "", do.GROUP_ZONE, "hashicorp/terraform#16183"),
    ),
    *_rows("spot_price", "next_offer", ("SpotMaxPriceTooLow", "", do.PRICE, "aws/aws-parallelcluster-node#415")),
    *_rows(
        "spot_price",
        "next_market",
        ("InvalidParameterValue", "unsupported instance type", do.NO_SPOT, "jtriley/StarCluster#588"),
    ),
)

_LIMITS = (
    *_rows(
        "quota",
        "next_bucket",
        ("VcpuLimitExceeded", "", do.QUOTA, "xlang-ai/OSWorld#366"),
        ("InstanceLimitExceeded", "", do.QUOTA, "saltstack/salt-ci-images#716"),
        ("MaxSpotInstanceCountExceeded", "", do.QUOTA, "meadowdata/meadowrun#84"),
    ),
    *_rows(
        "quota",
        "next_region",
        ("VolumeLimitExceeded", "", do.LIMIT, "ipni/storetheindex#444"),
        ("AddressLimitExceeded", "", do.LIMIT, "opstrace/opstrace#273"),
        ("SecurityGroupLimitExceeded", "", do.LIMIT, "otiai10/hotsub#36"),
    ),
    *_codes("quota", "next_region", do.LIMIT, EC2, "MaxIOPSLimitExceeded", "ResourceLimitExceeded"),
    *_codes(
        "quota", "next_region", do.LIMIT, EC2, "NetworkInterfaceLimitExceeded", "RulesPerSecurityGroupLimitExceeded"
    ),
)

_ACCOUNT = (
    *_rows(
        "authorization",
        "stop",
        ("AuthFailure.ServiceLinkedRoleCreationNotPermitted", "", do.SPOT_ROLE, "kubernetes/kops#16475"),
        ("UnauthorizedOperation", "", do.DENIED, "aws/karpenter-provider-aws#7370"),
        ("AccessDeniedException", "", do.DENIED, COMMON),
        ("AccessDenied", "", do.DENIED, COMMON),
        ("InvalidKMSKey.InvalidState", "", do.KEY_STATE, "CiscoDevNet/cloud-cml#8"),
        ("Client.InternalError", "", do.KEY_STATE, "aws/karpenter-provider-aws#1407"),
    ),
    *_rows(
        "terms",
        "stop",
        ("OptInRequired", "Marketplace", do.TERMS, "awslabs/harmonix#22"),
        ("OptInRequired", "", do.TERMS, EC2),
        ("InvalidParameterCombination", "Free Tier", do.PLAN, "splunk/attack_range#1302"),
    ),
    *_rows(
        "region_blocked",
        "next_region",
        ("OptInRequired", "not subscribed to this service", do.REGION_OFF, "Appliscale/cloud-security-audit#24"),
        ("PendingVerification", "", do.CHECKED, "skyplane-project/skyplane#799"),
    ),
    *_rows("region_blocked", "stop", ("Blocked", "", do.BLOCKED, "jojoldu/freelec-springboot2-webservice#906")),
    *_rows(
        "credentials",
        "stop",
        ("AuthFailure", "", do.ACCESS_HERE, "hashicorp/terraform-provider-aws#1102"),
        ("InvalidSignatureException", "", do.CLOCK, COMMON),
        ("SignatureDoesNotMatch", "Signature expired", do.CLOCK, COMMON),
        ("SignatureDoesNotMatch", "not yet current", do.CLOCK, COMMON),
        ("SignatureDoesNotMatch", "", do.ACCESS, COMMON),
        ("RequestExpired", "", do.EXPIRED_OR_CLOCK, "aws/aws-sdk-go-v2#1674"),
        ("TokenRetrievalError", "", do.EXPIRED, "UKGovernmentBEIS/inspect_ai#2380"),
    ),
    *_codes("credentials", "stop", do.EXPIRED, COMMON, "ExpiredToken", "ExpiredTokenException"),
    *_codes("credentials", "stop", do.EXPIRED, BOTO, "SSOTokenLoadError", "UnauthorizedSSOTokenError"),
    *_codes("credentials", "stop", do.ACCESS, COMMON, "InvalidClientTokenId", "UnrecognizedClientException"),
    *_codes("credentials", "stop", do.ACCESS, BOTO, "NoCredentialsError", "PartialCredentialsError"),
    *_codes("credentials", "stop", do.ACCESS, BOTO, "CredentialRetrievalError", "ProfileNotFound"),
)

_IMAGE = (
    *_rows(
        "image",
        "stop",
        ("InvalidAMIID.NotFound", "", do.IMAGE, "ambrosejcarr/seqc#324"),
        ("InvalidAMIID.Malformed", "", do.IMAGE, "hashicorp/terraform#22172"),
        ("InvalidAMIID.Unavailable", "", do.IMAGE, EC2),
        ("AuthFailure", "not authorized for images", do.IMAGE_SHARED, "StreisandEffect/streisand#183"),
        ("InvalidParameterValue", "does not match the architecture", do.ARCHITECTURE, "skypilot-org/skypilot#6315"),
        ("InvalidParameterValue", "boot mode", do.BOOT, "RhinoSecurityLabs/cloudgoat#247"),
        ("InvalidParameterCombination", r"\(ENA\)", do.ENA, "keithvassallomt/parsec-aws-automation#4"),
        ("InvalidParameterCombination", "virtualization type", do.ENA, "BD2KGenomics/cgcloud#10"),
    ),
    *_rows(
        "image",
        "next_offer",
        ("UnsupportedOperation", "Marketplace", do.PRODUCT, "hashicorp/terraform-provider-aws#31353"),
        ("UnsupportedOperation", "not supported for the instance type", do.PRODUCT, "elastic/elastic-package#265"),
    ),
)

_NETWORK = (
    *_rows(
        "network",
        "next_region",
        ("VPCIdNotSpecified", "", do.NO_VPC, "google/cloud-forensics-utils#316"),
        ("MissingInput", "default VPC", do.NO_DEFAULT_SUBNET, "terraform-aws-modules/terraform-aws-ec2-instance#50"),
    ),
    *_rows(
        "network",
        "stop",
        ("InvalidSubnetID.NotFound", "", do.SUBNET, "boto/boto3#2398"),
        ("InvalidSubnet", "", do.SUBNET, EC2),
        ("InvalidParameter", "different networks", do.NETWORKS, "QT-DevOps/DevOpsIssues#256"),
    ),
)

_REQUEST = (
    *_rows(
        "parameter",
        "stop",
        ("Unsupported", "Elastic Fabric Adapter", do.EFA, "devopsacademyau/academy#277"),
        ("InvalidParameterValue", "iamInstanceProfile", do.PROFILE, "machulav/ec2-github-runner#132"),
        ("InvalidParameterValue", "for InstanceType", do.TYPE, "hashicorp/packer#11585"),
        ("InvalidParameterValue", "is in the availability zone", do.ZONE_SUBNET, "InQuicker/kaws#11"),
        ("InvalidParameterValue", "availability ?zone", do.ZONE_NAME, "newsapps/beeswithmachineguns#90"),
        ("InvalidParameterValue", "market type", do.MARKET, "terraform-aws-modules/terraform-aws-ec2-instance#404"),
        ("InvalidParameterValue", "User data is limited", do.USER_DATA, "runs-on/runs-on#9"),
        ("InvalidBlockDeviceMapping", "smaller than", do.DISK_SMALL, "scylladb/scylla-cluster-tests#2484"),
        ("InvalidKeyPair.NotFound", "", do.KEY, "hashicorp/vault-guides#260"),
        ("InvalidPlacementGroup.Unknown", "", do.GROUP, "bcbio/bcbio-nextgen-vm#37"),
        ("MissingParameter", "", do.REQUEST, "mitchellh/vagrant-aws#429"),
        ("InvalidParameterCombination", "", do.REQUEST, "aws/aws-cli#2453"),
    ),
    *_codes("parameter", "stop", do.RESERVATION, EC2, "InvalidCapacityReservationId.NotFound"),
    *_codes("parameter", "stop", do.RESERVATION, EC2, "InvalidCapacityReservationId.Malformed"),
    *_codes("parameter", "stop", do.REQUEST, EC2, "InvalidParameterValue", "InvalidParameter", "InvalidInput"),
    *_codes("parameter", "stop", do.REQUEST, EC2, "InvalidBlockDeviceMapping", "InvalidFleetConfiguration"),
    *_codes(
        "parameter",
        "stop",
        do.REQUEST,
        EC2,
        "UnsupportedOperation",
        "ValidationError",
        "UnknownParameter",
        "MissingInput",
    ),
)

_AGAIN = (
    *_rows(
        "throttle",
        "retry",
        ("RequestLimitExceeded", "", do.SLOWER, "CloudSnorkel/cdk-github-runners#946"),
    ),
    *_codes("throttle", "retry", do.SLOWER, COMMON, "Throttling", "ThrottlingException", "TooManyRequestsException"),
    *_codes(
        "throttle", "retry", do.SLOWER, COMMON, "ThrottledException", "RequestThrottled", "RequestThrottledException"
    ),
    *_rows(
        "lag",
        "retry",
        ("InvalidGroup.NotFound", "", do.AGAIN, "hashicorp/packer#1322"),
        ("InvalidKeyPair.NotFound", "'gpgpu-", do.AGAIN, LAG),
        ("InvalidPlacementGroup.Unknown", "'gpgpu-", do.AGAIN, LAG),
    ),
    *_codes("lag", "retry", do.AGAIN, LAG, "InvalidInstanceID.NotFound", "InvalidSpotInstanceRequestID.NotFound"),
    *_codes("lag", "retry", do.AGAIN, LAG, "InvalidNetworkInterfaceID.NotFound", "InvalidAllocationID.NotFound"),
    *_rows(
        "unknown_outcome",
        "retry",
        ("InternalError", "", do.SAFE, "openshift/origin#18961"),
        ("Unavailable", "", do.SAFE, "aws/aws-sdk-go-v2#2254"),
        ("ReadTimeoutError", "", do.NETWORK, "aws/aws-cli#6450"),
        ("EndpointConnectionError", "", do.ENDPOINT, BOTO),
        ("IdempotentParameterMismatch", "", do.BOUGHT, "rust-lang/bors#830"),
        ("IdempotentInstanceTerminated", "", do.ENDED, "boto/boto3#4406"),
    ),
    *_codes("unknown_outcome", "retry", do.SAFE, COMMON, "InternalFailure", "ServiceUnavailable", "RequestTimeout"),
    *_codes("unknown_outcome", "retry", do.SAFE, COMMON, "RequestTimeoutException", "InternalServiceException"),
    *_codes(
        "unknown_outcome", "retry", do.SAFE, BOTO, "ConnectionClosedError", "IncompleteReadError", "HTTPClientError"
    ),
    *_codes("unknown_outcome", "retry", do.NETWORK, BOTO, "ConnectTimeoutError", "SSLError", "ProxyConnectionError"),
)

_DRY_RUN = _codes("permitted", "stop", do.ALLOWED, EC2, "DryRunOperation")

# A row with an expression decides before the row of its code alone.
RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*_NO_STOCK, *_LIMITS, *_ACCOUNT, *_IMAGE, *_NETWORK, *_REQUEST, *_AGAIN, *_DRY_RUN),
        key=lambda rule: not rule.says,
    )
)
