# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads Cloudflare's API, and keeps each response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests

from ansible_collections.community.cloudflare.plugins.module_utils._api.auth import CloudflareAuth
from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client
from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    normalize_errors,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import (
    is_real_id,
    is_valid_id,
    quote,
)

TIMEOUT = 30  # seconds
# The prefix of a token that belongs to an account.
ACCOUNT_TOKEN = "cfat_"


class RateLimited(Exception):
    """Cloudflare limits the rate of requests, so nothing more is sent."""


@dataclass(frozen=True)
class Response:
    """A response to GET.

    :ivar template: the path, with the names of the IDs in it.
    :ivar body: the JSON of the body; None if it has another format.
    """

    template: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def envelope(self) -> dict[str, Any]:
        return self.body if isinstance(self.body, dict) else {}

    @property
    def is_success(self) -> bool:
        return self.status == HTTPStatus.OK and self.envelope.get("success") is True

    @property
    def items(self) -> list[dict[str, Any]]:
        """The objects of a list."""
        result = self.envelope.get("result")
        return [one for one in result if isinstance(one, dict)] if isinstance(result, list) else []

    @property
    def info(self) -> dict[str, Any]:
        info = self.envelope.get("result_info")
        return info if isinstance(info, dict) else {}

    @property
    def codes(self) -> list[Any]:
        """The codes of the errors, without those in an error chain."""
        return [error["code"] for error in normalize_errors(self.envelope.get("errors"))]

    @property
    def summary(self) -> str:
        """The status, and the errors with their messages in quotes."""
        if self.is_success:
            return f"HTTP {self.status}"
        if self.body is None:
            return f"HTTP {self.status} without JSON"
        errors = normalize_errors(self.envelope.get("errors"))
        reasons = [f"{error['code']} {quote(error['message'])}" for error in errors]
        return f"HTTP {self.status}, {'; '.join(reasons) or 'no errors'}"


class Probe:
    """Sends GET requests, each of them once.

    :param auths: the credentials by scheme: ``token``, ``key``, or both.
    :raises CloudflareError: if the URL is not safe to send credentials to.
    """

    def __init__(self, api_url: str, auths: Mapping[str, CloudflareAuth]) -> None:
        for auth in auths.values():
            Client(auth, api_url=api_url)
        self.auths = auths
        self.responses: list[Response] = []
        self._api_url = api_url.rstrip("/")
        self._cache: dict[tuple[Any, ...], Response] = {}
        self._session = requests.Session()
        self._session.trust_env = api_url.startswith("https:")
        self._is_rate_limited = False

    def redact(self, text: str) -> str:
        """Return the text without the credentials."""
        for auth in self.auths.values():
            text = auth.redact(text)
        return text

    @property
    def has_account_token(self) -> bool:
        token = self.auths["token"].api_token if "token" in self.auths else None
        return (token or "").startswith(ACCOUNT_TOKEN)

    def get(self, template: str, scheme: str, ids: Mapping[str, str], **query: Any) -> Response:
        """Send a request with the credentials of a scheme; an unknown scheme sends none.

        :param ids: the values of the names in the path.
        :raises RateLimited: if Cloudflare limits the rate of requests.
        :raises requests.RequestException: if there is no response.
        """
        key = (template, scheme, *sorted(ids.items()), *sorted(query.items()))
        if key not in self._cache:
            if self._is_rate_limited:
                raise RateLimited
            path = template.format(**ids)
            received = self._session.get(
                self._api_url + path,
                params=query,
                auth=self.auths.get(scheme, _add_nothing),
                timeout=TIMEOUT,
                allow_redirects=False,
            )
            if received.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                self._is_rate_limited = True
                raise RateLimited
            try:
                body = received.json()
            except ValueError:
                body = None
            self._cache[key] = response = Response(
                template, path, received.status_code, received.headers, body
            )
            self.responses.append(response)
        return self._cache[key]

    def read(self, template: str, ids: Mapping[str, str] | None = None, **query: Any) -> Response:
        """Send a request with the first credentials that can read it."""
        responses = []
        for scheme in self.auths:
            responses.append(self.get(template, scheme, ids or {}, **query))
            if responses[-1].is_success:
                break
        return responses[-1]

    def read_members(self, **query: Any) -> Response | None:
        """Read the members of the first account that they can be read of."""
        for account_id in self._list_account_ids():
            response = self.read(MEMBERS, {"account_id": account_id}, **query)
            if response.is_success:
                return response
        return None

    @property
    def account_id(self) -> str | None:
        """The ID of an account, if there is one."""
        return next(iter(self._list_account_ids()), None)

    def _list_account_ids(self) -> list[str]:
        accounts = self.read("/accounts", per_page=50).items[:MAX_ACCOUNTS]
        return [account["id"] for account in accounts if _has_id(account)]


MEMBERS = "/accounts/{account_id}/members"
# How many accounts are tried.
MAX_ACCOUNTS = 5


def _add_nothing(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send no credentials; without this, requests would read ~/.netrc."""
    return request


def _has_id(item: Mapping[str, Any]) -> bool:
    object_id = item.get("id")
    return isinstance(object_id, str) and is_real_id(object_id) and is_valid_id(object_id)
