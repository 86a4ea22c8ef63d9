# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports: the same bytes for the same input, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.cloudflare.plugins.filter.invite_findings import invite_findings
from ansible_collections.community.cloudflare.plugins.filter.invite_report import invite_report
from ansible_collections.community.cloudflare.plugins.filter.invite_report_text import FilterModule
from ansible_collections.community.cloudflare.tests.unit.plugins.filter.factories import (
    TIME,
    invite,
    of,
)

invite_report_text = FilterModule().filters()["invite_report_text"]
SCHEMA = Path(__file__).resolve().parents[4] / "roles" / "invite_audit" / "files"

INVITES = [
    of(1, organization_name="Zebra", status="accepted", invited_on="2026-01-01T00:00:00Z"),
    of(2, organization_name="Acme", roles=["Administrator"], source=None),
    of(3, organization_name="Acme", invited_on="2026-03-05T12:00:00Z"),
    of(4, organization_name=None, status="expired", invited_on=None, invited_by=None),
    invite(organization_id=None, id=None),
]
UNREADABLE = [
    {"organization_id": "9" * 32, "msg": "Cloudflare answered 404.", "failure": {}},
    {"organization_id": "8" * 32, "msg": "Cloudflare answered 403.", "failure": {}},
]


def made(invites: list[dict[str, Any]], unreadable: list[dict[str, Any]]) -> Any:
    return invite_report(invites, invite_findings(invites, TIME, {}, unreadable), TIME, unreadable)


def test_report_contains_all_invites() -> None:
    report = made(INVITES, UNREADABLE)

    assert report["time"] == TIME
    assert report["summary"] == {
        "invites": 5,
        "organizations": 4,
        "by_status": {"accepted": 1, "expired": 1, "pending": 3},
        "findings": {"high": 2, "medium": 3, "low": 1, "info": 1},
        "oldest_pending": {"invite": 4, "age_in_days": 5.0},
    }
    assert [one["number"] for one in report["invites"]] == [1, 2, 3, 4, 5]
    numbers = {one["id"]: one["number"] for one in report["invites"]}
    for finding in report["findings"]:
        if finding["invite"] is not None:
            its = report["invites"][finding["invite"] - 1]
            assert its["organization_id"] == finding["organization_id"]
    assert numbers[f"{3:032}"] == 4
    assert [one["source"] for one in report["invites"]].count("user") == 1
    assert [one["organization_id"][0] for one in report["unreadable"]] == ["8", "9"]


@pytest.mark.parametrize("invites", [[], INVITES])
def test_report_matches_schema(invites: list[dict[str, Any]]) -> None:
    schema = json.loads((SCHEMA / "report.schema.json").read_text())
    report = made(invites, UNREADABLE if invites else [])

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(invite_report_text(report, "json")))


@pytest.mark.parametrize("format", ["json", "csv", "html"])
def test_report_is_reproducible(format: str) -> None:  # noqa: A002
    expected = invite_report_text(made(INVITES, UNREADABLE), format)

    for seed in range(5):
        shuffle = random.Random(seed).shuffle
        invites, unreadable = list(INVITES), list(UNREADABLE)
        shuffle(invites)
        shuffle(unreadable)
        again = [dict(reversed(one.items())) for one in invites]
        assert invite_report_text(made(again, unreadable), format) == expected
    assert expected.endswith("\n")


def rows(report: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(invite_report_text(report, "csv"), newline="")))


def test_csv_has_one_line_per_invite() -> None:
    found = rows(made(INVITES, UNREADABLE))

    assert [row["number"] for row in found] == ["1", "2", "3", "4", "5"]
    [admin] = [row for row in found if row["roles"] == "Administrator"]
    assert admin["organization_is_enforcing_twofactor"] == "true"
    assert "medium: privileged_role" in admin["findings"].split("; ")
    [expired] = [row for row in found if row["status"] == "expired"]
    assert expired["organization_name"] == expired["invited_by"] == expired["age_in_days"] == ""


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\uff1d1", "'\uff1d1"),
        ("\t=1", "' =1"),
        ("\r\n=1", "'  =1"),
        ("  =1", "'  =1"),
        ("\u200b=1", "' =1"),
        ("a\n=1", "a =1"),
        ('";=1;"', '";=1;"'),
        ("Acme = 1", "Acme = 1"),
        ("", ""),
    ],
)
def test_csv_formula_injection(name: str, cell: str) -> None:
    report = made([invite(organization_name=name, invited_by=name)], [])

    [row] = rows(report)

    assert row["organization_name"] == row["invited_by"] == cell
    assert None not in row


def test_invalid_format_fails() -> None:
    with pytest.raises(AnsibleFilterError, match="Give one of json, csv, html"):
        invite_report_text(made([], []), "pdf")
