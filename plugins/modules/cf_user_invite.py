#!/usr/bin/python
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accept or reject an invite to an organization."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cf_user_invite
short_description: Accept or reject a Cloudflare invite
version_added: 1.0.0
author:
  - community.cloudflare contributors (@ansible-collections)
description:
  - Accepts or rejects an invite that an organization has sent to a Cloudflare user.
  - The invite is chosen by its id, or by its organization. By organization, only the newest invite
    of each organization counts, and of these an open one; if the invites of several organizations
    are open, nothing is answered. Nor is anything answered by a list that is not whole.
  - An invite that is already as wanted is left alone.
  - Cloudflare forgets invites after some time. If an organization that is named has no invite, but
    the user is a member of it, O(state=accepted) holds. By O(invite_id) this cannot be known, so
    that choice fails once the invite is forgotten; and so does O(state=rejected), where a rule of
    M(community.cloudflare.cf_user_invites) would hold.
extends_documentation_fragment:
  - community.cloudflare._auth
  - community.cloudflare._attributes.actiongroup
  - community.cloudflare._attributes.answers
options:
  state:
    description:
      - V(accepted) makes the user a member of the organization. An invite that was rejected, has
        expired, was canceled, or whose organization was left, cannot be accepted; this fails.
      - V(rejected) declines the invite. An invite that is not open any more has nothing to reject,
        which is no change; but one that was accepted cannot be rejected, and this fails.
    type: str
    required: true
    choices: [accepted, rejected]
  invite_id:
    description:
      - The id of the invite.
      - Exactly one of O(invite_id), O(organization_id) and O(organization_name) is required.
    type: str
  organization_id:
    description:
      - The id of the organization that has sent the invite.
    type: str
  organization_name:
    description:
      - The name of the organization that has sent the invite, exactly as it stands there; only
        white space around it does not matter.
      - Anybody can give an organization any name, and invite anybody. Where it matters whose member
        the user becomes, use O(organization_id), or narrow the name by O(invited_by).
      - If the user has accepted the invite of an organization of this name, or is a member of one,
        O(state=accepted) holds, and another organization of the same name is warned of but not
        accepted. To accept it, too, use O(organization_id) or O(invited_by).
    type: str
  invited_by:
    description:
      - Who must have sent the invite, an address, or a whole domain as in V(@example.com); case
        does not matter.
      - Of several organizations of one name, this finds the right one. If none of the invites was
        sent from there, the module fails, unless the user is a member of another organization of
        that name already.
      - A variable that is V(null) counts as not given, and then nothing is narrowed.
    type: str
seealso:
  - module: community.cloudflare.cf_user_invite_info
"""

EXAMPLES = r"""
- name: Accept the invite of an organization, if it comes from its own domain
  community.cloudflare.cf_user_invite:
    organization_name: Acme Logistics
    invited_by: "@acme-logistics.example"
    state: accepted

- name: Accept the invite of the organization that has this id
  community.cloudflare.cf_user_invite:
    api_email: "{{ cloudflare_email }}"
    api_key: "{{ cloudflare_api_key }}"
    organization_id: 0a000000000000000000000000000001
    state: accepted

- name: Reject a single invite
  community.cloudflare.cf_user_invite:
    invite_id: 1b000000000000000000000000000022
    state: rejected
"""

RETURN = r"""
invite:
  description: The invite as it is after the task; in check mode, as it would be. V(null) if the
    user is a member of the organization already and none of its invites is left.
  returned: success
  type: dict
  contains:
    id:
      description: The id of the invite.
      type: str
      sample: 4f5f0c14a2a41d5063dd301b2f829f04
    organization_id:
      description: The id of the organization that the user is invited to.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    organization_name:
      description: The name of that organization. Anybody can choose any name.
      type: str
      sample: Cloudflare, Inc.
    organization_is_enforcing_twofactor:
      description: Whether the organization demands two-factor authentication of its members.
      type: bool
      sample: true
    status:
      description: The status of the invite, V(accepted) or V(rejected), or another one that is not
        open any more.
      type: str
      sample: accepted
    roles:
      description: The names of the roles that the user gets.
      type: list
      elements: str
      sample: [Account Administrator]
    invited_by:
      description: The e-mail address of the user who has sent the invite.
      type: str
      sample: user@example.com
    invited_on:
      description: When the invite was sent, as a timestamp by RFC 3339.
      type: str
      sample: "2014-01-01T05:20:00Z"
    expires_on:
      description: When the invite stops being open, as a timestamp by RFC 3339.
      type: str
      sample: "2014-01-05T05:20:00Z"
    invited_member_id:
      description: The id of the invited user.
      type: str
      sample: 5a7805061c76ada191ed06f989cc3dac
    invited_member_email:
      description: The e-mail address of the invited user.
      type: str
      sample: user@example.com
