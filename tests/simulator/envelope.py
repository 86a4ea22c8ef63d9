# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The envelope around every response, with its variants.

Facts: ``success``, ``errors``, ``messages``, ``result`` and ``result_info`` are documented. Live,
the order of keys varies, ``messages`` and ``result`` can be missing, and the ``result`` of a
failure is null or an empty list.
"""

from __future__ import annotations

import json
from typing import Any

from werkzeug.wrappers import Response

from .errors import APIError
from .settings import Settings

# Facts: an entry of both ``errors`` and ``messages`` in the documentation's examples of a success.
EXAMPLE = {
    "code": 1000,
    "message": "message",
    "documentation_url": "documentation_url",
    "source": {"pointer": "pointer"},
}


def success(result: Any, settings: Settings) -> Response:
    """Return a response with one object."""
    return _response(200, {**_base_body(True, settings), "result": result}, settings)


def success_list(result: Any, info: dict[str, Any], settings: Settings) -> Response:
    """Return a response with a page of a list."""
    if settings.empty_list_is_null and not result:
        result = None
    body = {**_base_body(True, settings), "result": result}
    if settings.result_info == "without total_pages":
        info.pop("total_pages", None)
    if settings.result_info != "omitted":
        body["result_info"] = settings.result_info_override(info)
    return _response(200, body, settings)


def failure(error: APIError, settings: Settings) -> Response:
    """Return an error response."""
    result: Any = None if settings.failure_result == "null" else []
    body = {**_base_body(False, settings), "errors": error.errors, "result": result}
    if error.omit_result:
        body = {"success": False, "errors": error.errors}
    response = _response(error.status, body, settings)
    response.headers.update(error.headers)
    return response


def _base_body(succeeded: bool, settings: Settings) -> dict[str, Any]:
    notes = [EXAMPLE] if succeeded and settings.example_errors else []
    head: dict[str, Any] = {"success": succeeded, "errors": notes}
    return head if settings.omit_messages else {**head, "messages": notes}


def _response(status: int, body: dict[str, Any], settings: Settings) -> Response:
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, content_type="application/json")
