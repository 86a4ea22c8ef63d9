# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports: scope, rules, baseline, and waivers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.cloudflare.plugins.filter.invite_report import FilterModule
from ansible_collections.community.cloudflare.plugins.plugin_utils._rules import RULES
from ansible_collections.community.cloudflare.tests.unit.plugins.filter.factories import (
    TIME,
    invite,
    member,
    of,
)

invite_report = FilterModule().filters()["invite_report"]
SCHEMA = Path(__file__).resolve().parents[4] / "roles" / "invite_audit" / "files"
ONE, TWO, THREE = (str(digit) * 32 for digit in (1, 2, 3))


def account(*invites: dict[str, Any], **result: Any) -> dict[str, Any]:
    """Return what was read of three accounts."""
    listed = [{**one, "source": "account"} for one in invites]
    return {"source": "account", "ids": [ONE, TWO, THREE], "result": {"invites": listed, **result}}


def named(identifier: str, name: str, inviting: str = ONE) -> dict[str, Any]:
    """Return what was read of an account with a name, and an invite of another one."""
    pending = invite(organization_id=inviting)
    return {**account(pending, accounts=[{"id": identifier, "name": name}]), "ids": [identifier]}


def gap(organization_id: str | None, msg: str = "HTTP 403.") -> dict[str, Any]:
    return {"organization_id": organization_id, "msg": msg, "failure": {}}


STALE = invite(invited_on="2026-01-01T00:00:00Z")
UNDATED = invite(invited_on=None, invited_by=None, expires_on=None)


def rule(report: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in report["rules"] if one["rule"] == name)
    return found


# Scope


def test_scope_has_every_requested_account() -> None:
    read = account(
        invite(), member(), unreadable=[gap(TWO)], incomplete=[gap(THREE, "Received 3 of 7.")]
    )

    report = invite_report([read], TIME)

    assert [
        (one["id"], one["status"], one["origin"], one["msg"], one["invites"], one["members"])
        for one in sorted(report["scope"], key=lambda one: one["id"])
    ] == [
        (ONE, "read", "given", None, 1, 1),
        (TWO, "unreadable", "given", "HTTP 403.", None, None),
        (THREE, "partial", "given", "Received 3 of 7.", 0, 0),
    ]
    assert report["complete"] is False
    assert report["summary"]["scope"] == {"read": 1, "partial": 1, "unreadable": 1}
    assert report["summary"]["gap_message"].startswith("2 of 3 accounts could not be read")
    assert report["summary"]["unwaived_gaps"] == rule(report, "unreadable")["findings"] == 2


def test_scope_has_status_of_audit_logs() -> None:
    logs = [{"organization_id": ONE, "status": "incomplete", "msg": "HTTP 403."}]

    report = invite_report([account(invite(), audit_logs=logs)], TIME)

    assert {one["id"]: one["audit_log"] for one in report["scope"]} == {
        ONE: "incomplete",
        TWO: None,
        THREE: None,
    }


def test_discovered_accounts_are_named() -> None:
    accounts = [{"id": ONE, "name": "Acme"}, {"id": TWO, "name": "Empty"}]
    denied = {**gap(THREE), "organization_name": "Denied"}
    result = {"accounts": accounts, "incomplete": [gap(None)], "unreadable": [denied]}
    read = {"source": "account", "origin": "discovered", "result": result}

    report = invite_report([read], TIME)

    assert {one["origin"] for one in report["scope"]} == {"discovered"}
    assert {(one["name"], one["status"]) for one in report["scope"]} == {
        ("Acme", "read"),
        ("Empty", "read"),
        ("Denied", "unreadable"),
        (None, "partial"),  # the list of accounts
    }


def test_unreadable_account_has_its_name_in_the_baseline() -> None:
    before = baseline_of(account(invite()))

    report = invite_report([account(unreadable=[gap(ONE)])], TIME, baseline=before)

    assert [one["name"] for one in report["scope"] if one["id"] == ONE] == ["Acme"]
    assert report["findings"][0]["message"].startswith('The account "Acme" (')
    assert 'and audit again: the account "Acme" (' in report["summary"]["first_steps"][0]


def test_user_is_identified_by_the_invites() -> None:
    own = {**invite(invited_member_id=THREE), "source": None}

    report = invite_report([{"source": "user", "result": {"invites": [own]}}], TIME)

    [entry] = report["scope"]
    assert (entry["source"], entry["id"], entry["name"]) == ("user", THREE, "new@example.com")


