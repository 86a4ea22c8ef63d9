# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong, stale, and unusual responses: no member is changed, and no person is invited twice."""

from __future__ import annotations

from collections import Counter
from typing import Any, Callable

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Fault, Organization, Simulator
from ansible_collections.community.cloudflare.tests.simulator.roles import SUPER_ADMINISTRATOR
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner

PENDING, MEMBER, NEW = "pending@example.com", "member@example.com", "new@example.com"
MEMBER_ID = "d" * 32

Entry = dict[str, Any]
Modify = Callable[[list[Entry]], list[Entry]]


def member(**changes: Any) -> Modify:
    """Change the entry of the member."""
    return lambda items: [{**one, **changes} if one["id"] == MEMBER_ID else one for one in items]


def pending(**changes: Any) -> Modify:
    """Change the entry of the pending invite."""
    return lambda items: [{**one, **changes} if one["email"] == PENDING else one for one in items]


def of_member(items: list[Entry]) -> Entry:
    return next(one for one in items if one["id"] == MEMBER_ID)


# What the lists of members say. Reads of one member are true.
LISTS: dict[str, Modify] = {
    "as it is": lambda items: items,
    "reversed": lambda items: items[::-1],
    "empty": lambda _items: [],
    "each twice": lambda items: items + items,
    "without members": lambda items: [one for one in items if one["status"] != "accepted"],
    "without invites": lambda items: [one for one in items if one["status"] == "accepted"],
    "member is pending": member(status="pending"),
    "member is rejected": member(status="rejected"),
    "member without status": member(status=None),
    "member of unknown status": member(status="ok"),
    "status in another spelling": member(status=" ACCEPTED "),
    "member without address": member(email=None, user=None),
    "member with the address of its user": member(email=None),
    "address in another spelling": member(email=" Member@EXAMPLE.com "),
    "member without ID": member(id=None),
    "zeros as ID": member(id="0" * 32),
    "number as ID": member(id=7),
    "upper case": lambda items: [{**one, "id": one["id"].upper()} for one in items],
    "invite with the ID of the member": pending(id=MEMBER_ID),
    "member with the ID of the invite and pending": lambda items: [
        {**one, "status": "pending", "email": PENDING, "user": None}
        if one["id"] == MEMBER_ID
        else one
        for one in items
    ],
    "member as a second entry, pending": lambda items: [
        {**of_member(items), "status": "pending", "id": "e" * 32},
        *items,
    ],
    "invite with the address of the member, too": pending(user={"email": MEMBER}),
    "invite also accepted": lambda items: [
        *items,
        {**of_member(items), "email": PENDING, "user": None, "id": "e" * 32},
    ],
    "no address at all": lambda items: [{**one, "email": None, "user": None} for one in items],
    "nulls": lambda items: [dict.fromkeys(one) for one in items],
}
TASKS: dict[str, dict[str, Any]] = {
    "present": {"roles": ["DNS"]},
    "resend": {"roles": ["DNS"], "resend": True},
    "absent": {"state": "absent"},
    "cancel unlisted": {"roles": ["DNS"], "cancel_unlisted": True, "emails": [NEW]},
}


@pytest.fixture
def acme(runner: TaskRunner) -> Organization:
    cloudflare = runner.cloudflare
    acme = cloudflare.add_organization("Acme", id="a1" * 16)
    cloudflare.add_member(runner.user, acme, (SUPER_ADMINISTRATOR,))
    user = cloudflare.add_user(MEMBER)
    accepted = cloudflare.invite(user, acme, id=MEMBER_ID, roles=("Billing",))
    cloudflare.respond(accepted, "accepted")
    cloudflare.invite(PENDING, acme, roles=("Billing",))
    return acme


def run(runner: TaskRunner, acme: Organization, task: str) -> dict[str, Any]:
    options = dict(TASKS[task])
    emails, roles = options.pop("emails", [PENDING, MEMBER, NEW]), options.pop("roles", None)
    people = [{"email": one, **({"roles": roles} if roles else {})} for one in emails]
    return runner.run("cf_account_invites", account_ids=[acme.id], invites=people, **options)


def assert_safe(runner: TaskRunner, acme: Organization, roles: dict[str, Any]) -> None:
    """Assert that no member was touched, and that each address has at most one entry."""
    assert acme.members == roles
    assert not [one for one in runner.write_requests if one.path.lower().endswith(MEMBER_ID)]
    entries = Counter(one.email for one in runner.cloudflare.memberships(acme))
    assert max(entries.values()) == 1


@pytest.mark.parametrize("reads", ["first", "all"])
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("kind", LISTS)
def test_wrong_list_never_changes_member(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, kind: str, task: str, reads: str
) -> None:
    roles = dict(acme.members)

    def modify(body: Entry) -> Entry:
        return {**body, "result": LISTS[kind](body["result"])}

    cloudflare.add_fault(
        Fault(
            "modify_response",
            modify=modify,
            path=f"/accounts/{acme.id}/members$",
            method="GET",
            times=1 if reads == "first" else None,
        )
    )

    result = run(runner, acme, task)

    assert "exception" not in result
    assert_safe(runner, acme, roles)
    cloudflare.clear_faults()
    run(runner, acme, task)
    assert_safe(runner, acme, roles)


@pytest.mark.parametrize(
    "settings",
    [
        {"maximum_per_page": 5, "repeat_first_item": True},
        {"maximum_per_page": 5, "reverse_lists": True, "result_info": "omitted"},
        {"page_parameters": "ignored", "empty_list_is_null": True},
        {"pending_users": "zeros", "member_email": "user"},
        {"pending_users": "omitted", "uppercase_ids": True, "policies_only": True},
        {"read_lag": 3, "expired_invites_block": True},
    ],
)
@pytest.mark.parametrize("task", TASKS)
def test_unusual_api_never_changes_member(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, task: str, settings: Entry
) -> None:
    for number in range(9):
        cloudflare.invite(f"guest-{number}@example.com", acme)
    for name, value in settings.items():
        setattr(cloudflare.settings, name, value)
    roles = dict(acme.members)

    for _run in range(2):
        run(runner, acme, task)
        assert_safe(runner, acme, roles)


@pytest.mark.parametrize(
    "changes",
    [
        {"email": MEMBER},
        {"id": MEMBER_ID},
        {"id": None, "email": None, "user": None},
        {"status": "accepted", "id": MEMBER_ID},
    ],
)
def test_wrong_response_to_post_is_not_believed(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, changes: Entry
) -> None:
    roles = dict(acme.members)

    def modify(body: Any) -> Any:
        return {**body, "result": {**body["result"], **changes}}

    cloudflare.add_fault(Fault("modify_response", method="POST", modify=modify, times=None))

    for _run in range(2):
        run(runner, acme, "resend")
        assert_safe(runner, acme, roles)


def test_replaced_invite_is_not_canceled_by_its_old_id(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    """Between the read and the DELETE, another client reuses the ID for another person."""
    [invite] = [one for one in cloudflare.invites.values() if one.email == PENDING]

    def replace(request: Any) -> None:
        if request.path.endswith(invite.id):
            invite.email = invite.address = "other@example.com"

    cloudflare.before_request = replace

    result = run(runner, acme, "absent")

    assert cloudflare.status(invite.id) == "pending"
    assert "has changed meanwhile" in result["msg"]
