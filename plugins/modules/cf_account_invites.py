#!/usr/bin/python
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send, renew, and cancel the invites of accounts."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cf_account_invites
short_description: Send and cancel the invites of Cloudflare accounts
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Invites persons to accounts, changes the roles of pending invites, sends invites again, and
    cancels them. One task can handle any number of persons in any number of accounts.
  - The module reads all members of each account once, plans all changes, and then sends the changes
    in parallel.
  - A person becomes a member by accepting the invite, for example with
    M(community.cloudflare.cf_user_invite).
  - The module does not change or remove members, except in the following case. Cloudflare uses the
    same requests for invites and members. The module therefore reads an invite immediately before
    it changes or cancels it. If the person accepts the invite after this read, or so shortly before
    it that Cloudflare does not show it yet, the module changes or removes a member.
  - Cloudflare does not list expired invites. The module sends a new invite instead. If Cloudflare
    rejects the new invite, revoke the expired invite in the dashboard.
  - If the module cannot read all members of an account, it does not change this account. It carries
    out the changes in the other accounts, and then fails.
  - Only a Super Administrator of an account can manage its members. An API token needs the
    permission C(Account Settings Write). C(Account Settings Read) is sufficient in check mode.
extends_documentation_fragment:
  - community.cloudflare._auth
  - community.cloudflare._attributes.actiongroup
  - community.cloudflare._attributes.modify_module
attributes:
  idempotent:
    details:
      - With O(resend=true), the module sends pending invites again each time it runs.
    support: partial
