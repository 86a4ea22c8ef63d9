# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cf_user_invite: selection, state transitions, and results after faults."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.simulator import Fault, Simulator
from ansible_collections.community.cloudflare.tests.unit.conftest import TaskRunner

SELECTORS = ("invite_id", "organization_id", "organization_name")

# The expected result by (current status, state): None is unchanged, "changed" is a PATCH, and any
# other text is a part of the error.
STATE_TRANSITIONS = {
    ("pending", "accepted"): "changed",
    ("pending", "rejected"): "changed",
    ("accepted", "accepted"): None,
    ("accepted", "rejected"): "cannot be rejected. To leave the organization, use cf_membership",
    ("rejected", "accepted"): "was already rejected. Ask the organization for a new invite",
    ("rejected", "rejected"): None,
    ("expired", "accepted"): "no longer pending: it expired on 2026-01-05T00:00:00Z",
    ("expired", "rejected"): None,
    ("canceled", "accepted"): "no longer pending: the organization canceled it",
    ("canceled", "rejected"): None,
    ("left", "accepted"): "the user has left the organization",
    ("left", "rejected"): None,
    ("frozen", "accepted"): 'has the unknown status "frozen"',
    ("frozen", "rejected"): 'has the unknown status "frozen"',
}


@pytest.mark.parametrize("check_mode", [False, True], ids=["", "check mode"])
@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize(("status", "state"), STATE_TRANSITIONS)
def test_state_transition_changes_or_fails(
    runner: TaskRunner,
    cloudflare: Simulator,
    status: str,
    state: str,
    selector: str,
    check_mode: bool,
) -> None:
    acme = cloudflare.add_organization("Acme")
    invite = cloudflare.invite(runner.user, acme, status=status)
    ids = {"invite_id": invite.id, "organization_id": acme.id, "organization_name": "Acme"}
    options: dict[str, Any] = {"state": state, selector: ids[selector]}
    expected = STATE_TRANSITIONS[status, state]

    result = runner.run("cf_user_invite", check_mode=check_mode, **options)

    acts = expected == "changed" and not check_mode
    bodies = [{"status": state}] if acts else []
    assert [request.body for request in runner.write_requests] == bodies
    assert cloudflare.status(invite.id) == (state if acts else status)
    if expected not in (None, "changed"):
        assert result["failed"]
        assert not result.get("changed")
        assert expected in result["msg"]
        return
    after = state if expected else status
    assert result["changed"] == bool(expected)
    assert result["previous_status"] == status
    assert result["invite"]["id"] == invite.id
    assert result["invite"]["status"] == after
    assert result["diff"] == {
        side: {
            "invites": [
                {
                    "id": invite.id,
                    "organization_id": acme.id,
                    "organization_name": "Acme",
                    "status": shown,
                }
            ]
        }
        for side, shown in (("before", status), ("after", after))
    }


@dataclass(frozen=True)
class InviteCase:
    """An invite. A letter identifies its organization, whose default name is Acme."""

    organization: str
    status: str = "pending"
    day: int = 10
    by: str = "ceo@acme.example"
    name: str = "Acme"


def day(number: int) -> str:
    return f"2026-01-{number:02}T00:00:00Z"


