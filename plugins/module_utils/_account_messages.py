# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sentence about the invites of accounts that a user reads."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._messages import (
    MAX_LISTED,
    join_truncated,
    sanitize,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

STATE_PRESENT_REQUIRED = "cancel_unlisted and resend need state: present. Remove them."
CANCEL_ALL = (
    "invites is empty, so cancel_unlisted would cancel every pending invite. List the invites to "
    "keep; or list those to cancel, with state: absent."
)
ROLES_AND_POLICIES = "roles and policies are mutually exclusive. Remove one of them."
ROLES_OR_POLICIES_REQUIRED = "Give roles or policies."
INVALID_POLICY = (
    "A policy needs access (allow or deny), permission_groups, and resource_groups. A group is "
    "{id: ...}."
)
MEMBER_HAS_OTHER_ROLES = "Members with other roles than requested, which are not changed"
UPDATED_MEMBER = "Accepted the invite meanwhile, so the update may have changed a member"
DECLINED = "Declined an earlier invite, and are not invited again without resend"
NOT_CANCELED = (
    "Pending invites that are not canceled, as their address or ID is missing, unusual, or not "
    "unique"
)


def invalid_email(email: str) -> str:
    """Return that an address is none."""
    return f"email is {quote(email)}, which is not an email address of ASCII characters."


def listed_twice(email: str) -> str:
    """Return that an address is listed more than once."""
    return f"{quote(email)} is listed more than once. Case does not matter in addresses."


def super_administrator(email: str) -> str:
    """Return that an invite would give all privileges."""
    return (
        f"{quote(email)} would be Super Administrator. If that is intended, set "
        "allow_super_administrator to true."
    )


def unknown_group(email: str, group_id: str) -> str:
    """Return that a permission group could be Super Administrator."""
    return (
        f"The permission group {quote(group_id)} of {quote(email)} is not among those that "
        "Cloudflare reports, so it could be Super Administrator. Correct the ID, or set "
        "allow_super_administrator to true."
    )


def unreadable_groups(error: str) -> str:
    """Return that the permission groups could not be read."""
    return (
        f"Permission groups could not be read, so policies could make a person Super "
        f"Administrator. To invite anyway, set allow_super_administrator to true. {error}"
    )


def unknown_role(label: str, count: int, names: Sequence[str]) -> str:
    """Return that no role, or several roles, have a name."""
    if count:
        return f"{count} roles are named {quote(label)}. Give the ID of the role."
    closest = get_close_matches(label, names, n=MAX_LISTED, cutoff=0.3)
    hint = f" Closest: {', '.join(map(quote, closest))}." if closest else ""
    return f"No role is named {quote(label)}.{hint}"


def unknown_role_id(role_id: str) -> str:
    """Return that no role has an ID."""
    return f"No role has the ID {quote(role_id)}."


def unreadable_roles(error: str) -> str:
    """Return that the roles could not be read."""
    return f"Roles could not be read. Give their IDs instead of their names. {error}"


def already_member(email: str, account: Mapping[str, Any]) -> str:
    """Return that a person cannot be made absent."""
    return (
        f"{quote(email)} is a member of {format_account(account)}. This module never removes "
        "members."
    )


def unknown_status(email: str, status: str | None) -> str:
    """Return that an entry is neither invite nor membership."""
    return f"The invite to {quote(email)} has the unknown status {quote(status)}."


def several_entries(email: str) -> str:
    """Return that an address is not unique."""
    return f"Cloudflare lists {quote(email)} more than once. Nothing was sent."


def two_addresses(emails: Iterable[str]) -> str:
    """Return that an entry has two addresses."""
    return f"Cloudflare reports two addresses for one invite: {', '.join(map(quote, emails))}."


def no_id(email: str) -> str:
    """Return that an entry cannot be addressed."""
    return f"The invite to {quote(email)} has no ID, so it cannot be changed or canceled."


def unchanged_roles(note: str) -> str:
    """Return why roles were not compared, or not completely."""
    return f"Not changed, although {sanitize(note)}"


def gone_meanwhile(email: str) -> str:
    """Return that an invite disappeared before it was changed."""
    return f"Cloudflare reports that the invite to {quote(email)} is gone. Run the task again."


def not_gone(email: str, error: str | None = None) -> str:
    """Return that an invite may still be there, although a response says that it is not.

    :param error: why the list of members, which could tell, was not read.
    """
    reason = f"this could not be checked. {error}" if error else "the address is still in use."
    return (
        f"Cloudflare reports that the invite to {quote(email)} is gone, but {reason} Run the task "
        "again."
    )


