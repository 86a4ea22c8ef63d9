# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles, and the policies that replace them: a permission group on a resource group.

Facts: role IDs are the same in every account, and there are more than fit on a page of 50. Groups
have the names of roles here, which is a guess.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

SUPER_ADMINISTRATOR = "Super Administrator - All Privileges"
_KNOWN_ROLE_IDS = {
    SUPER_ADMINISTRATOR: "33666b9c79b9a5273fc7344ff42f953d",
    "Administrator Read Only": "f2b20eaa1a5d4af42b53ac16238c99c7",
}
ROLE_NAMES = (
    *_KNOWN_ROLE_IDS,
    *("Administrator", "Audit Logs Viewer", "Billing", "Cache Purge", "DNS", "Firewall"),
    *(f"Product {number} {level}" for number in range(1, 27) for level in ("Admin", "Read")),
)


@dataclass(frozen=True)
class Policy:
    """Permission groups, by name, on resource groups, by ID."""

    access: str
    permission_groups: tuple[str, ...]
    resource_groups: tuple[str, ...]


def role_id(name: str) -> str:
    """Return the ID of a role."""
    return _KNOWN_ROLE_IDS.get(name) or _digest(name)


def resource_group_names(account_id: str) -> dict[str, str]:
    """Return the resource groups of an account, name by ID: everything, and one domain."""
    names = (f"com.cloudflare.api.account.{account_id}", f"example.com in {account_id}")
    return {_digest(name): name for name in names}


def to_policies(roles: Iterable[str], account_id: str) -> tuple[Policy, ...]:
    """Return the policy that gives these roles, on everything in the account."""
    everything = next(iter(resource_group_names(account_id)))
    return (Policy("allow", tuple(roles), (everything,)),)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
