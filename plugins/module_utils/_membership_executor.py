# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only place that ends a membership of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._api.client import (
    SUCCESS_READ_DELAYS,
)
from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._membership_planner import (
    Departure,
    MembershipSelector,
    UserMembership,
    plan_departure,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client


def leave_account(
    client: Client,
    selector: MembershipSelector,
    *,
    allow_super_administrator: bool,
    check_mode: bool,
) -> dict[str, Any]:
    """End the membership that the selector selects, and return the result of the module.

    :raises CloudflareError: if a request fails.
    """

    def read_memberships() -> list[UserMembership]:
        items = client.list_all("memberships", require_complete=True).items
        return list(map(UserMembership.from_raw, items))

    def plan(memberships: list[UserMembership]) -> Departure:
        return plan_departure(
            memberships, selector, allow_super_administrator=allow_super_administrator
        )

    departure = plan(read_memberships())
    if departure.error:
        candidates = [one.to_result() for one in departure.candidates]
        return _failure(departure.error, candidates)
    before = departure.membership
    if before is None:
        return _success(None, departure.warning)
    if check_mode:
        return _success(before, None)

    # The name of the account and the ID of the membership can have changed since.
    same = MembershipSelector(None, before.account_id, None) if before.account_id else selector

    def is_listed(delay: float) -> bool:
        client.wait(delay)
        return any(
            one.status not in ("pending", "rejected") and False not in same.compare(one)
            for one in read_memberships()
        )

    def may_send(current: Mapping[str, Any]) -> bool:
        return plan([UserMembership.from_raw(current)]).membership is not None

    sent = client.send_guarded("DELETE", "memberships", before.id or "", may_send=may_send)
    if sent.current is not None and not sent.sent:
        changed = UserMembership.from_raw(sent.current)
        msg = f"The membership in {before} has changed meanwhile. Run the task again."
        return {**_failure(msg, [changed.to_result()]), "changed": sent.changed}
    try:
        # A response that it is gone can be wrong. So can the list, for a while.
        if sent.current is None and all(map(is_listed, SUCCESS_READ_DELAYS)):
            msg = f"Cloudflare reports that the membership in {before} is gone, but still lists it."
            result = _failure(f"{msg} Run the task again.", [before.to_result()])
            return {**result, "changed": sent.changed}
    except CloudflareError as error:
        raise error.replace(str(error), outcome_unknown=sent.changed) from None
    return _success(before if sent.changed else None, None)


def _failure(msg: str, candidates: list[dict[str, Any]]) -> dict[str, Any]:
    return {"failed": True, "changed": False, "msg": msg, "candidates": candidates}


def _success(left: UserMembership | None, warning: str | None) -> dict[str, Any]:
    return {
        "changed": left is not None,
        "membership": left.to_result() if left else None,
        "diff": {
            "before": {"memberships": [left.to_result()] if left else []},
            "after": {"memberships": []},
        },
        "warnings": [warning] if warning else [],
    }
