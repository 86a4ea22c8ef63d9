# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication by API token, or by email and API key.

Facts: both schemes are documented at https://developers.cloudflare.com/fundamentals/api/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import Headers

from . import errors
from .settings import Settings
from .state import User

# A guess, as Cloudflare documents no format: at least eight characters of visible ASCII.
SECRET = re.compile(r"[!-~]{8,}")
EMAIL = re.compile(r"[!-~]+@[!-~]+")
# Facts: tokens that belong to an account have this prefix, and do not work for what is a user's.
ACCOUNT_TOKEN = "cfat_"
USER_PATHS = ("/user", "/memberships")


@dataclass
class Caller:
    """An authenticated user, and which of the two schemes was used."""

    user: User
    by_token: bool

    def check_permission(self, method: str, path: str, settings: Settings) -> None:
        """Raise an error if the token lacks the permission. An API key has all permissions.

        :param path: the path below the base URL.
        """
        if not self.by_token:
            return
        if self.user.is_account and path.startswith(USER_PATHS):
            raise errors.account_token(settings.account_token_error)
        if method == "PATCH" and not settings.allow_token_patch:
            raise errors.token_not_allowed(method)
        if ("read" if method == "GET" else "write") not in self.user.token_permissions:
            raise errors.no_permission()


def authenticate(headers: Headers, users: Iterable[User], settings: Settings) -> Caller:
    """Return the caller. If there are a token and an API key, the token counts (a guess)."""
    authorization = headers.get("Authorization")
    email, key = headers.get("X-Auth-Email"), headers.get("X-Auth-Key")
    if authorization is not None:
        return Caller(_by_token(authorization, users, settings), by_token=True)
    if not email or not key:
        raise errors.missing_credentials()
    return Caller(_by_api_key(email, key, users), by_token=False)


def _by_token(authorization: str, users: Iterable[User], settings: Settings) -> User:
    scheme, _space, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise errors.malformed_header("Authorization")
    for user in users:
        if user.api_token == token:
            return user
    if token.startswith(ACCOUNT_TOKEN):
        raise errors.no_permission()
    if not SECRET.fullmatch(token):
        raise errors.malformed_header("Authorization")
    raise errors.unknown_token()


def _by_api_key(email: str, key: str, users: Iterable[User]) -> User:
    for user in users:
        if user.email.lower() == email.lower() and user.api_key == key:
            return user
    if not EMAIL.fullmatch(email):
        raise errors.malformed_header("X-Auth-Email")
    if not SECRET.fullmatch(key):
        raise errors.malformed_header("X-Auth-Key")
    raise errors.unknown_api_key()
