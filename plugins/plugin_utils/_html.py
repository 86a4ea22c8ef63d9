# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an audit as a page, which needs nothing else. The same input makes the same bytes.

All that is told of an invite was written by strangers. Jinja escapes it; should it ever fail to,
the page's policy still lets no script run but its own, and nothing be fetched or sent.
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
    organization_bars,
    status_group,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._findings import SEVERITIES
from ansible_collections.community.cloudflare.plugins.plugin_utils._html_text import (
    MAX_WORD_LENGTH,
    message_html,
    name_html,
    visible_text,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._report import Report

# plugins/ is for Python alone.
_TEMPLATES = Path(__file__).parents[2] / "roles" / "invite_audit" / "templates"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_SEVERITY_WEIGHTS: dict[str, int] = {
    severity: 100**place for place, severity in enumerate(SEVERITIES)
}
# A rule that has found more than this is folded up, so that the page keeps its outline.
_MAX_EXPANDED = 20
# With more rows and findings than this, a browser lays out what is in sight only, and the length of
# the page is estimated.
_LARGE_REPORT_ROWS = 300

_COLUMNS = (
    "No.",
    "Organization",
    "Status",
    "Invited",
    "Invited by",
    "Sent",
    "Expires",
    "Roles",
    "Findings",
    "Invite id",
)


def render_html(report: Report) -> str:
    """Return the report as one page of HTML."""
    style, script = (
        (_TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "report.js")
    )
    findings = [
        {**finding, "number": number} for number, finding in enumerate(report["findings"], start=1)
    ]
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
            statuses=_status_counts(report["invites"]),
            oldest=_oldest_invite(report),
            bars=organization_bars(report["invites"]),
            ages=age_columns(report["invites"]),
            findings=_by_severity(findings),
            max_expanded=_MAX_EXPANDED,
            is_long=len(findings) + len(report["invites"]) > _LARGE_REPORT_ROWS,
            max_word_length=MAX_WORD_LENGTH,
            rows=_rows(report["invites"], findings),
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
        name_html=name_html,
        visible_text=visible_text,
        message_html=message_html,
        pluralize=_pluralize,
        timestamp=_format_timestamp,
        days=_format_days,
    )
    return environment


def _content_security_policy(style: str, script: str) -> str:
    """Return a policy for the page's content: no more than these two, which are part of it."""

    def source(text: str) -> str:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        return f"'sha256-{digest}'"

    return (
        f"default-src 'none'; script-src {source(script)}; style-src {source(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _status_counts(invites: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Return how many invites there are of each status that occurs."""
    counts = Counter(status_group(invite["status"]) for invite in invites)
    return [(status, counts[status]) for status in STATUSES if counts[status]]


def _oldest_invite(report: Report) -> Mapping[str, Any] | None:
    reference = report["summary"]["oldest_pending"]
    if reference is None:
        return None
    found: Mapping[str, Any] = next(
        one for one in report["invites"] if one["number"] == reference["invite"]
    )
    return found


def _by_severity(
    findings: Iterable[Mapping[str, Any]],
) -> list[tuple[str, int, list[tuple[str, list[Mapping[str, Any]]]]]]:
    """Return each severity that occurs, with how many it has, and these by their rules."""
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
    """Return the invites with what their rows show and are sorted by beside."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    for finding in findings:
        found.setdefault(finding["invite"], []).append(finding)
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


def _severity_score(findings: Sequence[Mapping[str, Any]]) -> int:
    """Return a number that is the lower, the graver and the more the findings are."""
    return -sum(_SEVERITY_WEIGHTS[finding["severity"]] for finding in findings)


def _epoch_seconds(timestamp: str | None) -> int | None:
    time = parse_timestamp(timestamp)
    return None if time is None else int((time - _EPOCH).total_seconds())


def _format_timestamp(timestamp: str | None) -> Markup:
    """Return a timestamp in UTC, to the minute; as it is, if it is none."""
    time = parse_timestamp(timestamp)
    try:
        utc = time and time.astimezone(timezone.utc).replace(tzinfo=None)
    except OverflowError:  # in the first or the last hours of the calendar
        utc = None
    return escape(utc.isoformat(" ", "minutes")) if utc else name_html(timestamp, MAX_WORD_LENGTH)


def _format_days(age: float) -> str:
    """Return "1.9" for 1.96: what is not yet two days old is not told to be."""
    return f"{round(age * 100) // 10 / 10:,.1f}"


def _pluralize(count: int, what: str) -> str:
    """Return "1 invite", "2,000 invites"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
