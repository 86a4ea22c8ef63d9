# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication of requests, and redaction of the credentials."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)

try:
    from requests.auth import AuthBase
except ImportError:
    AuthBase = object  # type: ignore[misc, assignment]

if TYPE_CHECKING:
    import requests

# A shorter value could be part of any text, so it is not redacted.
MIN_SECRET_LENGTH = 8


@dataclass(frozen=True)
class CloudflareAuth(AuthBase):
    """An API token, or the email address and the Global API Key of a user.

    https://developers.cloudflare.com/fundamentals/api/get-started/

    :raises CloudflareError: if a value cannot be sent in a header. Cloudflare documents no other
        format or length.
    """

    api_token: str | None = field(default=None, repr=False)
    api_email: str | None = None
    api_key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value is not None and not re.fullmatch(r"[!-~]+", value):
                raise CloudflareError(
                    f"{name} is malformed. It is empty, or has whitespace, control characters, or "
                    "non-ASCII characters. A value from a file often ends with a line break."
                )

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the credentials to a request.

        As the ``auth`` of a session, this also keeps requests from reading ``~/.netrc``.
        """
        if self.api_token is not None:
            request.headers["Authorization"] = f"Bearer {self.api_token}"
        else:
            request.headers["X-Auth-Email"] = self.api_email or ""
            request.headers["X-Auth-Key"] = self.api_key or ""
        return request

    def redact(self, text: str) -> str:
        """Return the text without the secrets, which a server can send back."""
        for variant in self._secret_variants:
            text = text.replace(variant, "********")
        return text

    @cached_property
    def _secret_variants(self) -> list[str]:
        """The secrets, plain and encoded."""
        return [
            variant
            for secret in (self.api_token, self.api_key)
            if secret and len(secret) >= MIN_SECRET_LENGTH
            for variant in (
                secret,
                json.dumps(secret)[1:-1],
                base64.b64encode(secret.encode()).decode(),
            )
        ]
