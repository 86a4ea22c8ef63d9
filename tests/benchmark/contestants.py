# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who takes part: our modules, ``ansible.builtin.uri``, and a script on the official SDK."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..playbook import run_playbook

HERE = Path(__file__).resolve().parent

Environment = Mapping[str, str]
Finished = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Contestant:
    """Does a scenario's job.

    :ivar connections: how many requests it has under way at the same time.
    :ivar run: starts it: the name of the scenario, a file of variables, the environment.
    """

    name: str
    title: str
    connections: int
    run: Callable[[str, Path, Environment], Finished]


def _playbook(folder: str, *more: str) -> Callable[[str, Path, Environment], Finished]:
    def run(name: str, variables: Path, environment: Environment) -> Finished:
        playbook = HERE / "playbooks" / folder / f"{name}.yml"
        return run_playbook(playbook, environment, "--extra-vars", f"@{variables}", *more)

    return run


def _sdk(name: str, variables: Path, environment: Environment) -> Finished:
    return subprocess.run(
        [sys.executable, str(HERE / "sdk.py"), name, str(variables)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


# The connections are the default of max_connections.
OURS = Contestant("ours", "community.cloudflare", 20, _playbook("ours"))
URI = Contestant("uri", "ansible.builtin.uri", 1, _playbook("uri"))
SDK = Contestant("sdk", "script on the SDK", 1, _sdk)

CONTESTANTS = (OURS, URI, SDK)


def _ours_on(connections: int) -> Contestant:
    run = _playbook("ours", "--extra-vars", f"connections={connections}")
    return Contestant(f"ours on {connections}", f"{OURS.title} on {connections}", connections, run)


# What another max_connections than the default, which is that of OURS, would bring.
OURS_ON = tuple(_ours_on(one) for one in (1, 2, 5, 10, 20, 50) if one != OURS.connections)
