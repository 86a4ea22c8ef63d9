# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests lean on: one simulator for all of them, and an operator who runs tasks against it."""

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
    Request,
    Settings,
    Simulator,
    User,
)
from ansible_collections.community.cloudflare.tests.unit.task import run_task

# `make test` tries what it tried yesterday, and is soon done; `make fuzz` tries something new.
settings.register_profile(
    "bounded", max_examples=150, stateful_step_count=30, deadline=None, derandomize=True
)
settings.register_profile("fuzz", max_examples=2000, stateful_step_count=50, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "bounded"))


@pytest.fixture(scope="session")
def server() -> Iterator[Simulator]:
    with Simulator(Clock.virtual()) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract.load()


@pytest.fixture
def cloudflare(server: Simulator, contract: Contract) -> Iterator[Simulator]:
    """Cloudflare, empty. What it answered is held against the contract in the end.

    Left out is what a test has ordered to be otherwise: faults, lies, and invites of a status that
    Cloudflare does not document for a user.
    """
    server.reset()
    yield server
    lies = server.settings.lie is not Settings.lie
    # A response with a withdrawn invite can be older than the last change of its status.
    documented = not server.settings.user_sees_withdrawn and (
        {invite.status for invite in server.invites.values()} <= set(USER_STATUSES)
    )
    for request in server.log:
        if request.fault or request.status is None or lies:
            continue
        if documented or not request.path.startswith("/user/invites"):
            contract.check(request.method, request.path, request.status, request.answer)


@dataclass(frozen=True)
class Operator:
    """A user of Cloudflare who runs tasks, with an API token unless told otherwise."""

    user: User
    cloudflare: Simulator

    def run(self, module: str, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        """Run a module; an option that is None is not given."""
        shared = {"api_url": self.cloudflare.url, "api_token": self.user.api_token}
        given = {name: value for name, value in {**shared, **options}.items() if value is not None}
        return run_task(module, given, check_mode=check_mode)

    def client(self, **options: Any) -> Client:
        """Return a client; its waits are those of the simulator's clock."""
        return Client(
            CloudflareAuth(api_token=self.user.api_token),
            **{"api_url": self.cloudflare.url, "clock": self.cloudflare.clock, **options},
        )

    @property
    def requests(self) -> list[str]:
        """What was sent, as method and path."""
        return [f"{request.method} {request.path}" for request in self.cloudflare.log]

    @property
    def responses(self) -> list[Request]:
        """The requests that could change something."""
        return [request for request in self.cloudflare.log if request.method != "GET"]


@pytest.fixture
def operator(cloudflare: Simulator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """A new operator; tasks wait by the simulator's clock, which does not really wait."""
    monkeypatch.setattr(_module, "Client", functools.partial(Client, clock=cloudflare.clock))
    for variable in (*_module.CREDENTIAL_ENV_VARS.values(), "CLOUDFLARE_BASE_URL"):
        monkeypatch.delenv(variable, raising=False)
    return Operator(cloudflare.add_user(email="operator@example.com"), cloudflare)


def without(result: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return a result less some of its values."""
    return {name: value for name, value in result.items() if name not in names}
