# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test in a copy of the checkout.

    .venv/bin/python tests/tools/ansible_test.py integration cf_user_invite -vvv --venv

With --mitogen, the integration tests use Mitogen as in tests/playbook.py.

The copy is outside the checkout, at ansible_collections/community/cloudflare. ansible-test rejects
symbolic links. In a directory that git ignores, it tests nothing and succeeds.

The home directory is below .venv/home, so that ansible-test does not use or change ~/.ansible. Each
release of ansible-core has its own, so that several releases can run at the same time.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
HOME = CHECKOUT / ".venv" / "home" / importlib.metadata.version("ansible-core")

# A requirement that is an archive on a file host, and its name.
ARCHIVE = re.compile(r"^([\w-]+) @ https://\S+$", re.MULTILINE)

# ansible-test downloads the installer of pip from Ansible's file host if its cache does not have
# it. This installer needs only the package index. It uses uv if it can, because there is a virtual
# environment for each sanity test. The names are those of ansible-core 2.16 to 2.22.
PIP_INSTALLERS = ("get_pip_23_1_2.py", "get_pip_24_2.py", "get_pip_25_2.py")
PIP_INSTALLER = f"""\
import subprocess
import sys

requirements = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
uv = ("{CHECKOUT / ".venv" / "bin" / "uv"}", "pip", "install", "--system-certs", "--quiet")
try:
    subprocess.run([*uv, "--python", sys.executable, *requirements], check=True)
except (OSError, subprocess.CalledProcessError):
    subprocess.run([sys.executable, "-m", "ensurepip"], check=True)
    subprocess.run([sys.executable, "-m", "pip", "install", *requirements], check=True)
"""


def prepare_home() -> None:
    """Create the home directory of ansible-test."""
    cache = HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for name in PIP_INSTALLERS:
        (cache / name).write_text(PIP_INSTALLER)
    # ansible-test removes environment variables, so only these files can set an index for pip.
    for name in (".pip", ".config/pip"):
        source, link = Path.home() / name, HOME / name
        if source.is_dir() and not link.exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(source)


def replace_archives() -> None:
    """Let ansible-test install from the package index what it would download from GitHub.

    ansible-core 2.22.0rc1 does that for one requirement of pylint.
    """
    core = importlib.metadata.distribution("ansible-core")
    for path in Path(str(core.locate_file("ansible_test/_data/requirements"))).glob("sanity.*.txt"):
        text = path.read_text()
        replaced = ARCHIVE.sub(r"\1", text)
        if replaced != text:
            path.unlink()  # it can be a hard link to a file that others use
            path.write_text(replaced)


def copy_checkout(destination: Path) -> None:
    """Copy all files except those that git ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)
    for name in listing.stdout.split("\0"):
        source, target = CHECKOUT / name, destination / name
        if name and source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


@contextlib.contextmanager
def shared_simulator(collection: Path) -> Iterator[None]:
    """Let all integration targets use one simulator; without this, each starts its own."""
    python = CHECKOUT / ".venv" / "bin" / "python"
    command = [str(python), "-m", "tests.simulator"]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().strip()
            variables = collection / "tests" / "integration" / "integration_config.yml"
            variables.write_text(f"simulator_root: {url.replace('/client/v4', '')}\n")
            yield
        finally:
            process.terminate()


def use_mitogen(collection: Path) -> None:
    """Let one process run the modules of all tasks, as in tests/playbook.py."""
    strategies = CHECKOUT / "tests" / "strategy"
    config = collection / "tests" / "integration" / "integration.cfg"
    config.write_text(f"[defaults]\nstrategy = mitogen\nstrategy_plugins = {strategies}\n")


def main(arguments: list[str]) -> int:
    prepare_home()
    replace_archives()
    pythons = CHECKOUT / ".venv" / "pythons"
    environment = {
        **os.environ,
        "HOME": str(HOME),
        "PATH": os.pathsep.join([str(pythons), os.environ["PATH"]]),
    }
    with tempfile.TemporaryDirectory(prefix="ansible-test-") as temporary:
        collection = Path(temporary, "ansible_collections", "community", "cloudflare")
        copy_checkout(collection)

        def ansible_test(*args: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                ["ansible-test", *args],
                cwd=collection,
                env=environment,
                stdout=subprocess.PIPE if capture else None,
                text=True,
                check=False,
            )

        if "galaxy.yml" not in ansible_test("env", "--list-files", capture=True).stdout.split():
            sys.exit(f"ansible-test finds no files in {collection}. Git may ignore that directory.")
        if "--mitogen" in arguments:
            arguments.remove("--mitogen")
            use_mitogen(collection)
        shared = arguments[:1] == ["integration"]
        with shared_simulator(collection) if shared else contextlib.nullcontext():
            return ansible_test(*arguments).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
