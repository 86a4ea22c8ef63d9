# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Cloudflare shows what it keeps."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from .state import Invite, Membership, Organization, State

PERMISSIONS = ["#organization:read", "#zones:read"]
# Facts: the same, as the members of an account have them in one of two documented shapes.
GRANTS = {
    "organization": {"read": True, "write": False},
    "zones": {"read": True, "write": False},
}


def user_invite(invite: Invite, state: State) -> dict[str, Any]:
    """Show an invite to the invited user.

    Facts: roles are names since 2025 and were objects before.
    """
    shown = _invite(invite, state)
    if state.settings.user_roles == "objects":
        shown["roles"] = [role(name) for name in invite.roles]
    return shown


def organization_invite(invite: Invite, state: State) -> dict[str, Any]:
    """Show an invite to the organization that sent it."""
    return {**_invite(invite, state), "roles": [role(name) for name in invite.roles]}


def user_organization(organization: Organization, status: str, user_id: str) -> dict[str, Any]:
    """Show an organization to a user who is a member of it, or invited to it."""
    roles = organization.members.get(user_id, ())
    return {
        "id": organization.id,
        "name": organization.name,
        "permissions": PERMISSIONS if roles else [],
        "roles": list(roles),
        "status": status,
    }


def account(organization: Organization) -> dict[str, Any]:
    """Show an organization as the account that it is."""
    return {
        "id": organization.id,
        "name": organization.name,
        "settings": {"enforce_twofactor": organization.enforcing_twofactor},
    }


def membership(organization: Organization, its: Membership) -> dict[str, Any]:
    """Show a membership to the user who has it, or who is invited to it."""
    return {
        "id": its.id,
        "account": account(organization),
        "api_access_enabled": None,
        "permissions": GRANTS if its.status == "accepted" else {},
        "roles": list(its.roles),
        "status": its.status,
    }


def member(membership: Membership, state: State) -> dict[str, Any]:
    """Show a member of an account, or somebody who is invited to be one."""
    roles = [role(name) for name in membership.roles]
    if state.settings.member_permissions == "objects":
        roles = [{**one, "permissions": GRANTS} for one in roles]
    return {
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
    """Show a role; its id follows from its name, so that it is the same everywhere."""
    return {
        "id": hashlib.sha256(name.encode()).hexdigest()[:32],
        "name": name,
        "description": f"What a member with the role {name} may do",
        "permissions": PERMISSIONS,
    }


def _invite(invite: Invite, state: State) -> dict[str, Any]:
    user = state.user_with(invite.email)
    return {
        "id": invite.id,
        "invited_member_id": user.id if user else None,
        "invited_member_email": invite.email,
        "organization_id": invite.organization.id,
        "organization_name": invite.organization.name,
        "organization_is_enforcing_twofactor": invite.organization.enforcing_twofactor,
        "invited_by": invite.invited_by,
        "invited_on": _date(invite.invited_on, state),
        "expires_on": _date(invite.expires_on, state),
        "roles": list(invite.roles),
        "status": invite.status,
    }


def _date(moment: datetime, state: State) -> str:
    return moment.strftime(
        "%Y-%m-%dT%H:%M:%S.%fZ" if state.settings.fractions_of_a_second else "%Y-%m-%dT%H:%M:%SZ"
    )
