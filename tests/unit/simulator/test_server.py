# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting, stopping, speed, and TLS."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Fault, Simulator
from ansible_collections.community.cloudflare.tests.unit.simulator.client import Client


def test_stop_closes_threads_and_sockets() -> None:
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
    """Count the sockets of this process, if the system reports them."""
    files = Path("/proc/self/fd")
    links = [os.readlink(file) for file in files.iterdir() if file.is_symlink()]
    return sum(link.startswith("socket:") for link in links)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("no_response"),
        Fault("slow_response", pause=60),
        Fault("huge_body", size=1_000_000_000),
    ],
    ids=lambda fault: str(fault.kind),
)
def test_stop_during_fault_is_fast(fault: Fault) -> None:
    threads = set(threading.enumerate())
    with Simulator() as simulator:
        user = simulator.add_user()
        simulator.add_fault(fault)
        arrived = threading.Event()
        simulator.before_request = lambda _request: arrived.set()
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