# The invites, the options, and the index of the selected invite or parts of the error.
SELECTION_CASES: dict[str, tuple[list[InviteCase], dict[str, str], Any]] = {
    "the only one, pending": ([InviteCase("A")], {}, 0),
    "the newest of an organization": ([InviteCase("A", day=1), InviteCase("A", day=2)], {}, 1),
    "the newest by id of the organization": (
        [InviteCase("A", day=1), InviteCase("A", day=2), InviteCase("B", day=3)],
        {"organization_id": "A"},
        1,
    ),
    "an older open one is history": (
        [InviteCase("A", day=1), InviteCase("A", "rejected", day=2)],
        {},
        ["was already rejected"],
    ),
    "an older accepted one is history": (
        [InviteCase("A", "accepted", day=1), InviteCase("A", day=2)],
        {},
        1,
    ),
    "the only pending one of several organizations": (
        [InviteCase("A", "expired"), InviteCase("B"), InviteCase("C", "rejected")],
        {},
        1,
    ),
    "several pending": (
        [InviteCase("A", day=3), InviteCase("B", day=4, by="unknown@mail.example")],
        {},
        [
            '2 organizations with organization_name "Acme" have pending invites.',
            "Set organization_id or invited_by.",
            '{A} ("ceo@acme.example")',
            '{B} ("unknown@mail.example")',
        ],
    ),
    "several pending, narrowed by domain": (
        [InviteCase("A"), InviteCase("B", by="unknown@mail.example")],
        {"invited_by": "@ACME.example"},
        0,
    ),
    "several pending, narrowed by address": (
        [InviteCase("A"), InviteCase("B", by="CEO@mail.example")],
        {"invited_by": " ceo@Mail.example "},
        1,
    ),
    "pending beside an accepted one: another organization took the name later": (
        [InviteCase("A", "accepted", day=1), InviteCase("B", by="unknown@mail.example")],
        {},
        0,
    ),
    "none pending, one in the requested state": (
        [InviteCase("A", "rejected"), InviteCase("B", "accepted")],
        {},
        1,
    ),
    "none pending, none in the requested state": (
        [InviteCase("A", "rejected"), InviteCase("B", "expired")],
        {},
        ["None of the 2 invites", "{A} (rejected)", "{B} (expired)"],
    ),
    "from another sender": (
        [InviteCase("A", by="unknown@mail.example")],
        {"invited_by": "@acme.example"},
        ['Sent by another user than "@acme.example"', "unknown@mail.example"],
    ),
    "latest from another sender": (
        [InviteCase("A", day=1), InviteCase("A", day=2, by="unknown@mail.example")],
        {"invited_by": "@acme.example"},
        ["Sent by another user", "unknown@mail.example"],
    ),
    "a subdomain is another domain": (
        [InviteCase("A", by="ceo@evil.acme.example")],
        {"invited_by": "@acme.example"},
        ["Sent by another user"],
    ),
    "by ID, from another sender": (
        [InviteCase("A", by="unknown@mail.example")],
        {"invite_id": "0", "invited_by": "@acme.example"},
        ["Sent by another user"],
    ),
    "by id, an older one": (
        [InviteCase("A", day=1), InviteCase("A", day=2)],
        {"invite_id": "0"},
        0,
    ),
    "the accepted one of equally new ones": (
        [InviteCase("A", "accepted"), InviteCase("A", "expired")],
        {},
        0,
    ),
    "an older pending invite beside another organization": (
        [InviteCase("A", day=1), InviteCase("A", "expired", day=2), InviteCase("B", day=3)],
        {},
        ["2 organizations"],
    ),
    "a name in another Unicode form": (
        [InviteCase("A", name="Cafe\u0301")],
        {"organization_name": "Caf\u00e9"},
        0,
    ),
    "outer white space of a name": (
        [InviteCase("A", name="  Acme ")],
        {"organization_name": "\tAcme"},
        0,
    ),
    "a name in another case": ([InviteCase("A", name="ACME")], {}, ["No invite matches"]),
    "a look-alike name": ([InviteCase("A", name="\u0410cme")], {}, ["No invite matches"]),
    "nothing found": (
        [InviteCase("A", name="Zebra"), InviteCase("B", name="Yak\x1b[31m")],
        {},
        [
            'No invite matches organization_name "Acme".',
            'Closest names: "Yak\\x1b[31m" ({B}), "Zebra" ({A}).',
        ],
    ),
    "nothing at all": ([], {}, ["This user has no invites."]),
}


