# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules share that gather the invites of many organizations at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._answer import CloudflareError
from ansible_collections.community.cloudflare.plugins.module_utils._messages import invalid_id
from ansible_collections.community.cloudflare.plugins.module_utils._module import TaskError
from ansible_collections.community.cloudflare.plugins.module_utils._text import is_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

UNKNOWN_CREDENTIALS = 9103

# Documented in plugins/doc_fragments/_organizations.py.
OPTIONS: dict[str, dict[str, Any]] = {
    "invited_member_email": {"type": "str"},
    "ignore_unreadable": {"type": "bool", "default": False},
}


def wanted_ids(options: Mapping[str, Any], option: str) -> list[str]:
    """Return the IDs that a task gives, each once.

    :raises TaskError: if one cannot be an ID of Cloudflare.
    """
    ids = list(dict.fromkeys(options[option]))
    for one in ids:
        if not is_id(one):
            raise TaskError(invalid_id(option, one))
    return ids


def concerns_one(error: CloudflareError) -> bool:
    """Tell whether an error is about one organization, and others may be readable all the same."""
    return error.not_found or (
        error.http_status in (403, 404) and UNKNOWN_CREDENTIALS not in error.codes
    )


def unreadable(found: Iterable[tuple[str, object]]) -> list[dict[str, Any]]:
    """Return what a module says of those organizations for which an error was found."""
    return [
        {"organization_id": organization_id, "msg": one.message, "failure": one.details}
        for organization_id, one in found
        if isinstance(one, CloudflareError)
    ]
