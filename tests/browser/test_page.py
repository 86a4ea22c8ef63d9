# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of an audit in a browser: it is safe, it works, and everybody can read it."""

from __future__ import annotations

import importlib.resources
from collections import Counter
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")  # of requirements-all.txt
from playwright.sync_api import Locator, Page, expect

from ansible_collections.community.cloudflare.plugins.plugin_utils._page import as_html
from ansible_collections.community.cloudflare.tests.browser import reports
from ansible_collections.community.cloudflare.tests.browser.conftest import Show

ALL = ["realistic", "hostile", "empty", "unreadable only"]
PHONE = 360
WHITE = 3 * 255

# Lays out all rows, also those that are not in sight.
LAY_OUT = """
    document.styleSheets[0].insertRule(
      "* { content-visibility: visible !important }", document.styleSheets[0].cssRules.length
    );
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
"""
# A chart cuts off what is too long for it; that is no overflow.
OVERFLOWING = """
    [...document.body.querySelectorAll("*:not(svg *)")]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
      .map((one) => one.outerHTML.slice(0, 120))
"""
IN_SIGHT = """
    (row) => {
      const head = document.querySelector(".invites thead").getBoundingClientRect();
      const { top, bottom } = row.getBoundingClientRect();
      return top >= Math.max(0, head.bottom) - 1 && top < innerHeight && bottom > top;
    }
"""


def numbers(page: Page) -> list[int]:
    """Return the numbers of the invites that are shown, in their order."""
    shown: list[int] = page.evaluate(
        "[...document.querySelectorAll('.invites tbody tr')].filter((row) => row.checkVisibility())"
        ".map((row) => Number(row.id.replace('invite-', '')))"
    )
    return shown


def search_of(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search")


def settled(page: Page, row: str) -> None:
    """Wait until a row that was scrolled to is in sight."""
    page.wait_for_function(f"({IN_SIGHT})(document.getElementById('{row}'))")


def lightness(page: Page, element: str, name: str) -> int:
    """Return a number from 0 to ``WHITE`` for a colour of an element."""
    colour: str = page.evaluate(f"getComputedStyle(document.querySelector('{element}')).{name}")
    return sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(",")))


# Safe


@pytest.mark.parametrize("width", [1280, PHONE])
def test_no_name_does_anything(show: Show, pages: dict[str, str], width: int) -> None:
    page = show(pages["hostile"], width=width)
    page.evaluate(LAY_OUT)

    expect(page.locator(".invites tbody tr")).to_have_count(2000)
    # What a name could have added. The pictures are those of the page itself.
    for selector in (
        "iframe",
        "img",
        "object",
        "embed",
        "base",
        "link",
        "foreignObject",
        "animate",
    ):
        expect(page.locator(selector)).to_have_count(0)
    for selector, count in {"script": 1, "style": 1, "form": 1, "title:not(svg *)": 1}.items():
        expect(page.locator(selector)).to_have_count(count)


# What stops each of them. Nothing stops one that leaves the page by itself: that it does not do so
# is only up to the escaping.
STOPPED_BY = {
    "script": "script-src-elem",
    "end of chart": "script-src-elem",
    "end of table": "script-src-elem",
    "end of attribute": "script-src-attr",
    "vector": "script-src-attr",
    "image": "img-src",
    "frame": "script-src-elem",
    "base": "base-uri",
    "style element": "style-src-elem",
}


@pytest.mark.parametrize("name", STOPPED_BY)
def test_were_nothing_escaped_still_no_script_would_run(
    show: Show, misdeeds: list[str], name: str
) -> None:
    html = as_html(reports.of([{"organization_name": reports.SCRIPTS[name]}]))
    for escape, char in {"&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'"}.items():
        html = html.replace(escape, char)

    page = show(html)

    frame = page.frames[-1]  # of the stranger, or the page itself
    stopped = "window.violations.some((one) => one.startsWith(directive))"
    frame.wait_for_function(f"(directive) => {stopped}", arg=STOPPED_BY[name])
    assert page.evaluate("'hacked' in window") is False
    # A request that the policy stops is begun, but never sent.
    harmless = ("told the console: ", "asked for ")
    assert [one for one in misdeeds if not one.startswith(harmless)] == []
    page.goto("about:blank")
    misdeeds.clear()


# Works


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [320, PHONE, 800, 1152, 1280])
def test_nothing_overflows(show: Show, pages: dict[str, str], name: str, width: int) -> None:
    page = show(pages[name], width=width)
    page.evaluate(LAY_OUT)

    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert page.evaluate(OVERFLOWING) == []