@pytest.mark.parametrize("case", SELECTION_CASES)
def test_selector_selects_invite_or_fails(
    runner: TaskRunner, cloudflare: Simulator, case: str
) -> None:
    sent, selector, expected = SELECTION_CASES[case]
    organizations = {
        one.organization: cloudflare.add_organization(one.name) for one in reversed(sent)
    }
    invites = [
        cloudflare.invite(
            runner.user,
            organizations[one.organization],
            status=one.status,
            invited_on=day(one.day),
            expires_on=day(20),
            invited_by=one.by,
        )
        for one in sent
    ]
    options: dict[str, Any] = dict(selector)
    if "organization_id" in options:
        options["organization_id"] = organizations[options["organization_id"]].id
    elif "invite_id" in options:
        options["invite_id"] = invites[int(options["invite_id"])].id
    else:
        options.setdefault("organization_name", "Acme")

    result = runner.run("cf_user_invite", state="accepted", **options)

    if isinstance(expected, int):
        assert result["invite"]["id"] == invites[expected].id, result
        assert cloudflare.status(invites[expected].id) == "accepted"
        untouched = set(range(len(sent))) - {expected}
    else:
        names = {letter: organization.id for letter, organization in organizations.items()}
        for part in expected:
            if "{" in part:
                part = part.format(*(invite.id for invite in invites), **names)
            assert part in result["msg"]
        assert runner.write_requests == []
        untouched = set(range(len(sent)))
    assert all(cloudflare.status(invites[one].id) == sent[one].status for one in untouched)


def test_duplicate_name_warns(runner: TaskRunner, cloudflare: Simulator) -> None:
    ours, theirs = cloudflare.add_organization("Acme"), cloudflare.add_organization("Acme")
    cloudflare.invite(runner.user, ours, status="accepted")
    cloudflare.invite(runner.user, theirs, invited_by="unknown@mail.example")

    rule: dict[str, Any] = {"organization_name": "Acme", "state": "rejected"}
    first, second = (runner.run("cf_user_invite", **rule) for _run in range(2))
    narrowed = runner.run("cf_user_invite", **rule, invited_by="@mail.example")

    assert [first["changed"], second["changed"]] == [True, False]
    for result in (first, second):
        [warning] = result["warnings"]
        assert "other organizations have the same name" in warning
        assert ours.id in warning
    assert "warnings" not in narrowed


def test_two_pending_invites_of_one_organization_do_not_warn(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    acme = cloudflare.add_organization("Acme")
    invites = [cloudflare.invite(runner.user, acme) for _number in range(2)]

    result = runner.run("cf_user_invite", organization_name="Acme", state="rejected")

    assert "warnings" not in result
    assert [cloudflare.status(invite.id) for invite in invites] == ["rejected"] * 2


LOOK_ALIKES = {"ACME": '"ACME"', "\u0410cme": '"\\u0410cme"', "A\u200bcme": '"A\\u200bcme"'}


@pytest.mark.parametrize("other", LOOK_ALIKES)
def test_lookalike_name_warns(runner: TaskRunner, cloudflare: Simulator, other: str) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))
    imitation = cloudflare.invite(runner.user, cloudflare.add_organization(other))
    pointed_out = f"{LOOK_ALIKES[other]} ({imitation.organization.id})"

    listed = runner.run("cf_user_invite_info")
    accepted = runner.run("cf_user_invite", organization_name="Acme", state="accepted")
    cloudflare.leave(runner.user, invite.organization)
    cloudflare.purge()
    not_found = runner.run("cf_user_invite", organization_name="Acme", state="accepted")

    assert LOOK_ALIKES[other] in listed["warnings"][0]
    assert '"Acme"' in listed["warnings"][0]
    assert accepted["invite"]["id"] == invite.id
    assert pointed_out in accepted["warnings"][0]
    assert not_found["failed"]
    assert pointed_out in not_found["msg"]
    assert cloudflare.status(imitation.id) == "pending"


def test_no_match_lists_closest_names_first(runner: TaskRunner, cloudflare: Simulator) -> None:
    *_others, acme, imitation = (
        cloudflare.invite(runner.user, cloudflare.add_organization(name))
        for name in ("Aardvark", "Zebra", "Acme", "Acme")
    )
    cloudflare.respond(acme, "accepted")

    result = runner.run("cf_user_invite", organization_name="acme", state="accepted")

    theirs, ours = imitation.organization.id, acme.organization.id
    assert f'Closest names: "Acme" ({ours}), "Acme" ({theirs}), "' in result["msg"]


