# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who sent a pending invite of an account, and when, from the account's Audit Logs v2.

Entries reach back to 2026-03-10, later 18 months. All of their fields are optional, and those that
Cloudflare copies from the request and the response are not documented. So an entry is matched by
the ID of the membership; by the address only if the entry names no other membership; and never by
time. https://developers.cloudflare.com/api/resources/accounts/subresources/logs/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
    Invite,
    str_or_none,
)
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    normalize_email,
    normalize_id,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import is_real_id

if TYPE_CHECKING:
    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client

# The oldest entry there is.
FIRST_DAY = datetime(2026, 3, 10, tzinfo=timezone.utc)
RETENTION = timedelta(days=548)
# What a filter of the API selects, and what is checked again here.
_EXPECTED = (("action", "type", "create"), ("action", "result", "success"))


@dataclass(frozen=True)
class AuditLog:
    """The successful creations of members in an account, the newest first.

    :ivar status: ``complete``, ``incomplete``, or ``unreadable``.
    :ivar msg: why it is not complete.
    """

    entries: Sequence[Mapping[str, Any]] = ()
    status: str = "complete"
    msg: str | None = None


def read_audit_logs(client: Client, account_ids: Sequence[str]) -> dict[str, AuditLog]:
    """Return the audit log of each account. One that cannot be read is not an error."""
    now = datetime.now(timezone.utc)
    query = {
        "since": _format(max(FIRST_DAY, now - RETENTION)),
        # Without the fraction of the second, the newest entries would be left out.
        "before": _format(now + timedelta(seconds=1)),
        "resource_product": "members",
        "action_type": "create",
        "action_result": "success",
        "direction": "desc",
        "limit": "1000",
    }

    def read(account_id: str) -> AuditLog:
        try:
            found = client.list_by_cursor("accounts", account_id, "logs", "audit", query=query)
        except CloudflareError as error:
            return AuditLog(status="unreadable", msg=str(error))
        status = "incomplete" if found.incomplete else "complete"
        return AuditLog(found.items, status, found.incomplete)

    return dict(zip(account_ids, client.map_parallel(read, account_ids)))


def add_senders(invites: Iterable[Invite], logs: Mapping[str, AuditLog]) -> list[Invite]:
    """Return the invites; the pending ones with the sender and the time from the audit logs."""
    return [
        _add_sender(invite, log.entries) if log and invite.status == "pending" else invite
        for invite in invites
        for log in [logs.get(invite.organization_id or "")]
    ]


def _add_sender(invite: Invite, entries: Iterable[Mapping[str, Any]]) -> Invite:
    entry = find_entry(invite, entries)
    found = {} if entry is None else entry
    actor, action = _object(found, "actor"), _object(found, "action")
    return replace(
        invite,
        # A token can be the actor, and has no address.
        invited_by=str_or_none(actor.get("email")) or None,
        invited_on=str_or_none(action.get("time")) or None,
        extra={
            **invite.extra,
            "invite_source": None if entry is None else "audit_log",
            "audit_log_id": str_or_none(found.get("id")),
        },
    )


def find_entry(invite: Invite, entries: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the entry about an invite: by its ID, else the newest one by the address."""
    by_address = []
    for entry in sorted(entries, key=lambda one: str(_object(one, "action").get("time")))[::-1]:
        if any(
            _object(entry, part).get(name) not in (None, value) for part, name, value in _EXPECTED
        ):
            continue
        ids = _membership_ids(entry, invite.organization_id)
        if normalize_id(invite.id or "") in ids:
            return entry
        email = str_or_none(_object(_object(entry, "resource"), "request").get("email"))
        if not ids and email and _is_same_address(email, invite.invited_member_email):
            by_address.append(entry)
    return by_address[0] if by_address else None


def _membership_ids(entry: Mapping[str, Any], account_id: str | None) -> set[str]:
    resource = _object(entry, "resource")
    response = _object(resource, "response")
    found = (resource.get("id"), response.get("id"), _object(response, "result").get("id"))
    ids = {normalize_id(one) for one in found if isinstance(one, str) and is_real_id(one)}
    return ids - {normalize_id(account_id or "")}


def _is_same_address(email: str, other: str | None) -> bool:
    return other is not None and normalize_email(email) == normalize_email(other)


def _object(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _format(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
