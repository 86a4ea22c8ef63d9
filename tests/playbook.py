# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a playbook with ansible-playbook, as a user does, but against the simulator."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PLACE = Path("ansible_collections", "community", "cloudflare")
# An environment variable: a folder with bin/ansible-playbook, and collections/.
INSTALLED = "CLOUDFLARE_TESTS_INSTALLED"


def run_playbook(
    playbook: Path, environment: Mapping[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run a playbook, with this checkout as the collection, whatever folder it lies in.

    Where ``INSTALLED`` names an environment with the collection installed, that is taken instead.

    :param environment: variables to set, such as those with the credentials.
    :param arguments: further arguments of ansible-playbook.
    """
    with tempfile.TemporaryDirectory() as tree:
        installed = os.environ.get(INSTALLED)
        if installed:
            place, programs = Path(installed, "collections"), Path(installed, "bin")
        else:
            place, programs = Path(tree), Path(sys.executable).parent
            collection = place / PLACE
            collection.parent.mkdir(parents=True)
            collection.symlink_to(CHECKOUT, target_is_directory=True)
        return subprocess.run(
            ["ansible-playbook", str(playbook), *arguments],
            cwd=CHECKOUT,
            env={
                **os.environ,
                "PATH": os.pathsep.join([str(programs), os.environ["PATH"]]),
                "ANSIBLE_COLLECTIONS_PATH": str(place),
                "ANSIBLE_LOCALHOST_WARNING": "False",
                "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
                # Else one is looked for on each host.
                "ANSIBLE_PYTHON_INTERPRETER": "{{ ansible_playbook_python }}",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
