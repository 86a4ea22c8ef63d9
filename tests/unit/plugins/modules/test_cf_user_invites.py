# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cf_user_invites: rules for many invites, planned as a whole and answered at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Fault, Invite, Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import Operator, without

# What the operator has: name of the organization, inviter, status. The id of each invite is its
# letter, many times; that of its organization is the same in digits.
INVITES = {
    "a": ("Acme", "ceo@acme.example", "pending"),
    "b": ("Acme", "stranger@mail.example", "pending"),
    "c": ("Cargo", "ops@cargo.example", "accepted"),
    "d": ("Delta", "it@delta.example", "rejected"),
    "e": ("Echo", "it@echo.example", "expired"),
    "f": ("Fjord", "one@partner.example", "pending"),
    "9": ("Granite", "two@partner.example", "pending"),
}
# A rule that is about no invite, and that no membership fulfils.
NOBODY: dict[str, Any] = {"accept": [{"invite_id": "0" * 32}], "missing": "ignore"}
GROUPS = ("accepted", "rejected", "unchanged", "failed_invites")


@dataclass(frozen=True)
class Case:
    """Options, and by group the letters of the invites that come out."""

    options: dict[str, Any]
    accepted: str = ""
    rejected: str = ""
    unchanged: str = ""
    failed_invites: str = ""
    missing: int = 0
    says: list[str] = field(default_factory=list)
    refused: bool = False


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
    "what is as wanted": Case(
        {
            "accept": [{"organization_name": "Cargo"}],
            "reject": [{"organization_name": "Delta"}, {"organization_name": "Echo"}],
        },
        unchanged="cde",
    ),
    "all of a sender": Case({"accept": [{"invited_by": "@PARTNER.example"}]}, accepted="f9"),
    "all conditions at once": Case(
        {"accept": [{"organization_name": "Acme", "invited_by": "@acme.example"}]}, accepted="a"
    ),
    "two rules about one invite": Case(
        {"accept": [{"organization_name": "Fjord"}, {"invite_id": "f" * 32}]}, accepted="f"
    ),
    "the rest": Case(
        {"accept": [{"invited_by": "@partner.example"}], "unmatched": "reject"},
        accepted="f9",
        rejected="ab",
    ),
    "what cannot be as wanted stops no other": Case(
        {
            "accept": [{"organization_name": name} for name in ("Delta", "Echo", "Fjord")],
            "reject": [{"organization_name": "Cargo"}, {"organization_name": "Granite"}],
        },
        accepted="f",
        rejected="9",
        failed_invites="dec",
        says=[
            "Not all is as wanted: 1 accepted, 1 rejected, 0 unchanged, 0 members, 0 missing, "
            "3 failed.",
            "Leaving an organization is something else",
        ],
    ),
    "nobody to accept": Case(
        {"accept": [{"organization_name": "Nobody"}, {"organization_name": "Fjord"}]},
        accepted="f",
        missing=1,
        says=["1 missing", 'There is no invite with organization_name "Nobody"'],
    ),
    "nobody to accept, and that is fine": Case(
        {"accept": [{"organization_name": "Nobody"}], "missing": "ignore"}, missing=1
    ),
    "nobody to reject": Case({"reject": [{"organization_name": "Nobody"}]}),
    "nobody of that sender": Case(
        {"accept": [{"organization_name": "Acme", "invited_by": "@else.example"}]},
        missing=1,
        says=['Not from "@else.example"'],
    ),
    "a misspelt name rejects nobody": Case(
        {"accept": [{"organization_name": "Fjörd"}], "unmatched": "reject"},
        missing=1,
        says=["There is no invite", "looks alike"],
    ),
    "an organization that is expected from somebody else is left alone": Case(
        {
            "accept": [{"organization_id": "1" * 32, "invited_by": "hr@acme.example"}],
            "unmatched": "reject",
            "missing": "ignore",
        },
        rejected="bf9",
        missing=1,
    ),
    "a sender whose invites are over may send another": Case(
        {"accept": [{"invited_by": "zoo@mail.example"}], "missing": "ignore"},
        missing=1,
    ),
    "a name that may be missing rejects the rest": Case(
        {
            "accept": [{"organization_name": "Nobody"}, {"invited_by": "@partner.example"}],
            "unmatched": "reject",
            "missing": "ignore",
        },
        accepted="f9",
        rejected="ab",
        missing=1,
    ),
    "names with a proof": Case(
        {
            "accept": [
                {"organization_name": "Acme", "invited_by": "@acme.example"},
                {"organization_name": "Fjord", "organization_id": "6" * 32},
                {"organization_name": "Granite", "invite_id": "9" * 32},
            ],
            "reject": [{"organization_name": "Delta"}],
            "trust_names": False,
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
        says=['"Granite"', "not known to demand two-factor authentication"],
    ),
    "a name of several": Case(
        {"accept": [{"organization_name": "Acme"}, {"organization_name": "Fjord"}]},
        refused=True,
        says=["Nothing was answered.", "Several organizations have an open invite"],
    ),
    "both accepted and rejected": Case(
        {"accept": [{"invited_by": "@partner.example"}], "reject": [{"organization_id": "6" * 32}]},
        refused=True,
        says=["Nothing was answered.", '"Fjord"', "would be both accepted and rejected"],
    ),
    "answered before, and both": Case(
        {"accept": [{"organization_name": "Cargo"}], "reject": [{"invite_id": "c" * 32}]},
        refused=True,
        says=["would be both accepted and rejected"],
    ),
}


