# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seed data for a simulator, as plain data, and the seed data of the demo.

Numbered IDs are fixed, so that a playbook can name them: organization 7 is ``0a`` and invite 7 is
``1b``, each followed by zeros and the number.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from .roles import SUPER_ADMINISTRATOR
from .state import State

SeedData = dict[str, Any]

OPERATOR = "robin.vega@harbor-ops.example"
API_TOKEN = "demo-token-robin-vega"
API_KEY = "demo-key-robin-vega"
COLLEAGUE = "sam.okafor@harbor-ops.example"
COLLEAGUE_API_TOKEN = "demo-token-sam-okafor"


def load(data: SeedData, state: State) -> None:
    """Add settings, users, organizations, members, and invites to a simulator."""
    for name, value in data.get("settings", {}).items():
        setattr(state.settings, name, value)
    users = {one["email"]: state.add_user(**one) for one in data.get("users", [])}
    organizations = {
        one["id"]: state.add_organization(**one) for one in data.get("organizations", [])
    }
    for member in data.get("members", []):
        roles = {"roles": member["roles"]} if "roles" in member else {}
        state.add_member(users[member["user"]], organizations[member["organization"]], **roles)
    for invite in data.get("invites", []):
        state.invite(**{**invite, "organization": organizations[invite["organization"]]})


def demo_data(now: datetime) -> SeedData:
    """Return the seed data of the demo: a new operator with more invites than fit on a page."""
    return {
        "settings": {"maximum_per_page": 20},
        "users": [
            {"email": OPERATOR, "api_token": API_TOKEN, "api_key": API_KEY},
            {"email": COLLEAGUE, "api_token": COLLEAGUE_API_TOKEN},
        ],
        "organizations": [
            {"id": HOME_ORGANIZATION_ID, "name": "Harbor Operations"},
            *(_organization(*row) for row in INVITES_TO_ROBIN),
        ],
        # Robin manages the invites of the home organization.
        "members": [
            {
                "user": OPERATOR,
                "organization": HOME_ORGANIZATION_ID,
                "roles": [SUPER_ADMINISTRATOR],
            },
            {"user": COLLEAGUE, "organization": HOME_ORGANIZATION_ID},
            {"user": OPERATOR, "organization": organization_id(24)},
        ],
        "invites": [
            *(_invite_to_robin(now, *row) for row in INVITES_TO_ROBIN),
            *(_invite_from_home(now, *row) for row in INVITES_FROM_HOME),
            *(_invite_to_colleague(now, *row) for row in INVITES_TO_COLLEAGUE),
        ],
    }


def organization_id(number: int) -> str:
    """Return the fixed ID of an organization in the demo."""
    return f"0a{number:030d}"


def invite_id(number: int) -> str:
    """Return the fixed ID of an invite in the demo."""
    return f"1b{number:030d}"


HOME_ORGANIZATION_ID = organization_id(99)

# Number (of organization and invite), name, inviter, status, and how many hours ago.
INVITES_TO_ROBIN = [
    (1, "Alder & Finch Publishing", "it@alder-finch.example", "pending", 3),
    (2, "Acme Logistics", "access@acme-logistics.example", "pending", 5),
    (3, "Bluewater Ferries", "ops@bluewater-ferries.example", "pending", 6),
    (4, "Brightside Energy", "platform@brightside-energy.example", "pending", 8),
    (5, "Café Orléans", "owner@cafe-orleans.example", "pending", 9),
    (6, "Cedar Grove Schools", "webmaster@cedar-grove.example", "pending", 11),
    (7, "City of Lindholm", "digital@lindholm.example", "pending", 12),
    (8, "Delta Robotics", "infra@delta-robotics.example", "pending", 14),
    (9, "Evergreen Insurance", "cloud@evergreen-insurance.example", "pending", 15),
    (10, "Fjord Outdoor", "shop@fjord-outdoor.example", "pending", 17),
    (11, "Granite Bank", "network@granite-bank.example", "pending", 18),
    (12, "Hillside Clinic", "admin@hillside-clinic.example", "pending", 20),
    (13, "Indigo Games", "live@indigo-games.example", "pending", 22),
    (14, "Juniper Street Theatre", "tickets@juniper-street.example", "pending", 24),
    (15, "Kestrel Air", "web@kestrel-air.example", "pending", 27),
    (16, "Lantern Press", "editors@lantern-press.example", "pending", 30),
    (17, "Meridian Maps", "sre@meridian-maps.example", "pending", 33),
    (18, "Northwind Bakery", "orders@northwind-bakery.example", "pending", 36),
    (19, "Opal Telecom", "edge@opal-telecom.example", "pending", 40),
    (20, "Pinewood Furniture", "it@pinewood.example", "pending", 44),
    (21, "Quayside Hotel", "desk@quayside-hotel.example", "pending", 50),
    # The same name as number 2, from a free email provider.
    (22, "Acme Logistics", "acme.logistics.access@freemail.example", "pending", 2),
    (23, "Redwood Analytics", "data@redwood-analytics.example", "rejected", 60),
    (24, "Saffron Foods", "it@saffron-foods.example", "accepted", 70),
    (25, "Tidewater Shipping", "ops@tidewater.example", "expired", 130),
    (26, "Umbra Design Studio", "studio@umbra-design.example", "pending", 55),
    (27, "Vantage Travel", "web@vantage-travel.example", "pending", 58),
]

# Number of the invite, address, status, and how many hours ago.
INVITES_FROM_HOME = [
    (91, "alex.tran@harbor-ops.example", "pending", 4),
    (92, COLLEAGUE, "accepted", 300),
    (93, "jo.lindqvist@harbor-ops.example", "expired", 200),
    (94, "kim.adeyemi@contractor.example", "canceled", 250),
    (95, "lee.moreau@contractor.example", "left", 900),
]


# Number of the invite and of the organization, inviter, and how many hours ago.
INVITES_TO_COLLEAGUE = [
    (201, 1, "it@alder-finch.example", 3),
    (202, 2, "access@acme-logistics.example", 5),
    (203, 3, "ops@bluewater-ferries.example", 6),
    (204, 22, "acme.logistics.access@freemail.example", 2),
]


def _organization(number: int, name: str, *_invite: object) -> SeedData:
    return {"id": organization_id(number), "name": name, "enforcing_twofactor": number % 7 != 0}


def _invite_to_robin(
    now: datetime, number: int, _name: str, invited_by: str, status: str, hours_ago: int
) -> SeedData:
    return {
        "id": invite_id(number),
        "user": OPERATOR,
        "organization": organization_id(number),
        "roles": ["Administrator" if number % 9 == 0 else "DNS"],
        "invited_by": invited_by,
        "status": status,
        "invited_on": (now - timedelta(hours=hours_ago)).isoformat(),
    }


def _invite_to_colleague(
    now: datetime, number: int, organization: int, invited_by: str, hours_ago: int
) -> SeedData:
    return {
        "id": invite_id(number),
        "user": COLLEAGUE,
        "organization": organization_id(organization),
        "invited_by": invited_by,
        "invited_on": (now - timedelta(hours=hours_ago)).isoformat(),
    }


def _invite_from_home(
    now: datetime, number: int, email: str, status: str, hours_ago: int
) -> SeedData:
    return {
        "id": invite_id(number),
        "user": email,
        "organization": HOME_ORGANIZATION_ID,
        "invited_by": OPERATOR,
        "status": status,
        "invited_on": (now - timedelta(hours=hours_ago)).isoformat(),
    }
