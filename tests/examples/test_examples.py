# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is printed for users to copy: the demo, and the playbooks of the README, run as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.community.cloudflare.tests import demo
from ansible_collections.community.cloudflare.tests.demo import credentials
from ansible_collections.community.cloudflare.tests.playbook import CHECKOUT, run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Simulator, story

EXAMPLES = CHECKOUT / "docs" / "examples"
CHANGED = re.compile(r"changed=(\d+)")
BLOCKS = re.findall(r"```yaml\n(.*?)```", (CHECKOUT / "README.md").read_text(), re.DOTALL)


@pytest.fixture
def cloudflare() -> Iterator[Simulator]:
    with Simulator() as simulator:
        story.tell(story.demo(simulator.now()), simulator)
        yield simulator


def test_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    status = demo.main()

    told = capsys.readouterr().out
    assert status == 0
    assert "27 invites on 2 pages" in told
    assert "accepted  Acme Logistics, from access@acme-logistics.example" in told
    assert "accepted  Alder & Finch Publishing" in told
    assert "rejected  Acme Logistics, from acme.logistics.access@freemail.example" in told
    assert told.count("accepted  ") == 2
    assert "cf_account_invite_info: {account_ids: ['0a000000000000000000000000000099']}" in told
    assert "Harbor Operations | alex.tran@harbor-ops.example" in told
    assert "The first run reported changed=3, the second run changed=0." in told


@pytest.mark.parametrize("playbook", sorted(path.name for path in EXAMPLES.glob("*.yml")))
def test_examples(cloudflare: Simulator, playbook: str) -> None:
    predicted = run_playbook(EXAMPLES / playbook, credentials(cloudflare), "--check", "--diff")
    first = run_playbook(EXAMPLES / playbook, credentials(cloudflare))
    second = run_playbook(EXAMPLES / playbook, credentials(cloudflare))

    assert first.returncode == 0, first.stdout
    assert CHANGED.findall(predicted.stdout) == CHANGED.findall(first.stdout)
    assert CHANGED.findall(second.stdout) == ["0"]


@pytest.mark.parametrize("module", ["cf_account_invite_info", "cf_org_invite_info"])
@pytest.mark.parametrize("retired", [False, True])
def test_the_audit_of_the_readme_works_by_changing_one_word(
    cloudflare: Simulator, tmp_path: Path, module: str, retired: bool
) -> None:
    cloudflare.settings.organization_invites_retired = retired
    [audit] = [one for one in BLOCKS if "cf_account_invite_info" in one]
    playbook = tmp_path / "audit.yml"
    playbook.write_text(audit.replace("cf_account_invite_info", module))

    ran = run_playbook(playbook, credentials(cloudflare))

    assert ran.returncode == 0, ran.stdout
    is_gone = retired and module == "cf_org_invite_info"
    assert ("alex.tran@harbor-ops.example" in ran.stdout) is not is_gone


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_playbooks_of_the_readme(cloudflare: Simulator, tmp_path: Path, number: int) -> None:
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(BLOCKS[number])
    of_vault = ["-e", f"cloudflare_email={story.OPERATOR} cloudflare_api_key={story.API_KEY}"]

    first = run_playbook(playbook, credentials(cloudflare), *of_vault)
    second = run_playbook(playbook, credentials(cloudflare), *of_vault)

    assert first.returncode == 0, first.stdout
    assert "failed=0" in first.stdout
    assert "changed=0" in second.stdout
