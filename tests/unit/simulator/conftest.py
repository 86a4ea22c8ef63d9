# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user of the simulator, and a plain client on requests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Organization, Simulator, User
from ansible_collections.community.cloudflare.tests.unit.simulator.client import Client


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
