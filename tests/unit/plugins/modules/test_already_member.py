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
