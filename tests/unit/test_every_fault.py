# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault at every request: as SQLite fails each I/O in turn and checks the database after it.

For each scenario, the normal run tells how many requests there are. Then each kind of fault strikes
each of them, and three things must hold: the module ends with a result or with one clear failure;
what it says is true; and running it again, without the fault, converges.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Organization, Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import Operator
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
    return f"{number + 1:032x}"  # zeros are no ID


READABLE = (6, 7, 8)
TARGET, SECOND, STRANGER = "a" * 32, "b" * 32, "c" * 32

SCENARIOS = {
    "list over several pages": Scenario("cf_user_invite_info", {}, 2, {}, of_operator),
    "list one": Scenario(
        "cf_user_invite_info", {"invite_id": TARGET}, 1, {}, lambda _cloudflare: [TARGET]
    ),
    "several organizations at once": Scenario(
        "cf_org_invite_info",
        {"organization_ids": [organization_id(number) for number in READABLE]},
        4,
        {},
        of_organizations(*READABLE),
    ),
    "several accounts at once": Scenario(
        "cf_account_invite_info",
        {"account_ids": [organization_id(number) for number in READABLE]},
        7,
        {},
        of_organizations(*READABLE),
    ),
    "accept by name": Scenario(
        "cf_user_invite",
        {"organization_name": "Acme", "state": "accepted"},
        6,
        {TARGET: "accepted"},
    ),
    "accept by id": Scenario(
        "cf_user_invite", {"invite_id": TARGET, "state": "accepted"}, 2, {TARGET: "accepted"}
    ),
    "reject by organization": Scenario(
        "cf_user_invite",
        {"organization_id": organization_id(0), "state": "rejected"},
        3,
        {TARGET: "rejected"},
    ),
    "reject by id": Scenario(
        "cf_user_invite", {"invite_id": TARGET, "state": "rejected"}, 2, {TARGET: "rejected"}
    ),
}
SCENARIOS["bulk"] = Scenario(
    "cf_user_invites",
    {
        "accept": [{"organization_name": "Acme"}, {"organization_id": organization_id(3)}],
        "reject": [{"invited_by": "@stranger.example", "all_from_sender": True}],
    },
    8,
    {TARGET: "accepted", SECOND: "accepted", STRANGER: "rejected"},
)
SCENARIOS["member already"] = Scenario(
    "cf_user_invite", {"organization_id": organization_id(20), "state": "accepted"}, 5, {}
)
SCENARIOS["members already, in bulk"] = Scenario(
    "cf_user_invites",
    {"accept": [{"organization_id": organization_id(20)}], "reject_unmatched": False},
    5,
    {},
)
ANSWERED_PATCH = ["refuse", "allow", "keep"]


def begin(operator: Operator) -> Statuses:
    """Set the scene: three organizations; the operator has 9 invites on 2 pages of 5."""
    cloudflare = operator.cloudflare
    cloudflare.settings.maximum_per_page = 5
    cloudflare.settings.filtered_totals = "of the filter"
    organizations: list[Organization] = []
    for number in range(9):
        name = "Acme" if number == 0 else f"Organization {number}"
        organizations.append(cloudflare.add_organization(name, id=organization_id(number)))
    ids = {organizations[0].id: TARGET, organizations[3].id: SECOND, organizations[5].id: STRANGER}
    for organization in reversed(organizations):  # so that the one that is meant comes last
        invite_id = ids.get(organization.id)
        inviter = "x@stranger.example" if invite_id == STRANGER else "admin@example.com"
        cloudflare.invite(operator.user, organization, inviter, id=invite_id)
    forgotten = cloudflare.add_organization("Forgotten", id=organization_id(20))
    cloudflare.add_member(operator.user, forgotten)
    for number in READABLE:
        cloudflare.add_member(operator.user, organizations[number])
    for guest in range(5):
        cloudflare.invite(f"guest-{guest}@example.com", organizations[READABLE[1]])
    return statuses(cloudflare)


def statuses(cloudflare: Simulator) -> Statuses:
    return {invite_id: cloudflare.status(invite_id) for invite_id in cloudflare.invites}


def run(operator: Operator, scenario: Scenario, timeout: float = 0.3) -> dict[str, Any]:
    return operator.run(scenario.module, **scenario.options, timeout=timeout)


@pytest.mark.parametrize("name", SCENARIOS)
def test_without_a_fault(operator: Operator, cloudflare: Simulator, name: str) -> None:
    scenario = SCENARIOS[name]
    before = begin(operator)

    result = run(operator, scenario, timeout=30)

    assert len(cloudflare.log) == scenario.requests
    check_truth(scenario, result, before, cloudflare)
    assert statuses(cloudflare) == {**before, **scenario.wanted}


def cases() -> Iterator[Any]:
    for name, scenario in SCENARIOS.items():
        for at in range(1, scenario.requests + 1):
            for kind in KINDS:
                answers = (
                    ANSWERED_PATCH
                    if len(scenario.wanted) == 1 and at == scenario.requests
                    else [None]
                )
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
    assert operator.user.api_token not in json.dumps(result)
    check_truth(scenario, result, before, cloudflare, fault)
    cloudflare.clear_faults()
    before = statuses(cloudflare)
    check_truth(scenario, run(operator, scenario), before, cloudflare)
    assert statuses(cloudflare).items() >= scenario.wanted.items()
    if scenario.wanted:
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
            assert "GET /" in result["msg"] or "PATCH /" in result["msg"]


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
        if "failed_invites" in result:
            check_bulk_truth(result, changed)
        elif result.get("changed"):
            assert "may have been applied" in result["msg"]
        return
    assert result["changed"] == bool(changed)
    if "failed_invites" in result:
        check_bulk_truth(result, changed)
        assert changed == {name: scenario.wanted[name] for name in changed}
        return
    if scenario.listed and not (fault and fault.hides):
        found = [invite["id"] for invite in result["invites"]]
        assert found == scenario.listed(cloudflare)
        assert {invite["id"]: invite["status"] for invite in result["invites"]}.items() <= (
            after.items()
        )
    if fault and "No invite matches" in "".join(result.get("warnings", [])):
        return  # Cloudflare's response was that there is no such invite
    for invite_id, wanted in scenario.wanted.items():
        assert after[invite_id] == wanted
        assert result["previous_status"] == before[invite_id]
        assert result["invite"]["id"] == invite_id
        assert result["invite"]["status"] == wanted


def check_bulk_truth(result: dict[str, Any], changed: Statuses) -> None:
    """What is said to be answered is; and whatever changed is said to be, or to be uncertain."""
    told = {one["id"]: one["status"] for one in [*result["accepted"], *result["rejected"]]}
    assert told.items() <= changed.items()
    for name in changed.keys() - told.keys():
        # A rule that could not be judged is about no single invite.
        about_one = [one for one in result["failed_invites"] if one["invite"]]
        [failed] = [one for one in about_one if one["invite"]["id"] == name]
        assert failed["changed"]
        assert "may have been applied" in failed["msg"]
