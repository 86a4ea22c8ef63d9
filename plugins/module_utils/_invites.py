# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which invite is meant, and what a wanted state asks for.

The whole policy of the collection, in pure functions on plain data. What cannot be done is a
``Refusal`` that is returned, so that one refusal among many invites stops no other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._lookalike import skeletons
from ansible_collections.community.cloudflare.plugins.module_utils._shape import text_or_null
from ansible_collections.community.cloudflare.plugins.module_utils._text import (
    ID_RULE,
    is_id,
    quoted,
)
from ansible_collections.community.cloudflare.plugins.module_utils._time import moment
from ansible_collections.community.cloudflare.plugins.module_utils._wording import (
    beware,
    describe,
    inviting,
    labels,
    listed,
    plain,
    spelling,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ansible_collections.community.cloudflare.plugins.module_utils._shape import Invite

# What counts as done already: an invite that is not open any more needs no rejection.
_AS_WANTED = {
    "accepted": frozenset({"accepted"}),
    "rejected": frozenset({"rejected", "expired", "canceled", "left"}),
}
_REFUSED = {
    "accepted": "was accepted already. Leaving an organization is something else than rejecting "
    "its invite: remove the membership instead",
    "rejected": "was rejected already. Ask the organization for a new invite",
    "expired": "is no longer open, since it expired{since}. Ask the organization for a new invite",
    "canceled": "is no longer open, since the organization canceled it. Ask for a new invite",
    "left": "was accepted, but its organization was left again. Ask for a new invite",
}

# By which field of an invite an option of a selector finds it, the most telling first.
_SELECTED_BY = {
    "invite_id": "id",
    "organization_id": "organization_id",
    "organization_name": "organization_name",
}
_LONG_AGO = datetime.min.replace(tzinfo=timezone.utc) + timedelta(days=1)


@dataclass(frozen=True)
class Refusal:
    """What is wanted cannot be done.

    :ivar message: why, and what to do now.
    :ivar invite: the invite that it is about, if it is about one.
    """

    message: str
    invite: Invite | None = None


@dataclass(frozen=True)
class Missing(Refusal):
    """There is no such invite.

    :ivar left_out: the ids of organizations that have sent one, but by somebody else.
    """

    left_out: frozenset[str | None] = frozenset()

    def may_be_joined(self, selector: Selector) -> bool:
        """Tell whether the user may be a member of what is selected, without any invite."""
        return selector.is_lasting and not (self.left_out and selector.organization_id)


@dataclass(frozen=True)
class Ambiguous(Refusal):
    """There are several such invites, and nothing tells which one is meant."""


@dataclass(frozen=True)
class Plan:
    """What is to be done about one invite.

    :ivar invite: the invite that is meant, as it is.
    :ivar after: the invite as it will be.
    :ivar warnings: what a user should know before it is done.
    """

    invite: Invite
    after: Invite
    warnings: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        return self.after != self.invite

    @property
    def accepts(self) -> bool:
        return self.changes and self.after["status"] == "accepted"


@dataclass(frozen=True)
class Selector:
    """Which invites are meant; what is None does not matter.

    :ivar organization_name: matches exactly, but for white space around it.
    :ivar invited_by: an address, or a whole domain as ``@example.com``, in any case.
    """

    invite_id: str | None = None
    organization_id: str | None = None
    organization_name: str | None = None
    invited_by: str | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Selector:
        """Take the selector out of the options of a task, or of a rule."""
        return cls(**{name: options.get(name) for name in cls.__dataclass_fields__})

    def complaint(self) -> str | None:
        """Return what is wrong with the selector itself, if anything is."""
        for option in ("invite_id", "organization_id"):
            wrong_id = id_complaint(option, getattr(self, option))
            if wrong_id:
                return wrong_id
        if self.organization_name is not None and not self.organization_name.strip():
            return "organization_name is empty. Give the name as the invite shows it."
        if self.invited_by is not None and not re.fullmatch(r"\s*\S*@\S+\s*", self.invited_by):
            return (
                f"invited_by is {quoted(self.invited_by)}. Give an address, or a whole domain as "
                "@example.com."
            )
        return None

    @property
    def names_an_organization(self) -> bool:
        """Whether at most one invite can be meant, and not all of a sender."""
        return any(getattr(self, option) is not None for option in _SELECTED_BY)

    @property
    def is_only_a_name(self) -> bool:
        """Whether there is nothing but a name, which anybody can take."""
        return self == Selector(organization_name=self.organization_name)

    @property
    def is_lasting(self) -> bool:
        """Whether it still tells what is meant when the invite is forgotten."""
        return (self.organization_id or self.organization_name) is not None

    def selects(self, invite: Invite) -> bool:
        """Tell whether the invite is one of those meant, whoever sent it."""
        name = invite["organization_name"]
        return (
            self.invite_id in (None, invite["id"])
            and self.organization_id in (None, invite["organization_id"])
            and (
                self.organization_name is None
                or (name is not None and name.strip() == self.organization_name.strip())
            )
        )

    def is_sender_of(self, invite: Invite) -> bool:
        """Tell whether the invite was sent by whom it should be."""
        if self.invited_by is None:
            return True
        return is_from(invite["invited_by"] or "", self.invited_by)

    def __str__(self) -> str:
        given = {name: value for name, value in vars(self).items() if value is not None}
        return " and ".join(f"{name} {quoted(value)}" for name, value in given.items())


def id_complaint(option: str, value: str | None) -> str | None:
    """Return what is wrong with an id that was given, if anything is."""
    if value is None or is_id(value):
        return None
    return f"{option} is {quoted(value)}, which cannot be an id of Cloudflare: {ID_RULE}."


def with_status(invites: Iterable[Invite], statuses: Collection[str] | None) -> list[Invite]:
    """Return the invites of these statuses; of all if none is named."""
    return [invite for invite in invites if not statuses or invite["status"] in statuses]


def invited(invites: Iterable[Invite], email: str | None) -> list[Invite]:
    """Return the invites to this address, in any case; all if none is given."""
    return [
        invite
        for invite in invites
        if email is None or _fold(invite["invited_member_email"] or "") == _fold(email)
    ]


def is_from(address: str, wanted: str) -> bool:
    """Tell whether an address is the one that is wanted, or of that domain if it is ``@domain``."""
    found, wanted = _fold(address), _fold(wanted)
    return found.endswith(wanted) if wanted.startswith("@") else found == wanted


class Known:
    """The user's invites that are known, found by what a selector may name."""

    def __init__(self, invites: Sequence[Invite]) -> None:
        self.all = invites
        self._found: dict[tuple[str, str], list[Invite]] = {}
        self._alike: dict[str, list[Invite]] = {}
        for invite in invites:
            for option, field in _SELECTED_BY.items():
                self._found.setdefault((option, (invite[field] or "").strip()), []).append(invite)
            if invite["status"] in ("pending", "accepted"):
                for skeleton in skeletons(invite["organization_name"] or ""):
                    self._alike.setdefault(skeleton, []).append(invite)

    def selected_by(self, selector: Selector) -> list[Invite]:
        """Return the invites that are meant, whoever sent them."""
        for option in _SELECTED_BY:
            value = getattr(selector, option)
            if value is not None:
                found = self._found.get((option, value.strip()), [])
                return [invite for invite in found if selector.selects(invite)]
        return list(self.all)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Who invites, put into words once, as each rule that finds no invite tells it."""
        return labels(self.all)

    def may_be_taken(self, selector: Selector) -> bool:
        """Tell whether the name, and nothing else, has chosen invites none of which was accepted.

        Then only the memberships tell whether it is still the name of whom it once meant.
        """
        found = self.selected_by(selector) if selector.is_only_a_name else []
        return bool(found) and not with_status(_newest(found), ("accepted",))

    def alike(self, name: str | None) -> list[Invite]:
        """Return the open and the accepted invites whose organization has a name like this one."""
        found = {
            id(invite): invite
            for skeleton in skeletons(name or "") - {""}
            for invite in self._alike.get(skeleton, [])
            if name is not None and (invite["organization_name"] or "").strip() != name.strip()
        }
        return list(found.values())


def plan(known: Known, selector: Selector, state: str) -> list[Plan] | Refusal:
    """Decide what to do so that the invites that are meant are in the wanted state.

    :param known: the user's invites.
    :param selector: which one is meant. Only if it names no organization and no invite, but just
        who sent them, there can be several.
    :param state: ``accepted`` or ``rejected``.
    """
    if selector == Selector():
        return Refusal("No invite is chosen.")
    meant = _meant(known, selector, state)
    if isinstance(meant, Refusal):
        return meant
    plans = []
    for invite in meant:
        if invite["status"] not in ("pending", *_AS_WANTED[state]):
            return Refusal(f"{describe(invite)} {_why_refused(invite)}.", invite)
        if invite["status"] == "pending" and invite["id"] is None:
            return Refusal(f"{describe(invite)} has no id, so it cannot be answered.", invite)
        after = {**invite, "status": state} if invite["status"] == "pending" else invite
        plans.append(Plan(invite, after, _warnings(known, selector, invite)))
    return plans


@dataclass(frozen=True)
class Outlook:
    """What rules ask for.

    :ivar plans: what to do, each invite once.
    :ivar unmatched: how to reject the open invites that no rule is about.
    :ivar refusals: what cannot be as wanted.
    :ivar missing: the rules about invites to accept that are about none, each with the reason.
    :ivar contradictions: why nothing of it should be done at all.
    """

    plans: list[Plan]
    unmatched: list[Plan]
    refusals: list[Refusal]
    missing: list[tuple[Selector, Missing]]
    contradictions: list[str]


def plan_rules(
    known: Known,
    accept: Sequence[Selector],
    reject: Sequence[Selector],
    *,
    set_aside: Collection[Selector] = (),
    require_twofactor: bool = False,
) -> Outlook:
    """Decide what to do about all invites at once; about each rule as ``plan`` decides.

    :param known: the user's invites.
    :param accept: which invites to accept.
    :param reject: which invites to reject; a rule about none is fulfilled.
    :param set_aside: those of ``accept`` about which nothing is to be done, as the user is a member
        already, or nobody knows. What they are about is not unmatched all the same.
    :param require_twofactor: whether to refuse to accept an invite of an organization that is not
        known to demand two-factor authentication.
    """
    outlook = Outlook([], _unmatched(known, [*accept, *reject]), [], [], [])
    plans: dict[int, Plan] = {}
    wanted: dict[int, str] = {}
    to_accept = [selector for selector in accept if selector not in set_aside]
    for state, selectors in (("accepted", to_accept), ("rejected", reject)):
        for selector in selectors:
            decided = plan(known, selector, state)
            for invite in _named(decided):
                if wanted.setdefault(id(invite), state) != state:
                    outlook.contradictions.append(
                        f"{describe(invite)} would be both accepted and rejected."
                    )
            if isinstance(decided, list):
                for one in decided:
                    if require_twofactor and _lacks_twofactor(one):
                        outlook.refusals.append(_without_twofactor(one.invite))
                    else:
                        plans[id(one.invite)] = one
            elif isinstance(decided, Ambiguous):
                outlook.contradictions.append(decided.message)
            elif not isinstance(decided, Missing):
                outlook.refusals.append(decided)
            elif state == "accepted":
                outlook.missing.append((selector, decided))
    outlook.plans.extend(plans.values())
    return outlook


def _lacks_twofactor(planned: Plan) -> bool:
    return planned.accepts and planned.invite["organization_is_enforcing_twofactor"] is not True


def _without_twofactor(invite: Invite) -> Refusal:
    return Refusal(
        f"{describe(invite)} is not accepted: its organization is not known to demand two-factor "
        "authentication. Ask it to, or do not require it.",
        invite,
    )


def _named(decided: list[Plan] | Refusal) -> list[Invite]:
    if isinstance(decided, Refusal):
        return [] if decided.invite is None else [decided.invite]
    return [one.invite for one in decided]


def _unmatched(known: Known, selectors: Iterable[Selector]) -> list[Plan]:
    """Return plans to reject what no selector is about, not even as the history of another."""
    matched = {
        id(invite)
        for selector in selectors
        for invite in known.selected_by(selector)
        # Who gives an id means that one, though somebody else may have sent the invite.
        if selector.is_sender_of(invite) or selector.organization_id or selector.invite_id
    }
    return [
        Plan(invite, {**invite, "status": "rejected"})
        for invite in with_status(known.all, ("pending",))
        if id(invite) not in matched and invite["id"] is not None
    ]


def membership(
    organizations: Iterable[Mapping[str, Any]], selector: Selector, missing: Missing
) -> dict[str, str] | None:
    """Return the organization that is selected, if the user is a member of it already.

    An invite does not live for ever, but what it led to does. Who sent it cannot be known any more,
    nor can which invite it was: a selector by ``invite_id`` alone has no answer here.

    :param organizations: the user's organizations, as Cloudflare lists them.
    :param missing: why no invite is meant. An organization that invites by somebody else is not it.
    """
    joined = _memberships(organizations, selector)
    return next((one for one in joined if one["id"] not in missing.left_out), None)


def joined_by_name(
    organizations: Iterable[Mapping[str, Any]], selector: Selector, known: Known
) -> dict[str, str] | None:
    """Return the organization that the user has joined by this name, if others invite by it now.

    When Cloudflare has forgotten an invite, somebody else can take the name and send one: what was
    asked for is done all the same, and the stranger must not be let in.

    :param organizations: the user's organizations, as Cloudflare lists them.
    """
    joined = list(_memberships(organizations, selector))
    inviting = {invite["organization_id"] for invite in known.selected_by(selector)}
    if not joined or any(one["id"] in inviting for one in joined):
        return None
    return joined[0]


def _memberships(
    organizations: Iterable[Mapping[str, Any]], selector: Selector
) -> Iterator[dict[str, str]]:
    for organization in organizations:
        found = {name: text_or_null(organization.get(name)) or "" for name in ("id", "name")}
        by_id = selector.organization_id in (None, found["id"])
        by_name = (selector.organization_name or "").strip() in ("", found["name"].strip())
        if organization.get("status") == "member" and by_id and by_name:
            yield found


def imitations(invites: Iterable[Invite], known: Sequence[Invite]) -> list[str]:
    """Return a warning for each name that open invites seem to share with another organization.

    :param invites: those to warn of.
    :param known: all invites of the user. Also an organization that was joined can be imitated.
    """
    groups: dict[str, dict[object, Invite]] = {}
    for status in ("accepted", "pending"):
        for invite in with_status(known, (status,)):
            for skeleton in skeletons(invite["organization_name"] or "") - {""}:
                groups.setdefault(skeleton, {})[invite["organization_id"] or id(invite)] = invite
    wanted = {id(invite) for invite in with_status(invites, ("pending",))}
    # A group can have formed twice, by either skeleton of the same names.
    unique = {
        tuple(group): list(group.values())
        for group in groups.values()
        if len(group) > 1 and any(id(invite) in wanted for invite in group.values())
    }
    return [
        f"Several organizations have the same name, or names that look alike: {spelling(group)}."
        for group in unique.values()
    ]


def diff(before: Sequence[Invite], after: Sequence[Invite]) -> dict[str, Any]:
    """Return what ``--diff`` shows of invites before and after they were answered."""
    return {"before": {"invites": _shown(before)}, "after": {"invites": _shown(after)}}


def _shown(invites: Iterable[Invite]) -> list[dict[str, Any]]:
    fields = ("id", "organization_id", "organization_name", "status")
    return [{name: invite[name] for name in fields} for invite in invites]


def _meant(known: Known, selector: Selector, state: str) -> list[Invite] | Refusal:
    """Return the invites that are meant: one, unless only their sender is named."""
    selected = known.selected_by(selector)
    newest = _newest(selected)
    candidates = [invite for invite in newest if selector.is_sender_of(invite)]
    alike = known.alike(selector.organization_name)
    if not selected or (not candidates and not selector.names_an_organization):
        those = inviting(known.labels, selector.organization_name)
        return Missing(f"There is no invite with {selector}. {those}{beware(alike)}")
    if not candidates:
        return Missing(
            f"Not from {quoted(selector.invited_by)}, so not meant: {listed(newest)}. If one of "
            "these is meant all the same, correct invited_by.",
            left_out=frozenset(invite["organization_id"] for invite in newest),
        )
    pending = with_status(candidates, ("pending",))
    as_wanted = with_status(candidates, _AS_WANTED[state])
    if not selector.names_an_organization and (pending or as_wanted):
        return [*pending, *as_wanted]
    is_over = all(invite["status"] in _REFUSED for invite in candidates)
    if not selector.names_an_organization and state == "accepted" and is_over:
        return Missing(f"None of the invites with {selector} is open: {listed(candidates)}.")
    if as_wanted and state == "accepted" and selector.invited_by is None:
        # What was asked for is done. A stranger who takes the name later must not be let in, nor
        # make the task fail, when it runs again.
        return as_wanted[:1]
    if len(pending) > 1:
        return Ambiguous(
            f"Several organizations have an open invite with {selector}: {listed(pending)}. "
            "Anybody can give an organization any name: find out which one is meant, and choose it "
            f"by organization_id, or by invited_by.{beware(with_status(alike, ('pending',)))}"
        )
    if not pending and not as_wanted and len(candidates) > 1:
        return Refusal(f"None of the invites with {selector} is open: {listed(candidates)}.")
    return (pending or as_wanted or candidates)[:1]


def _newest(invites: Iterable[Invite]) -> list[Invite]:
    """Return the newest invite of each organization; older ones are history.

    Among invites of the same moment an open one counts, as it is the one that can be answered.
    """
    newest: dict[object, Invite] = {}
    for invite in invites:
        organization = invite["organization_id"] or id(invite)  # one that is not told is its own
        other = newest.get(organization)
        if other is None or _age_rank(invite) > _age_rank(other):
            newest[organization] = invite
    return list(newest.values())


def _age_rank(invite: Invite) -> tuple[datetime, bool]:
    return moment(invite["invited_on"]) or _LONG_AGO, invite["status"] == "pending"


def _why_refused(invite: Invite) -> str:
    status = invite["status"]
    since = f" on {plain(invite['expires_on'])}" if invite["expires_on"] else ""
    if status in _REFUSED:
        return _REFUSED[status].format(since=since)
    return f"has the status {quoted(status)}, which is not known, so it was left alone"


def _warnings(known: Known, selector: Selector, meant: Invite) -> tuple[str, ...]:
    """Return what makes the choice of this invite doubtful."""
    if not selector.names_an_organization:
        return ()
    others = [
        invite
        for invite in _newest(known.selected_by(selector))
        if selector.is_sender_of(invite) and invite is not meant
    ]
    others = with_status(others, None if meant["status"] == "pending" else ("pending",))
    warnings = []
    if others:
        warnings.append(
            f"{describe(meant)} was chosen, but other organizations have the same name: "
            f"{listed(others)}. Choose by organization_id, or by invited_by."
        )
    alike = with_status(known.alike(meant["organization_name"]), ("pending",))
    if alike:
        warnings.append(f"{describe(meant)} was chosen.{beware(alike)}")
    return tuple(warnings)


def _fold(text: str) -> str:
    """Return the text without outer white space and without upper case.

    Only ASCII is folded: str.lower would make a k of the Kelvin sign, and so match a look-alike.
    """
    return "".join(char.lower() if char.isascii() else char for char in text.strip())
