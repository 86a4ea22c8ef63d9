# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an audit as JUnit XML: one test case for each rule and account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from ansible_collections.community.cloudflare.plugins.plugin_utils._findings import (
    finding_keys,
    is_open,
    scope_key,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._rules import RULES
from ansible_collections.community.cloudflare.plugins.plugin_utils._waivers import format_unused

# https://www.w3.org/TR/xml/#charsets, less what turns the direction of text.
_INVALID = re.compile(
    "[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
Findings = Mapping[tuple[str, Any], Sequence[Mapping[str, Any]]]


def to_junit(report: Mapping[str, Any]) -> str:
    """Return a suite for each user, account, and organization, and one for the whole audit.

    A test case fails if its rule has findings that are not waived, whatever their severity. It is
    skipped if all of its findings are waived, or if the rule could assess nothing.
    """
    root = ElementTree.Element("testsuites", name=_xml_text(report["title"]))
    findings = _findings_by_entry(report)
    whole = [
        rule for rule in report["rules"] if (rule["rule"], None) in findings or _is_global(rule)
    ]
    suites = [
        _add_suite(
            root,
            report,
            "audit",
            # Other rules have findings here only if the baseline has them, in another scope.
            [
                (rule, rule["result"] if _is_global(rule) else "not_assessed", None)
                for rule in whole
            ],
            findings,
        )
    ]
    _add_properties(suites[0], report)
    titles = {rule["rule"]: rule for rule in report["rules"]}
    for entry in report["scope"]:
        key = scope_key(entry["source"], entry["id"])
        name = " ".join(filter(None, (entry["source"], entry["name"], entry["id"])))
        cases = [(titles[rule], result, key) for rule, result in entry["rules"].items()]
        suites.append(_add_suite(root, report, name, cases, findings, entry))
    for name in ("tests", "failures", "skipped"):
        root.set(name, str(sum(int(suite.get(name) or 0) for suite in suites)))
    ElementTree.indent(root)
    text: str = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _is_global(rule: Mapping[str, Any]) -> bool:
    return bool(rule["rule"] == "expired_waiver")


def _findings_by_entry(report: Mapping[str, Any]) -> dict[tuple[str, Any], list[Any]]:
    """Return the findings by rule and scope entry; those of no entry are at None."""
    entries = {scope_key(entry["source"], entry["id"]) for entry in report["scope"]}
    rows = report["invites"]
    found: dict[tuple[str, Any], list[Any]] = {}
    for finding in report["findings"]:
        keys: set[Any] = finding_keys(finding, rows) & entries
        for key in keys or {None}:
            found.setdefault((finding["rule"], key), []).append(finding)
    return found


def _add_suite(
    root: ElementTree.Element,
    report: Mapping[str, Any],
    name: str,
    cases: Iterable[tuple[Mapping[str, Any], str, Any]],
    findings: Findings,
    entry: Mapping[str, Any] | None = None,
) -> ElementTree.Element:
    # In the schema of Ant, a timestamp has no time zone. The property "time" has it.
    suite = ElementTree.SubElement(
        root, "testsuite", name=_xml_text(name), timestamp=report["time"].rstrip("Z")
    )
    counts = {"tests": 0, "failures": 0, "skipped": 0}
    for rule, result, key in cases:
        case = ElementTree.SubElement(
            suite, "testcase", classname=_xml_text(name), name=rule["title"]
        )
        counts["tests"] += 1
        found = findings.get((rule["rule"], key), ())
        failing = [finding for finding in found if is_open(finding)]
        others = [finding for finding in found if not is_open(finding)]
        waived = [finding["waiver"] for finding in others if finding["waiver"]]
        if failing:
            counts["failures"] += 1
            message = f"{len(failing)} {'finding' if len(failing) == 1 else 'findings'}"
            failure = ElementTree.SubElement(
                case, "failure", type=rule["severity"], message=message
            )
            failure.text = _xml_text("\n".join(map(_describe, failing)))
        elif waived:
            counts["skipped"] += 1
            ElementTree.SubElement(case, "skipped", message=_xml_text(_waived_until(waived)))
        elif result in ("not_assessed", "not_applicable", "disabled"):
            counts["skipped"] += 1
            ElementTree.SubElement(
                case, "skipped", message=_xml_text(_skip_reason(rule, result, entry))
            )
        if others:
            output = ElementTree.SubElement(case, "system-out")
            output.text = _xml_text("\n".join(map(_describe, others)))
    for name_, count in counts.items():
        suite.set(name_, str(count))
    return suite


def _skip_reason(rule: Mapping[str, Any], result: str, entry: Mapping[str, Any] | None) -> str:
    if result == "disabled":
        return f"Disabled: {rule['reason']}"
    if result == "not_applicable":
        return f"Not applicable: there is no {rule['subject']} to assess."
    if entry is None:
        return "Not assessed: the findings of the baseline are not about this scope."
    if entry["status"] != "read":
        return f"Not assessed: {entry['msg']}"
    return f"Not assessed: Cloudflare does not report {RULES[rule['rule']].missing}."


def _waived_until(waivers: Sequence[Mapping[str, Any]]) -> str:
    """Return the waivers of a case, which is not shown as passed."""
    return "; ".join(
        dict.fromkeys(f"Waived until {one['expires_on']}: {one['reason']}" for one in waivers)
    )


def _add_properties(suite: ElementTree.Element, report: Mapping[str, Any]) -> None:
    generator = report["generator"]
    summary, baseline = report["summary"], report["baseline"]
    values = {
        "title": report["title"],
        "generator": f"{generator['name']} {generator['version']}",
        "time": report["time"],
        "complete": str(report["complete"]).lower(),
        "findings": _counts(summary["findings"]),
        "states": _counts(summary["states"]),
        "first steps": " ".join(summary["first_steps"]),
        "baseline": f"{baseline['time']} {baseline['title']}" if baseline else "none",
        **{f"policy.{rule}": _parameters(report["policy"][rule]) for rule in report["policy"]},
    }
    properties = ElementTree.Element("properties")
    suite.insert(0, properties)
    for name, value in values.items():
        ElementTree.SubElement(properties, "property", name=name, value=_xml_text(value))
    for entry in report["scope"]:
        ElementTree.SubElement(
            properties, "property", name="scope", value=_xml_text(_describe_entry(entry))
        )
    lines = [
        *map(_describe, report["resolved"]),
        *(format_unused(waiver) for waiver in report["waivers"] if not waiver["findings"]),
    ]
    if lines:
        ElementTree.SubElement(suite, "system-out").text = _xml_text("\n".join(lines))


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())


def _parameters(parameters: Mapping[str, Any]) -> str:
    values = {
        name: ", ".join(value) or "none" if isinstance(value, list) else str(value).lower()
        for name, value in parameters.items()
    }
    return "; ".join(f"{name}: {value}" for name, value in values.items())


def _describe_entry(entry: Mapping[str, Any]) -> str:
    name = " ".join(filter(None, (entry["source"], entry["name"], entry["id"])))
    counts = ", ".join(
        f"{what}: {'unknown' if entry[what] is None else entry[what]}"
        for what in ("invites", "members")
    )
    return f"{name} ({entry['origin']}): {entry['status']}, {counts}. {entry['msg'] or ''}".strip()


def _describe(finding: Mapping[str, Any]) -> str:
    waiver = finding["waiver"]
    waived = f" until {waiver['expires_on']}: {waiver['reason']}" if waiver else ""
    state = finding["state"].replace("_", " ")
    return (
        f"{finding['severity']}, {state}{waived} [{finding['id']}] {finding['message']} "
        f"{finding['recommendation']}"
    ).rstrip()


def _xml_text(text: str) -> str:
    """Return the text with the characters escaped that XML does not allow, as in Python."""
    return _INVALID.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
