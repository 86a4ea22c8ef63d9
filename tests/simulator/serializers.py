# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON objects in which the API returns the state."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime
from typing import Any

from .roles import resource_group_names, role_id, to_policies
from .settings import Settings
from .state import Invite, Membership, Organization, State

PERMISSIONS = ["#organization:read", "#zones:read"]
# Facts: observed on all accounts, among more settings.
CREATED_ON = "2018-04-03T20:55:02.113290Z"
LEGACY_FLAGS = {"enterprise_zone_quota": {"maximum": 0, "current": 0, "available": 0}}


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
    parent = {"parent_org_id": organization.parent_id, "parent_org_name": "Parent"}
    return {
        "id": _id(organization.id, settings),
        "name": _name(organization.name, settings),
        "type": "standard",
        **({"managed_by": parent} if organization.parent_id else {}),
        "settings": {
            "enforce_twofactor": organization.enforcing_twofactor,
            "api_access_enabled": None,
            "access_approval_expiry": None,
            "abuse_contact_email": None,
        },
        "legacy_flags": LEGACY_FLAGS,
        "created_on": CREATED_ON,
    }


def membership(
    organization: Organization, of_user: Membership, settings: Settings
) -> dict[str, Any]:
    """Return a membership as its user sees it."""
    account_id = _listed_id(organization.id, settings.membership_account_ids, settings)
    shown = {
        "id": _listed_id(of_user.id, settings.membership_ids, settings),
        "account": {**account(organization, settings), "id": account_id},
        "api_access_enabled": None,
        "permissions": _grants(settings) if of_user.status == "accepted" else {},
        "roles": list(of_user.roles),
        "policies": _policies(of_user, organization),
        "status": of_user.status,
    }
    return _without_roles(shown) if settings.policies_only else shown


def member(
    membership: Membership, organization: Organization, settings: Settings
) -> dict[str, Any]:
    """Return a member of an account, or a user who is invited to it.

    Facts: ``email`` is documented since about 2025, and was missing in a recording of 2025. The
    user ID of a pending member is null, empty, or all zeros in fixtures of other projects.
    """
    is_pending = membership.status == "pending"
    user_id = membership.user.id if membership.user else None
    if is_pending:
        user_id = {"empty": "", "zeros": "0" * 32}.get(settings.pending_users)
    shown: dict[str, Any] = {
        **_code(membership.id, settings),
        "id": membership.id,
        "email": membership.email,
        "user": {
            "id": user_id,
            "first_name": None,
            "last_name": None,
            "email": membership.email,
            "two_factor_authentication_enabled": False,
        },
        "status": membership.status,
        "api_access_enabled": None,
        "policies": _policies(membership, organization),
        "roles": [
            {**role(name), "permissions": _grants(settings)}
            for name in membership.roles
            if not membership.policies
        ],
    }
    if is_pending and settings.pending_users == "omitted":
        del shown["user"]
    elif settings.member_email == "user":
        del shown["email"]
    if settings.roles_only:
        del shown["policies"]
    return _without_roles(shown) if settings.policies_only else shown


def _grants(settings: Settings) -> dict[str, dict[str, bool]]:
    """Return the permissions of a role. Facts: live with ``edit``, documented with ``write``."""
    action = settings.member_permissions
    return {resource: {action: False, "read": True} for resource in ("organization", "zones")}


def _policies(membership: Membership, organization: Organization) -> list[dict[str, Any]]:
    """Return the policies of a member, or those that give it its roles in the whole account."""
    policies = membership.policies or to_policies(membership.roles, organization.id)
    return [
        {
            "id": _id_of(f"policy of {membership.id}, {item}"),
            "access": item.access,
            "permission_groups": [permission_group(name) for name in item.permission_groups],
            "resource_groups": [
                resource_group(identifier, organization.id) for identifier in item.resource_groups
            ],
        }
        for item in policies
    ]


def permission_group(name: str) -> dict[str, Any]:
    """Return a permission group. That it has the ID of the role is a guess."""
    return {"id": role_id(name), "name": name, "meta": {"editable": "false"}}


def resource_group(identifier: str, account_id: str) -> dict[str, Any]:
    """Return a resource group of an account."""
    return {
        "id": identifier,
        "name": resource_group_names(account_id)[identifier],
        "meta": {"editable": "false"},
        "scope": {
            "key": f"com.cloudflare.api.account.{account_id}",
            "objects": [{"key": "*"}],
        },
    }


def _without_roles(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name not in ("roles", "permissions")}


def role(name: str) -> dict[str, Any]:
    """Return a role."""
    return {
        "id": role_id(name),
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


def _id_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


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
