# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pages of a list to request, and whether the list is complete. No input or output.

``result_info`` is documented as ``{page, per_page, count, total_count}``. Responses often add
``total_pages``, ``result_info`` can be missing, and a server may ignore the page that is requested.
Therefore the reported numbers are compared with the items: a list ends with a page that is not
full, that is empty, or that has no new item, and it is incomplete if it is shorter than
``total_count``. In a filtered list, that may be the total of the unfiltered list: it is documented
as "total results available without any search parameters". So a filtered list that seems incomplete
has to be read without the filter.
https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/#pagination
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._text import is_real_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    # The ID of an item, or all of it and its number among equal items of its page.
    ItemKey = tuple[str, int]

# The default and the maximum of per_page.
# https://developers.cloudflare.com/api/resources/user/subresources/organizations/methods/list/
DEFAULT_PER_PAGE = 20
MAX_PER_PAGE = 50
# Without totals, fewer items end a list. The smallest default that was seen is 15.
MIN_FULL_PAGE = 15
# A total can be wrong. So pages are requested ahead in growing steps: first this number, then as
# many as were read, up to the maximum.
MIN_PAGES_AHEAD = 20
MAX_PAGES_AHEAD = 100
# A longer list is not Cloudflare's, or has no end.
MAX_PAGES = 1_500
MAX_ITEMS = 75_000


@dataclass(frozen=True)
class Page:
    """One page of a list, and what the server reports about the list."""

    items: list[dict[str, Any]]
    total_count: int | None = None
    total_pages: int | None = None
    per_page: int | None = None

    @classmethod
    def from_result(cls, items: list[dict[str, Any]], result_info: Any) -> Page:
        """Build a page from the ``result`` and the ``result_info`` of a response."""
        info = result_info if isinstance(result_info, dict) else {}
        return cls(
            items,
            total_count=_parse_count(info.get("total_count")),
            total_pages=_parse_count(info.get("total_pages")),
            per_page=_parse_count(info.get("per_page")),
        )


class Paginator:
    """The pages of one list, added in their order.

    :param is_filtered: whether the reported totals may be those of the unfiltered list.
    :ivar items: the items without duplicates, in their order.
    """

    def __init__(self, *, is_filtered: bool = False) -> None:
        self.items: dict[ItemKey, dict[str, Any]] = {}
        self._is_filtered = is_filtered
        self._reported_totals: set[int] = set()
        self._reported_pages = 0
        self._pages_read = 0
        self._last_page = 1
        self._largest_page = 0
        self._distinct_pages = 0
        self._has_repeated_page = False

    @property
    def incomplete_reason(self) -> str | None:
        """Why the list seems incomplete, or None."""
        totals = self._reported_totals
        count = len(self.items)
        if len(totals) > 1 or count < max(totals, default=0):
            return f"received {count} of {' or '.join(map(str, sorted(totals)))} items"
        if totals:
            return None
        if self._distinct_pages < self._reported_pages:
            return f"received {self._distinct_pages} of {self._reported_pages} pages"
        if self._has_repeated_page:
            return f"received the same page again after {count} items"
        return None

    def has_total_of(self, unfiltered: Paginator) -> bool:
        """Tell whether the reported total is that of the unfiltered list, which is complete."""
        is_complete = unfiltered.incomplete_reason is None
        return is_complete and self._reported_totals == {len(unfiltered.items)}

    @property
    def exceeds_limit(self) -> bool:
        """Whether the list does not end within ``MAX_PAGES`` and ``MAX_ITEMS``."""
        has_more = self._last_page > self._pages_read
        return len(self.items) > MAX_ITEMS or (self._pages_read >= MAX_PAGES and has_more)

    @property
    def remaining_pages(self) -> int:
        """How many pages are still to be requested, as far as the pages that were read tell."""
        return min(self._last_page, MAX_PAGES) - self._pages_read

    def pending_pages(self) -> range:
        """Return the numbers of the pages that can be requested now, in parallel."""
        min_ahead = 1 if self._is_filtered else MIN_PAGES_AHEAD
        ahead = min(max(self._pages_read, min_ahead), MAX_PAGES_AHEAD)
        last = min(self._last_page, self._pages_read + ahead, MAX_PAGES)
        return range(self._pages_read + 1, last + 1)

    def add_page(self, page: Page) -> None:
        """Add the next page."""
        if self._pages_read >= self._last_page:
            return  # requested ahead, but the list has ended before it
        self._pages_read += 1
        self._largest_page = max(self._largest_page, len(page.items))
        self._reported_pages = max(self._reported_pages, page.total_pages or 0)
        if page.total_count is not None and (page.items or self._pages_read == 1):
            self._reported_totals.add(page.total_count)
        count = len(self.items)
        for key, item in _with_keys(page.items):
            self.items.setdefault(key, item)
        if len(self.items) > count:
            self._distinct_pages += 1
            last_page = self._pages_read + self._remaining_pages(page)
            self._last_page = max(self._last_page, last_page)
        else:
            # Past the end; or a server that sends the same page whatever is requested.
            self._last_page = self._pages_read
            self._has_repeated_page = bool(page.items)

    def _remaining_pages(self, page: Page) -> int:
        """Return how many pages follow this one, by what is reported and by its size."""
        remaining_items = (page.total_count or 0) - len(self.items)
        remaining_pages = (page.total_pages or 0) - self._pages_read
        if not self._is_full_page(page):
            if self._is_filtered and 0 < (page.total_count or 0) <= MAX_PER_PAGE:
                return 0  # if items are missing, the one page of the unfiltered list has them
            # A total that says that there is more is worth one more request, not hundreds.
            return int(remaining_items > 0 or remaining_pages > 0)
        # Whatever is reported, another page can follow a full one. One more request shows it, in
        # parallel with the others.
        return max(remaining_pages, max(remaining_items, 0) // len(page.items) + 1)

    def _is_full_page(self, page: Page) -> bool:
        """Tell whether another page can follow, by the number of items alone."""
        size = len(page.items)
        if size > MAX_PER_PAGE:
            return False  # more than requested: this server does not divide its lists
        if self._pages_read > 1:
            return size == self._largest_page
        if page.total_count is None and page.total_pages is None:
            return size >= MIN_FULL_PAGE  # whatever per_page is: the server may cap it
        return size in (page.per_page, DEFAULT_PER_PAGE, MAX_PER_PAGE)


def _with_keys(items: Iterable[dict[str, Any]]) -> Iterator[tuple[ItemKey, dict[str, Any]]]:
    """Yield each item of a page with its key.

    Items without a real ID are never merged: equal ones have different numbers. Yet the same page
    has the same keys when it is sent again.
    """
    counts: Counter[str] = Counter()
    for item in items:
        item_id = item.get("id")
        if isinstance(item_id, str) and is_real_id(item_id):
            yield (item_id, 0), item
        else:
            content = json.dumps(item, sort_keys=True)
            counts[content] += 1
            yield (content, counts[content]), item


def _parse_count(value: Any) -> int | None:
    """Return a non-negative integer, or None for anything else.

    The API documents a number, so 2.0 is as valid as 2; a boolean is not.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if value >= 0 and value == value // 1 else None
