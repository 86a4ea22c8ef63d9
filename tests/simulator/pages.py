# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of a list.

Facts: sibling lists document ``page`` from 1 and ``per_page`` from 5 to 50, by default 20; the two
lists of invites document no parameter. Past the end comes an empty page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .settings import Settings

FEWEST_PER_PAGE = 5
DEFAULT_PER_PAGE = 20


def page_of(
    entries: list[Any], query: Mapping[str, str], settings: Settings, everything: int
) -> tuple[list[Any], dict[str, Any]]:
    """Return the entries of the wanted page, and the honest ``result_info``.

    Facts: ``total_count`` is documented as "total results available without any search parameters".

    :param everything: how many entries there are without regard to what was asked for.
    """
    page, per_page = _wanted(query, len(entries), settings)
    shown = _arrange(entries, settings)[(page - 1) * per_page : page * per_page]
    total = len(entries) if settings.filtered_totals == "of the filter" else everything
    info = {
        "page": page,
        "per_page": per_page,
        "count": len(shown),
        "total_count": total,
        "total_pages": math.ceil(total / per_page),
    }
    if settings.per_page_info == "requested":
        info["per_page"] = _number(query.get("per_page"), DEFAULT_PER_PAGE)
    elif settings.per_page_info == "omitted":
        del info["per_page"]
    return shown, info


def _arrange(entries: list[Any], settings: Settings) -> list[Any]:
    """Return the items in the order in which they are sent, duplicates included."""
    items = entries[::-1] if settings.reverse_lists else entries
    return items + items[:1] if settings.repeat_first_item else items


def _wanted(query: Mapping[str, str], total: int, settings: Settings) -> tuple[int, int]:
    largest = settings.maximum_per_page
    if settings.page_parameters == "everything":
        return 1, max(total, 1)
    if settings.page_parameters == "ignored":
        return 1, min(DEFAULT_PER_PAGE, largest)
    page = max(_number(query.get("page"), 1), 1)
    per_page = max(_number(query.get("per_page"), DEFAULT_PER_PAGE), FEWEST_PER_PAGE)
    return page, min(per_page, largest)


def _number(value: Any, otherwise: int) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return otherwise
