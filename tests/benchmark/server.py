# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator in a separate process."""

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
START_TIMEOUT = 30


class Cloudflare:
    """The simulator's control plane.

    :ivar url: the base URL for implementations.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://{HOST}:{port}/client/v4"
        self._port = port
        self._session = requests.Session()
        self._session.trust_env = False  # ignore proxies of the environment

    def seed(self, scenario: Scenario, size: int) -> None:
        """Reset the simulator and load the seed data of a scenario."""
        self._session.post(self._address("reset"), json=scenario.seed(size)).raise_for_status()

    def log(self) -> list[dict[str, Any]]:
        """Return the requests since the last reset."""
        log: list[dict[str, Any]] = self._session.get(self._address("log")).json()
        return log

    def _address(self, name: str) -> str:
        return f"http://{HOST}:{self._port}/_simulator/{name}"


@contextmanager
def simulator() -> Iterator[Cloudflare]:
    """Start and stop a simulator."""
    with tempfile.TemporaryDirectory() as folder:
        port_file = Path(folder, "port")
        command = [sys.executable, "-m", "tests.simulator", "--port-file", str(port_file)]
        with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL) as process:
            try:
                deadline = time.monotonic() + START_TIMEOUT
                while not port_file.exists():
                    if process.poll() is not None or time.monotonic() > deadline:
                        sys.exit("The simulator did not start.")
                    time.sleep(0.05)
                yield Cloudflare(int(port_file.read_text(encoding="utf-8")))
            finally:
                process.terminate()
