# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the client trusts: a simulator that serves TLS with a certificate that it signed itself."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Clock, Fault, Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner
from ansible_collections.community.cloudflare.tests.unit.simulator.test_server import self_signed

CA_BUNDLE = "REQUESTS_CA_BUNDLE"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed but itself."""
    return self_signed(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def server(certificate: Path) -> Iterator[Simulator]:
    """In place of the simulator that speaks plain HTTP."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Simulator(Clock.virtual(), ssl_context=context) as simulator:
        yield simulator


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let neither a bundle nor a proxy of this machine decide a test."""
    for variable in (CA_BUNDLE, "CURL_CA_BUNDLE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="module")
def strangers_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("stranger"))


def listed(runner: TaskRunner, **options: Any) -> dict[str, Any]:
    return runner.run("cf_user_invite_info", **options)


def check_refused(runner: TaskRunner, result: dict[str, Any]) -> None:
    """It was not trusted: a reason and a way out, no second try, and nothing said to a stranger."""
    assert result["failed"]
    assert "Certificate verification failed: " in result["msg"]
    assert "If you use a private CA, set ca_path" in result["msg"]
    assert result["failure"]["http_status"] is None
    assert runner.cloudflare.clock.monotonic() == 0  # it waited for no other try
    assert runner.requests == []


def test_untrusted_certificate_fails(runner: TaskRunner) -> None:
    check_refused(runner, listed(runner))


def test_patch_not_sent_to_untrusted_server(runner: TaskRunner) -> None:
    result = runner.run("cf_user_invite", invite_id="a" * 32, state="accepted")

    check_refused(runner, result)
    assert not result["changed"]


def test_ca_path_is_used(runner: TaskRunner, certificate: Path) -> None:
    result = listed(runner, ca_path=str(certificate))

    assert result["invites"] == []
    assert "warnings" not in result
    assert runner.requests == ["GET /user/invites"]


def test_ca_path_without_the_signer_fails(runner: TaskRunner, strangers_certificate: Path) -> None:
    check_refused(runner, listed(runner, ca_path=str(strangers_certificate)))


def test_certificate_for_another_name_fails(runner: TaskRunner, certificate: Path) -> None:
    elsewhere = runner.cloudflare.url.replace("127.0.0.1", "localhost")

    check_refused(runner, listed(runner, api_url=elsewhere, ca_path=str(certificate)))


@pytest.mark.parametrize("content", ["", "no certificate"])
def test_ca_path_without_certificate_is_named_in_error(
    runner: TaskRunner, tmp_path: Path, content: str
) -> None:
    ca_path = tmp_path / "ca.pem"
    ca_path.write_text(content)

    check_named(runner, ca_path)


def test_missing_ca_path_is_named_in_error(runner: TaskRunner, tmp_path: Path) -> None:
    check_named(runner, tmp_path / "ca.pem")


def check_named(runner: TaskRunner, ca_path: Path) -> None:
    """Ask with a ca_path of no use: the failure must name it, and come without a second try."""
    result = listed(runner, ca_path=str(ca_path))

    assert result["failed"]
    assert "exception" not in result
    assert str(ca_path) in result["msg"]
    assert runner.cloudflare.clock.monotonic() == 0
    assert runner.requests == []


# urllib3's own warning goes to stderr; tests/end_to_end/test_tls.py has it do so.
@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize("bundle", [None, "strangers"])
def test_disabled_verification_warns(
    runner: TaskRunner,
    strangers_certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    bundle: str | None,
) -> None:
    """A bundle in the environment does not turn verification on again."""
    if bundle:
        monkeypatch.setenv(CA_BUNDLE, str(strangers_certificate))

    result = listed(runner, validate_certs=False)

    assert result["invites"] == []
    assert len(result["warnings"]) == 1
    assert "validate_certs is false" in result["warnings"][0]


def test_requests_ca_bundle_is_used(
    runner: TaskRunner, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CA_BUNDLE, str(certificate))

    assert listed(runner)["invites"] == []


@pytest.mark.parametrize("trusted", [True, False])
def test_ca_path_overrides_requests_ca_bundle(
    runner: TaskRunner,
    certificate: Path,
    strangers_certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    trusted: bool,
) -> None:
    given, other = certificate, strangers_certificate
    if not trusted:
        given, other = other, given
    monkeypatch.setenv(CA_BUNDLE, str(other))

    result = listed(runner, ca_path=str(given))

    if trusted:
        assert result["invites"] == []
    else:
        check_refused(runner, result)


def test_aborted_handshake_is_retried(runner: TaskRunner, certificate: Path) -> None:
    fault = runner.cloudflare.add_fault(Fault("connection_refused", times=2))

    result = listed(runner, ca_path=str(certificate))

    assert result["invites"] == []
    assert fault.triggered_count == 2
    assert runner.requests == ["GET /user/invites"]
