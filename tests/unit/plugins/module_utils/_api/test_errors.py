# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors, and the hints on what to do about them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.community.cloudflare.plugins.module_utils._api import client, errors

ID = "0a" * 16
INVITE, MEMBERS = f"/user/invites/{ID}", f"/accounts/{ID}/members"
ORGANIZATION = f"/organizations/{ID}/invites"

HINTS = [
    ("GET", "/user/invites", 403, 9109, "needs the permission Memberships Read. An account-owned"),
    ("GET", "/memberships", 400, 9106, "needs the permission Memberships Read. An account-owned"),
    ("GET", "/memberships", 400, 10001, "needs the permission Memberships Read. An account-owned"),
    ("PATCH", INVITE, 403, 10000, "needs the permission Memberships Write."),
    ("GET", "/accounts", 403, 9109, "needs the permission Account Settings Read."),
    ("GET", MEMBERS, 403, 10000, "needs the permission Account Settings Read."),
    ("GET", ORGANIZATION, 403, 9109, "needs the permission Memberships Read."),
    ("GET", ORGANIZATION, 403, 10000, f"cf_account_invite_info: {{account_ids: ['{ID}']}}"),
    ("GET", ORGANIZATION, 400, 7003, f"cf_account_invite_info: {{account_ids: ['{ID}']}}"),
    ("GET", ORGANIZATION, 404, None, f"cf_account_invite_info: {{account_ids: ['{ID}']}}"),
    ("GET", MEMBERS, 404, 1003, "No account has this ID."),
    ("PUT", f"{MEMBERS}/{ID}", 404, 1003, "The account has no invite and no member with this ID."),
    ("GET", f"{MEMBERS}/{ID}", 400, 7003, "The account has no invite and no member with this ID."),
    ("GET", INVITE, 400, 7003, "Check the ID."),
    ("DELETE", f"/memberships/{ID}", 404, 1003, "Check the ID."),
    ("GET", "/memberships", 404, None, "Check api_url"),
    ("PATCH", INVITE, 405, 10000, "Check the ID first. If it is correct, use api_email"),
    ("GET", "/user/invites", 401, 1000, "Check api_token."),
    ("GET", "/user/invites", 403, 9103, "Check api_email and api_key."),
    ("GET", "/user/invites", 400, 1234, None),
    ("GET", "/user/invites", 403, None, None),
]


@pytest.mark.parametrize(("method", "path", "status", "code", "expected"), HINTS)
def test_hint_names_permission_of_request(
    method: str, path: str, status: int, code: int | None, expected: str | None
) -> None:
    hint = errors.find_hint(method, path, status, [] if code is None else [code])

    if expected is None:
        assert hint is None
    else:
        assert expected in str(hint)
        assert len(f"{method} {path}: HTTP {status}: {hint}") <= 240


def test_replaced_error_keeps_its_type_and_attributes() -> None:
    error = errors.NotFoundError("a", http_status=404, errors=[{"code": 1003}], not_applied=True)

    replaced = error.replace("b", outcome_unknown=True)

    assert (str(error), error.message) == ("a", "a")
    assert (str(replaced), replaced.message) == ("b", "b")
    assert isinstance(replaced, errors.NotFoundError)
    assert vars(replaced) == {**vars(error), "outcome_unknown": True}


def test_package_imports_without_requests_and_ansible() -> None:
    """Sanity tests import all files without requests; and the client does not depend on Ansible."""
    blocked = dict.fromkeys(("requests", "urllib3", "ansible"))
    script = f"import sys; sys.modules.update({blocked}); import {client.__name__} as client"
    tree = Path(client.__file__).parents[6]

    ran = subprocess.run(
        [sys.executable, "-c", f"{script}; print(bool(client.REQUESTS_IMPORT_ERROR))"],
        capture_output=True,
        check=False,
        cwd=tree,
        env={"PYTHONPATH": str(tree)},
        text=True,
    )

    assert (ran.stdout, ran.stderr) == ("True\n", "")
