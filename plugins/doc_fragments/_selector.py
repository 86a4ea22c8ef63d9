# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options that select invites."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  # block: selector_options
  invite_id:
    description:
      - The ID of the invite.
    type: str
  organization_id:
    description:
      - The ID of the organization.
    type: str
  invited_by:
    description:
      - The sender of the invite, as an email address or a domain such as V(@example.com).
    type: str
  organization_name:
    description:
      - The exact name of the organization.
      - Any user can give it any name.
    type: str
  # end block
    aliases: [name]
"""
