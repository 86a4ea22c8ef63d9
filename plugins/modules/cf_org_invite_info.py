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
  - Lists the invites that one or more organizations have sent. An organization is an account.
  - Cloudflare deprecated the organization invites API in 2020. Where Cloudflare no longer has this
    API, the module fails. The message shows a task with
    M(community.cloudflare.cf_account_invite_info) to use instead.
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
  organization_ids:
    description:
      - The IDs of the organizations, which are the IDs of their accounts.
    type: list
    elements: str
    required: true
    aliases: [organization_id]
  status:
    description:
      - Return only invites with one of these statuses. If omitted, the module returns invites with
        any status.
    type: list
    elements: str
    choices: [pending, accepted, rejected, expired, canceled, left]
seealso:
  - module: community.cloudflare.cf_account_invite_info
  - module: community.cloudflare.cf_user_invite_info
"""

EXAMPLES = r"""
- name: List the pending invites that an organization has sent
  community.cloudflare.cf_org_invite_info:
    organization_id: 0a000000000000000000000000000099
    status: [pending]

- name: List the organizations that have invited a user
  community.cloudflare.cf_org_invite_info:
    api_email: "{{ cloudflare_email }}"
    api_key: "{{ cloudflare_api_key }}"
    organization_ids:
      - 0a000000000000000000000000000099
      - 0a000000000000000000000000000024
    invited_member_email: alex.tran@harbor-ops.example

- name: List the invites of all organizations that can be read
  community.cloudflare.cf_org_invite_info:
    organization_ids: "{{ groups['organizations'] | map('extract', hostvars, 'account_id') }}"
    ignore_unreadable: true
"""

RETURN = r"""
invites:
  description: The invites, by organization in the order of O(organization_ids). Fields that
    Cloudflare omits are V(null). Fields that are not listed here are returned as Cloudflare sends
    them, except C(code), the activation code, which is removed.
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
      description: The name of the organization. Any user can give it any name.
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
      description: The source of the invite, V(organization).
      type: str
      sample: organization
unreadable:
  description: The organizations whose invites could not be read, with O(ignore_unreadable=true).
  returned: success
  type: list
  elements: dict
  contains:
    # block: unreadable_fields
    organization_id:
      description: The ID of the organization, which is an account ID.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    organization_name:
      description: The name of the account, if the module has read the list of all accounts.
      type: str
      sample: Cloudflare, Inc.
    msg:
      description: Why the module could not read it, and what to do.
      type: str
    failure:
      description: The request that failed, as in RV(failure).
      type: dict
    # end block
# block: incomplete
incomplete:
  description: The lists in which items are missing, although each was read twice. The module
    also warns.
  returned: success
  type: list
  elements: dict
  contains:
    organization_id:
      description: The ID of the organization, which is an account ID. V(null) for a list of
        several organizations or accounts.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    msg:
      description: How many items were received.
      type: str
      sample: "GET /user/invites: The list is incomplete: received 1 of 2 items. Run the task
        again."
# end block
failure:
  description:
    - The request that failed.
  returned: if the module fails because of a request
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

from ansible_collections.community.cloudflare.plugins.module_utils._info import (
    ARGUMENT_SPEC,
    build_result,
    find_invalid_id,
    is_ignorable,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
    ORGANIZATION_STATUSES,
    Invite,
)
from ansible_collections.community.cloudflare.plugins.module_utils._module import (
    ModuleError,
    run_module,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client
    from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
        CloudflareError,
    )


def run(client: Client, params: Mapping[str, Any], _check_mode: bool) -> dict[str, Any]:
    organization_ids = list(dict.fromkeys(params["organization_ids"]))
    invalid = find_invalid_id("organization_ids", organization_ids)
    if invalid:
        raise ModuleError(invalid)

    def is_ignored(error: CloudflareError) -> bool:
        return params["ignore_unreadable"] and is_ignorable(error)

    lists = client.list_many(
        [("organizations", organization_id, "invites") for organization_id in organization_ids],
        is_ignored,
    )
    invites = [
        Invite.from_organization(item) for found in lists.results.values() for item in found.items
    ]
    return build_result(
        invites,
        params,
        ((path[1], found) for path, found in lists.results.items()),
        ((path[1], error) for path, error in lists.errors.items()),
        {},
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
            **ARGUMENT_SPEC,
        },
    )


if __name__ == "__main__":
    main()
