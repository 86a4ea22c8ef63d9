# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles and permission groups, as far as they are special."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._invite import list_or_empty
from ansible_collections.community.cloudflare.plugins.module_utils._text import skeletons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Role IDs are the same in every account.
SUPER_ADMINISTRATOR_ID = "33666b9c79b9a5273fc7344ff42f953d"


def _letters(name: str) -> set[str]:
    """Return the letters of a name as look-alikes are compared, without spaces and punctuation."""
    return {"".join(filter(str.isalnum, skeleton)) for skeleton in skeletons(name)}


_SUPER_ADMINISTRATOR = tuple(_letters("Super Administrator"))


def is_super_administrator(role: object) -> bool:
    """Tell whether a role or a permission group, by name or ID, has all privileges.

    The name is "Super Administrator - All Privileges" in full, and is compared as look-alikes are.
    """
    if not isinstance(role, str):
        return False
    return role.strip().lower() == SUPER_ADMINISTRATOR_ID or any(
        letters.startswith(_SUPER_ADMINISTRATOR) for letters in _letters(role)
    )


def list_dicts(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list; none if the value is no list."""
    return [item for item in list_or_empty(value) if isinstance(item, dict)]


def permission_groups(policies: object) -> list[object]:
    """Return the permission groups of policies; None stands for what is not as documented."""
    groups: list[object] = []
    for policy in as_list(policies):
        found = policy.get("permission_groups") if isinstance(policy, dict) else None
        groups += found if isinstance(found, list) else [None]
    return groups


def as_list(value: object) -> list[Any]:
    """Return a list as it is, null as an empty list, and anything else as its only item."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def role_labels(items: Iterable[object]) -> list[str]:
    """Return the names and IDs of roles, which are names or objects."""
    labels: list[str] = []
    for item in items:
        values: Iterable[object] = (item,)
        if isinstance(item, dict):
            fields: Mapping[str, object] = item
            values = (fields.get("name"), fields.get("id"))
        labels += [value for value in values if isinstance(value, str) and value]
    return labels
