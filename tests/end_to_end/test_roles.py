# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What integration tests cannot see of the roles: invites that come later, secrets, credentials."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.end_to_end.test_secrets import (
    ANSIBLES_OWN,
    base64_of,
)
from ansible_collections.community.cloudflare.tests.playbook import run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Simulator

TOKEN, KEY, EMAIL = "planted-token-4711-???~~~", "planted-key-4711-???~~~", "op@example.com"
LOGINS: dict[str, dict[str, str]] = {
    "token": {"api_token": TOKEN},
    "key": {"api_email": EMAIL, "api_key": KEY},
}


@pytest.fixture
def cloudflare() -> Iterator[Simulator]:
    """Cloudflare, where one organization has invited the operator, and another may."""
    with Simulator() as simulator:
        user = simulator.add_user(EMAIL, api_token=TOKEN, api_key=KEY)
        here, _late = (simulator.add_organization(one, id=one) for one in ("here", "late"))
        simulator.add_member(user, here)
        simulator.invite(user, here, id="1" * 32)
        yield simulator


def run_role(
    cloudflare: Simulator, folder: Path, role: str, variables: dict[str, Any], *arguments: str
) -> Any:
    playbook = folder / "playbook.yml"
    roles = [{"role": f"community.cloudflare.{role}", "vars": variables}]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "roles": roles}
    playbook.write_text(json.dumps([play]))
    environment = {"CLOUDFLARE_BASE_URL": cloudflare.url, "ANSIBLE_DEBUG": "1"}
    return run_playbook(playbook, environment, *arguments)


def test_an_invite_that_comes_later_is_waited_for(cloudflare: Simulator, tmp_path: Path) -> None:
    late = cloudflare.organizations[1]
    looks: list[str] = []

    def invite_later(request: Any) -> None:
        looks.append(request.path)
        if len(looks) == 5:
            cloudflare.invite(EMAIL, late, id="2" * 32)

    cloudflare.before_answer = invite_later
    variables = {
        "operator_onboarding_accept": [{"organization_id": "here"}, {"organization_id": "late"}],
        "operator_onboarding_wait": 60,
        "operator_onboarding_interval": 1,
        "operator_onboarding_api_token": TOKEN,
    }

    ran = run_role(cloudflare, tmp_path, "operator_onboarding", variables)

    assert ran.returncode == 0, ran.stdout[-3000:]
    assert cloudflare.status("1" * 32) == cloudflare.status("2" * 32) == "accepted"
    assert "Were accepted: here here, late late" in ran.stdout
    # Waiting only looks: whatever is answered is answered at once, at the end.
    methods = [request.method for request in cloudflare.log]
    assert methods.index("PATCH") == len(methods) - 2


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("role", ["operator_onboarding", "invite_audit"])
def test_secrets_stay_secret(cloudflare: Simulator, tmp_path: Path, role: str, login: str) -> None:
    variables: dict[str, Any] = {
        **{f"{role}_{name}": value for name, value in LOGINS[login].items()},
        "operator_onboarding_accept": [{"organization_id": "here"}],
        "invite_audit_account_ids": ["here"],
        "invite_audit_directory": str(tmp_path / "audit"),
    }

    ran = run_role(cloudflare, tmp_path, role, variables, "-vvvv", "--diff")

    assert ran.returncode == 0, ran.stdout[-3000:]
    assert cloudflare.log
    told = ANSIBLES_OWN.sub("", ran.stdout).encode()
    for report in (tmp_path / "audit").glob("*"):
        told += report.read_bytes()
    for secret in (TOKEN, KEY):
        assert secret.encode() not in told
        assert base64_of(secret) not in told


def test_credentials_of_the_play_are_used(cloudflare: Simulator, tmp_path: Path) -> None:
    playbook = tmp_path / "playbook.yml"
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "module_defaults": {"group/community.cloudflare.cloudflare": {"api_token": TOKEN}},
        "vars": {
            "invite_audit_directory": str(tmp_path / "audit"),
            "operator_onboarding_accept": [{"organization_id": "here"}],
        },
        "roles": [
            "community.cloudflare.operator_onboarding",
            "community.cloudflare.invite_audit",
        ],
    }
    playbook.write_text(json.dumps([play]))

    ran = run_playbook(playbook, {"CLOUDFLARE_BASE_URL": cloudflare.url})

    assert ran.returncode == 0, ran.stdout[-3000:]
    assert {request.headers["Authorization"] for request in cloudflare.log} == {f"Bearer {TOKEN}"}
