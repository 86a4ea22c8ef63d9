# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verification of certificates, by a simulator with a self-signed certificate."""

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
    """Return the path of a self-signed certificate for 127.0.0.1."""
    return self_signed(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def server(certificate: Path) -> Iterator[Simulator]:
    """Start a simulator that uses TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Simulator(Clock.virtual(), ssl_context=context) as simulator:
        yield simulator


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the CA bundle and the proxy from the environment."""
    for variable in (CA_BUNDLE, "CURL_CA_BUNDLE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="module")
def other_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("other"))


def list_invites(runner: TaskRunner, **options: Any) -> dict[str, Any]:
    return runner.run("cf_user_invite_info", **options)


def check_not_trusted(runner: TaskRunner, result: dict[str, Any]) -> None:
    """Assert the error, that it was not retried, and that the server received no request."""
    assert result["failed"]
    assert "Certificate verification failed: " in result["msg"]
    assert "If you use a private CA, set ca_path" in result["msg"]
    assert result["failure"]["http_status"] is None
    assert runner.cloudflare.clock.monotonic() == 0  # no retry
    assert runner.requests == []


def test_untrusted_certificate_fails(runner: TaskRunner) -> None:
    check_not_trusted(runner, list_invites(runner))


def test_patch_not_sent_to_untrusted_server(runner: TaskRunner) -> None:
    result = runner.run("cf_user_invite", invite_id="a" * 32, state="accepted")

    check_not_trusted(runner, result)
    assert not result["changed"]


def test_certificate_in_ca_path_is_trusted(runner: TaskRunner, certificate: Path) -> None:
    result = list_invites(runner, ca_path=str(certificate))

    assert result["invites"] == []
    assert "warnings" not in result
    assert runner.requests == ["GET /user/invites"]


def test_ca_path_with_other_certificate_fails(runner: TaskRunner, other_certificate: Path) -> None:
    check_not_trusted(runner, list_invites(runner, ca_path=str(other_certificate)))


def test_certificate_for_another_name_fails(runner: TaskRunner, certificate: Path) -> None:
    other_url = runner.cloudflare.url.replace("127.0.0.1", "localhost")

    check_not_trusted(runner, list_invites(runner, api_url=other_url, ca_path=str(certificate)))


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
    """Assert that the error names the invalid ca_path, and that it was not retried."""
    result = list_invites(runner, ca_path=str(ca_path))

    assert result["failed"]
    assert "exception" not in result
    assert str(ca_path) in result["msg"]
    assert runner.cloudflare.clock.monotonic() == 0
    assert runner.requests == []


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize("bundle", [None, "other"])
def test_disabled_verification_warns(
    runner: TaskRunner,
    other_certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    bundle: str | None,
) -> None:
    """A CA bundle in the environment does not enable verification."""
    if bundle:
        monkeypatch.setenv(CA_BUNDLE, str(other_certificate))

    result = list_invites(runner, validate_certs=False)

    assert result["invites"] == []
    assert len(result["warnings"]) == 1
    assert "validate_certs is false" in result["warnings"][0]


def test_certificate_in_requests_ca_bundle_is_trusted(
    runner: TaskRunner, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CA_BUNDLE, str(certificate))

    assert list_invites(runner)["invites"] == []


@pytest.mark.parametrize("trusted", [True, False])
def test_ca_path_overrides_requests_ca_bundle(
    runner: TaskRunner,
    certificate: Path,
    other_certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    trusted: bool,
) -> None:
    given, other = certificate, other_certificate
    if not trusted:
        given, other = other, given
    monkeypatch.setenv(CA_BUNDLE, str(other))

    result = list_invites(runner, ca_path=str(given))

    if trusted:
        assert result["invites"] == []
    else:
        check_not_trusted(runner, result)


def test_aborted_handshake_is_retried(runner: TaskRunner, certificate: Path) -> None:
    fault = runner.cloudflare.add_fault(Fault("connection_refused", times=2))

    result = list_invites(runner, ca_path=str(certificate))

    assert result["invites"] == []
    assert fault.triggered_count == 2
    assert runner.requests == ["GET /user/invites"]
