#!/usr/bin/python
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leave an account."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cf_membership
short_description: Leave a Cloudflare account
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Ends a membership of a Cloudflare user. This is how a user leaves an account, which invites call
    an organization.
  - At least one of O(account_id), O(account_name), and O(membership_id) is required. The membership
    must match all that are given.
  - The module makes no change if the user is not a member. It warns if an account has a similar
    name.
  - Only an accepted membership is ended. If only a pending invite matches, the module fails. To
    decline an invite, use M(community.cloudflare.cf_user_invite).
  - If several accounts match, the module fails and returns them under RV(candidates).
  - If Cloudflare sends an incomplete list, the module fails and makes no change.
extends_documentation_fragment:
  - community.cloudflare._auth
  - community.cloudflare._attributes.actiongroup
  - community.cloudflare._attributes.modify_module
options:
  state:
    description:
      - The state that the membership should have.
      - To become a member, accept an invite with M(community.cloudflare.cf_user_invite).
    type: str
    required: true
    choices: [absent]
  account_id:
    description:
      - The ID of the account.
    type: str
  account_name:
    description:
      - The exact name of the account. Any user can give an account any name.
    type: str
  membership_id:
    description:
      - The ID of the membership.
    type: str
  allow_super_administrator:
    description:
      - Whether the user can leave an account in which the user is Super Administrator. If the last
        one leaves, the account cannot be managed any more.
      - The same is required if Cloudflare does not report the roles of the user.
    type: bool
    default: false
seealso:
  - module: community.cloudflare.cf_user_invite
"""

EXAMPLES = r"""
- name: Leave an account
  community.cloudflare.cf_membership:
    account_id: 0a000000000000000000000000000024
    state: absent

- name: Leave an account by its name
  community.cloudflare.cf_membership:
    api_email: "{{ cloudflare_email }}"
    api_key: "{{ cloudflare_api_key }}"
    account_name: Saffron Foods
    state: absent
"""

RETURN = r"""
membership:
  description: The membership that was ended; in check mode, that would be. V(null) if there was
    none.
  returned: success
  type: dict
  contains:
    # block: user_membership_fields
    id:
      description: The ID of the membership.
      type: str
      sample: 4536bcfad5faccb111b47003c79917fa
    account_id:
      description: The ID of the account.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    account_name:
      description: The name of the account.
      type: str
      sample: Cloudflare, Inc.
    status:
      description: The status of the membership before the task.
      type: str
      sample: accepted
    roles:
      description: The names of the roles of the user; where Cloudflare reports only policies, those
        of their permission groups.
      type: list
      elements: str
      sample: [Account Administrator]
    # end block
candidates:
  description: The memberships that match but were not ended, with the same fields as
    RV(membership). RV(ignore:msg) has the reason.
  returned: if the module fails because of a membership
  type: list
  elements: dict
failure:
  description:
    - The request that failed.
    - A failed task with RV(ignore:changed=false) has changed nothing. With RV(ignore:changed=true),
      the membership may have been ended. Run the task again to check.
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

from ansible_collections.community.cloudflare.plugins.module_utils._membership_executor import (
    leave_account,
)
from ansible_collections.community.cloudflare.plugins.module_utils._membership_planner import (
    MembershipSelector,
)
from ansible_collections.community.cloudflare.plugins.module_utils._module import (
    ModuleError,
    run_module,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client


def run(client: Client, params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    selector = MembershipSelector.from_params(params)
    error = selector.find_invalid_value()
    if error:
        raise ModuleError(error)
    return leave_account(
        client,
        selector,
        allow_super_administrator=params["allow_super_administrator"],
        check_mode=check_mode,
    )


def main() -> None:
    run_module(
        run,
        {
            "state": {"type": "str", "required": True, "choices": ["absent"]},
            "account_id": {"type": "str"},
            "account_name": {"type": "str"},
            "membership_id": {"type": "str"},
            "allow_super_administrator": {"type": "bool", "default": False},
        },
    )


if __name__ == "__main__":
    main()
