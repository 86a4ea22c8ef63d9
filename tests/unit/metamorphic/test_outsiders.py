# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An outsider gains nothing by sharing what it can choose with an expected organization."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.community.cloudflare.tests.unit.metamorphic.tasks import (
    RARE_RELATION,
    Laboratory,
    Rule,
    Task,
    bulk,
    organization_rules,
    single,
)
from ansible_collections.community.cloudflare.tests.unit.metamorphic.worlds import (
    DEAD,
    MEMBERSHIP_LISTS,
    MINUTES,
    NAMES,
    PAGES,
    InviteData,
    OrganizationData,
    World,
    invite_id,
    lookalikes,
    organization_id,
    spellings,
)

EXPECTED = organization_id(1)
EXPECTED_SENDERS = ["ceo@acme.example", "HR@acme.example"]
# The last one shares the domain with the expected senders, and is of another user there.
OUTSIDER_SENDERS = ["x@mail.example", "ceo@acme.example.evil.example", "ceo@notacme.example"]
SHARED_SENDERS = ["ceo@acme.example", "guest@acme.example"]
# Invites of organizations that share nothing with the expected one, each with a rule about it.
OTHER_RULES: list[tuple[OrganizationData, str, Rule, bool]] = [
    (
        OrganizationData(organization_id(2), "Fjord"),
        "it@fjord.example",
        {"organization_name": "Fjord"},
        True,
    ),
    (
        OrganizationData(organization_id(3), "Granite"),
        "it@granite.example",
        {"invited_by": "@granite.example", "all_from_sender": True},
        True,
    ),
    (
        OrganizationData(organization_id(4), "Spam"),
        "spam@mail.example",
        {"invited_by": "@mail.example", "all_from_sender": True},
        False,
    ),
    (
        OrganizationData(organization_id(5), "Zebra"),
        "it@zebra.example",
        {"organization_id": organization_id(5)},
        False,
    ),
]


@dataclass(frozen=True)
class OutsiderCase:
    """A world, the same with outsiders, and a task that expects an organization in it."""

    world: World
    world_with_outsiders: World
    task: Task
    outsider_invites: frozenset[str]
    expected_invites: frozenset[str]


# The relations of the user to an organization, apart from a pending invite.
JOINED_BY = ["invite", "membership", "both"]


@st.composite
def expected_organizations(
    draw: st.DrawFn, sender: str
) -> tuple[OrganizationData, list[InviteData], bool]:
    """Draw an organization, its invites, and whether it was joined or has a pending invite."""
    name = draw(spellings(draw(st.sampled_from(NAMES)))).strip()
    joined_by = draw(st.sampled_from([None, *JOINED_BY]))
    data = OrganizationData(EXPECTED, name, is_member=joined_by in ("membership", "both"))
    dead = ["expired", "rejected", "canceled"]  # not left: then it is not joined any more
    statuses = draw(st.lists(st.sampled_from(dead), max_size=2))
    if joined_by in ("invite", "both"):
        statuses.insert(0, "accepted")
    is_pending = draw(st.sampled_from([False, False, True]))
    if is_pending:
        statuses.append("pending")
    # In the order of their dates, as only the latest counts.
    minutes = [minute + 1 for minute in range(len(statuses))]
    invites = [
        InviteData(invite_id(number), EXPECTED, sender, status, minute)
        for number, (status, minute) in enumerate(zip(statuses, minutes))
    ]
    return data, invites, bool(joined_by or is_pending)


@st.composite
def outsiders(
    draw: st.DrawFn, name: str, senders: list[str]
) -> tuple[list[OrganizationData], list[InviteData]]:
    organizations, invites = [], []
    names = st.one_of(
        spellings(name), spellings(name), spellings(name), lookalikes(name), st.just(EXPECTED)
    )
    for number in range(30, 30 + draw(st.integers(1, 2))):
        organizations.append(OrganizationData(organization_id(number), draw(names)))
        invites.append(
            InviteData(
                invite_id(number),
                organization_id(number),
                draw(st.sampled_from(senders)),
                draw(st.sampled_from(["pending"] * 8 + DEAD)),
                draw(MINUTES),
            )
        )
    return organizations, invites


