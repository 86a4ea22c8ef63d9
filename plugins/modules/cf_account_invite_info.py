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
  - Lists the pending invites of one or more accounts. A person with a pending invite is a member
    with the status C(pending). With O(status), the module also lists members with another status.
  - The module replaces M(community.cloudflare.cf_org_invite_info), whose API is deprecated, and
    returns the same fields. The ID of an organization is the ID of its account.
  - The C(id) of an invite is the ID of the membership.
  - The fields C(invited_by), C(invited_on), and C(expires_on) are V(null), because Cloudflare does
    not report them for accounts. With O(audit_log), the module looks up the first two.
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
      - Exactly one of O(account_ids) and O(all_accounts) is required.
    type: list
    elements: str
    aliases: [organization_ids]
  all_accounts:
    description:
      - Whether to read all accounts that the credentials can access.
    type: bool
    default: false
  audit_log:
    description:
      - Whether to look up the sender and the time of pending invites in the audit logs. For each
        account with pending invites, this usually takes one more request.
      - The audit logs reach back to 2026-03-10, and later for 18 months. An invite without an
        entry has no sender and no time. If an audit log cannot be read, the module does not fail,
        and RV(audit_logs) says so.
    type: bool
    default: false
  status:
    description:
      - Return only invites with one of these statuses. V(accepted) returns the members of the
        accounts.
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

- name: List the pending invites of the accounts of an inventory
  community.cloudflare.cf_account_invite_info:
    api_email: "{{ cloudflare_email }}"
    api_key: "{{ cloudflare_api_key }}"
    account_ids: "{{ groups['organizations'] | map('extract', hostvars, 'account_id') }}"
    ignore_unreadable: true

- name: List the pending invites of all accounts that can be read
  community.cloudflare.cf_account_invite_info:
    all_accounts: true
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
  description: The invites, by account in the order of O(account_ids), or of Cloudflare with
    O(all_accounts). Fields that Cloudflare omits are V(null). Fields that are not listed here are
    returned as Cloudflare sends them, except C(code), the activation code, which is removed.
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
    # block: member_fields
    source:
      description: The source of the invite, V(account).
      type: str
      sample: account
    user:
      description: What Cloudflare reports about the invited user, such as C(first_name) and
        C(two_factor_authentication_enabled). A user with a pending invite has no C(id).
      type: dict
    policies:
      description: The policies that the invited user gets, with their C(permission_groups) and
        C(resource_groups). An account can have policies instead of roles.
      type: list
      elements: dict
    api_access_enabled:
      description: Whether the user can access the API for this account.
      type: bool
    # end block
unreadable:
  description: The accounts that could not be read completely, with O(ignore_unreadable=true). If
    Cloudflare returned the members but not the account, RV(invites) has its invites.
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
audit_logs:
  description: The audit logs of accounts with pending invites, with O(audit_log=true).
  returned: success
  type: list
  elements: dict
  contains:
    organization_id:
      description: The ID of the account.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    status:
      description: V(complete), V(incomplete) if a part could not be read, or V(unreadable).
      type: str
      sample: complete
    msg:
      description: Why it is not complete.
      type: str
accounts:
  description: The accounts whose members were read, in the order in which they were read.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the account.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    name:
      description: The name of the account. V(null) if it was not read, as the account has no
        matching invites.
      type: str
      sample: Cloudflare, Inc.
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

from ansible_collections.community.cloudflare.plugins.module_utils._accounts import (
    read_account_invites,
)
from ansible_collections.community.cloudflare.plugins.module_utils._info import (
    ARGUMENT_SPEC,
    build_result,
    find_invalid_id,
    find_parent_hints,
    is_ignorable,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite import (
    MEMBER_STATUSES,
    str_or_none,
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
    error = _find_error(params)
    if error:
        raise ModuleError(error)

    def is_ignored(error: CloudflareError) -> bool:
        return params["ignore_unreadable"] and is_ignorable(error)

    read = read_account_invites(
        client,
        None if params["all_accounts"] else params["account_ids"],
        params["status"],
        audit_log=params["audit_log"],
        return_error_if=is_ignored,
    )
    hints = find_parent_hints(
        (account_id for account_id, _error in read.errors), filter(None, read.accounts.values())
    )
    errors = [
        (account_id, _add_hint(error, hints.get(account_id))) for account_id, error in read.errors
    ]
    return {
        **build_result(read.invites, params, read.lists, errors, read.listed),
        "audit_logs": [
            {"organization_id": account_id, "status": log.status, "msg": log.msg}
            for account_id, log in read.logs.items()
        ],
        "accounts": [
            {"id": account_id, "name": str_or_none(account.get("name"))}
            for account_id, account in read.accounts.items()
        ],
    }


def _add_hint(error: CloudflareError, hint: str | None) -> CloudflareError:
    return error.replace(f"{error} {hint}") if hint else error


def _find_error(params: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the options that select accounts, or None."""
    if params["all_accounts"] and params["account_ids"]:
        return "account_ids and all_accounts are mutually exclusive. Remove one of them."
    if not params["all_accounts"] and not params["account_ids"]:
        return "account_ids is missing. Give the IDs of the accounts, or all_accounts: true."
    return find_invalid_id("account_ids", params["account_ids"] or ())


def main() -> None:
    run_module(
        run,
        {
            "account_ids": {
                "type": "list",
                "elements": "str",
                "aliases": ["organization_ids"],
            },
            "all_accounts": {"type": "bool", "default": False},
            "audit_log": {"type": "bool", "default": False},
            "status": {
                "type": "list",
                "elements": "str",
                "choices": list(MEMBER_STATUSES),
                "default": ["pending"],
            },
            **ARGUMENT_SPEC,
        },
    )


if __name__ == "__main__":
    main()
