# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer of Cloudflare's API means: the envelope, and errors put into words.

https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/ describes the envelope.
Bodies that are no envelope at all are real, too: HTML for 502 and 525, plain text for 503 and 504.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ansible_collections.community.cloudflare.plugins.module_utils._text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TOO_MANY_REQUESTS = 429
# Faults that pass by themselves, of the API (408 to 504) and of Cloudflare's own edge.
# https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
PASSING_STATUS = frozenset({408, 425, 500, 502, 503, 504, *range(520, 527)})

# What is nested deeper is not Cloudflare's, and a trap for whoever handles it next.
DEEPEST = 50

# The activation code of an invite has 64 hexadecimal digits, an ID has 32. The first half of a code
# is enough to be redacted: the rest can have been cut off.
_ACTIVATION_CODE = re.compile(rb"(?<![0-9A-Fa-f])[0-9A-Fa-f]{33,}")

_NO_ROUTE = "Check the ids; or Cloudflare does not have this list any more."
_PERMISSION = (
    "A token of the user needs the permission Memberships Read to list and Memberships Write to "
    "respond, and Account Settings Read to list the members of an account; a token that an account "
    "owns (cfat_…) does not work here."
)
_ADVICE = {
    1000: "Check api_token: Cloudflare does not know it.",
    6003: "Check the credentials: their form is wrong.",
    7000: _NO_ROUTE,
    7003: _NO_ROUTE,
    9103: "Check api_email and api_key: Cloudflare does not know this pair.",
    9106: f"Cloudflare found no usable credentials. {_PERMISSION}",
    9109: f"These credentials may not do this. {_PERMISSION}",
    10000: f"Check that the credentials are valid. {_PERMISSION}",
}
_USE_THE_PAIR = (
    "Cloudflare does not take an API token for this request: use api_email and api_key instead."
)


