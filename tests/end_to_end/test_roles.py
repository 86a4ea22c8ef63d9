# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What integration tests cannot see of the roles: invites that come later, secrets, credentials."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.end_to_end.test_secrets import (
    ANSIBLES_OWN,
    base64_of,
)
from ansible_collections.community.cloudflare.tests.playbook import run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Fault, Simulator

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
    cloudflare: Simulator,
    folder: Path,
    role: str,
    variables: dict[str, Any],
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    retries: int = 5,
) -> Any:
    playbook = folder / "playbook.yml"
    roles = [{"role": f"community.cloudflare.{role}", "vars": variables}]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "roles": roles}
    play["module_defaults"] = {"group/community.cloudflare.cloudflare": {"retries": retries}}
    playbook.write_text(json.dumps([play]))
    own = {"CLOUDFLARE_BASE_URL": cloudflare.url, "ANSIBLE_DEBUG": "1"}
    return run_playbook(playbook, {**own, **(environment or {})}, *arguments)


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


# What makes no sense, for a role; and what the role says of it.
MISTAKES: dict[str, tuple[dict[str, Any], str, str]] = {
    "no token": ({"operator_onboarding_api_token": ""}, "operator_onboarding", "is empty"),
    "no key": (
        {"operator_onboarding_api_email": EMAIL, "operator_onboarding_api_key": ""},
        "operator_onboarding",
        "is empty",
    ),
    "no interval": (
        {"operator_onboarding_interval": 0},
        "operator_onboarding",
        "operator_onboarding_interval is less than 1",
    ),
    "nobody to accept, and everybody to reject": (
        {"operator_onboarding_accept": [], "operator_onboarding_unmatched": "reject"},
        "operator_onboarding",
        "accept is empty",
    ),
    "no token to audit with": ({"invite_audit_api_token": ""}, "invite_audit", "is empty"),
    "nothing to audit": ({"invite_audit_user": False}, "invite_audit", "nothing to audit"),
    "no time": ({"invite_audit_time": "yesterday"}, "invite_audit", "yesterday"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_nothing_is_sent_by_mistake(cloudflare: Simulator, tmp_path: Path, mistake: str) -> None:
    """Above all not with the credentials of somebody else, that the environment happens to have."""
    variables, role, message = MISTAKES[mistake]
    given = {"operator_onboarding_accept": [{"organization_id": "here"}], **variables}
    environment = {"CLOUDFLARE_API_TOKEN": TOKEN}

    ran = run_role(cloudflare, tmp_path, role, given, environment=environment)

    assert ran.returncode == 2, ran.stdout[-3000:]
    assert message in ran.stdout
    assert [request.path for request in cloudflare.log] == []


@pytest.mark.parametrize("role", ["operator_onboarding", "invite_audit"])
def test_extra_variables_are_text_and_change_nothing_else(
    cloudflare: Simulator, tmp_path: Path, role: str
) -> None:
    variables = {"operator_onboarding_accept": [{"organization_id": "here"}]}
    extra = {
        "operator_onboarding_wait": "2",
        "operator_onboarding_interval": "1",
        "invite_audit_user": "true",
        "invite_audit_directory": str(tmp_path / "audit"),
        # Names that the roles could have for something else.
        **dict.fromkeys(["login", "credentials", "invites", "policy", "time", "result"], "extra"),
    }

    ran = run_role(
        cloudflare,
        tmp_path,
        role,
        variables,
        *("-e", json.dumps(extra)),
        environment={"CLOUDFLARE_API_TOKEN": TOKEN},
    )

    assert ran.returncode == 0, ran.stdout[-3000:]
    assert "here" in ran.stdout


def test_a_look_that_fails_ends_no_wait(cloudflare: Simulator, tmp_path: Path) -> None:
    late = cloudflare.organizations[1]
    for _look in range(2):
        cloudflare.add_fault(Fault("answer", status=503, path="/user/invites"))

    def invite_later(_request: Any) -> None:
        if len(cloudflare.log) == 2:
            cloudflare.invite(EMAIL, late, id="2" * 32)

    cloudflare.before_answer = invite_later
    variables = {
        "operator_onboarding_accept": [{"organization_id": "late"}],
        "operator_onboarding_wait": 60,
        "operator_onboarding_interval": 1,
    }

    ran = run_role(
        cloudflare,
        tmp_path,
        "operator_onboarding",
        variables,
        environment={"CLOUDFLARE_API_TOKEN": TOKEN},
        retries=0,
    )

    assert ran.returncode == 0, ran.stdout[-3000:]
    assert cloudflare.status("2" * 32) == "accepted"