@pytest.fixture
def seven(operator: Operator, cloudflare: Simulator) -> dict[str, Invite]:
    invites = {}
    for number, (letter, (name, inviter, status)) in enumerate(INVITES.items(), start=1):
        organization = cloudflare.add_organization(
            name, id=str(number) * 32, enforcing_twofactor=name == "Fjord"
        )
        invites[letter] = cloudflare.invite(
            operator.user, organization, inviter, status, id=letter * 32
        )
    return invites


def letters(invites: list[dict[str, Any]]) -> str:
    return "".join((one.get("invite") or one)["id"][0] for one in invites)


@pytest.mark.parametrize("check_mode", [False, True], ids=["", "check mode"])
@pytest.mark.parametrize("name", CASES)
def test_rules(
    operator: Operator, cloudflare: Simulator, seven: dict[str, Invite], name: str, check_mode: bool
) -> None:
    case = CASES[name]

    result = operator.run("cf_user_invites", check_mode=check_mode, **case.options)

    wanted = dict.fromkeys(case.accepted, "accepted")
    wanted.update(dict.fromkeys(case.rejected, "rejected"))
    for part in case.says:
        assert part in result["msg"]
    is_short = case.missing and case.options.get("missing") != "ignore"
    assert bool(result.get("failed")) == bool(case.refused or case.failed_invites or is_short)
    for letter, (_name, _inviter, before) in INVITES.items():
        expected = before if check_mode else wanted.get(letter, before)
        assert cloudflare.status(letter * 32) == expected
    assert len(operator.responses) == (0 if check_mode else len(wanted))
    assert operator.requests.count("GET /user/invites") == 1
    if case.refused:
        assert not result.get("changed")
        return
    for group in GROUPS:
        assert sorted(letters(result[group])) == sorted(getattr(case, group)), group
    assert len(result["missing"]) == case.missing
    assert result["changed"] == bool(wanted)
    before_and_after = [
        {one["id"][0]: one["status"] for one in result["diff"][side]["invites"]}
        for side in ("before", "after")
    ]
    assert before_and_after == [dict.fromkeys(wanted, "pending"), wanted]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.refused])
def test_check_mode_predicts_and_a_second_run_changes_nothing(
    operator: Operator, seven: dict[str, Invite], name: str
) -> None:
    options = CASES[name].options

    predicted = operator.run("cf_user_invites", check_mode=True, **options)
    first = operator.run("cf_user_invites", **options)
    second = operator.run("cf_user_invites", **options)

    assert without(predicted, "invocation") == without(first, "invocation")
    assert not second["changed"]
    assert second["accepted"] == second["rejected"] == []


def test_all_of_a_sender_may_grow(
    operator: Operator, cloudflare: Simulator, seven: dict[str, Invite]
) -> None:
    """What the sender's earlier invites have led to is unchanged, and a later one is accepted."""
    rules = [{"invited_by": "@partner.example"}]
    operator.run("cf_user_invites", accept=rules)
    later = cloudflare.add_organization("Harbor")
    cloudflare.invite(operator.user, later, "three@partner.example", id="8" * 32)

    result = operator.run("cf_user_invites", accept=rules)

    assert letters(result["unchanged"]) == "f9"
    assert letters(result["accepted"]) == "8"


def test_nothing_is_decided_by_a_list_that_is_not_whole(
    operator: Operator, cloudflare: Simulator, seven: dict[str, Invite]
) -> None:
    cloudflare.settings.lie = lambda info: {**info, "total_count": 8}

    result = operator.run("cf_user_invites", **NOBODY, unmatched="reject")

    assert "7 items arrived, but Cloudflare counted 8" in result["msg"]
    assert operator.responses == []


