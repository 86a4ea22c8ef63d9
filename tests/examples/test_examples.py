# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All playbooks and tasks that users are shown, and the demo, run as they are."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from ansible_collections.community.cloudflare.tests import demo
from ansible_collections.community.cloudflare.tests.examples.examples import (
    Example,
    read_examples,
)
from ansible_collections.community.cloudflare.tests.examples.runner import Runs, run_examples
from ansible_collections.community.cloudflare.tests.playbook import CHECKOUT, run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Simulator, seed

EXAMPLES = read_examples()
[AUDIT] = [
    example
    for name, example in EXAMPLES.items()
    if name.startswith("README") and "cf_account_invite_info" in example.files[example.playbook]
]
# The README says that this one works with the other module, too, by changing one word.
EXAMPLES["README.md, cf_org_invite_info"] = Example(
    AUDIT.playbook,
    {AUDIT.playbook: AUDIT.files[AUDIT.playbook].replace("cf_account_", "cf_org_")},
    "alex.tran@harbor-ops.example",
)
TEAM = CHECKOUT / "docs" / "examples" / "team"
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


@pytest.fixture(scope="session")
def runs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Runs]:
    """Run all examples whose tests were selected."""
    selected = [getattr(item, "callspec", None) for item in request.session.items]
    names = [one.params["example"] for one in selected if one and "example" in one.params]
    # Ansible shows a warning once in a process, so an example that has to show one comes first.
    names.sort(key=lambda name: "[WARNING]" not in EXAMPLES[name].output)
    return run_examples(
        {name: EXAMPLES[name] for name in names}, tmp_path_factory.mktemp("examples")
    )


@pytest.mark.xdist_group("examples")  # they share the fixture
@pytest.mark.parametrize("example", EXAMPLES)
def test_example_runs_and_then_changes_nothing(runs: dict[str, Runs], example: str) -> None:
    check, first, second = runs[example].check, runs[example].first, runs[example].second

    assert not first.failed, first.output
    assert not second.failed, second.output
    assert second.changed == 0, second.output
    for part in EXAMPLES[example].output.split("...\n"):
        assert on_a_line(part) in on_a_line(first.output)
    if check:
        assert not check.failed, check.output
        assert check.changed == first.changed, check.output


def on_a_line(text: str) -> str:
    return " ".join(text.split())


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
    acme, imitation = (cloudflare.find_organization(seed.organization_id(one)) for one in (2, 22))
    assert acme
    assert imitation
    assert cloudflare.members(acme) == [seed.OPERATOR, seed.COLLEAGUE]
    assert cloudflare.members(imitation) == []
