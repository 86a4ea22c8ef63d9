# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options of modules that list the invites of several organizations."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  invited_member_email:
    description:
      - Return only invites to this email address. Case does not matter.
    type: str
  ignore_unreadable:
    description:
      - Whether to continue if Cloudflare responds with HTTP 403 or 404 for an organization, does
        not have the API for it, or still responds with a server error (HTTP 5xx) after all retries.
      - If V(true), the module returns the invites of the other organizations, and lists the
        organization under RV(unreadable). If no organization can be read, RV(invites) is empty, and
        the module does not fail.
      - The module always fails if the email address or the key is unknown (code 9103).
    type: bool
    default: false
"""
