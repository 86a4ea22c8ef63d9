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
  - Lists the invites that organizations have sent to a Cloudflare user, all pages of them.
  - All conditions that are given must be met. If no invite meets them, the list is empty; that is
    not an error.
  - A condition that is null or empty is an error. Use V(default(omit\)) in a template if a
    condition is optional.
  - Warns of an open invite whose organization has the name of another one that has invited the
    user, or a name that looks like it.
extends_documentation_fragment:
  - community.cloudflare._auth
  - community.cloudflare._attributes.actiongroup
  - community.cloudflare._attributes.info_module
options:
  invite_id:
    description:
      - Only the invite of this id.
    type: str
  status:
    description:
      - Only invites of one of these statuses.
    type: list
    elements: str
    choices: [pending, accepted, rejected, expired]
  organization_id:
    description:
      - Only invites of the organization of this id.
    type: str
  organization_name:
    description:
      - Only invites of organizations of exactly this name; only white space around it does not
        matter. Anybody can give an organization any name.
    type: str
    aliases: [name]
  invited_by:
    description:
      - Only invites that were sent from this address, or from a whole domain as in
        V(@example.com); case does not matter.
    type: str
seealso:
  - module: community.cloudflare.cf_user_invite
  - module: community.cloudflare.cf_org_invite_info
"""

EXAMPLES = r"""
- name: List all invites of the user
  community.cloudflare.cf_user_invite_info:

- name: List the open invites that a domain has sent
  community.cloudflare.cf_user_invite_info:
    api_email: "{{ cloudflare_email }}"
    api_key: "{{ cloudflare_api_key }}"
    status: [pending]
    invited_by: "@acme-logistics.example"
  register: open_invites

- name: Show who invites
  ansible.builtin.debug:
    msg: "{{ open_invites.invites | map(attribute='organization_name') }}"
"""

RETURN = r"""
invites:
  description: The invites, in the order in which Cloudflare sends them. Fields that it does not
    send are V(null); fields that are not listed here are passed on as they are.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the invite.
      type: str
      sample: 4f5f0c14a2a41d5063dd301b2f829f04
    organization_id:
      description: The id of the organization that the user is invited to.
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
      description: The names of the roles that the user gets.
      type: list
      elements: str
      sample: [Account Administrator]
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
      description: The id of the invited user.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    invited_member_email:
      description: The e-mail address of the invited user.
      type: str
      sample: user@example.com
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

from ansible_collections.community.cloudflare.plugins.module_utils._invite import USER_STATUSES
from ansible_collections.community.cloudflare.plugins.module_utils._invites import (
    find_invite,
    list_invites,
)
from ansible_collections.community.cloudflare.plugins.module_utils._module import (
    TaskError,
    run_module,
)
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    InviteIndex,
    InviteSelector,
    filter_by_status,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._cloudflare import Client


def run(client: Client, params: Mapping[str, Any], _check_mode: bool) -> dict[str, Any]:
    selector = InviteSelector.from_params(params)
    error = selector.value_error()
    if error:
        raise TaskError(error)
    if selector.invite_id is None:
        index = InviteIndex(list_invites(client, require_complete=False))
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
        "warnings": index.lookalike_warnings(filter_by_status(invites, ("pending",))),
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
