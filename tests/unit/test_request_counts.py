# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests the modules send: none more than the API requires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner


@dataclass(frozen=True)
class AccountsCase:
    """Accounts of which some are asked for, and the requests that this takes.

    :ivar accounts: the number of accounts that the credentials can access.
    :ivar asked: the positions of the accounts in ``account_ids``; None for ``all_accounts``.
    :ivar inviting: how many of them have a pending invite.
    :ivar members: the expected requests for members.
    :ivar names: the expected requests for the names of accounts.
    """

    accounts: int
    asked: range | None
    inviting: int
    members: int
    names: int


ACCOUNTS = {
    "one account": AccountsCase(9, range(1), 1, 1, 1),
    "one account without invites": AccountsCase(9, range(1), 0, 1, 0),
    "several accounts without invites": AccountsCase(9, range(9), 0, 9, 0),
    "several accounts, one with invites": AccountsCase(9, range(9), 1, 9, 1),
    "several accounts": AccountsCase(9, range(9), 9, 9, 1),
    "accounts on one page of many": AccountsCase(149, range(9), 9, 9, 1),
    # The first page of the list shows that two requests are fewer than its other 19 pages.
    "two accounts on the last page": AccountsCase(999, range(990, 992), 2, 2, 1 + 2),
    "accounts on all pages": AccountsCase(149, range(149), 149, 149, 3),
    "all accounts": AccountsCase(149, None, 149, 149, 3),
    # A list can go on after a full page, whatever its total says: one more request shows it. It is
    # not sent if every account that was asked for has been found.
    "all accounts, exactly one page": AccountsCase(50, None, 50, 50, 1 + 1),
    "accounts on exactly one page": AccountsCase(50, range(50), 50, 50, 1),
}


@pytest.mark.parametrize("case", ACCOUNTS.values(), ids=ACCOUNTS)
def test_accounts_are_read_with_fewest_requests(
    runner: TaskRunner, cloudflare: Simulator, case: AccountsCase
) -> None:
    cloudflare.settings.filtered_totals = "filtered"
    accounts = [cloudflare.add_organization(f"Acme {number}") for number in range(case.accounts)]
    asked = case.asked or range(case.accounts)
    for account in accounts:
        cloudflare.add_member(runner.user, account)
    for position in asked[: case.inviting]:
        cloudflare.invite(f"new-{position}@example.com", accounts[position])
    ids = [accounts[position].id for position in asked]

    result = runner.run(
        "cf_account_invite_info",
        account_ids=None if case.asked is None else ids,
        all_accounts=case.asked is None,
    )

    assert len(result["invites"]) == case.inviting
    assert all(invite["organization_name"] for invite in result["invites"])
    requests = [request.path.endswith("/members") for request in cloudflare.log]
    assert (requests.count(True), requests.count(False)) == (case.members, case.names)


@pytest.fixture
def nightly(runner: TaskRunner, cloudflare: Simulator) -> None:
    """A user for whom nothing is left to do: one invite was accepted, one rejected, one deleted.

    The user also manages an account, with one pending invite.
    """
    cloudflare.settings.filtered_totals = "filtered"
    joined, rejected, forgotten = (
        cloudflare.add_organization(name, id=number * 32)
        for name, number in (("Acme", "1"), ("Spam", "2"), ("Forgotten", "3"))
    )
    cloudflare.respond(cloudflare.invite(runner.user, joined, id="a" * 32), "accepted")
    cloudflare.invite(runner.user, rejected, status="rejected", id="b" * 32)
    cloudflare.add_member(runner.user, forgotten)
    managed = cloudflare.add_organization("Managed", id="4" * 32)
    cloudflare.add_member(runner.user, managed, ["Super Administrator - All Privileges"])
    cloudflare.invite("new@example.com", managed, roles=["DNS"])


