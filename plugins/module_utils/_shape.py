# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an invite looks like, whichever shape Cloudflare has sent it in.

Facts: only ``invited_member_id`` (may be null) and ``organization_id`` are documented as required;
the roles of a user's invite are names, and were objects until 2025; those of an organization's are
objects. https://developers.cloudflare.com/api/resources/user/subresources/invites/
What the permissions of a role are is documented in two ways for the members of an account.
https://developers.cloudflare.com/api/resources/accounts/subresources/members/
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
MEMBER_STATUSES = ("pending", "accepted", "rejected")

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
    return {
        **_documented(raw),
        "roles": [_role(role) for role in roles],
        "source": "organization",
    }


def account_invite(member: Mapping[str, Any], account: Mapping[str, Any]) -> Invite:
    """Return a member of an account as an organization's invite; an open one is a pending member.

    ======================================= ==========================================
    field of the invite                     what it is taken from
    ======================================= ==========================================
    ``id``                                  ``id`` of the member
    ``status``                              ``status`` of the member
    ``roles``                               ``roles`` of the member
    ``invited_member_id``                   ``user.id`` of the member
    ``invited_member_email``                ``user.email`` of the member
    ``organization_id``                     ``id`` of the account
    ``organization_name``                   ``name`` of the account
    ``organization_is_enforcing_twofactor`` ``settings.enforce_twofactor`` of the account
    ``invited_by``                          nothing: null
    ``invited_on``, ``expires_on``          nothing: null
    ``source``                              the word ``account``
    others                                  the member, as they are
    ======================================= ==========================================

    :param account: with its ``id`` at least; what is not known of it is null in the invite.
    """
    user = _object(member.get("user"))
    return {
        **organization_invite(
            {
                **member,
                "invited_member_id": user.get("id"),
                "invited_member_email": user.get("email"),
                "organization_id": account["id"],
                "organization_name": account.get("name"),
                "organization_is_enforcing_twofactor": _object(account.get("settings")).get(
                    "enforce_twofactor"
                ),
            }
        ),
        **dict.fromkeys(("invited_by", "invited_on", "expires_on")),
        "source": "account",
    }


def _role(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **raw,
        **{name: text_or_null(raw.get(name)) for name in ("id", "name", "description")},
        "permissions": _permissions(raw.get("permissions")),
    }


def _permissions(raw: Any) -> list[str]:
    """Return permissions as ``#zones:read``; ``{"zones": {"read": true}}`` says the same."""
    if isinstance(raw, dict):
        return [
            f"#{what}:{grant}"
            for what, grants in raw.items()
            for grant, is_given in _object(grants).items()
            if is_given is True
        ]
    return [one for one in _list(raw) if isinstance(one, str)]


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


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
