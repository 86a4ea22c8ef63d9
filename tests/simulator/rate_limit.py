# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate limit.

Facts: 1,200 requests in five minutes per user, for all credentials together. After
that, all requests are rejected for five minutes. https://developers.cloudflare.com/fundamentals/api/reference/limits/
"""

from __future__ import annotations

import math
from collections import defaultdict, deque

from . import errors
from .state import State, User


class RateLimit:
    """Counts the requests of each user and rejects requests over the limit."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._sent: dict[str, deque[float]] = defaultdict(deque)
        self._limited_until: dict[str, float] = {}

    def reset(self) -> None:
        """Reset all counters."""
        self._sent.clear()
        self._limited_until.clear()

    def count(self, user: User) -> None:
        """Count one request.

        :raises errors.APIError: if the user is rate limited. This does not extend the wait.
        """
        settings, now = self._state.settings, self._state.clock.monotonic()
        if now >= self._limited_until.get(user.id, now):
            self._limited_until.pop(user.id, None)
            sent = self._in_window(user)
            if len(sent) < settings.rate_limit_requests:
                sent.append(now)
                return
            self._limited_until[user.id] = now + settings.rate_limit_window
        wait = math.ceil(self._limited_until[user.id] - now)
        raise errors.too_many_requests(wait)

    def headers(self, user: User) -> dict[str, str]:
        """Return ``Ratelimit`` and ``Ratelimit-Policy`` as configured in the settings."""
        settings, now = self._state.settings, self._state.clock.monotonic()
        if settings.ratelimit_headers == "omitted":
            return {}
        quota, window = settings.rate_limit_requests, settings.rate_limit_window
        remaining, seconds = 50, 30
        if settings.ratelimit_headers == "true":
            sent = self._in_window(user)
            end = self._limited_until.get(user.id, (sent[0] if sent else now) + window)
            remaining = 0 if user.id in self._limited_until else quota - len(sent)
            seconds = math.ceil(end - now)
        return {
            "Ratelimit": f'"default";r={remaining};t={seconds}',
            "Ratelimit-Policy": f'"default";q={quota};w={window:.0f}',
        }

    def _in_window(self, user: User) -> deque[float]:
        sent = self._sent[user.id]
        start = self._state.clock.monotonic() - self._state.settings.rate_limit_window
        while sent and sent[0] <= start:
            sent.popleft()
        return sent
