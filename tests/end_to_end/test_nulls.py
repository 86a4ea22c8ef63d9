# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Null values from templates, in playbooks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.playbook import MITOGEN, run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Simulator

NULL = "{{ acme.id }}"
RULE = {"organization_id": NULL, "invited_by": "@gmail.com"}

# The module, its options, and a part of the error, or None if the task succeeds.
TASKS: list[tuple[str, dict[str, Any], str | None]] = [
    ("cf_user_invites", {"accept": [RULE]}, "Rule 1 of accept: organization_id is null or empty."),
    ("cf_user_invites", {"allow_name_only": "{{ none }}"}, "allow_name_only is null."),
    ("cf_user_invite", {"invite_id": NULL, "state": "rejected"}, "invite_id is null or empty."),
    (
        "cf_account_invites",
        {"account_ids": ["1"], "invites": [{"email": NULL, "roles": ["DNS"]}]},
        "Element 1 of invites: email is null or empty.",
    ),
    ("cf_membership", {"account_id": NULL, "account_name": "Acme"}, "account_id is null or empty"),
    ("cf_account_invite_info", {"account_ids": ["1", NULL]}, "Element 2 of account_ids is null or"),
    ("cf_membership_info", {"account_name": "{{ none }}"}, "account_name is null or empty."),
    ("cf_user_invite_info", {"organization_id": "{{ none }}"}, "organization_id is null or empty."),
    ("cf_user_invite_info", {"api_token": "{{ none }}"}, "api_token is null or empty."),
    ("cf_user_invite_info", {"organization_id": "{{ acme.id | default(omit, true) }}"}, None),
    ("cf_user_invite_info", {"api_url": NULL, "timeout": NULL, "ca_path": NULL}, None),
]


@pytest.fixture
def cloudflare() -> Iterator[Simulator]:
    with Simulator() as simulator:
        user = simulator.add_user("operator@example.com", api_token="own-token")
        simulator.invite(user, simulator.add_organization("Acme"), "attacker@gmail.com")
        yield simulator


def test_templated_null_never_widens_a_selection(cloudflare: Simulator, tmp_path: Path) -> None:
    tasks: list[dict[str, Any]] = []
    for module, options, message in TASKS:
        expected = "result.invites is defined" if message is None else f"{message!r} in result.msg"
        tasks += [
            {f"community.cloudflare.{module}": options, "register": "result", "failed_when": False},
            {"ansible.builtin.assert": {"that": expected}},
        ]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(json.dumps([{**play, "vars": {"acme": {"id": None}}}]))
    environment = {"CLOUDFLARE_BASE_URL": cloudflare.url, "CLOUDFLARE_API_TOKEN": "own-token"}

    ran = run_playbook(playbook, {**MITOGEN, **environment})

    assert ran.returncode == 0, ran.stdout[-3000:]
    succeeding = [message for _module, _options, message in TASKS if message is None]
    sent = [(request.method, request.path) for request in cloudflare.log]
    assert sent == [("GET", "/user/invites")] * len(succeeding)
