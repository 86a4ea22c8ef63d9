# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting, stopping, speed, and TLS."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest
import requests

from ansible_collections.community.cloudflare.tests.simulator import Clock, Fault, Simulator, User
from ansible_collections.community.cloudflare.tests.unit.simulator.client import Client


def test_it_starts_and_stops_at_once_and_leaves_nothing() -> None:
    threads = set(threading.enumerate())
    sockets = open_sockets()
    began = time.monotonic()
    for _number in range(20):
        with Simulator() as simulator, Client(simulator, simulator.add_user()) as client:
            assert client.get("/user/invites").status_code == 200
    assert time.monotonic() - began < 5
    assert set(threading.enumerate()) <= threads
    assert open_sockets() <= sockets


def open_sockets() -> int:
    """Count this process's sockets, where the system tells."""
    files = Path("/proc/self/fd")
    links = [os.readlink(file) for file in files.iterdir() if file.is_symlink()]
    return sum(link.startswith("socket:") for link in links)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("silence"),
        Fault("drip", pause=60),
        Fault("huge_body", size=1_000_000_000),
    ],
    ids=lambda fault: str(fault.kind),
)
def test_it_stops_while_a_client_waits(fault: Fault) -> None:
    threads = set(threading.enumerate())
    with Simulator() as simulator:
        user = simulator.add_user()
        simulator.add_fault(fault)
        arrived = threading.Event()
        simulator.before_answer = lambda _request: arrived.set()
        request = (
            "GET /client/v4/user/invites HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {user.api_token}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", simulator.port)) as waiting:
            waiting.sendall(request.encode())
            assert arrived.wait(10)
            began = time.monotonic()
            simulator.stop()
            assert time.monotonic() - began < 5
            assert set(threading.enumerate()) <= threads


def test_it_starts_again_on_the_same_port() -> None:
    simulator = Simulator()
    with simulator:
        url = simulator.url
    with simulator:
        assert simulator.url == url
        assert requests.get(f"{url}/user/invites", timeout=10).status_code == 400
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/user/invites", timeout=10)
    simulator.stop()


def test_answers_are_not_delayed(client: Client) -> None:
    client.get("/user/invites")
    began = time.monotonic()
    for _number in range(50):
        client.get("/user/invites")
    # A delayed acknowledgement alone would cost 40 ms each.
    assert time.monotonic() - began < 50 * 0.03


def test_latency(cloudflare: Simulator, client: Client) -> None:
    cloudflare.settings.latency = 0.05
    assert client.get("/user/invites").elapsed.total_seconds() >= 0.05


def test_tls(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Simulator(ssl_context=context) as simulator:
        assert simulator.url.startswith("https://127.0.0.1:")
        user = simulator.add_user()
        with Client(simulator, user) as client:
            with pytest.raises(requests.exceptions.SSLError):
                client.get("/user/invites")
            client.verify = str(certificate)
            assert client.get("/user/invites").status_code == 200
            # Somebody who does not even shake hands holds up nobody.
            silent = socket.create_connection(("127.0.0.1", simulator.port))
            with silent, Client(simulator, user) as other:
                assert other.get("/user/invites", verify=str(certificate)).status_code == 200
            for kind in ("reset", "truncated", "silence"):
                simulator.add_fault(Fault(kind))
                with pytest.raises(requests.RequestException):
                    client.get("/user/invites", timeout=0.2 if kind == "silence" else 10)
            assert client.get("/user/invites").status_code == 200


def self_signed(folder: Path) -> Path:
    """Return a file with a new key and its certificate for the loopback address."""
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes the certificate, is not installed")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=simulator", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-addext", "keyUsage=digitalSignature,keyCertSign"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_text(key.read_text() + certificate.read_text())
    return both


def test_a_virtual_clock_waits_for_nobody() -> None:
    clock = Clock.virtual(start=1000)
    began = time.monotonic()
    threads = [threading.Thread(target=clock.sleep, args=(300,)) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clock.sleep(-1)
    assert (clock.time(), clock.monotonic()) == (3400, 2400)
    assert time.monotonic() - began < 5


def test_a_real_clock_tells_the_time() -> None:
    clock = Clock()
    before = time.time()
    clock.sleep(0.001)
    assert clock.time() > before
    assert clock.monotonic() > 0


def test_users_are_independent(cloudflare: Simulator, user: User) -> None:
    assert cloudflare.add_user().api_token != user.api_token
