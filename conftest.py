# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let plain pytest import the collection by its full name from a checkout in any directory.

ansible-test does not need this, as it runs the tests in a directory with that name.
"""

from __future__ import annotations

import atexit
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
COLLECTION_PATH = Path("ansible_collections", "community", "cloudflare")

if ROOT.parts[-3:] != COLLECTION_PATH.parts:
    _tree = tempfile.TemporaryDirectory(prefix="community.cloudflare-")
    atexit.register(_tree.cleanup)
    (Path(_tree.name) / COLLECTION_PATH).parent.mkdir(parents=True)
    (Path(_tree.name) / COLLECTION_PATH).symlink_to(ROOT, target_is_directory=True)
    sys.path.insert(0, _tree.name)
