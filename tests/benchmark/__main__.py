# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark: ``python -m tests.benchmark``, in the checkout."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import statistics
from collections.abc import Iterator

from .implementations import COLLECTION
from .runner import Job, Run, jobs_of, run_all
from .scenarios import SCENARIOS
from .server import simulator


def main() -> None:
    options = _options()
    # They must not affect the measurement.
    for name in [name for name in os.environ if name.startswith(("CLOUDFLARE_", "ANSIBLE_"))]:
        del os.environ[name]
    scenarios = [one for one in SCENARIOS if not options.only or one.key in options.only]
    jobs = [job for one in scenarios for job in jobs_of(one, quick=options.quick)]
    with simulator() as cloudflare:
        runs = run_all(cloudflare, jobs, options.runs)
    print(*_report(runs), sep="\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="rounds; default: %(default)s")
    parser.add_argument("--quick", action="store_true", help="a tenth of the size")
    parser.add_argument("--only", metavar="KEYS", default="", help="some scenarios, such as bd")
    return parser.parse_args()


def _report(runs: dict[Job, list[Run]]) -> Iterator[str]:
    """Yield the lines of the table: medians, and ratios to the collection in the same round."""
    versions = [
        f"{name} {importlib.metadata.version(name)}"
        for name in ("ansible-core", "requests", "cloudflare")
    ]
    yield ""
    yield f"{os.cpu_count()} processors, Python {platform.python_version()}, {', '.join(versions)}"
    for (scenario, size, implementation), its in runs.items():
        baseline = runs[scenario, size, COLLECTION]
        if implementation is COLLECTION:
            yield ""
            yield f"({scenario.key}) {scenario.title}: {size:,} {scenario.unit}"
            yield f"{'':30}{'wall':>9}{'ratio':>9}{'CPU':>9}{'requests':>10}{'minimum':>8}"
        ratio = statistics.median(one.seconds / mine.seconds for one, mine in zip(its, baseline))
        yield (
            f"  {implementation.name:28}{statistics.median(one.seconds for one in its):7.2f} s"
            f"{ratio:9.2f}{statistics.median(one.cpu for one in its):7.2f} s"
            f"{max(one.requests for one in its):10,}{scenario.min_requests(size):8,}"
        )


if __name__ == "__main__":
    main()
