# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client: connections, retries, errors, and lists."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.community.cloudflare.plugins.module_utils._api import pagination
from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._api.pagination import (
    MIN_PAGES_AHEAD,
)
from ansible_collections.community.cloudflare.tests.simulator import Fault, Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner


def send_invites(runner: TaskRunner, count: int) -> list[str]:
    """Send this many invites to the user, and return their IDs."""
    cloudflare = runner.cloudflare
    return [
        cloudflare.invite(runner.user, cloudflare.add_organization(f"Acme {number}")).id
        for number in range(count)
    ]


# Connections


def test_connections_are_kept_alive_and_reused(runner: TaskRunner, cloudflare: Simulator) -> None:
    send_invites(runner, 60)

    with runner.client() as client:
        client.list_all("user", "invites")
        client.list_all("user", "invites")

    assert len(cloudflare.log) == 4
    assert len({request.connection for request in cloudflare.log}) == 1


def test_max_connections_is_respected(runner: TaskRunner, cloudflare: Simulator) -> None:
    send_invites(runner, 299)
    cloudflare.settings.maximum_per_page = 5

    with runner.client(max_connections=4) as client:
        client.list_all("user", "invites")

    assert len(cloudflare.log) == 60
    assert len({request.connection for request in cloudflare.log}) <= 4


def test_netrc_is_ignored(
    runner: TaskRunner, cloudflare: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login netrc-user password netrc-password")
    monkeypatch.setenv("NETRC", str(netrc))

    with runner.client() as client:
        client.list_all("user", "invites")

    assert cloudflare.log[0].headers["Authorization"] == f"Bearer {runner.user.api_token}"


def test_redirects_are_not_followed(runner: TaskRunner, cloudflare: Simulator) -> None:
    elsewhere = f"{cloudflare.url}/elsewhere"
    cloudflare.add_fault(Fault("response", status=307, headers={"Location": elsewhere}))

    with runner.client() as client, pytest.raises(CloudflareError, match="was not followed"):
        client.list_all("user", "invites")

    assert runner.requests == ["GET /user/invites"]


def test_plain_http_ignores_proxy(
    runner: TaskRunner, cloudflare: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would receive the credentials."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")

    with runner.client(retries=0) as client:
        assert client.list_all("user", "invites").items == []


@pytest.mark.parametrize(
    "proxy",
    [
        "http://user:Sesame#1@127.0.0.1:9",
        "http://user:Sesame/1@127.0.0.1:9",
        "http://user:1/Sesame@127.0.0.1:9",
        "http://user:Sesame?1@127.0.0.1:9",
        "http://user:Sesame\\1@127.0.0.1:9",
        "http://user:Sesame[1@127.0.0.1:9",
        "http://user:Ses ame@127.0.0.1:9",
        "http://user:Sesame\u00e9@127.0.0.1:9",
        "http://user:Sesame@127.0.0.1:99999",
        "http://user:Sesame@127.0.0.1:x",
        "http://user:Sesame@",
        "//user:Sesame@127.0.0.1",
        "user:Sesame/@127.0.0.1:9",
        "Sesame#",
    ],
)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "all_proxy"])
def test_malformed_proxy_fails_without_its_password(
    runner: TaskRunner, monkeypatch: pytest.MonkeyPatch, variable: str, proxy: str
) -> None:
    monkeypatch.setenv(variable, proxy)
    monkeypatch.setenv("NO_PROXY", "")

    result = runner.run("cf_user_invite_info", api_url="https://127.0.0.1:9", retries=0)

    assert result["failed"]
    assert "exception" not in result
    assert variable in result["msg"]
    assert "Ses" not in json.dumps(result)


