# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules share that list the invites of several organizations or accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
    Membership,
    str_or_none,
)
from ansible_collections.community.cloudflare.plugins.module_utils._messages import (
    invalid_id,
    not_an_account,
)
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    filter_by_invitee,
    filter_by_status,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import is_valid_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import ListResult
    from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
        CloudflareError,
    )
    from ansible_collections.community.cloudflare.plugins.module_utils._invite import Invite

ERROR_UNKNOWN_API_KEY = 9103

# Documented in plugins/doc_fragments/_info.py.
ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "invited_member_email": {"type": "str"},
    "ignore_unreadable": {"type": "bool", "default": False},
}


def find_invalid_id(option: str, ids: Iterable[str]) -> str | None:
    """Return why one of the IDs is not valid, or None."""
    return next((invalid_id(option, value) for value in ids if not is_valid_id(value)), None)


def is_specific(error: CloudflareError) -> bool:
    """Tell whether an error is about one organization, so that others may be readable."""
    return error.is_not_found or (
        error.http_status in (403, 404) and ERROR_UNKNOWN_API_KEY not in error.error_codes
    )


def is_ignorable(error: CloudflareError) -> bool:
    """Tell whether ``ignore_unreadable`` covers an error of an organization.

    That includes an error of the server (HTTP 5xx) that has outlasted all retries.
    """
    return is_specific(error) or (error.http_status or 0) >= 500


def find_parent_hints(ids: Iterable[str], accounts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return a hint for each ID that is that of an Organization (beta), not that of an account.

    :param accounts: accounts as Cloudflare reports them.
    """
    children = [Membership.from_account(account) for account in accounts]
    return {
        object_id: not_an_account(object_id, child)
        for object_id in ids
        for child in children
        if child.is_managed_by(object_id)
    }


def build_result(
    invites: Iterable[Invite],
    params: Mapping[str, Any],
    lists: Iterable[tuple[str | None, ListResult]],
    errors: Iterable[tuple[str, CloudflareError]],
    accounts: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the result of a module.

    :param invites: all that were read; the filters of the task are applied here.
    :param lists: the lists that were read, each with the ID of its organization, if it has one.
    :param errors: the IDs of what could not be read, with the reason.
    :param accounts: the accounts that are known from a list, by ID.
    """
    incomplete = find_incomplete(lists)
    invites = filter_by_invitee(invites, params["invited_member_email"])
    return {
        "changed": False,
        "invites": [invite.to_result() for invite in filter_by_status(invites, params["status"])],
        "unreadable": [
            {
                "organization_id": organization_id,
                "organization_name": str_or_none(accounts.get(organization_id, {}).get("name")),
                "msg": str(error),
                "failure": error.to_result(),
            }
            for organization_id, error in errors
        ],
        "incomplete": incomplete,
        "warnings": [entry["msg"] for entry in incomplete],
    }


def find_incomplete(lists: Iterable[tuple[str | None, ListResult]]) -> list[dict[str, Any]]:
    """Return what modules return as ``incomplete``: each list in which items are missing."""
    return [
        {"organization_id": organization_id, "msg": found.incomplete}
        for organization_id, found in lists
        if found.incomplete
    ]
