# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only place that sends, changes, and cancels the invites of accounts.

Everything is sent in parallel, in rounds. Between them, the list of members of each account is read
once: it shows whether a request whose response was lost was applied. Only then it is repeated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils import (
    _account_messages as messages,
)
from ansible_collections.community.cloudflare.plugins.module_utils._account_member import (
    Member,
    compare,
)
from ansible_collections.community.cloudflare.plugins.module_utils._account_planner import (
    CANCEL,
    RESEND,
    SEND,
    UPDATE,
    Action,
    Plan,
)
from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
    RateLimitError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite import str_or_none
from ansible_collections.community.cloudflare.plugins.module_utils._selector import normalize_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client
    from ansible_collections.community.cloudflare.plugins.module_utils._invite import Invite

# Seconds before each read of a list that does not show a change yet.
READ_DELAYS = (0, 2, 5)
# How often an invite is sent at most, if the responses are lost.
MAX_ATTEMPTS = 3
# How many resends of an account are tried one by one, if none shows whether it can send invites.
MAX_FIRST_RESENDS = 3
# Errors that concern the credentials, and so all other changes in the account, too.
_CREDENTIAL_CODES = frozenset({9109, 10000})
_DONE = {SEND: "sent", RESEND: "resent", UPDATE: "updated", CANCEL: "canceled"}


@dataclass(frozen=True)
class FailedChange:
    """A person in an account who is not in the requested state.

    :ivar changed: whether something was, or may have been, changed all the same.
    """

    msg: str
    invite: Invite
    changed: bool = False
    failure: Mapping[str, Any] | None = None


