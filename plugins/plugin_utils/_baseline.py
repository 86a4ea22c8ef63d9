# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The baseline of an audit: an earlier report, to which the findings are compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from ansible_collections.community.cloudflare.plugins.plugin_utils._checks import ScopeEntry
from ansible_collections.community.cloudflare.plugins.plugin_utils._findings import (
    Evaluation,
    Finding,
    dashboard_url,
    scope_key,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._rows import Row, is_pending
from ansible_collections.community.cloudflare.plugins.plugin_utils._rules import RULES, SEVERITIES

# Raised if a key of a report is renamed or removed, or gets another meaning; not if one is added.
SCHEMA_VERSION = 2
NOT_ASSESSED = "Not assessed in this audit."


class BaselineError(ValueError):
    """The baseline cannot be used. The message says why, and what to do."""


def parse_baseline(text: str) -> dict[str, Any]:
    """Return a report that was written as JSON.

    :raises BaselineError: if it is not a report of this schema version.
    """
    try:
        baseline: Any = json.loads(text)
    except ValueError:
        raise BaselineError("The baseline is not JSON. Use a report.json of this role.") from None
    version = baseline.get("schema_version") if isinstance(baseline, dict) else None
    if version != SCHEMA_VERSION:
        raise BaselineError(
            f"The baseline has the schema version {version}, but {SCHEMA_VERSION} is needed. Use a "
            "report.json of this version of the role."
        )
    findings = baseline.get("findings")
    if not isinstance(findings, list) or not all(map(_is_finding, findings)):
        raise BaselineError("The baseline has no valid findings. Use a report.json of this role.")
    report: dict[str, Any] = baseline
    return report


def compare(
    evaluation: Evaluation,
    scope: Sequence[ScopeEntry],
    baseline: Mapping[str, Any],
    rows: Sequence[Row],
) -> tuple[list[Finding], list[Finding]]:
    """Set the state of the findings that the baseline has, too.

    Incompleteness is always new. Nothing is resolved unless its account was read completely and
    its rule could assess everything there.

    :returns: the findings of the baseline that could not be assessed now, and the resolved ones.
    """
    known = {finding["id"] for finding in baseline["findings"]}
    for finding in evaluation.findings:
        if finding["id"] in known and finding["state"] == "new" and finding["rule"] != "unreadable":
            finding["state"] = "known"
    current = {finding["id"] for finding in evaluation.findings}
    by_id = {row["id"]: row for row in rows}
    inviting = {row["organization_id"] for row in rows if is_pending(row)}
    found = {(one["rule"], one["invite"]["id"]) for one in evaluation.findings if one["invite"]}
    unassessed, resolved = [], []
    for finding in baseline["findings"]:
        if finding["id"] in current or finding["rule"] not in RULES:
            continue
        if _was_assessed(finding, evaluation, scope):
            resolution = _resolution(finding, by_id, inviting, found)
            resolved.append({**_carry_over(finding, "resolved", resolution), "recommendation": ""})
        elif finding["rule"] != "unreadable":
            unassessed.append(_carry_over(finding, "not_assessed", NOT_ASSESSED))
    return unassessed, resolved


def describe(baseline: Mapping[str, Any], scope: Iterable[ScopeEntry]) -> dict[str, Any]:
    """Return what a report says about its baseline."""
    before = {_entry_key(entry) for entry in baseline.get("scope") or ()}
    now = {_entry_key(entry) for entry in scope}
    return {
        "time": baseline.get("time"),
        "title": baseline.get("title"),
        "has_same_scope": before == now,
        "added_to_scope": len(now - before),
        "removed_from_scope": len(before - now),
    }


def _carry_over(finding: Mapping[str, Any], state: str, outcome: str) -> Finding:
    """Return a finding of the baseline for this report. The invites had other numbers then."""
    message = finding["message"].removeprefix(f"{NOT_ASSESSED} Earlier: ")
    source, organization_id = finding.get("source"), finding["organization_id"]
    invite = finding["invite"]
    return {
        "id": finding["id"],
        "rule": finding["rule"],
        "title": RULES[finding["rule"]].title,
        "severity": finding["severity"],
        "state": state,
        "source": source,
        "organization_id": organization_id,
        "organization_name": finding.get("organization_name"),
        "organizations": finding.get("organizations") or [],
        "invite": None if invite is None else {**invite, "number": None},
        "invites": [],
        "message": f"{outcome} Earlier: {message}",
        "recommendation": str(finding.get("recommendation") or ""),
        "url": dashboard_url(source, organization_id),
        "waiver": None,
    }


def _resolution(
    finding: Mapping[str, Any],
    rows: Mapping[str | None, Row],
    inviting: Set[str | None],
    found: Set[tuple[str, str | None]],
) -> str:
    """Return why a finding is gone, as far as the invite or the member tells.

    :param rows: the invites and members by ID.
    :param inviting: the IDs of organizations with pending invites.
    :param found: the rules and the invite IDs of the findings.
    """
    if finding["rule"] == "twofactor_not_enforced":
        return (
            "The organization enforces two-factor authentication now."
            if finding["organization_id"] in inviting
            else "The organization has no pending invite any more."
        )
    before = finding["invite"]
    if before is None or before.get("id") is None or len(finding.get("invites") or ()) != 1:
        return "No longer found."
    what, now = before.get("record") or "invite", rows.get(before["id"])
    if now is None:
        return f"The {what} is gone."
    if now["status"] != before.get("status"):
        return f"The {what} is no longer {before.get('status')}."
    if (finding["rule"], before["id"]) in found:
        return f"The {what} has another finding of this rule."
    return f"The {what} is still there, and was corrected."


def _was_assessed(finding: Finding, evaluation: Evaluation, scope: Sequence[ScopeEntry]) -> bool:
    rule, identifier = finding["rule"], finding["organization_id"]
    if rule in evaluation.disabled:
        # Without waivers, none can have expired.
        return bool(rule == "expired_waiver")
    if rule == "expired_waiver":
        return True
    if finding.get("source") is None:
        # About several organizations, such as those with look-alike names.
        entries = list(scope)
    else:
        is_user = finding["source"] == "user"
        entries = [
            entry
            for entry in scope
            if (entry["source"] == "user") == is_user
            and (is_user or scope_key(None, entry["id"]) == scope_key(None, identifier))
        ]
    if not entries or any(entry["status"] != "read" for entry in entries):
        return False
    return any(not evaluation.tally(rule, _entry_key(entry)).not_assessed for entry in entries)


def _entry_key(entry: Mapping[str, Any]) -> tuple[str | None, str | None]:
    return scope_key(entry["source"], entry["id"])


def _is_finding(value: object) -> bool:
    return (
        isinstance(value, dict)
        and all(isinstance(value.get(key), str) for key in ("id", "rule", "message"))
        and value.get("severity") in SEVERITIES
        and isinstance(value.get("organization_id"), (str, type(None)))
        and isinstance(value.get("invite"), (dict, type(None)))
    )
