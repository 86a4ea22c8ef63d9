# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of requests, which tests read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import json
from werkzeug import wrappers
from werkzeug.datastructures import Headers

from .faults import Fault


@dataclass
class Request:
    """One request and what was answered.

    ``body`` and ``answer`` are parsed if they are JSON; a body that is not is bytes, none is None.
    ``status`` is None if nothing was answered.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: Headers
    body: Any
    connection: int
    at: float
    status: int | None = None
    answer: Any = None
    fault: Fault | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it for readers in another process; the headers stay here, they hold secrets."""
        return {
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "body": self.body if not isinstance(self.body, bytes) else repr(self.body),
            "connection": self.connection,
            "at": self.at,
            "status": self.status,
            "answer": self.answer,
            "fault": self.fault.kind if self.fault else None,
        }


def record(request: wrappers.Request, prefix: str, at: float) -> Request:
    """Begin the entry of a request, and read its body, which the next request follows."""
    return Request(
        method=request.method,
        path=request.path[len(prefix) :] if request.path.startswith(prefix) else request.path,
        query=request.args.to_dict(),
        headers=Headers(list(request.headers)),
        body=_parsed(request.get_data()),
        connection=request.environ["simulator.connection"],
        at=at,
    )


def complete(entry: Request, response: wrappers.Response) -> None:
    """Note what is answered. A stream is not read for that."""
    entry.status = response.status_code
    if response.is_json and not response.is_streamed:
        entry.answer = response.get_json(silent=True)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body
