# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much memory the process of a module takes, at ten thousands of invites."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..playbook import CHECKOUT, PLACE
from .scenarios import ACCOUNTS, ANSWER, API_TOKEN, AUDIT, INVITES_OF_EACH, LIST, Scenario
from .server import Cloudflare

INVITES = 20_000
MODULES = "ansible_collections.community.cloudflare.plugins.modules"


@dataclass(frozen=True)
class Memory:
    """The peak of one module's process."""

    module: str
    invites: int
    mebibytes: float


@dataclass(frozen=True)
class _Task:
    module: str
    scenario: Scenario
    size: int
    options: Mapping[str, Any]
    invites: int = INVITES


# To answer twenty thousand takes minutes, and no more memory than to plan for them.
_TASKS = (
    _Task("cf_user_invite_info", LIST, INVITES, {}),
    _Task(
        "cf_user_invites",
        ANSWER,
        INVITES // 5,
        {"accept": [{"organization_name": "Organization 00000"}]},
    ),
    _Task(
        "cf_org_invite_info",
        AUDIT,
        INVITES // INVITES_OF_EACH,
        {"organization_ids": AUDIT.variables(INVITES // INVITES_OF_EACH)["organization_ids"]},
        INVITES // INVITES_OF_EACH * INVITES_OF_EACH,
    ),
    _Task(
        "cf_account_invite_info",
        ACCOUNTS,
        INVITES // INVITES_OF_EACH,
        {"account_ids": ACCOUNTS.variables(INVITES // INVITES_OF_EACH)["account_ids"]},
        INVITES // INVITES_OF_EACH * INVITES_OF_EACH,
    ),
)


def peaks(cloudflare: Cloudflare) -> list[Memory]:
    """Run modules as Ansible does, but directly, and return the peak of each process."""
    return [Memory(task.module, task.invites, _peak_of(task, cloudflare) / 1024) for task in _TASKS]


def _peak_of(task: _Task, cloudflare: Cloudflare) -> int:
    """Return the greatest resident set, in KiB."""
    cloudflare.begin(task.scenario, task.size)
    cloudflare.configure(latency=0)
    options = {"api_url": cloudflare.url, "api_token": API_TOKEN, **task.options}
    with tempfile.TemporaryDirectory() as tree, tempfile.TemporaryFile() as output:
        place = Path(tree) / PLACE
        place.parent.mkdir(parents=True)
        place.symlink_to(CHECKOUT, target_is_directory=True)
        with subprocess.Popen(
            [sys.executable, "-m", f"{MODULES}.{task.module}"],
            cwd=tree,
            stdin=subprocess.PIPE,
            stdout=output,
        ) as process:
            assert process.stdin
            process.stdin.write(json.dumps({"ANSIBLE_MODULE_ARGS": options}).encode())
            process.stdin.close()
            _pid, status, usage = os.wait4(process.pid, 0)  # of this process, not of all children
            process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        result = json.loads(output.read() or b"{}")
    if process.returncode:
        sys.exit(f"{task.module} failed: {result.get('msg')}")
    return usage.ru_maxrss
