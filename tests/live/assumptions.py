# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of all assumptions that ``make live`` checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from ..contract import Contract
from ..simulator.pagination import DEFAULT_PER_PAGE
from ..simulator.state import INVITE_TTL
from .checks import (
    UNKNOWN_ID,
    Check,
    account_token_fails,
    authenticates,
    describe_id,
    describe_items,
    describe_presence,
    describe_type,
    each,
    errors_match_contract,
    exists,
    expires_after,
    filters_status,
    has_default_page_size,
    has_header,
    has_info,
    has_per_page,
    has_real_id,
    has_retired_organization_invites,
    is_list_of_names,
    keeps_responded_invites,
    lists_accounts_of_memberships,
    matches_contract,
    obeys_pages,
    on_list,
    pending_members_have_no_user,
    permission_actions,
    read_only,
    responds,
    responds_without_credentials,
    total_ignores_filter,
)
from .probe import MEMBERS

INVITES, MEMBERSHIPS, ACCOUNTS = "/user/invites", "/memberships", "/accounts"
ORGANIZATIONS = "/user/organizations"
LISTS = {
    INVITES: "listUserInvites",
    MEMBERSHIPS: "listMemberships",
    ACCOUNTS: "listAccounts",
    MEMBERS: "listAccountMembers",
}
CONTRACT = Contract.load().without_closed_objects()


@dataclass(frozen=True)
class Assumption:
    """What the tests assume of Cloudflare's API.

    :ivar source: documented (D), observed (O), reported (R), or a guess (G).
    :ivar place: what to change if it is contradicted: a setting of the simulator, a part of the
        contract, or a name in a module of the simulator.
    """

    text: str
    source: str
    place: str
    check: Check


def list_assumptions() -> Iterator[Assumption]:
    """Return all assumptions, in the order in which they are checked."""
    yield from _authentication()
    yield from _lists()
    yield from _fields()
    yield from _responses()


def _authentication() -> Iterator[Assumption]:
    schemes = {"token": "An API token", "key": "An email address and API key"}
    for scheme, name in schemes.items():
        place = "contract components/securitySchemes/api" + scheme.capitalize()
        for path in (INVITES, MEMBERSHIPS, ACCOUNTS):
            yield Assumption(f"{name} can read {path}", "D", place, authenticates(scheme, path))
    yield Assumption(
        "A token that belongs to an account cannot read invites and memberships of a user",
        "O",
        "setting account_token_error",
        account_token_fails,
    )
    yield Assumption(
        "A token can respond to an invite", "D", "setting allow_token_patch", read_only
    )
    yield Assumption(
        "A response to an invite that is not pending is an error",
        "G",
        "setting patch_non_pending",
        read_only,
    )


def _lists() -> Iterator[Assumption]:
    for path, operation in LISTS.items():
        place = f"contract {operation}"
        yield Assumption(
            f"{path} has the documented shape", "D, O", place, matches_contract(path, CONTRACT)
        )
        source = "R" if path == INVITES else "D"
        yield Assumption(
            f"{path} obeys page and per_page", source, "setting page_parameters", obeys_pages(path)
        )
        yield Assumption(
            f"{path} has {DEFAULT_PER_PAGE} items on a page by default",
            "D",
            "simulator pagination.DEFAULT_PER_PAGE",
            has_default_page_size(path, DEFAULT_PER_PAGE),
        )
        yield Assumption(
            f"{path} accepts per_page=50",
            "D",
            "setting maximum_per_page",
            on_list(path, lambda response: has_per_page(response, 50)),
        )
    yield Assumption(
        "result_info has total_pages",
        "O",
        "setting result_info",
        on_list(ACCOUNTS, has_info("total_pages")),
    )
    yield Assumption(
        "The members of an account can be filtered by status",
        "D",
        "contract listAccountMembers",
        filters_status,
    )
    yield Assumption(
        "total_count of a filtered list counts all items",
        "D",
        "setting filtered_totals",
        total_ignores_filter,
    )
    yield Assumption(
        "/accounts has all accounts that the user is a member of",
        "D",
        "contract listAccounts",
        lists_accounts_of_memberships,
    )


