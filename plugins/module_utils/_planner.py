# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All decisions about responding to invites, in pure functions.

The principles behind them:

- A name can be taken by any user. An organization that was joined by a name keeps it: no other
  organization of that name is accepted by a rule that gives no ID.
- What fails or is ambiguous is left alone and reported, and does not stop the other rules.
- Invites that are no longer pending never widen what is accepted or rejected.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Protocol

from ansible_collections.community.cloudflare.plugins.module_utils import _messages as messages
from ansible_collections.community.cloudflare.plugins.module_utils._invite import parse_timestamp
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    filter_by_status,
    normalize_id,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import (
    is_real_id,
    is_valid_id,
    skeletons,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
        Invite,
        Membership,
    )
    from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
        InviteIndex,
        InviteSelector,
    )

# Fields of an invite that a rule can select by.
SELECTED_FIELDS = ("organization_id", "organization_name", "invited_by")
# The statuses that satisfy a requested state: there is nothing left to reject but a pending invite.
SATISFYING_STATUSES = {
    "accepted": frozenset({"accepted"}),
    "rejected": frozenset({"rejected", "expired", "canceled", "left"}),
}
# Comparing names is slow, so only the first messages that no invite matches list the closest ones.
_MAX_NAME_HINTS = 20
_MAX_DATETIME = datetime.max.replace(tzinfo=timezone.utc) - timedelta(days=1)
_MIN_DATETIME = datetime.min.replace(tzinfo=timezone.utc) + timedelta(days=1)


