# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server: Werkzeug's, with keep-alive and a complete shutdown."""

from __future__ import annotations

import contextlib
import itertools
import socket
import ssl
import threading
from typing import Any, Callable

from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response

# How often the accepting thread checks whether to stop, in seconds. Many simulators run at once.
POLL_INTERVAL = 0.1
JOIN_TIMEOUT = 1.0


class ConnectionHandler(WSGIRequestHandler):
    """Serves one connection, request after request."""

    protocol_version = "HTTP/1.1"
    # Small responses must not wait for the client's delayed acknowledgements.
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        super().setup()
        self.connection_id = next(self.server.connection_ids)

    def make_environ(self) -> dict[str, Any]:
        return {**super().make_environ(), "simulator.connection": self.connection_id}

    def run_wsgi(self) -> None:
        """Handle one request. Unlike Werkzeug's method, this keeps the connection open."""
        environ = self.make_environ()
        try:
            self._send(self.server.respond(environ), environ)
        except (ConnectionError, ClientDisconnected):
            # The client disconnected, or a fault closes the connection.
            self.close_connection = True

    def _send(self, response: Response, environ: dict[str, Any]) -> None:
        self.send_response(response.status_code)
        headers = response.get_wsgi_headers(environ)
        for name, value in headers:
            self.send_header(name, value)
        has_no_body = self.command == "HEAD" or response.status_code in (204, 304)
        chunked = not has_no_body and "Content-Length" not in headers
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for data in response.get_app_iter(environ):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data) if chunked else data)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - name in the base class
        """Print nothing, because the simulator has its own log."""


class Server(ThreadedWSGIServer):
    """Accepts connections in one thread and serves each in another."""

    def __init__(
        self,
        host: str,
        port: int,
        respond: Callable[[dict[str, Any]], Response],
        should_close: Callable[[], bool],
        ssl_context: Any = None,
    ) -> None:
        # Werkzeug's own method would call an application; the handler calls respond instead.
        super().__init__(host, port, Response(), ConnectionHandler, ssl_context=ssl_context)
        self.respond = respond
        if isinstance(self.socket, ssl.SSLSocket):
            # A slow TLS handshake must not delay the accepting thread.
            self.socket.do_handshake_on_connect = False  # type: ignore[attr-defined] # not in typeshed
        self._should_close = should_close
        self.connection_ids = itertools.count(1)
        self._open: dict[threading.Thread, socket.socket] = {}
        self._acceptor = threading.Thread(
            target=self.serve_forever, args=(POLL_INTERVAL,), daemon=True
        )

    def start(self) -> None:
        """Start to accept connections."""
        self._acceptor.start()

    def stop(self) -> None:
        """Stop accepting, close all connections, and wait for their threads."""
        self.shutdown()
        self._acceptor.join()
        # Threads that read see the client leave. Threads that write can finish within a time limit.
        self._close_connections(socket.SHUT_RD)
        self._close_connections(socket.SHUT_RDWR)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return not self._should_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        self._open = {one: its for one, its in self._open.items() if one.is_alive()}
        thread.start()
        self._open[thread] = request

    def _close_connections(self, how: int) -> None:
        for connection in self._open.values():
            # It can be closed already. The method of a TLS socket would continue in plain text.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, how)
        for thread in self._open:
            thread.join(JOIN_TIMEOUT)
