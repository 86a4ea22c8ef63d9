# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two modules that list: filters, pages, shapes."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import (
    Fault,
    Organization,
    Simulator,
    User,
)
from ansible_collections.community.cloudflare.tests.unit.conftest import Operator

FIELDS = {
    "id",
    "invited_member_id",
    "organization_id",
    "organization_name",
    "expires_on",
    "invited_by",
    "invited_member_email",
    "invited_on",
    "organization_is_enforcing_twofactor",
    "roles",
    "status",
}

# Options of cf_user_invite_info, and the numbers of the invites below that meet them.
USER_FILTERS: dict[str, tuple[dict[str, Any], list[int]]] = {
    "all": ({}, [0, 1, 2, 3]),
    "one status": ({"status": ["pending"]}, [0, 2]),
    "several statuses": ({"status": ["accepted", "expired"]}, [1, 3]),
    "no status named": ({"status": []}, [0, 1, 2, 3]),
    "an organization": ({"organization_id": "1" * 32}, [0, 1]),
    "a name": ({"organization_name": " Acme "}, [0, 1, 2]),
    "an inviter": ({"invited_by": "CEO@acme.example"}, [0, 1]),
    "a domain": ({"invited_by": "@mail.example"}, [2, 3]),
    "an invite": ({"invite_id": "a" * 32}, [0]),
    "an invite that is not of that status": ({"invite_id": "a" * 32, "status": ["expired"]}, []),
    "an unknown invite": ({"invite_id": "f" * 32}, []),
    "an unknown organization": ({"organization_id": "f" * 32}, []),
    "all conditions at once": ({"status": ["pending"], "organization_id": "2" * 32}, [2]),
}


@pytest.fixture
def four(operator: Operator, cloudflare: Simulator) -> list[str]:
    """The ids of four invites, of three organizations, two of them of one name."""
    acme = cloudflare.add_organization("Acme", id="1" * 32)
    imitation = cloudflare.add_organization("Acme", id="2" * 32)
    zebra = cloudflare.add_organization("Zebra", id="3" * 32)
    sent = [
        (acme, "ceo@acme.example", "pending"),
        (acme, "ceo@acme.example", "accepted"),
        (imitation, "stranger@mail.example", "pending"),
        (zebra, "zoo@mail.example", "expired"),
    ]
    return [
        cloudflare.invite(operator.user, organization, by, status, id=letter * 32).id
        for letter, (organization, by, status) in zip("abcd", sent)
    ]


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("case", USER_FILTERS)
def test_the_invites_of_a_user(
    operator: Operator, four: list[str], case: str, check_mode: bool
) -> None:
    options, expected = USER_FILTERS[case]

    result = operator.run("cf_user_invite_info", check_mode=check_mode, **options)

    assert [invite["id"] for invite in result["invites"]] == [four[one] for one in expected]
    assert not result["changed"]
    assert len(operator.requests) == 1


# Options of cf_org_invite_info, and the invites below that meet them.
ORGANIZATION_FILTERS: dict[str, tuple[dict[str, Any], str]] = {
    "all of one": ({"organization_ids": ["1" * 32]}, "abc"),
    "all of both, in the order given": ({"organization_ids": ["2" * 32, "1" * 32]}, "dabc"),
    "one that is given twice": ({"organization_ids": ["1" * 32, "1" * 32]}, "abc"),
    "by the alias": ({"organization_id": "2" * 32}, "d"),
    "a status": ({"organization_ids": ["1" * 32], "status": ["canceled", "left"]}, "bc"),
    "an address": (
        {"organization_ids": ["1" * 32, "2" * 32], "invited_member_email": "New@example.com"},
        "bd",
    ),
    "nobody": ({"organization_ids": ["1" * 32], "invited_member_email": "nobody@example.com"}, ""),
}


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("case", ORGANIZATION_FILTERS)
def test_the_invites_of_organizations(
    operator: Operator, cloudflare: Simulator, case: str, check_mode: bool
) -> None:
    options, expected = ORGANIZATION_FILTERS[case]
    for number in "12":
        organization = cloudflare.add_organization("Acme", id=number * 32)
        cloudflare.add_member(operator.user, organization)
    acme, zebra = cloudflare.organizations
    sent: list[tuple[Organization, User | str, str]] = [
        (acme, operator.user, "accepted"),
        (acme, "new@example.com", "canceled"),
        (acme, "other@example.com", "left"),
        (zebra, "new@example.com", "pending"),
    ]
    for letter, (organization, to, status) in zip("abcd", sent):
        cloudflare.invite(to, organization, status=status, id=letter * 32)

    result = operator.run("cf_org_invite_info", check_mode=check_mode, **options)

    assert "".join(invite["id"][0] for invite in result["invites"]) == expected
    assert not result["changed"]


@pytest.mark.parametrize("shape", ["names", "objects"])
def test_roles_of_a_user_are_names_whatever_cloudflare_sends(
    operator: Operator, cloudflare: Simulator, shape: Any
) -> None:
    cloudflare.settings.user_roles = shape
    roles = ("Administrator", "Analytics")
    cloudflare.invite(operator.user, cloudflare.add_organization("Acme"), roles=roles)

    [invite] = operator.run("cf_user_invite_info")["invites"]

    assert invite["roles"] == ["Administrator", "Analytics"]


