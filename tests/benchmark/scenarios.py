# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenarios: sizes, seed data, and variables of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..simulator.roles import SUPER_ADMINISTRATOR
from ..simulator.seed import SeedData

LATENCY = 0.1
PER_PAGE = 50
OPERATOR = "operator@example.com"
API_TOKEN = "benchmark-token-of-the-operator"
# More than any run sends, so that nothing is rate limited.
NO_LIMIT = 10_000_000


@dataclass(frozen=True)
class Scenario:
    """A job that all implementations do.

    :ivar name: the name of the playbooks and of the job in the SDK script.
    :ivar unit: the unit of the size.
    :ivar sizes: from a tenth of the base to ten times the base.
    :ivar latency: seconds before each response.
    :ivar per_page: the maximum page size.
    :ivar state: the seed data at a size.
    :ivar variables: the variables of the implementations at a size.
    :ivar min_requests: the minimum number of requests at a size.
    :ivar changes: the number of invites to send or to respond to at a size.
    """

    key: str
    name: str
    title: str
    unit: str
    sizes: tuple[int, ...]
    base: int
    state: Callable[[int], SeedData]
    variables: Callable[[int], Mapping[str, Any]]
    min_requests: Callable[[int], int]
    changes: Callable[[int], int] = lambda _size: 0
    latency: float = LATENCY
    per_page: int = PER_PAGE

    def seed(self, size: int) -> SeedData:
        """Return the seed data of a run at this size."""
        settings = {
            "latency": self.latency,
            "maximum_per_page": self.per_page,
            "filtered_totals": "filtered",
            "rate_limit_requests": NO_LIMIT,
        }
        users = [{"email": OPERATOR, "api_token": API_TOKEN}]
        return {"settings": settings, "users": users, **self.state(size)}


def _organization(number: int) -> SeedData:
    return {"id": f"0a{number:030d}", "name": f"Organization {number:05d}"}


def _user_with_invites(count: int) -> SeedData:
    """Return this many organizations, each with an invite of the operator."""
    organizations = [_organization(number) for number in range(count)]
    invites = [
        {"user": OPERATOR, "organization": one["id"], "invited_by": f"admin@{one['id']}.example"}
        for one in organizations
    ]
    return {"organizations": organizations, "invites": invites}


INVITES_OF_EACH = 3


def _organizations_with_invites(count: int) -> SeedData:
    """Return this many organizations with invites. The operator is a member of each."""
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
INVITES_PER_RESPONSE = 5


def _pages(items: int, per_page: int) -> int:
    return -(-items // per_page)


START = Scenario(
    key="a",
    name="start",
    title="Read one page, without latency",
    unit="tasks",
    sizes=(1, 11),  # a tenth of the difference is the cost of a task
    base=1,
    state=lambda _size: _user_with_invites(ON_ONE_PAGE),
    variables=lambda size: {"times": size, "invite_count": ON_ONE_PAGE},
    min_requests=lambda size: size,
    latency=0,
)

LIST = Scenario(
    key="b",
    name="list",
    title="List invites, 20 a page",
    unit="invites",
    sizes=(200, 2_000, 20_000),
    base=2_000,
    state=_user_with_invites,
    variables=lambda size: {"invite_count": size},
    min_requests=lambda size: _pages(size, SMALL_PAGE),
    per_page=SMALL_PAGE,
)

RESPOND = Scenario(
    key="c",
    name="respond",
    title="Accept invites by name",
    unit="responses",
    sizes=(10, 100, 1_000),
    base=100,
    state=lambda size: _user_with_invites(size * INVITES_PER_RESPONSE),
    variables=lambda size: {
        "rules": [
            {"organization_name": _organization(number * INVITES_PER_RESPONSE)["name"]}
            for number in range(size)
        ]
    },
    # The memberships tell whether a name was joined before. Each invite is a membership, too. Both
    # lists end with an empty page, as their last page is full.
    min_requests=lambda size: 2 * (size * INVITES_PER_RESPONSE // PER_PAGE + 1) + size,
    changes=lambda size: size,
)

AUDIT = Scenario(
    key="d",
    name="audit",
    title="Audit organizations",
    unit="organizations",
    sizes=(20, 200, 2_000),
    base=200,
    state=_organizations_with_invites,
    variables=lambda size: {
        "organization_ids": [_organization(number)["id"] for number in range(size)],
        "invite_count": size * INVITES_OF_EACH,
    },
    min_requests=lambda size: size,
)

ACCOUNTS = Scenario(
    key="e",
    name="accounts",
    title="Audit accounts",
    unit="accounts",
    sizes=(10, 100, 1_000),
    base=100,
    state=_organizations_with_invites,
    variables=lambda size: {
        "account_ids": [_organization(number)["id"] for number in range(size)],
        "invite_count": size * INVITES_OF_EACH,
    },
    # The members of each, and the list of accounts for their names.
    min_requests=lambda size: size + _pages(size, PER_PAGE),
)

PEOPLE = 10
INVITED_ALREADY = range(0, PEOPLE, 3)
ROLE = "DNS"


def _accounts_with_team(count: int) -> SeedData:
    """Return accounts that the operator manages. A third of the team is invited already."""
    organizations = [_organization(number) for number in range(count)]
    roles = [SUPER_ADMINISTRATOR]
    members = [
        {"user": OPERATOR, "organization": one["id"], "roles": roles} for one in organizations
    ]
    invites = [
        {"user": f"person-{number}@example.com", "organization": one["id"], "roles": [ROLE]}
        for one in organizations
        for number in INVITED_ALREADY
    ]
    return {"organizations": organizations, "members": members, "invites": invites}


def _missing(count: int) -> int:
    return count * (PEOPLE - len(INVITED_ALREADY))


INVITE = Scenario(
    key="f",
    name="invite",
    title=f"Invite {PEOPLE} people to accounts",
    unit="accounts",
    sizes=(2, 20, 200),
    base=20,
    state=_accounts_with_team,
    variables=lambda size: {
        "account_ids": [_organization(number)["id"] for number in range(size)],
        "people": [
            {"email": f"person-{number}@example.com", "roles": [ROLE]} for number in range(PEOPLE)
        ],
        "invite_count": _missing(size),
    },
    # The members of each account before and after, the list of accounts, and the roles.
    min_requests=lambda size: 2 * size + _pages(size, PER_PAGE) + 2 + _missing(size),
    changes=_missing,
)

SCENARIOS = (START, LIST, RESPOND, AUDIT, ACCOUNTS, INVITE)
