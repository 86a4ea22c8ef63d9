# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixture of the metamorphic tests.

They do not depend on a policy. Each test runs a task in two worlds, or two tasks in one world, and
asserts a relation between the outcomes.
"""

from __future__ import annotations

import pytest

from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner
from ansible_collections.community.cloudflare.tests.unit.metamorphic.tasks import (
    PROXY_PASSWORD,
    Laboratory,
)


@pytest.fixture
def laboratory(runner: TaskRunner, monkeypatch: pytest.MonkeyPatch) -> Laboratory:
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{PROXY_PASSWORD}@proxy.example:3128")
    return Laboratory(runner)
