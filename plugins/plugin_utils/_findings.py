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
class AuditInput:
    """What an audit looks at.

    :ivar time: when it is judged.
    :ivar unreadable: organizations that could not be read, as modules return them.
    """

    invites: Sequence[Invite]
    time: datetime
    unreadable: Sequence[Mapping[str, Any]] = ()

    @property
    def pending(self) -> list[Invite]:
        """The invites that wait for an answer."""
        return [invite for invite in self.invites if invite["status"] == "pending"]

    def group_pending(self, key: Callable[[Invite], object]) -> dict[object, list[Invite]]:
        """Return the open invites by what they have in common, without those that lack it."""
        return _group_by(self.pending, key)


@dataclass(frozen=True)
class RuleHit:
    """What a rule has found: a sentence that says what to do, and what it is about."""

    message: str
    organization_id: str | None
    invite: Invite | None = None


@dataclass(frozen=True)
class Rule:
    """A rule, and what holds for it if the policy says nothing else.

    :ivar find: finds what breaks the rule, with these parameters.
    """

    check: Callable[[AuditInput, Parameters], Iterator[RuleHit]]
    severity: str
    parameters: Parameters


def evaluate(audit_input: AuditInput, policy: Policy) -> list[Finding]:
    """Return what breaks a rule, the gravest first, and then in the order of the rules.

    :param policy: for each rule, what shall not be as in ``RULES``: ``enabled``, ``severity``, and
        its own parameters.
    :raises PolicyError: if there is no such rule or parameter, or a value cannot be.
    """
    audit_input = replace(audit_input, invites=sort_invites(audit_input.invites))
    found = [
        {
            "rule": name,
            "severity": parameters["severity"],
            "message": hit.message,
            "organization_id": hit.organization_id,
            "invite": hit.invite,
        }
        for name, parameters in merge_policy(policy).items()
        if parameters["enabled"]
        for hit in RULES[name].check(audit_input, parameters)
    ]
    return sorted(found, key=lambda one: -SEVERITIES.index(one["severity"]))


def sort_invites(invites: Iterable[Invite]) -> list[Invite]:
    """Return the invites by organization, in an order that does not depend on how they came."""
    names = ("organization_name", "organization_id", "invited_on", "id")
    return sorted(
        invites, key=lambda one: (*(str(one.get(name) or "") for name in names), invite_key(one))
    )


def invite_key(invite: Invite) -> str:
    """Return a text that is the same for the same invite, and another for every other."""
    return json.dumps(invite, sort_keys=True, default=str)


def merge_policy(policy: Policy) -> dict[str, dict[str, Any]]:
    """Return all rules with all their parameters, as they are and as the policy changes them.

    :raises PolicyError: as ``findings`` does.
    """
    if not isinstance(policy, Mapping):
        raise PolicyError("The policy is not a dictionary. Give a dictionary of rules.")
    for name in policy:
        if name not in RULES:
            raise PolicyError(f"There is no rule {quote(name)}. Rules are: {', '.join(RULES)}.")
    return {name: _merge_rule(name, rule, policy.get(name) or {}) for name, rule in RULES.items()}


def _merge_rule(name: str, rule: Rule, changes: Parameters) -> dict[str, Any]:
    defaults = {"enabled": True, "severity": rule.severity, **rule.parameters}
    if not isinstance(changes, Mapping):
        raise PolicyError(f"The rule {name} is not a dictionary. Give its parameters.")
    for parameter, value in changes.items():
        if parameter not in defaults:
            raise PolicyError(
                f"The rule {name} has no parameter {quote(parameter)}. "
                f"It has: {', '.join(defaults)}."
            )
        wanted = _PARAMETER_TYPES[type(defaults[parameter])]
        if not wanted.is_valid(value):
            raise PolicyError(f"{parameter} of the rule {name} is not {wanted.name}.")
    changed = {**defaults, **changes}
    if changed["severity"] not in SEVERITIES:
        raise PolicyError(f"severity of the rule {name} is not one of {', '.join(SEVERITIES)}.")
    return changed


@dataclass(frozen=True)
class _ParameterType:
    name: str
    is_valid: Callable[[Any], bool]


def _is_number(value: Any) -> bool:
    """Return whether this is a number of days or hours; YAML reads some, such as 1e3, as text."""
    if isinstance(value, bool):
        return False
    try:
        return 0 <= float(value) <= MAX_DURATION
    except (TypeError, ValueError, OverflowError):
        return False


