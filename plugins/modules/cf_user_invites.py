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
  - Accepts and rejects the invites of a Cloudflare user by rules. The list of invites is read once,
    everything is planned, and then the invites are answered, many at a time.
  - Each rule decides as M(community.cloudflare.cf_user_invite) does. What is already as wanted is
    left alone, so running it again changes nothing.
  - If an invite is both accepted and rejected by the rules, or a rule does not tell which of
    several organizations of one name is meant, nothing is answered at all. Nor is anything answered
    by a list that is not whole.
  - An invite that cannot be answered stops no other. The module fails at the end, with all that was
    done in the result.
extends_documentation_fragment:
  - community.cloudflare._auth
  - community.cloudflare._attributes.actiongroup
  - community.cloudflare._attributes.answers
options:
  accept:
    description:
      - Which invites to accept.
      - Each rule needs at least one of its options, and all that are given must match.
      - Cloudflare forgets invites after some time. A rule that names an organization which the user
        is a member of, and which has no invite any more, holds. For O(accept[].invite_id) or
        O(accept[].invited_by) alone this cannot be known.
      - With O(unmatched=reject) there must be a rule, as a variable may have come out empty by
        mistake.
    type: list
    elements: dict
    default: []
    suboptions: &rule
      invite_id:
        description: The id of the invite.
        type: str
      organization_id:
        description: The id of the organization that has sent the invite.
        type: str
      organization_name:
        description: The name of the organization that has sent the invite, exactly as it stands
          there; only white space around it does not matter. Anybody can give an organization any
          name. If nothing else is given, and the user is a member of another organization of this
          name, the rule holds, and the invite is warned of but not accepted.
        type: str
      invited_by:
        description:
          - Who must have sent the invite, an address, or a whole domain as in V(@example.com); case
            does not matter.
          - Without another option, the rule is about all invites from there.
          - A variable that is V(null) counts as not given, and then nothing is narrowed.
        type: str
  reject:
    description:
      - Which invites to reject, by the same kind of rules. A rule without any invite is fulfilled.
    type: list
    elements: dict
    default: []
    suboptions: *rule
  unmatched:
    description:
      - What becomes of open invites that no rule is about. A rule with an id is about that
        organization or invite, also if O(accept[].invited_by) does not fit.
      - With V(reject), they are rejected. They are left alone all the same if the module fails
        because of O(missing=fail), for the name in that rule may just be misspelt.
    type: str
    default: ignore
    choices: [ignore, reject]
  missing:
    description:
      - What it means if an O(accept) rule is about no invite. With V(fail), the module fails at the
        end; with V(ignore), it is just returned.
    type: str
    default: fail
    choices: [fail, ignore]
  trust_names:
    description:
      - Whether an O(accept) rule may name an organization without its id and without who must have
        sent the invite. Anybody can give an organization any name.
      - With V(false), such a rule is refused before anything is sent.
    type: bool
    default: true
  require_twofactor:
    description:
      - Whether to accept only invites of organizations that demand two-factor authentication of
        their members. Others fail, and stay as they are.
    type: bool
    default: false
seealso:
  - module: community.cloudflare.cf_user_invite
  - module: community.cloudflare.cf_user_invite_info
"""

EXAMPLES = r"""
- name: Accept whatever comes from a partner, now or later, and nothing from a stranger
  community.cloudflare.cf_user_invites:
    api_email: "{{ cloudflare_email }}"
    api_key: "{{ cloudflare_api_key }}"
    accept:
      - invited_by: "@bluewater-ferries.example"
    reject:
      - invited_by: "@freemail.example"
    missing: ignore

- name: Join the organizations that are expected, and reject all others
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
  returned: if the rules do not contradict each other
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
  returned: if the rules do not contradict each other
  type: list
  elements: dict
  contains: *invite
unchanged:
  description: The invites that were already as a rule wants them.
  returned: if the rules do not contradict each other
  type: list
  elements: dict
  contains: *invite
members:
  description: The organizations that a rule wants, of which no invite is left, but which the
    user is a member of.
  returned: if the rules do not contradict each other
  type: list
  elements: dict
  contains:
    id:
      description: The id of the organization.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    name:
      description: The name of the organization.
      type: str
      sample: Cloudflare, Inc.
