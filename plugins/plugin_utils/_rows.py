# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of an audit: an invite or a member as reports show it and rules assess it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ansible_collections.community.cloudflare.plugins.module_utils._invite import parse_timestamp

Row = dict[str, Any]

# The fields of an invite that a report has unchanged.
INVITE_FIELDS = (
    "id",
    "status",
    "organization_id",
    "organization_name",
    "organization_is_enforcing_twofactor",
    "invited_member_id",
    "invited_member_email",
    "invited_by",
    "invited_on",
    "expires_on",
    "invite_source",
    "audit_log_id",
)
_SORTED_BY = ("organization_name", "organization_id", "invited_on", "id")


def build_rows(reads: Iterable[Mapping[str, Any]], time: datetime) -> list[Row]:
    """Return the invites and members by organization, numbered from 1.

    The order does not depend on the order of the invites.

    :param reads: what was read, each with ``source`` and ``result``, which has ``invites``.
    :param time: the time of the audit.
    """
    rows = sorted(
        (
            _build_row(invite, invite.get("source") or read["source"], time)
            for read in reads
            for invite in read["result"].get("invites") or ()
        ),
        key=lambda row: (
            *(str(row[name] or "") for name in _SORTED_BY),
            json.dumps(row, sort_keys=True),
        ),
    )
    return [{"number": number, **row} for number, row in enumerate(rows, start=1)]


def is_member(row: Row) -> bool:
    """Tell whether the row is an accepted member of an account."""
    return bool(row["record"] == "member")


def is_pending(row: Row) -> bool:
    return bool(row["status"] == "pending")


def _build_row(invite: Mapping[str, Any], source: str, time: datetime) -> Row:
    sent = parse_timestamp(invite.get("invited_on"))
    user = invite.get("user")
    twofactor = user.get("two_factor_authentication_enabled") if isinstance(user, Mapping) else None
    return {
        "record": "member" if source == "account" and invite["status"] == "accepted" else "invite",
        "source": source,
        **{name: invite.get(name) for name in INVITE_FIELDS},
        "roles": role_names(invite),
        "two_factor_authentication_enabled": twofactor if isinstance(twofactor, bool) else None,
        "age_in_days": None if sent is None else round((time - sent).total_seconds() / 86400, 2),
    }


def role_names(invite: Mapping[str, Any]) -> list[str]:
    """Return the names of the roles, and of the permission groups that policies grant.

    An account with Domain Scoped Roles turns the roles of a new member into policies.
    https://developers.cloudflare.com/api/resources/accounts/subresources/members/
    """
    names = [_name(role) for role in invite.get("roles") or []]
    policies = invite.get("policies")
    for policy in policies if isinstance(policies, list) else []:
        if isinstance(policy, Mapping) and policy.get("access") != "deny":
            groups = policy.get("permission_groups")
            names += [_name(group) for group in groups] if isinstance(groups, list) else []
    return list(dict.fromkeys(name for name in names if name is not None))


def _name(role: object) -> str | None:
    """Return the name of a role or a permission group; its ID if it has no name."""
    if isinstance(role, Mapping):
        role = role.get("name") or role.get("id")
    return role if isinstance(role, str) else None
