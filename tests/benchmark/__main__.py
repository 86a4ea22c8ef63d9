# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark: ``python -m tests.benchmark``, in the checkout."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
from pathlib import Path

from ..playbook import CHECKOUT
from . import memory
from .contestants import OURS
from .report import report
from .results import Results
from .runner import jobs, run_all
from .scenarios import LIST, SCENARIOS
from .server import Cloudflare, simulator

RESULTS = Path(__file__).with_name("results.json")
PLOT = CHECKOUT / "docs" / "images" / "benchmark.svg"


def main() -> None:
    options = _options()
    # Nothing of what is measured may depend on them, or get to see them.
    for name in [name for name in os.environ if name.startswith(("CLOUDFLARE_", "ANSIBLE_"))]:
        del os.environ[name]
    if options.redraw:
        results = Results.load(RESULTS)
    else:
        with simulator() as cloudflare:
            results = _measure(cloudflare, options)
    print(*report(results), sep="\n")
    if options.quick:
        print("\nThis was a tenth of it, so neither results.json nor the plot was written.")
        return
    if options.only:
        results = Results.load(RESULTS).updated(results)
    results.save(RESULTS)
    from .plot import draw  # late: it takes memory that would count as a child's

    draw(results, PLOT)
    print(f"\nWritten: {RESULTS.relative_to(CHECKOUT)}, {PLOT.relative_to(CHECKOUT)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="rounds; default: %(default)s")
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, no files")
    parser.add_argument(
        "--only", metavar="LETTERS", default="", help="such as bd; the others are kept as they are"
    )
    parser.add_argument("--redraw", action="store_true", help="only report and draw results.json")
    return parser.parse_args()


def _measure(cloudflare: Cloudflare, options: argparse.Namespace) -> Results:
    scenarios = [one for one in SCENARIOS if not options.only or one.letter in options.only]
    machine = _machine(options.runs)
    # First: a process that starts others is counted as they are until they have replaced it, and
    # it grows.
    peaks = memory.peaks(cloudflare)
    capacity = {
        f"{size:,}": round(cloudflare.capacity(LIST, size, OURS.connections))
        for size in LIST.sizes[1:]
    }
    figures = run_all(cloudflare, jobs(scenarios, quick=options.quick), options.runs)
    return Results(machine, capacity, figures, peaks)


def _machine(runs: int) -> dict[str, str]:
    versions = {
        name: importlib.metadata.version(name)
        for name in ("ansible-core", "requests", "cloudflare")
    }
    return {
        "median of": str(runs),
        "processors": str(os.cpu_count()),
        "load before": f"{os.getloadavg()[1]:.1f}",
        "Python": platform.python_version(),
        **versions,
    }


if __name__ == "__main__":
    main()