options:
  account_ids:
    description:
      - The IDs of the accounts. The ID of an account is in the URL of its dashboard,
        C(https://dash.cloudflare.com/<ID>).
    type: list
    elements: str
    required: true
  invites:
    description:
      - The persons. O(state) applies to each person in each account.
    type: list
    elements: dict
    required: true
    suboptions:
      email:
        description:
          - The email address, in ASCII characters. Case is ignored.
        type: str
        required: true
      roles:
        description:
          - The roles of the person, by name or by ID. Names must match exactly.
          - With O(state=present), set either O(invites[].roles) or O(invites[].policies). With
            O(state=absent), the module ignores both.
        type: list
        elements: str
      policies:
        description:
          - The policies of the person, in the format of the API. A policy has the keys C(access),
            C(permission_groups), and C(resource_groups). C(access) is V(allow) or V(deny). The
            groups are lists of dictionaries with the key C(id).
        type: list
        elements: dict
  state:
    description:
      - V(present) invites each person who is neither invited nor a member. If a person has declined
        an earlier invite, the module sends a new one only with O(resend=true).
      - V(absent) cancels pending invites. If a person is a member, the module fails.
    type: str
    default: present
    choices: [present, absent]
  cancel_unlisted:
    description:
      - Whether to cancel the pending invites of all persons who are not listed in O(invites).
        Requires O(state=present), and at least one person in O(invites).
      - The module does not cancel an invite if its ID or email address is missing or not unique, or
        if the address has characters that are not ASCII. It warns of such invites.
    type: bool
    default: false
  resend:
    description:
      - Whether to replace pending and declined invites of the persons in O(invites). The module
        cancels the old invite, and sends a new invite, which expires later. Requires
        O(state=present).
      - The module does not cancel an invite if the account lacks a role, or a group of a policy,
        that the person should get. It also does not cancel an invite if it cannot check this. The
        task then fails.
      - If the module cannot send the new invite for another reason, the task fails, and the person
        has no invite. Run the task again without O(resend) to send it. If this is the first invite
        of an account that the module sends again, it does not cancel the others.
    type: bool
    default: false
  allow_super_administrator:
    description:
      - Whether an invite can make a person Super Administrator, by a role or by a policy.
      - If V(false), the module fails before it sends such an invite. It also fails if it cannot
        check a permission group in O(invites[].policies).
    type: bool
    default: false
  ignore_unreadable:
    description:
      - Whether the module succeeds if an account does not exist, or if the credentials cannot
        access it.
    type: bool
    default: false
  max_changes:
    description:
      - The maximum number of changes. If more are planned, the module fails before it sends any.
    type: int
seealso:
  - module: community.cloudflare.cf_account_invite_info
  - module: community.cloudflare.cf_user_invites
  - module: community.cloudflare.cf_membership
"""

EXAMPLES = r"""
- name: Invite a team to an account
  community.cloudflare.cf_account_invites:
    account_ids: [0a000000000000000000000000000099]
    invites:
      - email: alex.tran@harbor-ops.example
        roles: [Administrator]
      - email: jo.lindqvist@harbor-ops.example
        roles: [DNS, Audit Logs Viewer]
    max_changes: 10

- name: Cancel an invite
  community.cloudflare.cf_account_invites:
    api_email: "{{ cloudflare_email }}"
    api_key: "{{ cloudflare_api_key }}"
    account_ids: [0a000000000000000000000000000099]
    invites:
      - email: kim.adeyemi@contractor.example
    state: absent
"""

RETURN = r"""
sent:
  description: The invites that the module sent. In check mode, the invites that it would send, with
    an C(id) of V(null).
  returned: if an account could be read
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
resent:
  description: The new invites that replaced canceled ones, with the same fields as RV(sent).
  returned: if an account could be read
  type: list
  elements: dict
updated:
  description: The invites whose roles were changed, with the same fields as RV(sent).
  returned: if an account could be read
  type: list
  elements: dict
canceled:
  description: The invites that were canceled, with the same fields as RV(sent).
  returned: if an account could be read
  type: list
  elements: dict
unchanged:
  description: The invites that already had the requested state, with the same fields as RV(sent).
    With O(state=absent), C(id) and C(status) are V(null) if there was no invite.
  returned: if an account could be read
  type: list
  elements: dict
members:
  description: The persons who are members already, with the same fields as RV(sent). The module
    warns of members who lack a requested role.
  returned: if an account could be read
  type: list
  elements: dict
declined:
  description: The declined invites that the module did not replace, with the same fields as
    RV(sent). They are also in RV(unchanged).
  returned: if an account could be read
  type: list
  elements: dict
failed_invites:
  description: The invites that are not in the requested state.
  returned: if an account could be read
  type: list
  elements: dict
  contains:
    invite:
      description: The invite before the task, with the same fields as RV(sent). If there was none,
        the invite that the module tried to send.
      type: dict
    msg:
      description: What happened, and what to do.
      type: str
    changed:
      description: V(true) if the failed change may have been applied, at least in part. V(false) if
        nothing was changed.
      type: bool
    failure:
      description: The failed request, as in RV(failure). V(null) if no request failed.
      type: dict
unreadable:
  description: The accounts whose members the module could not read completely.
  returned: if an account could be read
  type: list
  elements: dict
  contains:
    organization_id:
      description: The ID of the account.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    msg:
      description: Why the account could not be read.
      type: str
    failure:
      description: The failed request, as in RV(failure). V(null) if the list is incomplete.
      type: dict
failure:
  description:
    - The first request that failed.
    - If RV(ignore:changed) is V(false), the task has changed nothing.
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

from ansible_collections.community.cloudflare.plugins.module_utils import (
    _account_messages as messages,
)
from ansible_collections.community.cloudflare.plugins.module_utils._account_executor import (
    Outcome,
    apply,
    build_diff,
)
from ansible_collections.community.cloudflare.plugins.module_utils._account_planner import (
    InviteRequest,
    Options,
    build_plan,
    validate,
)
from ansible_collections.community.cloudflare.plugins.module_utils._account_reader import (
    ListCache,
    Unreadable,
    check_resends,
    read_accounts,
    read_assignments,
)
from ansible_collections.community.cloudflare.plugins.module_utils._info import (
    find_invalid_id,
)
from ansible_collections.community.cloudflare.plugins.module_utils._module import (
    ModuleError,
    check_max_changes,
    run_module,
)
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    normalize_id,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client


def run(client: Client, params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    requests = list(map(InviteRequest.from_params, params["invites"]))
    options = Options.from_params(params)
    error = find_invalid_id("account_ids", params["account_ids"]) or validate(requests, options)
    if error:
        raise ModuleError(error)
    account_ids = list(dict.fromkeys(map(normalize_id, params["account_ids"])))
    accounts, unreadable = read_accounts(client, account_ids)
    lists = ListCache(client)
    assignments, error = read_assignments(
        lists,
        accounts,
        [] if options.state == "absent" else requests,
        allow_super_administrator=options.allow_super_administrator,
    )
    if error:
        raise ModuleError(error)
    plan = check_resends(lists, build_plan(accounts, requests, assignments, options))
    check_max_changes(len(plan.actions), params["max_changes"])
    outcome = apply(plan, client, check_mode)
    return _to_result(outcome, unreadable, params["ignore_unreadable"])


def _to_result(
    outcome: Outcome, unreadable: Sequence[Unreadable], ignore_unreadable: bool
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "changed": outcome.changed,
        **{
            name: [invite.to_result() for invite in invites]
            for name, invites in outcome.by_category.items()
        },
        "failed_invites": [
            {
                "invite": failed.invite.to_result(),
                "msg": failed.msg,
                "changed": failed.changed,
                "failure": failed.failure,
            }
            for failed in outcome.failed
        ],
        "unreadable": [one.to_result() for one in unreadable],
        "diff": build_diff(outcome.changes),
        "warnings": outcome.warnings,
    }
    unread = [one for one in unreadable if not (ignore_unreadable and one.is_specific)]
    failures = [failed.msg for failed in outcome.failed] + [one.msg for one in unread]
    if not failures:
        return result
    details = [one.failure for one in outcome.failed] + [one.failure for one in unread]
    details = [failure for failure in details if failure]
    done = {name: len(invites) for name, invites in outcome.by_category.items()}
    return {
        **result,
        **({"failure": details[0]} if details else {}),
        "failed": True,
        "msg": messages.summary(failures, done),
    }


def main() -> None:
    invite_spec = {
        "email": {"type": "str", "required": True},
        "roles": {"type": "list", "elements": "str"},
        "policies": {"type": "list", "elements": "dict"},
    }
    run_module(
        run,
        {
            "account_ids": {"type": "list", "elements": "str", "required": True},
            "invites": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": invite_spec,
            },
            "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
            "cancel_unlisted": {"type": "bool", "default": False},
            "resend": {"type": "bool", "default": False},
            "allow_super_administrator": {"type": "bool", "default": False},
            "ignore_unreadable": {"type": "bool", "default": False},
            "max_changes": {"type": "int"},
        },
    )


if __name__ == "__main__":
    main()
