# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML report, without a browser. See also tests/browser."""

from __future__ import annotations

import base64
import hashlib
import html.parser
import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.community.cloudflare.plugins.module_utils._version import VERSION
from ansible_collections.community.cloudflare.plugins.plugin_utils import _html
from ansible_collections.community.cloudflare.plugins.plugin_utils._charts import (
    MAX_BARS,
    STATUSES,
    age_columns,
    organization_bars,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._html import render_html
from ansible_collections.community.cloudflare.plugins.plugin_utils._html_text import (
    MAX_MESSAGE_LENGTH,
    MAX_NAME_LENGTH,
    MAX_WORD_LENGTH,
    id_html,
    message_html,
    name_html,
    visible_text,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._report import Report
from ansible_collections.community.cloudflare.tests.browser import reports

DASHBOARD = "https://dash[.]cloudflare[.]com/[0-9A-Za-z_-]{1,32}/members"
GUIDE = "https://docs[.]ansible[.]com/[a-z/]+/auditing[.]html"
VOID = {"meta", "link", "input", "wbr", "br", "img", "hr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(
            child if isinstance(child, str) else child.text
            for child in self.children
            if isinstance(child, str) or child.tag not in ("script", "style", "title", "desc")
        )

    def all(self, tag: str | None = None, **attributes: str) -> list[Element]:
        """Return all descendants in document order."""
        found: list[Element] = []
        for child in self.children:
            if isinstance(child, Element):
                if tag in (None, child.tag) and attributes.items() <= child.attributes.items():
                    found.append(child)
                found.extend(child.all(tag, **attributes))
        return found

    def one(self, tag: str | None = None, **attributes: str) -> Element:
        [found] = self.all(tag, **attributes)
        return found


class Parser(html.parser.HTMLParser):
    """Parses well-formed HTML only."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Element("", {})
        self.open = [self.page]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"an attribute twice in {tag}"
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "svg" in [element.tag for element in self.open], f"{tag} cannot end itself"
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def parse(page: str) -> Element:
    parser = Parser()
    parser.feed(page)
    parser.close()
    assert parser.open == [parser.page]
    return parser.page


@pytest.fixture(scope="module", params=["realistic", "hostile", "empty", "unreadable_only"])
def source(request: pytest.FixtureRequest) -> Report:
    reports_by_name: dict[str, Report] = {
        "realistic": reports.realistic(),
        "hostile": reports.hostile(300),
        "empty": reports.empty(),
        "unreadable_only": reports.unreadable_only(),
    }
    return reports_by_name[request.param]


@pytest.fixture(scope="module")
def page(source: Report) -> Element:
    return parse(render_html(source))


def test_internal_links_resolve(page: Element) -> None:
    identifiers = [one.attributes["id"] for one in page.all() if "id" in one.attributes]

    assert len(identifiers) == len(set(identifiers))
    for one in page.all():
        href = one.attributes.get("href") or "#main"
        assert href[1:] in identifiers or not href.startswith("#")
        for name in ("aria-labelledby", "for"):
            for target in (one.attributes.get(name) or "main").split():
                assert target in identifiers


def test_no_external_resources(page: Element) -> None:
    for one in page.all():
        for name, value in one.attributes.items():
            assert name not in ("style", "src", "srcset", "action", "formaction", "background")
            assert not name.startswith("on")
            assert name != "href" or re.fullmatch(f"#.*|{DASHBOARD}|{GUIDE}", value or "")
            assert "url(" not in (value or "").replace("url(#fill-", "")
    assert page.all("link") == page.all("base") == page.all("iframe") == page.all("img") == []
    assert [one.attributes.get("http-equiv") for one in page.all("meta")].count(None) == 5


def test_untrusted_text_not_in_attributes() -> None:
    def attributes(report: Report) -> set[tuple[str, str | None]]:
        return {
            (name, re.sub(r"[0-9.]+", "0", value or ""))
            for one in parse(render_html(report)).all()
            for name, value in one.attributes.items()
            if name not in ("data-severities", "class", "href")
        }

    strange = attributes(reports.hostile(300))

    values = {value for _name, value in strange}
    for text in {*reports.HOSTILE.values()} - {"", "unknown"}:
        assert not [value for value in values if text in (value or "")]


def test_content_security_policy(page: Element) -> None:
    def allowed(tag: str) -> str:
        [text] = page.one(tag).children
        assert isinstance(text, str)
        digest = hashlib.sha256(text.encode()).digest()
        return f"'sha256-{base64.b64encode(digest).decode()}'"

    policy = page.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]

    assert policy == (
        f"default-src 'none'; script-src {allowed('script')}; style-src {allowed('style')}; "
        "base-uri 'none'; form-action 'none'"
    )
    head = page.one("head").all()
    assert [one.tag for one in head[:2]] == ["meta", "meta"], "the policy is not first"


def test_invisible_characters_are_escaped(source: Report) -> None:
    written = render_html(source)

    assert written.encode().decode() == written
    assert {char for char in written if not char.isprintable()} == {"\n"}
    assert not re.search("[\u034f\u115f\u1160\u2800\u3164\ufe00-\ufe0f\uffa0]", written)
    assert not re.search("[\u0300-\u036f]{3}", written)


def test_page_shows_all_of_the_report(source: Report, page: Element) -> None:
    time = f"{source['time'][:10]} {source['time'][11:19]} UTC"
    assert f"{time}, by community.cloudflare {VERSION}" in page.one("header").text
    rows = [one for one in page.all("tr") if "data-status" in one.attributes]
    assert len(rows) == len(source["invites"])
    for row, invite in zip(rows, source["invites"]):
        assert row.attributes["id"] == f"invite-{invite['number']}"
        cells = [one.text for one in row.all() if one.tag in ("th", "td")]
        assert cells[0] == str(invite["number"])
        assert cells[1].startswith(rendered_text(invite["organization_name"]))
        assert rendered_text(invite["organization_id"]) in cells[1]
        flag = {True: "enforced", False: "not enforced", None: "unknown"}
        assert cells[1].endswith(flag[invite["organization_is_enforcing_twofactor"]])
        kind = "member" if invite["record"] == "member" else ""
        assert cells[2] == rendered_text(invite["status"], MAX_WORD_LENGTH) + kind
        assert cells[3] == rendered_text(invite["invited_member_email"])
        assert cells[4] == rendered_text(invite["invited_by"])
        assert cells[7] == (", ".join(map(rendered_text, invite["roles"])) or "none")
        assert cells[9].startswith(rendered_text(invite["id"]))
        found = [
            (f"#finding-{number}", f"{finding['severity']}: {finding['title']}")
            for number, finding in enumerate(source["findings"], start=1)
            if invite["number"] in finding["invites"]
        ]
        assert [(one.attributes["href"], one.text) for one in row.all("a")] == found
    items = {one.attributes.get("id"): one for one in page.all("li")}
    for number, finding in enumerate(source["findings"], start=1):
        item = items[f"finding-{number}"]
        if re.fullmatch(r"(?!.*  )[ -~]{,1000}", finding["message"]):
            assert finding["message"] in item.text
        assert finding["recommendation"] in item.text
        links = [f"#invite-{invite}" for invite in finding["invites"][:5]]
        links += [finding["url"]] if finding["url"] else []
        assert [one.attributes["href"] for one in item.all("a")] == links
    text = page.text
    for entry in source["scope"]:
        if entry["id"] and entry["id"].isalnum():
            assert entry["id"] in text
    [rules] = page.all("table", **{"class": "rules"})
    for rule, line in zip(source["rules"], rules.all("tr")[1:]):
        assert rule["title"] + rule["why"] in line.text
        assert rule["result"].replace("_", " ") in line.text
        assert (rule["reason"] or "") in line.text


def rendered_text(text: str | None, limit: int = MAX_NAME_LENGTH) -> str:
    """Return the text that a cell shows."""
    if text is None or len(text) <= limit:
        return visible_text(text, 9999)
    return f"{visible_text(text[:limit], 9999)}… and {len(text) - limit:,} more"


def test_empty_report() -> None:
    page = parse(render_html(reports.empty()))

    assert "There are no invites." in page.text
    assert "The rules have found nothing." in page.text
    assert "This audit is not complete." not in page.text
    assert page.all("table", **{"class": "invites"}) == []
    assert page.all(id="charts") == []


def test_report_with_only_unreadable_organizations() -> None:
    page = parse(render_html(reports.unreadable_only()))

    assert "This audit is not complete. 1 of 2 scope entries could not be read" in page.text
    table = page.one("table", **{"class": "unreadable"})
    assert "a" * 32 in table.text
    assert "account (given)unreadable" in table.text
    assert "HTTP 403." in table.text


def test_states_of_findings_are_shown() -> None:
    before = reports.realistic()
    waived = before["findings"][1]
    waiver = {
        "rule": waived["rule"],
        "finding_id": waived["id"],
        "reason": "A <b>test</b>.",
        "expires_on": "2026-12-31",
    }
    gone = {**waived, "id": "0" * 20, "invite": None, "invites": [], "message": "It is gone."}
    baseline = {**before, "findings": [*before["findings"], gone], "scope": []}
    now = reports.realistic(baseline=baseline, waivers=[waiver, {**waiver, "finding_id": "x"}])

    page = parse(render_html(now))
    text = page.text

    # The filter of the page does not find waived findings.
    for number in waived["invites"]:
        found = [one for one in now["findings"] if number in one["invites"]]
        row = page.one("tr", id=f"invite-{number}")
        assert (row.attributes["data-severities"] or "").split() == [
            one["severity"] for one in found if one["state"] != "waived"
        ]
    assert "The baseline has another scope." in text
    assert "since 2026-11-22 08:00:00 UTC" in text
    assert "Waived until 2026-12-31: A <b>test</b>." in text
    assert f"{waived['severity']}: {waived['title']} (waived)" in text
    assert f"What to do first: {now['summary']['first_steps'][0][:20]}" in text
    assert "Unused waivers" in text
    [gone_item] = [one for one in page.all("li") if "Earlier: It is gone." in one.text]
    assert "id" in gone_item.attributes
    # The numbers of the tile are those of the lists.
    counts = [now["summary"]["findings"][name] for name in ("high", "medium", "low", "info")]
    headings = [one.text for one in page.all("h3") if "finding" in one.text]
    assert [int(re.findall(r"\d+", one)[0]) for one in headings] == [one for one in counts if one]
    assert "Not assessed: findings of the baseline that can still be there 1 finding" in text
    assert f"known {before['findings'][2]['message']}" in text


def test_long_tables_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_html, "MAX_ROWS", 20)
    monkeypatch.setattr(_html, "MAX_FINDINGS", 9)
    source = reports.realistic()

    page = parse(render_html(source))

    rows = [one for one in page.all("tr") if "data-status" in one.attributes]
    numbers = [int((one.attributes["id"] or "").removeprefix("invite-")) for one in rows]
    assert len(numbers) == 20
    assert numbers == sorted(numbers)
    assert set(source["findings"][1]["invites"]) <= set(numbers)
    assert "The page shows 20 of 34 rows" in page.text
    assert f"And {len(source['findings']) - 9} more findings: see" in page.text
    identifiers = [one.attributes.get("id") for one in page.all()]
    for link in page.all("a"):
        href = link.attributes["href"] or ""
        assert not href.startswith("#") or href[1:] in identifiers


@pytest.mark.parametrize(
    ("names", "has_chart"),
    [(["a", "b"], False), (["a", "b", "b"], True), ([str(name) for name in range(40)], False)],
)
@pytest.mark.parametrize(
    ("more", "counted"),
    [({}, "Invites"), ({"source": "account", "status": "accepted"}, "Invites and members")],
)
def test_chart_is_shown_if_bars_differ(
    names: list[str], has_chart: bool, more: dict[str, str], counted: str
) -> None:
    invites = [{"organization_id": one, **more} for one in names]

    page = parse(render_html(reports.report_for(invites)))

    assert bool(page.all(id="charts")) is has_chart
    assert (f"OrganizationI{counted[1:]}By status" in page.text) is has_chart


def test_long_id_is_shortened_for_the_eye_only() -> None:
    identifier = "0123456789abcdef0123456789abcdef"

    assert id_html(identifier).striptags() == identifier
    assert '<span class="middle">' in id_html(identifier)
    assert id_html("a\u202e" * 16) == name_html("a\u202e" * 16)


def test_status_not_conveyed_by_color_alone() -> None:
    page = parse(render_html(reports.realistic()))

    for swatch in page.all("li"):
        if swatch.all("svg"):
            assert swatch.text.split()[0] in STATUSES
    patterns = page.one("defs").all("pattern")
    drawn = [[line.attributes["d"] for line in one.all("path")] for one in patterns]
    solid = [one for one in patterns if not one.all("path")]
    assert [one.attributes["id"] for one in patterns] == [f"fill-{one}" for one in STATUSES]
    assert len(solid) == 1
    # Unknown has no color, so it can share a pattern.
    assert len({str(lines) for lines in drawn}) == len(drawn) - 1


# Text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acme", "Acme"),
        (None, "unknown"),
        ("", "empty"),
        ("Acme Corp", "Acme Corp"),
        (" Acme  Corp ", "\\x20Acme \\x20Corp\\x20"),
        ("     ", "\\x20\u00d75"),
        ("a\u202eb", "a\\u202eb"),
        ("\u202e" * 3, "\\u202e" * 3),
        ("\u202e" * 9, "\\u202e\u00d79"),
        ("a\0\t\n\x1b\x7f\x85", "a\\x00\\t\\n\\x1b\\x7f\\x85"),
        ("Caf\u00e9 Cafe\u0301", "Caf\u00e9 Cafe\u0301"),
        ("Z\u0300\u0301\u0302", "Z\u0300\u0301\\u0302"),
        ("\u0e01" + "\u0e34" * 99, "\u0e01\u0e34\u0e34\\u0e34\u00d797"),
        ("a\u3164b\ufe0fc\u2800", "a\\u3164b\\ufe0fc\\u2800"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("\\u202e", "\\u202e"),
        ("\u6771\u4eac \u05e9\u05dc", "\u6771\u4eac \u05e9\u05dc"),
    ],
)
def test_invisible_text_is_spelled_out(text: str | None, expected: str) -> None:
    assert visible_text(text) == expected


def test_escapes_differ_from_literal_text() -> None:
    assert name_html("a\u202e") == '<bdi>a<code class="escape">\\u202e</code></bdi>'
    assert name_html("a\\u202e") == "<bdi>a\\u202e</bdi>"
    assert name_html(None) != name_html("unknown")
    assert name_html("") != name_html("empty")


def test_long_text_is_truncated() -> None:
    assert visible_text("a" * MAX_NAME_LENGTH) == "a" * MAX_NAME_LENGTH
    assert visible_text("a" * MAX_NAME_LENGTH + "b") == "a" * MAX_NAME_LENGTH + "…"
    assert name_html("a" * (MAX_NAME_LENGTH + 1000)).striptags() == (
        "a" * MAX_NAME_LENGTH + "… and 1,000 more"
    )
    assert message_html("a" * MAX_MESSAGE_LENGTH).striptags() == "a" * MAX_MESSAGE_LENGTH
    assert message_html("a" * MAX_MESSAGE_LENGTH + "b").endswith('<i class="none">… and 1 more</i>')


def test_quoted_text_direction_is_isolated() -> None:
    hebrew = "\u05e9"
    assert message_html(f'The "{hebrew} \\" {hebrew}" (1) and \\" "a" <b>') == (
        f"<bdi>The &#34;<bdi>{hebrew} \\&#34; {hebrew}</bdi>&#34; (1) and \\&#34; "
        "&#34;<bdi>a</bdi>&#34; &lt;b&gt;</bdi>"
    ).replace("&#34;<bdi>", '"<bdi>').replace("</bdi>&#34;", '</bdi>"')


def test_email_breaks_after_at_sign() -> None:
    assert name_html("a@b.example") == "<bdi>a@<wbr>b.example</bdi>"
    assert name_html("\u05e9@3.x") == "<bdi><bdi>\u05e9</bdi>@<wbr><bdi>3.x</bdi></bdi>"


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("2026-11-22T08:09:59.9Z", "2026-11-22 08:09"),
        ("2026-11-22T01:00:00+02:00", "2026-11-21 23:00"),
        ("0800-01-01T00:00:00Z", "0800-01-01 00:00"),
        ("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00+01:00"),
        ("9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59-01:00"),
        ("yesterday", "yesterday"),
        ("<b>" * 99, "<b>" * 13 + "<… and 257 more"),
        (None, "unknown"),
    ],
)
def test_times_are_in_utc(timestamp: str | None, expected: str) -> None:
    page = parse(render_html(reports.report_for([{"expires_on": timestamp}])))

    assert page.one("tr", id="invite-1").all("td")[5].text == expected


# Charts


def invite(organization: str | None, status: str | None = "pending", **more: Any) -> dict[str, Any]:
    return {
        "organization_id": organization,
        "organization_name": f"Name of {organization}" if organization else None,
        "status": status,
        "age_in_days": None,
        **more,
    }


def test_bar_segments_are_proportional() -> None:
    statuses = ["pending", "pending", "accepted", None, "unlisted", "pending"]
    bars = organization_bars(
        [
            *(invite("a", status) for status in statuses),
            *(invite("b", "left") for _turn in range(8)),
        ]
    )

    assert [(one.label, one.total, one.is_clipped) for one in bars] == [
        ("Name of b", 8, False),
        ("Name of a", 6, False),
    ]
    assert [(one.status, one.count, one.x, one.width) for one in bars[1].segments] == [
        ("pending", 3, "0%", "37.5%"),
        ("accepted", 1, "37.5%", "12.5%"),
        ("other", 1, "50%", "12.5%"),
        ("unknown", 1, "62.5%", "12.5%"),
    ]
    assert [(one.x, one.width) for one in bars[0].segments] == [("0%", "100%")]


@pytest.mark.parametrize(
    ("organizations", "bars", "is_cut"),
    [(1, 1, False), (12, 12, False), (13, 13, False), (200, 13, True)],
)
def test_largest_organizations_have_bars(organizations: int, bars: int, is_cut: bool) -> None:
    invites = [
        invite(f"{number:03}") for number in range(organizations) for _turn in range(number + 1)
    ]

    drawn = organization_bars(invites)

    assert len(drawn) == bars
    assert sum(one.total for one in drawn) == len(invites)
    assert sum(one.organizations for one in drawn) == organizations
    assert [one.total for one in drawn[:MAX_BARS]] == list(range(organizations, 0, -1))[:MAX_BARS]
    assert [one.is_clipped for one in drawn] == [False] * (bars - 1) + [is_cut]
    for one in drawn:
        assert sum(float(segment.width[:-1]) for segment in one.segments) <= 100.001


def test_unknown_organization_has_bar() -> None:
    [drawn] = organization_bars([invite(None), invite(None)])

    assert (drawn.label, drawn.organization_id, drawn.total) == ("unknown", None, 2)


@pytest.mark.parametrize(
    ("age", "column"),
    [(0, 0), (0.99, 0), (-3, 0), (1, 1), (2.5, 2), (3.99, 3), (4, 4), (10**6, 4), (None, 5)],
)
def test_pending_invites_are_grouped_by_age(age: float | None, column: int) -> None:
    columns = age_columns([invite("a", age_in_days=age), invite("a", "accepted", age_in_days=age)])

    assert [one.count for one in columns] == [int(place == column) for place in range(6)]
    assert (columns[column].y, columns[column].height) == (0, 150)
    assert {one.height for one in columns} == {0, 150}
