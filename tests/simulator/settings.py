# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings for behavior of Cloudflare that varies or is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Literal, get_args, get_origin, get_type_hints

ResultInfo = dict[str, Any]


@dataclass
class Settings:
    """How the simulator behaves. Assigning an unknown name or choice is an error."""

    # Time and limits
    latency: float = 0.0
    """Real seconds before each response."""
    rate_limit_requests: int = 1200
    """Requests that a user can send within the window, over all credentials."""
    rate_limit_window: float = 300.0
    """Length of the window in seconds, and of the wait after exceeding the limit."""
    ratelimit_headers: Literal["true", "unrelated", "omitted"] = "true"
    """Whether ``Ratelimit`` has the real budget, another one, or is not sent."""

    # Envelope
    omit_messages: bool = False
    """Send no ``messages``."""
    empty_list_is_null: bool = False
    """Send ``result: null`` for an empty list."""
    failure_result: Literal["null", "empty list"] = "null"
    """The ``result`` of a failure."""
    example_errors: bool = False
    """Fill ``errors`` and ``messages`` of a success, as the documentation's examples do."""

    # Invites
    user_roles: Literal["names", "objects"] = "names"
    """The shape of ``roles`` in a user's invites."""
    member_permissions: Literal["edit", "write"] = "edit"
    """What the permissions of a role of an account's member have beside ``read``."""
    member_email: Literal["both", "user"] = "both"
    """Whether an account's member has ``email`` itself, or only in its ``user``."""
    pending_users: Literal["null", "empty", "zeros", "omitted"] = "null"
    """The ID of the user of a pending member; or no ``user`` at all, and ``email`` in any case."""
    policies_only: bool = False
    """Send members and memberships with ``policies`` alone, without roles and permissions."""
    roles_only: bool = False
    """Send members with ``roles`` alone, without policies."""
    fractions_of_a_second: bool = False
    """Send dates with microseconds."""
    show_withdrawn_to_user: bool = False
    """Show canceled and left invites to the user as well as to the organization."""
    missing_fields: Literal["omitted", "null"] = "omitted"
    """How a field that an invite lacks is sent (``missing_fields`` of an invite)."""
    activation_codes: bool = False
    """Send the activation ``code``, which is a secret, with invites and members."""

    # Names and IDs
    name_form: Literal["as given", "NFC", "NFD"] = "as given"
    """The Unicode form in which the names of organizations are sent."""
    uppercase_ids: bool = False
    """Send hexadecimal IDs in upper case, and accept them in any case."""
    membership_ids: Literal["real", "0", "empty", "zeros"] = "real"
    """The ``id`` of each item in the list of memberships."""
    membership_account_ids: Literal["real", "0", "empty", "zeros"] = "real"
    """The ID of the account in the lists of memberships and of the user's organizations."""

    # Pages
    maximum_per_page: int = 50
    """What a larger ``per_page`` is capped to."""
    page_parameters: Literal["honored", "ignored", "everything"] = "honored"
    """``ignored`` always sends page 1 of the default size, ``everything`` all items."""
    result_info: Literal["with total_pages", "without total_pages", "omitted"] = "with total_pages"
    """Which fields ``result_info`` has."""
    per_page_info: Literal["applied", "requested", "omitted"] = "applied"
    """The ``per_page`` in ``result_info`` if ``maximum_per_page`` has capped the request."""
    reverse_lists: bool = False
    """Send the items of each list in reverse order."""
    repeat_first_item: bool = False
    """Send the first item of each list once more at its end."""
    filtered_totals: Literal["unfiltered", "filtered"] = "unfiltered"
    """What ``total_count`` and ``total_pages`` count in a filtered list."""
    result_info_override: Callable[[ResultInfo], Any] = lambda info: info
    """Rewrites ``result_info`` before it is sent."""

    # Audit logs
    audit_log_email: Literal["request", "omitted"] = "request"
    """Where an entry of the audit log has the address of the invited user."""
    audit_log_member_id: Literal["response", "result", "resource", "omitted"] = "response"
    """Where an entry of the audit log has the ID of the member."""
    audit_log_actor: Literal["user", "token"] = "user"
    """Who has sent the invites; an account-owned token has no address."""
    audit_log_end: Literal["omitted", "empty", "repeated", "empty page"] = "omitted"
    """The cursor of the last page; ``empty page`` has a cursor to one more page."""
    audit_log_limit: int = 1000
    """What a larger ``limit`` is capped to."""
    audit_log_count: Literal["number", "text"] = "number"
    """The type of ``result_info.count``."""

    # Credentials
    allow_token_patch: bool = True
    """Whether an API token can send PATCH. If not: HTTP 405, code 10000."""
    account_token_error: Literal["9106", "9109", "10001"] = "9106"
    """The code for a token that belongs to an account on a path of users."""

    # Operations
    patch_non_pending: Literal["error", "overwrite", "keep"] = "error"
    """PATCH of an invite that is not pending: HTTP 400; HTTP 200 and the status is overwritten;
    HTTP 200 and the status is kept."""
    organization_invites_retired: bool = False
    """Respond to the list of an organization with "no route"."""
    memberships_retired: bool = False
    """Respond to the list of memberships with "no route"."""

    # Members of an account
    expired_invites_block: bool = False
    """Reject a new invite to an address whose last invite has expired, and is in no list."""
    read_lag: float = 0.0
    """Seconds for which reads of an account's members do not show a change."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in TYPES:
            raise AttributeError(f"Unknown setting {name!r}. Use one of {', '.join(TYPES)}")
        if name in CHOICES and value not in CHOICES[name]:
            raise ValueError(f"Setting {name} must be one of {CHOICES[name]}, not {value!r}")
        super().__setattr__(name, value)


TYPES = get_type_hints(Settings)
CHOICES = {name: get_args(kind) for name, kind in TYPES.items() if get_origin(kind) is Literal}
