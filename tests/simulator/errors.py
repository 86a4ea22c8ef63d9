# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors that Cloudflare returns, each with its HTTP status, code and message.

Facts: 6003, 9106, 9109, 10000, 7003, 7000 and 971 were observed live and published; 9103, 1000 and
1003 are known from fixtures of other projects. The other functions say that they are guesses.
"""

from __future__ import annotations

import re
from typing import Any

# The form of Cloudflare's IDs. A test can choose other IDs for what it creates.
IDENTIFIER = re.compile(r"[0-9a-f]{32}")

Error = dict[str, Any]


class APIError(Exception):
    """An error response. ``omit_result`` leaves out ``messages`` and ``result``."""

    def __init__(
        self,
        status: int,
        *errors: Error,
        omit_result: bool = False,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, errors)
        self.status = status
        self.errors: list[Error] = list(errors)
        self.omit_result = omit_result
        self.headers = headers or {}


def missing_credentials() -> APIError:
    """The request has neither an API token nor an email and API key."""
    message = "Missing X-Auth-Key, X-Auth-Email or Authorization headers"
    return APIError(400, _error(9106, message), omit_result=True)


def malformed_header(name: str) -> APIError:
    """A header with malformed credentials."""
    code = {"X-Auth-Email": 6102, "X-Auth-Key": 6103, "Authorization": 6111}[name]
    reason = _error(code, f"Invalid format for {name} header")
    return APIError(400, {**_error(6003, "Invalid request headers"), "error_chain": [reason]})


def unknown_api_key() -> APIError:
    """No user has this email and API key."""
    return APIError(403, _error(9103, "Unknown X-Auth-Key or X-Auth-Email"))


def unknown_token() -> APIError:
    """No user has this token. Cloudflare also returns HTTP 403, code 10000."""
    return APIError(401, _error(1000, "Invalid API Token"))


def no_permission() -> APIError:
    """The credentials are valid, but lack the permission."""
    return APIError(403, _error(9109, "Unauthorized to access requested resource"))


def account_token(code: str) -> APIError:
    """The token belongs to an account, and the path to users. The status of 10001 is a guess."""
    if code == "9106":
        return APIError(400, _error(9106, "Authentication failed (status: 400)"), omit_result=True)
    if code == "10001":
        return APIError(403, _error(10001, "Unable to authenticate request"))
    return no_permission()


def not_entitled() -> APIError:
    """The user does not have Organizations (beta)."""
    return APIError(403, _error(10000, "Authentication error"))


def token_not_allowed(method: str) -> APIError:
    """The operation requires an email and API key."""
    message = f"{method} method not allowed for the api_token authentication scheme"
    return APIError(405, _error(10000, message), omit_result=True)


def no_route(path: str) -> APIError:
    """The path is unknown, an ID in it is malformed, or the operation is retired."""
    message = f"Could not route to {path}, perhaps your object identifier is invalid?"
    return APIError(400, _error(7003, message), _error(7000, "No route for that URI"))


def unknown(identifier: str, path: str, message: str = "not found") -> APIError:
    """Return the error for an ID that does not exist or is malformed."""
    if IDENTIFIER.fullmatch(identifier):
        return APIError(404, _error(1003, message))
    return no_route(path)


def invalid_member(message: str) -> APIError:
    """The body of a request for a member is not valid."""
    return APIError(400, _error(1001, f"Invalid request: {message}"))


def member_exists() -> APIError:
    """The address is a member already, or is invited. The code was 1004 before."""
    return APIError(400, _error(1008, "Account member already exists for email address"))


def malformed_body() -> APIError:
    """The body is not a JSON object. Code and message are guesses."""
    return APIError(400, _error(6007, "Malformed JSON in request body"))


def invalid_status() -> APIError:
    """The requested status is neither accepted nor rejected. Code and message are guesses."""
    error = _error(1001, "Invalid status: must be accepted or rejected")
    return APIError(400, {**error, "source": {"pointer": "/status"}})


def not_pending(status: str) -> APIError:
    """The invite is not pending. Code and message are guesses."""
    return APIError(400, _error(1002, f"Invitation is not pending, it is {status}"))


def too_many_requests(retry_after: int) -> APIError:
    """The user is rate limited."""
    message = "Please wait and consider throttling your request speed"
    return APIError(429, _error(971, message), headers={"Retry-After": str(retry_after)})


def _error(code: int, message: str) -> Error:
    return {"code": code, "message": message}
