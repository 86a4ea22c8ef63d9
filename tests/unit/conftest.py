# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: one simulator for all tests, and a runner of modules against it."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import settings

from ansible_collections.community.cloudflare.plugins.module_utils import _module
from ansible_collections.community.cloudflare.plugins.module_utils._api.auth import CloudflareAuth
from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client
from ansible_collections.community.cloudflare.plugins.module_utils._invite import USER_STATUSES
from ansible_collections.community.cloudflare.tests.contract import Contract
from ansible_collections.community.cloudflare.tests.simulator import (
    Clock,
    LoggedRequest,
    Settings,
    Simulator,
    User,
)
from ansible_collections.community.cloudflare.tests.unit.task import run_module

# `make test` runs the same few examples each time; `make fuzz` runs many random ones.
settings.register_profile(
    "bounded", max_examples=150, stateful_step_count=30, deadline=None, derandomize=True
)
settings.register_profile("fuzz", max_examples=3000, stateful_step_count=50, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "bounded"))


# Created before the tests, as ansible-test runs each test in its own fork of this process.
SERVER = Simulator(Clock.virtual())
CONTRACT = Contract.load()


@pytest.fixture(scope="session")
def server() -> Iterator[Simulator]:
    with SERVER:
        yield SERVER


@pytest.fixture(scope="session")
def contract() -> Contract:
    return CONTRACT


@pytest.fixture
def cloudflare(server: Simulator, contract: Contract) -> Iterator[Simulator]:
    """The simulator without any state. Its responses are checked against the contract in the end.

    This excludes deliberate deviations: faults, result_info_override, and undocumented statuses.
    """
    server.reset()
    yield server
    has_override = server.settings.result_info_override is not Settings.result_info_override
    # A response with a withdrawn invite can be older than the last change of its status.
    documented = not server.settings.show_withdrawn_to_user and (
        {invite.status for invite in server.invites.values()} <= set(USER_STATUSES)
    )
    for request in server.log:
        if request.fault or request.status is None or has_override:
            continue
        if documented or not request.path.startswith("/user/invites"):
            contract.check(request.method, request.path, request.status, request.response_body)


@dataclass(frozen=True)
class TaskRunner:
    """Runs modules with the API token of a user."""

    user: User
    cloudflare: Simulator

    def run(self, module: str, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        """Run a module. Options that are None are omitted."""
        shared = {"api_url": self.cloudflare.url, "api_token": self.user.api_token}
        given = {name: value for name, value in {**shared, **options}.items() if value is not None}
        return run_module(module, given, check_mode=check_mode)

    def client(self, **options: Any) -> Client:
        """Return a client that waits by the simulator's clock."""
        return Client(
            CloudflareAuth(api_token=self.user.api_token),
            **{"api_url": self.cloudflare.url, "clock": self.cloudflare.clock, **options},
        )

    @property
    def requests(self) -> list[str]:
        """The requests as method and path."""
        return [f"{request.method} {request.path}" for request in self.cloudflare.log]

    @property
    def write_requests(self) -> list[LoggedRequest]:
        """The requests that can change state."""
        return [request for request in self.cloudflare.log if request.method != "GET"]


@pytest.fixture
def runner(cloudflare: Simulator, monkeypatch: pytest.MonkeyPatch) -> TaskRunner:
    """A runner for a new user. Modules wait by the simulator's virtual clock."""
    monkeypatch.setattr(_module, "Client", functools.partial(Client, clock=cloudflare.clock))
    for variable in (*_module.CREDENTIAL_ENV_VARS.values(), "CLOUDFLARE_BASE_URL"):
        monkeypatch.delenv(variable, raising=False)
    return TaskRunner(cloudflare.add_user(email="operator@example.com"), cloudflare)


def omit(result: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return a result without some of its values."""
    return {name: value for name, value in result.items() if name not in names}
