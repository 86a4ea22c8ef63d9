# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inject every fault at every request of each scenario.

The module must end with a result or one failure message, the result must be consistent with the
state of the simulator, and a second run without the fault must converge. A run without a fault
depends only on the state, so each state is tried once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Organization, Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner
from ansible_collections.community.cloudflare.tests.unit.faults import FAULT_CASES, FaultCase

Statuses = dict[str, str]

# The scenarios, settings, and statuses from which a second run has converged.
CONVERGED: set[tuple[str, ...]] = set()


@dataclass(frozen=True)
class Scenario:
    """A task and its expected outcome.

    :ivar requests: the number of requests without a fault.
    :ivar expected_statuses: the new status of each invite that the task changes.
    :ivar listed: the IDs of the invites that an info module returns.
    """

    module: str
    options: dict[str, Any]
    requests: int
    expected_statuses: Statuses
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
    return f"{number + 1:032x}"  # an ID of zeros is not valid


READABLE = (6, 7, 8)
TARGET, SECOND, THIRD = "a" * 32, "b" * 32, "c" * 32

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
        5,
        {},
        of_organizations(*READABLE),
    ),
    "memberships": Scenario("cf_membership_info", {}, 3, {}),
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
        "reject": [{"invited_by": "@unknown.example", "all_from_sender": True}],
    },
    8,
    {TARGET: "accepted", SECOND: "accepted", THIRD: "rejected"},
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
PATCH_NON_PENDING = ["error", "overwrite", "keep"]


def seed(runner: TaskRunner) -> Statuses:
    """Create organizations and 9 invites of the user, on 2 pages of 5. Return their statuses."""
    cloudflare = runner.cloudflare
    cloudflare.settings.maximum_per_page = 5
    cloudflare.settings.filtered_totals = "filtered"
    organizations: list[Organization] = []
    for number in range(9):
        name = "Acme" if number == 0 else f"Organization {number}"
        organizations.append(cloudflare.add_organization(name, id=organization_id(number)))
    ids = {organizations[0].id: TARGET, organizations[3].id: SECOND, organizations[5].id: THIRD}
    for organization in reversed(organizations):  # so that the selected invite comes last
        invite_id = ids.get(organization.id)
        inviter = "x@unknown.example" if invite_id == THIRD else "admin@example.com"
        cloudflare.invite(runner.user, organization, inviter, id=invite_id)
    purged = cloudflare.add_organization("Forgotten", id=organization_id(20))
    cloudflare.add_member(runner.user, purged)
    for number in READABLE:
        cloudflare.add_member(runner.user, organizations[number])
    for guest in range(5):
        cloudflare.invite(f"guest-{guest}@example.com", organizations[READABLE[1]])
    return statuses(cloudflare)


def statuses(cloudflare: Simulator) -> Statuses:
    return {invite_id: cloudflare.status(invite_id) for invite_id in cloudflare.invites}


def run(runner: TaskRunner, scenario: Scenario, timeout: float = 0.3) -> dict[str, Any]:
    return runner.run(scenario.module, **scenario.options, timeout=timeout)


@pytest.mark.parametrize("name", SCENARIOS)
def test_run_without_fault_succeeds(runner: TaskRunner, cloudflare: Simulator, name: str) -> None:
    scenario = SCENARIOS[name]
    before = seed(runner)

    result = run(runner, scenario, timeout=30)

    assert len(cloudflare.log) == scenario.requests
    assert_consistent(scenario, result, before, cloudflare)
    assert statuses(cloudflare) == {**before, **scenario.expected_statuses}


def cases() -> Iterator[Any]:
    for name, scenario in SCENARIOS.items():
        for at in range(1, scenario.requests + 1):
            for kind in FAULT_CASES:
                settings = (
                    PATCH_NON_PENDING
                    if len(scenario.expected_statuses) == 1 and at == scenario.requests
                    else [None]
                )
                for patch_setting in settings:
                    identity = f"{name}, request {at}, {kind}" + (
                        f", {patch_setting}" * bool(patch_setting)
                    )
                    yield pytest.param(name, at, kind, patch_setting, id=identity)


