# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build a report of invites and findings."""

from __future__ import annotations

DOCUMENTATION = r"""
name: invite_report
short_description: Build a report of Cloudflare invites
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Builds a report from invites and from the findings of
    P(community.cloudflare.invite_findings#filter).
  - The same input results in the same report, whatever the order of the invites is.
positional: findings, time, unreadable
options:
  _input:
    description: The invites, from any of the modules.
    type: list
    elements: dict
    required: true
  findings:
    description: The findings about these invites.
    type: list
    elements: dict
    required: true
  time:
    description: The time of the evaluation, as an RFC 3339 timestamp or a datetime. A datetime
      without a time zone is in UTC.
    type: raw
    required: true
  unreadable:
    description: The organizations that could not be read, as the modules return them.
    type: list
    elements: dict
    default: []
seealso:
  - plugin: community.cloudflare.invite_findings
    plugin_type: filter
  - plugin: community.cloudflare.invite_report_text
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read the pending invites of an account
  community.cloudflare.cf_account_invite_info:
    account_ids: 0a000000000000000000000000000099
  register: result

- name: Show the summary of the report
  ansible.builtin.debug:
    msg: "{{ report.summary }}"
  vars:
    time: "2026-01-31T12:00:00Z"
    findings: "{{ result.invites | community.cloudflare.invite_findings(time) }}"
    report: "{{ result.invites | community.cloudflare.invite_report(findings, time) }}"
"""

RETURN = r"""
_value:
  description: The report.
  type: dict
  contains:
    schema_version:
      description: The version of the schema. It increases if a field is renamed or removed, or if
        its meaning changes. It does not increase if a field is added.
      type: int
      sample: 1
    time:
      description: The time of the evaluation.
      type: str
      sample: "2026-01-31T12:00:00Z"
    summary:
      description: The number of C(invites), of C(organizations), of invites C(by_status), and of
        C(findings) by severity. C(oldest_pending) is the number and age of the oldest pending
        invite, or V(null).
      type: dict
    findings:
      description: The findings, the most severe first, each with C(rule), C(severity), C(message),
        C(organization_id), and C(invite), which is the number of the invite or V(null).
      type: list
      elements: dict
    invites:
      description: The invites, each with C(number), C(source), the fields that all modules return,
        the names of its C(roles), and C(age_in_days), which can be V(null).
      type: list
      elements: dict
    unreadable:
      description: The organizations that could not be read, each with C(organization_id) and
        C(msg).
      type: list
      elements: dict
"""

from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.plugin_utils._convert import (
    make_unsafe,
    parse_time,
    to_builtin,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._report import build_report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime


def invite_report(
    invites: Sequence[dict[str, Any]],
    findings: Sequence[dict[str, Any]],
    time: str | datetime,
    unreadable: Sequence[Mapping[str, Any]] = (),
) -> Any:
    evaluated_at = parse_time(time)
    return make_unsafe(
        build_report(
            to_builtin(invites), to_builtin(findings), to_builtin(unreadable), evaluated_at
        )
    )


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"invite_report": invite_report}
