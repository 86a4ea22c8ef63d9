# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pages of a list are still to read, and whether all of it arrived. Pure functions.

``result_info`` is documented as ``{page, per_page, count, total_count}``; live answers often add
``total_pages``, it can be missing, and a server may ignore the page that it is asked for. So what
it claims is held against what it sent: a list ends with a page that is not full, that is empty, or
that brings nothing new, and is incomplete if it is shorter than ``total_count``. In a filtered
list, that may be the total of the unfiltered list: it is documented as "total results available
without any search parameters". So a filtered list that seems incomplete has to be read unfiltered.
https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/#pagination
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What a page holds if nothing else is asked for, and at most, on the siblings of the invite lists.
# https://developers.cloudflare.com/api/resources/user/subresources/organizations/methods/list/
DEFAULT_PAGE_SIZE = 20
LARGEST_PAGE_SIZE = 50
# A total can be wrong, so pages are requested ahead in growing steps: at first these, then as many
# as were read, and never more than the last.
FIRST_PAGES_AHEAD = 20
MAX_PAGES_AHEAD = 100
# A longer list is not Cloudflare's, or has no end.
MAX_PAGES = 1_500
MAX_ITEMS = 75_000


@dataclass(frozen=True)
class Page:
    """One page of a list, and what the server says of the whole list."""

    items: list[dict[str, Any]]
    total_count: int | None = None
    total_pages: int | None = None
    per_page: int | None = None

    @classmethod
    def of(cls, items: list[dict[str, Any]], result_info: Any) -> Page:
        """Build a page from the ``result`` and the ``result_info`` of an answer."""
        claims = result_info if isinstance(result_info, dict) else {}
        return cls(
            items,
            total_count=_count(claims.get("total_count")),
            total_pages=_count(claims.get("total_pages")),
            per_page=_count(claims.get("per_page")),
        )


class Listing:
    """The pages of one list as they come in, each item once, and which pages are still to read.

    :param is_filtered: whether totals may be those of the unfiltered list.
    :ivar items: the items by what tells them apart, in the order in which they came.
    :ivar totals: how many items the server counted; one number if nothing moved.
    """

    def __init__(self, *, is_filtered: bool = False) -> None:
        self._first_ahead = 1 if is_filtered else FIRST_PAGES_AHEAD
        self.items: dict[tuple[str, int], dict[str, Any]] = {}
        self.totals: set[int] = set()
        self._claimed_pages = 0
        self._pages_read = 0
        self._pages_due = 1
        self._page_size = 0
        self._new_pages = 0
        self._repeats = False

    @property
    def doubt(self) -> str | None:
        """What makes it doubtful that all of the list arrived, or changed while it was read."""
        if len(self.totals) > 1 or len(self.items) < max(self.totals, default=0):
            counted = " or ".join(map(str, sorted(self.totals)))
            return f"{len(self.items)} items arrived, but Cloudflare counted {counted}"
        if self.totals:
            return None
        if self._new_pages < self._claimed_pages:
            return f"{self._new_pages} pages arrived, but Cloudflare counted {self._claimed_pages}"
        if self._repeats:
            return f"after {len(self.items)} items Cloudflare began to repeat itself"
        return None

    @property
    def is_too_long(self) -> bool:
        """Whether the list does not end within the limits."""
        has_more = self._pages_due > self._pages_read
        return len(self.items) > MAX_ITEMS or (self._pages_read >= MAX_PAGES and has_more)

    def next_pages(self) -> range:
        """Return the numbers of the pages that can be read now, at the same time."""
        ahead = min(max(self._pages_read, self._first_ahead), MAX_PAGES_AHEAD)
        last = min(self._pages_due, self._pages_read + ahead, MAX_PAGES)
        return range(self._pages_read + 1, last + 1)

    def add(self, page: Page) -> None:
        """Take in the next page, in the order of their numbers."""
        if self._pages_read >= self._pages_due:
            return  # asked for ahead, but the list has ended before it
        self._pages_read += 1
        self._page_size = max(self._page_size, len(page.items))
        before = len(self.items)
        for key, item in _with_keys(page.items):
            self.items.setdefault(key, item)
        self._claimed_pages = max(self._claimed_pages, page.total_pages or 0)
        if page.total_count is not None and (page.items or self._pages_read == 1):
            self.totals.add(page.total_count)
        if len(self.items) == before:
            # Past the end; or the server sends one page for ever, whatever it is asked for.
            self._pages_due = self._pages_read
            self._repeats = bool(page.items)
        else:
            self._new_pages += 1
            self._pages_due = max(self._pages_due, self._pages_read + self._missing_pages(page))

    def _missing_pages(self, page: Page) -> int:
        """Return how many pages follow this one, by what the server claims and by what it sent."""
        missing_items = (page.total_count or 0) - len(self.items)
        missing_pages = (page.total_pages or 0) - self._pages_read
        if not self._is_full(page):
            # What claims that more should follow is worth one more look, not hundreds.
            return int(missing_items > 0 or missing_pages > 0)
        # Whatever is claimed, a full page may be followed by another. So where the last page is
        # full, one request more finds out, at the same time as the others.
        return max(missing_pages, max(missing_items, 0) // len(page.items) + 1)

    def _is_full(self, page: Page) -> bool:
        """Tell whether more may follow, going by the number of items alone."""
        size = len(page.items)
        if size > LARGEST_PAGE_SIZE:
            return False  # more than was asked for: this server does not divide its lists
        if self._pages_read > 1:
            return size == self._page_size
        return size in (page.per_page, DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE)


def _with_keys(
    items: Iterable[dict[str, Any]],
) -> Iterator[tuple[tuple[str, int], dict[str, Any]]]:
    """Yield each item of a page with the key that it also has on other pages.

    The key of an item without a real ID is all of it, with its number among equal items of the
    page: none of them is dropped, and yet a page that is sent twice brings nothing new.
    """
    counts: Counter[str] = Counter()
    for item in items:
        item_id = item.get("id")
        # Cloudflare also sends null, "", "0", and all zeros.
        if isinstance(item_id, str) and item_id.strip(" 0-"):
            yield (item_id, 0), item
        else:
            content = json.dumps(item, sort_keys=True)
            counts[content] += 1
            yield (content, counts[content]), item


def _count(claim: Any) -> int | None:
    """Return a whole number that is not negative, or None for anything else.

    The schema calls it a number, so 2.0 is as good as 2; a boolean is none.
    """
    if isinstance(claim, bool) or not isinstance(claim, (int, float)):
        return None
    return int(claim) if claim >= 0 and claim == claim // 1 else None
