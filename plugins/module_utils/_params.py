# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate the parameters of a task as they were given.

Ansible completes and converts parameters: afterwards null, empty, and absent look the same. A
variable that came out empty must not widen what a task selects, so this looks at them before.
"""

from __future__ import annotations

import difflib
from itertools import chain
from typing import TYPE_CHECKING, Any

from ansible.module_utils.common.validation import check_type_dict, check_type_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    ArgumentSpec = Mapping[str, Mapping[str, Any]]

# Options that select or filter, in a task or in a rule. They need a value.
SELECTORS = frozenset(
    {
        "account_id",
        "account_ids",
        "account_name",
        "email",
        "invite_id",
        "invited_by",
        "invited_member_email",
        "membership_id",
        "organization_id",
        "organization_ids",
        "organization_name",
        "policies",
        "roles",
        "status",
    }
)
# Options for which null is the same as omitting them. For all others, null is an error.
NULLABLE = frozenset({"api_url", "ca_path", "max_connections", "max_wait", "retries", "timeout"})
CREDENTIALS = ("api_token", "api_email", "api_key")

# The prefix of what Ansible itself passes to a module.
INTERNAL = "_ansible_"
RULE_EXAMPLE = "{organization_name: Acme Logistics}"
INVITE_EXAMPLE = "{email: alex@example.com, roles: [DNS]}"
# Masking a shorter value would make messages unreadable.
MIN_MASKED_LENGTH = 4


def find_error(argument_spec: ArgumentSpec, params: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the parameters of a task, or None.

    :param params: as the task gives them, before Ansible completes and converts them.
    """
    given = {name: value for name, value in params.items() if not name.startswith(INTERNAL)}
    errors = chain(_errors(argument_spec, given), _missing_credentials(argument_spec, given))
    return next(errors, None)


