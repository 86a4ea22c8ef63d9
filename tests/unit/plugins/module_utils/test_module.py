# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that all modules share: precedence of credentials, and invalid values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.community.cloudflare.plugins.module_utils import _module
from ansible_collections.community.cloudflare.tests.simulator import Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner
from ansible_collections.community.cloudflare.tests.unit.task import run_module

TOKEN, EMAIL, KEY = "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY"
OWN_TOKEN = {"Authorization": "Bearer own-token"}
OWN_PAIR = {"X-Auth-Email": "operator@example.com", "X-Auth-Key": "own-key"}

# The credentials in the task and in the environment, and the headers that are sent.
CHOSEN: dict[str, tuple[dict[str, str], dict[str, str], dict[str, str]]] = {
    "token": ({"api_token": "own-token"}, {}, OWN_TOKEN),
    "pair": ({"api_email": "operator@example.com", "api_key": "own-key"}, {}, OWN_PAIR),
    "pair by the names of community.general": (
        {"account_email": "operator@example.com", "account_api_key": "own-key"},
        {},
        OWN_PAIR,
    ),
    "token of the environment": ({}, {TOKEN: "own-token"}, OWN_TOKEN),
    "pair of the environment": ({}, {EMAIL: "operator@example.com", KEY: "own-key"}, OWN_PAIR),
    "a token beside a pair in the environment": (
        {"api_token": "own-token"},
        {EMAIL: "other@example.com", KEY: "other-key"},
        OWN_TOKEN,
    ),
    "a pair beside a token in the environment": (
        {"api_email": "operator@example.com", "api_key": "own-key"},
        {TOKEN: "other-token"},
        OWN_PAIR,
    ),
    "a token beside another in the environment": (
        {"api_token": "own-token"},
        {TOKEN: "other-token"},
        OWN_TOKEN,
    ),
    "half a pair from each": ({"api_email": "operator@example.com"}, {KEY: "own-key"}, OWN_PAIR),
    "half a pair over one of the environment": (
        {"api_key": "own-key"},
        {EMAIL: "operator@example.com", KEY: "other-key", TOKEN: "other-token"},
        OWN_PAIR,
    ),
    "a token and a pair in the environment": (
        {},
        {TOKEN: "own-token", EMAIL: "other@example.com", KEY: "other-key"},
        OWN_TOKEN,
    ),
    "an empty token in the environment": (
        {},
        {TOKEN: "", EMAIL: "operator@example.com", KEY: "own-key"},
        OWN_PAIR,
    ),
}


