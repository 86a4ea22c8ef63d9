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
from dataclasses import dataclass
from pathlib import Path

from .contestants import CONTESTANTS, OURS, Contestant
from .scenarios import API_TOKEN, Scenario
from .server import Cloudflare

Job = tuple[Scenario, int, Contestant]


@dataclass(frozen=True)
class Run:
    """One run of a contestant.

    :ivar seconds: wall time, from its start to its end.
    :ivar cpu: processor time of all its processes.
    """

    seconds: float
    cpu: float
    requests: int


def run_all(cloudflare: Cloudflare, jobs: list[Job], rounds: int) -> dict[Job, list[Run]]:
    """Run everything, as many rounds as asked for, and show each run as it ends."""
    runs: dict[Job, list[Run]] = {job: [] for job in jobs}
    scenario, size, _contestant = jobs[0]
    for contestant in CONTESTANTS:  # so that none pays for a cold disk or uncompiled code
        run_once(cloudflare, scenario, size, contestant)
    for number in range(rounds):
        # No contestant is always the first.
        turn = number % len(jobs)
        for scenario, size, contestant in jobs[turn:] + jobs[:turn]:
            run = run_once(cloudflare, scenario, size, contestant)
            runs[scenario, size, contestant].append(run)
            where = f"({scenario.letter}) {size:6,} {scenario.unit:14}{contestant.name:28}"
            print(f"  round {number + 1}/{rounds} {where}{run.seconds:8.2f} s", flush=True)
    return runs


def jobs_of(scenario: Scenario, *, quick: bool) -> list[Job]:
    """Return who runs at which sizes: beyond the base, the others would take many minutes."""
    sizes = [one for one in scenario.sizes if not quick or one <= max(1, scenario.base // 10)]
    return [
        (scenario, size, contestant)
        for size in sizes
        for contestant in (CONTESTANTS if size <= scenario.base else (OURS,))
    ]


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
        sys.exit(f"{contestant.name} failed at {scenario.name}:\n{finished.stdout[-3000:]}")
    log = cloudflare.log()
    changes = sum(request["method"] == "PATCH" for request in log)
    errors = sum(request["status"] != 200 for request in log)
    if changes != scenario.changes(size) or errors:
        sys.exit(f"{contestant.name} at {scenario.name}: {changes} changes, {errors} errors")
    return Run(seconds, cpu, len(log))


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
