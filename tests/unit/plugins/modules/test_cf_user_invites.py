# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cf_user_invites: rules for many invites, and partial failures."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import pytest

from ansible_collections.community.cloudflare.plugins.module_utils import _invite
from ansible_collections.community.cloudflare.plugins.module_utils._planner import Rule, build_plan
from ansible_collections.community.cloudflare.plugins.module_utils._selector import (
    InviteIndex,
    InviteSelector,
)
from ansible_collections.community.cloudflare.tests.simulator import Fault, Invite, Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner

# The invites of the user: organization name, sender, status. An invite ID repeats the key: aaa…; an
# organization ID repeats the number of the row: 111… for the first.
INVITES = {
    "a": ("Acme", "ceo@acme.example", "pending"),
    "b": ("Acme", "unknown@mail.example", "pending"),
    "c": ("Cargo", "ops@cargo.example", "accepted"),
    "d": ("Delta", "it@delta.example", "rejected"),
    "e": ("Echo", "it@echo.example", "expired"),
    "f": ("Fjord", "one@partner.example", "pending"),
    "9": ("Granite", "two@partner.example", "pending"),
}
# A rule that matches neither an invite nor a membership.
NO_MATCH: dict[str, Any] = {"accept": [{"invite_id": "7" * 32}], "allow_missing": True}
GROUPS = ("accepted", "rejected", "unchanged", "failed_invites")


@dataclass(frozen=True)
class Case:
    """Options, and the keys of the invites in each group of the result."""

    options: dict[str, Any]
    accepted: str = ""
    rejected: str = ""
    unchanged: str = ""
    failed_invites: str = ""
    missing: int = 0
    messages: list[str] = field(default_factory=list)
    failures: int = 0  # failures that are not about a single invite


def all_from(sender: str) -> dict[str, Any]:
    return {"invited_by": sender, "all_from_sender": True}


CASES = {
    "nothing": Case({}),
    "by every selector": Case(
        {
            "accept": [{"invite_id": "a" * 32}, {"organization_name": " Fjord"}],
            "reject": [{"organization_id": "2" * 32}],
        },
        accepted="af",
        rejected="b",
    ),
    "invites in the requested state": Case(
        {
            "accept": [{"organization_name": "Cargo"}],
            "reject": [{"organization_name": "Delta"}, {"organization_name": "Echo"}],
        },
        unchanged="cde",
    ),
    "all of a sender": Case({"accept": [all_from("@PARTNER.example")]}, accepted="f9"),
    "all selectors must match": Case(
        {"accept": [{"organization_name": "Acme", "invited_by": "@acme.example"}]}, accepted="a"
    ),
    "two rules about one invite": Case(
        {"accept": [{"organization_name": "Fjord"}, {"invite_id": "f" * 32}]}, accepted="f"
    ),
    "reject_unmatched rejects all others": Case(
        {"accept": [all_from("@partner.example")], "reject_unmatched": True},
        accepted="f9",
        rejected="ab",
    ),
    "failed rules do not stop the others": Case(
        {
            "accept": [{"organization_name": name} for name in ("Delta", "Echo", "Fjord")],
            "reject": [{"organization_name": "Cargo"}, {"organization_name": "Granite"}],
        },
        accepted="f",
        rejected="9",
        failed_invites="dec",
        messages=[
            "3 of 5 invites failed: 1 accepted, 1 rejected, 0 unchanged.",
            "To leave the organization, use cf_membership",
        ],
    ),
    "no invite to accept": Case(
        {"accept": [{"organization_name": "Absent"}, {"organization_name": "Fjord"}]},
        accepted="f",
        missing=1,
        messages=["1 of 2 invites failed", 'No invite matches organization_name "Absent"'],
    ),
    "no invite to accept, allow_missing": Case(
        {"accept": [{"organization_name": "Absent"}], "allow_missing": True}, missing=1
    ),
    "no invite to reject": Case({"reject": [{"organization_name": "Absent"}]}),
    "no invite of that sender": Case(
        {"accept": [{"organization_name": "Acme", "invited_by": "@else.example"}]},
        missing=1,
        messages=['Sent by another user than "@else.example"'],
    ),
    "a misspelled name rejects no invite": Case(
        {"accept": [{"organization_name": "Fjörd"}], "reject_unmatched": True},
        missing=1,
        messages=['Closest names: "Fjord"'],
    ),
    "reject_unmatched keeps an expected organization invited by another sender": Case(
        {
            "accept": [{"organization_id": "1" * 32, "invited_by": "hr@acme.example"}],
            "reject_unmatched": True,
            "allow_missing": True,
        },
        rejected="bf9",
        missing=1,
    ),
    "a sender without pending invites can be missing": Case(
        {"accept": [all_from("zoo@mail.example")], "allow_missing": True}, missing=1
    ),
    "allow_missing and reject_unmatched": Case(
        {
            "accept": [{"organization_name": "Absent"}, all_from("@partner.example")],
            "reject_unmatched": True,
            "allow_missing": True,
        },
        accepted="f9",
        rejected="ab",
        missing=1,
    ),
    "names with another selector": Case(
        {
            "accept": [
                {"organization_name": "Acme", "invited_by": "@acme.example"},
                {"organization_name": "Fjord", "organization_id": "6" * 32},
                {"organization_name": "Granite", "invite_id": "9" * 32},
            ],
            "reject": [{"organization_name": "Delta"}],
            "allow_name_only": False,
        },
        accepted="af9",
        unchanged="d",
    ),
    "two-factor authentication is required": Case(
        {
            "accept": [
                {"organization_name": "Cargo"},
                {"organization_name": "Fjord"},
                {"organization_name": "Granite"},
            ],
            "reject": [{"organization_id": "1" * 32}],
            "require_twofactor": True,
        },
        accepted="f",
        rejected="a",
        unchanged="c",
        failed_invites="9",
        messages=['"Granite"', "does not enforce two-factor authentication"],
    ),
    "ambiguous name: other rules go on, unmatched invites are kept": Case(
        {
            "accept": [{"organization_name": "Acme"}, {"organization_name": "Fjord"}],
            "reject_unmatched": True,
        },
        accepted="f",
        failures=1,
        messages=['2 organizations with organization_name "Acme" have pending invites'],
    ),
    "both accepted and rejected": Case(
        {"accept": [all_from("@partner.example")], "reject": [{"organization_id": "6" * 32}]},
        accepted="9",
        failed_invites="f",
        messages=['"Fjord"', "matches both an accept and a reject rule"],
    ),
    "accepted earlier, in both an accept and a reject rule": Case(
        {"accept": [{"organization_name": "Cargo"}], "reject": [{"invite_id": "c" * 32}]},
        unchanged="c",
        failed_invites="c",
        messages=["was already accepted"],
    ),
}


