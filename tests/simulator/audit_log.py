# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Audit Logs v2 of an account, with an entry for each invite that was ever sent.

Facts: since and before are required; limit is at most 1,000, and a cap of 100 was seen; how the
last page looks is not documented. That the address is in the request and the ID in the response is
a guess.
"""

from __future__ import annotations

from typing import Any, Callable

from flask import Flask, request
from werkzeug.wrappers import Response

from . import envelope, errors
from .settings import Settings
from .state import Invite, Organization, State, parse_datetime


def add_audit_log(
    app: Flask, prefix: str, state: State, find_account: Callable[[str], Organization]
) -> None:
    """Add the operation that lists the audit log."""

    @app.get(f"{prefix}/accounts/<account_id>/logs/audit")
    def list_audit_log(account_id: str) -> Response:
        account, settings, arguments = find_account(account_id), state.settings, request.args
        if "since" not in arguments or "before" not in arguments:
            raise errors.invalid_member("since and before are required")
        since, before = (parse_datetime(arguments[name]) for name in ("since", "before"))
        invites = sorted(
            (
                invite
                for invite in state.invites.values()
                if invite.organization is account and since <= invite.invited_on < before
            ),
            key=lambda invite: invite.invited_on,
            reverse=arguments.get("direction", "desc") == "desc",
        )
        limit = min(int(arguments.get("limit", 100)), settings.audit_log_limit)
        start = int(arguments.get("cursor") or 0)
        page = invites[start : start + limit]
        info: dict[str, Any] = {"count": len(page)}
        if settings.audit_log_count == "text":
            info["count"] = str(len(page))
        is_last = start + limit >= len(invites)
        if not is_last or (settings.audit_log_end == "empty page" and page):
            info["cursor"] = str(start + limit)
        elif settings.audit_log_end != "omitted":
            info["cursor"] = arguments.get("cursor", "") * (settings.audit_log_end == "repeated")
        return envelope.success_list([_entry(one, settings) for one in page], info, settings)


def _entry(invite: Invite, settings: Settings) -> dict[str, Any]:
    member, place = {"id": invite.id, "status": "pending"}, settings.audit_log_member_id
    is_user = settings.audit_log_actor == "user"
    user, token = {"type": "user", "email": invite.invited_by}, {"type": "account"}
    return {
        "id": f"log-{invite.id}"[:32],
        "action": {
            "description": "Add Member",
            "result": "success",
            "time": invite.invited_on.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "type": "create",
        },
        "actor": user if is_user else {**token, "token_name": "automation"},
        "raw": {"method": "POST", "status_code": 200},
        "resource": {
            **({"id": invite.id} if place == "resource" else {}),
            "product": "members",
            "request": {"email": invite.email} if settings.audit_log_email == "request" else {},
            "response": {"response": member, "result": {"result": member}}.get(place, {}),
        },
    }
