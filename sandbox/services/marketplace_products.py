# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Marketplace products of the sandbox: two free ones of NVIDIA, and two of its own that cost.

Product and listing ids: https://aws.amazon.com/marketplace/pp/prodview-7ikjtg3um26wq (GPU-Optimized) and
https://aws.amazon.com/marketplace/pp/prodview-f4reygwmtxipu (RTX Virtual Workstation). Product codes are the
sandbox's own, as long as AWS's.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """One AMI product and its public offer."""

    id: str
    listing: str
    code: str
    title: str
    seller: str
    upfront_usd: float = 0.0
    """What acceptance costs at once."""
    hourly_usd: float = 0.0
    """What the software costs for each hour of an instance, on top of EC2's price."""
    windows: bool = False

    @property
    def key(self) -> str:
        """The part that the ids of the offer and its terms have in common."""
        return self.code.removeprefix("sandbox")

    @property
    def offer(self) -> str:
        """The id of the public offer."""
        return f"offer-{self.key[:13]}"

    @property
    def proposal(self) -> str:
        """The id under which the offer is agreed to."""
        return f"at-{self.key}"


NVIDIA_GPU = Product(
    id="676eed8d-dcf5-4784-87d7-0de463205c17",
    listing="prodview-7ikjtg3um26wq",
    code="sandboxnvidiagpuoptimized",
    title="NVIDIA GPU-Optimized AMI",
    seller="NVIDIA",
)
NVIDIA_RTX = Product(
    id="prod-77u2eeb33lmrm",
    listing="prodview-f4reygwmtxipu",
    code="sandboxnvidiartxvwsserver",
    title="NVIDIA RTX Virtual Workstation (Windows Server 2022)",
    seller="NVIDIA",
    windows=True,
)
PAID_UPFRONT = Product(
    id="prod-sandboxannual",
    listing="prodview-sandboxannual",
    code="sandboxpaidannualcontract",
    title="Sandbox AMI with an annual fee",
    seller="Sandbox Seller",
    upfront_usd=499.0,
)
PAID_HOURLY = Product(
    id="prod-sandboxhourly",
    listing="prodview-sandboxhourly",
    code="sandboxpaidhourlysoftware",
    title="Sandbox AMI with an hourly fee",
    seller="Sandbox Seller",
    hourly_usd=0.75,
)
PRODUCTS = (NVIDIA_GPU, NVIDIA_RTX, PAID_UPFRONT, PAID_HOURLY)