def _is_string_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_PARAMETER_TYPES = {
    bool: _ParameterType("true or false", lambda value: isinstance(value, bool)),
    int: _ParameterType(f"a number from 0 to {MAX_DURATION}", _is_number),
    str: _ParameterType("a text", lambda value: isinstance(value, str)),
    list: _ParameterType("a list of texts", _is_string_list),
}


# The rules


def _check_stale(audit_input: AuditInput, parameters: Parameters) -> Iterator[RuleHit]:
    for invite in audit_input.pending:
        sent = parse_timestamp(invite["invited_on"])
        if sent and audit_input.time - sent > timedelta(days=float(parameters["days"])):
            days = (audit_input.time - sent).days
            action = _recommended_action(invite, "Have it answered, or take it back.", "Answer it.")
            yield _hit_for(invite, f"is open for {days} days. {action}")


def _check_expired(audit_input: AuditInput, _parameters: Parameters) -> Iterator[RuleHit]:
    for invite in audit_input.invites:
        if invite["status"] == "expired" or (
            invite["status"] == "pending" and _has_expired(invite, audit_input.time)
        ):
            since = f" on {sanitize(invite['expires_on'])}" if invite["expires_on"] else ""
            action = _recommended_action(invite, "send a new one.", "ask for a new one.")
            yield _hit_for(invite, f"expired{since}. If it is still wanted, {action}")


def _check_expiring_soon(audit_input: AuditInput, parameters: Parameters) -> Iterator[RuleHit]:
    for invite in audit_input.pending:
        end = parse_timestamp(invite["expires_on"])
        if end and timedelta(0) < end - audit_input.time < timedelta(
            hours=float(parameters["hours"])
        ):
            when = sanitize(invite["expires_on"])
            action = _recommended_action(invite, "have it accepted before.", "accept it before.")
            yield _hit_for(invite, f"lapses on {when}. If it is wanted, {action}")


def _check_privileged_role(audit_input: AuditInput, parameters: Parameters) -> Iterator[RuleHit]:
    patterns = [pattern.casefold() for pattern in parameters["roles"]]
    for invite in audit_input.pending:
        granted = [
            role
            for role in role_names(invite)
            if any(fnmatch.fnmatchcase(role.casefold(), pattern) for pattern in patterns)
        ]
        if granted:
            roles = ", ".join(map(quote, granted))
            yield _hit_for(invite, f"grants {roles}. See that this much is needed.")


def _check_external_invitee(audit_input: AuditInput, parameters: Parameters) -> Iterator[RuleHit]:
    domains = [f"@{domain.lstrip('@')}" for domain in parameters["domains"]]
    for invite in audit_input.pending:
        address = invite["invited_member_email"]
        if domains and address is not None and not _matches_any(address, domains):
            yield _hit_for(
                invite, "goes to an address outside the allowed domains. Take it back if unknown."
            )


def _check_unapproved_inviter(audit_input: AuditInput, parameters: Parameters) -> Iterator[RuleHit]:
    allowed = parameters["inviters"]
    for invite in audit_input.pending:
        inviter = invite["invited_by"]
        if allowed and inviter is not None and not _matches_any(inviter, allowed):
            yield _hit_for(
                invite,
                f"comes from {quote(inviter)}, who is not allowed to invite. Ask who that is, and "
                "do not accept it before.",
            )


def _check_twofactor_not_enforced(
    audit_input: AuditInput, _parameters: Parameters
) -> Iterator[RuleHit]:
    for invites in audit_input.group_pending(_organization_id).values():
        not_enforcing = [
            one for one in invites if one["organization_is_enforcing_twofactor"] is False
        ]
        if not_enforcing:
            invitee_count = len(
                {str(one["invited_member_email"]).strip().lower() for one in invites}
            )
            action = _recommended_action(
                not_enforcing[0], "Have it turned on.", "Ask it to, before you join."
            )
            yield RuleHit(
                f"{_format_organization(not_enforcing[0])} invites people ({invitee_count}) and "
                f"does not enforce two-factor authentication. {action}",
                not_enforcing[0]["organization_id"],
                not_enforcing[0],
            )


def _check_duplicate_invite(audit_input: AuditInput, _parameters: Parameters) -> Iterator[RuleHit]:
    # Each list by itself: two of them may well show the same invite.
    def address(invite: Invite) -> tuple[str, ...] | None:
        to, organization = invite["invited_member_email"], _organization_id(invite)
        if to is None or organization is None:
            return None
        return (invite.get("source") or "user", organization, to.strip().lower())

    for invites in audit_input.group_pending(address).values():
        if len(invites) > 1:
            others = ", ".join(sanitize(one["id"]) for one in invites[1:])
            action = _recommended_action(
                invites[0], "Take back all but one.", "Only one is needed."
            )
            yield _hit_for(invites[0], f"is not the only one to this address: {others}. {action}")


