# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy of an audit: the parameters of all rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.community.cloudflare.plugins.module_utils._text import quote
from ansible_collections.community.cloudflare.plugins.plugin_utils._rules import (
    MAX_DURATION,
    RULES,
    SEVERITIES,
    Rule,
)

Parameters = Mapping[str, Any]
# For some rules, some of their parameters.
Policy = Mapping[str, Parameters]


class PolicyError(ValueError):
    """The policy is not valid. The message says why, and what to do."""


def merge_policy(policy: Policy) -> dict[str, dict[str, Any]]:
    """Return all rules with all their parameters: those of the policy, else the defaults.

    :raises PolicyError: if a rule or a parameter does not exist, or a value is not valid.
    """
    if not isinstance(policy, Mapping):
        raise PolicyError("The policy is not a dictionary. Give a dictionary of rules.")
    for name in policy:
        if name not in RULES:
            raise PolicyError(f"There is no rule {quote(name)}. Rules are: {', '.join(RULES)}.")
    return {name: _merge_rule(rule, policy.get(name) or {}) for name, rule in RULES.items()}


def missing_parameter(rule: Rule, parameters: Parameters) -> str | None:
    """Return the name of a parameter that the rule needs and does not have."""
    return next(
        (one.name for one in rule.parameters if one.is_required and not parameters[one.name]), None
    )


def _merge_rule(rule: Rule, changes: Parameters) -> dict[str, Any]:
    defaults = {
        "enabled": True,
        "severity": rule.severity,
        **{parameter.name: parameter.default for parameter in rule.parameters},
    }
    if not isinstance(changes, Mapping):
        raise PolicyError(f"The rule {rule.name} is not a dictionary. Give its parameters.")
    for parameter, value in changes.items():
        if parameter not in defaults:
            raise PolicyError(
                f"The rule {rule.name} has no parameter {quote(parameter)}. "
                f"It has: {', '.join(defaults)}."
            )
        expected = _PARAMETER_TYPES[type(defaults[parameter])]
        if not expected.is_valid(value):
            raise PolicyError(f"{parameter} of the rule {rule.name} is not {expected.name}.")
    merged = {**defaults, **changes}
    if merged["severity"] not in SEVERITIES:
        raise PolicyError(
            f"severity of the rule {rule.name} is not one of {', '.join(SEVERITIES)}."
        )
    return merged


@dataclass(frozen=True)
class _ParameterType:
    name: str
    is_valid: Callable[[Any], bool]


def _is_number(value: Any) -> bool:
    """Tell whether this is a number of days or hours; YAML reads some, such as 1e3, as text."""
    if isinstance(value, bool):
        return False
    try:
        return 0 <= float(value) <= MAX_DURATION
    except (TypeError, ValueError, OverflowError):
        return False


def _is_string_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_PARAMETER_TYPES = {
    bool: _ParameterType("true or false", lambda value: isinstance(value, bool)),
    int: _ParameterType(f"a number from 0 to {MAX_DURATION}", _is_number),
    str: _ParameterType("a text", lambda value: isinstance(value, str)),
    list: _ParameterType("a list of texts", _is_string_list),
}
