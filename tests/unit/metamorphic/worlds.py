# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worlds: the state of Cloudflare before a task runs, as plain data, and strategies for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ansible_collections.community.cloudflare.tests.simulator import Simulator, User

# A few names, so that organizations often share one. The second has two Unicode forms.
NAMES = ["Acme", "Caf\u00e9 Sol"]
SENDERS = ["ceo@acme.example", "hr@ACME.example", "a@mail.example", "b@mail.example"]
DEAD = ["expired", "rejected", "canceled", "left"]
# Dates of invites are minutes; a few, so that they often are the same.
MINUTES = st.sampled_from([0, 0, 1, 2])


@dataclass(frozen=True)
class OrganizationData:
    """An organization, and whether the user is a member of it."""

    id: str
    name: str
    is_member: bool = False
    enforces_twofactor: bool = True


@dataclass(frozen=True)
class InviteData:
    """An invite of the user, sent at ``minute``."""

    id: str
    organization_id: str
    invited_by: str = SENDERS[0]
    status: str = "pending"
    minute: int = 0
    missing_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class World:
    """Organizations and invites in Cloudflare's order, and the settings of the simulator."""

    organizations: tuple[OrganizationData, ...] = ()
    invites: tuple[InviteData, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def build(self, cloudflare: Simulator, user: User) -> None:
        """Reset the simulator to this world and this user."""
        cloudflare.reset()
        cloudflare.users.append(user)
        cloudflare.settings.activation_codes = True
        for name, value in self.settings.items():
            setattr(cloudflare.settings, name, value)
        organizations = {}
        for data in self.organizations:
            organization = cloudflare.add_organization(data.name, data.id, data.enforces_twofactor)
            organizations[data.id] = organization
            if data.is_member:
                cloudflare.add_member(user, organization)
        for invite in self.invites:
            cloudflare.invite(
                user,
                organizations[invite.organization_id],
                id=invite.id,
                invited_by=invite.invited_by,
                status=invite.status,
                invited_on=cloudflare.now() + timedelta(minutes=invite.minute),
                missing_fields=invite.missing_fields,
            )


def organization_id(number: int) -> str:
    """Return an ID that upper case changes."""
    return f"0a{number:030x}"


def invite_id(number: int) -> str:
    """Return an ID that upper case changes."""
    return f"1b{number:030x}"


def spellings(name: str) -> SearchStrategy[str]:
    """Return names that are the same as this one, in another Unicode form or with whitespace."""
    forms = [name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)]
    return st.sampled_from([*forms, f" {name} "])


def lookalikes(name: str) -> SearchStrategy[str]:
    """Return names that can be mistaken for this one, but are not the same."""
    return st.sampled_from([name.upper(), f"{name}.", name.replace("c", "\u0441"), name[:-1]])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a few organizations, most of them of one name, and most of them with invites."""
    shared, other = draw(st.permutations(NAMES))
    names = st.one_of(spellings(shared), spellings(shared), lookalikes(shared), st.just(other))
    organizations = []
    invites: list[InviteData] = []
    for number in range(draw(st.sampled_from([1, 1, 2, 2, 3]))):
        data = OrganizationData(
            organization_id(number),
            draw(names if number else spellings(shared)),
            is_member=draw(st.booleans()),
            enforces_twofactor=draw(st.booleans()),
        )
        organizations.append(data)
        for _invite in range(draw(st.sampled_from([0, 0, 1, 1, 2, 2]))):
            invites.append(
                InviteData(
                    invite_id(len(invites)),
                    data.id,
                    draw(st.sampled_from(SENDERS)),
                    draw(st.sampled_from(["pending", "pending", "pending", "accepted", *DEAD])),
                    draw(MINUTES),
                )
            )
    return World(tuple(organizations), tuple(draw(st.permutations(invites))))


# Settings that represent the same world. Lists that end early without a sign are excluded.
PAGES = st.one_of(
    st.fixed_dictionaries(
        {
            "maximum_per_page": st.sampled_from([1, 2, 3]),
            "per_page_info": st.sampled_from(["applied", "requested", "omitted"]),
            "result_info": st.sampled_from(["with total_pages", "without total_pages"]),
        }
    ),
    st.fixed_dictionaries(
        {"result_info": st.sampled_from(["with total_pages", "without total_pages", "omitted"])}
    ),
)
MEMBERSHIP_LISTS = st.fixed_dictionaries(
    {},
    optional={
        "membership_ids": st.sampled_from(["0", "empty", "zeros"]),
        "membership_account_ids": st.sampled_from(["0", "empty", "zeros"]),
        "filtered_totals": st.just("filtered"),
        "memberships_retired": st.just(True),
    },
)
SHAPES = st.fixed_dictionaries(
    {},
    optional={
        "reverse_lists": st.just(True),
        "repeat_first_item": st.just(True),
        "name_form": st.sampled_from(["NFC", "NFD"]),
        "uppercase_ids": st.just(True),
        "user_roles": st.just("objects"),
        "fractions_of_a_second": st.just(True),
        "empty_list_is_null": st.just(True),
        "omit_messages": st.just(True),
    },
)
# The most important settings, one at a time.
QUIRKS: list[dict[str, Any]] = [
    {"name_form": "NFC"},
    {"name_form": "NFD"},
    {"uppercase_ids": True},
    {"reverse_lists": True},
]
REPRESENTATIONS: SearchStrategy[dict[str, Any]] = st.builds(
    lambda *parts: {name: value for part in parts for name, value in part.items()},
    PAGES,
    MEMBERSHIP_LISTS,
    SHAPES,
)
