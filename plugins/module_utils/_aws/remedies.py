# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person can do about a refusal of AWS: whole sentences, each used by one row of refusals.py or more."""

from __future__ import annotations

STOCK = "Choose another zone, another instance type or another region, or try again later."
SPOT_STOCK = "Allow on-demand besides spot, or choose another zone, type or region, or try again later."
GROUP_STOCK = "Ask for fewer machines, or leave the placement group out, or choose another zone or type."
RESERVED = "Wait until machines of the reservation have ended, reserve more, or leave the reservation out."
ZONE = "This zone does not offer the type: leave the zone open, or choose another."
PAIR = "The region may lack the type, or the tenancy of the VPC may forbid it: choose another type, region or subnet."
EFA = "Choose an instance type with EFA (`aws ec2 describe-instance-types` lists them), or leave EFA out."
PRODUCT = "Choose a type that the product's page on the Marketplace lists, or another image."
QUOTA = (
    "Ask for a larger vCPU quota at https://console.aws.amazon.com/servicequotas, or choose a smaller type, "
    "another market or another region."
)
LIMIT = "Remove what is no longer used in this region, or ask for more at https://console.aws.amazon.com/servicequotas."
PRICE = "Raise or leave out the maximum spot price, or allow on-demand."
NO_SPOT = "AWS does not sell this type as spot: allow on-demand, or choose another type."
SUBNET_FULL = "Choose another zone or subnet, or free addresses of this subnet."
NO_VPC = "There is no default VPC in this region: name a subnet with `subnet_id`, or run `aws ec2 create-default-vpc`."
NO_DEFAULT_SUBNET = (
    "Name a subnet with `subnet_id`, or run `aws ec2 create-default-subnet --availability-zone ZONE` in this region."
)
SUBNET = "Name a subnet of this region, or leave it out to use the default VPC."
NETWORKS = "Name a security group and a subnet of the same VPC."
CHECKED = "AWS is still checking the account: usually minutes, at most four hours; then run again."
REGION_OFF = (
    "Enable the region for the account, or finish the account's sign-up, in the AWS console; or choose another."
)
BLOCKED = "Ask AWS support to unblock the account: https://support.console.aws.amazon.com/support/home."
PLAN = "Upgrade the account from the free plan to a paid one in the AWS billing console: GPU types need it."
TERMS = "Accept the terms of the image at the address in the message, wait two minutes, run again."
DENIED = "Ask your administrator for this permission; docs/permissions.md lists what each playbook needs."
SPOT_ROLE = (
    "Have an administrator run `aws iam create-service-linked-role --aws-service-name spot.amazonaws.com` once per "
    "account, or use on-demand."
)
KEY_STATE = (
    "Enable the KMS key that encrypts disks, and allow kms:CreateGrant, kms:Decrypt, kms:DescribeKey, "
    "kms:GenerateDataKeyWithoutPlaintext and kms:ReEncrypt on it."
)
IMAGE = "Image ids belong to one region: name an image of this region, or an image family."
IMAGE_SHARED = "Ask the image's owner to share it with this account, or name another image."
ARCHITECTURE = "Choose an image of the machine's architecture, or a machine of the image's."
BOOT = "Choose an image with a boot mode that the type supports, or another type."
ENA = "Choose a newer image, one with ENA support and HVM virtualization."
DISK_SMALL = "Raise `root_volume_gib` to at least the size in the message."
ZONE_NAME = "Name a zone of this region (`aws ec2 describe-availability-zones`), or leave it out."
ZONE_SUBNET = "Name the zone of the subnet, or only one of the two."
PROFILE = "Give the name of an instance profile, which is not always the name of its role."
TYPE = "Name an instance type that this region has (`aws ec2 describe-instance-types`)."
MARKET = "Name a capacity reservation that fits the market, or choose another market."
USER_DATA = "Make your own user data shorter: 16384 bytes is the limit, the lease timer included."
KEY = "Name a key pair of this region, or leave `gpu_key_name` out and a key is made for the run."
GROUP = "Name a placement group of this region, or leave it out."
GROUP_ZONE = "Choose the zone in which the placement group already is, or leave the group out."
RESERVATION = "Name a capacity reservation of this region that is active and has room."
REQUEST = "Correct the value that the message names, then run again."
ACCESS = (
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with AWS_PROFILE; "
    "`aws sts get-caller-identity` shows who you are."
)
ACCESS_HERE = "AWS does not accept these credentials in this region, or this machine's clock is wrong. " + ACCESS
CLOCK = "Set the clock of this machine: AWS refuses a request signed more than five minutes off."
EXPIRED = "The credentials have expired: renew them (for example `aws sso login`) and run again."
EXPIRED_OR_CLOCK = EXPIRED + " If they are fresh, set the clock of this machine."
SLOWER = "AWS is limiting the rate of calls: wait a minute and run again."
AGAIN = "AWS has not caught up with its own answer yet: run again in a minute."
SAFE = "Run again: a repeated launch never buys a second machine."
NETWORK = "Check the network, then run again: a repeated launch never buys a second machine."
ENDPOINT = "Check the name of the region and the network, then run again."
BOUGHT = "An earlier attempt was accepted: run the same launch again to adopt its machines, or tear the run down."
ENDED = "The machines of an earlier attempt have ended: run again."
WORN = "Run again: AWS could not start this machine."
ALLOWED = "Nothing to do: the request is permitted, and nothing was done."
