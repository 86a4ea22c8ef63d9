# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options of modules that gather the invites of many organizations."""

from __future__ import annotations


class ModuleDocFragment:
    # For module_utils/_organizations.py.
    DOCUMENTATION = r"""
options:
  invited_member_email:
    description:
      - Only invites to this address; case does not matter.
    type: str
  unreadable:
    description:
      - What becomes of organizations that cannot be read, as Cloudflare answers 403, 404, or that
        it has no such list.
      - With V(fail), the module fails. With V(report), it returns what can be read, and the others
        under RV(unreadable).
    type: str
    default: fail
    choices: [fail, report]
"""
