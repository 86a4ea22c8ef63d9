# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs as scripts on Cloudflare's official SDK: ``python sdk.py JOB VARIABLES.json``.

The credentials and the base URL come from the environment. It has no part in the benchmark's
package, so that it costs what such a script costs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from cloudflare import Cloudflare
from cloudflare.types.user import Invite

PER_PAGE = 50


def read_invites(client: Cloudflare) -> list[Invite]:
    """Read all pages. The SDK itself takes the list for one that has a single page."""
    invites: list[Invite] = []
    page = pages = 1
    while page <= pages:
        answer = client.user.invites.list(extra_query={"page": page, "per_page": PER_PAGE})
        invites += answer.result
        pages = (answer.model_extra or {})["result_info"]["total_pages"]
        page += 1
    return invites


def start(client: Cloudflare, variables: dict[str, Any]) -> None:
    for _time in range(variables["times"]):
        assert len(read_invites(client)) == variables["invite_count"]


def list_invites(client: Cloudflare, variables: dict[str, Any]) -> None:
    assert len(read_invites(client)) == variables["invite_count"]


def answer(client: Cloudflare, variables: dict[str, Any]) -> None:
    names = {rule["organization_name"] for rule in variables["rules"]}
    for invite in read_invites(client):
        if invite.id and invite.status == "pending" and invite.organization_name in names:
            client.user.invites.edit(invite.id, status="accepted")


def audit(client: Cloudflare, variables: dict[str, Any]) -> None:
    """Read what the SDK has no method for; it has one for any path."""
    invites: list[Any] = []
    for organization_id in variables["organization_ids"]:
        path = f"/organizations/{organization_id}/invites"
        found: Any = client.get(
            path, cast_to=object, options={"params": {"page": 1, "per_page": PER_PAGE}}
        )
        assert found["result_info"]["total_pages"] == 1
        invites += found["result"]
    assert len(invites) == variables["invite_count"]


def accounts(client: Cloudflare, variables: dict[str, Any]) -> None:
    invites: list[tuple[Any, Any]] = []
    for account_id in variables["account_ids"]:
        account = client.accounts.get(account_id=account_id)
        members = client.accounts.members.list(
            account_id=account_id, status="pending", per_page=PER_PAGE
        )
        # Its iterator would ask for a second page, to find it empty.
        invites += [(account, member) for member in members.result]
    assert len(invites) == variables["invite_count"]


JOBS = {
    "start": start,
    "list": list_invites,
    "answer": answer,
    "audit": audit,
    "accounts": accounts,
}

if __name__ == "__main__":
    with Cloudflare() as cloudflare:
        JOBS[sys.argv[1]](cloudflare, json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
