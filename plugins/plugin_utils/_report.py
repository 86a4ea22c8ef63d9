# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an audit: as data, and as CSV. The same input makes the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ansible_collections.community.cloudflare.plugins.module_utils._invite import parse_timestamp
from ansible_collections.community.cloudflare.plugins.plugin_utils._findings import (
    SEVERITIES,
    Finding,
    Invite,
    invite_key,
    role_names,
    sort_invites,
)

Report = dict[str, Any]

# Raised whenever a key is renamed, removed, or gets another meaning; not when one is added.
SCHEMA_VERSION = 1

# What a report tells of each invite, beside its number, roles and age.
INVITE_FIELDS = (
    "source",
    "id",
    "status",
    "organization_id",
    "organization_name",
    "organization_is_enforcing_twofactor",
    "invited_member_email",
    "invited_by",
    "invited_on",
    "expires_on",
)


def build_report(
    invites: Iterable[Invite],
    findings: Sequence[Finding],
    unreadable: Iterable[Mapping[str, Any]],
    time: datetime,
) -> Report:
    """Return all of an audit, in an order that does not depend on the order of what is given.

    :param findings: what was found about these invites.
    :param unreadable: organizations that could not be read, as modules return them.
    :param time: when it was judged.
    """
    ordered = sort_invites(invites)
    numbers: dict[str, int] = {}
    for number, invite in enumerate(ordered, start=1):
        numbers.setdefault(invite_key(invite), number)
    rows = [_invite_row(number, invite, time) for number, invite in enumerate(ordered, start=1)]
    numbered_findings = [
        {**finding, "invite": finding["invite"] and numbers.get(invite_key(finding["invite"]))}
        for finding in findings
    ]
    severities = Counter(finding["severity"] for finding in findings)
    return {
        "schema_version": SCHEMA_VERSION,
        "time": _format_time(time),
        "summary": {
            "invites": len(rows),
            "organizations": len({one["organization_id"] for one in rows} - {None}),
            "by_status": dict(sorted(Counter(one["status"] or "unknown" for one in rows).items())),
            "findings": {severity: severities[severity] for severity in reversed(SEVERITIES)},
            "oldest_pending": _oldest_pending(rows),
        },
        "findings": sorted(numbered_findings, key=_finding_sort_key),
        "invites": rows,
        "unreadable": sorted(
            ({"organization_id": one["organization_id"], "msg": one["msg"]} for one in unreadable),
            key=lambda one: (str(one["organization_id"]), str(one["msg"])),
        ),
    }


def to_json(report: Report) -> str:
    """Return the report as JSON, with a line break at its end."""
    return json.dumps(report, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def to_csv(report: Report) -> str:
    """Return a line for each invite. No cell is a formula, whatever a name begins with."""
    found: dict[int | None, list[str]] = {}
    for finding in report["findings"]:
        found.setdefault(finding["invite"], []).append(f"{finding['severity']}: {finding['rule']}")
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["number", *INVITE_FIELDS, "roles", "age_in_days", "findings"])
    for invite in report["invites"]:
        cells = [
            invite["number"],
            *(invite[field] for field in INVITE_FIELDS),
            "; ".join(invite["roles"]),
            invite["age_in_days"],
            "; ".join(found.get(invite["number"], [])),
        ]
        writer.writerow([_csv_cell(value) for value in cells])
    return table.getvalue()


def _csv_cell(value: object) -> str:
    """Return what a spreadsheet shows as it is.

    What begins like a formula gets an apostrophe; characters that lay out a sheet become blanks.
    https://owasp.org/www-community/attacks/CSV_Injection
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = "".join(char if char.isprintable() else " " for char in str(value))
    return f"'{text}" if text.lstrip().startswith(_FORMULA_PREFIXES) else text


# The wide ones are formulas to the spreadsheets of East Asia.
_FORMULA_PREFIXES = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def _invite_row(number: int, invite: Invite, time: datetime) -> dict[str, Any]:
    sent = parse_timestamp(invite["invited_on"])
    return {
        "number": number,
        **{field: invite.get(field) for field in INVITE_FIELDS},
        "source": invite.get("source") or "user",
        "roles": role_names(invite),
        "age_in_days": None if sent is None else round((time - sent).total_seconds() / 86400, 2),
    }


def _oldest_pending(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    with_age = [
        one for one in rows if one["status"] == "pending" and one["age_in_days"] is not None
    ]
    if not with_age:
        return None
    oldest = max(with_age, key=lambda one: (one["age_in_days"], -one["number"]))
    return {"invite": oldest["number"], "age_in_days": oldest["age_in_days"]}


def _finding_sort_key(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        -SEVERITIES.index(finding["severity"]),
        finding["rule"],
        finding["invite"] or 0,
        str(finding["organization_id"]),
        finding["message"],
    )


def _format_time(time: datetime) -> str:
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
