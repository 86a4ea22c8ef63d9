# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages, and the quirks of the envelope."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import (
    Organization,
    Request,
    Settings,
    Simulator,
    User,
)
from ansible_collections.community.cloudflare.tests.unit.simulator.client import Client

TOTAL = 47


@pytest.fixture
def invites(cloudflare: Simulator, user: User, acme: Organization) -> list[str]:
    return [cloudflare.invite(user, acme).id for _number in range(TOTAL)]


@pytest.mark.parametrize(
    ("query", "page", "per_page", "first", "count"),
    [
        ({}, 1, 20, 0, 20),
        ({"page": 2}, 2, 20, 20, 20),
        ({"page": 3}, 3, 20, 40, 7),
        ({"page": 4}, 4, 20, 60, 0),
        ({"page": 0}, 1, 20, 0, 20),
        ({"page": "x"}, 1, 20, 0, 20),
        ({"per_page": 50}, 1, 50, 0, 47),
        ({"per_page": 51}, 1, 50, 0, 47),
        ({"per_page": 4}, 1, 5, 0, 5),
        ({"per_page": "x"}, 1, 20, 0, 20),
        ({"per_page": 5, "page": 10}, 10, 5, 45, 2),
    ],
)
def test_pages(
    query: dict[str, Any],
    page: int,
    per_page: int,
    first: int,
    count: int,
    invites: list[str],
    client: Client,
) -> None:
    answer = client.get("/user/invites", params=query).json()
    assert [one["id"] for one in answer["result"]] == invites[first : first + count]
    assert answer["result_info"] == {
        "page": page,
        "per_page": per_page,
        "count": count,
        "total_count": TOTAL,
        "total_pages": -(-TOTAL // per_page),
    }


@pytest.mark.parametrize(
    ("settings", "page", "count"),
    [
        ({"maximum_per_page": 20}, 2, 20),
        ({"page_parameters": "ignored"}, 1, 20),
        ({"page_parameters": "everything"}, 1, TOTAL),
    ],
)
def test_pages_of_another_server(
    settings: dict[str, Any],
    page: int,
    count: int,
    cloudflare: Simulator,
    invites: list[str],
    client: Client,
) -> None:
    cloudflare.settings = Settings(**settings)
    answer = client.get("/user/invites", params={"page": 2, "per_page": 50}).json()
    info = answer["result_info"]
    assert (info["page"], info["count"], len(answer["result"])) == (page, count, count)


def test_result_info_may_be_shorter_or_missing(
    cloudflare: Simulator, invites: list[str], client: Client
) -> None:
    cloudflare.settings.result_info = "without total_pages"
    info = client.get("/user/invites").json()["result_info"]
    assert set(info) == {"page", "per_page", "count", "total_count"}
    cloudflare.settings.result_info = "omitted"
    assert "result_info" not in client.get("/user/invites").json()


@pytest.mark.off_contract
@pytest.mark.parametrize("lie", [None, "many", {"total_count": -1}])
def test_result_info_may_lie(
    lie: Any, cloudflare: Simulator, invites: list[str], client: Client
) -> None:
    cloudflare.settings.lie = lambda _info: lie
    assert client.get("/user/invites").json()["result_info"] == lie


def test_the_state_may_change_between_pages(
    cloudflare: Simulator, user: User, acme: Organization, invites: list[str], client: Client
) -> None:
    def purge_before_the_second(request: Request) -> None:
        if request.query.get("page") == "2":
            for invite_id in invites[:20]:
                del cloudflare.invites[invite_id]

    cloudflare.before_answer = purge_before_the_second
    assert [one["id"] for one in client.invites(page=1)] == invites[:20]
    assert [one["id"] for one in client.invites(page=2)] == invites[40:]


def test_the_order_of_keys_varies(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    cloudflare.invite(user, acme)
    usual = client.get("/user/invites")
    cloudflare.settings.reverse_keys = True
    varied = client.get("/user/invites")
    assert varied.json() == usual.json()
    assert list(varied.json()) == list(reversed(usual.json()))
    assert list(varied.json()["result"][0]) == list(reversed(usual.json()["result"][0]))


def test_messages_may_be_missing(cloudflare: Simulator, client: Client) -> None:
    assert client.get("/user/invites").json()["messages"] == []
    cloudflare.settings.omit_messages = True
    assert "messages" not in client.get("/user/invites").json()
    assert "messages" not in client.get("/nothing").json()


@pytest.mark.parametrize(("is_null", "result"), [(False, []), (True, None)])
def test_an_empty_list(is_null: bool, result: Any, cloudflare: Simulator, client: Client) -> None:
    cloudflare.settings.empty_list_is_null = is_null
    assert client.get("/user/invites").json()["result"] == result


@pytest.mark.parametrize(
    ("setting", "expected"), [("null", {"result": None}), ("[]", {"result": []}), ("omitted", {})]
)
def test_the_result_of_a_failure(
    setting: str, expected: dict[str, Any], cloudflare: Simulator, client: Client
) -> None:
    cloudflare.settings.failure_result = setting  # type: ignore[assignment]
    answer = client.get("/nothing").json()
    assert {key: answer[key] for key in answer if key == "result"} == expected


def test_roles_may_be_objects(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    cloudflare.invite(user, acme, roles=("Billing",))
    assert client.invites()[0]["roles"] == ["Billing"]
    cloudflare.settings.user_roles = "objects"
    assert [role["name"] for role in client.invites()[0]["roles"]] == ["Billing"]


def test_dates_may_have_fractions(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    cloudflare.settings.fractions_of_a_second = True
    cloudflare.invite(user, acme)
    assert client.invites()[0]["invited_on"] == "2026-01-01T00:00:00.000000Z"


def test_any_name_travels(cloudflare: Simulator, user: User, client: Client) -> None:
    names = ["Café \u202e\u0410cme", "{{ 7 * 7 }}", "a\nb\0c\x1b[31m", "\U0001f600" * 10]
    for name in names:
        cloudflare.invite(user, cloudflare.add_organization(name))
    assert [one["organization_name"] for one in client.invites()] == names


def test_every_answer_names_its_ray(client: Client) -> None:
    rays = {client.get(path).headers["CF-Ray"] for path in ("/user/invites", "/nothing")}
    assert len(rays) == 2


def test_a_setting_that_does_not_exist_is_refused(cloudflare: Simulator) -> None:
    with pytest.raises(AttributeError, match="no setting 'latancy'"):
        cloudflare.settings.latancy = 1
    with pytest.raises(ValueError, match="answered_patch is one of"):
        cloudflare.settings.answered_patch = "alow"  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("setting", "reported"), [("applied", 25), ("requested", 50), ("omitted", None)]
)
def test_capped_page_reports_size_by_setting(
    setting: Any, reported: int | None, cloudflare: Simulator, invites: list[str], client: Client
) -> None:
    cloudflare.settings.maximum_per_page = 25
    cloudflare.settings.per_page_info = setting
    body = client.get("/user/invites", params={"per_page": 50}).json()
    assert body["result_info"].get("per_page") == reported
    assert (len(body["result"]), body["result_info"]["total_pages"]) == (25, 2)


def test_list_order_and_duplicates_are_settings(
    cloudflare: Simulator, invites: list[str], client: Client
) -> None:
    cloudflare.settings.reverse_lists = True
    cloudflare.settings.repeat_first_item = True
    ids = [invite["id"] for invite in client.invites(per_page=50)]
    assert ids == [*reversed(invites), invites[-1]]


@pytest.mark.parametrize(("setting", "value"), [("omitted", {}), ("null", {"invited_by": None})])
def test_missing_field_is_omitted_or_null(
    setting: Any,
    value: dict[str, Any],
    cloudflare: Simulator,
    user: User,
    acme: Organization,
    client: Client,
) -> None:
    cloudflare.settings.missing_fields = setting
    cloudflare.invite(user, acme, missing_fields=["invited_by"])
    [invite] = client.invites()
    assert {name: invite[name] for name in invite if name == "invited_by"} == value


def test_names_and_ids_have_other_forms_by_setting(
    cloudflare: Simulator, user: User, client: Client
) -> None:
    cafe = cloudflare.add_organization("Caf\u00e9", id="a" * 32)
    cloudflare.add_member(user, cafe)
    cloudflare.invite(user, cafe, id="b" * 32)
    cloudflare.settings.name_form = "NFD"
    cloudflare.settings.uppercase_ids = True
    [invite] = client.invites()
    assert (invite["id"], invite["organization_id"]) == ("B" * 32, "A" * 32)
    assert invite["organization_name"] == "Cafe\u0301"
    assert client.get(f"/accounts/{'A' * 32}").json()["result"]["name"] == "Cafe\u0301"
    assert client.respond("B" * 32, "rejected").status_code == 200


@pytest.mark.parametrize(
    ("setting", "shown"), [("real", "a" * 32), ("0", "0"), ("empty", ""), ("zeros", "0" * 32)]
)
def test_membership_ids_are_a_setting(
    setting: Any, shown: str, cloudflare: Simulator, user: User, client: Client
) -> None:
    cloudflare.add_member(user, cloudflare.add_organization("Acme", id="a" * 32))
    cloudflare.settings.membership_ids = setting
    cloudflare.settings.membership_account_ids = setting
    [organization] = client.get("/user/organizations").json()["result"]
    [membership] = client.get("/memberships").json()["result"]
    assert organization["id"] == membership["account"]["id"] == shown
    assert setting == "real" or membership["id"] == shown


def test_activation_codes_are_a_setting(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    cloudflare.add_member(user, acme)
    cloudflare.invite("guest@example.com", acme)
    cloudflare.settings.activation_codes = True
    for path in (f"/accounts/{acme.id}/members", f"/organizations/{acme.id}/invites"):
        assert len(client.get(path).json()["result"][-1]["code"]) == 64
