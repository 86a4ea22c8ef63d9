#!/usr/bin/python
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List the invites of accounts, which are their pending members."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cf_account_invite_info
short_description: List the open invites of Cloudflare accounts
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Lists the pending members of one or more accounts, which are the people whose invites are open,
    all pages of them; and members of other statuses, if asked for.
  - An organization's id is an account's id. This list is what remains of
    M(community.cloudflare.cf_org_invite_info), whose own list Cloudflare has retired, and returns
    the same, so that one can take the place of the other.
  - Cloudflare does not tell here when an invite was sent, by whom, and when it lapses. These fields
    are V(null).
  - All conditions that are given must be met. If no invite meets them, the list is empty; that is
    not an error.
  - A condition that is null or empty is an error, and so is an empty element of a list. Use
    V(default(omit\)) in a template if O(status) or O(invited_member_email) is optional.
  - An API token needs the permission C(Account Settings Read).
extends_documentation_fragment:
  - community.cloudflare._auth
  - community.cloudflare._organizations
  - community.cloudflare._attributes.actiongroup
  - community.cloudflare._attributes.info_module
options:
  account_ids:
    description:
      - The ids of the accounts.
    type: list
    elements: str
    required: true
    aliases: [account_id, organization_ids, organization_id]
  status:
    description:
      - Only invites of one of these statuses.
      - Members are V(accepted). Whoever has not answered is V(pending).
    type: list
    elements: str
    choices: [pending, accepted, rejected]
    default: [pending]
seealso:
  - module: community.cloudflare.cf_org_invite_info
  - module: community.cloudflare.cf_user_invite_info
"""

EXAMPLES = r"""
- name: List the open invites of an account
  community.cloudflare.cf_account_invite_info:
    account_id: 0a000000000000000000000000000099

- name: List members and open invites, to audit both
  community.cloudflare.cf_account_invite_info:
    account_id: 0a000000000000000000000000000099
    status: [pending, accepted]

- name: Read what can be read of many accounts
  community.cloudflare.cf_account_invite_info:
    api_email: "{{ cloudflare_email }}"
    api_key: "{{ cloudflare_api_key }}"
    account_ids: "{{ groups['organizations'] | map('extract', hostvars, 'account_id') }}"
    unreadable: report
  register: many

- name: Show whom they have invited
  ansible.builtin.debug:
    msg: "{{ item.organization_name }}: {{ item.invited_member_email }}"
  loop: "{{ many.invites }}"
  loop_control:
    label: "{{ item.id }}"
"""

RETURN = r"""
invites:
  description: The invites, by account in the order of O(account_ids), and in each in the order in
    which Cloudflare sends them. Fields that it does not send are V(null); fields that are not
    listed here are passed on as they are, such as C(policies).
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the membership.
      type: str
      sample: 4f5f0c14a2a41d5063dd301b2f829f04
    organization_id:
      description: The id of the account.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    organization_name:
      description: The name of the account; V(null) if only its members could be read. Anybody can
        choose any name.
      type: str
      sample: Cloudflare, Inc.
    organization_is_enforcing_twofactor:
      description: Whether the account demands two-factor authentication of its members; V(null) if
        only its members could be read.
      type: bool
      sample: true
    status:
      description: The status of the invite, such as V(pending).
      type: str
      sample: pending
    roles:
      description: The roles that the invited user gets.
      type: list
      elements: dict
      contains:
        id:
          description: The id of the role.
          type: str
          sample: 3536bcfad5faccb999b47003c79917fb
        name:
          description: The name of the role.
          type: str
          sample: Organization Admin
        description:
          description: What the role is for.
          type: str
          sample: Administrative access to the entire Organization
        permissions:
          description: What the role permits.
          type: list
          elements: str
          sample: ["#zones:read"]
    invited_by:
      description: Who has sent the invite; always V(null), as Cloudflare does not tell it here.
      type: str
    invited_on:
      description: When the invite was sent; always V(null), as Cloudflare does not tell it here.
      type: str
    expires_on:
      description: When the invite stops being open; always V(null), as Cloudflare does not tell it
        here.
      type: str
    invited_member_id:
      description: The id of the invited user; V(null) for somebody that Cloudflare does not know.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    invited_member_email:
      description: The e-mail address of the invited user.
      type: str
      sample: user@example.com
    source:
      description: Where the invite was read; here it is V(account).
      type: str
      sample: account
    user:
      description: What Cloudflare tells of the invited user, such as V(first_name) and
        V(two_factor_authentication_enabled).
      type: dict
