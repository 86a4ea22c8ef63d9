# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests the modules send: none more than the API requires."""

from __future__ import annotations

from dataclasses import dataclass

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
