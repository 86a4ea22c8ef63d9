# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an audit as CSV: one line for each record, which a spreadsheet shows as it is."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.community.cloudflare.plugins.plugin_utils._waivers import format_unused

COLUMNS = (
    "record",
    "number",
    "source",
    "organization_id",
    "organization_name",
    "id",
    "status",
    "origin",
    "audit_log",
    "invites",
    "members",
    "message",
    "organization_is_enforcing_twofactor",
    "two_factor_authentication_enabled",
    "invited_member_id",
    "invited_member_email",
    "invited_by",
    "invited_on",
    "expires_on",
    "invite_source",
    "audit_log_id",
    "roles",
    "age_in_days",
    "findings",
    "rule",
    "title",
    "severity",
    "state",
    "assessed",
    "not_assessed",
    "waived",
    "subject",
    "recommendation",
    "url",
    "waiver_reason",
    "waiver_expires_on",
    "generator",
    "time",
    "complete",
    "policy",
)

# At the start of a cell, or after what a spreadsheet may take for the end of a cell. The wide signs
# are formulas to the spreadsheets of East Asia.
_FORMULA = re.compile(r"(^|[;,|:\t])(\s*(?:[\"']\s*)*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def to_csv(report: Mapping[str, Any]) -> str:
    """Return a line for each record: audit, rule, scope, finding, waiver, invite, and member."""
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for record in _records(report):
        writer.writerow([_csv_cell(record.get(column)) for column in COLUMNS])
    return table.getvalue()


def _records(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield {
        "record": "audit",
        "title": report["title"],
        "time": report["time"],
        "generator": "{name} {version}".format(**report["generator"]),
        "complete": report["complete"],
        "policy": json.dumps(report["policy"], sort_keys=True),
        "message": _baseline_message(report["baseline"]),
    }
    for entry in report["scope"]:
        yield {
            **entry,
            "record": "scope",
            "organization_id": entry["id"],
            "organization_name": entry["name"],
            "message": entry["msg"],
        }
    for rule in report["rules"]:
        yield {
            **rule,
            "record": "rule",
            "status": rule["result"],
            "message": rule["reason"],
            "policy": json.dumps(report["policy"][rule["rule"]], sort_keys=True),
        }
    for finding in (*report["findings"], *report["resolved"]):
        invite, waiver = finding["invite"] or {}, finding["waiver"] or {}
        yield {
            **finding,
            "record": "finding",
            "number": invite.get("number"),
            "invites": " ".join(map(str, finding["invites"])),
            "invited_member_email": invite.get("invited_member_email"),
            "waiver_reason": waiver.get("reason"),
            "waiver_expires_on": waiver.get("expires_on"),
        }
    for waiver in report["waivers"]:
        yield {
            **waiver,
            "record": "waiver",
            "id": waiver["finding_id"] or waiver["invite_id"],
            "message": None if waiver["findings"] else format_unused(waiver),
            "waiver_reason": waiver["reason"],
            "waiver_expires_on": waiver["expires_on"],
        }
    found = findings_by_invite(report)
    for row in report["invites"]:
        findings = found.get(row["number"], ())
        yield {
            **row,
            "roles": "; ".join(row["roles"]),
            "findings": "; ".join(
                f"{one['severity']} {one['rule']}{' (waived)' if one['state'] == 'waived' else ''}"
                for one in findings
            ),
        }


def findings_by_invite(report: Mapping[str, Any]) -> dict[int, list[Mapping[str, Any]]]:
    """Return the findings about each invite and member, by its number."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    for finding in report["findings"]:
        for number in finding["invites"]:
            found.setdefault(number, []).append(finding)
    return found


def _baseline_message(baseline: Mapping[str, Any] | None) -> str | None:
    if baseline is None:
        return None
    other = "" if baseline["has_same_scope"] else " It has another scope."
    return f"Compared with the audit of {baseline['time']}.{other}"


def _csv_cell(value: object) -> str:
    """Return the text of a cell, in which no spreadsheet finds a formula.

    An apostrophe comes before each sign that could begin one, also after the separators of other
    locales: a spreadsheet that separates by semicolons splits a quoted cell at them. Characters
    that lay out a sheet become spaces. https://owasp.org/www-community/attacks/CSV_Injection
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return _FORMULA.sub(r"\1\2'", text)
