# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scope of an audit: which users, accounts, and organizations were read, and how completely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.community.cloudflare.plugins.plugin_utils._checks import (
    ScopeEntry,
    pluralize,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._findings import (
    ScopeKey,
    scope_key,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._rows import Row, is_member

_SOURCES = ("user", "account", "organization")


def build_scope(
    reads: Iterable[Mapping[str, Any]],
    rows: Sequence[Row],
    baseline: Mapping[str, Any] | None = None,
) -> list[ScopeEntry]:
    """Return an entry for each user, account, and organization that was to be read.

    :param reads: what was read, as for ``build_report``.
    :param rows: all rows of it.
    :param baseline: an earlier report, which can have the name of what could not be read now.
    """
    entries: dict[ScopeKey, ScopeEntry] = {}
    with_rows = {scope_key(row["source"], row["organization_id"]) for row in rows}
    for read in reads:
        _add_read(entries, read, with_rows)
    for row in rows:
        entry = _entry(entries, row["source"], row["organization_id"], "given")
        entry["members" if is_member(row) else "invites"] += 1
        if row["source"] != "user":
            entry["name"] = entry["name"] or row["organization_name"]
    _name_user(entries, rows)
    _name_from_baseline(entries, baseline or {})
    for entry in entries.values():
        if entry["status"] == "unreadable":
            # There can be some.
            entry["invites"] = entry["members"] = None
    return sorted(
        entries.values(),
        key=lambda entry: (
            _SOURCES.index(entry["source"]) if entry["source"] in _SOURCES else len(_SOURCES),
            (entry["name"] or "").casefold(),
            entry["id"] or "",
        ),
    )


def scope_noun(scope: Iterable[ScopeEntry]) -> str:
    """Return what to call an entry of this scope, in the singular."""
    kinds = {(entry["source"], entry["id"] is None) for entry in scope}
    return "account" if kinds == {("account", False)} else "scope entry"


def describe_gaps(scope: Sequence[ScopeEntry], waived: int) -> str | None:
    """Return how many entries were not read completely, and how many of these are waived."""
    gaps = sum(entry["status"] != "read" for entry in scope)
    if not gaps:
        return None
    total = pluralize(len(scope), scope_noun(scope))
    note = f" {waived:,} of them {'is' if waived == 1 else 'are'} waived." if waived else ""
    return f"{gaps:,} of {total} could not be read, or only in part.{note}"


def _add_read(
    entries: dict[ScopeKey, ScopeEntry], read: Mapping[str, Any], with_rows: set[ScopeKey]
) -> None:
    source, result, origin = read["source"], read["result"], read.get("origin") or "given"
    if source == "user":
        entry = _entry(entries, source, None, origin)
        if "failure" in result:
            entry.update(status="unreadable", msg=result["msg"])
    for identifier in read.get("ids") or ():
        _entry(entries, source, identifier, origin)
    for account in result.get("accounts") or ():
        _entry(entries, source, account["id"], origin)["name"] = account.get("name")
    for log in result.get("audit_logs") or ():
        _entry(entries, source, log["organization_id"], origin)["audit_log"] = log["status"]
    readable = {account["id"] for account in result.get("accounts") or ()}
    for key, default in (("unreadable", "unreadable"), ("incomplete", "partial")):
        for gap in result.get(key) or ():
            identifier = gap["organization_id"]
            entry = _entry(entries, source, identifier, origin)
            entry["name"] = entry["name"] or gap.get("organization_name")
            # Of an account that cannot be read itself, the members can be known nevertheless.
            is_partial = (
                default == "partial"
                or identifier in readable
                or scope_key(source, identifier) in with_rows
            )
            if entry["status"] != "unreadable":
                entry["status"] = "partial" if is_partial else "unreadable"
            entry["msg"] = " ".join(filter(None, (entry["msg"], gap["msg"])))


def _entry(
    entries: dict[ScopeKey, ScopeEntry], source: str, identifier: str | None, origin: str
) -> ScopeEntry:
    return entries.setdefault(
        scope_key(source, identifier),
        {
            "source": source,
            "id": None if source == "user" else identifier,
            "name": None,
            "origin": origin,
            "status": "read",
            "msg": None,
            "audit_log": None,
            "invites": 0,
            "members": 0,
        },
    )


def _name_user(entries: Mapping[ScopeKey, ScopeEntry], rows: Iterable[Row]) -> None:
    """Identify the user by the invites: Cloudflare's list does not say whose it is."""
    user = entries.get(("user", None))
    if user is None:
        return
    own = [row for row in rows if row["source"] == "user"]
    for name, key in (("id", "invited_member_id"), ("name", "invited_member_email")):
        values = {row[key] for row in own} - {None}
        if len(values) == 1:
            user[name] = values.pop()


def _name_from_baseline(
    entries: Mapping[ScopeKey, ScopeEntry], baseline: Mapping[str, Any]
) -> None:
    for before in baseline.get("scope") or ():
        entry = entries.get(scope_key(before["source"], before["id"]))
        # The user can be another one now.
        if entry is not None and entry["source"] != "user":
            entry["name"] = entry["name"] or before.get("name")
