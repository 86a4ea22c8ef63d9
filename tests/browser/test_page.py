# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report page in a browser: security, function, and accessibility."""

from __future__ import annotations

import importlib.resources
from collections import Counter
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")  # of requirements-all.txt
from playwright.sync_api import Frame, Locator, Page, expect

from ansible_collections.community.cloudflare.plugins.plugin_utils._html import render_html
from ansible_collections.community.cloudflare.tests.browser import reports
from ansible_collections.community.cloudflare.tests.browser.conftest import OpenPage

ALL = ["realistic", "hostile, in short", "empty", "unreadable only"]
PHONE = 360
WHITE = 3 * 255

# Lays out all rows, including those outside the viewport.
EXPAND_ALL = """
    document.styleSheets[0].insertRule(
      "* { content-visibility: visible !important }", document.styleSheets[0].cssRules.length
    );
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
"""
# Charts clip long text, which is not an overflow.
OVERFLOWING = """
    [...document.body.querySelectorAll("*:not(svg *)")]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
      .map((one) => one.outerHTML.slice(0, 120))
"""
# A name takes the whole width of its card.
NARROW_NAMES = """
    [...document.querySelectorAll(".cards tbody th")]
      .filter((one) => one.offsetWidth < one.parentElement.clientWidth)
      .map((one) => one.outerHTML.slice(0, 120))
"""
IS_VISIBLE = """
    (id) => {
      const row = document.getElementById(id);
      const head = document.querySelector(".invites thead").getBoundingClientRect();
      const { top, bottom } = row.getBoundingClientRect();
      return top >= Math.max(0, head.bottom) - 1 && top < innerHeight && bottom > top;
    }
"""
# Returns the milliseconds from a keystroke until the page is drawn.
FILTER_TIME = """
    (text) => {
      const words = document.getElementById("words");
      const start = performance.now();
      words.value = text;
      words.dispatchEvent(new Event("input", { bubbles: true }));
      return new Promise((resolve) => {
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
      });
    }
"""


def numbers(page: Page) -> list[int]:
    """Return the numbers of the visible invites in their order."""
    shown: list[int] = page.evaluate(
        "[...document.querySelectorAll('.invites tbody tr')].filter((row) => row.checkVisibility())"
        ".map((row) => Number(row.id.replace('invite-', '')))"
    )
    return shown


