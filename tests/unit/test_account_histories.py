# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stateful test with both sides: an admin sends and cancels invites, users respond and leave."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ansible_collections.community.cloudflare.tests.simulator import (
    LoggedRequest,
    Simulator,
    members,
)
from ansible_collections.community.cloudflare.tests.simulator.roles import (
    ROLE_NAMES,
    SUPER_ADMINISTRATOR,
)
from ansible_collections.community.cloudflare.tests.simulator.serializers import activation_code
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner
from ansible_collections.community.cloudflare.tests.unit.faults import FAULT_CASES

USERS = ["alex@example.com", "jo@example.com", "kim@example.com"]
TASKS = st.sampled_from(["accept", "accept many", "reject", "reject many", "leave"])
NAMES = st.sampled_from([*USERS, "new@example.com"])
PEOPLE = st.lists(NAMES, min_size=1, max_size=2, unique=True)
ROLES = st.sampled_from([["DNS"], ["Billing"], ["DNS", "Billing"]])
RESEND = {"resend": True}
OPTIONS = st.sampled_from([{}, RESEND, RESEND, {"cancel_unlisted": True}, {"state": "absent"}])
FAULTS = ["reset", "processed, then reset", "500", "processed, then 500", "429 in HTML"]
METHODS = ["POST", "PUT", "DELETE", "PATCH", "GET"]
FAULTS_AT = st.lists(st.tuples(*map(st.sampled_from, (FAULTS, METHODS, (1, 2, 3)))), max_size=1)
OUTCOMES = st.sampled_from(["accepted"] * 3 + ["rejected", "expired", "other address"])
# How an invite ends during a task, and before which read: of one member, before a change, or of a
# list. The first two lists are for the plan.
READS = st.sampled_from([("member", 1), ("member", 1), ("member", 2), ("list", 3)])
RACES = st.none() | st.tuples(OUTCOMES, READS)
Key = tuple[str, str]  # the ID of an account, and an address


