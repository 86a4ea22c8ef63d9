# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of fault that tests order, by name."""

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
class Kind:
    """A kind of fault, of which each test orders a fresh one.

    :ivar hides: whether the answer is a success that says something else than the truth; what is
        listed from it cannot be complete, and nobody can notice.
    """

    options: Mapping[str, Any]
    hides: bool = False

    def order(self, at: int = 1, path: str | None = None) -> Fault:
        """Return the fault for a request by its number, or for a path."""
        return Fault(**{"at": at, "path": path, **self.options})


def answers(
    status: int,
    body: Any,
    headers: Mapping[str, str] | None = None,
    *,
    hides: bool = False,
    **more: Any,
) -> Kind:
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    headers = headers or JSON
    options = {"kind": "answer", "status": status, "body": text, "headers": headers, **more}
    return Kind(options, hides)


def changes(change: Callable[[Any], Any], *, hides: bool = False) -> Kind:
    return Kind({"kind": "change", "change": change}, hides)


def result_becomes(value: Any, *, hides: bool = False) -> Kind:
    return changes(lambda answer: {"success": True, "result": value}, hides=hides)


def each_invite(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Kind:
    """Change each invite of an answer; a failure stays as it is."""

    def change_all(answer: dict[str, Any]) -> dict[str, Any]:
        result = answer.get("result")
        if isinstance(result, list):
            return {**answer, "result": [change(invite) for invite in result]}
        return {**answer, "result": change(result)} if isinstance(result, dict) else answer

    return changes(change_all, hides=True)


def less(invite: dict[str, Any], field_name: str) -> dict[str, Any]:
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
BLOCKED = {"success": False, "errors": [{"code": 971, "message": "Please wait"}], "result": None}

KINDS: dict[str, Kind] = {
    "connection refused": Kind({"kind": "refused"}),
    "reset": Kind({"kind": "reset"}),
    "acted, then reset": Kind({"kind": "reset", "acted": True}),
    "time-out": Kind({"kind": "silence"}),
    "acted, then time-out": Kind({"kind": "silence", "acted": True}),
    "truncated": Kind({"kind": "truncated"}),
    "empty": answers(200, ""),
    "acted, then empty": answers(200, "", acted=True),
    "HTML 502": answers(502, HTML_BODY, HTML),
    "acted, then HTML 502": answers(502, HTML_BODY, HTML, acted=True),
    "HTML 525": answers(525, HTML_BODY, HTML),
    "HTML 403": answers(403, HTML_BODY, HTML),
    "text 503": answers(503, "upstream connect error", TEXT),
    "text 504": answers(504, "upstream request timeout", TEXT),
    "acted, then text 504": answers(504, "upstream request timeout", TEXT, acted=True),
    "429, come back at once": answers(429, BLOCKED, {**JSON, "Retry-After": "0"}),
    "429, come back in a second": answers(429, BLOCKED, {**JSON, "Retry-After": "1"}),
    "429, come back whenever": answers(429, BLOCKED),
    "429, come back tomorrow": answers(429, BLOCKED, {**JSON, "Retry-After": "86400"}),
    "429, come back in garbage": answers(429, BLOCKED, {**JSON, "Retry-After": "\u00b2 soon"}),
    "429 in HTML": answers(429, HTML_BODY, HTML),
    "429 for ever": answers(429, BLOCKED, {**JSON, "Retry-After": "300"}, times=None),
    "500": answers(500, FAILURE),
    "acted, then 500": answers(500, FAILURE, acted=True),
    "500 for ever": answers(500, FAILURE, times=None),
    "acted, then 500 for ever": answers(500, FAILURE, times=None, acted=True),
    "redirect": answers(302, "", {"Location": "https://evil.example/client/v4/user/invites"}),
    "redirect to nowhere": answers(307, "", {"Location": "https://[evil"}),
    "failure with 200": answers(200, FAILURE),
    "acted, then failure with 200": answers(200, FAILURE, acted=True),
    "failure with a chain": answers(400, FAILURE),
    "no envelope": answers(200, {"invites": []}),
    "acted, then no envelope": answers(200, {"invites": []}, acted=True),
    "result is null": result_becomes(None, hides=True),
    "result is a text": result_becomes("x"),
    "result is a number": result_becomes(7),
    "result is true": result_becomes(True),
    "result is the other type": changes(
        lambda answer: {
            **answer,
            "result": {} if isinstance(answer.get("result"), list) else [answer.get("result")],
        },
    ),
    "result lists nonsense": result_becomes([None, 1, "x", []]),
    "invite without status": each_invite(lambda invite: less(invite, "status")),
    "invite without id": each_invite(lambda invite: less(invite, "id")),
    "invite of an unknown status": each_invite(lambda invite: {**invite, "status": "frozen"}),
    "invite of wrong types": each_invite(
        lambda invite: {name: [value] for name, value in invite.items()}
    ),
    "half a character in a name": each_invite(
        lambda invite: {**invite, "organization_name": "Acme \ud800"}
    ),
    "no messages and no result": changes(lambda answer: {"success": True, "errors": []}),
    "null": answers(200, "null"),
    "invalid UTF-8": answers(200, b'{"success": true, "result": "\xff"}'),
    "50 MB": Kind({"kind": "huge_body"}),
    "acted, then 50 MB": Kind({"kind": "huge_body", "acted": True}),
    "a header of 64 KB": Kind({"kind": "huge_header"}),
    "slow drip": Kind({"kind": "drip"}),
}
