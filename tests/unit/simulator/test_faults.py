# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each kind of fault does what it says to a client, and no more than it says to the state."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from ansible_collections.community.cloudflare.tests.simulator import (
    Fault,
    Organization,
    Simulator,
    User,
)
from ansible_collections.community.cloudflare.tests.unit.simulator.client import Client

BUSY: dict[str, Any] = {"status": 503, "body": "busy"}


# The kind, its options, the exception that the client raises, and whether the request takes effect.
@pytest.mark.parametrize(
    ("kind", "options", "error", "after_processing"),
    [
        ("connection_refused", {}, requests.ConnectionError, False),
        ("connection_reset", {}, requests.ConnectionError, False),
        ("connection_reset", {"after_processing": True}, requests.ConnectionError, True),
        ("no_response", {}, requests.ReadTimeout, False),
        ("no_response", {"after_processing": True}, requests.ReadTimeout, True),
        ("truncated", {}, requests.exceptions.ChunkedEncodingError, True),
        ("slow_response", {"pause": 60}, requests.RequestException, True),
        ("huge_header", {}, requests.ConnectionError, True),
    ],
)
def test_fault_without_response_raises(
    kind: str,
    options: dict[str, Any],
    error: type[Exception],
    after_processing: bool,
    cloudflare: Simulator,
    user: User,
    acme: Organization,
    client: Client,
) -> None:
    invite = cloudflare.invite(user, acme)
    fault = cloudflare.add_fault(Fault(kind, **options))

    with pytest.raises(error):
        client.respond(
            invite.id, "accepted", timeout=0.1 if kind in ("no_response", "slow_response") else 10
        )

    assert fault.triggered_count == 1
    assert cloudflare.status(invite.id) == ("accepted" if after_processing else "pending")
    assert client.get("/user/invites").status_code == 200


@pytest.mark.parametrize("after_processing", [False, True])
@pytest.mark.parametrize(
    ("kind", "options", "status", "content"),
    [
        ("response", {"status": 502, "body": "<html>"}, 502, b"<html>"),
        ("response", {"status": 429, "headers": {"Retry-After": "soon"}}, 429, b""),
        ("huge_body", {"size": 3_000_000}, 200, None),
    ],
)
def test_fault_with_response_replaces_it(
    kind: str,
    options: dict[str, Any],
    status: int,
    content: bytes | None,
    after_processing: bool,
    cloudflare: Simulator,
    user: User,
    acme: Organization,
    client: Client,
) -> None:
    invite = cloudflare.invite(user, acme)
    cloudflare.add_fault(Fault(kind, after_processing=after_processing, **options))

    response = client.respond(invite.id, "accepted")

    assert response.status_code == status
    assert {**options.get("headers", {})}.items() <= dict(response.headers).items()
    if content is None:
        assert len(response.json()["result"]) == options["size"]
    else:
        assert response.content == content
    assert cloudflare.status(invite.id) == ("accepted" if after_processing else "pending")


def test_change_fault_edits_response(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    invite = cloudflare.invite(user, acme)
    cloudflare.add_fault(Fault("modify_response", modify=lambda answer: {**answer, "result": 7}))

    assert client.respond(invite.id, "accepted").json()["result"] == 7
    assert cloudflare.status(invite.id) == "accepted"


@pytest.mark.parametrize(
    ("which", "struck"),
    [
        ({"times": 2}, [1, 2]),
        ({"at": 3, "times": None}, [3, 4, 5, 6, 7, 8]),
        ({"at": 2, "every": 3, "times": None}, [2, 5, 8]),
        ({"at": 9}, []),
        ({"method": "PATCH"}, []),
        ({"path": "/user/invites$"}, [1]),
        ({"path": "/organizations/"}, []),
        ({"probability": 0.5, "seed": 7, "times": None}, [1, 2, 4, 6, 7]),
    ],
)
def test_fault_strikes_selected_requests(
    which: dict[str, Any], struck: list[int], cloudflare: Simulator, client: Client
) -> None:
    cloudflare.add_fault(Fault("response", **BUSY, **which))

    statuses = [client.get("/user/invites").status_code for _number in range(8)]

    assert [number for number, status in enumerate(statuses, 1) if status == 503] == struck
