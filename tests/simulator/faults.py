# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Injected faults: what can go wrong between a client and Cloudflare.

A fault handler gets the fault, the handler of the request, which processes it and returns the real
response, and the connection. It returns the response to send instead, or closes the connection.
"""

from __future__ import annotations

import gzip
import os
import re
import selectors
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Callable

from flask import json
from werkzeug.wrappers import Response

Handler = Callable[[], Response]


class CloseConnection(ConnectionError):
    """The connection ends without a response or in the middle of one."""


@dataclass
class Fault:
    """A kind of fault and the requests that trigger it.

    By default, the next request triggers it, once. Requests with its ``method`` and ``path`` (a
    regular expression for the beginning) are counted from the moment the fault is added. Request
    ``at`` is the first that triggers it, then the following ones, at most ``times`` times. None
    means without limit.
    """

    kind: str

    # When
    at: int = 1
    times: int | None = 1
    method: str | None = None
    path: str | None = None

    # What; ``after_processing``: the request is processed before the fault
    after_processing: bool = False
    status: int = 500
    body: bytes | str = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    modify: Callable[[Any], Any] = lambda body: body
    size: int = 0
    pause: float = 0.05

    # Counters
    matched_count: int = field(default=0, init=False)
    triggered_count: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.kind not in FAULT_HANDLERS:
            raise ValueError(f"Unknown fault {self.kind!r}. Use one of {', '.join(FAULT_HANDLERS)}")
        if not callable(self.modify):
            raise TypeError("modify is a function from the real response body to the one to send")

    def handle(self, handler: Handler, connection: socket.socket) -> Response:
        """Return the response to send instead of the real one."""
        return FAULT_HANDLERS[self.kind](self, handler, connection)

    def matches(self, method: str, path: str) -> bool:
        """Return whether a request has the method and path of the fault, and count it."""
        if self.method not in (None, method) or not re.match(self.path or "", path):
            return False
        self.matched_count += 1
        return True

    def should_trigger(self) -> bool:
        """Return whether the last counted request triggers the fault, and count that."""
        if self.matched_count < self.at or self.triggered_count == self.times:
            return False
        self.triggered_count += 1
        return True

    def should_close_connection(self) -> bool:
        """Return whether to close a new connection, which counts as a request."""
        if self.kind != "connection_refused" or self.method or self.path:
            return False
        self.matched_count += 1
        if self.should_trigger():
            return True
        self.matched_count -= 1
        return False


class FaultQueue:
    """The faults that were added."""

    def __init__(self) -> None:
        self._queued: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        with self._lock:
            self._queued.append(fault)

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._queued.clear()

    def next_for(self, method: str, path: str) -> Fault | None:
        """Return the fault for a request. All matching faults count it, the first is triggered."""
        with self._lock:
            matching = [fault for fault in self._queued if fault.matches(method, path)]
            return next((fault for fault in matching if fault.should_trigger()), None)

    def should_close_connection(self) -> bool:
        """Return whether to close a new connection."""
        with self._lock:
            return any(fault.should_close_connection() for fault in self._queued)


def response(fault: Fault, handler: Handler, connection: socket.socket) -> Response:
    """Send another status, body, and headers."""
    if fault.after_processing:
        handler()
    return Response(fault.body, fault.status, fault.headers)


def modify_response(fault: Fault, handler: Handler, connection: socket.socket) -> Response:
    """Send the real response with modified JSON."""
    response = handler()
    response.set_data(json.dumps(fault.modify(response.get_json())))
    return response


def connection_reset(fault: Fault, handler: Handler, connection: socket.socket) -> Response:
    """Reset the connection (RST)."""
    if fault.after_processing:
        handler()
    # With this option, closing sends RST. Other objects refer to the socket, so close the file.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())
    raise CloseConnection


def connection_refused(fault: Fault, handler: Handler, connection: socket.socket) -> Response:
    """Close a new connection (done by the server), or reset one that was kept open."""
    return connection_reset(fault, handler, connection)


def no_response(fault: Fault, handler: Handler, connection: socket.socket) -> Response:
    """Send no response until the client disconnects."""
    if fault.after_processing:
        handler()
    _wait_for_disconnect(connection, within=None)
    raise CloseConnection


def truncated(fault: Fault, handler: Handler, connection: socket.socket) -> Response:
    """Send half of the real response and close the connection."""
    body = handler().get_data()

    def half() -> Iterator[bytes]:
        yield body[: len(body) // 2]
        raise CloseConnection

    return _stream(half(), {"Content-Length": str(len(body))})


def early_hints(fault: Fault, handler: Handler, connection: socket.socket) -> Response:
    """Send an interim response with this ``status`` (such as 103), then the real one."""
    connection.sendall(b"HTTP/1.1 %d Interim\r\nLink: </style.css>\r\n\r\n" % fault.status)
    return handler()


def truncated_without_length(fault: Fault, handler: Handler, connection: socket.socket) -> Response:
    """Send half of the real response as HTTP/1.0, without a length."""
    body = handler().get_data()
    head = b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
    connection.sendall(head + body[: len(body) // 2])
    raise CloseConnection


def broken_gzip(fault: Fault, handler: Handler, connection: socket.socket) -> Response:
    """Send the real response as gzip without its last ``size`` bytes; 0 corrupts it instead."""
    body = gzip.compress(handler().get_data())
    body = body[: -fault.size] if fault.size else body[:20] + b"garbled" + body[27:]
    return Response(body, 200, {"Content-Encoding": "gzip"}, content_type="application/json")


def slow_response(fault: Fault, handler: Handler, connection: socket.socket) -> Response:
    """Send the real response one byte at a time, with a pause between the bytes."""
    body = handler().get_data()

    def chunks() -> Iterator[bytes]:
        yield body[:1]
        for number in range(1, len(body)):
            if _wait_for_disconnect(connection, within=fault.pause):
                raise CloseConnection
            yield body[number : number + 1]

    return _stream(chunks(), {"Content-Length": str(len(body))})


def huge_body(fault: Fault, handler: Handler, connection: socket.socket) -> Response:
    """Send a success with a result of ``size`` bytes (50 MB), without a length."""
    if fault.after_processing:
        handler()
    size, chunk_size = fault.size or 50_000_000, 65_536

    def chunks() -> Iterator[bytes]:
        yield b'{"success": true, "errors": [], "messages": [], "result": "'
        for start in range(0, size, chunk_size):
            yield b"x" * min(chunk_size, size - start)
        yield b'"}'

    return _stream(chunks(), {})


def huge_header(fault: Fault, handler: Handler, connection: socket.socket) -> Response:
    """Send the real response with an additional header of ``size`` bytes (64 KB)."""
    response = handler()
    response.headers["X-Padding"] = "x" * (fault.size or 65_536)
    return response


FaultHandler = Callable[[Fault, Handler, socket.socket], Response]
FAULT_HANDLERS: dict[str, FaultHandler] = {
    handler.__name__: handler
    for handler in (
        response,
        modify_response,
        connection_reset,
        connection_refused,
        no_response,
        truncated,
        early_hints,
        truncated_without_length,
        broken_gzip,
        slow_response,
        huge_body,
        huge_header,
    )
}


def _stream(chunks: Iterator[bytes], headers: Mapping[str, str]) -> Response:
    return Response(chunks, 200, headers, content_type="application/json")


def _wait_for_disconnect(connection: socket.socket, within: float | None) -> bool:
    # A client that waits for a response sends nothing, so a readable socket means it left.
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        return bool(selector.select(within))
