# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each rule of an audit finds, through the filter that playbooks use."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.cloudflare.plugins.filter.invite_findings import FilterModule
from ansible_collections.community.cloudflare.plugins.filter.invite_report import invite_report
from ansible_collections.community.cloudflare.plugins.plugin_utils._rules import RULES
from ansible_collections.community.cloudflare.tests.unit.plugins.filter.factories import (
    TIME,
    invite,
    member,
    of,
    policy,
)

invite_findings = FilterModule().filters()["invite_findings"]


Case = tuple[dict[str, Any], list[dict[str, Any]], int]

# For each rule: its parameters, invites, and how many findings there are.
CASES: dict[str, dict[str, Case]] = {
    "stale": {
        "a day": ({}, [invite()], 0),
        "just three days": ({}, [invite(invited_on="2026-03-07T12:00:00Z")], 0),
        "a second more": ({}, [invite(invited_on="2026-03-07T11:59:59Z")], 1),
        "with a fraction": ({}, [invite(invited_on="2026-03-07T11:59:59.9999Z")], 1),
        "half a day is too long": ({"days": 0.5}, [invite()], 1),
        "a number as text": ({"days": "5e-1"}, [invite()], 1),
        "the largest number": ({"days": 1_000_000}, [invite()], 0),
        "not pending": ({}, [invite(invited_on="2025-01-01T00:00:00Z", status="accepted")], 0),
        "unknown": ({}, [invite(invited_on=None)], 0),
        "no time": ({}, [invite(invited_on="yesterday")], 0),
    },
    "expired": {
        "expired": ({}, [invite(status="expired")], 1),
        "expired, unknown when": ({}, [invite(status="expired", expires_on=None)], 1),
        "still pending": ({}, [invite(expires_on="2026-03-10T12:00:00Z")], 1),
        "not yet": ({}, [invite(expires_on="2026-03-10T12:00:01Z")], 0),
        "accepted in time": ({}, [invite(status="accepted", expires_on="2026-01-01T00:00:00Z")], 0),
    },
    "expiring_soon": {
        "in three days": ({}, [invite()], 0),
        "in a day": ({}, [invite(expires_on="2026-03-11T11:59:59Z")], 1),
        "over": ({}, [invite(expires_on="2026-03-10T12:00:00Z")], 0),
        "within a week": ({"hours": 168}, [invite()], 1),
        "unknown": ({}, [invite(expires_on=None)], 0),
    },
    "privileged_role": {
        "none": ({}, [invite(roles=[])], 0),
        "by its full name": ({}, [invite(roles=["Super Administrator - All Privileges"])], 1),
        "in any case": ({}, [invite(roles=[{"name": "ADMINISTRATOR"}])], 1),
        "only to read": ({}, [invite(roles=["Administrator Read Only"])], 0),
        "one of several": ({}, [invite(roles=["Analytics", "Administrator"])], 1),
        "another list": ({"roles": ["bill*"]}, [invite(roles=["Billing", "Administrator"])], 1),
        "without a name": ({}, [invite(roles=[{"name": None}])], 0),
        "by a policy": ({}, [invite(roles=[], policies=[policy("Super Administrator")])], 1),
        "denied by a policy": ({}, [invite(policies=[policy("Administrator", "deny")])], 0),
        "not pending": ({}, [invite(roles=["Administrator"], status="accepted")], 0),
    },
    "external_invitee": {
        "no list": ({}, [invite(invited_member_email="x@elsewhere.example")], 0),
        "inside": ({"domains": ["example.com"]}, [invite(invited_member_email="A@EXAMPLE.com")], 0),
        "inside, with an @": ({"domains": ["@example.com"]}, [invite()], 0),
        "outside": ({"domains": ["example.org", "example.net"]}, [invite()], 1),
        "below": ({"domains": ["com"]}, [invite()], 1),
        "ends alike": ({"domains": ["ample.com"]}, [invite()], 1),
        "unknown": ({"domains": ["example.com"]}, [invite(invited_member_email=None)], 0),
    },
    "unapproved_inviter": {
        "no list": ({}, [invite()], 0),
        "an address": ({"inviters": ["CEO@acme.example"]}, [invite()], 0),
        "a domain": ({"inviters": ["x@y.example", "@acme.example"]}, [invite()], 0),
        "another user": ({"inviters": ["hr@acme.example"]}, [invite()], 1),
        "unknown": ({"inviters": ["hr@acme.example"]}, [invite(invited_by=None)], 0),
    },
    "twofactor_not_enforced": {
        "enforced": ({}, [invite()], 0),
        "not enforced": ({}, [invite(organization_is_enforcing_twofactor=False)], 1),
        "unknown": ({}, [invite(organization_is_enforcing_twofactor=None)], 0),
        "once for an organization": (
            {},
            [invite(organization_is_enforcing_twofactor=False, id=one) for one in "abc"],
            1,
        ),
        "no pending invite": (
            {},
            [invite(organization_is_enforcing_twofactor=False, status="left")],
            0,
        ),
    },
    "duplicate_invite": {
        "once": ({}, [invite()], 0),
        "twice, in another case": (
            {},
            [invite(), invite(id="b", invited_member_email="New@Example.com ")],
            1,
        ),
        "three times": ({}, [invite(), invite(id="b"), invite(id="c")], 1),
        "once is over": ({}, [invite(), invite(id="b", status="rejected")], 0),
        "of two organizations": ({}, [of(1), of(2, organization_name="Zebra")], 0),
        "the same from two lists": ({}, [invite(), invite(source="account")], 0),
        "unknown": ({}, [invite(invited_member_email=None), invite(invited_member_email=None)], 0),
    },
    "lookalike_name": {
        "two names": ({}, [of(1), of(2, organization_name="Zebra")], 0),
        "one organization": ({}, [invite(), invite(id="b", invited_member_email="x@y.z")], 0),
        "the same name": ({}, [of(1), of(2)], 1),
        "another letter": ({}, [of(1), of(2, organization_name="\u0410cme")], 1),
        "another case": ({}, [of(1), of(2, organization_name="ACME")], 1),
        "whitespace": ({}, [of(1), of(2, organization_name=" Ac me\u200b")], 1),
        "punctuation": ({}, [of(1), of(2, organization_name="A.c-m_e!")], 1),
        "a legal form": ({}, [of(1), of(2, organization_name="Acme, Inc.")], 1),
        "two legal forms": ({}, [of(1), of(2, organization_name="Acme GmbH & Co. KG")], 1),
        "a legal form in another script": (
            {},
            [of(1), of(2, organization_name="\u0410cme S.A.")],
            1,
        ),
        "only a legal form": (
            {},
            [of(1, organization_name="Co"), of(2, organization_name="Inc")],
            0,
        ),
        "three and another": ({}, [of(1), of(2), of(3), of(4, organization_name="Zebra")], 1),
        "two groups": ({}, [of(1), of(2), *(of(n, organization_name="Zebra") for n in (3, 4))], 2),
        "not pending": ({}, [of(1), of(2, source=None, status="rejected")], 0),
        "one was joined": ({}, [of(1, status="accepted"), of(2)], 1),
        "both were joined": ({}, [of(1, status="accepted"), of(2, status="accepted")], 0),
        "joined, and invited again": ({}, [of(1, status="accepted"), of(1)], 0),
        "unknown": ({}, [of(1, organization_name=None), of(2, organization_name=None)], 0),
    },
    "external_member": {
        "inside": ({"domains": ["example.com"]}, [member()], 0),
        "outside": ({"domains": ["example.org"]}, [member()], 1),
        "an invite": ({"domains": ["example.org"]}, [invite()], 0),
    },
    "member_without_twofactor": {
        "on": ({}, [member()], 0),
        "off": ({}, [member(user={"two_factor_authentication_enabled": False})], 1),
        "unknown": ({}, [member(user=None)], 0),
    },
    "privileged_member": {
        "not privileged": ({}, [member()], 0),
        "privileged": ({}, [member(roles=["Administrator"])], 1),
        "by a policy": ({}, [member(roles=[], policies=[policy("Super Administrator")])], 1),
    },
}
ROWS = [(rule, name) for rule, cases in CASES.items() for name in cases]


