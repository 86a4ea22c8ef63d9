# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table that ``make bench`` prints."""

from __future__ import annotations

from collections.abc import Iterator

from .contestants import CONTESTANTS, OURS, OURS_ON, Contestant
from .results import Results, floor
from .scenarios import LIST, SCENARIOS, START, Scenario
from .targets import verdicts

HEAD = ("", "", "wall", "/ ours", "CPU", "requests", "fewest", "floor")


def report(results: Results) -> Iterator[str]:
    """Return the lines of the report."""
    yield ", ".join(f"{name} {value}" for name, value in results.machine.items())
    for scenario in SCENARIOS:
        if results.line(scenario, OURS):
            yield ""
            yield f"({scenario.letter}) {scenario.title}"
            yield _row(*HEAD)
            for size in scenario.sizes:
                for contestant in (*CONTESTANTS, *OURS_ON):
                    yield from _figures(results, scenario, size, contestant)
            if scenario is START:
                yield from _further_tasks(results)
    yield ""
    yield from _capacity(results)
    yield ""
    yield from map(str, verdicts(results))


def _row(size: str, name: str, *columns: str) -> str:
    return f"{size:>9}  {name:26}{''.join(f'{column:>10}' for column in columns)}".rstrip()


def _figures(
    results: Results, scenario: Scenario, size: int, contestant: Contestant
) -> Iterator[str]:
    figure, ours = (results.find(scenario, size, one) for one in (contestant, OURS))
    least = (f"{scenario.fewest(size):,}", f"{floor(scenario, size, contestant):.2f} s")
    if figure and ours:
        yield _row(
            f"{size:,}",
            contestant.title,
            f"{figure.seconds:.2f} s",
            f"{figure.times(ours):.2f}",
            f"{figure.cpu:.2f} s",
            f"{figure.requests:,}",
            *least,
        )
    elif ours:
        seconds = results.extrapolated(scenario, size, contestant)
        if seconds:
            times = f"{seconds / ours.seconds:.2f}"
            yield _row(
                *(f"{size:,}", contestant.title, f"~{seconds:.0f} s", times, "(not", "run)", *least)
            )


def _further_tasks(results: Results) -> Iterator[str]:
    """What a task costs without ansible-playbook's own start: the difference of the two sizes."""
    few, many = START.sizes
    for contestant in CONTESTANTS:
        line = results.line(START, contestant)
        if len(line) == len(START.sizes):
            seconds = (line[1].seconds - line[0].seconds) / (many - few)
            cpu = (line[1].cpu - line[0].cpu) / (many - few)
            yield _row("each more", contestant.title, f"{seconds:.2f} s", "", f"{cpu:.2f} s")


def _capacity(results: Results) -> Iterator[str]:
    needed = OURS.connections / LIST.latency
    for size, capacity in results.capacity.items():
        yield (
            f"The simulator itself could answer {capacity:,.0f} requests a second from a list of "
            f"{size}; {OURS.connections} connections ask for {needed:.0f} at most."
        )
