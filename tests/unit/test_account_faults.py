# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fault at each request of cf_account_invites: members stay, and a second run converges.

A run without a fault depends only on the state, so each state is tried once.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Organization, Simulator
from ansible_collections.community.cloudflare.tests.simulator.roles import SUPER_ADMINISTRATOR
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner
from ansible_collections.community.cloudflare.tests.unit.faults import FAULT_CASES

NEW, PENDING, MEMBER = "new@example.com", "pending@example.com", "member@example.com"
UNLISTED = "unlisted@example.com"

# The options and the number of requests; the statuses that the addresses have in the end.
SCENARIOS: dict[str, tuple[dict[str, Any], int, dict[str, str]]] = {
    "send": ({"invites": [{"email": NEW, "roles": ["DNS"]}]}, 6, {NEW: "pending"}),
    "update": ({"invites": [{"email": PENDING, "roles": ["Billing"]}]}, 7, {}),
    "resend": ({"invites": [{"email": PENDING, "roles": ["DNS"]}], "resend": True}, 8, {}),
    "cancel": ({"invites": [{"email": PENDING}], "state": "absent"}, 4, {PENDING: "gone"}),
    "cancel unlisted": (
        {
            "invites": [{"email": one, "roles": ["DNS"]} for one in (PENDING, MEMBER)],
            "cancel_unlisted": True,
        },
        6,
        {UNLISTED: "gone"},
    ),
}
# The scenarios and states from which a second run has converged.
CONVERGED: set[tuple[object, ...]] = set()
CASES = [
    pytest.param(name, at, kind, id=f"{name}, request {at}, {kind}")
    for name, (_options, requests, _statuses) in SCENARIOS.items()
    for at in range(1, requests + 1)
    for kind in FAULT_CASES
]


@pytest.fixture
def acme(runner: TaskRunner) -> Organization:
    cloudflare = runner.cloudflare
    acme = cloudflare.add_organization("Acme", id="a1" * 16)
    cloudflare.add_member(runner.user, acme, (SUPER_ADMINISTRATOR,))
    cloudflare.add_member(cloudflare.add_user(MEMBER), acme, ("Administrator",))
    cloudflare.invite(PENDING, acme, roles=("DNS",))
    if not runner.requests:
        cloudflare.add_user(PENDING)
    return acme


def statuses(cloudflare: Simulator, acme: Organization) -> dict[str, list[tuple[str, str]]]:
    """Return the ID and the status of each entry that the account has of each address."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in cloudflare.memberships(acme):
        found.setdefault(one.email, []).append((one.id, one.status))
    return found


def run(runner: TaskRunner, acme: Organization, name: str, **more: Any) -> dict[str, Any]:
    options = {**SCENARIOS[name][0], "account_ids": [acme.id], **more}
    return runner.run("cf_account_invites", **options)


@pytest.mark.parametrize("name", SCENARIOS)
def test_run_without_fault_sends_expected_requests(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, name: str
) -> None:
    if name == "cancel unlisted":
        cloudflare.invite(UNLISTED, acme)

    assert not run(runner, acme, name).get("failed")

    assert len(cloudflare.log) == SCENARIOS[name][1]


@pytest.mark.parametrize(("name", "at", "kind"), CASES)
def test_fault_result_is_true_and_converges(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, name: str, at: int, kind: str
) -> None:
    fault = FAULT_CASES[kind]
    if name == "cancel unlisted":
        cloudflare.invite(UNLISTED, acme)
    before, roles = statuses(cloudflare, acme), dict(acme.members)
    cloudflare.add_fault(fault.build(at))

    result = run(runner, acme, name, timeout=0.3)

    after = statuses(cloudflare, acme)
    assert "exception" not in result
    assert runner.user.api_token not in json.dumps(result)
    # No member was changed, no address has two entries, and no other one was touched.
    assert acme.members == roles
    assert all(len(entries) == 1 for entries in after.values())
    assert after.keys() <= before.keys() | {NEW}
    is_changed = after != before or "PUT" in [
        one.method for one in runner.write_requests if one.status == 200 and not one.fault
    ]
    if is_changed:
        assert result["changed"], result
    if not result.get("failed") and not fault.undetectable:
        assert result["changed"]
        for email, status in SCENARIOS[name][2].items():
            assert [one[1] for one in after.get(email, [("", "gone")])] == [status]
    if PENDING not in after and name == "resend":
        assert "is not invited now" in result["msg"] or "may have been" in result["msg"]
    state = (name, *((one.email, one.status, one.roles) for one in cloudflare.memberships(acme)))
    if state not in CONVERGED:
        cloudflare.clear_faults()
        assert_converges(runner, acme, name)
        CONVERGED.add(state)


def assert_converges(runner: TaskRunner, acme: Organization, name: str) -> None:
    """Assert that a second run succeeds, a third one changes nothing, and members stay."""
    roles = dict(acme.members)
    again = run(runner, acme, name, resend=None)
    assert not again.get("failed"), again
    assert not run(runner, acme, name, resend=None)["changed"]
    assert acme.members == roles
