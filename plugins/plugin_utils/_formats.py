# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.plugin_utils._csv import to_csv
from ansible_collections.community.cloudflare.plugins.plugin_utils._html import render_html
from ansible_collections.community.cloudflare.plugins.plugin_utils._json import to_json
from ansible_collections.community.cloudflare.plugins.plugin_utils._junit import to_junit
from ansible_collections.community.cloudflare.plugins.plugin_utils._markdown import to_markdown

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS: dict[str, Callable[[dict[str, Any]], str]] = {
    "html": render_html,
    "csv": to_csv,
    "json": to_json,
    "markdown": to_markdown,
    "junit": to_junit,
}
