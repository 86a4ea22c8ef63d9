# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that respond to invites, as plain data, and strategies for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ansible_collections.community.cloudflare.tests.simulator.serializers import activation_code
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner
from ansible_collections.community.cloudflare.tests.unit.metamorphic.worlds import (
    OrganizationData,
    World,
    invite_id,
    spellings,
    worlds,
)
from ansible_collections.community.cloudflare.tests.unit.task import run_module

Rule = dict[str, Any]
# An invite, and the status that it gets.
Action = tuple[str, str]

EXAMPLES = settings().max_examples
RELATION = settings(
    max_examples=EXAMPLES * 2 // 3,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# For relations that almost every example tests, and for those that few examples test.
COMMON_RELATION = settings(RELATION, max_examples=EXAMPLES // 3)
RARE_RELATION = settings(RELATION, max_examples=EXAMPLES * 4 // 3)
SENDER_PATTERNS = ["@acme.example", "ceo@acme.example", "@mail.example", "a@MAIL.example"]
PROXY_PASSWORD = "proxy-password-7f3a"


@dataclass(frozen=True)
class Task:
    """A module and its options."""

    module: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """The result of a task, and what happened at Cloudflare."""

    result: dict[str, Any]
    actions: frozenset[Action]

    @property
    def has_failed(self) -> bool:
        return bool(self.result.get("failed"))

    @property
    def is_reported_incomplete(self) -> bool:
        """Whether the result has a failure or a warning."""
        names = ("failed", "missing", "warnings")
        return any(self.result.get(name) for name in names)

    def invites_with(self, status: str) -> set[str]:
        return {invite for invite, new_status in self.actions if new_status == status}


class Laboratory:
    """Runs tasks of one user, and checks that no output has a secret."""

    def __init__(self, runner: TaskRunner) -> None:
        self.user = runner.user
        self.cloudflare = runner.cloudflare

    def run_in(self, world: World, task: Task, *, check_mode: bool = False) -> Outcome:
        """Run a task in a new world."""
        world.build(self.cloudflare, self.user)
        return self.run(task, check_mode=check_mode)

    def run(self, task: Task, *, check_mode: bool = False) -> Outcome:
        """Run a task in the world as it is now."""
        before = self.statuses()
        credentials = {"api_url": self.cloudflare.url, "api_token": self.user.api_token}
        options = {**credentials, **task.options}
        result = run_module(task.module, options, check_mode=check_mode)
        self.assert_no_secret(result)
        return Outcome(result, frozenset(self.statuses().items() - before.items()))

    def statuses(self) -> dict[str, str]:
        return {invite: self.cloudflare.status(invite) for invite in list(self.cloudflare.invites)}

    def assert_no_secret(self, result: Mapping[str, Any]) -> None:
        codes = map(activation_code, self.cloudflare.invites)
        output = json.dumps(result, ensure_ascii=False)
        secrets = [self.user.api_token, self.user.api_key, PROXY_PASSWORD, *codes]
        assert not [secret for secret in secrets if secret in output]


def single(state: str, rule: Rule) -> Task:
    """Return a task for one rule, which selects at most one invite."""
    return Task("cf_user_invite", {"state": state, **rule})


def bulk(accept: list[Rule], reject: list[Rule] | None = None, **options: Any) -> Task:
    """Return a task for many rules."""
    return Task("cf_user_invites", {"accept": accept, "reject": reject or [], **options})


def sender_rules(patterns: list[str]) -> SearchStrategy[Rule]:
    """Return rules about all invites of a sender."""
    return st.sampled_from(patterns).map(
        lambda pattern: {"invited_by": pattern, "all_from_sender": True}
    )


@st.composite
def organization_rules(
    draw: st.DrawFn, organization: OrganizationData, senders: list[str] | None = None
) -> Rule:
    """Draw a rule about an organization: by ID, by name, or by both, and by sender."""
    selector: Rule = {}
    kind = draw(st.sampled_from(["id", "name", "name", "name", "both"]))
    if kind != "name":
        identifiers = [organization.id, organization.id, organization.id.upper()]
        selector["organization_id"] = draw(st.sampled_from(identifiers))
    if kind != "id":
        selector["organization_name"] = draw(spellings(organization.name.strip()))
    if draw(st.booleans()):
        selector["invited_by"] = draw(st.sampled_from(senders or SENDER_PATTERNS))
    return selector


@st.composite
def tasks(draw: st.DrawFn, world: World) -> Task:
    """Draw a task about what is in this world."""
    organizations = st.sampled_from(world.organizations).flatmap(organization_rules)
    invites = st.sampled_from([invite.id for invite in world.invites] or [invite_id(99)])
    by_id = invites.map(lambda invite: {"invite_id": invite})
    selectors = st.one_of(organizations, organizations, organizations, by_id)
    if draw(st.sampled_from([False, False, True])):
        return single(draw(st.sampled_from(["accepted", "rejected"])), draw(selectors))
    rules = st.one_of(selectors, selectors, sender_rules(SENDER_PATTERNS))
    options = st.fixed_dictionaries(
        {"reject_unmatched": st.booleans()},
        optional={
            "allow_missing": st.sampled_from([False, True, True]),
            "allow_name_only": st.booleans(),
            "require_twofactor": st.booleans(),
        },
    )
    return bulk(
        draw(st.lists(rules, min_size=1, max_size=2)),
        draw(st.sampled_from([[], [], [draw(rules)]])),
        **draw(options),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[World, Task]:
    """Draw a world, and a task about it."""
    world = draw(worlds())
    return world, draw(tasks(world))
