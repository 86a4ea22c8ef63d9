# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs all implementations in rounds."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .implementations import COLLECTION, IMPLEMENTATIONS, Implementation
from .scenarios import API_TOKEN, Scenario
from .server import Cloudflare

Job = tuple[Scenario, int, Implementation]


@dataclass(frozen=True)
class Run:
    """One run of an implementation.

    :ivar seconds: wall time.
    :ivar cpu: CPU time of all processes.
    """

    seconds: float
    cpu: float
    requests: int


def run_all(cloudflare: Cloudflare, jobs: list[Job], rounds: int) -> dict[Job, list[Run]]:
    """Run all jobs in this many rounds, and print each run."""
    runs: dict[Job, list[Run]] = {job: [] for job in jobs}
    scenario, size, _implementation = jobs[0]
    for implementation in IMPLEMENTATIONS:  # warm the disk cache and compile the code
        run_once(cloudflare, scenario, size, implementation)
    for number in range(rounds):
        # Rotate, so that no implementation is always first.
        turn = number % len(jobs)
        for scenario, size, implementation in jobs[turn:] + jobs[:turn]:
            run = run_once(cloudflare, scenario, size, implementation)
            runs[scenario, size, implementation].append(run)
            where = f"({scenario.key}) {size:6,} {scenario.unit:14}{implementation.name:28}"
            print(f"  round {number + 1}/{rounds} {where}{run.seconds:8.2f} s", flush=True)
    return runs


def jobs_of(scenario: Scenario, *, quick: bool) -> list[Job]:
    """Return the jobs of a scenario. Only the collection runs at sizes beyond the base."""
    sizes = [one for one in scenario.sizes if not quick or one <= max(1, scenario.base // 10)]
    return [
        (scenario, size, implementation)
        for size in sizes
        for implementation in (IMPLEMENTATIONS if size <= scenario.base else (COLLECTION,))
    ]


def run_once(
    cloudflare: Cloudflare, scenario: Scenario, size: int, implementation: Implementation
) -> Run:
    """Run one implementation.

    :raises SystemExit: if it fails, or if its changes are not the expected ones.
    """
    cloudflare.seed(scenario, size)
    with tempfile.TemporaryDirectory() as folder:
        # Empty, so that Ansible uses its defaults.
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
        finished = implementation.run(scenario.name, variables, environment)
        seconds, cpu = time.monotonic() - start, _cpu() - cpu
    if finished.returncode:
        sys.exit(f"{implementation.name} failed at {scenario.name}:\n{finished.stdout[-3000:]}")
    log = cloudflare.log()
    changes = sum(request["method"] != "GET" for request in log)
    errors = sum(request["status"] != 200 for request in log)
    if changes != scenario.changes(size) or errors:
        sys.exit(f"{implementation.name} at {scenario.name}: {changes} changes, {errors} errors")
    return Run(seconds, cpu, len(log))


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
