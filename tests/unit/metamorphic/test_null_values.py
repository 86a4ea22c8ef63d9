# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Less information never acts on more: null or empty values select a subset, or are an error."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ansible_collections.community.cloudflare.tests.unit.metamorphic.tasks import (
    RARE_RELATION,
    SENDER_PATTERNS,
    Laboratory,
    Task,
    bulk,
    organization_rules,
    single,
    tasks,
)
from ansible_collections.community.cloudflare.tests.unit.metamorphic.worlds import World, worlds

Path = tuple[Any, ...]
# An empty list of rules is not among them: it is the default, and means that there are none.
EMPTY_VALUES: dict[type, list[Any]] = {
    str: [None, None, "", " "],
    bool: [None, ""],
    list: [None],
    dict: [None, {}],
}


def paths(value: Any) -> Iterator[Path]:
    """Yield where each part of the options is, containers included."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        yield (key,)
        if isinstance(part, (dict, list)):
            yield from ((key, *rest) for rest in paths(part))


@st.composite
def emptied(draw: DrawFn, task: Task) -> Task:
    """Draw the same task with one of its values null or empty."""
    options: Any = copy.deepcopy(dict(task.options))
    places = list(paths(options))
    selectors = [place for place in places if len(place) == 3] or places  # in a rule
    *parents, last = draw(st.sampled_from(selectors) | st.sampled_from(places))
    container = options
    for key in parents:
        container = container[key]
    container[last] = draw(st.sampled_from(EMPTY_VALUES[type(container[last])]))
    return Task(task.module, options)


@st.composite
def emptied_cases(draw: DrawFn) -> tuple[World, Task, Task]:
    world = draw(worlds())
    task = draw(tasks(world) | narrow_tasks(world))
    return world, task, draw(emptied(task))


@st.composite
def narrow_tasks(draw: DrawFn, world: World) -> Task:
    """Draw a task with one rule, by organization and by sender."""
    rule = draw(organization_rules(draw(st.sampled_from(world.organizations))))
    rule["invited_by"] = draw(st.sampled_from(SENDER_PATTERNS))
    return draw(st.sampled_from([single("accepted", rule), bulk([rule]), bulk([], [rule])]))


@RARE_RELATION
@given(case=emptied_cases())
def test_null_or_empty_value_adds_no_action(
    laboratory: Laboratory, case: tuple[World, Task, Task]
) -> None:
    world, task, emptied_task = case

    outcome = laboratory.run_in(world, task)
    emptied_outcome = laboratory.run_in(world, emptied_task)

    assert emptied_outcome.actions <= outcome.actions
