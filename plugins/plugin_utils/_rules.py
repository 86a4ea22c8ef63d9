# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of audit rules.

tests/tools/update_docs.py writes it into the documentation, so this file imports only Python's
standard library. _checks.py has a function for each rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SEVERITIES = ("info", "low", "medium", "high")
# In days or hours; a timedelta cannot hold a thousand times as many days.
MAX_DURATION = 1_000_000

PRIVILEGED_ROLES = ["*Super Administrator*", "Administrator", "Account Administrator"]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a rule.

    :ivar is_required: without a value, the rule is disabled.
    """

    name: str
    default: Any
    description: str
    is_required: bool = False


@dataclass(frozen=True)
class Rule:
    """An audit rule.

    :ivar why: why a finding matters, in one sentence.
    :ivar finds: what the rule finds, for the documentation.
    :ivar subject: what the rule assesses, in the singular.
    :ivar missing: what Cloudflare omits if a subject cannot be assessed.
    """

    name: str
    title: str
    severity: str
    finds: str
    why: str
    subject: str = "pending invite"
    missing: str = ""
    parameters: tuple[Parameter, ...] = ()


def _domains(what: str) -> Parameter:
    return Parameter(
        "domains",
        [],
        f"The permitted domains of {what}, such as V(example.com). If the list is empty, the rule "
        "is disabled.",
        is_required=True,
    )


_ROLES = Parameter(
    "roles",
    PRIVILEGED_ROLES,
    "Patterns of the names of privileged roles and permission groups. V(*) matches any text. Case "
    "does not matter.",
)

RULES = {
    rule.name: rule
    for rule in (
        Rule(
            "unreadable",
            "Incomplete audit",
            "high",
            "Users, accounts, and organizations that could not be read, or only in part.",
            "What could not be read was not audited.",
            subject="user, account, or organization",
        ),
        Rule(
            "lookalike_name",
            "Look-alike organization names",
            "high",
            "Pending invites of organizations whose name is the same as, or looks like, that of "
            "another organization in the scope, or with a pending or an accepted invite.",
            "A user who mistakes one organization for another can join that of an attacker.",
            subject="pending or accepted invite",
            missing="the name of the organization",
        ),
        Rule(
            "external_invitee",
            "Invites to other domains",
            "high",
            "Invites to email addresses outside of the permitted domains.",
            "The invited user gets access, but is not managed by your organization.",
            missing="the invited address",
            parameters=(_domains("invited users"),),
        ),
        Rule(
            "unapproved_inviter",
            "Invites from unapproved senders",
            "high",
            "Invites from senders that are not permitted.",
            "Any Cloudflare user can send invites, so one from an unknown sender can be an attack.",
            missing="the sender",
            parameters=(
                Parameter(
                    "inviters",
                    [],
                    "The permitted senders, as email addresses or domains such as V(@example.com). "
                    "If the list is empty, the rule is disabled.",
                    is_required=True,
                ),
            ),
        ),
        Rule(
            "external_member",
            "Members from other domains",
            "high",
            "Members with email addresses outside of the permitted domains.",
            "The member has access, but is not managed by your organization.",
            subject="member",
            missing="the address of the member",
            parameters=(_domains("members"),),
        ),
        Rule(
            "privileged_role",
            "Invites with privileged roles",
            "medium",
            "Invites that grant a privileged role.",
            "Any user who can read the mailbox of the invited user can take over the account.",
            missing="the roles",
            parameters=(_ROLES,),
        ),
        Rule(
            "twofactor_not_enforced",
            "Invites without enforced two-factor authentication",
            "medium",
            "Organizations with pending invites that do not enforce two-factor authentication.",
            "Without it, a stolen password is enough to get the access of a member.",
            missing="whether the organization enforces two-factor authentication",
        ),
        Rule(
            "member_without_twofactor",
            "Members without two-factor authentication",
            "medium",
            "Members who have not turned on two-factor authentication themselves.",
            "A stolen password is enough to get the access of the member.",
            subject="member",
            missing="whether the member uses two-factor authentication",
        ),
        Rule(
            "expired_waiver",
            "Expired waivers",
            "medium",
            "Waivers whose expiry date has passed.",
            "The risk was accepted until a date that has passed.",
            subject="waiver",
        ),
        Rule(
            "privileged_member",
            "Members with privileged roles",
            "low",
            "Members who have a privileged role.",
            "Each of these members can take over the account, so there should be few.",
            subject="member",
            missing="the roles",
            parameters=(_ROLES,),
        ),
        Rule(
            "expiring_soon",
            "Invites that expire soon",
            "low",
            "Invites that expire soon.",
            "After an invite has expired, the user needs a new one.",
            missing="when the invite expires",
            parameters=(
                Parameter(
                    "hours", 24, "The number of hours before the expiry, from V(0) to V(1000000)."
                ),
            ),
        ),
        Rule(
            "stale",
            "Stale invites",
            "low",
            "Invites that have been pending for too long.",
            "An invite that is not needed still gives access to any user who can read the mailbox.",
            missing="when the invite was sent",
            parameters=(
                Parameter(
                    "days",
                    3,
                    "The number of days since the invite was sent, from V(0) to V(1000000).",
                ),
            ),
        ),
        Rule(
            "duplicate_invite",
            "Duplicate invites",
            "low",
            "Several pending invites to one email address in one organization.",
            "If one of them is canceled, the others still give access.",
            missing="the invited address or the organization",
        ),
        Rule(
            "expired",
            "Expired invites",
            "info",
            "Invites that have expired.",
            "The user did not get the access that the organization has offered.",
            subject="pending or expired invite",
            missing="when the invite expires",
        ),
    )
}