class MembershipsUnreadableError(Exception):
    """The memberships of the user could not be read.

    :ivar failure: the failed request, as in the ``failure`` of a module's result.
    """

    def __init__(self, message: str, failure: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.failure = failure


class MembershipProvider(Protocol):
    """Reads the memberships of the user when it is asked for the first time."""

    def load(self) -> Sequence[Membership]:
        """Return the accepted memberships.

        :raises MembershipsUnreadableError: if they cannot be read completely.
        """


@dataclass(frozen=True)
class Rule:
    """Which invites should get which state: ``accepted`` or ``rejected``.

    :ivar label: how an error names the rule; empty if a task has no other.
    """

    selector: InviteSelector
    state: str
    label: str = ""


@dataclass(frozen=True)
class PlannedChange:
    """A pending invite as it is, and as it will be."""

    before: Invite
    after: Invite

    @property
    def is_acceptance(self) -> bool:
        """Whether the invite will be accepted."""
        return self.after.status == "accepted"

    @classmethod
    def to(cls, invite: Invite, state: str) -> PlannedChange:
        """Plan to give an invite the requested state."""
        return cls(invite, replace(invite, status=state))


@dataclass(frozen=True)
class PlanFailure:
    """What cannot get its requested state.

    :ivar invite: the invite, if the failure is about a single one.
    :ivar candidates: the invites between which the rule does not decide.
    :ivar failure: the failed request, as in the ``failure`` of a module's result.
    """

    msg: str
    invite: Invite | None = None
    candidates: tuple[Invite, ...] = ()
    failure: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class MissingInvite:
    """An accept rule that no invite matches."""

    selector: InviteSelector
    msg: str
    candidates: tuple[Invite, ...] = ()
    failure: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Plan:
    """What is to be done, and what is not, each invite once.

    :ivar unchanged: the invites that satisfy a rule already.
    :ivar memberships: the memberships that satisfy a rule of which no invite is left.
    :ivar candidates: the invites that a warning is about.
    """

    changes: list[PlannedChange]
    unchanged: list[Invite]
    memberships: list[Membership]
    missing: list[MissingInvite]
    failures: list[PlanFailure]
    candidates: list[Invite]
    warnings: list[str]


def validate_rules(
    rules: Iterable[Rule], *, allow_name_only: bool = True, reject_unmatched: bool = False
) -> str | None:
    """Return what is wrong with the rules themselves, or None.

    :param allow_name_only: whether an accept rule may give a name and nothing else.
    """
    states: dict[tuple[str | None, ...], str] = {}
    for rule in rules:
        error = rule.selector.find_invalid_value() or _selection_error(rule)
        if rule.state == "accepted" and rule.selector.is_name_only and not allow_name_only:
            error = error or messages.name_only_not_allowed(str(rule.selector))
        if error:
            return f"{rule.label}: {error}" if rule.label else error
        if states.setdefault(rule.selector.key, rule.state) != rule.state:
            return messages.contradiction(str(rule.selector))
    if reject_unmatched and "accepted" not in states.values():
        return messages.REJECT_UNMATCHED_WITHOUT_ACCEPT
    return None


def _selection_error(rule: Rule) -> str | None:
    selector = rule.selector
    if selector.all_from_sender:
        is_complete = selector.is_sender_only and selector.invited_by is not None
        return None if is_complete else messages.ALL_FROM_SENDER_MISUSED
    if selector.is_sender_only:
        return messages.ALL_FROM_SENDER_REQUIRED if rule.label else messages.SELECTOR_REQUIRED
    return None


@dataclass(frozen=True)
class _Decision:
    """What one rule asks for.

    :ivar respond_to: the pending invites that should get the requested state.
    :ivar undecided: the pending invites between which the rule does not decide.
    """

    respond_to: tuple[Invite, ...] = ()
    undecided: tuple[Invite, ...] = ()
    unchanged: tuple[Invite, ...] = ()
    memberships: tuple[Membership, ...] = ()
    missing: MissingInvite | None = None
    failure: PlanFailure | None = None
    candidates: tuple[Invite, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Matches:
    """The invites that a selector by ID or name matches.

    :ivar all: all of them, from any sender.
    :ivar latest: the latest of each organization, from any sender.
    :ivar from_sender: those of ``latest`` that the required sender sent.
    :ivar pending: all that are pending and that the required sender sent, also older ones.
    """

    all: tuple[Invite, ...]
    latest: tuple[Invite, ...]
    from_sender: tuple[Invite, ...]
    pending: tuple[Invite, ...]

    @classmethod
    def find(cls, index: InviteIndex, rule: Rule) -> _Matches:
        matching = index.select(rule.selector)
        latest = _latest_per_organization(matching, rule.state)
        return cls(
            all=tuple(matching),
            latest=tuple(latest),
            from_sender=tuple(filter(rule.selector.matches_sender, latest)),
            pending=tuple(filter(rule.selector.matches_sender, _pending(matching))),
        )

    @property
    def actionable(self) -> list[Invite]:
        """The latest invites that are pending."""
        return _pending(self.from_sender)

    @property
    def is_ambiguous(self) -> bool:
        """Whether several organizations have a pending invite.

        Older pending invites count, too: else an organization whose latest invite has expired
        would make the only other one look unambiguous.
        """
        return len({_organization_key(invite) for invite in self.pending}) > 1


def build_plan(
    index: InviteIndex,
    rules: Sequence[Rule],
    memberships: MembershipProvider,
    *,
    reject_unmatched: bool = False,
    allow_missing: bool = False,
    require_twofactor: bool = False,
) -> Plan:
    """Decide what to do about all invites.

    :param index: the invites of the user.
    :param memberships: is asked only if a decision depends on it.
    :param reject_unmatched: whether to reject the pending invites that no rule matches. If a rule
        fails, none is rejected: what the rule should have matched may be among them.
    :param allow_missing: whether an accept rule may match no invite.
    :param require_twofactor: whether to accept only invites of organizations that enforce
        two-factor authentication.
    """
    decisions = [
        (rule, _decide(index, rule, memberships, list_names=position < _MAX_NAME_HINTS))
        for position, rule in enumerate(rules)
    ]
    changes, failures = _resolve_conflicts(decisions, require_twofactor)
    missing = [decision.missing for _rule, decision in decisions if decision.missing]
    failures += [decision.failure for _rule, decision in decisions if decision.failure]

    def collect(name: str) -> list[Any]:
        found = (item for _rule, decision in decisions for item in getattr(decision, name))
        return list(dict.fromkeys(found))

    unchanged, memberships_found = collect("unchanged"), collect("memberships")
    responded = {change.before for change in changes}
    candidates = [invite for invite in collect("candidates") if invite not in responded]
    has_failed = failures or (missing and not allow_missing) or any(one.failure for one in missing)
    if reject_unmatched and not has_failed:
        expected = {_real_id(change.after) for change in changes if change.is_acceptance}
        expected |= {_real_id(invite) for invite in unchanged if invite.status == "accepted"}
        expected |= _account_ids(memberships_found)
        changes += [
            PlannedChange.to(invite, "rejected")
            for invite in _select_unmatched(index, rules, missing)
            if invite not in candidates and _real_id(invite) not in expected - {None}
        ]
    return Plan(
        changes=changes,
        unchanged=unchanged,
        memberships=memberships_found,
        missing=missing,
        failures=list({(failure.msg, failure.invite): failure for failure in failures}.values()),
        candidates=candidates,
        warnings=collect("warnings"),
    )


def _resolve_conflicts(
    decisions: Iterable[tuple[Rule, _Decision]], require_twofactor: bool
) -> tuple[list[PlannedChange], list[PlanFailure]]:
    """Return the changes that no other rule and no guard contradicts, and the other ones."""
    requested: dict[Invite, str] = {}
    states: dict[Invite, set[str]] = {}
    for rule, decision in decisions:
        for invite in (*decision.respond_to, *decision.undecided):
            states.setdefault(invite, set()).add(rule.state)
        requested.update(dict.fromkeys(decision.respond_to, rule.state))
    changes, failures = [], []
    for invite, state in requested.items():
        lacks_twofactor = invite.organization_is_enforcing_twofactor is not True
        if len(states[invite]) > 1:
            failures.append(PlanFailure(messages.accepted_and_rejected(invite), invite))
        elif not _is_addressable(invite):
            failures.append(PlanFailure(messages.no_invite_id(invite), invite))
        elif state == "accepted" and require_twofactor and lacks_twofactor:
            failures.append(PlanFailure(messages.no_twofactor(invite), invite))
        else:
            changes.append(PlannedChange.to(invite, state))
    return changes, failures


def _select_unmatched(
    index: InviteIndex, rules: Iterable[Rule], missing: Iterable[MissingInvite]
) -> list[Invite]:
    """Return the pending invites that no rule is about, and that resemble no rule without a match.

    An invite of an organization that an accept rule gives by ID is not unmatched because another
    user sent it. Nor is one without a field that an accept rule needs.
    """
    accepted = [rule.selector for rule in rules if rule.state == "accepted"]
    matched = {
        invite
        for rule in rules
        for invite in index.select(rule.selector)
        if rule.selector.matches_sender(invite)
        or (rule.state == "accepted" and not rule.selector.is_name_based)
    }
    required = [
        name for name in SELECTED_FIELDS if any(getattr(selector, name) for selector in accepted)
    ]
    protected: set[str] = set()
    for selector in (rule.selector for rule in missing):
        protected |= _skeletons(
            selector.organization_id, selector.organization_name, selector.invited_by
        )
    return [
        invite
        for invite in _pending(index.invites)
        if _is_addressable(invite)
        and invite not in matched
        and all(getattr(invite, name) is not None for name in required)
        and not protected
        & _skeletons(
            invite.organization_id,
            invite.organization_name,
            invite.invited_by,
            "@" + (invite.invited_by or "").rpartition("@")[2],
        )
    ]


def _decide(
    index: InviteIndex, rule: Rule, memberships: MembershipProvider, *, list_names: bool
) -> _Decision:
    """Decide what one rule asks for.

    :param list_names: whether to name the closest organizations if no invite matches.
    """
    if rule.selector.is_sender_only:
        return _decide_sender(index, rule)
    matches = _Matches.find(index, rule)
    try:
        if rule.state == "rejected":
            return _decide_reject(index, rule, matches, memberships, list_names)
        return _decide_accept(index, rule, matches, memberships, list_names)
    except MembershipsUnreadableError as error:
        msg = messages.memberships_unreadable(str(rule.selector), str(error))
        if rule.state == "accepted" and not matches.all:
            return _Decision(missing=MissingInvite(rule.selector, msg, failure=error.failure))
        return _Decision(undecided=matches.pending, failure=PlanFailure(msg, failure=error.failure))


def _decide_sender(index: InviteIndex, rule: Rule) -> _Decision:
    """Decide about all pending invites of a sender."""
    invites = index.select(rule.selector)
    pending = tuple(_pending(invites))
    satisfied = tuple(filter_by_status(invites, SATISFYING_STATUSES[rule.state]))
    if rule.state == "rejected":
        accepted = filter_by_status(invites, ("accepted",))
        warnings = (messages.accepted_of_sender(accepted),) if accepted else ()
        return _Decision(respond_to=pending, unchanged=satisfied, warnings=warnings)
    if pending or satisfied:
        return _Decision(respond_to=pending, unchanged=satisfied)
    msg = (
        messages.none_pending(str(rule.selector), invites)
        if invites
        else messages.no_match(str(rule.selector), None, index.invites)
    )
    return _Decision(missing=MissingInvite(rule.selector, msg))


def _decide_reject(
    index: InviteIndex,
    rule: Rule,
    matches: _Matches,
    memberships: MembershipProvider,
    list_names: bool,
) -> _Decision:
    selector = rule.selector
    if matches.is_ambiguous:
        return _decide_ambiguous(index, selector, matches)
    accepted = {_organization_key(one) for one in filter_by_status(matches.latest, ("accepted",))}
    for invite in matches.pending:
        if _organization_key(invite) not in accepted:
            # Also older ones: an organization could hide a pending invite behind a later one.
            warnings = _selection_warnings(index, matches, invite)
            return _Decision(respond_to=matches.pending, warnings=warnings)
    for invite in filter_by_status(matches.from_sender, SATISFYING_STATUSES["rejected"]):
        return _Decision(unchanged=(invite,), warnings=_selection_warnings(index, matches, invite))
    if matches.from_sender:
        return _Decision(failure=_status_failure(rule, matches))
    # A membership does not tell who sent the invite.
    if selector.invited_by is None:
        for membership in _find_memberships(selector, memberships):
            return _Decision(failure=PlanFailure(messages.member_cannot_reject(membership)))
    missing = _build_missing(index, selector, matches, list_names)
    return _Decision(warnings=(missing.msg,), candidates=missing.candidates)


def _decide_accept(
    index: InviteIndex,
    rule: Rule,
    matches: _Matches,
    memberships: MembershipProvider,
    list_names: bool,
) -> _Decision:
    actionable = matches.actionable
    joined_ids = None
    if rule.selector.is_name_based and matches.pending:
        joined_ids = _ids_joined_by_name(rule.selector, matches, memberships)
        if joined_ids is not None:
            proven_ids = joined_ids - {None}
            actionable = [invite for invite in actionable if _real_id(invite) in proven_ids]
            if len(actionable) != 1:
                decision = _decide_if_satisfied(index, rule, matches, memberships, list_names)
                # One may be of the joined organization, so a rule that rejects it contradicts.
                undecided = tuple(matches.actionable) if None in joined_ids else ()
                return replace(decision, undecided=undecided)
    if joined_ids is None and matches.is_ambiguous:
        return _decide_ambiguous(index, rule.selector, matches)
    if joined_ids is None and rule.selector.is_name_based:
        # An organization that was left keeps its name, too: another one is not accepted by it.
        left = {_organization_key(invite) for invite in filter_by_status(matches.all, ("left",))}
        others = tuple(one for one in actionable if left and _organization_key(one) not in left)
        if others:
            msg = messages.organization_was_left(str(rule.selector), others)
            return _Decision(undecided=others, failure=PlanFailure(msg, candidates=others))
    for invite in actionable:
        return _Decision(respond_to=(invite,), warnings=_selection_warnings(index, matches, invite))
    return _decide_if_satisfied(index, rule, matches, memberships, list_names)


def _ids_joined_by_name(
    selector: InviteSelector, matches: _Matches, memberships: MembershipProvider
) -> set[str | None] | None:
    """Return the IDs of the organizations that were joined by this name, or None.

    Only these can still be accepted by the name: another user may have taken it since. If a joined
    organization has no real ID, which is None here, no invite can be proven to be its own.
    """
    joined = filter_by_status(matches.all, ("accepted",))
    if joined:
        return {_real_id(invite) for invite in joined}
    members = _find_memberships(selector, memberships)
    if members:
        return {one.account_id and normalize_id(one.account_id) for one in members}
    return None


def _decide_if_satisfied(
    index: InviteIndex,
    rule: Rule,
    matches: _Matches,
    memberships: MembershipProvider,
    list_names: bool,
) -> _Decision:
    """Decide about an accept rule of which no invite can be accepted: is it satisfied already?"""
    selector = rule.selector
    latest_invites = frozenset(matches.latest)

    def satisfied(
        reason: str,
        *warnings: str,
        unchanged: tuple[Invite, ...] = (),
        memberships: tuple[Membership, ...] = (),
    ) -> _Decision:
        joined_keys = {*map(_organization_key, unchanged), *_account_ids(memberships)}
        # Older ones, too, except those of the joined organization.
        passed_over = tuple(
            invite
            for invite in _pending(matches.all)
            if invite in latest_invites or _organization_key(invite) not in joined_keys
        )
        if passed_over:
            warnings = (messages.not_accepted(reason, passed_over), *warnings)
        return _Decision(
            unchanged=unchanged,
            memberships=memberships,
            candidates=passed_over,
            warnings=warnings,
        )

    latest = matches.latest if selector.is_name_based else matches.from_sender
    for invite in _sort_from_sender(selector, filter_by_status(latest, ("accepted",))):
        lookalikes = _lookalike_warnings(index, invite)
        return satisfied(messages.already_accepted(invite), *lookalikes, unchanged=(invite,))
    joined = filter_by_status(matches.all, ("accepted",)) if selector.is_name_based else []
    try:
        members = _find_memberships(selector, memberships)
    except MembershipsUnreadableError as error:
        if not joined:
            raise
        members, unconfirmed = [], messages.memberships_unreadable(str(selector), str(error))
    else:
        unconfirmed = messages.membership_missing(joined[0]) if joined else ""
    for membership in members:
        return satisfied(messages.already_member(membership), memberships=(membership,))
    if joined:
        return satisfied(messages.already_accepted(joined[0]), unconfirmed, unchanged=(joined[0],))
    if matches.from_sender:
        return _Decision(failure=_status_failure(rule, matches))
    missing = _build_missing(index, selector, matches, list_names)
    if selector.identifies_organization and selector.organization_id:
        for account in memberships.load():
            if account.is_managed_by(selector.organization_id):
                hint = messages.not_an_account(selector.organization_id, account)
                return _Decision(missing=replace(missing, msg=f"{missing.msg} {hint}"))
    return _Decision(missing=missing)


def _find_memberships(
    selector: InviteSelector, memberships: MembershipProvider
) -> list[Membership]:
    """Return the memberships in the organization that the selector identifies."""
    if not selector.identifies_organization:
        return []
    return [
        membership
        for membership in memberships.load()
        if selector.matches_organization(membership.account_id, membership.account_name)
    ]


def _decide_ambiguous(index: InviteIndex, selector: InviteSelector, matches: _Matches) -> _Decision:
    candidates = tuple(_latest_per_organization(matches.pending, "accepted"))
    lookalikes = index.find_lookalikes(selector.organization_name, ("pending",))
    msg = messages.ambiguous_organizations(str(selector), candidates, lookalikes)
    return _Decision(undecided=matches.pending, failure=PlanFailure(msg, candidates=candidates))


def _status_failure(rule: Rule, matches: _Matches) -> PlanFailure:
    """Return why none of the invites can get the requested state."""
    invites = matches.from_sender
    if len(invites) > 1:
        return PlanFailure(messages.none_pending(str(rule.selector), invites), candidates=invites)
    return PlanFailure(messages.status_error(invites[0], rule.state), invites[0], invites)


def _build_missing(
    index: InviteIndex, selector: InviteSelector, matches: _Matches, list_names: bool
) -> MissingInvite:
    if matches.latest:
        msg = messages.sender_mismatch(str(selector), selector.invited_by, matches.latest)
        return MissingInvite(selector, msg, matches.latest)
    name = selector.organization_name if list_names else None
    msg = messages.no_match(str(selector), name, index.invites)
    return MissingInvite(selector, msg)


def _selection_warnings(index: InviteIndex, matches: _Matches, selected: Invite) -> tuple[str, ...]:
    """Return what makes the selection of this invite doubtful."""
    organization = _organization_key(selected)
    others = [one for one in matches.from_sender if _organization_key(one) != organization]
    if selected.status != "pending":
        # What was joined by this name is not rejected, although the rule is satisfied.
        others = filter_by_status(others, ("pending", "accepted"))
    same_name = (messages.same_name(selected, others),) if others else ()
    return (*same_name, *_lookalike_warnings(index, selected))


def _lookalike_warnings(index: InviteIndex, invite: Invite) -> tuple[str, ...]:
    lookalikes = index.find_lookalikes(invite.organization_name, ("pending",))
    return (messages.lookalikes_of(invite, lookalikes),) if lookalikes else ()


def _sort_from_sender(selector: InviteSelector, invites: Iterable[Invite]) -> list[Invite]:
    """Return the invites of the required sender first."""
    return sorted(invites, key=lambda invite: not selector.matches_sender(invite))


def _latest_per_organization(invites: Iterable[Invite], state: str) -> list[Invite]:
    """Return the latest invite of each organization.

    Of equally new invites, the accepted one counts if accepted is requested, else a pending one;
    then the ID decides, so that every run selects the same. These also count as the latest if they
    have no date.
    """
    preferred = [state, "pending"] if state == "accepted" else ["pending"]

    def recency(invite: Invite) -> tuple[datetime, int, str]:
        is_preferred = invite.status in preferred
        rank = len(preferred) - preferred.index(invite.status or "") if is_preferred else 0
        default = _MAX_DATETIME if is_preferred else _MIN_DATETIME
        return parse_timestamp(invite.invited_on) or default, rank, invite.id or ""

    latest: dict[object, Invite] = {}
    for invite in invites:
        key = _organization_key(invite)
        other = latest.get(key)
        if other is None or recency(invite) > recency(other):
            latest[key] = invite
    return list(latest.values())


def _organization_key(invite: Invite) -> object:
    """Return what tells organizations apart; one without a real ID is like no other."""
    return _real_id(invite) or invite


def _real_id(invite: Invite) -> str | None:
    """Return the organization ID as it is compared, or None if it is no real ID."""
    organization_id = invite.organization_id
    return normalize_id(organization_id or "") if is_real_id(organization_id) else None


def _account_ids(memberships: Iterable[Membership]) -> set[str]:
    """Return the real account IDs of memberships as they are compared."""
    return {normalize_id(one.account_id) for one in memberships if one.account_id}


def _is_addressable(invite: Invite) -> bool:
    """Tell whether a request can name the invite."""
    return is_real_id(invite.id) and is_valid_id(invite.id or "")


def _pending(invites: Iterable[Invite]) -> list[Invite]:
    return filter_by_status(invites, ("pending",))


def _skeletons(*texts: str | None) -> set[str]:
    return {skeleton for text in texts for skeleton in skeletons(text or "")} - {""}
