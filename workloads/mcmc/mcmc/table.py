# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary as text for people and as rows for spreadsheets. No numerics here."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import astuple, fields, is_dataclass
from typing import Any

HEADINGS = ("", "mean", "sd", "5%", "50%", "95%", "R-hat", "ESS bulk", "ESS tail", "MCSE")
FORMATS = ("{}", "{:.3f}", "{:.3f}", "{:.3f}", "{:.3f}", "{:.3f}", "{:.4f}", "{:.0f}", "{:.0f}", "{:.4f}")


def text(rows: Sequence[Any]) -> str:
    """Return the rows of a summary as a table with aligned columns, ending in a newline."""
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    return "".join(_line(line, widths) for line in cells)


def comma_separated(rows: Sequence[Any]) -> str:
    """Return the rows of a summary as CSV, full precision, the field names as the heading."""
    if not rows or not is_dataclass(rows[0]):
        raise ValueError("a summary needs at least one row")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(rows[0]))
    writer.writerows(astuple(row) for row in rows)
    return out.getvalue()


def _cells(row: Any) -> tuple[str, ...]:
    return tuple(form.format(value) for form, value in zip(FORMATS, astuple(row), strict=True))


def _line(line: Sequence[str], widths: Sequence[int]) -> str:
    name, *numbers = line
    padded = [name.ljust(widths[0]), *(number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True))]
    return "  ".join(padded).rstrip() + "\n"
