# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Representation does not matter: the outcome is the same, or a failure; never another action."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, note
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ansible_collections.community.cloudflare.tests.unit.metamorphic.tasks import (
    RELATION,
    Laboratory,
    Outcome,
    Task,
    bulk,
    cases,
)
from ansible_collections.community.cloudflare.tests.unit.metamorphic.worlds import (
    QUIRKS,
    REPRESENTATIONS,
    World,
    worlds,
)


def assert_same_or_failure(outcome: Outcome, other: Outcome) -> None:
    assert other.actions <= outcome.actions
    if not other.is_reported_incomplete:
        assert other.actions == outcome.actions
        assert not outcome.has_failed


@st.composite
def unmatched_cases(draw: DrawFn) -> tuple[World, Task]:
    """Draw a task that expects an organization, and rejects what it does not expect."""
    world = draw(worlds())
    rule = {"organization_name": world.organizations[0].name}
    return world, bulk([rule], reject_unmatched=True, allow_missing=True)


@RELATION
@given(case=cases() | unmatched_cases(), representation=REPRESENTATIONS)
def test_representation_does_not_change_outcome(
    laboratory: Laboratory, case: tuple[World, Task], representation: dict[str, Any]
) -> None:
    world, task = case

    outcome = laboratory.run_in(world, task)

    for settings in (representation, *QUIRKS):
        note(f"{settings=}")
        other = laboratory.run_in(replace(world, settings=settings), task)
        assert_same_or_failure(outcome, other)
