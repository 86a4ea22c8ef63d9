# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversion of values between Ansible and the filters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.community.cloudflare.plugins.module_utils._invite import parse_timestamp


def to_builtin(value: Any) -> Any:
    """Return the value in built-in types; only ansible-core may create its own types."""
    if value is None or isinstance(value, (str, int, float)):  # faster than asking an ABC
        return value
    if isinstance(value, Mapping):
        return {key: to_builtin(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_builtin(one) for one in value]
    return value


def make_unsafe(value: Any) -> Any:
    """Return the value marked as unsafe, so that Ansible templates nothing in it.

    Other users choose the names of organizations, and ansible-core before 2.19 forgets the origin
    of a text when a filter puts it into another one.
    """
    return wrap_var(to_builtin(value))


def parse_time(time: object) -> datetime:
    """Return the time that a filter was given, with a time zone.

    :param time: a timestamp, or the datetime that YAML reads without quotes, by default in UTC.
    :raises AnsibleFilterError: if it is neither.
    """
    parsed = parse_timestamp(time) if isinstance(time, str) else time
    if not isinstance(parsed, datetime):
        raise AnsibleFilterError(f"{time!r} is not a time. Give it as in 2026-01-31T12:00:00Z.")
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)
