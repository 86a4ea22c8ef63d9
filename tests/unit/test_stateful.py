# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random histories, with faults: organizations invite, invites die, the user responds.

No model says what a task has to do. Check mode predicts it; then the same task must do that and
nothing else, in spite of a fault at one of its requests, and say what is true of Cloudflare.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from ansible_collections.community.cloudflare.tests.simulator import Invite, Simulator, User
from ansible_collections.community.cloudflare.tests.unit.conftest import Operator
from ansible_collections.community.cloudflare.tests.unit.faults import KINDS

NAMES = ["Acme", " Acme", "ACME", "\u0410cme", "Zebra {{ 1 }}"]
SENDERS = ["ceo@acme.example", "hr@ACME.example", "unknown@mail.example"]
SENDER_PATTERNS = ["@acme.example", "ceo@acme.example", "@mail.example", "nobody@example.com"]
# Those that take real time, or that no later request corrects, are left to test_every_fault.py.
SLOW = {"time-out", "acted, then time-out", "slow drip", "50 MB", "acted, then 50 MB"}
FAULTS = sorted(name for name, kind in KINDS.items() if name not in SLOW and not kind.hides)
DAY = 24 * 60 * 60.0
HOUR = timedelta(hours=1)

NUMBERS = st.integers(0, 99)
STATES = st.sampled_from(["accepted", "rejected"])
# Which fault strikes, and at which request of the task.
STRIKES = st.none() | st.tuples(st.sampled_from(FAULTS), st.integers(1, 3))
Strike = tuple[str, int] | None
Statuses = dict[str, str]


