# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The info modules: filters, pages, and fields."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from ansible_collections.community.cloudflare.tests.simulator import (
    Fault,
    Organization,
    Simulator,
    User,
)
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner

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

# Options of cf_user_invite_info, and the numbers of the matching invites below.
USER_FILTERS: dict[str, tuple[dict[str, Any], list[int]]] = {
    "all": ({}, [0, 1, 2, 3]),
    "one status": ({"status": ["pending"]}, [0, 2]),
    "several statuses": ({"status": ["accepted", "expired"]}, [1, 3]),
    "an organization": ({"organization_id": "1" * 32}, [0, 1]),
    "a name": ({"organization_name": " Acme "}, [0, 1, 2]),
    "a name by the alias": ({"name": "Acme"}, [0, 1, 2]),
    "an inviter": ({"invited_by": "CEO@acme.example"}, [0, 1]),
    "a domain": ({"invited_by": "@mail.example"}, [2, 3]),
    "an invite": ({"invite_id": "a" * 32}, [0]),
    "an invite that is not of that status": ({"invite_id": "a" * 32, "status": ["expired"]}, []),
    "an unknown invite": ({"invite_id": "f" * 32}, []),
    "an unknown organization": ({"organization_id": "f" * 32}, []),
    "all conditions at once": ({"status": ["pending"], "organization_id": "2" * 32}, [2]),
}


@pytest.fixture
def invites(runner: TaskRunner, cloudflare: Simulator) -> list[str]:
    """The IDs of four invites from three organizations, two of which have the same name."""
    acme = cloudflare.add_organization("Acme", id="1" * 32)
    imitation = cloudflare.add_organization("Acme", id="2" * 32)
    zebra = cloudflare.add_organization("Zebra", id="3" * 32)
    sent = [
        (acme, "ceo@acme.example", "pending"),
        (acme, "ceo@acme.example", "accepted"),
        (imitation, "unknown@mail.example", "pending"),
        (zebra, "zoo@mail.example", "expired"),
    ]
    return [
        cloudflare.invite(runner.user, organization, by, status, id=letter * 32).id
        for letter, (organization, by, status) in zip("abcd", sent)
    ]


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("case", USER_FILTERS)
def test_user_invites_are_filtered(
    runner: TaskRunner, invites: list[str], case: str, check_mode: bool
) -> None:
    options, expected = USER_FILTERS[case]

    result = runner.run("cf_user_invite_info", check_mode=check_mode, **options)

    assert [invite["id"] for invite in result["invites"]] == [invites[one] for one in expected]
    assert not result["changed"]
    assert len(runner.requests) == 1


@pytest.mark.parametrize("status", [None, ["pending"], ["accepted"]])
@pytest.mark.parametrize("joined", [False, True])
def test_lookalike_of_joined_organization_warns(
    runner: TaskRunner, cloudflare: Simulator, status: list[str] | None, joined: bool
) -> None:
    sent = [
        cloudflare.invite(runner.user, cloudflare.add_organization(name))
        for name in ("Acme", "\u0410cme", "Zebra")
    ]
    if joined:
        cloudflare.respond(sent[0], "accepted")

    result = runner.run("cf_user_invite_info", status=status)

    if status == ["accepted"]:
        assert "warnings" not in result
    else:
        [warning] = result["warnings"]
        imitated, imitation, other = (invite.organization.id for invite in sent)
        assert f'"Acme" ({imitated}), "\\u0410cme" ({imitation})' in warning
        assert other not in warning
    cloudflare.respond(sent[1], "accepted")
    if joined:
        assert "warnings" not in runner.run("cf_user_invite_info")


# Options of cf_org_invite_info, and the matching invites below.
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
    "no match": (
        {"organization_ids": ["1" * 32], "invited_member_email": "absent@example.com"},
        "",
    ),
}


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("case", ORGANIZATION_FILTERS)
def test_organization_invites_are_filtered(
    runner: TaskRunner, cloudflare: Simulator, case: str, check_mode: bool
) -> None:
    options, expected = ORGANIZATION_FILTERS[case]
    for number in "12":
        organization = cloudflare.add_organization("Acme", id=number * 32)
        cloudflare.add_member(runner.user, organization)
    acme, zebra = cloudflare.organizations
    sent: list[tuple[Organization, User | str, str]] = [
        (acme, runner.user, "accepted"),
        (acme, "new@example.com", "canceled"),
        (acme, "other@example.com", "left"),
        (zebra, "new@example.com", "pending"),
    ]
    for letter, (organization, to, status) in zip("abcd", sent):
        cloudflare.invite(to, organization, status=status, id=letter * 32)

    result = runner.run("cf_org_invite_info", check_mode=check_mode, **options)

    assert "".join(invite["id"][0] for invite in result["invites"]) == expected
    assert not result["changed"]


