# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The models: an invite, and the membership that it leads to.

Facts: only ``invited_member_id`` (may be null) and ``organization_id`` of an invite are documented
as required. The roles of a user's invite are names, and were objects until 2025; those of an
organization's are objects. https://developers.cloudflare.com/api/resources/user/subresources/invites/
The permissions of an account member's role are ``{"zones": {"read": true, "edit": false}}`` live,
and documented with ``write`` instead of ``edit``. A member has ``email`` itself since about 2025.
https://developers.cloudflare.com/api/resources/accounts/subresources/members/
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._text import is_real_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# https://developers.cloudflare.com/api/resources/user/subresources/invites/ has the first four;
# canceled and left are known from the organization's side.
USER_STATUSES = ("pending", "accepted", "rejected", "expired")
ORGANIZATION_STATUSES = (*USER_STATUSES, "canceled", "left")
MEMBER_STATUSES = ("pending", "accepted", "rejected")

# The activation code of an invite, which old response bodies carry in ``code``.
_ACTIVATION_CODE = re.compile(r"[0-9A-Fa-f]{64}")

_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?(?:[Zz]|([+-]\d\d:\d\d))")


@dataclass(frozen=True)
class Invite:
    """An invite of a user, an organization, or an account (a pending member).

    A field that Cloudflare omits, or sends with another type than documented, is None.

    :ivar roles: role names of a user's invite, else role objects.
    :ivar source: ``organization`` or ``account``; None for a user's invite.
    :ivar extra: all other fields that Cloudflare sent, except secrets.
    """

    id: str | None = None
    organization_id: str | None = None
    organization_name: str | None = None
    organization_is_enforcing_twofactor: bool | None = None
    status: str | None = None
    roles: tuple[Any, ...] = field(default=(), hash=False)
    invited_by: str | None = None
    invited_on: str | None = None
    expires_on: str | None = None
    invited_member_id: str | None = None
    invited_member_email: str | None = None
    source: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def from_user(cls, raw: Mapping[str, Any]) -> Invite:
        """Build the invite from an item of ``GET /user/invites``."""
        return cls._from_raw(raw, roles=role_names(raw.get("roles")))

    @classmethod
    def from_organization(cls, raw: Mapping[str, Any]) -> Invite:
        """Build the invite from an item of ``GET /organizations/{organization_id}/invites``."""
        roles = _role_objects(_without_secrets(raw))
        return cls._from_raw(raw, roles=roles, source="organization")

    @classmethod
    def from_account_member(cls, member: Mapping[str, Any], account: Mapping[str, Any]) -> Invite:
        """Build the invite from an item of ``GET /accounts/{account_id}/members``.

        Cloudflare reports no sender, date, or expiry there, so these fields are None.

        :param account: the account, with at least its ``id``; an unknown field becomes None.
        """
        user = member.get("user")
        if isinstance(user, dict):
            user = {**user, "id": _real_id_or_none(user.get("id"))}
        details = dict_or_empty(user)
        settings = dict_or_empty(account.get("settings"))
        raw = {
            **{name: value for name, value in member.items() if name != "email"},
            "user": user,
            "organization_id": account["id"],
            "organization_name": account.get("name"),
            "organization_is_enforcing_twofactor": settings.get("enforce_twofactor"),
            "invited_member_id": details.get("id"),
            "invited_member_email": str_or_none(member.get("email")) or details.get("email"),
            **dict.fromkeys(("invited_by", "invited_on", "expires_on")),
        }
        return cls._from_raw(raw, roles=_role_objects(_without_secrets(raw)), source="account")

    @classmethod
    def _from_raw(
        cls, raw: Mapping[str, Any], roles: Iterable[Any], source: str | None = None
    ) -> Invite:
        raw = _without_secrets(raw)
        texts = {name: str_or_none(raw.get(name)) for name in _STRING_FIELDS}
        texts["invited_member_id"] = _real_id_or_none(texts["invited_member_id"])
        texts["status"] = parse_status(texts["status"])
        enforcing = raw.get("organization_is_enforcing_twofactor")
        return cls(
            **texts,
            organization_is_enforcing_twofactor=enforcing if isinstance(enforcing, bool) else None,
            roles=tuple(roles),
            source=source,
            extra={name: value for name, value in raw.items() if name not in _FIELDS},
        )

    def to_result(self) -> dict[str, Any]:
        """Return the invite as a module returns it."""
        result = {**self.extra, **{name: getattr(self, name) for name in _RESULT_FIELDS}}
        result["roles"] = list(self.roles)
        if self.source is not None:
            result["source"] = self.source
        return result

    def to_candidate(self) -> dict[str, Any]:
        """Return what tells this invite from another, for ``candidates`` in a result."""
        return {name: getattr(self, name) for name in _CANDIDATE_FIELDS}


