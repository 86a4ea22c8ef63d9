# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plain client on requests, for the simulator's own tests."""

from __future__ import annotations

from typing import Any

import requests

from ansible_collections.community.cloudflare.tests.simulator import Simulator, User


class Client(requests.Session):
    """A session with a timeout that sends the token of a user to a simulator."""

    def __init__(self, cloudflare: Simulator, user: User) -> None:
        super().__init__()
        self.trust_env = False
        self.base = cloudflare.url
        self.headers["Authorization"] = f"Bearer {user.api_token}"

    def request(  # type: ignore[override]
        self, method: str, url: str, timeout: float = 10, **options: Any
    ) -> requests.Response:
        return super().request(method, self.base + url, timeout=timeout, **options)