class AccountStateMachine(RuleBasedStateMachine):
    """A random sequence of tasks and events."""

    cloudflare: Simulator

    @initialize(blocks=st.booleans())
    def start(self, blocks: bool) -> None:
        self.cloudflare.reset()
        self.cloudflare.settings.activation_codes = True
        self.cloudflare.settings.rate_limit_requests = 1_000_000
        self.cloudflare.settings.expired_invites_block = blocks
        self.admin = TaskRunner(self.cloudflare.add_user("admin@example.com"), self.cloudflare)
        self.users = {email: self.cloudflare.add_user(email) for email in USERS}
        self.members: dict[Key, tuple[str, ...]] = {}
        for name in ("Acme", "Zebra"):
            account = self.cloudflare.add_organization(name)
            self.cloudflare.add_member(self.admin.user, account, (SUPER_ADMINISTRATOR,))
            for email in USERS[1:]:
                self.cloudflare.invite(email, account, roles=("DNS",))
            self.members[account.id, self.admin.user.email] = (SUPER_ADMINISTRATOR,)
        self.violations: list[str] = []
        self.cloudflare.before_request = self.observe

    def entries(self) -> dict[Key, Any]:
        """Return the members and invites of all accounts, one of each address."""
        accounts = self.cloudflare.organizations
        found = [((a.id, m.email), m) for a in accounts for m in self.cloudflare.memberships(a)]
        assert len(dict(found)) == len(found)
        return dict(found)

    def states(self) -> dict[Key, Any]:
        return {key: (one.status, {*one.roles}) for key, one in self.entries().items()}

    @invariant()
    def members_joined_and_did_not_leave(self) -> None:
        entries = self.entries().items()
        assert {key: one.roles for key, one in entries if one.status == "accepted"} == self.members

    @rule(outcome=OUTCOMES, number=st.integers(0, 9))
    def end_invite(self, outcome: str, number: int = 0, member_id: str = "") -> None:
        """End an invite: the one with this ID if it is pending, or any other one."""
        pending = [(key, one) for key, one in self.entries().items() if one.status == "pending"]
        pending = [pair for pair in pending if pair[1].id == member_id] or pending
        if not pending:
            return
        key, entry = pending[number % len(pending)]
        invite, new_email = self.cloudflare.invites[entry.id], f"{entry.id}@example.com"
        self.ended = {key, (key[0], new_email)}
        if outcome == "expired":
            self.cloudflare.expire(invite)
        elif outcome == "other address":
            self.cloudflare.invites[entry.id] = replace(invite, email=new_email)
        elif outcome == "rejected" or entry.user:
            self.cloudflare.respond(invite, outcome)
            self.members |= {key: entry.roles} if outcome == "accepted" else {}

    @rule()
    def advance_clock(self) -> None:
        self.cloudflare.clock.sleep(50 * 3600)  # Twice until an invite expires, never in a task.
        self.cloudflare.purge()

    def observe(self, request: LoggedRequest) -> None:
        """End an invite if it is time, and record a write that must not be sent."""
        account_id, name, member_id = f"{request.path}///".split("/")[2:5]
        if name != "members":
            return
        if request.method == "GET":
            kind = "member" if member_id else "list"
            self.reads[kind] += 1
            if self.race and self.race[1] == (kind, self.reads[kind]):
                self.end_invite(self.race[0], member_id=member_id)
            listed = [] if member_id else self.entries().items()
            self.planned.update({one.id: key for key, one in listed if key[0] == account_id})
        for key, one in self.entries().items() if request.method != "GET" else ():
            is_other = one.status == "accepted" or self.planned.get(one.id) != key
            is_invited = request.method == "POST" and key == (account_id, request.body["email"])
            if is_invited or (one.id == member_id and is_other):
                self.violations.append(f"{request.method} for {key}, {one.status}")

    def add_fault(self, fault_at: Any) -> None:
        for kind, method, at in fault_at:
            self.cloudflare.add_fault(replace(FAULT_CASES[kind].build(at), method=method))

    @rule(user=st.sampled_from(USERS), number=st.integers(0, 1), task=TASKS, fault_at=FAULTS_AT)
    def respond(self, user: str, number: int, task: str, fault_at: Any) -> None:
        account = self.cloudflare.organizations[number]
        runner, key = TaskRunner(self.users[user], self.cloudflare), (account.id, user)
        self.add_fault(fault_at)
        many: Any = {task.split()[0]: [{"organization_id": account.id}]}
        if task == "leave":
            result = runner.run("cf_membership", state="absent", account_id=account.id)
        elif task.endswith("many"):
            result = runner.run("cf_user_invites", **many)
        else:
            result = runner.run("cf_user_invite", state=f"{task}ed", organization_id=account.id)
        self.cloudflare.clear_faults()
        roles = account.members.get(runner.user.id)
        if not task.startswith("reject"):
            assert result.get("failed") or (roles is None) == (task == "leave"), result
            self.members.pop(key, None)
            self.members |= {key: roles} if roles else {}

    @rule(people=PEOPLE, roles=ROLES, option=OPTIONS, fault_at=FAULTS_AT, race=RACES)
    def manage(self, people: Any, roles: Any, option: Any, fault_at: Any, race: Any) -> None:
        ids = [account.id for account in self.cloudflare.organizations]
        keys = {(account_id, email) for account_id in ids for email in people}
        invites = [{"email": email.title(), "roles": roles} for email in people]
        given = {"account_ids": ids, "invites": invites, **option}
        prediction = self.run_admin(check_mode=True, **given)
        is_error = "state" in option and bool(keys & {*self.members})
        assert bool(prediction.get("failed")) == is_error
        expected = self.states()
        for one in prediction["diff"]["after"]["invites"]:
            key = (one["organization_id"], one["invited_member_email"])
            expected[key] = (one["status"], {*one["roles"]})
        expected = {key: state for key, state in expected.items() if state[0] != "canceled"}
        if fault_at or race:
            self.add_fault(fault_at)
            result = self.run_admin(race, **given)
            self.cloudflare.clear_faults()
            assert race or result.get("failed") or self.states() == expected
        expired = [one for one in self.cloudflare.invites.values() if one.status == "expired"]
        is_blocked = self.cloudflare.settings.expired_invites_block and bool(expired)
        result, entries = self.run_admin(**given), self.entries()
        assert race or is_blocked or self.states() == expected
        assert race or fault_at or is_blocked or result["diff"] == prediction["diff"]
        if result.get("failed"):
            assert is_blocked or ("state" in option and keys & {*self.members}), result
            return
        pending = {key: {*one.roles} for key, one in entries.items() if one.status == "pending"}
        assert pending.keys() <= keys or "cancel_unlisted" not in option
        for key in keys:
            assert key not in pending if "state" in option else key in entries
            assert {*roles} <= pending.get(key, {*roles})
        again = self.run_admin(**{**given, "resend": None})
        assert (again["changed"], again.get("failed")) == (False, None)

    def run_admin(self, race: Any = None, **options: Any) -> dict[str, Any]:
        """Run cf_account_invites, and assert what is true of each result."""
        before = self.entries()
        self.race, self.reads = race, Counter[str]()
        self.ended, self.planned = set[Key](), dict[str, Key]()
        result = self.admin.run("cf_account_invites", max_connections=1, **options)
        assert not self.violations
        secrets = {self.admin.user.api_token, *map(activation_code, self.cloudflare.invites)}
        assert not [one for one in secrets if one in json.dumps(result)]
        changes = result["diff"]["after"]["invites"][:] if "diff" in result else []
        changes += [one["invite"] for one in result.get("failed_invites", []) if one["changed"]]
        assert bool(changes) == bool(result.get("changed"))
        after = self.entries()
        changed = {key for key in before | after if before.get(key) != after.get(key)}
        reported = {(one["organization_id"], one["invited_member_email"]) for one in changes}
        assert changed <= self.ended | (set() if options.get("check_mode") else reported)
        return result


@pytest.fixture(autouse=True)
def _state_machine(runner: TaskRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    AccountStateMachine.cloudflare = runner.cloudflare
    # All roles would be most of what is read.
    monkeypatch.setattr(f"{members.__name__}.ROLE_NAMES", ROLE_NAMES[:8])


TestAccountStateMachine = AccountStateMachine.TestCase
TestAccountStateMachine.settings = settings(max_examples=settings().max_examples // 6)
