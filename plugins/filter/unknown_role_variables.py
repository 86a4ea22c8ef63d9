# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find misspelled variables of a role."""

from __future__ import annotations

DOCUMENTATION = r"""
name: unknown_role_variables
short_description: Find misspelled variables of a role
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Returns an error for each variable that a role does not have, with the closest name that it has.
  - The roles of this collection use it, because Ansible ignores variables that are not in the
    argument specification of a role.
positional: known
options:
  _input:
    description: The names of variables.
    type: list
    elements: str
    required: true
  known:
    description: The names of the variables that the role has.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Show the errors
  ansible.builtin.debug:
    msg: "{{ ['my_role_pth'] | community.cloudflare.unknown_role_variables(['my_role_path']) }}"
"""

RETURN = r"""
_value:
  description: The errors.
  type: list
  elements: str
  sample: ["There is no variable my_role_pth. Did you mean my_role_path?"]
"""

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def unknown_role_variables(names: Iterable[str], known: Sequence[str]) -> list[str]:
    return [
        f"There is no variable {name}. "
        f"Did you mean {difflib.get_close_matches(name, known, n=1, cutoff=0)[0]}?"
        for name in sorted(set(names) - set(known))
    ]


class FilterModule:
    def filters(self) -> dict[str, Callable[..., list[str]]]:
        return {"unknown_role_variables": unknown_role_variables}
