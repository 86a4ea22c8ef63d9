# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluate invites by rules."""

from __future__ import annotations

DOCUMENTATION = r"""
name: invite_findings
short_description: Evaluate Cloudflare invites by rules
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Evaluates invites, as the modules of this collection return them, by rules, and returns the
    findings.
  - If Cloudflare does not report what a rule needs, the rule has no finding. For example,
    Cloudflare does not report when an invite of an account was sent.
    P(community.cloudflare.invite_report#filter) tells what could not be assessed.
positional: time, policy, unreadable
options:
  _input:
    description: The invites, from any of the modules.
    type: list
    elements: dict
    required: true
  time:
    description: The time of the evaluation, as an RFC 3339 timestamp or a datetime. A datetime
      without a time zone is in UTC.
    type: raw
    required: true
  policy:
    description:
      - Changes to the rules, by the name of the rule. Parameters that are not given have their
        default values.
      - Each rule has the parameters C(enabled), by default V(true), and C(severity), which is one
        of V(info), V(low), V(medium), and V(high). The default severity is listed here.
      # block: audit_rules_list
      - "V(unreadable), high: Users, accounts, and organizations that could not be read, or
        only in part."
      - "V(lookalike_name), high: Pending invites of organizations whose name is the same
        as, or looks like, that of another organization in the scope, or with a pending or
        an accepted invite."
      - "V(external_invitee), high: Invites to email addresses outside of the permitted
        domains. C(domains): The permitted domains of invited users, such as V(example.com).
        If the list is empty, the rule is disabled."
      - "V(unapproved_inviter), high: Invites from senders that are not permitted.
        C(inviters): The permitted senders, as email addresses or domains such as
        V(@example.com). If the list is empty, the rule is disabled."
      - "V(external_member), high: Members with email addresses outside of the permitted
        domains. C(domains): The permitted domains of members, such as V(example.com). If
        the list is empty, the rule is disabled."
      - "V(privileged_role), medium: Invites that grant a privileged role. C(roles):
        Patterns of the names of privileged roles and permission groups. V(*) matches any
        text. Case does not matter. The default is V(*Super Administrator*),
        V(Administrator), V(Account Administrator)."
      - "V(twofactor_not_enforced), medium: Organizations with pending invites that do not
        enforce two-factor authentication."
      - "V(member_without_twofactor), medium: Members who have not turned on two-factor
        authentication themselves."
      - "V(expired_waiver), medium: Waivers whose expiry date has passed."
      - "V(privileged_member), low: Members who have a privileged role. C(roles): Patterns
        of the names of privileged roles and permission groups. V(*) matches any text. Case
        does not matter. The default is V(*Super Administrator*), V(Administrator),
        V(Account Administrator)."
      - "V(expiring_soon), low: Invites that expire soon. C(hours): The number of hours
        before the expiry, from V(0) to V(1000000). The default is V(24)."
      - "V(stale), low: Invites that have been pending for too long. C(days): The number of
        days since the invite was sent, from V(0) to V(1000000). The default is V(3)."
      - "V(duplicate_invite), low: Several pending invites to one email address in one
        organization."
      - "V(expired), info: Invites that have expired."
      # end block
    type: dict
    default: {}
  unreadable:
    description: The organizations that could not be read, as the modules return them.
    type: list
    elements: dict
    default: []
seealso:
  - plugin: community.cloudflare.invite_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read the pending invites of an account
  community.cloudflare.cf_account_invite_info:
    account_ids: 0a000000000000000000000000000099
  register: result

- name: Show the findings
  ansible.builtin.debug:
    msg: "{{ findings | map(attribute='message') }}"
  vars:
    policy:
      external_invitee: {domains: [harbor-ops.example]}
      twofactor_not_enforced: {enabled: false}
    time: "{{ now(utc=true).isoformat() }}Z"
    findings: "{{ result.invites | community.cloudflare.invite_findings(time, policy) }}"
"""

RETURN = r"""
_value:
  description: The findings, the most severe first.
  type: list
  elements: dict
  contains:
    # block: finding_fields
    id:
      description: An ID that depends on the rule, the account, and the subject only. It is
        the same in the next audit.
      type: str
      sample: 4b1c9e0d5a7f3e2c8d90
    rule:
      description: The name of the rule.
      type: str
      sample: external_invitee
    title:
      description: The title of the rule.
      type: str
      sample: Invites to other domains
    severity:
      description: The severity, one of V(info), V(low), V(medium), and V(high).
      type: str
      sample: high
    state:
      description: V(new), V(known) if the baseline has the finding, too, V(waived), or
        V(not_assessed) if the baseline has it but it could not be assessed now.
      type: str
      sample: new
    message:
      description: What was found.
      type: str
    recommendation:
      description: What to do. Empty if the finding is waived or resolved.
      type: str
    organization_id:
      description: The ID of the organization. V(null) if the finding is about several
        organizations.
      type: str
    organizations:
      description: The C(id) and C(name) of up to 20 organizations, if the finding is about
        several.
      type: list
      elements: dict
    source:
      description: The source of the finding, V(user), V(account), or V(organization).
      type: str
    invite:
      description: The C(number), C(record), C(id), C(status), and C(invited_member_email) of the
        first invite or member that the finding is about. V(null) if it is not about an invite.
        The number is V(null) if only the baseline has the finding.
      type: dict
    invites:
      description: The numbers of all invites and members that the finding is about.
      type: list
      elements: int
    url:
      description: The page of the account's members in the dashboard, if there is one.
      type: str
    waiver:
      description: The C(reason) and C(expires_on) of the waiver. V(null) if the finding is
        not waived.
      type: dict
    # end block
"""

from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleFilterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime


def invite_findings(
    invites: Sequence[dict[str, Any]],
    time: str | datetime,
    policy: Mapping[str, Any] | None = None,
    unreadable: Sequence[Mapping[str, Any]] = (),
) -> Any:
    # Ansible loads all filters of a collection in each task that uses one of them, so each filter
    # imports what it needs when it is called.
    from ansible_collections.community.cloudflare.plugins.plugin_utils._convert import (
        make_unsafe,
        parse_time,
        to_builtin,
    )
    from ansible_collections.community.cloudflare.plugins.plugin_utils._policy import PolicyError
    from ansible_collections.community.cloudflare.plugins.plugin_utils._report import build_report

    reads = [
        {"source": "user", "result": {"invites": to_builtin(invites)}},
        {"source": "account", "result": {"unreadable": to_builtin(unreadable)}},
    ]
    try:
        report = build_report(reads, parse_time(time), policy=to_builtin(policy or {}))
    except PolicyError as error:
        raise AnsibleFilterError(str(error)) from None
    return make_unsafe(report["findings"])


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"invite_findings": invite_findings}
