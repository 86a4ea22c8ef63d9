# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the roles that need the simulator: late invites, secrets, and credentials."""

from __future__ import annotations

import contextlib
import itertools
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.end_to_end.test_secrets import (
    ANSIBLE_DEBUG_LINE,
    base64_of,
)
from ansible_collections.community.cloudflare.tests.playbook import MITOGEN, run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Fault, Simulator

TOKEN, KEY, EMAIL = "planted-token-4711-???~~~", "planted-key-4711-???~~~", "op@example.com"
CREDENTIALS: dict[str, dict[str, str]] = {
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


def run_roles(
    cloudflare: Simulator,
    folder: Path,
    names: list[str],
    variables: dict[str, Any],
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    retries: int = 5,
) -> Any:
    playbook = folder / "playbook.yml"
    roles = [{"role": f"community.cloudflare.{name}", "vars": variables} for name in names]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "roles": roles}
    play["module_defaults"] = {"group/community.cloudflare.cloudflare": {"retries": retries}}
    playbook.write_text(json.dumps([play]))
    own = {**MITOGEN, "CLOUDFLARE_BASE_URL": cloudflare.url}
    return run_playbook(playbook, {**own, **(environment or {})}, *arguments)


def run_tasks(
    cloudflare: Simulator, folder: Path, tasks: list[dict[str, Any]], variables: dict[str, Any]
) -> Any:
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False}
    playbook = folder / "playbook.yml"
    playbook.write_text(json.dumps([{**play, "vars": variables, "tasks": tasks}]))
    environment = {"CLOUDFLARE_BASE_URL": cloudflare.url, "CLOUDFLARE_API_TOKEN": TOKEN}
    return run_playbook(playbook, {**MITOGEN, **environment})


def test_onboarding_waits_for_late_invite(cloudflare: Simulator, tmp_path: Path) -> None:
    late = cloudflare.organizations[1]
    polled_paths: list[str] = []

    def send_late_invite(request: Any) -> None:
        polled_paths.append(request.path)
        if len(polled_paths) == 5:
            cloudflare.invite(EMAIL, late, id="2" * 32)

    cloudflare.before_request = send_late_invite
    variables = {
        "operator_onboarding_accept": [{"organization_id": "here"}, {"organization_id": "late"}],
        "operator_onboarding_wait": 60,
        "operator_onboarding_interval": 1,
        "operator_onboarding_api_token": TOKEN,
    }

    ran = run_roles(cloudflare, tmp_path, ["operator_onboarding"], variables)

    assert ran.returncode == 0, ran.stdout[-3000:]
    assert cloudflare.status("1" * 32) == cloudflare.status("2" * 32) == "accepted"
    assert "Were accepted: here here, late late" in ran.stdout
    # While it waits, the role only reads. It responds to all invites at the end.
    methods = [request.method for request in cloudflare.log]
    assert methods.index("PATCH") == len(methods) - 2


@pytest.mark.parametrize("login", CREDENTIALS)
def test_role_output_contains_no_secrets(cloudflare: Simulator, tmp_path: Path, login: str) -> None:
    roles = ["operator_onboarding", "invite_audit"]
    variables: dict[str, Any] = {
        **{f"{role}_{name}": value for role in roles for name, value in CREDENTIALS[login].items()},
        "operator_onboarding_accept": [{"organization_id": "here"}],
        "invite_audit_account_ids": ["here"],
        "invite_audit_directory": str(tmp_path / "audit"),
    }

    ran = run_roles(
        *(cloudflare, tmp_path, roles, variables, "-vvvv", "--diff"),
        environment={"ANSIBLE_DEBUG": "1", "ANSIBLE_STRATEGY": "linear"},
    )

    assert ran.returncode == 0, ran.stdout[-3000:]
    assert {request.path for request in cloudflare.log} >= {
        "/user/invites",
        "/accounts/here/members",
    }
    output = ANSIBLE_DEBUG_LINE.sub("", ran.stdout).encode()
    for report in (tmp_path / "audit").glob("*"):
        output += report.read_bytes()
    for secret in (TOKEN, KEY):
        assert secret.encode() not in output
        assert base64_of(secret) not in output


