# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sees that every link within a folder of pages leads somewhere, and that no page loads anything
from elsewhere: python docs/site/links.py FOLDER
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What a browser fetches by itself; whatever else has an address is for people to follow.
LOADED = {"audio", "embed", "iframe", "img", "link", "script", "source", "video"}


class Page(HTMLParser):
    """The names in a page that a link can lead to, and where its own links lead."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[tuple[str, str]] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and name in ("id", "name"):
                self.names.add(value)
            elif value and name in ("href", "src", "action"):
                self.links.append((tag, value))


def complaints(folder: Path) -> list[str]:
    """Return what is wrong, for each link that leads nowhere or is loaded from elsewhere."""
    pages = {path.resolve(): Page(path) for path in folder.rglob("*.html")}
    if not pages:
        return [f"{folder} has no pages."]
    return [
        f"{path.relative_to(folder.resolve())}: {address!r} {wrong}"
        for path, page in sorted(pages.items())
        for tag, address in page.links
        if (wrong := complaint(pages, path, tag, address))
    ]


def complaint(pages: dict[Path, Page], path: Path, tag: str, address: str) -> str | None:
    """Return what is wrong with one link of a page, if anything is."""
    url = urlsplit(address)
    if url.scheme or url.netloc:
        is_loaded = tag in LOADED and url.scheme != "data"
        return "is loaded from elsewhere" if is_loaded else None
    target = (path.parent / unquote(url.path)).resolve() if url.path else path
    if url.path.startswith("/") or not target.is_file():
        return "leads nowhere"
    if url.fragment and target in pages and unquote(url.fragment) not in pages[target].names:
        return "leads to a place that the page does not have"
    return None


if __name__ == "__main__":
    found = complaints(Path(sys.argv[1]))
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
