# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection promises of its speed, and whether it is so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .contestants import OURS, SDK, URI
from .results import Results, floor, seconds_per_request
from .scenarios import SCENARIOS, START, Scenario

MOST_OF_URI = 1.10
LEAST_FASTER_THAN_URI = 20
LEAST_FASTER_THAN_SDK = 4
MOST_REQUESTS_MORE = 1
MOST_OF_FLOOR = 1.3
# What a request takes may differ by this much between small and large, and still be the same.
MOST_OF_GROWTH = 1.3
MOST_MEMORY = 150


@dataclass(frozen=True)
class Verdict:
    """One promise: what was found, and the bound that it should keep."""

    what: str
    found: float
    bound: float
    at_least: bool = False
    unit: str = ""

    @property
    def met(self) -> bool:
        return self.found >= self.bound if self.at_least else self.found <= self.bound

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        bound = f"{self.bound:g}{self.unit}"
        return f"{'met' if self.met else 'MISSED':8}{self.what:62}{self.found:7.2f} {sign} {bound}"


def verdicts(results: Results) -> Iterator[Verdict]:
    """Judge all that was measured; what a quick run has left out is left out here."""
    ours, uri = results.find(START, START.base, OURS), results.find(START, START.base, URI)
    if ours and uri:
        what = f"({START.letter}) one task: times as long as uri"
        yield Verdict(what, ours.times(uri), MOST_OF_URI)
    for scenario in SCENARIOS:
        if scenario is not START:
            yield from _speed(results, scenario)
    for scenario in SCENARIOS:
        yield from _requests(results, scenario)
    for memory in results.memory:
        what = f"memory of {memory.module}, {memory.invites:,} invites"
        yield Verdict(what, memory.mebibytes, MOST_MEMORY, unit=" MiB")


def _speed(results: Results, scenario: Scenario) -> Iterator[Verdict]:
    ours = results.find(scenario, scenario.base, OURS)
    place = f"({scenario.letter}) {scenario.base:,} {scenario.unit}"
    for contestant, bound in ((URI, LEAST_FASTER_THAN_URI), (SDK, LEAST_FASTER_THAN_SDK)):
        other = results.find(scenario, scenario.base, contestant)
        if ours and other:
            what = f"{place}: times faster than {contestant.title}"
            yield Verdict(what, other.times(ours), bound, at_least=True)
    start = results.find(START, START.base, OURS)
    if ours and start:
        least = floor(scenario, scenario.base, OURS) + start.seconds
        yield Verdict(f"{place}: times floor + start-up", ours.seconds / least, MOST_OF_FLOOR)
    line = results.line(scenario, OURS)
    if len(line) > 2:
        each = [seconds_per_request(*pair) for pair in zip(line, line[1:])]
        # A small size does not fill the connections, so that its requests seem to take no time.
        first = max(each[0], scenario.latency / OURS.connections)
        what = f"({scenario.letter}) growth of the time for one more request"
        yield Verdict(what, each[-1] / first, MOST_OF_GROWTH)


def _requests(results: Results, scenario: Scenario) -> Iterator[Verdict]:
    line = results.line(scenario, OURS)
    if line:
        more = max(figure.requests - scenario.fewest(figure.size) for figure in line)
        what = f"({scenario.letter}) requests more than the fewest, at most"
        yield Verdict(what, more, MOST_REQUESTS_MORE)
