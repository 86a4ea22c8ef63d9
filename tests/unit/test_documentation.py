# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the modules matches their options and results."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml

from ansible_collections.community.cloudflare.plugins.module_utils._module import (
    COMMON_ARGUMENT_SPEC,
)
from ansible_collections.community.cloudflare.plugins.module_utils._version import VERSION
from ansible_collections.community.cloudflare.tests.simulator import Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner
from ansible_collections.community.cloudflare.tests.unit.task import MODULES

COLLECTION = "community.cloudflare"
ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))

TYPES = {"str": str, "bool": bool, "int": int, "list": list, "dict": dict}
# Return values that Ansible documents.
ANSIBLES = {"changed", "diff", "failed", "invocation", "msg", "warnings"}


def load(module: str) -> Any:
    return importlib.import_module(f"{MODULES}.{module}")


def argument_spec(module: str) -> dict[str, Any]:
    """Return the options that a module passes to AnsibleModule."""
    loaded = load(module)
    with mock.patch.object(loaded, "run_module") as run_module:
        loaded.main()
    _run, options = run_module.call_args.args
    return {**COMMON_ARGUMENT_SPEC, **options}


def documented_options(module: str) -> dict[str, Any]:
    documentation = yaml.safe_load(load(module).DOCUMENTATION)
    options: dict[str, Any] = documentation["options"]
    for fragment in documentation["extends_documentation_fragment"]:
        file, _dot, name = fragment.removeprefix(f"{COLLECTION}.").partition(".")
        doc_fragments = f"ansible_collections.{COLLECTION}.plugins.doc_fragments"
        text = getattr(
            importlib.import_module(f"{doc_fragments}.{file}").ModuleDocFragment,
            (name or "documentation").upper(),
        )
        options.update(yaml.safe_load(text).get("options", {}))
    return options


@pytest.mark.parametrize("module", NAMES)
def test_options_match_documentation(module: str) -> None:
    specification = argument_spec(module)
    documented = documented_options(module)

    assert set(documented) == set(specification)
    for name, option in specification.items():
        docs = documented[name]
        for part in ("type", "elements", "choices", "default"):
            assert docs.get(part) == option.get(part), f"{part} of {name}"
        assert docs.get("aliases", []) == option.get("aliases", []), name
        assert docs.get("required", False) == option.get("required", False), name
        assert docs["description"], name


def returned(runner: TaskRunner, module: str) -> list[dict[str, Any]]:
    """Return a result of the module with as many values as possible, and one of a failure."""
    cloudflare = runner.cloudflare
    acme = cloudflare.add_organization("Acme", id="1" * 32)
    cloudflare.add_member(runner.user, acme)
    cloudflare.invite(runner.user, acme, id="a" * 32)
    options: dict[str, dict[str, Any]] = {
        "cf_user_invites": {
            "accept": [{"invite_id": "a" * 32}, {"organization_name": "Absent"}],
            "reject": [{"invite_id": "b" * 32}],
            "reject_unmatched": True,
            "allow_missing": True,
        },
        "cf_user_invite": {"invite_id": "a" * 32, "state": "accepted"},
        "cf_user_invite_info": {},
        "cf_org_invite_info": {"organization_id": "1" * 32},
        "cf_account_invite_info": {"account_ids": "1" * 32},
        "cf_membership_info": {},
        "cf_account_invites": {
            "account_ids": ["1" * 32],
            "invites": [{"email": "new@example.com", "roles": ["DNS"]}],
        },
        "cf_membership": {"account_id": "1" * 32, "state": "absent"},
    }
    success = runner.run(module, **options[module])
    failure = runner.run(module, **{**options[module], "api_token": "unknown"})
    if module == "cf_membership":
        pending = runner.run(module, **options[module])
        return [success, failure, pending]
    return [success, failure]


@pytest.mark.parametrize("module", NAMES)
def test_return_values_match_documentation(runner: TaskRunner, module: str) -> None:
    documented = yaml.safe_load(load(module).RETURN)

    results = returned(runner, module)

    for result in results:
        compare(documented, {name: result[name] for name in result.keys() - ANSIBLES})
    assert {name for result in results for name in result} - ANSIBLES == documented.keys()


def compare(documented: dict[str, Any], found: dict[str, Any], *, whole: bool = False) -> None:
    """Compare values with their documentation.

    :param whole: whether all documented values must be present.
    """
    assert found.keys() <= documented.keys()
    assert not whole or found.keys() == documented.keys()
    for name, value in found.items():
        docs = documented[name]
        if value is not None:
            assert isinstance(value, TYPES[docs["type"]]), name
        if docs["type"] == "dict" and value is not None and "contains" in docs:
            compare(docs["contains"], value, whole=True)
        for element in value if docs["type"] == "list" else []:
            assert isinstance(element, TYPES[docs["elements"]]), name
            if isinstance(element, dict) and "contains" in docs:
                compare(docs["contains"], element, whole=True)


def test_ansible_doc_shows_examples_before_line_220() -> None:
    tree = str(Path(importlib.import_module(MODULES).__path__[0]).parents[4])
    shown = subprocess.run(
        [Path(sys.executable).with_name("ansible-doc"), f"{COLLECTION}.cf_user_invites"],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": tree, "ANSIBLE_NOCOLOR": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    lines = shown.stdout.splitlines()

    assert len(lines) <= 430
    assert lines.index("EXAMPLES:") < 220


def test_action_group_has_all_modules() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())

    assert sorted(runtime["action_groups"]["cloudflare"]) == NAMES


def test_user_agent_has_collection_version(runner: TaskRunner, cloudflare: Simulator) -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text())
    runner.run("cf_user_invite_info")

    agent = cloudflare.log[0].headers["User-Agent"]
    assert agent == f"ansible-collection/{COLLECTION}/{galaxy['version']}"
    assert galaxy["version"] == VERSION
