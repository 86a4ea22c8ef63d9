# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the files for AWX: slices, the credential type, and the execution environment."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.community.cloudflare.plugins.module_utils._module import (
    CREDENTIAL_ENV_VARS,
)
from ansible_collections.community.cloudflare.tests.playbook import CHECKOUT, MITOGEN, run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Simulator, seed

AWX = CHECKOUT / "docs" / "awx"


def read(name: str) -> Any:
    return yaml.safe_load((AWX / name).read_text(encoding="utf-8"))


def test_slices_cover_whole_inventory(tmp_path: Path) -> None:
    hosts: dict[str, dict[str, str]] = read("inventory.yml")["organizations"]["hosts"]
    audited: list[str] = []
    with Simulator() as cloudflare:
        seed.load(seed.demo_data(cloudflare.now()), cloudflare)
        for number in range(2):
            inventory = tmp_path / f"slice-{number}.json"
            hosts_of_slice = dict(list(hosts.items())[number::2])  # AWX slices in the same way
            inventory.write_text(json.dumps({"organizations": {"hosts": hosts_of_slice}}))
            cloudflare.log.clear()

            ran = run_playbook(
                AWX / "audit_sliced.yml",
                {
                    **MITOGEN,
                    "CLOUDFLARE_BASE_URL": cloudflare.url,
                    "CLOUDFLARE_API_TOKEN": seed.API_TOKEN,
                    "ANSIBLE_SHOW_CUSTOM_STATS": "true",
                },
                *("--inventory", str(inventory), "-e", "invite_audit_fail_on=info"),
            )

            # The second slice has no findings.
            assert ran.returncode == (2 if number == 0 else 0), ran.stdout
            assert "cloudflare_invite_findings" in ran.stdout
            assert not (AWX / "invite-audit").exists()
            lists = {one.path for one in cloudflare.log if one.path.endswith("/members")}
            audited += [path.split("/")[2] for path in lists]
    assert sorted(audited) == sorted(host["account_id"] for host in hosts.values())


def test_failed_audit_sets_no_artifacts_of_previous_audit(tmp_path: Path) -> None:
    before = {"invite_audit_report": {"summary": "previous", "findings": ["previous"]}}
    plays = [
        {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "tasks": [{"set_fact": before}],
        },
        {"import_playbook": str(AWX / "audit_sliced.yml")},
    ]
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(json.dumps(plays))

    ran = run_playbook(
        playbook,
        {**MITOGEN, "ANSIBLE_SHOW_CUSTOM_STATS": "true"},
        *("--inventory", str(AWX / "inventory.yml"), "-e", "invite_audit_fail_on=unknown"),
    )

    assert ran.returncode == 2, ran.stdout
    assert "invite_audit_fail_on" in ran.stdout
    assert "CUSTOM STATS" not in ran.stdout


def test_credential_type_sets_environment_of_modules() -> None:
    kind = read("credential_type.yml")
    fields = {field["id"] for field in kind["inputs"]["fields"]}
    env = kind["injectors"]["env"]

    assert {name: f"{{{{ {field} }}}}" for field, name in CREDENTIAL_ENV_VARS.items()} == env
    assert fields == set(CREDENTIAL_ENV_VARS)
    secrets = {field["id"] for field in kind["inputs"]["fields"] if field.get("secret")}
    assert secrets == {"api_token", "api_key"}


def test_execution_environment_has_requirements_of_modules() -> None:
    declared = yaml.safe_load((CHECKOUT / "meta" / "execution-environment.yml").read_text())
    requirements = (CHECKOUT / declared["dependencies"]["python"]).read_text(encoding="utf-8")
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")

    [minimum] = re.findall(r"^requests >= (\S+)$", requirements, re.MULTILINE)
    assert re.search(rf"^\| \[requests\].* \| {re.escape(minimum)} or newer \|", readme, re.M)
    collections = read("execution-environment.yml")["dependencies"]["galaxy"]["collections"]
    assert collections == [{"name": "community.cloudflare"}]
