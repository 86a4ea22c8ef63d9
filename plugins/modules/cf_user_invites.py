#!/usr/bin/python
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accept and reject many invites by rules."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cf_user_invites
short_description: Accept and reject many Cloudflare invites at once
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Accepts and rejects the invites of a Cloudflare user by rules. The module reads the list of
    invites once, plans all changes, and then responds to the invites in parallel.
  - Each rule selects and decides as M(community.cloudflare.cf_user_invite) does.
  - If no new invite has arrived, running the module again changes nothing.
  - If a name matches pending invites from several organizations, the module does not change these
    invites. It also does not change an invite that both an accept rule and a reject rule match. It
    carries out the other rules, and then fails.
  - If Cloudflare sends an incomplete list, the module fails and makes no change.
extends_documentation_fragment:
  - community.cloudflare._auth
  - community.cloudflare._attributes.actiongroup
  - community.cloudflare._attributes.modify_module
options:
  accept:
    description:
      - The invites to accept.
      - Each rule needs at least one of O(accept[].invite_id), O(accept[].organization_id),
        O(accept[].organization_name), and O(accept[].all_from_sender). All must match.
      - A membership in the organization satisfies a rule with O(accept[].organization_id) or
        O(accept[].organization_name).
    type: list
    elements: dict
    default: []
    suboptions: &rule
      # block: selector_options
      invite_id:
        description:
          - The ID of the invite.
        type: str
      organization_id:
        description:
          - The ID of the organization.
        type: str
      invited_by:
        description:
          - The sender of the invite, as an email address or a domain such as V(@example.com).
        type: str
      organization_name:
        description:
          - The exact name of the organization.
          - Any user can give it any name.
        type: str
      # end block
        aliases: [name]
      all_from_sender:
        description: Whether O(accept[].invited_by) alone selects all invites of the sender.
        type: bool
        default: false
  reject:
    description:
      - The invites to reject, by the same kind of rules.
      - A rule with O(reject[].all_from_sender) rejects only pending invites. The module warns of
        accepted ones.
    type: list
    elements: dict
    default: []
    suboptions: *rule
  reject_unmatched:
    description:
      - Whether to reject the pending invites that no rule matches.
      - An invite that resembles a rule without a match is kept. If a rule fails, all unmatched
        invites are kept. At least one O(accept) rule is required.
    type: bool
    default: false
  allow_missing:
    description:
      - Whether an O(accept) rule may match neither an invite nor a membership. If V(false), the
        module carries out the other rules, and then fails.
    type: bool
    default: false
  allow_name_only:
    description:
      - Whether an O(accept) rule may have O(accept[].organization_name) and nothing else.
    type: bool
    default: true
  max_changes:
    description:
      - The maximum number of invites to change. If more are planned, the module fails before it
        responds to any.
    type: int
  require_twofactor:
    description:
      - Whether organizations must enforce two-factor authentication. An invite to accept fails if
        Cloudflare does not report that its organization enforces it.
    type: bool
    default: false
seealso:
  - module: community.cloudflare.cf_user_invite
  - module: community.cloudflare.cf_user_invite_info
"""

EXAMPLES = r"""
- name: Accept all invites from a partner, and reject all from a free mail provider
  community.cloudflare.cf_user_invites:
    api_email: "{{ cloudflare_email }}"
    api_key: "{{ cloudflare_api_key }}"
    accept:
      - invited_by: "@bluewater-ferries.example"
        all_from_sender: true
    reject:
      - invited_by: "@freemail.example"
        all_from_sender: true
    allow_missing: true

- name: Accept the expected invites, and reject all others
  community.cloudflare.cf_user_invites:
    accept:
      - organization_id: 0a000000000000000000000000000001
      - organization_name: Acme Logistics
        invited_by: "@acme-logistics.example"
    reject_unmatched: true
"""

RETURN = r"""
accepted:
  description: The invites that were accepted, as they are after the task. In check mode, those that
    would be accepted.
  returned: if the invites could be read
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
rejected:
  description: The invites that were rejected, with the same fields as RV(accepted).
  returned: if the invites could be read
  type: list
  elements: dict
unchanged:
  description: The invites that already satisfied a rule, with the same fields as RV(accepted).
  returned: if the invites could be read
  type: list
  elements: dict
memberships:
  description: The memberships that satisfy an O(accept) rule for which no invite is left.
  returned: if the invites could be read
  type: list
  elements: dict
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
missing:
  description: The O(accept) rules that neither an invite nor a membership matches, each with the
    C(rule) and a C(msg).
  returned: if the invites could be read
  type: list
  elements: dict
