# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloudflare forgets invites; that the user is a member already, it still knows."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Fault, Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import Operator

ACME = "1" * 32
ASKS = "GET /user/organizations"
ASKS_INSTEAD = "GET /memberships"

# A selector, and whether it holds for a member of Acme whose invite is forgotten.
SELECTORS: list[tuple[dict[str, str], bool]] = [
    ({"organization_id": ACME}, True),
    ({"organization_name": " Acme"}, True),
    ({"organization_name": "Acme", "invited_by": "@acme.example"}, True),
    ({"organization_name": "ACME"}, False),
    ({"organization_id": "2" * 32}, False),  # only invited there
    ({"organization_id": "3" * 32}, False),  # nothing to do with it
    ({"invite_id": "a" * 32}, False),
]


@pytest.fixture
def forgotten(operator: Operator, cloudflare: Simulator) -> None:
    """A member of Acme, whose invite is forgotten; and an invite of another organization."""
    acme = cloudflare.add_organization("Acme", id=ACME)
    other = cloudflare.add_organization("Zebra", id="2" * 32)
    cloudflare.add_organization("Nobody", id="3" * 32)
    invite = cloudflare.invite(operator.user, acme, id="a" * 32)
    cloudflare.respond(invite, "accepted")
    cloudflare.purge()
    cloudflare.invite(operator.user, other, status="expired")


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize("retired", [False, True])
@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(("selector", "holds"), SELECTORS)
def test_one_invite(
    operator: Operator,
    cloudflare: Simulator,
    selector: dict[str, Any],
    holds: bool,
    check_mode: bool,
    retired: bool,
) -> None:
    cloudflare.settings.user_organizations_retired = retired

    result = operator.run("cf_user_invite", check_mode=check_mode, state="accepted", **selector)

    if holds:
        assert result["changed"] is False
        assert result["invite"] is None
        assert result["previous_status"] is None
        asks = [ASKS, ASKS_INSTEAD] if retired else [ASKS]
        assert operator.requests == ["GET /user/invites", *asks]
    else:
        assert result["failed"]
    assert operator.responses == []


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize("retired", [False, True])
@pytest.mark.parametrize(("selector", "holds"), SELECTORS)
def test_many_invites(
    operator: Operator, cloudflare: Simulator, selector: dict[str, Any], holds: bool, retired: bool
) -> None:
    cloudflare.settings.user_organizations_retired = retired

    result = operator.run("cf_user_invites", accept=[selector], unmatched="reject")

    if holds:
        assert result["members"] == [{"id": ACME, "name": "Acme"}]
        assert result["missing"] == []
    else:
        assert result["failed"]
    assert operator.requests.count(ASKS) <= 1
    assert operator.responses == []


def test_an_invitation_is_no_membership(operator: Operator, cloudflare: Simulator) -> None:
    """Not even if Cloudflare lists it in spite of the question."""
    body = (
        f'{{"success": true, "result": [{{"id": "{ACME}", "name": "Acme", "status": "invited"}}]}}'
    )
    cloudflare.add_fault(Fault("answer", path="/user/organizations", status=200, body=body))

    result = operator.run("cf_user_invite", organization_id=ACME, state="accepted")

    assert result["failed"]


def test_no_open_membership_is_taken_for_an_accepted_one(
    operator: Operator, cloudflare: Simulator
) -> None:
    """Not even if Cloudflare lists it in spite of the question, nor something that is none."""
    cloudflare.settings.user_organizations_retired = True
    account = f'{{"id": "{ACME}", "name": "Acme"}}'
    body = f"""{{"success": true, "result": [
        {{"id": "a", "account": {account}, "status": "pending"}},
        {{"id": "b", "status": "accepted"}}]}}"""
    cloudflare.add_fault(Fault("answer", path="/memberships", status=200, body=body))

    result = operator.run("cf_user_invite", organization_id=ACME, state="accepted")

    assert result["failed"]
    assert operator.requests == ["GET /user/invites", ASKS, ASKS_INSTEAD]


@pytest.mark.usefixtures("forgotten")
def test_rejecting_does_not_ask(operator: Operator) -> None:
    result = operator.run("cf_user_invite", organization_id=ACME, state="rejected")

    assert result["failed"]
    assert operator.requests == ["GET /user/invites"]


