# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The OpenAPI document of Cloudflare's API, and the check of responses against it."""

from __future__ import annotations

from .contract import Contract

__all__ = ["Contract"]
