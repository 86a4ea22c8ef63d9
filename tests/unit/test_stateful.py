# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stateful test with faults: organizations send invites, invites end, the user responds.

Check mode predicts what a task does. The same task must then do that and nothing else, even after a
fault at one of its requests, and its result must be consistent with the state of the simulator.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from ansible_collections.community.cloudflare.tests.simulator import Invite, Simulator, User
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner
from ansible_collections.community.cloudflare.tests.unit.faults import FAULT_CASES

NAMES = ["Acme", " Acme", "ACME", "\u0410cme", "Zebra {{ 1 }}"]
SENDERS = ["ceo@acme.example", "hr@ACME.example", "unknown@mail.example"]
SENDER_PATTERNS = ["@acme.example", "ceo@acme.example", "@mail.example", "absent@example.com"]
# Slow faults and faults with wrong data are tested in test_fault_injection.py.
SLOW = {"timeout", "processed, then timeout", "slow drip", "50 MB", "processed, then 50 MB"}
FAULTS = sorted(
    name for name, kind in FAULT_CASES.items() if name not in SLOW and not kind.undetectable
)
DAY = 24 * 60 * 60.0
HOUR = timedelta(hours=1)

NUMBERS = st.integers(0, 99)
STATES = st.sampled_from(["accepted", "rejected"])
# A fault, and the number of the request that triggers it.
FAULTS_AT = st.none() | st.tuples(st.sampled_from(FAULTS), st.integers(1, 3))
FaultAt = tuple[str, int] | None
Statuses = dict[str, str]


