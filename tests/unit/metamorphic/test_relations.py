# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Relations between two runs: check mode, another representation, and null values."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given, note
from hypothesis import strategies as st

from ansible_collections.community.cloudflare.tests.unit.metamorphic.tasks import (
    RARE_RELATION,
    RELATION,
    SENDER_PATTERNS,
    Laboratory,
    Outcome,
    Task,
    bulk,
    cases,
    organization_rules,
    sender_rules,
    single,
    tasks,
)
from ansible_collections.community.cloudflare.tests.unit.metamorphic.worlds import (
    QUIRKS,
    REPRESENTATIONS,
    SENDERS,
    InviteData,
    OrganizationData,
    World,
    invite_id,
    organization_id,
    worlds,
)


def without_wording(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result without texts, which differ in check mode."""
    texts = ("msg", "error", "reason", "warnings", "invocation", "ray_id")

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: strip(part) for name, part in value.items() if name not in texts}
        return [strip(part) for part in value] if isinstance(value, list) else value

    stripped: dict[str, Any] = strip(dict(result))
    return stripped


@RELATION
@given(case=cases(), representation=REPRESENTATIONS)
def test_check_mode_predicts_result(
    laboratory: Laboratory, case: tuple[World, Task], representation: dict[str, Any]
) -> None:
    world, task = case
    world = replace(world, settings=representation)

    predicted = laboratory.run_in(world, task, check_mode=True)
    requests = {request.method for request in laboratory.cloudflare.log}
    outcome = laboratory.run_in(world, task)

    assert requests <= {"GET"}
    assert not predicted.actions
    assert without_wording(predicted.result) == without_wording(outcome.result)
    assert outcome.result.get("changed", False) == bool(outcome.actions)


def assert_same_or_failure(outcome: Outcome, other: Outcome) -> None:
    assert other.actions <= outcome.actions
    if not other.is_reported_incomplete:
        assert other.actions == outcome.actions
        assert not outcome.has_failed


@st.composite
def unmatched_cases(draw: st.DrawFn) -> tuple[World, Task]:
    """Draw a task that expects an organization, and rejects what it does not expect."""
    world = draw(worlds())
    expected = world.organizations[0]
    rules = [{"organization_name": expected.name}, {"organization_id": expected.id}]
    rule = draw(st.sampled_from(rules))
    return world, bulk([rule], reject_unmatched=True, allow_missing=True)


@RELATION
@given(case=cases() | unmatched_cases(), representation=REPRESENTATIONS)
def test_representation_does_not_change_outcome(
    laboratory: Laboratory, case: tuple[World, Task], representation: dict[str, Any]
) -> None:
    world, task = case

    outcome = laboratory.run_in(world, task)

    for settings in (representation, *QUIRKS):
        note(f"{settings=}")
        other = laboratory.run_in(replace(world, settings=settings), task)
        assert_same_or_failure(outcome, other)


# Without invited_on, the latest invite of an organization is unknown; here, each has only one.
OPTIONAL_FIELDS = [
    "id",
    "id",
    "organization_name",
    "invited_by",
    "invited_by",
    "invited_on",
    "expires_on",
    "status",
    "roles",
    "organization_is_enforcing_twofactor",
    "invited_member_id",
    "invited_member_email",
]


@st.composite
def cases_with_missing_fields(draw: st.DrawFn) -> tuple[World, World, Task]:
    """Draw organizations with one invite each; in the second world, some lack fields."""
    names = ["Acme", "Caf\u00e9 Sol", "Fjord", "Granite"][: draw(st.integers(2, 4))]
    organizations = tuple(
        OrganizationData(organization_id(number), name) for number, name in enumerate(names)
    )
    invites = [
        InviteData(invite_id(number), data.id, draw(st.sampled_from(SENDERS)))
        for number, data in enumerate(organizations)
    ]
    rules = st.one_of(
        st.sampled_from(organizations).flatmap(organization_rules), sender_rules(SENDER_PATTERNS)
    )
    options: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {
            "reject_unmatched": st.booleans(),
            "allow_missing": st.booleans(),
            "require_twofactor": st.booleans(),
        }
    )
    selected = draw(st.lists(rules, min_size=1, max_size=2))
    # Not both: an explicit rule may reject what only the missing field would have protected.
    task = bulk(selected, **draw(options)) if draw(st.booleans()) else bulk([], selected)
    missing_fields = st.lists(st.sampled_from(OPTIONAL_FIELDS), max_size=2).map(tuple)
    lacking = draw(st.sets(st.sampled_from(range(len(invites))), min_size=1, max_size=2))
    others = tuple(
        replace(invite, missing_fields=draw(missing_fields)) if number in lacking else invite
        for number, invite in enumerate(invites)
    )
    world = World(organizations, tuple(invites))
    settings = {"missing_fields": draw(st.sampled_from(["omitted", "null"]))}
    return world, replace(world, invites=others, settings=settings), task


@RELATION
@given(case=cases_with_missing_fields())
def test_missing_field_causes_no_other_action(
    laboratory: Laboratory, case: tuple[World, World, Task]
) -> None:
    world, world_with_missing_fields, task = case

    outcome = laboratory.run_in(world, task)
    other = laboratory.run_in(world_with_missing_fields, task)

    assert other.actions <= outcome.actions


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
def test_null_or_empty_value_adds_no_action(
    laboratory: Laboratory, case: tuple[World, Task, Task]
) -> None:
    world, task, emptied_task = case

    outcome = laboratory.run_in(world, task)
    emptied_outcome = laboratory.run_in(world, emptied_task)

    assert emptied_outcome.actions <= outcome.actions
