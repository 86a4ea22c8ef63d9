# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random histories: what the modules say, compared with a model of the documented tables.

Organizations invite, cancel and invite again; invites expire; the operator answers in every way
that there is, with faults by chance. The model below is written from the documentation, not from
_invites.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Union

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ansible_collections.community.cloudflare.tests.simulator import Invite, Simulator, User
from ansible_collections.community.cloudflare.tests.unit.conftest import Operator
from ansible_collections.community.cloudflare.tests.unit.faults import KINDS

NAMES = ["Acme", " Acme", "Acme", "ACME", "\u0410cme", "Zebra {{ 1 }}"]
INVITERS = ["ceo@acme.example", "hr@ACME.example", "stranger@mail.example"]
# What happens more often stands more often.
SENDERS = [
    None,
    None,
    None,
    "@acme.example",
    "ceo@acme.example",
    "@mail.example",
    "nobody@example.com",
]
# Those that take real time, or that no answer can be right after, are left to test_every_fault.py.
SLOW = {"time-out", "acted, then time-out", "slow drip", "50 MB", "acted, then 50 MB"}
FAULTS = sorted(name for name, kind in KINDS.items() if name not in SLOW and not kind.hides)

# A task: which invite it is about, from whom, what is wanted, whether in check mode, and the fault
# that strikes one of its requests. What happens more often stands more often.
Task = tuple[int, Union[str, None], str, bool, Union[str, None], int]
TASKS = st.tuples(
    st.integers(0, 99),
    st.sampled_from([None, None, None, *SENDERS]),
    st.sampled_from(["accepted", "rejected"]),
    st.sampled_from([False, False, False, True]),
    st.none() | st.none() | st.sampled_from(FAULTS),
    st.integers(1, 3),
)

# The table of the documentation: what a status asks for, by the wanted state.
KEEP, SEND, FAIL = "keep", "send", "fail"
# What a rule can also come to: no invite, none from that sender, or several that could be meant.
MISSING, OTHER, AMBIGUOUS = "missing", "other", "ambiguous"
FAILURES = {FAIL, MISSING, OTHER, AMBIGUOUS}
TABLE = {
    "pending": {"accepted": SEND, "rejected": SEND},
    "accepted": {"accepted": KEEP, "rejected": FAIL},
    "rejected": {"accepted": FAIL, "rejected": KEEP},
    "expired": {"accepted": FAIL, "rejected": KEEP},
    "canceled": {"accepted": FAIL, "rejected": KEEP},
    "left": {"accepted": FAIL, "rejected": KEEP},
}


@dataclass(frozen=True)
class Expected:
    """What the model expects: one of these invites is meant, and this is done about it."""

    action: str
    invites: tuple[str, ...] = ()


def model(
    visible: list[Invite], selector: dict[str, str], sender: str | None, state: str
) -> Expected:
    """Apply the documented rules to what the operator can see."""
    if "invite_id" in selector:
        newest = [one for one in visible if one.id == selector["invite_id"]]
    else:
        organizations: dict[str, list[Invite]] = {}
        for one in visible:
            name = selector.get("organization_name", one.organization.name)
            number = selector.get("organization_id", one.organization.id)
            if one.organization.name.strip() == name.strip() and one.organization.id == number:
                organizations.setdefault(one.organization.id, []).append(one)
        newest = [max(sent, key=lambda one: one.invited_on) for sent in organizations.values()]
    sent_by = [one for one in newest if sender is None or is_from(one.invited_by, sender)]
    if not sent_by:
        return Expected(OTHER if newest else MISSING)
    pending = [one for one in sent_by if one.status == "pending"]
    accepted = [one.id for one in sent_by if one.status == "accepted"]
    if state == "accepted" and sender is None and accepted:
        # A member already: nobody else of that name is let in by running the task again.
        return Expected(KEEP, tuple(accepted))
    if len(pending) == 1:
        return Expected(SEND, (pending[0].id,))
    if pending:
        return Expected(AMBIGUOUS)
    kept = [one.id for one in sent_by if TABLE[one.status][state] == KEEP]
    return Expected(KEEP, tuple(kept)) if kept else Expected(FAIL)


def is_from(inviter: str, sender: str) -> bool:
    inviter, sender = inviter.lower(), sender.lower()
    return inviter.partition("@")[2] == sender[1:] if sender[0] == "@" else inviter == sender


