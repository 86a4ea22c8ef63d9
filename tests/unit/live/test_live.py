# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make live`` against simulators: one that agrees with the assumptions, and one that does not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests import simulator
from ansible_collections.community.cloudflare.tests.contract import Contract
from ansible_collections.community.cloudflare.tests.live import __main__ as live
from ansible_collections.community.cloudflare.tests.live.assumptions import list_assumptions
from ansible_collections.community.cloudflare.tests.live.pseudonyms import Pseudonyms
from ansible_collections.community.cloudflare.tests.simulator import Fault, Settings, Simulator

EMAIL, COLLEAGUE = "robin.vega@harbor-ops.example", "sam.okafor@harbor-ops.example"
ACCOUNT = "Harbor Operations"
# Assumptions that the simulator cannot confirm: what would change something, and a kind of token.
UNCHECKED = {
    "A token that belongs to an account cannot read invites and memberships of a user",
    "A token can respond to an invite",
    "A response to an invite that is not pending is an error",
}
# Settings that contradict one assumption each.
CONTRADICTIONS: dict[str, Any] = {
    "user_roles": "objects",
    "member_permissions": "write",
    "ratelimit_headers": "omitted",
    "filtered_totals": "filtered",
    "organization_invites_retired": False,
}


@pytest.fixture
def environ(cloudflare: Simulator) -> dict[str, str]:
    """A simulator that agrees with all assumptions, and the environment of its user."""
    user = cloudflare.add_user(email=EMAIL)
    cloudflare.settings.organization_invites_retired = True
    for number in range(9):
        account = cloudflare.add_organization(f"{ACCOUNT} {number}")
        cloudflare.respond(cloudflare.invite(user, account, invited_by=COLLEAGUE), "accepted")
        cloudflare.invite(user, cloudflare.add_organization(f"Acme {number}"))
    for number in range(6):
        cloudflare.invite(f"new-{number}@example.com", cloudflare.organizations[0])
    return {
        "CLOUDFLARE_BASE_URL": cloudflare.url,
        "CLOUDFLARE_API_TOKEN": user.api_token,
        "CLOUDFLARE_EMAIL": user.email,
        "CLOUDFLARE_API_KEY": user.api_key,
    }


def run(environ: dict[str, str], tmp_path: Path) -> tuple[int, str]:
    """Return the exit status and the Markdown."""
    markdown = tmp_path / "live.md"
    status = live.main(["--markdown", str(markdown)], environ)
    return status, markdown.read_text(encoding="utf-8") if markdown.exists() else ""


def list_verdicts(markdown: str) -> dict[str, str]:
    """Return the result of each assumption, as in the table."""
    rows = re.findall(r"^\| (.*?) \| [A-Z, ]+ \| (\**[a-z ]+\**) \| ", markdown, re.MULTILINE)
    return {text.replace("\\", ""): verdict.strip("*") for text, verdict in rows}


