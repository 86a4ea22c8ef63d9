# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the memberships of the user. What they mean for a rule is decided in _planner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._api.client import ListResult
from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
    MEMBER_STATUSES,
    Membership,
)
from ansible_collections.community.cloudflare.plugins.module_utils._planner import (
    MembershipsUnreadableError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client


# The status of an organization in ``/user/organizations``, as that of a membership.
_MEMBERSHIP_STATUSES = {"member": "accepted", "invited": "pending"}


class MembershipCache:
    """The accepted memberships of the user, read once, when they are first asked for."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._memberships: list[Membership] | None = None
        self._error: MembershipsUnreadableError | None = None

    def load(self) -> list[Membership]:
        """Return the accepted memberships.

        :raises MembershipsUnreadableError: if they cannot be read completely.
        """
        if self._error is not None:
            raise self._error
        if self._memberships is None:
            try:
                self._memberships = list_memberships(self._client)
            except CloudflareError as error:
                self._error = MembershipsUnreadableError(str(error), error.to_result())
                raise self._error from None
        return self._memberships


def list_memberships(client: Client) -> list[Membership]:
    """Read the accepted memberships of the user.

    :raises CloudflareError: if they cannot be read completely, or if one cannot be understood: it
        could be the one that a decision depends on.
    """
    path, found = fetch_memberships(client, require_complete=True)
    return [_parse_account(path, item) for item in found.items if _is_accepted(path, item)]


def fetch_memberships(client: Client, *, require_complete: bool = False) -> tuple[str, ListResult]:
    """Read all memberships of the user, as items of ``GET /memberships``.

    Where Cloudflare does not have that, the deprecated ``/user/organizations`` is read. Without a
    filter, whose totals could be those of the unfiltered list.
    https://developers.cloudflare.com/api/resources/memberships/methods/list/
    https://developers.cloudflare.com/api/resources/user/subresources/organizations/methods/list/

    :returns: the path that was read, for messages, and the memberships.
    :raises CloudflareError: if they cannot be read, or not completely if that is required.
    """
    try:
        return "/memberships", client.list_all("memberships", require_complete=require_complete)
    except CloudflareError as error:
        if error.http_status not in (404, 410) and not error.error_codes & {7000, 7003}:
            raise
    found = client.list_all("user", "organizations", require_complete=require_complete)
    items = [_from_organization(organization) for organization in found.items]
    return "/user/organizations", ListResult(items, found.incomplete)


def _from_organization(organization: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item of ``GET /user/organizations`` as one of ``GET /memberships``."""
    status = organization.get("status")
    account = {name: organization.get(name) for name in ("id", "name")}
    if isinstance(status, str):
        status = _MEMBERSHIP_STATUSES.get(status, status)
    others = {name: value for name, value in organization.items() if name not in account}
    return {**others, "id": None, "account": account, "status": status}


def _is_accepted(path: str, item: Mapping[str, Any]) -> bool:
    status = item.get("status")
    if status not in MEMBER_STATUSES:
        raise CloudflareError(f"GET {path}: A membership has the unknown status {quote(status)}.")
    return bool(status == "accepted")


def _parse_account(path: str, item: Mapping[str, Any]) -> Membership:
    account = item.get("account")
    membership = Membership.from_account(account if isinstance(account, dict) else {})
    if membership.account_name is None:
        raise CloudflareError(f"GET {path}: The account of a membership has no name.")
    return membership
