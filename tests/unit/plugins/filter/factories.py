# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invites for the tests of filters, at a time when nothing is odd about them."""

from __future__ import annotations

from typing import Any

TIME = "2026-03-10T12:00:00Z"


def invite(**fields: Any) -> dict[str, Any]:
    """Return an open invite that breaks no rule, but for what is given."""
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
    """Return an open invite of another organization."""
    return invite(id=f"{number:032}", organization_id=f"{number:032}", **fields)
