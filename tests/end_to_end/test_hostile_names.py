# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages about hostile names contain no terminal escapes.

The integration target hostile_names tests results and templates with such names on each
ansible-core.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.playbook import MITOGEN, run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Fault, Simulator, User

# Escape sequences, also in one character (C1), bells, tabs, line breaks, and invisible or
# bidirectional control characters.
HOSTILE_NAME = (
    "\x1b[2J\x1b]0;title\x07\b\t\r\n\x9b31m\x85\u2028\u202egnp.\u202c\u200f\u2067\u061c\u200b"
)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
TERMINAL_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)

WITH_ERROR, WITH_PAGE = "e" * 32, "f" * 32

# Each of these modules fails or warns.
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "none of this name": ("cf_user_invite", {"organization_name": f"Unknown {HOSTILE_NAME}"}),
    "several of this name": ("cf_user_invite", {"organization_name": f"Twin {HOSTILE_NAME}"}),
    "from another sender": (
        "cf_user_invite",
        {"organization_id": "sent", "invited_by": f"{HOSTILE_NAME.strip()}@x".replace("\n", "")},
    ),
    "of an unknown status": ("cf_user_invite", {"organization_id": "unlisted"}),
    "rejected": ("cf_user_invite", {"organization_id": "rejected"}),
    "looks alike": ("cf_user_invite", {"organization_id": "acme"}),
    "no id": ("cf_user_invite", {"invite_id": HOSTILE_NAME}),
    "error": ("cf_user_invite", {"invite_id": WITH_ERROR}),
    "page": ("cf_user_invite", {"invite_id": WITH_PAGE}),
    "rules that miss": (
        "cf_user_invites",
        {"accept": [{"organization_name": f"No {HOSTILE_NAME}"}]},
    ),
    "rules that collide": (
        "cf_user_invites",
        {"accept": [{"organization_id": "sent"}], "reject": [{"organization_id": "sent"}]},
    ),
    "a pending membership": (
        "cf_membership",
        {"account_name": f"Sent {HOSTILE_NAME}", "state": "absent"},
    ),
    "names that look alike": ("cf_user_invite_info", {}),
    "no id of an organization": ("cf_org_invite_info", {"organization_ids": [HOSTILE_NAME]}),
    "no id of an account": ("cf_account_invite_info", {"account_ids": [HOSTILE_NAME]}),
    "no URL": ("cf_user_invite_info", {"api_url": f"https://{HOSTILE_NAME}"}),
    "no such file": (
        "cf_user_invite_info",
        {"api_url": "https://[::1]:9", "ca_path": HOSTILE_NAME},
    ),
}


@pytest.fixture
def cloudflare() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def operator(cloudflare: Simulator) -> User:
    """A user with invites from organizations and senders with hostile names."""
    user = cloudflare.add_user()
    for identifier, name, status in (
        ("twin", f"Twin {HOSTILE_NAME}", "pending"),
        ("other-twin", f"Twin {HOSTILE_NAME}", "pending"),
        ("sent", f"Sent {HOSTILE_NAME}", "pending"),
        ("unlisted", f"Unlisted {HOSTILE_NAME}", HOSTILE_NAME),
        ("rejected", f"Rejected {HOSTILE_NAME}", "rejected"),
        ("acme", f"Acme {HOSTILE_NAME}", "pending"),
        ("imitation", f"\u0410cme {HOSTILE_NAME}", "pending"),
    ):
        organization = cloudflare.add_organization(name, id=identifier)
        cloudflare.invite(user, organization, f"{HOSTILE_NAME}@example.com", status)
    failure = {"success": False, "errors": [{"code": 1, "message": HOSTILE_NAME}]}
    for identifier, body in ((WITH_ERROR, json.dumps(failure)), (WITH_PAGE, HOSTILE_NAME * 9)):
        path = f"/user/invites/{identifier}"
        cloudflare.add_fault(Fault("response", path=path, status=400, body=body))
    return user


def test_messages_contain_no_terminal_escapes(
    cloudflare: Simulator, operator: User, tmp_path: Path
) -> None:
    tasks: list[dict[str, Any]] = [
        {
            "name": name,
            f"community.cloudflare.{module}": {
                **({"state": "accepted"} if module == "cf_user_invite" else {}),
                **options,
            },
            "register": f"result_{number}",
            "ignore_errors": True,
        }
        for number, (name, (module, options)) in enumerate(TASKS.items())
    ]
    result_names = ", ".join(f"result_{number}" for number in range(len(TASKS)))
    dump = tmp_path / "result_names.json"
    save = {"content": f"{{{{ [{result_names}] | to_json }}}}", "dest": str(dump), "mode": "0600"}
    tasks.append({"name": "Dump", "ansible.builtin.copy": save})
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))

    environment = {
        "CLOUDFLARE_BASE_URL": cloudflare.url,
        "CLOUDFLARE_API_TOKEN": operator.api_token,
    }

    ran = run_playbook(playbook, {**MITOGEN, **environment})

    assert ran.returncode == 0, ran.stdout
    assert not CONTROL.findall(ran.stdout)
    reported_lines = [
        line for line in ran.stdout.split("\n") if re.match(r"\[(ERROR|WARNING)\]", line)
    ]
    for line in reported_lines:
        assert not TERMINAL_CONTROL.findall(line), f"{line!a}"
    messages = {
        name: [*([result["msg"]] if result["failed"] else []), *result.get("warnings", [])]
        for name, result in zip(TASKS, json.loads(dump.read_text()))
    }
    for name, texts in messages.items():
        assert texts, f"{name}: no message"
        for text in texts:
            assert not TERMINAL_CONTROL.findall(text), f"{name}: {text!a}"
    assert "No invite matches" in messages["none of this name"][0]
    assert "2 organizations" in messages["several of this name"][0]
    assert len(reported_lines) >= len(TASKS)
