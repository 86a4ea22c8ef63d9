# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which invites a task or a rule selects."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils import _messages as messages
from ansible_collections.community.cloudflare.plugins.module_utils._text import (
    is_real_id,
    is_valid_id,
    quote,
    skeletons,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ansible_collections.community.cloudflare.plugins.module_utils._invite import Invite

# The selectors of which one is required, most specific first.
PRIMARY_SELECTORS = ("invite_id", "organization_id", "organization_name")


@dataclass(frozen=True)
class InviteSelector:
    """What an invite must match; a field that is None matches every invite.

    :ivar organization_name: matches in Unicode form NFC, without surrounding whitespace.
    :ivar invited_by: an address, or a whole domain as ``@example.com``, without regard to case.
    :ivar all_from_sender: whether ``invited_by`` alone selects every invite of that sender.
    """

    invite_id: str | None = None
    organization_id: str | None = None
    organization_name: str | None = None
    invited_by: str | None = None
    all_from_sender: bool = False

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> InviteSelector:
        """Take the selector out of the parameters of a module or of a rule."""
        return cls(
            invite_id=params["invite_id"],
            organization_id=params["organization_id"],
            organization_name=params["organization_name"],
            invited_by=params["invited_by"],
            all_from_sender=bool(params.get("all_from_sender")),
        )

    def find_invalid_value(self) -> str | None:
        """Return what is wrong with a value of the selector, or None."""
        for option in ("invite_id", "organization_id"):
            value = getattr(self, option)
            if value is not None and not (is_valid_id(value) and is_real_id(value)):
                return messages.invalid_id(option, value)
        if self.invited_by is not None and not re.fullmatch(r"\s*\S*@\S+\s*", self.invited_by):
            return messages.invalid_sender(self.invited_by)
        return None

    @property
    def is_sender_only(self) -> bool:
        """Whether it selects by the sender alone, and so any number of invites."""
        return all(getattr(self, option) is None for option in PRIMARY_SELECTORS)

    @property
    def is_name_based(self) -> bool:
        """Whether the name alone identifies the organization. Any user can take any name."""
        return (
            self.organization_name is not None
            and self.organization_id is None
            and self.invite_id is None
        )

    @property
    def is_name_only(self) -> bool:
        """Whether it has nothing but a name."""
        return self.is_name_based and self.invited_by is None

    @property
    def identifies_organization(self) -> bool:
        """Whether it identifies an organization, also after its invites were deleted."""
        return self.organization_id is not None or self.organization_name is not None

    @cached_property
    def key(self) -> tuple[str | None, ...]:
        """What equal selectors have in common, however they are spelled."""
        return (
            self.invite_id and normalize_id(self.invite_id),
            self.organization_id and normalize_id(self.organization_id),
            self.organization_name and normalize_name(self.organization_name),
            self.invited_by and normalize_email(self.invited_by),
        )

    def matches(self, invite: Invite) -> bool:
        """Tell whether the invite matches in everything but its sender."""
        invite_id, organization_id, name, _sender = self.key
        return (
            invite_id in (None, normalize_id(invite.id or ""))
            and organization_id in (None, normalize_id(invite.organization_id or ""))
            and name in (None, normalize_name(invite.organization_name or ""))
        )

    def matches_sender(self, invite: Invite) -> bool:
        """Tell whether the invite was sent by the sender that is required, if any is."""
        sender = self.key[3]
        return sender is None or sender in _sender_keys(invite.invited_by or "")

    def matches_organization(self, organization_id: str | None, name: str | None) -> bool:
        """Tell whether it identifies this organization. One without an ID matches by name."""
        required_id, required_name = self.key[1], self.key[2]
        return required_id in (None, organization_id and normalize_id(organization_id)) and (
            required_name in (None, name and normalize_name(name))
        )

    def to_result(self) -> dict[str, Any]:
        """Return the rule as it was given."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    def __str__(self) -> str:
        return " and ".join(
            f"{item.name} {quote(getattr(self, item.name))}"
            for item in fields(self)
            if item.name != "all_from_sender" and getattr(self, item.name) is not None
        )


class InviteIndex:
    """The invites of a user, found by what a selector can name.

    :ivar invites: all of them, in Cloudflare's order.
    """

    def __init__(self, invites: Iterable[Invite]) -> None:
        self.invites: Sequence[Invite] = tuple(dict.fromkeys(invites))
        self._by_key: dict[tuple[int, str], list[Invite]] = {}
        self._by_skeleton: dict[str, list[Invite]] = {}
        for invite in self.invites:
            keys = [
                (0, normalize_id(invite.id or "")),
                (1, normalize_id(invite.organization_id or "")),
                (2, normalize_name(invite.organization_name or "")),
                *((3, key) for key in _sender_keys(invite.invited_by or "")),
            ]
            for key in dict.fromkeys(keys):
                self._by_key.setdefault(key, []).append(invite)
            for skeleton in skeletons(invite.organization_name or "") - {""}:
                self._by_skeleton.setdefault(skeleton, []).append(invite)

    def select(self, selector: InviteSelector) -> list[Invite]:
        """Return the invites that match; unless only the sender is given, of every sender."""
        for key in enumerate(selector.key):
            if key[1] is not None:
                found = self._by_key.get((key[0], key[1]), [])
                return [invite for invite in found if selector.matches(invite)]
        return []

    def find_lookalikes(
        self, name: str | None, statuses: Collection[str] = ("pending", "accepted")
    ) -> list[Invite]:
        """Return the invites whose organization has a different name that looks like this one."""
        found = dict.fromkeys(
            invite
            for skeleton in skeletons(name or "") - {""}
            for invite in self._by_skeleton.get(skeleton, [])
        )
        return [
            invite
            for invite in filter_by_status(found, statuses)
            if normalize_name(invite.organization_name or "") != normalize_name(name or "")
        ]

    def lookalike_warnings(self, invites: Iterable[Invite]) -> list[str]:
        """Return a warning for each name that one of these invites shares, or nearly shares.

        Organizations that were joined, or have a pending invite, can be imitated.
        """
        names = dict.fromkeys(invite.organization_name or "" for invite in invites)
        groups: dict[tuple[Invite, ...], None] = {}
        for skeleton in dict.fromkeys(one for name in names for one in skeletons(name) - {""}):
            imitable = filter_by_status(self._by_skeleton[skeleton], ("accepted", "pending"))
            organizations = {other.organization_id or other: other for other in imitable}
            if len(organizations) > 1:
                groups[tuple(organizations.values())] = None
        return [messages.lookalike_names(group) for group in groups]


@cache
def normalize_id(text: str) -> str:
    """Return an ID as it is compared: hexadecimal IDs without regard to case."""
    text = text.strip()
    return text.lower() if re.fullmatch(r"[0-9A-Fa-f]+", text) else text


@cache
def normalize_name(text: str) -> str:
    """Return a name as it is compared: in Unicode form NFC, without surrounding whitespace."""
    return unicodedata.normalize("NFC", text).strip()


@cache
def normalize_email(text: str) -> str:
    """Return an address or a domain as it is compared: without regard to case.

    Only ASCII is folded: str.lower would turn the Kelvin sign into a k, and match a look-alike.
    """
    return "".join(char.lower() if char.isascii() else char for char in text.strip())


def email_matches(email: str, pattern: str) -> bool:
    """Tell whether an address is the required one, or of the domain ``@example.com``."""
    email, pattern = normalize_email(email), normalize_email(pattern)
    return email.endswith(pattern) if pattern.startswith("@") else email == pattern


def filter_by_status(
    invites: Iterable[Invite], statuses: Collection[str] | None = None
) -> list[Invite]:
    """Return the invites with one of these statuses; without statuses, all."""
    return [invite for invite in invites if not statuses or invite.status in statuses]


def filter_by_invitee(invites: Iterable[Invite], email: str | None) -> list[Invite]:
    """Return the invites to this address, without regard to case; without an address, all."""
    return [
        invite
        for invite in invites
        if email is None
        or normalize_email(invite.invited_member_email or "") == normalize_email(email)
    ]


@cache
def _sender_keys(email: str) -> tuple[str, ...]:
    """Return the address of a sender, and its domain as ``@example.com``."""
    address = normalize_email(email)
    domain = address.rpartition("@")[2] if "@" in address else ""
    return (address, f"@{domain}") if domain else (address,)
