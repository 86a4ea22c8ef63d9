# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Insert shared documentation into the files that use it.

    .venv/bin/python tests/tools/update_docs.py [--check]

docs_blocks.yml has the blocks, and plugins/plugin_utils/_rules.py those about the audit's rules. A
file uses a block between two comments, at their indentation:

    # block: failure
    # end block

    .. block: audit_rules_table
    .. end block

Doc fragments cannot be used instead: before ansible-core 2.20, ansible-doc fails on fragments with
return values.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
from pathlib import Path
from textwrap import indent, wrap
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = Path(__file__).with_name("docs_blocks.yml")
RULES = ROOT / "plugins" / "plugin_utils" / "_rules.py"
FILES = (
    "plugins/doc_fragments/*.py",
    "plugins/filter/*.py",
    "plugins/modules/*.py",
    "roles/*/meta/*.yml",
    "docs/docsite/rst/*.rst",
)
WIDTH = 100

MARKERS = re.compile(
    r"^(?P<indent> *)(?P<mark>#|\.\.) block: (?P<name>\w+)\n.*?^(?P=indent)(?P=mark) end block$",
    re.MULTILINE | re.DOTALL,
)


def insert_blocks(text: str, blocks: dict[str, str]) -> str:
    """Replace the text between each pair of comments.

    :raises KeyError: if the text names a block that does not exist.
    """

    def insert(match: re.Match[str]) -> str:
        margin, mark = match["indent"], match["mark"]
        block = indent(blocks[match["name"]], margin)
        # RST separates a comment from what follows.
        gap = "\n" if mark == ".." else ""
        return f"{margin}{mark} block: {match['name']}\n{gap}{block}{gap}{margin}{mark} end block"

    return MARKERS.sub(insert, text)


def rule_blocks() -> dict[str, str]:
    """Return the blocks about the rules of the audit."""
    spec = importlib.util.spec_from_file_location("_rules", RULES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    rules = module.RULES.values()
    return {
        "audit_rules_list": "".join(map(_list_item, rules)),
        "audit_rules_options": "".join(
            _rule_options(rule, list(module.SEVERITIES)) for rule in rules
        ),
        "audit_rules_table": TABLE_HEAD + "".join(map(_table_row, rules)),
    }


TABLE_HEAD = """\
.. list-table::
   :header-rows: 1
   :widths: 25 15 60

   * - Rule
     - Severity
     - Finds
"""


def _list_item(rule: Any) -> str:
    parameters = "".join(
        f" C({one.name}): {one.description} {_default(one.default)}".rstrip()
        for one in rule.parameters
    )
    return _yaml(f'- "V({rule.name}), {rule.severity}: {rule.finds}{parameters}"', "  ")


def _rule_options(rule: Any, severities: list[str]) -> str:
    lines = [
        f"{rule.name}:\n",
        _yaml(f"  description: {rule.finds}", "    "),
        "  type: dict\n  options:\n",
        "    enabled:\n      description: Whether to evaluate the rule.\n",
        "      type: bool\n      default: true\n",
        "    severity:\n      description: The severity of the findings.\n",
        f"      type: str\n      choices: [{', '.join(severities)}]\n",
        f"      default: {rule.severity}\n",
    ]
    for one in rule.parameters:
        lines += [f"    {one.name}:\n", _yaml(f"      description: {one.description}", "        ")]
        if isinstance(one.default, list):
            values = ", ".join(f'"{value}"' for value in one.default)
            lines.append(f"      type: list\n      elements: str\n      default: [{values}]\n")
        else:
            lines.append(f"      type: float\n      default: {one.default}\n")
    return "".join(lines)


def _table_row(rule: Any) -> str:
    finds = f"{rule.finds} {rule.why}"
    return f"   * - ``{rule.name}``\n     - {rule.severity}\n" + "".join(
        f"     {'- ' if not index else '  '}{line}\n"
        for index, line in enumerate(finds.replace(". ", ".\n").splitlines())
    )


def _default(value: Any) -> str:
    if isinstance(value, list):
        return f"The default is {', '.join(f'V({one})' for one in value)}." if value else ""
    return f"The default is V({value})."


def _yaml(text: str, margin: str) -> str:
    # The longest margin of a place with a block is 14.
    return "\n".join(wrap(text, WIDTH - 14, subsequent_indent=margin)) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only report outdated files")
    check = parser.parse_args().check
    blocks = {**yaml.safe_load(BLOCKS.read_text(encoding="utf-8")), **rule_blocks()}
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
