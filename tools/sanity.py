# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run `ansible-test sanity` on the staged copy, with a home of its own in .build/sanity.

The home keeps the environments that ansible-test makes (the second run is quick), and gives it three things:
the Pythons of this machine that really start, the user's pip settings (ansible-test drops PIP_* variables),
and Python's own pip in place of the one that ansible-test fetches from a host of its own.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, STDOUT

from tools.shipped import NAME, ROOT, STAGE

HOME = Path(".build/sanity")
SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin")
MINORS = range(9, 15)
OTHER_PYTHONS = (".pyenv/versions/*/bin", ".local/share/uv/python/*/bin")
BOOTSTRAP = "import ensurepip\n\nensurepip.bootstrap()\n"


def pythons() -> Iterator[Path]:
    """Yield, for each minor version, the first interpreter on this machine that starts."""
    folders = [Path(folder) for folder in os.environ["PATH"].split(os.pathsep)]
    folders += [folder for pattern in OTHER_PYTHONS for folder in sorted(Path.home().glob(pattern))]
    for minor in MINORS:
        candidates = (folder / f"python3.{minor}" for folder in folders)
        yield from list(filter(starts, candidates))[:1]


def starts(python: Path) -> bool:
    """Tell whether an interpreter is there and starts: a version manager's stand-in may be neither."""
    return python.is_file() and subprocess.run([python, "-c", ""], capture_output=True).returncode == 0


def pip_settings() -> str:
    """Return the pip settings in force, from files and environment alike, as one pip.conf."""
    listing = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
    settings = dict(line.split("=", 1) for line in listing.splitlines() if "=" in line)
    last = {key.split(".", 1)[1]: ast.literal_eval(value) for key, value in settings.items()}
    return "\n".join(["[global]", *(f"{key} = {value}" for key, value in last.items())]) + "\n"


def pip_version() -> str:
    """Return the version of pip that this ansible-test wants to fetch."""
    code = "from ansible_test._internal.python_requirements import get_venv_packages as packages; "
    code += "from types import SimpleNamespace as python; print(packages(python(version='3.11'))['pip'])"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def furnish(home: Path) -> None:
    """Put the interpreters, pip's settings and pip's bootstrap where ansible-test looks for them."""
    write(home / ".config/pip/pip.conf", pip_settings())
    write(home / f".ansible/test/cache/get_pip_{pip_version().replace('.', '_')}.py", BOOTSTRAP)
    links = home / "bin"
    links.mkdir(exist_ok=True)
    for python in pythons():
        (links / python.name).unlink(missing_ok=True)
        (links / python.name).symlink_to(python)


def write(path: Path, text: str) -> None:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def environment(home: Path) -> dict[str, str]:
    """Return the environment in which ansible-test sees the home's interpreters alone."""
    folders = (str(Path(sys.executable).parent), str(home / "bin"), *SYSTEM_PATH)
    return {**os.environ, "HOME": str(home), "PATH": os.pathsep.join(folders)}


def run(home: Path, stage: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run the sanity tests on a staged collection; return what ansible-test printed, and its exit status."""
    furnish(home)
    command = ["ansible-test", "sanity", "--color", "no", *arguments]

    return subprocess.run(command, cwd=stage, env=environment(home), text=True, stdout=PIPE, stderr=STDOUT)


if __name__ == "__main__":
    done = run(ROOT / HOME, ROOT / STAGE / NAME, sys.argv[1:])
    print(done.stdout)
    sys.exit(done.returncode)
