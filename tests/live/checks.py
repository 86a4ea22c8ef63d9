# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of assumptions. What they return has no text of the server."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from ansible_collections.community.cloudflare.plugins.module_utils._text import is_real_id

from ..contract import Contract
from .probe import MEMBERS, Probe, Response

MISSING = object()
# A well-formed ID that nothing has.
UNKNOWN_ID = "0123456789abcdef" * 2
SMALL_PAGE = 5


class Verdict(Enum):
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    UNCHECKED = "could not be checked"


@dataclass(frozen=True)
class Finding:
    """What came of a check.

    :ivar seen: what was seen, without personal data and IDs.
    """

    verdict: Verdict
    seen: str


Check = Callable[[Probe], Finding]


def confirm_if(is_confirmed: bool, seen: str) -> Finding:
    return Finding(Verdict.CONFIRMED if is_confirmed else Verdict.CONTRADICTED, seen)


def unchecked(reason: str) -> Finding:
    return Finding(Verdict.UNCHECKED, reason)


def read_only(_probe: Probe) -> Finding:
    """Check nothing, as this would change something."""
    return unchecked("make live only reads")


def read_list(probe: Probe, template: str, **query: Any) -> Response | None:
    """Read a page of a list, or None if there is no account for it."""
    if template == MEMBERS:
        return probe.read_members(**query)
    account_id = probe.account_id if "account_id" in template else ""
    if account_id is None:
        return None
    return probe.read(template, {"account_id": account_id} if account_id else {}, **query)


def on_list(template: str, check: Callable[[Response], Finding], **query: Any) -> Check:
    """Return a check of the first page of a list."""

    def run(probe: Probe) -> Finding:
        response = read_list(probe, template, **{"per_page": 50, **query})
        if response is None:
            return unchecked("no account whose members can be read")
        return check(response) if response.is_success else unchecked(response.summary)

    return run


# Authentication


def authenticates(scheme: str, template: str) -> Check:
    """Return a check that a scheme can read a list."""

    def run(probe: Probe) -> Finding:
        if scheme not in probe.auths:
            return unchecked("these credentials are not in the environment")
        if scheme == "token" and probe.has_account_token and not template.startswith("/accounts"):
            return unchecked("the token belongs to an account")
        response = probe.get(template, scheme, {}, per_page=50)
        return confirm_if(response.is_success, response.summary)

    return run


def account_token_fails(probe: Probe) -> Finding:
    if not probe.has_account_token:
        return unchecked("no token that belongs to an account")
    responses = [probe.get(path, "token", {}, per_page=50) for path in USER_LISTS]
    is_expected = all({9106, 9109, 10001} & set(response.codes) for response in responses)
    return confirm_if(is_expected, "; ".join(response.summary for response in responses))


USER_LISTS = ("/user/invites", "/memberships")


# Lists


def matches_contract(template: str, open_contract: Contract) -> Check:
    """Return a check of the shape of a list; more fields than documented are no contradiction."""

    def check(response: Response) -> Finding:
        where = (response.path, response.status, response.body)
        errors = open_contract.find_errors("GET", *where)
        problems = sorted({f"{_generalize(one.json_path)}: {one.validator}" for one in errors})
        more = find_undocumented(Contract.load().find_errors("GET", *where))
        seen = f"{len(response.items)} items"
        if more:
            seen += f"; more fields: {', '.join(more)}"
        return confirm_if(not problems, "; ".join([*problems, seen]))

    return on_list(template, check)


def find_undocumented(errors: Iterable[Any]) -> list[str]:
    """Return the names of the fields that the contract does not have."""
    names: set[str] = set()
    for error in errors:
        names.update(find_undocumented(error.context))
        if error.validator in ("additionalProperties", "unevaluatedProperties"):
            names.update(re.findall(r"'(\w{1,40})'", error.message))
    return sorted(names)


def _generalize(json_path: str) -> str:
    return re.sub(r"\[\d+\]", "[]", json_path)


