# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of the Cloudflare API, and hints on what to do about them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

NOT_FOUND_CODES = frozenset({1003, 7000, 7003})

_CHECK_CREDENTIALS = {
    1000: "Check api_token.",
    6003: "Check the format of the credentials.",
    9103: "Check api_email and api_key.",
}
_NOT_PERMITTED_CODES = frozenset({9106, 9109, 10000, 10001})
# An account-owned token gets one of these on the paths of a user.
_ACCOUNT_TOKEN_CODES = frozenset({9106, 9109, 10001})


class CloudflareError(Exception):
    """An error between here and Cloudflare.

    :ivar http_status: status of the response, or None if there was none.
    :ivar errors: the API's own errors: ``code``, ``message``, and whatever else it sent.
    :ivar ray_id: the header ``CF-Ray``, which Cloudflare's support asks for.
    :ivar retry_after: seconds to wait before the next request, if Cloudflare named them.
    :ivar not_applied: whether the request certainly had no effect.
    :ivar outcome_unknown: whether an update may have been applied although it failed.
    :ivar after_rate_limit: whether this or an earlier attempt of the request was rate limited. Such
        an attempt should have had no effect, but if the effect shows, it is that of the request.
    :ivar current: the object as it was read after an update that failed, if it could be read.
    """

    def __init__(
        self,
        message: str,
        *,
        http_status: int | None = None,
        errors: Iterable[dict[str, Any]] = (),
        ray_id: str | None = None,
        retry_after: int | None = None,
        not_applied: bool = False,
        outcome_unknown: bool = False,
        after_rate_limit: bool = False,
        current: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.http_status = http_status
        self.errors = list(errors)
        self.ray_id = ray_id
        self.retry_after = retry_after
        self.not_applied = not_applied
        self.outcome_unknown = outcome_unknown
        self.after_rate_limit = after_rate_limit
        self.current = current

    @property
    def message(self) -> str:
        """What happened, to what, and what to do; without secrets."""
        return str(self)

    def replace(self, message: str, **attributes: Any) -> CloudflareError:
        """Return an error like this one with another message, and with these attributes."""
        return type(self)(message, **{**vars(self), **attributes})

    def to_result(self) -> dict[str, Any]:
        """Return what modules return as ``failure``."""
        return {
            "http_status": self.http_status,
            "errors": self.errors,
            "ray_id": self.ray_id,
            "retry_after": self.retry_after,
        }

    @property
    def error_codes(self) -> set[int]:
        """The codes of all errors, with those in their ``error_chain``."""
        return {error["code"] for error in flatten_errors(self.errors) if error["code"] is not None}

    @property
    def is_not_found(self) -> bool:
        """Whether Cloudflare has nothing with this ID."""
        return isinstance(self, NotFoundError)

    @property
    def is_gone(self) -> bool:
        """Whether an object that existed does not exist any more."""
        return 1003 in self.error_codes and not self.error_codes & {7000, 7003}


class TransportError(CloudflareError):
    """There was no complete response. The request can be sent again."""


class RateLimitError(CloudflareError):
    """Cloudflare limits the rate of requests (HTTP 429)."""


class NotFoundError(CloudflareError):
    """Cloudflare has nothing with this ID, or no such path."""


def flatten_errors(errors: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the errors, each followed by those in its ``error_chain``, at one level."""
    return [
        inner for error in errors for inner in (error, *normalize_errors(error.get("error_chain")))
    ]


def normalize_errors(raw: Any) -> list[dict[str, Any]]:
    """Return errors whose ``code`` is an integer or None, and whose ``message`` is a string.

    The API documents a list of objects. Anything else, such as a string, becomes an error, too.
    """
    return [_normalize_error(item) for item in (raw if isinstance(raw, list) else [raw]) if item]


def _normalize_error(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict) or not raw.keys() & {"code", "message", "error_chain"}:
        return {"code": None, "message": raw if isinstance(raw, str) else json.dumps(raw)}
    code = raw.get("code")
    is_code = isinstance(code, int) and not isinstance(code, bool)
    return {**raw, "code": code if is_code else None, "message": str(raw.get("message", ""))}


def find_hint(method: str, path: str, status: int, codes: Collection[int]) -> str | None:
    """Return what to do about an error, if that is known.

    :param path: path of the request, below the base URL.
    :param codes: the codes of all errors of the response.
    """
    if status == 405:
        return "Check the ID first. If it is correct, use api_email and api_key instead of a token."
    for code in codes:
        if code in _CHECK_CREDENTIALS:
            return _CHECK_CREDENTIALS[code]
    organization_invites = re.fullmatch(r"/organizations/([^/]+)/invites", path)
    is_gone = status in (404, 410) or bool(NOT_FOUND_CODES & set(codes))
    if organization_invites and (is_gone or (status == 403 and 10000 in codes)):
        return (
            "This API is not available here. If the ID is correct, use "
            "community.cloudflare.cf_account_invite_info: "
            f"{{account_ids: ['{organization_invites[1]}']}}"
        )
    if is_gone and re.fullmatch(r"/accounts/[^/]+/members/[^/]+", path):
        return "The account has no invite and no member with this ID. Run the task again."
    if is_gone and path.startswith("/accounts/"):
        return (
            "No account has this ID. The ID of an account is in the URL of its dashboard, "
            "https://dash.cloudflare.com/<ID>. An Organization (beta) has another ID."
        )
    if is_gone:
        is_object = bool(codes) and path.removeprefix("/user").count("/") > 1
        return "Check the ID." if is_object else "Check api_url: this path is not available there."
    if not _NOT_PERMITTED_CODES & set(codes):
        return None
    hint = f"Check the credentials. An API token needs the permission {_permission(method, path)}."
    if _is_user_path(path) and _ACCOUNT_TOKEN_CODES & set(codes):
        hint += " An account-owned token (cfat_...) does not work here."
    return hint


def _permission(method: str, path: str) -> str:
    group = "Account Settings" if path.startswith("/accounts") else "Memberships"
    return f"{group} {'Read' if method == 'GET' else 'Write'}"


def _is_user_path(path: str) -> bool:
    return path.startswith(("/user/", "/memberships"))
