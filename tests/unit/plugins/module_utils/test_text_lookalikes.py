# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Detection of names that look alike."""

from __future__ import annotations

import pytest

from ansible_collections.community.cloudflare.plugins.module_utils._text import skeletons

ALIKE = {
    "the same": ("Acme", "Acme"),
    "case": ("Acme Corp", "ACME corp"),
    "blanks": ("Acme Corp", " AcmeCorp\u00a0"),
    "Cyrillic": ("Acme Corp", "\u0410\u0441m\u0435 C\u043erp"),
    "Cherokee": ("ACME", "\u13aa\u13df\u13b7\u13ac"),
    "letterlike symbols": ("Apple", "\u15c5pp\u01c0\u212e"),
    "Greek": ("KATE", "\u039a\u0391\u03a4\u0395"),
    "a capital I for a small l": ("Apple", "AppIe"),
    "a capital I and a small i": ("Mail", "MAIL"),
    "a digit for a letter": ("Google", "G00gle"),
    "one for l": ("Apple", "App1e"),
    "an accent": ("Café", "Cafe"),
    "many marks": ("Acme", "A" + "\u0301" * 100 + "cme"),
    "full width": ("Acme", "\uff21\uff43\uff4d\uff45"),
    "nothing to be seen": ("Acme", "A\u200bc\u2060m\u00ade\u202e"),
    "rn for m": ("Acme", "Acrne"),
    "vv for w": ("Web", "VVeb"),
}
NOT_ALIKE = {
    "other letters": ("Acme", "Acne"),
    "i and l, small": ("Mail", "Mall"),
    "a word more": ("Acme", "Acme Corp"),
    "other scripts": ("\u6771\u4eac", "\u4eac\u90fd"),
}


@pytest.mark.parametrize("case", ALIKE)
def test_lookalike_names_are_detected(case: str) -> None:
    name, other = map(skeletons, ALIKE[case])
    assert name & other


@pytest.mark.parametrize("case", NOT_ALIKE)
def test_distinct_names_are_not_lookalikes(case: str) -> None:
    name, other = map(skeletons, NOT_ALIKE[case])
    assert not name & other
