# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of an account, what they may do, and how that compares with a request.

Facts: a pending invite is a member. Its address is in ``email``, else in that of its ``user``. It
has ``roles``, ``policies``, or both; Cloudflare can turn roles into policies, and add some.
https://developers.cloudflare.com/api/resources/accounts/subresources/members/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
    dict_or_empty,
    list_or_empty,
    parse_status,
    str_or_none,
)
from ansible_collections.community.cloudflare.plugins.module_utils._roles import (
    is_super_administrator,
    list_dicts,
    permission_groups,
)
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    normalize_email,
    normalize_id,
    normalize_name,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import (
    is_real_id,
    is_valid_id,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    # The access, the ID of a permission group, and the ID of a resource group.
    Grant = tuple[str, str, str]

# What a policy has groups of. An account has lists with the same names.
POLICY_SIDES = ("permission_groups", "resource_groups")


@dataclass(frozen=True)
class Role:
    """A role, or a permission group: its ID decides, and its name where there is no ID."""

    id: str | None
    name: str | None

    @classmethod
    def from_raw(cls, raw: object) -> Role:
        """Build the role from an object, or from a name."""
        fields: Mapping[str, object] = raw if isinstance(raw, dict) else {"name": raw}
        role_id, name = fields.get("id"), fields.get("name")
        return cls(
            role_id if isinstance(role_id, str) and is_real_id(role_id) else None,
            str_or_none(name),
        )

    @property
    def is_super_administrator(self) -> bool:
        """Whether it has all privileges."""
        return is_super_administrator(self.id) or is_super_administrator(self.name)

    def matches(self, other: Role) -> bool:
        """Tell whether both are the same role."""
        if self.id is not None and other.id is not None:
            return normalize_id(self.id) == normalize_id(other.id)
        return self.has_name_of(other)

    def can_be_compared(self, other: Role) -> bool:
        """Tell whether both have an ID, or both a name."""
        return None not in (self.id, other.id) or None not in (self.name, other.name)

    def has_name_of(self, other: Role) -> bool:
        """Tell whether both have the same name."""
        if self.name is None or other.name is None:
            return False
        return normalize_name(self.name) == normalize_name(other.name)

    def __str__(self) -> str:
        return self.name or self.id or "unknown"


@dataclass(frozen=True)
class Assignment:
    """What an invited person may do: roles, or policies."""

    roles: tuple[Role, ...] = ()
    policies: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)

    def create_body(self) -> dict[str, Any]:
        """Return the body of a POST, which takes the IDs of roles."""
        if self.policies:
            return {"policies": list(self.policies)}
        return {"roles": [role.id for role in self.roles]}

    def update_body(self) -> dict[str, Any]:
        """Return the body of a PUT, which takes objects."""
        if self.policies:
            return {"policies": list(self.policies)}
        return {"roles": [{"id": role.id} for role in self.roles]}

    @property
    def required(self) -> dict[tuple[str, ...], dict[str, str]]:
        """What an account must have, label by ID, by the list of the account that has it."""
        if not self.policies:
            return {("roles",): {normalize_id(one.id): str(one) for one in self.roles if one.id}}
        return {
            ("iam", side): {
                one["id"]: one["id"] for policy in self.policies for one in policy[side]
            }
            for side in POLICY_SIDES
        }

    def to_raw(self) -> dict[str, Any]:
        """Return the assignment as a member has it."""
        roles = [{"id": role.id, "name": role.name} for role in self.roles]
        return {"roles": roles, "policies": list(self.policies)}


