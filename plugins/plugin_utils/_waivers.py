# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waivers: findings that were accepted for a reason, until a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    normalize_email,
    normalize_id,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import quote
from ansible_collections.community.cloudflare.plugins.plugin_utils._checks import (
    WAIVER_SUBJECTS,
    format_waiver,
    has_expired,
    waiver_subject,
)
from ansible_collections.community.cloudflare.plugins.plugin_utils._findings import Finding
from ansible_collections.community.cloudflare.plugins.plugin_utils._rules import RULES

_KEYS = ("rule", *WAIVER_SUBJECTS, "reason", "expires_on")


class WaiverError(ValueError):
    """A waiver is not valid. The message says why, and what to do."""


def parse_waivers(raw: object) -> list[dict[str, Any]]:
    """Return the waivers, with their dates as text.

    :raises WaiverError: if one of them is not valid.
    """
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise WaiverError("The waivers are not a list. Give a list of dictionaries.")
    return [_parse_waiver(number, waiver) for number, waiver in enumerate(raw, start=1)]


def apply_waivers(
    findings: Iterable[Finding], waivers: Sequence[Mapping[str, Any]], time: datetime
) -> list[dict[str, Any]]:
    """Set ``waiver`` and ``state`` of the findings that a valid waiver matches.

    Until the waiver expires, there is nothing to do.

    :returns: the waivers, each with ``status``, which is valid or expired, and the number of
        ``findings`` that it matches.
    """
    used = [
        {**waiver, "status": "expired" if has_expired(waiver, time) else "valid", "findings": 0}
        for waiver in waivers
    ]
    by_rule: dict[str, list[dict[str, Any]]] = {}
    for waiver in used:
        by_rule.setdefault(waiver["rule"], []).append(waiver)
    for finding in findings:
        for waiver in by_rule.get(finding["rule"], ()):
            if _matches(waiver, finding):
                waiver["findings"] += 1
                if waiver["status"] == "valid":
                    finding["state"] = "waived"
                    finding["recommendation"] = ""
                    finding["waiver"] = {name: waiver[name] for name in ("reason", "expires_on")}
                elif finding["state"] != "waived":
                    _add_expiry(finding, waiver)
    return used


def _add_expiry(finding: Finding, waiver: Mapping[str, Any]) -> None:
    """Say that the waiver has expired. A finding of the baseline can say it already."""
    sentence = f"Its waiver expired on {waiver['expires_on']}."
    if sentence not in finding["recommendation"]:
        finding["recommendation"] = f"{finding['recommendation']} {sentence}".lstrip()


def format_unused(waiver: Mapping[str, Any]) -> str:
    """Return a message about a waiver that matches no finding."""
    end = "expired on" if waiver["status"] == "expired" else "is valid until"
    result = (
        "matched nothing"
        if waiver["is_checked"]
        else "was not checked, because the rule was not assessed completely"
    )
    return (
        f"The waiver of {waiver['rule']} for {format_waiver(waiver)} {result}. "
        f"It {end} {waiver['expires_on']}. Its reason: {quote(waiver['reason'])}."
    )


def _parse_waiver(number: int, raw: object) -> dict[str, Any]:
    what = f"Waiver {number}"
    if not isinstance(raw, Mapping):
        raise WaiverError(f"{what} is not a dictionary. Give {', '.join(_KEYS)}.")
    for key, value in raw.items():
        if key not in _KEYS:
            raise WaiverError(f"{what} has no key {quote(key)}. It has: {', '.join(_KEYS)}.")
        is_date = key == "expires_on" and isinstance(value, date)
        if not is_date and (not isinstance(value, str) or not value.strip()):
            raise WaiverError(
                f"{key} of waiver {number} is null, empty, or not a text. Give it a value, or "
                "remove it."
            )
    for key in ("rule", "reason", "expires_on"):
        if key not in raw:
            raise WaiverError(f"{what} has no {key}. Set it.")
    rule = raw["rule"]
    if rule not in RULES:
        raise WaiverError(f"{what}: there is no rule {quote(rule)}. Rules are: {', '.join(RULES)}.")
    if rule == "expired_waiver":
        raise WaiverError(f"{what} is about expired_waiver, which cannot be waived. Remove it.")
    subjects = waiver_subject(raw)
    if not subjects:
        raise WaiverError(
            f"{what} has no subject. Set at least one of {', '.join(WAIVER_SUBJECTS)}."
        )
    if rule == "lookalike_name" and list(subjects) != ["finding_id"]:
        raise WaiverError(f"{what}: findings of lookalike_name are waived by finding_id only.")
    return {
        **dict.fromkeys(WAIVER_SUBJECTS),
        **raw,
        "expires_on": _parse_date(what, raw["expires_on"]),
    }


def _parse_date(what: str, value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        # Since Python 3.11, fromisoformat takes more than this format.
        return datetime.strptime(str(value), "%Y-%m-%d").date().isoformat()
    except ValueError:
        raise WaiverError(
            f"{what}: expires_on is {quote(value)}, which is not a date such as 2026-12-31."
        ) from None


def _matches(waiver: Mapping[str, Any], finding: Finding) -> bool:
    invite = finding["invite"] or {}
    values: dict[str, tuple[Callable[[str], str], str | None]] = {
        "finding_id": (str, finding["id"]),
        "organization_id": (normalize_id, finding["organization_id"]),
        "invited_member_email": (normalize_email, invite.get("invited_member_email")),
        "invite_id": (normalize_id, invite.get("id")),
    }
    for name, expected in waiver_subject(waiver).items():
        normalize, value = values[name]
        if value is None or normalize(value) != normalize(expected):
            return False
    return True