@pytest.mark.parametrize(("rule", "name"), ROWS)
def test_rule_finds_violations(rule: str, name: str) -> None:
    parameters, invites, expected = CASES[rule][name]

    # These invites can violate other rules, too.
    found = [
        finding
        for finding in invite_findings(invites, TIME, {rule: parameters})
        if finding["rule"] == rule
    ]

    assert len(found) == expected
    for finding in found:
        assert finding["severity"] == RULES[rule].severity
        assert finding["title"] == RULES[rule].title
        for text in (finding["message"], finding["recommendation"]):
            assert text.isprintable()
            assert text.endswith(".")
            assert len(text) <= 240
    off = invite_findings(invites, TIME, {rule: {**parameters, "enabled": False}})
    assert rule not in {finding["rule"] for finding in off}


@pytest.mark.parametrize(
    ("violation", "for_sender", "for_invitee"),
    [
        ({"status": "expired"}, "If it is still needed, send it again", "Ask for a new invite"),
        (
            {"invited_on": "2025-12-01T00:00:00Z"},
            "Ask the user to respond",
            "Accept it, or reject it",
        ),
        ({"organization_is_enforcing_twofactor": False}, "Enforce", "Ask the organization"),
    ],
)
def test_recommendation_depends_on_source(
    violation: dict[str, Any], for_sender: str, for_invitee: str
) -> None:
    for source, expected in (("account", for_sender), (None, for_invitee)):
        [finding] = invite_findings([{**invite(**violation), "source": source}], TIME)

        assert finding["recommendation"].startswith(expected)
        has_page = finding["url"] == f"https://dash.cloudflare.com/{'1' * 32}/members"
        assert has_page is (source == "account")


def test_compliant_invites_have_no_findings() -> None:
    assert invite_findings([invite()], TIME) == []