def obeys_pages(template: str) -> Check:
    def run(probe: Probe) -> Finding:
        first = read_list(probe, template, per_page=SMALL_PAGE)
        if first is None or not first.is_success:
            return unchecked(first.summary if first else "no account whose members can be read")
        if len(first.items) > SMALL_PAGE:
            return confirm_if(False, f"{len(first.items)} items with per_page={SMALL_PAGE}")
        second = read_list(probe, template, per_page=SMALL_PAGE, page=2)
        if not first.items or second is None or not second.is_success:
            return unchecked("the list is empty")
        seen = f"{len(first.items)} items on page 1, {len(second.items)} on page 2"
        return confirm_if(first.items[0] not in second.items, seen)

    return run


def has_default_page_size(template: str, size: int) -> Check:
    def run(probe: Probe) -> Finding:
        response = read_list(probe, template)
        if response is None or not response.is_success:
            return unchecked(response.summary if response else "no account")
        per_page = response.info.get("per_page")
        if per_page is None:
            return unchecked(f"{len(response.items)} items, without per_page in result_info")
        return confirm_if(per_page == size, f"per_page is {per_page}")

    return run


def has_per_page(response: Response, size: int) -> Finding:
    per_page = response.info.get("per_page")
    if per_page is None:
        return unchecked("result_info has no per_page")
    return confirm_if(per_page == size, f"per_page is {per_page}")


def has_info(name: str) -> Callable[[Response], Finding]:
    def check(response: Response) -> Finding:
        return confirm_if(name in response.info, f"result_info has {_join(response.info)}")

    return check


def total_ignores_filter(probe: Probe) -> Finding:
    every = probe.read_members(per_page=50)
    pending = probe.read_members(per_page=50, status="pending")
    if every is None or pending is None or "total_count" not in pending.info:
        return unchecked("no account whose members can be read")
    others = [member for member in every.items if member.get("status") != "pending"]
    if not others:
        return unchecked("all members are pending")
    total = pending.info["total_count"]
    seen = f"{len(pending.items)} pending of {len(every.items)} members, total_count is {total}"
    return confirm_if(total == every.info.get("total_count"), seen)


def filters_status(probe: Probe) -> Finding:
    pending = probe.read_members(per_page=50, status="pending")
    if pending is None or not pending.is_success:
        return unchecked("no account whose members can be read")
    statuses = list_values(pending.items, "status")
    return confirm_if(set(statuses) <= {"pending"}, f"statuses: {_join(statuses)}")


# Fields


def each(
    field: str, is_expected: Callable[[Any], bool], describe: Callable[[Any], str]
) -> Callable[[Response], Finding]:
    """Return a check of one field of all items: a path with dots.

    :param describe: returns what may be shown of a value.
    """

    def check(response: Response) -> Finding:
        values = list_values(response.items, field)
        if not values:
            return unchecked("the list is empty")
        seen = _join(map(describe, values))
        return confirm_if(all(map(is_expected, values)), f"{field}: {seen}")

    return check


def list_values(items: Iterable[Any], field: str) -> list[Any]:
    """Return the values of a field. A list on the way contributes each of its items."""
    values = list(items)
    for name in field.split("."):
        values = [value.get(name, MISSING) for value in values if isinstance(value, dict)]
        if name != field.rpartition(".")[2]:
            values = [
                item for value in values for item in (value if isinstance(value, list) else [value])
            ]
    return values


def describe_presence(value: Any) -> str:
    return "missing" if value is MISSING else "null" if value is None else "present"


def describe_id(value: Any) -> str:
    if not isinstance(value, str):
        return describe_presence(value)
    return "real" if is_real_id(value) else repr(value[:3])


def has_real_id(value: Any) -> bool:
    return isinstance(value, str) and is_real_id(value)


def describe_type(value: Any) -> str:
    if value is MISSING or value is None:
        return describe_presence(value)
    return type(value).__name__


def is_list_of_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def describe_items(value: Any) -> str:
    if not isinstance(value, list):
        return describe_type(value)
    return "list of " + (_join({type(item).__name__ for item in value}) or "nothing")


def permission_actions(value: Any) -> set[str]:
    """Return the actions of permissions such as \\{"zones": {"read": true}}."""
    actions = value.values() if isinstance(value, dict) else ()
    return {name for action in actions if isinstance(action, dict) for name in action}


def pending_members_have_no_user(response: Response) -> Finding:
    pending = [member for member in response.items if member.get("status") == "pending"]
    if not pending:
        return unchecked("no pending member")
    ids = list_values(pending, "user.id")
    seen = "without user" if not ids else _join(map(describe_id, ids))
    return confirm_if(not any(map(has_real_id, ids)), f"user.id of pending members: {seen}")


