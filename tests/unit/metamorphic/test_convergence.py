# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A satisfied task stays unchanged until the organization sends a new invite or the user leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.community.cloudflare.tests.simulator import Simulator, User
from ansible_collections.community.cloudflare.tests.unit.metamorphic.tasks import (
    RELATION,
    Laboratory,
    Task,
    bulk,
    organization_rules,
    single,
)
from ansible_collections.community.cloudflare.tests.unit.metamorphic.worlds import (
    NAMES,
    SENDERS,
    InviteData,
    OrganizationData,
    World,
    invite_id,
    organization_id,
    spellings,
)

DAY = 24 * 60 * 60.0
Event = Callable[[Simulator, User], None]


def superfluous_invite(
    number: int, sender: str, outcome_status: str, is_later: bool, date: bool
) -> Event:
    """Return an event: an organization sends another invite, which then expires or is canceled."""

    def happen(cloudflare: Simulator, user: User) -> None:
        if is_later:
            cloudflare.clock.sleep(300)
        organization = cloudflare.organizations[number % len(cloudflare.organizations)]
        missing_fields = () if date else ("invited_on",)
        invite = cloudflare.invite(user, organization, sender, missing_fields=missing_fields)
        if outcome_status == "cancel":
            cloudflare.cancel(invite)
        else:
            cloudflare.expire(invite)

    return happen


def outsider_invites(name: str, sender: str, is_renamed: bool) -> Event:
    """Return an event: another organization of this name invites, or takes the name later."""

    def happen(cloudflare: Simulator, user: User) -> None:
        organization = cloudflare.add_organization("Outsider" if is_renamed else name)
        cloudflare.invite(user, organization, sender)
        cloudflare.rename(organization, name)

    return happen


def pass_days(*, purges: bool) -> Event:
    """Return an event: invites expire, and Cloudflare can delete those that are not pending."""

    def happen(cloudflare: Simulator, _user: User) -> None:
        cloudflare.clock.sleep(5 * DAY)
        if purges:
            cloudflare.purge()

    return happen


def drop_twofactor(cloudflare: Simulator, _user: User) -> None:
    """No organization enforces two-factor authentication any more."""
    for organization in cloudflare.organizations:
        organization.enforcing_twofactor = False


@dataclass(frozen=True)
class History:
    """A world, a task that expects organizations in it, and what happens after its success."""

    world: World
    task: Task
    events: list[Event]


@st.composite
def histories(draw: st.DrawFn) -> History:
    have_dates = draw(st.sampled_from([True, True, False]))
    organizations, rules = [], []
    invites: list[InviteData] = []
    for number, name in enumerate(draw(st.permutations(NAMES))[: draw(st.integers(1, 2))]):
        status = draw(st.sampled_from(["pending", "pending", "accepted", "member"]))
        data = OrganizationData(
            organization_id(number),
            draw(spellings(name)).strip(),
            is_member=status in ("accepted", "member"),
        )
        sender = draw(st.sampled_from(SENDERS[:2]))
        organizations.append(data)
        count = 0 if status == "member" else draw(st.integers(1, 2))
        for _invite in range(count):
            minute = draw(st.integers(0, 1))
            invites.append(InviteData(invite_id(len(invites)), data.id, sender, status, minute))
        rules.append(draw(organization_rules(data, ["@acme.example"])))
    if not have_dates:
        invites = [replace(invite, missing_fields=("invited_on",)) for invite in invites]
    options: dict[str, Any] = draw(
        st.fixed_dictionaries({}, optional={"require_twofactor": st.just(True)})
    )
    is_single = len(rules) == 1 and not options and draw(st.booleans())
    task = single("accepted", rules[0]) if is_single else bulk(rules, **options)
    senders = st.sampled_from(SENDERS)
    events = st.one_of(
        st.builds(
            superfluous_invite,
            st.integers(0, 5),
            senders,
            st.sampled_from(["cancel", "expire"]),
            st.booleans(),
            st.just(have_dates),
        ),
        st.builds(
            outsider_invites, st.sampled_from(NAMES).flatmap(spellings), senders, st.booleans()
        ),
        st.builds(pass_days, purges=st.booleans()),
        st.just(drop_twofactor),
    )
    settings = {
        "show_withdrawn_to_user": draw(st.booleans()),
        "memberships_retired": draw(st.booleans()),
    }
    world = World(tuple(organizations), tuple(draw(st.permutations(invites))), settings)
    return History(world, task, draw(st.lists(events, min_size=1, max_size=4)))


@RELATION
@given(history=histories())
def test_satisfied_task_stays_unchanged_after_events(
    laboratory: Laboratory, history: History
) -> None:
    assume(not laboratory.run_in(history.world, history.task).has_failed)

    for event in [do_nothing, *history.events]:
        event(laboratory.cloudflare, laboratory.user)
        laboratory.cloudflare.log.clear()
        outcome = laboratory.run(history.task)

        assert not outcome.has_failed, outcome.result["msg"]
        assert not outcome.result["changed"]
        assert {request.method for request in laboratory.cloudflare.log} == {"GET"}


def do_nothing(_cloudflare: Simulator, _user: User) -> None:
    """Return an event without any change: the task only runs again."""
