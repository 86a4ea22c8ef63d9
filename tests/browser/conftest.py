# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chromium, and pages that are watched: whatever they do beyond being shown is a failure."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.community.cloudflare.plugins.plugin_utils._page import as_html
from ansible_collections.community.cloudflare.tests.browser import reports

if TYPE_CHECKING:  # it may not be installed
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Runs before anything of the page.
WATCH = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`);
    });
"""

Show = Callable[..., "Page"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("There is no Chromium. Debian and Ubuntu: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages() -> dict[str, str]:
    """The pages of some reports. They are read only."""
    return {
        "realistic": as_html(reports.realistic()),
        "hostile": as_html(reports.hostile()),
        "hostile, in short": as_html(reports.hostile(100)),
        "empty": as_html(reports.empty()),
        "unreadable only": as_html(reports.unreadable_only()),
    }


@pytest.fixture
def misdeeds() -> list[str]:
    """What pages did in this test that they must not do."""
    return []


@pytest.fixture
def show(chromium: Browser, tmp_path: Path, misdeeds: list[str]) -> Iterator[Show]:
    """Return a function that opens a page in a browser context of its own.

    With the first arguments of ``Browser.new_context``: the size of the screen, the scheme of
    colours. In the end, no page may have done anything that was not meant.
    """
    opened: list[Page] = []

    def open_page(html: str, *, fragment: str = "", width: int = 1280, **options: Any) -> Page:
        file = tmp_path / f"{len(opened)}.html"
        file.write_text(html, encoding="utf-8")
        context = chromium.new_context(viewport={"width": width, "height": 800}, **options)
        page = context.new_page()
        opened.append(page)
        watch(page, file.as_uri())
        page.goto(file.as_uri() + fragment)
        return page

    def watch(page: Page, url: str) -> None:
        def on_request(request: Request, what: str = "asked for") -> None:
            if request.url.partition("#")[0] != url:
                misdeeds.append(f"{what} {request.url}")

        def on_console(message: ConsoleMessage) -> None:
            misdeeds.append(f"told the console: {message.text}")

        def on_dialog(dialog: Dialog) -> None:
            misdeeds.append(f"asked: {dialog.message}")
            dialog.dismiss()

        page.add_init_script(WATCH)
        # Strangers' servers answer everything, so what gets as far as that is known.
        page.context.route(re.compile(r"^https?:"), lambda route: route.fulfill(body="hello"))
        page.context.on("request", on_request)
        page.context.on("requestfinished", lambda request: on_request(request, "fetched"))
        page.context.on("page", lambda other: misdeeds.append(f"opened {other.url}"))
        page.on("console", on_console)
        page.on("pageerror", lambda error: misdeeds.append(f"failed: {error}"))
        page.on("download", lambda download: misdeeds.append(f"loaded down {download.url}"))
        page.on("dialog", on_dialog)

    yield open_page

    for page in opened:
        misdeeds.extend(f"was forbidden {one}" for one in page.evaluate("window.violations || []"))
        if page.evaluate("'hacked' in window"):
            misdeeds.append("ran the script of a stranger")
        page.context.close()
    assert misdeeds == []