def test_ambiguous_name_lists_lookalikes(runner: TaskRunner, cloudflare: Simulator) -> None:
    for name in ("Acme", "Acme", "\u0410cme"):
        cloudflare.invite(runner.user, cloudflare.add_organization(name))

    result = runner.run("cf_user_invite", organization_name="Acme", state="accepted")

    assert result["msg"].startswith("2 organizations with")
    assert 'Look-alike names: "\\u0410cme"' in result["msg"]
    assert runner.write_requests == []


def test_invites_without_organization_id_are_not_merged(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    for _organization in range(2):
        cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))

    def forget_organizations(body: Any) -> Any:
        for invite in body["result"]:
            del invite["organization_id"]
        return body

    cloudflare.add_fault(Fault("modify_response", modify=forget_organizations))
    result = runner.run("cf_user_invite", organization_name="Acme", state="accepted")

    assert result["msg"].startswith("2 organizations with")
    assert runner.write_requests == []


INVALID_INPUT: dict[str, tuple[dict[str, Any], str]] = {
    "an id with a slash": ({"invite_id": "a/b"}, 'invite_id is "a/b"'),
    "an id that climbs": ({"invite_id": ".."}, 'invite_id is ".."'),
    "an id with a blank": ({"invite_id": "a b"}, 'invite_id is "a b"'),
    "an id that is too long": ({"invite_id": "a" * 33}, "1 to 32 letters"),
    "an empty id": ({"invite_id": ""}, "invite_id is null or empty"),
    "an organization's id with a slash": ({"organization_id": "a/b"}, 'organization_id is "a/b"'),
    "no selector": ({}, "Give at least one of invite_id, organization_id, and organization_name"),
    "a sender alone": ({"invited_by": "@acme.example"}, "Give at least one of invite_id"),
    "an empty name": ({"organization_name": " "}, "organization_name is null or empty"),
    "an inviter that is no address": (
        {"invite_id": "a", "invited_by": "acme.example"},
        "as @example.com",
    ),
    "an empty inviter": ({"invite_id": "a", "invited_by": ""}, "invited_by is"),
}


@pytest.mark.parametrize("case", INVALID_INPUT)
def test_invalid_input_fails_before_any_request(runner: TaskRunner, case: str) -> None:
    options, message = INVALID_INPUT[case]

    result = runner.run("cf_user_invite", state="accepted", **options)

    assert result["failed"]
    assert message in result["msg"]
    assert runner.requests == []


# Faults of the PATCH, how often it is sent, and parts of the message.
LOST_RESPONSES = [
    pytest.param(Fault("connection_reset", after_processing=True), 1, id="processed, then reset"),
    pytest.param(Fault("response", status=502, after_processing=True), 1, id="processed, then 502"),
    pytest.param(
        Fault("response", status=200, body="<p>", after_processing=True),
        1,
        id="processed, then HTML",
    ),
    pytest.param(Fault("truncated"), 1, id="processed, then truncated"),
    pytest.param(Fault("no_response", after_processing=True), 1, id="processed, then silent"),
    pytest.param(Fault("connection_reset"), 2, id="reset"),
    pytest.param(Fault("response", status=503), 2, id="503"),
    pytest.param(Fault("no_response"), 2, id="silent"),
    pytest.param(Fault("connection_reset", times=3), 4, id="reset three times"),
    pytest.param(
        Fault("modify_response", modify=lambda body: {**body, "result": {"status": "pending"}}),
        1,
        id="response lacks the status",
    ),
]


def capitalize_status(body: Any) -> Any:
    return {**body, "result": {**body["result"], "status": body["result"]["status"].upper()}}