def test_role_credentials_override_play_credentials(cloudflare: Simulator, tmp_path: Path) -> None:
    roles = ["operator_onboarding", "invite_audit"]
    schemes = {"token": {"Authorization"}, "key": {"X-Auth-Email", "X-Auth-Key"}}
    cases = [("token", "key"), ("key", "token"), (None, "token")]
    plays = [
        {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "module_defaults": {
                "group/community.cloudflare.cloudflare": {
                    "api_url": f"{cloudflare.url}/",
                    **CREDENTIALS[of_play],
                }
            },
            "vars": {
                **{
                    f"{role}_{name}": value
                    for role in roles
                    for name, value in CREDENTIALS.get(of_role or "", {}).items()
                },
                "invite_audit_directory": str(tmp_path / "audit"),
                "invite_audit_formats": "json",
                "operator_onboarding_accept": [{"organization_id": "here"}],
            },
            "roles": [f"community.cloudflare.{role}" for role in roles],
        }
        for of_role, of_play in cases
    ]
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(json.dumps(plays))

    ran = run_playbook(playbook, MITOGEN)

    assert ran.returncode == 0, ran.stdout[-3000:]
    headers = {"Authorization", "X-Auth-Email", "X-Auth-Key"}
    sent = [headers & dict(request.headers).keys() for request in cloudflare.log]
    assert [request for request, _group in itertools.groupby(sent)] == [
        schemes[of_role or of_play] for of_role, of_play in cases
    ]


# Invalid variables of each role, and a part of the error.
INVALID_VARIABLES: dict[str, list[tuple[dict[str, Any], str]]] = {
    "operator_onboarding": [
        ({"api_token": ""}, "operator_onboarding_api_token is null or empty"),
        ({"api_token": None}, "operator_onboarding_api_token is null or empty"),
        ({"api_email": EMAIL, "api_key": ""}, "operator_onboarding_api_key is null or empty"),
        ({"api_email": EMAIL}, "Set operator_onboarding_api_key beside"),
        ({"api_key": KEY}, "Set operator_onboarding_api_email beside"),
        ({"api_token": TOKEN, "api_email": EMAIL, "api_key": KEY}, "Set either"),
        ({"accept": []}, "operator_onboarding_accept is null or empty"),
        ({"accept": [], "reject_unmatched": True}, "operator_onboarding_accept is null or empty"),
        ({"accept": ""}, "operator_onboarding_accept"),
        ({"accept": "{{ none }}"}, "operator_onboarding_accept"),
        ({"accept": [{}]}, "Rule 1 of accept"),
        ({"accept": [{"organization_id": None}]}, "Rule 1 of accept"),
        ({"reject": None}, "operator_onboarding_reject"),
        ({"reject": [{"invited_by": ""}]}, "Rule 1 of reject"),
        ({"allow_name_only": None}, "operator_onboarding_allow_name_only"),
        ({"reject_unmatched": None}, "operator_onboarding_reject_unmatched"),
        ({"wait": None}, "operator_onboarding_wait"),
        ({"wait": -1}, "operator_onboarding_wait is negative"),
        ({"interval": 0}, "operator_onboarding_interval is less than 1"),
        ({"acept": []}, "There is no variable operator_onboarding_acept. Did you mean"),
    ],
    "invite_audit": [
        ({"api_token": ""}, "invite_audit_api_token is null or empty"),
        ({"api_token": "not valid"}, "api_token is malformed"),
        ({"api_email": EMAIL}, "Set invite_audit_api_key beside"),
        ({"api_key": KEY}, "Set invite_audit_api_email beside"),
        ({"api_token": TOKEN, "api_email": EMAIL, "api_key": KEY}, "Set either"),
        ({"user": False}, "There is nothing to audit"),
        ({"user": None}, "invite_audit_user"),
        ({"account_ids": []}, "invite_audit_account_ids is null or empty"),
        ({"account_ids": "{{ none }}"}, "invite_audit_account_ids"),
        ({"account_ids": ["here", ""]}, "An element of invite_audit_account_ids"),
        ({"account_ids": ["here", None]}, "invite_audit_account_ids"),
        ({"organization_ids": "here,"}, "An element of invite_audit_account_ids"),
        ({"directory": None}, "invite_audit_directory"),
        ({"directory": ""}, "invite_audit_directory is null or empty"),
        ({"formats": None}, "invite_audit_formats"),
        ({"formats": "pdf"}, "invite_audit_formats"),
        ({"policy": None}, "invite_audit_policy"),
        ({"policy": {"stale": {"days": "1e10"}}}, "is not a number from 0 to 1000000"),
        ({"policy": {"expiring_soon": {"hours": True}}}, "is not a number from 0 to 1000000"),
        ({"time": "yesterday"}, "is not a time"),
        (
            {"polcy": {}},
            "There is no variable invite_audit_polcy. Did you mean invite_audit_policy?",
        ),
        (
            {"all_accounts": True, "account_ids": ["here"]},
            "Set either invite_audit_all_accounts or",
        ),
        ({"waivers": [{"rule": "stale"}]}, "missing required arguments"),
        (
            {"waivers": [{"rule": "stale", "reason": "x", "expires_on": "2026-01-01"}]},
            "Waiver 1 has no subject",
        ),
        ({"baseline": ""}, "invite_audit_baseline is null or empty"),
        ({"baseline": "/nowhere/report.json"}, "/nowhere/report.json"),
        ({"baseline": "/dev/null"}, "The baseline is not JSON"),
    ],
}


