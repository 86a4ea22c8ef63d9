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
    invites once, plans everything, and then responds to the invites in parallel.
  - Each rule decides as M(community.cloudflare.cf_user_invite) does. Running the module again
    changes nothing.
  - An invite that is ambiguous, or that both an accept and a reject rule match, is left alone and
    reported under RV(failed_invites). The other rules are carried out, and the module fails at the
    end.
  - The first response is sent alone. If the credentials cannot respond to invites, no more requests
    are sent.
  - The module decides nothing based on a list that Cloudflare sent incompletely.
extends_documentation_fragment:
  - community.cloudflare._auth
  - community.cloudflare._attributes.actiongroup
  - community.cloudflare._attributes.answers
options:
  accept:
    description:
      - The invites to accept.
      - Each rule needs at least one of O(accept[].invite_id), O(accept[].organization_id), and
        O(accept[].organization_name), or O(accept[].all_from_sender). All options that are given
        must match.
      - A rule for an organization that the user is already a member of is satisfied, also after
        Cloudflare has deleted the invite.
      - With O(unmatched=reject), at least one rule is required.
    type: list
    elements: dict
    default: []
    suboptions: &rule
      invite_id:
        description: The ID of the invite.
        type: str
      organization_id:
        description: The ID of the organization that sent the invite.
        type: str
      organization_name:
        description:
          - The name of the organization that sent the invite. It must match exactly, in Unicode
            form NFC and without surrounding whitespace. Any user can give an organization any name.
          - If the user has joined an organization by this name, no other organization with that
            name is accepted.
        type: str
        aliases: [name]
      invited_by:
        description: The sender of the invite, as an email address, or as a whole domain such as
          V(@example.com). Case does not matter.
        type: str
      all_from_sender:
        description: Whether the rule is about all invites of a sender. It needs
          O(accept[].invited_by), and no other selector.
        type: bool
        default: false
  reject:
    description:
      - The invites to reject, by the same kind of rules. A rule that no invite matches is
        satisfied.
      - A rule with O(reject[].all_from_sender) rejects pending invites; accepted ones are a
        warning.
    type: list
    elements: dict
    default: []
    suboptions: *rule
  unmatched:
    description:
      - What to do with pending invites that no rule matches. V(reject) rejects them.
      - An invite that only resembles a rule without a match is never rejected so, for example
        because of another Unicode form of the name, or another sender.
      - If a rule fails, no unmatched invite is rejected. What the rule should have matched may be
        among them.
    type: str
    default: ignore
    choices: [ignore, reject]
  missing:
    description:
      - What to do if no invite matches an O(accept) rule. With V(fail), the module fails at the
        end. With V(ignore), it only returns the rule under RV(missing).
    type: str
    default: fail
    choices: [fail, ignore]
  trust_names:
    description:
      - Whether an O(accept) rule may have only O(accept[].organization_name). Any user can give an
        organization any name.
      - With V(false), such a rule is an error.
    type: bool
    default: true
  require_twofactor:
    description:
      - Whether to accept only invites of organizations that enforce two-factor authentication.
        Other invites are left alone and reported under RV(failed_invites).
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
    missing: ignore

- name: Accept the expected invites, and reject all others
  community.cloudflare.cf_user_invites:
    accept:
      - organization_id: 0a000000000000000000000000000001
      - organization_name: Acme Logistics
        invited_by: "@acme-logistics.example"
    unmatched: reject
"""

RETURN = r"""
accepted:
  description: The invites that were accepted; in check mode, that would be.
  returned: if the invites could be read
  type: list
  elements: dict
  contains: &invite
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
      description: The status of the invite after the task.
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
rejected:
  description: The invites that were rejected; in check mode, that would be.
  returned: if the invites could be read
  type: list
  elements: dict
  contains: *invite
unchanged:
  description: The invites that already satisfied a rule.
  returned: if the invites could be read
  type: list
  elements: dict
  contains: *invite
members:
  description: The organizations that satisfy an accept rule because the user is already a member.
  returned: if the invites could be read
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the organization. V(null) if Cloudflare does not report it.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    name:
      description: The name of the organization.
      type: str
      sample: Cloudflare, Inc.
