# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Format a report of invites as JSON, CSV, or HTML."""

from __future__ import annotations

DOCUMENTATION = r"""
name: invite_report_text
short_description: Format a report of Cloudflare invites as JSON, CSV, or HTML
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
      - V(json) is the complete report, with sorted keys.
      - V(csv) has one line for each invite. No cell is a formula in a spreadsheet.
      - V(html) is a page for people. It is one file, and loads nothing from other servers.
    type: str
    required: true
    choices: [json, csv, html]
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
    time: "2026-01-31T12:00:00Z"
    findings: "{{ result.invites | community.cloudflare.invite_findings(time) }}"
    report: "{{ result.invites | community.cloudflare.invite_report(findings, time) }}"
"""

RETURN = r"""
_value:
  description: The text, which ends with a line break.
  type: str
"""

from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleFilterError

from ansible_collections.community.cloudflare.plugins.plugin_utils._convert import (
    make_unsafe,
    to_builtin,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._html import render_html
from ansible_collections.community.cloudflare.plugins.plugin_utils._report import to_csv, to_json

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = {"json": to_json, "csv": to_csv, "html": render_html}


def invite_report_text(report: dict[str, Any], format: str) -> Any:  # noqa: A002 - as Ansible says
    if format not in FORMATS:
        raise AnsibleFilterError(f"{format!r} is no format. Give one of {', '.join(FORMATS)}.")
    return make_unsafe(FORMATS[format](to_builtin(report)))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"invite_report_text": invite_report_text}
