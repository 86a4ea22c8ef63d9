# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for the rate limit of 1,200 requests in five minutes."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._api.rate_limit import (
    RateLimiter,
)
from ansible_collections.community.cloudflare.tests.simulator import Fault, LoggedRequest, Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner

CONNECTIONS = 5


def send_invites(runner: TaskRunner, count: int) -> list[str]:
    acme = runner.cloudflare.add_organization("Acme")
    return [runner.cloudflare.invite(runner.user, acme).id for _number in range(count)]


def blocks(cloudflare: Simulator) -> list[int]:
    """Return the number of requests that were sent during each rate limit."""
    refused = [request.at for request in cloudflare.log if request.status == 429]
    starts = [[at] for at in refused[:1]]
    for at in refused[1:]:
        if at - starts[-1][0] < cloudflare.settings.rate_limit_window:
            starts[-1].append(at)
        else:
            starts.append([at])
    return [len(block) for block in starts]


@pytest.mark.parametrize("ratelimit", ["true", "unrelated", "omitted"])
def test_list_beyond_rate_limit_waits_and_completes(
    runner: TaskRunner, cloudflare: Simulator, ratelimit: Any
) -> None:
    """The header Ratelimit is ignored, because it was observed to differ from the real budget."""
    cloudflare.settings.rate_limit_requests = 20
    cloudflare.settings.maximum_per_page = 5
    cloudflare.settings.ratelimit_headers = ratelimit
    ids = send_invites(runner, 249)

    with runner.client(max_connections=CONNECTIONS) as client:
        found = client.list_all("user", "invites")

    assert [invite["id"] for invite in found.items] == ids
    assert found.incomplete is None
    successful = [request for request in cloudflare.log if request.status == 200]
    assert len(successful) == 50
    assert blocks(cloudflare)
    assert all(count <= CONNECTIONS for count in blocks(cloudflare))


def test_rate_limit_blocks_all_requests(
    runner: TaskRunner, cloudflare: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests that are under way when page 2 is rate limited are the last ones before the wait."""
    cloudflare.settings.maximum_per_page = 5
    send_invites(runner, 99)
    is_rate_limited = threading.Event()
    block_for = RateLimiter.block_for

    def block_and_notify(limiter: RateLimiter, seconds: float) -> None:
        block_for(limiter, seconds)
        is_rate_limited.set()

    def limit_page_2(request: LoggedRequest) -> None:
        if is_rate_limited.is_set() or request.query["page"] == "1":
            return
        if request.query["page"] == "2":
            cloudflare.add_fault(Fault("response", status=429, headers={"Retry-After": "10"}))
        else:
            assert is_rate_limited.wait(10)

    monkeypatch.setattr(RateLimiter, "block_for", block_and_notify)
    cloudflare.before_request = limit_page_2

    with runner.client(max_connections=CONNECTIONS) as client:
        client.list_all("user", "invites")

    assert len(cloudflare.log) == 21
    [limited] = [request for request in cloudflare.log if request.status == 429]
    before_wait = [request for request in cloudflare.log if request.at < limited.at + 10]
    assert len(before_wait) <= 1 + CONNECTIONS  # page 1, and then as many as there are connections


def test_rate_limit_beyond_max_wait_fails_at_once(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    cloudflare.settings.rate_limit_requests = 7
    cloudflare.settings.maximum_per_page = 5
    send_invites(runner, 249)

    result = runner.run("cf_user_invite_info", max_wait=299)

    assert result["failed"]
    assert result["failure"]["http_status"] == 429
    assert result["failure"]["retry_after"] == 300
    assert result["failure"]["errors"][0]["code"] == 971
    assert "Rate limited, retry after 300 seconds." in result["msg"]
    assert "increase max_wait, which is 299" in result["msg"]
    assert "Items read before: " in result["msg"]
    assert cloudflare.clock.monotonic() == 0


def test_error_cancels_waits_of_other_requests(runner: TaskRunner, cloudflare: Simulator) -> None:
    """One organization fails while another is rate limited. No request waits for the rate limit."""
    failing, limited = (cloudflare.add_organization(name) for name in ("Acme", "Zebra"))
    path = "/organizations/{}/invites"
    rate_limited = threading.Event()

    def wait_for_rate_limit(request: Any) -> None:
        if failing.id in request.path:
            rate_limited.wait(10)

    class StoppedClock:
        """A clock that does not advance while the client waits."""

        def monotonic(self) -> float:
            return cloudflare.clock.monotonic()

        def sleep(self, seconds: float) -> None:
            rate_limited.set()
            threading.Event().wait(0.01)

    cloudflare.before_request = wait_for_rate_limit
    fault = Fault("response", path=path.format(limited.id), status=429, times=None)
    fault.headers = {"Retry-After": "300"}
    cloudflare.add_fault(fault)

    paths = [("organizations", one.id, "invites") for one in (failing, limited)]
    with runner.client(clock=StoppedClock()) as client:
        with pytest.raises(CloudflareError, match="HTTP 403"):
            client.list_many(paths)

    assert cloudflare.clock.monotonic() == 0
