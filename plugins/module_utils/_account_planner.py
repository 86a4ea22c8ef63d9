# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All decisions about the invites of accounts, in pure functions.

The principle behind them: a DELETE removes a member as well as it cancels an invite, and a PUT
changes both. So only an entry that is certainly a pending invite to the right address is touched.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils import (
    _account_messages as messages,
)
from ansible_collections.community.cloudflare.plugins.module_utils._account_member import (
    POLICY_SIDES,
    Assignment,
    Member,
    Role,
    compare,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite import Invite
from ansible_collections.community.cloudflare.plugins.module_utils._roles import list_dicts
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    normalize_email,
    normalize_id,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import (
    is_real_id,
    is_valid_id,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    PathSegments = tuple[str, ...]

# Cloudflare documents the maximum length. Look-alikes and quoted local parts are no addresses here.
_EMAIL = re.compile(
    r"[!#-'*+\-/0-9=?A-Z^-~]+(\.[!#-'*+\-/0-9=?A-Z^-~]+)*"
    r"@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*"
)
MAX_EMAIL_LENGTH = 90
_HEX_ID = re.compile(r"[0-9A-Fa-f]{32}")

SEND, RESEND, UPDATE, CANCEL = "send", "resend", "update", "cancel"
# What can be canceled or sent again: it is no membership.
_REMOVABLE = frozenset({"pending", "rejected"})


@dataclass(frozen=True)
class InviteRequest:
    """A person to invite, or whose invite is to be canceled.

    :ivar email: the address as it is compared. Cloudflare makes it lower case, too.
    """

    email: str
    roles: tuple[str, ...] = ()
    policies: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> InviteRequest:
        """Take the request out of an element of ``invites``."""
        return cls(
            normalize_email(params["email"]),
            tuple(role.strip() for role in params["roles"] or ()),
            tuple(map(_normalize_policy, params["policies"] or ())),
        )


@dataclass(frozen=True)
class Account:
    """An account, and all its members.

    :ivar raw: the account as Cloudflare reports it, with at least its ``id``.
    """

    id: str
    raw: Mapping[str, Any] = field(hash=False)
    members: tuple[Member, ...] = ()

    def find(self, email: str) -> list[Member]:
        """Return the members with this address."""
        return [member for member in self.members if email in member.emails]

    def to_invite(self, member: Member, **changes: Any) -> Invite:
        """Return a member as a module returns it."""
        return Invite.from_account_member({**member.raw, **changes}, self.raw)

    def new_invite(self, email: str, assignment: Assignment, status: str | None) -> Invite:
        """Return an invite that is not in the list of members."""
        raw = {
            **dict.fromkeys(("id", "user", "api_access_enabled")),
            "email": email,
            "status": status,
            **assignment.to_raw(),
        }
        return Invite.from_account_member(raw, self.raw)


@dataclass(frozen=True)
class Action:
    """What is to be done about one person in one account.

    :ivar member: the invite that is there; None to send the first one.
    :ivar is_requested: whether the person is listed in the task.
    """

    kind: str
    account: Account
    email: str
    assignment: Assignment
    member: Member | None = None
    is_requested: bool = True

    def permits(self, current: Member) -> bool:
        """Tell whether a member that was just read is still what was planned for."""
        if current.email != self.email:
            return False
        if self.kind == UPDATE:
            is_different = compare(self.assignment, current).is_different
            return current.status == "pending" and is_different
        return current.status in (_REMOVABLE if self.kind == RESEND else ("pending",))

    @property
    def required(self) -> dict[PathSegments, dict[str, str]]:
        """What the account must have for an invite, label by ID, by the path of the list."""
        required = self.assignment.required.items()
        return {("accounts", self.account.id, *path): labels for path, labels in required}

    @property
    def before(self) -> Invite | None:
        """The invite as it was."""
        return self.account.to_invite(self.member) if self.member else None

    @property
    def after(self) -> Invite:
        """The invite as it will be."""
        if self.member is None or self.kind == RESEND:
            return self.account.new_invite(self.email, self.assignment, "pending")
        if self.kind == CANCEL:
            return self.account.to_invite(self.member, status="canceled")
        return self.account.to_invite(self.member, **self.assignment.to_raw())


@dataclass(frozen=True)
class Plan:
    """What is to be done, and what is not."""

    actions: list[Action] = field(default_factory=list)
    unchanged: list[Invite] = field(default_factory=list)
    members: list[Invite] = field(default_factory=list)
    declined: list[Invite] = field(default_factory=list)
    failures: list[tuple[str, Invite]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    """What to warn of, and whom it is about."""


@dataclass(frozen=True)
class Options:
    """The options of a task that decide."""

    state: str
    cancel_unlisted: bool = False
    resend: bool = False
    allow_super_administrator: bool = False

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Options:
        """Take the options out of the parameters of the module."""
        return cls(
            params["state"],
            params["cancel_unlisted"],
            params["resend"],
            params["allow_super_administrator"],
        )


def validate(requests: Sequence[InviteRequest], options: Options) -> str | None:
    """Return what is wrong with a task before anything is read, or None."""
    is_absent = options.state == "absent"
    if is_absent and (options.cancel_unlisted or options.resend):
        return messages.STATE_PRESENT_REQUIRED
    if options.cancel_unlisted and not requests:
        return messages.CANCEL_ALL
    counts = Counter(request.email for request in requests)
    for number, request in enumerate(requests, start=1):
        error = _request_error(request, is_absent)
        if counts[request.email] > 1:
            error = error or messages.listed_twice(request.email)
        if error is None and not (is_absent or options.allow_super_administrator):
            given = [*request.roles, *_group_ids(request)]
            if any(Role(one, one).is_super_administrator for one in given):
                error = messages.super_administrator(request.email)
        if error:
            return f"Element {number} of invites: {error}"
    return None


def _request_error(request: InviteRequest, is_absent: bool) -> str | None:
    if len(request.email) > MAX_EMAIL_LENGTH or not _EMAIL.fullmatch(request.email):
        return messages.invalid_email(request.email)
    if is_absent:
        return None
    if request.roles and request.policies:
        return messages.ROLES_AND_POLICIES
    if not (request.roles or request.policies):
        return messages.ROLES_OR_POLICIES_REQUIRED
    if not all(map(_is_valid_policy, request.policies)):
        return messages.INVALID_POLICY
    return None


def needs_role_names(requests: Iterable[InviteRequest]) -> bool:
    """Tell whether roles are given by name, so that the roles of an account must be read."""
    return any(not _HEX_ID.fullmatch(role) for request in requests for role in request.roles)


def build_assignments(
    requests: Iterable[InviteRequest],
    raw_roles: Iterable[Mapping[str, Any]],
    *,
    allow_super_administrator: bool,
) -> tuple[dict[str, Assignment], str | None]:
    """Return what each address gets, or an error.

    :param raw_roles: the roles of an account, as Cloudflare reports them; none if not read.
    """
    roles = [role for role in map(Role.from_raw, raw_roles) if role.id and is_valid_id(role.id)]
    assignments = {}
    for request in requests:
        found = []
        for label in request.roles:
            if _HEX_ID.fullmatch(label):
                matches = [role for role in roles if role.matches(Role(label, None))][:1]
                if not roles:  # They were not read.
                    matches = [Role(label.lower(), None)]
                elif not matches:
                    return {}, messages.unknown_role_id(label)
            else:
                matches = [role for role in roles if role.has_name_of(Role(None, label))]
            if len({role.id for role in matches}) != 1:
                names = [role.name for role in roles if role.name]
                return {}, messages.unknown_role(label, len(matches), names)
            found.append(matches[0])
        if not allow_super_administrator and any(role.is_super_administrator for role in found):
            return {}, messages.super_administrator(request.email)
        assignments[request.email] = Assignment(tuple(dict.fromkeys(found)), request.policies)
    return assignments, None


def find_unverified_policy(
    requests: Iterable[InviteRequest], groups: Iterable[Mapping[str, Any]]
) -> str | None:
    """Return why a policy may give all privileges, or None.

    :param groups: all permission groups of an account, as Cloudflare reports them.
    """
    known = [role for role in map(Role.from_raw, groups) if role.id]
    for request in requests:
        for group_id in _group_ids(request):
            found = [role for role in known if role.matches(Role(group_id, None))]
            if any(role.is_super_administrator for role in found):
                return messages.super_administrator(request.email)
            if not found or any(role.name is None for role in found):
                return messages.unknown_group(request.email, group_id)
    return None


def build_plan(
    accounts: Iterable[Account],
    requests: Sequence[InviteRequest],
    assignments: Mapping[str, Assignment],
    options: Options,
) -> Plan:
    """Decide what to do, from all members of all accounts that could be read."""
    plan = Plan()
    for account in accounts:
        for request in requests:
            assignment = assignments.get(request.email, Assignment())
            if options.state == "absent":
                _plan_absent(plan, account, request.email)
            else:
                _plan_present(plan, account, request, assignment, options.resend)
        if options.cancel_unlisted:
            _plan_unlisted(plan, account, {request.email for request in requests})
    return plan


def withhold_resends(
    plan: Plan,
    available: Mapping[PathSegments, Iterable[Mapping[str, Any]]],
    errors: Mapping[PathSegments, str],
) -> Plan:
    """Return the plan without canceling an invite that the account would not send again.

    :param available: what accounts have, as Cloudflare reports it, by the path of the list.
    :param errors: why lists could not be read, or are incomplete.
    """
    actions, failures = [], list(plan.failures)
    for action in plan.actions:
        reason = _find_missing_roles(action, available, errors) if action.kind == RESEND else None
        if reason is None:
            actions.append(action)
        else:
            msg = messages.not_resent(action.email, reason)
            failures.append((msg, action.before or action.after))
    return replace(plan, actions=actions, failures=failures)


def _find_missing_roles(
    action: Action,
    available: Mapping[PathSegments, Iterable[Mapping[str, Any]]],
    errors: Mapping[PathSegments, str],
) -> str | None:
    """Return why the account would not send an invite, or why that is not known, or None."""
    for path, labels in action.required.items():
        # Resource groups have no pages, so their list can seem incomplete.
        roles = map(Role.from_raw, available.get(path, ()))
        ids = {normalize_id(one.id) for one in roles if one.id}
        missing = [label for required_id, label in labels.items() if required_id not in ids]
        if missing:
            return errors.get(path) or messages.missing_in_account(
                action.account.raw, path[-1], missing
            )
    return None


def _plan_present(
    plan: Plan, account: Account, request: InviteRequest, assignment: Assignment, resend: bool
) -> None:
    found = account.find(request.email)
    if not found:
        plan.actions.append(Action(SEND, account, request.email, assignment))
        return
    member = _find_decisive(found)
    invite = account.to_invite(member)
    comparison = compare(assignment, member)
    if member.status == "accepted":
        plan.members.append(invite)
        if comparison.is_different:
            plan.notes.append((messages.MEMBER_HAS_OTHER_ROLES, request.email))
        return
    error = _entry_error(found, request.email)
    if member.status == "rejected" and not resend:
        plan.declined.append(invite)
        plan.unchanged.append(invite)
        plan.notes.append((messages.DECLINED, request.email))
    elif member.status not in _REMOVABLE:
        plan.failures.append((messages.unknown_status(request.email, member.status), invite))
    elif error and (resend or comparison.is_different):
        plan.failures.append((error, invite))
    elif resend:
        plan.actions.append(Action(RESEND, account, request.email, assignment, member))
    elif comparison.is_different:
        plan.actions.append(Action(UPDATE, account, request.email, assignment, member))
    else:
        plan.unchanged.append(invite)
        if comparison.note:
            plan.notes.append((messages.unchanged_roles(comparison.note), request.email))


def _plan_absent(plan: Plan, account: Account, email: str) -> None:
    found = account.find(email)
    if not found:
        plan.unchanged.append(account.new_invite(email, Assignment(), None))
        return
    member = _find_decisive(found)
    invite = account.to_invite(member)
    error = _entry_error(found, email)
    if member.status == "accepted":
        plan.failures.append((messages.already_member(email, account.raw), invite))
    elif error:
        plan.failures.append((error, invite))
    elif member.status == "pending":
        plan.actions.append(Action(CANCEL, account, email, Assignment(), member))
    elif member.status == "rejected":
        plan.unchanged.append(invite)
    else:
        plan.failures.append((messages.unknown_status(email, member.status), invite))


def _plan_unlisted(plan: Plan, account: Account, listed: set[str]) -> None:
    """Cancel pending invites to other addresses; warn of those that are not unique."""
    ids = Counter(member.id for member in account.members)
    for member in account.members:
        if member.status != "pending" or member.emails & listed:
            continue
        email = member.email
        if (
            email is None
            # It could be another spelling of an address that is listed.
            or not _EMAIL.fullmatch(email)
            or _entry_error(account.find(email), email)
            or ids[member.id] > 1
        ):
            emails = ", ".join(sorted(member.emails)) or "no address"
            plan.notes.append((messages.NOT_CANCELED, emails))
            continue
        action = Action(CANCEL, account, email, Assignment(), member, is_requested=False)
        plan.actions.append(action)


def _find_decisive(found: Sequence[Member]) -> Member:
    """Return the entry of an address that decides: a member before a pending invite.

    If the person is a member, nothing is sent about the address.
    """
    order = {"accepted": 0, "pending": 1}
    return min(found, key=lambda one: order.get(one.status or "", len(order)))


def _entry_error(found: Sequence[Member], email: str) -> str | None:
    """Return why an entry cannot be addressed without doubt, or None."""
    if len(found) > 1:
        return messages.several_entries(email)
    if found[0].email != email:
        return messages.two_addresses(sorted(found[0].emails))
    return messages.no_id(email) if found[0].id is None else None


def _group_ids(request: InviteRequest) -> list[str]:
    return [
        group["id"]
        for policy in request.policies
        for group in list_dicts(policy.get("permission_groups"))
        if isinstance(group.get("id"), str)
    ]


def _normalize_policy(policy: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a policy with the IDs of its groups and nothing else of them."""
    groups = {
        side: [
            {"id": normalize_id(group["id"])}
            if isinstance(group, dict) and isinstance(group.get("id"), str)
            else {"id": None}
            for group in policy[side]
        ]
        for side in POLICY_SIDES
        if isinstance(policy.get(side), list)
    }
    return {**policy, **groups}


def _is_valid_policy(policy: Mapping[str, Any]) -> bool:
    if set(policy) != {"access", *POLICY_SIDES}:
        return False
    ids = [[group["id"] for group in list_dicts(policy[side])] for side in POLICY_SIDES]
    return policy["access"] in ("allow", "deny") and all(
        side and all(isinstance(one, str) and is_valid_id(one) and is_real_id(one) for one in side)
        for side in ids
    )
