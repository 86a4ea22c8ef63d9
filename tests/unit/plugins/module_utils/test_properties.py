# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties of the parser of responses and of pagination, for any response of a server."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._api.response import Response
from ansible_collections.community.cloudflare.plugins.module_utils._invite import Invite
from ansible_collections.community.cloudflare.tests.simulator import Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
KEYS = st.text(max_size=5) | st.sampled_from(
    ["success", "errors", "messages", "result", "code", "message", "error_chain", "source", "id"]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
ERRORS = st.lists(st.dictionaries(KEYS, JSON, max_size=4) | JSON, max_size=3)
ENVELOPES = st.fixed_dictionaries(
    {}, optional={"success": st.booleans() | JSON, "errors": ERRORS | JSON, "result": JSON}
)


@given(
    status=st.integers(100, 599),
    body=st.binary(max_size=60) | (ENVELOPES | JSON).map(lambda value: json.dumps(value).encode()),
)
def test_parse_envelope_never_crashes(status: int, body: bytes) -> None:
    response = Response("GET", "/user/invites", status, body)

    failure = None
    try:
        envelope = response.parse_envelope()
    except CloudflareError as error:
        failure = error

    if failure is None:
        assert 200 <= status < 300
        assert envelope["success"] is True
    else:
        assert failure.message.isprintable()
        assert failure.message.startswith("GET /user/invites: ")
        assert failure.http_status == status
        assert isinstance(failure.is_not_found, bool)
        assert json.dumps(failure.errors)


INVITES = st.dictionaries(
    st.sampled_from(["id", "organization_id", "organization_name", "status", "roles", "invited_on"])
    | KEYS,
    JSON | st.lists(st.dictionaries(st.sampled_from(["id", "name", "permissions"]), JSON)),
    max_size=8,
)


@settings(max_examples=settings().max_examples // 3)
@given(raw=INVITES)
def test_invite_fields_have_documented_types(raw: dict[str, Any]) -> None:
    from_user, from_organization = (
        invite.to_result() for invite in (Invite.from_user(raw), Invite.from_organization(raw))
    )
    for invite in (from_user, from_organization):
        for name in ("id", "organization_id", "organization_name", "status", "invited_on"):
            assert isinstance(invite[name], (str, type(None)))
        assert raw.keys() - invite.keys() <= {"code"}
        assert "code" not in invite
    assert all(isinstance(role, str) for role in from_user["roles"])
    for role in from_organization["roles"]:
        assert {"id", "name", "description", "permissions"} <= role.keys()
        assert all(isinstance(permission, str) for permission in role["permissions"])


# Values that a server can send instead of a number.
JSON_NUMBERS = (
    st.integers(-(10**6), 10**6)
    | st.integers(0, 150)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=3)
    | st.booleans()
    | st.none()
)
RESULT_INFO = st.none() | st.dictionaries(
    st.sampled_from(["page", "count", "total_count", "total_pages"]), JSON_NUMBERS, max_size=4
)
MUTATIONS = st.lists(st.sampled_from(["add", "remove", "rotate"]), max_size=3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    count=st.integers(0, 130),
    size=st.sampled_from([20, 50]),
    pages=st.sampled_from(["honored", "honored", "honored", "ignored", "everything"]),
    result_info=RESULT_INFO,
    omitted=st.sets(st.sampled_from(["page", "count", "total_count", "total_pages"])),
    moves=MUTATIONS,
)
@example(
    count=120, size=50, pages="honored", result_info={"total_count": 50}, omitted=set(), moves=[]
)
@example(
    count=100,
    size=50,
    pages="honored",
    result_info={"total_pages": 1},
    omitted=set(),
    moves=["rotate"],
)
def test_pagination_terminates_and_reports_gaps(
    runner: TaskRunner,
    cloudflare: Simulator,
    count: int,
    size: int,
    pages: Any,
    result_info: dict[str, Any] | None,
    omitted: set[str],
    moves: list[str],
) -> None:
    """List any number of invites, with any result_info, while other clients change the list.

    A client cannot detect three cases: a server with a wrong page size, a server that always sends
    page 1 and reports that it is complete, and a list without a total that changes.
    """
    cloudflare.reset()
    cloudflare.users.append(runner.user)
    acme = cloudflare.add_organization("Acme")
    ids = [cloudflare.invite(runner.user, acme).id for _number in range(count)]
    cloudflare.settings.maximum_per_page = size
    cloudflare.settings.page_parameters = pages

    def rewrite(info: dict[str, Any]) -> Any:
        sent = {name: value for name, value in info.items() if name not in omitted}
        return {**sent, **(result_info or {})}

    cloudflare.settings.result_info_override = rewrite
    left = list(moves)
    removed: set[str] = set()

    def move(request: Any) -> None:
        if not left or request.query["page"] == "1":
            return
        kind = left.pop()
        entries = list(cloudflare.invites.items())
        if kind == "add":
            cloudflare.invite(runner.user, acme)
        elif entries and kind == "remove":
            removed.add(entries[0][0])
            del cloudflare.invites[entries[0][0]]
        elif entries:
            cloudflare.invites.clear()
            cloudflare.invites.update([*entries[-7:], *entries[:-7]])

    cloudflare.before_request = move
    with runner.client(max_connections=1) as client:
        listed = client.list_all("user", "invites")
    found = [invite["id"] for invite in listed.items]

    assert len(found) == len(set(found))
    assert len(cloudflare.log) < 250
    has_total = "total_count" not in omitted | (result_info or {}).keys()
    if not listed.incomplete and (has_total or (pages != "ignored" and not moves)):
        assert set(ids) - removed <= set(found)