class InviteStateMachine(RuleBasedStateMachine):
    """One history; each rule is something that happens."""

    operator: Operator
    auditor: User

    @property
    def cloudflare(self) -> Simulator:
        return self.operator.cloudflare

    @property
    def visible(self) -> list[Invite]:
        return self.cloudflare.invites_shown_to(self.operator.user)

    @initialize(
        patch_non_pending=st.sampled_from(["refuse", "allow", "keep"]),
        shows_withdrawn=st.booleans(),
        page_size=st.sampled_from([5, 20, 50]),
        memberships_retired=st.booleans(),
    )
    def begin(
        self,
        patch_non_pending: Any,
        shows_withdrawn: bool,
        page_size: int,
        memberships_retired: bool,
    ) -> None:
        self.cloudflare.reset()
        self.cloudflare.users.append(self.operator.user)
        self.cloudflare.settings.answered_patch = patch_non_pending
        self.cloudflare.settings.user_sees_withdrawn = shows_withdrawn
        self.cloudflare.settings.maximum_per_page = page_size
        self.cloudflare.settings.memberships_retired = memberships_retired
        self.auditor = self.cloudflare.add_user("auditor@example.com", id="auditor")
        for name in NAMES:
            organization = self.cloudflare.add_organization(name)
            self.cloudflare.add_member(self.auditor, organization)
            self.cloudflare.invite(self.operator.user, organization, SENDERS[0])

    # What organizations and time do

    @rule(numbers=st.lists(NUMBERS, min_size=1, max_size=4), sender=st.sampled_from(SENDERS))
    def invite(self, numbers: list[int], sender: str) -> None:
        for number in numbers:
            self.cloudflare.clock.sleep(60)
            organization = self.cloudflare.organizations[number % len(NAMES)]
            self.cloudflare.invite(self.operator.user, organization, sender)

    @precondition(lambda self: self.visible)
    @rule(number=NUMBERS, ending=st.sampled_from(["cancel", "expire", "leave"]))
    def end(self, number: int, ending: str) -> None:
        invite = self.visible[number % len(self.visible)]
        if ending == "leave" and self.operator.user.id in invite.organization.members:
            self.cloudflare.leave(self.operator.user, invite.organization)
        elif ending == "cancel" and invite.status == "pending":
            self.cloudflare.cancel(invite)
        elif ending == "expire" and invite.status == "pending":
            self.cloudflare.expire(invite)

    @rule(hours=st.sampled_from([1, 12, 100]), forgets=st.booleans())
    def pass_time(self, hours: int, forgets: bool) -> None:
        self.cloudflare.clock.sleep(hours * 3600)
        if forgets:
            self.cloudflare.purge(older_than=8 * DAY)

    # What the user does

    def selector(self, option: str, number: int) -> dict[str, str]:
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
        strike=STRIKES,
    )
    def respond(
        self, option: str, number: int, sender: str | None, state: str, strike: Strike
    ) -> None:
        selector = self.selector(option, number)
        self.check("cf_user_invite", strike, state=state, invited_by=sender, **selector)

    @rule(
        option=st.sampled_from(["organization_id", "organization_name"]),
        accepted=st.lists(NUMBERS, min_size=1, max_size=2),
        rejected=st.lists(NUMBERS, max_size=1),
        reject_unmatched=st.sampled_from([False, False, True]),
        strike=STRIKES,
    )
    def respond_to_many(
        self,
        option: str,
        accepted: list[int],
        rejected: list[int],
        reject_unmatched: bool,
        strike: Strike,
    ) -> None:
        accept = [self.selector(option, number) for number in accepted]
        reject = [self.selector(option, number) for number in rejected]
        options = {
            "accept": accept,
            "reject": reject,
            "reject_unmatched": reject_unmatched,
            "allow_missing": True,
        }
        self.check("cf_user_invites", strike, **options)

    def check(self, module: str, strike: Strike, **options: Any) -> None:
        """Run a task in check mode, then with a fault, then without: it does what was predicted."""
        self.expire_soon_expiring()
        before = self.statuses()
        prediction = self.operator.run(module, check_mode=True, **options)
        assert self.statuses() == before
        predicted = {**before, **claimed(prediction)}

        if strike:
            self.cloudflare.add_fault(KINDS[strike[0]].order(strike[1]))
            result = self.operator.run(module, **options)
            self.cloudflare.clear_faults()
            self.check_truth(result, before)
            assert changes(before, self.statuses()).items() <= changes(before, predicted).items()
            self.cloudflare.clock.sleep(400)  # until any rate limit has passed
        middle = self.statuses()
        result = self.operator.run(module, **options)
        self.check_truth(result, middle)
        assert bool(result.get("failed")) == bool(prediction.get("failed")), result
        assert self.statuses() == predicted
        assert not self.operator.run(module, **options).get("changed")
        assert self.statuses() == predicted

    def expire_soon_expiring(self) -> None:
        """Let no invite expire while a task waits for a rate limit."""
        self.statuses()
        for invite in list(self.cloudflare.invites.values()):
            if invite.status == "pending" and invite.expires_on < self.cloudflare.now() + HOUR:
                self.cloudflare.expire(invite)

    def check_truth(self, result: dict[str, Any], before: Statuses) -> None:
        """What the result claims has happened; and if it claims no change, none has."""
        changed = changes(before, self.statuses())
        assert result.get("changed") or not changed
        if not result.get("failed"):
            assert claimed(result) == changed

    # What is listed

    @rule(status=st.none() | st.sampled_from(["pending", "accepted", "rejected", "expired"]))
    def list_invites(self, status: str | None) -> None:
        result = self.operator.run("cf_user_invite_info", status=status and [status])

        shown = [(invite.id, invite.status) for invite in self.visible]
        expected = [entry for entry in shown if status in (None, entry[1])]
        assert [(invite["id"], invite["status"]) for invite in result["invites"]] == expected

    @rule(
        numbers=st.lists(st.integers(0, len(NAMES) - 1), min_size=1, max_size=3, unique=True),
        status=st.sampled_from(["pending", "rejected", "accepted"]),
    )
    def list_members(self, numbers: list[int], status: str) -> None:
        accounts = [self.cloudflare.organizations[number] for number in numbers]

        result = self.operator.run(
            "cf_account_invite_info",
            account_ids=[account.id for account in accounts],
            status=[status],
            invited_member_email=self.operator.user.email,
            api_token=self.auditor.api_token,
        )

        expected = [
            account.id
            for account in accounts
            for membership in self.cloudflare.memberships(account)
            if membership.status == status and membership.user is self.operator.user
        ]
        assert [invite["organization_id"] for invite in result["invites"]] == expected

    def statuses(self) -> Statuses:
        return {name: self.cloudflare.status(name) for name in list(self.cloudflare.invites)}


def claimed(result: dict[str, Any]) -> Statuses:
    """Return the invites that a task says it has changed, or would change, by their new status."""
    if not result.get("changed") or "diff" not in result:
        return {}
    return {invite["id"]: invite["status"] for invite in result["diff"]["after"]["invites"]}


def changes(before: Statuses, after: Statuses) -> Statuses:
    return {name: status for name, status in after.items() if before[name] != status}


@pytest.fixture(autouse=True)
def _state_machine(operator: Operator) -> None:
    InviteStateMachine.operator = operator


TestInviteStateMachine = InviteStateMachine.TestCase
# A history has many steps, and each runs several tasks.
TestInviteStateMachine.settings = settings(max_examples=settings().max_examples // 10)
