# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invites are sent, answered, expire, are canceled, left and forgotten."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from ansible_collections.community.cloudflare.tests.simulator import (
    Organization,
    Simulator,
    User,
)
from ansible_collections.community.cloudflare.tests.unit.simulator.client import (
    Client,
    codes,
    pair,
)

DAY = 24 * 60 * 60.0
ANSWERED = ["accepted", "rejected", "expired"]
UNKNOWN_ID = "0" * 32


def test_an_invite_has_every_documented_field(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    invite = cloudflare.invite(user, acme, invited_by="ceo@acme.example")
    assert client.invites() == [
        {
            "id": invite.id,
            "invited_member_id": user.id,
            "invited_member_email": "operator@example.com",
            "organization_id": acme.id,
            "organization_name": "Acme",
            "organization_is_enforcing_twofactor": False,
            "invited_by": "ceo@acme.example",
            "invited_on": "2026-01-01T00:00:00Z",
            "expires_on": "2026-01-05T00:00:00Z",
            "roles": ["Administrator"],
            "status": "pending",
        }
    ]


@pytest.mark.parametrize("status", ["accepted", "rejected"])
def test_a_pending_invite_is_answered(
    status: str, cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    invite = cloudflare.invite(user, acme)
    response = client.respond(invite.id, status)
    assert response.status_code == 200
    assert response.json()["result"]["status"] == status
    assert client.get(f"/user/invites/{invite.id}").json()["result"]["status"] == status
    assert cloudflare.status(invite.id) == status
    assert cloudflare.members(acme) == ([user.email] if status == "accepted" else [])


@pytest.mark.parametrize("now", ANSWERED)
@pytest.mark.parametrize("wanted", ["accepted", "rejected"])
@pytest.mark.parametrize(
    ("setting", "http_status"), [("refuse", 400), ("allow", 200), ("keep", 200)]
)
def test_what_becomes_of_an_answered_invite_is_a_setting(
    now: str,
    wanted: str,
    setting: str,
    http_status: int,
    cloudflare: Simulator,
    user: User,
    acme: Organization,
    client: Client,
) -> None:
    cloudflare.settings.answered_patch = setting  # type: ignore[assignment]
    invite = cloudflare.invite(user, acme, status=now)
    response = client.respond(invite.id, wanted)
    assert response.status_code == http_status
    assert cloudflare.status(invite.id) == (wanted if setting == "allow" else now)
    if http_status == 200:
        assert response.json()["result"]["status"] == cloudflare.status(invite.id)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", 6007),
        (b"{", 6007),
        (b"\xff", 6007),
        (b'["accepted"]', 6007),
        (b"{}", 1001),
        (b'{"status": "pending"}', 1001),
        (b'{"status": ["accepted"]}', 1001),
        (b'{"status": null}', 1001),
    ],
)
def test_a_wrong_body_is_refused(
    body: bytes, code: int, cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    invite = cloudflare.invite(user, acme)
    response = client.patch(f"/user/invites/{invite.id}", data=body)
    assert (response.status_code, codes(response)) == (400, [code])
    assert cloudflare.status(invite.id) == "pending"


def test_an_invite_expires_after_four_days(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    invite = cloudflare.invite(user, acme)
    later = cloudflare.invite(user, acme, expires_on="2026-01-05T00:00:01Z")
    cloudflare.clock.sleep(4 * DAY - 1)
    assert [one["status"] for one in client.invites()] == ["pending", "pending"]
    cloudflare.clock.sleep(1)
    assert client.respond(invite.id, "accepted").status_code == 400
    assert [one["status"] for one in client.invites()] == ["expired", "pending"]
    cloudflare.clock.sleep(1)
    assert cloudflare.status(later.id) == "expired"


def test_an_organization_ends_an_invite(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    cloudflare.add_member(user, acme)
    canceled, expired = cloudflare.invite(user, acme), cloudflare.invite(user, acme)
    cloudflare.cancel(canceled)
    cloudflare.expire(expired)
    assert [(one["id"], one["status"]) for one in client.invites()] == [(expired.id, "expired")]
    assert client.get(f"/user/invites/{canceled.id}").status_code == 404
    assert client.respond(canceled.id, "accepted").status_code == 404
    sent = client.get(f"/organizations/{acme.id}/invites").json()["result"]
    assert [one["status"] for one in sent] == ["canceled", "expired"]
    with pytest.raises(ValueError, match="canceled, not pending"):
        cloudflare.cancel(canceled)


def test_a_member_leaves(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    client.respond(cloudflare.invite(user, acme).id, "accepted")
    cloudflare.leave(user, acme)
    assert cloudflare.members(acme) == []
    assert client.invites() == []
    assert [one.status for one in cloudflare.invites_of(user)] == ["left"]


@pytest.mark.off_contract
def test_what_was_withdrawn_can_be_shown_to_the_user(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    cloudflare.settings.user_sees_withdrawn = True
    cloudflare.cancel(cloudflare.invite(user, acme))
    assert [one["status"] for one in client.invites()] == ["canceled"]


@pytest.mark.off_contract
@pytest.mark.parametrize("status", ["canceled", "left", "frozen"])
def test_a_status_that_is_given_is_shown_as_it_is(
    status: str, cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    invite = cloudflare.invite(user, acme, status=status)
    assert [one["status"] for one in client.invites()] == [status]
    assert client.respond(invite.id, "accepted").status_code == 400


def test_old_invites_are_forgotten(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    old = cloudflare.invite(user, acme, status="accepted")
    cloudflare.clock.sleep(30 * DAY)
    new = cloudflare.invite(user, acme, status="rejected")
    still_open = cloudflare.invite(user, acme)
    cloudflare.purge(older_than=29 * DAY)
    assert [one["id"] for one in client.invites()] == [new.id, still_open.id]
    cloudflare.purge()
    assert [one["id"] for one in client.invites()] == [still_open.id]
    assert client.get(f"/user/invites/{old.id}").status_code == 404


def test_an_address_that_nobody_has_is_invited(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    cloudflare.add_member(user, acme)
    cloudflare.invite("nobody@example.com", acme)
    [shown] = client.get(f"/organizations/{acme.id}/invites").json()["result"]
    assert (shown["invited_member_id"], shown["invited_member_email"]) == (
        None,
        "nobody@example.com",
    )
    somebody = cloudflare.add_user(email="Nobody@Example.com")
    [shown] = client.get(f"/organizations/{acme.id}/invites").json()["result"]
    assert shown["invited_member_id"] == somebody.id


def test_a_user_sees_only_the_own_invites(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    other = cloudflare.invite(cloudflare.add_user(), acme)
    assert client.invites() == []
    assert client.get(f"/user/invites/{other.id}").status_code == 404
    assert client.respond(other.id, "rejected").status_code == 404
    assert cloudflare.status(other.id) == "pending"


def test_an_organization_is_read_by_its_members_alone(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    path = f"/organizations/{acme.id}/invites"
    invite = cloudflare.invite(user, acme, roles=("Billing", "DNS"))
    refused = client.get(path)
    assert (refused.status_code, codes(refused)) == (403, [9109])
    client.respond(invite.id, "accepted")
    [shown] = client.get(path).json()["result"]
    assert [role["name"] for role in shown["roles"]] == ["Billing", "DNS"]
    assert set(shown["roles"][0]) == {"id", "name", "description", "permissions"}
    cloudflare.settings.organization_invites_retired = True
    retired = client.get(path)
    assert (retired.status_code, codes(retired)) == (400, [7003, 7000])


def test_organizations_of_a_user(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    other = cloudflare.add_organization("Other")
    cloudflare.add_organization("Stranger")
    cloudflare.add_member(user, acme, roles=("Billing",))
    cloudflare.invite(user, acme)
    cloudflare.invite(user, other)

    def listed(**query: str) -> list[tuple[str, str, list[str]]]:
        found = client.get("/user/organizations", params=query).json()["result"]
        return [(one["name"], one["status"], one["roles"]) for one in found]

    assert listed() == [("Acme", "member", ["Billing"]), ("Other", "invited", [])]
    assert listed(status="member") == [("Acme", "member", ["Billing"])]
    assert listed(status="invited", name="Other") == [("Other", "invited", [])]
    assert listed(name="Nobody") == []
    cloudflare.settings.user_organizations_retired = True
    retired = client.get("/user/organizations")
    assert (retired.status_code, codes(retired)) == (400, [7003, 7000])


def test_memberships_of_a_user(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    other, rejected = (cloudflare.add_organization(name) for name in ("Other", "Rejected"))
    cloudflare.add_organization("Stranger")
    cloudflare.add_member(user, acme, roles=("Billing",))
    cloudflare.invite(user, other)
    cloudflare.invite(user, rejected, status="rejected")
    cloudflare.invite("somebody@example.com", acme)

    def listed(**query: str) -> list[tuple[str, str]]:
        found = client.get("/memberships", params=query).json()["result"]
        return [(one["account"]["name"], one["status"]) for one in found]

    assert listed() == [("Acme", "accepted"), ("Other", "pending"), ("Rejected", "rejected")]
    assert listed(status="accepted") == [("Acme", "accepted")]
    cloudflare.settings.memberships_retired = True
    assert codes(client.get("/memberships")) == [7003, 7000]


def test_renamed_organization_has_new_name_in_old_invites(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    cloudflare.invite(user, acme)
    cloudflare.rename(acme, "Zebra")
    assert client.invites()[0]["organization_name"] == "Zebra"


@pytest.mark.parametrize(
    ("method", "path", "http_status", "expected"),
    [
        ("GET", "/user/invites/nonsense", 400, [7003, 7000]),
        ("PATCH", "/user/invites/nonsense", 400, [7003, 7000]),
        ("GET", f"/user/invites/{UNKNOWN_ID}", 404, [1003]),
        ("PATCH", f"/user/invites/{UNKNOWN_ID}", 404, [1003]),
        ("GET", "/organizations/nonsense/invites", 400, [7003, 7000]),
        ("GET", f"/organizations/{UNKNOWN_ID}/invites", 404, [1003]),
        ("GET", "/user/invites/", 400, [7003, 7000]),
        ("GET", "/user//invites", 400, [7003, 7000]),
        ("GET", "/nothing", 400, [7003, 7000]),
        ("DELETE", "/user/invites", 400, [7003, 7000]),
    ],
)
def test_what_is_not_there(
    method: str, path: str, http_status: int, expected: list[int], client: Client
) -> None:
    response = client.request(method, path, json={"status": "accepted"})
    assert (response.status_code, codes(response)) == (http_status, expected)


@pytest.mark.parametrize("http_status", [400, 403, 404])
def test_patch_of_an_unknown_invite_is_a_setting(
    http_status: int, cloudflare: Simulator, client: Client
) -> None:
    cloudflare.settings.patch_unknown_status = http_status  # type: ignore[assignment]
    assert client.respond(UNKNOWN_ID, "accepted").status_code == http_status


def test_ids_and_dates_may_be_chosen(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    summer = datetime(2025, 7, 1, 12, tzinfo=timezone.utc)
    cloudflare.invite(user, acme, id="mine", invited_on=summer, expires_on="2030-01-01T02:00+02:00")
    shown = client.get("/user/invites/mine").json()["result"]
    assert shown["invited_on"] == "2025-07-01T12:00:00Z"
    assert shown["expires_on"] == "2030-01-01T00:00:00Z"
    with pytest.raises(ValueError, match="already"):
        cloudflare.invite(user, acme, id="mine")


def test_reset_forgets_everything(
    cloudflare: Simulator, user: User, acme: Organization, client: Client
) -> None:
    invite = cloudflare.invite(user, acme)
    cloudflare.settings.latency = 1.0
    cloudflare.clock.sleep(5)
    cloudflare.reset()
    assert cloudflare.log == []
    assert cloudflare.settings.latency == 0
    assert cloudflare.clock.monotonic() == 0
    assert client.get("/user/invites", headers=pair(user)).status_code == 401
    again = cloudflare.add_user(email="operator@example.com")
    assert again.api_token == user.api_token
    with pytest.raises(KeyError):
        cloudflare.status(invite.id)
