# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Untrusted text: IDs, quoting and escaping for messages, and names that look alike."""

from __future__ import annotations

import functools
import re
import unicodedata

from ansible_collections.community.cloudflare.plugins.module_utils._confusables import LOOKALIKES

ID_FORMAT = "1 to 32 letters, digits, hyphens or underscores"
_ID_PATTERN = re.compile(r"[0-9A-Za-z_-]{1,32}")


def is_valid_id(text: str) -> bool:
    """Tell whether the text can be an ID.

    Cloudflare documents only the maximum length, 32. The characters are those of all IDs that were
    seen. A valid ID cannot change the path of a URL.
    """
    return _ID_PATTERN.fullmatch(text) is not None


def is_real_id(text: str | None) -> bool:
    """Tell whether the text identifies something.

    Cloudflare sends an empty text, ``"0"``, or zeros only where there is no ID. Zeros can have the
    hyphens of a UUID.
    """
    return bool(text and text.strip().strip("0-"))


def quote(text: object, limit: int = 200) -> str:
    """Return untrusted text in double quotes, on one line, without terminal control sequences.

    Quotes are escaped, so that a name cannot pass for the rest of the message. Characters that are
    not printable are escaped as in Python, and so are combining marks from the third on.

    :param text: any value; None becomes ``unknown``, without quotes.
    :param limit: maximum number of characters.
    """
    if text is None:
        return "unknown"
    whole = str(text)
    shown = []
    marks = 0
    for char in whole[:limit]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        is_plain = char.isprintable() and marks < 3 and char not in '"\\'
        shown.append(char if is_plain else _escape(char))
    return f'"{"".join(shown)}{"…" if len(whole) > limit else ""}"'


def quote_ascii(text: str) -> str:
    """Return the text in double quotes, with all non-ASCII characters escaped."""
    return f'"{_escape(text)}"'


def _escape(text: str) -> str:
    return text.encode("unicode_escape").decode().replace('"', '\\"')


# What Unicode does not list, or lists in another way: a capital I is a small l there.
_SIMILAR = dict(zip("вкмнптβεηκτχωϲʟØøІΙ", "bkmhntbenktxwclOoII"))
_TO_LATIN = str.maketrans(
    {**{char: looks for looks, chars in LOOKALIKES.items() for char in chars}, **_SIMILAR}
)
_ASCII_CONFUSABLES = str.maketrans({"1": "l", "|": "l", "0": "o"})


@functools.cache
def skeletons(name: str) -> frozenset[str]:
    """Return what is left of a name without case, accents, blanks, and what cannot be seen.

    Names that have one in common look alike. There are two, as a capital I is a small i to some,
    and looks like a small l to others.
    """
    visible = "".join(
        char
        for char in unicodedata.normalize("NFKD", name)
        if unicodedata.category(char)[0] not in "CMZ"
    ).translate(_TO_LATIN)
    return frozenset(
        letters.casefold().translate(_ASCII_CONFUSABLES).replace("rn", "m").replace("vv", "w")
        for letters in (visible, visible.replace("I", "l"))
    )
