# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cf_account_invites: the table of statuses, what is never sent, and what errors stop."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import (
    Fault,
    Invite,
    Organization,
    Simulator,
)
from ansible_collections.community.cloudflare.tests.simulator.roles import (
    SUPER_ADMINISTRATOR,
    resource_group_names,
    role_id,
)
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner, omit

ALEX = "alex@example.com"
DNS: dict[str, Any] = {"email": "Alex@Example.com", "roles": ["DNS"]}
STILL_IN_USE = "but the address is still in use"
CATEGORIES = ("sent", "resent", "updated", "canceled", "unchanged", "members", "declined")


@pytest.fixture
def acme(cloudflare: Simulator, runner: TaskRunner) -> Organization:
    return managed(runner, "Acme", "a1" * 16)


def managed(runner: TaskRunner, name: str, identifier: str | None = None) -> Organization:
    """Return an account that the user manages, with one more member and two other invites."""
    cloudflare = runner.cloudflare
    account = cloudflare.add_organization(name, id=identifier)
    cloudflare.add_member(runner.user, account, (SUPER_ADMINISTRATOR,))
    member = cloudflare.find_user("member@example.com") or cloudflare.add_user("member@example.com")
    cloudflare.add_member(member, account, ("DNS",))
    cloudflare.invite("other@example.com", account, roles=("Billing",))
    return account


def invite(runner: TaskRunner, account: Organization, *people: Any, **options: Any) -> Any:
    given = {"account_ids": [account.id], "invites": list(people), **options}
    return runner.run("cf_account_invites", **given)


def writes(runner: TaskRunner) -> list[str]:
    return [request.method for request in runner.write_requests]


def filled(result: dict[str, Any]) -> dict[str, list[str]]:
    """Return the addresses in each list of a result that is not empty."""
    return {
        name: [one["invited_member_email"] for one in result[name]]
        for name in CATEGORIES
        if result[name]
    }


def put(cloudflare: Simulator, account: Organization, status: str | None, *roles: str) -> None:
    """Give Alex this status in the account."""
    if status == "accepted":
        cloudflare.add_member(cloudflare.add_user(ALEX), account, roles or ("DNS",))
    elif status:
        cloudflare.invite(ALEX, account, status=status, roles=roles or ("DNS",))


# The status and roles of Alex, the options, where the result has Alex, and what is sent.
TABLE: list[tuple[str | None, tuple[str, ...], dict[str, Any], str, list[str]]] = [
    (None, (), {}, "sent", ["POST"]),
    ("pending", (), {}, "unchanged", []),
    ("pending", ("DNS",), {"resend": True}, "resent", ["DELETE", "POST"]),
    ("pending", ("Billing",), {}, "updated", ["PUT"]),
    ("pending", ("DNS", "Billing"), {}, "unchanged", []),
    ("pending", ("DNS", SUPER_ADMINISTRATOR), {}, "updated", ["PUT"]),
    ("rejected", (), {}, "declined", []),
    ("rejected", (), {"resend": True}, "resent", ["DELETE", "POST"]),
    ("accepted", (), {}, "members", []),
    ("accepted", ("Billing",), {}, "members", []),
    ("accepted", ("Billing",), {"resend": True}, "members", []),
    (None, (), {"state": "absent"}, "unchanged", []),
    ("pending", ("Billing",), {"state": "absent"}, "canceled", ["DELETE"]),
    ("rejected", (), {"state": "absent"}, "unchanged", []),
    ("accepted", (), {"state": "absent"}, "failed", []),
    ("expired", (), {}, "sent", ["POST"]),
]


@pytest.mark.parametrize(("status", "roles", "options", "category", "sent"), TABLE)
def test_member_status_decides_result(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    status: str | None,
    roles: tuple[str, ...],
    options: dict[str, Any],
    category: str,
    sent: list[str],
) -> None:
    put(cloudflare, acme, status, *roles)
    before = [cloudflare.status(one) for one in cloudflare.invites]

    predicted = invite(runner, acme, DNS, check_mode=True, **options)
    assert writes(runner) == []
    done = invite(runner, acme, DNS, **options)

    assert writes(runner) == sent
    assert predicted["changed"] == done["changed"] == bool(sent)
    assert predicted["diff"] == done["diff"]
    assert "other@example.com" not in str(filled(done))
    if category == "failed":
        assert filled(predicted) == filled(done) == {}
        assert "never removes members" in done["msg"]
    else:
        assert filled(done)[category] == [ALEX]
        assert filled(predicted).keys() == filled(done).keys()
    if status == "accepted":
        assert [cloudflare.status(one) for one in cloudflare.invites] == before
        assert ALEX in cloudflare.members(acme)
    again = invite(runner, acme, DNS, **{**options, "resend": None})
    assert not again["changed"]
    assert writes(runner) == sent


