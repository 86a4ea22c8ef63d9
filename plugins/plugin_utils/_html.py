# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an audit as a page of one file. The same report results in the same bytes.

Most of its text is untrusted. Jinja escapes it; if that fails, the page's Content-Security-Policy
still runs no script but the page's own, and lets nothing be fetched or sent.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import itertools
import operator
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from ansible_collections.community.cloudflare.plugins.module_utils._invite import parse_timestamp
from ansible_collections.community.cloudflare.plugins.plugin_utils._charts import (
    STATUSES,
    age_columns,
    is_informative,
    organization_bars,
    status_group,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._checks import pluralize
from ansible_collections.community.cloudflare.plugins.plugin_utils._findings import OPEN_STATES
from ansible_collections.community.cloudflare.plugins.plugin_utils._html_text import (
    MAX_WORD_LENGTH,
    id_html,
    message_html,
    name_html,
    visible_text,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._report import Report
from ansible_collections.community.cloudflare.plugins.plugin_utils._rules import RULES, SEVERITIES
from ansible_collections.community.cloudflare.plugins.plugin_utils._scope import scope_noun
from ansible_collections.community.cloudflare.plugins.plugin_utils._waivers import format_unused

# plugins/ is for Python alone.
_TEMPLATES = Path(__file__).parents[2] / "roles" / "invite_audit" / "templates"
_DOCUMENTATION = (
    "https://docs.ansible.com/ansible/latest/collections/community/cloudflare/docsite/auditing.html"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_SEVERITY_WEIGHTS: dict[str, int] = {
    severity: 100**index for index, severity in enumerate(SEVERITIES)
}
# A rule with more findings than this is collapsed, so that the page keeps its outline.
_MAX_EXPANDED = 20
# What a browser lays out within a few seconds. CSV and JSON have all.
MAX_ROWS = 3000
MAX_FINDINGS = 3000
MAX_ENTRIES = 1000
# With more rows and findings than this, a browser lays out only what is in sight, and the length of
# the page is an estimate.
_LARGE_REPORT_ROWS = 300

_COLUMNS = (
    "No.",
    "Organization",
    "Status",
    "User",
    "Invited by",
    "Sent",
    "Expires",
    "Roles",
    "Findings",
    "Invite ID",
)


def render_html(report: Report) -> str:
    """Return the report as one page of HTML."""
    style, script = (
        (_TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "report.js")
    )
    findings = [
        {**finding, "number": number} for number, finding in enumerate(report["findings"], start=1)
    ]
    rows = _rows(report["invites"], findings)
    displayed = _most_relevant(rows)
    numbers = {row["number"] for row in displayed}
    listed, unassessed, waived = (
        [finding for finding in findings if finding["state"] in states][:MAX_FINDINGS]
        for states in (OPEN_STATES, ("not_assessed",), ("waived",))
    )
    bars, ages = organization_bars(report["invites"]), age_columns(report["invites"])
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            style=style,
            script=script,
            csp=_content_security_policy(style, script),
            columns=_COLUMNS,
            severities=tuple(reversed(SEVERITIES)),
            documentation=_DOCUMENTATION,
            statuses=_status_counts(report["invites"]),
            gaps=[entry for entry in report["scope"] if entry["status"] != "read"],
            entries=[entry for entry in report["scope"] if entry["status"] == "read"],
            max_entries=MAX_ENTRIES,
            oldest=_oldest_invite(report),
            bars=bars if is_informative(bars) else [],
            ages=ages if any(column.count and column.age != "unknown" for column in ages) else [],
            findings=_by_severity(listed),
            unassessed=unassessed,
            waived=waived,
            waived_counts=Counter(finding["severity"] for finding in waived),
            members={row["number"] for row in report["invites"] if row["record"] == "member"},
            noun=scope_noun(report["scope"]),
            hidden_columns=_hidden_columns(report["invites"]),
            resolved=report["resolved"][:MAX_FINDINGS],
            unused_waivers=[
                format_unused(waiver) for waiver in report["waivers"] if not waiver["findings"]
            ],
            hidden_findings=len(findings) - len(listed) - len(unassessed) - len(waived),
            displayed_findings={finding["number"] for finding in (*listed, *waived)},
            numbers=numbers,
            whys={name: rule.why for name, rule in RULES.items()},
            max_expanded=_MAX_EXPANDED,
            is_long=len(findings) + len(displayed) > _LARGE_REPORT_ROWS,
            max_word_length=MAX_WORD_LENGTH,
            rows=displayed,
        )
    )


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        days=_format_days,
        id_html=id_html,
        message_html=message_html,
        name_html=name_html,
        number=lambda value: "unknown" if value is None else f"{value:,}",
        pluralize=pluralize,
        timestamp=_format_timestamp,
        visible_text=visible_text,
    )
    return environment


