# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports for the tests of the page: a realistic one, and one with hostile text in all fields."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.community.cloudflare.plugins.module_utils._invite import Invite
from ansible_collections.community.cloudflare.plugins.plugin_utils._report import (
    Report,
    build_report,
)

TIME = datetime(2026, 11, 22, 8, 0, tzinfo=timezone.utc)

# Injections for each context of a page, and texts that end the context.
SCRIPT_INJECTIONS = {
    "script": "<script>window.hacked = 1</script>",
    "end of script": "</script><script>window.hacked = 1</script>",
    "end of title": "</title><script>window.hacked = 1</script>",
    "end of style": "</style><script>window.hacked = 1</script>",
    "end of chart": "</text></svg><script>window.hacked = 1</script>",
    "end of description": "</desc><foreignObject><img src=x onerror=alert(1)></foreignObject>",
    "end of table": "</td></tr></table></main></body></html><script>alert(1)</script>",
    "end of attribute": '"><img src=x onerror="window.hacked = 1">',
    "end of another": "' autofocus tabindex=1 onfocus='window.hacked = 1' x='",
    "image": '<img src="https://attacker.example/pixel.png">',
    "frame": "<iframe srcdoc='<script>parent.hacked = 1</script>'></iframe>",
    "vector": "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "address": "javascript:window.hacked=1",
    "data": "data:text/html,<script>parent.hacked=1</script>",
    "base": "<base href='https://attacker.example/'>",
    "refresh": "<meta http-equiv=refresh content='0;url=https://attacker.example/'>",
    "form": "<form action=https://attacker.example><input type=submit autofocus>",
    "section": "]]><script>window.hacked = 1</script>",
    "comment": "--><script>window.hacked = 1</script><!--",
    "entity": "&lt;script&gt;alert(1)&lt;/script&gt; &amp;#60; &#x3c;script>",
    "template": "{{ 7 * 191 }}{% raw %} ${window.hacked = 1} {# #}",
    "style": "*{display:none!important} @import url(https://attacker.example/x.css);",
    "style element": "<style>body{display:none}</style><link rel=stylesheet href=//evil.example>",
    "line separators": "\u2028window.hacked = 1\u2029",
}

# Names that spoof another name, or break the layout.
SPOOFED_NAMES = {
    "terminal": "\x1b[31;1mred\x1b[2J\x1b]0;title\x07\b\t\r\n\x9b31m\x85",
    "right-to-left": "Acme \u202egnp.exe\u202c \u200f\u2067right\u2069\u061c to left",
    "unclosed": "open \u202e\u2066\u2067\u2068\u202a\u202b\u202d",
    "Hebrew": "\u05e9\u05dc\u05d5\u05dd (Acme) 12",
    "Arabic": "\u0634\u0631\u0643\u0629 <b>1</b>",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f4\u200d\u2620\ufe0f",
    "lines": "one\nfatal: [testhost]: FAILED!\r\nTASK [three]\u2028four",
    "marks": "Z" + "\u0300" * 99 + "algo",
    "marks without a class": "\u0e01" + "\u0e34" * 99 + "A" + "\u20dd" * 40,
    "quotes": '"\'\\ \\" \\n \\u0041 %s {0}',
    "escapes": "Acme \\u202e \\x00",
    "null character": "Ac\0me",
    "lone surrogates": "Ac\ud800me\udfff",
    "blanks": "  Acme   Corp\u00a0\u3000 ",
    "invisible": "Ac\u200bm\u2060e\u00ad\u034f\ufe0f\u3164\u2800\u115f",
    "tags": "Acme" + "".join(chr(0xE0000 + ord(char)) for char in "evil"),
    "only blanks": "   ",
    "empty": "",
    "long": "W" * 3000,
    "long in escapes": "\u202e" * 500,
    "wide glyphs": "\ufdfd" * 20 + "\U0001242b" * 12,
    "full width": "\uff21cme" + "\uff37" * 200,
    "Cyrillic": "\u0410cme",
    "unknown": "unknown",
}
HOSTILE = {**SCRIPT_INJECTIONS, **SPOOFED_NAMES}


