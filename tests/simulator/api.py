# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloudflare's API, as far as invites need it: one Flask application under ``/client/v4``."""

from __future__ import annotations

from typing import Any, Callable, TypeVar

from flask import Flask, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from . import envelope, errors, serializers
from .audit_log import add_audit_log
from .credentials import Caller, authenticate
from .errors import APIError
from .members import add_members, add_memberships, add_roles
from .pagination import paginate
from .rate_limit import RateLimit
from .state import Invite, Organization, State

PREFIX = "/client/v4"

Item = TypeVar("Item")


def create_api(state: State, limit: RateLimit) -> Flask:
    """Return the application that serves this state."""
    app = Flask(__name__, static_folder=None)
    # A bug of the simulator must not look like a response of Cloudflare.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.url_map.merge_slashes = False
    _add_caller(app, state, limit)
    _add_errors(app, state)
    _add_user(app, state)
    _add_organization(app, state)
    _add_account(app, state)

    def find_account(account_id: str) -> Organization:
        return _get_organization(account_id, state)

    add_audit_log(app, PREFIX, state, find_account)
    add_members(app, PREFIX, state, find_account)
    add_memberships(app, PREFIX, state)
    add_roles(app, PREFIX, state, find_account)
    return app


def _add_caller(app: Flask, state: State, limit: RateLimit) -> None:
    @app.before_request
    def authenticate_request() -> None:
        users = [*state.users, *state.token_owners]
        g.caller = authenticate(request.headers, users, state.settings)
        limit.count(g.caller.user)
        path = request.path.removeprefix(PREFIX)
        g.caller.check_permission(request.method, path, state.settings)

    @app.after_request
    def add_rate_limit_headers(response: Response) -> Response:
        if "caller" in g:
            response.headers.update(limit.headers(g.caller.user))
        return response


def _add_errors(app: Flask, state: State) -> None:
    @app.errorhandler(APIError)
    def handle_api_error(error: APIError) -> Response:
        return envelope.failure(error, state.settings)

    @app.errorhandler(HTTPException)
    def handle_not_found(_error: HTTPException) -> Response:
        return handle_api_error(errors.no_route(request.path))


def _add_user(app: Flask, state: State) -> None:
    @app.get(f"{PREFIX}/user/invites")
    def list_user_invites() -> Response:
        invites = state.visible_invites(_user())
        return _page(invites, lambda invite: serializers.user_invite(invite, state), state)

    @app.get(f"{PREFIX}/user/invites/<invite_id>")
    def get_user_invite(invite_id: str) -> Response:
        invite = _get_user_invite(invite_id, state)
        return envelope.success(serializers.user_invite(invite, state), state.settings)

    @app.patch(f"{PREFIX}/user/invites/<invite_id>")
    def respond_to_user_invite(invite_id: str) -> Response:
        settings = state.settings
        invite = _get_user_invite(invite_id, state)
        status = _parse_status()
        if invite.status == "pending" or settings.patch_non_pending == "overwrite":
            state.respond(invite, status)
        elif settings.patch_non_pending == "error":
            raise errors.not_pending(invite.status)
        return envelope.success(serializers.user_invite(invite, state), settings)

    @app.get(f"{PREFIX}/user/organizations")
    def list_user_organizations() -> Response:
        user, name, status = _user(), request.args.get("name"), request.args.get("status")
        all_items = state.organizations_of(user)
        organizations = [
            serializers.user_organization(organization, relation, user.id, state.settings)
            for organization, relation in all_items
            if name in (None, organization.name) and status in (None, relation)
        ]
        return _page(organizations, lambda item: item, state, len(all_items))

    @app.get(f"{PREFIX}/memberships")
    def list_memberships() -> Response:
        if state.settings.memberships_retired:
            raise errors.no_route(request.path)
        all_items = state.memberships_of(_user())
        status = request.args.get("status")
        memberships = [one for one in all_items if status in (None, one[1].status)]
        return _page(
            memberships,
            lambda one: serializers.membership(*one, state.settings),
            state,
            len(all_items),
        )


def _add_organization(app: Flask, state: State) -> None:
    @app.get(f"{PREFIX}/organizations")
    def list_organizations_beta() -> Response:
        raise errors.not_entitled()

    @app.get(f"{PREFIX}/organizations/<organization_id>/invites")
    def list_organization_invites(organization_id: str) -> Response:
        if state.settings.organization_invites_retired:
            raise errors.no_route(request.path)
        organization = _get_organization(organization_id, state)
        invites = state.invites_from(organization)
        return _page(invites, lambda invite: serializers.organization_invite(invite, state), state)


def _add_account(app: Flask, state: State) -> None:
    """Add the operations that call an organization an account."""

    @app.get(f"{PREFIX}/accounts")
    def list_accounts() -> Response:
        user = _user()
        accounts = [one for one in state.organizations if user.id in one.members]
        return _page(accounts, lambda one: serializers.account(one, state.settings), state)

    @app.get(f"{PREFIX}/accounts/<account_id>")
    def get_account(account_id: str) -> Response:
        account = _get_organization(account_id, state)
        return envelope.success(serializers.account(account, state.settings), state.settings)

    @app.get(f"{PREFIX}/accounts/<account_id>/members")
    def list_account_members(account_id: str) -> Response:
        account = _get_organization(account_id, state)
        all_items = state.listed_memberships(account)
        status = request.args.get("status")
        members = [one for one in all_items if status in (None, one.status)]
        return _page(
            members,
            lambda one: serializers.member(one, account, state.settings),
            state,
            len(all_items),
        )


def _user() -> Any:
    caller: Caller = g.caller
    return caller.user


def _get_user_invite(invite_id: str, state: State) -> Invite:
    for invite in state.visible_invites(_user()):
        if _is_same_id(invite.id, invite_id, state):
            return invite
    raise errors.unknown(invite_id, request.path)


def _get_organization(organization_id: str, state: State) -> Organization:
    for organization in state.organizations:
        if _is_same_id(organization.id, organization_id, state):
            break
    else:
        raise errors.unknown(organization_id, request.path)
    if _user().id not in organization.members:
        raise errors.no_permission()
    return organization


def _is_same_id(identifier: str, requested: str, state: State) -> bool:
    if state.settings.uppercase_ids:
        return identifier.lower() == requested.lower()
    return identifier == requested


def _parse_status() -> str:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise errors.malformed_body()
    if body.get("status") not in ("accepted", "rejected"):
        raise errors.invalid_status()
    return str(body["status"])


def _page(
    entries: list[Item],
    show: Callable[[Item], dict[str, Any]],
    state: State,
    unfiltered_total: int | None = None,
) -> Response:
    total = len(entries) if unfiltered_total is None else unfiltered_total
    page, info = paginate(entries, request.args, state.settings, total)
    return envelope.success_list([show(entry) for entry in page], info, state.settings)