@pytest.fixture
def invites(runner: TaskRunner, cloudflare: Simulator) -> dict[str, Invite]:
    invites = {}
    for number, (letter, (name, inviter, status)) in enumerate(INVITES.items(), start=1):
        organization = cloudflare.add_organization(
            name, id=str(number) * 32, enforcing_twofactor=name == "Fjord"
        )
        invites[letter] = cloudflare.invite(
            runner.user, organization, inviter, status, id=letter * 32
        )
    return invites


def ids(invites: list[dict[str, Any]]) -> str:
    return "".join((one.get("invite") or one)["id"][0] for one in invites)


@pytest.mark.parametrize("check_mode", [False, True], ids=["", "check mode"])
@pytest.mark.parametrize("name", CASES)
def test_rules_change_matching_invites(
    runner: TaskRunner,
    cloudflare: Simulator,
    invites: dict[str, Invite],
    name: str,
    check_mode: bool,
) -> None:
    case = CASES[name]

    result = runner.run("cf_user_invites", check_mode=check_mode, **case.options)

    requested = dict.fromkeys(case.accepted, "accepted")
    requested.update(dict.fromkeys(case.rejected, "rejected"))
    for part in case.messages:
        assert part in result["msg"]
    is_short = case.missing and not case.options.get("allow_missing")
    assert bool(result.get("failed")) == bool(case.failures or case.failed_invites or is_short)
    for letter, (_name, _inviter, before) in INVITES.items():
        expected = before if check_mode else requested.get(letter, before)
        assert cloudflare.status(letter * 32) == expected
    assert len(runner.write_requests) == (0 if check_mode else len(requested))
    assert runner.requests.count("GET /user/invites") == 1
    failed = [one for one in result["failed_invites"] if one["invite"] is None]
    assert len(failed) == case.failures
    result["failed_invites"] = [one for one in result["failed_invites"] if one["invite"]]
    for group in GROUPS:
        assert sorted(ids(result[group])) == sorted(getattr(case, group)), group
    assert len(result["missing"]) == case.missing
    assert result["changed"] == bool(requested)
    before_and_after = [
        {one["id"][0]: one["status"] for one in result["diff"][side]["invites"]}
        for side in ("before", "after")
    ]
    assert before_and_after == [dict.fromkeys(requested, "pending"), requested]


