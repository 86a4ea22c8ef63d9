# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Untrusted text for a page: all of it is visible, and it stays in its place."""

from __future__ import annotations

import itertools
import operator
import re
import unicodedata

from markupsafe import Markup, escape

# Letters, marks, and signs to Unicode that are not visible: fillers, joiners, selectors.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
# Marks without a width, so that any number of them fits on one letter.
_MARKS = ("Mn", "Me")
_MAX_COMBINING_MARKS = 2
# Quoted text, as ``quote`` of module_utils/_text.py writes it; or one escaped character.
QUOTED = re.compile(r'\\.|"((?:[^"\\]|\\.)*)"', re.DOTALL)
# Equal escapes in a row are written once with their number, from this number on.
_MIN_REPEAT = 4

# The characters that are visible at both ends of a long ID.
_ID_EDGE = 7
_LONG_ID = re.compile(r"[0-9A-Za-z_-]{20,40}")

MAX_WORD_LENGTH = 40
MAX_NAME_LENGTH = 200
MAX_MESSAGE_LENGTH = 4000


def split_escapes(text: str, *, at_boundary: bool = True) -> list[tuple[str, bool]]:
    """Return the text in pieces, and for each whether it is escaped, as in Python.

    Characters without a shape of their own, those that change the direction, combining marks from
    the third on, and spaces that a page would collapse are escaped.

    :param at_boundary: nothing is before and after the text, so a space there is not visible.
    """
    if text.isascii() and text.isprintable() and "  " not in text and text == text.strip():
        return [(text, False)] if text else []
    marked: list[tuple[str, bool]] = []
    marks = 0
    last = len(text) - 1
    for index, char in enumerate(text):
        marks = marks + 1 if unicodedata.category(char) in _MARKS else 0
        is_collapsible_space = char == " " and (
            (at_boundary and index in (0, last)) or (index > 0 and text[index - 1] == " ")
        )
        is_plain = (
            char.isprintable() and marks <= _MAX_COMBINING_MARKS and not _INVISIBLE.match(char)
        )
        marked.append((char, not is_plain or is_collapsible_space))
    return [
        (_escaped(chars) if is_escape else chars, is_escape)
        for is_escape, group in itertools.groupby(marked, key=operator.itemgetter(1))
        for chars in ["".join(char for char, _is_escape in group)]
    ]


def visible_text(text: str | None, limit: int = MAX_NAME_LENGTH) -> str:
    """Return a name in one line, with everything visible, and with ``…`` if it is longer."""
    if text is None:
        return "unknown"
    shown = "".join(piece for piece, _is_escape in split_escapes(text[:limit]))
    cut = f"{shown[:limit]}…" if len(shown) > limit or len(text) > limit else shown
    return cut or "empty"


def name_html(text: str | None, limit: int = MAX_NAME_LENGTH) -> Markup:
    """Return a name as HTML. Its direction ends with it; null looks unlike any name."""
    if text is None:
        return Markup('<i class="none">unknown</i>')
    if not text:
        return Markup('<i class="none">empty</i>')
    return Markup("<bdi>{}</bdi>{}").format(_html(text[:limit]), _truncation_note(text, limit))


def id_html(text: str | None) -> Markup:
    """Return an ID as HTML. The page hides the middle of a long one, but copies and prints all."""
    if text is None or not _LONG_ID.fullmatch(text):
        return name_html(text)
    return Markup('<bdi>{}<span class="middle">{}</span>{}</bdi>').format(
        text[:_ID_EDGE], text[_ID_EDGE:-_ID_EDGE], text[-_ID_EDGE:]
    )


def message_html(text: str) -> Markup:
    """Return a message as HTML. The direction of quoted text does not affect the rest."""
    shortened = text[:MAX_MESSAGE_LENGTH]
    parts: list[Markup] = []
    end = 0
    for match in QUOTED.finditer(shortened):
        if match[1] is not None:
            parts.append(_html(shortened[end : match.start()], at_boundary=False))
            parts.append(Markup('"<bdi>{}</bdi>"').format(_html(match[1], at_boundary=False)))
            end = match.end()
    parts.append(_html(shortened[end:], at_boundary=False))
    return Markup("<bdi>{}</bdi>{}").format(
        Markup("").join(parts), _truncation_note(text, MAX_MESSAGE_LENGTH)
    )


def _html(text: str, *, at_boundary: bool = True) -> Markup:
    return Markup("").join(
        Markup('<code class="escape">{}</code>').format(piece)
        if is_escape
        else _with_line_breaks(piece)
        for piece, is_escape in split_escapes(text, at_boundary=at_boundary)
    )


def _with_line_breaks(text: str) -> Markup:
    """Return the text escaped, with a possible line break after the at sign of an address.

    Text in another direction before the at sign does not move what is after it.
    """
    if "@" not in text or text.isascii():
        return escape(text).replace("@", Markup("@<wbr>"))
    return Markup("@<wbr>").join(Markup("<bdi>{}</bdi>").format(part) for part in text.split("@"))


def _truncation_note(text: str, limit: int) -> Markup:
    more = len(text) - limit
    if more <= 0:
        return Markup("")
    return Markup('<i class="none">… and {} more</i>').format(f"{more:,}")


def _escaped(text: str) -> str:
    """Return the text in escapes; of many equal ones, one and their number."""
    parts = []
    for char, group in itertools.groupby(text):
        written = "\\x20" if char == " " else char.encode("unicode_escape").decode()
        count = len(list(group))
        parts.append(written * count if count < _MIN_REPEAT else f"{written}\u00d7{count}")
    return "".join(parts)
