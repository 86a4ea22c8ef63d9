# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what is odd among invites."""

from __future__ import annotations

DOCUMENTATION = r"""
name: invite_findings
short_description: Find what is odd among Cloudflare invites
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Looks through invites, as the modules of this collection return them, for what somebody should
    do something about.
  - All rules but C(expired) and C(unreadable) are about invites that are C(pending). A rule finds
    nothing where Cloudflare does not tell what it needs, such as when an account's invite was sent.
positional: time, policy, unreadable
options:
  _input:
    description: The invites, from any of the modules.
    type: list
    elements: dict
    required: true
  time:
    description: When they are judged, as a timestamp by RFC 3339 or a datetime; a datetime without
      a time zone is in UTC.
    type: raw
    required: true
  policy:
    description:
      - Changes to the rules, by their names. Each rule takes C(enabled), by default V(true), and
        C(severity), one of V(info), V(low), V(medium) and V(high), by default as listed here. What
        is not given stays as it is.
      - "V(confusable_name), high: organizations with an open invite whose name can be taken for
        that of another one with an open or an accepted invite."
      - "V(outside_address), high: invites to addresses outside of C(domains), a list; if it is
        empty, nothing is found."
      - "V(outside_inviter), high: invites from others than C(inviters), a list of addresses and of
        domains as in V(@example.com); if it is empty, nothing is found."
      - "V(privileged_role), medium: invites with a role that matches one of C(roles), a list of
        patterns in which V(*) stands for anything, without regard to case; by default V(*Super
        Administrator*), V(Administrator) and V(Account Administrator)."
      - "V(no_twofactor), medium: organizations that do not demand two-factor authentication."
      - "V(unreadable), medium: organizations that could not be read."
      - "V(lapsing), low: invites that expire within C(hours), by default 24."
      - "V(open_too_long), low: invites that are open for more than C(days), by default 3."
      - "V(invited_twice), low: several invites to one address in one organization."
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
- name: Read the open invites of an account
  community.cloudflare.cf_account_invite_info:
    account_id: 0a000000000000000000000000000099
  register: read

- name: Show what is odd among them
  ansible.builtin.debug:
    msg: "{{ findings | map(attribute='message') }}"
  vars:
    policy:
      outside_address: {domains: [harbor-ops.example]}
      no_twofactor: {enabled: false}
    time: "{{ now(utc=true).isoformat() }}Z"
    findings: "{{ read.invites | community.cloudflare.invite_findings(time, policy) }}"
"""

RETURN = r"""
_value:
  description: What was found, the gravest first.
  type: list
  elements: dict
  contains:
    rule:
      description: The name of the rule.
      type: str
      sample: outside_address
    severity:
      description: How grave it is, one of V(info), V(low), V(medium) and V(high).
      type: str
      sample: high
    message:
      description: What was found, and what to do.
      type: str
    organization_id:
      description: The id of the organization that it is about.
      type: str
    invite:
      description: The invite that it is about, as it was given; V(null) if it is about an
        organization that could not be read. Of what is about all invites of an organization, it is
        one of them.
      type: dict
"""

from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleFilterError

from ansible_collections.community.cloudflare.plugins.plugin_utils._data import (
    parse_time,
    plain,
    untemplated,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._findings import (
    Gathered,
    PolicyError,
    findings,
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
    gathered = Gathered(plain(invites), parse_time(time), plain(unreadable))
    try:
        return untemplated(findings(gathered, plain(policy or {})))
    except PolicyError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"invite_findings": invite_findings}
