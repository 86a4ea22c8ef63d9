# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloudflare's API, as far as invites need it: one Flask application under ``/client/v4``."""

from __future__ import annotations

import re
from typing import Any, Callable, TypeVar

from flask import Flask, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from . import envelope, errors, views
from .credentials import Caller, authenticate
from .errors import RefusalError
from .limit import RateLimit
from .pages import page_of
from .state import Invite, Organization, State

PREFIX = "/client/v4"
# An id that Cloudflare could have given. Ids that a test has chosen itself are known anyway.
IDENTIFIER = re.compile(r"[0-9a-f]{32}")

Found = TypeVar("Found")


def create_api(state: State, limit: RateLimit) -> Flask:
    """Return the application that serves this state."""
    app = Flask(__name__, static_folder=None)
    # A mistake of the simulator itself must not look like an answer of Cloudflare.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.url_map.merge_slashes = False
    _add_caller(app, state, limit)
    _add_errors(app, state)
    _add_user(app, state)
    _add_organization(app, state)
    _add_account(app, state)
    return app


def _add_caller(app: Flask, state: State, limit: RateLimit) -> None:
    @app.before_request
    def know_the_caller() -> None:
        g.caller = authenticate(request.headers, state.users, state.settings)
        limit.count(g.caller.user)
        g.caller.require(request.method, state.settings)

    @app.after_request
    def tell_the_limit(response: Response) -> Response:
        if "caller" in g:
            response.headers.update(limit.headers(g.caller.user))
        return response


def _add_errors(app: Flask, state: State) -> None:
    @app.errorhandler(RefusalError)
    def refused(refusal: RefusalError) -> Response:
        return envelope.failure(refusal, state.settings)

    @app.errorhandler(HTTPException)
    def no_such_operation(_error: HTTPException) -> Response:
        return refused(errors.no_route(request.path))


def _add_user(app: Flask, state: State) -> None:
    @app.get(f"{PREFIX}/user/invites")
    def list_user_invites() -> Response:
        invites = state.invites_shown_to(_user())
        return _page(invites, lambda invite: views.user_invite(invite, state), state)

    @app.get(f"{PREFIX}/user/invites/<invite_id>")
    def get_user_invite(invite_id: str) -> Response:
        invite = _own_invite(invite_id, state, status_if_unknown=404)
        return envelope.success(views.user_invite(invite, state), state.settings)

    @app.patch(f"{PREFIX}/user/invites/<invite_id>")
    def respond_to_user_invite(invite_id: str) -> Response:
        settings = state.settings
        invite = _own_invite(invite_id, state, settings.patch_unknown_status)
        status = _wanted_status()
        if invite.status == "pending" or settings.answered_patch == "allow":
            state.respond(invite, status)
        elif settings.answered_patch == "refuse":
            raise errors.no_longer_pending(invite.status)
        return envelope.success(views.user_invite(invite, state), settings)

    @app.get(f"{PREFIX}/user/organizations")
    def list_user_organizations() -> Response:
        if state.settings.user_organizations_retired:
            raise errors.no_route(request.path)
        user, name, status = _user(), request.args.get("name"), request.args.get("status")
        everything = state.organizations_of(user)
        organizations = [
            views.user_organization(organization, relation, user.id, state.settings)
            for organization, relation in everything
            if name in (None, organization.name) and status in (None, relation)
        ]
        return _page(organizations, lambda shown: shown, state, len(everything))

    @app.get(f"{PREFIX}/memberships")
    def list_memberships() -> Response:
        if state.settings.memberships_retired:
            raise errors.no_route(request.path)
        everything = state.memberships_of(_user())
        status = request.args.get("status")
        memberships = [one for one in everything if status in (None, one[1].status)]
        return _page(
            memberships,
            lambda one: views.membership(*one, state.settings),
            state,
            len(everything),
        )


def _add_organization(app: Flask, state: State) -> None:
    @app.get(f"{PREFIX}/organizations/<organization_id>/invites")
    def list_organization_invites(organization_id: str) -> Response:
        if state.settings.organization_invites_retired:
            raise errors.no_route(request.path)
        organization = _readable_organization(organization_id, state)
        invites = state.invites_from(organization)
        return _page(invites, lambda invite: views.organization_invite(invite, state), state)


def _add_account(app: Flask, state: State) -> None:
    """Add what is left of organizations, which are called accounts here."""

    @app.get(f"{PREFIX}/accounts/<account_id>")
    def get_account(account_id: str) -> Response:
        account = _readable_organization(account_id, state)
        return envelope.success(views.account(account, state.settings), state.settings)

    @app.get(f"{PREFIX}/accounts/<account_id>/members")
    def list_account_members(account_id: str) -> Response:
        everything = state.memberships(_readable_organization(account_id, state))
        status = request.args.get("status")
        members = [one for one in everything if status in (None, one.status)]
        return _page(members, lambda one: views.member(one, state), state, len(everything))


def _user() -> Any:
    caller: Caller = g.caller
    return caller.user


def _own_invite(invite_id: str, state: State, status_if_unknown: int) -> Invite:
    for invite in state.invites_shown_to(_user()):
        if _is_same_id(invite.id, invite_id, state):
            return invite
    raise _unknown(invite_id, status_if_unknown)


def _readable_organization(organization_id: str, state: State) -> Organization:
    for organization in state.organizations:
        if _is_same_id(organization.id, organization_id, state):
            break
    else:
        raise _unknown(organization_id, 404)
    if _user().id not in organization.members:
        raise errors.no_permission()
    return organization


def _is_same_id(identifier: str, requested: str, state: State) -> bool:
    if state.settings.uppercase_ids:
        return identifier.lower() == requested.lower()
    return identifier == requested


def _unknown(identifier: str, status: int) -> RefusalError:
    if IDENTIFIER.fullmatch(identifier):
        return errors.not_found(status)
    return errors.no_route(request.path)


def _wanted_status() -> str:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise errors.malformed_body()
    if body.get("status") not in ("accepted", "rejected"):
        raise errors.invalid_status()
    return str(body["status"])


def _page(
    entries: list[Found],
    show: Callable[[Found], dict[str, Any]],
    state: State,
    everything: int | None = None,
) -> Response:
    total = len(entries) if everything is None else everything
    page, info = page_of(entries, request.args, state.settings, total)
    return envelope.success_list([show(entry) for entry in page], info, state.settings)
