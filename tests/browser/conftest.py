# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open pages in Chromium. Requests, dialogs, console messages, and script errors are failures."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.community.cloudflare.plugins.plugin_utils._html import render_html
from ansible_collections.community.cloudflare.tests.browser import reports

if TYPE_CHECKING:  # an optional dependency
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
# Runs before the scripts of the page.
CSP_LISTENER = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`);
    });
"""

OpenPage = Callable[..., "Page"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed. Debian and Ubuntu: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages() -> dict[str, str]:
    """The HTML pages of some reports."""
    return {
        "realistic": render_html(reports.realistic()),
        "hostile": render_html(reports.hostile()),
        # With every text in every field. More rows are for scrolling and speed.
        "hostile, in short": render_html(reports.hostile(100)),
        "empty": render_html(reports.empty()),
        "unreadable only": render_html(reports.unreadable_only()),
    }


@pytest.fixture
def violations() -> list[str]:
    """Forbidden actions of the pages in this test."""
    return []


@pytest.fixture
def open_page(chromium: Browser, tmp_path: Path, violations: list[str]) -> Iterator[OpenPage]:
    """Return a function that opens a page in a new browser context.

    It takes options of ``Browser.new_context``, such as ``color_scheme``. In the end, the fixture
    asserts that there are no violations.
    """
    opened: list[Page] = []

    def open_in_context(
        html: str, *, fragment: str = "", width: int = 1280, **options: Any
    ) -> Page:
        file = tmp_path / f"{len(opened)}.html"
        file.write_text(html, encoding="utf-8")
        context = chromium.new_context(viewport={"width": width, "height": 800}, **options)
        page = context.new_page()
        opened.append(page)
        watch(page, file.as_uri())
        page.goto(file.as_uri() + fragment)
        return page

    def watch(page: Page, url: str) -> None:
        def on_request(request: Request, what: str = "requested") -> None:
            if request.url.partition("#")[0] != url:
                violations.append(f"{what} {request.url}")

        def on_console(message: ConsoleMessage) -> None:
            violations.append(f"console: {message.text}")

        def on_dialog(dialog: Dialog) -> None:
            violations.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        page.add_init_script(CSP_LISTENER)
        # All servers respond, so that completed requests are recorded.
        page.context.route(re.compile(r"^https?:"), lambda route: route.fulfill(body="hello"))
        page.context.on("request", on_request)
        page.context.on("requestfinished", lambda request: on_request(request, "fetched"))
        page.context.on("page", lambda other: violations.append(f"opened {other.url}"))
        page.on("console", on_console)
        page.on("pageerror", lambda error: violations.append(f"failed: {error}"))
        page.on("download", lambda download: violations.append(f"downloaded {download.url}"))
        page.on("dialog", on_dialog)

    yield open_in_context

    for page in opened:
        violations.extend(
            f"blocked by CSP: {one}" for one in page.evaluate("window.violations || []")
        )
        if page.evaluate("'hacked' in window"):
            violations.append("ran an injected script")
        page.context.close()
    assert violations == []
