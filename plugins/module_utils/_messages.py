# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sentence about invites that a user reads."""

from __future__ import annotations

import heapq
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from ansible_collections.community.cloudflare.plugins.module_utils._text import (
    ID_FORMAT,
    quote,
    quote_ascii,
    skeletons,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ansible_collections.community.cloudflare.plugins.module_utils._executor import Outcome
    from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
        Invite,
        Membership,
    )

MAX_LISTED = 5
# The maximum length of an organization's name.
MAX_COMPARED = 100

# What a status means for an invite that is to be accepted.
_NOT_ACCEPTABLE = {
    "rejected": "was already rejected. Ask the organization for a new invite.",
    "expired": "is no longer pending: it expired{since}. Ask the organization for a new invite.",
    "canceled": "is no longer pending: the organization canceled it. Ask for a new invite.",
    "left": "was accepted, and the user has left the organization since. Ask for a new invite.",
}
_ALREADY_ACCEPTED = (
    "was already accepted. An accepted invite cannot be rejected. To leave the organization, use "
    "cf_membership."
)

SELECTOR_REQUIRED = "Give at least one of invite_id, organization_id, and organization_name."
ALL_FROM_SENDER_REQUIRED = (
    "Give at least one of invite_id, organization_id, and organization_name; or set "
    "all_from_sender to true beside invited_by, to select all invites of that sender."
)
ALL_FROM_SENDER_MISUSED = (
    "all_from_sender is true, so the rule needs invited_by, and no other selector."
)
REJECT_UNMATCHED_WITHOUT_ACCEPT = (
    "accept is empty, so reject_unmatched would reject every pending invite. Add rules to accept, "
    "or list the invites to reject under reject."
)


def invalid_id(option: str, value: str) -> str:
    """Return why the value of an option cannot be an ID."""
    hint = " To select by name, use organization_name." if option == "organization_id" else ""
    return f"{option} is {quote(value)}, which is not an ID: {ID_FORMAT}.{hint}"


def invalid_sender(value: str) -> str:
    """Return why a sender is not valid."""
    return (
        f"invited_by is {quote(value)}. Give an email address, or a whole domain as @example.com."
    )


def name_only_not_allowed(selection: str) -> str:
    """Return that a name alone does not identify an organization."""
    return (
        f"{selection} alone does not identify an organization, as any user can take any name. Add "
        "organization_id or invited_by, or set allow_name_only to true."
    )


def contradiction(selection: str) -> str:
    """Return that rules contradict each other."""
    return (
        f"{selection} is under both accept and reject. Remove one of the rules. Nothing was sent."
    )


def status_error(invite: Invite, state: str) -> str:
    """Return why an invite with this status cannot get the requested state."""
    if state == "rejected" and invite.status == "accepted":
        return f"{format_invite(invite)} {_ALREADY_ACCEPTED}"
    since = f" on {sanitize(invite.expires_on)}" if invite.expires_on else ""
    reason = _NOT_ACCEPTABLE.get(invite.status or "")
    if reason is None:
        return (
            f"{format_invite(invite)} has the unknown status {quote(invite.status)}. "
            "Nothing was changed."
        )
    return f"{format_invite(invite)} {reason.format(since=since)}"


def none_pending(selection: str, invites: Sequence[Invite]) -> str:
    """Return that several invites match, and none of them is pending."""
    statuses = join_truncated(
        [f"{_organization_id(invite)} ({sanitize(invite.status)})" for invite in invites]
    )
    return f"None of the {len(invites)} invites with {selection} is pending: {statuses}."


def no_match(selection: str, name: str | None, invites: Sequence[Invite]) -> str:
    """Return that no invite matches; for a name, with the closest names there are.

    :param invites: all invites of the user.
    """
    message = f"No invite matches {selection}."
    if name is not None and not invites:
        return f"{message} This user has no invites."
    closest = f" Closest names: {_closest_names(name, invites)}." if name is not None else ""
    return f"{message}{closest} Use cf_user_invite_info to list all invites."


def not_an_account(organization_id: str, account: Membership) -> str:
    """Return that the ID is that of an Organization (beta), which manages this account."""
    return (
        f"{quote(organization_id)} is the ID of an Organization (beta), which groups accounts. Use "
        f"the ID of an account, such as {sanitize(account.account_id)} "
        f"({quote(account.account_name)})."
    )