# Each has its own order by each column; the unknown comes last both ways.
SORTABLE: list[dict[str, Any]] = [
    {
        "organization_name": "Alpha",
        "status": "pending",
        "invited_member_email": "b@x.example",
        "invited_by": None,
        "invited_on": "2026-11-20T00:00:00Z",
        "expires_on": "2026-11-29T12:00:00+02:00",
        "roles": ["Super Administrator - All Privileges"],
        "id": "c",
    },
    {
        "organization_name": "Bravo",
        "status": "accepted",
        "invited_member_email": "a@x.example",
        "invited_by": "z@x.example",
        "invited_on": None,
        "expires_on": "2026-11-29T11:00:00Z",
        "roles": [],
        "id": None,
    },
    {
        "organization_name": "charlie",
        "status": "expired",
        "invited_member_email": None,
        "invited_by": "y@x.example",
        "invited_on": "2025-01-01T00:00:00Z",
        "expires_on": "no time",
        "roles": ["DNS"],
        "id": "a",
    },
]
ORDERS = {
    "No.": ([1, 2, 3], [3, 2, 1]),
    "Organization": ([1, 2, 3], [3, 2, 1]),
    "Status": ([2, 3, 1], [1, 3, 2]),
    "Invited": ([2, 1, 3], [1, 2, 3]),
    "Invited by": ([3, 2, 1], [2, 3, 1]),
    "Sent": ([3, 1, 2], [1, 3, 2]),
    "Expires": ([1, 2, 3], [2, 1, 3]),
    "Roles": ([3, 1, 2], [1, 3, 2]),
    "Findings": ([1, 3, 2], [2, 3, 1]),
    "Invite id": ([3, 1, 2], [1, 3, 2]),
}


@pytest.mark.parametrize("column", ORDERS)
@pytest.mark.parametrize(("width", "key"), [(1280, None), (1280, "Enter"), (PHONE, "Space")])
def test_each_column_sorts_both_ways(show: Show, column: str, width: int, key: str | None) -> None:
    page = show(as_html(reports.of(SORTABLE)), width=width)
    header = page.get_by_role("columnheader", name=column, exact=True)
    button = header.get_by_role("button")
    assert numbers(page) == [1, 2, 3]
    # The page comes sorted by its numbers, so there the first press is the second.
    ways = [("ascending", ORDERS[column][0]), ("descending", ORDERS[column][1])]
    for way, order in ways[::-1] if column == "No." else ways:
        if key is None:
            button.click()
        else:
            button.press(key)

        expect(header).to_have_attribute("aria-sort", way)
        assert numbers(page) == order
        expect(page.locator("[aria-sort]")).to_have_count(1)
        if key is not None:
            expect(button).to_be_focused()


def test_sorting_keeps_every_invite(show: Show, pages: dict[str, str]) -> None:
    page = show(pages["hostile"])
    for button in page.locator(".invites th button").all():
        button.click()
        button.click()

        assert sorted(numbers(page)) == list(range(1, 2001))


@pytest.mark.parametrize(
    ("words", "status", "severity", "expected"),
    [
        ("", "any", "any or none", [1, 2, 3]),
        ("BRAVO", "any", "any or none", [2]),
        ("  x.example  z@ ", "any", "any or none", [2]),
        ("privileged_role", "any", "any or none", [1]),
        ("unknownpending", "any", "any or none", []),  # the end of a cell, and the next
        ("", "expired", "any or none", [3]),
        ("", "any", "at least one", [1, 3]),
        ("", "any", "medium", [1]),
        ("", "any", "high", []),
        ("", "any", "none", [2]),
        ("charlie", "expired", "info", [3]),
        ("charlie", "pending", "info", []),
    ],
)
def test_filters(show: Show, words: str, status: str, severity: str, expected: list[int]) -> None:
    page = show(as_html(reports.of(SORTABLE)))

    search_of(page).fill(words)
    page.get_by_role("combobox", name="Status").select_option(status)
    page.get_by_role("combobox", name="Findings").select_option(severity)

    told = "3 invites" if len(expected) == 3 else f"{len(expected)} of 3 invites"
    expect(page.get_by_role("status")).to_have_text(told)
    assert numbers(page) == expected
    expect(page.locator("#no-match")).to_be_visible(visible=not expected)
    # A press of Enter sends nothing anywhere.
    search_of(page).press("Enter")
    assert numbers(page) == expected

    page.get_by_role("button", name="Show all").click()

    expect(page.get_by_role("status")).to_have_text("3 invites")
    assert numbers(page) == [1, 2, 3]
    expect(search_of(page)).to_have_value("")


