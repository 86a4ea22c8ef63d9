# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invites for the tests of filters. At ``TIME``, they violate no rule."""

from __future__ import annotations

from typing import Any

TIME = "2026-03-10T12:00:00Z"


def invite(**fields: Any) -> dict[str, Any]:
    """Return a pending invite that violates no rule, except with these fields."""
    return {
        "id": "a" * 32,
        "source": "organization",
        "status": "pending",
        "organization_id": "1" * 32,
        "organization_name": "Acme",
        "organization_is_enforcing_twofactor": True,
        "invited_member_email": "new@example.com",
        "invited_by": "ceo@acme.example",
        "invited_on": "2026-03-09T12:00:00Z",
        "expires_on": "2026-03-13T12:00:00Z",
        "roles": [{"name": "Analytics"}],
        **fields,
    }


def of(number: int, **fields: Any) -> dict[str, Any]:
    """Return a pending invite of another organization."""
    return invite(id=f"{number:032}", organization_id=f"{number:032}", **fields)


def member(**fields: Any) -> dict[str, Any]:
    """Return a member of an account."""
    user = {"two_factor_authentication_enabled": True}
    return {**invite(source="account", status="accepted", user=user), **fields}


def policy(group: str, access: str = "allow") -> dict[str, Any]:
    """Return a policy of a member that grants a permission group."""
    return {"access": access, "permission_groups": [{"id": "a" * 32, "name": group}]}
