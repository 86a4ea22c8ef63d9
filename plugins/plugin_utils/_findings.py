# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The findings of an audit, and the result of each rule."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.community.cloudflare.plugins.module_utils._selector import normalize_id
from ansible_collections.community.cloudflare.plugins.module_utils._text import is_valid_id
from ansible_collections.community.cloudflare.plugins.plugin_utils._checks import (
    CHECKS,
    AuditInput,
    Check,
    Hit,
    pluralize,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._policy import missing_parameter
from ansible_collections.community.cloudflare.plugins.plugin_utils._rows import Row
from ansible_collections.community.cloudflare.plugins.plugin_utils._rules import (
    RULES,
    SEVERITIES,
    Rule,
)

Finding = dict[str, Any]
RuleResult = dict[str, Any]
# The source and the ID of a scope entry; the ID of a user does not count.
ScopeKey = tuple["str | None", "str | None"]

# What a finding says of its invite; the number leads to the rest.
_SUBJECT_FIELDS = ("number", "record", "id", "status", "invited_member_email")

DASHBOARD = "https://dash.cloudflare.com"
# Of findings of this audit that are not waived.
OPEN_STATES = ("new", "known")
MEMBER_RULES = ("external_member", "member_without_twofactor", "privileged_member")


@dataclass
class Tally:
    """How many subjects a rule has assessed in a part of the audit."""

    assessed: int = 0
    not_assessed: int = 0


@dataclass
class Evaluation:
    """What all rules have found.

    :ivar disabled: why each disabled rule is disabled.
    :ivar tallies: of each rule that is not disabled, for each scope entry.
    :ivar gaps: what could not be read completely, whether or not that rule is enabled.
    """

    findings: list[Finding] = field(default_factory=list)
    disabled: dict[str, str] = field(default_factory=dict)
    tallies: dict[str, dict[ScopeKey, Tally]] = field(default_factory=dict)
    gaps: list[Finding] = field(default_factory=list)

    def tally(self, rule: str, key: ScopeKey) -> Tally:
        return self.tallies.get(rule, {}).get(key, Tally())


def scope_key(source: str | None, identifier: str | None) -> ScopeKey:
    return (source, None if source == "user" or identifier is None else normalize_id(identifier))


def finding_keys(finding: Mapping[str, Any], rows: Sequence[Row]) -> set[ScopeKey]:
    """Return the keys of the scope entries that the finding is about."""
    keys = {
        scope_key(rows[number - 1]["source"], rows[number - 1]["organization_id"])
        for number in finding["invites"]
    }
    keys |= {
        scope_key(source, organization["id"])
        for source in ("account", "organization")
        for organization in finding["organizations"]
    }
    return keys or {scope_key(finding["source"], finding["organization_id"])}


def evaluate(
    audit: AuditInput, policy: Mapping[str, Mapping[str, Any]], *, has_members: bool = False
) -> Evaluation:
    """Return what the rules have found, the most severe first.

    :param policy: all parameters of all rules.
    :param has_members: whether members were to be read.
    """
    evaluation = Evaluation()
    for name, rule in RULES.items():
        reason = _disabled_reason(rule, policy[name], audit, has_members)
        if reason is not None:
            evaluation.disabled[name] = reason
        if reason is None or name == "unreadable":
            tallies, findings = _evaluate_rule(rule, audit, policy[name])
            if name == "unreadable":
                evaluation.gaps = findings
            if reason is None:
                evaluation.tallies[name] = tallies
                evaluation.findings += findings
    evaluation.findings = sort_findings(evaluation.findings)
    return evaluation


def sort_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, the most severe first, then by rule, and new ones first."""
    order = {name: index for index, name in enumerate(RULES)}
    return sorted(
        findings,
        key=lambda finding: (
            -SEVERITIES.index(finding["severity"]),
            order[finding["rule"]],
            finding["state"] != "new",
            (finding["invite"] or {}).get("number") or 0,
            str(finding["organization_id"]),
            finding["id"],
        ),
    )


def finding_id(rule: str, check: Check) -> str:
    """Return an ID that depends on the rule, the account, and the subject only."""
    detail = check.hit.detail if check.hit else ()
    organization_id = normalize_id(check.organization_id or "")
    text = "\n".join([rule, organization_id, *check.subject, "", *detail])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def rule_results(
    evaluation: Evaluation,
    policy: Mapping[str, Mapping[str, Any]],
    findings: Sequence[Finding],
    gaps: int,
    noun: str,
) -> list[RuleResult]:
    """Return the result of each rule, in the order of the rules.

    :param findings: the findings of the report; waived ones do not make a rule fail.
    :param gaps: how many scope entries were not read completely.
    :param noun: what to call a scope entry.
    """
    open_counts = count_open(findings)
    states: dict[str, set[str]] = {}
    for finding in findings:
        states.setdefault(finding["rule"], set()).add(finding["state"])
    results = []
    for name, rule in RULES.items():
        tallies = evaluation.tallies.get(name, {}).values()
        total = Tally(
            sum(tally.assessed for tally in tallies), sum(tally.not_assessed for tally in tallies)
        )
        results.append(
            {
                "rule": name,
                "title": rule.title,
                "why": rule.why,
                "severity": policy[name]["severity"],
                "result": rule_result(
                    states.get(name, set()),
                    total,
                    is_disabled=name in evaluation.disabled,
                ),
                "reason": evaluation.disabled.get(name) or _reason(rule, total, gaps, noun),
                "subject": noun if name == "unreadable" else rule.subject,
                "assessed": total.assessed,
                "not_assessed": total.not_assessed,
                "findings": open_counts.get(name, 0),
                "waived": sum(
                    finding["rule"] == name and finding["state"] == "waived" for finding in findings
                ),
            }
        )
    return results


def rule_result(
    states: Set[str], tally: Tally, *, is_disabled: bool, is_applicable: bool = True
) -> str:
    """Return the result of a rule, of the whole audit or of a scope entry.

    :param states: the states of its findings.
    :param is_applicable: false if a scope entry that was read has nothing to assess.
    """
    if is_disabled:
        return "disabled"
    if not states.isdisjoint(OPEN_STATES):
        return "failed"
    if "waived" in states:
        return "waived"
    if tally.assessed:
        return "passed"
    return "not_assessed" if is_applicable else "not_applicable"


def count_open(findings: Sequence[Finding], key: str = "rule") -> dict[str, int]:
    """Return the number of findings of this audit that are not waived, by the value of a key."""
    counts: dict[str, int] = {}
    for finding in findings:
        if is_open(finding):
            counts[finding[key]] = counts.get(finding[key], 0) + 1
    return counts


def is_open(finding: Mapping[str, Any]) -> bool:
    """Tell whether this audit has found it, and it is not waived."""
    return bool(finding["state"] in OPEN_STATES)


def _disabled_reason(
    rule: Rule, parameters: Mapping[str, Any], audit: AuditInput, has_members: bool
) -> str | None:
    if not parameters["enabled"]:
        return "The policy disables this rule."
    missing = missing_parameter(rule, parameters)
    if missing:
        return f"The policy names no {missing}, which this rule needs."
    if rule.name in MEMBER_RULES and not has_members:
        return "Members were not read."
    if rule.name == "expired_waiver" and not audit.waivers:
        return "There are no waivers."
    return None


def _reason(rule: Rule, tally: Tally, gaps: int, noun: str) -> str | None:
    """Return why a rule could not assess all of its subjects, or nothing."""
    reasons = []
    if tally.not_assessed:
        reasons.append(
            f"Cloudflare does not report {rule.missing} for "
            f"{pluralize(tally.not_assessed, rule.subject)}."
        )
    elif not tally.assessed:
        reasons.append(f"There is no {rule.subject} to assess.")
    if gaps and rule.name not in ("unreadable", "expired_waiver"):
        reasons.append(
            f"{pluralize(gaps, noun)} {'was' if gaps == 1 else 'were'} not read completely, and "
            f"{'is' if gaps == 1 else 'are'} not covered by this result."
        )
    return " ".join(reasons) or None


def _evaluate_rule(
    rule: Rule, audit: AuditInput, parameters: Mapping[str, Any]
) -> tuple[dict[ScopeKey, Tally], list[Finding]]:
    tallies: dict[ScopeKey, Tally] = {}
    findings: dict[str, Finding] = {}
    for check in CHECKS[rule.name](audit, parameters):
        keys = [scope_key(row["source"], row["organization_id"]) for row in check.rows] or [
            scope_key(check.source, check.organization_id)
        ]
        for key in keys:
            tally = tallies.setdefault(key, Tally())
            tally.assessed += check.is_assessed
            tally.not_assessed += not check.is_assessed
        if check.hit:
            finding = _build_finding(rule, parameters["severity"], check, check.hit)
            known = findings.setdefault(finding["id"], finding)
            if known is not finding:
                known["invites"] += finding["invites"]
    return tallies, list(findings.values())


def _build_finding(rule: Rule, severity: str, check: Check, hit: Hit) -> Finding:
    row = check.rows[0] if check.rows and not check.organizations else None
    return {
        "id": finding_id(rule.name, check),
        "rule": rule.name,
        "title": rule.title,
        "severity": severity,
        "state": "new",
        "source": check.source,
        "organization_id": check.organization_id,
        "organization_name": row["organization_name"] if row else None,
        "organizations": [dict(organization) for organization in check.organizations],
        "invite": {name: row[name] for name in _SUBJECT_FIELDS} if row else None,
        "invites": [row["number"] for row in check.rows],
        "message": hit.message,
        "recommendation": hit.recommendation,
        "url": dashboard_url(check.source, check.organization_id),
        "waiver": None,
    }


def dashboard_url(source: str | None, organization_id: str | None) -> str | None:
    """Return the address of the account's member page; a user may have no access to it."""
    if source not in ("account", "organization") or not is_valid_id(organization_id or ""):
        return None
    return f"{DASHBOARD}/{organization_id}/members"