@st.composite
def outsider_cases(draw: st.DrawFn) -> OutsiderCase:
    sender = draw(st.sampled_from(EXPECTED_SENDERS))
    data, expected, is_known = draw(expected_organizations(sender))
    rule = draw(organization_rules(data, ["@acme.example", sender]))
    state = draw(st.sampled_from(["accepted"] * 5 + ["rejected"]))
    if is_known and draw(st.booleans()):
        rule = {"organization_name": draw(spellings(data.name))}
    is_narrowed = "organization_id" in rule or "invited_by" in rule
    if not (is_known or is_narrowed):
        rule["organization_id"] = EXPECTED
    # An outsider with the same sender also matches if the rule selects by sender only.
    may_share_sender = is_known or "organization_id" in rule
    senders = [*OUTSIDER_SENDERS, *(SHARED_SENDERS if may_share_sender else [])]
    organizations, invites = draw(outsiders(data.name, senders))

    others = draw(
        st.lists(st.sampled_from(OTHER_RULES), max_size=2, unique_by=lambda other: other[1])
    )
    members = [
        OrganizationData(organization_id(number), f"Member {number}", is_member=True)
        for number in range(10, 10 + draw(st.integers(0, 3)))
    ]
    known = (*members, data, *(other for other, _sender, _rule, _accepts in others))
    other_invites = [
        InviteData(invite_id(number), other.id, sender)
        for number, (other, sender, _rule, _accepts) in enumerate(others, start=20)
    ]
    world = World(known, (*expected, *other_invites), draw(list_settings()))
    return OutsiderCase(
        world,
        replace(
            world,
            organizations=(*organizations, *known),
            invites=tuple(draw(st.permutations([*invites, *world.invites]))),
        ),
        draw(tasks_about(rule, state, [other[-2:] for other in others])),
        frozenset(invite.id for invite in invites),
        frozenset(invite.id for invite in expected),
    )


@st.composite
def list_settings(draw: st.DrawFn) -> dict[str, Any]:
    settings = {**draw(PAGES), **draw(MEMBERSHIP_LISTS)}
    if "membership_account_ids" in settings:
        # Equal memberships without any ID, on different pages, look like a repeated page. The list
        # is incomplete then, and the task decides nothing.
        settings.pop("membership_ids", None)
        settings.pop("memberships_retired", None)
    return settings


@st.composite
def imitation_cases(draw: st.DrawFn) -> OutsiderCase:
    """Draw an outsider with the name of an organization that only the memberships contain."""
    name = draw(st.sampled_from(NAMES))
    numbers = range(10, 10 + draw(st.integers(1, 4)))
    members = [OrganizationData(organization_id(one), f"Member {one}", True) for one in numbers]
    known = (*members, OrganizationData(EXPECTED, name, is_member=True))
    outsider = OrganizationData(organization_id(30), draw(spellings(name)))
    invite = InviteData(invite_id(30), outsider.id, draw(st.sampled_from(SHARED_SENDERS)))
    world = World(known, (), draw(list_settings()))
    return OutsiderCase(
        world,
        replace(world, organizations=(outsider, *known), invites=(invite,)),
        draw(tasks_about({"organization_name": name}, "accepted", [])),
        frozenset([invite.id]),
        frozenset(),
    )


@st.composite
def tasks_about(draw: st.DrawFn, rule: Rule, state: str, others: list[tuple[Rule, bool]]) -> Task:
    if not others and draw(st.booleans()):
        return single(state, rule)
    accept = [other for other, accepts in others if accepts]
    reject = [other for other, accepts in others if not accepts]
    (accept if state == "accepted" else reject).append(rule)
    options: dict[str, Any] = {}
    if accept:
        options["reject_unmatched"] = draw(st.booleans())
    options["allow_missing"] = draw(st.booleans())
    return bulk(accept, reject, **options)


@RARE_RELATION
@given(case=outsider_cases() | imitation_cases())
def test_outsider_invite_is_never_accepted(laboratory: Laboratory, case: OutsiderCase) -> None:
    outcome = laboratory.run_in(case.world, case.task)
    with_outsiders = laboratory.run_in(case.world_with_outsiders, case.task)

    assert not with_outsiders.invites_with("accepted") & case.outsider_invites
    # The other rules have the same outcome. An ambiguous match prevents reject_unmatched.
    own = case.expected_invites | case.outsider_invites
    assert with_outsiders.invites_with("accepted") - own == outcome.invites_with("accepted") - own
    rejected = outcome.invites_with("rejected") - own
    rejected_with_outsiders = with_outsiders.invites_with("rejected") - own
    if case.task.options.get("reject_unmatched"):
        assert rejected_with_outsiders <= rejected
    else:
        assert rejected_with_outsiders == rejected
    assert with_outsiders.actions - outcome.actions <= {
        (invite, "rejected") for invite in case.outsider_invites
    }