@pytest.mark.parametrize("shape", ["names", "objects"])
def test_user_roles_are_names(runner: TaskRunner, cloudflare: Simulator, shape: Any) -> None:
    cloudflare.settings.user_roles = shape
    roles = ("Administrator", "Analytics")
    cloudflare.invite(runner.user, cloudflare.add_organization("Acme"), roles=roles)

    [invite] = runner.run("cf_user_invite_info")["invites"]

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
def test_organization_roles_are_objects(
    runner: TaskRunner, cloudflare: Simulator, sent: Any, returned: Any
) -> None:
    acme = cloudflare.add_organization("Acme")
    cloudflare.add_member(runner.user, acme)
    cloudflare.invite("new@example.com", acme)

    def change(body: Any) -> Any:
        body["result"][0]["roles"] = sent
        return body

    cloudflare.add_fault(Fault("modify_response", modify=change))
    [invite] = runner.run("cf_org_invite_info", organization_id=acme.id)["invites"]

    assert invite["roles"] == returned


def test_unknown_fields_are_returned(runner: TaskRunner, cloudflare: Simulator) -> None:
    cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))

    def change(body: Any) -> Any:
        sent = {"id": "a" * 32, "status": 7, "organization_name": None, "brand_new": {"deep": [1]}}
        return {**body, "result": [sent]}

    cloudflare.add_fault(Fault("modify_response", modify=change))
    [invite] = runner.run("cf_user_invite_info")["invites"]

    assert invite == {
        **dict.fromkeys(FIELDS),
        "id": "a" * 32,
        "roles": [],
        "brand_new": {"deep": [1]},
    }


def test_html_404_fails(runner: TaskRunner, cloudflare: Simulator) -> None:
    cloudflare.add_fault(Fault("response", status=404, body="<html>nginx</html>"))

    result = runner.run("cf_user_invite_info", invite_id="a" * 32)

    assert result["failed"]
    assert "without an API response" in result["msg"]


# Options of cf_account_invite_info, the matching members below, and the accounts that are read.
ACCOUNT_FILTERS: dict[str, tuple[dict[str, Any], str, str]] = {
    "pending, of one": ({"account_ids": ["1" * 32]}, "ab", "1"),
    "pending, of both, in the order given": ({"account_ids": ["2" * 32, "1" * 32]}, "dab", "12"),
    "one that is given twice": ({"account_ids": ["1" * 32, "1" * 32]}, "ab", "1"),
    "one without any": ({"account_ids": ["3" * 32, "2" * 32]}, "d", "2"),
    "by the alias": ({"organization_ids": "2" * 32}, "d", "2"),
    "as organizations": ({"organization_ids": ["2" * 32, "1" * 32]}, "dab", "12"),
    "rejected": ({"account_ids": ["1" * 32], "status": ["rejected"]}, "c", "1"),
    "members": ({"account_ids": ["1" * 32], "status": ["accepted"]}, "e", "1"),
    "several": ({"account_ids": ["1" * 32], "status": ["rejected", "accepted"]}, "ec", "1"),
    "all": (
        {"account_ids": ["1" * 32], "status": ["pending", "accepted", "rejected"]},
        "eabc",
        "1",
    ),
    "an address": (
        {"account_ids": ["1" * 32, "2" * 32], "invited_member_email": "New@example.com"},
        "bd",
        "12",
    ),
    "no match": (
        {"account_ids": "1" * 32, "invited_member_email": "absent@example.com"},
        "",
        "1",
    ),
}


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("case", ACCOUNT_FILTERS)
def test_account_members_are_filtered(
    runner: TaskRunner, cloudflare: Simulator, case: str, check_mode: bool
) -> None:
    options, expected, accounts = ACCOUNT_FILTERS[case]
    for number in "123":
        organization = cloudflare.add_organization("Acme", id=number * 32)
        cloudflare.add_member(runner.user, organization)
    acme, zebra, _empty = cloudflare.organizations
    sent: list[tuple[str, Organization, User | str, str]] = [
        ("e", acme, runner.user, "accepted"),
        ("a", acme, "first@example.com", "pending"),
        ("b", acme, "new@example.com", "pending"),
        ("c", acme, "other@example.com", "rejected"),
        ("9", acme, "late@example.com", "expired"),
        ("8", acme, "undone@example.com", "canceled"),
        ("d", zebra, "new@example.com", "pending"),
    ]
    for letter, organization, to, status in sent:
        cloudflare.invite(to, organization, status=status, id=letter * 32)

    result = runner.run("cf_account_invite_info", check_mode=check_mode, **options)

    assert "".join(invite["id"][0] for invite in result["invites"]) == expected
    assert not result["changed"]
    read = [request.path for request in cloudflare.log if "members" not in request.path]
    assert read == ([f"/accounts/{accounts * 32}"] if len(accounts) == 1 else ["/accounts"])