failed_invites:
  description: The invites and rules that failed.
  returned: if the invites could be read
  type: list
  elements: dict
  contains:
    invite:
      description: The invite before the task, with the same fields as in RV(accepted). V(null) if
        the failure is not about a single invite.
      type: dict
    msg:
      description: What happened, and what to do.
      type: str
    candidates:
      description: The invites that match the rule, at least in part, but cannot get the requested
        state. They have the same fields as in RV(candidates).
      type: list
      elements: dict
    changed:
      description: Whether the invite may have been changed. V(false) guarantees that it was not.
      type: bool
    failure:
      description: The request that failed, as in RV(failure). V(null) if no request failed.
      type: dict
candidates:
  description: The invites that match a rule in part and that the module did not change. A warning
    describes them. Each has the fields C(id), C(organization_id), C(organization_name),
    C(invited_by), C(invited_on), and C(status).
  returned: if the invites could be read
  type: list
  elements: dict
failure:
  description:
    - The first request that failed.
    - A failed task with RV(ignore:changed=false) has changed nothing.
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

from ansible_collections.community.cloudflare.plugins.module_utils._executor import (
    apply,
    build_diff,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invite_reader import (
    list_invites,
)
from ansible_collections.community.cloudflare.plugins.module_utils._memberships import (
    MembershipCache,
)
from ansible_collections.community.cloudflare.plugins.module_utils._messages import (
    failure_summary,
)
from ansible_collections.community.cloudflare.plugins.module_utils._module import (
    ModuleError,
    check_max_changes,
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
    from collections.abc import Iterable, Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._api.client import Client
    from ansible_collections.community.cloudflare.plugins.module_utils._executor import (
        FailedInvite,
        Outcome,
    )
    from ansible_collections.community.cloudflare.plugins.module_utils._invite import Invite

RULE_ARGUMENT_SPEC: dict[str, Any] = {
    "invite_id": {"type": "str"},
    "organization_id": {"type": "str"},
    "organization_name": {"type": "str", "aliases": ["name"]},
    "invited_by": {"type": "str"},
    "all_from_sender": {"type": "bool", "default": False},
}
STATES = {"accept": "accepted", "reject": "rejected"}


def run(client: Client, params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    rules = [
        Rule(InviteSelector.from_params(rule), state, f"Rule {number} of {option}")
        for option, state in STATES.items()
        for number, rule in enumerate(params[option], start=1)
    ]
    error = validate_rules(
        rules,
        allow_name_only=params["allow_name_only"],
        reject_unmatched=params["reject_unmatched"],
    )
    if error:
        raise ModuleError(error)
    index = InviteIndex(list_invites(client))
    plan = build_plan(
        index,
        rules,
        MembershipCache(client),
        reject_unmatched=params["reject_unmatched"],
        allow_missing=params["allow_missing"],
        require_twofactor=params["require_twofactor"],
    )
    check_max_changes(len(plan.changes), params["max_changes"])
    return _to_result(apply(plan, client, check_mode), params["allow_missing"])


def _to_result(outcome: Outcome, allow_missing: bool) -> dict[str, Any]:
    result: dict[str, Any] = {
        "changed": outcome.changed,
        "accepted": _to_results(outcome.accepted),
        "rejected": _to_results(outcome.rejected),
        "unchanged": _to_results(outcome.unchanged),
        "memberships": [membership.to_result() for membership in outcome.memberships],
        "missing": [
            {"rule": missing.selector.to_result(), "msg": missing.msg}
            for missing in outcome.missing
        ],
        "failed_invites": [_failed_result(failed) for failed in outcome.failed],
        "candidates": [invite.to_candidate() for invite in outcome.candidates],
        "diff": build_diff(outcome.changes),
        "warnings": outcome.warnings,
    }
    if outcome.failed or (outcome.missing and not allow_missing):
        failure = {"failure": outcome.failure} if outcome.failure else {}
        msg = failure_summary(outcome, allow_missing=allow_missing)
        return {**result, **failure, "failed": True, "msg": msg}
    # Only a rule that could not be evaluated has a failure of its own.
    result["warnings"] += [missing.msg for missing in outcome.missing if missing.failure]
    return result


def _to_results(invites: Iterable[Invite]) -> list[dict[str, Any]]:
    return [invite.to_result() for invite in invites]


def _failed_result(failed: FailedInvite) -> dict[str, Any]:
    return {
        "invite": failed.invite.to_result() if failed.invite else None,
        "msg": failed.msg,
        "candidates": [invite.to_candidate() for invite in failed.candidates],
        "changed": failed.changed,
        "failure": failed.failure,
    }


def main() -> None:
    rules = {"type": "list", "elements": "dict", "default": [], "options": RULE_ARGUMENT_SPEC}
    run_module(
        run,
        {
            "accept": rules,
            "reject": rules,
            "reject_unmatched": {"type": "bool", "default": False},
            "allow_missing": {"type": "bool", "default": False},
            "allow_name_only": {"type": "bool", "default": True},
            "require_twofactor": {"type": "bool", "default": False},
            "max_changes": {"type": "int"},
        },
    )


if __name__ == "__main__":
    main()