def run_cases(
    cloudflare: Simulator, folder: Path, cases: Sequence[tuple[str, dict[str, Any]]]
) -> list[str]:
    """Run a role with each of these variables, and return its error, or "no error"."""
    tasks = [
        {
            "block": [
                {
                    "include_role": {"name": f"community.cloudflare.{role}"},
                    "vars": {f"{role}_{name}": value for name, value in variables.items()},
                }
            ],
            "rescue": [{"set_fact": {f"error_{number}": "{{ ansible_failed_result | string }}"}}],
        }
        for number, (role, variables) in enumerate(cases)
    ]
    path = folder / "errors.json"
    facts = "{{ dict(range(%d) | zip(q('vars', *errors, default='no error'))) | to_json }}"
    keep = {"copy": {"content": facts % len(cases), "dest": str(path)}}
    variables = {
        "operator_onboarding_accept": [{"organization_id": "here"}],
        "errors": [f"error_{number}" for number in range(len(cases))],
    }

    ran = run_tasks(cloudflare, folder, [*tasks, keep], variables)

    assert ran.returncode == 0, ran.stdout[-3000:]
    return list(json.loads(path.read_text()).values())


def test_invalid_role_variables_fail_before_any_request(
    cloudflare: Simulator, tmp_path: Path
) -> None:
    """The role must not fall back to the credentials of the environment."""
    cases = [(role, *case) for role, listed in INVALID_VARIABLES.items() for case in listed]

    errors = run_cases(cloudflare, tmp_path, [case[:2] for case in cases])

    for (_role, invalid, expected), error in zip(cases, errors):
        assert expected in error, invalid
    assert [request.path for request in cloudflare.log] == []


