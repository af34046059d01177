# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images and where they start, in lines that a person reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.gpgpu.aws.plugins.module_utils._run.summary import table

Row = Mapping[str, Any]

_HEADING = ("Image", "Name", "System", "Architecture", "Login", "Root disk", "Driver", "Terms")
_CHECKS = ("Type", "Starts", "Driver", "Modules", "CUDA")


def image_summary(result: Row) -> list[str]:
    """The images as a table, the types as another, then every problem and warning.

    Parameters:
        result: what report.answer gives.
    """
    lines = table([_HEADING, *(_image(row) for row in result["images"])])
    if result["checks"]:
        lines += ["", *table([_CHECKS, *(_check(row) for row in result["checks"])])]
    lines += [f"{row['instance_type']}: {text}" for row in result["checks"] for text in row["problems"]]
    warnings = [text for row in (*result["images"], *result["checks"]) for text in row["warnings"]]
    return [*lines, *(f"Note: {text}" for text in dict.fromkeys(warnings)), *_charges(result)]


def _image(row: Row) -> tuple[str, ...]:
    driver = {True: "yes", False: "no", None: "?"}[row["driver"]]
    system = row["system"] or row["platform"]
    version = f" {row['version']}" if row["version"] else ""
    disk = f"{row['root_device']} {row['root_gib']} GiB"
    return (row["image_id"], row["name"], system + version, row["architecture"], row["user"], disk, driver, _terms(row))


def _terms(row: Row) -> str:
    terms = row["terms"]
    if terms is None:
        return "none"
    agreed = {True: "accepted", False: "not accepted", None: "unknown"}[terms["agreed"]]
    return f"{agreed}, free" if terms["free"] else agreed


def _check(row: Row) -> tuple[str, ...]:
    driver = row["driver"]
    kind = " GRID" if driver["kind"] == "grid" else ""
    starts = "no" if row["problems"] else "yes"
    return (
        row["instance_type"],
        starts,
        (driver["branch"] or "-") + kind,
        driver["module"] or "-",
        driver["cuda"] or "-",
    )


def _charges(result: Row) -> list[str]:
    """Where terms can be accepted, and what they cost."""
    told = []
    for row in result["images"]:
        terms = row["terms"] or {"agreed": True}
        if not terms["agreed"]:
            cost = "; ".join(terms["charges"][:5]) or ("free" if terms["free"] else "charge not known")
            told.append(f"Terms of {row['image_id']}: {cost}; accept them at {terms['url']}")
    return told
