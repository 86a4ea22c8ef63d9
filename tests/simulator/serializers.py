# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON objects in which the API returns the state."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime
from typing import Any

from .settings import Settings
from .state import Invite, Membership, Organization, State

PERMISSIONS = ["#organization:read", "#zones:read"]
# Facts: the second of the two documented shapes for the members of an account.
GRANTS = {"organization": {"read": True, "write": False}, "zones": {"read": True, "write": False}}


def user_invite(invite: Invite, state: State) -> dict[str, Any]:
    """Return an invite as the invited user sees it.

    Facts: roles are names since 2025 and were objects before.
    """
    as_objects = state.settings.user_roles == "objects"
    roles = [role(name) if as_objects else name for name in invite.roles]
    return _invite(invite, roles, state)


def organization_invite(invite: Invite, state: State) -> dict[str, Any]:
    """Return an invite as the organization that sent it sees it."""
    return _invite(invite, [role(name) for name in invite.roles], state)


def user_organization(
    organization: Organization, status: str, user_id: str, settings: Settings
) -> dict[str, Any]:
    """Return an organization as a member or an invited user sees it."""
    roles = organization.members.get(user_id, ())
    return {
        "id": _listed_id(organization.id, settings.membership_account_ids, settings),
        "name": _name(organization.name, settings),
        "permissions": PERMISSIONS if roles else [],
        "roles": list(roles),
        "status": status,
    }


def account(organization: Organization, settings: Settings) -> dict[str, Any]:
    """Return an organization as an account."""
    return {
        "id": _id(organization.id, settings),
        "name": _name(organization.name, settings),
        "settings": {"enforce_twofactor": organization.enforcing_twofactor},
    }


def membership(
    organization: Organization, of_user: Membership, settings: Settings
) -> dict[str, Any]:
    """Return a membership as its user sees it."""
    account_id = _listed_id(organization.id, settings.membership_account_ids, settings)
    return {
        "id": _listed_id(of_user.id, settings.membership_ids, settings),
        "account": {**account(organization, settings), "id": account_id},
        "api_access_enabled": None,
        "permissions": GRANTS if of_user.status == "accepted" else {},
        "roles": list(of_user.roles),
        "status": of_user.status,
    }


def member(membership: Membership, state: State) -> dict[str, Any]:
    """Return a member of an account, or a user who is invited to it."""
    roles = [role(name) for name in membership.roles]
    if state.settings.member_permissions == "objects":
        roles = [{**item, "permissions": GRANTS} for item in roles]
    return {
        **_code(membership.id, state.settings),
        "id": membership.id,
        "roles": roles,
        "status": membership.status,
        "user": {
            "email": membership.email,
            "first_name": None,
            "id": membership.user.id if membership.user else None,
            "last_name": None,
            "two_factor_authentication_enabled": False,
        },
    }


def role(name: str) -> dict[str, Any]:
    """Return a role. Its ID is derived from its name."""
    return {
        "id": hashlib.sha256(name.encode()).hexdigest()[:32],
        "name": name,
        "description": f"What a member with the role {name} may do",
        "permissions": PERMISSIONS,
    }


def activation_code(invite_id: str) -> str:
    """Return the activation code of an invite."""
    return hashlib.sha256(f"code of {invite_id}".encode()).hexdigest()


def _invite(invite: Invite, roles: list[Any], state: State) -> dict[str, Any]:
    settings = state.settings
    user = state.find_user(invite.email)
    shown = {
        "id": _id(invite.id, settings),
        "invited_member_id": user.id if user else None,
        "invited_member_email": invite.email,
        "organization_id": _id(invite.organization.id, settings),
        "organization_name": _name(invite.organization.name, settings),
        "organization_is_enforcing_twofactor": invite.organization.enforcing_twofactor,
        "invited_by": invite.invited_by,
        "invited_on": _date(invite.invited_on, state),
        "expires_on": _date(invite.expires_on, state),
        "roles": roles,
        "status": invite.status,
        **_code(invite.id, settings),
    }
    if settings.missing_fields == "null":
        return {**shown, **dict.fromkeys(invite.missing_fields)}
    return {name: value for name, value in shown.items() if name not in invite.missing_fields}


def _code(invite_id: str, settings: Settings) -> dict[str, str]:
    return {"code": activation_code(invite_id)} if settings.activation_codes else {}


def _id(identifier: str, settings: Settings) -> str:
    return identifier.upper() if settings.uppercase_ids else identifier


def _listed_id(identifier: str, kind: str, settings: Settings) -> str:
    no_ids = {"0": "0", "empty": "", "zeros": "0" * 32}
    return no_ids[kind] if kind in no_ids else _id(identifier, settings)


def _name(name: str, settings: Settings) -> str:
    if settings.name_form == "as given":
        return name
    return unicodedata.normalize(settings.name_form, name)


def _date(moment: datetime, state: State) -> str:
    return moment.strftime(
        "%Y-%m-%dT%H:%M:%S.%fZ" if state.settings.fractions_of_a_second else "%Y-%m-%dT%H:%M:%SZ"
    )
