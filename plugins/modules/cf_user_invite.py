#!/usr/bin/python
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accept or reject an invite to an organization."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cf_user_invite
short_description: Accept or reject a Cloudflare invite
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Accepts or rejects an invite that an organization has sent to a Cloudflare user. An organization
    is the account that sends an invite.
  - The module makes no change if the invite already has the requested state.
  - The selectors are O(invite_id), O(organization_id), O(organization_name), and O(invited_by). At
    least one of the first three is required. The invite must match all selectors of the task.
  - Without O(invite_id), the module accepts only the latest invite of the organization.
  - If pending invites from several organizations match, the module fails, even if they are not the
    latest invites. It returns the latest pending invite of each organization under RV(candidates).
  - Cloudflare deletes invites after some time. After that, a membership in the organization
    satisfies O(state=accepted). The task must have O(organization_id) or O(organization_name). The
    module does not compare O(invited_by) with a membership, because a membership does not record
    who sent the invite.
  - If the user has already joined an organization with the name in O(organization_name), the
    module accepts no invite from another organization with this name. It warns of such pending
    invites, and returns them under RV(candidates).
  - If Cloudflare sends an incomplete list of the invites, the module fails and makes no change.
extends_documentation_fragment:
  - community.cloudflare._auth
  - community.cloudflare._selector
  - community.cloudflare._attributes.actiongroup
  - community.cloudflare._attributes.modify_module
options:
  state:
    description:
      - The state that the invite should have.
      - V(accepted) makes the user a member of the organization. If the latest invite has the
        status C(rejected), C(canceled), C(expired), or C(left), the module fails, unless the user
        is a member already.
      - V(rejected) declines the invite. Without O(invite_id), it declines all pending invites that
        match. The module makes no change if the invite has the status C(canceled), C(expired), or
        C(left). It fails if the invite has the status C(accepted). To leave an organization, use
        M(community.cloudflare.cf_membership).
      - If V(rejected) is set and no invite matches, the module warns and makes no change. If the
        user is a member of the organization and the task has no O(invited_by), the module fails
        instead.
    type: str
    required: true
    choices: [accepted, rejected]
  allow_name_only:
    description:
      - Whether O(organization_name) can be the only selector with O(state=accepted). If V(false),
        such a task fails. Any user can give an organization any name.
    type: bool
    default: true
  require_twofactor:
    description:
      - Whether two-factor authentication is required.
      - If V(true), the module fails instead of accepting an invite from an organization that does
        not enforce two-factor authentication. It also fails if Cloudflare does not report whether
        the organization enforces it.
      - The module does not check an organization that the user has already joined.
    type: bool
    default: false
seealso:
  - module: community.cloudflare.cf_user_invites
  - module: community.cloudflare.cf_user_invite_info
  - module: community.cloudflare.cf_membership
"""

EXAMPLES = r"""
- name: Accept the invite of an organization if it was sent from its own domain
  community.cloudflare.cf_user_invite:
    organization_name: Acme Logistics
    invited_by: "@acme-logistics.example"
    state: accepted

- name: Accept the invite of the organization with this ID
  community.cloudflare.cf_user_invite:
    api_email: "{{ cloudflare_email }}"
    api_key: "{{ cloudflare_api_key }}"
    organization_id: 0a000000000000000000000000000001
    state: accepted

- name: Reject a single invite
  community.cloudflare.cf_user_invite:
    invite_id: 1b000000000000000000000000000022
    state: rejected
"""

RETURN = r"""
invite:
  description:
    - The invite after the task. In check mode, the predicted invite.
    - If the module has rejected several invites, this is one of them.
    - V(null) if there is no invite, for example because the user is already a member of the
      organization and Cloudflare has deleted the invite.
  returned: success
  type: dict
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
previous_status:
  description:
    - The status of the invite before the task. V(null) if RV(invite) is V(null).
    - If another client has changed the invite during the task, this is the status that the other
      client has set.
  returned: success
  type: str
  sample: pending
