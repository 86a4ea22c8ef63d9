# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of a list.

Facts: sibling lists document ``page`` from 1 and ``per_page`` from 5 to 50, by default 20; the two
lists of invites document no parameter. A page after the last one is empty.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .settings import Settings

MIN_PER_PAGE = 5
DEFAULT_PER_PAGE = 20


def paginate(
    entries: list[Any], query: Mapping[str, str], settings: Settings, unfiltered_total: int
) -> tuple[list[Any], dict[str, Any]]:
    """Return the entries of the requested page, and its ``result_info``.

    Facts: ``total_count`` is documented as "total results available without any search parameters".

    :param unfiltered_total: the number of entries without the filter of the request.
    """
    page, per_page = _parse_page_params(query, len(entries), settings)
    shown = _arrange(entries, settings)[(page - 1) * per_page : page * per_page]
    total = len(entries) if settings.filtered_totals == "filtered" else unfiltered_total
    info = {
        "page": page,
        "per_page": per_page,
        "count": len(shown),
        "total_count": total,
        "total_pages": math.ceil(total / per_page),
    }
    if settings.per_page_info == "requested":
        info["per_page"] = _int_or(query.get("per_page"), DEFAULT_PER_PAGE)
    elif settings.per_page_info == "omitted":
        del info["per_page"]
    return shown, info


def _arrange(entries: list[Any], settings: Settings) -> list[Any]:
    """Return the items in the order in which they are sent, duplicates included."""
    items = entries[::-1] if settings.reverse_lists else entries
    return items + items[:1] if settings.repeat_first_item else items


def _parse_page_params(query: Mapping[str, str], total: int, settings: Settings) -> tuple[int, int]:
    largest = settings.maximum_per_page
    if settings.page_parameters == "everything":
        return 1, max(total, 1)
    if settings.page_parameters == "ignored":
        return 1, min(DEFAULT_PER_PAGE, largest)
    page = max(_int_or(query.get("page"), 1), 1)
    per_page = max(_int_or(query.get("per_page"), DEFAULT_PER_PAGE), MIN_PER_PAGE)
    return page, min(per_page, largest)


def _int_or(value: Any, default: int) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return default
