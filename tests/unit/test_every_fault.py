# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault at every request: as SQLite fails each I/O in turn and checks the database after it.

For each scenario, the normal run tells how many requests there are. Then each kind of fault strikes
each of them, and three things must hold: the module ends with a result or with one clear failure;
what it says is true; and running it again, without the fault, converges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Organization, Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import Operator
from ansible_collections.community.cloudflare.tests.unit.counts import COUNTS
from ansible_collections.community.cloudflare.tests.unit.faults import KINDS, Kind

Statuses = dict[str, str]


@dataclass(frozen=True)
class Scenario:
    """A task, and what becomes of it.

    :ivar requests: how many requests a run without a fault sends.
    :ivar wanted: the invites that the task changes, with the status that they get.
    :ivar listed: for modules that list, what they find.
    """

    module: str
    options: dict[str, Any]
    requests: int
    wanted: Statuses
    listed: Callable[[Simulator], list[str]] | None = None


def of_operator(cloudflare: Simulator) -> list[str]:
    return [invite.id for invite in cloudflare.invites_of(cloudflare.users[0])]


def of_organizations(*numbers: int) -> Callable[[Simulator], list[str]]:
    return lambda cloudflare: [
        invite.id
        for number in numbers
        for invite in cloudflare.invites_from(cloudflare.organizations[number])
    ]


def organization_id(number: int) -> str:
    return f"{number:032x}"


TARGET = "a" * 32

SCENARIOS = {
    "list over several pages": Scenario("cf_user_invite_info", {}, 3, {}, of_operator),
    "list one": Scenario(
        "cf_user_invite_info", {"invite_id": TARGET}, 1, {}, lambda _cloudflare: [TARGET]
    ),
    "several organizations at once": Scenario(
        "cf_org_invite_info",
        {"organization_ids": [organization_id(number) for number in (0, 1, 2)]},
        4,
        {},
        of_organizations(0, 1, 2),
    ),
    "accept by name": Scenario(
        "cf_user_invite",
        {"organization_name": "Acme", "state": "accepted"},
        4,
        {TARGET: "accepted"},
    ),
    "accept by id": Scenario(
        "cf_user_invite", {"invite_id": TARGET, "state": "accepted"}, 2, {TARGET: "accepted"}
    ),
    "reject by organization": Scenario(
        "cf_user_invite",
        {"organization_id": organization_id(0), "state": "rejected"},
        4,
        {TARGET: "rejected"},
    ),
    "reject by id": Scenario(
        "cf_user_invite", {"invite_id": TARGET, "state": "rejected"}, 2, {TARGET: "rejected"}
    ),
}
ANSWERED_PATCH = ["refuse", "allow", "keep"]


def begin(operator: Operator) -> Statuses:
    """Set the scene: three organizations; the operator has 14 invites on 3 pages of 5."""
    cloudflare = operator.cloudflare
    cloudflare.settings.maximum_per_page = 5
    organizations: list[Organization] = []
    for number in range(14):
        name = "Acme" if number == 0 else f"Organization {number}"
        organizations.append(cloudflare.add_organization(name, id=organization_id(number)))
    for organization in reversed(organizations):  # so that the one that is meant comes last
        first = organization is organizations[0]
        cloudflare.invite(operator.user, organization, id=TARGET if first else None)
    for organization in organizations[:3]:
        cloudflare.add_member(operator.user, organization)
    for guest in range(5):
        cloudflare.invite(f"guest-{guest}@example.com", organizations[1])
    return statuses(cloudflare)


def statuses(cloudflare: Simulator) -> Statuses:
    return {invite_id: cloudflare.status(invite_id) for invite_id in cloudflare.invites}


def run(operator: Operator, scenario: Scenario) -> dict[str, Any]:
    COUNTS["runs of a module with, or right after, a fault"] += 1
    return operator.run(scenario.module, **scenario.options, timeout=0.3)


@pytest.mark.parametrize("name", SCENARIOS)
def test_without_a_fault(operator: Operator, cloudflare: Simulator, name: str) -> None:
    scenario = SCENARIOS[name]
    before = begin(operator)

    result = run(operator, scenario)

    assert len(cloudflare.log) == scenario.requests
    check_truth(scenario, result, before, cloudflare)
    assert statuses(cloudflare) == {**before, **scenario.wanted}


def cases() -> Iterator[Any]:
    for name, scenario in SCENARIOS.items():
        for at in range(1, scenario.requests + 1):
            for kind in KINDS:
                answers = ANSWERED_PATCH if scenario.wanted and at == scenario.requests else [None]
                for answered in answers:
                    identity = f"{name}, request {at}, {kind}" + (f", {answered}" * bool(answered))
                    yield pytest.param(name, at, kind, answered, id=identity)


@pytest.mark.parametrize(("name", "at", "kind", "answered_patch"), list(cases()))
def test_a_fault(
    operator: Operator,
    cloudflare: Simulator,
    name: str,
    at: int,
    kind: str,
    answered_patch: Any,
) -> None:
    scenario, fault = SCENARIOS[name], KINDS[kind]
    before = begin(operator)
    if answered_patch:
        cloudflare.settings.answered_patch = answered_patch
    cloudflare.add_fault(fault.order(at))

    result = run(operator, scenario)

    check_clarity(result)
    COUNTS["faults, one at a time, at each request of each scenario"] += 1
    check_truth(scenario, result, before, cloudflare, fault)
    cloudflare.clear_faults()
    before = statuses(cloudflare)
    check_truth(scenario, run(operator, scenario), before, cloudflare)
    assert statuses(cloudflare).items() >= scenario.wanted.items()
    before = statuses(cloudflare)
    again = run(operator, scenario)
    assert not again["changed"]
    assert statuses(cloudflare) == before


def check_clarity(result: dict[str, Any]) -> None:
    """It ended with a result or with one clear failure, never with a traceback."""
    assert "exception" not in result
    if result.get("failed"):
        assert result["msg"].isprintable()
        assert len(result["msg"]) < 3000
        if "failure" in result:
            failure = result["failure"]
            assert set(failure) == {"http_status", "errors", "ray_id", "retry_after"}
            assert result["msg"].startswith(("GET /", "PATCH /"))


def check_truth(
    scenario: Scenario,
    result: dict[str, Any],
    before: Statuses,
    cloudflare: Simulator,
    fault: Kind | None = None,
) -> None:
    """What it said is true of Cloudflare."""
    after = statuses(cloudflare)
    changed = {name: status for name, status in after.items() if status != before[name]}
    assert changed.items() <= scenario.wanted.items()
    if result.get("failed"):
        assert fault, result["msg"]
        if changed:
            assert result["changed"], result["msg"]
        if result.get("changed"):
            assert "is not known" in result["msg"]
        return
    assert result["changed"] == bool(changed)
    if scenario.listed and not (fault and fault.hides):
        found = [invite["id"] for invite in result["invites"]]
        assert found == scenario.listed(cloudflare)
        assert {invite["id"]: invite["status"] for invite in result["invites"]}.items() <= (
            after.items()
        )
    for invite_id, wanted in scenario.wanted.items():
        assert after[invite_id] == wanted
        assert result["previous_status"] == before[invite_id]
        assert result["invite"]["id"] == invite_id
        assert result["invite"]["status"] == wanted
