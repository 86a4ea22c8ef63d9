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
  - Evaluates invites and members by rules, and builds a report about them.
  - The same input results in the same report, whatever the order of the invites is.
positional: time
options:
  _input:
    description:
      - What was read. Each element has the keys C(source), which is V(user), V(account), or
        V(organization), and C(result), which a module has returned. If the source is V(user), it
        can be the result of a request that failed.
      - The optional key C(ids) has the IDs that were asked for. The optional key C(origin) is
        V(given), the default, or V(discovered).
    type: list
    elements: dict
    required: true
  time:
    description: The time of the audit, as an RFC 3339 timestamp or a datetime. A datetime without a
      time zone is in UTC.
    type: raw
    required: true
  policy:
    description: Changes to the rules, as in P(community.cloudflare.invite_findings#filter).
    type: dict
    default: {}
  members:
    description: Whether members were to be read. If this is not given, they were if there are some.
    type: bool
  waivers:
    description: Findings that are accepted, as in
      P(community.cloudflare.invite_audit#role).
    type: list
    elements: dict
    default: []
  baseline:
    description: The text of an earlier report in the format JSON. If it is not given, all findings
      are new.
    type: str
  title:
    description: The title of the report.
    type: str
    default: Audit of Cloudflare invites
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
    reads: [{source: account, result: "{{ result }}"}]
    report: "{{ reads | community.cloudflare.invite_report('2026-01-31T12:00:00Z') }}"
"""

RETURN = r"""
_value:
  description: The report.
  type: dict
  contains:
    # block: report_fields
    schema_version:
      description: The version of the schema. It increases if a field is renamed or removed,
        or if its meaning changes. It does not increase if a field is added.
      type: int
      sample: 2
    generator:
      description: The C(name) and C(version) of this collection.
      type: dict
    time:
      description: The time of the audit.
      type: str
      sample: "2026-01-31T12:00:00Z"
    title:
      description: The title of the report.
      type: str
    complete:
      description: Whether everything was read completely.
      type: bool
    policy:
      description: All parameters of all rules.
      type: dict
    baseline:
      description: The C(time) and C(title) of the baseline, and whether it C(has_same_scope).
        V(null) if there is no baseline.
      type: dict
    scope:
      description: Each user, account, and organization that was to be read, with C(source),
        C(id), C(name), C(origin), which is V(given) or V(discovered), C(status), which is
        V(read), V(partial), or V(unreadable), C(msg), how completely the C(audit_log) was
        read, the number of C(invites) and C(members), V(null) if it was not read, the
        result of the C(rules) there, and the rules for which Cloudflare does not report
        something (C(not_reported)).
      type: list
      elements: dict
    rules:
      description: Each rule with its C(title), C(why) it matters, its C(severity), and its
        C(result), which is V(failed), V(waived) if all findings are waived, V(passed),
        V(not_assessed), or V(disabled). C(reason) tells why.
        C(assessed) and C(not_assessed) are the numbers of what C(subject) names, and
        C(findings) and C(waived) those of findings.
      type: list
      elements: dict
    findings:
      description: The findings, the most severe first, as in
        P(community.cloudflare.invite_findings#filter).
      type: list
      elements: dict
    resolved:
      description: The findings of the baseline that are gone.
      type: list
      elements: dict
    waivers:
      description: The waivers with their C(status), V(valid) or V(expired), the number of
        C(findings) that they match, and whether they were checked (C(is_checked)), which is
        V(true) if they match a finding, or if their rule was assessed completely where they
        apply.
      type: list
      elements: dict
    summary:
      description: The number of C(invites), C(members), and C(organizations), of invites
        C(by_status), of the C(scope) by status, of C(rules) by result, of C(findings) by
        severity without waived ones, and of C(states). C(first_steps) says what to do
        first. C(gap_message) says how much of the scope was not read completely, or is
        V(null). C(unwaived_gaps) is the number of scope entries that were not read completely
        and are not waived. C(oldest_pending) is the number and age of the oldest pending
        invite, or V(null).
      type: dict
    invites:
      description: The invites and members, each with C(number), C(record), which is V(invite)
        or V(member), C(source), the fields that all modules return, the names of its C(roles)
        and permission groups, and C(age_in_days), which can be V(null).
      type: list
      elements: dict
    # end block
"""

from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleFilterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime


def invite_report(
    reads: Sequence[Mapping[str, Any]],
    time: str | datetime,
    policy: Mapping[str, Any] | None = None,
    members: bool | None = None,
    waivers: Sequence[Mapping[str, Any]] = (),
    baseline: str | None = None,
    title: str | None = None,
) -> Any:
    # Ansible loads all filters of a collection in each task that uses one of them, so each filter
    # imports what it needs when it is called.
    from ansible_collections.community.cloudflare.plugins.plugin_utils._baseline import (
        BaselineError,
        parse_baseline,
    )
    from ansible_collections.community.cloudflare.plugins.plugin_utils._convert import (
        make_unsafe,
        parse_time,
        to_builtin,
    )
    from ansible_collections.community.cloudflare.plugins.plugin_utils._policy import PolicyError
    from ansible_collections.community.cloudflare.plugins.plugin_utils._report import (
        TITLE,
        build_report,
    )
    from ansible_collections.community.cloudflare.plugins.plugin_utils._waivers import WaiverError

    try:
        report = build_report(
            to_builtin(reads),
            parse_time(time),
            policy=to_builtin(policy or {}),
            members=members,
            waivers=to_builtin(waivers),
            baseline=None if baseline is None else parse_baseline(baseline),
            title=TITLE if title is None else str(title),
        )
    except (PolicyError, WaiverError, BaselineError) as error:
        raise AnsibleFilterError(str(error)) from None
    return make_unsafe(report)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"invite_report": invite_report}
