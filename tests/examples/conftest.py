# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator with the seed data of the demo."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Simulator, seed


@pytest.fixture
def cloudflare() -> Iterator[Simulator]:
    with Simulator() as simulator:
        seed.load(seed.demo_data(simulator.now()), simulator)
        yield simulator