def test_failed_read_of_user_is_a_gap() -> None:
    result = {"failed": True, "msg": "HTTP 403.", "failure": {"http_status": 403}}

    report = invite_report([{"source": "user", "result": result}, account(invite())], TIME)

    [entry] = [one for one in report["scope"] if one["source"] == "user"]
    assert (entry["status"], entry["msg"], entry["invites"]) == ("unreadable", "HTTP 403.", None)
    assert report["findings"][0]["message"] == (
        "The list of the user's invites could not be read. HTTP 403."
    )


# Rules


@pytest.mark.parametrize(
    ("name", "policy", "read", "result", "counts", "reason"),
    [
        ("stale", {}, account(STALE), "failed", (1, 0), None),
        ("stale", {}, account(invite()), "passed", (1, 0), None),
        (
            "stale",
            {},
            account(UNDATED),
            "not_assessed",
            (0, 1),
            "does not report when the invite was",
        ),
        ("stale", {}, account(invite(), UNDATED), "passed", (1, 1), "for 1 pending invite."),
        ("stale", {}, account(), "not_assessed", (0, 0), "no pending invite to assess"),
        ("stale", {}, account(unreadable=[gap(TWO)]), "not_assessed", (0, 0), "1 account was not"),
        (
            "stale",
            {},
            account(invite(), incomplete=[gap(TWO)]),
            "passed",
            (1, 0),
            "1 account was not",
        ),
        ("stale", {"enabled": False}, account(STALE), "disabled", (0, 0), "policy disables"),
        ("external_invitee", {}, account(invite()), "disabled", (0, 0), "names no domains, which"),
        (
            "unapproved_inviter",
            {"inviters": ["@x.y"]},
            account(UNDATED),
            "not_assessed",
            (0, 1),
            "sender",
        ),
        ("privileged_role", {}, account(invite(roles=[])), "not_assessed", (0, 1), "the roles"),
        ("privileged_member", {}, account(invite()), "disabled", (0, 0), "Members were not read"),
        ("privileged_member", {}, account(member()), "passed", (1, 0), None),
        ("lookalike_name", {}, account(of(1), of(2)), "failed", (2, 0), None),
        ("lookalike_name", {}, named(ONE, "Acme \u0406nc"), "passed", (1, 0), None),
        ("lookalike_name", {}, named(TWO, "\u0410cme"), "failed", (1, 0), None),
        ("lookalike_name", {}, named("A" * 32, "Acme", "a" * 32), "passed", (1, 0), None),
        ("unreadable", {}, account(), "passed", (3, 0), None),
        ("expired_waiver", {}, account(), "disabled", (0, 0), "no waivers"),
    ],
)
def test_rule_result(
    name: str, policy: Any, read: Any, result: str, counts: tuple[int, int], reason: str | None
) -> None:
    found = rule(invite_report([read], TIME, {name: policy}), name)

    assert found["result"] == result
    assert (found["assessed"], found["not_assessed"]) == counts
    assert (reason is None) is (found["reason"] is None)
    assert (reason or "") in (found["reason"] or "")
    assert found["title"] == RULES[name].title
    assert found["why"]


def test_accounts_have_their_own_rule_results() -> None:
    others = {"4" * 32: UNDATED, "5" * 32: invite(status="expired"), "6" * 32: STALE}
    invites = [invite(), UNDATED, {**STALE, "organization_id": TWO}]
    invites += [{**one, "organization_id": key} for key, one in others.items()]
    waivers = [
        {**WAIVER, "organization_id": "6" * 32},
        {**WAIVER, "rule": "unreadable", "organization_id": THREE},
    ]

    report = invite_report([account(*invites, unreadable=[gap(THREE)])], TIME, waivers=waivers)

    results = {one["id"][0]: one["rules"]["stale"] for one in report["scope"]}
    assert results == {
        "1": "passed",
        "2": "failed",
        "3": "not_assessed",
        "4": "not_assessed",
        "5": "not_applicable",
        "6": "waived",
    }
    assert (
        [one["rules"]["unreadable"] for one in report["scope"] if one["id"] == THREE]
        == [rule(report, "unreadable")["result"]]
        == ["waived"]
    )


# Baseline


