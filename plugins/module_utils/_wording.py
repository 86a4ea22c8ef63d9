# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How messages speak of invites, so that a person can tell one from another."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from ansible_collections.community.cloudflare.plugins.module_utils._text import quoted, spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ansible_collections.community.cloudflare.plugins.module_utils._shape import Invite

_MOST_LISTED = 20


def describe(invite: Invite) -> str:
    """Return a name for the invite by which a person can tell it from others."""
    return (
        f"The invite {plain(invite['id'])} of organization "
        f"{quoted(invite['organization_name'])} ({plain(invite['organization_id'])}), from "
        f"{quoted(invite['invited_by'])} on {plain(invite['invited_on'])},"
    )


def beware(invites: Sequence[Invite]) -> str:
    """Return a sentence that points out organizations whose name can be taken for another."""
    if not invites:
        return ""
    return f" Beware of a name that only looks alike: {spelling(invites)}."


def spelling(invites: Iterable[Invite]) -> str:
    """Return the invites with their names spelled out, for those that are easily mixed up."""
    return shortened(
        [
            f"{spelled(invite['organization_name'])} ({plain(invite['organization_id'])}, invite "
            f"{plain(invite['id'])}, {plain(invite['status'])}, from "
            f"{quoted(invite['invited_by'])})"
            for invite in invites
        ]
    )


def member_already(joined: Mapping[str, str], reason: str) -> str:
    """Return a warning that a membership counts, though an invite by its name is not meant."""
    return f"{_joined(joined)}. {reason}"


def taken_name(joined: Mapping[str, str], invites: Iterable[Invite]) -> str:
    """Return a warning of invites by the name of an organization that was joined before."""
    return (
        f"{_joined(joined)}, so no other organization of this name was accepted: "
        f"{listed(invites)}. If one is meant all the same, choose it by organization_id."
    )


def _joined(organization: Mapping[str, str]) -> str:
    name, identifier = quoted(organization["name"]), plain(organization["id"])
    return f"The user is a member of {name} ({identifier}) already"


def labels(invites: Iterable[Invite]) -> dict[str, str]:
    """Return the organizations that invite, as messages speak of them, each with its name."""
    return {
        f"{quoted(invite['organization_name'])} ({plain(invite['organization_id'])})": (
            invite["organization_name"] or ""
        )
        for invite in invites
    }


def inviting(names: Mapping[str, str], name: str | None) -> str:
    """Return a sentence on who did invite.

    :param names: the organizations, as ``labels`` returns them.
    :param name: the name that was looked for. Names that begin as it does come first, as what was
        mistyped is among them.
    """
    if not names:
        return "This user has no invite at all."
    wanted = (name or "").strip().lower()

    def likeness(entry: str) -> int:
        pairs = zip(names[entry].lower(), wanted)
        return sum(1 for _letter in takewhile(lambda pair: pair[0] == pair[1], pairs))

    return f"There are invites of {shortened(sorted(names, key=likeness, reverse=True))}."


def listed(invites: Iterable[Invite]) -> str:
    """Return the invites with all that may tell which one is meant."""
    return shortened(
        [
            f"invite {plain(invite['id'])} of organization {quoted(invite['organization_name'])} "
            f"({plain(invite['organization_id'])}), {plain(invite['status'])}, from "
            f"{quoted(invite['invited_by'])} on {plain(invite['invited_on'])}"
            for invite in invites
        ]
    )


def shortened(entries: Sequence[str]) -> str:
    """Return the entries as one text; of very many, how many more there are."""
    more = len(entries) - _MOST_LISTED
    return "; ".join(entries[:_MOST_LISTED]) + (f"; and {more} more" if more > 0 else "")


def plain(text: str | None) -> str:
    """Return a text without quotes, as it is not in anybody's own words: an id, a date."""
    return "unknown" if text is None else quoted(text)[1:-1]
