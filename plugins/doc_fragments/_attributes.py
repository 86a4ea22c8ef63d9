# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of attributes that modules share."""

from __future__ import annotations


class ModuleDocFragment:
    # The action group, which all modules are in.
    ACTIONGROUP = r"""
attributes:
  action_group:
    description: Use C(group/community.cloudflare.cloudflare) in C(module_defaults) to set defaults
      for this module.
    support: full
    membership:
      - community.cloudflare.cloudflare
"""

    # For modules that only read.
    INFO_MODULE = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying
      target.
    support: full
    details:
      - This module does not change anything.
  diff_mode:
    description: Returns details on what has changed (or possibly needs changing in C(check_mode)),
      when in diff mode.
    support: N/A
    details:
      - This module does not change anything.
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second
      invocation indicates no change.
    support: full
    details:
      - This module does not change anything.
"""

    # For modules that respond to invites.
    MODIFY_MODULE = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying
      target.
    support: full
  diff_mode:
    description: Returns details on what has changed (or possibly needs changing in C(check_mode)),
      when in diff mode.
    support: full
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second
      invocation indicates no change.
    support: full
"""
