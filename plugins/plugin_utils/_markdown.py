# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an audit as Markdown: short, for a merge request, a ticket, or a job summary.

Untrusted text stands in code spans, in which GitHub and GitLab see no link, image, or mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.community.cloudflare.plugins.plugin_utils._checks import pluralize
from ansible_collections.community.cloudflare.plugins.plugin_utils._html_text import (
    MAX_MESSAGE_LENGTH,
    QUOTED,
    visible_text,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._waivers import format_unused

MAX_FINDINGS = 50
MAX_ENTRIES = 50
# Words that cannot be markup; all others are code.
_PLAIN_WORD = re.compile(r"\(?[A-Za-z0-9]+(?:[-'][A-Za-z0-9]+)*\)?[.,:;]?|[.,:;]+")


def to_markdown(report: Mapping[str, Any]) -> str:
    """Return the summary, the scope, the findings, and the results of the rules."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    summary = report["summary"]
    yield f"# {_message(report['title'])}"
    yield ""
    generator = report["generator"]
    yield f"{report['time']}, {generator['name']} {generator['version']}"
    yield ""
    if report["complete"]:
        yield "This audit is complete."
    else:
        yield f"**This audit is not complete.** {summary['gap_message']}"
    yield ""
    if summary["first_steps"]:
        yield f"**What to do first:** {_message(' '.join(summary['first_steps']))}"
        yield ""
    counts = ", ".join(f"{count} {severity}" for severity, count in summary["findings"].items())
    yield f"- Findings without waived ones: {counts}"
    states = ", ".join(
        f"{count} {state.replace('_', ' ')}" for state, count in summary["states"].items()
    )
    yield f"- States: {states}"
    yield f"- Read: {summary['invites']} invites, {summary['members']} members"
    if report["baseline"]:
        same = "" if report["baseline"]["has_same_scope"] else ". **It has another scope.**"
        yield f"- Baseline: the audit of {_code(report['baseline']['time'])}{same}"
    for state in ("new", "not_assessed", "known", "waived"):
        found = [finding for finding in report["findings"] if finding["state"] == state]
        yield from _section(f"Findings: {state.replace('_', ' ')}", _findings(found))
    yield from _section("Resolved", _findings(report["resolved"]))
    yield from _section("Unused waivers", _unused_waivers(report["waivers"]))
    yield from _section("Scope", _scope(report["scope"]))
    yield from _section("Rules", _rules(report))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield from ("", f"## {title}", "", *lines)


def _findings(findings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for finding in findings[:MAX_FINDINGS]:
        state = "**new**" if finding["state"] == "new" else finding["state"].replace("_", " ")
        yield (
            f"- {finding['severity']}, {state}: {finding['title']}. "
            + _message(f"{finding['message']} {finding['recommendation']}".rstrip())
            + f" ({_code(finding['id'])})"
        )
        if finding["waiver"]:
            waiver = finding["waiver"]
            yield f"  Waived until {waiver['expires_on']}: {_code(waiver['reason'])}"
    if len(findings) > MAX_FINDINGS:
        yield f"- And {len(findings) - MAX_FINDINGS} more: see the other formats of this report."


def _unused_waivers(waivers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for waiver in waivers:
        if not waiver["findings"]:
            yield f"- {_message(format_unused(waiver))}"


def _scope(scope: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    # What was not read comes first.
    ordered = sorted(scope, key=lambda entry: entry["status"] == "read")
    if ordered:
        yield from ("| Source | Name | ID | Origin | Status | Invites | Members |", "|-" * 7 + "|")
    for entry in ordered[:MAX_ENTRIES]:
        cells = (
            entry["source"],
            _code(entry["name"]),
            _code(entry["id"]) if entry["id"] else "",
            entry["origin"],
            f"**{entry['status']}** {_message(entry['msg'] or '')}".strip()
            if entry["status"] != "read"
            else "read",
            *(
                "unknown" if entry[name] is None else str(entry[name])
                for name in ("invites", "members")
            ),
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    if len(ordered) > MAX_ENTRIES:
        yield from (
            "",
            f"And {len(ordered) - MAX_ENTRIES} more: see the other formats of this report.",
        )


def _rules(report: Mapping[str, Any]) -> Iterator[str]:
    yield from (
        "| Rule | Result | Findings | Waived | Assessed | Not assessed | Reason |",
        "|-" * 7 + "|",
    )
    for rule in report["rules"]:
        parameters = {
            name: value
            for name, value in report["policy"][rule["rule"]].items()
            if name not in ("enabled", "severity")
        }
        policy = "; ".join(
            f"{name}: {', '.join(value) if isinstance(value, list) else value}"
            for name, value in parameters.items()
            if value
        )
        cells = (
            f"{rule['title']} ({rule['severity']}) " + (_code(policy, 200) if policy else ""),
            rule["result"].replace("_", " "),
            str(rule["findings"]),
            str(rule["waived"]),
            pluralize(rule["assessed"], rule["subject"]),
            str(rule["not_assessed"]),
            rule["reason"] or "",
        )
        yield "| " + " | ".join(cell.strip().replace("|", "\\|") for cell in cells) + " |"


def _message(text: str) -> str:
    """Return a message in which all untrusted text is code."""
    parts: list[str] = []
    end = 0
    for match in QUOTED.finditer(text):
        if match[1] is not None:
            parts += [*_words(text[end : match.start()]), _code(match[1])]
            end = match.end()
    joined = ""
    for part in [*parts, *_words(text[end:])]:
        # Two code spans side by side would be one.
        joined += f" {part}" if joined.endswith("`") and part.startswith("`") else part
    return joined


def _words(text: str) -> list[str]:
    words = []
    for piece in re.findall(r"\s+|\S+", " ".join(text.split("\n"))[:MAX_MESSAGE_LENGTH]):
        if piece.isspace() or _PLAIN_WORD.fullmatch(piece):
            words.append(piece)
        else:
            word = piece.rstrip(".,:;")
            words += [_code(word), piece[len(word) :]]
    return words


def _code(text: str | None, limit: int = 100) -> str:
    """Return a code span. A fence that is longer than any within it cannot be ended by a name."""
    if text is None:
        return "unknown"
    shown = visible_text(text, limit)
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    # A space beside a backtick; Markdown removes one from both ends.
    edge = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{edge}{shown}{edge}{fence}"