def search_box(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search")


def wait_until_true(frame: Frame | Page, predicate: str, argument: str) -> None:
    """Wait until a JavaScript function returns true, or fail after 10 seconds.

    ``wait_for_function`` of Playwright uses ``eval``, which the policy of the page blocks.
    """
    frame.evaluate(
        f"""async (argument) => {{
          const end = performance.now() + 10000;
          while (!({predicate})(argument)) {{
            if (performance.now() > end) throw new Error(`not true for ${{argument}}`);
            await new Promise((resolve) => setTimeout(resolve, 20));
          }}
        }}""",
        argument,
    )


def wait_until_visible(page: Page, row: str) -> None:
    """Wait until a row is scrolled into view."""
    wait_until_true(page, IS_VISIBLE, row)


def lightness(page: Page, element: str, name: str) -> int:
    """Return the lightness of a color of an element, from 0 to ``WHITE``."""
    color: str = page.evaluate(f"getComputedStyle(document.querySelector('{element}')).{name}")
    return sum(map(int, color.removeprefix("rgb(").removesuffix(")").split(",")))


# Security


@pytest.mark.parametrize("width", [1280, PHONE])
def test_hostile_names_add_no_elements(
    open_page: OpenPage, pages: dict[str, str], width: int
) -> None:
    page = open_page(pages["hostile, in short"], width=width)
    page.evaluate(EXPAND_ALL)

    expect(page.locator(".invites tbody tr")).to_have_count(100)
    # Elements that an injected name could add.
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


# The CSP directive that blocks each injection if escaping is disabled.
EXPECTED_CSP_DIRECTIVE = {
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


@pytest.mark.parametrize("name", EXPECTED_CSP_DIRECTIVE)
def test_csp_blocks_injected_script(open_page: OpenPage, violations: list[str], name: str) -> None:
    html = render_html(reports.report_for([{"organization_name": reports.SCRIPT_INJECTIONS[name]}]))
    for escape, char in {"&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'"}.items():
        html = html.replace(escape, char)

    page = open_page(html)

    frame = page.frames[-1]  # the injected frame, or the page itself
    is_blocked = "window.violations.some((one) => one.startsWith(directive))"
    wait_until_true(frame, f"(directive) => {is_blocked}", EXPECTED_CSP_DIRECTIVE[name])
    assert page.evaluate("'hacked' in window") is False
    # Requests that the policy blocks are recorded, but never sent.
    blocked = ("console: ", "requested ")
    assert [one for one in violations if not one.startswith(blocked)] == []
    page.goto("about:blank")
    violations.clear()


# Function


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [320, PHONE, 800, 1152, 1280])
def test_page_has_no_horizontal_overflow(
    open_page: OpenPage, pages: dict[str, str], name: str, width: int
) -> None:
    page = open_page(pages[name], width=width)
    page.evaluate(EXPAND_ALL)

    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert page.evaluate(OVERFLOWING) == []
    if width <= PHONE:
        assert page.evaluate(NARROW_NAMES) == []


# Each column gives another order. Unknown values come last in both directions.
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
    "User": ([2, 1, 3], [1, 2, 3]),
    "Invited by": ([3, 2, 1], [2, 3, 1]),
    "Sent": ([3, 1, 2], [1, 3, 2]),
    "Expires": ([1, 2, 3], [2, 1, 3]),
    "Roles": ([3, 1, 2], [1, 3, 2]),
    "Findings": ([1, 3, 2], [2, 3, 1]),
    "Invite ID": ([3, 1, 2], [1, 3, 2]),
}


@pytest.mark.parametrize("column", ORDERS)
@pytest.mark.parametrize(("width", "key"), [(1280, None), (1280, "Enter"), (PHONE, "Space")])
def test_column_header_sorts_both_ways(
    open_page: OpenPage, column: str, width: int, key: str | None
) -> None:
    page = open_page(render_html(reports.report_for(SORTABLE)), width=width)
    header = page.locator(".invites").get_by_role("columnheader", name=column, exact=True)
    button = header.get_by_role("button")
    assert numbers(page) == [1, 2, 3]
    # The page is sorted by number at first, so that column starts with descending order.
    directions = [("ascending", ORDERS[column][0]), ("descending", ORDERS[column][1])]
    for direction, order in directions[::-1] if column == "No." else directions:
        if key is None:
            button.click()
        else:
            button.press(key)

        expect(header).to_have_attribute("aria-sort", direction)
        assert numbers(page) == order
        expect(page.locator("[aria-sort]")).to_have_count(1)
        if key is not None:
            expect(button).to_be_focused()


@pytest.mark.parametrize("width", [1280, PHONE])
def test_column_without_any_value_is_hidden(open_page: OpenPage, width: int) -> None:
    invites = [{**one, "invited_by": None, "expires_on": None} for one in SORTABLE]

    page = open_page(render_html(reports.report_for(invites)), width=width)

    expect(page.locator("#caption")).to_contain_text("hidden: Invited by, Expires.")
    for column in ORDERS:
        header = page.locator(".invites th", has_text=column).first
        expect(header).to_be_visible(visible=column not in ("Invited by", "Expires"))
    cells = page.locator("#invite-1 > :visible")
    expect(cells).to_have_count(len(ORDERS) - 2)


def test_sorting_keeps_all_rows(open_page: OpenPage, pages: dict[str, str]) -> None:
    page = open_page(pages["hostile, in short"])
    for button in page.locator(".invites th button").all():
        button.click()
        button.click()

        assert sorted(numbers(page)) == list(range(1, 101))


