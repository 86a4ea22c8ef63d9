# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of the collection, run by their full names and with extra variables only.

The session ``build`` runs them from the installed artifact.
"""

from __future__ import annotations

import json
from pathlib import Path

from ansible_collections.community.cloudflare.tests.playbook import run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Simulator

HOME, INVITE = "0a" * 16, "1b" * 16
TOKEN = "test-token"


def test_playbooks_take_extra_variables(tmp_path: Path) -> None:
    accept = {"operator_onboarding_accept": [{"organization_id": HOME}]}
    runs = {
        "onboard": [json.dumps(accept), "operator_onboarding_wait=0"],
        "audit": [
            "invite_audit_all_accounts=true",
            "invite_audit_user=no",
            "invite_audit_members=true",
            "invite_audit_formats=json,junit",
            "invite_audit_fail_on=high",
            "invite_audit_fail_on_new_only=false",
        ],
    }
    with Simulator() as cloudflare:
        user = cloudflare.add_user("op@example.com", api_token=TOKEN)
        cloudflare.invite(user, cloudflare.add_organization("Home", id=HOME), id=INVITE)
        for playbook, variables in runs.items():
            ran = run_playbook(
                Path(f"community.cloudflare.{playbook}"),
                {
                    "CLOUDFLARE_BASE_URL": cloudflare.url,
                    "CLOUDFLARE_API_TOKEN": TOKEN,
                    "PWD": str(tmp_path),
                },
                *(part for variable in variables for part in ("-e", variable)),
            )

            assert ran.returncode == 0, ran.stdout[-3000:]
        assert cloudflare.status(INVITE) == "accepted"
    # The reports are in the directory where the command was started.
    report = json.loads((tmp_path / "invite-audit" / "report.json").read_text())
    assert [(one["id"], one["origin"], one["members"]) for one in report["scope"]] == [
        (HOME, "discovered", 1)
    ]
    assert (tmp_path / "invite-audit" / "report.xml").exists()
