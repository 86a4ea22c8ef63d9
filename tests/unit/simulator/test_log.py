# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of requests."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from ansible_collections.community.cloudflare.tests.simulator import (
    Fault,
    Organization,
    Simulator,
    User,
)
from ansible_collections.community.cloudflare.tests.unit.simulator.client import Client, pair


def test_a_request_is_logged_with_its_answer(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    invite = cloudflare.invite(user, acme)
    cloudflare.clock.sleep(7)
    listed = client.get("/user/invites", params={"page": 1, "per_page": 50})
    answered = client.respond(invite.id, "accepted", headers=pair(user))
    first, second = cloudflare.log
    assert (first.method, first.path, first.status) == ("GET", "/user/invites", 200)
    assert first.query == {"page": "1", "per_page": "50"}
    assert first.body is None
    assert first.answer == listed.json()
    assert first.at == cloudflare.clock.time()
    assert (second.method, second.path) == ("PATCH", f"/user/invites/{invite.id}")
    assert second.body == {"status": "accepted"}
    assert second.headers["X-Auth-Key"] == user.api_key
    assert second.answer == answered.json()


def test_a_body_that_is_no_json_is_logged_as_it_is(cloudflare: Simulator, client: Client) -> None:
    client.patch("/nothing", data=b"\xff{")
    assert cloudflare.log[0].body == b"\xff{"


def test_a_fault_is_logged(cloudflare: Simulator, client: Client) -> None:
    fault = cloudflare.add_fault(Fault("answer", status=502, body="<html>"))
    client.get("/user/invites")
    [entry] = cloudflare.log
    assert entry.fault is fault
    assert (entry.status, entry.answer) == (502, None)


def test_connections_are_kept_alive_and_told_apart(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    invite = cloudflare.invite(user, acme)
    client.get("/user/invites")
    client.get("/nothing")
    client.respond(invite.id, "nonsense")
    client.get("/user/invites")
    with Client(cloudflare, user) as other:
        other.get("/user/invites")
    connections = [entry.connection for entry in cloudflare.log]
    assert len(set(connections[:4])) == 1
    assert connections[4] != connections[0]


@pytest.mark.off_contract  # as HEAD has no body
def test_a_head_is_answered_without_a_body(cloudflare: Simulator, client: Client) -> None:
    assert client.request("HEAD", "/nothing").content == b""
    assert client.get("/user/invites").status_code == 200
    assert len({entry.connection for entry in cloudflare.log}) == 1


def test_a_chunked_body_is_read_to_its_end(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    invite = cloudflare.invite(user, acme)
    pieces = iter([b'{"status":', b' "accepted"}'])
    assert client.patch(f"/user/invites/{invite.id}", data=pieces).status_code == 200
    client.get("/user/invites")
    assert len({entry.connection for entry in cloudflare.log}) == 1


def test_many_at_once(cloudflare: Simulator, user: User, acme: Organization) -> None:
    invites = [cloudflare.invite(user, acme) for _number in range(40)]

    def respond_to_five(first: int) -> list[int]:
        with Client(cloudflare, user) as client:
            its_invites = invites[first : first + 5]
            return [client.respond(one.id, "accepted").status_code for one in its_invites]

    with ThreadPoolExecutor(8) as pool:
        answers = [status for some in pool.map(respond_to_five, range(0, 40, 5)) for status in some]
    assert answers == [200] * 40
    assert {cloudflare.status(invite.id) for invite in invites} == {"accepted"}
    assert len({entry.connection for entry in cloudflare.log}) == 8


def test_the_control_plane_is_not_logged(cloudflare: Simulator) -> None:
    requests.get(f"{cloudflare.root}/_simulator/log", timeout=10)
    assert cloudflare.log == []
