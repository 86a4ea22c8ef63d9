# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mitogen's linear strategy, not bound to one processor core.

Mitogen binds processes to cores. With two cores, all playbooks that run at the same time would
share one of them.
"""

from __future__ import annotations

from ansible_mitogen import affinity
from ansible_mitogen.plugins.strategy.mitogen_linear import StrategyModule

affinity.policy = affinity.Policy()

__all__ = ["StrategyModule"]