def baseline_of(*reads: dict[str, Any], **options: Any) -> str:
    return json.dumps(invite_report(reads, "2026-03-09T12:00:00Z", **options))


OLD = [STALE, of(2, roles=["Administrator"], organization_name="Zebra")]


@pytest.mark.parametrize(
    ("now", "states", "resolved"),
    [
        ([account(*OLD)], {"stale": "known", "privileged_role": "known"}, []),
        ([account(STALE)], {"stale": "known"}, ["privileged_role"]),
        ([account(OLD[1])], {"privileged_role": "known"}, ["stale"]),
        (
            [account(STALE, unreadable=[gap(f"{2:032}")])],
            {"stale": "known", "privileged_role": "not_assessed", "unreadable": "new"},
            [],
        ),
        # The invite has no date any more.
        ([account(UNDATED, OLD[1])], {"stale": "not_assessed", "privileged_role": "known"}, []),
        # The same person was invited again, with more rights.
        (
            [account(STALE, {**OLD[1], "roles": ["Administrator", "Super Administrator"]})],
            {"stale": "known", "privileged_role": "new"},
            ["privileged_role"],
        ),
    ],
)
def test_findings_are_compared_with_baseline(
    now: list[Any], states: dict[str, str], resolved: list[str]
) -> None:
    ids = [ONE, f"{2:032}"]
    before = {**account(*OLD), "ids": ids}

    report = invite_report([{**now[0], "ids": ids}], TIME, baseline=baseline_of(before))

    assert {one["rule"]: one["state"] for one in report["findings"]} == states
    assert [one["rule"] for one in report["resolved"]] == resolved
    for one in report["resolved"]:
        is_same = len(now[0]["result"]["invites"]) > 1
        state = "has another finding of this rule." if is_same else "is gone."
        assert one["message"].startswith(f"The invite {state} Earlier: The invite of ")
        assert one["recommendation"] == ""
    for one in (*report["findings"], *report["resolved"]):
        if one["invite"]:
            assert [one["invite"]["number"]] == (one["invites"] or [None])
    assert report["baseline"]["has_same_scope"] is True
    assert report["summary"]["states"]["resolved"] == len(resolved)


@pytest.mark.parametrize(
    ("invites", "resolution"),
    [
        ([], "The organization has no pending invite any more."),
        ([invite(status="accepted")], "The organization has no pending invite any more."),
        ([invite()], "The organization enforces two-factor authentication now."),
    ],
)
def test_resolved_finding_about_organization_says_why(invites: Any, resolution: str) -> None:
    before = baseline_of(account(invite(organization_is_enforcing_twofactor=False)))

    [resolved] = invite_report([account(*invites)], TIME, baseline=before)["resolved"]

    assert resolved["message"].startswith(f"{resolution} Earlier: The organization ")


def test_lookalike_name_fails_for_each_account_of_that_name() -> None:
    """One of them has no invite."""
    read = named(TWO, "\u0410cme")

    scope = invite_report([read], TIME)["scope"]

    assert [entry["rules"]["lookalike_name"] for entry in scope] == ["failed", "failed"]


def test_incomplete_audit_is_never_known() -> None:
    read = account(unreadable=[gap(TWO)])

    report = invite_report([read], TIME, baseline=baseline_of(read))

    assert [one["state"] for one in report["findings"]] == ["new"]


def test_finding_outside_of_scope_is_not_resolved() -> None:
    reads = [{**account(), "ids": [TWO]}]
    report = invite_report(reads, TIME, baseline=baseline_of(account(STALE)))

    [finding] = report["findings"]
    earlier = "Not assessed in this audit. Earlier: The invite of "
    assert finding["message"].startswith(earlier)
    later = invite_report(reads, TIME, baseline=json.dumps(report))
    assert later["findings"] == [finding]
    found_again = invite_report([account(STALE)], TIME, baseline=json.dumps(report))
    assert [one["state"] for one in found_again["findings"]] == ["known"]
    assert [(one["rule"], one["state"]) for one in report["findings"]] == [
        ("stale", "not_assessed")
    ]
    assert report["resolved"] == []
    assert report["baseline"]["has_same_scope"] is False
    assert report["baseline"]["removed_from_scope"] == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "schema version None"),
        ('{"schema_version": 1}', "schema version 1, but 2 is needed"),
        ('{"schema_version": 2, "findings": [{"id": 1}]}', "no valid findings"),
    ],
)
def test_invalid_baseline_fails(text: str, message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=message):
        invite_report([], TIME, baseline=text)


