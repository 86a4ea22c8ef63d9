# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replaces personal data and IDs, the same one by the same name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# The fields whose texts name a person or an account.
NAME_FIELDS = frozenset(
    {
        "account_name",
        "first_name",
        "last_name",
        "name",
        "organization_name",
        "parent_org_name",
        "username",
    }
)
# Kinds of personal data anywhere in a text, the longest first.
PATTERNS = {
    "secret": r"[0-9A-Fa-f]{33,}|cfat_\S+",
    "id": r"\b[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b|\b[0-9A-Fa-f]{32}\b",
    "ray": r"\b[0-9a-f]{16}-[A-Z]{3}\b",
    "person": r"[^\s\"'<>@]+@[^\s\"'<>@]+\.\w+",
    "ip": r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f]{1,4}\b",
}
PATTERN = re.compile("|".join(f"(?P<{kind}>{text})" for kind, text in PATTERNS.items()))
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


class Pseudonyms:
    """Replaces what was found in responses, and what looks like an ID or an address.

    Names are replaced in quoted text only: an account can be named as any other word.
    """

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._numbers: dict[str, dict[str, int]] = {}

    def collect(self, body: Any) -> None:
        """Remember the names in a response."""
        self._names.update(name for name in _find_names(body) if name.strip())

    def mask(self, text: str) -> str:
        """Return the text without personal data."""
        masked = PATTERN.sub(lambda match: self._number(match.lastgroup or "", match[0]), text)
        return QUOTED.sub(lambda match: self._mask_names(match[0]), masked)

    def _mask_names(self, text: str) -> str:
        names = sorted(self._names, key=len, reverse=True)
        pattern = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names)
        if not pattern:
            return text
        return re.sub(pattern, lambda match: self._number("name", match[0]), text)

    def _number(self, kind: str, value: str) -> str:
        numbers = self._numbers.setdefault(kind, {})
        number = numbers.setdefault(value.lower(), len(numbers) + 1)
        return f"person-{number}@example.com" if kind == "person" else f"{kind}-{number}"


def _find_names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name in NAME_FIELDS and isinstance(item, str):
                yield item
            yield from _find_names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _find_names(item)
