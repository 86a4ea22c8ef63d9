# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports run downward only: no part of plugins/ imports one that is listed below it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
PREFIX = "ansible_collections.community.cloudflare.plugins."

# Each part may import those above it, and outside of the collection what is named beside it.
LAYERS = {
    "module_utils._confusables": set(),
    "module_utils._version": set(),
    "module_utils._text": set(),
    "module_utils._api": {"requests", "urllib3"},
    "module_utils._messages": set(),
    "module_utils._invite": set(),
    "module_utils._selector": set(),
    "module_utils._planner": set(),
    "module_utils._roles": set(),
    "module_utils._membership_planner": set(),
    "module_utils._account_messages": set(),
    "module_utils._account_member": set(),
    "module_utils._account_planner": set(),
    "module_utils._memberships": set(),
    "module_utils._invite_reader": set(),
    "module_utils._audit_log": set(),
    "module_utils._accounts": set(),
    "module_utils._executor": set(),
    "module_utils._membership_executor": set(),
    "module_utils._info": set(),
    "module_utils._account_reader": set(),
    "module_utils._account_executor": set(),
    "module_utils._params": {"ansible"},
    "module_utils._module": {"ansible"},
    "modules": set(),
    "plugin_utils": {"ansible", "jinja2", "markupsafe"},
    "filter": {"ansible"},
    "doc_fragments": set(),
}
ORDER = list(LAYERS)
# The decisions about invites do not depend on HTTP. Filters are loaded by each task that uses one,
# and requests is slow to import.
WITHOUT_API = (
    *("_messages", "_invite", "_selector", "_planner", "_roles", "_account_member"),
    *("plugin_utils", "filter"),
)


def find_layer(module: str) -> str:
    [layer] = [one for one in LAYERS if module == one or module.startswith(f"{one}.")]
    return layer


def list_imports(tree: ast.Module) -> Iterator[str]:
    """Return what a file imports when it runs, and not only for type checkers."""
    type_checking = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in type_checking:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            is_package = node.module == f"{PREFIX}module_utils"
            names = [f".{alias.name}" for alias in node.names] if is_package else [""]
            yield from (node.module + name for name in names)


@pytest.mark.parametrize("path", sorted(PLUGINS.rglob("*.py")), ids=lambda path: path.stem)
def test_imports_run_downward(path: Path) -> None:
    module = ".".join(path.relative_to(PLUGINS).with_suffix("").parts)
    layer = find_layer(module)
    for name in list_imports(ast.parse(path.read_text(encoding="utf-8"))):
        if name.startswith(PREFIX):
            imported = find_layer(name[len(PREFIX) :])
            assert ORDER.index(imported) <= ORDER.index(layer)
            assert not (imported.endswith("_api") and layer.endswith(WITHOUT_API))
        elif name.partition(".")[0] in {"ansible", "requests", "urllib3", "jinja2", "markupsafe"}:
            assert name.partition(".")[0] in LAYERS[layer]


def test_loading_filters_imports_nothing_else_of_collection() -> None:
    """Ansible loads all of them in each task that uses one, and compiles all that they import."""
    for path in (PLUGINS / "filter").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tree.body = [node for node in tree.body if not isinstance(node, ast.FunctionDef)]
        assert not [name for name in list_imports(tree) if name.startswith(PREFIX)], path