def became_member(email: str) -> str:
    """Return that an invite was accepted before it was canceled."""
    return (
        f"{quote(email)} has accepted the invite meanwhile, and is a member. This module never "
        "removes members."
    )


def changed_meanwhile(email: str, status: str | None) -> str:
    """Return that an invite is not what it was any more."""
    return (
        f"The invite to {quote(email)} has changed meanwhile, and has the status {quote(status)}. "
        "Run the task again."
    )


def maybe_removed(email: str) -> str:
    """Return that the response to a DELETE was lost, and the person is a member now."""
    return (
        f"The response to the cancellation of the invite to {quote(email)} was lost, and the "
        "person is a member now. The request may have been applied. Run the task again to check."
    )


def other_roles_remain(email: str) -> str:
    """Return that an update does not show."""
    return (
        f"Cloudflare reported success, but the invite to {quote(email)} still has other roles "
        "than requested. Run the task again to check."
    )


def invited_by_another(email: str) -> str:
    """Return that another client sent another invite."""
    return (
        f"{quote(email)} was invited by another client meanwhile, with other roles. Run the task "
        "again."
    )


def may_be_blocked(email: str) -> str:
    """Return that an address cannot be invited."""
    return (
        f"Cloudflare reports that {quote(email)} is a member already, but does not list the "
        "address. An expired invite may block it: revoke it in the dashboard."
    )


def not_invited_now(email: str) -> str:
    """Return what a failed resend means."""
    return (
        f"{quote(email)} is not invited now, as the earlier invite was canceled. To send it, run "
        "the task again without resend."
    )


def not_resent(email: str, reason: str) -> str:
    """Return why an invite is not sent again, and so not canceled."""
    return f"The invite to {quote(email)} is not replaced, and stays as it is. {reason}"


def other_resend_failed(email: str) -> str:
    """Return why no further invite of an account is canceled."""
    return f"Sending the invite to {quote(email)} again has failed."


def missing_in_account(account: Mapping[str, Any], kind: str, labels: Iterable[str]) -> str:
    """Return that an account lacks what an invite is to give.

    :param kind: what the account has a list of, such as ``roles``.
    """
    listed = join_truncated(list(map(quote, labels)))
    return f"{format_account(account)} has no such {kind.replace('_', ' ')}: {listed}."


def may_be_sent(email: str) -> str:
    """Return that it is not known whether an invite was sent."""
    return f"The invite to {quote(email)} may have been sent. Run the task again to check."


def other_address(email: str, other: str | None) -> str:
    """Return that a response is about another address."""
    return (
        f"The response to the invite to {quote(email)} names another address, {quote(other)}. "
        "Check the members of the account."
    )


def not_attempted(email: str) -> str:
    """Return that nothing was sent as the first request for the account failed."""
    return (
        f"Nothing was sent about {quote(email)}, as the credentials cannot change the members of "
        "the account."
    )


def roles_differ(note: str | None) -> str:
    """Return that a new invite has other roles than requested."""
    return f"Invited, but {sanitize(note or 'Cloudflare reports other roles than requested')}"


def not_read_again(error: str) -> str:
    """Return that a list was not read after the changes."""
    return f"Sent, but the members could not be read again. {error}"


def format_account(account: Mapping[str, Any]) -> str:
    """Return how a message names an account."""
    name, account_id = account.get("name"), sanitize(str(account["id"]))
    return f"{quote(name)} ({account_id})" if isinstance(name, str) else f"account {account_id}"


def join_notes(notes: Iterable[tuple[str, str]]) -> list[str]:
    """Return one warning for each note, with those whom it is about."""
    emails: dict[str, list[str]] = {}
    for note, email in notes:
        emails.setdefault(note, []).append(quote(email))
    return [
        f"{note}: {join_truncated(list(dict.fromkeys(found)))}." for note, found in emails.items()
    ]


def summary(failures: Sequence[str], done: Mapping[str, int]) -> str:
    """Return how much failed, and why the first of it did."""
    counts = ", ".join(f"{count} {name}" for name, count in done.items())
    more = len(failures) - MAX_LISTED
    return " ".join(
        [
            f"{len(failures)} failed: {counts}.",
            *failures[:MAX_LISTED],
            *([f"And {more} more: see failed_invites and unreadable."] if more > 0 else []),
        ]
    )
