# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Representation does not matter: the outcome is the same, or a failure; never another action."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given, note
from hypothesis import strategies as st

from ansible_collections.community.cloudflare.tests.unit.metamorphic.tasks import (
    COMMON_RELATION,
    RELATION,
    SENDER_PATTERNS,
    Laboratory,
    Outcome,
    Task,
    bulk,
    cases,
    organization_rules,
    sender_rules,
)
from ansible_collections.community.cloudflare.tests.unit.metamorphic.worlds import (
    NAMES,
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


def assert_same_or_failure(outcome: Outcome, other: Outcome) -> None:
    assert other.actions <= outcome.actions
    if not other.is_reported_incomplete:
        assert other.actions == outcome.actions
        assert not outcome.has_failed


@st.composite
def unmatched_cases(draw: st.DrawFn) -> tuple[World, Task]:
    """Draw a task that expects an organization, and rejects what it does not expect."""
    world = draw(worlds())
    rule = {"organization_name": world.organizations[0].name}
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


@dataclass(frozen=True)
class NameConflict:
    """An organization was joined, maybe among others, and another one of its name invites."""

    world: World
    task: Task


@st.composite
def name_conflicts(draw: st.DrawFn) -> NameConflict:
    name = draw(st.sampled_from(NAMES))
    count = draw(st.integers(0, 3))
    names = [f"Member {number}" for number in range(count)]
    members = [
        OrganizationData(organization_id(number), member, is_member=True)
        for number, member in enumerate(draw(st.permutations([*names, name])))
    ]
    outsider = OrganizationData(organization_id(20), name)
    invite = InviteData(invite_id(20), outsider.id, draw(st.sampled_from(SENDERS)))
    return NameConflict(World((*members, outsider), (invite,)), bulk([{"organization_name": name}]))


@RELATION
@given(conflict=name_conflicts(), representation=REPRESENTATIONS)
def test_representation_does_not_hide_membership(
    laboratory: Laboratory, conflict: NameConflict, representation: dict[str, Any]
) -> None:
    outcome = laboratory.run_in(conflict.world, conflict.task)
    other_world = replace(conflict.world, settings=representation)
    other = laboratory.run_in(other_world, conflict.task)

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


@st.composite
def cases_without_id(draw: st.DrawFn) -> tuple[World, World, str]:
    """Draw invites of one sender; in the second world, one of them has no ID."""
    count = draw(st.integers(2, 4))
    organizations = tuple(
        OrganizationData(organization_id(number), f"Organization {number}")
        for number in range(count)
    )
    invites = [InviteData(invite_id(number), data.id) for number, data in enumerate(organizations)]
    without_id = draw(st.sampled_from(invites))
    others = tuple(
        replace(invite, missing_fields=("id",)) if invite == without_id else invite
        for invite in invites
    )
    world = World(organizations, tuple(invites))
    return world, replace(world, invites=others), without_id.id


@COMMON_RELATION
@given(case=cases_without_id(), rule=sender_rules(["@acme.example"]), accepts=st.booleans())
def test_invite_without_id_fails_alone(
    laboratory: Laboratory,
    case: tuple[World, World, str],
    rule: dict[str, Any],
    accepts: bool,
) -> None:
    world, world_without_id, without_id = case
    task = bulk([rule]) if accepts else bulk([], [rule])

    outcome = laboratory.run_in(world, task)
    other = laboratory.run_in(world_without_id, task)

    assert other.has_failed
    assert other.actions == {action for action in outcome.actions if action[0] != without_id}
