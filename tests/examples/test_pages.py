# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links and code blocks of the documentation."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ansible_collections.community.cloudflare.tests.examples.examples import (
    PAGES,
    read,
    read_examples,
)
from ansible_collections.community.cloudflare.tests.playbook import CHECKOUT

PIPELINE = ".gitlab-ci.yml"
EXAMPLES = read_examples()


def test_plugins_and_roles_have_an_example() -> None:
    for page in PAGES:
        if page.suffix in (".py", ".yml"):
            [example] = read(page)
            name = page.stem if page.suffix == ".py" else page.parents[1].name
            assert f"community.cloudflare.{name}" in example.text


def test_readme_links_exist() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    [repository] = re.findall(r"^repository: (.*)$", (CHECKOUT / "galaxy.yml").read_text(), re.M)
    links = dict(re.findall(r"^\[(.+)\]: (\S+)$", readme, re.MULTILINE))

    # Galaxy also shows the README, and requires absolute URLs.
    assert re.findall(r"\]\((?!https://)", readme) == []
    assert set(re.findall(r"\]\[(.+?)\]", readme)) <= set(links)
    for link in links.values():
        raw = repository.replace("github.com", "raw.githubusercontent.com")
        path = re.fullmatch(rf"(?:{repository}/(?:blob|tree)|{raw})/main/(\S+)", link)
        assert path, link
        assert (CHECKOUT / path[1]).exists(), link


def test_paths_and_tests_in_contributor_docs_exist() -> None:
    for page in ("CONTRIBUTING.md", "tests/README.md"):
        text = (CHECKOUT / page).read_text(encoding="utf-8")
        for path, test in re.findall(r"`((?:docs|plugins|tests)/[\w./]+)(?:::(\w+))?`", text):
            assert (CHECKOUT / path).exists(), f"{page}: {path}"
            if test:
                assert f"def {test}(" in (CHECKOUT / path).read_text(encoding="utf-8"), test


def test_non_ansible_yaml_blocks_have_captions() -> None:
    blocks = [(page, one) for page in PAGES for one in read(page)]
    others = [
        (page.name, one.file)
        for page, one in blocks
        if one.language == "yaml" and not isinstance(yaml.safe_load(one.text), list)
    ]

    assert sorted(others) == [
        ("auditing.rst", ".github/workflows/audit.yml"),
        ("auditing.rst", PIPELINE),
        ("auditing.rst", "audit-variables.yml"),
        ("credentials.rst", "group_vars/all/vault.yml"),
        ("onboarding.rst", "group_vars/operators/vars.yml"),
        ("onboarding.rst", "group_vars/operators/vault.yml"),
        ("onboarding.rst", "inventory.yml"),
    ]


@pytest.mark.parametrize(
    ("name", "schema"),
    [(PIPELINE, "gitlab-ci"), (".github/workflows/audit.yml", "github-workflows")],
)
def test_pipeline_matches_schema(tmp_path: Path, name: str, schema: str) -> None:
    [text] = {one.files[name] for one in EXAMPLES.values() if name in one.files}
    pipeline = tmp_path / "pipeline.yml"
    pipeline.write_text(text)

    command = [sys.executable, "-m", "check_jsonschema", f"--builtin-schema=vendor.{schema}"]
    checked = subprocess.run([*command, str(pipeline)], check=False, capture_output=True, text=True)

    assert checked.returncode == 0, checked.stdout


def test_role_variables_of_the_nightly_audit_exist() -> None:
    [text] = [
        block.text
        for block in read(CHECKOUT / "docs" / "docsite" / "rst" / "auditing.rst")
        if block.file == "audit-variables.yml"
    ]
    specs = CHECKOUT / "roles" / "invite_audit" / "meta" / "argument_specs.yml"
    options = yaml.safe_load(specs.read_text())["argument_specs"]["main"]["options"]

    assert set(yaml.safe_load(text)) <= set(options)
