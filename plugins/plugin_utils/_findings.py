# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is worth a second look among gathered invites. Pure functions on plain data.

A rule looks at all that was gathered, and finds what somebody should do something about. Of what
Cloudflare does not tell, such as when an account's invite was sent, nothing is found.
"""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ansible_collections.community.cloudflare.plugins.module_utils._invite import parse_timestamp
from ansible_collections.community.cloudflare.plugins.module_utils._messages import (
    join_truncated,
    sanitize,
)
from ansible_collections.community.cloudflare.plugins.module_utils._selector import email_matches
from ansible_collections.community.cloudflare.plugins.module_utils._text import (
    quote,
    quote_ascii,
    skeletons,
)

Invite = dict[str, Any]
Finding = dict[str, Any]
Parameters = Mapping[str, Any]
Policy = Mapping[str, Parameters]

SEVERITIES = ("info", "low", "medium", "high")
# In days or hours. A timedelta cannot hold a thousand times as many days.
MAX_DURATION = 1_000_000


class PolicyError(ValueError):
    """The policy cannot be meant so; the message says why, and what to do now."""


@dataclass(frozen=True)
class Gathered:
    """What an audit looks at.

    :ivar time: when it is judged.
    :ivar unreadable: organizations that could not be read, as modules return them.
    """

    invites: Sequence[Invite]
    time: datetime
    unreadable: Sequence[Mapping[str, Any]] = ()

    @property
    def open(self) -> list[Invite]:
        """The invites that wait for an answer."""
        return [invite for invite in self.invites if invite["status"] == "pending"]

    def open_by(self, key: Callable[[Invite], object]) -> dict[object, list[Invite]]:
        """Return the open invites by what they have in common, without those that lack it."""
        return _grouped(self.open, key)


@dataclass(frozen=True)
class Hit:
    """What a rule has found: a sentence that says what to do, and what it is about."""

    message: str
    organization_id: str | None
    invite: Invite | None = None


@dataclass(frozen=True)
class Rule:
    """A rule, and what holds for it if the policy says nothing else.

    :ivar find: finds what breaks the rule, with these parameters.
    """

    find: Callable[[Gathered, Parameters], Iterator[Hit]]
    severity: str
    parameters: Parameters


def findings(gathered: Gathered, policy: Policy) -> list[Finding]:
    """Return what breaks a rule, the gravest first, and then in the order of the rules.

    :param policy: for each rule, what shall not be as in ``RULES``: ``enabled``, ``severity``, and
        its own parameters.
    :raises PolicyError: if there is no such rule or parameter, or a value cannot be.
    """
    gathered = replace(gathered, invites=in_order(gathered.invites))
    found = [
        {
            "rule": name,
            "severity": parameters["severity"],
            "message": hit.message,
            "organization_id": hit.organization_id,
            "invite": hit.invite,
        }
        for name, parameters in effective(policy).items()
        if parameters["enabled"]
        for hit in RULES[name].find(gathered, parameters)
    ]
    return sorted(found, key=lambda one: -SEVERITIES.index(one["severity"]))


def in_order(invites: Iterable[Invite]) -> list[Invite]:
    """Return the invites by organization, in an order that does not depend on how they came."""
    names = ("organization_name", "organization_id", "invited_on", "id")
    return sorted(
        invites, key=lambda one: (*(str(one.get(name) or "") for name in names), identity(one))
    )


def identity(invite: Invite) -> str:
    """Return a text that is the same for the same invite, and another for every other."""
    return json.dumps(invite, sort_keys=True, default=str)


def effective(policy: Policy) -> dict[str, dict[str, Any]]:
    """Return all rules with all their parameters, as they are and as the policy changes them.

    :raises PolicyError: as ``findings`` does.
    """
    if not isinstance(policy, Mapping):
        raise PolicyError("The policy is not a dictionary. Give a dictionary of rules.")
    for name in policy:
        if name not in RULES:
            raise PolicyError(f"There is no rule {quote(name)}. Rules are: {', '.join(RULES)}.")
    return {name: _changed(name, rule, policy.get(name) or {}) for name, rule in RULES.items()}


def _changed(name: str, rule: Rule, changes: Parameters) -> dict[str, Any]:
    known = {"enabled": True, "severity": rule.severity, **rule.parameters}
    if not isinstance(changes, Mapping):
        raise PolicyError(f"The rule {name} is not a dictionary. Give its parameters.")
    for parameter, value in changes.items():
        if parameter not in known:
            raise PolicyError(
                f"The rule {name} has no parameter {quote(parameter)}. It has: {', '.join(known)}."
            )
        wanted = _KINDS[type(known[parameter])]
        if not wanted.fits(value):
            raise PolicyError(f"{parameter} of the rule {name} is not {wanted.name}.")
    changed = {**known, **changes}
    if changed["severity"] not in SEVERITIES:
        raise PolicyError(f"severity of the rule {name} is not one of {', '.join(SEVERITIES)}.")
    return changed


@dataclass(frozen=True)
class _Kind:
    name: str
    fits: Callable[[Any], bool]


def _is_number(value: Any) -> bool:
    """Return whether this is a number of days or hours; YAML reads some, such as 1e3, as text."""
    if isinstance(value, bool):
        return False
    try:
        return 0 <= float(value) <= MAX_DURATION
    except (TypeError, ValueError, OverflowError):
        return False


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_KINDS = {
    bool: _Kind("true or false", lambda value: isinstance(value, bool)),
    int: _Kind(f"a number from 0 to {MAX_DURATION}", _is_number),
    str: _Kind("a text", lambda value: isinstance(value, str)),
    list: _Kind("a list of texts", _is_texts),
}


# The rules


def _open_too_long(gathered: Gathered, parameters: Parameters) -> Iterator[Hit]:
    for invite in gathered.open:
        sent = parse_timestamp(invite["invited_on"])
        if sent and gathered.time - sent > timedelta(days=float(parameters["days"])):
            days = (gathered.time - sent).days
            do = _to_do(invite, "Have it answered, or take it back.", "Answer it.")
            yield _about(invite, f"is open for {days} days. {do}")


def _expired(gathered: Gathered, _parameters: Parameters) -> Iterator[Hit]:
    for invite in gathered.invites:
        if invite["status"] == "expired" or (
            invite["status"] == "pending" and _is_over(invite, gathered.time)
        ):
            since = f" on {sanitize(invite['expires_on'])}" if invite["expires_on"] else ""
            do = _to_do(invite, "send a new one.", "ask for a new one.")
            yield _about(invite, f"expired{since}. If it is still wanted, {do}")


def _lapsing(gathered: Gathered, parameters: Parameters) -> Iterator[Hit]:
    for invite in gathered.open:
        end = parse_timestamp(invite["expires_on"])
        if end and timedelta(0) < end - gathered.time < timedelta(hours=float(parameters["hours"])):
            when = sanitize(invite["expires_on"])
            do = _to_do(invite, "have it accepted before.", "accept it before.")
            yield _about(invite, f"lapses on {when}. If it is wanted, {do}")


def _privileged_role(gathered: Gathered, parameters: Parameters) -> Iterator[Hit]:
    patterns = [pattern.casefold() for pattern in parameters["roles"]]
    for invite in gathered.open:
        granted = [
            role
            for role in role_names(invite)
            if any(fnmatch.fnmatchcase(role.casefold(), pattern) for pattern in patterns)
        ]
        if granted:
            roles = ", ".join(map(quote, granted))
            yield _about(invite, f"grants {roles}. See that this much is needed.")


def _outside_address(gathered: Gathered, parameters: Parameters) -> Iterator[Hit]:
    domains = [f"@{domain.lstrip('@')}" for domain in parameters["domains"]]
    for invite in gathered.open:
        address = invite["invited_member_email"]
        if domains and address is not None and not _matches_any(address, domains):
            yield _about(
                invite, "goes to an address outside the allowed domains. Take it back if unknown."
            )


def _outside_inviter(gathered: Gathered, parameters: Parameters) -> Iterator[Hit]:
    allowed = parameters["inviters"]
    for invite in gathered.open:
        inviter = invite["invited_by"]
        if allowed and inviter is not None and not _matches_any(inviter, allowed):
            yield _about(
                invite,
                f"comes from {quote(inviter)}, who is not allowed to invite. Ask who that is, and "
                "do not accept it before.",
            )


def _no_twofactor(gathered: Gathered, _parameters: Parameters) -> Iterator[Hit]:
    for invites in gathered.open_by(_organization).values():
        lax = [one for one in invites if one["organization_is_enforcing_twofactor"] is False]
        if lax:
            people = len({str(one["invited_member_email"]).strip().lower() for one in invites})
            do = _to_do(lax[0], "Have it turned on.", "Ask it to, before you join.")
            yield Hit(
                f"{_named(lax[0])} invites people ({people}) and does not demand "
                f"two-factor authentication of its members. {do}",
                lax[0]["organization_id"],
                lax[0],
            )


def _invited_twice(gathered: Gathered, _parameters: Parameters) -> Iterator[Hit]:
    # Each list by itself: two of them may well show the same invite.
    def address(invite: Invite) -> tuple[str, ...] | None:
        to, organization = invite["invited_member_email"], _organization(invite)
        if to is None or organization is None:
            return None
        return (invite.get("source") or "user", organization, to.strip().lower())

    for invites in gathered.open_by(address).values():
        if len(invites) > 1:
            others = ", ".join(sanitize(one["id"]) for one in invites[1:])
            do = _to_do(invites[0], "Take back all but one.", "Only one is needed.")
            yield _about(invites[0], f"is not the only one to this address: {others}. {do}")


def _confusable_name(gathered: Gathered, _parameters: Parameters) -> Iterator[Hit]:
    # A name is also taken for that of an organization that was joined already.
    joined = [invite for invite in gathered.invites if invite["status"] == "accepted"]
    organizations = {
        str(identifier): invites[0]
        for identifier, invites in _grouped([*gathered.open, *joined], _organization).items()
    }
    looks: dict[str, list[str]] = {}
    for identifier, invite in organizations.items():
        for skeleton in skeletons(invite["organization_name"] or "") - {""}:
            looks.setdefault(skeleton, []).append(identifier)
    for identifier, invite in organizations.items():
        if invite["status"] != "pending":
            continue
        alike = {
            other: organizations[other]
            for skeleton in sorted(skeletons(invite["organization_name"] or "") - {""})
            for other in looks[skeleton]
            if other != identifier
        }
        if alike:
            others = [
                f"{quote_ascii(one['organization_name'])} ({sanitize(other)})"
                for other, one in sorted(alike.items())
            ]
            yield Hit(
                f"The organization {quote_ascii(invite['organization_name'])} "
                f"({sanitize(identifier)}) can be taken for {join_truncated(others)}. Find out "
                "whose each is, and go by their ids.",
                identifier,
                invite,
            )


def _unreadable(gathered: Gathered, _parameters: Parameters) -> Iterator[Hit]:
    read = {_organization(invite) for invite in gathered.invites if invite.get("source")}
    for one in gathered.unreadable:
        organization_id = one["organization_id"]
        how = " as a whole" if organization_id in read else ", so nothing is known of its invites"
        yield Hit(
            f"The organization {sanitize(organization_id)} could not be read{how}. {one['msg']}",
            organization_id,
        )


RULES = {
    "confusable_name": Rule(_confusable_name, "high", {}),
    "outside_address": Rule(_outside_address, "high", {"domains": []}),
    "outside_inviter": Rule(_outside_inviter, "high", {"inviters": []}),
    "privileged_role": Rule(
        _privileged_role,
        "medium",
        {"roles": ["*Super Administrator*", "Administrator", "Account Administrator"]},
    ),
    "no_twofactor": Rule(_no_twofactor, "medium", {}),
    "unreadable": Rule(_unreadable, "medium", {}),
    "lapsing": Rule(_lapsing, "low", {"hours": 24}),
    "open_too_long": Rule(_open_too_long, "low", {"days": 3}),
    "invited_twice": Rule(_invited_twice, "low", {}),
    "expired": Rule(_expired, "info", {}),
}


# What rules have in common


def _matches_any(email: str, patterns: Iterable[str]) -> bool:
    return any(email_matches(email, pattern) for pattern in patterns)


def role_names(invite: Invite) -> list[str]:
    """Return the names of an invite's roles, whether it has names or objects."""
    names = [role.get("name") if isinstance(role, dict) else role for role in invite["roles"]]
    return [name for name in names if isinstance(name, str)]


def _grouped(
    invites: Iterable[Invite], key: Callable[[Invite], object]
) -> dict[object, list[Invite]]:
    groups: dict[object, list[Invite]] = {}
    for invite in invites:
        if key(invite) is not None:
            groups.setdefault(key(invite), []).append(invite)
    return groups


def _to_do(invite: Invite, of_senders: str, of_invited: str) -> str:
    """Return what to do: whoever reads of an invite of an account can act for it."""
    return of_senders if invite.get("source") else of_invited


def _is_over(invite: Invite, time: datetime) -> bool:
    end = parse_timestamp(invite["expires_on"])
    return end is not None and end <= time


def _organization(invite: Invite) -> str | None:
    identifier: str | None = invite["organization_id"]
    return identifier


def _named(invite: Invite) -> str:
    return (
        f"The organization {quote(invite['organization_name'])} "
        f"({sanitize(invite['organization_id'])})"
    )


def _about(invite: Invite, said: str) -> Hit:
    return Hit(
        f"The invite of {quote(invite['invited_member_email'])} to "
        f"{quote(invite['organization_name'])} ({sanitize(invite['organization_id'])}) {said}",
        invite["organization_id"],
        invite,
    )