class InviteStateMachine(RuleBasedStateMachine):
    """A random sequence of events."""

    runner: TaskRunner
    auditor: User

    @property
    def cloudflare(self) -> Simulator:
        return self.runner.cloudflare

    @property
    def visible(self) -> list[Invite]:
        return self.cloudflare.visible_invites(self.runner.user)

    @initialize(
        patch_non_pending=st.sampled_from(["error", "overwrite", "keep"]),
        show_withdrawn=st.booleans(),
        page_size=st.sampled_from([5, 20, 50]),
        memberships_retired=st.booleans(),
    )
    def start(
        self,
        patch_non_pending: Any,
        show_withdrawn: bool,
        page_size: int,
        memberships_retired: bool,
    ) -> None:
        self.cloudflare.reset()
        self.cloudflare.users.append(self.runner.user)
        self.cloudflare.settings.patch_non_pending = patch_non_pending
        self.cloudflare.settings.show_withdrawn_to_user = show_withdrawn
        self.cloudflare.settings.maximum_per_page = page_size
        self.cloudflare.settings.memberships_retired = memberships_retired
        self.auditor = self.cloudflare.add_user("auditor@example.com", id="auditor")
        for name in NAMES:
            organization = self.cloudflare.add_organization(name)
            self.cloudflare.add_member(self.auditor, organization)
            self.cloudflare.invite(self.runner.user, organization, SENDERS[0])

    # Events of organizations, and time

    @rule(numbers=st.lists(NUMBERS, min_size=1, max_size=4), sender=st.sampled_from(SENDERS))
    def invite(self, numbers: list[int], sender: str) -> None:
        for number in numbers:
            self.cloudflare.clock.sleep(60)
            organization = self.cloudflare.organizations[number % len(NAMES)]
            self.cloudflare.invite(self.runner.user, organization, sender)

    @precondition(lambda self: self.visible)
    @rule(number=NUMBERS, outcome=st.sampled_from(["cancel", "expire", "leave"]))
    def end(self, number: int, outcome: str) -> None:
        invite = self.visible[number % len(self.visible)]
        if outcome == "leave" and self.runner.user.id in invite.organization.members:
            self.cloudflare.leave(self.runner.user, invite.organization)
        elif outcome == "cancel" and invite.status == "pending":
            self.cloudflare.cancel(invite)
        elif outcome == "expire" and invite.status == "pending":
            self.cloudflare.expire(invite)

    @rule(hours=st.sampled_from([1, 12, 100]), purges=st.booleans())
    def advance_clock(self, hours: int, purges: bool) -> None:
        self.cloudflare.clock.sleep(hours * 3600)
        if purges:
            self.cloudflare.purge(older_than=8 * DAY)

    # Tasks of the user

    def build_selector(self, option: str, number: int) -> dict[str, str]:
        if option == "invite_id" and self.visible:
            return {option: self.visible[number % len(self.visible)].id}
        organization = self.cloudflare.organizations[number % len(NAMES)]
        if option == "organization_name":
            return {option: organization.name}
        return {"organization_id": organization.id}

    @rule(
        option=st.sampled_from(["invite_id", "organization_id", "organization_name"]),
        number=NUMBERS,
        sender=st.none() | st.sampled_from(SENDER_PATTERNS),
        state=STATES,
        fault_at=FAULTS_AT,
    )
    def respond(
        self, option: str, number: int, sender: str | None, state: str, fault_at: FaultAt
    ) -> None:
        selector = self.build_selector(option, number)
        self.assert_predicted(
            "cf_user_invite", fault_at, state=state, invited_by=sender, **selector
        )

    @rule(
        option=st.sampled_from(["organization_id", "organization_name"]),
        accepted=st.lists(NUMBERS, min_size=1, max_size=2),
        rejected=st.lists(NUMBERS, max_size=1),
        reject_unmatched=st.sampled_from([False, False, True]),
        fault_at=FAULTS_AT,
    )
    def respond_to_many(
        self,
        option: str,
        accepted: list[int],
        rejected: list[int],
        reject_unmatched: bool,
        fault_at: FaultAt,
    ) -> None:
        accept = [self.build_selector(option, number) for number in accepted]
        reject = [self.build_selector(option, number) for number in rejected]
        options = {
            "accept": accept,
            "reject": reject,
            "reject_unmatched": reject_unmatched,
            "allow_missing": True,
        }
        self.assert_predicted("cf_user_invites", fault_at, **options)

    def assert_predicted(self, module: str, fault_at: FaultAt, **options: Any) -> None:
        """Assert that a task does what check mode predicts, also after a fault."""
        self.expire_soon_expiring()
        before = self.statuses()
        prediction = self.runner.run(module, check_mode=True, **options)
        assert self.statuses() == before
        predicted = {**before, **reported_statuses(prediction)}

        if fault_at:
            self.cloudflare.add_fault(FAULT_CASES[fault_at[0]].build(fault_at[1]))
            result = self.runner.run(module, **options)
            self.cloudflare.clear_faults()
            self.assert_consistent(result, before)
            assert changes(before, self.statuses()).items() <= changes(before, predicted).items()
            self.cloudflare.clock.sleep(400)  # until any rate limit has passed
        middle = self.statuses()
        result = self.runner.run(module, **options)
        self.assert_consistent(result, middle)
        assert bool(result.get("failed")) == bool(prediction.get("failed")), result
        assert self.statuses() == predicted
        assert not self.runner.run(module, **options).get("changed")
        assert self.statuses() == predicted

    def expire_soon_expiring(self) -> None:
        """Expire invites that would expire while a task waits for a rate limit."""
        self.statuses()
        for invite in list(self.cloudflare.invites.values()):
            if invite.status == "pending" and invite.expires_on < self.cloudflare.now() + HOUR:
                self.cloudflare.expire(invite)

    def assert_consistent(self, result: dict[str, Any], before: Statuses) -> None:
        """Assert that the result reports exactly the changes of the state."""
        changed = changes(before, self.statuses())
        assert result.get("changed") or not changed
        if not result.get("failed"):
            assert reported_statuses(result) == changed

    def statuses(self) -> Statuses:
        return {name: self.cloudflare.status(name) for name in list(self.cloudflare.invites)}


def reported_statuses(result: dict[str, Any]) -> Statuses:
    """Return the status that a result reports for each invite it changed or would change."""
    if not result.get("changed") or "diff" not in result:
        return {}
    return {invite["id"]: invite["status"] for invite in result["diff"]["after"]["invites"]}


def changes(before: Statuses, after: Statuses) -> Statuses:
    return {name: status for name, status in after.items() if before[name] != status}


@pytest.fixture(autouse=True)
def _state_machine(runner: TaskRunner) -> None:
    InviteStateMachine.runner = runner


TestInviteStateMachine = InviteStateMachine.TestCase
# Each example has many steps that run several tasks.
TestInviteStateMachine.settings = settings(max_examples=settings().max_examples // 10)
