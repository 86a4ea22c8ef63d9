# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run many examples in one ansible-playbook process, each against its own simulator.

One process for all is faster. Each example has its own host in place of localhost, and its own
directory, so that examples cannot affect each other.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.community.cloudflare.plugins.plugin_utils._json import to_json
from ansible_collections.community.cloudflare.plugins.plugin_utils._report import build_report
from ansible_collections.community.cloudflare.tests.examples.examples import Example
from ansible_collections.community.cloudflare.tests.playbook import CHECKOUT, MITOGEN, run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Fault, Simulator, seed

# Variables that the pages leave to the user.
VARIABLES = {
    "cloudflare_api_token": seed.API_TOKEN,
    "cloudflare_email": seed.OPERATOR,
    "cloudflare_api_key": seed.API_KEY,
    "vaulted_api_tokens": {"robin": seed.API_TOKEN, "sam": seed.COLLEAGUE_API_TOKEN},
    "invite_audit_time": "2026-11-22T12:00:00Z",
}
BASELINE = to_json(build_report([], datetime(2026, 11, 22, tzinfo=timezone.utc)))
# The end of the output of each playbook. Its numbers are cumulative.
RECAP = re.compile(r"^PLAY RECAP \*+\n((?:\S+ +: .*\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """One run of an example.

    :ivar changed: the number of tasks that reported a change.
    """

    output: str
    failed: bool
    changed: int


@dataclass(frozen=True)
class Runs:
    """Two runs of an example, after one in check mode."""

    first: Run
    second: Run
    check: Run | None


def run_examples(examples: Mapping[str, Example], folder: Path) -> dict[str, Runs]:
    """Run all examples, and return the runs by example."""
    with contextlib.ExitStack() as stack:
        playbooks: dict[str, Path] = {}
        hosts: dict[str, Any] = {}
        inventories = [folder / "inventory.json", CHECKOUT / "docs" / "awx" / "inventory.yml"]
        for number, (name, example) in enumerate(examples.items()):
            cloudflare = stack.enter_context(Simulator())
            seed.load(seed.demo_data(cloudflare.now()), cloudflare)
            host, place = f"example-{number}", folder / str(number)
            plays = yaml.safe_load(example.files[example.playbook])
            if any(play["hosts"] != "localhost" for play in plays):
                inventories.append(place / "inventory.yml")
            for play in plays:
                play["hosts"] = play["hosts"].replace("localhost", host)
                play["environment"] = {"CLOUDFLARE_BASE_URL": cloudflare.url}
            files = {**example.files, example.playbook: yaml.safe_dump(plays, sort_keys=False)}
            for file, text in files.items():
                (place / file).parent.mkdir(parents=True, exist_ok=True)
                (place / file).write_text(text, encoding="utf-8")
            # The report that an example compares with.
            (place / "baseline.json").write_text(BASELINE, encoding="utf-8")
            playbooks[name] = place / example.playbook
            # The default for examples that set no format, to save time.
            hosts[host] = {"invite_audit_formats": ["json"]}
            # Other servers that an example sends something to.
            cloudflare.add_fault(Fault("response", status=200, times=None, path="/elsewhere"))
            for variable in ("slack_webhook", "report_store"):
                hosts[host][variable] = f"{cloudflare.url}/elsewhere"
        inventories[0].write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
        arguments = [f"--inventory={path}" for path in inventories]
        arguments += ["--extra-vars", json.dumps(VARIABLES), "--diff"]
        to_check = {name: playbooks[name] for name in examples if examples[name].check}
        checked = _run_all(to_check, [*arguments, "--check"])
        first, second = (_run_all(playbooks, arguments) for _time in range(2))
    return {name: Runs(first[name], second[name], checked.get(name)) for name in examples}


def _run_all(playbooks: Mapping[str, Path], arguments: list[str]) -> dict[str, Run]:
    """Run playbooks. After a failure, run the remaining ones in another process."""
    runs: dict[str, Run] = {}
    while len(runs) < len(playbooks):
        left = [name for name in playbooks if name not in runs]
        paths = [str(playbooks[name]) for name in left]
        environment = {**MITOGEN, "CLOUDFLARE_API_TOKEN": seed.API_TOKEN}
        ran = run_playbook(Path(paths[0]), environment, *paths[1:], *arguments)
        *outputs, rest = RECAP.split(ran.stdout)
        totals = [0, *(_changed(recap) for recap in outputs[1::2])]
        texts = outputs[::2]
        if rest.strip():  # of a playbook that could not be loaded
            texts.append(rest)
            totals.append(totals[-1])
        assert texts, ran.stdout
        for number, (name, text) in enumerate(zip(left, texts)):
            failed = ran.returncode != 0 and number == len(texts) - 1
            output = re.sub(r"\bexample-\d+\b", "localhost", text)
            runs[name] = Run(output, failed, totals[number + 1] - totals[number])
    return runs


def _changed(recap: str) -> int:
    return sum(map(int, re.findall(r"\bchanged=(\d+)", recap)))
