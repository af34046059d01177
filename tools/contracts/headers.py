# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first lines of a file name its licence: in the words that ansible-test looks for, and in SPDX's."""

from __future__ import annotations

# REUSE-IgnoreStart
PYTHON = (
    "# Copyright: (c) 2026, gpgpu.aws contributors",
    "# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)",
    "# SPDX-License-Identifier: GPL-3.0-or-later",
)
YAML = (
    "# SPDX-FileCopyrightText: 2026 gpgpu.aws contributors",
    "# SPDX-License-Identifier: GPL-3.0-or-later",
    "---",
)
# REUSE-IgnoreEnd
HEADERS = {".py": PYTHON, ".yml": YAML, ".yaml": YAML, ".cfg": YAML[:2], ".toml": YAML[:2]}
# antsibull-changelog writes it anew at each release.
GENERATED = ("changelogs/changelog.yaml",)


def problems(path: str, text: str) -> list[str]:
    """Return a sentence when a file, given by its path in the clone and its text, does not begin as it must."""
    expected = next((header for suffix, header in HEADERS.items() if path.endswith(suffix)), ())
    lines = text.splitlines()
    first = lines[1:] if text.startswith("#!") else lines
    if not text or path in GENERATED or tuple(first[: len(expected)]) == expected:
        return []
    return [f"{path}: must begin with:\n" + "\n".join(expected)]
