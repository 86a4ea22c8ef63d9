# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that comes from strangers, made fit for a page: it is seen, and stays in its place."""

from __future__ import annotations

import itertools
import operator
import re
import unicodedata

from markupsafe import Markup, escape

# Letters, marks and signs to Unicode, of which nothing is to be seen: fillers, joiners, selectors.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
# Marks that take no room of their own, so that any number of them fits upon one letter.
_MARKS = ("Mn", "Me")
_MAX_COMBINING_MARKS = 2
# Between quotes, as ``quoted`` of module_utils/_text.py writes them; or one escaped character.
_QUOTED = re.compile(r'\\.|"((?:[^"\\]|\\.)*)"', re.DOTALL)
# From so many on, the same escape is written once, and how often.
_MIN_REPEAT = 4

MAX_WORD_LENGTH = 40
MAX_NAME_LENGTH = 200
MAX_MESSAGE_LENGTH = 4000


def split_escapes(text: str, *, at_boundary: bool = True) -> list[tuple[str, bool]]:
    """Return the text in pieces, and of each whether it is written in escapes, as in Python.

    Escaped is what has no shape of its own or turns the direction, marks from the third on that
    are piled upon one letter, and blanks that a page would swallow.

    :param has_edges: nothing is before and after the text, so a blank there is not seen.
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
    """Return a name in one line, of which everything is seen, with ``…`` if it is longer."""
    if text is None:
        return "unknown"
    shown = "".join(piece for piece, _is_escape in split_escapes(text[:limit]))
    cut = f"{shown[:limit]}…" if len(shown) > limit or len(text) > limit else shown
    return cut or "empty"


def name_html(text: str | None, limit: int = MAX_NAME_LENGTH) -> Markup:
    """Return a name as HTML. Its direction does not reach beyond it; null looks like no name."""
    if text is None:
        return Markup('<i class="none">unknown</i>')
    if not text:
        return Markup('<i class="none">empty</i>')
    return Markup("<bdi>{}</bdi>{}").format(_html(text[:limit]), _truncation_note(text, limit))


def message_html(text: str) -> Markup:
    """Return a message as HTML. The direction of what it quotes does not reach the rest of it."""
    shortened = text[:MAX_MESSAGE_LENGTH]
    parts: list[Markup] = []
    end = 0
    for match in _QUOTED.finditer(shortened):
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
    """Return the text escaped; if an address has to be broken, then after the at sign.

    Before it and after it is to be seen what is there: of an address, neither side moves the other.
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
    """Return the text in escapes, with a sign and a number in place of many of the same."""
    parts = []
    for char, group in itertools.groupby(text):
        written = "\\x20" if char == " " else char.encode("unicode_escape").decode()
        count = len(list(group))
        parts.append(written * count if count < _MIN_REPEAT else f"{written}\u00d7{count}")
    return "".join(parts)