def _content_security_policy(style: str, script: str) -> str:
    """Return a policy that allows only these two, which are part of the page."""

    def source(text: str) -> str:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        return f"'sha256-{digest}'"

    return (
        f"default-src 'none'; script-src {source(script)}; style-src {source(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _status_counts(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Return how many invites there are of each status that occurs."""
    counts = Counter(status_group(row["status"]) for row in rows)
    return [(status, counts[status]) for status in STATUSES if counts[status]]


def _oldest_invite(report: Report) -> Mapping[str, Any] | None:
    oldest = report["summary"]["oldest_pending"]
    if oldest is None:
        return None
    invite: Mapping[str, Any] = report["invites"][oldest["invite"] - 1]
    return invite


def _by_severity(
    findings: Iterable[Mapping[str, Any]],
) -> list[tuple[str, int, list[tuple[str, list[Mapping[str, Any]]]]]]:
    """Return each severity that occurs, with its count and its findings by rule."""
    groups = []
    for severity, group in itertools.groupby(findings, key=operator.itemgetter("severity")):
        rules = [
            (rule, list(found))
            for rule, found in itertools.groupby(group, key=operator.itemgetter("rule"))
        ]
        groups.append((severity, sum(len(found) for _rule, found in rules), rules))
    return groups


def _rows(
    invites: Iterable[Mapping[str, Any]], findings: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the invites with their findings, and with what their columns are sorted by."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    for finding in findings:
        for number in finding["invites"]:
            found.setdefault(number, []).append(finding)
    return [
        {
            **invite,
            "group": status_group(invite["status"]),
            "sent": _epoch_seconds(invite["invited_on"]),
            "end": _epoch_seconds(invite["expires_on"]),
            "findings": found.get(invite["number"], []),
            "rank": _severity_score(found.get(invite["number"], [])),
        }
        for invite in invites
    ]


def _hidden_columns(invites: Sequence[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """Return the number and the title of each column that would be unknown in every row."""
    keys = {5: "invited_by", 6: "invited_on", 7: "expires_on"}
    return [
        (number, _COLUMNS[number - 1])
        for number, key in keys.items()
        if all(invite[key] is None for invite in invites)
    ]


def _most_relevant(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that the page shows, those with the most severe findings first of all."""
    if len(rows) <= MAX_ROWS:
        return rows
    relevant = sorted(rows, key=lambda row: (row["rank"], row["number"]))[:MAX_ROWS]
    return sorted(relevant, key=operator.itemgetter("number"))


def _severity_score(findings: Sequence[Mapping[str, Any]]) -> int:
    """Return a number that is lower for more severe findings, and for more of them."""
    return -sum(
        _SEVERITY_WEIGHTS[finding["severity"]]
        for finding in findings
        if finding["state"] != "waived"
    )


def _epoch_seconds(timestamp: str | None) -> int | None:
    time = parse_timestamp(timestamp)
    return None if time is None else int((time - _EPOCH).total_seconds())


def _format_timestamp(timestamp: str | None, precision: str = "minutes") -> Markup:
    """Return a timestamp in UTC; another text as it is."""
    time = parse_timestamp(timestamp)
    try:
        utc = time and time.astimezone(timezone.utc).replace(tzinfo=None)
    except OverflowError:  # in the first or the last hours of the calendar
        utc = None
    return escape(utc.isoformat(" ", precision)) if utc else name_html(timestamp, MAX_WORD_LENGTH)


def _format_days(age: float) -> str:
    """Return "1.9" for 1.96, which is not yet two days."""
    return f"{round(age * 100) // 10 / 10:,.1f}"