def test_sender_rule_accepts_new_invites(
    runner: TaskRunner, cloudflare: Simulator, invites: dict[str, Invite]
) -> None:
    """Earlier invites of the sender stay unchanged, and a later one is accepted."""
    rules = [all_from("@partner.example")]
    runner.run("cf_user_invites", accept=rules)
    later = cloudflare.add_organization("Harbor")
    cloudflare.invite(runner.user, later, "three@partner.example", id="8" * 32)

    result = runner.run("cf_user_invites", accept=rules)

    assert ids(result["unchanged"]) == "f9"
    assert ids(result["accepted"]) == "8"


def test_incomplete_list_fails(
    runner: TaskRunner, cloudflare: Simulator, invites: dict[str, Invite]
) -> None:
    cloudflare.settings.result_info_override = lambda info: {**info, "total_count": 8}

    result = runner.run("cf_user_invites", **NO_MATCH, reject_unmatched=True)

    assert "received 7 of 8 items" in result["msg"]
    assert runner.write_requests == []


def test_partial_failure_continues(
    runner: TaskRunner, cloudflare: Simulator, invites: dict[str, Invite]
) -> None:
    fault = Fault("response", status=400, method="PATCH", path=f"/user/invites/{'f' * 32}")
    cloudflare.add_fault(fault)

    result = runner.run(
        "cf_user_invites", accept=[all_from("@partner.example")], reject_unmatched=True
    )

    assert result["failed"]
    assert result["changed"]
    assert ids(result["accepted"]) == "9"
    assert sorted(ids(result["rejected"])) == ["a", "b"]
    [failed] = result["failed_invites"]
    assert failed["invite"]["organization_name"] == "Fjord"
    assert failed["changed"] is False
    assert failed["failure"]["http_status"] == 400
    assert result["failure"] == failed["failure"]
    assert failed["msg"] in result["msg"]