previous_status:
  description: The status of the invite before the task, V(null) if there is no invite any more. If
    somebody else has answered the invite meanwhile, the status that this has given it.
  returned: success
  type: str
  sample: pending
failure:
  description:
    - What Cloudflare said, if a request has failed.
    - A failed task that is not V(changed) has changed nothing. One that is V(changed) may have
      answered the invite; its message says what is known, and running it again finds out.
  returned: if a request to Cloudflare has failed
  type: dict
  contains:
    http_status:
      description: The HTTP status of the answer. V(null) if there was no answer.
      type: int
      sample: 403
    errors:
      description: The errors of the API, with their code and message and whatever else it said.
      type: list
      elements: dict
      sample:
        - code: 9109
          message: Unauthorized to access requested resource
    ray_id:
      description: The C(CF-Ray) of the answer, which Cloudflare's support asks for.
      type: str
      sample: 8f2b6f2bce7ee9a4-FRA
    retry_after:
      description: In how many seconds to come back, if Cloudflare said so.
      type: int
      sample: 300
"""

from typing import TYPE_CHECKING, Any

from ansible_collections.community.cloudflare.plugins.module_utils._answer import CloudflareError
from ansible_collections.community.cloudflare.plugins.module_utils._invites import (
    Known,
    Missing,
    Refusal,
    Selector,
    diff,
    joined_by_name,
    membership,
    plan,
)
from ansible_collections.community.cloudflare.plugins.module_utils._membership import (
    organizations_of_user,
)
from ansible_collections.community.cloudflare.plugins.module_utils._module import (
    TaskError,
    run_module,
)
from ansible_collections.community.cloudflare.plugins.module_utils._shape import (
    user_invite,
)
from ansible_collections.community.cloudflare.plugins.module_utils._wording import (
    member_already,
    taken_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.community.cloudflare.plugins.module_utils._cloudflare import Client

SELECTORS = ("invite_id", "organization_id", "organization_name")


def run(client: Client, options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    given = [name for name in SELECTORS if options[name] is not None]
    if len(given) != 1:
        # Ansible counts an option as given even if a variable has left it without a value.
        raise TaskError(f"Give exactly one of {', '.join(SELECTORS)}, with a value.")
    selector = Selector.of(options)
    complaint = selector.complaint()
    if complaint:
        raise TaskError(complaint)
    known = Known([user_invite(raw) for raw in _read(client, selector)])
    if options["state"] == "accepted" and known.may_be_taken(selector):
        joined = joined_by_name(organizations_of_user(client), selector, known)
        if joined:
            client.warnings.append(taken_name(joined, known.selected_by(selector)))
            return _member_already()
    plans = plan(known, selector, options["state"])
    if isinstance(plans, Missing) and options["state"] == "accepted":
        return _without_invite(client, selector, plans)
    if isinstance(plans, Refusal):
        raise TaskError(plans.message)
    [decision] = plans
    client.warnings.extend(decision.warnings)
    invite, after, changed = decision.invite, decision.after, decision.changes
    if changed and not check_mode:
        answer, changed = client.change(
            "user", "invites", invite["id"], before=invite, wanted={"status": options["state"]}
        )
        after = user_invite({**invite, **answer})
    before = invite if changed else after
    return {
        "changed": changed,
        "invite": after,
        "previous_status": before["status"],
        "diff": diff([before], [after]),
    }


def _read(client: Client, selector: Selector) -> list[dict[str, Any]]:
    if selector.invite_id is None:
        return client.read_list("user", "invites", must_be_whole=True)
    try:
        return [client.read("user", "invites", selector.invite_id)]
    except CloudflareError as error:
        if error.not_found:
            error.message += (
                " This user has no such invite; cf_user_invite_info lists those there are."
            )
        raise


def _without_invite(client: Client, selector: Selector, missing: Missing) -> dict[str, Any]:
    if not missing.may_be_joined(selector):
        raise TaskError(missing.message)
    try:
        organizations = organizations_of_user(client)
    except CloudflareError as error:
        error.message = f"{missing.message} {error.message}"
        raise
    joined = membership(organizations, selector, missing)
    if joined is None:
        raise TaskError(missing.message)
    if missing.left_out:
        client.warnings.append(member_already(joined, missing.message))
    return _member_already()


def _member_already() -> dict[str, Any]:
    return {"changed": False, "invite": None, "previous_status": None, "diff": diff([], [])}


def main() -> None:
    run_module(
        run,
        {
            "state": {"type": "str", "required": True, "choices": ["accepted", "rejected"]},
            "invite_id": {"type": "str"},
            "organization_id": {"type": "str"},
            "organization_name": {"type": "str"},
            "invited_by": {"type": "str"},
        },
        mutually_exclusive=[SELECTORS],
        required_one_of=[SELECTORS],
    )


if __name__ == "__main__":
    main()