@dataclass(frozen=True)
class Member:
    """A member of an account, or a person who is invited to it.

    :ivar id: None unless a request can name the member.
    :ivar emails: the addresses as they are compared; more than one if Cloudflare reports two.
    :ivar groups: the permission groups of its policies.
    :ivar grants: its policies; None if there are none, or if they are not understood.
    """

    id: str | None
    emails: frozenset[str]
    status: str | None
    roles: tuple[Role, ...]
    groups: tuple[Role, ...]
    grants: frozenset[Grant] | None
    raw: Mapping[str, Any] = field(hash=False, compare=False)

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> Member:
        """Build the member from an item of ``GET /accounts/{account_id}/members``."""
        member_id = raw.get("id")
        emails = (raw.get("email"), dict_or_empty(raw.get("user")).get("email"))
        is_usable = isinstance(member_id, str) and is_valid_id(member_id) and is_real_id(member_id)
        return cls(
            id=member_id if is_usable else None,
            emails=frozenset(
                normalize_email(email) for email in emails if isinstance(email, str) and email
            ),
            status=parse_status(raw.get("status")),
            roles=tuple(map(Role.from_raw, list_or_empty(raw.get("roles")))),
            groups=tuple(map(Role.from_raw, permission_groups(raw.get("policies")))),
            grants=_grants(raw.get("policies")),
            raw=raw,
        )

    @property
    def email(self) -> str | None:
        """The address, if there is exactly one."""
        return next(iter(self.emails)) if len(self.emails) == 1 else None


@dataclass(frozen=True)
class Comparison:
    """How what a member has compares with what is requested.

    :ivar is_different: whether an update is needed.
    :ivar note: what is no reason for an update, but worth a warning.
    """

    is_different: bool = False
    note: str | None = None


def compare(requested: Assignment, member: Member) -> Comparison:
    """Compare what a member has with what is requested.

    What Cloudflare adds, and what cannot be compared, is no difference: an update could be made
    every night. Super Administrator is the exception.
    """
    granted = (*requested.roles, *map(Role.from_raw, permission_groups(list(requested.policies))))
    # A group that is requested has no name, but the same group of the member has.
    granted += tuple(group for group in member.groups if any(map(group.matches, granted)))
    if not any(role.is_super_administrator for role in granted) and any(
        role.is_super_administrator for role in (*member.roles, *member.groups)
    ):
        return Comparison(is_different=True)
    if requested.policies:
        return _compare_policies(requested, member)
    if member.roles:
        return _compare_roles(requested.roles, member.roles)
    if not member.groups:
        return Comparison(note="Cloudflare does not report the roles")
    matches = [
        [group for group in member.groups if role.matches(group) or role.has_name_of(group)]
        for role in requested.roles
    ]
    if all(matches) and {group for found in matches for group in found} == set(member.groups):
        return Comparison()
    return Comparison(note="Cloudflare has turned the roles into policies, which differ by name")


def _compare_roles(requested: Iterable[Role], current: Iterable[Role]) -> Comparison:
    requested, current = list(requested), list(current)
    missing = [role for role in requested if not any(map(role.matches, current))]
    if any(all(map(role.can_be_compared, current)) for role in missing):
        return Comparison(is_different=True)
    if missing:
        return Comparison(note="Cloudflare does not report roles that can be compared")
    extra = [str(role) for role in current if not any(map(role.matches, requested))]
    return Comparison(note=f"there are more roles: {', '.join(sorted(extra))}" if extra else None)


def _compare_policies(requested: Assignment, member: Member) -> Comparison:
    grants = _grants(list(requested.policies))
    if member.grants is None or grants is None:
        return Comparison(note="Cloudflare does not report policies that can be compared")
    if grants - member.grants:
        return Comparison(is_different=True)
    return Comparison(note="there are more policies" if member.grants - grants else None)


def _grants(policies: object) -> frozenset[Grant] | None:
    """Return policies as single grants, or None if there are none, or not as documented."""
    if not isinstance(policies, list) or not policies:
        return None
    grants: set[Grant] = set()
    for policy in policies:
        if not isinstance(policy, dict) or not isinstance(policy.get("access"), str):
            return None
        sides = [
            [group.get("id") for group in list_dicts(policy.get(side))] for side in POLICY_SIDES
        ]
        if not all(isinstance(one, str) and one for side in sides for one in side):
            return None
        grants.update(
            (policy["access"].lower(), normalize_id(group), normalize_id(resource))
            for group in map(str, sides[0])
            for resource in map(str, sides[1])
        )
    return frozenset(grants) or None