@pytest.mark.parametrize("case", CHOSEN)
def test_task_credentials_override_environment(
    cloudflare: Simulator, runner: TaskRunner, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    task, environment, sent = CHOSEN[case]
    options: dict[str, Any] = {"api_token": None, **task}
    runner.user.api_token, runner.user.api_key = "own-token", "own-key"
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    result = runner.run("cf_user_invite_info", **options)

    assert not result.get("failed"), result
    [request] = cloudflare.log
    names = ("Authorization", "X-Auth-Email", "X-Auth-Key")
    assert {name: request.headers[name] for name in names if name in request.headers} == sent


NO_CREDENTIALS = {"api_token": None}
REFUSED: dict[str, tuple[dict[str, Any], dict[str, str], str]] = {
    "none": (NO_CREDENTIALS, {}, "No credentials. Give api_token, or api_email and api_key"),
    "no key": ({**NO_CREDENTIALS, "api_email": "a@example.com"}, {}, "api_key is missing"),
    "no email": ({**NO_CREDENTIALS, "api_key": "hush"}, {}, "api_email is missing"),
    "no key, a token in the environment": (
        {**NO_CREDENTIALS, "api_email": "a@example.com"},
        {TOKEN: "other-token"},
        "api_key is missing beside api_email",
    ),
    "half a pair in the environment": (NO_CREDENTIALS, {EMAIL: "a@example.com"}, "api_key is"),
    "both": (
        {"api_email": "a@example.com", "api_key": "hush"},
        {},
        "gives api_token and also api_email and api_key",
    ),
    "a token and half a pair": ({"api_key": "hush"}, {}, "gives api_token and also api_key"),
    "a token with a line break": ({"api_token": "secret\n"}, {}, "api_token is malformed"),
    "a token with a blank": ({"api_token": "sec ret"}, {}, "api_token is malformed"),
    "a token beyond ASCII": ({"api_token": "sécret"}, {}, "api_token is malformed"),
    "a key with NUL": (
        {**NO_CREDENTIALS, "api_email": "a@example.com", "api_key": "sec\0ret"},
        {},
        "api_key is malformed",
    ),
    "a timeout of 0": ({"timeout": 0}, {}, "timeout is 0. Give a number from 0.001 to 3600."),
    "a timeout for ever": ({"timeout": 1e9}, {}, "timeout is 1e+09."),
    "no number at all": ({"timeout": "nan"}, {}, "timeout is nan."),
    "fewer retries than none": ({"retries": -1}, {}, "retries is -1."),
    "a wait of less than nothing": ({"max_wait": -1}, {}, "max_wait is -1."),
    "plain http": ({"api_url": "http://api.example.com"}, {}, "plain HTTP would send"),
    "plain http to something that looks like loopback": (
        {"api_url": "http://127.0.0.1.example.com"},
        {},
        "plain HTTP would send",
    ),
    "a user in the URL": ({"api_url": "https://me:secret@api.example.com"}, {}, "not a base URL"),
    "a query in the URL": ({"api_url": "https://api.example.com?x=1"}, {}, "not a base URL"),
    "a fragment in the URL": ({"api_url": "https://api.example.com/#x"}, {}, "not a base URL"),
    "a backslash in the URL": ({"api_url": "https://a.example\\@b.example"}, {}, "not a base URL"),
    "half an IPv6 address in the URL": ({"api_url": "https://[::1/v4"}, {}, "not a base URL"),
    "a port out of range in the URL": ({"api_url": "https://a.example:99999"}, {}, "not a base"),
    "a line break in the URL": ({"api_url": "https://a.example/\n"}, {}, "not a base URL"),
    "another scheme": ({"api_url": "ftp://api.example.com"}, {}, "not a base URL"),
    "no scheme": ({"api_url": "api.cloudflare.com/client/v4"}, {}, "not a base URL"),
    "a URL of the environment": (
        {"api_url": None},
        {"CLOUDFLARE_BASE_URL": "http://api.example.com"},
        "plain HTTP would send",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_invalid_connection_options_fail_before_any_request(
    runner: TaskRunner, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    options, environment, message = REFUSED[case]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    result = runner.run("cf_user_invite_info", **options)

    assert result["failed"]
    assert message in result["msg"]
    assert "secret" not in result["msg"]
    assert "sec" not in result["msg"].replace("seconds", "")
    assert runner.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1.2.3", "[::1]"])
def test_plain_http_to_loopback_is_allowed(runner: TaskRunner, host: str) -> None:
    result = runner.run("cf_user_invite_info", api_url=f"http://{host}:9/client/v4", retries=0)

    assert f"The connection to {host}:9 failed" in result["msg"]


def test_api_url_defaults_to_environment(
    runner: TaskRunner, cloudflare: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", cloudflare.url + "/")

    runner.run("cf_user_invite_info", api_url=None)

    assert runner.requests == ["GET /user/invites"]


BLANKS: list[Any] = [None, "", " \t", []]
# Tasks with invalid options, and the error. Credentials and api_url are added.
ACCEPT: dict[str, Any] = {"state": "accepted"}
NAME_RULE = {"organization_name": "Acme"}
ORG_ID = "1" * 32
INVALID_TASKS: list[tuple[str, dict[str, Any], str]] = [
    # Selectors and filters.
    *(
        (module, {**required, option: value}, f"{option} is null or empty.")
        for value in BLANKS
        for module, required, options in (
            ("cf_user_invite", ACCEPT, ["invite_id", "organization_name", "invited_by"]),
            ("cf_user_invite_info", {}, ["organization_id", "name", "status"]),
            ("cf_org_invite_info", {}, ["organization_ids", "organization_id"]),
            ("cf_account_invite_info", {"account_ids": ORG_ID}, ["status", "invited_member_email"]),
        )
        for option in options
    ),
    *(
        (module, options, "which is not an ID")
        for module, options in (
            ("cf_user_invite_info", {"invite_id": "a/b"}),
            ("cf_user_invite_info", {"organization_id": "a b"}),
            ("cf_org_invite_info", {"organization_ids": [ORG_ID, ".."]}),
            ("cf_account_invite_info", {"account_ids": ["a/b"]}),
        )
    ),
    ("cf_user_invite_info", {"invited_by": "@"}, "invited_by"),
    ("cf_org_invite_info", {"organization_ids": [ORG_ID, None]}, "Element 2 of organization_ids"),
    ("cf_account_invite_info", {"account_ids": [" ", ORG_ID]}, "Element 1 of account_ids is null"),
    ("cf_account_invite_info", {"account_ids": f"{ORG_ID},"}, "Element 2 of account_ids is null"),
    # Rules.
    *(
        (
            "cf_user_invites",
            {option: [NAME_RULE, {"organization_id": value, "invited_by": "@gmail.com"}]},
            f"Rule 2 of {option}: organization_id is null or empty. Give it a value, or remove it.",
        )
        for option in ("accept", "reject")
        for value in BLANKS
    ),
    ("cf_user_invites", {"reject": ['{"invited_by": null}']}, "Rule 1 of reject: invited_by is"),
    ("cf_user_invites", {"accept": None}, "accept is null."),
    ("cf_user_invites", {"accept": ""}, "accept is null or empty."),
    ("cf_user_invites", {"accept": [NAME_RULE, None]}, "Rule 2 of accept is null. Give a rule"),
    (
        "cf_user_invites",
        {"accept": ["Acme Logistics"]},
        "Rule 1 of accept is a string. Give a rule such as {organization_name: Acme Logistics}.",
    ),
    ("cf_user_invites", {"accept": [["Acme"]]}, "Rule 1 of accept is a list."),
    ("cf_user_invites", {"accept": 7}, "Rule 1 of accept is a string."),
    ("cf_user_invites", {"accept": ["{'Acme'}"]}, "Rule 1 of accept is a string."),
    ("cf_user_invites", {"accept": NAME_RULE}, "accept is a dictionary. Give a list of rules"),
    # Guards.
    *(
        ("cf_user_invites", {"accept": [NAME_RULE], option: None}, f"{option} is null. Give it")
        for option in ("allow_name_only", "require_twofactor", "reject_unmatched", "allow_missing")
    ),
    ("cf_user_invite", {"invite_id": "a", "state": None}, "state is null."),
    (
        "cf_org_invite_info",
        {"organization_ids": ORG_ID, "ignore_unreadable": None},
        "ignore_unreadable is null.",
    ),
    ("cf_user_invite_info", {"validate_certs": None}, "validate_certs is null."),
    *(
        ("cf_user_invite_info", {option: value}, f"{option} is empty.")
        for option in ("api_url", "ca_path", "timeout", "retries", "max_wait", "max_connections")
        for value in ("", " ")
    ),
    # An option and its alias.
    (
        "cf_user_invite_info",
        {"name": "Acme", "organization_name": "Acme"},
        "organization_name and name are the same option. Give only one of them.",
    ),
    (
        "cf_account_invite_info",
        {"account_ids": ORG_ID, "organization_ids": ORG_ID},
        "account_ids and organization_ids are the same option.",
    ),
    # One of two options.
    (
        "cf_account_invite_info",
        {"account_ids": ORG_ID, "all_accounts": True},
        "account_ids and all_accounts are mutually exclusive. Remove one of them.",
    ),
    ("cf_account_invite_info", {}, "account_ids is missing. Give the IDs of the accounts, or all_"),
    ("cf_account_invite_info", {"all_accounts": False}, "account_ids is missing."),
    # Misspelled options.
    (
        "cf_org_invite_info",
        {"organisation_ids": [ORG_ID]},
        "Unsupported parameters: organisation_ids. Did you mean organization_ids?",
    ),
    ("cf_user_invite", {"invite": "a", "state": "accepted"}, "Did you mean invite_id?"),
    ("cf_user_invite_info", {"xyz": 1}, "Unsupported parameters: xyz. Supported parameters: api_"),
    (
        "cf_user_invites",
        {"accept": [{"organisation_id": ORG_ID, "invited_by": "@gmail.com"}]},
        "Rule 1 of accept: Unsupported parameters: organisation_id. Did you mean organization_id?",
    ),
]


@pytest.mark.parametrize(("module", "options", "message"), INVALID_TASKS)
def test_invalid_option_fails_before_any_request(
    runner: TaskRunner, module: str, options: dict[str, Any], message: str
) -> None:
    token = runner.user.api_token
    login = {"api_url": runner.cloudflare.url, "api_token": token}

    result = run_module(module, {**login, **options, "_ansible_inject_invocation": True})

    assert result["failed"]
    assert message in result["msg"]
    assert "omit" not in result["msg"]
    assert token not in str(result)
    assert runner.requests == []


@pytest.mark.parametrize(
    "rule",
    ["{'organization_name': 'Acme'}", '{"organization_name": "Acme"}', "organization_name=Acme"],
)
def test_rule_as_text_is_converted(runner: TaskRunner, rule: str) -> None:
    assert runner.run("cf_user_invites", reject=[rule])["rejected"] == []


@pytest.mark.parametrize(
    "option", ["api_url", "ca_path", "timeout", "retries", "max_wait", "max_connections"]
)
def test_null_connection_option_uses_default(
    runner: TaskRunner, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", runner.cloudflare.url)

    result = run_module("cf_user_invite_info", {"api_token": runner.user.api_token, option: None})

    assert result["invites"] == []
    assert runner.requests == ["GET /user/invites"]


FULL_KEY = {"api_email": "operator@example.com", "api_key": "own-key"}
BLANK_KEYS: list[dict[str, str | None]] = [
    {"api_email": None, "account_api_key": ""},
    {"api_key": " "},
]


@pytest.mark.parametrize(
    ("task", "headers"),
    [
        *(({"api_token": "own-token", **blank}, OWN_TOKEN) for blank in BLANK_KEYS),
        *(({**FULL_KEY, "api_token": blank}, OWN_PAIR) for blank in (None, "", " ")),
        ({**FULL_KEY, "account_email": None}, OWN_PAIR),
    ],
)
def test_null_credential_beside_complete_ones_is_ignored(
    runner: TaskRunner,
    monkeypatch: pytest.MonkeyPatch,
    task: dict[str, Any],
    headers: dict[str, str],
) -> None:
    runner.user.api_token, runner.user.api_key = "own-token", "own-key"
    for name in (TOKEN, EMAIL, KEY):
        monkeypatch.setenv(name, "other@example.com")

    run_module("cf_user_invite_info", {"api_url": runner.cloudflare.url, **task})

    [request] = runner.cloudflare.log
    assert headers == {name: request.headers[name] for name in headers}


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ({"api_token": None}, "api_token is null or empty. Give api_token, or api_email and"),
        ({"api_token": ""}, "To use those of the environment, remove all of them."),
        ({"api_token": " "}, "api_token is null or empty. Give api_token, or api_email and"),
        ({"account_email": None, "api_key": None}, "api_email and api_key are null or empty."),
        ({**FULL_KEY, "api_key": None}, "api_key is null or empty."),
        ({**FULL_KEY, "api_key": "", "api_token": None}, "api_token and api_key are null or empty"),
        (
            {"api_token": None, "api_email": "operator@example.com"},
            "api_token is null or empty, and api_key is missing beside api_email.",
        ),
        ({**FULL_KEY, "api_token": "own-token", "account_email": None}, "gives api_token and also"),
    ],
)
def test_null_credential_fails_despite_environment(
    runner: TaskRunner, monkeypatch: pytest.MonkeyPatch, task: dict[str, Any], message: str
) -> None:
    for name in (TOKEN, EMAIL, KEY):
        monkeypatch.setenv(name, "other@example.com")

    result = run_module("cf_user_invite_info", {"api_url": runner.cloudflare.url, **task})

    assert message in result["msg"]
    assert runner.requests == []


def test_warnings_of_result_are_shown(runner: TaskRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    module = "ansible_collections.community.cloudflare.plugins.modules.cf_user_invite_info.run"
    monkeypatch.setattr(module, lambda *_arguments: {"changed": False, "warnings": ["Beware."]})

    assert runner.run("cf_user_invite_info")["warnings"] == ["Beware."]


def test_connection_options_are_passed_to_client(
    runner: TaskRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: dict[str, Any] = {}

    def client(*_credentials: Any, **options: Any) -> Any:
        seen.update(options)
        raise _module.ModuleError("enough")

    monkeypatch.setattr(_module, "Client", client)
    ca_path = tmp_path / "ca.pem"
    own: dict[str, Any] = {"timeout": 7, "retries": 3, "max_wait": 11, "max_connections": 2}

    runner.run("cf_user_invite_info", **own, ca_path=str(ca_path))
    assert seen == {**own, "api_url": runner.cloudflare.url, "verify": str(ca_path)}
    runner.run("cf_user_invite_info")
    assert seen["verify"] is True
    runner.run("cf_user_invite_info", validate_certs=False, ca_path=str(ca_path))
    assert seen["verify"] is False


def test_missing_requests_library_fails(
    runner: TaskRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_module, "REQUESTS_IMPORT_ERROR", "Traceback")

    result = runner.run("cf_user_invite_info")

    assert result["failed"]
    assert "Failed to import the required Python library (requests)" in result["msg"]


@pytest.mark.parametrize(
    "api_url", ["https://me:planted-4711@api.example", "https://api.example/?token=planted-4711"]
)
def test_secret_in_rejected_url_is_masked(runner: TaskRunner, api_url: str) -> None:
    result = runner.run("cf_user_invite_info", api_url=api_url, _ansible_inject_invocation=True)

    assert result["failed"]
    assert "api.example" in result["invocation"]["module_args"]["api_url"]
    assert "planted-4711" not in str(result)


def test_environment_credentials_are_masked(
    runner: TaskRunner, cloudflare: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN, runner.user.api_token)
    cloudflare.invite(runner.user, cloudflare.add_organization(runner.user.api_token))

    result = runner.run("cf_user_invite_info", api_token=None)

    assert runner.user.api_token not in str(result)
