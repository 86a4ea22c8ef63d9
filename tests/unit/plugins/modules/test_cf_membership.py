# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cf_membership: which membership ends, which never does, and what faults do."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Fault, Organization, Simulator
from ansible_collections.community.cloudflare.tests.simulator.roles import SUPER_ADMINISTRATOR
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner
from ansible_collections.community.cloudflare.tests.unit.faults import FAULT_CASES
from ansible_collections.community.cloudflare.tests.unit.task import run_module

ACME, OTHER = "a1" * 16, "b2" * 16


@pytest.fixture
def acme(cloudflare: Simulator, runner: TaskRunner) -> Organization:
    """An account of which the user is a member; another user, and another account, remain."""
    acme = cloudflare.add_organization("Acme Logistics", id=ACME)
    other = cloudflare.add_organization("Harbor Operations", id=OTHER)
    for user in (runner.user, cloudflare.add_user("other@example.com")):
        for organization in (acme, other):
            cloudflare.add_member(user, organization)
    return acme


def leave(runner: TaskRunner, **options: Any) -> dict[str, Any]:
    return runner.run("cf_membership", state="absent", **options)


def accounts(runner: TaskRunner) -> list[str]:
    """Return the names of the accounts of which the user is a member."""
    cloudflare = runner.cloudflare
    for organization in cloudflare.organizations:
        others = set(cloudflare.members(organization)) - {runner.user.email}
        assert others <= {"other@example.com"}
    memberships = cloudflare.memberships_of(runner.user)
    return [account.name for account, one in memberships if one.status == "accepted"]


@pytest.mark.parametrize(
    "options",
    [
        {"account_id": ACME},
        {"account_id": ACME.upper(), "account_name": " Acme Logistics "},
        {"account_name": "Acme Logistics"},
    ],
)
def test_accepted_membership_is_ended_as_check_mode_predicts(
    runner: TaskRunner, acme: Organization, options: dict[str, Any]
) -> None:
    predicted = leave(runner, check_mode=True, **options)
    assert runner.write_requests == []
    done = leave(runner, **options)
    again = leave(runner, **options)

    assert predicted == done
    assert done["changed"]
    assert done["membership"]["account_id"] == acme.id
    assert done["membership"]["roles"] == ["Administrator"]
    assert done["diff"]["before"]["memberships"] == [done["membership"]]
    assert done["diff"]["after"]["memberships"] == []
    assert (again["changed"], again["membership"]) == (False, None)
    assert accounts(runner) == ["Harbor Operations"]
    assert len(runner.requests) == 1 + 3 + 1


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"account_name": "Acme"}, None),
        ({"account_name": "acme logistics"}, "warning: Similar"),
        ({"account_name": "\u0410cme Logistics"}, "warning: Similar"),
        ({"account_id": ACME, "account_name": "Acme"}, "warning: Similar"),
        ({"membership_id": "c" * 32}, None),
        ({"account_id": "0" * 32}, "account_id is"),
        ({"account_id": "Acme Logistics"}, "account_id is"),
        ({"membership_id": "../x"}, "membership_id is"),
        ({"account_name": ""}, "account_name is null or empty"),
        ({}, "Give at least one of"),
    ],
)
def test_other_membership_is_not_ended(
    runner: TaskRunner, acme: Organization, options: dict[str, Any], expected: str | None
) -> None:
    result = leave(runner, **options)

    assert not result.get("changed")
    assert runner.write_requests == []
    if expected and not expected.startswith("warning: "):
        assert expected in result["msg"]
    else:
        [warning] = result.get("warnings", []) or [None]
        assert not result.get("failed")
        assert expected is None or expected[9:] in str(warning)