membership:
  description: The membership that satisfies O(state=accepted) in place of an invite. V(null) if
    there is none.
  returned: success
  type: dict
  contains:
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
candidates:
  description:
    - Invites that the module did not change, although they match some or all selectors. For
      example, an invite from another sender, or from another organization with the same name.
    - If the module succeeds, a warning describes them. If the module fails, RV(ignore:msg) has the
      reason.
  returned: always, if the invites could be read
  type: list
  elements: dict
  contains:
    # block: candidate_fields
    id:
      description: The ID of the invite.
      type: str
      sample: 4f5f0c14a2a41d5063dd301b2f829f04
    organization_id:
      description: The ID of the organization.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    organization_name:
      description: The name of the organization. Any user can give it any name.
      type: str
      sample: Cloudflare, Inc.
    invited_by:
      description: The email address of the sender.
      type: str
      sample: user@example.com
    invited_on:
      description: The time when the invite was sent, in RFC 3339 format.
      type: str
      sample: "2014-01-01T05:20:00Z"
    status:
      description: The status of the invite.
      type: str
      sample: pending
    # end block
failure:
  description:
    - The request that failed.
    - If RV(ignore:changed) is V(false), the task has changed nothing. If it is V(true), the task
      may have changed the invite. Run the task again to check.
  returned: if the module fails because a request failed
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

from ansible_collections.community.cloudflare.plugins.module_utils._executor import (
    apply,
    build_diff,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite_reader import (
    find_invite,
    list_invites,
)
from ansible_collections.community.cloudflare.plugins.module_utils._memberships import (
    MembershipCache,
)
from ansible_collections.community.cloudflare.plugins.module_utils._module import (
    ModuleError,
    run_module,
)
from ansible_collections.community.cloudflare.plugins.module_utils._planner import (
    Rule,
    build_plan,
    validate_rules,
)
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    InviteIndex,
    InviteSelector,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client
    from ansible_collections.community.cloudflare.plugins.module_utils._executor import (
        FailedInvite,
        Outcome,
    )
    from ansible_collections.community.cloudflare.plugins.module_utils._planner import (
        MissingInvite,
    )


def run(client: Client, params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    rule = Rule(InviteSelector.from_params(params), params["state"])
    error = validate_rules([rule], allow_name_only=params["allow_name_only"])
    if error:
        raise ModuleError(error)
    if rule.selector.invite_id is None:
        invites = list_invites(client)
    else:
        invites = find_invite(client, rule.selector.invite_id)
    plan = build_plan(
        InviteIndex(invites),
        [rule],
        MembershipCache(client),
        require_twofactor=params["require_twofactor"],
    )
    return _to_result(apply(plan, client, check_mode))


def _to_result(outcome: Outcome) -> dict[str, Any]:
    result: dict[str, Any] = {"changed": outcome.changed, "warnings": outcome.warnings}
    problems: list[FailedInvite | MissingInvite] = [*outcome.failed, *outcome.missing]
    for failed in problems:
        candidates = [invite.to_candidate() for invite in failed.candidates]
        failure = {"failure": failed.failure} if failed.failure else {}
        return {**result, "failed": True, "msg": failed.msg, "candidates": candidates, **failure}
    changes = outcome.changes or [(invite, invite) for invite in outcome.unchanged]
    before, after = changes[0] if changes else (None, None)
    return {
        **result,
        "invite": after.to_result() if after else None,
        "previous_status": before.status if before else None,
        "membership": outcome.memberships[0].to_result() if outcome.memberships else None,
        "candidates": [invite.to_candidate() for invite in outcome.candidates],
        "diff": build_diff(changes),
    }


def main() -> None:
    run_module(
        run,
        {
            "state": {"type": "str", "required": True, "choices": ["accepted", "rejected"]},
            "invite_id": {"type": "str"},
            "organization_id": {"type": "str"},
            "organization_name": {"type": "str", "aliases": ["name"]},
            "invited_by": {"type": "str"},
            "allow_name_only": {"type": "bool", "default": True},
            "require_twofactor": {"type": "bool", "default": False},
        },
    )


if __name__ == "__main__":
    main()
