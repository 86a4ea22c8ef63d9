# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that comes from strangers, made fit for a message to a person."""

from __future__ import annotations

import re

ID_RULE = "1 to 32 letters, digits, hyphens or underscores"
_ID = re.compile(r"[0-9A-Za-z_-]{1,32}")


def is_id(text: str) -> bool:
    """Tell whether the text can be the id of an invite or an organization.

    Cloudflare documents no more than the greatest length, 32; the characters are those of
    every id that was seen. What passes cannot leave its place in the path of a URL.
    """
    return _ID.fullmatch(text) is not None


def quoted(text: object, limit: int = 200) -> str:
    """Return the text in double quotes, in one line, without anything a terminal would obey.

    :param text: anything; names of organizations and bodies of answers are written by strangers.
    :param limit: the greatest number of characters that are quoted.
    """
    whole = str(text)
    shown = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in whole[:limit])
    return f'"{shown}{"…" if len(whole) > limit else ""}"'
