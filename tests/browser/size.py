# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports of a large audit: time, memory, and the page. Only ``make browser`` runs it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")  # of requirements-all.txt
from playwright.sync_api import expect

from ansible_collections.community.cloudflare.plugins.filter.invite_report import invite_report
from ansible_collections.community.cloudflare.plugins.filter.invite_report_text import (
    invite_report_text,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._formats import FORMATS
from ansible_collections.community.cloudflare.tests.browser.conftest import OpenPage
from ansible_collections.community.cloudflare.tests.unit.plugins.filter.factories import (
    TIME,
    invite,
)

INVITES, FINDINGS, ACCOUNTS = 20_000, 2_000, 400
MAX_SECONDS, MAX_MEGABYTES, MAX_PAGE_SECONDS = 30, 500, 5


def write_reports(directory: Path) -> None:
    ids = [f"{number:032x}" for number in range(ACCOUNTS)]
    invites = [
        invite(
            id=f"{number:032x}",
            source="account",
            organization_id=ids[number % ACCOUNTS],
            organization_name=f"Organization {number % ACCOUNTS}",
            invited_member_email=f"user-{number}@example.com",
            roles=[{"name": "DNS" if number % (INVITES // FINDINGS) else "Administrator"}],
        )
        for number in range(INVITES)
    ]
    report = invite_report(
        [{"source": "account", "ids": ids, "result": {"invites": invites}}], TIME
    )
    assert (len(report["invites"]), len(report["findings"])) == (INVITES, FINDINGS)
    for name in FORMATS:
        (directory / name).write_text(invite_report_text(report, name), encoding="utf-8")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with all reports, written by the only child of this process."""
    path = tmp_path_factory.mktemp("reports")
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, __file__, str(path)], env=environment, check=True)
    return path


def test_reports_take_limited_time_and_memory(directory: Path) -> None:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)

    # The time of the processor, because other processes can delay this one.
    assert used.ru_utime + used.ru_stime < MAX_SECONDS
    unit = 1 if sys.platform == "darwin" else 1024
    assert used.ru_maxrss * unit < MAX_MEGABYTES * 10**6
    assert {path.name for path in directory.iterdir()} == {*FORMATS}


def test_page_opens_within_limited_time(directory: Path, open_page: OpenPage) -> None:
    html = (directory / "html").read_text(encoding="utf-8")
    times = []
    for _turn in range(3):
        start = time.monotonic()
        page = open_page(html)
        page.evaluate("new Promise(requestAnimationFrame)")
        times.append(time.monotonic() - start)

    # The shortest, because other processes can delay the browser.
    assert min(times) < MAX_PAGE_SECONDS
    expect(page.locator(".warning")).to_contain_text("shows 3,000 of 20,000 rows")


if __name__ == "__main__":
    write_reports(Path(sys.argv[1]))
