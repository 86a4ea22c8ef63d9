# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats of a report: each says what was audited, and no name gets out of its place."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.cloudflare.plugins.filter.invite_report import invite_report
from ansible_collections.community.cloudflare.plugins.filter.invite_report_text import FilterModule
from ansible_collections.community.cloudflare.tests.unit.plugins.filter.factories import (
    TIME,
    invite,
    of,
)
from ansible_collections.community.cloudflare.tests.unit.plugins.filter.test_invite_report import (
    ONE,
    THREE,
    TWO,
    account,
    full_report,
    gap,
)

invite_report_text = FilterModule().filters()["invite_report_text"]
FORMATS = ["html", "csv", "json", "markdown", "junit"]


@pytest.mark.parametrize("format", FORMATS)
def test_report_is_reproducible(format: str) -> None:  # noqa: A002
    invites = [of(number) for number in range(1, 6)]
    gaps = [gap(TWO), gap(THREE)]
    expected = invite_report_text(invite_report([account(*invites, unreadable=gaps)], TIME), format)

    for seed in range(5):
        shuffle = random.Random(seed).shuffle
        shuffle(invites)
        shuffle(gaps)
        read = account(*(dict(reversed(one.items())) for one in invites), unreadable=gaps)
        assert invite_report_text(invite_report([read], TIME), format) == expected
    assert expected.endswith("\n")


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_tells_what_was_audited(format: str) -> None:  # noqa: A002
    report = full_report()

    text = (
        re.sub("(?s)<style.*?</style>|<[^>]*>", "", invite_report_text(report, format))
        if format == "html"
        else (invite_report_text(report, format))
    )

    generator = report["generator"]
    for expected in ("Acme", generator["name"], generator["version"], ONE, TWO, THREE, "HTTP 403."):
        assert expected in text
    assert any(time in text for time in (TIME, TIME[:16].replace("T", " ")))
    for one in (*report["findings"], *report["resolved"]):
        assert one["id"] in text
    for name in ("hours", "Super Administrator"):  # the policy
        assert name in text
    assert "A contractor until March." in text
    assert "Stale invites" in text
    assert ("not_assessed" in text) is (format in ("csv", "json"))
    assert "not assessed" in text or format in ("csv", "json")


def rows(report: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(invite_report_text(report, "csv"), newline="")))


def test_csv_has_one_line_per_record() -> None:
    report = full_report()

    found = rows(report)

    records = [row["record"] for row in found]
    assert {record: records.count(record) for record in records} == {
        "audit": 1,
        "scope": len(report["scope"]),
        "rule": len(report["rules"]),
        "finding": len(report["findings"]) + len(report["resolved"]),
        "waiver": len(report["waivers"]),
        "invite": report["summary"]["invites"],
        "member": report["summary"]["members"],
    }
    assert sum(int(row["waived"] or 0) for row in found if row["record"] == "rule") == sum(
        row["state"] == "waived" for row in found
    )
    waived = next(row for row in found if row["state"] == "waived")
    assert waived["waiver_expires_on"] == "2026-03-10"
    by_number = {row["number"]: row for row in found if row["record"] == "invite"}
    assert f"{waived['rule']} (waived)" in by_number[waived["number"]]["findings"]


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\uff1d1", "'\uff1d1"),
        ("\t=1", " '=1"),
        ("\r\n=1", "  '=1"),
        ("\u200b=1", " '=1"),
        ("a\n=1", "a =1"),
        ('";=1;"', '";\'=1;"'),
        ("Evil;=cmd|'/C calc'!A0;", "Evil;'=cmd|'/C calc'!A0;"),
        ('a; "=1', "a; \"'=1"),
        ("a,=1|-2:+3", "a,'=1|'-2:'+3"),
        ("Acme = 1", "Acme = 1"),
        ("", ""),
    ],
)
def test_csv_has_no_formula(name: str, cell: str) -> None:
    report = invite_report([account(invite(organization_name=name, invited_by=name))], TIME)

    row = rows(report)[-1]

    assert row["organization_name"] == row["invited_by"] == cell
    assert None not in row


