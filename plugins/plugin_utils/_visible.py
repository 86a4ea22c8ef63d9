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
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
# Marks that take no room of their own, so that any number of them fits upon one letter.
_MARKS = ("Mn", "Me")
_MOST_MARKS = 2
# Between quotes, as ``quoted`` of module_utils/_text.py writes them; or one escaped character.
_QUOTED = re.compile(r'\\.|"((?:[^"\\]|\\.)*)"', re.DOTALL)
# From so many on, the same escape is written once, and how often.
_MANY = 4

LONGEST_WORD = 40
LONGEST_NAME = 200
LONGEST_MESSAGE = 4000


def pieces(text: str, *, has_edges: bool = True) -> list[tuple[str, bool]]:
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
    for place, char in enumerate(text):
        marks = marks + 1 if unicodedata.category(char) in _MARKS else 0
        is_lost = char == " " and (
            (has_edges and place in (0, last)) or (place > 0 and text[place - 1] == " ")
        )
        is_plain = char.isprintable() and marks <= _MOST_MARKS and not _BLANK.match(char)
        marked.append((char, not is_plain or is_lost))
    return [
        (_escaped(chars) if is_escape else chars, is_escape)
        for is_escape, group in itertools.groupby(marked, key=operator.itemgetter(1))
        for chars in ["".join(char for char, _is_escape in group)]
    ]


def visible(text: str | None, limit: int = LONGEST_NAME) -> str:
    """Return a name in one line, of which everything is seen, with ``…`` if it is longer."""
    if text is None:
        return "unknown"
    seen = "".join(piece for piece, _is_escape in pieces(text[:limit]))
    cut = f"{seen[:limit]}…" if len(seen) > limit or len(text) > limit else seen
    return cut or "empty"


def shown(text: str | None, limit: int = LONGEST_NAME) -> Markup:
    """Return a name as HTML. Its direction does not reach beyond it; null looks like no name."""
    if text is None:
        return Markup('<i class="none">unknown</i>')
    if not text:
        return Markup('<i class="none">empty</i>')
    return Markup("<bdi>{}</bdi>{}").format(_html(text[:limit]), _more(text, limit))


def message(text: str) -> Markup:
    """Return a message as HTML. The direction of what it quotes does not reach the rest of it."""
    told = text[:LONGEST_MESSAGE]
    parts: list[Markup] = []
    end = 0
    for match in _QUOTED.finditer(told):
        if match[1] is not None:
            parts.append(_html(told[end : match.start()], has_edges=False))
            parts.append(Markup('"<bdi>{}</bdi>"').format(_html(match[1], has_edges=False)))
            end = match.end()
    parts.append(_html(told[end:], has_edges=False))
    return Markup("<bdi>{}</bdi>{}").format(Markup("").join(parts), _more(text, LONGEST_MESSAGE))


def _html(text: str, *, has_edges: bool = True) -> Markup:
    return Markup("").join(
        Markup('<code class="escape">{}</code>').format(piece) if is_escape else _breakable(piece)
        for piece, is_escape in pieces(text, has_edges=has_edges)
    )


def _breakable(text: str) -> Markup:
    """Return the text escaped; if an address has to be broken, then after the at sign.

    Before it and after it is to be seen what is there: of an address, neither side moves the other.
    """
    if "@" not in text or text.isascii():
        return escape(text).replace("@", Markup("@<wbr>"))
    return Markup("@<wbr>").join(Markup("<bdi>{}</bdi>").format(part) for part in text.split("@"))


def _more(text: str, limit: int) -> Markup:
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
        parts.append(written * count if count < _MANY else f"{written}\u00d7{count}")
    return "".join(parts)
