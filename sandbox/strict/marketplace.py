# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of Marketplace products: no launch without an agreement, not even a dry one.

Code and words were seen in public trackers; that a dry run is refused as well is how AWS's own accelerator asks
whether an account is subscribed: https://github.com/aws-samples/aws-secure-environment-accelerator
(custom resource ec2-marketplace-subscription-validation).
"""

from __future__ import annotations

from typing import Any

from sandbox.answers import AwsError
from sandbox.services.marketplace_book import BOOK
from sandbox.strict.rule import Ec2Call, Proceed, Rule


def run_instances(call: Ec2Call, proceed: Proceed) -> Any:
    """Refuse an image whose product the account hasn't agreed to, or whose agreement has no effect yet."""
    image = call.backend.amis.get(call.param("ImageId"))
    for code in getattr(image, "codes", ()):
        if not BOOK.subscribed(code):
            raise AwsError(
                "OptInRequired",
                "In order to use this AWS Marketplace product you need to accept terms and subscribe. "
                f"To do so please visit https://aws.amazon.com/marketplace/pp?sku={code}",
                401,
            )
    return proceed()


RULES: dict[str, Rule] = {"RunInstances": run_instances}
