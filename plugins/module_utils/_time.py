# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Timestamps as Cloudflare sends them: RFC 3339, with or without fractions of a second."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?(?:[Zz]|([+-]\d\d:\d\d))")


def moment(timestamp: str | None) -> datetime | None:
    """Return when that was, with its time zone; None if it is not known, or no timestamp."""
    match = _TIMESTAMP.fullmatch(timestamp or "")
    if not match:
        return None
    day, time, fraction, offset = match.groups()
    try:
        whole = datetime.fromisoformat(f"{day}T{time}{offset or '+00:00'}")
        return whole + timedelta(seconds=float(fraction or 0))
    except (ValueError, OverflowError):
        return None