def _check_lookalike_name(audit_input: AuditInput, _parameters: Parameters) -> Iterator[RuleHit]:
    # A name is also taken for that of an organization that was joined already.
    joined = [invite for invite in audit_input.invites if invite["status"] == "accepted"]
    organizations = {
        str(identifier): invites[0]
        for identifier, invites in _group_by(
            [*audit_input.pending, *joined], _organization_id
        ).items()
    }
    by_skeleton: dict[str, list[str]] = {}
    for identifier, invite in organizations.items():
        for skeleton in skeletons(invite["organization_name"] or "") - {""}:
            by_skeleton.setdefault(skeleton, []).append(identifier)
    for identifier, invite in organizations.items():
        if invite["status"] != "pending":
            continue
        alike = {
            other: organizations[other]
            for skeleton in sorted(skeletons(invite["organization_name"] or "") - {""})
            for other in by_skeleton[skeleton]
            if other != identifier
        }
        if alike:
            others = [
                f"{quote_ascii(one['organization_name'])} ({sanitize(other)})"
                for other, one in sorted(alike.items())
            ]
            yield RuleHit(
                f"The organization {quote_ascii(invite['organization_name'])} "
                f"({sanitize(identifier)}) can be taken for {join_truncated(others)}. Find out "
                "whose each is, and go by their ids.",
                identifier,
                invite,
            )


def _check_unreadable(audit_input: AuditInput, _parameters: Parameters) -> Iterator[RuleHit]:
    read = {_organization_id(invite) for invite in audit_input.invites if invite.get("source")}
    for one in audit_input.unreadable:
        organization_id = one["organization_id"]
        scope = " as a whole" if organization_id in read else ", so nothing is known of its invites"
        yield RuleHit(
            f"The organization {sanitize(organization_id)} could not be read{scope}. {one['msg']}",
            organization_id,
        )


RULES = {
    "lookalike_name": Rule(_check_lookalike_name, "high", {}),
    "external_invitee": Rule(_check_external_invitee, "high", {"domains": []}),
    "unapproved_inviter": Rule(_check_unapproved_inviter, "high", {"inviters": []}),
    "privileged_role": Rule(
        _check_privileged_role,
        "medium",
        {"roles": ["*Super Administrator*", "Administrator", "Account Administrator"]},
    ),
    "twofactor_not_enforced": Rule(_check_twofactor_not_enforced, "medium", {}),
    "unreadable": Rule(_check_unreadable, "medium", {}),
    "expiring_soon": Rule(_check_expiring_soon, "low", {"hours": 24}),
    "stale": Rule(_check_stale, "low", {"days": 3}),
    "duplicate_invite": Rule(_check_duplicate_invite, "low", {}),
    "expired": Rule(_check_expired, "info", {}),
}


# What rules have in common


def _matches_any(email: str, patterns: Iterable[str]) -> bool:
    return any(email_matches(email, pattern) for pattern in patterns)


def role_names(invite: Invite) -> list[str]:
    """Return the names of an invite's roles, whether it has names or objects."""
    names = [role.get("name") if isinstance(role, dict) else role for role in invite["roles"]]
    return [name for name in names if isinstance(name, str)]


def _group_by(
    invites: Iterable[Invite], key: Callable[[Invite], object]
) -> dict[object, list[Invite]]:
    groups: dict[object, list[Invite]] = {}
    for invite in invites:
        if key(invite) is not None:
            groups.setdefault(key(invite), []).append(invite)
    return groups


def _recommended_action(invite: Invite, for_sender: str, for_invitee: str) -> str:
    """Return what to do: whoever reads of an invite of an account can act for it."""
    return for_sender if invite.get("source") else for_invitee


def _has_expired(invite: Invite, time: datetime) -> bool:
    end = parse_timestamp(invite["expires_on"])
    return end is not None and end <= time


def _organization_id(invite: Invite) -> str | None:
    identifier: str | None = invite["organization_id"]
    return identifier


def _format_organization(invite: Invite) -> str:
    return (
        f"The organization {quote(invite['organization_name'])} "
        f"({sanitize(invite['organization_id'])})"
    )


def _hit_for(invite: Invite, said: str) -> RuleHit:
    return RuleHit(
        f"The invite of {quote(invite['invited_member_email'])} to "
        f"{quote(invite['organization_name'])} ({sanitize(invite['organization_id'])}) {said}",
        invite["organization_id"],
        invite,
    )
