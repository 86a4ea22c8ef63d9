# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Irrelevant history changes nothing: dead invites add none to those that are responded to."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.community.cloudflare.tests.unit.metamorphic.tasks import (
    COMMON_RELATION,
    RELATION,
    SENDER_PATTERNS,
    Laboratory,
    Task,
    bulk,
    cases,
    organization_rules,
    sender_rules,
)
from ansible_collections.community.cloudflare.tests.unit.metamorphic.worlds import (
    DEAD,
    NAMES,
    SENDERS,
    InviteData,
    OrganizationData,
    World,
    invite_id,
    organization_id,
    spellings,
    worlds,
)


@st.composite
def dead_invites(draw: st.DrawFn, world: World) -> World:
    """Draw the same world with dead invites of these organizations and of others.

    As only the latest invite of an organization counts, a dead one that is later than a pending
    one is not irrelevant, and is not drawn.
    """
    name = draw(spellings(draw(st.sampled_from(NAMES))))
    other = OrganizationData(organization_id(50), name)
    organizations = (*world.organizations, other)
    senders = {invite.organization_id for invite in world.invites}
    silent = [data for data in organizations if data.id not in senders]
    invites = list(world.invites)
    for number in range(draw(st.integers(1, 3))):
        data = draw(st.sampled_from(silent) | st.sampled_from(organizations))
        sent = [invite for invite in world.invites if invite.organization_id == data.id]
        latest = max((invite.minute for invite in sent), default=0)
        is_pending = any(invite.status == "pending" and invite.minute == latest for invite in sent)
        dead = InviteData(
            invite_id(50 + number),
            data.id,
            draw(st.sampled_from(SENDERS)),
            draw(st.sampled_from(DEAD)),
            latest - 1 if is_pending else draw(st.integers(-1, 5)),
        )
        invites.insert(draw(st.integers(0, len(invites))), dead)
    return replace(world, organizations=organizations, invites=tuple(invites))


@st.composite
def cases_with_history(draw: st.DrawFn) -> tuple[World, World, Task]:
    world, task = draw(cases() | silent_cases())
    return world, draw(dead_invites(world)), task


@st.composite
def silent_cases(draw: st.DrawFn) -> tuple[World, Task]:
    """Draw a task that expects an organization, from which no invite may be known."""
    world = draw(worlds())
    expected = OrganizationData(organization_id(50), draw(st.sampled_from(NAMES)))
    accept = [draw(organization_rules(expected))]
    return world, bulk(accept, reject_unmatched=draw(st.sampled_from([False, True, True])))


@RELATION
@given(case=cases_with_history())
def test_dead_invites_add_no_action(
    laboratory: Laboratory, case: tuple[World, World, Task]
) -> None:
    world, world_with_history, task = case

    outcome = laboratory.run_in(world, task)
    outcome_with_history = laboratory.run_in(world_with_history, task)

    assert outcome_with_history.actions <= outcome.actions


@st.composite
def sender_cases(draw: st.DrawFn) -> tuple[World, World, Task]:
    """Draw rules by sender alone, and a dead invite of another organization."""
    invites = []
    for number in range(draw(st.integers(1, 2))):
        status = draw(st.sampled_from(["pending", "accepted", "accepted", *DEAD]))
        sender = draw(st.sampled_from(SENDERS[:3]))
        invites.append(InviteData(invite_id(number), organization_id(number), sender, status))
    organizations = tuple(
        OrganizationData(invite.organization_id, f"Organization {number}")
        for number, invite in enumerate(invites)
    )
    world = World(organizations, tuple(invites))
    other = OrganizationData(organization_id(50), "Zebra")
    dead = InviteData(
        invite_id(50),
        other.id,
        draw(st.sampled_from(SENDERS[:3])),
        draw(st.sampled_from(DEAD)),
        draw(st.integers(-1, 1)),
    )
    with_history = World((*world.organizations, other), (*world.invites, dead))
    rule = draw(sender_rules(SENDER_PATTERNS))
    task = bulk([rule], allow_missing=True) if draw(st.booleans()) else bulk([], [rule])
    return world, with_history, task


@COMMON_RELATION
@given(case=sender_cases())
def test_dead_invite_does_not_change_outcome_of_sender_rules(
    laboratory: Laboratory, case: tuple[World, World, Task]
) -> None:
    world, world_with_history, task = case

    outcome = laboratory.run_in(world, task)
    outcome_with_history = laboratory.run_in(world_with_history, task)

    assert outcome_with_history.actions == outcome.actions
    assert outcome_with_history.has_failed == outcome.has_failed