@pytest.mark.parametrize("capitals", [False, True])
@pytest.mark.parametrize(("fault", "sent"), LOST_RESPONSES)
def test_lost_patch_response_rereads_invite(
    runner: TaskRunner, cloudflare: Simulator, fault: Fault, sent: int, capitals: bool
) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))
    cloudflare.add_fault(replace(fault, method="PATCH"))
    if capitals:
        cloudflare.add_fault(Fault("modify_response", modify=capitalize_status, times=None))

    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted", timeout=1)

    assert result["changed"], result
    assert result["invite"]["status"] == "accepted"
    assert result["previous_status"] == "pending"
    assert cloudflare.status(invite.id) == "accepted"
    methods = [request.method for request in cloudflare.log]
    assert methods == ["GET", *["PATCH", "GET"] * (sent - 1), "PATCH", *["GET"] * (sent == 1)]


def test_unreadable_invite_after_lost_response_reports_possible_change(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))
    cloudflare.add_fault(Fault("connection_reset", method="PATCH", after_processing=True))
    cloudflare.add_fault(Fault("response", at=2, times=None, method="GET", status=500))

    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted")

    assert result["failed"]
    assert result["changed"]  # it was changed in fact
    assert "Reading the object again failed." in result["msg"]
    assert "may have been applied" in result["msg"]
    assert result["failure"]["http_status"] is None


def test_concurrent_change_after_lost_response_reports_possible_change(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    """The PATCH is applied, its response is lost, and then the user leaves the organization."""
    acme = cloudflare.add_organization("Acme")
    invite = cloudflare.invite(runner.user, acme)
    cloudflare.settings.show_withdrawn_to_user = True
    cloudflare.add_fault(Fault("connection_reset", method="PATCH", after_processing=True))

    def leave(request: Any) -> None:
        if cloudflare.status(invite.id) == "accepted":
            cloudflare.leave(runner.user, acme)

    cloudflare.before_request = leave
    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted")

    assert result["failed"]
    assert result["changed"]
    assert 'When read again, status is "left".' in result["msg"]


def test_no_read_while_rate_limited(runner: TaskRunner, cloudflare: Simulator) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))
    headers = {"Retry-After": "400"}
    cloudflare.add_fault(Fault("response", method="PATCH", status=429, headers=headers))

    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted")

    assert result["failure"]["retry_after"] == 400
    assert not result["changed"]
    assert runner.requests == [f"{method} /user/invites/{invite.id}" for method in METHODS]


METHODS = ("GET", "PATCH")


@pytest.mark.parametrize("is_applied", [True, False])
def test_patch_applied_despite_429_is_reported(
    runner: TaskRunner, cloudflare: Simulator, is_applied: bool
) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))
    limited = Fault("response", method="PATCH", status=429, after_processing=is_applied)
    cloudflare.add_fault(limited)

    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted", retries=0)

    assert result["changed"] == is_applied
    assert result.get("failed", False) != is_applied


@pytest.mark.parametrize("status", [None, "", "expired"])
def test_unclear_status_after_429_is_possible_change(
    runner: TaskRunner, cloudflare: Simulator, status: str | None
) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))
    cloudflare.add_fault(Fault("response", method="PATCH", status=429, after_processing=True))

    def change_status(body: Any) -> Any:
        return {**body, "result": {**body["result"], "status": status}}

    cloudflare.add_fault(Fault("modify_response", method="GET", at=2, modify=change_status))
    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted", retries=0)

    assert result["failed"]
    assert result["changed"]
    assert "may have been applied" in result["msg"]


def test_rejected_patch_reports_unchanged_if_reread_fails(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))
    cloudflare.settings.allow_token_patch = False
    cloudflare.add_fault(Fault("response", at=2, times=None, method="GET", status=500))

    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted")

    assert result["failed"]
    assert not result["changed"]
    assert result["failure"]["http_status"] == 405
    assert "use api_email and api_key" in result["msg"]
    assert cloudflare.status(invite.id) == "pending"


def pending_again(body: Any) -> Any:
    """Return the response to a read that lags behind."""
    return {**body, "result": {**body["result"], "status": "pending"}}


