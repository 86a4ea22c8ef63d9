# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting: all requests while Cloudflare limits the rate, and one request before a retry."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)

if TYPE_CHECKING:
    from typing import Protocol

    class Clock(Protocol):
        """The functions of the module ``time`` that are needed to wait."""

        def monotonic(self) -> float:
            """Return seconds since some moment."""

        def sleep(self, seconds: float, /) -> None:
            """Wait."""


class RateLimiter:
    """The rate limit that all threads of a client share."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._blocked_until = clock.monotonic()
        self._canceled = False

    def block_for(self, seconds: float) -> None:
        """Let all requests wait for this time, or longer if they have to already."""
        with self._lock:
            self._blocked_until = max(self._blocked_until, self._clock.monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds until requests may be sent; not positive if they may be now."""
        return self._blocked_until - self._clock.monotonic()

    def wait_until_unblocked(self) -> None:
        """Wait until requests may be sent."""
        while (seconds := self.remaining()) > 0:
            self._sleep_interruptibly(seconds)

    def sleep(self, seconds: float) -> None:
        """Wait for this time."""
        deadline = self._clock.monotonic() + seconds
        while (remaining := deadline - self._clock.monotonic()) > 0:
            self._sleep_interruptibly(remaining)

    def cancel(self) -> None:
        """End all waits with an error: another request has failed, so the task has ended."""
        self._canceled = True

    def _sleep_interruptibly(self, seconds: float) -> None:
        self._clock.sleep(min(seconds, 1))
        if self._canceled:
            raise CloudflareError("The request was not sent, as another one has failed.")
