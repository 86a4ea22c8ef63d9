# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the invites of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite import Invite
from ansible_collections.community.cloudflare.plugins.module_utils._selector import normalize_id

if TYPE_CHECKING:
    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client


def list_invites(client: Client) -> list[Invite]:
    """Read all invites of the user.

    :raises CloudflareError: if the list cannot be read completely.
    """
    found = client.list_all("user", "invites", require_complete=True)
    return [Invite.from_user(item) for item in found.items]


def find_invite(client: Client, invite_id: str) -> list[Invite]:
    """Read one invite of the user; return an empty list if Cloudflare does not know it.

    :raises CloudflareError: if it cannot be read.
    """
    try:
        return [Invite.from_user(client.get("user", "invites", normalize_id(invite_id)))]
    except CloudflareError as error:
        if not error.is_not_found:
            raise
        return []