def test_one_failure_stops_no_other(
    operator: Operator, cloudflare: Simulator, seven: dict[str, Invite]
) -> None:
    fault = Fault("answer", status=400, method="PATCH", path=f"/user/invites/{'f' * 32}")
    cloudflare.add_fault(fault)

    result = operator.run(
        "cf_user_invites", accept=[{"invited_by": "@partner.example"}], unmatched="reject"
    )

    assert result["failed"]
    assert result["changed"]
    assert letters(result["accepted"]) == "9"
    assert sorted(letters(result["rejected"])) == ["a", "b"]
    [failed] = result["failed_invites"]
    assert failed["invite"]["organization_name"] == "Fjord"
    assert failed["changed"] is False
    assert failed["failure"]["http_status"] == 400
    assert result["failure"] == failed["failure"]
    assert failed["error"] in result["msg"]


def test_a_block_that_is_too_long_stops_the_rest_at_once(
    operator: Operator, cloudflare: Simulator
) -> None:
    invites = [
        cloudflare.invite(operator.user, cloudflare.add_organization(f"Acme {number}"))
        for number in range(60)
    ]
    cloudflare.settings.rate_limit_requests = 22  # two to read, and 20 to answer

    options: dict[str, Any] = {
        "unmatched": "reject",
        "max_connections": 4,
        "max_wait": 10,
        **NOBODY,
    }
    result = operator.run("cf_user_invites", **options)

    assert result["failed"]
    assert result["changed"]
    assert len(result["rejected"]) == 20
    assert len(result["failed_invites"]) == 40
    assert result["failure"]["http_status"] == 429
    assert result["failure"]["retry_after"] == 300
    assert "20 rejected" in result["msg"]
    assert "40 failed" in result["msg"]
    assert "Come back in 300 seconds" in result["msg"]
    assert [request.status for request in cloudflare.log].count(429) <= 4
    assert sum(cloudflare.status(invite.id) == "rejected" for invite in invites) == 20
    assert not any(failed["changed"] for failed in result["failed_invites"])


def test_what_needs_more_than_the_limit_is_done_after_the_block(
    operator: Operator, cloudflare: Simulator
) -> None:
    for number in range(60):
        cloudflare.invite(operator.user, cloudflare.add_organization(f"Acme {number}"))
    cloudflare.settings.rate_limit_requests = 30

    result = operator.run("cf_user_invites", **NOBODY, unmatched="reject")

    assert not result.get("failed"), result["msg"]
    assert len(result["rejected"]) == 60


def test_the_history_of_an_accepted_organization_is_not_unmatched(
    operator: Operator, cloudflare: Simulator
) -> None:
    acme = cloudflare.add_organization("Acme")
    older = cloudflare.invite(operator.user, acme, invited_on="2025-12-30T00:00:00Z")
    newer = cloudflare.invite(operator.user, acme, invited_on="2025-12-31T00:00:00Z")

    result = operator.run(
        "cf_user_invites", accept=[{"organization_id": acme.id}], unmatched="reject"
    )

    assert [invite["id"] for invite in result["accepted"]] == [newer.id]
    assert result["rejected"] == []
    assert cloudflare.status(older.id) == "pending"


@pytest.mark.parametrize("options", [{}, {"accept": []}, {"reject": [{"invite_id": "a" * 32}]}])
def test_no_rule_to_accept_does_not_mean_to_reject_everything(
    operator: Operator, seven: dict[str, Invite], options: dict[str, Any]
) -> None:
    result = operator.run("cf_user_invites", **options, unmatched="reject")

    assert result["failed"]
    assert "accept is empty" in result["msg"]
    assert operator.requests == []


BAD_RULES: dict[str, tuple[dict[str, Any], str]] = {
    "without any option": ({}, "Rule 1 of accept: Give at least one of invite_id"),
    "without a value": ({"organization_name": None}, "Rule 1 of accept: organization_name is null"),
    "with a bad id": ({"organization_id": "a/b"}, 'Rule 1 of accept: organization_id is "a/b"'),
    "with a bad inviter": ({"invited_by": "acme"}, "Rule 1 of accept: invited_by is"),
    "with an unknown option": ({"name": "Acme"}, "Unsupported parameters"),
}


@pytest.mark.parametrize("case", BAD_RULES)
def test_bad_rules_are_refused_and_nothing_is_sent(operator: Operator, case: str) -> None:
    rule, message = BAD_RULES[case]

    result = operator.run("cf_user_invites", accept=[rule])

    assert result["failed"]
    assert message in result["msg"]
    assert operator.requests == []


@pytest.mark.parametrize("inviter", [{}, {"invited_by": "@acme.example"}])
def test_a_name_that_proves_nothing_can_be_refused(
    operator: Operator, seven: dict[str, Invite], inviter: dict[str, str]
) -> None:
    rules = [{"invite_id": "f" * 32}, {"organization_name": "Acme", **inviter}]

    result = operator.run("cf_user_invites", accept=rules, trust_names=False)

    if inviter:
        assert sorted(letters(result["accepted"])) == ["a", "f"]
        return
    assert result["failed"]
    assert 'Rule 2 of accept: organization_name "Acme" proves nothing' in result["msg"]
    assert operator.requests == []