@pytest.mark.parametrize(
    ("module", "options"),
    [("cf_account_invite_info", {"account_ids": "1" * 32}), ("cf_membership_info", {})],
)
def test_status_in_another_spelling_passes_the_filter(
    runner: TaskRunner, cloudflare: Simulator, module: str, options: dict[str, Any]
) -> None:
    """An audit must not overlook an invite because of the spelling."""
    acme = cloudflare.add_organization("Acme", id="1" * 32)
    cloudflare.add_member(runner.user, acme)
    cloudflare.invite("new@example.com", acme)
    cloudflare.invite(runner.user, cloudflare.add_organization("Zebra"))

    def respell(body: dict[str, Any]) -> dict[str, Any]:
        items = [{**one, "status": f" {one['status'].title()}"} for one in body["result"]]
        return {**body, "result": items}

    lists = "/(accounts/[^/]+/members|memberships)$"
    cloudflare.add_fault(Fault("modify_response", times=None, path=lists, modify=respell))
    result = runner.run(module, **options, status="pending")

    [entry] = result.get("invites") or result["memberships"]
    assert entry["status"] == "pending"


# Settings of the simulator, and the expected difference to the same invite of an organization.
MEMBER_SHAPES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"member_permissions": "edit", "member_email": "user"}, {}),
    ({"member_permissions": "write", "pending_users": "empty"}, {}),
    ({"pending_users": "zeros"}, {}),
    ({"pending_users": "omitted", "activation_codes": True}, {}),
    ({"policies_only": True}, {"roles": []}),
]


@pytest.mark.parametrize(("settings", "difference"), MEMBER_SHAPES)
@pytest.mark.parametrize("twofactor", [True, None])
def test_invite_fields_are_identical_across_modules(
    runner: TaskRunner,
    cloudflare: Simulator,
    settings: dict[str, Any],
    difference: dict[str, Any],
    twofactor: bool | None,
) -> None:
    for name, value in settings.items():
        setattr(cloudflare.settings, name, value)
    acme = cloudflare.add_organization("Acme", enforcing_twofactor=twofactor)
    cloudflare.add_member(runner.user, acme)
    cloudflare.invite("new@example.com", acme, roles=("Administrator", "Analytics"))

    [invite] = runner.run("cf_org_invite_info", organization_id=acme.id)["invites"]
    [member] = runner.run("cf_account_invite_info", organization_ids=acme.id)["invites"]

    user = member.pop("user")
    assert user is None or (user["id"], user["email"]) == (None, "new@example.com")
    assert [group["name"] for group in member.pop("policies")[0]["permission_groups"]] == (
        ["Administrator", "Analytics"]
    )
    unavailable = dict.fromkeys(["invited_by", "invited_on", "expires_on", "api_access_enabled"])
    assert member == {**invite, **unavailable, "source": "account", **difference}
    assert invite["source"] == "organization"


