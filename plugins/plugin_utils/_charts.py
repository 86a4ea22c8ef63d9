# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The geometry of a report's charts. Pure functions; what is drawn is up to the template.

Lengths across are in percent, so that a chart is as wide as its place while its letters keep their
size; lengths down are in pixels.
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
from ansible_collections.community.cloudflare.plugins.plugin_utils._visible import visible

# Any word can be a status, but not every word can have a colour, a pattern and a filter.
STATUSES = (*ORGANIZATION_STATUSES, "other", "unknown")

MOST_BARS = 12
ROW_HEIGHT = 40
_LONGEST_LABEL = 60

AGES = ("0", "1", "2", "3", "4+", "unknown")
_PLOT_HEIGHT = 150
_COLUMN_SHARE = 0.64  # of the room between the middles of two columns


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
    is_cut: bool
    y: int
    segments: Sequence[Segment]


@dataclass(frozen=True)
class Column:
    """The open invites of one age; the texts above and below stand at ``middle``."""

    age: str
    count: int
    x: str
    width: str
    middle: str
    y: int
    height: int


def by_organization(invites: Iterable[Mapping[str, Any]]) -> list[Bar]:
    """Return a bar for each of the organizations with most invites, and one for all others.

    The longest bar of a single organization is as wide as the chart: it would not be readable
    beside that of hundreds of others.
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
    most = max((sum(count.values()) for count in counts.values()), default=0)
    bars = [
        _bar(place, most, counts[one], name=names[one], organization_id=one)
        for place, one in enumerate(ordered[:MOST_BARS])
    ]
    others = ordered[MOST_BARS:]
    if others:
        rest = sum((counts[one] for one in others), Counter[str]())
        bars.append(_bar(MOST_BARS, most, rest, organizations=len(others)))
    return bars


def by_age(invites: Iterable[Mapping[str, Any]]) -> list[Column]:
    """Return a column for each of ``AGES`` in days; there are only open invites in it."""
    counts = Counter(_age(one["age_in_days"]) for one in invites if one["status"] == "pending")
    most = max(counts.values(), default=1)
    room = 100 / len(AGES)
    columns = []
    for place, age in enumerate(AGES):
        height = math.ceil(counts[age] / most * _PLOT_HEIGHT)
        columns.append(
            Column(
                age=age,
                count=counts[age],
                x=_percent(room * (place + (1 - _COLUMN_SHARE) / 2)),
                width=_percent(room * _COLUMN_SHARE),
                middle=_percent(room * (place + 0.5)),
                y=_PLOT_HEIGHT - height,
                height=height,
            )
        )
    return columns


def _bar(
    place: int,
    most: int,
    counts: Mapping[str, int],
    *,
    name: str | None = None,
    organization_id: str | None = None,
    organizations: int = 1,
) -> Bar:
    total = sum(counts.values())
    segments = []
    done = 0
    for status in STATUSES:
        if counts.get(status):
            scale = 100 / max(total, most)
            x, width = _percent(done * scale), _percent(counts[status] * scale)
            segments.append(Segment(status, counts[status], x, width))
            done += counts[status]
    return Bar(
        name=name,
        organization_id=organization_id,
        label=visible(name, _LONGEST_LABEL),
        organizations=organizations,
        total=total,
        is_cut=total > most,
        y=place * ROW_HEIGHT,
        segments=segments,
    )


def _age(days: float | None) -> str:
    # Sent in the future, by a clock that is not ours: it is not a day old.
    return "unknown" if days is None else AGES[max(0, min(4, math.floor(days)))]


def _percent(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"