def sender_mismatch(selection: str, sender: str | None, invites: Sequence[Invite]) -> str:
    """Return that all invites that match otherwise were sent by another user."""
    senders = join_truncated(
        [f"{_organization(invite)} by {quote(invite.invited_by)}" for invite in invites]
    )
    return (
        f"No invite matches {selection}. Sent by another user than {quote(sender)}: {senders}. "
        "Correct invited_by if one of these is expected."
    )


def ambiguous_organizations(
    selection: str, invites: Sequence[Invite], lookalikes: Sequence[Invite]
) -> str:
    """Return that the pending invites of several organizations match.

    :param lookalikes: the pending invites of other organizations with a name that looks alike.
    """
    candidates = join_truncated(
        [f"{_organization_id(invite)} ({quote(invite.invited_by)})" for invite in invites]
    )
    return (
        f"{len(invites)} organizations with {selection} have pending invites. Set organization_id "
        f"or invited_by. Candidates: {candidates}."
        + (f" Look-alike names: {_spelled_names(lookalikes)}." if lookalikes else "")
    )


def accepted_and_rejected(invite: Invite) -> str:
    """Return that rules contradict each other about one invite."""
    return f"{format_invite(invite)} matches both an accept and a reject rule. Nothing was sent."


def no_invite_id(invite: Invite) -> str:
    """Return that an invite cannot be addressed."""
    return f"{format_invite(invite)} has no ID, so it cannot be accepted or rejected."


def no_twofactor(invite: Invite) -> str:
    """Return that require_twofactor excludes an invite."""
    return (
        f"{format_invite(invite)} is not accepted: its organization does not enforce two-factor "
        "authentication, which require_twofactor requires."
    )


def member_cannot_reject(membership: Membership) -> str:
    """Return that an organization to reject was joined already."""
    return (
        f"{already_member(membership)} An accepted invite cannot be rejected. To leave the "
        "organization, use cf_membership."
    )


def already_member(membership: Membership) -> str:
    """Return that the user is a member."""
    return (
        f"The user is already a member of {quote(membership.account_name)} "
        f"({sanitize(membership.account_id)})."
    )


def not_accepted(reason: str, invites: Sequence[Invite]) -> str:
    """Return a warning that pending invites were passed over, as the request is satisfied."""
    passed = join_truncated(
        [f"{_organization(invite)} by {quote(invite.invited_by)}" for invite in invites]
    )
    return f"{reason} Not accepted: {passed}. To accept one of these, select it by organization_id."


def already_accepted(invite: Invite) -> str:
    """Return that an organization was joined by an invite."""
    return f"{format_invite(invite)} was already accepted."


def organization_was_left(selection: str, invites: Sequence[Invite]) -> str:
    """Return that an organization was left, and others invite by its name now."""
    return (
        f"The user has left the organization with {selection}, and other organizations invite by "
        f"that name: {join_truncated([_organization(invite) for invite in invites])}. To accept "
        "one of these, select it by organization_id."
    )


def membership_missing(invite: Invite) -> str:
    """Return a warning that an accepted invite has no membership any more."""
    return (
        f"{format_invite(invite)} was accepted, but Cloudflare reports no membership in that "
        "organization. The user may have left it or may have been removed."
    )


def memberships_unreadable(selection: str, error: str) -> str:
    """Return that a rule could not be evaluated without the memberships."""
    return f"Memberships could not be read, so {selection} was not evaluated. {error}"


def accepted_of_sender(invites: Sequence[Invite]) -> str:
    """Return a warning that accepted invites of a sender cannot be rejected any more."""
    listed = join_truncated([_organization(invite) for invite in invites])
    return f"Invites of this sender were already accepted, and are not rejected: {listed}."


def same_name(invite: Invite, others: Sequence[Invite]) -> str:
    """Return a warning that other organizations have the name of the selected one."""
    listed = join_truncated([_organization_id(other) for other in others])
    return (
        f"{format_invite(invite)} was selected, but other organizations have the same name: "
        f"{listed}. Select by organization_id or invited_by."
    )


def lookalike_names(invites: Sequence[Invite]) -> str:
    """Return a warning of names that look alike, with their non-ASCII characters spelled out."""
    return f"Names that look alike: {_spelled_names(invites)}."


def lookalikes_of(invite: Invite, lookalikes: Sequence[Invite]) -> str:
    """Return a warning that other names look like that of the selected invite."""
    return (
        f"{format_invite(invite)} was selected. Look-alike names with pending invites: "
        f"{_spelled_names(lookalikes)}."
    )