@pytest.mark.parametrize(
    "result",
    [None, [], {"id": "a" * 32, "status": "pending"}, {"id": "b" * 32, "status": "accepted"}],
)
@pytest.mark.parametrize("is_applied", [True, False])
def test_reported_success_is_reread_and_not_sent_again(
    runner: TaskRunner, cloudflare: Simulator, result: Any, is_applied: bool
) -> None:
    acme = cloudflare.add_organization("Acme")
    invite = cloudflare.invite(runner.user, acme, id="a" * 32)
    body = json.dumps({"success": True, "result": result})
    cloudflare.add_fault(
        Fault("response", method="PATCH", status=200, body=body, after_processing=is_applied)
    )
    if is_applied:
        cloudflare.add_fault(
            Fault("modify_response", method="GET", at=2, times=2, modify=pending_again)
        )

    task = runner.run("cf_user_invite", invite_id=invite.id, state="accepted")

    assert [request.method for request in cloudflare.log] == ["GET", "PATCH", "GET", "GET", "GET"]
    assert cloudflare.clock.monotonic() == 7
    assert task["changed"]  # Cloudflare has reported success
    assert task.get("failed", False) is not is_applied
    if not is_applied:
        assert 'reported success. When read again, status is "pending".' in task["msg"]


def test_error_to_repeated_patch_is_checked_by_another_read(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))
    cloudflare.add_fault(Fault("connection_reset", method="PATCH", after_processing=True))
    cloudflare.add_fault(
        Fault("modify_response", method="GET", at=2, times=2, modify=pending_again)
    )

    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted")

    assert not result.get("failed")
    assert result["changed"]
    methods = [request.method for request in cloudflare.log]
    assert methods == ["GET", "PATCH", "GET", "PATCH", "GET", "GET"]


@pytest.mark.parametrize(
    ("patch_non_pending", "changed"), [("error", False), ("overwrite", True), ("keep", False)]
)
def test_concurrent_rejection_is_reported(
    runner: TaskRunner, cloudflare: Simulator, patch_non_pending: Any, changed: bool
) -> None:
    """The result is correct whether Cloudflare rejects, applies, or ignores a second PATCH."""
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))
    cloudflare.settings.patch_non_pending = patch_non_pending

    def reject_elsewhere(request: Any) -> None:
        if request.method == "PATCH":
            cloudflare.respond(invite, "rejected")

    cloudflare.before_request = reject_elsewhere
    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted")

    assert (cloudflare.status(invite.id) == "accepted") == changed
    if changed:
        assert result["changed"]
    else:
        assert result["failed"]
        assert 'status is "rejected"' in result["msg"]


@pytest.mark.parametrize("module", ["cf_user_invite", "cf_user_invites"])
def test_concurrent_acceptance_reports_unchanged(
    runner: TaskRunner, cloudflare: Simulator, module: str
) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))

    def accept_elsewhere(request: Any) -> None:
        if request.method == "PATCH":
            cloudflare.respond(invite, "accepted")

    cloudflare.before_request = accept_elsewhere
    selector = {"invite_id": invite.id}
    options: dict[str, Any] = {
        "cf_user_invite": {"state": "accepted", **selector},
        "cf_user_invites": {"accept": [selector]},
    }
    result = runner.run(module, **options[module])

    assert not result.get("failed"), result["msg"]
    assert not result["changed"]
    assert result["diff"]["before"] == result["diff"]["after"]
    if module == "cf_user_invite":
        assert result["previous_status"] == result["invite"]["status"] == "accepted"
    else:
        assert result["accepted"] == []
        assert [one["status"] for one in result["unchanged"]] == ["accepted"]


