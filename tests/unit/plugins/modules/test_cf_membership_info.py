# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cf_membership_info: filters, fields, and the deprecated list."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Fault, Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner

ACME, IMITATION, ZEBRA = "1a" * 16, "2" * 32, "3" * 32

# Options, and the first digits of the matching memberships below.
FILTERS: dict[str, tuple[dict[str, Any], str]] = {
    "all": ({}, "abcd"),
    "a status": ({"status": ["pending"]}, "c"),
    "several statuses": ({"status": ["accepted", "rejected"]}, "abd"),
    "an account": ({"account_ids": ACME.upper()}, "ab"),
    "several accounts": ({"account_ids": [ZEBRA, IMITATION]}, "cd"),
    "an unknown account": ({"account_ids": ["f" * 32]}, ""),
    "a name": ({"account_name": " Acme "}, "abc"),
    "a name in another case": ({"account_name": "ACME"}, ""),
    "all conditions at once": (
        {"status": ["accepted"], "account_ids": [ACME, ZEBRA], "account_name": "Acme"},
        "a",
    ),
}


@pytest.fixture
def memberships(runner: TaskRunner, cloudflare: Simulator) -> None:
    """Four memberships: in Acme, in another account of this name, and in Zebra."""
    acme = cloudflare.add_organization("Acme", id=ACME, enforcing_twofactor=True)
    imitation = cloudflare.add_organization("Acme", id=IMITATION)
    zebra = cloudflare.add_organization("Zebra", id=ZEBRA, enforcing_twofactor=None)
    cloudflare.add_organization("Not a member")
    for account, status, letter in (
        (acme, "accepted", "a"),
        (acme, "rejected", "b"),
        (imitation, "pending", "c"),
        (zebra, "accepted", "d"),
    ):
        cloudflare.invite(runner.user, account, status=status, id=letter * 32)
        if status == "accepted":
            cloudflare.add_member(runner.user, account)


@pytest.mark.usefixtures("memberships")
@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("case", FILTERS)
def test_memberships_are_filtered(runner: TaskRunner, case: str, check_mode: bool) -> None:
    options, expected = FILTERS[case]

    result = runner.run("cf_membership_info", check_mode=check_mode, **options)

    assert "".join(one["id"][0] for one in result["memberships"]) == expected
    assert not result["changed"]
    assert runner.requests == ["GET /memberships"]


def invited(account_id: str | None, **fields: Any) -> dict[str, Any]:
    return {"account_id": account_id, "account_name": "Acme", "status": "pending", **fields}


# Settings of the simulator, and some of the expected fields of the only pending membership.
SHAPES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "as it is": ({}, invited(IMITATION, id="c" * 32, roles=["Administrator"], permissions=[])),
    "no IDs of memberships": ({"membership_ids": "zeros"}, invited(IMITATION, id=None)),
    "no IDs of accounts": ({"membership_account_ids": "0"}, invited(None, id="c" * 32)),
    "policies alone": ({"policies_only": True}, invited(IMITATION, roles=[], permissions=[])),
    "the deprecated list": (
        {"memberships_retired": True},
        invited(IMITATION, id=None, enforce_twofactor=None, policies=[], permissions=[]),
    ),
}


@pytest.mark.usefixtures("memberships")
@pytest.mark.parametrize("case", SHAPES)
def test_membership_fields_are_identical_in_every_shape(
    runner: TaskRunner, cloudflare: Simulator, case: str
) -> None:
    settings, expected = SHAPES[case]
    for name, value in settings.items():
        setattr(cloudflare.settings, name, value)

    [membership] = runner.run("cf_membership_info", status=["pending"])["memberships"]

    assert membership.items() >= expected.items()
    if case != "the deprecated list":
        [policy] = membership["policies"]
        assert [group["name"] for group in policy["permission_groups"]] == ["Administrator"]


@pytest.mark.usefixtures("memberships")
@pytest.mark.parametrize("action", ["edit", "write"])
def test_fields_of_account_are_returned(
    runner: TaskRunner, cloudflare: Simulator, action: Any
) -> None:
    cloudflare.settings.member_permissions = action
    cloudflare.organizations[2].parent_id = "9" * 32

    acme, zebra = runner.run("cf_membership_info", status=["accepted"])["memberships"]
    [warning] = runner.run("cf_membership_info", account_ids=["9" * 32, ACME])["warnings"]

    assert (acme["enforce_twofactor"], zebra["enforce_twofactor"]) == (True, None)
    assert acme["permissions"] == ["#organization:read", "#zones:read"]
    assert zebra["account"]["managed_by"]["parent_org_id"] == "9" * 32
    assert warning == (
        f'"{"9" * 32}" is the ID of an Organization (beta), which groups accounts. Use the ID of '
        f'an account, such as {ZEBRA} ("Zebra").'
    )


@pytest.mark.usefixtures("memberships")
def test_hostile_fields_are_null_and_secrets_are_removed(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    code = "0123456789abcdef" * 4

    def change(body: Any) -> Any:
        hostile = {"id": 7, "status": [1], "account": "x", "roles": {}, "policies": [1], "new": [2]}
        return {**body, "result": [{**hostile, "code": code, "note": f"code {code}"}]}

    cloudflare.settings.result_info = "omitted"
    cloudflare.add_fault(Fault("modify_response", modify=change))
    result = runner.run("cf_membership_info")

    nothing = dict.fromkeys(["id", "status", "account_id", "account_name", "enforce_twofactor"])
    empty: dict[str, Any] = {"account": {}, "roles": [], "permissions": [], "policies": []}
    assert result["memberships"] == [{**nothing, **empty, "new": [2], "note": "code ********"}]
    assert code[:20] not in json.dumps(result)


@pytest.mark.usefixtures("memberships")
@pytest.mark.parametrize("status", [403, 500])
def test_unreadable_memberships_fail_the_module(
    runner: TaskRunner, cloudflare: Simulator, status: int
) -> None:
    cloudflare.add_fault(Fault("response", times=None, status=status, body="<p>"))

    result = runner.run("cf_membership_info")

    assert result["failed"]
    assert result["failure"]["http_status"] == status
    assert "GET /memberships: " in result["msg"]
    assert {request.path for request in cloudflare.log} == {"/memberships"}
