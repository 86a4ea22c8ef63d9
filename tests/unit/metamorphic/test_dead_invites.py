# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An invite that is no longer pending, or that has no ID, changes nothing for the others."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.community.cloudflare.tests.unit.metamorphic.tasks import (
    COMMON_RELATION,
    RELATION,
    Laboratory,
    Task,
    bulk,
    cases,
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
)


@st.composite
def with_dead_invites(draw: st.DrawFn, world: World) -> World:
    """Draw the same world with dead invites of these organizations and of another one.

    As only the latest invite of an organization counts, a dead one that is later than a pending
    one is not irrelevant, and is not drawn.
    """
    other = OrganizationData(organization_id(50), draw(st.sampled_from(NAMES).flatmap(spellings)))
    organizations = (*world.organizations, other)
    invites = list(world.invites)
    for number in range(draw(st.integers(1, 3))):
        data = draw(st.sampled_from(organizations))
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


@RELATION
@given(data=st.data(), case=cases())
def test_dead_invites_add_no_action(
    laboratory: Laboratory, data: st.DataObject, case: tuple[World, Task]
) -> None:
    world, task = case

    outcome = laboratory.run_in(world, task)
    with_history = laboratory.run_in(data.draw(with_dead_invites(world)), task)

    assert with_history.actions <= outcome.actions


@st.composite
def sender_cases(draw: st.DrawFn) -> tuple[World, Task]:
    """Draw invites of different organizations, and a rule about all invites of a sender."""
    organizations, invites = [], []
    for number in range(draw(st.integers(1, 3))):
        status = draw(st.sampled_from(["pending", "accepted", "accepted", *DEAD]))
        organizations.append(OrganizationData(organization_id(number), f"Organization {number}"))
        sender = draw(st.sampled_from(SENDERS[:3]))
        invites.append(InviteData(invite_id(number), organization_id(number), sender, status))
    rule = draw(sender_rules(["@acme.example"]))
    task = bulk([rule], allow_missing=True) if draw(st.booleans()) else bulk([], [rule])
    return World(tuple(organizations), tuple(invites)), task


@COMMON_RELATION
@given(case=sender_cases(), sender=st.sampled_from(SENDERS[:3]), status=st.sampled_from(DEAD))
def test_dead_invite_does_not_change_outcome_of_sender_rule(
    laboratory: Laboratory, case: tuple[World, Task], sender: str, status: str
) -> None:
    world, task = case
    other = OrganizationData(organization_id(50), "Zebra")
    dead = InviteData(invite_id(50), other.id, sender, status)

    outcome = laboratory.run_in(world, task)
    with_history = laboratory.run_in(
        World((*world.organizations, other), (*world.invites, dead)), task
    )

    assert with_history.actions == outcome.actions
    assert with_history.has_failed == outcome.has_failed


@COMMON_RELATION
@given(case=sender_cases(), number=st.integers(0, 2))
def test_invite_without_id_fails_alone(
    laboratory: Laboratory, case: tuple[World, Task], number: int
) -> None:
    world, task = case
    invites = list(world.invites)
    invite = invites[number % len(invites)]
    invites[number % len(invites)] = replace(invite, missing_fields=("id",))

    outcome = laboratory.run_in(world, task)
    other = laboratory.run_in(replace(world, invites=tuple(invites)), task)

    lost = {action for action in outcome.actions if action[0] == invite.id}
    assert other.actions == outcome.actions - lost
    assert other.has_failed == bool(lost)
