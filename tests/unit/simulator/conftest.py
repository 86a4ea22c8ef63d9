# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulator on a virtual clock for all of these tests; all answers are held to the contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.community.cloudflare.tests.contract import Contract
from ansible_collections.community.cloudflare.tests.simulator import (
    Clock,
    Organization,
    Simulator,
    User,
)
from ansible_collections.community.cloudflare.tests.unit.simulator.client import Client


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "off_contract: the test orders answers that Cloudflare is not known to give"
    )


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract.load()


@pytest.fixture(scope="session")
def server() -> Iterator[Simulator]:
    with Simulator(clock=Clock.virtual()) as simulator:
        yield simulator


@pytest.fixture
def cloudflare(
    server: Simulator, contract: Contract, request: pytest.FixtureRequest
) -> Iterator[Simulator]:
    server.reset()
    yield server
    if request.node.get_closest_marker("off_contract"):
        return
    for entry in server.log:
        if entry.fault is None and entry.status is not None:
            contract.check(entry.method, entry.path, entry.status, entry.answer)


@pytest.fixture
def user(cloudflare: Simulator) -> User:
    return cloudflare.add_user(email="operator@example.com")


@pytest.fixture
def acme(cloudflare: Simulator) -> Organization:
    return cloudflare.add_organization("Acme")


@pytest.fixture
def client(cloudflare: Simulator, user: User) -> Iterator[Client]:
    with Client(cloudflare, user) as session:
        yield session
