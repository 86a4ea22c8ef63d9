# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control plane, for tests in another process. It is not part of Cloudflare's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, jsonify, request
from werkzeug.wrappers import Response

from . import seed, serializers
from .faults import Fault

if TYPE_CHECKING:
    from .simulator import Simulator

CONTROL = "/_simulator/"
BAD_REQUEST_ERRORS = (AttributeError, KeyError, TypeError, ValueError)


def create_control(simulator: Simulator) -> Flask:
    """Return the application that reads and changes this simulator."""
    app = Flask(__name__, static_folder=None)

    @app.get(f"{CONTROL}log")
    def log() -> Response:
        return jsonify([entry.to_json() for entry in simulator.log])

    @app.get(f"{CONTROL}state")
    def state() -> Response:
        invites = [
            serializers.organization_invite(invite, simulator)
            for organization in simulator.organizations
            for invite in simulator.invites_from(organization)
        ]
        members = {one.id: simulator.members(one) for one in simulator.organizations}
        return jsonify(invites=invites, members=members)

    @app.post(f"{CONTROL}reset")
    def reset() -> Response:
        simulator.reset()
        seed.load(request.get_json(silent=True) or {}, simulator)
        return jsonify(done=True)

    @app.post(f"{CONTROL}settings")
    def settings() -> Response:
        for name, value in request.get_json().items():
            setattr(simulator.settings, name, value)
        return jsonify(done=True)

    @app.post(f"{CONTROL}faults")
    def faults() -> Response:
        for fault in [Fault(**options) for options in request.get_json()]:
            simulator.add_fault(fault)
        return jsonify(done=True)

    @app.post(f"{CONTROL}shutdown")
    def shutdown() -> Response:
        simulator.shutdown_requested.set()
        return jsonify(done=True)

    def bad_request(error: Exception) -> Any:
        return jsonify(error=f"{type(error).__name__}: {error}"), 400

    for error_type in BAD_REQUEST_ERRORS:
        app.register_error_handler(error_type, bad_request)
    return app