@pytest.mark.parametrize(("name", "at", "kind", "patch_non_pending"), list(cases()))
def test_fault_result_is_consistent(
    runner: TaskRunner,
    cloudflare: Simulator,
    name: str,
    at: int,
    kind: str,
    patch_non_pending: Any,
) -> None:
    scenario, fault = SCENARIOS[name], FAULT_CASES[kind]
    before = seed(runner)
    if patch_non_pending:
        cloudflare.settings.patch_non_pending = patch_non_pending
    cloudflare.add_fault(fault.build(at))

    result = run(runner, scenario)

    assert_clean_failure(result)
    assert runner.user.api_token not in json.dumps(result)
    assert_consistent(scenario, result, before, cloudflare, fault)
    state = (name, str(patch_non_pending), *statuses(cloudflare).values())
    if state not in CONVERGED:
        cloudflare.clear_faults()
        assert_converges(runner, scenario)
        CONVERGED.add(state)


def assert_converges(runner: TaskRunner, scenario: Scenario) -> None:
    """Assert that a second run does what is left to do, and a third one nothing."""
    cloudflare = runner.cloudflare
    before = statuses(cloudflare)
    assert_consistent(scenario, run(runner, scenario), before, cloudflare)
    assert statuses(cloudflare).items() >= scenario.expected_statuses.items()
    if scenario.expected_statuses:
        before = statuses(cloudflare)
        again = run(runner, scenario)
        assert not again["changed"]
        assert statuses(cloudflare) == before


def assert_clean_failure(result: dict[str, Any]) -> None:
    """Assert that there is no traceback, and a printable message if the task failed."""
    assert "exception" not in result
    if result.get("failed"):
        assert result["msg"].isprintable()
        assert len(result["msg"]) < 3000
        if "failure" in result:
            failure = result["failure"]
            assert set(failure) == {"http_status", "errors", "ray_id", "retry_after"}
            assert "GET /" in result["msg"] or "PATCH /" in result["msg"]


def assert_consistent(
    scenario: Scenario,
    result: dict[str, Any],
    before: Statuses,
    cloudflare: Simulator,
    fault: FaultCase | None = None,
) -> None:
    """Assert that the result is consistent with the state of the simulator."""
    after = statuses(cloudflare)
    changed = {name: status for name, status in after.items() if status != before[name]}
    assert changed.items() <= scenario.expected_statuses.items()
    if result.get("failed"):
        assert fault, result["msg"]
        if changed:
            assert result["changed"], result["msg"]
        if "failed_invites" in result:
            assert_bulk_consistent(result, changed)
        elif result.get("changed"):
            assert "may have been applied" in result["msg"]
        return
    assert result["changed"] == bool(changed)
    if "failed_invites" in result:
        assert_bulk_consistent(result, changed)
        assert changed == {name: scenario.expected_statuses[name] for name in changed}
        return
    if scenario.listed and not (fault and fault.undetectable):
        found = [invite["id"] for invite in result["invites"]]
        assert found == scenario.listed(cloudflare)
        assert {invite["id"]: invite["status"] for invite in result["invites"]}.items() <= (
            after.items()
        )
    if fault and "No invite matches" in "".join(result.get("warnings", [])):
        return  # Cloudflare responded that the invite does not exist
    for invite_id, expected_statuses in scenario.expected_statuses.items():
        assert after[invite_id] == expected_statuses
        assert result["previous_status"] == before[invite_id]
        assert result["invite"]["id"] == invite_id
        assert result["invite"]["status"] == expected_statuses


def assert_bulk_consistent(result: dict[str, Any], changed: Statuses) -> None:
    """Assert that reported changes happened, and that each change is reported or uncertain."""
    reported = {one["id"]: one["status"] for one in [*result["accepted"], *result["rejected"]]}
    assert reported.items() <= changed.items()
    for name in changed.keys() - reported.keys():
        # A rule that was not evaluated has no invite.
        about_one = [one for one in result["failed_invites"] if one["invite"]]
        [failed] = [one for one in about_one if one["invite"]["id"] == name]
        assert failed["changed"]
        assert "may have been applied" in failed["msg"]
