# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memberships satisfy tasks after Cloudflare has deleted the invites."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Fault, Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner

ACME = "1" * 32
MEMBERSHIPS_REQUEST = "GET /memberships"
ORGANIZATIONS_REQUEST = "GET /user/organizations"

# A selector, and whether the membership in Acme satisfies it after the invite was deleted.
SELECTORS: list[tuple[dict[str, str], bool]] = [
    ({"organization_id": ACME}, True),
    ({"organization_name": " Acme"}, True),
    ({"organization_name": "Acme", "invited_by": "@acme.example"}, True),
    ({"organization_name": "ACME"}, False),
    ({"organization_id": "2" * 32}, False),  # only invited
    ({"organization_id": "3" * 32}, False),  # neither invited nor a member
    ({"invite_id": "a" * 32}, False),
]


@pytest.fixture
def purged_invite(runner: TaskRunner, cloudflare: Simulator) -> None:
    """Make the user a member of Acme, and add an invite of another organization."""
    acme = cloudflare.add_organization("Acme", id=ACME)
    other = cloudflare.add_organization("Zebra", id="2" * 32)
    cloudflare.add_organization("Absent", id="3" * 32)
    invite = cloudflare.invite(runner.user, acme, id="a" * 32)
    cloudflare.respond(invite, "accepted")
    cloudflare.purge()
    cloudflare.invite(runner.user, other, status="expired")


@pytest.mark.usefixtures("purged_invite")
def test_id_of_parent_organization_gets_hint(runner: TaskRunner, cloudflare: Simulator) -> None:
    cloudflare.organizations[0].parent_id = "9b" * 16

    result = runner.run("cf_user_invite", organization_id="9B" * 16, state="accepted")

    assert result["failed"]
    assert "is the ID of an Organization (beta), which groups accounts." in result["msg"]
    assert f'such as {ACME} ("Acme").' in result["msg"]


@pytest.mark.usefixtures("purged_invite")
@pytest.mark.parametrize("retired", [False, True])
@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(("selector", "is_satisfied"), SELECTORS)
@pytest.mark.parametrize("module", ["cf_user_invite", "cf_user_invites"])
def test_membership_satisfies_task(
    runner: TaskRunner,
    cloudflare: Simulator,
    module: str,
    selector: dict[str, Any],
    is_satisfied: bool,
    check_mode: bool,
    retired: bool,
) -> None:
    cloudflare.settings.memberships_retired = retired
    options: dict[str, dict[str, Any]] = {
        "cf_user_invite": {"state": "accepted", **selector},
        "cf_user_invites": {"accept": [selector], "reject_unmatched": True},
    }

    result = runner.run(module, check_mode=check_mode, **options[module])

    assert bool(result.get("failed")) is not is_satisfied
    assert runner.write_requests == []
    if is_satisfied:
        assert result["changed"] is False
        fallback = [ORGANIZATIONS_REQUEST] if retired else []
        assert runner.requests == ["GET /user/invites", MEMBERSHIPS_REQUEST, *fallback]
        if module == "cf_user_invite":
            assert result["invite"] is result["previous_status"] is None
        else:
            assert result["memberships"] == [{"account_id": ACME, "account_name": "Acme"}]
            assert result["missing"] == []


def test_invited_organization_is_not_membership(runner: TaskRunner, cloudflare: Simulator) -> None:
    """This also applies if Cloudflare ignores the filter."""
    cloudflare.settings.memberships_retired = True
    body = (
        f'{{"success": true, "result": [{{"id": "{ACME}", "name": "Acme", "status": "invited"}}]}}'
    )
    cloudflare.add_fault(Fault("response", path="/user/organizations", status=200, body=body))

    result = runner.run("cf_user_invite", organization_id=ACME, state="accepted")

    assert result["failed"]


def test_pending_membership_is_not_accepted(runner: TaskRunner, cloudflare: Simulator) -> None:
    """This also applies if Cloudflare ignores the filter, and to malformed items."""
    account = f'{{"id": "{ACME}", "name": "Acme"}}'
    body = f"""{{"success": true, "result": [
        {{"id": "a", "account": {account}, "status": "pending"}},
        {{"id": "b", "status": "accepted"}}]}}"""
    cloudflare.add_fault(Fault("response", path="/memberships", status=200, body=body))

    result = runner.run("cf_user_invite", organization_id=ACME, state="accepted")

    assert result["failed"]
    assert runner.requests == ["GET /user/invites", MEMBERSHIPS_REQUEST]


