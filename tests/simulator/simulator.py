# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator: state served over HTTP, with a log, faults, and a clock."""

from __future__ import annotations

import io
import secrets
import threading
import time
from typing import Any, Callable

from flask import Flask
from werkzeug import wrappers
from werkzeug.wrappers import Response

from .api import PREFIX, create_api
from .clock import Clock
from .control import CONTROL, create_control
from .faults import Fault, FaultQueue
from .log import LoggedRequest, log_request, log_response
from .rate_limit import RateLimit
from .server import Server
from .state import State

HOST = "127.0.0.1"


class Simulator(State):
    """Simulates Cloudflare's API between ``start`` and ``stop``, or in a ``with`` statement."""

    def __init__(self, clock: Clock | None = None, ssl_context: Any = None, port: int = 0) -> None:
        super().__init__(clock or Clock())
        self.log: list[LoggedRequest] = []
        self.before_request: Callable[[LoggedRequest], None] | None = None
        """Called before each request is handled. Can change the state."""
        self.shutdown_requested = threading.Event()
        """Set by a shutdown request of the control plane."""
        self._faults = FaultQueue()
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
        """Start to serve, on a port that the system picks unless one was given."""
        self._server = Server(
            HOST, self.port, self._serve, self._faults.should_close_connection, self._ssl_context
        )
        self.port = self._server.port
        self._server.start()

    def stop(self) -> None:
        """Close all connections and stop serving."""
        if self._server:
            self._server.stop()
            self._server = None

    def reset(self) -> None:
        """Remove all state, settings, and faults, and continue to serve."""
        with self.lock:
            super().reset()
            self.log.clear()
            self.before_request = None
            self.clear_faults()
            self._limit.reset()

    def add_fault(self, fault: Fault) -> Fault:
        """Add a fault. It counts requests from now on."""
        self._faults.add(fault)
        return fault

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def _serve(self, environ: dict[str, Any]) -> Response:
        request = wrappers.Request(environ)
        if request.path.startswith(CONTROL):
            return self._dispatch(self._control, request)
        entry = log_request(request, PREFIX, self.clock.time())
        self.log.append(entry)
        time.sleep(self.settings.latency)
        if self.before_request:
            self.before_request(entry)
        response = self._respond(entry, request)
        response.headers.setdefault("CF-Ray", f"{secrets.token_hex(8)}-SIM")
        log_response(entry, response)
        return response

    def _respond(self, entry: LoggedRequest, request: wrappers.Request) -> Response:
        def handler() -> Response:
            return self._dispatch(self._api, request)

        entry.fault = self._faults.next_for(entry.method, entry.path)
        if entry.fault is None:
            return handler()
        return entry.fault.handle(handler, request.environ["werkzeug.socket"])

    def _dispatch(self, app: Flask, request: wrappers.Request) -> Response:
        body = request.get_data()
        environ = {
            **request.environ,
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
        }
        # One request at a time sees and changes the state.
        with self.lock:
            return Response.from_app(app, environ, buffered=True)
