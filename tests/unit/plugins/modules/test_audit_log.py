# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cf_account_invite_info with audit_log: senders and times of pending invites."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Fault, Organization, Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner

SENT = "2026-06-01T10:00:00Z"
SENDER = "ceo@acme.example"
KIM = "kim@example.com"


@pytest.fixture
def acme(runner: TaskRunner, cloudflare: Simulator) -> Organization:
    """An account with a pending invite."""
    organization = cloudflare.add_organization("Acme", id="1" * 32)
    cloudflare.add_member(runner.user, organization)
    invite(cloudflare, organization, "a", SENT, SENDER)
    return organization


def invite(
    cloudflare: Simulator, organization: Organization, letter: str, sent: str, sender: str
) -> Any:
    end = "2100-01-01T00:00:00Z"
    return cloudflare.invite(
        KIM, organization, sender, invited_on=sent, expires_on=end, id=letter * 32
    )


def read(runner: TaskRunner, **options: Any) -> Any:
    return runner.run("cf_account_invite_info", account_ids=["1" * 32], audit_log=True, **options)


@pytest.mark.parametrize("member_id", ["response", "result", "resource", "omitted"])
@pytest.mark.parametrize("end", ["omitted", "empty", "repeated", "empty page"])
def test_audit_log_has_sender_and_time(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, member_id: Any, end: Any
) -> None:
    cloudflare.settings.audit_log_member_id = member_id
    cloudflare.settings.audit_log_end = end
    cloudflare.settings.audit_log_count = "text"

    result = read(runner)

    [found] = result["invites"]
    assert (found["invited_by"], found["invited_on"]) == (SENDER, SENT)
    assert (found["invite_source"], found["audit_log_id"]) == ("audit_log", f"log-{'a' * 28}")
    assert result["audit_logs"] == [{"organization_id": acme.id, "status": "complete", "msg": None}]
    logs = [one for one in cloudflare.log if one.path.endswith("/logs/audit")]
    assert len(logs) == (2 if end == "empty page" else 1)


@pytest.mark.parametrize(
    ("settings", "sender"),
    [
        # An entry that names another membership is not matched by its address.
        ({"audit_log_member_id": "response"}, SENDER),
        ({"audit_log_member_id": "omitted"}, "newest@acme.example"),
        ({"audit_log_member_id": "omitted", "audit_log_email": "omitted"}, None),
        ({"audit_log_actor": "token"}, None),
        ({"audit_log_limit": 1}, SENDER),
    ],
)
def test_entry_is_matched_by_id_then_by_address(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    settings: dict[str, Any],
    sender: str | None,
) -> None:
    for letter, sent, by in (
        ("b", "2026-05-01T10:00:00Z", "older@acme.example"),
        ("c", "2026-07-01T10:00:00Z", "newest@acme.example"),
    ):
        cloudflare.cancel(invite(cloudflare, acme, letter, sent, by))
    for name, value in settings.items():
        setattr(cloudflare.settings, name, value)

    [found] = read(runner)["invites"]

    assert found["invited_by"] == sender
    is_matched = "audit_log_email" not in settings
    assert (found["invited_on"] is not None) is is_matched
    assert (found["invite_source"] == "audit_log") is is_matched


def test_entry_of_another_membership_is_not_matched(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    organization = cloudflare.add_organization("Acme", id="1" * 32)
    cloudflare.add_member(runner.user, organization)
    # The log does not reach back to the invite that is still pending.
    invite(cloudflare, organization, "a", "2026-01-01T10:00:00Z", SENDER)
    cloudflare.cancel(invite(cloudflare, organization, "b", SENT, "x@acme.example"))

    [found] = read(runner)["invites"]

    assert (found["invited_by"], found["invited_on"], found["invite_source"]) == (None,) * 3


def test_entry_of_another_action_is_not_matched(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    def change(body: Any) -> Any:
        body["result"][0]["action"]["result"] = "failure"
        return body

    cloudflare.add_fault(Fault("modify_response", path=".*/logs/audit$", modify=change))

    assert read(runner)["invites"][0]["invited_by"] is None


@pytest.mark.parametrize(
    ("failed_request", "status", "sender"), [(1, "unreadable", None), (2, "incomplete", SENDER)]
)
def test_unreadable_audit_log_does_not_fail(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    failed_request: int,
    status: str,
    sender: str | None,
) -> None:
    cloudflare.cancel(invite(cloudflare, acme, "b", "2026-05-01T10:00:00Z", "x@acme.example"))
    cloudflare.settings.audit_log_limit = 1
    path = ".*/logs/audit$"
    cloudflare.add_fault(Fault("response", at=failed_request, path=path, status=403, body="<p>"))

    result = read(runner)

    assert result["invites"][0]["invited_by"] == sender
    [log] = result["audit_logs"]
    assert log["status"] == status
    assert "HTTP 403" in log["msg"]


def test_accounts_without_pending_invites_need_no_audit_log(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    cloudflare.add_member(runner.user, cloudflare.add_organization("Acme", id="1" * 32))

    result = read(runner, status=["pending", "accepted"])

    assert result["audit_logs"] == []
    assert [one["invited_by"] for one in result["invites"]] == [None]
    assert not [one for one in cloudflare.log if one.path.endswith("/logs/audit")]
