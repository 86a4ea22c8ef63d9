# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Insert shared documentation into the files that use it.

    .venv/bin/python tests/tools/update_docs.py [--check]

docs_blocks.yml has the blocks. A file uses a block between two comments, at their indentation:

    # block: failure
    # end block

Doc fragments cannot be used instead: before ansible-core 2.20, ansible-doc fails on fragments with
return values.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from textwrap import indent

import yaml

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = Path(__file__).with_name("docs_blocks.yml")
FILES = ("plugins/doc_fragments/*.py", "plugins/modules/*.py", "roles/*/meta/*.yml")

MARKERS = re.compile(
    r"^(?P<indent> *)# block: (?P<name>\w+)\n.*?^(?P=indent)# end block$", re.MULTILINE | re.DOTALL
)


def insert_blocks(text: str, blocks: dict[str, str]) -> str:
    """Replace the text between each pair of comments.

    :raises KeyError: if the text names a block that does not exist.
    """

    def insert(match: re.Match[str]) -> str:
        margin = match["indent"]
        block = indent(blocks[match["name"]], margin)
        return f"{margin}# block: {match['name']}\n{block}{margin}# end block"

    return MARKERS.sub(insert, text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only report outdated files")
    check = parser.parse_args().check
    blocks = yaml.safe_load(BLOCKS.read_text(encoding="utf-8"))
    outdated = []
    for path in sorted(path for pattern in FILES for path in ROOT.glob(pattern)):
        old = path.read_text(encoding="utf-8")
        new = insert_blocks(old, blocks)
        if new != old:
            outdated.append(path.relative_to(ROOT))
            if not check:
                path.write_text(new, encoding="utf-8")
    for name in outdated:
        print(f"{name} {'is outdated: run tests/tools/update_docs.py' if check else 'updated'}")
    return int(check and bool(outdated))


if __name__ == "__main__":
    sys.exit(main())