def test_request_count_per_account(runner: TaskRunner, cloudflare: Simulator) -> None:
    accounts = [managed(runner, f"Account {number}") for number in range(5)]
    people = [{"email": f"new-{number}@example.com", "roles": ["DNS"]} for number in range(10)]
    options: Any = {"account_ids": [one.id for one in accounts], "invites": people}

    result = runner.run("cf_account_invites", **options)

    assert len(result["sent"]) == 50
    reads = [one for one in runner.requests if one.startswith("GET")]
    # The members of 5 accounts before and after, the names of accounts, and 2 pages of roles.
    assert sorted(one.rpartition("/")[2] for one in reads) == (
        ["accounts"] + ["members"] * 10 + ["roles"] * 2
    )
    assert len(runner.requests) == len(reads) + 50
    cloudflare.log.clear()
    assert not runner.run("cf_account_invites", **options)["changed"]
    assert len(runner.requests) == 5 + 1 + 2
    cloudflare.log.clear()
    assert len(runner.run("cf_account_invites", resend=True, **options)["resent"]) == 50
    # The roles of each account, the members before and after, the names, and 3 for each invite.
    assert len(runner.requests) == 5 * 2 + 5 * 2 + 1 + 50 * 3


def test_new_invite_is_returned_in_full(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    cloudflare.settings.activation_codes = True

    [sent] = invite(runner, acme, {**DNS, "roles": [role_id("DNS").upper(), "Billing"]})["sent"]

    [listed] = [
        one
        for one in runner.run("cf_account_invite_info", account_ids=[acme.id])["invites"]
        if one["invited_member_email"] == ALEX
    ]
    assert sent == listed
    assert "code" not in sent
    assert [role["name"] for role in sent["roles"]] == ["DNS", "Billing"]
    assert cloudflare.invites[sent["id"]].invited_by == runner.user.email


GROUP = {"id": "a" * 32}
POLICY = {"access": "allow", "permission_groups": [GROUP], "resource_groups": [GROUP]}
# The elements of invites, the options, and the error; nothing is sent.
ERRORS: list[tuple[Any, dict[str, Any], str]] = [
    ([DNS, {"email": ALEX, "roles": ["DNS"]}], {}, "listed more than once"),
    ([{"email": ALEX}], {}, "Give roles or policies"),
    ([{**DNS, "policies": [{"access": "allow"}]}], {}, "mutually exclusive"),
    ([{**DNS, "roles": ["Dns"]}], {}, 'No role is named "Dns". Closest: "DNS"'),
    ([{**DNS, "roles": ["DNS", "b" * 32]}], {}, "No role has the ID"),
    ([{**DNS, "roles": [SUPER_ADMINISTRATOR]}], {}, "would be Super Administrator"),
    ([{**DNS, "roles": [role_id(SUPER_ADMINISTRATOR).upper()]}], {}, "would be Super"),
    ([{**DNS, "roles": ["super_administrator"]}], {}, "would be Super"),
    ([{**DNS, "roles": ["DNS", None]}], {}, "Element 2 of roles is null"),
    ([{**DNS, "roles": None}], {}, "roles is null or empty"),
    ([{**DNS, "roles": []}], {}, "roles is null or empty"),
    ([{**DNS, "email": None}], {}, "email is null or empty"),
    ([{**DNS, "email": "alex"}], {}, "not an email address"),
    ([{**DNS, "email": f"{ALEX}."}], {}, "not an email address"),
    ([{**DNS, "email": "alex@example.com,kim@example.com"}], {}, "not an email address"),
    ([{**DNS, "email": "Alex <alex@example.com>"}], {}, "not an email address"),
    ([{**DNS, "email": "ale\u212a@example.com"}], {}, "not an email address"),
    ([{**DNS, "email": f"{'x' * 90}@example.com"}], {}, "not an email address"),
    ([{**DNS, "mail": "x"}], {}, "Did you mean email"),
    ([None], {}, "Element 1 of invites is null. Give an element such as"),
    (DNS, {}, "invites is a dictionary"),
    ([], {"cancel_unlisted": True}, "would cancel every pending invite"),
    ([DNS], {"cancel_unlisted": True, "state": "absent"}, "need state: present"),
    ([DNS], {"resend": True, "state": "absent"}, "need state: present"),
    ([DNS], {"account_ids": ["a" * 32, ""]}, "Element 2 of account_ids is null"),
    ([DNS], {"account_ids": ["../x"]}, "account_ids is"),
    ([DNS], {"max_changes": 0}, "1 changes are planned, and max_changes is 0"),
    ([{"email": ALEX, "policies": [{"access": "allow"}]}], {}, "A policy needs"),
    ([{"email": ALEX, "policies": [None]}], {}, "Element 1 of policies is null"),
    (
        [{"email": ALEX, "policies": [{**POLICY, "permission_groups": ["b" * 32, GROUP]}]}],
        {},
        "A group is {id",
    ),
]


@pytest.mark.parametrize(("people", "options", "expected"), ERRORS)
def test_invalid_options_fail_before_any_request(
    runner: TaskRunner, acme: Organization, people: Any, options: dict[str, Any], expected: str
) -> None:
    given = {"account_ids": [acme.id], "invites": people, **options}

    result = runner.run("cf_account_invites", **given)

    assert result["failed"]
    assert expected in result["msg"]
    assert not result.get("changed")
    assert writes(runner) == []


def policy(account: Organization, group: str = "DNS", resource: int = 0) -> dict[str, Any]:
    resources = list(resource_group_names(account.id))
    return {
        "access": "allow",
        "permission_groups": [{"id": role_id(group)}],
        "resource_groups": [{"id": resources[resource]}],
    }


def test_policies_are_compared_as_sets(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    both = [policy(acme), policy(acme, "Billing", 1)]

    assert invite(runner, acme, {"email": ALEX, "policies": both})["sent"]
    assert not invite(runner, acme, {"email": ALEX, "policies": both[::-1]})["changed"]
    less = invite(runner, acme, {"email": ALEX, "policies": both[:1]})
    assert not less["changed"]
    assert "there are more policies" in less["warnings"][0]
    other = {"email": ALEX, "policies": [policy(acme, "DNS", 1)]}
    assert invite(runner, acme, other)["updated"]
    assert not invite(runner, acme, other)["changed"]
    assert writes(runner) == ["POST", "PUT"]


@pytest.mark.parametrize("kind", ["super", "unknown", "unreadable", "ambiguous"])
def test_possible_super_administrator_policy_needs_option(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, kind: str
) -> None:
    requested = policy(acme, SUPER_ADMINISTRATOR if kind == "super" else "DNS")
    if kind == "unknown":
        requested["permission_groups"] = [{"id": "f" * 32}]
    if kind == "unreadable":
        path = ".*/iam/permission_groups"
        cloudflare.add_fault(Fault("response", path=path, status=403, body="{}", times=None))
    if kind == "ambiguous":
        names = {role_id("DNS"): SUPER_ADMINISTRATOR, role_id("DNS").upper(): "DNS"}
        groups = [{"id": one, "name": name} for one, name in names.items()]
        body = json.dumps({"success": True, "result": groups})
        path = ".*/iam/permission_groups"
        cloudflare.add_fault(Fault("response", path=path, status=200, body=body))
    person = {"email": ALEX, "policies": [requested]}

    result = invite(runner, acme, person)

    assert "allow_super_administrator" in result["msg"]
    assert writes(runner) == []
    allowed = invite(runner, acme, person, allow_super_administrator=True)
    assert bool(allowed["sent"]) == (kind != "unknown")


@pytest.mark.parametrize(
    ("setting", "roles", "updated"),
    [
        ("policies_only", ("DNS",), False),
        ("policies_only", ("Billing",), False),
        ("policies_only", ("DNS", SUPER_ADMINISTRATOR), True),
        ("roles_only", ("DNS",), False),
        ("roles_only", ("Billing",), True),
    ],
)
def test_roles_as_policies_are_unchanged(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    setting: str,
    roles: tuple[str, ...],
    updated: bool,
) -> None:
    setattr(cloudflare.settings, setting, True)
    put(cloudflare, acme, "pending", *roles)

    first = invite(runner, acme, DNS)
    second = invite(runner, acme, DNS)

    assert writes(runner) == ["PUT"] * updated
    assert not second["changed"]
    assert bool(first.get("warnings")) == (setting == "policies_only" and roles == ("Billing",))


def test_cancel_unlisted_keeps_ambiguous_entries(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    put(cloudflare, acme, "pending")
    for _number in range(2):
        cloudflare.invite("twin@example.com", acme)
    without_address = cloudflare.invite("hidden@example.com", acme)
    # Cloudflare could report a listed address in another spelling.
    cloudflare.invite("alex@b\u00fccher.example", acme)
    cloudflare.invite("declined@example.com", acme, status="rejected")

    def hide(body: Any) -> Any:
        for one in body["result"]:
            if one["id"] == without_address.id:
                one.update(email=None, user=None)
        return body

    cloudflare.add_fault(Fault("modify_response", modify=hide, path=".*/members$", times=None))

    result = invite(runner, acme, DNS, cancel_unlisted=True)

    assert filled(result) == {"canceled": ["other@example.com"], "unchanged": [ALEX]}
    assert "twin@example.com" in result["warnings"][0]
    assert "no address" in result["warnings"][0]
    assert sorted(one.status for one in cloudflare.invites.values()) == (
        ["canceled", *["pending"] * 5, "rejected"]
    )
    assert not invite(runner, acme, DNS, cancel_unlisted=True)["changed"]


def claim_more(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "result_info": {"page": 1, "per_page": 50, "count": 1, "total_pages": 9}}


@pytest.mark.parametrize("ignore", [False, True])
@pytest.mark.parametrize("kind", ["forbidden", "incomplete"])
def test_unreadable_account_does_not_stop_others(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, kind: str, ignore: bool
) -> None:
    other = cloudflare.add_organization("Other", id="b" * 32)
    if kind == "incomplete":
        cloudflare.add_member(runner.user, other, (SUPER_ADMINISTRATOR,))
        path = f"/accounts/{other.id}/members"
        cloudflare.add_fault(Fault("modify_response", modify=claim_more, path=path, times=None))

    result = invite(runner, acme, DNS, account_ids=[other.id, acme.id], ignore_unreadable=ignore)

    assert result["changed"]
    assert len(result["sent"]) == 1
    assert [one["organization_id"] for one in result["unreadable"]] == [other.id]
    assert bool(result.get("failed")) == (not ignore or kind == "incomplete")
    assert len(cloudflare.invites_from(other)) == 0


# How Alex joins between the read and the request, and what the result says.
@pytest.mark.parametrize(
    ("options", "roles", "category"),
    [
        ({"state": "absent"}, ("DNS",), "failed"),
        ({"resend": True}, ("DNS",), "members"),
        ({}, ("Billing",), "members"),
    ],
)
def test_person_who_joins_meanwhile_stays_member(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    options: dict[str, Any],
    roles: tuple[str, ...],
    category: str,
) -> None:
    cloudflare.add_user(ALEX)
    put(cloudflare, acme, "pending", *roles)
    [pending] = [one for one in cloudflare.invites.values() if one.email == ALEX]
    accept_before_read_of(cloudflare, pending)

    result = invite(runner, acme, DNS, **options)

    assert ALEX in cloudflare.members(acme)
    assert acme.members[cloudflare.users[-1].id] == roles
    assert writes(runner) == []
    assert not result["changed"]
    if category == "failed":
        assert "accepted the invite meanwhile" in result["msg"]
    else:
        assert filled(result) == {"members": [ALEX]}


def accept_before_read_of(cloudflare: Simulator, pending: Invite) -> None:
    def accept(request: Any) -> None:
        if request.path.endswith(pending.id) and pending.status == "pending":
            cloudflare.respond(pending, "accepted")

    cloudflare.before_request = accept


def test_address_with_two_entries_is_member_or_error(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    for address in (ALEX, "member@example.com"):
        cloudflare.invite(address, acme, roles=("Billing",))
    cloudflare.invite(ALEX, acme, roles=("Billing",))

    result = invite(runner, acme, DNS, {**DNS, "email": "member@example.com"}, resend=True)

    assert filled(result) == {"members": ["member@example.com"]}
    assert 'lists "alex@example.com" more than once' in result["msg"]
    assert writes(runner) == []


@pytest.mark.parametrize("blocks", [False, True])
@pytest.mark.parametrize("code", [1004, 1008])
def test_expired_invite_is_sent_again_or_explained(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, blocks: bool, code: int
) -> None:
    cloudflare.settings.expired_invites_block = blocks
    put(cloudflare, acme, "expired")

    result = invite(runner, acme, DNS)

    assert bool(result["sent"]) == (not blocks)
    assert result["changed"] == (not blocks)
    if blocks:
        assert "expired invite may block it: revoke it in the dashboard" in result["msg"]
        assert writes(runner) == ["POST"]


@pytest.mark.parametrize("applied", [False, True])
@pytest.mark.parametrize("lag", [1, 6])
def test_lagging_reads_do_not_invite_twice(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, lag: int, applied: bool
) -> None:
    put(cloudflare, acme, "pending")
    cloudflare.settings.read_lag = lag
    cloudflare.add_fault(Fault("connection_reset", method="POST", after_processing=applied))

    result = invite(runner, acme, DNS, resend=True)

    assert filled(result) == {"resent": [ALEX]}
    assert len([one for one in cloudflare.invites_from(acme) if one.status == "pending"]) == 2
    cloudflare.clock.sleep(lag)
    assert not invite(runner, acme, DNS)["changed"]


def test_lost_post_response_rereads_members(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    cloudflare.add_fault(Fault("connection_reset", method="POST", after_processing=True))
    assert filled(invite(runner, acme, DNS)) == {"sent": [ALEX]}
    assert writes(runner) == ["POST"]
    cloudflare.add_fault(Fault("connection_reset", method="POST"))
    assert invite(runner, acme, {**DNS, "email": "kim@example.com"})["sent"]
    assert writes(runner) == ["POST"] * 3


def test_lost_post_is_not_repeated_if_lists_are_rate_limited(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    other = managed(runner, "Other")
    cloudflare.settings.read_lag = 4
    cloudflare.add_fault(Fault("connection_reset", method="POST", after_processing=True))
    path = f"/accounts/{other.id}/members$"
    limited = Fault("response", method="GET", path=path, at=2, status=429, times=None)
    cloudflare.add_fault(limited)

    result = invite(runner, acme, DNS, account_ids=[acme.id, other.id], max_connections=1)

    assert writes(runner) == ["POST"] * 2
    assert "may have been sent" in result["failed_invites"][0]["msg"]


# How often a POST is rate limited, whether the first of them was applied, and the next response.
@pytest.mark.parametrize(("times", "status"), [(1, None), (1, 400), (None, None)])
@pytest.mark.parametrize("applied", [True, False])
def test_invite_of_rate_limited_post_is_sent(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    times: int | None,
    status: int | None,
    applied: bool,
) -> None:
    limited = Fault("response", method="POST", status=429, times=times, after_processing=applied)
    cloudflare.add_fault(limited)
    if status:
        body = '{"success": false, "errors": [{"code": 1, "message": "Is a member"}]}'
        cloudflare.add_fault(Fault("response", method="POST", at=2, status=status, body=body))

    result = invite(runner, acme, DNS, retries=2)

    is_sent = applied or (times == 1 and not status)
    assert filled(result) == ({"sent": [ALEX]} if is_sent else {})
    assert result["changed"] == is_sent
    assert writes(runner) == ["POST"] * (3 if times is None else 2)
    if not is_sent:
        expected = '"Is a member" (code 1).' if status else "Gave up after 3 attempts."
        assert result["failed_invites"][0]["msg"].endswith(expected)


# The role of Alex, the options, the request that is applied despite HTTP 429, and the result.
@pytest.mark.parametrize(
    ("role", "options", "method", "category"),
    [
        ("DNS", {"state": "absent"}, "DELETE", "canceled"),
        ("DNS", {"resend": True}, "DELETE", "resent"),
        ("Billing", {}, "PUT", "updated"),
    ],
)
def test_change_applied_despite_429_is_reported(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    role: str,
    options: dict[str, Any],
    method: str,
    category: str,
) -> None:
    put(cloudflare, acme, "pending", role)
    cloudflare.add_fault(Fault("response", method=method, status=429, after_processing=True))

    result = invite(runner, acme, DNS, retries=0, **options)

    assert filled(result) == {category: [ALEX]}
    assert result["changed"]


# The request that fails, the response to it, what the error says, and where the next run has Alex.
@pytest.mark.parametrize(
    ("method", "status", "body", "expected", "category"),
    [
        (
            *("POST", 400, '{"success": false, "errors": [{"message": "add limit reached"}]}'),
            *("is not invited now", "sent"),
        ),
        # Reported as done, but not done.
        ("DELETE", 200, '{"success": true, "result": {}}', STILL_IN_USE, "unchanged"),
    ],
)
def test_failed_resend_reports_whether_invite_is_missing(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    method: str,
    status: int,
    body: str,
    expected: str,
    category: str,
) -> None:
    put(cloudflare, acme, "pending")
    cloudflare.add_fault(Fault("response", method=method, status=status, body=body))

    result = invite(runner, acme, DNS, resend=True)

    assert result["changed"]
    assert expected in result["msg"]
    assert filled(invite(runner, acme, DNS)) == {category: [ALEX]}


PEOPLE = [{**DNS, "email": f"person-{number}@example.com"} for number in range(4)]


# The response to each POST, and how many of four invites are kept.
@pytest.mark.parametrize(
    ("status", "body", "kept"),
    [
        (400, '{"success": false, "errors": [{"message": "add limit reached"}]}', 3),
        (500, "", 3),
        (400, '{"success": false, "errors": [{"message": "User already exists"}]}', 0),
    ],
)
def test_no_other_invite_is_canceled_after_failed_resend(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, status: int, body: str, kept: int
) -> None:
    invite(runner, acme, *PEOPLE)
    fault = Fault("response", method="POST", status=status, body=body, times=None)
    cloudflare.add_fault(fault)

    result = invite(runner, acme, *PEOPLE, resend=True)

    assert result["changed"]
    assert len(result["failed_invites"]) == 4
    pending = [one.email for one in cloudflare.invites_from(acme) if one.status == "pending"]
    assert len(set(pending) & {one["email"] for one in PEOPLE}) == kept
    assert str(result["failed_invites"]).count("stays as it is") == kept
    cloudflare.clear_faults()
    assert len(invite(runner, acme, *PEOPLE)["sent"]) == 4 - kept


def rejection(message: str, code: int = 1) -> str:
    return json.dumps({"success": False, "errors": [{"code": code, "message": message}]})


LIMIT = rejection("add limit reached")
NOT_FOUND = rejection("Member not found", 1003)
NO_PERMISSION = rejection("Authentication error", 10000)
STAYS = "stays as it is"


# How the first of four invites fails: its method, the number of requests, and the response. The
# response to each later POST, how many invites are pending then, and how often the result says why.
@pytest.mark.parametrize(
    ("method", "times", "status", "body", "is_limited", "pending", "expected", "count"),
    [
        # It shows nothing about the account, so the second decides.
        ("accept", 0, 0, "", True, 2, STAYS, 2),
        ("DELETE", 1, 400, rejection("no"), True, 3, STAYS, 2),
        ("DELETE", 6, 500, "", True, 3, STAYS, 2),
        ("POST", 3, 400, rejection("User already exists"), True, 2, STAYS, 2),
        # It is still there.
        ("DELETE", 1, 404, NOT_FOUND, True, 4, STILL_IN_USE, 1),
        ("DELETE", 1, 200, '{"success": true, "result": {}}', True, 4, STILL_IN_USE, 1),
        # It is sent in the end.
        ("POST", 1, 500, NO_PERMISSION, False, 4, "credentials", 0),
    ],
)
def test_first_resend_decides_only_if_its_invite_was_sent_or_rejected(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    method: str,
    times: int,
    status: int,
    body: str,
    is_limited: bool,
    pending: int,
    expected: str,
    count: int,
) -> None:
    invite(runner, acme, *PEOPLE)
    [first] = [one for one in cloudflare.invites_from(acme) if one.email == PEOPLE[0]["email"]]
    if method == "accept":
        cloudflare.add_user(first.email)
        accept_before_read_of(cloudflare, first)
    else:
        fault = Fault("response", method=method, times=times, status=status, body=body)
        cloudflare.add_fault(fault)
    if is_limited:
        cloudflare.add_fault(Fault("response", method="POST", status=400, body=LIMIT, times=None))

    result = invite(runner, acme, *PEOPLE, resend=True)

    left = [one for one in cloudflare.invites_from(acme) if one.status == "pending"]
    assert len({one.email for one in left} - {"other@example.com"}) == pending
    assert str(result["failed_invites"]).count(expected) == count
    assert result["changed"] == (method != "DELETE" or status != 404)
    assert bool(result.get("failed")) == is_limited
    cloudflare.clear_faults()
    invite(runner, acme, *PEOPLE)
    assert not invite(runner, acme, *PEOPLE)["changed"]


def test_new_invite_does_not_take_the_place_of_a_canceled_one(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    invite(runner, acme, *PEOPLE)
    cloudflare.log.clear()

    result = invite(runner, acme, DNS, *PEOPLE, resend=True)

    assert filled(result)["sent"] == [ALEX]
    assert filled(result)["resent"] == [one["email"] for one in PEOPLE]
    [*_resends, last] = runner.write_requests
    assert last.body["email"] == ALEX


OTHER_ROLES = (200, json.dumps({"success": True, "result": [{"id": "c" * 32, "name": "Billing"}]}))


# What an invite gives, the response to a read of Other's roles, why Other would not send the
# invite again, and whether Acme would.
@pytest.mark.parametrize(
    ("given", "response", "expected", "is_resent"),
    [
        ({"roles": ["DNS"]}, OTHER_ROLES, '"Other" (b2b2', True),
        ({"roles": ["DNS"]}, OTHER_ROLES, 'has no such roles: "DNS".', True),
        ({"roles": [role_id("DNS")]}, (403, "{}"), "/roles: HTTP 403", True),
        ({"roles": ["b" * 32]}, None, "has no such roles", False),
        ({"policies": [POLICY]}, None, "has no such permission groups", False),
        ({"policies": ()}, None, "has no such resource groups", True),
    ],
)
def test_invite_that_cannot_be_sent_again_is_not_canceled(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    given: dict[str, Any],
    response: tuple[int, str] | None,
    expected: str,
    is_resent: bool,
) -> None:
    other = managed(runner, "Other", "b2" * 16)
    for account in (acme, other):
        put(cloudflare, account, "pending")
    if response:
        path, (status, body) = f"/accounts/{other.id}/roles", response
        cloudflare.add_fault(Fault("response", path=path, status=status, body=body, times=None))
    if given.get("policies") == ():
        given = {"policies": [policy(acme)]}
    options: Any = {"account_ids": [acme.id, other.id], "allow_super_administrator": True}

    for check_mode in (True, False):
        person = {"email": ALEX, **given}
        result = invite(runner, acme, person, resend=True, check_mode=check_mode, **options)

        assert filled(result) == ({"resent": [ALEX]} if is_resent else {})
        failed = result["failed_invites"][-1]
        assert failed["invite"]["organization_id"] == other.id
        assert expected in failed["msg"]
    assert writes(runner) == ["DELETE", "POST"] * is_resent
    assert [one.status for one in cloudflare.invites_from(other)] == ["pending"] * 2


def test_credentials_without_permission_are_tried_once(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    cloudflare.add_member(runner.user, acme, ("Administrator",))
    people = [{"email": f"new-{number}@example.com", "roles": ["DNS"]} for number in range(9)]

    result = invite(runner, acme, *people)

    assert writes(runner) == ["POST"]
    assert not result["changed"]
    assert len(result["failed_invites"]) == 9
    assert result["failure"]["http_status"] == 403


def test_rate_limited_delete_reads_again(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    cloudflare.add_user(ALEX)
    put(cloudflare, acme, "pending")
    [pending] = [one for one in cloudflare.invites.values() if one.email == ALEX]
    headers = {"Retry-After": "60"}
    limited = Fault("response", method="DELETE", status=429, body="{}", headers=headers)
    cloudflare.add_fault(limited)

    def accept(_request: Any) -> None:
        if limited.triggered_count and pending.status == "pending":
            cloudflare.respond(pending, "accepted")

    cloudflare.before_request = accept

    result = invite(runner, acme, DNS, state="absent")

    assert ALEX in cloudflare.members(acme)
    assert writes(runner) == ["DELETE"]
    assert not result["changed"]
    assert omit(result["failed_invites"][0], "invite", "failure") == {
        "msg": result["failed_invites"][0]["msg"],
        "changed": False,
    }


def without_role_ids(member: dict[str, Any]) -> None:
    member.update(roles=[role["name"] for role in member["roles"]], policies=None)


def as_policies(member: dict[str, Any]) -> None:
    """Turn roles into policies whose groups have other IDs than the roles."""
    groups = [{"id": f"{role['id'][1:]}e", "name": role["name"]} for role in member["roles"]]
    resources = [{"id": "c" * 32}]
    policy = {"access": "ALLOW", "permission_groups": groups, "resource_groups": resources}
    member.update(roles=[], policies=[policy])


# How Cloudflare reports the roles, the one that is requested by ID, and its permission group.
@pytest.mark.parametrize(
    ("report", "role", "requested"),
    [
        (without_role_ids, "DNS", {"roles": [role_id("DNS")]}),
        (as_policies, SUPER_ADMINISTRATOR, {"roles": [role_id(SUPER_ADMINISTRATOR)]}),
        (
            as_policies,
            SUPER_ADMINISTRATOR,
            {
                "policies": [
                    {
                        "access": "allow",
                        "permission_groups": [{"id": f"{role_id(SUPER_ADMINISTRATOR)[1:]}e"}],
                        "resource_groups": [{"id": "c" * 32}],
                    }
                ]
            },
        ),
    ],
)
def test_role_that_is_reported_otherwise_is_not_updated(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    report: Any,
    role: str,
    requested: dict[str, Any],
) -> None:
    put(cloudflare, acme, "pending", role)

    def modify(body: Any) -> Any:
        found = body["result"]
        for one in found if isinstance(found, list) else [found]:
            report(one)
        return body

    path = ".*/members(/.*)?$"
    cloudflare.add_fault(Fault("modify_response", modify=modify, path=path, times=None))

    result = invite(runner, acme, {"email": ALEX, **requested}, allow_super_administrator=True)

    assert filled(result) == {"unchanged": [ALEX]}
    assert writes(runner) == []


# What happens meanwhile, the role of the pending invite, the task, and the result.
@pytest.mark.parametrize(
    ("event", "role", "options", "category", "warning"),
    [
        ("joins before last read", "DNS", {"resend": True}, "resent", None),
        ("joins before PUT", "Billing", {}, "updated", "may have changed a member"),
        ("sent by another client", "DNS", {"resend": True}, "unchanged", None),
        ("canceled by another client", "DNS", {"state": "absent"}, "unchanged", None),
    ],
)
def test_change_by_others_meanwhile_is_reported(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    event: str,
    role: str,
    options: dict[str, Any],
    category: str,
    warning: str | None,
) -> None:
    cloudflare.add_user(ALEX)
    put(cloudflare, acme, "pending", role)

    def act(request: Any) -> None:
        is_due = {
            "joins before last read": writes(runner)[-1:] == ["POST"] and request.method == "GET",
            "joins before PUT": request.method == "PUT",
            "sent by another client": "/members/" in request.path,
            "canceled by another client": "/members/" in request.path,
        }[event]
        if not is_due:
            return
        cloudflare.before_request = None
        [pending] = [one for one in cloudflare.invites_from(acme) if is_pending(one)]
        if event.startswith("joins"):
            cloudflare.respond(pending, "accepted")
        else:
            cloudflare.cancel(pending)
            put(cloudflare, acme, "pending" if event == "sent by another client" else None)

    def is_pending(one: Invite) -> bool:
        return one.email == ALEX and one.status == "pending"

    cloudflare.before_request = act

    result = invite(runner, acme, DNS, **options)

    assert filled(result) == {category: [ALEX]}
    assert result["changed"] == (category != "unchanged")
    assert (warning or "") in str(result.get("warnings"))


def test_list_without_end_after_post_is_a_warning(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    def extend(body: Any) -> Any:
        return {**body, "result": [{"id": f"a{number}"} for number in range(75_001)]}

    endless = Fault("modify_response", modify=extend, method="GET", path=".*/members$", at=2)
    cloudflare.add_fault(endless)

    result = invite(runner, acme, DNS)

    assert result["changed"]
    assert filled(result) == {"sent": [ALEX]}
    assert "The list does not end" in result["warnings"][0]


def lose_items(body: dict[str, Any]) -> dict[str, Any]:
    return {**claim_more(body), "result": []}


def hide_addresses(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "result": [{**one, "email": None, "user": None} for one in body["result"]]}


NOT_CHECKED = "but this could not be checked. GET /accounts/"


# The options, what happens to the list that is read afterwards, and the error.
@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize(
    ("options", "fault", "expected"),
    [
        ({"state": "absent"}, {}, STILL_IN_USE),
        ({"state": "absent"}, {"kind": "response", "status": 403}, NOT_CHECKED),
        ({"state": "absent"}, {"modify": lose_items}, NOT_CHECKED),
        ({"state": "absent"}, {"modify": hide_addresses}, STILL_IN_USE),
        ({"resend": True}, {}, STILL_IN_USE),
    ],
)
def test_wrong_not_found_is_not_believed(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    method: str,
    options: dict[str, Any],
    fault: dict[str, Any],
    expected: str,
) -> None:
    put(cloudflare, acme, "pending")
    path = ".*/members/"
    cloudflare.add_fault(Fault("response", method=method, path=path, status=404, body=NOT_FOUND))
    if fault:
        fault = {"kind": "modify_response", **fault}
        cloudflare.add_fault(Fault(**fault, path=".*/members$", at=2, times=None))

    result = invite(runner, acme, DNS, **options)

    assert filled(result) == {}
    assert expected in result["failed_invites"][0]["msg"]
    assert not result["changed"]
    assert [one.status for one in cloudflare.invites_from(acme)] == ["pending"] * 2


@pytest.mark.parametrize("statuses", [("pending", "rejected"), ("rejected", "pending")])
def test_pending_invite_counts_more_than_declined_one(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, statuses: tuple[str, str]
) -> None:
    for status in statuses:
        put(cloudflare, acme, status)

    assert filled(invite(runner, acme, DNS)) == {"unchanged": [ALEX]}


# How many resource groups the account has besides. 15 and more could be the first of several pages.
@pytest.mark.parametrize("more", [0, 14])
def test_policy_ids_in_capitals_are_sent_again(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, more: int
) -> None:
    def extend(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "result": [*body["result"], *({"id": f"b{n}"} for n in range(more))]}

    path = ".*/resource_groups"
    cloudflare.add_fault(Fault("modify_response", modify=extend, path=path, times=None))
    put(cloudflare, acme, "pending")
    given = policy(acme)
    for side in ("permission_groups", "resource_groups"):
        given[side] = [{"id": given[side][0]["id"].upper()}]

    assert invite(runner, acme, {"email": ALEX, "policies": [given]}, resend=True)["resent"]


@pytest.mark.parametrize(
    "ignored",
    [
        {"roles": [SUPER_ADMINISTRATOR]},
        {"roles": ["DNS"], "policies": [POLICY]},
        {"policies": [{"access": "allow"}]},
    ],
)
def test_absent_ignores_roles_and_policies(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, ignored: dict[str, Any]
) -> None:
    put(cloudflare, acme, "pending", SUPER_ADMINISTRATOR)

    assert invite(runner, acme, {"email": ALEX, **ignored}, state="absent")["canceled"]
