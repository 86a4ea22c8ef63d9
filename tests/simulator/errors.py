# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors that Cloudflare answers with, each with its HTTP status, code and message.

Facts: 6003, 9106, 9109, 10000, 7003, 7000 and 971 were observed live and published; 9103, 1000 and
1003 are known from fixtures of other projects. The rest is a guess, and says so.
"""

from __future__ import annotations

from typing import Any

Error = dict[str, Any]


class RefusalError(Exception):
    """The request is not carried out. A bare one has neither ``messages`` nor ``result``."""

    def __init__(
        self,
        status: int,
        *errors: Error,
        bare: bool = False,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, errors)
        self.status = status
        self.errors: list[Error] = list(errors)
        self.bare = bare
        self.headers = headers or {}


def missing_credentials() -> RefusalError:
    """Neither a token nor a whole pair."""
    message = "Missing X-Auth-Key, X-Auth-Email or Authorization headers"
    return RefusalError(400, _error(9106, message), bare=True)


def malformed_header(name: str) -> RefusalError:
    """A credential that cannot be one."""
    code = {"X-Auth-Email": 6102, "X-Auth-Key": 6103, "Authorization": 6111}[name]
    reason = _error(code, f"Invalid format for {name} header")
    return RefusalError(400, {**_error(6003, "Invalid request headers"), "error_chain": [reason]})


def unknown_pair() -> RefusalError:
    """No user has this address and key."""
    return RefusalError(403, _error(9103, "Unknown X-Auth-Key or X-Auth-Email"))


def unknown_token(code: int) -> RefusalError:
    """No user has this token; two answers are known."""
    if code == 1000:
        return RefusalError(401, _error(1000, "Invalid API Token"))
    return RefusalError(403, _error(10000, "Authentication error"))


def no_permission() -> RefusalError:
    """The caller is known and may not."""
    return RefusalError(403, _error(9109, "Unauthorized to access requested resource"))


def no_tokens_here(method: str) -> RefusalError:
    """The operation wants the pair."""
    message = f"{method} method not allowed for the api_token authentication scheme"
    return RefusalError(405, _error(10000, message), bare=True)


def no_route(path: str) -> RefusalError:
    """An unknown path, a malformed id, or a part of the API that is gone."""
    message = f"Could not route to {path}, perhaps your object identifier is invalid?"
    return RefusalError(400, _error(7003, message), _error(7000, "No route for that URI"))


def not_found(status: int = 404) -> RefusalError:
    """A well-formed id of nothing."""
    return RefusalError(status, _error(1003, "not found"))


def malformed_body() -> RefusalError:
    """The body is no JSON object. Code and message are guesses."""
    return RefusalError(400, _error(6007, "Malformed JSON in request body"))


def invalid_status() -> RefusalError:
    """The status wanted is neither accepted nor rejected. Code and message are guesses."""
    error = _error(1001, "Invalid status: must be accepted or rejected")
    return RefusalError(400, {**error, "source": {"pointer": "/status"}})


def no_longer_pending(status: str) -> RefusalError:
    """The invite has been answered or is no longer open. Code and message are guesses."""
    return RefusalError(400, _error(1002, f"Invitation is not pending, it is {status}"))


def too_many_requests(code: int, retry_after: int) -> RefusalError:
    """The user is over the limit."""
    message = "Please wait and consider throttling your request speed"
    return RefusalError(429, _error(code, message), headers={"Retry-After": str(retry_after)})


def _error(code: int, message: str) -> Error:
    return {"code": code, "message": message}
