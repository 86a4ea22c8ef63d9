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
    RESEND,
    Account,
    InviteRequest,
    Plan,
    build_assignments,
    find_unverified_policy,
    needs_role_names,
    withhold_resends,
)
from ansible_collections.community.cloudflare.plugins.module_utils._info import is_specific

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ansible_collections.community.cloudflare.plugins.module_utils._account_planner import (
        PathSegments,
    )
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


class ListCache:
    """What accounts have lists of, such as roles. Each list is read once, when it is needed.

    :ivar items: the lists, by path.
    :ivar errors: why lists could not be read, or are incomplete. These have items, too.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.items: dict[PathSegments, list[dict[str, Any]]] = {}
        self.errors: dict[PathSegments, str] = {}

    def load(self, paths: Iterable[PathSegments]) -> None:
        """Read these lists, unless they were read before."""
        known = {**self.items, **self.errors}
        missing = [path for path in dict.fromkeys(paths) if path not in known]
        more = self._client.list_many(missing, lambda _error: True)
        for path, error in more.errors.items():
            self.errors[path] = str(error)
        for path, found in more.results.items():
            self.items[path] = found.items
            if found.incomplete:
                self.errors[path] = found.incomplete


def read_assignments(
    lists: ListCache,
    accounts: Sequence[Account],
    requests: Sequence[InviteRequest],
    *,
    allow_super_administrator: bool,
) -> tuple[dict[str, Assignment], str | None]:
    """Return what each address gets, or an error. Roles have the same IDs in all accounts."""
    roles: list[dict[str, Any]] = []
    if not accounts:
        return {}, None
    if needs_role_names(requests):
        found = _read_roles(lists, accounts)
        if isinstance(found, str):
            return {}, found
        roles = found
    if not allow_super_administrator:
        error = _policy_error(lists, accounts, [one for one in requests if one.policies])
        if error:
            return {}, error
    return build_assignments(requests, roles, allow_super_administrator=allow_super_administrator)


def _read_roles(lists: ListCache, accounts: Sequence[Account]) -> list[dict[str, Any]] | str:
    for account in accounts:
        path = ("accounts", account.id, "roles")
        lists.load([path])
        if path not in lists.errors:
            return lists.items[path]
    return messages.unreadable_roles(next(iter(lists.errors.values())))


def _policy_error(
    lists: ListCache, accounts: Sequence[Account], requests: Sequence[InviteRequest]
) -> str | None:
    if not requests:
        return None
    paths = [("accounts", account.id, "iam", "permission_groups") for account in accounts]
    lists.load(paths)
    for path in paths:
        if path in lists.errors:
            return messages.unreadable_groups(lists.errors[path])
    errors = (find_unverified_policy(requests, lists.items[path]) for path in paths)
    return next(filter(None, errors), None)


def check_resends(lists: ListCache, plan: Plan) -> Plan:
    """Return the plan without the resends that would only cancel invites.

    Roles have the same IDs in all accounts, but an account can have fewer of them.
    """
    lists.load(path for action in plan.actions if action.kind == RESEND for path in action.required)
    return withhold_resends(plan, lists.items, lists.errors)