unreadable:
  description: The accounts of which something could not be read, with O(unreadable=report). If it
    is only the account itself, and not its members, then RV(invites) has its invites all the same.
  returned: success
  type: list
  elements: dict
  contains:
    organization_id:
      description: The id of the account.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    reason:
      description: Why it could not be read, and what to do.
      type: str
    failure:
      description: What Cloudflare said, as in RV(failure).
      type: dict
failure:
  description: What Cloudflare said, if a request has failed.
  returned: if a request to Cloudflare has failed
  type: dict
  contains:
    http_status:
      description: The HTTP status of the answer. V(null) if there was no answer.
      type: int
      sample: 403
    errors:
      description: The errors of the API, with their code and message and whatever else it said.
      type: list
      elements: dict
      sample:
        - code: 9109
          message: Unauthorized to access requested resource
    ray_id:
      description: The C(CF-Ray) of the answer, which Cloudflare's support asks for.
      type: str
      sample: 8f2b6f2bce7ee9a4-FRA
    retry_after:
      description: In how many seconds to come back, if Cloudflare said so.
      type: int
      sample: 300
"""

from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
    MEMBER_STATUSES,
    Invite,
)
from ansible_collections.community.cloudflare.plugins.module_utils._module import run_module
from ansible_collections.community.cloudflare.plugins.module_utils._organizations import (
    OPTIONS,
    concerns_one,
    unreadable,
    wanted_ids,
)
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    filter_by_invitee,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._answer import (
        CloudflareError,
    )
    from ansible_collections.community.cloudflare.plugins.module_utils._cloudflare import Client


def run(client: Client, options: Mapping[str, Any], _check_mode: bool) -> dict[str, Any]:
    account_ids = wanted_ids(options, "account_ids")

    def tolerate(_path: tuple[str, ...], error: CloudflareError) -> bool:
        if error.not_found or error.http_status == 404:
            error.message += (
                " No account has this id. Compare it with the one in the address of the account's "
                "dashboard, https://dash.cloudflare.com/<id>."
            )
        return options["unreadable"] == "report" and concerns_one(error)

    found = client.read_lists(
        [("accounts", one, "members") for one in account_ids],
        tolerate,
        query=_query(options["status"]),
    )
    members = {
        one: matching
        for one, its in zip(account_ids, found)
        if isinstance(its, list) and (matching := _filter_by_status(its, options["status"]))
    }
    # What an account is called is only of interest where there is somebody to tell of.
    read = client.read_each([("accounts", one) for one in members], tolerate)
    accounts = list(zip(members, read))
    invites = [
        Invite.from_account_member(
            member, account if isinstance(account, dict) else {"id": account_id}
        )
        for account_id, account in accounts
        for member in members[account_id]
    ]
    return {
        "changed": False,
        "invites": [
            invite.to_result()
            for invite in filter_by_invitee(invites, options["invited_member_email"])
        ],
        "unreadable": unreadable([*zip(account_ids, found), *accounts]),
    }


def _filter_by_status(members: list[dict[str, Any]], statuses: list[str]) -> list[dict[str, Any]]:
    """Return the members of these statuses: a filtered list can have others, too."""
    return [member for member in members if not statuses or member.get("status") in statuses]


def _query(statuses: list[str]) -> dict[str, str]:
    """Return what to ask for: one status, as Cloudflare takes no more; or else all members."""
    return {"status": statuses[0]} if len(statuses) == 1 else {}


def main() -> None:
    run_module(
        run,
        {
            "account_ids": {
                "type": "list",
                "elements": "str",
                "required": True,
                "aliases": ["account_id", "organization_ids", "organization_id"],
            },
            "status": {
                "type": "list",
                "elements": "str",
                "choices": list(MEMBER_STATUSES),
                "default": ["pending"],
            },
            **OPTIONS,
        },
    )


if __name__ == "__main__":
    main()
