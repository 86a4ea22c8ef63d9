# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Format a report of invites as HTML, CSV, JSON, Markdown, or JUnit XML."""

from __future__ import annotations

DOCUMENTATION = r"""
name: invite_report_text
short_description: Format a report of Cloudflare invites as HTML, CSV, JSON, Markdown, or JUnit XML
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Formats a report of P(community.cloudflare.invite_report#filter).
positional: format
options:
  _input:
    description: The report.
    type: dict
    required: true
  format:
    description:
      # block: report_formats
      - V(html) is a page for people. It is one file, and loads nothing from other servers.
      - V(csv) has one line for each record. The column C(record) is V(audit), V(scope),
        V(rule), V(finding), V(waiver), V(invite), or V(member). No cell is a formula in a
        spreadsheet.
      - V(json) is the complete report, with sorted keys.
      - V(markdown) is a summary for a merge request, a ticket, or a job summary.
      - V(junit) has one test case for each rule and account, in XML. A case fails if the rule
        has findings that are not waived. It is skipped if all of its findings are waived, or
        if the rule has assessed nothing.
      # end block
    type: str
    required: true
    choices: [html, csv, json, markdown, junit]
notes:
  - In ansible-core 2.16 to 2.18, a template that results in JSON becomes a data structure. To keep
    the text, add C(| string).
seealso:
  - plugin: community.cloudflare.invite_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read the pending invites of an account
  community.cloudflare.cf_account_invite_info:
    account_ids: 0a000000000000000000000000000099
  register: result

- name: Write a report as a page
  ansible.builtin.copy:
    content: "{{ report | community.cloudflare.invite_report_text('html') }}"
    dest: report.html
    mode: "0600"
  vars:
    reads: [{source: account, result: "{{ result }}"}]
    report: "{{ reads | community.cloudflare.invite_report('2026-01-31T12:00:00Z') }}"
"""

RETURN = r"""
_value:
  description: The text, which ends with a line break.
  type: str
"""

from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleFilterError

if TYPE_CHECKING:
    from collections.abc import Callable


def invite_report_text(report: dict[str, Any], format: str) -> Any:  # noqa: A002 - as Ansible says
    # Ansible loads all filters of a collection in each task that uses one of them, so each filter
    # imports what it needs when it is called.
    from ansible_collections.community.cloudflare.plugins.plugin_utils._convert import (
        make_unsafe,
        to_builtin,
    )
    from ansible_collections.community.cloudflare.plugins.plugin_utils._formats import FORMATS

    if format not in FORMATS:
        raise AnsibleFilterError(f"{format!r} is no format. Give one of {', '.join(FORMATS)}.")
    return make_unsafe(FORMATS[format](to_builtin(report)))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"invite_report_text": invite_report_text}