def test_an_invite_from_somebody_else_is_not_excused_by_a_membership(
    operator: Operator, cloudflare: Simulator
) -> None:
    acme = cloudflare.add_organization("Acme")
    cloudflare.add_member(operator.user, acme)
    cloudflare.invite(operator.user, acme, invited_by="stranger@mail.example")

    options: dict[str, Any] = {"organization_name": "Acme", "invited_by": "@acme.example"}
    result = operator.run("cf_user_invite", state="accepted", **options)

    assert 'Not from "@acme.example"' in result["msg"]


@pytest.mark.usefixtures("forgotten")
def test_memberships_that_cannot_be_read(operator: Operator, cloudflare: Simulator) -> None:
    cloudflare.add_fault(Fault("answer", path="/user/organizations", status=403))

    result = operator.run("cf_user_invite", organization_id=ACME, state="accepted")

    assert "There is no invite with" in result["msg"]
    assert "Whether the user is a member already could not be read" in result["msg"]
    assert result["failure"]["http_status"] == 403
    assert not result["changed"]


@pytest.mark.usefixtures("forgotten")
def test_memberships_that_cannot_be_read_stop_no_other_rule(
    operator: Operator, cloudflare: Simulator
) -> None:
    expected = cloudflare.invite(operator.user, cloudflare.add_organization("Fjord"))
    named = cloudflare.invite(operator.user, cloudflare.add_organization("Granite"))
    cloudflare.add_fault(Fault("answer", path="/user/organizations", status=403))
    accept = [
        {"organization_id": ACME},
        {"organization_id": expected.organization.id},
        {"organization_name": "Granite"},
    ]

    result = operator.run("cf_user_invites", accept=accept, missing="ignore")

    assert [one["id"] for one in result["accepted"]] == [expected.id]
    [missing] = result["missing"]
    assert "already could not be read" in missing["reason"]
    # A name alone proves nothing as long as it is not known whose it was.
    [failed] = result["failed_invites"]
    assert failed["invite"] is None
    assert 'Nothing with organization_name "Granite" was accepted.' in failed["error"]
    assert not failed["changed"]
    assert result["failure"]["http_status"] == 403
    assert cloudflare.status(named.id) == "pending"


# How an invite of another organization, by a name that was joined before, is chosen; and whether it
# is meant.
CHOSEN: list[tuple[dict[str, str], bool]] = [
    ({"organization_name": "Acme"}, False),
    ({"organization_name": "Acme", "invited_by": "@partner.example"}, True),
    ({"organization_id": "4" * 32}, True),
    ({"invite_id": "d" * 32}, True),
]


@pytest.fixture
def taken(operator: Operator, cloudflare: Simulator, forgotten: None) -> str:
    """An invite of another organization that has taken the name Acme."""
    other = cloudflare.add_organization("Acme", id="4" * 32)
    return cloudflare.invite(operator.user, other, "x@partner.example", id="d" * 32).id


@pytest.mark.parametrize("retired", [False, True])
@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(("selector", "is_meant"), CHOSEN)
@pytest.mark.parametrize("module", ["cf_user_invite", "cf_user_invites"])
def test_who_takes_a_name_after_its_invite_is_forgotten_is_not_let_in(
    operator: Operator,
    cloudflare: Simulator,
    taken: str,
    module: str,
    selector: dict[str, str],
    is_meant: bool,
    check_mode: bool,
    retired: bool,
) -> None:
    cloudflare.settings.user_organizations_retired = retired
    options: dict[str, dict[str, Any]] = {
        "cf_user_invite": {"state": "accepted", **selector},
        "cf_user_invites": {"accept": [selector]},
    }

    result = operator.run(module, check_mode=check_mode, **options[module])

    assert not result.get("failed"), result["msg"]
    assert result["changed"] is is_meant
    accepted = is_meant and not check_mode
    assert cloudflare.status(taken) == ("accepted" if accepted else "pending")
    if not is_meant:
        [warning] = result["warnings"]
        assert f'"Acme" ({ACME}) already' in warning
        assert taken in warning
        assert operator.responses == []
        if module == "cf_user_invites":
            assert result["members"] == [{"id": ACME, "name": "Acme"}]
            assert result["unchanged"] == result["missing"] == []


