# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a report of invites and of what is odd among them."""

from __future__ import annotations

DOCUMENTATION = r"""
name: invite_report
short_description: Make a report of Cloudflare invites
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Makes a report of invites, and of what P(community.cloudflare.invite_findings#filter) has found
    among them. The same input makes the same report, in whatever order the invites come.
positional: findings, time, unreadable
options:
  _input:
    description: The invites, from any of the modules.
    type: list
    elements: dict
    required: true
  findings:
    description: What was found among these invites.
    type: list
    elements: dict
    required: true
  time:
    description: When they were judged, as a timestamp by RFC 3339 or a datetime; a datetime without
      a time zone is in UTC.
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
- name: Read the open invites of an account
  community.cloudflare.cf_account_invite_info:
    account_id: 0a000000000000000000000000000099
  register: read

- name: Show how many are odd, and how much
  ansible.builtin.debug:
    msg: "{{ report.summary }}"
  vars:
    time: "2026-01-31T12:00:00Z"
    findings: "{{ read.invites | community.cloudflare.invite_findings(time) }}"
    report: "{{ read.invites | community.cloudflare.invite_report(findings, time) }}"
"""

RETURN = r"""
_value:
  description: The report.
  type: dict
  contains:
    schema_version:
      description: Is raised whenever something in a report is renamed, removed, or gets another
        meaning; not if something is added.
      type: int
      sample: 1
    time:
      description: When it was judged.
      type: str
      sample: "2026-01-31T12:00:00Z"
    summary:
      description: How many C(invites) and C(organizations) there are, how many invites
        C(by_status), how many C(findings) by severity, and the C(oldest_open) invite, its number
        and age, or V(null).
      type: dict
    findings:
      description: What was found, the gravest first, with C(rule), C(severity), C(message),
        C(organization_id), and the number of the C(invite), or V(null).
      type: list
      elements: dict
    invites:
      description: The invites, each with a C(number), its C(source), the fields that all modules
        return, the names of its C(roles), and its C(age_in_days), or V(null).
      type: list
      elements: dict
    unreadable:
      description: The organizations that could not be read, with C(organization_id) and C(msg).
      type: list
      elements: dict
"""

from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.plugin_utils._data import (
    parse_time,
    plain,
    untemplated,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._report import report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime


def invite_report(
    invites: Sequence[dict[str, Any]],
    findings: Sequence[dict[str, Any]],
    time: str | datetime,
    unreadable: Sequence[Mapping[str, Any]] = (),
) -> Any:
    judged_at = parse_time(time)
    return untemplated(report(plain(invites), plain(findings), plain(unreadable), judged_at))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"invite_report": invite_report}
