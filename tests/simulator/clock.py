# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's clock: the real one, or a virtual one for tests."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timezone

# Fixed, so that tests with a virtual clock have the same dates on every run.
NEW_YEAR_2026 = datetime(2026, 1, 1, tzinfo=timezone.utc).timestamp()


class Clock:
    """Real time. A client under test can use the same clock for its waits."""

    def time(self) -> float:
        """Return seconds since the epoch, for dates."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds of a monotonic clock, for durations."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for this many seconds."""
        time.sleep(seconds)

    def reset(self) -> None:
        """Go back to the start. Does nothing for real time."""

    @staticmethod
    def virtual(start: float = NEW_YEAR_2026) -> VirtualClock:
        """Return a clock that only advances by sleeping."""
        return VirtualClock(start)


class VirtualClock(Clock):
    """Time that only advances by sleeping, without waiting, for all threads."""

    def __init__(self, start: float = NEW_YEAR_2026) -> None:
        self._start = start
        self._elapsed = 0.0
        self._lock = threading.Lock()

    def time(self) -> float:
        return self._start + self.monotonic()

    def monotonic(self) -> float:
        with self._lock:
            return self._elapsed

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._elapsed += max(seconds, 0.0)

    def reset(self) -> None:
        with self._lock:
            self._elapsed = 0.0
