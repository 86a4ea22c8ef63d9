# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much was tried, for the summary at the end of a test run."""

from __future__ import annotations

from collections import Counter

COUNTS: Counter[str] = Counter()
