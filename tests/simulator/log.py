# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import json
from werkzeug import wrappers
from werkzeug.datastructures import Headers

from .faults import Fault


@dataclass
class LoggedRequest:
    """One request and its response.

    ``body`` and ``response_body`` are parsed JSON, bytes if they are not JSON,
    and None if they are empty.
    ``status`` is None if there was no response.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: Headers
    body: Any
    connection: int
    at: float
    status: int | None = None
    response_body: Any = None
    fault: Fault | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON, without the headers, which contain secrets."""
        return {
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "body": self.body if not isinstance(self.body, bytes) else repr(self.body),
            "connection": self.connection,
            "at": self.at,
            "status": self.status,
            "response_body": self.response_body,
            "fault": self.fault.kind if self.fault else None,
        }


def log_request(request: wrappers.Request, prefix: str, at: float) -> LoggedRequest:
    """Return the log entry of a request. Reads the body of the request."""
    return LoggedRequest(
        method=request.method,
        path=request.path[len(prefix) :] if request.path.startswith(prefix) else request.path,
        query=request.args.to_dict(),
        headers=Headers(list(request.headers)),
        body=_parse(request.get_data()),
        connection=request.environ["simulator.connection"],
        at=at,
    )


def log_response(entry: LoggedRequest, response: wrappers.Response) -> None:
    """Add the response to a log entry. The body of a stream is not read."""
    entry.status = response.status_code
    if response.is_json and not response.is_streamed:
        entry.response_body = response.get_json(silent=True)


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body