@pytest.mark.usefixtures("purged_invite")
def test_membership_cannot_be_rejected(runner: TaskRunner) -> None:
    result = runner.run("cf_user_invite", organization_id=ACME, state="rejected")

    assert result["failed"]
    assert f'already a member of "Acme" ({ACME})' in result["msg"]
    assert runner.write_requests == []


@pytest.mark.parametrize("selector", [{"invite_id": "b" * 32}, {"organization_name": "acme"}])
def test_nothing_to_reject_is_unchanged(runner: TaskRunner, selector: dict[str, Any]) -> None:
    options: dict[str, dict[str, Any]] = {
        "cf_user_invite": {"state": "rejected", **selector},
        "cf_user_invites": {"reject": [selector]},
    }
    for module in options:
        result = runner.run(module, **options[module])

        assert not result.get("failed"), result["msg"]
        assert not result["changed"]
        assert "No invite matches" in result["warnings"][0]


def test_invite_of_other_sender_is_skipped_for_member(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    acme = cloudflare.add_organization("Acme")
    cloudflare.add_member(runner.user, acme)
    cloudflare.invite(runner.user, acme, invited_by="unknown@mail.example")

    options: dict[str, Any] = {"organization_name": "Acme", "invited_by": "@acme.example"}
    result = runner.run("cf_user_invite", state="accepted", **options)

    assert not result["changed"]
    assert result["membership"] == {"account_id": acme.id, "account_name": "Acme"}
    assert "unknown@mail.example" in result["warnings"][0]
    assert runner.write_requests == []


@pytest.mark.usefixtures("purged_invite")
def test_unreadable_memberships_do_not_stop_other_rules(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    expected = cloudflare.invite(runner.user, cloudflare.add_organization("Fjord"))
    named = cloudflare.invite(runner.user, cloudflare.add_organization("Granite"))
    cloudflare.add_fault(Fault("response", path="/memberships", status=403))
    accept = [
        {"organization_id": ACME},
        {"organization_id": expected.organization.id},
        {"organization_name": "Granite"},
    ]

    result = runner.run("cf_user_invites", accept=accept, allow_missing=True)

    assert [one["id"] for one in result["accepted"]] == [expected.id]
    [missing] = result["missing"]
    assert "Memberships could not be read" in missing["msg"]
    # Without the memberships, the name does not identify the joined organization.
    [failed] = result["failed_invites"]
    assert failed["invite"] is None
    assert 'organization_name "Granite" was not evaluated' in failed["msg"]
    assert not failed["changed"]
    assert result["failure"]["http_status"] == 403
    assert cloudflare.status(named.id) == "pending"


# The selectors of an invite from another organization whose name was joined before, and whether
# they select it.
SAME_NAME_SELECTORS: list[tuple[dict[str, str], bool]] = [
    ({"organization_name": "Acme"}, False),
    ({"organization_name": "Acme", "invited_by": "@partner.example"}, False),
    ({"organization_id": "4" * 32}, True),
    ({"invite_id": "d" * 32}, True),
]


@pytest.fixture
def name_conflict(runner: TaskRunner, cloudflare: Simulator, purged_invite: None) -> str:
    """Add an invite of another organization with the name Acme."""
    other = cloudflare.add_organization("Acme", id="4" * 32)
    return cloudflare.invite(runner.user, other, "x@partner.example", id="d" * 32).id


@pytest.mark.parametrize("retired", [False, True])
@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(("selector", "is_selected"), SAME_NAME_SELECTORS)
@pytest.mark.parametrize("module", ["cf_user_invite", "cf_user_invites"])
def test_same_name_invite_is_not_accepted_after_original_was_purged(
    runner: TaskRunner,
    cloudflare: Simulator,
    name_conflict: str,
    module: str,
    selector: dict[str, str],
    is_selected: bool,
    check_mode: bool,
    retired: bool,
) -> None:
    cloudflare.settings.memberships_retired = retired
    options: dict[str, dict[str, Any]] = {
        "cf_user_invite": {"state": "accepted", **selector},
        "cf_user_invites": {"accept": [selector]},
    }

    result = runner.run(module, check_mode=check_mode, **options[module])

    assert not result.get("failed"), result["msg"]
    assert result["changed"] is is_selected
    accepted = is_selected and not check_mode
    assert cloudflare.status(name_conflict) == ("accepted" if accepted else "pending")
    if not is_selected:
        [warning] = result["warnings"]
        assert f'already a member of "Acme" ({ACME})' in warning
        assert [invite["id"] for invite in result["candidates"]] == [name_conflict]
        assert runner.write_requests == []
        if module == "cf_user_invites":
            assert result["memberships"] == [{"account_id": ACME, "account_name": "Acme"}]
            assert result["unchanged"] == result["missing"] == []


def test_invite_of_joined_organization_is_accepted_by_name(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    """This also applies to a joined organization, and to one that a rule identifies."""
    acme, other = (cloudflare.add_organization("Acme") for _time in range(2))
    cloudflare.add_member(runner.user, acme)
    cloudflare.invite(runner.user, acme, id="a" * 32)

    again = runner.run("cf_user_invite", organization_name="Acme", state="accepted")
    cloudflare.purge()
    cloudflare.invite(runner.user, other, id="b" * 32)
    accept = [{"organization_name": "Acme"}, {"organization_id": other.id}]
    proven = runner.run("cf_user_invites", accept=accept)

    assert again["changed"]
    assert [one["id"] for one in proven["accepted"]] == ["b" * 32]


@pytest.mark.parametrize("selector", [{"organization_name": "Acme"}, {"organization_id": ACME}])
def test_unreadable_memberships_fail(
    runner: TaskRunner, cloudflare: Simulator, name_conflict: str, selector: dict[str, Any]
) -> None:
    cloudflare.add_fault(Fault("response", path="/memberships", status=403))

    result = runner.run("cf_user_invite", state="accepted", **selector)

    assert "Memberships could not be read" in result["msg"]
    assert result["failure"]["http_status"] == 403
    assert not result["changed"]
    assert cloudflare.status(name_conflict) == "pending"


# Other organizations with the name that was joined, beside the one with a pending invite.
OTHER_INVITES: dict[str, dict[str, Any]] = {
    "a second pending invite": {"status": "pending"},
    "an expired invite": {"status": "expired"},
    "a rejected invite": {"status": "rejected"},
}


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("case", OTHER_INVITES)
@pytest.mark.parametrize("module", ["cf_user_invite", "cf_user_invites"])
def test_many_same_name_invites_do_not_fail_satisfied_task(
    runner: TaskRunner,
    cloudflare: Simulator,
    name_conflict: str,
    module: str,
    case: str,
    is_open: bool,
) -> None:
    more = cloudflare.add_organization("Acme", enforcing_twofactor=False)
    cloudflare.invite(runner.user, more, **OTHER_INVITES[case])
    if not is_open:
        cloudflare.respond(cloudflare.invites[name_conflict], "rejected")
    options: dict[str, dict[str, Any]] = {
        "cf_user_invite": {"state": "accepted", "organization_name": "Acme"},
        "cf_user_invites": {
            "accept": [{"organization_name": "Acme"}],
            "reject": [{"invited_by": "@partner.example", "all_from_sender": True}],
            "require_twofactor": True,
        },
    }

    result = runner.run(module, **options[module])

    assert not result.get("failed"), result["msg"]
    assert all(one.status != "accepted" for one in cloudflare.invites_from(more))


@pytest.mark.usefixtures("name_conflict")
def test_incomplete_membership_list_fails(runner: TaskRunner, cloudflare: Simulator) -> None:
    """The missing items could include the membership that satisfies the rule."""
    for number in range(60):
        more = cloudflare.add_organization(f"Organization {number}")
        cloudflare.add_member(runner.user, more)
    cloudflare.settings.page_parameters = "ignored"
    cloudflare.organizations.reverse()

    result = runner.run("cf_user_invite", organization_name="Acme", state="accepted")

    assert "Memberships could not be read" in result["msg"]
    assert runner.write_requests == []


@pytest.mark.usefixtures("purged_invite")
@pytest.mark.parametrize("allow_missing", [True, False])
def test_unreadable_memberships_are_reported(
    runner: TaskRunner, cloudflare: Simulator, allow_missing: bool
) -> None:
    cloudflare.add_fault(Fault("response", path="/memberships", status=403))

    result = runner.run(
        "cf_user_invites", accept=[{"organization_id": ACME}], allow_missing=allow_missing
    )

    if not allow_missing:
        assert result["failure"]["http_status"] == 403
    else:
        [warning] = result["warnings"]
        assert "Memberships could not be read" in warning


@pytest.mark.parametrize("status", ["expired", "rejected", "canceled"])
@pytest.mark.parametrize("accepted_invite", ["listed", "purged"])
@pytest.mark.parametrize(
    "selector",
    [
        {"organization_name": "Acme"},
        {"organization_name": "Acme", "invited_by": "@partner.example"},
        {"organization_id": ACME},
    ],
)
def test_satisfied_task_ignores_later_closed_invite(
    runner: TaskRunner,
    cloudflare: Simulator,
    name_conflict: str,
    selector: dict[str, Any],
    accepted_invite: str,
    status: str,
) -> None:
    cloudflare.settings.show_withdrawn_to_user = True
    acme = cloudflare.find_organization(ACME)
    assert acme
    if accepted_invite == "listed":
        cloudflare.invite(runner.user, acme, status="accepted", invited_on="2025-12-01T00:00:00Z")
    cloudflare.invite(runner.user, acme, status=status)

    result = runner.run("cf_user_invite", state="accepted", **selector)

    assert not result.get("failed"), result["msg"]
    assert not result["changed"]
    assert result["membership"] == {"account_id": ACME, "account_name": "Acme"}
    assert cloudflare.status(name_conflict) == "pending"


def test_same_name_invite_after_leaving_is_not_accepted(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    cloudflare.settings.show_withdrawn_to_user = True
    acme, other = (cloudflare.add_organization("Acme") for _time in range(2))
    cloudflare.invite(runner.user, acme, status="left")
    cloudflare.invite(runner.user, other)

    result = runner.run("cf_user_invite", organization_name="Acme", state="accepted")

    assert result["failed"]
    assert [invite["organization_id"] for invite in result["candidates"]] == [other.id]
    assert runner.write_requests == []


def test_accepted_status_in_other_spelling_reserves_name(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    acme, other = (cloudflare.add_organization("Acme") for _time in range(2))
    cloudflare.invite(runner.user, acme, status="Accepted ")
    cloudflare.invite(runner.user, other)

    result = runner.run("cf_user_invite", organization_name="Acme", state="accepted")

    assert not result.get("failed"), result["msg"]
    assert result["invite"]["organization_id"] == acme.id
    assert runner.write_requests == []


def test_accepted_invite_without_membership_warns(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    acme = cloudflare.add_organization("Acme")
    cloudflare.invite(runner.user, acme, status="accepted")
    cloudflare.invite(runner.user, acme, status="expired", invited_on="2026-01-02T00:00:00Z")

    result = runner.run("cf_user_invite", organization_name="Acme", state="accepted")

    assert result["invite"]["status"] == "accepted"
    assert "reports no membership" in result["warnings"][0]


@pytest.mark.parametrize("zero", ["0", "0000-0000"])
def test_membership_without_real_id_reserves_name(
    runner: TaskRunner, cloudflare: Simulator, zero: str
) -> None:
    """Only the name identifies such a membership. An invite of organization 0 is another one."""
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme", id=zero))
    item = '{"id": "%s", "status": "accepted", "account": {"id": "%s", "name": "%s"}}'
    items = ", ".join([item % ("a" * 32, zero, "Acme"), item % ("b" * 32, zero, "Zebra")])
    body = f'{{"success": true, "result": [{items}]}}'
    cloudflare.add_fault(Fault("response", path="/memberships", status=200, body=body, times=None))

    result = runner.run("cf_user_invite", organization_name="Acme", state="accepted")

    assert result["membership"] == {"account_id": None, "account_name": "Acme"}
    # The invite can be a second one of the joined organization.
    accept, reject = [{"organization_name": "Acme"}], [{"invite_id": invite.id}]
    contradicting = runner.run("cf_user_invites", accept=accept, reject=reject)
    [failed] = contradicting["failed_invites"]
    assert "matches both an accept and a reject rule" in failed["msg"]
    assert cloudflare.status(invite.id) == "pending"


def test_organization_that_was_left_is_not_accepted_beside_joined_one(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    cloudflare.settings.show_withdrawn_to_user = True
    acme, other = (cloudflare.add_organization("Acme") for _time in range(2))
    cloudflare.add_member(runner.user, acme)
    cloudflare.invite(runner.user, other, status="left", invited_on="2025-12-01T00:00:00Z")
    cloudflare.invite(runner.user, other)

    result = runner.run("cf_user_invite", organization_name="Acme", state="accepted")

    assert not result.get("failed"), result["msg"]
    assert result["membership"]["account_id"] == acme.id
    assert runner.write_requests == []


@pytest.mark.parametrize(
    "change", [{"account": None}, {"account": {}}, {"status": "ACCEPTED"}, {"status": None}]
)
def test_malformed_membership_fails(
    runner: TaskRunner, cloudflare: Simulator, name_conflict: str, change: dict[str, Any]
) -> None:
    def modify(body: Any) -> Any:
        return {**body, "result": [{**item, **change} for item in body["result"]]}

    cloudflare.add_fault(Fault("modify_response", path="/memberships", modify=modify, times=None))

    result = runner.run("cf_user_invite", organization_name="Acme", state="accepted")

    assert "Memberships could not be read" in result["msg"]
    assert cloudflare.status(name_conflict) == "pending"


def test_reject_rule_with_sender_ignores_membership(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    """The first run accepts, and no later run fails."""
    acme = cloudflare.add_organization("Acme")
    cloudflare.invite(runner.user, acme, invited_by="ceo@acme.example")
    rules: dict[str, Any] = {
        "accept": [{"organization_name": "Acme", "invited_by": "@acme.example"}],
        "reject": [{"organization_name": "Acme", "invited_by": "@evil.example"}],
    }

    results = [runner.run("cf_user_invites", **rules) for _night in range(2)]

    assert [result["changed"] for result in results] == [True, False]
    assert not any(result.get("failed") for result in results)
    assert results[0]["candidates"] == []


@pytest.mark.parametrize("later_status", [None, "expired", "rejected"])
def test_passed_over_invite_is_not_rejected_as_unmatched(
    runner: TaskRunner, cloudflare: Simulator, later_status: str | None
) -> None:
    cloudflare.add_member(runner.user, cloudflare.add_organization("Acme"))
    other = cloudflare.add_organization("Acme")
    invite = cloudflare.invite(runner.user, other, invited_by="hr@other.example")
    if later_status:
        cloudflare.clock.sleep(60)
        cloudflare.invite(runner.user, other, "ceo@acme.example", later_status)

    result = runner.run(
        "cf_user_invites",
        accept=[{"organization_name": "Acme", "invited_by": "@acme.example"}],
        reject_unmatched=True,
    )

    assert result["rejected"] == []
    assert [candidate["id"] for candidate in result["candidates"]] == [invite.id]


def test_other_invite_of_accepted_organization_is_not_rejected_as_unmatched(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    acme = cloudflare.add_organization("Acme")
    cloudflare.invite(runner.user, acme, "hr@other.example", invited_on="2025-12-30T00:00:00Z")
    newer = cloudflare.invite(runner.user, acme, "ceo@acme.example")
    rules: dict[str, Any] = {
        "accept": [{"invited_by": "ceo@acme.example", "all_from_sender": True}],
        "reject_unmatched": True,
    }

    first, second = (runner.run("cf_user_invites", **rules) for _run in range(2))

    assert [invite["id"] for invite in first["accepted"]] == [newer.id]
    assert first["rejected"] == []
    assert not second["changed"]