def remove_ignored(argument_spec: ArgumentSpec, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters without those that count as not given."""
    ignored = {name for name in NULLABLE if params.get(name, "") is None}
    for option in CREDENTIALS:
        names = _given_names(argument_spec, option, params)
        ignored.update(name for name in names if _is_blank(params[name]))
    return {name: value for name, value in params.items() if name not in ignored}


def find_secrets(argument_spec: ArgumentSpec, params: Mapping[str, Any]) -> set[str]:
    """Return the values that must not be shown.

    Ansible finds them, too, but not if a list of rules has an element of another type.
    """
    values = [params[name] for name in secret_names(argument_spec) if name in params]
    return {str(value) for value in values if is_maskable(value)}


def secret_names(argument_spec: ArgumentSpec) -> set[str]:
    """Return the names of the options that are secret, with their aliases."""
    return {
        name
        for option, definition in argument_spec.items()
        if definition.get("no_log")
        for name in (option, *definition.get("aliases", ()))
    }


def map_strings(value: Any, function: Callable[[str], str]) -> Any:
    """Return the value with the function applied to each string in it, except keys."""
    if isinstance(value, dict):
        return {name: map_strings(item, function) for name, item in value.items()}
    if isinstance(value, list):
        return [map_strings(item, function) for item in value]
    return function(value) if isinstance(value, str) else value


def is_maskable(value: object) -> bool:
    """Return whether a secret can be masked without masking other text."""
    return value is not None and len(str(value).strip()) >= MIN_MASKED_LENGTH


def _errors(argument_spec: ArgumentSpec, params: Mapping[str, Any]) -> Iterator[str]:
    yield from _unsupported_names(argument_spec, params)
    for option, definition in argument_spec.items():
        names = _given_names(argument_spec, option, params)
        if option in SELECTORS and len(names) > 1:
            yield f"{' and '.join(names)} are the same option. Give only one of them."
        for name in names:
            value = params[name]
            problem = _find_null_or_empty(option, definition, name, value)
            if problem:
                yield f"{problem}. Give it a value, or remove it."
            elif "options" in definition:
                yield from _rule_errors(definition["options"], name, value)


def _given_names(argument_spec: ArgumentSpec, option: str, params: Mapping[str, Any]) -> list[str]:
    """Return the names, of an option and its aliases, that the task uses."""
    aliases = argument_spec[option].get("aliases", ())
    return [name for name in (option, *aliases) if name in params]


def _unsupported_names(argument_spec: ArgumentSpec, params: Mapping[str, Any]) -> Iterator[str]:
    supported = {*argument_spec}
    for definition in argument_spec.values():
        supported.update(definition.get("aliases", ()))
    unsupported = sorted(params.keys() - supported)
    if not unsupported:
        return
    similar = [
        match
        for name in unsupported
        for match in difflib.get_close_matches(name.lower(), sorted(supported), n=1)
    ]
    hint = (
        f"Did you mean {', '.join(dict.fromkeys(similar))}?"
        if similar
        else f"Supported parameters: {', '.join(sorted(argument_spec))}."
    )
    yield f"Unsupported parameters: {', '.join(unsupported)}. {hint}"


def _missing_credentials(argument_spec: ArgumentSpec, params: Mapping[str, Any]) -> Iterator[str]:
    """A null credential is ignored only beside complete others of the same task."""
    names = {option: _given_names(argument_spec, option, params) for option in CREDENTIALS}
    given = [name for name in names if any(not _is_blank(params[one]) for one in names[name])]
    blank = [name for name in names if names[name] and name not in given]
    if not blank or "api_token" in given or len(given) == 2:
        return
    problem = f"{' and '.join(blank)} {'is' if len(blank) == 1 else 'are'} null or empty"
    if given and blank == ["api_token"]:
        missing = "api_key" if given == ["api_email"] else "api_email"
        problem += f", and {missing} is missing beside {given[0]}"
    environment = "" if given else " To use those of the environment, remove all of them."
    yield f"{problem}. Give api_token, or api_email and api_key.{environment}"


def _find_null_or_empty(
    option: str, definition: Mapping[str, Any], name: str, value: object
) -> str | None:
    """Return which part of an option needs a value and has none, if any."""
    if option in CREDENTIALS:
        return None
    if option in NULLABLE:
        return f"{name} is empty" if _is_blank_text(value) else None
    is_selector = option in SELECTORS
    # On ansible-core 2.16, a null from a template arrives as an empty string.
    if (is_selector and _is_blank(value)) or ("options" in definition and _is_blank_text(value)):
        return f"{name} is null or empty"
    if value is None:
        return f"{name} is null"
    if is_selector and definition.get("type") == "list":
        for number, element in enumerate(_as_list(value), start=1):
            if _is_blank(element):
                return f"Element {number} of {name} is null or empty"
    return None


def _rule_errors(rule_spec: ArgumentSpec, option: str, value: object) -> Iterator[str]:
    is_rule = option != "invites"
    article, noun = ("a", "rule") if is_rule else ("an", "element")
    example = RULE_EXAMPLE if is_rule else INVITE_EXAMPLE
    if isinstance(value, dict):
        yield f"{option} is a dictionary. Give a list of {noun}s such as [{example}]."
    for number, rule in enumerate(_as_list(value), start=1):
        label = f"{noun.capitalize()} {number} of {option}"
        params = _as_rule(rule)
        if params is None:
            yield f"{label} is {_describe(rule)}. Give {article} {noun} such as {example}."
        else:
            for error in _errors(rule_spec, params):
                yield f"{label}: {error}"


def _as_list(value: object) -> list[Any]:
    """Convert to a list as Ansible does; empty if that fails, which Ansible then reports."""
    try:
        return list(check_type_list(value))
    except TypeError:
        return []


def _as_rule(value: object) -> dict[str, Any] | None:
    """Convert to a dictionary as Ansible does; None if that fails."""
    try:
        rule = check_type_dict(value)
    except (TypeError, ValueError):
        return None
    # ansible-core 2.16 also lets other Python literals pass.
    return {str(name): given for name, given in rule.items()} if isinstance(rule, dict) else None


def _is_blank(value: object) -> bool:
    return value is None or value in ([], {}) or _is_blank_text(value)


def _is_blank_text(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _describe(value: object) -> str:
    if value is None:
        return "null"
    types = {str: "a string", list: "a list", bool: "a boolean", int: "a number", float: "a number"}
    return next((name for kind, name in types.items() if isinstance(value, kind)), "not a rule")