@pytest.mark.parametrize("dates", [("2026-01-01T00:00:00Z",) * 2, (None, None)])
def test_second_run_selects_same_of_equally_new_invites(
    runner: TaskRunner, cloudflare: Simulator, dates: tuple[Any, Any]
) -> None:
    acme = cloudflare.add_organization("Acme")
    for date in dates:
        invite = cloudflare.invite(runner.user, acme, invited_on=date)
        invite.missing_fields = frozenset() if date else frozenset({"invited_on"})
    options: dict[str, Any] = {"organization_id": acme.id, "state": "accepted"}

    first, second = (runner.run("cf_user_invite", **options) for _run in range(2))

    assert first["changed"]
    assert not second["changed"]
    assert second["invite"]["id"] == first["invite"]["id"]


def test_response_about_other_organization_fails(runner: TaskRunner, cloudflare: Simulator) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))
    changed = {"organization_id": "e" * 32, "organization_name": "Evil Corp"}
    cloudflare.add_fault(
        Fault("modify_response", method="PATCH", modify=lambda body: with_result(body, changed))
    )

    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted")

    assert result["failed"]
    assert result["changed"]
    assert f'"Evil Corp" ({"e" * 32})' in result["msg"]


def test_response_with_other_name_warns(runner: TaskRunner, cloudflare: Simulator) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))
    changed = {"organization_name": "Acme Inc"}
    cloudflare.add_fault(
        Fault("modify_response", method="PATCH", modify=lambda body: with_result(body, changed))
    )

    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted")

    assert result["changed"]
    assert '"Acme Inc"' in result["warnings"][0]


@pytest.mark.parametrize("uppercase_ids", [False, True])
def test_invite_id_ignores_case(
    runner: TaskRunner, cloudflare: Simulator, uppercase_ids: bool
) -> None:
    cloudflare.settings.uppercase_ids = uppercase_ids
    acme = cloudflare.add_organization("Acme")
    cloudflare.invite(runner.user, acme, id="abcdef01" * 4)

    result = runner.run("cf_user_invite", invite_id="ABCDEF01" * 4, state="accepted")

    assert result["changed"], result["msg"]


def test_failure_with_success_status_reports_possible_change(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))
    body = '{"success": false, "errors": [{"code": 1004, "message": "x"}], "result": null}'
    cloudflare.add_fault(
        Fault("response", method="PATCH", status=200, body=body, after_processing=True)
    )
    cloudflare.add_fault(Fault("modify_response", method="GET", at=2, modify=pending_again))

    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted")

    assert result["changed"]


def test_invite_that_expires_before_it_is_rejected_is_unchanged(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))

    def expire(request: Any) -> None:
        if request.method == "PATCH":
            cloudflare.before_request = None
            cloudflare.expire(invite)

    cloudflare.before_request = expire
    result = runner.run("cf_user_invite", invite_id=invite.id, state="rejected")

    assert not result.get("failed"), result["msg"]
    assert not result["changed"]
    assert result["invite"]["status"] == "expired"


def test_response_without_organization_keeps_listed_fields(
    runner: TaskRunner, cloudflare: Simulator
) -> None:
    acme = cloudflare.add_organization("Acme")
    invite = cloudflare.invite(runner.user, acme)
    changed = {"organization_id": "0", "organization_name": None}
    cloudflare.add_fault(
        Fault("modify_response", method="PATCH", modify=lambda body: with_result(body, changed))
    )

    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted")

    assert result["changed"], result["msg"]
    assert "warnings" not in result
    assert result["invite"]["organization_name"] == "Acme"


def test_activation_code_is_not_returned(runner: TaskRunner, cloudflare: Simulator) -> None:
    invite = cloudflare.invite(runner.user, cloudflare.add_organization("Acme"))
    code = "ab" * 32
    fields = {"code": code, "member": {"Code": code}, "url": f"https://example.com/?c={code}"}
    cloudflare.add_fault(
        Fault("modify_response", modify=lambda body: with_result(body, fields), times=None)
    )

    result = runner.run("cf_user_invite", invite_id=invite.id, state="accepted")

    assert result["changed"]
    assert code not in str(result)


def with_result(body: Any, fields: dict[str, Any]) -> Any:
    return {**body, "result": {**body["result"], **fields}}
