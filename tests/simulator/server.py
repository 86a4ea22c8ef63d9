# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server: Werkzeug's, with connections kept alive and a stop that leaves nothing."""

from __future__ import annotations

import contextlib
import itertools
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any, Callable

from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# How often the accepting thread looks whether it is to stop.
POLL_INTERVAL = 0.02
PATIENCE = 1.0


class Handler(WSGIRequestHandler):
    """Serves one connection, request after request."""

    protocol_version = "HTTP/1.1"
    # Small answers must not wait for the client's delayed acknowledgements.
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        super().setup()
        self.number = next(self.server.numbers)

    def make_environ(self) -> dict[str, Any]:
        return {**super().make_environ(), "simulator.connection": self.number}

    def run_wsgi(self) -> None:
        """Answer one request. Werkzeug's own way closes the connection after each answer."""
        environ = self.make_environ()
        try:
            self._send(Response.from_app(self.server.app, environ), environ)
        except (ConnectionError, ClientDisconnected):
            # The client has left, or a fault hangs up.
            self.close_connection = True

    def _send(self, response: Response, environ: dict[str, Any]) -> None:
        self.send_response(response.status_code)
        headers = response.get_wsgi_headers(environ)
        for name, value in headers:
            self.send_header(name, value)
        bodiless = self.command == "HEAD" or response.status_code in (204, 304)
        chunked = not bodiless and "Content-Length" not in headers
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for data in response.get_app_iter(environ):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data) if chunked else data)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Print nothing; the simulator keeps a log of its own."""


class Server(ThreadedWSGIServer):
    """Accepts connections in a thread of its own and serves each in another."""

    def __init__(
        self,
        host: str,
        port: int,
        app: WSGIApplication,
        refuses: Callable[[], bool],
        ssl_context: Any = None,
    ) -> None:
        super().__init__(host, port, app, Handler, ssl_context=ssl_context)
        if isinstance(self.socket, ssl.SSLSocket):
            # A client that is slow to shake hands holds up its own thread, not the accepting one.
            self.socket.do_handshake_on_connect = False  # type: ignore[attr-defined] # untold
        self._refuses = refuses
        self.numbers = itertools.count(1)
        self._open: dict[threading.Thread, socket.socket] = {}
        self._acceptor = threading.Thread(
            target=self.serve_forever, args=(POLL_INTERVAL,), daemon=True
        )

    def start(self) -> None:
        """Begin to accept connections."""
        self._acceptor.start()

    def stop(self) -> None:
        """Stop accepting, end all connections and wait for their threads."""
        self.shutdown()
        self._acceptor.join()
        # Who waits for the client sees it leave. Who writes may finish, but not for ever.
        self._hang_up(socket.SHUT_RD)
        self._hang_up(socket.SHUT_RDWR)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return not self._refuses()

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        self._open = {one: its for one, its in self._open.items() if one.is_alive()}
        thread.start()
        self._open[thread] = request

    def _hang_up(self, how: int) -> None:
        for connection in self._open.values():
            # It may be closed already. Not the method of a TLS socket, which would go on in
            # plain text.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, how)
        for thread in self._open:
            thread.join(PATIENCE)
