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
  - The rules C(expired) and C(unreadable) apply to all invites. All other rules apply to pending
    invites.
  - If Cloudflare does not report what a rule needs, the rule has no finding. For example,
    Cloudflare does not report when an invite of an account was sent.
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
      - "V(lookalike_name), high: pending invites of organizations whose name is the same as, or
        looks like, that of another organization with a pending or an accepted invite."
      - "V(external_invitee), high: invites to email addresses outside of C(domains), a list. If the
        list is empty, the rule has no findings."
      - "V(unapproved_inviter), high: invites from senders that are not in C(inviters), a list of
        email addresses and of domains such as V(@example.com). If the list is empty, the rule has
        no findings."
      - "V(privileged_role), medium: invites with a role that matches one of C(roles), a list of
        patterns in which V(*) matches any text. Case does not matter. The default is V(*Super
        Administrator*), V(Administrator), and V(Account Administrator)."
      - "V(twofactor_not_enforced), medium: organizations that do not enforce two-factor
        authentication."
      - "V(unreadable), medium: organizations that could not be read."
      - "V(expiring_soon), low: invites that expire within C(hours), by default 24."
      - "V(stale), low: invites that have been pending for more than C(days), by default 3."
      - "V(duplicate_invite), low: several invites to one email address in one organization."
      - "V(expired), info: invites that have expired."
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
    rule:
      description: The name of the rule.
      type: str
      sample: external_invitee
    severity:
      description: The severity, one of V(info), V(low), V(medium), and V(high).
      type: str
      sample: high
    message:
      description: What was found, and what to do.
      type: str
    organization_id:
      description: The ID of the organization.
      type: str
    invite:
      description: The invite, as in the input. If the finding is about all invites of an
        organization, one of them. V(null) if the organization could not be read.
      type: dict
"""

from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleFilterError

from ansible_collections.community.cloudflare.plugins.plugin_utils._convert import (
    make_unsafe,
    parse_time,
    to_builtin,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._findings import (
    AuditInput,
    PolicyError,
    evaluate,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime


def invite_findings(
    invites: Sequence[dict[str, Any]],
    time: str | datetime,
    policy: Mapping[str, Any] | None = None,
    unreadable: Sequence[Mapping[str, Any]] = (),
) -> Any:
    audit_input = AuditInput(to_builtin(invites), parse_time(time), to_builtin(unreadable))
    try:
        return make_unsafe(evaluate(audit_input, to_builtin(policy or {})))
    except PolicyError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"invite_findings": invite_findings}
