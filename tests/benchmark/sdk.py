# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenarios as a script with the official SDK: ``python sdk.py CONNECTIONS NAME VARIABLES``.

The credentials and the base URL come from the environment. The script imports nothing from the
benchmark, so that it costs what such a script costs. With one connection, it sends one request at a
time.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import httpx
from cloudflare import AsyncCloudflare, DefaultAsyncHttpxClient
from cloudflare.types.user import Invite

PER_PAGE = 50


async def read_invites(client: AsyncCloudflare) -> list[Invite]:
    """Read the first page, and then all others at the same time."""

    async def read_page(page: int) -> Any:
        return await client.user.invites.list(extra_query={"page": page, "per_page": PER_PAGE})

    first = await read_page(1)
    total = first.model_extra["result_info"]["total_pages"]
    others = await asyncio.gather(*(read_page(page) for page in range(2, total + 1)))
    return [invite for page in (first, *others) for invite in page.result]


async def start(client: AsyncCloudflare, variables: dict[str, Any]) -> None:
    for _time in range(variables["times"]):
        await list_invites(client, variables)


async def list_invites(client: AsyncCloudflare, variables: dict[str, Any]) -> None:
    assert len(await read_invites(client)) == variables["invite_count"]


async def respond(client: AsyncCloudflare, variables: dict[str, Any]) -> None:
    names = {rule["organization_name"] for rule in variables["rules"]}
    await asyncio.gather(
        *(
            client.user.invites.edit(invite.id, status="accepted")
            for invite in await read_invites(client)
            if invite.id and invite.status == "pending" and invite.organization_name in names
        )
    )


async def audit(client: AsyncCloudflare, variables: dict[str, Any]) -> None:
    async def read(organization_id: str) -> Any:
        path = f"/organizations/{organization_id}/invites"
        return await client.get(
            path, cast_to=object, options={"params": {"page": 1, "per_page": PER_PAGE}}
        )

    lists = await asyncio.gather(*map(read, variables["organization_ids"]))
    assert sum(len(one["result"]) for one in lists) == variables["invite_count"]


async def accounts(client: AsyncCloudflare, variables: dict[str, Any]) -> None:
    async def read(account_id: str) -> int:
        _account, members = await asyncio.gather(
            client.accounts.get(account_id=account_id),
            client.accounts.members.list(
                account_id=account_id, status="pending", per_page=PER_PAGE
            ),
        )
        return len(members.result)

    counts = await asyncio.gather(*map(read, variables["account_ids"]))
    assert sum(counts) == variables["invite_count"]


async def invite(client: AsyncCloudflare, variables: dict[str, Any]) -> None:
    account_ids, people = variables["account_ids"], variables["people"]
    path = f"/accounts/{account_ids[0]}/roles"
    listed: Any = await client.get(
        path, cast_to=object, options={"params": {"page": 1, "per_page": PER_PAGE}}
    )
    role_ids = {role["name"]: role["id"] for role in listed["result"]}

    async def invite_to(account_id: str) -> int:
        members = await client.accounts.members.list(account_id=account_id, per_page=PER_PAGE)
        emails = {member.email for member in members.result}
        missing = [person for person in people if person["email"] not in emails]
        await asyncio.gather(
            *(
                client.accounts.members.create(
                    account_id=account_id,
                    email=person["email"],
                    roles=[role_ids[role] for role in person["roles"]],
                )
                for person in missing
            )
        )
        return len(missing)

    counts = await asyncio.gather(*map(invite_to, account_ids))
    assert sum(counts) == variables["invite_count"]


async def main() -> None:
    jobs = {one.__name__: one for one in (start, respond, audit, accounts, invite)}
    connections, name, variables_file = sys.argv[1:]
    job = {**jobs, "list": list_invites}[name]
    variables = json.loads(Path(variables_file).read_text(encoding="utf-8"))
    limits = httpx.Limits(max_connections=int(connections))
    async with AsyncCloudflare(http_client=DefaultAsyncHttpxClient(limits=limits)) as client:
        await job(client, variables)


if __name__ == "__main__":
    asyncio.run(main())