def test_an_invite_by_name_is_accepted_whatever_else_was_joined(
    operator: Operator, cloudflare: Simulator
) -> None:
    """Also of an organization that the user is a member of already, and one that a rule proves."""
    acme, other = (cloudflare.add_organization("Acme") for _time in range(2))
    cloudflare.add_member(operator.user, acme)
    cloudflare.invite(operator.user, acme, id="a" * 32)

    again = operator.run("cf_user_invite", organization_name="Acme", state="accepted")
    cloudflare.purge()
    cloudflare.invite(operator.user, other, id="b" * 32)
    accept = [{"organization_name": "Acme"}, {"organization_id": other.id}]
    proven = operator.run("cf_user_invites", accept=accept)

    assert again["changed"]
    assert [one["id"] for one in proven["accepted"]] == ["b" * 32]


def test_a_name_is_not_trusted_while_memberships_cannot_be_read(
    operator: Operator, cloudflare: Simulator, taken: str
) -> None:
    cloudflare.add_fault(Fault("answer", path="/user/organizations", status=403))

    result = operator.run("cf_user_invite", organization_name="Acme", state="accepted")

    assert "already could not be read" in result["msg"]
    assert not result["changed"]
    assert cloudflare.status(taken) == "pending"


@pytest.mark.parametrize("module", ["cf_user_invite", "cf_user_invites"])
def test_who_takes_a_name_spoils_no_task_that_was_done(
    operator: Operator, taken: str, module: str
) -> None:
    """The stranger's invite is not meant, and the membership counts, as if it were not there."""
    selector = {"organization_name": "Acme", "invited_by": "@acme.example"}
    options: dict[str, dict[str, Any]] = {
        "cf_user_invite": {"state": "accepted", **selector},
        "cf_user_invites": {"accept": [selector]},
    }

    result = operator.run(module, **options[module])

    assert not result.get("failed"), result["msg"]
    assert not result["changed"]
    assert operator.responses == []


# What else may be there by the name that was joined, beside a stranger's open invite.
ELSE: dict[str, dict[str, Any]] = {
    "a second stranger": {"status": "pending"},
    "one whose invite has expired": {"status": "expired"},
    "one that was rejected": {"status": "rejected"},
}


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("case", ELSE)
@pytest.mark.parametrize("module", ["cf_user_invite", "cf_user_invites"])
def test_no_number_of_strangers_spoils_a_task_by_name(
    operator: Operator, cloudflare: Simulator, taken: str, module: str, case: str, is_open: bool
) -> None:
    more = cloudflare.add_organization("Acme", enforcing_twofactor=False)
    cloudflare.invite(operator.user, more, **ELSE[case])
    if not is_open:
        cloudflare.respond(cloudflare.invites[taken], "rejected")
    options: dict[str, dict[str, Any]] = {
        "cf_user_invite": {"state": "accepted", "organization_name": "Acme"},
        "cf_user_invites": {
            "accept": [{"organization_name": "Acme"}],
            "reject": [{"invited_by": "@partner.example"}],
            "require_twofactor": True,
        },
    }

    result = operator.run(module, **options[module])

    assert not result.get("failed"), result["msg"]
    assert all(one.status != "accepted" for one in cloudflare.invites_from(more))


@pytest.mark.usefixtures("taken")
def test_memberships_that_did_not_arrive_as_a_whole_decide_nothing(
    operator: Operator, cloudflare: Simulator
) -> None:
    """Else the membership that matters may be among those that are missing."""
    for number in range(60):
        more = cloudflare.add_organization(f"Organization {number}")
        cloudflare.add_member(operator.user, more)
    cloudflare.settings.page_parameters = "ignored"
    cloudflare.organizations.reverse()

    result = operator.run("cf_user_invite", organization_name="Acme", state="accepted")

    assert "already could not be read" in result["msg"]
    assert operator.responses == []


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize("missing", ["ignore", "fail"])
def test_what_could_not_be_judged_is_told(
    operator: Operator, cloudflare: Simulator, missing: str
) -> None:
    cloudflare.add_fault(Fault("answer", path="/user/organizations", status=403))

    result = operator.run("cf_user_invites", accept=[{"organization_id": ACME}], missing=missing)

    if missing == "fail":
        assert result["failure"]["http_status"] == 403
    else:
        [warning] = result["warnings"]
        assert "already could not be read" in warning
