# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All YAML that users are shown, and what they are told to see, run as it is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from ansible_collections.community.cloudflare.tests.demo import credentials
from ansible_collections.community.cloudflare.tests.examples import pages
from ansible_collections.community.cloudflare.tests.playbook import CHECKOUT, run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Simulator, story

TIME = "2026-11-22T12:00:00Z"
# What the pages leave to the user.
VARIABLES = {
    "cloudflare_email": story.OPERATOR,
    "cloudflare_api_key": story.API_KEY,
    "vaulted_api_tokens": {"robin": story.API_TOKEN, "sam": story.COLLEAGUES_TOKEN},
    "invite_audit_time": TIME,
}
PIPELINE = ".gitlab-ci.yml"


class Playbook(NamedTuple):
    """A playbook of a page.

    :ivar name: the name of its file.
    :ivar files: all files that the page names, and what it says is in them.
    :ivar shown: what the page says that it prints, if it says so right after the command.
    """

    name: str
    files: dict[str, str]
    shown: str


def as_playbook(block: str) -> str:
    """Return a playbook; tasks alone become one."""
    listed = yaml.safe_load(block)
    if "hosts" in listed[0]:
        return block
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": listed}
    return yaml.safe_dump([play])


def playbooks() -> dict[str, Playbook]:
    """Return all playbooks and lists of tasks that users are shown, by page and number there."""
    found = {}
    for page in pages.PAGES:
        blocks = pages.read(page)
        listed = [one for one in blocks if one.language == "yaml"]
        files = {one.file: one.text for one in listed if one.file}
        for number, block in enumerate(listed, start=1):
            if isinstance(yaml.safe_load(block.text), list):
                name = block.file or "playbook.yml"
                after = blocks[blocks.index(block) + 1 :][:2]
                runs = [one.language for one in after] == ["console", "text"]
                found[f"{page.relative_to(CHECKOUT)} {number}"] = Playbook(
                    name,
                    {**files, name: as_playbook(block.text)},
                    after[1].text if runs and f"ansible-playbook {name}" in after[0].text else "",
                )
    return found


PLAYBOOKS = playbooks()


def on_a_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_what_a_page_shows(cloudflare: Simulator, tmp_path: Path, name: str) -> None:
    playbook = PLAYBOOKS[name]
    for file, text in playbook.files.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    own_inventory = tmp_path / "inventory.yml"
    inventory = own_inventory if own_inventory.exists() else CHECKOUT / "docs/awx/inventory.yml"

    first, second = (
        run_playbook(
            tmp_path / playbook.name,
            credentials(cloudflare),
            *("--inventory", str(inventory), "-e", json.dumps(VARIABLES), "--diff"),
        )
        for _time in range(2)
    )

    assert first.returncode == 0, first.stdout
    assert "failed=0" in first.stdout
    assert second.stdout.count("changed=") == second.stdout.count("changed=0"), second.stdout
    for part in playbook.shown.split("...\n"):
        assert on_a_line(part) in on_a_line(first.stdout)


def test_every_plugin_and_role_shows_how_it_is_used() -> None:
    for page in pages.PAGES:
        if page.suffix in (".py", ".yml"):
            [example] = pages.read(page)
            name = page.stem if page.suffix == ".py" else page.parents[1].name
            assert f"community.cloudflare.{name}" in example.text


def test_the_readme_leads_to_what_is_there() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    [repository] = re.findall(r"^repository: (.*)$", (CHECKOUT / "galaxy.yml").read_text(), re.M)
    links = dict(re.findall(r"^\[(.+)\]: (\S+)$", readme, re.MULTILINE))

    # Galaxy shows it, too, and can follow whole addresses alone.
    assert re.findall(r"\]\((?!https://)", readme) == []
    assert set(re.findall(r"\]\[(.+?)\]", readme)) <= set(links)
    for link in links.values():
        raw = repository.replace("github.com", "raw.githubusercontent.com")
        path = re.fullmatch(rf"(?:{repository}/(?:blob|tree)|{raw})/main/(\S+)", link)
        assert path, link
        assert (CHECKOUT / path[1]).exists(), link


def test_guides_show_what_playbooks_print() -> None:
    assert len([one for one in PLAYBOOKS.values() if one.shown]) == 4


def test_yaml_that_is_not_for_ansible_is_a_file_with_a_name() -> None:
    blocks = [(page, one) for page in pages.PAGES for one in pages.read(page)]
    others = [
        (page.name, one.file)
        for page, one in blocks
        if one.language == "yaml" and not isinstance(yaml.safe_load(one.text), list)
    ]

    assert sorted(others) == [
        ("auditing.rst", PIPELINE),
        ("credentials.rst", "group_vars/all/vault.yml"),
        ("onboarding.rst", "group_vars/operators/vars.yml"),
        ("onboarding.rst", "group_vars/operators/vault.yml"),
        ("onboarding.rst", "inventory.yml"),
    ]


def test_the_pipeline_is_one_for_gitlab(tmp_path: Path) -> None:
    [text] = {one.files[PIPELINE] for one in PLAYBOOKS.values() if PIPELINE in one.files}
    pipeline = tmp_path / PIPELINE
    pipeline.write_text(text)

    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema=vendor.gitlab-ci"]
    checked = subprocess.run([*command, str(pipeline)], check=False, capture_output=True, text=True)

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("module", ["cf_account_invite_info", "cf_org_invite_info"])
@pytest.mark.parametrize("retired", [False, True])
def test_the_audit_of_the_readme_works_by_changing_one_word(
    cloudflare: Simulator, tmp_path: Path, module: str, retired: bool
) -> None:
    cloudflare.settings.organization_invites_retired = retired
    [audit] = [
        one.files[one.name]
        for page, one in PLAYBOOKS.items()
        if page.startswith("README") and "cf_account_invite_info" in one.files[one.name]
    ]
    playbook = tmp_path / "audit.yml"
    playbook.write_text(audit.replace("cf_account_invite_info", module))

    ran = run_playbook(playbook, credentials(cloudflare))

    assert ran.returncode == 0, ran.stdout
    is_gone = retired and module == "cf_org_invite_info"
    assert ("alex.tran@harbor-ops.example" in ran.stdout) is not is_gone
