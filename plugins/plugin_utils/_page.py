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
    by_age,
    by_organization,
    status_group,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._findings import SEVERITIES
from ansible_collections.community.cloudflare.plugins.plugin_utils._report import Report
from ansible_collections.community.cloudflare.plugins.plugin_utils._visible import (
    LONGEST_WORD,
    message,
    shown,
    visible,
)

# plugins/ is for Python alone.
_TEMPLATES = Path(__file__).parents[2] / "roles" / "invite_audit" / "templates"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_WEIGHTS: dict[str, int] = {severity: 100**place for place, severity in enumerate(SEVERITIES)}
# A rule that has found more than this is folded up, so that the page keeps its outline.
_MOST_UNFOLDED = 20
# With more rows and findings than this, a browser lays out what is in sight only, and the length of
# the page is estimated.
_LONG = 300

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


def as_html(report: Report) -> str:
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
            policy=_policy(style, script),
            columns=_COLUMNS,
            severities=tuple(reversed(SEVERITIES)),
            statuses=_statuses(report["invites"]),
            oldest=_oldest(report),
            bars=by_organization(report["invites"]),
            ages=by_age(report["invites"]),
            findings=_by_severity(findings),
            most_unfolded=_MOST_UNFOLDED,
            is_long=len(findings) + len(report["invites"]) > _LONG,
            longest_word=LONGEST_WORD,
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
        shown=shown, visible=visible, message=message, counted=_counted, when=_when, days=_days
    )
    return environment


def _policy(style: str, script: str) -> str:
    """Return a policy for the page's content: no more than these two, which are part of it."""

    def source(text: str) -> str:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        return f"'sha256-{digest}'"

    return (
        f"default-src 'none'; script-src {source(script)}; style-src {source(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _statuses(invites: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Return how many invites there are of each status that occurs."""
    counts = Counter(status_group(invite["status"]) for invite in invites)
    return [(status, counts[status]) for status in STATUSES if counts[status]]


def _oldest(report: Report) -> Mapping[str, Any] | None:
    told = report["summary"]["oldest_open"]
    if told is None:
        return None
    found: Mapping[str, Any] = next(
        one for one in report["invites"] if one["number"] == told["invite"]
    )
    return found


def _by_severity(
    findings: Iterable[Mapping[str, Any]],
) -> list[tuple[str, int, list[tuple[str, list[Mapping[str, Any]]]]]]:
    """Return each severity that occurs, with how many it has, and these by their rules."""
    groups = []
    for severity, same in itertools.groupby(findings, key=operator.itemgetter("severity")):
        rules = [
            (rule, list(found))
            for rule, found in itertools.groupby(same, key=operator.itemgetter("rule"))
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
            "sent": _seconds(invite["invited_on"]),
            "end": _seconds(invite["expires_on"]),
            "findings": found.get(invite["number"], []),
            "rank": _rank(found.get(invite["number"], [])),
        }
        for invite in invites
    ]


def _rank(findings: Sequence[Mapping[str, Any]]) -> int:
    """Return a number that is the lower, the graver and the more the findings are."""
    return -sum(_WEIGHTS[finding["severity"]] for finding in findings)


def _seconds(timestamp: str | None) -> int | None:
    time = parse_timestamp(timestamp)
    return None if time is None else int((time - _EPOCH).total_seconds())


def _when(timestamp: str | None) -> Markup:
    """Return a timestamp in UTC, to the minute; as it is, if it is none."""
    time = parse_timestamp(timestamp)
    try:
        utc = time and time.astimezone(timezone.utc).replace(tzinfo=None)
    except OverflowError:  # in the first or the last hours of the calendar
        utc = None
    return escape(utc.isoformat(" ", "minutes")) if utc else shown(timestamp, LONGEST_WORD)


def _days(age: float) -> str:
    """Return "1.9" for 1.96: what is not yet two days old is not told to be."""
    return f"{round(age * 100) // 10 / 10:,.1f}"


def _counted(count: int, what: str) -> str:
    """Return "1 invite", "2,000 invites"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
