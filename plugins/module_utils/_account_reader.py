# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what the invites of accounts depend on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils import (
    _account_messages as messages,
)
from ansible_collections.community.cloudflare.plugins.module_utils._account_member import (
    Assignment,
    Member,
)
from ansible_collections.community.cloudflare.plugins.module_utils._account_planner import (
    Account,
    InviteRequest,
    build_assignments,
    find_unverified_policy,
    needs_role_names,
)
from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._info import is_specific

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client


@dataclass(frozen=True)
class Unreadable:
    """An account about which nothing is planned.

    :ivar is_specific: whether the error is about this account, so that it can be ignored.
    """

    account_id: str
    msg: str
    failure: Mapping[str, Any] | None
    is_specific: bool

    def to_result(self) -> dict[str, Any]:
        """Return it as a module returns it."""
        return {"organization_id": self.account_id, "msg": self.msg, "failure": self.failure}


def read_accounts(
    client: Client, account_ids: Sequence[str]
) -> tuple[list[Account], list[Unreadable]]:
    """Read all members of the accounts, and the names of the accounts.

    :returns: the accounts whose members were read completely, and the other ones.
    :raises CloudflareError: if none can be read, and not because of the accounts.
    """
    paths = [("accounts", account_id, "members") for account_id in account_ids]
    lists = client.list_many(paths, lambda _error: True)
    unreadable = [
        Unreadable(path[1], str(error), error.to_result(), is_specific(error))
        for path, error in lists.errors.items()
    ]
    unreadable += [
        Unreadable(path[1], found.incomplete, None, False)
        for path, found in lists.results.items()
        if found.incomplete
    ]
    others = [error for error in lists.errors.values() if not is_specific(error)]
    if others and len(lists.errors) == len(account_ids):
        raise others[0]
    complete = {path[1]: found for path, found in lists.results.items() if not found.incomplete}
    names = client.get_listed("accounts", ids=list(complete), return_error_if=lambda _error: True)
    raw = {path[1]: account for path, account in names.results.items()}
    accounts = [
        Account(
            account_id,
            {**raw.get(account_id, {}), "id": account_id},
            tuple(map(Member.from_raw, found.items)),
        )
        for account_id, found in complete.items()
    ]
    return accounts, unreadable


def read_assignments(
    client: Client,
    accounts: Sequence[Account],
    requests: Sequence[InviteRequest],
    *,
    allow_super_administrator: bool,
    check_role_ids: bool = False,
) -> tuple[dict[str, Assignment], str | None]:
    """Return what each address gets, or an error. Roles have the same IDs in all accounts.

    :param check_role_ids: whether to read the roles also if all are given by ID.
    """
    roles: list[dict[str, Any]] = []
    if not accounts:
        return {}, None
    needs_names = needs_role_names(requests)
    if needs_names or (check_role_ids and any(request.roles for request in requests)):
        found = _read_roles(client, accounts)
        if not isinstance(found, str):
            roles = found
        elif needs_names:
            return {}, found
    if not allow_super_administrator:
        error = _policy_error(client, accounts, [one for one in requests if one.policies])
        if error:
            return {}, error
    return build_assignments(requests, roles, allow_super_administrator=allow_super_administrator)


def _read_roles(client: Client, accounts: Sequence[Account]) -> list[dict[str, Any]] | str:
    error = None
    for account in accounts:
        try:
            return client.list_all("accounts", account.id, "roles", require_complete=True).items
        except CloudflareError as read_error:
            error = error or str(read_error)
    return messages.unreadable_roles(error or "")


def _policy_error(
    client: Client, accounts: Sequence[Account], requests: Sequence[InviteRequest]
) -> str | None:
    if not requests:
        return None
    paths = [("accounts", account.id, "iam", "permission_groups") for account in accounts]
    try:
        lists = client.list_many(paths, require_complete=True)
    except CloudflareError as error:
        return messages.unreadable_groups(str(error))
    errors = (find_unverified_policy(requests, one.items) for one in lists.results.values())
    return next(filter(None, errors), None)