missing:
  description: The rules of O(accept) that no invite matches.
  returned: if the invites could be read
  type: list
  elements: dict
  contains:
    rule:
      description: The rule.
      type: dict
    reason:
      description: What was found instead.
      type: str
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
    error:
      description: What happened, and what to do.
      type: str
    candidates:
      description: The invites between which a rule does not decide, as in RV(candidates).
      type: list
      elements: dict
    changed:
      description: Whether the invite may have been changed all the same. V(false) guarantees that
        it was not.
      type: bool
    failure:
      description: The failed request, as in RV(failure). V(null) if no request failed.
      type: dict
candidates:
  description: The pending invites that match in part, and that the module left alone.
  returned: if the invites could be read
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the invite.
      type: str
      sample: 4f5f0c14a2a41d5063dd301b2f829f04
    organization_id:
      description: The ID of the organization.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    organization_name:
      description: The name of the organization. Any user can choose any name.
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
failure:
  description:
    - What Cloudflare said to the first request that has failed.
    - A failed task that is not V(changed) has changed nothing.
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

from ansible_collections.community.cloudflare.plugins.module_utils._executor import (
    apply,
    build_diff,
)
from ansible_collections.community.cloudflare.plugins.module_utils._invites import list_invites
from ansible_collections.community.cloudflare.plugins.module_utils._memberships import (
    MembershipCache,
)
from ansible_collections.community.cloudflare.plugins.module_utils._messages import (
    failure_summary,
)
from ansible_collections.community.cloudflare.plugins.module_utils._module import (
    TaskError,
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

    from ansible_collections.community.cloudflare.plugins.module_utils._cloudflare import Client
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
    reject_unmatched = params["unmatched"] == "reject"
    allow_missing = params["missing"] == "ignore"
    error = validate_rules(
        rules, allow_name_only=params["trust_names"], reject_unmatched=reject_unmatched
    )
    if error:
        raise TaskError(error)
    index = InviteIndex(list_invites(client, require_complete=True))
    plan = build_plan(
        index,
        rules,
        MembershipCache(client),
        reject_unmatched=reject_unmatched,
        allow_missing=allow_missing,
        require_twofactor=params["require_twofactor"],
    )
    return _to_result(apply(plan, client, check_mode), allow_missing)


def _to_result(outcome: Outcome, allow_missing: bool) -> dict[str, Any]:
    result: dict[str, Any] = {
        "changed": outcome.changed,
        "accepted": _to_results(outcome.accepted),
        "rejected": _to_results(outcome.rejected),
        "unchanged": _to_results(outcome.unchanged),
        "members": [
            {"id": membership.account_id, "name": membership.account_name}
            for membership in outcome.memberships
        ],
        "missing": [
            {"rule": missing.selector.to_result(), "reason": missing.msg}
            for missing in outcome.missing
        ],
        "failed_invites": [_failed_result(failed) for failed in outcome.failed],
        "candidates": [invite.to_candidate() for invite in outcome.candidates],
        "diff": build_diff(outcome.changes),
        "warnings": outcome.warnings,
    }
    if outcome.failed or (outcome.missing and not allow_missing):
        failure = {"failure": outcome.failure} if outcome.failure else {}
        return {**result, **failure, "failed": True, "msg": failure_summary(outcome)}
    # Only a rule that could not be evaluated has a failure of its own.
    result["warnings"] += [missing.msg for missing in outcome.missing if missing.failure]
    return result


def _to_results(invites: Iterable[Invite]) -> list[dict[str, Any]]:
    return [invite.to_result() for invite in invites]


def _failed_result(failed: FailedInvite) -> dict[str, Any]:
    return {
        "invite": failed.invite.to_result() if failed.invite else None,
        "error": failed.msg,
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
            "unmatched": {"type": "str", "default": "ignore", "choices": ["ignore", "reject"]},
            "missing": {"type": "str", "default": "fail", "choices": ["fail", "ignore"]},
            "trust_names": {"type": "bool", "default": True},
            "require_twofactor": {"type": "bool", "default": False},
        },
    )


if __name__ == "__main__":
    main()
