# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing leaks. Each run of the other tests is checked, too (``Laboratory.assert_no_secret``)."""

from __future__ import annotations

import os
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.community.cloudflare.tests.unit.metamorphic.tasks import (
    COMMON_RELATION,
    PROXY_PASSWORD,
    Laboratory,
    Task,
    cases,
)
from ansible_collections.community.cloudflare.tests.unit.metamorphic.worlds import (
    World,
    organization_id,
    worlds,
)


@COMMON_RELATION
@given(case=cases(), uses_api_key=st.booleans(), check_mode=st.booleans())
def test_no_secret_is_in_result_of_response(
    laboratory: Laboratory, case: tuple[World, Task], uses_api_key: bool, check_mode: bool
) -> None:
    laboratory.run_in(*case, uses_api_key=uses_api_key, check_mode=check_mode)


@COMMON_RELATION
@given(
    world=worlds(),
    module=st.sampled_from(["cf_user_invite_info", "cf_org_invite_info", "cf_account_invite_info"]),
    uses_api_key=st.booleans(),
)
def test_no_secret_is_in_list(
    laboratory: Laboratory, world: World, module: str, uses_api_key: bool
) -> None:
    options = {
        "cf_user_invite_info": {},
        "cf_org_invite_info": {"organization_ids": [organization_id(0)]},
        "cf_account_invite_info": {"account_ids": [organization_id(0)]},
    }
    laboratory.run_in(world, Task(module, options[module]), uses_api_key=uses_api_key)


# A port where nothing listens, and parts of a URL that parsers disagree about.
PORTS = st.sampled_from(["1", "99999", "x", ""])
ODD_CHARACTERS = st.text(alphabet="#/?\\@:%[] \u00e9", max_size=3)


@COMMON_RELATION
@given(
    before=ODD_CHARACTERS, after=ODD_CHARACTERS, port=PORTS, host=st.sampled_from(["127.0.0.1", ""])
)
def test_proxy_password_is_not_in_result(
    laboratory: Laboratory, before: str, after: str, port: str, host: str
) -> None:
    proxy = f"http://user:{before}{PROXY_PASSWORD}{after}@{host}:{port}"
    options = {"api_url": "https://127.0.0.1:1", "retries": 0, "timeout": 1}

    with mock.patch.dict(os.environ, {"HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": ""}):
        outcome = laboratory.run_in(World(), Task("cf_user_invite_info", options))

    assert outcome.has_failed
