# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator of Cloudflare's API for invites. See README.md."""

from __future__ import annotations

from .clock import Clock
from .faults import Fault
from .log import LoggedRequest
from .settings import Settings
from .simulator import Simulator
from .state import Invite, Organization, User

__all__ = [
    "Clock",
    "Fault",
    "Invite",
    "LoggedRequest",
    "Organization",
    "Settings",
    "Simulator",
    "User",
]
