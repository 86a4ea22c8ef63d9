# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names look alike, although they are not the same.

Anybody can give an organization any name, so a stranger may choose one that a person takes for
somebody else's. Nothing is decided by this; it only makes people look twice.
"""

from __future__ import annotations

import functools
import unicodedata

# What looks like a letter or a digit of ASCII, from Unicode's list of confusable characters, less
# what is rare in names. https://www.unicode.org/Public/security/latest/confusables.txt
_CYRILLIC = dict(
    zip("АВЕЅІЈКМНОРСТУХҮЬаеѕіјорсухһԁԛԝӏгвкмнтп", "ABESIJKMHOPCTYXYbaesijopcyxhdqwlrbkmhtn")
)
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβγεηικνορτυχωϲ", "ABEZHIKMNOPTYXabyenikvoptuxwc"))
_OTHERS = dict(zip("օսհոցıɑɡʟǀØø", "ouhngiagllOo"))
_LATIN = str.maketrans({**_CYRILLIC, **_GREEK, **_OTHERS})
_SAME_SHAPE = str.maketrans({"1": "l", "|": "l", "0": "o"})


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
    ).translate(_LATIN)
    return frozenset(
        letters.casefold().translate(_SAME_SHAPE).replace("rn", "m").replace("vv", "w")
        for letters in (visible, visible.replace("I", "l"))
    )