@pytest.mark.parametrize(
    "name",
    [
        "[Acme](https://evil.example)",
        "![Acme](https://evil.example/pixel.png)",
        "@octocat #1 !2 ~bug org/repo#3",
        "https://evil.example www.evil.example",
        "<script>alert(1)</script>",
        "` [a](b) ``` [c](d)",
        "a | b | c",
        "\n# Title\n",
        "**bold** _it_",
    ],
)
def test_markdown_shows_names_as_code(name: str) -> None:
    read = account(
        invite(organization_name=name, organization_id=name[:8], roles=["Administrator"]),
        unreadable=[gap(name, name)],
    )

    lines = invite_report_text(invite_report([read], TIME), "markdown").splitlines()

    for line in lines:
        # What remains outside of code spans has no markup of the name.
        outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", line.replace("\\|", ""))
        for sign in ("[", "]", "@", "http", "www", "<", "evil", "_it_", "`"):
            assert sign not in outside, line
    assert len([line for line in lines if line.startswith("# ")]) == 1


def test_markdown_lists_findings_by_state() -> None:
    known = [of(number, expires_on="2026-03-10T13:00:00Z") for number in range(1, 61)]
    roles = ["Administrator"]
    unread = invite(organization_id=TWO, roles=roles)
    reads = [account(unread, *(one | {"roles": roles} for one in known))]
    baseline = json.dumps(invite_report(reads, TIME))
    reads = [
        account(
            *(one | {"roles": roles} for one in known),
            of(99, invited_on="2026-01-01T12:00:00Z"),
            unreadable=[gap(TWO)],
        )
    ]

    text = invite_report_text(invite_report(reads, TIME, baseline=baseline), "markdown")

    new, unassessed, known_ones = re.split("## Findings: ", text)[1:]
    assert "- low, **new**: Stale invites." in new
    assert "- medium, not assessed: Invites with privileged roles." in unassessed
    assert "more: see the other formats" in known_ones


@pytest.mark.parametrize(
    ("expected", "title"),
    [("# Review of the access", "Review of the access"), ("# `<b>` of it", "<b> of it")],
)
def test_markdown_shows_only_what_could_be_markup_as_code(expected: str, title: str) -> None:
    read = account(unreadable=[gap(ONE, "GET /accounts/1/members: HTTP 403.")])

    lines = invite_report_text(invite_report([read], TIME, title=title), "markdown").splitlines()

    assert lines[0] == expected
    assert "GET `/accounts/1/members`: HTTP 403." in "".join(lines)
    assert "roles: *Super Administrator*, Administrator, Account Administrator`" in "".join(lines)
    assert "| account | unknown |" in "".join(lines)


def parse_xml(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - it is not untrusted


@pytest.mark.parametrize(
    "char", ["\0", "\x1b", "\ud800", "\ufffe", "\u202e", "\x85", "<", "&", "]]>"]
)
def test_junit_escapes_what_xml_does_not_allow(char: str) -> None:
    read = account(invite(organization_name=f"A{char}B", roles=["Administrator"]))

    root = parse_xml(invite_report_text(invite_report([read], TIME), "junit"))

    [failure] = root.iter("failure")
    assert (failure.text or "").count("A") >= 1
    assert char.isprintable() or char not in (failure.text or "")


def test_junit_has_a_case_for_each_rule_and_account() -> None:
    report = full_report()

    root = parse_xml(invite_report_text(report, "junit"))

    suites = {suite.get("name"): suite for suite in root}
    assert len(suites) == 1 + len(report["scope"])
    for entry in report["scope"]:
        [suite] = [one for name, one in suites.items() if (name or "").endswith(entry["id"])]
        results = {
            case.get("name"): "failed"
            if case.find("failure") is not None
            else "skipped"
            if case.find("skipped") is not None
            else "passed"
            for case in suite.iter("testcase")
        }
        for rule in report["rules"]:
            if rule["rule"] in entry["rules"]:
                result = entry["rules"][rule["rule"]]
                expected = result if result in ("passed", "failed") else "skipped"
                assert results[rule["title"]] == expected
    messages = {skipped.get("message") for skipped in root.iter("skipped")}
    assert messages >= {
        "Waived until 2026-03-10: A contractor until March.",
        "Not assessed: HTTP 403.",
        "Not applicable: there is no member to assess.",
    }
    assert int(root.get("failures") or 0) == len(list(root.iter("failure"))) > 0
    # The waived finding does not fail, and is not hidden.
    assert "A contractor until March." in "".join(one.text or "" for one in root.iter("system-out"))


def test_json_is_the_report() -> None:
    report = full_report()

    assert json.loads(invite_report_text(report, "json")) == json.loads(json.dumps(report))


def test_invalid_format_fails() -> None:
    with pytest.raises(AnsibleFilterError, match="Give one of html, csv, json, markdown, junit"):
        invite_report_text(invite_report([], TIME), "pdf")