_FIELDS = frozenset(item.name for item in fields(Invite)) - {"source", "extra"}
_RESULT_FIELDS = tuple(
    item.name for item in fields(Invite) if item.name not in ("extra", "roles", "source")
)
_STRING_FIELDS = tuple(
    name for name in _RESULT_FIELDS if name != "organization_is_enforcing_twofactor"
)
_CANDIDATE_FIELDS = (
    "id",
    "organization_id",
    "organization_name",
    "invited_by",
    "invited_on",
    "status",
)


@dataclass(frozen=True)
class Membership:
    """An account that the user is a member of.

    :ivar account_id: None unless Cloudflare reports a real ID.
    :ivar parent_id: the ID of the Organization (beta) that manages the account.
    """

    account_id: str | None
    account_name: str | None
    parent_id: str | None = None

    @classmethod
    def from_account(cls, raw: Mapping[str, Any]) -> Membership:
        """Build the membership from an object with the ``id`` and the ``name`` of an account."""
        parent_id = dict_or_empty(raw.get("managed_by")).get("parent_org_id")
        return cls(
            _real_id_or_none(raw.get("id")),
            str_or_none(raw.get("name")),
            _real_id_or_none(parent_id),
        )

    def is_managed_by(self, organization_id: str | None) -> bool:
        """Tell whether this is the ID of the Organization (beta) that manages the account."""
        return self.parent_id is not None and (
            self.parent_id.lower() == (organization_id or "").lower()
        )

    def to_result(self) -> dict[str, Any]:
        """Return the membership as a module returns it."""
        return {"account_id": self.account_id, "account_name": self.account_name}


def membership_to_result(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item of ``GET /memberships`` as a module returns it, with all that it has.

    Roles are names, permissions are ``#zones:read``. An ID that is not real is None.
    """
    raw = _without_secrets(raw)
    account = dict_or_empty(raw.get("account"))
    enforcing = dict_or_empty(account.get("settings")).get("enforce_twofactor")
    membership = Membership.from_account(account)
    return {
        **raw,
        **membership.to_result(),
        "id": _real_id_or_none(raw.get("id")),
        "status": parse_status(raw.get("status")),
        "account": account,
        "enforce_twofactor": enforcing if isinstance(enforcing, bool) else None,
        "roles": role_names(raw.get("roles")),
        "permissions": _permission_names(raw.get("permissions")),
        "policies": [one for one in list_or_empty(raw.get("policies")) if isinstance(one, dict)],
    }


def parse_timestamp(text: str | None) -> datetime | None:
    """Return the time of an RFC 3339 timestamp; None if the text is missing or is none."""
    match = _TIMESTAMP.fullmatch(text or "")
    if not match:
        return None
    day, time, fraction, offset = match.groups()
    try:
        base = datetime.fromisoformat(f"{day}T{time}{offset or '+00:00'}")
        return base + timedelta(seconds=float(fraction or 0))
    except (ValueError, OverflowError):
        return None


def parse_status(value: Any) -> str | None:
    """Return a status; a known one without regard to case and whitespace.

    A status in another spelling must not make a joined organization look like an unknown one.
    """
    status = str_or_none(value)
    known = (status or "").strip().lower()
    return known if known in ORGANIZATION_STATUSES else status


def str_or_none(value: Any) -> str | None:
    """Return a text, and None for another type, which Cloudflare should not send."""
    return value if isinstance(value, str) else None


def _real_id_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) and is_real_id(value) else None


def role_names(raw: Any) -> list[str]:
    """Return the names of roles, which are objects or names."""
    names = (role.get("name") if isinstance(role, dict) else role for role in list_or_empty(raw))
    return [name for name in names if isinstance(name, str)]


def _role_objects(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    roles = (
        role if isinstance(role, dict) else {"name": role}
        for role in list_or_empty(raw.get("roles"))
    )
    return [
        {
            **role,
            **{name: str_or_none(role.get(name)) for name in ("id", "name", "description")},
            "permissions": _permission_names(role.get("permissions")),
        }
        for role in roles
    ]


def _permission_names(raw: Any) -> list[str]:
    """Return permissions as ``#zones:read``; ``{"zones": {"read": true}}`` means the same."""
    if isinstance(raw, dict):
        return [
            f"#{resource}:{action}"
            for resource, actions in raw.items()
            for action, allowed in dict_or_empty(actions).items()
            if allowed is True
        ]
    return [permission for permission in list_or_empty(raw) if isinstance(permission, str)]


def _without_secrets(value: Any) -> Any:
    """Return the value without fields named ``code``, and with activation codes masked."""
    if isinstance(value, dict):
        return {
            name: _without_secrets(item)
            for name, item in value.items()
            if str(name).lower() != "code"
        }
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    return _ACTIVATION_CODE.sub("********", value) if isinstance(value, str) else value


def dict_or_empty(value: Any) -> dict[str, Any]:
    """Return an object, and an empty one for another type."""
    return value if isinstance(value, dict) else {}


def list_or_empty(value: Any) -> list[Any]:
    """Return a list, and an empty one for another type."""
    return value if isinstance(value, list) else []