def other_organization(before: Invite, after: Invite) -> str:
    """Return that the response to a change was about another organization."""
    return (
        f"{format_invite(before)} is {sanitize(after.status)}, but Cloudflare's response names "
        f"another organization: {_organization(after)}. Check the memberships of the user, and "
        "leave the organization if it is not expected."
    )


def other_name(before: Invite, after: Invite) -> str:
    """Return a warning that an organization has another name in the response to a change."""
    return (
        f"{format_invite(before)} is {sanitize(after.status)}. In Cloudflare's response the "
        f"organization is named {quote(after.organization_name)}."
    )


def not_sent(invite: Invite) -> str:
    """Return that nothing was sent about an invite, as it would have failed like another one."""
    return (
        f"{format_invite(invite)} is unchanged: no request was sent, as the credentials cannot "
        "respond to invites."
    )


def failure_summary(outcome: Outcome, *, allow_missing: bool) -> str:
    """Return how many rules and invites failed, and why the first of them did."""
    reasons = [failed.msg for failed in outcome.failed]
    if not allow_missing:
        reasons += [missing.msg for missing in outcome.missing]
    done = len(outcome.accepted) + len(outcome.rejected)
    satisfied = len(outcome.unchanged) + len(outcome.memberships)
    more = len(reasons) - MAX_LISTED
    return " ".join(
        [
            f"{len(reasons)} of {len(reasons) + done + satisfied} invites failed: "
            f"{len(outcome.accepted)} accepted, {len(outcome.rejected)} rejected, "
            f"{satisfied} unchanged.",
            *reasons[:MAX_LISTED],
            *([f"And {more} more: see failed_invites and missing."] if more > 0 else []),
        ]
    )


def format_invite(invite: Invite) -> str:
    """Return how a message names an invite."""
    return f"The invite from {_organization(invite)}"


def join_truncated(entries: Sequence[str], total: int | None = None) -> str:
    """Return at most five of the entries, and how many more of the total there are."""
    more = (len(entries) if total is None else total) - MAX_LISTED
    return ", ".join(entries[:MAX_LISTED]) + (f", and {more} more" if more > 0 else "")


def sanitize(text: str | None) -> str:
    """Return a text without quotes, escaped as quoted text is: an ID, a date, a status."""
    return "unknown" if text is None else quote(text)[1:-1]


def _organization(invite: Invite) -> str:
    return f"{quote(invite.organization_name)} ({_organization_id(invite)})"


def _organization_id(invite: Invite) -> str:
    return sanitize(invite.organization_id)


def _spelled_names(invites: Iterable[Invite]) -> str:
    return join_truncated(
        [
            f"{quote_ascii(invite.organization_name or '')} ({_organization_id(invite)})"
            for invite in invites
        ]
    )


def _closest_names(name: str, invites: Sequence[Invite]) -> str:
    """Return up to five organizations, closest first; look-alikes of each other spelled out."""
    matcher = SequenceMatcher()
    matcher.set_seq2(name[:MAX_COMPARED].casefold())

    def similarity(organization: tuple[str, str | None], exact: bool) -> float:
        matcher.set_seq1(organization[0][:MAX_COMPARED].casefold())
        return matcher.ratio() if exact else matcher.quick_ratio()

    organizations = list(
        dict.fromkeys(
            (invite.organization_name or "", invite.organization_id) for invite in invites
        )
    )
    # The exact ratio is slow, so only the most promising names are compared by it.
    likely = heapq.nlargest(4 * MAX_LISTED, organizations, key=lambda item: similarity(item, False))
    closest = sorted(
        likely,
        key=lambda item: (_look_alike(item[0], name), similarity(item, True)),
        reverse=True,
    )
    names = {name, *(organization[0] for organization in closest)}
    return join_truncated(
        [
            f"{(quote_ascii if _has_lookalike(item[0], names) else quote)(item[0])} "
            f"({sanitize(item[1])})"
            for item in closest[:MAX_LISTED]
        ],
        len(organizations),
    )


def _has_lookalike(name: str, names: Iterable[str]) -> bool:
    return any(other != name and _look_alike(other, name) for other in names)


def _look_alike(first: str, second: str) -> bool:
    return bool(skeletons(first) & skeletons(second) - {""})