def test_parallel_changes_beyond_rate_limit_wait_and_complete(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    for number in range(60):
        cloudflare.invite(runner.user, cloudflare.add_organization(f"Acme {number}"))
    cloudflare.settings.rate_limit_requests = 20

    result = runner.run("cf_user_invites", **NO_MATCH, reject_unmatched=True, max_connections=10)

    assert not result.get("failed"), result["msg"]
    assert len(result["rejected"]) == 60
    limited = [request for request in runner.write_requests if request.status == 429]
    # At each of the 3 limits, no more than what was in flight is refused.
    assert 3 <= len(limited) <= 3 * 10
    assert cloudflare.clock.monotonic() >= 3 * cloudflare.settings.rate_limit_window


def test_rate_limit_beyond_max_wait_aborts(runner: TaskRunner, cloudflare: Simulator) -> None:
    invites = [
        cloudflare.invite(runner.user, cloudflare.add_organization(f"Acme {number}"))
        for number in range(60)
    ]
    cloudflare.settings.rate_limit_requests = 22  # two reads and 20 changes

    options: dict[str, Any] = {
        "reject_unmatched": True,
        "max_connections": 4,
        "max_wait": 10,
        **NO_MATCH,
    }
    result = runner.run("cf_user_invites", **options)

    assert result["failed"]
    assert result["changed"]
    assert len(result["rejected"]) == 20
    assert len(result["failed_invites"]) == 40
    assert result["failure"]["http_status"] == 429
    assert result["failure"]["retry_after"] == 300
    assert "20 rejected" in result["msg"]
    assert "40 of 60 invites failed" in result["msg"]
    assert "retry after 300 seconds" in result["msg"]
    assert [request.status for request in cloudflare.log].count(429) <= 4
    assert sum(cloudflare.status(invite.id) == "rejected" for invite in invites) == 20
    assert not any(failed["changed"] for failed in result["failed_invites"])


def test_older_invites_of_matched_organization_are_kept(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    acme = cloudflare.add_organization("Acme")
    older = cloudflare.invite(runner.user, acme, invited_on="2025-12-30T00:00:00Z")
    newer = cloudflare.invite(runner.user, acme, invited_on="2025-12-31T00:00:00Z")

    result = runner.run(
        "cf_user_invites", accept=[{"organization_id": acme.id}], reject_unmatched=True
    )

    assert [invite["id"] for invite in result["accepted"]] == [newer.id]
    assert result["rejected"] == []
    assert cloudflare.status(older.id) == "pending"


@pytest.mark.parametrize("options", [{}, {"accept": []}, {"reject": [{"invite_id": "a" * 32}]}])
def test_reject_unmatched_requires_accept_rules(
    runner: TaskRunner, invites: dict[str, Invite], options: dict[str, Any]
) -> None:
    result = runner.run("cf_user_invites", **options, reject_unmatched=True)

    assert result["failed"]
    assert "accept is empty" in result["msg"]
    assert runner.requests == []


INVALID_RULES: dict[str, tuple[dict[str, Any], str]] = {
    "without any option": ({}, "Rule 1 of accept: Give at least one of invite_id"),
    "a sender alone": ({"invited_by": "@acme.example"}, "set all_from_sender to true"),
    "all_from_sender beside a name": (
        {**all_from("@acme.example"), "organization_name": "Acme"},
        "Rule 1 of accept: all_from_sender is true",
    ),
    "without a value": ({"organization_name": None}, "Rule 1 of accept: organization_name is null"),
    "with a bad id": ({"organization_id": "a/b"}, 'Rule 1 of accept: organization_id is "a/b"'),
    "with a bad inviter": ({"invited_by": "acme"}, "Rule 1 of accept: invited_by is"),
    "with an unknown option": ({"organisation_name": "Acme"}, "Unsupported parameters"),
}


@pytest.mark.parametrize("case", INVALID_RULES)
def test_invalid_rules_fail_before_any_request(runner: TaskRunner, case: str) -> None:
    rule, message = INVALID_RULES[case]

    result = runner.run("cf_user_invites", accept=[rule])

    assert result["failed"]
    assert message in result["msg"]
    assert runner.requests == []


@pytest.mark.parametrize("inviter", [{}, {"invited_by": "@acme.example"}])
def test_name_only_rule_fails_without_allow_name_only(
    runner: TaskRunner, invites: dict[str, Invite], inviter: dict[str, str]
) -> None:
    rules = [{"invite_id": "f" * 32}, {"organization_name": "Acme", **inviter}]

    result = runner.run("cf_user_invites", accept=rules, allow_name_only=False)

    if inviter:
        assert sorted(ids(result["accepted"])) == ["a", "f"]
        return
    assert result["failed"]
    assert 'Rule 2 of accept: organization_name "Acme" alone does not identify' in result["msg"]
    assert runner.requests == []


def test_invite_without_id_does_not_stop_others_of_sender(
    runner: TaskRunner, cloudflare: Simulator, invites: dict[str, Invite]
) -> None:
    invites["f"].missing_fields = frozenset({"id"})

    result = runner.run("cf_user_invites", accept=[all_from("@partner.example")])

    assert ids(result["accepted"]) == "9"
    [failed] = result["failed_invites"]
    assert "has no ID" in failed["msg"]


@pytest.mark.parametrize("remembered", [True, False])
def test_sender_rule_does_not_reject_accepted_invites(
    runner: TaskRunner, cloudflare: Simulator, invites: dict[str, Invite], remembered: bool
) -> None:
    """This also applies after the rejected invites have been deleted."""
    if not remembered:
        del cloudflare.invites["d" * 32]

    result = runner.run("cf_user_invites", reject=[all_from("ops@cargo.example")])

    assert not result.get("failed")
    assert "already accepted" in result["warnings"][0]


# A rule without a match, and an invite that resembles it: (organization name, sender).
RESEMBLING = {
    "another sender": ({"organization_name": "Hotel", "invited_by": "@hotel.example"}, {}),
    "a look-alike name": ({"organization_name": "H\u043etel"}, {}),
    "a look-alike sender": (all_from("it@h\u043etel.example"), {"invited_by": "it@hotel.example"}),
    "the sender's other organization": (
        {"organization_id": "a" * 32, "invited_by": "@hotel.example"},
        {"invited_by": "it@hotel.example"},
    ),
}


@pytest.mark.parametrize("case", RESEMBLING)
def test_unmatched_invite_resembling_missing_rule_is_kept(
    runner: TaskRunner, cloudflare: Simulator, case: str
) -> None:
    rule, fields = RESEMBLING[case]
    kept = cloudflare.invite(runner.user, cloudflare.add_organization("Hotel"), **fields)
    other = cloudflare.invite(runner.user, cloudflare.add_organization("Other"))

    result = runner.run("cf_user_invites", accept=[rule], reject_unmatched=True, allow_missing=True)

    assert [invite["id"] for invite in result["rejected"]] == [other.id]
    assert cloudflare.status(kept.id) == "pending"


def test_same_selector_accepted_and_rejected_fails(
    runner: TaskRunner, invites: dict[str, Invite]
) -> None:
    result = runner.run(
        "cf_user_invites",
        accept=[{"organization_name": "Fjord"}, {"invite_id": "A" * 32}],
        reject=[{"invite_id": "a" * 32}],
    )

    assert f'invite_id "{"a" * 32}" is under both accept and reject' in result["msg"]
    assert runner.requests == []


def test_credentials_without_permission_send_one_patch(
    runner: TaskRunner, cloudflare: Simulator, invites: dict[str, Invite]
) -> None:
    cloudflare.settings.allow_token_patch = False
    accept = [all_from("@partner.example"), {"invite_id": "a" * 32}]

    result = runner.run("cf_user_invites", accept=accept)

    assert len(runner.write_requests) == 1
    assert not result["changed"]
    assert result["failure"]["http_status"] == 405
    assert ["no request was sent" in one["msg"] for one in result["failed_invites"]] == [
        False,
        True,
        True,
    ]


def test_concurrently_canceled_invite_does_not_stop_others(
    runner: TaskRunner, cloudflare: Simulator, invites: dict[str, Invite]
) -> None:
    """The error 403 applies to one invite, which cannot be read again either."""
    path = f"/user/invites/{'f' * 32}"
    cloudflare.add_fault(Fault("response", status=403, path=path, times=None))

    result = runner.run("cf_user_invites", accept=[all_from("@partner.example")])

    assert ids(result["accepted"]) == "9"
    assert ids(result["failed_invites"]) == "f"


def test_error_of_one_invite_does_not_stop_others(
    runner: TaskRunner, cloudflare: Simulator, invites: dict[str, Invite]
) -> None:
    body = '{"success": false, "errors": [{"code": 1, "message": "suspended"}], "result": null}'
    path = f"/user/invites/{'f' * 32}"
    cloudflare.add_fault(
        Fault("response", status=403, method="PATCH", path=path, body=body, times=None)
    )

    result = runner.run("cf_user_invites", accept=[all_from("@partner.example")])

    assert ids(result["accepted"]) == "9"
    assert ids(result["failed_invites"]) == "f"


def test_older_pending_invite_is_rejected_too(runner: TaskRunner, cloudflare: Simulator) -> None:
    cloudflare.settings.show_withdrawn_to_user = True
    acme = cloudflare.add_organization("Acme")
    older = cloudflare.invite(runner.user, acme, invited_on="2025-12-30T00:00:00Z")
    cloudflare.cancel(cloudflare.invite(runner.user, acme, invited_on="2025-12-31T00:00:00Z"))

    result = runner.run("cf_user_invites", reject=[{"organization_id": acme.id}])

    assert [invite["id"] for invite in result["rejected"]] == [older.id]


@pytest.mark.parametrize("invite_id", ["", "0", "0" * 32, " ", "a b", "a" * 36])
def test_unusable_id_fails_in_check_mode_too(
    runner: TaskRunner, cloudflare: Simulator, invites: dict[str, Invite], invite_id: str
) -> None:
    def modify(body: Any) -> Any:
        return {
            **body,
            "result": [
                {**item, "id": invite_id} if item["id"] == "f" * 32 else item
                for item in body["result"]
            ],
        }

    cloudflare.add_fault(Fault("modify_response", method="GET", modify=modify, times=None))

    predicted, result = (
        runner.run("cf_user_invites", accept=[all_from("@partner.example")], check_mode=check)
        for check in (True, False)
    )

    assert ids(predicted["accepted"]) == ids(result["accepted"]) == "9"
    assert len(predicted["failed_invites"]) == len(result["failed_invites"]) == 1


def test_many_rules_are_planned_in_linear_time() -> None:
    def duration(count: int) -> float:
        invites = [
            _invite.Invite(id=f"{number:032x}", status="pending", invited_by=f"x@{number}.example")
            for number in range(1, count + 1)
        ]
        rules = [
            Rule(InviteSelector(invited_by=f"@{number}.example", all_from_sender=True), "accepted")
            for number in range(0, 2 * count, 2)
        ]
        start = time.process_time()
        build_plan(InviteIndex(invites), rules, mock.Mock())
        return time.process_time() - start

    once, twice = (min(duration(count) for _time in range(5)) for count in (1000, 2000))
    assert twice < 3 * once


def test_more_changes_than_max_changes_send_nothing(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    for name in ("Acme", "Zebra", "Globex"):
        cloudflare.invite(runner.user, cloudflare.add_organization(name))
    options: Any = {"accept": [{"name": "Acme"}], "reject_unmatched": True}

    result = runner.run("cf_user_invites", **options, max_changes=2)

    assert result["msg"] == "3 changes are planned, and max_changes is 2. Nothing was sent."
    assert runner.write_requests == []
    assert len(runner.run("cf_user_invites", **options, max_changes=3)["rejected"]) == 2