def test_null_selector_fails(runner: TaskRunner, acme: Organization) -> None:
    shared = {"api_url": runner.cloudflare.url, "api_token": runner.user.api_token}
    for option in ("account_id", "account_name", "membership_id"):
        given = {**shared, "state": "absent", "account_name": "Acme Logistics", option: None}
        assert f"{option} is null" in run_module("cf_membership", given)["msg"]
    assert runner.requests == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [("pending", "cf_user_invite"), ("rejected", None), ("frozen", "unknown status")],
)
def test_only_accepted_membership_is_selected(
    runner: TaskRunner, cloudflare: Simulator, status: str, expected: str | None
) -> None:
    globex = cloudflare.add_organization("Globex")
    cloudflare.invite(runner.user, globex, status="pending" if status == "frozen" else status)
    if status == "frozen":

        def freeze(body: dict[str, Any]) -> dict[str, Any]:
            return {**body, "result": [{**one, "status": status} for one in body["result"]]}

        cloudflare.add_fault(Fault("modify_response", modify=freeze))

    result = leave(runner, account_name="Globex")

    assert not result["changed"]
    assert expected is None or expected in result["msg"]
    assert runner.write_requests == []


def test_pending_membership_beside_accepted_one_is_kept(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    namesake = cloudflare.add_organization("Acme Logistics")
    invite = cloudflare.invite(runner.user, namesake)

    assert leave(runner, account_name="Acme Logistics")["membership"]["account_id"] == acme.id
    assert cloudflare.status(invite.id) == "pending"


def test_ambiguous_account_name_fails(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    namesake = cloudflare.add_organization("Acme Logistics")
    cloudflare.add_member(runner.user, namesake)

    result = leave(runner, account_name="Acme Logistics")

    assert {one["account_id"] for one in result["candidates"]} == {acme.id, namesake.id}
    assert all(one["account_id"] in result["msg"] for one in result["candidates"])
    assert runner.write_requests == []
    leave(runner, membership_id=result["candidates"][1]["id"])
    assert accounts(runner) == ["Acme Logistics", "Harbor Operations"]


@pytest.mark.parametrize("policies_only", [False, True])
@pytest.mark.parametrize(
    "role", [SUPER_ADMINISTRATOR, "SUPER  administrator", "Super-Administrator", ""]
)
def test_super_administrator_leaves_only_if_allowed(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, role: str, policies_only: bool
) -> None:
    cloudflare.settings.policies_only = policies_only
    cloudflare.add_member(runner.user, acme, roles=("DNS", role) if role else ())
    if not role:  # Cloudflare does not report roles

        def strip(body: dict[str, Any]) -> dict[str, Any]:
            fields = ("roles", "policies")
            items = [{k: v for k, v in one.items() if k not in fields} for one in body["result"]]
            return {**body, "result": items}

        cloudflare.add_fault(Fault("modify_response", modify=strip, times=2))

    result = leave(runner, account_id=acme.id)

    assert "allow_super_administrator" in result["msg"]
    assert runner.write_requests == []
    assert leave(runner, account_id=acme.id, allow_super_administrator=True)["changed"]


# What the list reports: not all roles, or old ones.
@pytest.mark.parametrize("policies", [None, [{"permission_groups": [{"id": "b" * 32}]}]])
@pytest.mark.parametrize("roles", [["DNS"], ["DNS", None], []])
def test_super_administrator_missing_in_list_stays(
    runner: TaskRunner,
    cloudflare: Simulator,
    acme: Organization,
    roles: list[str | None],
    policies: list[Any] | None,
) -> None:
    cloudflare.add_member(runner.user, acme, roles=("DNS", SUPER_ADMINISTRATOR))

    def change(body: dict[str, Any]) -> dict[str, Any]:
        items = [{**one, "roles": roles, "policies": policies} for one in body["result"]]
        return {**body, "result": items}

    cloudflare.add_fault(Fault("modify_response", modify=change, path=".*/memberships$"))

    result = leave(runner, account_id=acme.id)

    assert result["failed"]
    assert runner.write_requests == []
    # The membership itself is read before it is ended.
    assert len(runner.requests) == (2 if (roles, policies) == (["DNS"], None) else 1)


@pytest.mark.parametrize("setting", ["membership_ids", "membership_account_ids"])
@pytest.mark.parametrize("value", ["0", "empty", "zeros"])
def test_membership_without_id_is_error(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, setting: str, value: str
) -> None:
    setattr(cloudflare.settings, setting, value)

    result = leave(runner, account_id=acme.id)

    assert result["failed"]
    assert runner.write_requests == []


def test_rejoined_account_is_not_left_after_lost_response(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization
) -> None:
    def promote(_request: Any) -> None:
        if len(cloudflare.log) == 4:
            cloudflare.add_member(runner.user, acme, roles=(SUPER_ADMINISTRATOR,))

    cloudflare.before_request = promote
    cloudflare.add_fault(Fault("connection_reset", method="DELETE"))

    result = leave(runner, account_id=acme.id)

    assert result["failed"]
    assert [request.method for request in cloudflare.log] == ["GET", "GET", "DELETE", "GET"]
    assert acme.name in accounts(runner)


# The fields of memberships that change meanwhile; None if the list cannot be read again.
@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize(
    "changes",
    [{}, {"status": None}, {"account": {"id": ACME, "name": "Renamed"}, "id": "c" * 32}, None],
)
def test_wrong_not_found_is_not_believed(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, method: str, changes: Any
) -> None:
    def change(body: dict[str, Any]) -> dict[str, Any]:
        items = [one | changes if one["account"]["id"] == ACME else one for one in body["result"]]
        return {**body, "result": items}

    body = '{"success": false, "errors": [{"code": 1003, "message": "Membership not found"}]}'
    path = ".*/memberships/"
    cloudflare.add_fault(Fault("response", method=method, path=path, status=404, body=body))
    kind = "response" if changes is None else "modify_response"
    fault = Fault(kind, path=".*/memberships$", at=2, times=None, status=403, modify=change)
    cloudflare.add_fault(fault)

    result = leave(runner, account_name=acme.name)

    assert ("HTTP 403" if changes is None else "is gone, but still lists it") in result["msg"]
    assert not result["changed"]
    assert acme.name in accounts(runner)


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("kind", FAULT_CASES)
def test_fault_result_is_consistent_and_converges(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, kind: str, at: int
) -> None:
    fault = FAULT_CASES[kind]
    cloudflare.add_fault(fault.build(at))

    result = runner.run("cf_membership", account_id=acme.id, state="absent", timeout=0.3)

    has_left = acme.name not in accounts(runner)
    assert "exception" not in result
    assert runner.user.api_token not in str(result)
    if result.get("failed"):
        assert result["changed"] or not has_left
    else:
        assert has_left or fault.undetectable
        assert result["changed"] == has_left
    cloudflare.clear_faults()
    assert not leave(runner, account_id=acme.id).get("failed")
    assert accounts(runner) == ["Harbor Operations"]


@pytest.mark.parametrize(
    "fields",
    [
        {"policies": [{"permission_groups": [SUPER_ADMINISTRATOR]}]},
        {"policies": [{"permission_groups": [None]}]},
        {"policies": [{"permission_groups": None}]},
        {"policies": [None]},
        {"roles": SUPER_ADMINISTRATOR, "policies": [{"permission_groups": [{"name": "DNS"}]}]},
    ],
)
def test_roles_that_are_not_as_documented_need_option(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, fields: dict[str, Any]
) -> None:
    def change(body: dict[str, Any]) -> dict[str, Any]:
        found = body["result"]
        for one in found if isinstance(found, list) else [found]:
            one.update({"roles": ["DNS"], **fields})
        return body

    cloudflare.add_fault(Fault("modify_response", modify=change, method="GET", times=None))

    assert "allow_super_administrator" in leave(runner, account_id=acme.id)["msg"]
    assert runner.write_requests == []


@pytest.mark.parametrize(
    ("fields", "options"),
    [
        ({"account": None}, {"account_name": "Acme Logistics"}),
        ({"account": None, "status": None}, {"account_id": OTHER}),
    ],
)
def test_membership_that_may_match_is_error(
    runner: TaskRunner, cloudflare: Simulator, acme: Organization, fields: Any, options: Any
) -> None:
    def hide(body: dict[str, Any]) -> dict[str, Any]:
        items = [one | fields if one["account"]["id"] == OTHER else one for one in body["result"]]
        return {**body, "result": items}

    cloudflare.add_fault(Fault("modify_response", modify=hide, path=".*/memberships$"))

    assert "does not report what" in leave(runner, **options)["msg"]
    assert runner.write_requests == []
