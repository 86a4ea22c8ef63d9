# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who takes part: our modules, ``ansible.builtin.uri``, and scripts on the official SDK."""

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
Runner = Callable[[str, Path, Environment], Finished]


@dataclass(frozen=True)
class Contestant:
    """Does a scenario's job.

    :ivar run: starts it: the name of the scenario, a file of variables, the environment.
    """

    name: str
    run: Runner


def _playbook(folder: str) -> Runner:
    def run(name: str, variables: Path, environment: Environment) -> Finished:
        playbook = HERE / "playbooks" / folder / f"{name}.yml"
        return run_playbook(playbook, environment, "--extra-vars", f"@{variables}")

    return run


def _script(file: str) -> Runner:
    def run(name: str, variables: Path, environment: Environment) -> Finished:
        return subprocess.run(
            [sys.executable, str(HERE / file), name, str(variables)],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    return run


OURS = Contestant("community.cloudflare", _playbook("ours"))
CONTESTANTS = (
    OURS,
    Contestant("ansible.builtin.uri", _playbook("uri")),
    Contestant("SDK, one by one", _script("sdk.py")),
    Contestant("SDK, async, 20 connections", _script("sdk_async.py")),
)
