# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A response of the Cloudflare API: its envelope, or an error.

https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/ describes the envelope.
Bodies without an envelope are real: HTML for 502 and 525, plain text for 503 and 504.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    NOT_FOUND_CODES,
    CloudflareError,
    NotFoundError,
    RateLimitError,
    find_hint,
    flatten_errors,
    normalize_errors,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Transient errors of the API (408 to 504), and of Cloudflare's edge.
# https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
RETRYABLE_STATUS_CODES = frozenset({408, 425, 500, 502, 503, 504, *range(520, 527)})

# Cloudflare sends nothing that is nested deeper. Ansible could not handle it.
MAX_JSON_DEPTH = 50

# The activation code of an invite has 64 hexadecimal digits, an ID has 32. Half a code and one more
# digit are enough to be redacted, as the rest can have been cut off.
_ACTIVATION_CODE_IN_TEXT = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{33,}")

_JSON_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")


@dataclass(frozen=True)
class Response:
    """An HTTP response.

    :ivar path: path of the request, below the base URL.
    :ivar redact: removes the credentials from a text.
    :ivar ray_id: the header ``CF-Ray``.
    :ivar location: the header ``Location``.
    :ivar retry_after: seconds to wait, as the headers say.
    :ivar may_be_truncated: whether a missing end of the body would not have been noticed.
    :ivar after_rate_limit: whether an earlier attempt of the request was rate limited.
    """

    method: str
    path: str
    status: int
    content: bytes
    redact: Callable[[str], str] = str
    ray_id: str | None = None
    location: str = ""
    retry_after: int | None = None
    may_be_truncated: bool = False
    after_rate_limit: bool = False

    @property
    def is_retryable(self) -> bool:
        """Whether the same request may succeed if it is sent again."""
        if self.may_be_truncated and self._is_success_status and self.body is None:
            return True
        return self.status in {*RETRYABLE_STATUS_CODES, HTTPStatus.TOO_MANY_REQUESTS}

    @cached_property
    def body(self) -> Any:
        """The JSON of the body without the credentials, or None if it is not usable JSON."""
        try:
            return _clean(json.loads(self.content.decode()), self.redact)
        except (ValueError, RecursionError):
            return None

    @property
    def _is_success_status(self) -> bool:
        return 200 <= self.status < 300

    def parse_envelope(self) -> dict[str, Any]:
        """Return the envelope of a success.

        :raises CloudflareError: unless the status is 2xx and the body has ``success: true``.
        """
        body = self.body
        if self._is_success_status and isinstance(body, dict) and body.get("success") is True:
            return body
        raise self.to_error()

    def to_error(self) -> CloudflareError:
        """Return the error for a response that is not a success, without activation codes."""
        body = _clean(self.body, _redact_activation_codes)
        not_applied = 300 <= self.status < 500 and self.status not in RETRYABLE_STATUS_CODES
        if isinstance(body, dict) and ("success" in body or "errors" in body):
            not_applied = not_applied or (self._is_success_status and body.get("success") is False)
            return self._to_api_error(normalize_errors(body.get("errors")), not_applied)
        if 300 <= self.status < 400:
            host = _netloc(_redact_activation_codes(self.location))
            message = (
                f"HTTP {self.status} redirects to {quote(host) if host else 'another URL'}. The "
                "redirect was not followed, as it would send the credentials there. Check api_url."
            )
            return self.make_error(message, not_applied=not_applied)
        excerpt = f"without an API response: {self._excerpt(body)}" if self.content else "(empty)"
        hint = find_hint(self.method, self.path, self.status, ())
        message = " ".join(filter(None, [f"HTTP {self.status} {excerpt}.", hint]))
        return self.make_error(message, not_applied=not_applied)

    def _to_api_error(self, errors: list[dict[str, Any]], not_applied: bool) -> CloudflareError:
        reasons = "; ".join(map(_format_error, flatten_errors(errors))) or "no reason given"
        codes = [error["code"] for error in flatten_errors(errors) if error["code"] is not None]
        hint = find_hint(self.method, self.path, self.status, codes)
        message = " ".join(filter(None, [f"HTTP {self.status}: {reasons}.", hint]))
        is_not_found = not_applied and not NOT_FOUND_CODES.isdisjoint(codes)
        return self.make_error(
            message,
            errors=errors,
            not_applied=not_applied,
            error_type=NotFoundError if is_not_found else CloudflareError,
        )

    def make_error(
        self,
        message: str,
        *,
        errors: list[dict[str, Any]] | None = None,
        not_applied: bool = False,
        error_type: type[CloudflareError] = CloudflareError,
    ) -> CloudflareError:
        """Return an error that names the request, and has what identifies the response."""
        is_rate_limited = self.status == HTTPStatus.TOO_MANY_REQUESTS
        if is_rate_limited:
            error_type = RateLimitError
        return error_type(
            f"{self.method} {self.path}: {message}",
            http_status=self.status,
            errors=errors or [],
            ray_id=self.ray_id,
            retry_after=self.retry_after,
            not_applied=not_applied,
            after_rate_limit=is_rate_limited or self.after_rate_limit,
        )

    def _excerpt(self, body: Any) -> str:
        if body is not None:
            return quote(json.dumps(body, ensure_ascii=False))
        # Escapes can hide a secret, also if this is only a part of some JSON.
        text = self.content.decode(errors="replace").replace("\\/", "/")
        text = _JSON_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        return quote(_redact_activation_codes(self.redact(text)))


def json_type_name(value: Any) -> str:
    """Return the JSON type of a value, with an article."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return "null" if value is None else names.get(type(value), "a number")


def _clean(value: Any, redact: Callable[[str], str], depth: int = 0) -> Any:
    """Return JSON with all strings redacted, and without lone surrogates.

    :raises ValueError: if it is nested too deeply, or has NaN or infinity, which are not JSON.
    """
    if isinstance(value, str):
        if not value.isascii():
            value = value.encode(errors="surrogatepass").decode(errors="replace")
        return redact(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(value)
    if isinstance(value, (dict, list)) and depth > MAX_JSON_DEPTH:
        raise ValueError(depth)
    if isinstance(value, dict):
        return {
            _clean(name, redact): _clean(item, redact, depth + 1) for name, item in value.items()
        }
    return [_clean(item, redact, depth + 1) for item in value] if isinstance(value, list) else value


def _redact_activation_codes(text: str) -> str:
    return _ACTIVATION_CODE_IN_TEXT.sub("********", text)


def _format_error(error: Mapping[str, Any]) -> str:
    code = "without code" if error["code"] is None else f"code {error['code']}"
    source = error.get("source")
    pointer = source.get("pointer") if isinstance(source, dict) else None
    location = f" at {quote(pointer)}" if pointer else ""
    return f"{quote(error['message'])} ({code}){location}"


def _netloc(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return url
