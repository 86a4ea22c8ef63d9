# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an audit, as data. _json.py, _csv.py, _html.py, and others format it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ansible_collections.community.cloudflare.plugins.module_utils._messages import join_truncated
from ansible_collections.community.cloudflare.plugins.module_utils._version import VERSION
from ansible_collections.community.cloudflare.plugins.plugin_utils._baseline import (
    SCHEMA_VERSION,
    compare,
    describe,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._checks import (
    AuditInput,
    ScopeEntry,
    format_entry,
    pluralize,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._findings import (
    Evaluation,
    Finding,
    ScopeKey,
    Tally,
    count_open,
    evaluate,
    finding_keys,
    is_open,
    rule_result,
    rule_results,
    scope_key,
    sort_findings,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._policy import merge_policy
from ansible_collections.community.cloudflare.plugins.plugin_utils._rows import (
    Row,
    build_rows,
    is_member,
    is_pending,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._rules import RULES, SEVERITIES
from ansible_collections.community.cloudflare.plugins.plugin_utils._scope import (
    build_scope,
    describe_gaps,
    scope_noun,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._waivers import (
    apply_waivers,
    parse_waivers,
)

Report = dict[str, Any]

TITLE = "Audit of Cloudflare invites"
RESULTS = ("failed", "waived", "passed", "not_assessed", "disabled")
STATES = ("new", "known", "not_assessed", "waived")


def build_report(
    reads: Sequence[Mapping[str, Any]],
    time: datetime,
    *,
    policy: Mapping[str, Any] | None = None,
    members: bool | None = None,
    waivers: Sequence[Mapping[str, Any]] = (),
    baseline: Mapping[str, Any] | None = None,
    title: str = TITLE,
) -> Report:
    """Return the report. It does not depend on the order of the invites.

    :param reads: what was read, each with ``source``, ``ids`` that were asked for, ``origin``, and
        ``result``, which a module has returned.
    :param time: the time of the audit.
    :param policy: changes to the rules.
    :param members: whether members were to be read; None if that is so if there are some.
    :param baseline: an earlier report.
    :raises PolicyError: if the policy is not valid.
    :raises WaiverError: if a waiver is not valid.
    """
    merged = merge_policy(policy or {})
    parsed = parse_waivers(waivers)
    rows = build_rows(reads, time)
    scope = build_scope(reads, rows, baseline)
    has_members = any(map(is_member, rows)) if members is None else members
    evaluation = evaluate(AuditInput(rows, time, scope, parsed), merged, has_members=has_members)
    # The gaps are among the findings, unless their rule is disabled.
    used = apply_waivers(_with_gaps(evaluation), parsed, time)
    unassessed, resolved = (
        compare(evaluation, scope, baseline, rows) if baseline is not None else ([], [])
    )
    for waiver, more in zip(used, apply_waivers(unassessed, parsed, time)):
        waiver["findings"] += more["findings"]
        waiver["is_checked"] = _is_checked(waiver, scope, evaluation)
    findings = sort_findings([*evaluation.findings, *unassessed])
    gaps = sum(entry["status"] != "read" for entry in scope)
    rules = rule_results(evaluation, merged, findings, gaps, scope_noun(scope))
    _add_rule_results(scope, evaluation, findings, rows)
    return {
        "schema_version": SCHEMA_VERSION,
        "generator": {"name": "community.cloudflare", "version": VERSION},
        "time": format_time(time),
        "title": title,
        "complete": gaps == 0,
        "policy": merged,
        "baseline": None if baseline is None else describe(baseline, scope),
        "scope": scope,
        "rules": rules,
        "findings": findings,
        "resolved": sort_findings(resolved),
        "waivers": used,
        "summary": _summarize(rows, scope, rules, findings, resolved, evaluation, used),
        "invites": rows,
    }


def format_time(time: datetime) -> str:
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _with_gaps(evaluation: Evaluation) -> list[Finding]:
    is_disabled = "unreadable" in evaluation.disabled
    return [*evaluation.findings, *(evaluation.gaps if is_disabled else [])]


def _is_checked(
    waiver: Mapping[str, Any], scope: Iterable[ScopeEntry], evaluation: Evaluation
) -> bool:
    """Tell whether the waiver matches a finding, or was compared with all that it could match."""
    rule, identifier = waiver["rule"], waiver["organization_id"]
    if waiver["findings"] or rule == "unreadable":
        return True
    keys = {scope_key(entry["source"], entry["id"]): entry["status"] for entry in scope}
    if identifier is not None:
        keys = {key: keys[key] for key in keys if key[1] in (None, scope_key(None, identifier)[1])}
    return rule not in evaluation.disabled and all(
        status == "read" and not evaluation.tally(rule, key).not_assessed
        for key, status in keys.items()
    )


def _add_rule_results(
    scope: Iterable[ScopeEntry],
    evaluation: Evaluation,
    findings: Iterable[Finding],
    rows: Sequence[Row],
) -> None:
    """Set ``rules`` of each entry, and the rules for which something is ``not_reported``."""
    states: dict[tuple[str, ScopeKey], set[str]] = {}
    for finding in findings:
        for key in finding_keys(finding, rows):
            states.setdefault((finding["rule"], key), set()).add(finding["state"])
    for entry in scope:
        key = scope_key(entry["source"], entry["id"])
        is_read = entry["status"] == "read"
        entry["rules"] = {
            rule: rule_result(
                states.get((rule, key), set()),
                evaluation.tally(rule, key) if is_read else Tally(),
                is_disabled=rule in evaluation.disabled,
                is_applicable=not is_read or evaluation.tally(rule, key).not_assessed > 0,
            )
            for rule in RULES
            if rule != "expired_waiver"
        }
        entry["not_reported"] = [rule for rule in RULES if evaluation.tally(rule, key).not_assessed]


def _summarize(
    rows: Sequence[Row],
    scope: Sequence[ScopeEntry],
    rules: Sequence[Mapping[str, Any]],
    findings: Sequence[Finding],
    resolved: Sequence[Finding],
    evaluation: Evaluation,
    waivers: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    invites = [row for row in rows if not is_member(row)]
    severities = count_open(findings, "severity")
    states = Counter(finding["state"] for finding in findings)
    results = Counter(rule["result"] for rule in rules)
    statuses = Counter(entry["status"] for entry in scope)
    unwaived = sum(gap["state"] != "waived" for gap in evaluation.gaps)
    return {
        "invites": len(invites),
        "members": len(rows) - len(invites),
        "organizations": len({row["organization_id"] for row in rows} - {None}),
        "by_status": dict(sorted(Counter(row["status"] or "unknown" for row in invites).items())),
        "scope": {status: statuses[status] for status in ("read", "partial", "unreadable")},
        "rules": {result: results[result] for result in RESULTS},
        "findings": {severity: severities.get(severity, 0) for severity in reversed(SEVERITIES)},
        "states": {**{state: states[state] for state in STATES}, "resolved": len(resolved)},
        "gap_message": describe_gaps(scope, len(evaluation.gaps) - unwaived),
        "unwaived_gaps": unwaived,
        "unused_waivers": sum(not waiver["findings"] for waiver in waivers),
        "oldest_pending": _oldest_pending(invites),
        "first_steps": _first_steps(findings, evaluation.gaps, scope),
    }


def _first_steps(
    findings: Sequence[Finding], gaps: Sequence[Finding], scope: Sequence[ScopeEntry]
) -> list[str]:
    """Return what to do first: about what was not read, and about the most severe finding."""
    steps = []
    keys = {
        scope_key(gap["source"], gap["organization_id"]) for gap in gaps if gap["state"] != "waived"
    }
    unread = [
        format_entry(entry) for entry in scope if scope_key(entry["source"], entry["id"]) in keys
    ]
    if unread:
        steps.append(
            f"Correct why {pluralize(len(unread), scope_noun(scope))} could not be read "
            "completely, and audit again: "
            + join_truncated([f"{text[0].lower()}{text[1:]}" for text in unread])
            + "."
        )
    others = [one for one in findings if is_open(one) and one["rule"] != "unreadable"]
    # The sort is stable: the most severe of the new ones comes first.
    for finding in sorted(others, key=lambda one: one["state"] != "new")[:1]:
        steps.append(f"{finding['message']} {finding['recommendation']}")
    return steps


def _oldest_pending(rows: Iterable[Row]) -> dict[str, Any] | None:
    with_age = [row for row in rows if is_pending(row) and row["age_in_days"] is not None]
    if not with_age:
        return None
    oldest = max(with_age, key=lambda row: (row["age_in_days"], -row["number"]))
    return {"invite": oldest["number"], "age_in_days": oldest["age_in_days"]}
