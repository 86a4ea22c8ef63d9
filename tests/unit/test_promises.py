# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page "What this collection promises" names as its tests, is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "docsite" / "rst" / "promises.rst"
NAMED = sorted(set(re.findall(r"``(tests/[^`]+)``", PAGE.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("named", NAMED)
def test_a_promise_has_its_test(named: str) -> None:
    file, _colons, function = named.partition("::")

    assert (ROOT / file).exists()
    if function:
        assert f"def {function}(" in (ROOT / file).read_text(encoding="utf-8")
