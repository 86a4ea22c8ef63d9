# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changing the members of an account: what varies by a setting, and what is an error."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Organization, Simulator, User
from ansible_collections.community.cloudflare.tests.simulator.roles import (
    SUPER_ADMINISTRATOR,
    role_id,
)
from ansible_collections.community.cloudflare.tests.unit.simulator.client import Client

NEW = {"email": "alex@example.com", "roles": [role_id("DNS")]}


@pytest.fixture
def members(cloudflare: Simulator, user: User, acme: Organization) -> str:
    """The path of the members of an account that the user manages."""
    cloudflare.add_member(user, acme, (SUPER_ADMINISTRATOR,))
    return f"/accounts/{acme.id}/members"


def pending(client: Client, members: str) -> list[dict[str, Any]]:
    return list(client.get(members, params={"status": "pending"}).json()["result"])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "'email'"),
        ({**NEW, "email": "no address"}, "'email'"),
        ({**NEW, "status": "accepted"}, "automatic verification"),
        ({**NEW, "roles": ["0" * 32]}, "Invalid roles"),
        ({**NEW, "roles": []}, "Invalid role assignments"),
        ({**NEW, "policies": [{"access": "allow"}]}, "Invalid role assignments"),
        ({**NEW, "email": "OPERATOR@example.com"}, "already exists"),
        ([], "Malformed JSON"),
    ],
)
def test_invalid_member_is_error(body: Any, message: str, client: Client, members: str) -> None:
    response = client.post(members, json=body)
    assert response.status_code == 400
    assert message in response.json()["errors"][0]["message"]


def test_member_without_super_administrator_cannot_invite(
    client: Client, members: str, cloudflare: Simulator, user: User, acme: Organization
) -> None:
    cloudflare.add_member(user, acme, ("Administrator",))
    assert client.post(members, json=NEW).status_code == 403


@pytest.mark.parametrize(("blocks", "status"), [(False, 200), (True, 400)])
def test_expired_invite_is_hidden_and_can_block(
    blocks: bool, status: int, client: Client, members: str, cloudflare: Simulator
) -> None:
    cloudflare.settings.expired_invites_block = blocks
    invite_id = client.post(members, json=NEW).json()["result"]["id"]
    cloudflare.expire(cloudflare.invites[invite_id])
    assert pending(client, members) == []
    assert client.post(members, json=NEW).status_code == status


@pytest.mark.parametrize(
    ("setting", "fields"),
    [
        (None, {"roles", "policies"}),
        ("policies_only", {"policies"}),
        ("roles_only", {"roles"}),
    ],
)
def test_roles_can_become_policies(
    setting: str | None, fields: set[str], client: Client, members: str, cloudflare: Simulator
) -> None:
    if setting:
        setattr(cloudflare.settings, setting, True)
    created = client.post(members, json=NEW).json()["result"]
    [listed] = pending(client, members)
    assert created.keys().isdisjoint({"roles", "policies"})
    assert listed.keys() & {"roles", "policies"} == fields


def test_reads_lag_behind(client: Client, members: str, cloudflare: Simulator) -> None:
    cloudflare.settings.read_lag = 5
    created = client.post(members, json=NEW).json()["result"]
    assert pending(client, members) == []
    assert client.get(f"{members}/{created['id']}").status_code == 404
    cloudflare.clock.sleep(5)
    assert [member["id"] for member in pending(client, members)] == [created["id"]]
