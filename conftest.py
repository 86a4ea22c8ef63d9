# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets plain pytest import the collection by its full name, wherever the checkout lies.

ansible-test runs the tests in a tree that already bears the name, and needs none of this.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent
PLACE = Path("ansible_collections", "community", "cloudflare")

if CHECKOUT.parts[-3:] != PLACE.parts:
    _tree = tempfile.TemporaryDirectory(prefix="community.cloudflare-")
    (Path(_tree.name) / PLACE).parent.mkdir(parents=True)
    (Path(_tree.name) / PLACE).symlink_to(CHECKOUT, target_is_directory=True)
    sys.path.insert(0, _tree.name)
