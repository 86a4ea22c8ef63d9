# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults that tests inject, by name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

from ansible_collections.community.cloudflare.tests.simulator import Fault

JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html"}
TEXT = {"Content-Type": "text/plain"}


@dataclass(frozen=True)
class FaultCase:
    """A kind of fault.

    :ivar undetectable: whether the response is a success with wrong data, so that a client cannot
        notice that a list is incomplete.
    """

    options: Mapping[str, Any]
    undetectable: bool = False

    def build(self, at: int = 1, path: str | None = None) -> Fault:
        """Return a new fault for a request by its number, or for a path."""
        return Fault(**{"at": at, "path": path, **self.options})


def response(
    status: int,
    body: Any,
    headers: Mapping[str, str] | None = None,
    *,
    undetectable: bool = False,
    **more: Any,
) -> FaultCase:
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    headers = headers or JSON
    options = {"kind": "response", "status": status, "body": text, "headers": headers, **more}
    return FaultCase(options, undetectable)


def modified(modify: Callable[[Any], Any], *, undetectable: bool = False) -> FaultCase:
    return FaultCase({"kind": "modify_response", "modify": modify}, undetectable)


def with_result(value: Any, *, undetectable: bool = False) -> FaultCase:
    return modified(lambda body: {"success": True, "result": value}, undetectable=undetectable)


def modified_invites(modify: Callable[[dict[str, Any]], dict[str, Any]]) -> FaultCase:
    """Modify each invite of a response that is a success."""

    def modify_all(body: dict[str, Any]) -> dict[str, Any]:
        result = body.get("result")
        if isinstance(result, list):
            return {**body, "result": [modify(invite) for invite in result]}
        return {**body, "result": modify(result)} if isinstance(result, dict) else body

    return modified(modify_all, undetectable=True)


def drop_field(invite: dict[str, Any], field_name: str) -> dict[str, Any]:
    return {name: value for name, value in invite.items() if name != field_name}


HTML_BODY = "<!DOCTYPE html><html><title>\x1b[31mcloudflare\x07</title></html>"
FAILURE = {
    "success": False,
    "errors": [
        {
            "code": 1004,
            "message": "Invalid\r\nrequest",
            "error_chain": [{"code": 1005, "message": "Deeper"}],
            "source": {"pointer": "/status"},
        }
    ],
}
RATE_LIMITED = {
    "success": False,
    "errors": [{"code": 971, "message": "Please wait"}],
    "result": None,
}

FAULT_CASES: dict[str, FaultCase] = {
    "connection refused": FaultCase({"kind": "connection_refused"}),
    "reset": FaultCase({"kind": "connection_reset"}),
    "processed, then reset": FaultCase({"kind": "connection_reset", "after_processing": True}),
    "timeout": FaultCase({"kind": "no_response"}),
    "processed, then timeout": FaultCase({"kind": "no_response", "after_processing": True}),
    "truncated": FaultCase({"kind": "truncated"}),
    "empty": response(200, ""),
    "processed, then empty": response(200, "", after_processing=True),
    "HTML 502": response(502, HTML_BODY, HTML),
    "processed, then HTML 502": response(502, HTML_BODY, HTML, after_processing=True),
    "HTML 525": response(525, HTML_BODY, HTML),
    "HTML 403": response(403, HTML_BODY, HTML),
    "text 503": response(503, "upstream connect error", TEXT),
    "text 504": response(504, "upstream request timeout", TEXT),
    "processed, then text 504": response(
        504, "upstream request timeout", TEXT, after_processing=True
    ),
    "429, retry at once": response(429, RATE_LIMITED, {**JSON, "Retry-After": "0"}),
    "429, retry after a second": response(429, RATE_LIMITED, {**JSON, "Retry-After": "1"}),
    "429 without Retry-After": response(429, RATE_LIMITED),
    "429, retry after a day": response(429, RATE_LIMITED, {**JSON, "Retry-After": "86400"}),
    "429, malformed Retry-After": response(
        429, RATE_LIMITED, {**JSON, "Retry-After": "\u00b2 soon"}
    ),
    "processed, then 429": response(429, RATE_LIMITED, after_processing=True),
    "429 in HTML": response(429, HTML_BODY, HTML),
    "429 forever": response(429, RATE_LIMITED, {**JSON, "Retry-After": "300"}, times=None),
    "500": response(500, FAILURE),
    "processed, then 500": response(500, FAILURE, after_processing=True),
    "500 forever": response(500, FAILURE, times=None),
    "processed, then 500 forever": response(500, FAILURE, times=None, after_processing=True),
    "redirect": response(302, "", {"Location": "https://evil.example/client/v4/user/invites"}),
    "redirect to nowhere": response(307, "", {"Location": "https://[evil"}),
    "failure with 200": response(200, FAILURE),
    "processed, then failure with 200": response(200, FAILURE, after_processing=True),
    "failure with a chain": response(400, FAILURE),
    "no envelope": response(200, {"invites": []}),
    "processed, then no envelope": response(200, {"invites": []}, after_processing=True),
    "result is null": with_result(None, undetectable=True),
    "result is a text": with_result("x"),
    "result is a number": with_result(7),
    "result is true": with_result(True),
    "result is the other type": modified(
        lambda body: {
            **body,
            "result": {} if isinstance(body.get("result"), list) else [body.get("result")],
        }
    ),
    "result lists nonsense": with_result([None, 1, "x", []]),
    "invite without status": modified_invites(lambda invite: drop_field(invite, "status")),
    "invite without id": modified_invites(lambda invite: drop_field(invite, "id")),
    "invite of an unknown status": modified_invites(lambda invite: {**invite, "status": "frozen"}),
    "invite of wrong types": modified_invites(
        lambda invite: {name: [value] for name, value in invite.items()}
    ),
    "half a character in a name": modified_invites(
        lambda invite: {**invite, "organization_name": "Acme \ud800"}
    ),
    "no messages and no result": modified(lambda body: {"success": True, "errors": []}),
    "null": response(200, "null"),
    "invalid UTF-8": response(200, b'{"success": true, "result": "\xff"}'),
    "50 MB": FaultCase({"kind": "huge_body"}),
    "processed, then 50 MB": FaultCase({"kind": "huge_body", "after_processing": True}),
    "a header of 64 KB": FaultCase({"kind": "huge_header"}),
    "slow drip": FaultCase({"kind": "slow_response"}),
}