@dataclass
class _Change:
    """An action, and what came of it so far.

    :ivar category: the list of the result that the invite ends up in.
    :ivar created: the object in the response to a POST.
    :ivar is_unknown: whether a POST may have been applied.
    :ivar was_rate_limited: whether a POST was rate limited, which should have had no effect.
    :ivar is_listed: whether the list of members still has the invite that was there before.
    :ivar changed: whether something was changed, or may have been.
    """

    action: Action
    category: str | None = None
    invite: Invite | None = None
    failed: FailedChange | None = None
    created: Mapping[str, Any] | None = None
    error: CloudflareError | None = None
    is_unknown: bool = False
    was_rate_limited: bool = False
    is_listed: bool = False
    changed: bool = False
    attempts: int = 0
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether the list of members must tell what came of it."""
        return self.category is None and self.failed is None

    @property
    def may_be_sent(self) -> bool:
        """Whether an invite that was not there before can be the one that was sent."""
        return self.created is not None or self.is_unknown or self.was_rate_limited

    def finish(self, category: str, invite: Invite) -> None:
        self.category, self.invite = category, invite

    def fail(self, *sentences: str, error: CloudflareError | None = None) -> None:
        failure = error.to_result() if error else None
        invite = self.action.before or self.action.after
        self.failed = FailedChange(" ".join(sentences), invite, self.changed, failure)


@dataclass(frozen=True)
class Outcome:
    """What was done, or in check mode would be done, and what not.

    :ivar by_category: the invites, by the list of the result that they are in.
    """

    by_category: dict[str, list[Invite]]
    failed: list[FailedChange]
    changes: list[tuple[Invite | None, Invite]]
    warnings: list[str]
    changed: bool


def apply(plan: Plan, client: Client, check_mode: bool) -> Outcome:
    """Carry out a plan; in check mode, only predict what would come of it."""
    changes = [_Change(action) for action in plan.actions]
    if check_mode:
        for change in changes:
            change.changed = True
            change.finish(_DONE[change.action.kind], change.action.after)
    else:
        _send_all(client, changes)
        _settle(client, changes)
    return _build_outcome(plan, changes)


def _build_outcome(plan: Plan, changes: Sequence[_Change]) -> Outcome:
    by_category: dict[str, list[Invite]] = {
        "sent": [],
        "resent": [],
        "updated": [],
        "canceled": [],
        "unchanged": list(plan.unchanged),
        "members": list(plan.members),
        "declined": list(plan.declined),
    }
    for change in changes:
        if change.category and change.invite:
            by_category[change.category].append(change.invite)
    done = [change for change in changes if change.category in _DONE.values() and change.invite]
    return Outcome(
        by_category=by_category,
        failed=[
            *(FailedChange(msg, invite) for msg, invite in plan.failures),
            *(change.failed for change in changes if change.failed),
        ],
        changes=[(change.action.before, change.invite) for change in done if change.invite],
        warnings=messages.join_notes(
            [*plan.notes, *(note for change in changes for note in change.notes)]
        ),
        changed=any(change.changed for change in changes),
    )


def _send_all(client: Client, changes: Sequence[_Change]) -> None:
    """Send the first change of each account, and then the other ones.

    So credentials that cannot change an account do not use up the rate limit of the user. If there
    are resends, they come first: if the invite of the first is rejected, no other one is canceled.
    """
    queues: dict[str, list[_Change]] = {}
    for change in sorted(changes, key=lambda one: one.action.kind != RESEND):
        queues.setdefault(change.action.account.id, []).append(change)
    first = _send_first_of_each(client, queues)
    resends: list[_Change] = []
    others: list[_Change] = []
    for account_id, queue in queues.items():
        leader = first[account_id]
        for change in queue:
            if leader.failed and _concerns_credentials(leader.error):
                change.fail(messages.not_attempted(change.action.email))
            elif change.action.kind == RESEND and _is_rejected_resend(leader):
                reason = messages.other_resend_failed(leader.action.email)
                change.fail(messages.not_resent(change.action.email, reason))
            else:
                (resends if change.action.kind == RESEND else others).append(change)
    # If the members of an account are limited, a new invite would take the place of a canceled one.
    for batch in (resends, others):
        list(client.map_parallel(lambda one: _send(client, one), batch))


def _send_first_of_each(client: Client, queues: Mapping[str, list[_Change]]) -> dict[str, _Change]:
    """Take changes out of each queue until one shows whether the account can send invites.

    :returns: the last change that was taken, by the ID of the account.
    """
    first: dict[str, _Change] = {}
    account_ids = list(queues)
    for _number in range(MAX_FIRST_RESENDS):
        taken = {account_id: queues[account_id].pop(0) for account_id in account_ids}
        first.update(taken)
        _send_and_settle(client, list(taken.values()))
        account_ids = [
            account_id
            for account_id, change in taken.items()
            if any(one.action.kind == RESEND for one in queues[account_id])
            and not _is_conclusive(change)
        ]
    return first


def _send_and_settle(client: Client, changes: Sequence[_Change]) -> None:
    """Send changes, and find out what came of those that decide about other ones."""
    list(client.map_parallel(lambda one: _send(client, one), changes))
    deciding = [
        one for one in changes if one.action.kind == RESEND or _concerns_credentials(one.error)
    ]
    _settle(client, [one for one in deciding if one.attempts and one.created is None])


def _is_conclusive(change: _Change) -> bool:
    """Tell whether a resend shows if the account can send invites, or the credentials cannot."""
    is_sent = change.created is not None or change.category == _DONE[RESEND]
    return is_sent or _is_rejected_resend(change) or _concerns_credentials(change.error)


def _is_rejected_resend(change: _Change) -> bool:
    """Tell whether an invite could not be sent again, and not because of its address."""
    is_resend = change.action.kind == RESEND and change.attempts > 0
    return is_resend and change.failed is not None and not _already_exists(change.error)


def _concerns_credentials(error: CloudflareError | None) -> bool:
    return error is not None and bool(error.error_codes & _CREDENTIAL_CODES)


def _send(client: Client, change: _Change) -> None:
    """Send the requests of one change. A worker reads no list: it would wait for other workers."""
    if change.action.member is None or _send_guarded(client, change):
        _post(client, change)


def _send_guarded(client: Client, change: _Change) -> bool:
    """Send the DELETE or the PUT; tell whether a POST has to follow."""
    action = change.action
    member_id = (action.member.id if action.member else None) or ""
    is_update = action.kind == UPDATE
    try:
        sent = client.send_guarded(
            *("PUT" if is_update else "DELETE", "accounts", action.account.id),
            *("members", member_id),
            may_send=lambda raw: action.permits(Member.from_raw(raw)),
            body=action.assignment.update_body() if is_update else None,
        )
    except CloudflareError as error:
        change.error = error
        change.changed = error.outcome_unknown
        change.fail(str(error), error=error)
        return False
    change.changed = sent.changed
    if sent.current is None:
        if is_update:
            change.fail(messages.gone_meanwhile(action.email))
        # A response that it is gone can be wrong: the list of members decides, or the POST.
        return action.kind == RESEND
    if not sent.sent:
        _finish_not_permitted(change, Member.from_raw(sent.current))
    elif action.kind == CANCEL:
        change.finish("canceled", action.after)
    return action.kind == RESEND and change.is_open


def _finish_not_permitted(change: _Change, current: Member) -> None:
    """Report what stands where a DELETE or a PUT was planned."""
    action = change.action
    invite = action.account.to_invite(current)
    is_same_person = current.email == action.email
    if not is_same_person:
        change.fail(messages.changed_meanwhile(action.email, current.status))
    elif current.status == "accepted":
        if change.changed and action.kind != UPDATE:
            change.fail(messages.maybe_removed(action.email))
        elif action.kind == CANCEL and action.is_requested:
            change.fail(messages.became_member(action.email))
        else:
            change.finish("members", invite)
            if action.kind != CANCEL and compare(action.assignment, current).is_different:
                change.notes.append((messages.MEMBER_HAS_OTHER_ROLES, action.email))
    elif action.kind == UPDATE and current.status == "pending":
        change.finish("updated" if change.changed else "unchanged", invite)
    elif current.status == "rejected":
        change.finish("unchanged" if action.kind == CANCEL else "declined", invite)
    else:
        change.fail(messages.changed_meanwhile(action.email, current.status))


def _post(client: Client, change: _Change) -> None:
    """Send an invite once."""
    action = change.action
    change.attempts += 1
    body = {"email": action.email, **action.assignment.create_body()}
    try:
        change.created = client.create("accounts", action.account.id, "members", body=body)
    except CloudflareError as error:
        change.error = error
        change.is_unknown = change.is_unknown or error.outcome_unknown
        change.was_rate_limited = change.was_rate_limited or error.after_rate_limit
        change.changed = change.changed or error.outcome_unknown
        # After an attempt that was rate limited, any error can be due to what it did. A response
        # that the earlier invite is gone can be wrong.
        is_unsettled = change.is_unknown or change.was_rate_limited or action.kind == RESEND
        if not (is_unsettled or _already_exists(error)):
            change.fail(str(error), error=error)
        return
    change.changed = True
    email = Member.from_raw(change.created).email
    if email not in (None, action.email):
        change.fail(messages.other_address(action.email, email))


def _already_exists(error: CloudflareError | None) -> bool:
    """Tell whether an address is a member or invited already, by the text: the code changed."""
    errors = error.errors if error else []
    return any("already exists" in str(one.get("message", "")).lower() for one in errors)


def _settle(client: Client, changes: Sequence[_Change]) -> None:
    """Read the lists until all changes show, and repeat the POSTs that were not applied."""
    while open_changes := [change for change in changes if change.is_open]:
        errors = _read_until_settled(client, open_changes)
        repeated = []
        for change in open_changes:
            if not change.is_open:
                continue
            error = errors.get(change.action.account.id)
            is_post = change.action.kind in (SEND, RESEND)
            if change.created is not None or not is_post or error:
                _finish_unread(change, error)
            elif (
                change.attempts < MAX_ATTEMPTS
                and not isinstance(change.error, RateLimitError)
                and (
                    change.is_unknown
                    or (change.action.kind == RESEND and _already_exists(change.error))
                )
            ):
                repeated.append(change)
            else:
                _fail_unsettled(change)
        list(client.map_parallel(lambda one: _post(client, one), repeated))


def _read_until_settled(client: Client, changes: Sequence[_Change]) -> dict[str, str]:
    """Read the lists of members after each of the delays; return errors by account."""
    errors: dict[str, str] = {}
    for delay in READ_DELAYS:
        account_ids = dict.fromkeys(one.action.account.id for one in changes if one.is_open)
        if not account_ids:
            break
        client.wait(delay)
        paths = [("accounts", account_id, "members") for account_id in account_ids]
        try:
            lists = client.list_many(paths, lambda _error: True)
        except CloudflareError as error:  # such as a list without an end
            return dict.fromkeys(account_ids, str(error))
        errors = {path[1]: str(error) for path, error in lists.errors.items()}
        members = {path[1]: found.items for path, found in lists.results.items()}
        errors.update(
            {path[1]: one.incomplete for path, one in lists.results.items() if one.incomplete}
        )
        for change in changes:
            found = members.get(change.action.account.id)
            if change.is_open and found is not None:
                is_complete = change.action.account.id not in errors
                _resolve(change, tuple(map(Member.from_raw, found)), is_complete)
        for limited in lists.errors.values():
            if isinstance(limited, RateLimitError):
                # The other lists are not read again, either, so what they lack is not known.
                return {**dict.fromkeys(account_ids, str(limited)), **errors}
    return errors


def _resolve(change: _Change, members: Sequence[Member], is_complete: bool) -> None:
    """Finish a change if the list of members shows it.

    :param is_complete: whether what the list lacks does not exist.
    """
    action = change.action
    old_id = normalize_id((action.member.id if action.member else None) or "")

    def is_old(member: Member) -> bool:
        return member.id is not None and normalize_id(member.id) == old_id

    change.is_listed = any(map(is_old, members))
    entries = [one for one in members if action.email in one.emails]
    if action.kind == CANCEL:
        # Cloudflare may not report the address any more.
        if is_complete and not (entries or change.is_listed):
            change.finish("canceled" if change.changed else "unchanged", action.after)
        return
    if action.kind == UPDATE:
        for entry in filter(is_old, entries):
            if not compare(action.assignment, entry).is_different:
                change.finish("updated", action.account.to_invite(entry))
                if entry.status == "accepted":
                    change.notes.append((messages.UPDATED_MEMBER, action.email))
        return
    created_id = normalize_id(str_or_none((change.created or {}).get("id")) or "")
    new = [one for one in entries if not is_old(one)]
    new.sort(key=lambda one: (one.status != "accepted", normalize_id(one.id or "") != created_id))
    if not new:
        if change.created is not None:
            _finish_unread(change, None)
        return
    entry = new[0]
    invite = action.account.to_invite(entry)
    comparison = compare(action.assignment, entry)
    if entry.status == "accepted":
        is_created = created_id != "" and normalize_id(entry.id or "") == created_id
        change.finish(_DONE[action.kind] if is_created else "members", invite)
        if comparison.is_different:
            change.notes.append((messages.MEMBER_HAS_OTHER_ROLES, action.email))
    elif entry.status != "pending":
        change.fail(messages.changed_meanwhile(action.email, entry.status))
    elif change.may_be_sent or not comparison.is_different:
        change.changed = change.changed or change.may_be_sent
        change.finish(_DONE[action.kind] if change.changed else "unchanged", invite)
        if comparison.note or comparison.is_different:
            change.notes.append((messages.roles_differ(comparison.note), action.email))
    else:
        change.fail(messages.invited_by_another(action.email))


def _finish_unread(change: _Change, error: str | None) -> None:
    """Finish a change that the list of members does not show."""
    action = change.action
    if action.kind == UPDATE:
        reason = messages.not_read_again(error) if error else ""
        change.fail(reason or messages.other_roles_remain(action.email))
    elif action.kind == CANCEL:
        change.fail(messages.not_gone(action.email, error))
    elif change.created is None:
        _fail_unsettled(change, error)
    else:
        merged = {**action.assignment.to_raw(), **change.created, "email": action.email}
        change.finish(_DONE[action.kind], action.account.to_invite(Member.from_raw(merged)))
        if error:
            change.notes.append((messages.not_read_again(error), action.email))


def _fail_unsettled(change: _Change, read_error: str | None = None) -> None:
    error = change.error
    reasons = [str(error) if error else None, read_error, _unsettled(change)]
    change.fail(*filter(None, reasons), error=error)


def _unsettled(change: _Change) -> str:
    """Return what is known of an invite that no list shows."""
    email = change.action.email
    if change.is_unknown:
        return messages.may_be_sent(email)
    if change.action.kind == RESEND:
        if change.is_listed:
            return messages.not_gone(email)
        return (messages.not_invited_now if change.changed else messages.gone_meanwhile)(email)
    return messages.may_be_blocked(email) if _already_exists(change.error) else ""


def build_diff(changes: Sequence[tuple[Invite | None, Invite]]) -> dict[str, Any]:
    """Return what ``--diff`` shows of invites before and after."""
    return {
        "before": {"invites": [_diff_entry(before) for before, _after in changes if before]},
        "after": {"invites": [_diff_entry(after) for _before, after in changes]},
    }


def _diff_entry(invite: Invite) -> dict[str, Any]:
    names = [role.get("name") or role.get("id") for role in invite.roles]
    return {
        "organization_id": invite.organization_id,
        "invited_member_email": invite.invited_member_email,
        "status": invite.status,
        "roles": names,
    }