# Waivers

WAIVER = {"rule": "stale", "reason": "A contractor until March.", "expires_on": "2026-03-10"}


@pytest.mark.parametrize(
    ("subject", "is_waived"),
    [
        ({"organization_id": ONE}, True),
        ({"organization_id": TWO}, False),
        ({"invited_member_email": "New@Example.com"}, True),
        ({"invited_member_email": "other@example.com"}, False),
        ({"invite_id": "a" * 32}, True),
        ({"invite_id": "A" * 32, "organization_id": ONE}, True),
        ({"invite_id": "a" * 32, "organization_id": TWO}, False),
        ({"organization_id": ONE, "rule": "expired"}, False),
        ({"organization_id": ONE, "expires_on": date(2026, 3, 10)}, True),
        ({"organization_id": ONE, "expires_on": "2026-03-09"}, False),
    ],
)
def test_waiver_matches_all_of_its_subjects(subject: dict[str, Any], is_waived: bool) -> None:
    report = invite_report([account(STALE)], TIME, waivers=[{**WAIVER, **subject}])

    [finding] = [one for one in report["findings"] if one["rule"] == "stale"]
    assert (finding["state"] == "waived") is is_waived
    assert rule(report, "stale")["result"] == ("waived" if is_waived else "failed")
    if is_waived:
        assert finding["waiver"] == {"reason": WAIVER["reason"], "expires_on": "2026-03-10"}
        assert finding["recommendation"] == ""
        assert report["summary"]["findings"]["low"] == 0
    else:
        is_unused = "expires_on" not in subject
        assert report["summary"]["unused_waivers"] == is_unused


def test_expired_waiver_is_a_finding() -> None:
    waiver = {**WAIVER, "organization_id": ONE, "expires_on": "2026-03-09"}

    report = invite_report([account(STALE)], TIME, waivers=[waiver])

    assert [one["rule"] for one in report["findings"]] == ["expired_waiver", "stale"]
    message = report["findings"][0]["message"]
    assert 'expired on 2026-03-09. Its reason: "A contractor until March."' in message
    assert report["findings"][1]["recommendation"].endswith(" Its waiver expired on 2026-03-09.")
    unread = {**account(unreadable=[gap(ONE)]), "ids": [ONE]}
    later = invite_report([unread], TIME, waivers=[waiver], baseline=json.dumps(report))
    [carried] = [one for one in later["findings"] if one["rule"] == "stale"]
    assert carried["recommendation"].count("Its waiver expired") == 1


@pytest.mark.parametrize(
    ("read", "baseline", "findings", "is_checked"),
    [
        (account(), [], 0, True),
        (account(invite()), [], 0, True),
        (account(UNDATED), [], 0, False),
        (account(invite(), unreadable=[gap(TWO)]), [], 0, False),
        (account({**STALE, "id": "b"}, unreadable=[gap(TWO)]), [], 1, True),
        (account(UNDATED), [{**STALE, "id": "b"}], 1, True),
    ],
)
def test_waiver_tells_whether_it_was_checked(
    read: Any, baseline: Any, findings: int, is_checked: bool
) -> None:
    before = baseline_of(account(*baseline))

    report = invite_report([read], TIME, waivers=[{**WAIVER, "invite_id": "b"}], baseline=before)

    [waiver] = report["waivers"]
    assert (waiver["findings"], waiver["is_checked"]) == (findings, is_checked)


def test_lookalike_waiver_ends_with_another_organization() -> None:
    [finding] = invite_report([account(of(1), of(2))], TIME)["findings"]
    waiver = {**WAIVER, "rule": "lookalike_name", "finding_id": finding["id"]}

    for invites, state in (([of(1), of(2)], "waived"), ([of(1), of(2), of(3)], "new")):
        report = invite_report([account(*invites)], TIME, waivers=[waiver])

        assert [one["state"] for one in report["findings"]] == [state]


@pytest.mark.parametrize("policy", [{}, {"unreadable": {"enabled": False}}])
@pytest.mark.parametrize("waived", [ONE, TWO])
def test_gap_is_waived_by_account(policy: Any, waived: str) -> None:
    waiver = {**WAIVER, "rule": "unreadable", "organization_id": waived}

    report = invite_report([account(unreadable=[gap(TWO)])], TIME, policy, waivers=[waiver])

    assert report["complete"] is False
    assert report["summary"]["unwaived_gaps"] == (waived == ONE)
    assert report["summary"]["gap_message"].endswith(" 1 of them is waived.") is (waived == TWO)


