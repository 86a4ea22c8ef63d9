# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that every module shares: whose credentials count, and which values are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.community.cloudflare.plugins.module_utils import _module
from ansible_collections.community.cloudflare.plugins.module_utils._cloudflare import VERSION
from ansible_collections.community.cloudflare.tests.simulator import Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import Operator

TOKEN, EMAIL, KEY = "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY"
OWN_TOKEN = {"Authorization": "Bearer own-token"}
OWN_PAIR = {"X-Auth-Email": "operator@example.com", "X-Auth-Key": "own-key"}

# What the task gives, what the environment gives, and what is sent.
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
def test_which_credentials_count(
    cloudflare: Simulator, operator: Operator, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    task, environment, sent = CHOSEN[case]
    options: dict[str, Any] = {"api_token": None, **task}
    operator.user.api_token, operator.user.api_key = "own-token", "own-key"
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    result = operator.run("cf_user_invite_info", **options)

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
    "an empty token": ({"api_token": ""}, {TOKEN: "other"}, "api_token is malformed"),
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
    "plain http": ({"api_url": "http://api.example.com"}, {}, "plain http would show"),
    "plain http to something that looks like loopback": (
        {"api_url": "http://127.0.0.1.example.com"},
        {},
        "plain http would show",
    ),
    "a user in the URL": ({"api_url": "https://me:secret@api.example.com"}, {}, "not a base URL"),
    "a query in the URL": ({"api_url": "https://api.example.com?x=1"}, {}, "not a base URL"),
    "a fragment in the URL": ({"api_url": "https://api.example.com/#x"}, {}, "not a base URL"),
    "a backslash in the URL": ({"api_url": "https://a.example\\@b.example"}, {}, "not a base URL"),
    "a line break in the URL": ({"api_url": "https://a.example/\n"}, {}, "not a base URL"),
    "another scheme": ({"api_url": "ftp://api.example.com"}, {}, "not a base URL"),
    "no scheme": ({"api_url": "api.cloudflare.com/client/v4"}, {}, "not a base URL"),
    "a URL of the environment": (
        {"api_url": None},
        {"CLOUDFLARE_BASE_URL": "http://api.example.com"},
        "plain http would show",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_before_anything_is_sent(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    options, environment, message = REFUSED[case]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    result = operator.run("cf_user_invite_info", **options)

    assert result["failed"]
    assert message in result["msg"]
    assert "secret" not in result["msg"]
    assert "sec" not in result["msg"].replace("seconds", "")
    assert operator.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1.2.3", "[::1]"])
def test_plain_http_to_loopback_is_allowed(operator: Operator, host: str) -> None:
    result = operator.run("cf_user_invite_info", api_url=f"http://{host}:9/client/v4", retries=0)

    assert "the connection failed" in result["msg"]


def test_the_url_of_the_environment_counts_if_the_task_gives_none(
    operator: Operator, cloudflare: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", cloudflare.url + "/")

    operator.run("cf_user_invite_info", api_url=None)

    assert operator.requests == ["GET /user/invites"]


def test_each_request_names_the_collection_and_its_version(
    operator: Operator, cloudflare: Simulator
) -> None:
    operator.run("cf_user_invite_info")

    agent = cloudflare.log[0].headers["User-Agent"]
    assert agent == f"ansible-collection/community.cloudflare/{VERSION}"


def test_the_options_reach_the_client(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: dict[str, Any] = {}

    def client(*_credentials: Any, **options: Any) -> Any:
        seen.update(options)
        raise _module.TaskError("enough")

    monkeypatch.setattr(_module, "Client", client)
    ca_path = tmp_path / "ca.pem"
    own: dict[str, Any] = {"timeout": 7, "retries": 3, "max_wait": 11, "max_connections": 2}

    operator.run("cf_user_invite_info", **own, ca_path=str(ca_path))
    assert seen == {**own, "api_url": operator.cloudflare.url, "verify": str(ca_path)}
    operator.run("cf_user_invite_info")
    assert seen["verify"] is True
    operator.run("cf_user_invite_info", validate_certs=False, ca_path=str(ca_path))
    assert seen["verify"] is False


@pytest.mark.parametrize(
    "api_url", ["https://me:hush-hush@api.example.com", "https://api.example.com?x=hush-hush"]
)
def test_a_secret_in_the_url_is_shown_nowhere(operator: Operator, api_url: str) -> None:
    result = operator.run("cf_user_invite_info", api_url=api_url)

    assert result["failed"]
    assert "hush" not in str(result)


def test_without_requests_the_task_says_what_to_install(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_module, "REQUESTS_IMPORT_ERROR", "Traceback")

    result = operator.run("cf_user_invite_info")

    assert result["failed"]
    assert "Failed to import the required Python library (requests)" in result["msg"]


def test_secrets_of_the_environment_are_masked(
    operator: Operator, cloudflare: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN, operator.user.api_token)
    cloudflare.invite(operator.user, cloudflare.add_organization(operator.user.api_token))

    result = operator.run("cf_user_invite_info", api_token=None)

    assert operator.user.api_token not in str(result)


def test_unverified_certificates_are_warned_of(operator: Operator) -> None:
    result = operator.run("cf_user_invite_info", validate_certs=False)

    assert "validate_certs is false" in result["warnings"][0]
