# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator: what Cloudflare keeps, served over HTTP, with a log, faults and a clock."""

from __future__ import annotations

import io
import secrets
import threading
import time
from collections.abc import Iterable
from typing import Any, Callable

from flask import Flask
from werkzeug import wrappers
from werkzeug.wrappers import Response

from .api import PREFIX, create_api
from .clock import Clock
from .control import CONTROL, create_control
from .faults import Fault, Faults
from .limit import RateLimit
from .log import Request, complete, record
from .server import Server
from .state import State

HOST = "127.0.0.1"


class Simulator(State):
    """Stands for Cloudflare between ``start`` and ``stop``, or in a ``with`` statement."""

    def __init__(self, clock: Clock | None = None, ssl_context: Any = None, port: int = 0) -> None:
        super().__init__(clock or Clock())
        self.log: list[Request] = []
        self.before_answer: Callable[[Request], None] | None = None
        """Called before each request is carried out; may change the state."""
        self.ended = threading.Event()
        """Set when somebody asks for the end through the control plane."""
        self._faults = Faults()
        self._limit = RateLimit(self)
        self._api = create_api(self, self._limit)
        self._control = create_control(self)
        self._ssl_context = ssl_context
        self.port = port
        self._server: Server | None = None

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(self, *_error: Any) -> None:
        self.stop()

    @property
    def root(self) -> str:
        """The address of the server, for the control plane."""
        scheme = "https" if self._ssl_context else "http"
        return f"{scheme}://{HOST}:{self.port}"

    @property
    def url(self) -> str:
        """The base URL, for clients."""
        return self.root + PREFIX

    def start(self) -> None:
        """Serve, on a port that the system picks unless one was given."""
        self._server = Server(
            HOST,
            self.port,
            self._serve,
            self._faults.strike_connection,
            self._ssl_context,
        )
        self.port = self._server.port
        self._server.start()

    def stop(self) -> None:
        """End all connections and stop serving."""
        if self._server:
            self._server.stop()
            self._server = None

    def reset(self) -> None:
        """Forget everything, and go on serving."""
        with self.lock:
            super().reset()
            self.log.clear()
            self.before_answer = None
            self.clear_faults()
            self._limit.reset()

    def add_fault(self, fault: Fault) -> Fault:
        """Order a fault. It counts requests from now on."""
        self._faults.add(fault)
        return fault

    def clear_faults(self) -> None:
        """Order none any more."""
        self._faults.clear()

    def _serve(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = wrappers.Request(environ)
        if request.path.startswith(CONTROL):
            return self._carry_out(self._control, request)(environ, start_response)
        entry = record(request, PREFIX, self.clock.time())
        self.log.append(entry)
        time.sleep(self.settings.latency)
        if self.before_answer:
            self.before_answer(entry)
        response = self._answer(entry, request)
        response.headers.setdefault("CF-Ray", f"{secrets.token_hex(8)}-SIM")
        complete(entry, response)
        return response(environ, start_response)

    def _answer(self, entry: Request, request: wrappers.Request) -> Response:
        def act() -> Response:
            return self._carry_out(self._api, request)

        entry.fault = self._faults.strike(entry.method, entry.path)
        if entry.fault is None:
            return act()
        return entry.fault.answer(act, request.environ["werkzeug.socket"])

    def _carry_out(self, app: Flask, request: wrappers.Request) -> Response:
        body = request.get_data()
        environ = {
            **request.environ,
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
        }
        # One request at a time sees and changes the state.
        with self.lock:
            return Response.from_app(app, environ, buffered=True)
