# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only place that responds to invites, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils import _messages as messages
from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite import Invite
from ansible_collections.community.cloudflare.plugins.module_utils._planner import (
    SATISFYING_STATUSES,
)
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    normalize_id,
    normalize_name,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import is_real_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client
    from ansible_collections.community.cloudflare.plugins.module_utils._invite import Membership
    from ansible_collections.community.cloudflare.plugins.module_utils._planner import (
        MissingInvite,
        Plan,
        PlanFailure,
        PlannedChange,
    )

# Errors that mostly concern the credentials, and so every other invite, too. If there is a code,
# the code decides.
_CREDENTIAL_STATUSES = frozenset({403, 405})
_CREDENTIAL_CODES = frozenset({9106, 9109, 10000})


@dataclass(frozen=True)
class FailedInvite:
    """An invite, or a rule, that is not in the requested state.

    :ivar invite: the invite as it was; None if the failure is not about a single one.
    :ivar changed: whether the invite may have been changed all the same.
    :ivar failure: the failed request, as in the ``failure`` of a module's result.
    """

    msg: str
    invite: Invite | None = None
    candidates: tuple[Invite, ...] = ()
    changed: bool = False
    failure: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class ChangeResult:
    """What came of one planned change.

    :ivar before: the invite as it was; equal to ``after`` if another client changed it.
    :ivar error: why it is not in the requested state.
    :ivar is_conclusive: whether it tells that these credentials can, or cannot, respond.
    :ivar stops: whether no other response can succeed.
    """

    before: Invite
    after: Invite
    error: FailedInvite | None = None
    warning: str | None = None
    is_conclusive: bool = True
    stops: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was done, or in check mode would be done, and what not."""

    accepted: list[Invite]
    rejected: list[Invite]
    unchanged: list[Invite]
    memberships: list[Membership]
    missing: list[MissingInvite]
    failed: list[FailedInvite]
    candidates: list[Invite]
    warnings: list[str]
    changes: list[tuple[Invite, Invite]]

    @property
    def changed(self) -> bool:
        """Whether something was, or may have been, changed."""
        return bool(self.accepted or self.rejected) or any(one.changed for one in self.failed)

    @property
    def failure(self) -> Mapping[str, Any] | None:
        """The first failed request, as in the ``failure`` of a module's result."""
        failures = [item.failure for item in self.failed] + [item.failure for item in self.missing]
        return next((failure for failure in failures if failure), None)


def apply(plan: Plan, client: Client, check_mode: bool) -> Outcome:
    """Carry out a plan; in check mode, only predict what would come of it."""
    if check_mode:
        results = [ChangeResult(change.before, change.after) for change in plan.changes]
    else:
        results = _respond_to_all(client, plan.changes)
    done = [result for result in results if result.error is None]
    changed = [result.after for result in done if result.before != result.after]
    return Outcome(
        accepted=[invite for invite in changed if invite.status == "accepted"],
        rejected=[invite for invite in changed if invite.status != "accepted"],
        unchanged=[
            *plan.unchanged,
            *(result.after for result in done if result.before == result.after),
        ],
        memberships=plan.memberships,
        missing=plan.missing,
        failed=[
            *map(_from_plan, plan.failures),
            *(result.error for result in results if result.error is not None),
        ],
        candidates=plan.candidates,
        warnings=[
            *plan.warnings,
            *(result.warning for result in results if result.warning is not None),
        ],
        changes=[(result.before, result.after) for result in done],
    )


def _respond_to_all(client: Client, changes: Sequence[PlannedChange]) -> list[ChangeResult]:
    """Respond to invites: one at a time until a response succeeds or fails, then in parallel.

    So credentials that cannot respond do not use up the rate limit of the user.
    """
    results: list[ChangeResult] = []
    remaining = list(changes)
    while remaining:
        result = _respond_to_invite(client, remaining.pop(0))
        results.append(result)
        if result.stops:
            return results + [_not_sent(change) for change in remaining]
        if result.is_conclusive:
            break
    return results + list(
        client.map_parallel(lambda one: _respond_to_invite(client, one), remaining)
    )


def _respond_to_invite(client: Client, change: PlannedChange) -> ChangeResult:
    """Respond to one invite."""
    before, state = change.before, change.after.status or ""
    try:
        update = client.update(
            *("user", "invites", before.id or ""),
            current=before.to_result(),
            changes={"status": state},
        )
    except CloudflareError as error:
        current = _find_closed_meanwhile(before, state, error)
        if current is not None:
            return ChangeResult(current, current)
        failed = FailedInvite(str(error), before, (), error.outcome_unknown, error.to_result())
        concerns_credentials = _may_concern_credentials(error)
        is_pending = error.current is not None and error.current.get("status") == before.status
        return ChangeResult(
            before,
            before,
            failed,
            is_conclusive=is_pending or not concerns_credentials,
            stops=is_pending and concerns_credentials,
        )
    # A field that the response lacks keeps its value.
    fields = {name: value for name, value in update.object.items() if value is not None}
    after = Invite.from_user({**before.to_result(), **fields})
    if _is_other_organization(before, after):
        failed = FailedInvite(
            messages.other_organization(before, after), before, (), update.changed
        )
        return ChangeResult(before, after, failed)
    return ChangeResult(
        before if update.changed else after, after, warning=_name_warning(before, after)
    )


def _may_concern_credentials(error: CloudflareError) -> bool:
    """Tell whether an error may concern the credentials rather than the invite."""
    if error.error_codes and error.http_status != HTTPStatus.METHOD_NOT_ALLOWED:
        return bool(error.error_codes & _CREDENTIAL_CODES)
    return error.http_status in _CREDENTIAL_STATUSES


def _find_closed_meanwhile(before: Invite, state: str, error: CloudflareError) -> Invite | None:
    """Return the invite if nothing is left to reject: it expired or was canceled meanwhile."""
    if state != "rejected" or error.current is None:
        return None
    current = Invite.from_user({**before.to_result(), **error.current})
    return current if current.status in SATISFYING_STATUSES[state] else None


def _name_warning(before: Invite, after: Invite) -> str | None:
    """Return a warning if Cloudflare responded with another name of the organization."""
    names = [normalize_name(invite.organization_name or "") for invite in (before, after)]
    return messages.other_name(before, after) if names[0] != names[1] else None


def _is_other_organization(before: Invite, after: Invite) -> bool:
    if not is_real_id(before.organization_id) or not is_real_id(after.organization_id):
        return False
    return normalize_id(before.organization_id or "") != normalize_id(after.organization_id or "")


def _not_sent(change: PlannedChange) -> ChangeResult:
    error = FailedInvite(messages.not_sent(change.before), change.before)
    return ChangeResult(change.before, change.before, error)


def _from_plan(failure: PlanFailure) -> FailedInvite:
    return FailedInvite(failure.msg, failure.invite, failure.candidates, failure=failure.failure)


def build_diff(changes: Sequence[tuple[Invite, Invite]]) -> dict[str, Any]:
    """Return what ``--diff`` shows of invites before and after."""
    return {
        "before": {"invites": [_diff_entry(before) for before, _after in changes]},
        "after": {"invites": [_diff_entry(after) for _before, after in changes]},
    }


def _diff_entry(invite: Invite) -> dict[str, Any]:
    fields = ("id", "organization_id", "organization_name", "status")
    return {name: getattr(invite, name) for name in fields}
