#!/usr/bin/python
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List the invites that organizations have sent."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cf_org_invite_info
short_description: List the invites that Cloudflare organizations have sent
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Lists the invites that one or more organizations have sent, all pages of them.
  - All conditions that are given must be met. If no invite meets them, the list is empty; that is
    not an error.
  - A condition that is null or empty is an error, and so is an empty element of a list. Use
    V(default(omit\)) in a template if O(status) or O(invited_member_email) is optional.
  - Cloudflare has deprecated this list in 2020, and may not have it any more for an organization;
    then the module fails, and says which task to write instead with
    M(community.cloudflare.cf_account_invite_info).
extends_documentation_fragment:
  - community.cloudflare._auth
  - community.cloudflare._organizations
  - community.cloudflare._attributes.actiongroup
  - community.cloudflare._attributes.info_module
options:
  organization_ids:
    description:
      - The ids of the organizations.
    type: list
    elements: str
    required: true
    aliases: [organization_id]
  status:
    description:
      - Only invites of one of these statuses.
    type: list
    elements: str
    choices: [pending, accepted, rejected, expired, canceled, left]
seealso:
  - module: community.cloudflare.cf_account_invite_info
  - module: community.cloudflare.cf_user_invite_info
"""

EXAMPLES = r"""
- name: List the open invites that an organization has sent
  community.cloudflare.cf_org_invite_info:
    organization_id: 0a000000000000000000000000000099
    status: [pending]

- name: Find out which organizations have invited somebody
  community.cloudflare.cf_org_invite_info:
    api_email: "{{ cloudflare_email }}"
    api_key: "{{ cloudflare_api_key }}"
    organization_ids:
      - 0a000000000000000000000000000099
      - 0a000000000000000000000000000024
    invited_member_email: alex.tran@harbor-ops.example

- name: Read what can be read of many organizations
  community.cloudflare.cf_org_invite_info:
    organization_ids: "{{ groups['organizations'] | map('extract', hostvars, 'account_id') }}"
    unreadable: report
"""

RETURN = r"""
invites:
  description: The invites, by organization in the order of O(organization_ids), and in each in the
    order in which Cloudflare sends them. Fields that it does not send are V(null); fields that are
    not listed here are passed on as they are.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the invite.
      type: str
      sample: 4f5f0c14a2a41d5063dd301b2f829f04
    organization_id:
      description: The id of the organization that has sent the invite.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    organization_name:
      description: The name of that organization. Anybody can choose any name.
      type: str
      sample: Cloudflare, Inc.
    organization_is_enforcing_twofactor:
      description: Whether the organization demands two-factor authentication of its members.
      type: bool
      sample: true
    status:
      description: The status of the invite, such as V(pending).
      type: str
      sample: accepted
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
      description: The e-mail address of the user who has sent the invite.
      type: str
      sample: user@example.com
    invited_on:
      description: When the invite was sent, as a timestamp by RFC 3339.
      type: str
      sample: "2014-01-01T05:20:00Z"
    expires_on:
      description: When the invite stops being open, as a timestamp by RFC 3339.
      type: str
      sample: "2014-01-05T05:20:00Z"
    invited_member_id:
      description: The id of the invited user; V(null) for somebody that Cloudflare does not know.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    invited_member_email:
      description: The e-mail address of the invited user.
      type: str
      sample: user@example.com
    source:
      description: Where the invite was read; here it is V(organization).
      type: str
      sample: organization
unreadable:
  description: The organizations whose invites could not be read, with O(unreadable=report).
  returned: success
  type: list
  elements: dict
  contains:
    organization_id:
      description: The id of the organization.
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
    ORGANIZATION_STATUSES,
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
    filter_by_status,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._answer import (
        CloudflareError,
    )
    from ansible_collections.community.cloudflare.plugins.module_utils._cloudflare import Client


def run(client: Client, options: Mapping[str, Any], _check_mode: bool) -> dict[str, Any]:
    organization_ids = wanted_ids(options, "organization_ids")

    def tolerate(path: tuple[str, ...], error: CloudflareError) -> bool:
        if error.not_found or error.http_status == 404:
            error.message += _instead(path[1])
        return options["unreadable"] == "report" and concerns_one(error)

    found = client.read_lists(
        [("organizations", one, "invites") for one in organization_ids], tolerate
    )
    invites = [
        Invite.from_organization(raw) for one in found if isinstance(one, list) for raw in one
    ]
    return {
        "changed": False,
        "invites": [
            invite.to_result()
            for invite in filter_by_status(
                filter_by_invitee(invites, options["invited_member_email"]), options["status"]
            )
        ],
        "unreadable": unreadable(zip(organization_ids, found)),
    }


def _instead(organization_id: str) -> str:
    """Return what to write instead of a task whose list is gone."""
    return (
        " If the id is right: Cloudflare has retired this list, and tells of open invites as "
        "pending members of the account with the same id. Write this task instead: "
        f"community.cloudflare.cf_account_invite_info: {{account_ids: ['{organization_id}']}}"
    )


def main() -> None:
    run_module(
        run,
        {
            "organization_ids": {
                "type": "list",
                "elements": "str",
                "required": True,
                "aliases": ["organization_id"],
            },
            "status": {"type": "list", "elements": "str", "choices": list(ORGANIZATION_STATUSES)},
            **OPTIONS,
        },
    )


if __name__ == "__main__":
    main()
