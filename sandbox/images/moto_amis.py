# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of images in moto's shape: its image objects and its SSM parameters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from moto.ec2.models.amis import Ami
from moto.ssm.models import Parameter, ParameterDict

from sandbox.images.catalog import IMAGES
from sandbox.images.image import Image
from sandbox.strict.allowed_images import admits

PARAMETER_ROOT = "/aws/service/"


class SandboxAmi(Ami):
    """One image of the table; made without the volume and snapshot that moto makes for each."""

    def __init__(self, ec2_backend: Any, image: Image) -> None:
        region = ec2_backend.region_name
        self.ec2_backend = ec2_backend
        self.image = image
        self.id = image.image_id(region)
        self.state = "available"
        self.name = image.name
        self.image_type = "machine"
        self.image_location = f"{image.owner_alias or image.owner_id}/{image.name}"
        self.owner_id = image.owner_id
        self.owner_alias = image.owner_alias or None
        self.image_owner_alias = image.owner_alias or None
        self.description = image.description
        self.virtualization_type = image.virtualization_type
        self.architecture = image.architecture
        self.kernel_id = None
        self.platform = image.platform
        self.platform_details = image.platform_details
        self.usage_operation = image.usage_operation
        self.hypervisor = "xen"
        self.root_device_name = image.root_device_name
        self.root_device_type = "ebs"
        self.sriov = "simple"
        self.sriov_net_support = "simple"
        self.ena_support = image.ena_support
        self.imds_support = image.imds_support
        self.creation_date = datetime.fromisoformat(image.creation_date)
        self.codes = {image.product_code} if image.product_code else set()
        self.boot_mode = image.boot_mode
        self.instance_id = None
        self.launch_permissions = [{"Group": "all"}]
        self.public = True
        self.deprecation_time = image.deprecation_time
        self.public_ssm_parameter_name = image.parameters[0] if image.parameters else None

    @property
    def image_allowed(self) -> bool:
        """Whether the account's Allowed AMIs settings admit this image."""
        return admits(self.ec2_backend.region_name, self.image)

    @property
    def instance_type_specification(self) -> dict[str, list[dict[str, str]]] | None:
        """The instance types that the owner names, or nothing."""
        lists = {
            "SupportedInstanceTypes": self.image.supported_types,
            "UnsupportedInstanceTypes": self.image.unsupported_types,
        }
        shown = {key: [{"InstanceType": name} for name in names] for key, names in lists.items() if names}
        return shown or None

    @property
    def product_codes(self) -> list[dict[str, str]]:
        """Marketplace codes as DescribeImages shows them."""
        return [{"ProductCodeId": code, "ProductCodeType": "marketplace"} for code in self.codes]

    @property
    def block_device_mappings(self) -> list[dict[str, Any]]:
        """The root volume."""
        ebs = {
            "SnapshotId": self.image.snapshot_id(self.ec2_backend.region_name),
            "VolumeSize": self.image.root_volume_gib,
            "VolumeType": "gp3",
            "DeleteOnTermination": True,
            "Encrypted": False,
        }
        if self.image.root_volume_gib:
            ebs.update(Iops=3000, Throughput=125)
        return [{"DeviceName": self.root_device_name, "Ebs": ebs}]

    def get_filter_value(self, filter_name: str, method_name: str | None = None) -> Any:
        """Return what a DescribeImages filter compares with."""
        own = {
            "product-code": list(self.codes),
            "product-code.type": "marketplace" if self.codes else "",
            "image-type": self.image_type,
            "root-device-type": self.root_device_type,
            "root-device-name": self.root_device_name,
            "hypervisor": self.hypervisor,
            "description": self.description,
            "ena-support": self.ena_support,
            "creation-date": self.image.creation_date,
            "platform": self.platform or "",
            "boot-mode": self.boot_mode or "",
            "imds-support": self.imds_support or "",
            "image-allowed": self.image_allowed,
            "public-ssm-parameter-name": list(self.image.parameters),
        }
        if filter_name in own:
            return own[filter_name]
        return super().get_filter_value(filter_name, method_name)


def load_amis(ec2_backend: Any) -> None:
    """Fill a region's images; replaces moto's 1300 images of 2017."""
    for image in IMAGES:
        ami = SandboxAmi(ec2_backend, image)
        ec2_backend.amis[ami.id] = ami


def load_parameters(parameters: ParameterDict) -> None:
    """Fill a region's public parameters for images."""
    for image in IMAGES:
        for name in image.parameters:
            list.append(
                parameters.setdefault(name, []),
                Parameter(
                    account_id=parameters.account_id,
                    name=name,
                    value=image.image_id(parameters.region_name),
                    parameter_type="String",
                    description=None,
                    allowed_pattern=None,
                    keyid=None,
                    last_modified_date=datetime.fromisoformat(image.creation_date).timestamp(),
                    version=1,
                    data_type="aws:ec2:image",
                ),
            )


def parameter_loader() -> Callable[[ParameterDict, str], None]:
    """Return what replaces moto's lazy loading of public parameters: ours, then its own."""
    moto_loader = ParameterDict._check_loading_status

    def load(parameters: ParameterDict, key: str) -> None:
        if not parameters.latest_amis_loaded:
            parameters.latest_amis_loaded = True
            load_parameters(parameters)
        moto_loader(parameters, key)

    return load
