# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The envelope around every answer, with its quirks.

Facts: ``success``, ``errors``, ``messages``, ``result`` and ``result_info`` are documented. Live,
the order of keys varies, ``messages`` and ``result`` can be missing, and the ``result`` of a
failure is null or an empty list.
"""

from __future__ import annotations

import json
from typing import Any

from werkzeug.wrappers import Response

from .errors import RefusalError
from .settings import Settings


def success(result: Any, settings: Settings) -> Response:
    """Answer with one object."""
    return _response(200, {**_head(True, settings), "result": result}, settings)


def success_list(result: Any, info: dict[str, Any], settings: Settings) -> Response:
    """Answer with a page of a list."""
    if settings.empty_list_is_null and not result:
        result = None
    body = {**_head(True, settings), "result": result}
    if settings.result_info == "without total_pages":
        del info["total_pages"]
    if settings.result_info != "omitted":
        body["result_info"] = settings.lie(info)
    return _response(200, body, settings)


def failure(refusal: RefusalError, settings: Settings) -> Response:
    """Answer with what went wrong."""
    body = {**_head(False, settings), "errors": refusal.errors}
    if settings.failure_result != "omitted":
        body["result"] = json.loads(settings.failure_result)
    if refusal.bare:
        body = {"success": False, "errors": refusal.errors}
    response = _response(refusal.status, body, settings)
    response.headers.update(refusal.headers)
    return response


def _head(succeeded: bool, settings: Settings) -> dict[str, Any]:
    head: dict[str, Any] = {"success": succeeded, "errors": []}
    return head if settings.omit_messages else {**head, "messages": []}


def _response(status: int, body: dict[str, Any], settings: Settings) -> Response:
    if settings.reverse_keys:
        body = _reversed(body)
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, content_type="application/json")


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(list(value))}
    if isinstance(value, list):
        return [_reversed(one) for one in value]
    return value
