# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a playbook with ansible-playbook against the simulator."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
COLLECTION_PATH = Path("ansible_collections", "community", "cloudflare")
# The environment variable with a directory that has bin/ansible-playbook and collections/.
INSTALLED_ENV_VAR = "CLOUDFLARE_TESTS_INSTALLED"
# With these environment variables, one process runs the modules of all tasks, which takes a tenth
# of the time of a process for each. It tests less, as Ansible does not pack the modules.
MITOGEN = {
    "ANSIBLE_STRATEGY": "mitogen",
    "ANSIBLE_STRATEGY_PLUGINS": str(CHECKOUT / "tests" / "strategy"),
    "ANSIBLE_DEPRECATION_WARNINGS": "False",  # there is one about all such plugins
}


def run_playbook(
    playbook: Path, environment: Mapping[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run a playbook with this checkout as the collection.

    If ``INSTALLED_ENV_VAR`` names an environment with the collection installed, use that instead.

    :param environment: environment variables to set, such as the credentials.
    :param arguments: further arguments of ansible-playbook.
    """
    with tempfile.TemporaryDirectory() as tree:
        installed = os.environ.get(INSTALLED_ENV_VAR)
        if installed:
            collections, programs = Path(installed, "collections"), Path(installed, "bin")
        else:
            collections, programs = Path(tree), Path(sys.executable).parent
            collection = collections / COLLECTION_PATH
            collection.parent.mkdir(parents=True)
            collection.symlink_to(CHECKOUT, target_is_directory=True)
        return subprocess.run(
            ["ansible-playbook", str(playbook), *arguments],
            cwd=CHECKOUT,
            env={
                **os.environ,
                "PATH": os.pathsep.join([str(programs), os.environ["PATH"]]),
                "ANSIBLE_COLLECTIONS_PATH": str(collections),
                "ANSIBLE_LOCALHOST_WARNING": "False",
                "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
                # Without it, Ansible searches for an interpreter on each host.
                "ANSIBLE_PYTHON_INTERPRETER": "{{ ansible_playbook_python }}",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