def realistic(**options: Any) -> Report:
    """Return a report of seven organizations, and one that is unreadable."""
    organizations = (
        ("Acme Logistics", "023e105f4ecef8ad9ca31a8372d0c353", True),
        ("\u0410cme Logistics", "9a7806061c88ada191ed06f989cc3dac", None),
        ("Blue Harbour Insurance", "372e67954025e0ba6aaa6d586b9e0b59", False),
        ("Nordlicht Energie", "f037e56e89293a057740de681ac9abbe", True),
        ("\u6771\u4eac\u30af\u30e9\u30a6\u30c9\u682a\u5f0f\u4f1a\u793e", "c" * 32, True),
        ("Vel\u00e1zquez & Hijos", "4971cac18b0fe2c9a6bb46fa25c5a2f8", True),
        ("\u05d0\u05e8\u05d2\u05d5\u05df \u05d4\u05e6\u05e4\u05d5\u05df", "12" * 16, False),
    )
    people = ("amira.haddad", "jonas.weber", "li.na", "o.okafor", "sofia.rossi", "temp-2031")
    roles = (
        ["Administrator Read Only"],
        ["DNS", "Firewall"],
        ["Super Administrator - All Privileges"],
        ["Cloudflare Zero Trust Reporting"],
    )
    statuses = ("pending", "pending", "accepted", "pending", "rejected", "expired", "accepted")
    invites = []
    for number in range(34):
        name, identifier, is_enforcing = organizations[number * number // 3 % len(organizations)]
        status = statuses[number % len(statuses)]
        hours = 7 + number * 5 % 160 + (168 if status == "expired" else 0)
        domain = "partner.example" if number % 9 == 4 else "acme.example"
        invites.append(
            _invite(
                id=f"{number * 7919 + 4096:032x}",
                status=status,
                organization_id=identifier,
                organization_name=name,
                organization_is_enforcing_twofactor=is_enforcing,
                invited_member_email=f"{people[number % len(people)]}@{domain}",
                invited_by="it@acme.example" if number % 5 else None,
                invited_on=None if number % 11 == 10 else _hours_ago(hours),
                expires_on=None if number % 11 == 10 else _hours_ago(hours - 168),
                roles=roles[number * 3 % len(roles)],
                source=("organization", "account", "user")[number % 3],
            )
        )
    return _audit(
        invites,
        [{"organization_id": "b" * 32, "msg": "GET /accounts: HTTP 403."}],
        {"external_invitee": {"domains": ["acme.example"]}},
        **options,
    )


def hostile(count: int = 2000) -> Report:
    """Return a report in which every field has a hostile text or null."""
    texts: list[str | None] = [*HOSTILE.values(), None]
    times = itertools.cycle([None, *(_hours_ago(hours) for hours in range(1, 150, 7)), *texts])
    statuses = itertools.cycle(["pending"] * 12 + ["accepted", "rejected", "expired", None, *texts])
    flags = itertools.cycle([True, False, None])
    invites = []
    for number in range(count):
        # Each text appears in each field, in different combinations.
        by, to, name, identifier, organization, role, other, source = (
            texts[(number * stride + number // len(texts)) % len(texts)]
            for stride in (1, 2, 3, 4, 5, 6, 7, 8)
        )
        invites.append(
            _invite(
                id=f"{identifier}{number}" if identifier and number % 3 else identifier,
                status=next(statuses),
                organization_id=organization,
                organization_name=name,
                organization_is_enforcing_twofactor=next(flags),
                invited_member_email=f"{to}@example.com" if to and number % 2 else to,
                invited_by=by,
                invited_on=next(times),
                expires_on=next(times),
                roles=[one for one in (role, other) if one is not None][: number % 3],
                source=source or "user",
            )
        )
    return _audit(
        invites,
        [{"organization_id": text, "msg": text or "None."} for text in texts if text],
        {
            "external_invitee": {"domains": ["example.com"]},
            "unapproved_inviter": {"inviters": ["@example.com"]},
            "privileged_role": {"roles": ["*script*"]},
        },
    )


def report_for(invites: Iterable[Mapping[str, Any]]) -> Report:
    """Return a report of invites with only these fields."""
    return _audit([_invite(**{"source": "user", **raw}) for raw in invites], [], {})


def empty() -> Report:
    return report_for([])


def unreadable_only() -> Report:
    return _audit([], [{"organization_id": "a" * 32, "msg": "HTTP 403."}], {})


def _audit(
    invites: Sequence[dict[str, Any]],
    unreadable: Sequence[Mapping[str, Any]],
    policy: Mapping[str, Mapping[str, Any]],
    **options: Any,
) -> Report:
    ids = [one["organization_id"] for one in unreadable]
    reads: list[dict[str, Any]] = [
        {"source": "user", "result": {"invites": invites}},
        {"source": "account", "ids": ids, "result": {"unreadable": unreadable}},
    ]
    return build_report(reads, TIME, policy=policy, **options)


def _invite(**raw: Any) -> dict[str, Any]:
    return {**Invite.from_organization(raw).to_result(), "source": raw["source"]}


def _hours_ago(hours: int) -> str:
    return (TIME - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.123Z")
