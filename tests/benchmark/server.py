# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator in a process of its own, as far from the contestants as Cloudflare can be here."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from ..playbook import CHECKOUT
from .scenarios import Scenario

HOST = "127.0.0.1"
PATIENCE = 30


class Cloudflare:
    """The simulator's control plane.

    :ivar url: the base URL for contestants.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://{HOST}:{port}/client/v4"
        self._port = port
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, whatever the environment has

    def begin(self, scenario: Scenario, size: int) -> None:
        """Forget what was, and begin the scenario's story."""
        self._session.post(self._address("reset"), json=scenario.begin(size)).raise_for_status()

    def log(self) -> list[dict[str, Any]]:
        """Return the requests since the story began."""
        log: list[dict[str, Any]] = self._session.get(self._address("log")).json()
        return log

    def _address(self, name: str) -> str:
        return f"http://{HOST}:{self._port}/_simulator/{name}"


@contextmanager
def simulator() -> Iterator[Cloudflare]:
    """Start a simulator, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        port_file = Path(folder, "port")
        command = [sys.executable, "-m", "tests.simulator", "--port-file", str(port_file)]
        with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL) as process:
            try:
                deadline = time.monotonic() + PATIENCE
                while not port_file.exists():
                    if process.poll() is not None or time.monotonic() > deadline:
                        sys.exit("The simulator did not start.")
                    time.sleep(0.05)
                yield Cloudflare(int(port_file.read_text(encoding="utf-8")))
            finally:
                process.terminate()
