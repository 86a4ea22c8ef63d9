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
from ansible_collections.community.cloudflare.tests.playbook import CHECKOUT, run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Simulator, story

EXAMPLES = CHECKOUT / "docs" / "examples"
CHANGED = re.compile(r"changed=(\d+)")
YAML_BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


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
    assert "The first run reported changed=3, the second run changed=0." in told


@pytest.mark.parametrize("playbook", sorted(path.name for path in EXAMPLES.glob("*.yml")))
def test_examples(cloudflare: Simulator, playbook: str) -> None:
    credentials = {
        "CLOUDFLARE_BASE_URL": cloudflare.url,
        "CLOUDFLARE_API_TOKEN": story.API_TOKEN,
    }

    predicted = run_playbook(EXAMPLES / playbook, credentials, "--check", "--diff")
    first = run_playbook(EXAMPLES / playbook, credentials)
    second = run_playbook(EXAMPLES / playbook, credentials)

    assert first.returncode == 0, first.stdout
    assert CHANGED.findall(predicted.stdout) == CHANGED.findall(first.stdout)
    assert CHANGED.findall(second.stdout) == ["0"]


@pytest.mark.parametrize(
    "number", range(len(YAML_BLOCK.findall((CHECKOUT / "README.md").read_text())))
)
def test_playbooks_of_the_readme(cloudflare: Simulator, tmp_path: Path, number: int) -> None:
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(YAML_BLOCK.findall((CHECKOUT / "README.md").read_text())[number])
    credentials = {
        "CLOUDFLARE_BASE_URL": cloudflare.url,
        "CLOUDFLARE_API_TOKEN": story.API_TOKEN,
    }

    of_vault = ["-e", f"cloudflare_email={story.OPERATOR} cloudflare_api_key={story.API_KEY}"]

    first = run_playbook(playbook, credentials, *of_vault)
    second = run_playbook(playbook, credentials, *of_vault)

    assert first.returncode == 0, first.stdout
    assert "failed=0" in first.stdout
    assert "changed=0" in second.stdout
