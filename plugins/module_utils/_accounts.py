# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading accounts, and the invites to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._api.client import ListResult
from ansible_collections.community.cloudflare.plugins.module_utils._audit_log import (
    AuditLog,
    add_senders,
    read_audit_logs,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
    Invite,
    parse_status,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import (
    is_real_id,
    is_valid_id,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import (
        Client,
        ErrorFilter,
    )
    from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
        CloudflareError,
    )


@dataclass(frozen=True)
class AccountInvites:
    """The invites of accounts, and what was read for them.

    :ivar accounts: the accounts whose members were read, by ID, as Cloudflare reports them; empty
        if that was not necessary.
    :ivar listed: the accounts that were discovered, by ID, as Cloudflare reports them.
    :ivar lists: all lists, each with the ID of its account, if it is about one.
    :ivar errors: the IDs of the accounts that could not be read, with the reason.
    :ivar logs: the audit logs by account ID.
    """

    invites: list[Invite]
    accounts: Mapping[str, Mapping[str, Any]]
    listed: Mapping[str, Mapping[str, Any]]
    lists: list[tuple[str | None, ListResult]]
    errors: list[tuple[str, CloudflareError]]
    logs: Mapping[str, AuditLog]


def read_account_invites(
    client: Client,
    account_ids: Sequence[str] | None,
    statuses: Sequence[str],
    *,
    audit_log: bool,
    return_error_if: ErrorFilter,
) -> AccountInvites:
    """Read the invites of accounts, which are their members.

    :param account_ids: None for all accounts that the credentials can access.
    :param statuses: the statuses of the members to return.
    :param audit_log: whether to look up the senders of pending invites.
    :param return_error_if: which errors to return; any other one is raised.
    :raises CloudflareError: the first error that is not returned.
    """
    found = list_accounts(client) if account_ids is None else ListResult()
    accounts = {account["id"]: account for account in found.items}
    lists = client.list_many(
        [
            ("accounts", account_id, "members")
            for account_id in dict.fromkeys(accounts if account_ids is None else account_ids)
        ],
        return_error_if,
        # Cloudflare filters by one status only.
        query={"status": statuses[0]} if len(statuses) == 1 else {},
    )
    members = {
        path[1]: matching
        for path, read in lists.results.items()
        # The response to a filtered request can have other members, too.
        if (
            matching := [
                item for item in read.items if parse_status(item.get("status")) in statuses
            ]
        )
    }
    # The name of an account is only needed if there are invites.
    unnamed = [account_id for account_id in members if account_id not in accounts]
    named = client.get_listed("accounts", ids=unnamed, return_error_if=return_error_if)
    accounts.update({path[1]: account for path, account in named.results.items()})
    invites = [
        Invite.from_account_member(member, accounts.get(account_id, {"id": account_id}))
        for account_id, items in members.items()
        for member in items
    ]
    pending = dict.fromkeys(
        account_id
        for account_id, items in members.items()
        if any(parse_status(item.get("status")) == "pending" for item in items)
    )
    logs = read_audit_logs(client, list(pending)) if audit_log else {}
    return AccountInvites(
        invites=add_senders(invites, logs),
        accounts={path[1]: accounts.get(path[1], {}) for path in lists.results},
        listed={account["id"]: account for account in found.items},
        lists=[(None, found), *((path[1], read) for path, read in lists.results.items())],
        errors=[(path[1], error) for path, error in (*lists.errors.items(), *named.errors.items())],
        logs=logs,
    )


def list_accounts(client: Client) -> ListResult:
    """Read all accounts that have an ID; without the others, the list is incomplete.

    https://developers.cloudflare.com/api/resources/accounts/methods/list/
    """
    found = client.list_all("accounts")
    accounts = [account for account in found.items if _has_valid_id(account)]
    without_id = len(found.items) - len(accounts)
    if without_id and not found.incomplete:
        return ListResult(accounts, f"GET /accounts: {without_id} accounts have no valid ID.")
    return ListResult(accounts, found.incomplete)


def _has_valid_id(account: dict[str, Any]) -> bool:
    account_id = account.get("id")
    return isinstance(account_id, str) and is_valid_id(account_id) and is_real_id(account_id)