@pytest.mark.parametrize(
    ("sent", "returned"),
    [
        (
            [{"id": "r", "name": "Admin", "description": "All", "permissions": ["#a:read"]}],
            [{"id": "r", "name": "Admin", "description": "All", "permissions": ["#a:read"]}],
        ),
        (["Admin"], [{"id": None, "name": "Admin", "description": None, "permissions": []}]),
        (None, []),
    ],
)
def test_roles_of_an_organization_are_objects_whatever_cloudflare_sends(
    operator: Operator, cloudflare: Simulator, sent: Any, returned: Any
) -> None:
    acme = cloudflare.add_organization("Acme")
    cloudflare.add_member(operator.user, acme)
    cloudflare.invite("new@example.com", acme)

    def change(answer: Any) -> Any:
        answer["result"][0]["roles"] = sent
        return answer

    cloudflare.add_fault(Fault("change", change=change))
    [invite] = operator.run("cf_org_invite_info", organization_id=acme.id)["invites"]

    assert invite["roles"] == returned


def test_every_documented_field_is_there_and_unknown_ones_pass_through(
    operator: Operator, cloudflare: Simulator
) -> None:
    cloudflare.invite(operator.user, cloudflare.add_organization("Acme"))

    def change(answer: Any) -> Any:
        sent = {"id": "a" * 32, "status": 7, "organization_name": None, "brand_new": {"deep": [1]}}
        return {**answer, "result": [sent]}

    cloudflare.add_fault(Fault("change", change=change))
    [invite] = operator.run("cf_user_invite_info")["invites"]

    assert invite == {
        **dict.fromkeys(FIELDS),
        "id": "a" * 32,
        "roles": [],
        "brand_new": {"deep": [1]},
    }


def test_an_address_that_is_not_cloudflares_is_no_empty_list(
    operator: Operator, cloudflare: Simulator
) -> None:
    cloudflare.add_fault(Fault("answer", status=404, body="<html>nginx</html>"))

    result = operator.run("cf_user_invite_info", invite_id="a" * 32)

    assert result["failed"]
    assert "in place of an answer of Cloudflare's API" in result["msg"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"organization_ids": []}, "organization_ids is empty"),
        ({"organization_id": "a", "invited_member_email": ""}, "invited_member_email is empty"),
    ],
)
def test_an_option_without_a_value_is_not_taken_for_everything(
    operator: Operator, options: dict[str, Any], message: str
) -> None:
    result = operator.run("cf_org_invite_info", **options)

    assert message in result["msg"]
    assert operator.requests == []


@pytest.mark.parametrize("organizations", [["a/b"], ["1" * 32, ".."], [""]])
def test_ids_of_organizations_are_checked_before_anything_is_sent(
    operator: Operator, organizations: list[str]
) -> None:
    result = operator.run("cf_org_invite_info", organization_ids=organizations)

    assert result["failed"]
    assert "cannot be an id of Cloudflare" in result["msg"]
    assert operator.requests == []


# Why an organization cannot be read, and whether that concerns it alone.
UNREADABLE = [(403, True), (404, True), (401, False), (500, False)]


@pytest.mark.parametrize("unreadable", ["fail", "report"])
@pytest.mark.parametrize(("status", "alone"), UNREADABLE)
def test_organizations_that_cannot_be_read(
    operator: Operator, cloudflare: Simulator, status: int, alone: bool, unreadable: str
) -> None:
    for number in "123":
        organization = cloudflare.add_organization("Acme", id=number * 32)
        cloudflare.add_member(operator.user, organization)
        cloudflare.invite("new@example.com", organization, id=number * 32)
    path = f"/organizations/{'2' * 32}/"
    cloudflare.add_fault(Fault("answer", times=None, path=path, status=status, body="<p>"))

    ids = [number * 32 for number in "123"]
    result = operator.run("cf_org_invite_info", organization_ids=ids, unreadable=unreadable)

    if unreadable == "fail" or not alone:
        assert result["failed"]
        assert path.rstrip("/") in result["msg"]
        return
    assert [invite["id"] for invite in result["invites"]] == [ids[0], ids[2]]
    [one] = result["unreadable"]
    assert one["organization_id"] == ids[1]
    assert one["failure"]["http_status"] == status
    assert path.rstrip("/") in one["reason"]


def test_retired_lists_are_reported(operator: Operator, cloudflare: Simulator) -> None:
    cloudflare.settings.organization_invites_retired = True

    result = operator.run(
        "cf_org_invite_info", organization_ids=["1" * 32, "2" * 32], unreadable="report"
    )

    assert result["invites"] == []
    assert [one["organization_id"][0] for one in result["unreadable"]] == ["1", "2"]
    assert all("deprecated" in one["reason"] for one in result["unreadable"])


def test_a_retired_list_of_an_organization(operator: Operator, cloudflare: Simulator) -> None:
    acme = cloudflare.add_organization("Acme")
    cloudflare.settings.organization_invites_retired = True

    result = operator.run("cf_org_invite_info", organization_id=acme.id)

    assert result["failed"]
    assert {error["code"] for error in result["failure"]["errors"]} & {7003, 7000}
    assert "deprecated" in result["msg"]
    assert acme.id in result["msg"]
