# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plot that the documentation shows, from the results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from .contestants import OURS, SDK, URI, Contestant
from .results import Results, floor
from .scenarios import LATENCY, SCENARIOS, START, Scenario
from .targets import LEAST_FASTER_THAN_SDK, LEAST_FASTER_THAN_URI

# A card of its own colour, readable on a light page and on a dark one. The colours differ in
# lightness, too, for those who do not tell them apart, and so do the markers.
PAPER, INK, FAINT = "#fbfaf7", "#22272e", "#d9d6ce"
COLOURS = {"ours": "#c2410c", "uri": "#1d4e89", "sdk": "#5f9e8f"}
MARKERS = {"ours": "o", "uri": "s", "sdk": "^"}
BOUNDS = {"uri": LEAST_FASTER_THAN_URI, "sdk": LEAST_FASTER_THAN_SDK}
HEADLINE: dict[str, Any] = {"x": 0.012, "ha": "left", "weight": "bold", "size": 11.5}
STYLE: dict[Any, Any] = {
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelcolor": INK,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "font.size": 9,
    # The same picture from the same figures: nothing random, no date, and the letters as shapes.
    "svg.hashsalt": "community.cloudflare",
    "svg.fonttype": "path",
}
CLOCK = {
    1: "1 s",
    3: "3 s",
    10: "10 s",
    30: "30 s",
    60: "1 min",
    180: "3 min",
    600: "10 min",
    1800: "30 min",
}


def draw(results: Results, path: Path) -> None:
    """Write the plot; what its name ends with says in which form."""
    scenarios = [one for one in SCENARIOS if one is not START and results.line(one, URI)]
    with mpl.rc_context(STYLE):
        canvas = Figure(figsize=(10, 7.4), layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08))
        # Each half for itself: the long labels of the one shall not make room in the other.
        halves: Any = canvas.subfigures(2, height_ratios=[1.5, 1], hspace=0.04)
        upper, lower = halves
        latency = f"{LATENCY * 1000:.0f} ms"
        upper.suptitle(
            f"Time, at {latency} before each answer (hollow: not run, but what it comes to)",
            **HEADLINE,
        )
        first: Axes | None = None
        for column, scenario in enumerate(scenarios, start=1):
            axes = upper.add_subplot(1, len(scenarios), column, sharey=first)
            _growth(axes, results, scenario)
            axes.tick_params(axis="y", length=0, labelleft=first is None)
            first = first or axes
        if first:
            upper.legend(
                *first.get_legend_handles_labels(),
                loc="outside lower center",
                ncols=4,
                frameon=False,
            )
        lower.suptitle("How many times as long the others take (marks: the target)", **HEADLINE)
        _ratios(lower.add_subplot(), results, scenarios)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix != ".svg":  # to look at while working on it
            canvas.savefig(path)
            return
        canvas.savefig(path, metadata={"Date": None})
        # It ends lines with a blank, which no file here does.
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("".join(f"{line.rstrip()}\n" for line in lines), encoding="utf-8")


def _growth(axes: Axes, results: Results, scenario: Scenario) -> None:
    """Time over size, both in powers of ten."""
    axes.set(xscale="log", yscale="log", ylim=(0.7, 2400))
    axes.set_title(f"({scenario.letter}) {scenario.title}")
    axes.set_xlabel(scenario.unit)
    _lines(axes, results, scenario)
    axes.xaxis.set_major_locator(FixedLocator(list(scenario.sizes)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda size, _place: f"{size:,.0f}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(FixedLocator(list(CLOCK)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda seconds, _place: CLOCK.get(seconds, "")))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.margins(x=0.12)


def _lines(axes: Axes, results: Results, scenario: Scenario) -> None:
    for contestant in (URI, SDK, OURS):
        line = results.line(scenario, contestant)
        sizes, seconds = [one.size for one in line], [one.seconds for one in line]
        colour, marker = COLOURS[contestant.name], MARKERS[contestant.name]
        axes.plot(sizes, seconds, color=colour, marker=marker, markersize=6, label=contestant.title)
        for size in scenario.sizes[len(line) :]:
            beyond = results.extrapolated(scenario, size, contestant)
            if beyond:
                # Hollow: not measured, but what it comes to if it goes on like this.
                axes.plot(
                    [sizes[-1], size],
                    [seconds[-1], beyond],
                    color=colour,
                    linestyle=(0, (1, 1.5)),
                    marker=marker,
                    markersize=6,
                    markerfacecolor=PAPER,
                    markevery=[1],
                )
    least = [floor(scenario, size, OURS) for size in scenario.sizes]
    axes.plot(
        scenario.sizes,
        least,
        color=INK,
        linestyle=(0, (4, 3)),
        linewidth=1,
        label=f"latency alone, {OURS.connections} connections",
    )


def _ratios(axes: Axes, results: Results, scenarios: list[Scenario]) -> None:
    """How many times as long the others take."""
    place = 0.0
    ticks: dict[float, str] = {}
    for scenario in (START, *scenarios):
        # A script on the SDK is no task.
        others = [URI] if scenario is START else [URI, SDK]
        size = "one task" if scenario is START else f"{scenario.base:,} {scenario.unit}"
        ticks[place + (len(others) - 1) / 2] = f"({scenario.letter}) {size}"
        for other in others:
            _bar(axes, results, place, scenario, other)
            place += 1
        place += 0.5
    axes.set_yticks(list(ticks), list(ticks.values()))
    axes.invert_yaxis()
    axes.tick_params(axis="both", length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xlim(left=0)
    axes.margins(x=0.35)
    axes.grid(axis="x", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)


def _bar(axes: Axes, results: Results, place: float, scenario: Scenario, other: Contestant) -> None:
    ours = results.find(scenario, scenario.base, OURS)
    figure = results.find(scenario, scenario.base, other)
    if not ours or not figure:
        return
    times = figure.times(ours)
    axes.barh(place, times, height=0.85, color=COLOURS[other.name])
    bound = BOUNDS[other.name] if scenario is not START else 0
    if bound:
        axes.plot([bound, bound], [place - 0.42, place + 0.42], color=INK, linewidth=4)
        axes.plot([bound, bound], [place - 0.42, place + 0.42], color=PAPER, linewidth=1.5)
    text = f"{times:.1f} times: {figure.seconds:.1f} s against {ours.seconds:.1f} s"
    axes.annotate(text, (max(times, bound), place), (6, 0), textcoords="offset points", va="center")