# Changed fields of a member and of its account, and the expected fields of the invite.
INCOMPLETE_MEMBERS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "no user and no address": (
        {"user": None, "email": None},
        {},
        {"invited_member_id": None, "invited_member_email": None},
    ),
    "a user of another type": ({"user": ["x"], "email": ""}, {}, {"invited_member_email": None}),
    "an address of another type": (
        {"user": {"email": 7}, "email": 7},
        {},
        {"invited_member_email": None},
    ),
    "another address of the user": (
        {"user": {"email": "old@example.com"}, "email": "new@example.com"},
        {},
        {"invited_member_email": "new@example.com"},
    ),
    "no roles, but policies": (
        {"roles": None, "policies": [{"id": "p"}]},
        {},
        {"roles": [], "policies": [{"id": "p"}]},
    ),
    "dates that are not documented": (
        {"invited_on": "2026-01-01T00:00:00Z", "source": "x"},
        {},
        {"invited_on": None, "source": "account"},
    ),
    "no settings": ({}, {"settings": None}, {"organization_is_enforcing_twofactor": None}),
    "no name": ({}, {"name": None}, {"organization_name": None}),
}


@pytest.mark.parametrize("case", INCOMPLETE_MEMBERS)
def test_missing_fields_are_null(runner: TaskRunner, cloudflare: Simulator, case: str) -> None:
    cloudflare.settings.filtered_totals = "filtered"
    member, account, expected = INCOMPLETE_MEMBERS[case]
    acme = cloudflare.add_organization("Acme")
    cloudflare.add_member(runner.user, acme)
    cloudflare.invite("new@example.com", acme)

    def change_member(body: Any) -> Any:
        return {**body, "result": [{**body["result"][0], **member}]}

    def change_account(body: Any) -> Any:
        return {**body, "result": {**body["result"], **account}}

    cloudflare.add_fault(
        Fault("modify_response", path="/accounts/[^/]+/members$", modify=change_member)
    )
    cloudflare.add_fault(Fault("modify_response", path="/accounts/[^/]+$", modify=change_account))
    [invite] = runner.run("cf_account_invite_info", account_ids=acme.id)["invites"]

    assert invite.items() >= expected.items()
    assert invite["organization_id"] == acme.id