def test_audit_goes_on_unless_nothing_can_be_read(cloudflare: Simulator, tmp_path: Path) -> None:
    """An account-owned token can read an account, but not the invites of a user."""
    token = cloudflare.add_account_token(cloudflare.organizations[0])
    of_user, of_here = {"user": "unreadable"}, {"user": "unreadable", "account": "read"}
    cases: list[tuple[dict[str, Any], str, dict[str, str] | None]] = [
        ({"account_ids": ["here"]}, "no error", of_here),
        ({"account_ids": ["here"], "fail_on": "high"}, "1 of 2 scope entries could not", of_here),
        # A wrong credential never passes.
        ({}, "Nothing could be read. GET /user/invites", of_user),
        ({"user": False, "account_ids": ["late"]}, "Nothing could", {"account": "unreadable"}),
        ({"api_token": "x" * 40, "account_ids": ["here"]}, "HTTP 401", None),
    ]
    roles = [
        {"api_token": token, "formats": "json", "directory": f"{tmp_path}/{number}", **variables}
        for number, (variables, _error, _scope) in enumerate(cases)
    ]

    errors = run_cases(cloudflare, tmp_path, [("invite_audit", variables) for variables in roles])

    for (variables, expected, scope), error, role in zip(cases, errors, roles):
        assert expected in error, variables
        path = Path(role["directory"], "report.json")
        assert path.exists() is (scope is not None), variables
        if scope is not None:
            report = json.loads(path.read_text())
            assert {one["source"]: one["status"] for one in report["scope"]} == scope
            [finding] = [one for one in report["findings"] if one["rule"] == "unreadable"]
            assert (finding["severity"], report["complete"]) == ("high", False)


@pytest.mark.parametrize("role", ["operator_onboarding", "invite_audit"])
def test_text_of_extra_variables_is_converted(
    cloudflare: Simulator, tmp_path: Path, role: str
) -> None:
    variables = {"operator_onboarding_accept": [{"organization_id": "here"}]}
    extra = {
        "operator_onboarding_wait": "0",
        "operator_onboarding_interval": "1",
        "operator_onboarding_require_twofactor": "false",
        "invite_audit_user": "false",
        "invite_audit_account_ids": "here",
        "invite_audit_formats": "json,csv",
        "invite_audit_directory": str(tmp_path / "audit"),
        # Extra variables must not override the internal variables of the roles.
        **dict.fromkeys(["login", "credentials", "invites", "policy", "time", "result"], "extra"),
    }

    ran = run_roles(
        cloudflare,
        tmp_path,
        [role],
        variables,
        *("-e", json.dumps(extra)),
        environment={"CLOUDFLARE_API_TOKEN": TOKEN},
    )

    assert ran.returncode == 0, ran.stdout[-3000:]
    assert "here" in ran.stdout
    if role == "invite_audit":
        assert not [request for request in cloudflare.log if "/user/" in request.path]
        reports = sorted(path.name for path in (tmp_path / "audit").iterdir())
        assert reports == ["report.csv", "report.json"]


def test_onboarding_waits_after_failed_poll(cloudflare: Simulator, tmp_path: Path) -> None:
    late = cloudflare.organizations[1]
    for _poll in range(2):
        cloudflare.add_fault(Fault("response", status=503, path="/user/invites"))

    def send_late_invite(_request: Any) -> None:
        if len(cloudflare.log) == 2:
            cloudflare.invite(EMAIL, late, id="2" * 32)

    cloudflare.before_request = send_late_invite
    variables = {
        "operator_onboarding_accept": [{"organization_id": "late"}],
        "operator_onboarding_wait": 60,
        "operator_onboarding_interval": 1,
    }

    ran = run_roles(
        cloudflare,
        tmp_path,
        ["operator_onboarding"],
        variables,
        environment={"CLOUDFLARE_API_TOKEN": TOKEN},
        retries=0,
    )

    assert ran.returncode == 0, ran.stdout[-3000:]
    assert cloudflare.status("2" * 32) == "accepted"


