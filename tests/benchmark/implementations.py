# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The implementations: the modules, ``ansible.builtin.uri``, and a script with the official SDK."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..playbook import run_playbook

BENCHMARK_DIR = Path(__file__).resolve().parent

Environment = Mapping[str, str]
Finished = subprocess.CompletedProcess[str]
Runner = Callable[[str, Path, Environment], Finished]


@dataclass(frozen=True)
class Implementation:
    """An implementation of all scenarios.

    :ivar run: runs it with the name of a scenario, a file of variables, and the environment.
    """

    name: str
    run: Runner


def _playbook(folder: str) -> Runner:
    def run(name: str, variables: Path, environment: Environment) -> Finished:
        playbook = BENCHMARK_DIR / "playbooks" / folder / f"{name}.yml"
        return run_playbook(playbook, environment, "--extra-vars", f"@{variables}")

    return run


def _sdk(connections: int) -> Runner:
    def run(name: str, variables: Path, environment: Environment) -> Finished:
        return subprocess.run(
            [sys.executable, str(BENCHMARK_DIR / "sdk.py"), str(connections), name, str(variables)],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    return run


COLLECTION = Implementation("community.cloudflare", _playbook("collection"))
IMPLEMENTATIONS = (
    COLLECTION,
    Implementation("ansible.builtin.uri", _playbook("uri")),
    Implementation("SDK, one request at a time", _sdk(connections=1)),
    Implementation("SDK, 20 connections", _sdk(connections=20)),
)