class CloudflareError(Exception):
    """What went wrong between here and Cloudflare, for people and for programs.

    :ivar message: what happened, to what, and what to do now; without any secret.
    :ivar http_status: status of the answer, or None if there was no answer.
    :ivar errors: the API's own errors: ``code``, ``message`` and whatever else it sent.
    :ivar ray_id: the ``CF-Ray`` that Cloudflare's support asks for.
    :ivar retry_after: seconds after which Cloudflare will listen again, if it said so.
    :ivar refused: whether Cloudflare said no, so that the request had no effect.
    :ivar may_have_changed: False is a promise: the failed call has changed nothing.
    :ivar current: the object as it was read after a change that failed, if it could be read.
    """

    def __init__(
        self,
        message: str,
        *,
        http_status: int | None = None,
        errors: Iterable[dict[str, Any]] = (),
        ray_id: str | None = None,
        retry_after: int | None = None,
        refused: bool = False,
        may_have_changed: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.http_status = http_status
        self.errors = list(errors)
        self.ray_id = ray_id
        self.retry_after = retry_after
        self.refused = refused
        self.may_have_changed = may_have_changed
        self.current: Mapping[str, Any] | None = None

    @property
    def details(self) -> dict[str, Any]:
        """What a program wants to know of it, as modules return it under ``failure``."""
        return {
            "http_status": self.http_status,
            "errors": self.errors,
            "ray_id": self.ray_id,
            "retry_after": self.retry_after,
        }

    @property
    def codes(self) -> set[int]:
        """The codes of all errors, with those in their ``error_chain``."""
        return {error["code"] for error in _flat(self.errors) if error["code"] is not None}

    @property
    def not_found(self) -> bool:
        """Whether Cloudflare said that there is nothing of that id."""
        return self.refused and bool(self.codes & {1003, 7000, 7003})


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, read to its end.

    :ivar request: method and path, for messages.
    :ivar ray_id: the header ``CF-Ray``.
    :ivar location: the header ``Location``.
    :ivar retry_after: seconds to wait, as the headers say, or None.
    :ivar may_be_cut: whether it would not have been noticed if the end of the body was missing.
    """

    request: str
    status: int
    body: bytes
    ray_id: str | None = None
    location: str = ""
    retry_after: int | None = None
    may_be_cut: bool = False

    @property
    def is_passing_fault(self) -> bool:
        """Whether the same request may succeed if it is sent again."""
        if self.may_be_cut and 200 <= self.status < 300 and self._parse() is None:
            return True
        return self.status in PASSING_STATUS or self.status == TOO_MANY_REQUESTS

    def envelope(self) -> dict[str, Any]:
        """Return the envelope of a success.

        :raises CloudflareError: unless the status is 2xx and the body says ``success: true``.
        """
        body = self._parse()
        if 200 <= self.status < 300 and isinstance(body, dict) and body.get("success") is True:
            return body
        raise self.failure()

    def failure(self) -> CloudflareError:
        """Put into words why this answer is not a success, without activation codes."""
        return replace(self, body=_ACTIVATION_CODE.sub(b"********", self.body))._failure()

    def _failure(self) -> CloudflareError:
        body = self._parse()
        refused = 300 <= self.status < 500 and self.status not in PASSING_STATUS
        if isinstance(body, dict) and ("success" in body or "errors" in body):
            errors = _errors(body.get("errors"))
            said = "; ".join(map(_describe, _flat(errors))) or "no reason given"
            error = self.error(
                " ".join([f"Cloudflare answered {self.status}: {said}.", *self._advice(errors)])
            )
            error.errors = errors
            error.refused = refused or (self.status < 300 and body.get("success") is False)
            return error
        if 300 <= self.status < 400:
            target = _host(self.location)
            error = self.error(
                f"status {self.status} redirects to {quoted(target) if target else 'elsewhere'}. "
                "It was not followed, as the credentials would go there, too. Check api_url."
            )
        else:
            what = quoted(self.body.decode(errors="replace")) if self.body else "nothing"
            error = self.error(
                f"status {self.status}, but in place of an answer of Cloudflare's API came {what}."
            )
        error.refused = refused
        return error

    def error(self, message: str) -> CloudflareError:
        """Return an error that says which request it was, and how to find it at Cloudflare."""
        return CloudflareError(
            f"{self.request}: {message}",
            http_status=self.status,
            ray_id=self.ray_id,
            retry_after=self.retry_after,
        )

    def _parse(self) -> Any:
        """Return the JSON of the body, or None if it is none."""
        try:
            value = json.loads(self.body.decode(), parse_constant=_refuse, parse_float=_finite)
        except (ValueError, RecursionError):
            return None
        return None if _is_nested_deeper(value, DEEPEST) else value

    def _advice(self, errors: Iterable[dict[str, Any]]) -> list[str]:
        if self.status == 405:
            return [_USE_THE_PAIR]
        codes = (error["code"] for error in _flat(errors))
        return [_ADVICE[code] for code in codes if code in _ADVICE][:1]


def json_type(value: Any) -> str:
    """Return what JSON calls a value of this type."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return "null" if value is None else names.get(type(value), "a number")


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are Python's idea of JSON, nobody else's


def _finite(number: str) -> float:
    if math.isinf(float(number)):
        _refuse(number)
    return float(number)


def _is_nested_deeper(value: Any, depth: int) -> bool:
    level = [value]
    for _depth in range(depth):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return bool(level)


def _errors(claims: Any) -> list[dict[str, Any]]:
    """Return errors of which code and message can be relied on; codes are whole numbers.

    A text, an object, or anything else in place of a list or of an error becomes an error, too.
    """
    return [_error(claim) for claim in (claims if isinstance(claims, list) else [claims]) if claim]


def _error(claim: Any) -> dict[str, Any]:
    if isinstance(claim, dict) and claim.keys() & {"code", "message", "error_chain"}:
        return {
            **claim,
            "code": _code(claim.get("code")),
            "message": str(claim.get("message", "")),
        }
    return {"code": None, "message": claim if isinstance(claim, str) else json.dumps(claim)}


def _code(claim: Any) -> int | None:
    return claim if isinstance(claim, int) and not isinstance(claim, bool) else None


def _flat(errors: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the errors, each followed by those in its ``error_chain``, of which one is enough."""
    return [one for error in errors for one in (error, *_errors(error.get("error_chain")))]


def _describe(error: Mapping[str, Any]) -> str:
    code = "without code" if error["code"] is None else f"code {error['code']}"
    source = error.get("source")
    pointer = source.get("pointer") if isinstance(source, dict) else None
    place = f" at {quoted(pointer)}" if pointer else ""
    return f"{quoted(error['message'])} ({code}){place}"


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return url
