# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode tells the truth: what it predicts is what then happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given

from ansible_collections.community.cloudflare.tests.unit.metamorphic.tasks import (
    RELATION,
    Laboratory,
    Task,
    cases,
)
from ansible_collections.community.cloudflare.tests.unit.metamorphic.worlds import (
    REPRESENTATIONS,
    World,
)


def without_wording(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return what programs read of a result; texts may say that something would be done."""
    texts = ("msg", "error", "reason", "warnings", "invocation", "ray_id")

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: strip(part) for name, part in value.items() if name not in texts}
        return [strip(part) for part in value] if isinstance(value, list) else value

    stripped: dict[str, Any] = strip(dict(result))
    return stripped


@RELATION
@given(case=cases(), representation=REPRESENTATIONS)
def test_check_mode_predicts_result(
    laboratory: Laboratory, case: tuple[World, Task], representation: dict[str, Any]
) -> None:
    world, task = case
    world = replace(world, settings=representation)

    predicted = laboratory.run_in(world, task, check_mode=True)
    requests = {request.method for request in laboratory.cloudflare.log}
    outcome = laboratory.run_in(world, task)

    assert requests <= {"GET"}
    assert not predicted.actions
    assert without_wording(predicted.result) == without_wording(outcome.result)
    assert outcome.result.get("changed", False) == bool(outcome.actions)
