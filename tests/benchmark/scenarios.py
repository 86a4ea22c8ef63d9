# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured, as data: each scenario at several sizes, and what Cloudflare has there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..simulator.seed import SeedData

LATENCY = 0.1
PER_PAGE = 50
OPERATOR = "operator@example.com"
API_TOKEN = "benchmark-token-of-the-operator"
# Far beyond what a run sends: who is blocked measures Cloudflare's patience, and nothing else.
NO_LIMIT = 10_000_000


@dataclass(frozen=True)
class Scenario:
    """One job, which every contestant does in its own way.

    :ivar name: what the playbooks, and the SDK script's job, are called.
    :ivar unit: what a size counts.
    :ivar sizes: from a tenth to ten times the base, which is what the targets are about.
    :ivar latency: seconds before each answer.
    :ivar per_page: the most that Cloudflare sends on one page.
    :ivar story: what Cloudflare has, at a size.
    :ivar variables: what the contestants are told, at a size.
    :ivar fewest: the fewest requests with which the job can be done, at a size.
    :ivar changes: how many invites have to be answered in it, at a size.
    """

    letter: str
    name: str
    title: str
    unit: str
    sizes: tuple[int, ...]
    base: int
    story: Callable[[int], SeedData]
    variables: Callable[[int], Mapping[str, Any]]
    fewest: Callable[[int], int]
    changes: Callable[[int], int] = lambda _size: 0
    latency: float = LATENCY
    per_page: int = PER_PAGE

    def begin(self, size: int) -> SeedData:
        """Return the story with which a run at this size begins."""
        settings = {
            "latency": self.latency,
            "maximum_per_page": self.per_page,
            "filtered_totals": "filtered",
            "rate_limit_requests": NO_LIMIT,
        }
        users = [{"email": OPERATOR, "api_token": API_TOKEN}]
        return {"settings": settings, "users": users, **self.story(size)}


def _organization(number: int) -> SeedData:
    return {"id": f"0a{number:030d}", "name": f"Organization {number:05d}"}


def _invited(count: int) -> SeedData:
    """As many organizations, each of which has invited the operator."""
    organizations = [_organization(number) for number in range(count)]
    invites = [
        {"user": OPERATOR, "organization": one["id"], "invited_by": f"admin@{one['id']}.example"}
        for one in organizations
    ]
    return {"organizations": organizations, "invites": invites}


INVITES_OF_EACH = 3


def _inviting(count: int) -> SeedData:
    """As many organizations, of which the operator is a member, with some invites each."""
    organizations = [_organization(number) for number in range(count)]
    members = [{"user": OPERATOR, "organization": one["id"]} for one in organizations]
    invites = [
        {"user": f"person-{number}@{one['id']}.example", "organization": one["id"]}
        for one in organizations
        for number in range(INVITES_OF_EACH)
    ]
    return {"organizations": organizations, "members": members, "invites": invites}


ON_ONE_PAGE = 12
SMALL_PAGE = 20
INVITES_PER_ANSWER = 5


def _pages(items: int, per_page: int) -> int:
    return -(-items // per_page)


START = Scenario(
    letter="a",
    name="start",
    title="Read one page, without latency",
    unit="tasks",
    sizes=(1, 11),  # the difference, by ten, is what each further task costs
    base=1,
    story=lambda _size: _invited(ON_ONE_PAGE),
    variables=lambda size: {"times": size, "invite_count": ON_ONE_PAGE},
    fewest=lambda size: size,
    latency=0,
)

LIST = Scenario(
    letter="b",
    name="list",
    title="List invites, 20 a page",
    unit="invites",
    sizes=(200, 2_000, 20_000),
    base=2_000,
    story=_invited,
    variables=lambda size: {"invite_count": size},
    fewest=lambda size: _pages(size, SMALL_PAGE),
    per_page=SMALL_PAGE,
)

ANSWER = Scenario(
    letter="c",
    name="answer",
    title="Accept invites by name",
    unit="answers",
    sizes=(10, 100, 1_000),
    base=100,
    story=lambda size: _invited(size * INVITES_PER_ANSWER),
    variables=lambda size: {
        "rules": [
            {"organization_name": _organization(number * INVITES_PER_ANSWER)["name"]}
            for number in range(size)
        ]
    },
    # One tells whether a name was joined before; else whoever has taken it would be let in.
    fewest=lambda size: _pages(size * INVITES_PER_ANSWER, PER_PAGE) + 1 + size,
    changes=lambda size: size,
)

AUDIT = Scenario(
    letter="d",
    name="audit",
    title="Audit organizations",
    unit="organizations",
    sizes=(20, 200, 2_000),
    base=200,
    story=_inviting,
    variables=lambda size: {
        "organization_ids": [_organization(number)["id"] for number in range(size)],
        "invite_count": size * INVITES_OF_EACH,
    },
    fewest=lambda size: size,
)

ACCOUNTS = Scenario(
    letter="e",
    name="accounts",
    title="Audit accounts",
    unit="accounts",
    sizes=(10, 100, 1_000),
    base=100,
    story=_inviting,
    variables=lambda size: {
        "account_ids": [_organization(number)["id"] for number in range(size)],
        "invite_count": size * INVITES_OF_EACH,
    },
    fewest=lambda size: 2 * size,  # the members of each, and the account for its name
)

SCENARIOS = (START, LIST, ANSWER, AUDIT, ACCOUNTS)
