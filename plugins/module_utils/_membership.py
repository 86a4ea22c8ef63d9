# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which organizations a user is a member of, however long ago the invite was accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._answer import CloudflareError

if TYPE_CHECKING:
    from ansible_collections.community.cloudflare.plugins.module_utils._cloudflare import Client


def organizations_of_user(client: Client) -> list[dict[str, Any]]:
    """Return the user's organizations, each with ``id``, ``name`` and ``status``.

    Cloudflare calls the list of organizations deprecated, and that of memberships current; both
    want the same permission. Where the first is gone, the second is read.
    https://developers.cloudflare.com/api/resources/user/subresources/organizations/methods/list/
    https://developers.cloudflare.com/api/resources/memberships/methods/list/

    :raises CloudflareError: if neither can be read.
    """
    try:
        return _read(client)
    except CloudflareError as error:
        error.message = f"Whether the user is a member already could not be read: {error.message}"
        raise


def _read(client: Client) -> list[dict[str, Any]]:
    try:
        return client.read_list("user", "organizations", must_be_whole=True, status="member")
    except CloudflareError as error:
        if not error.not_found and error.http_status not in (404, 410):
            raise
    return [
        {**membership["account"], "status": "member"}
        for membership in client.read_list("memberships", must_be_whole=True, status="accepted")
        if membership.get("status") == "accepted" and isinstance(membership.get("account"), dict)
    ]


class Memberships:
    """The user's organizations, read when they are asked for, and then once.

    :ivar error: why they could not be read, if so. Then there seem to be none.
    """

    def __init__(self, client: Client) -> None:
        self.error: CloudflareError | None = None
        self._client = client
        self._read: list[dict[str, Any]] | None = None

    @property
    def organizations(self) -> list[dict[str, Any]]:
        """The organizations, as ``organizations_of_user`` returns them."""
        if self._read is None:
            self._read = []
            try:
                self._read = organizations_of_user(self._client)
            except CloudflareError as error:
                self.error = error
        return self._read