class Histories(RuleBasedStateMachine):
    """One history; each rule is something that happens."""

    operator: Operator
    auditor: User

    @property
    def cloudflare(self) -> Simulator:
        return self.operator.cloudflare

    @property
    def visible(self) -> list[Invite]:
        """The invites that the operator can see, oldest first."""
        withdrawn = self.cloudflare.settings.user_sees_withdrawn
        invites = self.cloudflare.invites_of(self.operator.user)
        return [one for one in invites if withdrawn or not one.withdrawn]

    @initialize(
        answered=st.sampled_from(["refuse", "allow", "keep"]),
        withdrawn=st.booleans(),
        size=st.sampled_from([5, 20, 50]),
        totals=st.sampled_from(["of everything", "of the filter"]),
    )
    def begin(self, answered: Any, withdrawn: bool, size: int, totals: Any) -> None:
        self.cloudflare.reset()
        user = self.operator.user
        self.cloudflare.users.append(user)
        settings = self.cloudflare.settings
        settings.answered_patch = answered
        settings.user_sees_withdrawn = withdrawn
        settings.maximum_per_page = size
        settings.filtered_totals = totals
        self.auditor = self.cloudflare.add_user("auditor@example.com", id="auditor")
        for name in NAMES:
            self.cloudflare.add_member(self.auditor, self.cloudflare.add_organization(name))
        self.invite(list(range(len(NAMES))), INVITERS[0])

    # What organizations do

    @rule(
        numbers=st.lists(st.integers(0, len(NAMES) - 1), min_size=1, max_size=4),
        by=st.sampled_from(INVITERS),
    )
    def invite(self, numbers: list[int], by: str) -> None:
        for number in numbers:
            self.cloudflare.clock.sleep(60)
            organization = self.cloudflare.organizations[number]
            self.cloudflare.invite(self.operator.user, organization, invited_by=by)

    @precondition(lambda self: self.visible)
    @rule(number=st.integers(0, 99), ending=st.sampled_from(["cancel", "expire", "leave"]))
    def end(self, number: int, ending: str) -> None:
        one = self.visible[number % len(self.visible)]
        if ending == "leave" and self.operator.user.id in one.organization.members:
            self.cloudflare.leave(self.operator.user, one.organization)
        elif ending == "cancel" and one.status == "pending":
            self.cloudflare.cancel(one)
        elif ending == "expire" and one.status == "pending":
            self.cloudflare.expire(one)

    @rule(hours=st.sampled_from([1, 2, 3, 12, 100]), forgets=st.booleans())
    def pass_time(self, hours: int, forgets: bool) -> None:
        self.cloudflare.clock.sleep(hours * 3600)
        if forgets:
            self.cloudflare.purge(older_than=8 * 24 * 3600)

    # What the operator does

    @rule(task=TASKS)
    def answer_by_name(self, task: Task) -> None:
        self.answer("organization_name", task)

    @rule(task=TASKS)
    def answer_by_name_again(self, task: Task) -> None:
        self.answer("organization_name", task)

    @rule(task=TASKS)
    def answer_by_organization(self, task: Task) -> None:
        self.answer("organization_id", task)

    @rule(task=TASKS)
    def answer_by_id(self, task: Task) -> None:
        self.answer("invite_id", task)

    def select(self, by: str, number: int) -> dict[str, str]:
        """Return a selector: of an invite, or of an organization that may have sent none."""
        if by == "invite_id":
            return {by: self.visible[number % len(self.visible)].id}
        organization = self.cloudflare.organizations[number % len(NAMES)]
        return {by: organization.id if by == "organization_id" else organization.name}

    def expect(self, selector: dict[str, str], sender: str | None, state: str) -> Expected:
        """Return what the model expects; a membership counts where there is no invite any more."""
        expected = model(self.visible, selector, sender, state)
        if state != "accepted" or "invite_id" in selector:
            return expected
        joined = {
            one.id
            for one in self.cloudflare.organizations
            if self.operator.user.id in one.members
            and one.name.strip() == selector.get("organization_name", one.name).strip()
            and one.id == selector.get("organization_id", one.id)
        }
        if expected.action == MISSING:
            return Expected(KEEP) if joined else expected
        if "organization_id" in selector or not joined:
            return expected
        # Whoever has taken the name of an organization that was joined is not let in.
        name = selector["organization_name"].strip()
        inviting = {
            one.organization.id for one in self.visible if one.organization.name.strip() == name
        }
        if expected.action == OTHER:
            return Expected(KEEP) if joined - inviting else expected
        is_done = expected.action == KEEP
        return expected if sender or is_done or joined & inviting else Expected(KEEP)

    @rule(
        numbers=st.lists(st.integers(0, len(NAMES) - 1), min_size=1, max_size=3, unique=True),
        by=st.sampled_from(["organization_name", "organization_id"]),
        unmatched=st.sampled_from(["ignore", "ignore", "reject"]),
        check_mode=st.sampled_from([False, False, True]),
    )
    def answer_many(self, numbers: list[int], by: str, unmatched: str, check_mode: bool) -> None:
        rules = [self.select(by, number) for number in numbers]
        expected = [self.expect(rule, None, "accepted") for rule in rules]
        before = self.statuses()
        named = {
            one.id
            for one in self.visible
            for rule in rules
            if rule.get("organization_id", one.organization.id) == one.organization.id
            and rule.get("organization_name", one.organization.name).strip()
            == one.organization.name.strip()
        }
        wanted = {
            number: "accepted" for one in expected if one.action == SEND for number in one.invites
        }
        if unmatched == "reject":
            wanted.update(
                (one.id, "rejected")
                for one in self.visible
                if one.status == "pending" and one.id not in named
            )

        result = self.operator.run(
            "cf_user_invites",
            accept=rules,
            unmatched=unmatched,
            missing="ignore",
            check_mode=check_mode,
        )

        actions = {one.action for one in expected}
        if AMBIGUOUS in actions:
            assert result["failed"]
            wanted = {}
        else:
            assert bool(result.get("failed")) == (FAIL in actions), result
            told = {one["id"]: one["status"] for one in [*result["accepted"], *result["rejected"]]}
            assert told == wanted
            assert len(result["missing"]) == sum(one.action == MISSING for one in expected)
        assert bool(result.get("changed")) == bool(wanted)
        assert self.statuses() == {**before, **({} if check_mode else wanted)}

    def answer(self, by: str, task: Task) -> None:
        if not self.visible:
            return
        number, sender, state, check_mode, fault, at = task
        selector = self.select(by, number)
        options: dict[str, Any] = {**selector, "invited_by": sender, "state": state}
        # A limit that is waited for lets invites expire; the model looks before.
        expected = self.expect(selector, sender, state)
        before = self.statuses()
        if fault:
            self.cloudflare.add_fault(KINDS[fault].order(at))

        result = self.operator.run(
            "cf_user_invite",
            **{**selector, "invited_by": sender, "state": state},
            check_mode=check_mode,
        )

        self.cloudflare.clear_faults()
        self.check(expected, result, before, state, check_mode, may_fail=bool(fault))
        if fault:
            self.cloudflare.clock.sleep(400)  # let any block pass
            expected = self.expect(selector, sender, state)
            before = self.statuses()
            result = self.operator.run("cf_user_invite", **options)
            self.check(expected, result, before, state, check_mode=False, may_fail=False)

    @rule(status=st.none() | st.sampled_from(["pending", "accepted", "rejected", "expired"]))
    def list_invites(self, status: str | None) -> None:
        result = self.operator.run("cf_user_invite_info", status=status and [status])

        visible = [(one.id, one.status) for one in self.visible]
        wanted = [(number, shown) for number, shown in visible if status in (None, shown)]
        assert [(one["id"], one["status"]) for one in result["invites"]] == wanted

    @rule(
        numbers=st.lists(st.integers(0, len(NAMES) - 1), min_size=1, max_size=3, unique=True),
        status=st.sampled_from(["pending", "pending", "rejected", "accepted"]),
    )
    def audit(self, numbers: list[int], status: str) -> None:
        accounts = [self.cloudflare.organizations[number] for number in numbers]

        result = self.operator.run(
            "cf_account_invite_info",
            account_ids=[one.id for one in accounts],
            status=[status],
            invited_member_email=self.operator.user.email,
            api_token=self.auditor.api_token,
        )

        assert not result.get("failed"), result
        told = [(one["organization_id"], one["status"]) for one in result["invites"]]
        if status == "accepted":
            wanted = [one.id for one in accounts if self.operator.user.id in one.members]
        else:
            self.statuses()  # lets invites expire
            wanted = [
                account.id
                for account in accounts
                for one in self.cloudflare.invites_from(account)
                if one.status == status
            ]
        assert told == [(number, status) for number in wanted]
        assert {one["organization_name"] for one in result["invites"]} == {
            one.name for one in accounts if one.id in wanted
        }

    def check(
        self,
        expected: Expected,
        result: dict[str, Any],
        before: dict[str, str],
        state: str,
        check_mode: bool,
        *,
        may_fail: bool,
    ) -> None:
        after = self.statuses()
        changed = {name: status for name, status in after.items() if status != before[name]}
        expired = {name for name, status in changed.items() if status == "expired"}
        changed = {name: status for name, status in changed.items() if name not in expired}
        if result.get("failed"):
            assert may_fail or expected.action in FAILURES, result["msg"]
            assert result.get("changed") or not changed
            return
        if not expired:
            assert expected.action not in FAILURES, result
            assert result["changed"] == (expected.action == SEND)
        if result["invite"] is None:
            assert expected == Expected(KEEP)
            assert changed == {}
            return
        assert expired or result["invite"]["id"] in expected.invites
        assert result["previous_status"] == before[result["invite"]["id"]]
        if result["changed"]:
            assert result["invite"]["status"] == state
            assert changed == ({} if check_mode else {result["invite"]["id"]: state})
        else:
            assert changed == {}

    def statuses(self) -> dict[str, str]:
        return {name: self.cloudflare.status(name) for name in list(self.cloudflare.invites)}


@pytest.mark.usefixtures("cloudflare")
def test_random_histories(operator: Operator) -> None:
    Histories.operator = operator
    run_state_machine_as_test(Histories)
