# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an invite looks like, whichever shape Cloudflare has sent it in.

Facts: only ``invited_member_id`` (may be null) and ``organization_id`` are documented as required;
the roles of a user's invite are names, and were objects until 2025; those of an organization's are
objects. https://developers.cloudflare.com/api/resources/user/subresources/invites/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Invite = dict[str, Any]

# https://developers.cloudflare.com/api/resources/user/subresources/invites/ has the first four;
# canceled and left are known from the organization's side.
USER_STATUSES = ("pending", "accepted", "rejected", "expired")
ORGANIZATION_STATUSES = (*USER_STATUSES, "canceled", "left")

_TEXTS = (
    "id",
    "organization_id",
    "organization_name",
    "status",
    "invited_by",
    "invited_on",
    "expires_on",
    "invited_member_id",
    "invited_member_email",
)


def user_invite(raw: Mapping[str, Any]) -> Invite:
    """Return a user's invite with every documented field; ``roles`` are names."""
    roles = [
        role.get("name") if isinstance(role, dict) else role for role in _list(raw.get("roles"))
    ]
    return {**_documented(raw), "roles": [role for role in roles if isinstance(role, str)]}


def organization_invite(raw: Mapping[str, Any]) -> Invite:
    """Return an organization's invite with every documented field; ``roles`` are objects."""
    roles = [role if isinstance(role, dict) else {"name": role} for role in _list(raw.get("roles"))]
    return {**_documented(raw), "roles": [_role(role) for role in roles]}


def _role(raw: Mapping[str, Any]) -> dict[str, Any]:
    permissions = [one for one in _list(raw.get("permissions")) if isinstance(one, str)]
    return {
        **raw,
        **{name: text_or_null(raw.get(name)) for name in ("id", "name", "description")},
        "permissions": permissions,
    }


def _documented(raw: Mapping[str, Any]) -> Invite:
    """Return the invite with a null for what is missing or not of the documented type."""
    texts = {name: text_or_null(raw.get(name)) for name in _TEXTS}
    enforcing = raw.get("organization_is_enforcing_twofactor")
    return {
        **raw,
        **texts,
        "organization_is_enforcing_twofactor": enforcing if isinstance(enforcing, bool) else None,
    }


def text_or_null(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
