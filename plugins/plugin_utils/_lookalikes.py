# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Organization names that look alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from ansible_collections.community.cloudflare.plugins.module_utils._text import skeletons

# Users do not notice if one of these is added or missing.
_LEGAL_FORMS = re.findall(
    r"\w+",
    "ab ag aps as bv co company corp corporation cv gmbh group holding inc incorporated kg kk "
    "limited llc llp lp ltd nv oy oyj plc pte pty sa sarl sas se sl spa srl sro ug",
)
_LEGAL_FORM_SKELETONS = frozenset(skeleton for form in _LEGAL_FORMS for skeleton in skeletons(form))
_CJK_LEGAL_FORMS = re.compile("株式会社|有限会社|合同会社|有限公司")
# A bar looks like a small l.
_WORDS = re.compile(r"(?:[^\W_]|\|)+")
_DOTS = re.compile(r"(?<=\w)\.(?=\w)")


def name_skeletons(name: str) -> frozenset[str]:
    """Return what is left of a name without what does not tell it from another.

    Names that have one in common look alike. Beyond ``skeletons`` of the modules, punctuation and
    legal forms do not count.
    """
    # S.A. is one word.
    plain = _DOTS.sub("", _CJK_LEGAL_FORMS.sub(" ", unicodedata.normalize("NFKC", name)))
    words = [word for word in _WORDS.findall(plain) if word.strip("|")]
    while len(words) > 1 and skeletons(words[-1]) & _LEGAL_FORM_SKELETONS:
        words.pop()
    return (skeletons("".join(words)) - {""}) or (skeletons(name) - {""})


def group_lookalikes(names: Mapping[str, str]) -> list[list[str]]:
    """Return the groups of at least two keys whose names look alike, in the order of the keys.

    The time is proportional to the number of names.
    """
    parents: dict[str, str] = {}

    def root(node: str) -> str:
        while parents.setdefault(node, node) != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    for key, name in names.items():
        for skeleton in sorted(name_skeletons(name)):
            parents[root(f"name {skeleton}")] = root(f"key {key}")
    groups: dict[str, list[str]] = {}
    for key in names:
        groups.setdefault(root(f"key {key}"), []).append(key)
    return [group for group in groups.values() if len(group) > 1]
