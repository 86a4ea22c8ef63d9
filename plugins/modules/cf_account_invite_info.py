#!/usr/bin/python
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List the invites of accounts, which are their pending members."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cf_account_invite_info
short_description: List the pending invites of Cloudflare accounts
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Lists the pending members of one or more accounts, which are the people with pending invites. With
    O(status), it also lists members with another status.
  - The module reads the account members API. It replaces M(community.cloudflare.cf_org_invite_info),
    whose API is deprecated, and returns the same fields. The ID of an organization is the ID of its
    account.
  - Cloudflare does not report here who sent an invite, when it was sent, and when it expires. These
    fields are V(null).
  - All filters that are given must match. If no invite matches, the list is empty, and the module
    does not fail.
  - A filter that is null or empty is an error. If a filter is optional, use V(default(omit\)) in a
    template.
extends_documentation_fragment:
  - community.cloudflare._auth
  - community.cloudflare._info
  - community.cloudflare._attributes.actiongroup
  - community.cloudflare._attributes.info_module
options:
  account_ids:
    description:
      - The IDs of the accounts.
    type: list
    elements: str
    required: true
    aliases: [organization_ids]
  status:
    description:
      - Return only invites with one of these statuses. Members are V(accepted).
    type: list
    elements: str
    choices: [pending, accepted, rejected]
    default: [pending]
seealso:
  - module: community.cloudflare.cf_org_invite_info
  - module: community.cloudflare.cf_user_invite_info
"""

EXAMPLES = r"""
- name: List the pending invites of an account
  community.cloudflare.cf_account_invite_info:
    account_ids: 0a000000000000000000000000000099

- name: List members and pending invites
  community.cloudflare.cf_account_invite_info:
    account_ids: 0a000000000000000000000000000099
    status: [pending, accepted]

- name: List the pending invites of all accounts that can be read
  community.cloudflare.cf_account_invite_info:
    api_email: "{{ cloudflare_email }}"
    api_key: "{{ cloudflare_api_key }}"
    account_ids: "{{ groups['organizations'] | map('extract', hostvars, 'account_id') }}"
    ignore_unreadable: true
  register: result

- name: Show the invited users
  ansible.builtin.debug:
    msg: "{{ item.organization_name }}: {{ item.invited_member_email }}"
  loop: "{{ result.invites }}"
  loop_control:
    label: "{{ item.id }}"
"""

RETURN = r"""
invites:
  description: The invites, by account in the order of O(account_ids). Fields that Cloudflare omits are
    V(null). Fields that are not listed here, such as C(policies), are returned unchanged.
  returned: success
  type: list
  elements: dict
  contains:
    # block: invite_fields
    id:
      description: The ID of the invite.
      type: str
      sample: 4f5f0c14a2a41d5063dd301b2f829f04
    organization_id:
      description: The ID of the organization that sent the invite. It is also an account ID.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    organization_name:
      description: The name of the organization. Any user can choose any name.
      type: str
      sample: Cloudflare, Inc.
    organization_is_enforcing_twofactor:
      description: Whether the organization enforces two-factor authentication.
      type: bool
      sample: true
    status:
      description: The status of the invite.
      type: str
      sample: accepted
    invited_by:
      description: The email address of the sender.
      type: str
      sample: user@example.com
    invited_on:
      description: The time when the invite was sent, in RFC 3339 format.
      type: str
      sample: "2014-01-01T05:20:00Z"
    expires_on:
      description: The time when the invite expires, in RFC 3339 format.
      type: str
      sample: "2014-01-05T05:20:00Z"
    invited_member_id:
      description: The ID of the invited user. V(null) if the user has no Cloudflare account yet.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    invited_member_email:
      description: The email address of the invited user.
      type: str
      sample: user@example.com
    # end block
    # block: role_objects
    roles:
      description: The roles that the invited user gets.
      type: list
      elements: dict
      contains:
        id:
          description: The ID of the role.
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
    # end block
    source:
      description: The source of the invite, V(account).
      type: str
      sample: account
    user:
      description: What Cloudflare reports about the invited user, such as C(first_name) and
        C(two_factor_authentication_enabled).
      type: dict
unreadable:
  description: The accounts that could not be read completely, with O(ignore_unreadable=true). If
    only the account itself could not be read, and its members could, RV(invites) has its invites.
  returned: success
  type: list
  elements: dict
  contains:
    # block: unreadable_fields
    organization_id:
      description: The ID of the organization, which is an account ID.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    msg:
      description: Why it could not be read, and what to do.
      type: str
    failure:
      description: The failed request, as in RV(failure).
      type: dict
    # end block
failure:
  description:
    - The request that failed.
  returned: if a request failed
  type: dict
  contains:
    # block: failure_fields
    http_status:
      description: The HTTP status of the response. V(null) if there was no response.
      type: int
      sample: 403
    errors:
      description: The errors of the API, with their code, message, and all other fields.
      type: list
      elements: dict
      sample:
        - code: 9109
          message: Unauthorized to access requested resource
    ray_id:
      description: The C(CF-Ray) header of the response, which Cloudflare support asks for.
      type: str
      sample: 8f2b6f2bce7ee9a4-FRA
    retry_after:
      description: The number of seconds after which to retry, if Cloudflare sent it.
      type: int
      sample: 300
    # end block
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
        return options["ignore_unreadable"] and concerns_one(error)

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
                "aliases": ["organization_ids"],
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
