# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that comes from strangers, made fit for a message to a person."""

from __future__ import annotations

import re
import unicodedata

ID_RULE = "1 to 32 letters, digits, hyphens or underscores"
_ID = re.compile(r"[0-9A-Za-z_-]{1,32}")


def is_id(text: str) -> bool:
    """Tell whether the text can be the id of an invite or an organization.

    Cloudflare documents no more than the greatest length, 32; the characters are those of
    every id that was seen. What passes cannot leave its place in the path of a URL.
    """
    return _ID.fullmatch(text) is not None


def is_real_id(text: str | None) -> bool:
    """Tell whether the text identifies something.

    Cloudflare sends an empty text, ``"0"``, or zeros only where there is no ID.
    """
    return bool(text and text.strip().strip("0"))


def quoted(text: object, limit: int = 200) -> str:
    """Return the text in double quotes, in one line, without anything a terminal would obey.

    Quotes in it are escaped: a name cannot pretend to be the rest of the message.

    What has no shape of its own is written as Python would escape it, and so are marks from the
    third on that are piled upon one letter.

    :param text: anything; names of organizations and bodies of answers are written by strangers.
        None is unknown, without quotes.
    :param limit: the greatest number of characters that are quoted.
    """
    if text is None:
        return "unknown"
    whole = str(text)
    shown = []
    marks = 0
    for char in whole[:limit]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        is_plain = char.isprintable() and marks < 3 and char not in '"\\'
        shown.append(char if is_plain else _escaped(char))
    return f'"{"".join(shown)}{"…" if len(whole) > limit else ""}"'


def spelled(text: str) -> str:
    """Return the text in double quotes, with all beyond ASCII escaped: nothing can be imitated."""
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode().replace('"', '\\"')
