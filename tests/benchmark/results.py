# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was measured, as it is kept in ``results.json``, and what follows from it."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from .contestants import Contestant
from .memory import Memory
from .scenarios import Scenario


@dataclass(frozen=True)
class Run:
    """One run of a contestant.

    :ivar seconds: wall time, from its start to its end.
    :ivar cpu: processor time of all its processes.
    """

    seconds: float
    cpu: float
    requests: int


@dataclass(frozen=True)
class Figure:
    """All runs of one contestant in one scenario at one size."""

    scenario: str
    size: int
    contestant: str
    runs: Sequence[Run]

    @property
    def seconds(self) -> float:
        return statistics.median(run.seconds for run in self.runs)

    @property
    def cpu(self) -> float:
        return statistics.median(run.cpu for run in self.runs)

    @property
    def requests(self) -> int:
        return max(run.requests for run in self.runs)

    def times(self, other: Figure) -> float:
        """Return how many times as long as the other it takes.

        The machine may be busy with something else for a while. That strikes both contestants of a
        round, so they are compared round by round.
        """
        return statistics.median(
            mine.seconds / its.seconds for mine, its in zip(self.runs, other.runs)
        )


@dataclass(frozen=True)
class Results:
    """All of it.

    :ivar machine: what it was measured on and with.
    :ivar capacity: by the size of a list, the requests a second that the simulator itself answers.
    """

    machine: Mapping[str, str]
    capacity: Mapping[str, float]
    figures: Sequence[Figure]
    memory: Sequence[Memory]

    def updated(self, newer: Results) -> Results:
        """Return the results with those replaced that were measured again."""
        again = {figure.scenario for figure in newer.figures}
        kept = [figure for figure in self.figures if figure.scenario not in again]
        figures = [*kept, *newer.figures]
        rounds = sorted({len(figure.runs) for figure in figures})
        machine = {**newer.machine, "median of": " or ".join(map(str, rounds))}
        return Results(machine, newer.capacity, figures, newer.memory)

    def find(self, scenario: Scenario, size: int, contestant: Contestant) -> Figure | None:
        wanted = (scenario.name, size, contestant.name)
        for figure in self.figures:
            if (figure.scenario, figure.size, figure.contestant) == wanted:
                return figure
        return None

    def line(self, scenario: Scenario, contestant: Contestant) -> list[Figure]:
        """Return the contestant's figures in a scenario, the smallest size first."""
        found = (self.find(scenario, size, contestant) for size in scenario.sizes)
        return [figure for figure in found if figure]

    def extrapolated(self, scenario: Scenario, size: int, contestant: Contestant) -> float | None:
        """Return the seconds it would take, if each further request takes as long as before."""
        line = self.line(scenario, contestant)
        if len(line) < 2 or scenario.latency == 0:
            return None
        return line[-1].seconds + seconds_per_request(line[-2], line[-1]) * (
            scenario.fewest(size) - line[-1].requests
        )

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Results:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            kept["machine"],
            kept["capacity"],
            [
                Figure(**{**figure, "runs": [Run(**run) for run in figure["runs"]]})
                for figure in kept["figures"]
            ],
            [Memory(**memory) for memory in kept["memory"]],
        )


def seconds_per_request(smaller: Figure, larger: Figure) -> float:
    """Return what each further request takes, between two sizes."""
    return (larger.seconds - smaller.seconds) / (larger.requests - smaller.requests)


def floor(scenario: Scenario, size: int, contestant: Contestant) -> float:
    """Return the seconds that the fewest requests take on this many connections."""
    return scenario.fewest(size) * scenario.latency / contestant.connections
