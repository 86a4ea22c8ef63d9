# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""1,200 requests in five minutes, then a block of five minutes."""

from __future__ import annotations

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Simulator, User
from ansible_collections.community.cloudflare.tests.unit.simulator.client import (
    Client,
    codes,
    pair,
)


@pytest.fixture
def limited(cloudflare: Simulator) -> Simulator:
    cloudflare.settings.rate_limit_requests = 3
    return cloudflare


def statuses(client: Client, requests: int) -> list[int]:
    return [client.get("/user/invites").status_code for _number in range(requests)]


def test_the_published_limit_is_the_default(cloudflare: Simulator) -> None:
    settings = cloudflare.settings
    assert (settings.rate_limit_requests, settings.rate_limit_window) == (1200, 300)


def test_an_overrun_blocks_for_the_whole_window(limited: Simulator, client: Client) -> None:
    assert statuses(client, 3) == [200, 200, 200]
    limited.clock.sleep(100)
    blocked = client.get("/user/invites")
    assert (blocked.status_code, codes(blocked)) == (429, [971])
    assert blocked.headers["Retry-After"] == "300"
    limited.clock.sleep(299.5)
    blocked = client.get("/user/invites")
    assert blocked.headers["Retry-After"] == "1"
    limited.clock.sleep(0.5)
    assert statuses(client, 4) == [200, 200, 200, 429]


def test_the_window_slides(limited: Simulator, client: Client) -> None:
    for _number in range(10):
        assert statuses(client, 1) == [200]
        limited.clock.sleep(100)


def test_all_credentials_of_a_user_count_together(
    limited: Simulator, user: User, client: Client
) -> None:
    assert statuses(client, 3) == [200, 200, 200]
    del client.headers["Authorization"]
    assert client.get("/user/invites", headers=pair(user)).status_code == 429
    with Client(limited, limited.add_user()) as other:
        assert statuses(other, 1) == [200]


def test_the_former_code(limited: Simulator, client: Client) -> None:
    limited.settings.rate_limit_code = 10100
    statuses(client, 3)
    assert codes(client.get("/user/invites")) == [10100]


@pytest.mark.parametrize(
    ("setting", "first", "blocked"),
    [
        ("true", '"default";r=2;t=300', '"default";r=0;t=300'),
        ("unrelated", '"default";r=50;t=30', '"default";r=50;t=30'),
        ("omitted", None, None),
    ],
)
def test_the_headers(
    setting: str, first: str | None, blocked: str | None, limited: Simulator, client: Client
) -> None:
    limited.settings.ratelimit_headers = setting  # type: ignore[assignment]
    answers = [client.get("/user/invites") for _number in range(4)]
    assert [answers[0].headers.get("Ratelimit"), answers[3].headers.get("Ratelimit")] == [
        first,
        blocked,
    ]
    policies = {answer.headers.get("Ratelimit-Policy") for answer in answers}
    assert policies == {'"default";q=3;w=300' if first else None}
