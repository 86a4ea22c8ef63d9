# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fault does what it says to a client, and no more than it says to the state."""

from __future__ import annotations

import socket
import struct
import threading
from typing import Any

import pytest
import requests

from ansible_collections.community.cloudflare.tests.simulator import (
    Fault,
    Invite,
    Organization,
    Simulator,
    User,
)
from ansible_collections.community.cloudflare.tests.unit.simulator.client import Client


@pytest.fixture
def invite(cloudflare: Simulator, user: User, acme: Organization) -> Invite:
    return cloudflare.invite(user, acme)


def exchange(cloudflare: Simulator, user: User) -> bytes:
    """Send one request by hand and return all that comes back, until the connection ends."""
    with socket.create_connection(("127.0.0.1", cloudflare.port), timeout=10) as connection:
        connection.sendall(
            b"GET /client/v4/user/invites HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            b"Authorization: Bearer %b\r\n\r\n" % user.api_token.encode()
        )
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
        return received


@pytest.mark.parametrize(
    ("when", "struck"),
    [
        ({}, [1]),
        ({"times": 2}, [1, 2]),
        ({"times": None}, [1, 2, 3, 4, 5, 6, 7, 8]),
        ({"at": 3}, [3]),
        ({"at": 3, "times": 2}, [3, 4]),
        ({"at": 6, "times": None}, [6, 7, 8]),
        ({"at": 2, "every": 3, "times": None}, [2, 5, 8]),
        ({"at": 9}, []),
        ({"probability": 0.0, "times": None}, []),
        ({"probability": 0.5, "seed": 7, "times": None}, [1, 2, 4, 6, 7]),
    ],
)
def test_when_a_fault_strikes(
    when: dict[str, Any], struck: list[int], cloudflare: Simulator, client: Client
) -> None:
    fault = cloudflare.add_fault(Fault("answer", status=503, **when))
    answers = [client.get("/user/invites").status_code for _number in range(8)]
    assert [number for number, status in enumerate(answers, 1) if status == 503] == struck
    assert [number for number, entry in enumerate(cloudflare.log, 1) if entry.fault] == struck
    assert (fault.seen, fault.struck) == (8, len(struck))


@pytest.mark.parametrize(
    ("which", "struck"),
    [
        ({"method": "PATCH"}, ["PATCH one"]),
        ({"path": "/user/invites"}, ["GET list", "GET one", "PATCH one"]),
        ({"path": "/user/invites$"}, ["GET list"]),
        ({"path": "/user/invites/", "method": "GET"}, ["GET one"]),
        ({"path": "/organizations/"}, []),
    ],
)
def test_which_requests_a_fault_strikes(
    which: dict[str, Any],
    struck: list[str],
    cloudflare: Simulator,
    invite: Invite,
    client: Client,
) -> None:
    cloudflare.add_fault(Fault("answer", status=503, times=None, **which))
    answers = {
        "GET list": client.get("/user/invites"),
        "GET one": client.get(f"/user/invites/{invite.id}"),
        "PATCH one": client.respond(invite.id, "accepted"),
    }
    assert [name for name, answer in answers.items() if answer.status_code == 503] == struck


def test_faults_strike_one_after_the_other(cloudflare: Simulator, client: Client) -> None:
    cloudflare.add_fault(Fault("answer", status=502))
    cloudflare.add_fault(Fault("answer", status=503))
    answers = [client.get("/user/invites").status_code for _number in range(3)]
    assert answers == [502, 503, 200]


def test_faults_can_be_called_off(cloudflare: Simulator, client: Client) -> None:
    cloudflare.add_fault(Fault("answer", status=502, times=None))
    assert client.get("/user/invites").status_code == 502
    cloudflare.clear_faults()
    assert client.get("/user/invites").status_code == 200


def test_two_faults_count_the_same_requests(cloudflare: Simulator, client: Client) -> None:
    cloudflare.add_fault(Fault("answer", status=502, at=2))
    cloudflare.add_fault(Fault("answer", status=503, at=3))
    answers = [client.get("/user/invites").status_code for _number in range(4)]
    assert answers == [200, 502, 503, 200]


@pytest.mark.parametrize("acted", [False, True])
@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (502, "<html>Bad gateway</html>", {"Content-Type": "text/html"}),
        (503, "upstream connect error", {"Content-Type": "text/plain"}),
        (429, b"{}", {"Content-Type": "application/json", "Retry-After": "soon"}),
        (302, b"", {"Location": "http://elsewhere.example/"}),
        (200, b"\xff\xfe", {"Content-Type": "application/json"}),
        (204, b"", {}),
    ],
)
def test_another_answer(
    acted: bool,
    status: int,
    body: Any,
    headers: dict[str, str],
    cloudflare: Simulator,
    invite: Invite,
    client: Client,
) -> None:
    cloudflare.add_fault(Fault("answer", status=status, body=body, headers=headers, acted=acted))
    response = client.respond(invite.id, "accepted", allow_redirects=False)
    assert response.status_code == status
    assert response.content == (body.encode() if isinstance(body, str) else body)
    assert {name: response.headers[name] for name in headers} == headers
    assert "CF-Ray" in response.headers
    assert "Transfer-Encoding" not in response.headers
    assert cloudflare.status(invite.id) == ("accepted" if acted else "pending")
    assert client.get("/user/invites").status_code == 200
    assert len({entry.connection for entry in cloudflare.log}) == 1


