# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults to order: what can go wrong between a client and Cloudflare.

A mechanism gets the fault, a function that carries out the request and returns the real answer, and
the connection. It returns the answer to send instead, or hangs up.
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
from random import Random
from typing import Any, Callable

from flask import json
from werkzeug.wrappers import Response

Act = Callable[[], Response]


class HangupError(ConnectionError):
    """The connection ends here, without an answer or in the middle of one."""


@dataclass
class Fault:
    """One kind of fault and when it strikes.

    By default it strikes the next request, once. ``at`` is the number of the first request that it
    strikes, counted from the moment the fault is added, among those with its ``method`` and
    ``path`` (a regular expression for the beginning). From there on it strikes every one, or each
    ``every``-th, or by chance with a ``probability``, ``times`` times; None is for ever.
    """

    kind: str

    # When
    at: int = 1
    times: int | None = 1
    every: int = 1
    probability: float = 1.0
    seed: int = 0
    method: str | None = None
    path: str | None = None

    # What; ``acted``: the request is carried out before it goes wrong
    acted: bool = False
    status: int = 500
    body: bytes | str = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    change: Callable[[Any], Any] = lambda answer: answer
    size: int = 0
    pause: float = 0.05

    # How often, so far
    seen: int = field(default=0, init=False)
    struck: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.kind not in MECHANISMS:
            raise ValueError(f"There is no fault {self.kind!r}: {', '.join(MECHANISMS)}")
        if not callable(self.change):
            raise TypeError("A change is a function, from the real answer to the one to send")
        self._chance = Random(self.seed)

    def answer(self, act: Act, connection: socket.socket) -> Response:
        """Do what the fault does, in place of the real answer."""
        return MECHANISMS[self.kind](self, act, connection)

    def concerns(self, method: str, path: str) -> bool:
        """Count a request if it has the method and path."""
        if self.method not in (None, method) or not re.match(self.path or "", path):
            return False
        self.seen += 1
        return True

    def strikes(self) -> bool:
        """Tell whether the request that was counted last is struck."""
        past = self.seen - self.at
        if past < 0 or past % self.every or self.struck == self.times:
            return False
        if self._chance.random() >= self.probability:
            return False
        self.struck += 1
        return True

    def refuses_connection(self) -> bool:
        """Tell whether a new connection is refused; if so, that was the request."""
        if self.kind != "refused" or self.method or self.path:
            return False
        self.seen += 1
        if self.strikes():
            return True
        self.seen -= 1
        return False


class Faults:
    """The faults that were ordered."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Order one more."""
        with self._lock:
            self._ordered.append(fault)

    def clear(self) -> None:
        """Order none."""
        with self._lock:
            self._ordered.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """Return the fault for this request. All count it; the first whose turn it is strikes."""
        with self._lock:
            concerned = [fault for fault in self._ordered if fault.concerns(method, path)]
            return next((fault for fault in concerned if fault.strikes()), None)

    def strike_connection(self) -> bool:
        """Tell whether a new connection is refused."""
        with self._lock:
            return any(fault.refuses_connection() for fault in self._ordered)


def answer(fault: Fault, act: Act, connection: socket.socket) -> Response:
    """Some other status, body and headers."""
    if fault.acted:
        act()
    return Response(fault.body, fault.status, fault.headers)


def change(fault: Fault, act: Act, connection: socket.socket) -> Response:
    """The real answer with its JSON changed."""
    response = act()
    response.set_data(json.dumps(fault.change(response.get_json())))
    return response


def reset(fault: Fault, act: Act, connection: socket.socket) -> Response:
    """The connection is reset (RST)."""
    if fault.acted:
        act()
    # With this option, closing sends RST. Others hold on to the socket, so the file is closed.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())
    raise HangupError


def refused(fault: Fault, act: Act, connection: socket.socket) -> Response:
    """A new connection is closed unread (by the server); one that was kept open is reset."""
    return reset(fault, act, connection)


def silence(fault: Fault, act: Act, connection: socket.socket) -> Response:
    """No answer, until the client gives up."""
    if fault.acted:
        act()
    _client_leaves(connection, within=None)
    raise HangupError


def truncated(fault: Fault, act: Act, connection: socket.socket) -> Response:
    """Half of the real answer, then the connection ends."""
    whole = act().get_data()

    def half() -> Iterator[bytes]:
        yield whole[: len(whole) // 2]
        raise HangupError

    return _stream(half(), {"Content-Length": str(len(whole))})


def early_hints(fault: Fault, act: Act, connection: socket.socket) -> Response:
    """An interim response of this ``status`` (such as 103), then the real one."""
    connection.sendall(b"HTTP/1.1 %d Interim\r\nLink: </style.css>\r\n\r\n" % fault.status)
    return act()


def unannounced(fault: Fault, act: Act, connection: socket.socket) -> Response:
    """Half of the real answer, without a length: as HTTP/1.0 sends it, cut off unnoticed."""
    whole = act().get_data()
    head = b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
    connection.sendall(head + whole[: len(whole) // 2])
    raise HangupError


def broken_gzip(fault: Fault, act: Act, connection: socket.socket) -> Response:
    """The real answer as gzip, of which ``size`` bytes at the end are missing or, if 0, garbled."""
    whole = gzip.compress(act().get_data())
    body = whole[: -fault.size] if fault.size else whole[:20] + b"garbled" + whole[27:]
    return Response(body, 200, {"Content-Encoding": "gzip"}, content_type="application/json")


def drip(fault: Fault, act: Act, connection: socket.socket) -> Response:
    """The real answer a byte at a time, with a pause between them."""
    whole = act().get_data()

    def drops() -> Iterator[bytes]:
        yield whole[:1]
        for number in range(1, len(whole)):
            if _client_leaves(connection, within=fault.pause):
                raise HangupError
            yield whole[number : number + 1]

    return _stream(drops(), {"Content-Length": str(len(whole))})


def huge_body(fault: Fault, act: Act, connection: socket.socket) -> Response:
    """A success whose result is a string of ``size`` bytes (50 MB), of unannounced length."""
    if fault.acted:
        act()
    size, chunk = fault.size or 50_000_000, 65_536

    def flood() -> Iterator[bytes]:
        yield b'{"success": true, "errors": [], "messages": [], "result": "'
        for start in range(0, size, chunk):
            yield b"x" * min(chunk, size - start)
        yield b'"}'

    return _stream(flood(), {})


def huge_header(fault: Fault, act: Act, connection: socket.socket) -> Response:
    """The real answer with a header of ``size`` bytes (64 KB) more."""
    response = act()
    response.headers["X-Padding"] = "x" * (fault.size or 65_536)
    return response


Mechanism = Callable[[Fault, Act, socket.socket], Response]
MECHANISMS: dict[str, Mechanism] = {
    mechanism.__name__: mechanism
    for mechanism in (
        answer,
        change,
        reset,
        refused,
        silence,
        truncated,
        early_hints,
        unannounced,
        broken_gzip,
        drip,
        huge_body,
        huge_header,
    )
}


def _stream(chunks: Iterator[bytes], headers: Mapping[str, str]) -> Response:
    return Response(chunks, 200, headers, content_type="application/json")


def _client_leaves(connection: socket.socket, within: float | None) -> bool:
    # A client that waits for an answer sends nothing, so whatever can be read is its farewell.
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        return bool(selector.select(within))
