# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the accounts that the credentials can access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._api.client import ListResult
from ansible_collections.community.cloudflare.plugins.module_utils._text import (
    is_real_id,
    is_valid_id,
)

if TYPE_CHECKING:
    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client


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
