# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract is a valid document, and rejects invalid responses."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from ansible_collections.community.cloudflare.tests.contract import Contract
from ansible_collections.community.cloudflare.tests.contract.contract import METHODS
from ansible_collections.community.cloudflare.tests.simulator import Organization, Simulator, User
from ansible_collections.community.cloudflare.tests.unit.simulator.client import Client

INVITES = ("GET", "/user/invites")
MISSING = object()


def test_openapi_document_is_valid(contract: Contract) -> None:
    OpenAPIV31SpecValidator(contract.document).validate()


def test_operations_have_a_source(contract: Contract) -> None:
    certainties = ("documented", "observed", "reported", "guess")
    for path, operations in contract.document["paths"].items():
        for method in METHODS & set(operations):
            source = operations[method]["x-source"]
            assert source.startswith(certainties), f"{method} {path}"


@pytest.fixture
def listed(cloudflare: Simulator, user: User, acme: Organization, client: Client) -> dict[str, Any]:
    cloudflare.invite(user, acme)
    return dict(client.get("/user/invites").json())


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("success",), False),
        (("success",), MISSING),
        (("errors",), [{"code": 1000}]),
        (("result",), MISSING),
        (("result",), {}),
        (("extra",), 1),
        (("result_info", "page"), 0),
        (("result_info", "page"), "1"),
        (("result_info", "count"), MISSING),
        (("result", 0, "id"), "a/b"),
        (("result", 0, "invited_member_id"), MISSING),
        (("result", 0, "status"), "canceled"),
        (("result", 0, "organization_id"), MISSING),
        (("result", 0, "roles"), [{"name": "Administrator"}]),
        (("result", 0, "invited_on"), "2026-01-01"),
        (("result", 0, "invited_on"), "2026-13-01T00:00:00Z"),
        (("result", 0, "invited_on"), "2026-01-01T00:00:00+01:00"),
        (("result", 0, "organization_id"), None),
        (("result", 0, "organization_name"), "x" * 101),
        (("result", 0, "invitedBy"), "ceo@acme.example"),
    ],
)
def test_invalid_response_fails(
    where: tuple[Any, ...], value: Any, contract: Contract, listed: dict[str, Any]
) -> None:
    contract.check(*INVITES, 200, listed)
    broken = copy.deepcopy(listed)
    *parents, last = where
    place: Any = broken
    for parent in parents:
        place = place[parent]
    if value is MISSING:
        del place[last]
    else:
        place[last] = value
    with pytest.raises(AssertionError, match=r"^GET /user/invites, 200:\n  \$"):
        contract.check(*INVITES, 200, broken)
