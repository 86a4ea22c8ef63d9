# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the contestants, each in its turn, round after round."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from .contestants import CONTESTANTS, OURS, OURS_ON, Contestant
from .results import Figure, Run
from .scenarios import API_TOKEN, LIST, START, Scenario
from .server import Cloudflare

Job = tuple[Scenario, int, Contestant]


def jobs(scenarios: Sequence[Scenario], *, quick: bool) -> list[tuple[Scenario, int]]:
    """Return which scenario is run at which sizes."""
    return [
        (scenario, size)
        for scenario in scenarios
        for size in scenario.sizes
        if not quick or scenario is START or size == scenario.sizes[0]
    ]


def who_runs(scenario: Scenario, size: int) -> list[Contestant]:
    """Return who is measured: beyond the base, the others would take many minutes."""
    if scenario is START or size <= scenario.base:
        return [*CONTESTANTS, *(OURS_ON if (scenario, size) == (LIST, LIST.base) else ())]
    return [OURS]


def run_all(
    cloudflare: Cloudflare, places: Sequence[tuple[Scenario, int]], rounds: int
) -> list[Figure]:
    """Run everything, as many rounds as asked for, and show each run as it ends."""
    runs: dict[Job, list[Run]] = {
        (scenario, size, contestant): []
        for scenario, size in places
        for contestant in who_runs(scenario, size)
    }
    for scenario, size, contestant in _warm_up(places):
        run_once(cloudflare, scenario, size, contestant)
    for number in range(rounds):
        for scenario, size in places:
            contestants = who_runs(scenario, size)
            # Nobody is always the one who comes first.
            turn = number % len(contestants)
            for contestant in contestants[turn:] + contestants[:turn]:
                run = run_once(cloudflare, scenario, size, contestant)
                runs[scenario, size, contestant].append(run)
                print(
                    f"  round {number + 1}/{rounds}",
                    f"({scenario.letter}) {size:6,} {scenario.unit:14}",
                    f"{contestant.title:26}{run.seconds:8.2f} s {run.requests:6,} requests",
                    flush=True,
                )
    return [
        Figure(scenario.name, size, contestant.name, its)
        for (scenario, size, contestant), its in runs.items()
    ]


def _warm_up(places: Sequence[tuple[Scenario, int]]) -> Iterator[Job]:
    """Once through the first, so that no contestant pays for a cold disk or uncompiled code."""
    scenario, size = places[0]
    for contestant in CONTESTANTS:
        yield scenario, size, contestant


def run_once(cloudflare: Cloudflare, scenario: Scenario, size: int, contestant: Contestant) -> Run:
    """Run one contestant.

    :raises SystemExit: if it fails, or has not done what it should have.
    """
    cloudflare.begin(scenario, size)
    with tempfile.TemporaryDirectory() as folder:
        # Empty: Ansible's defaults, whatever this machine is set to.
        config = Path(folder, "ansible.cfg")
        config.touch()
        environment = {
            "CLOUDFLARE_BASE_URL": cloudflare.url,
            "CLOUDFLARE_API_TOKEN": API_TOKEN,
            "ANSIBLE_CONFIG": str(config),
        }
        variables = Path(folder, "variables.json")
        variables.write_text(json.dumps(scenario.variables(size)), encoding="utf-8")
        cpu, start = _cpu(), time.monotonic()
        finished = contestant.run(scenario.name, variables, environment)
        seconds, cpu = time.monotonic() - start, _cpu() - cpu
    if finished.returncode:
        sys.exit(f"{contestant.title} failed at {scenario.name}:\n{finished.stdout[-3000:]}")
    log = cloudflare.log()
    changes = sum(request["method"] == "PATCH" for request in log)
    refused = sum(request["status"] != 200 for request in log)
    if changes != scenario.changes(size) or refused:
        sys.exit(f"{contestant.title} at {scenario.name}: {changes} changes, {refused} refused")
    return Run(round(seconds, 4), round(cpu, 4), len(log))


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