@pytest.mark.parametrize("acted", [False, True])
@pytest.mark.parametrize(
    ("kind", "error"), [("reset", requests.ConnectionError), ("silence", requests.ReadTimeout)]
)
def test_no_answer(
    kind: str,
    error: type[Exception],
    acted: bool,
    cloudflare: Simulator,
    invite: Invite,
    client: Client,
) -> None:
    before = set(threading.enumerate())
    client.get("/user/invites")
    [serving] = set(threading.enumerate()) - before
    cloudflare.add_fault(Fault(kind, acted=acted))
    with pytest.raises(error):
        client.respond(invite.id, "accepted", timeout=0.1 if kind == "silence" else 10)
    serving.join(5)
    assert cloudflare.status(invite.id) == ("accepted" if acted else "pending")
    assert cloudflare.log[1].status is None
    assert client.get("/user/invites").status_code == 200


def test_a_reset_is_a_reset(cloudflare: Simulator, user: User) -> None:
    cloudflare.add_fault(Fault("reset"))
    with pytest.raises(ConnectionResetError):
        exchange(cloudflare, user)


@pytest.mark.parametrize(
    "fault", [Fault("silence"), Fault("drip", pause=60)], ids=["silence", "drip"]
)
def test_waiting_ends_when_the_client_leaves(
    fault: Fault, cloudflare: Simulator, client: Client
) -> None:
    before = set(threading.enumerate())
    cloudflare.add_fault(fault)
    with pytest.raises(requests.RequestException):
        client.get("/user/invites", timeout=0.1)
    client.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive()


def test_a_truncated_answer(cloudflare: Simulator, invite: Invite, client: Client) -> None:
    cloudflare.add_fault(Fault("truncated"))
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        client.respond(invite.id, "accepted")
    assert cloudflare.status(invite.id) == "accepted"


def test_a_truncated_answer_is_half_of_it(cloudflare: Simulator, user: User) -> None:
    _head, _blank, body = exchange(cloudflare, user).partition(b"\r\n\r\n")
    cloudflare.add_fault(Fault("truncated"))
    its_head, _blank, its_body = exchange(cloudflare, user).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in its_head
    assert its_body == body[: len(body) // 2]


def test_a_slow_drip(cloudflare: Simulator, invite: Invite, client: Client) -> None:
    whole = client.get("/user/invites")
    cloudflare.add_fault(Fault("drip", pause=0.0005))
    dripped = client.get("/user/invites")
    assert dripped.content == whole.content
    assert dripped.elapsed.total_seconds() < 10
    cloudflare.add_fault(Fault("drip", pause=60))
    with pytest.raises(requests.RequestException, match="Read timed out"):
        client.get("/user/invites", timeout=0.1)


def test_a_changed_answer(cloudflare: Simulator, invite: Invite, client: Client) -> None:
    def without_status(answer: Any) -> Any:
        del answer["result"]["status"]
        return answer

    cloudflare.add_fault(Fault("change", change=without_status))
    result = client.respond(invite.id, "accepted").json()["result"]
    assert result["id"] == invite.id
    assert "status" not in result
    assert cloudflare.status(invite.id) == "accepted"


@pytest.mark.parametrize("acted", [False, True])
def test_a_huge_body(acted: bool, cloudflare: Simulator, invite: Invite, client: Client) -> None:
    cloudflare.add_fault(Fault("huge_body", size=3_000_000, acted=acted))
    response = client.respond(invite.id, "accepted")
    assert len(response.json()["result"]) == 3_000_000
    assert "Content-Length" not in response.headers
    assert cloudflare.status(invite.id) == ("accepted" if acted else "pending")


def test_a_huge_body_is_50_mb_and_may_be_left_unread(
    cloudflare: Simulator, invite: Invite, client: Client
) -> None:
    cloudflare.add_fault(Fault("huge_body", times=2))
    with client.get("/user/invites", stream=True) as response:
        assert sum(len(chunk) for chunk in response.iter_content(1 << 20)) > 50_000_000
    with client.get("/user/invites", stream=True) as response:
        assert next(response.iter_content(10)) == b'{"success"'
    assert client.get("/user/invites").status_code == 200


def test_a_huge_header(cloudflare: Simulator, invite: Invite, client: Client) -> None:
    cloudflare.add_fault(Fault("huge_header", size=10_000))
    assert len(client.get("/user/invites").headers["X-Padding"]) == 10_000
    cloudflare.add_fault(Fault("huge_header"))
    with pytest.raises(requests.ConnectionError, match="header line"):
        client.respond(invite.id, "accepted")
    assert cloudflare.status(invite.id) == "accepted"


def test_a_refused_connection(cloudflare: Simulator, invite: Invite, client: Client) -> None:
    fault = cloudflare.add_fault(Fault("refused", times=2))
    for _number in range(2):
        with pytest.raises(requests.ConnectionError):
            client.respond(invite.id, "accepted")
    assert cloudflare.log == []
    assert fault.struck == 2
    assert client.respond(invite.id, "accepted").status_code == 200


def test_a_refusal_of_a_later_request_resets_the_connection(
    cloudflare: Simulator, invite: Invite, client: Client
) -> None:
    cloudflare.add_fault(Fault("refused", at=2))
    client.get("/user/invites")
    with pytest.raises(requests.ConnectionError):
        client.respond(invite.id, "accepted")
    assert cloudflare.status(invite.id) == "pending"
    assert client.respond(invite.id, "accepted").status_code == 200


def test_a_client_that_leaves_harms_nobody(
    cloudflare: Simulator, client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    before = set(threading.enumerate())
    for half in (b"", b"GET /client", b"PATCH / HTTP/1.1\r\nContent-Length: 10\r\n\r\nab"):
        with socket.create_connection(("127.0.0.1", cloudflare.port)) as connection:
            connection.sendall(half)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert client.get("/user/invites").status_code == 200
    client.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
    assert capfd.readouterr().err == ""


def test_a_fault_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no fault 'rest': answer, change"):
        Fault("rest")