@pytest.mark.parametrize("width", [1280, PHONE])
@pytest.mark.parametrize("is_filtered", [False, True])
def test_a_finding_leads_to_its_invite_and_back(
    show: Show, pages: dict[str, str], width: int, is_filtered: bool
) -> None:
    page = show(pages["hostile"], width=width)
    if is_filtered:
        search_of(page).fill("there is no such invite")
        expect(page.get_by_role("status")).to_have_text("0 of 2,000 invites")
    rule = page.locator("details.rule", has=page.locator("li a")).last
    if not rule.evaluate("it => it.open"):
        rule.locator("summary").click()
    link = rule.locator("li a").last
    row = (link.get_attribute("href") or "").removeprefix("#")

    link.focus()
    link.press("Enter")

    settled(page, row)
    expect(page.locator(f"tr#{row}:target")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("2,000 invites")

    # Of those in the row, one may be folded up.
    back = page.locator(f"#{row} a").last
    finding = (back.get_attribute("href") or "").removeprefix("#")
    back.click()

    expect(page.locator(f"li#{finding}:target")).to_be_in_viewport()
    # The same link again, with the row filtered out: the address does not change.
    page.locator(f"li#{finding} a").click()
    settled(page, row)
    search_of(page).fill("there is no such invite")
    page.locator(f"li#{finding} a").click()
    settled(page, row)


def test_an_address_leads_to_an_invite(show: Show, pages: dict[str, str]) -> None:
    page = show(pages["hostile"], fragment="#invite-1500")
    settled(page, "invite-1500")

    page.get_by_role("combobox", name="Status").select_option("rejected")
    page.evaluate("location.hash = '#invite-1501'")

    settled(page, "invite-1501")


@pytest.mark.parametrize("width", [1280, PHONE])
def test_without_a_script(show: Show, pages: dict[str, str], width: int) -> None:
    page = show(pages["realistic"], width=width, java_script_enabled=False)

    expect(page.locator("#filter")).to_be_hidden()
    expect(page.locator(".invites button")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("34 invites")
    for row in page.locator(".invites tbody tr").all():
        expect(row).to_be_visible()
    page.locator("a[href='#invite-15']").first.click()
    expect(page.locator("#invite-15:target")).to_be_in_viewport()


# Everybody can read it


def test_print_is_light_whole_and_without_controls(show: Show, pages: dict[str, str]) -> None:
    page = show(pages["hostile, in short"], color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")

    for selector in ("nav", "#filter", ".skip"):
        expect(page.locator(selector)).to_be_hidden()
    assert lightness(page, "html", "backgroundColor") == WHITE
    assert lightness(page, ".tile", "backgroundColor") == WHITE
    assert lightness(page, "html", "color") < 150
    assert page.evaluate("getComputedStyle(document.querySelector('.invites tr')).display") == (
        "table-row"
    )
    # Chromium repeats no head of a table that has a box of a button in it.
    assert page.evaluate("getComputedStyle(document.querySelector('th button')).display") == (
        "contents"
    )
    expect(page.locator("details:not([open])").first).to_be_visible()
    assert page.evaluate(
        "[...document.querySelectorAll('li[id], td, .data tr')]"
        ".every((one) => one.checkVisibility() && one.getBoundingClientRect().height > 0)"
    )
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")


def test_dark_is_dark(show: Show, pages: dict[str, str]) -> None:
    dark = show(pages["realistic"], color_scheme="dark")
    light = show(pages["realistic"], color_scheme="light")

    for element in ("html", ".tile"):
        assert lightness(dark, element, "backgroundColor") < 150
        assert lightness(dark, element, "color") > 600
        assert lightness(light, element, "backgroundColor") > 600
        assert lightness(light, element, "color") < 150


@pytest.mark.parametrize("name", ["realistic", "hostile, in short", "empty", "unreadable only"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, PHONE])
def test_axe_finds_nothing(
    show: Show, pages: dict[str, str], name: str, scheme: str, width: int
) -> None:
    page = show(pages[name], width=width, color_scheme=scheme, bypass_csp=True)
    page.evaluate(LAY_OUT)
    axe = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js")
    page.evaluate(axe.read_text(encoding="utf-8"))

    results = page.evaluate("axe.run({ resultTypes: ['violations'] })")

    assert [
        (violation["id"], node["html"][:200], node["failureSummary"])
        for violation in results["violations"]
        for node in violation["nodes"]
    ] == []


@pytest.mark.parametrize("width", [1280, PHONE])
def test_the_table_is_a_table_to_everybody(show: Show, width: int) -> None:
    """Also where it is drawn as cards: this is what Chromium tells a screen reader."""
    page = show(as_html(reports.of(SORTABLE)), width=width)
    page.evaluate(LAY_OUT)

    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")

    told = {node["nodeId"]: node for node in tree["nodes"] if not node["ignored"]}
    [table] = [
        node
        for node in told.values()
        if node["role"]["value"] == "table" and node["name"]["value"].startswith("All invites")
    ]
    counts: Counter[str] = Counter()
    waiting = [table]
    while waiting:
        node = waiting.pop()
        counts[node["role"]["value"]] += 1
        waiting.extend(told[one] for one in node["childIds"] if one in told)
    assert {role: counts[role] for role in ("row", "columnheader", "rowheader", "cell")} == {
        "row": 4,
        "columnheader": 10,
        "rowheader": 3,
        "cell": 27,
    }


def test_the_keyboard_reaches_everything_in_order(show: Show) -> None:
    page = show(as_html(reports.of(SORTABLE)))
    reached = []
    while True:
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(({ tagName, textContent, id }) => tagName === 'BODY' ? null : id || textContent)"
            "(document.activeElement)"
        )
        if focused is None:
            break
        reached.append(focused)
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", focused

    assert reached[0] == "Skip to the report"
    controls = ["words", "status", "severity", "all", *ORDERS]
    place = reached.index("words")
    assert reached[place : place + len(controls)] == controls