def test_simulator_agrees_with_all_assumptions(
    cloudflare: Simulator,
    environ: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, markdown = run(environ, tmp_path)

    verdicts = list_verdicts(markdown)
    assert list(verdicts) == [assumption.text for assumption in list_assumptions()]
    assert {text for text, verdict in verdicts.items() if verdict != "confirmed"} == UNCHECKED
    assert status == 0
    assert {request.method for request in cloudflare.log} == {"GET"}
    assert "confirmed, 0 contradicted, 3 could not be checked" in capsys.readouterr().out


def test_contradicted_assumptions_are_reported_with_their_place(
    cloudflare: Simulator,
    environ: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in CONTRADICTIONS.items():
        setattr(cloudflare.settings, name, value)

    status, markdown = run(environ, tmp_path)

    assert status == 1
    places = {assumption.text: assumption.place for assumption in list_assumptions()}
    contradicted = [
        places[text]
        for text, verdict in list_verdicts(markdown).items()
        if verdict == "contradicted"
    ]
    assert sorted(contradicted) == sorted(f"setting {name}" for name in CONTRADICTIONS)
    shown = re.findall(r"^ +change: (.*)$", capsys.readouterr().out, re.MULTILINE)
    assert shown == contradicted


@pytest.mark.parametrize("scheme", ["token", "key"])
def test_one_scheme_is_sufficient(
    cloudflare: Simulator, environ: dict[str, str], tmp_path: Path, scheme: str
) -> None:
    names = (
        ["CLOUDFLARE_API_TOKEN"]
        if scheme == "token"
        else ["CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY"]
    )
    chosen = {name: environ[name] for name in ["CLOUDFLARE_BASE_URL", *names]}

    status, markdown = run(chosen, tmp_path)

    unchecked = {
        text for text, verdict in list_verdicts(markdown).items() if verdict != "confirmed"
    }
    assert status == 0
    assert len(unchecked - UNCHECKED) == 3  # the lists with the other scheme


def test_account_token_is_recognized(
    cloudflare: Simulator, environ: dict[str, str], tmp_path: Path
) -> None:
    token = cloudflare.add_account_token(cloudflare.organizations[0])

    _status, markdown = run({**environ, "CLOUDFLARE_API_TOKEN": token}, tmp_path)

    verdicts = list_verdicts(markdown)
    assert verdicts["An API token can read /user/invites"] == "could not be checked"
    assert verdicts[min(UNCHECKED, key=len)] == "could not be checked"
    assert (
        verdicts["A token that belongs to an account cannot read invites and memberships of a user"]
        == "confirmed"
    )
    assert verdicts["An API token can read /accounts"] == "confirmed"
    assert token not in markdown


def test_report_has_no_personal_data(
    cloudflare: Simulator,
    environ: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    account = cloudflare.organizations[0]
    key = environ["CLOUDFLARE_API_KEY"]
    text = f"{ACCOUNT} 0 of {EMAIL} ({account.id.upper()}, {EMAIL}), from 192.0.2.7, {key}"
    error = {"success": False, "errors": [{"code": 1003, "message": text}], "result": None}
    cloudflare.add_fault(
        Fault("modify_response", path="/accounts/0123", times=None, modify=lambda _body: error)
    )
    cloudflare.settings.activation_codes = True

    _status, markdown = run(environ, tmp_path)

    output = markdown + capsys.readouterr().out
    for secret in (
        *environ.values(),
        COLLEAGUE,
        ACCOUNT,
        account.id,
        account.id.upper(),
        "192.0.2.7",
    ):
        assert secret not in output
    masked = "name-1 of person-1@example.com (id-1, person-1@example.com), from ip-1, ********"
    assert f'1003 "{masked}"' in output


def test_same_value_has_the_same_pseudonym() -> None:
    pseudonyms = Pseudonyms()
    pseudonyms.collect({"result": [{"name": "items"}, {"account": {"name": "Acme (EU)"}}]})

    texts = [
        pseudonyms.mask(text)
        for text in (
            f'2 items of {"AB" * 16}: "items of Acme (EU)"',
            f'{"ab" * 16} "Acme (EU)" a@b.example {"0" * 64} 8f2b6f2bce7ee9a4-FRA',
        )
    ]

    assert texts == [
        '2 items of id-1: "name-1 of name-2"',
        'id-1 "name-2" person-1@example.com secret-1 ray-1',
    ]


@pytest.mark.parametrize("result", [[[], 1, "x"], [{"id": [1], "status": {}, "account": 7}], {}])
def test_unexpected_bodies_are_reported(
    cloudflare: Simulator, environ: dict[str, str], tmp_path: Path, result: Any
) -> None:
    body = {"success": True, "errors": "x", "result": result, "result_info": [1]}
    cloudflare.add_fault(Fault("modify_response", times=None, modify=lambda _body: body))

    status, markdown = run(environ, tmp_path)

    assert status == 1
    assert list_verdicts(markdown)["/user/invites has the documented shape"] == "contradicted"


@pytest.mark.parametrize("status", [429, 503])
def test_rate_limit_and_errors_leave_assumptions_unchecked(
    cloudflare: Simulator, environ: dict[str, str], tmp_path: Path, status: int
) -> None:
    cloudflare.add_fault(Fault("response", times=None, status=status, body="upstream"))

    _status, markdown = run(environ, tmp_path)

    assert markdown.count("| could not be checked |") > 30
    assert status != 429 or len(cloudflare.log) == 1


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "No credentials. Set CLOUDFLARE_API_TOKEN"),
        ({"CLOUDFLARE_API_KEY": "x" * 37}, "No credentials."),
        ({"CLOUDFLARE_API_TOKEN": "a b"}, "api_token is malformed"),
        (
            {"CLOUDFLARE_API_TOKEN": "x" * 40, "CLOUDFLARE_BASE_URL": "http://example.com"},
            "plain HTTP would send the credentials unencrypted",
        ),
    ],
)
def test_unusable_environment_fails_before_any_request(
    environment: dict[str, str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(environment, tmp_path) == (2, "")
    assert message in capsys.readouterr().err


def test_places_exist() -> None:
    document = Contract.load().document
    operations = {
        operation.get("operationId")
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
    }
    for assumption in list_assumptions():
        kind, _space, name = assumption.place.partition(" ")
        if kind == "setting":
            assert hasattr(Settings(), name), name
        elif kind == "simulator":
            module, _dot, attribute = name.partition(".")
            assert hasattr(getattr(simulator, module), attribute), name
        elif name not in operations:
            part = document
            for key in name.split("/"):
                part = part[key]
