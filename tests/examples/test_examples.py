# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the demo, and all playbooks and tasks of the documentation unchanged."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from ansible_collections.community.cloudflare.tests import demo
from ansible_collections.community.cloudflare.tests.examples.examples import Example, read_examples
from ansible_collections.community.cloudflare.tests.examples.runner import Runs, run_examples
from ansible_collections.community.cloudflare.tests.playbook import CHECKOUT, MITOGEN, run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Simulator, seed

EXAMPLES = read_examples()
[AUDIT] = [
    example
    for name, example in EXAMPLES.items()
    if name.startswith("README") and "cf_account_invite_info" in example.files[example.playbook]
]
# The README says that this one also works with the other module.
EXAMPLES["README.md, cf_org_invite_info"] = Example(
    AUDIT.playbook,
    {AUDIT.playbook: AUDIT.files[AUDIT.playbook].replace("cf_account_", "cf_org_")},
    "alex.tran@harbor-ops.example",
)
TEAM = CHECKOUT / "docs" / "examples" / "team"
CHANGED = re.compile(r"changed=(\d+)")
PARTS = 2  # of the examples, which can run at the same time


def test_demo_accepts_invites_and_writes_reports(capsys: pytest.CaptureFixture[str]) -> None:
    status = demo.main()

    output = capsys.readouterr().out
    assert status == 0
    assert "27 invites on 2 pages" in output
    assert "accepted  Acme Logistics, from access@acme-logistics.example" in output
    assert "accepted  Alder & Finch Publishing" in output
    assert "rejected  Acme Logistics, from acme.logistics.access@freemail.example" in output
    assert "accepted  Bluewater Ferries" in output
    assert output.count("accepted  ") == 3
    # lou@freelance.example has another domain, and becomes an administrator.
    assert "Since the baseline: 3 new, " in output
    [report] = re.findall(r"The report of the audit is (\S+);", output)
    assert "Harbor Operations" in Path(report).read_text(encoding="utf-8")
    shutil.rmtree(Path(report).parent)
    assert "cf_account_invite_info: {account_ids: ['0a000000000000000000000000000099']}" in output
    assert "Harbor Operations | alex.tran@harbor-ops.example" in output
    assert "The first run reported changed=3, the second run changed=0." in output
    assert "The nightly run reported changed=1, a second one changed=0." in output


@pytest.fixture(scope="session")
def runs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Runs]:
    """Run all examples of a part whose tests were selected."""
    selected = [getattr(item, "callspec", None) for item in request.session.items]
    names = [
        one.params["example"] for one in selected if one and one.params.get("runs") == request.param
    ]
    # Ansible shows a warning once per process, so an example with a warning comes first.
    names.sort(key=lambda name: "[WARNING]" not in EXAMPLES[name].expected_output)
    return run_examples(
        {name: EXAMPLES[name] for name in names}, tmp_path_factory.mktemp("examples")
    )


@pytest.mark.parametrize(
    ("runs", "example"),
    [
        # Those of a part share the fixture.
        pytest.param(part, name, id=name, marks=pytest.mark.xdist_group(f"examples {part}"))
        for part in range(PARTS)
        for name in list(EXAMPLES)[part::PARTS]
    ],
    indirect=["runs"],
    scope="session",
)
def test_example_is_idempotent(runs: dict[str, Runs], example: str) -> None:
    check, first, second = runs[example].check, runs[example].first, runs[example].second

    assert not first.failed, first.output
    assert not second.failed, second.output
    assert second.changed == 0, second.output
    for part in EXAMPLES[example].expected_output.split("...\n"):
        assert collapse_whitespace(part) in collapse_whitespace(first.output)
    if check:
        assert not check.failed, check.output
        assert check.changed == first.changed, check.output


def collapse_whitespace(text: str) -> str:
    return " ".join(text.split())


def test_team_example_invites_and_onboards_both_operators(
    cloudflare: Simulator, tmp_path: Path
) -> None:
    password = tmp_path / "password"
    password.write_text("demo")
    inventory = ["--inventory", str(TEAM / "inventory.yml")]
    vault = ["--vault-password-file", str(password)]
    environment = {
        **MITOGEN,
        "CLOUDFLARE_BASE_URL": cloudflare.url,
        "CLOUDFLARE_API_TOKEN": seed.API_TOKEN,
    }
    home = cloudflare.find_organization(seed.HOME_ORGANIZATION_ID)
    colleague = cloudflare.find_user(seed.COLLEAGUE)
    assert home
    assert colleague

    def run(*arguments: str) -> str:
        """Run both playbooks. The numbers of changes of the second one include the first."""
        playbooks = TEAM / "invite_team.yml", environment, str(TEAM / "onboard_team.yml")
        return run_playbook(*playbooks, *inventory, *vault, *arguments).stdout

    predicted = run("--check")
    cloudflare.leave(colleague, home)
    first, second = run(), run()

    assert CHANGED.findall(predicted) == [*"0", *"011"], predicted
    assert CHANGED.findall(first) == [*"1", *"021"], first
    assert CHANGED.findall(second) == [*"0", *"000"], second
    assert cloudflare.members(home) == [seed.OPERATOR, seed.COLLEAGUE]
    joined = ["Harbor Operations", "Alder & Finch Publishing", "Acme Logistics"]
    assert ", ".join([*joined[1:], joined[0]]) in second
    assert ", ".join([*joined, "Bluewater Ferries"]) in second
    acme, imitation = (cloudflare.find_organization(seed.organization_id(one)) for one in (2, 22))
    assert acme
    assert imitation
    assert cloudflare.members(acme) == [seed.OPERATOR, seed.COLLEAGUE]
    assert cloudflare.members(imitation) == []