@pytest.mark.parametrize(
    ("invites", "message"),
    [
        ([], "The account (" + "1" * 32 + ") could not be read. HTTP 403."),
        (
            [{"source": "account"}],
            'The account "Acme" (' + "1" * 32 + ") was read in part. HTTP 403.",
        ),
    ],
)
def test_unreadable_account_is_a_finding(invites: list[dict[str, Any]], message: str) -> None:
    gap = {"organization_id": "1" * 32, "msg": "HTTP 403."}

    [finding] = invite_findings([invite(**fields) for fields in invites], TIME, {}, [gap])

    assert (finding["rule"], finding["severity"]) == ("unreadable", "high")
    assert finding["message"] == message


def test_users_without_twofactor_are_counted_once() -> None:
    """Two APIs can list the same user, and only one of them reports the setting."""
    listed = {**invite(organization_is_enforcing_twofactor=False), "source": "organization"}
    pending = {**listed, "source": "account", "organization_is_enforcing_twofactor": None}

    [finding] = invite_findings([listed, pending], TIME)

    assert finding["rule"] == "twofactor_not_enforced"
    assert "has invited 1 user and" in finding["message"]
    assert finding["invites"] == [1, 2]


def test_lookalike_list_is_truncated() -> None:
    [finding] = invite_findings([of(number) for number in range(1, 301)], TIME)

    assert finding["message"].startswith("300 organizations have names that look alike")
    assert "and 295 more" in finding["message"]
    assert len(finding["organizations"]) == 20


def test_finding_id_depends_on_subject_only() -> None:
    def finding_id(**fields: Any) -> str:
        [finding] = invite_findings([invite(roles=["Administrator"], **fields)], TIME)
        found: str = finding["id"]
        return found

    known = finding_id()

    assert known == finding_id(
        id="b", invited_on="2026-03-08T12:00:00Z", organization_name="Acme 2"
    )
    assert known == finding_id(invited_member_email=" NEW@example.com")
    assert known != finding_id(invited_member_email="other@example.com")
    assert known != finding_id(organization_id="2" * 32)


def test_invite_with_more_rights_is_another_finding() -> None:
    roles = [["Administrator"], ["Administrator", "Super Administrator"]]

    ids = [invite_findings([invite(roles=granted)], TIME)[0]["id"] for granted in roles]

    assert len(set(ids)) == 2


def test_findings_sorted_by_severity() -> None:
    invites = [invite(status="expired"), of(2, roles=["Administrator"]), of(3)]
    policy = {"expired": {"severity": "high"}, "lookalike_name": {"severity": "low"}}

    found = invite_findings(invites, TIME, policy)

    assert [one["severity"] for one in found] == ["high", "medium", "low"]


# A policy, and the error that it causes.
INVALID_POLICIES: list[tuple[Any, str]] = [
    (["expired"], "not a dictionary"),
    ({"expires": {}}, 'no rule "expires". Rules are: unreadable, lookalike_name, '),
    ({"expired": ["x"]}, "The rule expired is not a dictionary"),
    ({"expired": {"days": 1}}, 'no parameter "days". It has: enabled, severity.'),
    ({"expired": {"enabled": "no"}}, "enabled of the rule expired is not true or false"),
    ({"expired": {"severity": "critical"}}, "is not one of info, low, medium, high"),
    ({"expired": {"severity": 3}}, "is not a text"),
    ({"stale": {"days": "three"}}, "is not a number"),
    ({"stale": {"days": -1}}, "is not a number from 0 to 1000000"),
    ({"stale": {"days": True}}, "is not a number"),
    ({"stale": {"days": "1e10"}}, "is not a number from 0 to 1000000"),
    ({"expiring_soon": {"hours": float("inf")}}, "is not a number"),
    ({"expiring_soon": {"hours": float("nan")}}, "is not a number"),
    ({"external_invitee": {"domains": "example.com"}}, "is not a list of texts"),
    ({"external_invitee": {"domains": [1]}}, "is not a list of texts"),
]


@pytest.mark.parametrize(("policy", "message"), INVALID_POLICIES)
def test_invalid_policy_fails(policy: Any, message: str) -> None:
    with pytest.raises(AnsibleFilterError) as raised:
        invite_findings([invite()], TIME, policy)

    assert message in str(raised.value)


@pytest.mark.parametrize("time", ["today", date(2026, 1, 31), 5, None, True])
def test_invalid_time_fails(time: Any) -> None:
    with pytest.raises(AnsibleFilterError, match="Give it as in 2026"):
        invite_findings([], time)


@pytest.mark.parametrize(
    "time",
    [
        datetime(2026, 3, 10, 12),  # what older versions of PyYAML return
        datetime(2026, 3, 10, 12, tzinfo=timezone.utc),
        datetime(2026, 3, 10, 17, tzinfo=timezone(timedelta(hours=5))),
    ],
)
def test_parse_time_of_a_datetime_returns_that_time(time: Any) -> None:
    assert invite_report([], time)["time"] == TIME
