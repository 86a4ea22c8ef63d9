# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the code blocks and the playbooks in the documentation."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import yaml

from ansible_collections.community.cloudflare.tests.playbook import CHECKOUT

PAGES = [
    *(CHECKOUT / "README.md", *sorted((CHECKOUT / "roles").glob("*/README.md"))),
    *sorted((CHECKOUT / "docs" / "docsite" / "rst").glob("*.rst")),
    CHECKOUT / "docs" / "site" / "index.rst",
    # The EXAMPLES of a module or filter are one block.
    *sorted((CHECKOUT / "plugins" / "modules").glob("*.py")),
    *sorted((CHECKOUT / "plugins" / "filter").glob("*.py")),
    *sorted((CHECKOUT / "roles").glob("*/meta/argument_specs.yml")),
]
# The beginning of a block, and the function that reads it, by the suffix of the page.
BLOCKS = {
    ".md": ("\n```", r"^```(?P<language>\w+)\n(?P<file>)(?P<text>.*?)^```"),
    ".rst": (
        ".. code-block::",
        r"^\.\. code-block:: (?P<language>\w+)\n(?:    :caption: (?P<file>\S+)\n)?\n"
        r"(?P<text>(?:    [^\n]*\n|\n)+)",
    ),
    ".py": ("\nEXAMPLES", r'^(?P<file>)(?P<language>)EXAMPLES = r"""\n(?P<text>.*?)^"""'),
    ".yml": (
        " examples:",
        r"^(?P<file>)(?P<language>)    examples: \|\n(?P<text>(?:      [^\n]*\n)+)",
    ),
}


class Block(NamedTuple):
    """A block of code.

    :ivar language: what it is highlighted as, such as ``yaml`` or ``console``.
    :ivar file: the name that its caption gives it; the empty string if it has none.
    """

    language: str
    file: str
    text: str


def read(page: Path) -> list[Block]:
    """Return the blocks of a page.

    :raises AssertionError: if one is written in a way that this does not read.
    """
    text = page.read_text(encoding="utf-8")
    begin, pattern = BLOCKS[page.suffix]
    blocks = [
        Block(found["language"] or "yaml", found["file"] or "", dedent(found["text"]))
        for found in re.finditer(pattern, text, re.DOTALL | re.MULTILINE)
    ]
    begins = text.count(begin) // (2 if page.suffix == ".md" else 1)
    assert len(blocks) == begins, f"{page} has {begins} blocks of code, but {len(blocks)} are read."
    return blocks


class Example(NamedTuple):
    """A playbook in the documentation.

    :ivar playbook: the name of its file.
    :ivar files: the content of this file, and of all others that the page names.
    :ivar expected_output: the output that the page shows after the command, if any.
    :ivar check: whether check mode must predict the changes.
    """

    playbook: str
    files: dict[str, str]
    expected_output: str = ""
    check: bool = False


def read_examples() -> dict[str, Example]:
    """Return all playbooks of the documentation, by file, or by page and number."""
    examples = {}
    for path in sorted((CHECKOUT / "docs" / "examples").glob("*.yml")):
        files = {path.name: path.read_text(encoding="utf-8")}
        examples[str(path.relative_to(CHECKOUT))] = Example(path.name, files, check=True)
    for page in PAGES:
        blocks = read(page)
        listed = [block for block in blocks if block.language == "yaml"]
        files = {block.file: block.text for block in listed if block.file}
        for number, block in enumerate(listed, start=1):
            if isinstance(yaml.safe_load(block.text), list):
                name = block.file or "playbook.yml"
                following = blocks[blocks.index(block) + 1 :][:2]
                is_run = [one.language for one in following] == ["console", "text"]
                is_run = is_run and f"ansible-playbook {name}" in following[0].text
                examples[f"{page.relative_to(CHECKOUT)} {number}"] = Example(
                    name,
                    {**files, name: to_playbook(block.text)},
                    following[1].text if is_run else "",
                )
    return examples


def to_playbook(block: str) -> str:
    """Return a playbook. Tasks without a play become one."""
    listed = yaml.safe_load(block)
    if "hosts" in listed[0]:
        return block
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": listed}
    return yaml.safe_dump([play])
