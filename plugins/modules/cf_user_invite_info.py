#!/usr/bin/python
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List the invites of a user."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cf_user_invite_info
short_description: List the Cloudflare invites of a user
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Lists the invites that organizations have sent to a Cloudflare user. An organization is the
    account that sends an invite.
  - All filters that are given must match. If no invite matches, the list is empty, and the module
    does not fail.
  - A filter that is null or empty is an error. If a filter is optional, use V(default(omit\)) in a
    template.
  - The module warns if different organizations that have invited the user have the same name, or
    names that look alike.
extends_documentation_fragment:
  - community.cloudflare._auth
  - community.cloudflare._selector
  - community.cloudflare._attributes.actiongroup
  - community.cloudflare._attributes.info_module
options:
  status:
    description:
      - Return only invites with one of these statuses. If omitted, the module returns invites with
        any status.
    type: list
    elements: str
    choices: [pending, accepted, rejected, expired]
seealso:
  - module: community.cloudflare.cf_user_invite
  - module: community.cloudflare.cf_org_invite_info
"""

EXAMPLES = r"""
- name: List all invites of the user
  community.cloudflare.cf_user_invite_info:

- name: List the pending invites that a domain has sent
  community.cloudflare.cf_user_invite_info:
    api_email: "{{ cloudflare_email }}"
    api_key: "{{ cloudflare_api_key }}"
    status: [pending]
    invited_by: "@acme-logistics.example"
  register: pending_invites

- name: Show the names of the organizations
  ansible.builtin.debug:
    msg: "{{ pending_invites.invites | map(attribute='organization_name') }}"
"""

RETURN = r"""
invites:
  description: The invites, in Cloudflare's order. Fields that Cloudflare omits are V(null). Fields
    that are not listed here are returned as Cloudflare sends them, except C(code), the activation
    code, which is removed.
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
    # block: role_names
    roles:
      description: The names of the roles that the user gets.
      type: list
      elements: str
      sample: [Account Administrator]
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

from ansible_collections.community.cloudflare.plugins.module_utils._info import find_incomplete
from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
    USER_STATUSES,
    Invite,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite_reader import find_invite
from ansible_collections.community.cloudflare.plugins.module_utils._module import (
    ModuleError,
    run_module,
)
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    InviteIndex,
    InviteSelector,
    filter_by_status,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client


def run(client: Client, params: Mapping[str, Any], _check_mode: bool) -> dict[str, Any]:
    selector = InviteSelector.from_params(params)
    error = selector.find_invalid_value()
    if error:
        raise ModuleError(error)
    incomplete: list[dict[str, Any]] = []
    if selector.invite_id is None:
        found = client.list_all("user", "invites")
        index = InviteIndex(map(Invite.from_user, found.items))
        incomplete = find_incomplete([(None, found)])
    else:
        index = InviteIndex(find_invite(client, selector.invite_id))
    invites = [
        invite
        for invite in filter_by_status(index.invites, params["status"])
        if selector.matches(invite) and selector.matches_sender(invite)
    ]
    return {
        "changed": False,
        "invites": [invite.to_result() for invite in invites],
        "incomplete": incomplete,
        "warnings": [
            *(entry["msg"] for entry in incomplete),
            *index.lookalike_warnings(filter_by_status(invites, ("pending",))),
        ],
    }


def main() -> None:
    run_module(
        run,
        {
            "invite_id": {"type": "str"},
            "status": {"type": "list", "elements": "str", "choices": list(USER_STATUSES)},
            "organization_id": {"type": "str"},
            "organization_name": {"type": "str", "aliases": ["name"]},
            "invited_by": {"type": "str"},
        },
    )


if __name__ == "__main__":
    main()
