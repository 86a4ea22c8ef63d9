# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixture of the metamorphic tests.

They know no policy. Each runs a task in two worlds, or two tasks in one, and states how the two
outcomes relate, whatever the policy is.
"""

from __future__ import annotations

import re

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report how many examples Hypothesis has tried and found valid, by its own statistics."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    statistics = "".join(getattr(report, "_hypothesis_stats", "") for report in reports)
    counts = [int(count) for count in re.findall(r"(\d+) (?:passing|failing)", statistics)]
    terminalreporter.write_line(f"{sum(counts):,} examples of Hypothesis")