@pytest.mark.parametrize(
    ("words", "status", "severity", "expected"),
    [
        ("", "any", "any or none", [1, 2, 3]),
        ("BRAVO", "any", "any or none", [2]),
        ("  x.example  z@ ", "any", "any or none", [2]),
        ("privileged", "any", "any or none", [1]),
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
def test_filters_show_matching_rows(
    open_page: OpenPage, words: str, status: str, severity: str, expected: list[int]
) -> None:
    page = open_page(render_html(reports.report_for(SORTABLE)))

    search_box(page).fill(words)
    page.get_by_role("combobox", name="Status").select_option(status)
    page.get_by_role("combobox", name="Findings").select_option(severity)

    summary = "3 invites" if len(expected) == 3 else f"{len(expected)} of 3 invites"
    expect(page.get_by_role("status")).to_have_text(summary)
    assert numbers(page) == expected
    expect(page.locator("#no-match")).to_be_visible(visible=not expected)
    # Enter does not submit the form.
    search_box(page).press("Enter")
    assert numbers(page) == expected

    page.get_by_role("button", name="Show all").click()

    expect(page.get_by_role("status")).to_have_text("3 invites")
    assert numbers(page) == [1, 2, 3]
    expect(search_box(page)).to_have_value("")


def test_filtering_2000_rows_is_fast(open_page: OpenPage, pages: dict[str, str]) -> None:
    page = open_page(pages["hostile"])

    search_box(page).fill("fatal: \\u2028four info: expired")
    visible_count = len(numbers(page))
    expect(page.get_by_role("status")).to_have_text(f"{visible_count} of 2,000 invites")
    assert 0 < visible_count < 100

    # The shortest of several times, because other processes can delay the browser.
    times = [page.evaluate(FILTER_TIME, text) for text in ["", "fatal"] * 4]
    assert max(min(times[::2]), min(times[1::2])) < 500


@pytest.mark.parametrize("width", [1280, PHONE])
@pytest.mark.parametrize("is_filtered", [False, True])
def test_links_between_finding_and_invite_scroll(
    open_page: OpenPage, pages: dict[str, str], width: int, is_filtered: bool
) -> None:
    page = open_page(pages["hostile"], width=width)
    if is_filtered:
        search_box(page).fill("there is no such invite")
        expect(page.get_by_role("status")).to_have_text("0 of 2,000 invites")
    rule = page.locator("details.rule", has=page.locator("li a[href^='#']")).last
    if not rule.evaluate("it => it.open"):
        rule.locator("summary").click()
    link = rule.locator("li a[href^='#']").last
    row = (link.get_attribute("href") or "").removeprefix("#")

    link.focus()
    link.press("Enter")

    wait_until_visible(page, row)
    expect(page.locator(f"tr#{row}:target")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("2,000 invites")

    # One of the findings of the row can be collapsed.
    back = page.locator(f"#{row} a").last
    finding = (back.get_attribute("href") or "").removeprefix("#")
    back.click()

    expect(page.locator(f"li#{finding}:target")).to_be_in_viewport()
    # The same link again, with the row filtered out. The URL does not change.
    page.locator(f"li#{finding} a[href='#{row}']").click()
    wait_until_visible(page, row)
    search_box(page).fill("there is no such invite")
    page.locator(f"li#{finding} a[href='#{row}']").click()
    wait_until_visible(page, row)


def test_fragment_scrolls_to_invite(open_page: OpenPage, pages: dict[str, str]) -> None:
    page = open_page(pages["hostile"], fragment="#invite-1500")
    wait_until_visible(page, "invite-1500")

    page.get_by_role("combobox", name="Status").select_option("rejected")
    page.evaluate("location.hash = '#invite-1501'")

    wait_until_visible(page, "invite-1501")


@pytest.mark.parametrize("width", [1280, PHONE])
def test_page_without_script_shows_all_rows(
    open_page: OpenPage, pages: dict[str, str], width: int
) -> None:
    page = open_page(pages["realistic"], width=width, java_script_enabled=False)

    expect(page.locator("#filter")).to_be_hidden()
    expect(page.locator(".invites button")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("34 rows")
    for row in page.locator(".invites tbody tr").all():
        expect(row).to_be_visible()
    page.locator("a[href='#invite-15']").first.click()
    expect(page.locator("#invite-15:target")).to_be_in_viewport()


# Accessibility


def test_print_shows_all_rows_without_controls(open_page: OpenPage, pages: dict[str, str]) -> None:
    page = open_page(pages["hostile, in short"], color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")

    for selector in ("nav", "#filter", ".skip"):
        expect(page.locator(selector)).to_be_hidden()
    assert lightness(page, "html", "backgroundColor") == WHITE
    assert lightness(page, ".tile", "backgroundColor") == WHITE
    assert lightness(page, "html", "color") < 150
    assert page.evaluate("getComputedStyle(document.querySelector('.invites tr')).display") == (
        "table-row"
    )
    # Chromium does not repeat a table header that contains the box of a button.
    assert page.evaluate("getComputedStyle(document.querySelector('th button')).display") == (
        "contents"
    )
    expect(page.locator("details:not([open])").first).to_be_visible()
    assert page.evaluate(
        "[...document.querySelectorAll('li[id], td, .data tr')]"
        ".every((one) => one.checkVisibility() && one.getBoundingClientRect().height > 0)"
    )
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")


def test_color_scheme_is_applied(open_page: OpenPage, pages: dict[str, str]) -> None:
    dark = open_page(pages["realistic"], color_scheme="dark")
    light = open_page(pages["realistic"], color_scheme="light")

    for element in ("html", ".tile"):
        assert lightness(dark, element, "backgroundColor") < 150
        assert lightness(dark, element, "color") > 600
        assert lightness(light, element, "backgroundColor") > 600
        assert lightness(light, element, "color") < 150


# Colors do not depend on the width, and the layout does not depend on the colors.
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", PHONE)])
@pytest.mark.parametrize("name", ALL)
def test_axe_accessibility(
    open_page: OpenPage, pages: dict[str, str], name: str, scheme: str, width: int
) -> None:
    page = open_page(pages[name], width=width, color_scheme=scheme, bypass_csp=True)
    page.evaluate(EXPAND_ALL)
    axe = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js")
    page.evaluate(axe.read_text(encoding="utf-8"))

    results = page.evaluate("axe.run({ resultTypes: ['violations'] })")

    assert [
        (violation["id"], node["html"][:200], node["failureSummary"])
        for violation in results["violations"]
        for node in violation["nodes"]
    ] == []


@pytest.mark.parametrize("width", [1280, PHONE])
def test_table_accessibility_roles(open_page: OpenPage, width: int) -> None:
    """The accessibility tree has a table, also in the narrow layout with cards."""
    page = open_page(render_html(reports.report_for(SORTABLE)), width=width)
    page.evaluate(EXPAND_ALL)

    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")

    nodes = {node["nodeId"]: node for node in tree["nodes"] if not node["ignored"]}
    [table] = [
        node
        for node in nodes.values()
        if node["role"]["value"] == "table" and node["name"]["value"].startswith("All rows")
    ]
    counts: Counter[str] = Counter()
    waiting = [table]
    while waiting:
        node = waiting.pop()
        counts[node["role"]["value"]] += 1
        waiting.extend(nodes[one] for one in node["childIds"] if one in nodes)
    assert {role: counts[role] for role in ("row", "columnheader", "rowheader", "cell")} == {
        "row": 4,
        "columnheader": 10,
        "rowheader": 3,
        "cell": 27,
    }


def test_keyboard_focus_order(open_page: OpenPage) -> None:
    page = open_page(render_html(reports.report_for(SORTABLE)))
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
