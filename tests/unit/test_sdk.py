# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official SDK against the simulator: it reads what the modules changed, and the reverse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest

pytest.importorskip("cloudflare")  # of requirements-all.txt
from cloudflare import BadRequestError, Cloudflare, NotFoundError

from ansible_collections.community.cloudflare.tests.simulator import Simulator
from ansible_collections.community.cloudflare.tests.simulator.roles import SUPER_ADMINISTRATOR
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner


@pytest.fixture(params=["token", "key"])
def sdk(runner: TaskRunner, request: pytest.FixtureRequest) -> Iterator[Cloudflare]:
    """The SDK with the credentials of the user."""
    base_url = runner.cloudflare.url
    user = runner.user
    if request.param == "token":
        client = Cloudflare(api_token=user.api_token, base_url=base_url)
    else:
        client = Cloudflare(api_email=user.email, api_key=user.api_key, base_url=base_url)
    with client:
        yield client


def test_sdk_reads_what_module_changed(
    runner: TaskRunner, cloudflare: Simulator, sdk: Cloudflare
) -> None:
    acme = cloudflare.add_organization("Acme")
    invite = cloudflare.invite(runner.user, acme)

    runner.run("cf_user_invite", organization_name="Acme", state="accepted")

    [listed] = sdk.user.invites.list()
    assert listed.id == invite.id
    assert listed.status == "accepted"
    assert listed.organization_name == "Acme"
    assert listed.roles == ["Administrator"]
    got = sdk.user.invites.get(invite.id)
    assert got
    assert got.status == "accepted"
    with pytest.raises(BadRequestError):
        sdk.user.invites.edit(invite.id, status="rejected")


def test_sdk_lists_members_as_info_module(
    runner: TaskRunner, cloudflare: Simulator, sdk: Cloudflare
) -> None:
    acme = cloudflare.add_organization("Acme", enforcing_twofactor=True)
    cloudflare.add_member(runner.user, acme)
    for number in range(60):
        cloudflare.invite(f"new-{number}@example.com", acme)

    invites = runner.run("cf_account_invite_info", account_ids=acme.id)["invites"]

    account = sdk.accounts.get(account_id=acme.id)
    assert account
    assert account.settings
    members = sdk.accounts.members.list(account_id=acme.id, status="pending", per_page=50)
    listed = [
        (member.id, member.user and member.user.email, member.status, member.roles)
        for member in members
    ]
    assert [
        (
            invite["id"],
            invite["invited_member_email"],
            invite["status"],
            [role["name"] for role in invite["roles"]],
        )
        for invite in invites
    ] == [(*rest, [role.name for role in roles or ()]) for *rest, roles in listed]
    assert {invite["organization_name"] for invite in invites} == {account.name}
    assert {invite["organization_is_enforcing_twofactor"] for invite in invites} == {
        account.settings.enforce_twofactor
    }


def test_module_reads_what_sdk_changed(
    runner: TaskRunner, cloudflare: Simulator, sdk: Cloudflare
) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))

    edited = sdk.user.invites.edit(invite.id, status="rejected")

    assert edited
    assert edited.status == "rejected"
    result = runner.run("cf_user_invite", invite_id=invite.id, state="rejected")
    assert not result["changed"]
    assert result["previous_status"] == "rejected"
    [listed] = runner.run("cf_user_invite_info")["invites"]
    assert listed["status"] == "rejected"


def test_sdk_manages_members(runner: TaskRunner, cloudflare: Simulator, sdk: Cloudflare) -> None:
    acme = cloudflare.add_organization("Acme")
    cloudflare.add_member(runner.user, acme, roles=(SUPER_ADMINISTRATOR,))
    members = sdk.accounts.members
    with pytest.deprecated_call():
        listed = sdk.accounts.roles.list(account_id=acme.id)
    roles = {role.name: role.id for role in listed}
    assert len(roles) > 50
    dns, billing = roles["DNS"], roles["Billing"]

    created = members.create(account_id=acme.id, email="Alex@Example.com", roles=[dns])
    assert created
    assert created.status == "pending"
    with pytest.raises(BadRequestError, match="already exists"):
        members.create(account_id=acme.id, email="alex@example.com", roles=[dns])
    member_id = created.id or ""
    with pytest.raises(BadRequestError, match="Invalid roles"):
        members.update(member_id, account_id=acme.id, roles=cast(Any, [billing]))
    updated = members.update(member_id, account_id=acme.id, roles=[{"id": billing}])
    assert updated
    assert [role.name for role in updated.roles or ()] == ["Billing"]
    [group] = sdk.iam.permission_groups.list(account_id=acme.id, name="DNS")
    everything, *_domains = sdk.iam.resource_groups.list(account_id=acme.id)
    updated = members.update(
        member_id,
        account_id=acme.id,
        policies=[
            {
                "access": "allow",
                "permission_groups": [{"id": group.id}],
                "resource_groups": [{"id": everything.id}],
            }
        ],
    )
    assert updated
    assert [policy.access for policy in updated.policies or ()] == ["allow"]
    assert members.delete(member_id, account_id=acme.id)
    with pytest.raises(NotFoundError, match="Member not found"):
        members.get(member_id, account_id=acme.id)


def test_sdk_leaves_account(runner: TaskRunner, cloudflare: Simulator, sdk: Cloudflare) -> None:
    acme = cloudflare.add_organization("Acme")
    cloudflare.add_member(runner.user, acme)
    [membership] = sdk.memberships.list(status="accepted")

    assert sdk.memberships.delete(membership.id or "")

    assert cloudflare.members(acme) == []
