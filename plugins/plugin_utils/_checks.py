# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each audit rule checks. Pure functions on rows.

A rule checks each of its subjects. A subject that lacks what the rule needs is not assessed.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from ansible_collections.community.cloudflare.plugins.module_utils._invite import parse_timestamp
from ansible_collections.community.cloudflare.plugins.module_utils._messages import (
    join_truncated,
    sanitize,
)
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    email_matches,
    normalize_email,
    normalize_id,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import quote, quote_ascii
from ansible_collections.community.cloudflare.plugins.plugin_utils._lookalikes import (
    group_lookalikes,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._policy import Parameters
from ansible_collections.community.cloudflare.plugins.plugin_utils._rows import (
    Row,
    is_member,
    is_pending,
)

ScopeEntry = dict[str, Any]
Waiver = Mapping[str, Any]

# The organizations that a finding about look-alike names lists.
MAX_LISTED_ORGANIZATIONS = 20


@dataclass(frozen=True)
class AuditInput:
    """What an audit assesses.

    :ivar time: the time of the audit.
    :ivar scope: the users, accounts, and organizations that were to be read.
    """

    rows: Sequence[Row]
    time: datetime
    scope: Sequence[ScopeEntry] = ()
    waivers: Sequence[Waiver] = ()


@dataclass(frozen=True)
class Hit:
    """What a rule has found.

    :ivar message: what was found.
    :ivar recommendation: what to do.
    :ivar detail: what else tells this finding from another about the same subject.
    """

    message: str
    recommendation: str
    detail: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """A subject that a rule has checked, or that it could not assess.

    :ivar subject: what identifies the subject within its organization.
    :ivar source: the source of the scope entry that the subject belongs to.
    :ivar rows: the rows of the subject.
    :ivar organizations: of a subject that is not about a single organization.
    """

    subject: tuple[str, ...]
    source: str | None
    organization_id: str | None
    rows: tuple[Row, ...] = ()
    hit: Hit | None = None
    is_assessed: bool = True
    organizations: tuple[Mapping[str, Any], ...] = ()


# What recommendations call the tasks that follow them.
SEND = "cf_account_invites with state: present"
RESEND = "cf_account_invites with resend: true"
CANCEL = "cf_account_invites with state: absent"
ACCEPT = "cf_user_invite with state: accepted"

Assess = Callable[[Row], "Hit | bool"]
PASSED, NOT_ASSESSED = True, False


def subject_of(row: Row) -> tuple[str, ...]:
    """Return what identifies the invited user or the member: the address, else an ID."""
    email = row["invited_member_email"]
    return ("email", normalize_email(email)) if email else ("id", str(row["id"]))


def _check_rows(rows: Iterable[Row], assess: Assess) -> Iterator[Check]:
    for row in rows:
        result = assess(row)
        yield Check(
            (row["record"], *subject_of(row)),
            row["source"],
            row["organization_id"],
            (row,),
            hit=result if isinstance(result, Hit) else None,
            is_assessed=result is not NOT_ASSESSED,
        )


def _check_unreadable(audit: AuditInput, _parameters: Parameters) -> Iterator[Check]:
    for entry in audit.scope:
        hit = None
        if entry["status"] != "read":
            what = "could not be read" if entry["status"] == "unreadable" else "was read in part"
            hit = Hit(
                f"{format_entry(entry)} {what}. {entry['msg'] or ''}".rstrip(),
                "Correct the cause, and audit again. What was not read is not in this report.",
                (entry["status"],),
            )
        yield Check(("scope", entry["source"]), entry["source"], entry["id"], hit=hit)


def _check_lookalike_name(audit: AuditInput, _parameters: Parameters) -> Iterator[Check]:
    organizations: dict[str, list[Row]] = {}
    for row in audit.rows:
        if row["status"] not in ("pending", "accepted") or is_member(row):
            continue
        if row["organization_id"] is None or not row["organization_name"]:
            yield Check(("name",), row["source"], row["organization_id"], (row,), is_assessed=False)
        else:
            organizations.setdefault(row["organization_id"], []).append(row)
    names = {key: rows[0]["organization_name"] for key, rows in organizations.items()}
    known = set(map(normalize_id, names))
    names |= {
        normalize_id(entry["id"]): entry["name"]
        for entry in audit.scope
        if entry["source"] != "user"
        and entry["id"]
        and entry["name"]
        and normalize_id(entry["id"]) not in known
    }
    found: dict[str, list[str]] = {}
    for group in group_lookalikes(dict(sorted(names.items()))):
        if any(is_pending(row) for key in group for row in organizations.get(key, ())):
            found[group[0]] = group
    grouped = {key for group in found.values() for key in group}
    for key, rows in organizations.items():
        if key not in grouped:
            for row in rows:
                yield Check(("name",), row["source"], key, (row,))
    for group in found.values():
        # All of them, so that the ID of the finding changes when another organization joins in.
        yield Check(
            ("names", *group),
            None,
            None,
            tuple(row for key in group for row in organizations.get(key, ())),
            Hit(
                f"{len(group)} organizations have names that look alike: "
                + join_truncated([f"{quote_ascii(names[key])} ({sanitize(key)})" for key in group])
                + ".",
                "Find out who owns each organization, and select organizations by ID.",
            ),
            organizations=tuple(
                {"id": key, "name": names[key]} for key in group[:MAX_LISTED_ORGANIZATIONS]
            ),
        )


def _outside_domains(rows: Iterable[Row], parameters: Parameters, action: str) -> Iterator[Check]:
    domains = [f"@{domain.lstrip('@')}" for domain in parameters["domains"]]

    def assess(row: Row) -> Hit | bool:
        email = row["invited_member_email"]
        if not email:
            return NOT_ASSESSED
        if any(email_matches(email, domain) for domain in domains):
            return PASSED
        return Hit(f"{format_row(row)} has an address outside of the permitted domains.", action)

    return _check_rows(rows, assess)


def _check_external_invitee(audit: AuditInput, parameters: Parameters) -> Iterator[Check]:
    pending = filter(is_pending, audit.rows)
    return _outside_domains(pending, parameters, f"Unless it is intended, cancel it: {CANCEL}.")


def _check_external_member(audit: AuditInput, parameters: Parameters) -> Iterator[Check]:
    members = filter(is_member, audit.rows)
    return _outside_domains(
        members, parameters, "Unless it is intended, remove the member in the dashboard."
    )


def _check_unapproved_inviter(audit: AuditInput, parameters: Parameters) -> Iterator[Check]:
    def assess(row: Row) -> Hit | bool:
        inviter = row["invited_by"]
        if not inviter:
            return NOT_ASSESSED
        if any(email_matches(inviter, allowed) for allowed in parameters["inviters"]):
            return PASSED
        return Hit(
            f"{format_row(row)} was sent by {quote(inviter)}, who is not an approved sender.",
            _recommend(
                row,
                f"Ask the sender. Unless it is intended, cancel it: {CANCEL}.",
                "Do not accept the invite before you know the sender.",
            ),
            (normalize_email(inviter),),
        )

    return _check_rows(filter(is_pending, audit.rows), assess)


def _privileged(rows: Iterable[Row], parameters: Parameters, verb: str) -> Iterator[Check]:
    pattern = re.compile(
        "|".join(fnmatch.translate(pattern.casefold()) for pattern in parameters["roles"]) or "(?!)"
    )
    matches: dict[str, bool] = {}

    def is_privileged(role: str) -> bool:
        if role not in matches:
            matches[role] = bool(pattern.match(role.casefold()))
        return matches[role]

    def assess(row: Row) -> Hit | bool:
        if not row["roles"]:
            return NOT_ASSESSED
        roles = [role for role in row["roles"] if is_privileged(role)]
        if not roles:
            return PASSED
        return Hit(
            f"{format_row(row)} {verb} {join_truncated([quote(role) for role in roles])}.",
            "Use a role with fewer permissions if it is sufficient.",
            tuple(sorted(roles)),
        )

    return _check_rows(rows, assess)


def _check_privileged_role(audit: AuditInput, parameters: Parameters) -> Iterator[Check]:
    return _privileged(filter(is_pending, audit.rows), parameters, "grants")


def _check_privileged_member(audit: AuditInput, parameters: Parameters) -> Iterator[Check]:
    return _privileged(filter(is_member, audit.rows), parameters, "has")


def _check_twofactor_not_enforced(audit: AuditInput, _parameters: Parameters) -> Iterator[Check]:
    organizations: dict[str | None, list[Row]] = {}
    for row in filter(is_pending, audit.rows):
        organizations.setdefault(row["organization_id"], []).append(row)
    for organization_id, rows in organizations.items():
        # One API reports the setting where another does not.
        reported = [row for row in rows if row["organization_is_enforcing_twofactor"] is not None]
        violating = [row for row in reported if not row["organization_is_enforcing_twofactor"]]
        if organization_id is None or not violating:
            is_assessed = bool(reported) and organization_id is not None
            for row in rows:
                yield Check(
                    ("organization",),
                    row["source"],
                    organization_id,
                    (row,),
                    is_assessed=is_assessed,
                )
            continue
        users = len({subject_of(row) for row in rows})
        yield Check(
            ("organization",),
            violating[0]["source"],
            organization_id,
            tuple(rows),
            Hit(
                f"{_format_organization(violating[0])} has invited {users} "
                f"{'user' if users == 1 else 'users'} and does not enforce two-factor "
                "authentication.",
                _recommend(
                    violating[0],
                    "Enforce two-factor authentication in the settings of the account.",
                    "Ask the organization to enforce it before you accept the invite.",
                ),
            ),
        )


def _check_member_without_twofactor(audit: AuditInput, _parameters: Parameters) -> Iterator[Check]:
    def assess(row: Row) -> Hit | bool:
        enabled = row["two_factor_authentication_enabled"]
        if enabled is None:
            return NOT_ASSESSED
        return (
            PASSED
            if enabled
            else Hit(
                f"{format_row(row)} has not turned on two-factor authentication.",
                "Ask the member to turn it on, or enforce it in the settings of the account.",
            )
        )

    return _check_rows(filter(is_member, audit.rows), assess)


def _check_expiring_soon(audit: AuditInput, parameters: Parameters) -> Iterator[Check]:
    limit = timedelta(hours=float(parameters["hours"]))

    def assess(row: Row) -> Hit | bool:
        end = parse_timestamp(row["expires_on"])
        if end is None:
            return NOT_ASSESSED
        if not timedelta(0) < end - audit.time < limit:
            return PASSED
        return Hit(
            f"{format_row(row)} expires on {sanitize(row['expires_on'])}.",
            _recommend(
                row,
                f"Ask the user to accept it before, or send it again: {RESEND}.",
                f"Accept it before if it is expected: {ACCEPT}.",
            ),
        )

    return _check_rows(filter(is_pending, audit.rows), assess)


def _check_stale(audit: AuditInput, parameters: Parameters) -> Iterator[Check]:
    limit = timedelta(days=float(parameters["days"]))

    def assess(row: Row) -> Hit | bool:
        sent = parse_timestamp(row["invited_on"])
        if sent is None:
            return NOT_ASSESSED
        if audit.time - sent <= limit:
            return PASSED
        return Hit(
            f"{format_row(row)} has been pending for {(audit.time - sent).days} days.",
            _recommend(
                row,
                f"Ask the user to respond to it, or cancel it: {CANCEL}.",
                f"Accept it, or reject it: {ACCEPT} or rejected.",
            ),
        )

    return _check_rows(filter(is_pending, audit.rows), assess)


def _check_duplicate_invite(audit: AuditInput, _parameters: Parameters) -> Iterator[Check]:
    # By source, because several lists can show the same invite.
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in filter(is_pending, audit.rows):
        if row["invited_member_email"] is None or row["organization_id"] is None:
            yield Check(("id", str(row["id"])), row["source"], None, (row,), is_assessed=False)
        else:
            key = (row["source"], row["organization_id"], *subject_of(row))
            groups.setdefault(key, []).append(row)
    for (source, organization_id, *subject), rows in groups.items():
        hit = None
        if len(rows) > 1:
            hit = Hit(
                f"{format_row(rows[0])} is one of {len(rows)} pending invites to this address.",
                _recommend(
                    rows[0], "Cancel all invites except one.", "Accept only the latest invite."
                ),
            )
        yield Check(tuple(subject), source, organization_id, tuple(rows), hit)


def _check_expired(audit: AuditInput, _parameters: Parameters) -> Iterator[Check]:
    def assess(row: Row) -> Hit | bool:
        end = parse_timestamp(row["expires_on"])
        if row["status"] == "pending":
            if end is None:
                return NOT_ASSESSED
            if end > audit.time:
                return PASSED
        since = f" on {sanitize(row['expires_on'])}" if row["expires_on"] else ""
        return Hit(
            f"{format_row(row)} expired{since}.",
            _recommend(
                row,
                f"If it is still needed, send it again: {SEND}.",
                "Ask for a new invite if it is still needed.",
            ),
        )

    return _check_rows(
        (row for row in audit.rows if row["status"] in ("pending", "expired")), assess
    )


def _check_expired_waiver(audit: AuditInput, _parameters: Parameters) -> Iterator[Check]:
    for waiver in audit.waivers:
        hit = None
        if has_expired(waiver, audit.time):
            hit = Hit(
                f"The waiver of {waiver['rule']} for {format_waiver(waiver)} expired on "
                f"{waiver['expires_on']}. Its reason: {quote(waiver['reason'])}.",
                "Remove the waiver, or decide again and set a new date.",
                (waiver["expires_on"],),
            )
        subject = tuple(f"{name}={value}" for name, value in waiver_subject(waiver).items())
        yield Check(
            ("waiver", waiver["rule"], *subject), None, waiver.get("organization_id"), hit=hit
        )


CHECKS: dict[str, Callable[[AuditInput, Parameters], Iterator[Check]]] = {
    "unreadable": _check_unreadable,
    "lookalike_name": _check_lookalike_name,
    "external_invitee": _check_external_invitee,
    "unapproved_inviter": _check_unapproved_inviter,
    "external_member": _check_external_member,
    "privileged_role": _check_privileged_role,
    "twofactor_not_enforced": _check_twofactor_not_enforced,
    "member_without_twofactor": _check_member_without_twofactor,
    "expired_waiver": _check_expired_waiver,
    "privileged_member": _check_privileged_member,
    "expiring_soon": _check_expiring_soon,
    "stale": _check_stale,
    "duplicate_invite": _check_duplicate_invite,
    "expired": _check_expired,
}


def has_expired(waiver: Waiver, time: datetime) -> bool:
    """Tell whether the waiver does not count any more; it is valid through its last day, in UTC."""
    return time.astimezone(timezone.utc).date() > date.fromisoformat(waiver["expires_on"])


WAIVER_SUBJECTS = ("finding_id", "organization_id", "invited_member_email", "invite_id")


def waiver_subject(waiver: Waiver) -> dict[str, str]:
    """Return the subjects that the waiver has."""
    return {name: waiver[name] for name in WAIVER_SUBJECTS if waiver.get(name) is not None}


def format_waiver(waiver: Waiver) -> str:
    return ", ".join(f"{name} {quote(value)}" for name, value in waiver_subject(waiver).items())


def pluralize(count: int, what: str) -> str:
    """Return "1 invite", "2,000 invites", "2 entries"."""
    if count == 1:
        return f"{count} {what}"
    return f"{count:,} {what[:-1]}ies" if what.endswith("y") else f"{count:,} {what}s"


def format_entry(entry: ScopeEntry) -> str:
    """Return how a message names a user, an account, or an organization."""
    if entry["source"] == "user":
        return "The list of the user's invites"
    if entry["id"] is None:
        return "The list of accounts"
    name = f" {quote(entry['name'])}" if entry["name"] else ""
    return f"The {entry['source']}{name} ({sanitize(entry['id'])})"


def format_row(row: Row) -> str:
    """Return how a message names an invite or a member."""
    email = quote(row["invited_member_email"])
    organization = f"{quote(row['organization_name'])} ({sanitize(row['organization_id'])})"
    if is_member(row):
        return f"The member {email} of {organization}"
    return f"The invite of {email} to {organization}"


def _format_organization(row: Row) -> str:
    return (
        f"The organization {quote(row['organization_name'])} ({sanitize(row['organization_id'])})"
    )


def _recommend(row: Row, for_sender: str, for_invitee: str) -> str:
    """Return what to do. Who reads the invites of an account can act for the account."""
    return for_invitee if row["source"] == "user" else for_sender