@pytest.mark.parametrize(
    "proxy",
    [
        "http://user:Sesame%23@127.0.0.1:9",
        "http://user:Se@same@127.0.0.1:9/",
        "user:Sesame@127.0.0.1:9",
        "http://[::1]:9",
        "socks5h://user:Sesame@127.0.0.1:9",
    ],
)
def test_unreachable_proxy_fails_without_its_password(
    runner: TaskRunner, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.setenv("NO_PROXY", "")

    result = runner.run("cf_user_invite_info", api_url="https://127.0.0.1:9", retries=0)

    assert result["msg"].startswith("GET /user/invites: ")
    assert "exception" not in result
    assert "same" not in json.dumps(result)


def test_echoed_secret_is_redacted_before_excerpt_is_cut(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    token = runner.user.api_token
    encoded = base64.b64encode(token.encode()).decode()
    body = f"{'x' * 170} {token} {encoded}"
    cloudflare.add_fault(Fault("response", status=400, body=body))

    with runner.client() as client, pytest.raises(CloudflareError) as caught:
        client.list_all("user", "invites")

    assert caught.value.message.endswith('x ******** ********".')


def test_client_closes_threads_and_connections(runner: TaskRunner, cloudflare: Simulator) -> None:
    cloudflare.settings.maximum_per_page = 5
    send_invites(runner, 99)
    before = set(threading.enumerate())

    with runner.client() as client:
        client.list_all("user", "invites")
        connections = len({request.connection for request in cloudflare.log})
        assert connections > 1

    assert {thread for thread in set(threading.enumerate()) - before if "Pool" in thread.name} == (
        set()
    )


# Retries

RETRYABLE = [408, 425, 500, 502, 503, 504, *range(520, 527)]
NOT_RETRYABLE = [400, 401, 403, 404, 405, 409, 501, 505, 527]


@pytest.mark.parametrize("status", RETRYABLE)
def test_get_is_retried_on_transient_status(
    runner: TaskRunner, cloudflare: Simulator, status: int
) -> None:
    cloudflare.add_fault(Fault("response", status=status, times=2))

    with runner.client() as client:
        assert client.list_all("user", "invites").items == []

    assert len(cloudflare.log) == 3


@pytest.mark.parametrize("status", NOT_RETRYABLE)
def test_other_statuses_are_not_retried(
    runner: TaskRunner, cloudflare: Simulator, status: int
) -> None:
    cloudflare.add_fault(Fault("response", status=status, times=None))

    with runner.client() as client, pytest.raises(CloudflareError) as caught:
        client.list_all("user", "invites")

    assert caught.value.http_status == status
    assert len(cloudflare.log) == 1


CUT_BODIES = {
    "without a length": Fault("truncated_without_length"),
    "gzip, cut": Fault("broken_gzip", size=30),
    "gzip, garbled": Fault("broken_gzip"),
}


@pytest.mark.parametrize("case", CUT_BODIES)
def test_get_is_retried_on_truncated_body(
    runner: TaskRunner, cloudflare: Simulator, case: str
) -> None:
    [invite_id] = send_invites(runner, 1)
    get, patch = (replace(CUT_BODIES[case], method=method) for method in ("GET", "PATCH"))
    cloudflare.add_fault(get)
    cloudflare.add_fault(patch)

    with runner.client() as client:
        [before] = client.list_all("user", "invites").items
        client.update("user", "invites", invite_id, current=before, changes={"status": "accepted"})

    assert (get.triggered_count, patch.triggered_count) == (1, 1)
    assert [request.method for request in cloudflare.log] == ["GET", "GET", "PATCH", "GET"]


@pytest.mark.parametrize("status", [102, 103, 199])
def test_interim_response_is_skipped(
    runner: TaskRunner, cloudflare: Simulator, status: int
) -> None:
    [invite_id] = send_invites(runner, 1)
    cloudflare.add_fault(Fault("early_hints", status=status, times=None))

    with runner.client() as client:
        [before] = client.list_all("user", "invites").items
        client.update("user", "invites", invite_id, current=before, changes={"status": "accepted"})

    assert [request.method for request in cloudflare.log] == ["GET", "PATCH"]
    assert len({request.connection for request in cloudflare.log}) == 1


def test_retries_back_off_and_end(runner: TaskRunner, cloudflare: Simulator) -> None:
    cloudflare.add_fault(Fault("response", status=500, times=None))

    with runner.client(retries=4) as client, pytest.raises(CloudflareError) as caught:
        client.list_all("user", "invites")

    times = [request.at for request in cloudflare.log]
    waits = [later - earlier for earlier, later in zip(times, times[1:])]
    assert len(times) == 5
    for wait, longest in zip(waits, [0, 1, 2, 4]):
        assert longest / 2 <= wait <= longest
    assert "Gave up after 5 attempts." in caught.value.message


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_retry_after_is_honored(runner: TaskRunner, cloudflare: Simulator, method: str) -> None:
    [invite_id] = send_invites(runner, 1)
    fault = Fault("response", method=method, status=429, headers={"Retry-After": "300"})
    cloudflare.add_fault(fault)

    with runner.client() as client:
        before = client.get("user", "invites", invite_id)
        client.update("user", "invites", invite_id, current=before, changes={"status": "accepted"})

    assert cloudflare.clock.monotonic() == 300
    assert cloudflare.status(invite_id) == "accepted"


@pytest.mark.parametrize("seconds", [301, 86400])
def test_retry_after_beyond_max_wait_fails(
    runner: TaskRunner, cloudflare: Simulator, seconds: int
) -> None:
    cloudflare.add_fault(Fault("response", status=429, headers={"Retry-After": str(seconds)}))

    with runner.client() as client, pytest.raises(CloudflareError) as caught:
        client.list_all("user", "invites")

    assert caught.value.retry_after == seconds
    assert f"Rate limited, retry after {seconds} seconds." in caught.value.message
    assert cloudflare.clock.monotonic() == 0


# Errors


def api_error(code: int, message: str, **fields: Any) -> dict[str, Any]:
    return {"success": False, "errors": [{"code": code, "message": message, **fields}]}


API_ERRORS: dict[str, tuple[int, Any, list[str]]] = {
    "malformed credentials": (
        400,
        api_error(
            6003,
            "Invalid request headers",
            error_chain=[{"code": 6103, "message": "Invalid format for X-Auth-Key header"}],
        ),
        [
            'HTTP 400: "Invalid request headers" (code 6003); "Invalid format for X-Auth-Key '
            'header" (code 6103). Check the format of the credentials.'
        ],
    ),
    "no credentials": (
        400,
        api_error(9106, "Missing X-Auth-Key"),
        ["Memberships Read. An account-owned token (cfat_...) does not work here."],
    ),
    "unknown pair": (403, api_error(9103, "Unknown X-Auth-Key"), ["Check api_email and api_key"]),
    "no permission": (
        403,
        api_error(9109, "Unauthorized"),
        ["Memberships Read. An account-owned token (cfat_...) does not work here."],
    ),
    "authentication": (
        403,
        api_error(10000, "Authentication error"),
        ["(code 10000). Check the credentials. An API token needs the permission Memberships"],
    ),
    "token refused": (
        405,
        api_error(10000, "PUT method not allowed"),
        ["Check the ID first. If it is correct, use api_email and api_key"],
    ),
    "no route": (
        400,
        api_error(7003, "Could not route to /x"),
        ["Check api_url: this path is not available there."],
    ),
    "a code below 1000": (
        400,
        {**api_error(400, "Validating ID 'x' failed"), "result": []},
        ["HTTP 400: \"Validating ID 'x' failed\" (code 400)."],
    ),
    "no code": (
        400,
        {"success": False, "errors": [{"message": "since is required"}], "result": []},
        ['HTTP 400: "since is required" (without code).'],
    ),
    "a pointer": (
        400,
        api_error(1, "Bad", source={"pointer": "/status"}),
        ['"Bad" (code 1) at "/status"'],
    ),
    "success false with 200": (
        200,
        {"success": False, "errors": [{"code": 1234, "message": "No"}], "result": None},
        ['HTTP 200: "No" (code 1234).'],
    ),
    "errors of undocumented shapes": (
        400,
        {"success": False, "errors": [1, {"code": [1]}, {"code": True, "message": 5}]},
        ['"" (without code); "5" (without code)'],
    ),
    "errors is a text": (400, {"success": False, "errors": "Too bad"}, ['400: "Too bad" (']),
    "errors is an object": (
        400,
        {"success": False, "errors": {"code": 1234, "message": "Too bad"}},
        ['400: "Too bad" (code 1234)'],
    ),
    "errors is another object": (
        400,
        {"success": False, "errors": {"email": ["is invalid"]}},
        ['400: "{\\"email\\": [\\"is invalid\\"]}" (without code)'],
    ),
    "errors are texts": (400, {"success": False, "errors": ["Too bad"]}, ['"Too bad" (without']),
    "no errors": (400, {"success": False}, ["no reason given"]),
    "no envelope": (200, {"invites": []}, ["HTTP 200 without an API response: "]),
    "a list": (200, [1], ['without an API response: "[1]"']),
    "HTML": (
        403,
        "<html>\n\x1b[2J</html>",
        ['without an API response: "<html>\\n\\x1b[2J</html>"'],
    ),
    "nothing": (200, "", ["HTTP 200 (empty)."]),
    "a long text": (200, "x" * 500, [f'without an API response: "{"x" * 200}…"']),
    "invalid UTF-8": (200, b"\xff\xfe", ["without an API response"]),
    "NaN": (200, '{"success": true, "result": [NaN]}', ["without an API response"]),
    "deep nesting": (200, "[" * 100_000, ["without an API response"]),
    "nesting that is a trap": (
        200,
        '{"success": true, "result": ' + "[" * 60 + "]" * 60 + "}",
        ["without an API response"],
    ),
    "a number without end": (
        200,
        '{"success": true, "result": [1e999]}',
        ["without an API response"],
    ),
    "quotes": (400, {"success": False, "errors": [{"message": 'a" (code 1); "b'}]}, ['"a\\" (']),
    "result of a wrong type": (
        200,
        {"success": True, "result": {"id": "x"}},
        ["The result is not a list but an object"],
    ),
    "no result": (200, {"success": True, "errors": []}, ["The response has no result"]),
    "result of wrong items": (
        200,
        {"success": True, "result": [{"id": "x"}, 1]},
        ["not an object but a number"],
    ),
}


@pytest.mark.parametrize("case", API_ERRORS)
def test_api_error_message_names_request_error_and_hint(
    runner: TaskRunner, cloudflare: Simulator, case: str
) -> None:
    status, body, parts = API_ERRORS[case]
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    headers = {"CF-Ray": "ray-1"}
    cloudflare.add_fault(Fault("response", status=status, body=text, headers=headers))

    with runner.client() as client, pytest.raises(CloudflareError) as caught:
        client.list_all("user", "invites")

    error = caught.value
    assert error.message.startswith("GET /user/invites: ")
    for part in parts:
        assert part in error.message
    assert error.message.isprintable()
    assert error.http_status == status
    assert error.ray_id == "ray-1"


@pytest.mark.parametrize("count", [0, 2])
def test_success_with_example_errors_is_success(
    runner: TaskRunner, cloudflare: Simulator, count: int
) -> None:
    ids = send_invites(runner, count)
    cloudflare.settings.example_errors = True

    with runner.client() as client:
        invites = client.list_all("user", "invites").items

    assert [invite["id"] for invite in invites] == ids
    body = cloudflare.log[0].response_body
    assert body["errors"]
    assert body["result_info"]["total_pages"] == bool(count)  # an empty list has no page


def test_failure_with_empty_list_is_failure(runner: TaskRunner, cloudflare: Simulator) -> None:
    cloudflare.settings.failure_result = "empty list"

    with runner.client() as client, pytest.raises(CloudflareError) as caught:
        client.list_all("accounts", "f" * 32, "members")

    assert cloudflare.log[0].response_body["result"] == []
    assert caught.value.error_codes == {1003}


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ([], "The result is not an object but a list"),
        (None, "The result is not an object but null"),
        ("x", "The result is not an object but a string"),
        (True, "The result is not an object but a boolean"),
        ({}, "The result does not have the ID"),
        ({"id": "other"}, "The result does not have the ID"),
    ],
)
def test_get_rejects_response_for_other_id(
    runner: TaskRunner, cloudflare: Simulator, result: Any, message: str
) -> None:
    body = json.dumps({"success": True, "result": result})
    cloudflare.add_fault(Fault("response", status=200, body=body))

    with runner.client() as client, pytest.raises(CloudflareError, match=message):
        client.get("user", "invites", "a" * 32)


