# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results as a table, and as Markdown for an issue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ansible_collections.community.cloudflare.plugins.module_utils._version import VERSION

from .assumptions import Assumption
from .checks import Finding, Verdict

NOTE = (
    "All IDs, names, and addresses were replaced, the same one by the same name. Check the text "
    "before you publish it."
)


@dataclass(frozen=True)
class Result:
    assumption: Assumption
    finding: Finding


def count_verdicts(results: Iterable[Result]) -> str:
    counts = Counter(result.finding.verdict for result in results)
    return ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict)


def format_table(results: Iterable[Result]) -> Iterator[str]:
    """Return the lines of the table for a terminal."""
    width = max(len(verdict.value) for verdict in Verdict)
    margin = " " * (width + 2)
    for result in results:
        assumption, finding = result.assumption, result.finding
        yield f"{finding.verdict.value:{width}}  {assumption.text} ({assumption.source})"
        yield f"{margin}seen: {finding.seen}"
        if finding.verdict is Verdict.CONTRADICTED:
            yield f"{margin}change: {assumption.place}"


def format_markdown(results: Iterable[Result], schemes: Iterable[str], requests: int) -> str:
    """Return the results for an issue."""
    results = list(results)
    lines = [
        "# Results of `make live`",
        "",
        f"community.cloudflare {VERSION}, {' and '.join(schemes)}, {requests} requests: "
        f"{count_verdicts(results)}.",
        "",
        f"{NOTE} Sources: documented (D), observed (O), reported (R), or a guess (G).",
        "",
        "| Assumption | Source | Result | Seen | Place |",
        "| --- | --- | --- | --- | --- |",
    ]
    for result in results:
        assumption, finding = result.assumption, result.finding
        cells = (
            assumption.text,
            assumption.source,
            f"**{finding.verdict.value}**"
            if finding.verdict is Verdict.CONTRADICTED
            else finding.verdict.value,
            finding.seen,
            assumption.place,
        )
        lines.append(f"| {' | '.join(map(_escape, cells))} |")
    return "\n".join([*lines, ""])


def _escape(cell: str) -> str:
    for character in "\\|<>`[]":
        cell = cell.replace(character, f"\\{character}")
    return cell.replace("\n", " ").replace("@", "&#64;")
