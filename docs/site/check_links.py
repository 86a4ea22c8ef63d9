# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that the links between pages resolve, and that no page loads an external resource.

python docs/site/check_links.py DIRECTORY
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Tags whose URL a browser loads.
RESOURCE_TAGS = {"audio", "embed", "iframe", "img", "link", "script", "source", "video"}


class Page(HTMLParser):
    """The anchors of a page, and its links as tag and URL."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[tuple[str, str]] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and name in ("id", "name"):
                self.anchors.add(value)
            elif value and name in ("href", "src", "action"):
                self.links.append((tag, value))


def find_errors(directory: Path) -> list[str]:
    """Return one message for each link that does not resolve or loads an external resource."""
    pages = {path.resolve(): Page(path) for path in directory.rglob("*.html")}
    if not pages:
        return [f"{directory} has no pages."]
    return [
        f"{path.relative_to(directory.resolve())}: {url!r} {error}"
        for path, page in sorted(pages.items())
        for tag, url in page.links
        if (error := check_link(pages, path, tag, url))
    ]


def check_link(pages: dict[Path, Page], path: Path, tag: str, link: str) -> str | None:
    """Return what is wrong with a link of a page, or None."""
    url = urlsplit(link)
    if url.scheme or url.netloc:
        is_loaded = tag in RESOURCE_TAGS and url.scheme != "data"
        return "is an external resource" if is_loaded else None
    target = (path.parent / unquote(url.path)).resolve() if url.path else path
    if url.path.startswith("/") or not target.is_file():
        return "does not exist"
    if url.fragment and target in pages and unquote(url.fragment) not in pages[target].anchors:
        return "has an anchor that does not exist"
    return None


if __name__ == "__main__":
    errors = find_errors(Path(sys.argv[1]))
    print(*errors, sep="\n", end="\n" if errors else "")
    sys.exit(bool(errors))