def keeps_responded_invites(response: Response) -> Finding:
    statuses = {str(status) for status in list_values(response.items, "status")}
    if not statuses - {"pending"}:
        return unchecked(f"statuses: {_join(statuses)}")
    return confirm_if(bool(statuses & {"accepted", "rejected"}), f"statuses: {_join(statuses)}")


def expires_after(days: timedelta) -> Callable[[Response], Finding]:
    def check(response: Response) -> Finding:
        lifetimes = {
            (_parse(invite["expires_on"]) - _parse(invite["invited_on"])).days
            for invite in response.items
            if invite.get("status") == "pending"
            and isinstance(invite.get("expires_on"), str)
            and isinstance(invite.get("invited_on"), str)
        }
        if not lifetimes:
            return unchecked("no pending invite with dates")
        return confirm_if(lifetimes == {days.days}, f"days: {_join(lifetimes)}")

    return check


def _parse(timestamp: str) -> datetime:
    return datetime.fromisoformat(timestamp.replace("Z", "+00:00")[:19])


def lists_accounts_of_memberships(probe: Probe) -> Finding:
    memberships, accounts = (
        probe.read(path, per_page=50) for path in ("/memberships", "/accounts")
    )
    joined = {
        one["account"].get("id")
        for one in memberships.items
        if one.get("status") == "accepted" and isinstance(one.get("account"), dict)
    }
    joined = {account_id for account_id in joined if has_real_id(account_id)}
    if not joined or not accounts.is_success:
        return unchecked("no accepted membership with an account ID")
    if max(len(memberships.items), len(accounts.items)) >= 50:
        return unchecked("more than one page")
    missing = joined - {account.get("id") for account in accounts.items}
    return confirm_if(not missing, f"{len(joined)} memberships, {len(missing)} not in /accounts")


# Responses


def responds(template: str, status: int, codes: Collection[int], **ids: str) -> Check:
    """Return a check of an error: its status, and one of its codes."""

    def run(probe: Probe) -> Finding:
        response = probe.read(template, ids)
        is_expected = response.status == status and bool(set(codes) & set(response.codes))
        return confirm_if(is_expected, response.summary)

    return run


def responds_without_credentials(probe: Probe) -> Finding:
    response = probe.get("/user/invites", "none", {})
    return confirm_if(response.status == 400 and 9106 in response.codes, response.summary)


def has_retired_organization_invites(probe: Probe) -> Finding:
    account_id = probe.account_id
    if account_id is None:
        return unchecked("no account")
    response = probe.read("/organizations/{account_id}/invites", {"account_id": account_id})
    codes = {7000, 7003} | ({10000} if response.status == 403 else set())
    return confirm_if(bool(codes & set(response.codes)), response.summary)


def exists(template: str) -> Check:
    def run(probe: Probe) -> Finding:
        response = probe.read(template, per_page=50)
        return confirm_if(response.is_success, response.summary)

    return run


def errors_match_contract(open_contract: Contract) -> Check:
    """Return a check of the body of each error that was seen."""

    def run(probe: Probe) -> Finding:
        failures = [one for one in probe.responses if not one.is_success]
        problems = {
            f"{one.template}, HTTP {one.status}: {_generalize(error.json_path)}: {error.validator}"
            for one in failures
            for error in open_contract.find_schema_errors("Failure", one.body)
        }
        if not failures:
            return unchecked("no error")
        results = (describe_type(one.envelope.get("result", MISSING)) for one in failures)
        seen = f"{len(failures)} errors; result: {_join(results)}"
        return confirm_if(not problems, "; ".join([*sorted(problems), seen]))

    return run


def has_header(name: str, pattern: str) -> Check:
    """Return a check of a header of all responses."""

    def run(probe: Probe) -> Finding:
        if not probe.responses:
            return unchecked("no response")
        authenticated = [one for one in probe.responses if one.is_success] or probe.responses
        values = [one.headers.get(name) for one in authenticated]
        matching = [value for value in values if value and re.fullmatch(pattern, value)]
        return confirm_if(len(matching) == len(values), f"{len(matching)} of {len(values)}")

    return run


def _join(values: Iterable[Any]) -> str:
    return ", ".join(sorted(set(map(str, values))))