INVITES, MEMBERSHIPS = "GET /user/invites", "GET /memberships"
ACCOUNT = f"GET /accounts/{'4' * 32}"
MEMBERS = f"{ACCOUNT}/members"
# Tasks that have nothing to do, and all their requests.
NIGHTLY_TASKS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "an accepted invite": (
        "cf_user_invite",
        {"organization_id": "1" * 32, "state": "accepted"},
        [INVITES],
    ),
    "an accepted invite, by name": (
        "cf_user_invite",
        {"organization_name": "Acme", "state": "accepted"},
        [INVITES],
    ),
    "an accepted invite, by its ID": (
        "cf_user_invite",
        {"invite_id": "a" * 32, "state": "accepted"},
        [f"{INVITES}/{'a' * 32}"],
    ),
    "a rejected invite": (
        "cf_user_invite",
        {"organization_id": "2" * 32, "state": "rejected"},
        [INVITES],
    ),
    # Only the memberships show that a deleted invite was accepted.
    "a deleted invite": (
        "cf_user_invite",
        {"organization_name": "Forgotten", "state": "accepted"},
        [INVITES, MEMBERSHIPS],
    ),
    "many rules": (
        "cf_user_invites",
        {
            "accept": [{"organization_id": "1" * 32}, {"organization_name": "Acme"}],
            "reject": [{"organization_id": "2" * 32}],
            "reject_unmatched": True,
        },
        [INVITES],
    ),
    "many rules, and deleted invites": (
        "cf_user_invites",
        {"accept": [{"organization_id": "1" * 32}, {"organization_name": "Forgotten"}]},
        [INVITES, MEMBERSHIPS],
    ),
    "invites of the user": ("cf_user_invite_info", {}, [INVITES]),
    "one invite of the user": (
        "cf_user_invite_info",
        {"invite_id": "a" * 32},
        [f"{INVITES}/{'a' * 32}"],
    ),
    "memberships": ("cf_membership_info", {"status": ["accepted"]}, [MEMBERSHIPS]),
    "an account that was left": (
        "cf_membership",
        {"account_id": "9" * 32, "state": "absent"},
        [MEMBERSHIPS],
    ),
    "invites of organizations": (
        "cf_org_invite_info",
        {"organization_ids": ["4" * 32, "1" * 32]},
        [f"GET /organizations/{number * 32}/invites" for number in "14"],
    ),
    # The result has the name of the account. The names of roles are on two pages.
    "invites that were sent": (
        "cf_account_invites",
        {"account_ids": "4" * 32, "invites": [{"email": "new@example.com", "roles": ["DNS"]}]},
        [MEMBERS, ACCOUNT, f"{ACCOUNT}/roles", f"{ACCOUNT}/roles"],
    ),
    "invites that were canceled": (
        "cf_account_invites",
        {"account_ids": "4" * 32, "invites": [{"email": "x@example.com"}], "state": "absent"},
        [MEMBERS, ACCOUNT],
    ),
}


@pytest.mark.usefixtures("nightly")
@pytest.mark.parametrize("case", NIGHTLY_TASKS)
def test_task_with_nothing_to_do_sends_fewest_requests(runner: TaskRunner, case: str) -> None:
    module, options, requests = NIGHTLY_TASKS[case]

    result = runner.run(module, **options)

    assert not result.get("failed"), result["msg"]
    assert not result["changed"]
    assert sorted(runner.requests) == sorted(requests)


# The number of invites, and of requests.
FULL_PAGES = {
    49: 1,
    # Whatever total Cloudflare reports, a list can go on after a page that is full. Only another
    # request shows whether it does: a wrong total must not hide an invite.
    50: 2,
    51: 2,
    100: 3,
    # The same for a page of the default size: a server can ignore per_page and echo it.
    20: 2,
    21: 1,
}


@pytest.mark.parametrize("count", FULL_PAGES)
@pytest.mark.parametrize("module", ["cf_user_invite_info", "cf_membership_info"])
def test_full_page_is_followed_by_another_request(
    runner: TaskRunner, cloudflare: Simulator, module: str, count: int
) -> None:
    for number in range(count):
        cloudflare.invite(runner.user, cloudflare.add_organization(f"Acme {number}"))

    runner.run(module)

    assert len(runner.requests) == FULL_PAGES[count]