def _fields() -> Iterator[Assumption]:
    yield Assumption(
        "Invites that were responded to stay in the list",
        "R",
        "contract components/schemas/UserInvite",
        on_list(INVITES, keeps_responded_invites),
    )
    yield Assumption(
        f"An invite expires after {INVITE_TTL.days} days",
        "O",
        "simulator state.INVITE_TTL",
        on_list(INVITES, expires_after(timedelta(days=INVITE_TTL.days))),
    )
    yield Assumption(
        "The roles of an invite of the user are names",
        "D",
        "setting user_roles",
        on_list(INVITES, each("roles", is_list_of_names, describe_items)),
    )
    yield Assumption(
        "The dates of an invite have whole seconds",
        "D",
        "setting fractions_of_a_second",
        on_list(
            INVITES,
            each(
                "invited_on",
                lambda value: isinstance(value, str) and "." not in value,
                lambda value: "with fractions" if "." in str(value) else describe_type(value),
            ),
        ),
    )
    yield Assumption(
        "Memberships have real IDs",
        "D",
        "setting membership_ids",
        on_list(MEMBERSHIPS, each("id", has_real_id, describe_id)),
    )
    yield Assumption(
        "The accounts of memberships have real IDs",
        "D",
        "setting membership_account_ids",
        on_list(MEMBERSHIPS, each("account.id", has_real_id, describe_id)),
    )
    yield Assumption(
        "/accounts tells whether an account enforces two-factor authentication",
        "D, O",
        "contract components/schemas/Account",
        on_list(
            ACCOUNTS,
            each(
                "settings.enforce_twofactor",
                lambda value: value is None or isinstance(value, bool),
                describe_type,
            ),
        ),
    )
    yield Assumption(
        "A member has email itself",
        "D",
        "setting member_email",
        on_list(MEMBERS, each("email", lambda value: isinstance(value, str), describe_presence)),
    )
    yield Assumption(
        "A pending member has no user ID",
        "R",
        "setting pending_users",
        on_list(MEMBERS, pending_members_have_no_user),
    )
    yield Assumption(
        "The permissions of a member's role have edit beside read",
        "O",
        "setting member_permissions",
        on_list(
            MEMBERS,
            each(
                "roles.permissions",
                lambda value: "write" not in permission_actions(value),
                lambda value: "/".join(sorted(permission_actions(value))) or describe_type(value),
            ),
        ),
    )
    yield Assumption(
        "Members have roles, also beside policies",
        "O",
        "setting policies_only",
        on_list(MEMBERS, each("roles", lambda value: isinstance(value, list), describe_presence)),
    )
    yield Assumption(
        "Members have no activation code",
        "D",
        "setting activation_codes",
        on_list(MEMBERS, each("code", lambda value: not isinstance(value, str), describe_presence)),
    )


def _responses() -> Iterator[Assumption]:
    yield Assumption(
        f"{ORGANIZATIONS} still responds",
        "D",
        "contract listUserOrganizations",
        exists(ORGANIZATIONS),
    )
    yield Assumption(
        f"The IDs in {ORGANIZATIONS} are real",
        "G",
        "setting membership_account_ids",
        on_list(ORGANIZATIONS, each("id", has_real_id, describe_id)),
    )
    yield Assumption(
        "The API of an organization's invites is not available any more",
        "O",
        "setting organization_invites_retired",
        has_retired_organization_invites,
    )
    yield Assumption(
        "Without Organizations (beta), /organizations responds with 403 and 10000",
        "O",
        "contract listOrganizations",
        responds("/organizations", 403, [10000]),
    )
    unknown = {"unknown_id": UNKNOWN_ID}
    yield Assumption(
        "An unknown invite is 404, code 1003",
        "R",
        "simulator errors.unknown",
        responds("/user/invites/{unknown_id}", 404, [1003], **unknown),
    )
    yield Assumption(
        "An unknown account is 404, code 1003",
        "R",
        "simulator errors.unknown",
        responds("/accounts/{unknown_id}", 404, [1003], **unknown),
    )
    yield Assumption(
        "A malformed ID of an invite is 400, code 7003",
        "O",
        "simulator errors.no_route",
        responds("/user/invites/{malformed_id}", 400, [7003], malformed_id="x"),
    )
    yield Assumption(
        "A malformed ID of an account is 400, code 7003",
        "O",
        "simulator errors.no_route",
        responds("/accounts/{malformed_id}/members", 400, [7003], malformed_id="x"),
    )
    yield Assumption(
        "A request without credentials is 400, code 9106",
        "O",
        "simulator errors.missing_credentials",
        responds_without_credentials,
    )
    yield Assumption(
        "The body of each error has the documented shape",
        "D, O",
        "contract components/schemas/Failure",
        errors_match_contract(CONTRACT),
    )
    yield Assumption(
        "Responses have the header CF-Ray",
        "O",
        "contract components/headers/CF-Ray",
        has_header("CF-Ray", r"[0-9a-f]{16}-[A-Z]{3}"),
    )
    yield Assumption(
        "Responses have the header Ratelimit",
        "D, O",
        "setting ratelimit_headers",
        has_header("Ratelimit", r'"[\w-]+";r=\d+;t=\d+'),
    )