def test_onboarding_during_outage_ends_soon_after_wait(tmp_path: Path) -> None:
    responses: list[dict[str, Any]] = [
        {"status": 503},
        {"status": 429, "headers": {"Retry-After": "60"}},
    ]
    defaults = {"api_token": TOKEN, "retries": 100, "timeout": 3600, "max_wait": 21600}
    play = {
        "hosts": "all",
        "gather_facts": False,
        "module_defaults": {
            "group/community.cloudflare.cloudflare": {**defaults, "api_url": "{{ url }}"}
        },
        "roles": ["community.cloudflare.operator_onboarding"],
        "vars": {
            "ansible_connection": "local",
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "operator_onboarding_accept": [{"organization_id": "here"}],
            "operator_onboarding_wait": 2,
        },
    }
    playbook, inventory = tmp_path / "playbook.yml", tmp_path / "inventory.json"
    playbook.write_text(json.dumps([play]))
    with contextlib.ExitStack() as stack:
        simulators = [stack.enter_context(Simulator()) for _response in responses]
        for simulator, response in zip(simulators, responses):
            simulator.add_fault(Fault("response", times=None, **response))
        hosts = {str(one.port): {"url": one.url} for one in simulators}
        inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
        start = time.monotonic()

        ran = run_playbook(playbook, MITOGEN, "--inventory", str(inventory))

        duration = time.monotonic() - start
    assert ran.returncode == 2, ran.stdout[-3000:]
    assert "503" in ran.stdout
    assert "429" in ran.stdout
    assert 2 < duration < 2 + 20


def test_hosts_write_reports_to_separate_directories(cloudflare: Simulator, tmp_path: Path) -> None:
    playbook, inventory = tmp_path / "playbook.yml", tmp_path / "inventory.json"
    hosts: dict[str, dict[str, str]] = {"a/b": {}, "..": {}, "a%2Fb": {}}
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    play = {
        "hosts": "all",
        "gather_facts": False,
        "roles": ["community.cloudflare.invite_audit"],
        "vars": {
            "ansible_connection": "local",
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "invite_audit_directory": str(tmp_path / "audit"),
            "invite_audit_formats": "json",
        },
    }
    playbook.write_text(json.dumps([play]))
    environment = {"CLOUDFLARE_BASE_URL": cloudflare.url, "CLOUDFLARE_API_TOKEN": TOKEN}

    ran = run_playbook(playbook, {**MITOGEN, **environment}, "--inventory", str(inventory))

    assert ran.returncode == 0, ran.stdout[-3000:]
    reports = [
        str(path.relative_to(tmp_path / "audit")) for path in tmp_path.glob("audit/**/*.json")
    ]
    assert sorted(reports) == [
        "%2E./report.json",
        "a%252Fb/report.json",
        "a%2Fb/report.json",
    ]
    assert f"in {tmp_path}/audit/a%2Fb: json" in ran.stdout


def test_failed_audit_clears_previous_report(cloudflare: Simulator, tmp_path: Path) -> None:
    role = {"include_role": {"name": "community.cloudflare.invite_audit"}}
    audit = {
        **role,
        "loop": ["one", "two"],
        # Without quotes, YAML reads a datetime. JSON would quote it.
        "vars": "{{ VARIABLES }}",
    }
    failing = {
        "block": [{**role, "vars": {"invite_audit_api_token": "unknown"}}],
        "rescue": [{"debug": {"msg": "The second report is {{ invite_audit_report }}."}}],
    }
    tasks = [audit, {"assert": {"that": "invite_audit_report.summary.invites == 1"}}, failing]
    directory = tmp_path / "audit"
    variables = (
        "{invite_audit_time: 2026-01-31T12:00:00Z, invite_audit_formats: json, "
        f"invite_audit_directory: '{directory}/{{{{ item }}}}'}}"
    )
    playbook = tmp_path / "playbook.yml"
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
    playbook.write_text(json.dumps([play]).replace('"{{ VARIABLES }}"', variables))
    environment = {"CLOUDFLARE_BASE_URL": cloudflare.url, "CLOUDFLARE_API_TOKEN": TOKEN}

    ran = run_playbook(playbook, {**MITOGEN, **environment})

    assert ran.returncode == 0, ran.stdout[-3000:]
    assert "The second report is {}." in ran.stdout
    for customer in ("one", "two"):
        report = json.loads((directory / customer / "report.json").read_text())
        assert report["time"] == "2026-01-31T12:00:00Z"
