# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations that change the members of an account, and those that list what they can get.

Facts: a DELETE cancels an invite or removes a member, depending on the status; a POST takes role
IDs, and a PUT takes role objects; if both roles and policies are sent, the policies count.
"""

from __future__ import annotations

import re
from typing import Any, Callable

from flask import Flask, g, request
from werkzeug.wrappers import Response

from . import envelope, errors, serializers
from .pagination import paginate
from .roles import ROLE_NAMES, SUPER_ADMINISTRATOR, Policy, resource_group_names, role_id
from .state import Membership, Organization, State

FindAccount = Callable[[str], Organization]
Body = dict[str, Any]

EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
ROLES_BY_ID = {role_id(name): name for name in ROLE_NAMES}


def add_members(app: Flask, prefix: str, state: State, find_account: FindAccount) -> None:
    """Add the operations on one member, and the creation of a member."""
    members = f"{prefix}/accounts/<account_id>/members"

    @app.post(members)
    def create_member(account_id: str) -> Response:
        account, body = _managed_account(account_id, find_account), _parse_body()
        email = body.get("email")
        if not isinstance(email, str) or not EMAIL.fullmatch(email.strip()):
            raise errors.invalid_member("Value required for parameter 'email'.")
        if body.get("status", "pending") != "pending":
            raise errors.invalid_member("automatic verification of new members is not allowed")
        roles, policies = _parse_assignment(body, body.get("roles"), account)
        # Facts: addresses are normalized, and unique in an account.
        member = state.create_member(account, email.strip().lower(), roles, policies, _sender())
        if member is None:
            raise errors.member_exists()
        # Facts: the response lacks the roles.
        shown = serializers.member(member, account, state.settings)
        return envelope.success(_without(shown, "roles", "policies"), state.settings)

    @app.get(f"{members}/<member_id>")
    def get_member(account_id: str, member_id: str) -> Response:
        account = find_account(account_id)
        member = _find_member(state.listed_memberships(account), member_id)
        return envelope.success(serializers.member(member, account, state.settings), state.settings)

    @app.put(f"{members}/<member_id>")
    def update_member(account_id: str, member_id: str) -> Response:
        account, body = _managed_account(account_id, find_account), _parse_body()
        member = _find_member(state.memberships(account), member_id)
        roles = body.get("roles")
        if roles is not None:
            is_valid = isinstance(roles, list) and all(isinstance(role, dict) for role in roles)
            roles = [role.get("id") for role in roles] if is_valid else [None]
        updated = state.update_member(account, member, *_parse_assignment(body, roles, account))
        return envelope.success(
            serializers.member(updated, account, state.settings), state.settings
        )

    @app.delete(f"{members}/<member_id>")
    def remove_member(account_id: str, member_id: str) -> Response:
        account = _managed_account(account_id, find_account)
        member = _find_member(state.memberships(account), member_id)
        state.remove_member(account, member)
        return envelope.success({"id": member.id}, state.settings)


def add_memberships(app: Flask, prefix: str, state: State) -> None:
    """Add the operations on one membership of the user."""

    def find_membership(membership_id: str) -> tuple[Organization, Membership]:
        for account, membership in state.memberships_of(g.caller.user):
            if membership.id == membership_id:
                return account, membership
        raise errors.unknown(membership_id, request.path)

    @app.get(f"{prefix}/memberships/<membership_id>")
    def get_membership(membership_id: str) -> Response:
        account, membership = find_membership(membership_id)
        shown = serializers.membership(account, membership, state.settings)
        return envelope.success(shown, state.settings)

    @app.delete(f"{prefix}/memberships/<membership_id>")
    def leave_account(membership_id: str) -> Response:
        account, membership = find_membership(membership_id)
        state.remove_member(account, membership)
        return envelope.success({"id": membership.id}, state.settings)


def add_roles(app: Flask, prefix: str, state: State, find_account: FindAccount) -> None:
    """Add the lists of roles, permission groups, and resource groups."""

    def page(items: list[Body]) -> Response:
        shown, info = paginate(items, request.args, state.settings, len(items))
        return envelope.success_list(shown, info, state.settings)

    @app.get(f"{prefix}/accounts/<account_id>/roles")
    def list_roles(account_id: str) -> Response:
        find_account(account_id)
        return page([serializers.role(name) for name in ROLE_NAMES])

    @app.get(f"{prefix}/accounts/<account_id>/iam/permission_groups")
    def list_permission_groups(account_id: str) -> Response:
        find_account(account_id)
        groups = [serializers.permission_group(name) for name in ROLE_NAMES]
        query = {name: request.args[name] for name in ("id", "name") if name in request.args}
        return page([group for group in groups if query.items() <= group.items()])

    @app.get(f"{prefix}/accounts/<account_id>/iam/resource_groups")
    def list_resource_groups(account_id: str) -> Response:
        account = find_account(account_id)
        groups = [
            serializers.resource_group(identifier, account.id)
            for identifier in resource_group_names(account.id)
        ]
        return envelope.success(groups, state.settings)


def _managed_account(account_id: str, find_account: FindAccount) -> Organization:
    """Return the account if the caller can manage its members.

    Facts: only Super Administrators can. The error is a guess.
    """
    account = find_account(account_id)
    if SUPER_ADMINISTRATOR not in account.members[g.caller.user.id]:
        raise errors.no_permission()
    return account


def _find_member(members: list[Membership], member_id: str) -> Membership:
    for member in members:
        if member.id == member_id:
            return member
    raise errors.unknown(member_id, request.path, "Member not found for account")


def _parse_body() -> Body:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise errors.malformed_body()
    return body


def _parse_assignment(
    body: Body, roles: Any, account: Organization
) -> tuple[tuple[str, ...], tuple[Policy, ...]]:
    """Return the roles, as the user sees them, and the policies of a request, if it has any."""
    if body.get("policies"):
        policies = tuple(_parse_policy(policy, account) for policy in body["policies"])
        return tuple(name for one in policies for name in one.permission_groups), policies
    if not isinstance(roles, list) or not roles:
        raise errors.invalid_member("Invalid role assignments found")
    if not all(isinstance(role, str) and role in ROLES_BY_ID for role in roles):
        raise errors.invalid_member("Invalid roles")
    return tuple(ROLES_BY_ID[role] for role in roles), ()


def _parse_policy(policy: Any, account: Organization) -> Policy:
    try:
        names = tuple(ROLES_BY_ID[group["id"]] for group in policy["permission_groups"])
        resources = tuple(group["id"] for group in policy["resource_groups"])
        access = policy["access"]
    except (KeyError, TypeError):
        raise errors.invalid_member("Invalid role assignments found") from None
    known = resource_group_names(account.id).keys()
    if access not in ("allow", "deny") or not names or not set(resources) <= known:
        raise errors.invalid_member("Invalid role assignments found")
    return Policy(access, names, resources)


def _sender() -> str:
    return str(g.caller.user.email)


def _without(item: Body, *names: str) -> Body:
    return {name: value for name, value in item.items() if name not in names}