@pytest.mark.parametrize(
    ("waiver", "message"),
    [
        ("stale", "Waiver 1 is not a dictionary"),
        ({**WAIVER}, "has no subject"),
        ({**WAIVER, "organization_id": None}, "organization_id of waiver 1 is null, empty"),
        ({**WAIVER, "invite_id": " "}, "invite_id of waiver 1 is null, empty"),
        ({**WAIVER, "invite_id": "a", "organization_id": None}, "organization_id of waiver 1"),
        ({**WAIVER, "email": "x@y.z"}, 'has no key "email"'),
        ({"rule": "stale", "invite_id": "a", "reason": "x"}, "has no expires_on"),
        ({"rule": "stale", "invite_id": "a", "expires_on": "2026-03-10"}, "has no reason"),
        ({**WAIVER, "invite_id": "a", "reason": ""}, "reason of waiver 1 is null, empty"),
        ({**WAIVER, "invite_id": "a", "rule": "old"}, 'there is no rule "old"'),
        ({**WAIVER, "invite_id": "a", "rule": "expired_waiver"}, "cannot be waived"),
        ({**WAIVER, "invite_id": "a", "rule": "lookalike_name"}, "by finding_id only"),
        ({**WAIVER, "invite_id": "a", "expires_on": "2026-13-01"}, "not a date such as"),
        ({**WAIVER, "invite_id": "a", "expires_on": "tomorrow"}, "not a date such as"),
    ],
)
def test_invalid_waiver_fails(waiver: Any, message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=message):
        invite_report([], TIME, waivers=[waiver])


# The whole report


def full_report() -> Any:
    """Return a report with something in each of its parts."""
    before = baseline_of(account(STALE, of(2, roles=["Administrator"])))
    waivers = [
        {**WAIVER, "organization_id": ONE},
        {**WAIVER, "rule": "expired", "invite_id": "b", "expires_on": "2026-01-01"},
    ]
    read = account(STALE, of(3), of(4), member(), unreadable=[gap(TWO)], incomplete=[gap(THREE)])
    return invite_report([read], TIME, waivers=waivers, baseline=before, title="Acme")


@pytest.mark.parametrize("is_empty", [False, True])
def test_report_matches_schema(is_empty: bool) -> None:
    schema = json.loads((SCHEMA / "report.schema.json").read_text())
    report = json.loads(json.dumps(invite_report([], TIME) if is_empty else full_report()))

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(report)
    assert schema["$defs"]["rule"]["enum"] == list(RULES)
    assert set(report) == set(schema["required"])


OTHER = {**STALE, "organization_id": THREE, "organization_name": "Other"}


@pytest.mark.parametrize(
    ("read", "baseline", "steps"),
    [
        (account(invite()), [], []),
        (account(STALE), [], ['The invite of "new@example.com" to "Acme"']),
        (account(STALE, unreadable=[gap(TWO)]), [], ["Correct why 1 account could", "The invite"]),
        # The new finding is less severe than a known one.
        (account(*OLD, OTHER), OLD, ['The invite of "new@example.com" to "Other"']),
    ],
)
def test_summary_says_what_to_do_first(read: Any, baseline: Any, steps: list[str]) -> None:
    report = invite_report([read], TIME, baseline=baseline_of(account(*baseline)))

    found = report["summary"]["first_steps"]

    assert len(found) == len(steps)
    assert all(map(str.startswith, found, steps))


def test_summary_counts_invites() -> None:
    invites = [
        of(1, status="accepted", invited_on="2026-01-01T00:00:00Z"),
        of(2, organization_name="Zebra", invited_on="2026-03-05T12:00:00Z"),
        of(3, organization_name=None, status=None),
    ]

    report = invite_report([{"source": "organization", "result": {"invites": invites}}], TIME)

    summary = report["summary"]
    assert summary["by_status"] == {"accepted": 1, "pending": 1, "unknown": 1}
    assert (summary["invites"], summary["members"], summary["organizations"]) == (3, 0, 3)
    assert summary["oldest_pending"] == {"invite": 3, "age_in_days": 5.0}
    assert [one["number"] for one in report["invites"]] == [1, 2, 3]
