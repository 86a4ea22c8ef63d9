# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The geometry of a report's charts. The template draws them.

Horizontal lengths are percentages, so that a chart fills its place while its text keeps its size.
Vertical lengths are pixels.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
    ORGANIZATION_STATUSES,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._html_text import visible_text

# Any word can be a status, but not every word can have a color, a pattern, and a filter.
STATUSES = (*ORGANIZATION_STATUSES, "other", "unknown")

MAX_BARS = 12
ROW_HEIGHT = 40
MAX_LABEL_LENGTH = 60

AGE_BUCKETS = ("0", "1", "2", "3", "4+", "unknown")
_PLOT_HEIGHT = 150
_COLUMN_WIDTH_RATIO = 0.64  # of the distance between two columns


def status_group(status: str | None) -> str:
    """Return which of ``STATUSES`` stands for the status."""
    if status is None:
        return "unknown"
    return status if status in ORGANIZATION_STATUSES else "other"


@dataclass(frozen=True)
class Segment:
    """The invites of one status in a bar."""

    status: str
    count: int
    x: str
    width: str


@dataclass(frozen=True)
class Bar:
    """The invites of one organization, or of all those that have no bar of their own.

    :ivar organizations: how many there are.
    :ivar is_cut: the bar would be longer than the chart is wide, and is as long instead.
    """

    name: str | None
    organization_id: str | None
    label: str
    organizations: int
    total: int
    is_clipped: bool
    y: int
    segments: Sequence[Segment]


@dataclass(frozen=True)
class Column:
    """The pending invites of one age. The texts above and below it are at ``middle``."""

    age: str
    count: int
    x: str
    width: str
    middle: str
    y: int
    height: int


def organization_bars(invites: Iterable[Mapping[str, Any]]) -> list[Bar]:
    """Return a bar for each of the organizations with most invites, and one for all others.

    The longest bar of a single organization is as wide as the chart. Otherwise, it would not be
    readable beside the bar of hundreds of others.
    """
    names: dict[str | None, str | None] = {}
    counts: dict[str | None, Counter[str]] = {}
    for invite in invites:
        identifier = invite["organization_id"]
        names[identifier] = names.get(identifier) or invite["organization_name"]
        counts.setdefault(identifier, Counter())[status_group(invite["status"])] += 1
    ordered = sorted(
        counts,
        key=lambda one: (-sum(counts[one].values()), names[one] or "", one or ""),
    )
    max_total = max((sum(count.values()) for count in counts.values()), default=0)
    bars = [
        _bar(index, max_total, counts[one], name=names[one], organization_id=one)
        for index, one in enumerate(ordered[:MAX_BARS])
    ]
    others = ordered[MAX_BARS:]
    if others:
        rest = sum((counts[one] for one in others), Counter[str]())
        bars.append(_bar(MAX_BARS, max_total, rest, organizations=len(others)))
    return bars


def is_informative(bars: Sequence[Bar]) -> bool:
    """Tell whether the bars of single organizations differ."""
    single = [row for row in bars if row.organizations == 1]
    return len({tuple((one.status, one.count) for one in row.segments) for row in single}) > 1


def age_columns(invites: Iterable[Mapping[str, Any]]) -> list[Column]:
    """Return a column for each of ``AGE_BUCKETS`` in days, of pending invites."""
    counts = Counter(
        _age_bucket(one["age_in_days"]) for one in invites if one["status"] == "pending"
    )
    max_total = max(counts.values(), default=1)
    slot_width = 100 / len(AGE_BUCKETS)
    columns = []
    for index, age in enumerate(AGE_BUCKETS):
        height = math.ceil(counts[age] / max_total * _PLOT_HEIGHT)
        columns.append(
            Column(
                age=age,
                count=counts[age],
                x=_percent(slot_width * (index + (1 - _COLUMN_WIDTH_RATIO) / 2)),
                width=_percent(slot_width * _COLUMN_WIDTH_RATIO),
                middle=_percent(slot_width * (index + 0.5)),
                y=_PLOT_HEIGHT - height,
                height=height,
            )
        )
    return columns


def _bar(
    index: int,
    max_total: int,
    counts: Mapping[str, int],
    *,
    name: str | None = None,
    organization_id: str | None = None,
    organizations: int = 1,
) -> Bar:
    total = sum(counts.values())
    segments = []
    offset = 0
    for status in STATUSES:
        if counts.get(status):
            scale = 100 / max(total, max_total)
            x, width = _percent(offset * scale), _percent(counts[status] * scale)
            segments.append(Segment(status, counts[status], x, width))
            offset += counts[status]
    return Bar(
        name=name,
        organization_id=organization_id,
        label=visible_text(name, MAX_LABEL_LENGTH),
        organizations=organizations,
        total=total,
        is_clipped=total > max_total,
        y=index * ROW_HEIGHT,
        segments=segments,
    )


def _age_bucket(days: float | None) -> str:
    # With another clock, an invite can be sent in the future.
    return "unknown" if days is None else AGE_BUCKETS[max(0, min(4, math.floor(days)))]


def _percent(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"
