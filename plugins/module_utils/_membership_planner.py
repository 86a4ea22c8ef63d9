# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which membership of the user ends, in pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
    membership_to_result,
    role_names,
)
from ansible_collections.community.cloudflare.plugins.module_utils._messages import (
    invalid_id,
    join_truncated,
    sanitize,
)
from ansible_collections.community.cloudflare.plugins.module_utils._roles import (
    as_list,
    is_super_administrator,
    permission_groups,
    role_labels,
)
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    normalize_id,
    normalize_name,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import (
    is_real_id,
    is_valid_id,
    quote,
    quote_ascii,
    skeletons,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SELECTORS = ("membership_id", "account_id", "account_name")
_REPORTED = ("id", "account_id", "account_name", "status")
SELECTOR_REQUIRED = "Give at least one of account_id, account_name, and membership_id."
# How similar a name has to be for a warning. 1 is equal.
_MIN_SIMILARITY = 0.8


@dataclass(frozen=True)
class UserMembership:
    """A membership as its user sees it.

    :ivar id: None unless Cloudflare reports a real ID, and so is ``account_id``.
    :ivar roles: the names of the roles, or of the permission groups where there are no roles.
    :ivar is_super_administrator: None if that is not certain.
    """

    id: str | None
    account_id: str | None
    account_name: str | None
    status: str | None
    roles: tuple[str, ...]
    is_super_administrator: bool | None

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> UserMembership:
        """Build the membership from an item of ``GET /memberships``."""
        reported = membership_to_result(raw)
        roles = as_list(raw.get("roles"))
        groups = permission_groups(raw.get("policies"))
        labels = [role_labels([role]) for role in roles]
        labels += [role_labels([group]) if role_names([group]) else [] for group in groups]
        is_super = any(map(is_super_administrator, chain.from_iterable(labels)))
        return cls(
            **{name: reported[name] for name in _REPORTED},
            roles=tuple(role_names(roles) or role_names(groups)),
            # A role without name and ID could be Super Administrator. So could a permission group
            # without a name, as the IDs of groups are not documented.
            is_super_administrator=is_super or (False if labels and all(labels) else None),
        )

    def to_result(self) -> dict[str, Any]:
        """Return the membership as a module returns it."""
        reported = {name: getattr(self, name) for name in _REPORTED}
        return {**reported, "roles": list(self.roles)}

    def __str__(self) -> str:
        return f"{quote(self.account_name)} ({sanitize(self.account_id)})"


@dataclass(frozen=True)
class MembershipSelector:
    """What a membership must match; a field that is None matches every membership."""

    membership_id: str | None
    account_id: str | None
    account_name: str | None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> MembershipSelector:
        """Take the selector out of the parameters of a module."""
        return cls(*(params[name] for name in SELECTORS))

    def find_invalid_value(self) -> str | None:
        """Return what is wrong with the selector, or None."""
        for option in ("membership_id", "account_id"):
            value = getattr(self, option)
            if value is not None and not (is_valid_id(value.strip()) and is_real_id(value)):
                return invalid_id(option, value)
        return SELECTOR_REQUIRED if self == MembershipSelector(None, None, None) else None

    def compare(self, membership: UserMembership) -> list[bool | None]:
        """Return for each field that is given whether it matches; None if that is unknown."""
        pairs = (
            (self.membership_id, membership.id, normalize_id),
            (self.account_id, membership.account_id, normalize_id),
            (self.account_name, membership.account_name, normalize_name),
        )
        return [
            normalize(required) == normalize(actual) if actual else None
            for required, actual, normalize in pairs
            if required is not None
        ]

    @property
    def is_name_only(self) -> bool:
        """Whether no ID is given."""
        return self.membership_id is None and self.account_id is None

    def matches(self, membership: UserMembership) -> bool:
        """Tell whether all that is given matches."""
        return all(self.compare(membership))

    def __str__(self) -> str:
        return " and ".join(
            f"{name} {quote(getattr(self, name))}"
            for name in SELECTORS
            if getattr(self, name) is not None
        )


@dataclass(frozen=True)
class Departure:
    """The membership that ends, if any, or why none can."""

    membership: UserMembership | None = None
    error: str | None = None
    warning: str | None = None
    candidates: tuple[UserMembership, ...] = ()


def plan_departure(
    memberships: Sequence[UserMembership],
    selector: MembershipSelector,
    *,
    allow_super_administrator: bool,
) -> Departure:
    """Decide which membership ends: the accepted one that matches."""
    matching = tuple(filter(selector.matches, memberships))
    accepted = tuple(one for one in matching if one.status == "accepted")
    unknown = tuple(one for one in memberships if _may_match(selector, one))
    if unknown and (selector.is_name_only or not accepted):
        msg = (
            f"Cloudflare does not report what {selector} is compared with, for these memberships: "
            f"{join_truncated(list(map(str, unknown)))}. Select by another option."
        )
        return Departure(error=msg, candidates=unknown)
    if len(accepted) > 1:
        listed = join_truncated([f"{one}, membership {sanitize(one.id)}" for one in accepted])
        return Departure(
            error=f"{len(accepted)} memberships match {selector}. Set account_id or "
            f"membership_id. Candidates: {listed}.",
            candidates=accepted,
        )
    for membership in accepted:
        error = _guard_error(membership, allow_super_administrator)
        return Departure(None if error else membership, error, candidates=accepted)
    for membership in matching:
        if membership.status == "pending":
            error = (
                f"The user is invited to {membership}, but is not a member. To decline the "
                "invite, use community.cloudflare.cf_user_invite with state: rejected."
            )
            return Departure(error=error, candidates=matching)
        if membership.status != "rejected":
            error = (
                f"The membership in {membership} has the unknown status "
                f"{quote(membership.status)}. Nothing was changed."
            )
            return Departure(error=error, candidates=matching)
    return Departure(warning=None if matching else _near_warning(memberships, selector))


def _may_match(selector: MembershipSelector, membership: UserMembership) -> bool:
    """Tell whether a membership may be accepted and the selected one, which is not known."""
    compared = selector.compare(membership)
    return (
        membership.status not in ("pending", "rejected")
        and None in compared
        and False not in compared
    )


def _guard_error(membership: UserMembership, allow_super_administrator: bool) -> str | None:
    if not is_valid_id(membership.id or ""):
        return f"The membership in {membership} has no ID, so it cannot be ended."
    if allow_super_administrator or membership.is_super_administrator is False:
        return None
    if membership.is_super_administrator is None:
        reason = "Cloudflare does not report the roles of the user"
    else:
        reason = "The user is Super Administrator"
    return (
        f"{reason} in {membership}. An account that its last Super Administrator leaves cannot "
        "be managed any more. To leave it anyway, set allow_super_administrator to true."
    )


def _near_warning(
    memberships: Sequence[UserMembership], selector: MembershipSelector
) -> str | None:
    """Return a warning of accounts that may have been intended, if there are any."""
    names = {one.account_name or "": one for one in memberships}
    similar = [one for one in memberships if True in selector.compare(one)]
    if selector.account_name is not None:
        required = skeletons(selector.account_name) - {""}
        similar += [one for name, one in names.items() if skeletons(name) & required]
        folded = {name.casefold(): one for name, one in names.items()}
        closest = get_close_matches(
            selector.account_name.casefold(), folded, cutoff=_MIN_SIMILARITY
        )
        similar += [folded[name] for name in closest]
    if not similar:
        return None
    listed = join_truncated(
        [
            f"{quote_ascii(one.account_name or '')} ({sanitize(one.account_id)})"
            for one in dict.fromkeys(similar)
        ]
    )
    return f"No membership matches {selector}, so nothing was changed. Similar: {listed}."