missing:
  description: The rules of O(accept) that are about no invite.
  returned: if the rules do not contradict each other
  type: list
  elements: dict
  contains:
    rule:
      description: The rule, as it was given.
      type: dict
    reason:
      description: What was found instead.
      type: str
failed_invites:
  description: The invites that could not be answered.
  returned: if the rules do not contradict each other
  type: list
  elements: dict
  contains:
    invite:
      description: The invite as it was before, with the same fields as in RV(accepted). V(null) if
        the error is about several.
      type: dict
    error:
      description: What happened, and what to do now.
      type: str
    changed:
      description: Whether the invite may have been answered all the same. V(false) is a promise.
      type: bool
    failure:
      description: What Cloudflare said, as in RV(failure). V(null) if it was not asked.
      type: dict
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

from ansible_collections.community.cloudflare.plugins.module_utils._answer import CloudflareError
from ansible_collections.community.cloudflare.plugins.module_utils._invites import (
    Known,
    Plan,
    Selector,
    diff,
    joined_by_name,
    membership,
    plan_rules,
)
from ansible_collections.community.cloudflare.plugins.module_utils._membership import Memberships
from ansible_collections.community.cloudflare.plugins.module_utils._module import (
    TaskError,
    run_module,
)
from ansible_collections.community.cloudflare.plugins.module_utils._shape import (
    user_invite,
)
from ansible_collections.community.cloudflare.plugins.module_utils._wording import (
    member_already,
    taken_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ansible_collections.community.cloudflare.plugins.module_utils._cloudflare import Client
    from ansible_collections.community.cloudflare.plugins.module_utils._invites import (
        Missing,
    )
    from ansible_collections.community.cloudflare.plugins.module_utils._shape import Invite

RULE = {name: {"type": "str"} for name in Selector.__dataclass_fields__}
COUNTED = ("accepted", "rejected", "unchanged", "members", "missing")
MOST_REASONS = 5


def run(client: Client, options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    accept, reject = (_selectors(option, options[option]) for option in ("accept", "reject"))
    if not options["trust_names"]:
        _see_proof(accept)
    if not accept and options["unmatched"] == "reject":
        raise TaskError(
            "accept is empty, so unmatched=reject would reject every open invite. Give rules of "
            "what to accept; or reject by rules, too."
        )
    found = client.read_list("user", "invites", must_be_whole=True)
    known = Known([user_invite(raw) for raw in found])
    memberships = Memberships(client)
    by_name = {
        selector: joined_by_name(memberships.organizations, selector, known)
        for selector in accept
        if known.may_be_taken(selector)
    }
    outlook = plan_rules(
        known,
        accept,
        reject,
        set_aside=[one for one, joined in by_name.items() if joined or memberships.error],
        require_twofactor=options["require_twofactor"],
    )
    if outlook.contradictions:
        raise TaskError(f"Nothing was answered. {' '.join(dict.fromkeys(outlook.contradictions))}")
    members, missing = _members(client, memberships, outlook.missing)
    for selector, joined in by_name.items():
        if joined:
            members.append(joined)
            client.warnings.append(taken_name(joined, known.selected_by(selector)))
    is_short = bool(missing) and options["missing"] == "fail"
    plans = list(outlook.plans)
    if options["unmatched"] == "reject" and not is_short:
        plans += outlook.unmatched
    result = {
        **_carry_out(client, plans, check_mode),
        "members": list({(one["id"], one["name"]): one for one in members}.values()),
        "missing": missing,
    }
    unanswered = [_failed(one.invite, one.message) for one in outlook.refusals]
    if memberships.error:
        unanswered += [_unjudged(selector, memberships.error) for selector in by_name]
    result["failed_invites"] = unanswered + result["failed_invites"]
    if result["failed_invites"] or is_short:
        result.update(failed=True, msg=_message(result))
        failures = [one["failure"] for one in result["failed_invites"] if one["failure"]]
        if memberships.error:
            failures.append(memberships.error.details)
        if failures:
            result["failure"] = failures[0]
    elif memberships.error:
        client.warnings.append(memberships.error.message)
    return result


def _selectors(option: str, rules: Iterable[Mapping[str, Any]]) -> list[Selector]:
    """Return the rules of an option.

    :raises TaskError: if one of them selects nothing, or cannot be meant so.
    """
    selectors = [Selector.of(rule) for rule in rules]
    for number, selector in enumerate(selectors, start=1):
        complaint = selector.complaint()
        if selector == Selector():
            complaint = f"Give at least one of {', '.join(RULE)}, with a value."
        if complaint:
            raise TaskError(f"Rule {number} of {option}: {complaint}")
    return selectors


def _see_proof(accept: Iterable[Selector]) -> None:
    """See that whatever is accepted is chosen by more than a name.

    :raises TaskError: if a rule has nothing but a name, which anybody can take.
    """
    for number, selector in enumerate(accept, start=1):
        if selector.is_only_a_name:
            raise TaskError(
                f"Rule {number} of accept: {selector} proves nothing, as anybody can give an "
                "organization this name. Add organization_id or invited_by; or trust names on "
                "purpose, by trust_names."
            )


def _members(
    client: Client, memberships: Memberships, missing: Sequence[tuple[Selector, Missing]]
) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Return the organizations that missing invites have led to already, and what is missing."""
    members, rest = [], []
    for selector, reason in missing:
        said = reason.message
        if reason.may_be_joined(selector):
            joined = membership(memberships.organizations, selector, reason)
            if joined:
                members.append(joined)
                if reason.left_out:
                    client.warnings.append(member_already(joined, reason.message))
                continue
            if memberships.error:
                said += f" {memberships.error.message}"
        rest.append({"rule": vars(selector), "reason": said})
    return members, rest


def _carry_out(client: Client, plans: Sequence[Plan], check_mode: bool) -> dict[str, Any]:
    """Do what is planned, or in check mode nothing, and return what has come of it."""
    client.warnings.extend(dict.fromkeys(warning for one in plans for warning in one.warnings))
    changes = [one for one in plans if one.changes]
    outcomes = changes if check_mode else _answer(client, changes)
    done = [one for one in outcomes if isinstance(one, Plan)]
    answered = [one for one in done if one.changes]
    failed = [
        _failed(one.invite, outcome.message, outcome)
        for one, outcome in zip(changes, outcomes)
        if isinstance(outcome, CloudflareError)
    ]
    return {
        "changed": bool(answered) or any(one["changed"] for one in failed),
        "accepted": [one.after for one in answered if one.accepts],
        "rejected": [one.after for one in answered if not one.accepts],
        "unchanged": [one.after for one in [*plans, *done] if not one.changes],
        "failed_invites": failed,
        "diff": diff([one.invite for one in done], [one.after for one in done]),
    }


def _answer(client: Client, changes: Sequence[Plan]) -> list[Plan | CloudflareError]:
    """Answer invites, and return of each what was done in the end, or what went wrong with it."""

    def answer(one: Plan) -> Plan | CloudflareError:
        wanted = {"status": one.after["status"]}
        try:
            found, changed = client.change(
                "user", "invites", one.invite["id"], before=one.invite, wanted=wanted
            )
        except CloudflareError as error:
            return error
        after = user_invite({**one.invite, **found})
        return Plan(one.invite if changed else after, after)

    return list(client.in_parallel(answer, changes))


def _failed(
    invite: Invite | None, message: str, error: CloudflareError | None = None
) -> dict[str, Any]:
    return {
        "invite": invite,
        "error": message,
        "changed": error is not None and error.may_have_changed,
        "failure": error.details if error else None,
    }


def _unjudged(selector: Selector, error: CloudflareError) -> dict[str, Any]:
    return _failed(None, f"Nothing with {selector} was accepted. {error.message}", error)


def _message(result: Mapping[str, Any]) -> str:
    """Say what was done and what was not; the reasons of all are in the result."""
    done = ", ".join(f"{len(result[name])} {name}" for name in COUNTED)
    reasons = [one["error"] for one in result["failed_invites"]]
    reasons += [one["reason"] for one in result["missing"]]
    more = len(reasons) - MOST_REASONS
    return " ".join(
        [
            f"Not all is as wanted: {done}, {len(result['failed_invites'])} failed.",
            *reasons[:MOST_REASONS],
            *([f"And {more} more, in the result."] if more > 0 else []),
        ]
    )


def main() -> None:
    rules = {"type": "list", "elements": "dict", "default": [], "options": RULE}
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
