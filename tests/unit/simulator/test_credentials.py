# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may call, by which scheme, and how everybody else is turned away."""

from __future__ import annotations

import pytest
import requests

from ansible_collections.community.cloudflare.tests.simulator import (
    Organization,
    Simulator,
    User,
)
from ansible_collections.community.cloudflare.tests.unit.simulator.client import (
    Client,
    codes,
    pair,
)

KEY = "key-operator"
TOKEN = "token-operator"
EMAIL = "operator@example.com"


@pytest.fixture
def user(cloudflare: Simulator) -> User:
    return cloudflare.add_user(email=EMAIL, api_key=KEY, api_token=TOKEN)


def read(cloudflare: Simulator, headers: dict[str, str]) -> requests.Response:
    return requests.get(f"{cloudflare.url}/user/invites", headers=headers, timeout=10)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {TOKEN}"},
        {"Authorization": f"bearer {TOKEN}"},
        {"X-Auth-Email": EMAIL, "X-Auth-Key": KEY},
        {"X-Auth-Email": EMAIL.upper(), "X-Auth-Key": KEY},
    ],
)
def test_either_scheme_is_welcome(
    headers: dict[str, str], cloudflare: Simulator, user: User
) -> None:
    assert read(cloudflare, headers).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status", "expected"),
    [
        ({}, 400, [9106]),
        ({"X-Auth-Email": EMAIL}, 400, [9106]),
        ({"X-Auth-Key": KEY}, 400, [9106]),
        ({"X-Auth-Email": EMAIL, "X-Auth-Key": "short"}, 400, [6003, 6103]),
        ({"X-Auth-Email": EMAIL, "X-Auth-Key": "with a blank"}, 400, [6003, 6103]),
        ({"X-Auth-Email": "nobody", "X-Auth-Key": KEY}, 400, [6003, 6102]),
        ({"Authorization": TOKEN}, 400, [6003, 6111]),
        ({"Authorization": f"Basic {TOKEN}"}, 400, [6003, 6111]),
        ({"Authorization": "Bearer "}, 400, [6003, 6111]),
        ({"Authorization": "Bearer with a blank"}, 400, [6003, 6111]),
        ({"X-Auth-Email": EMAIL, "X-Auth-Key": "key-of-nobody"}, 403, [9103]),
        ({"X-Auth-Email": "else@example.com", "X-Auth-Key": KEY}, 403, [9103]),
        ({"Authorization": "Bearer token-of-nobody"}, 401, [1000]),
        ({"Authorization": "Bearer cfat_token-of-an-account"}, 403, [9109]),
    ],
)
def test_everybody_else_is_told_why(
    headers: dict[str, str], status: int, expected: list[int], cloudflare: Simulator, user: User
) -> None:
    response = read(cloudflare, headers)
    assert (response.status_code, codes(response)) == (status, expected)


def test_an_unknown_token_has_two_answers(cloudflare: Simulator, user: User) -> None:
    cloudflare.settings.unknown_token_code = 10000
    response = read(cloudflare, {"Authorization": "Bearer token-of-nobody"})
    assert (response.status_code, codes(response)) == (403, [10000])


@pytest.mark.parametrize(
    ("permissions", "get", "patch"),
    [({"read", "write"}, 200, 200), ({"read"}, 200, 403), ({"write"}, 403, 200), ((), 403, 403)],
)
def test_permissions_bind_the_token_alone(
    permissions: set[str], get: int, patch: int, cloudflare: Simulator, acme: Organization
) -> None:
    user = cloudflare.add_user(token_permissions=permissions)
    by_token, by_pair = cloudflare.invite(user, acme), cloudflare.invite(user, acme)
    with Client(cloudflare, user) as client:
        assert client.get("/user/invites").status_code == get
        assert client.respond(by_token.id, "accepted").status_code == patch
        del client.headers["Authorization"]
        assert client.get("/user/invites", headers=pair(user)).status_code == 200
        answered = client.respond(by_pair.id, "accepted", headers=pair(user))
        assert answered.status_code == 200


def test_a_token_may_not_respond_under_a_setting(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    cloudflare.settings.token_may_respond = False
    invite = cloudflare.invite(user, acme)
    response = client.respond(invite.id, "accepted")
    assert (response.status_code, codes(response)) == (405, [10000])
    assert set(response.json()) == {"success", "errors"}
    assert cloudflare.status(invite.id) == "pending"
    assert client.get("/user/invites").status_code == 200
    del client.headers["Authorization"]
    assert client.respond(invite.id, "accepted", headers=pair(user)).status_code == 200
