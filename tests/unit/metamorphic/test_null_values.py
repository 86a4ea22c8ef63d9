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

from ansible_collections.community.cloudflare.tests.unit.metamorphic.tasks import (
    COMMON_RELATION,
    RARE_RELATION,
    SENDER_PATTERNS,
    Laboratory,
    Task,
    bulk,
    organization_rules,
    single,
    tasks,
)
from ansible_collections.community.cloudflare.tests.unit.metamorphic.worlds import (
    World,
    worlds,
)

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
def emptied(draw: st.DrawFn, task: Task) -> Task:
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
def emptied_cases(draw: st.DrawFn) -> tuple[World, Task, Task]:
    world = draw(worlds())
    task = draw(tasks(world) | narrow_tasks(world))
    return world, task, draw(emptied(task))


@st.composite
def narrow_tasks(draw: st.DrawFn, world: World) -> Task:
    """Draw a task with one rule, by organization and by sender."""
    rule = draw(organization_rules(draw(st.sampled_from(world.organizations))))
    rule["invited_by"] = draw(st.sampled_from(SENDER_PATTERNS))
    return draw(st.sampled_from([single("accepted", rule), bulk([rule]), bulk([], [rule])]))


@RARE_RELATION
@given(case=emptied_cases())
def test_null_or_empty_value_acts_on_no_more(
    laboratory: Laboratory, case: tuple[World, Task, Task]
) -> None:
    world, task, emptied_task = case

    outcome = laboratory.run_in(world, task)
    emptied_outcome = laboratory.run_in(world, emptied_task)

    assert emptied_outcome.actions <= outcome.actions


@st.composite
def emptied_filters(draw: st.DrawFn) -> tuple[World, Task, Task]:
    """Draw a task that lists invites, and the same with one of its filters null or empty."""
    world = draw(worlds())
    organization = draw(st.sampled_from(world.organizations))
    filters: dict[str, st.SearchStrategy[Any]] = {"status": st.just(["pending"])}
    modules = ["cf_user_invite_info", "cf_org_invite_info", "cf_account_invite_info"]
    module = draw(st.sampled_from(modules))
    options: dict[str, Any] = {}
    if module == "cf_user_invite_info":
        filters["organization_id"] = st.just(organization.id)
        filters["organization_name"] = st.just(organization.name)
        filters["invited_by"] = st.sampled_from(SENDER_PATTERNS)
    else:
        member_emails = ["operator@example.com", "nobody@example.com"]
        filters["invited_member_email"] = st.sampled_from(member_emails)
        name = "account_ids" if module == "cf_account_invite_info" else "organization_ids"
        members = [data.id for data in world.organizations if data.is_member]
        options = {name: members or [organization.id]}
    options.update(draw(st.fixed_dictionaries({}, optional=filters)))
    if not options:
        options = {"status": ["accepted"]}
    task = Task(module, options)
    return world, task, draw(emptied(task))


@COMMON_RELATION
@given(case=emptied_filters())
def test_null_or_empty_filter_lists_no_more(
    laboratory: Laboratory, case: tuple[World, Task, Task]
) -> None:
    world, task, emptied_task = case

    results = [laboratory.run_in(world, one).result for one in (task, emptied_task)]

    listed, listed_by_emptied = (
        {invite["id"] for invite in result.get("invites", [])} for result in results
    )
    assert listed_by_emptied <= listed
