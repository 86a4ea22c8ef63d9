# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo, and the playbooks in docs/examples, run as they are."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from ansible_collections.community.cloudflare.tests import demo
from ansible_collections.community.cloudflare.tests.demo import credentials
from ansible_collections.community.cloudflare.tests.playbook import CHECKOUT, run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Simulator, story

EXAMPLES = CHECKOUT / "docs" / "examples"
TEAM = EXAMPLES / "team"
TIME = "2026-11-22T12:00:00Z"
CHANGED = re.compile(r"changed=(\d+)")


def test_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    status = demo.main()

    told = capsys.readouterr().out
    assert status == 0
    assert "27 invites on 2 pages" in told
    assert "accepted  Acme Logistics, from access@acme-logistics.example" in told
    assert "accepted  Alder & Finch Publishing" in told
    assert "rejected  Acme Logistics, from acme.logistics.access@freemail.example" in told
    assert "accepted  Bluewater Ferries" in told
    assert told.count("accepted  ") == 3
    [report] = re.findall(r"The report of the audit is (\S+);", told)
    assert "Harbor Operations" in Path(report).read_text(encoding="utf-8")
    shutil.rmtree(Path(report).parent)
    assert "cf_account_invite_info: {account_ids: ['0a000000000000000000000000000099']}" in told
    assert "Harbor Operations | alex.tran@harbor-ops.example" in told
    assert "The first run reported changed=3, the second run changed=0." in told


@pytest.mark.parametrize("playbook", sorted(path.name for path in EXAMPLES.glob("*.yml")))
def test_examples(cloudflare: Simulator, tmp_path: Path, playbook: str) -> None:
    # The report of an audit bears its time, and lies where it does no harm.
    where = ["-e", f"invite_audit_directory={tmp_path}/audit", "-e", "invite_audit_time=" + TIME]

    predicted, first, second = (
        run_playbook(EXAMPLES / playbook, credentials(cloudflare), *where, *arguments)
        for arguments in (["--check", "--diff"], [], [])
    )

    assert first.returncode == 0, first.stdout
    assert CHANGED.findall(predicted.stdout) == CHANGED.findall(first.stdout)
    assert CHANGED.findall(second.stdout) == ["0"]


def test_the_example_of_a_team(cloudflare: Simulator, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("demo")
    inventory = ["--inventory", str(TEAM / "inventory.yml")]
    vault = ["--vault-password-file", str(password)]

    predicted, first, second = (
        run_playbook(
            TEAM / "onboard_team.yml",
            {"CLOUDFLARE_BASE_URL": cloudflare.url},
            *(*inventory, *vault, *arguments),
        )
        for arguments in (["--check"], [], [])
    )

    assert CHANGED.findall(predicted.stdout) == CHANGED.findall(first.stdout) == ["0", "1", "1"]
    assert CHANGED.findall(second.stdout) == ["0", "0", "0"], second.stdout
    joined = ["Alder & Finch Publishing", "Acme Logistics"]
    assert ", ".join(joined) in second.stdout
    assert ", ".join([*joined, "Bluewater Ferries"]) in second.stdout
    acme, imitation = (cloudflare.find_organization(story.organization_id(one)) for one in (2, 22))
    assert acme
    assert imitation
    assert cloudflare.members(acme) == [story.OPERATOR, story.COLLEAGUE]
    assert cloudflare.members(imitation) == []
