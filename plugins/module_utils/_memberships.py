# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the memberships of the user. What they mean for a rule is decided in _planner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite import Membership
from ansible_collections.community.cloudflare.plugins.module_utils._planner import (
    MembershipsUnreadableError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client


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

    Where Cloudflare does not have ``/memberships``, the deprecated ``/user/organizations`` is read.
    Without a filter, whose totals could be those of the unfiltered list.
    https://developers.cloudflare.com/api/resources/memberships/methods/list/
    https://developers.cloudflare.com/api/resources/user/subresources/organizations/methods/list/

    :raises CloudflareError: if they cannot be read completely, or if one cannot be understood: it
        could be the one that a decision depends on.
    """
    try:
        items = client.list_all("memberships", require_complete=True).items
    except CloudflareError as error:
        if error.http_status not in (404, 410) and not error.error_codes & {7000, 7003}:
            raise
        items = client.list_all("user", "organizations", require_complete=True).items
        return [
            _parse_account("/user/organizations", organization)
            for organization in items
            if _is_accepted("/user/organizations", organization, {"member": True, "invited": False})
        ]
    statuses = {"accepted": True, "pending": False, "rejected": False}
    return [
        _parse_account("/memberships", item.get("account"))
        for item in items
        if _is_accepted("/memberships", item, statuses)
    ]


def _is_accepted(path: str, item: Mapping[str, Any], statuses: Mapping[str, bool]) -> bool:
    status = item.get("status")
    if not isinstance(status, str) or status not in statuses:
        raise CloudflareError(f"GET {path}: A membership has the unknown status {quote(status)}.")
    return statuses[status]


def _parse_account(path: str, account: object) -> Membership:
    membership = Membership.from_account(account if isinstance(account, dict) else {})
    if membership.account_name is None:
        raise CloudflareError(f"GET {path}: The account of a membership has no name.")
    return membership