@pytest.mark.parametrize("part", ["", ".", "..", "a/b", "a?b", "a b", "%2e", "ä", "a" * 33])
def test_path_segments_are_validated(runner: TaskRunner, part: str) -> None:
    with runner.client() as client, pytest.raises(CloudflareError, match="is not an ID"):
        client.get("user", "invites", part)

    assert runner.requests == []


def test_response_beyond_size_limit_fails(runner: TaskRunner, cloudflare: Simulator) -> None:
    cloudflare.add_fault(Fault("huge_body"))

    with runner.client() as client, pytest.raises(CloudflareError, match="16777216 bytes"):
        client.list_all("user", "invites")


def test_response_slower_than_timeout_fails(runner: TaskRunner, cloudflare: Simulator) -> None:
    cloudflare.add_fault(Fault("slow_response", pause=0.05))

    late = pytest.raises(CloudflareError, match=r"Timed out after 0\.2 seconds")
    with late, runner.client(timeout=0.2, retries=0) as client:
        client.list_all("user", "invites")


# Pages


def override(function: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    return {"result_info_override": function}


# Settings of the simulator, the number of invites, and the number of requests.
PAGES: dict[str, tuple[dict[str, Any], int, int]] = {
    "none": ({}, 0, 1),
    "null for none": ({"empty_list_is_null": True}, 0, 1),
    "one": ({}, 1, 1),
    "a full page": ({}, 50, 2),
    "a full page and one": ({}, 51, 2),
    "many": ({}, 230, 5),
    "smaller pages than asked for": ({"maximum_per_page": 20}, 61, 4),
    "without total_pages": ({"result_info": "without total_pages"}, 120, 3),
    "parameters are ignored, all comes": ({"page_parameters": "everything"}, 120, 1),
    "nothing is said of pages": ({"result_info": "omitted"}, 14, 1),
    "nothing is said of pages, and one can be full": ({"result_info": "omitted"}, 30, 2),
    "nothing is said of pages, which are capped": (
        {"result_info": "omitted", "maximum_per_page": 25},
        60,
        3,
    ),
    "nothing is said of pages, and one is full": ({"result_info": "omitted"}, 50, 2),
    "nothing is said of pages, and several are full": ({"result_info": "omitted"}, 120, 3),
    "nothing is said, all comes": (
        {"result_info": "omitted", "page_parameters": "everything"},
        120,
        1,
    ),
    "a total that is the first page's": (override(lambda info: {"total_count": 50}), 120, 3),
    "a total that is too small": (override(lambda info: {**info, "total_count": 3}), 120, 3),
    "a total of pages that is too small": (
        override(lambda info: {"total_pages": 1, "total_count": info["total_count"]}),
        120,
        3,
    ),
    "totals that are no numbers": (
        override(lambda info: {"total_count": "many", "total_pages": True, "per_page": -1}),
        120,
        3,
    ),
    "result_info is no object": (override(lambda info: [info]), 120, 3),
    "totals are floats": (
        override(lambda info: {"total_count": float(info["total_count"])}),
        120,
        3,
    ),
}


@pytest.mark.parametrize("case", PAGES)
def test_pagination_request_count(runner: TaskRunner, cloudflare: Simulator, case: str) -> None:
    settings, count, requests = PAGES[case]
    ids = send_invites(runner, count)
    for name, value in settings.items():
        setattr(cloudflare.settings, name, value)

    with runner.client() as client:
        found = client.list_all("user", "invites")

    assert [invite["id"] for invite in found.items] == ids
    assert len(cloudflare.log) == requests
    assert found.incomplete is None


# Servers whose total is larger than the list: settings, the number of invites, and the maximum
# number of requests.
INCOMPLETE_LISTS: dict[str, tuple[dict[str, Any], int, int]] = {
    "page 1 for ever": ({"page_parameters": "ignored"}, 30, 4),
    "more than there are": (override(lambda info: {**info, "total_count": 10**9}), 30, 4),
    "one, but sends none": (override(lambda info: {"total_count": 1}), 0, 2),
    "pages that are page 1 again": (
        {"page_parameters": "ignored", "result_info_override": lambda info: {"total_pages": 3}},
        30,
        6,
    ),
    "nothing, but repeats itself": (
        {"page_parameters": "ignored", "result_info": "omitted"},
        30,
        4,
    ),
    "more full pages than there are": (
        override(lambda info: {**info, "total_count": 10**9}),
        50,
        2 * (MIN_PAGES_AHEAD + 1),
    ),
}


@pytest.mark.parametrize("case", INCOMPLETE_LISTS)
def test_inconsistent_total_is_incomplete_after_retry(
    runner: TaskRunner, cloudflare: Simulator, case: str
) -> None:
    settings, count, most = INCOMPLETE_LISTS[case]
    ids = send_invites(runner, count)
    for name, value in settings.items():
        setattr(cloudflare.settings, name, value)

    with runner.client() as client:
        found = client.list_all("user", "invites")

    expected = ids[:20] if "page_parameters" in settings else ids
    assert [invite["id"] for invite in found.items] == expected
    assert len(cloudflare.log) <= most
    assert "The list is incomplete: received" in str(found.incomplete)


# The totals of a filtered list of 60 members, and the number of requests. The server caps pages at
# 25, and reports a page size of 50 or none.
FILTERED_LISTS: dict[str, tuple[Any, Callable[[dict[str, Any]], Any], int]] = {
    "total of the filter": ("filtered", lambda info: {**info, "per_page": 50}, 3),
    "total of the filter without per_page": (
        "filtered",
        lambda info: {"total_count": info["total_count"]},
        3,
    ),
    "total of the unfiltered list": ("unfiltered", lambda info: {**info, "per_page": 50}, 4 + 4),
    "pages of the unfiltered list": (
        "unfiltered",
        lambda info: {"total_pages": info["total_pages"]},
        4 + 4,
    ),
    "no total": ("unfiltered", lambda info: {"per_page": 25}, 3),
}


@pytest.mark.parametrize("case", FILTERED_LISTS)
def test_filtered_list_with_capped_pages_is_complete(
    runner: TaskRunner, cloudflare: Simulator, case: str
) -> None:
    cloudflare.settings.filtered_totals, cloudflare.settings.result_info_override, requests = (
        FILTERED_LISTS[case]
    )
    cloudflare.settings.maximum_per_page = 25
    acme = cloudflare.add_organization("Acme")
    for user in (runner.user, *(cloudflare.add_user() for _number in range(59))):
        cloudflare.add_member(user, acme)
    for number in range(20):
        cloudflare.invite(f"pending-{number}@example.com", acme)

    with runner.client() as client:
        found = client.list_all("accounts", acme.id, "members", status="accepted")

    assert len([member for member in found.items if member["status"] == "accepted"]) == 60
    assert len(cloudflare.log) == requests
    assert found.incomplete is None


@pytest.mark.parametrize(("totals", "requests"), [("filtered", 9), ("unfiltered", 9 + 3)])
def test_empty_filtered_lists_are_reread_until_totals_are_understood(
    runner: TaskRunner, cloudflare: Simulator, totals: Any, requests: int
) -> None:
    """One list shows that totals ignore the filter. Then only lists with items are read again."""
    cloudflare.settings.filtered_totals = totals
    accounts = [cloudflare.add_organization(f"Acme {number}") for number in range(9)]
    for account in accounts:
        cloudflare.add_member(runner.user, account)
    for account in accounts[-2:]:
        cloudflare.invite("new@example.com", account)

    with runner.client() as client:
        paths = [("accounts", account.id, "members") for account in accounts]
        lists = client.list_many(paths, query={"status": "pending"})

    statuses = [item["status"] for found in lists.results.values() for item in found.items]
    assert statuses.count("pending") == 2
    assert [found.incomplete for found in lists.results.values()] == [None] * 9
    assert len(cloudflare.log) == requests


def test_many_lists_keep_order_of_paths(runner: TaskRunner, cloudflare: Simulator) -> None:
    cloudflare.settings.maximum_per_page = 5
    accounts = [cloudflare.add_organization(f"Acme {number}") for number in range(6)]
    first, second, *_others, last = order = [accounts[number] for number in (5, 2, 4, 1, 3, 0)]
    for account in order[1:5]:  # the others are forbidden
        cloudflare.add_member(runner.user, account)
        for number in range(7):
            cloudflare.invite(f"pending-{number}@example.com", account)
    paths = [("accounts", account.id, "members") for account in order]
    last_list_requested = threading.Event()

    def delay_first(request: Any) -> None:
        if first.id in request.path or second.id in request.path:
            last_list_requested.wait(10)
        elif last.id in request.path:
            last_list_requested.set()

    cloudflare.before_request = delay_first
    with runner.client() as client:
        lists = client.list_many(paths, return_error_if=lambda _error: True)

    assert list(lists.results) == paths[1:5]
    assert list(lists.errors) == [paths[0], paths[5]]


@pytest.mark.parametrize(
    "item_id", [None, "", "0", "0" * 32, "00000000-0000-0000-0000-000000000000"]
)
@pytest.mark.parametrize("named", [True, False])
def test_items_without_a_real_id_are_not_merged(
    runner: TaskRunner, cloudflare: Simulator, item_id: str | None, named: bool
) -> None:
    """This also applies to equal items. A page that is sent repeatedly ends the list."""
    send_invites(runner, 20)
    cloudflare.settings.page_parameters = "ignored"
    cloudflare.settings.result_info_override = lambda info: None

    def drop_ids(body: Any) -> Any:
        names = [invite["organization_name"] if named else "Acme" for invite in body["result"]]
        return {**body, "result": [{"id": item_id, "organization_name": name} for name in names]}

    cloudflare.add_fault(Fault("modify_response", modify=drop_ids, times=None))
    with runner.client() as client:
        found = client.list_all("user", "invites")

    assert [invite["organization_name"] for invite in found.items] == [
        f"Acme {number}" if named else "Acme" for number in range(20)
    ]
    assert len(cloudflare.log) == 4


@pytest.mark.parametrize(("limit", "value"), [("MAX_PAGES", 3), ("MAX_ITEMS", 15)])
def test_list_beyond_page_or_item_limit_fails(
    runner: TaskRunner,
    cloudflare: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    value: int,
) -> None:
    monkeypatch.setattr(pagination, limit, value)
    cloudflare.settings.maximum_per_page = 5
    ids = send_invites(runner, 14)
    with runner.client() as client:
        assert len(client.list_all("user", "invites").items) == len(ids)
        send_invites(runner, 50)
        cloudflare.log.clear()

        with pytest.raises(CloudflareError, match="does not end within 1,500 pages and 75,000"):
            client.list_all("user", "invites")

    assert runner.requests
    assert len(cloudflare.log) <= 13


def test_filtered_list_shorter_than_its_total_is_incomplete(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    cloudflare.settings.result_info_override = lambda info: {**info, "total_count": 10**9}
    acme = cloudflare.add_organization("Acme")
    cloudflare.add_member(runner.user, acme)

    with runner.client() as client:
        found = client.list_all("accounts", acme.id, "members", status="accepted")
        with pytest.raises(CloudflareError, match="received 1 of 1000000000 items"):
            client.list_all("memberships", require_complete=True, status="accepted")

    assert "received 1 of 1000000000 items" in str(found.incomplete)
    assert len(cloudflare.log) == 8


def test_list_changed_during_pagination_is_reread(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    ids = send_invites(runner, 60)
    removed: list[str] = []

    def remove_the_first(request: Any) -> None:
        if request.query.get("page") == "2" and not removed:
            removed.append(ids[0])
            del cloudflare.invites[ids[0]]

    cloudflare.before_request = remove_the_first
    with runner.client() as client:
        found = client.list_all("user", "invites")

    assert [invite["id"] for invite in found.items] == ids[1:]
    assert found.incomplete is None
    assert len(cloudflare.log) == 4