def test_activation_code_of_a_member_is_not_returned(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    acme = cloudflare.add_organization("Acme")
    cloudflare.add_member(runner.user, acme)
    cloudflare.invite("new@example.com", acme)
    cloudflare.settings.filtered_totals = "filtered"
    code = "0123456789abcdef" * 4

    def add_codes(body: Any) -> Any:
        return {**body, "result": [{**member, "code": code} for member in body["result"]]}

    def drop_success(_body: Any) -> Any:
        return {"result": [{"code": code}]}

    members = f"/accounts/{acme.id}/members"
    cloudflare.add_fault(Fault("modify_response", path=members, modify=add_codes))
    cloudflare.add_fault(
        Fault("modify_response", path=members, at=2, modify=drop_success, times=None)
    )
    listed = runner.run("cf_account_invite_info", account_ids=acme.id)
    failed = runner.run("cf_account_invite_info", account_ids=acme.id)

    assert len(listed["invites"]) == 1
    assert failed["failed"]
    assert "********" in failed["msg"]
    assert code[:20] not in json.dumps([listed, failed])


def test_all_accounts_are_read(runner: TaskRunner, cloudflare: Simulator) -> None:
    ids = create_three_organizations(runner)
    cloudflare.add_organization("Not a member")
    cloudflare.add_member(runner.user, cloudflare.add_organization("Empty", id="4" * 32))
    members = f"/accounts/{ids[1]}/members"
    cloudflare.add_fault(Fault("response", times=None, path=members, status=403, body="<p>"))

    result = runner.run("cf_account_invite_info", all_accounts=True, ignore_unreadable=True)

    assert [invite["id"] for invite in result["invites"]] == [ids[0], ids[2]]
    assert [invite["organization_name"] for invite in result["invites"]] == ["Acme", "Acme"]
    [denied] = result["unreadable"]
    assert (denied["organization_id"], denied["organization_name"]) == (ids[1], "Acme")
    assert result["accounts"] == [
        {"id": ids[0], "name": "Acme"},
        {"id": ids[2], "name": "Acme"},
        {"id": "4" * 32, "name": "Empty"},
    ]


def test_id_of_parent_organization_gets_hint(runner: TaskRunner, cloudflare: Simulator) -> None:
    ids = create_three_organizations(runner)
    cloudflare.organizations[1].parent_id = "9" * 32

    result = runner.run(
        "cf_account_invite_info", account_ids=[*ids, "9" * 32, "8" * 32], ignore_unreadable=True
    )

    parent, unknown = (entry["msg"] for entry in result["unreadable"])
    assert (
        f"Organization (beta), which groups accounts. Use the ID of an account, such as {ids[1]}"
        in parent
    )
    assert "which groups accounts" not in unknown


@pytest.mark.parametrize("account_id", ["", "0", None, "a/b"])
def test_account_without_id_is_incomplete(
    runner: TaskRunner, cloudflare: Simulator, account_id: Any
) -> None:
    create_three_organizations(runner)

    def drop_id(body: Any) -> Any:
        first, *others = body["result"]
        return {**body, "result": [{**first, "id": account_id}, *others]}

    cloudflare.add_fault(Fault("modify_response", path="/accounts$", modify=drop_id))
    result = runner.run("cf_account_invite_info", all_accounts=True)

    assert [account["id"] for account in result["accounts"]] == ["2" * 32, "3" * 32]
    [entry] = result["incomplete"]
    assert entry["organization_id"] is None
    assert "1 accounts have no valid ID" in entry["msg"]
    assert entry["msg"] in result["warnings"]


def test_incomplete_list_is_returned(runner: TaskRunner, cloudflare: Simulator) -> None:
    ids = create_three_organizations(runner)
    cloudflare.invite(runner.user, cloudflare.organizations[0])
    cloudflare.settings.result_info_override = lambda info: {**info, "total_count": 60}
    tasks: list[tuple[str, dict[str, Any], str | None]] = [
        ("cf_user_invite_info", {}, None),
        ("cf_org_invite_info", {"organization_ids": ids[:1]}, ids[0]),
        ("cf_account_invite_info", {"account_ids": ids[:1]}, ids[0]),
        ("cf_membership_info", {}, None),
    ]

    for module, options, organization_id in tasks:
        result = runner.run(module, **options)

        [entry] = result["incomplete"]
        assert entry["organization_id"] == organization_id
        assert "of 60 items" in entry["msg"]
        assert result["warnings"] == [entry["msg"]]


@pytest.mark.parametrize("code", ["9106", "9109", "10001"])
def test_token_of_account_works_for_accounts_only(
    runner: TaskRunner, cloudflare: Simulator, code: Any
) -> None:
    ids = create_three_organizations(runner)
    token = cloudflare.add_account_token(cloudflare.organizations[1])
    cloudflare.settings.account_token_error = code

    listed = runner.run("cf_account_invite_info", api_token=token, all_accounts=True)
    failed = [
        runner.run(module, api_token=token)
        for module in ("cf_user_invite_info", "cf_membership_info")
    ]

    assert [invite["id"] for invite in listed["invites"]] == [ids[1]]
    for result in failed:
        assert str(result["failure"]["errors"][0]["code"]) == code
        assert "An account-owned token (cfat_...) does not work here." in result["msg"]


# The status of the list of accounts, and whether each account is read by itself then.
UNREADABLE_ACCOUNT_LISTS = [(403, True), (404, True), (400, True), (500, False), (429, False)]


@pytest.mark.parametrize(("status", "is_read_by_itself"), UNREADABLE_ACCOUNT_LISTS)
def test_accounts_are_read_without_their_list(
    runner: TaskRunner, cloudflare: Simulator, status: int, is_read_by_itself: bool
) -> None:
    ids = create_three_organizations(runner)
    cloudflare.add_fault(Fault("response", times=None, path="/accounts$", status=status, body=""))

    result = runner.run("cf_account_invite_info", account_ids=ids, max_wait=0)

    assert result.get("failed", False) is not is_read_by_itself
    if is_read_by_itself:
        assert [invite["organization_name"] for invite in result["invites"]] == ["Acme"] * 3


# The modules that read many lists, their options for the IDs, and the path of each list.
BULK_MODULES = [
    ("cf_org_invite_info", "organization_ids", "/organizations/{}/invites"),
    ("cf_account_invite_info", "account_ids", "/accounts/{}/members"),
]


def with_ids(option: str, ids: list[str]) -> dict[str, Any]:
    """Return an option by its name, with a type that ``runner.run`` accepts."""
    return {option: ids}


bulk_modules = pytest.mark.parametrize(
    ("module", "option", "path"), BULK_MODULES, ids=[module for module, *_rest in BULK_MODULES]
)


@bulk_modules
def test_unknown_credentials_are_not_reported_per_organization(
    runner: TaskRunner, module: str, option: str, path: str
) -> None:
    unknown: dict[str, Any] = {"api_token": None, "api_email": "no@body.example"}

    result = runner.run(
        module,
        **with_ids(option, ["1" * 32, "2" * 32]),
        **unknown,
        api_key="0" * 37,
        ignore_unreadable=True,
    )

    assert result["failed"]
    assert result["failure"]["errors"][0]["code"] == 9103


# The HTTP status, and whether the other organizations are read nevertheless.
UNREADABLE = [(403, True), (404, True), (500, True), (401, False), (429, False)]


@bulk_modules
@pytest.mark.parametrize("ignore_unreadable", [False, True])
@pytest.mark.parametrize(("status", "is_per_organization"), UNREADABLE)
def test_unreadable_organization_fails_or_is_reported(
    runner: TaskRunner,
    cloudflare: Simulator,
    module: str,
    option: str,
    path: str,
    status: int,
    is_per_organization: bool,
    ignore_unreadable: bool,
) -> None:
    ids = create_three_organizations(runner)
    unreadable_path = path.format(ids[1])
    cloudflare.add_fault(
        Fault("response", times=None, path=unreadable_path, status=status, body="<p>")
    )

    result = runner.run(module, **with_ids(option, ids), ignore_unreadable=ignore_unreadable)

    if not ignore_unreadable or not is_per_organization:
        assert result["failed"]
        assert unreadable_path in result["msg"]
        return
    assert [invite["id"] for invite in result["invites"]] == [ids[0], ids[2]]
    [one] = result["unreadable"]
    assert one["organization_id"] == ids[1]
    assert one["failure"]["http_status"] == status
    assert unreadable_path in one["msg"]


def create_three_organizations(runner: TaskRunner) -> list[str]:
    """Return the IDs of three organizations, each with an invite that has the same ID."""
    cloudflare = runner.cloudflare
    ids = [number * 32 for number in "123"]
    for one in ids:
        organization = cloudflare.add_organization("Acme", id=one)
        cloudflare.add_member(runner.user, organization)
        cloudflare.invite("new@example.com", organization, id=one)
    return ids


def test_unreadable_account_keeps_invites(runner: TaskRunner, cloudflare: Simulator) -> None:
    ids = create_three_organizations(runner)
    cloudflare.add_fault(
        Fault(
            "modify_response",
            path="/accounts$",
            modify=lambda body: {**body, "result": body["result"][::2]},
        )
    )
    cloudflare.add_fault(Fault("response", path=f"/accounts/{ids[1]}$", status=403, body="<p>"))

    result = runner.run("cf_account_invite_info", account_ids=ids, ignore_unreadable=True)

    assert [invite["id"] for invite in result["invites"]] == ids
    assert [invite["organization_name"] for invite in result["invites"]] == ["Acme", None, "Acme"]
    [one] = result["unreadable"]
    assert one["organization_id"] == ids[1]
    assert f"GET /accounts/{ids[1]}:" in one["msg"]


def suggested_task(message: str) -> tuple[str, dict[str, Any]]:
    """Return the module and the options of the task in a message."""
    task = yaml.safe_load(message.partition("If the ID is correct, use ")[2])
    [(action, options)] = task.items()
    return action.rpartition(".")[2], options


def test_suggested_replacement_task_works(runner: TaskRunner, cloudflare: Simulator) -> None:
    ids = create_three_organizations(runner)
    cloudflare.settings.organization_invites_retired = True

    result = runner.run("cf_org_invite_info", organization_id=ids[1])

    assert result["failed"]
    assert {error["code"] for error in result["failure"]["errors"]} & {7003, 7000}
    module, options = suggested_task(result["msg"])
    assert [invite["id"] for invite in runner.run(module, **options)["invites"]] == [ids[1]]


@pytest.mark.parametrize(("status", "is_suggested"), [(404, True), (403, False), (500, False)])
def test_replacement_task_only_suggested_for_404(
    runner: TaskRunner, cloudflare: Simulator, status: int, is_suggested: bool
) -> None:
    [one, *_others] = create_three_organizations(runner)
    cloudflare.add_fault(Fault("response", times=None, status=status, body="<p>"))

    result = runner.run("cf_org_invite_info", organization_id=one)

    assert ("cf_account_invite_info" in result["msg"]) == is_suggested
