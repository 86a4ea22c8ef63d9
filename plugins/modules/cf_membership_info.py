#!/usr/bin/python
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List the memberships of a user."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cf_membership_info
short_description: List the account memberships of a Cloudflare user
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Lists the accounts that a Cloudflare user is a member of or is invited to.
  - All filters that are given must match. If no membership matches, the list is empty, and the
    module does not fail.
  - A filter that is null or empty is an error. If a filter is optional, use V(default(omit\)) in a
    template.
  - An administrator of an Organization (beta), which groups accounts, can access its accounts
    without being a member. The list does not contain these accounts.
extends_documentation_fragment:
  - community.cloudflare._auth
  - community.cloudflare._attributes.actiongroup
  - community.cloudflare._attributes.info_module
options:
  status:
    description:
      - Return only memberships with one of these statuses. A membership that is V(pending) is an
        invite.
    type: list
    elements: str
    choices: [pending, accepted, rejected]
  account_ids:
    description:
      - Return only memberships in the accounts with these IDs.
    type: list
    elements: str
  account_name:
    description:
      - Return only memberships in accounts with this exact name. Any user can take any name.
    type: str
seealso:
  - module: community.cloudflare.cf_user_invite_info
  - module: community.cloudflare.cf_account_invite_info
"""

EXAMPLES = r"""
- name: List all memberships of the user
  community.cloudflare.cf_membership_info:

- name: List the accounts that the user is a member of
  community.cloudflare.cf_membership_info:
    status: [accepted]
  register: result

- name: Show the accounts without two-factor authentication
  ansible.builtin.debug:
    msg: "{{ accounts | map(attribute='account_name') }}"
  vars:
    accounts: "{{ result.memberships | rejectattr('enforce_twofactor') }}"
"""

RETURN = r"""
memberships:
  description: The memberships, in Cloudflare's order. Fields that Cloudflare omits are V(null).
    Fields that are not listed here are returned as Cloudflare sends them, except C(code), the
    activation code, which is removed.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the membership. V(null) if Cloudflare does not report it.
      type: str
      sample: 4536bcfad5faccb111b47003c79917fa
    status:
      description: The status of the membership.
      type: str
      sample: accepted
    # block: membership_fields
    account_id:
      description: The ID of the account, which is the ID of the organization. V(null) if Cloudflare
        does not report it.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    account_name:
      description: The current name of the account.
      type: str
      sample: Cloudflare, Inc.
    # end block
    enforce_twofactor:
      description: Whether the account enforces two-factor authentication.
      type: bool
      sample: true
    # block: role_names
    roles:
      description: The names of the roles that the user gets.
      type: list
      elements: str
      sample: [Account Administrator]
    # end block
    permissions:
      description: What the roles permit.
      type: list
      elements: str
      sample: ["#zones:read"]
    policies:
      description: The policies of the user, with their C(permission_groups) and
        C(resource_groups). An account can have policies instead of roles.
      type: list
      elements: dict
    api_access_enabled:
      description: Whether the user can access the API for this account.
      type: bool
    account:
      description: What Cloudflare reports about the account, such as C(type), C(created_on), and
        C(managed_by), which has the ID of the Organization (beta) that the account belongs to.
      type: dict
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

from ansible_collections.community.cloudflare.plugins.module_utils._info import (
    find_incomplete,
    find_invalid_id,
    find_parent_hints,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
    MEMBER_STATUSES,
    membership_to_result,
)
from ansible_collections.community.cloudflare.plugins.module_utils._memberships import (
    fetch_memberships,
)
from ansible_collections.community.cloudflare.plugins.module_utils._module import (
    ModuleError,
    run_module,
)
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    normalize_id,
    normalize_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client


def run(client: Client, params: Mapping[str, Any], _check_mode: bool) -> dict[str, Any]:
    invalid = find_invalid_id("account_ids", params["account_ids"] or ())
    if invalid:
        raise ModuleError(invalid)
    _path, found = fetch_memberships(client)
    incomplete = find_incomplete([(None, found)])
    memberships = [membership_to_result(item) for item in found.items]
    hints = find_parent_hints(
        params["account_ids"] or (), (membership["account"] for membership in memberships)
    )
    return {
        "changed": False,
        "memberships": [one for one in memberships if _matches(one, params)],
        "incomplete": incomplete,
        "warnings": [*(entry["msg"] for entry in incomplete), *hints.values()],
    }


def _matches(membership: Mapping[str, Any], params: Mapping[str, Any]) -> bool:
    """Tell whether a membership passes all filters of the task."""
    if params["status"] is not None and membership["status"] not in params["status"]:
        return False
    if params["account_ids"] is not None:
        account_ids = {normalize_id(account_id) for account_id in params["account_ids"]}
        if normalize_id(membership["account_id"] or "") not in account_ids:
            return False
    name = params["account_name"]
    return name is None or (
        normalize_name(membership["account_name"] or "") == normalize_name(name)
    )


def main() -> None:
    run_module(
        run,
        {
            "status": {"type": "list", "elements": "str", "choices": list(MEMBER_STATUSES)},
            "account_ids": {"type": "list", "elements": "str"},
            "account_name": {"type": "str"},
        },
    )


if __name__ == "__main__":
    main()
