# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the example playbooks against the simulator, and show the results."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path

from .playbook import CHECKOUT, run_playbook
from .simulator import Simulator, seed

EXAMPLES = Path("docs", "examples")


def main() -> int:
    with Simulator() as cloudflare:
        seed.load(seed.demo_data(cloudflare.now()), cloudflare)
        invites = cloudflare.invites_of(cloudflare.users[0])
        pages = -(-len(invites) // cloudflare.settings.maximum_per_page)
        print(
            f"The simulator of Cloudflare runs at {cloudflare.url}.\n"
            f"{seed.OPERATOR} starts today, and has {len(invites)} invites on {pages} pages.\n"
            'Two of them come from organizations that call themselves "Acme Logistics".\n'
        )
        before = {invite.id: invite.status for invite in invites}
        run_example("list_invites.yml", cloudflare)
        first = run_example("respond_to_invites.yml", cloudflare)
        second = run_example("respond_to_invites.yml", cloudflare)
        print(f"The first run reported changed={first}, the second run changed={second}.\n")

        run_example("onboard_operator.yml", cloudflare)
        audit(cloudflare)
        reports = tempfile.mkdtemp(prefix="invite-audit-")
        run_example("audit_invites.yml", cloudflare, "-e", f"invite_audit_directory={reports}")
        audit_again(cloudflare, reports)

        second += circle(cloudflare)
        print("The changed invites:")
        for invite in invites:
            status = cloudflare.status(invite.id)
            if status != before[invite.id]:
                print(f"  {status}  {invite.organization.name}, from {invite.invited_by}")
        print(f"The report of the audit is {reports}/report.html; open it in a browser.")
        print(
            f"The report of the second audit, with the baseline, is {reports}/second/report.html."
        )
        return int(second != 0)


def circle(cloudflare: Simulator) -> int:
    """Show the other side: invite a team, and follow its invites to their end.

    :returns: the changes of the run that must change nothing.
    """
    mia = cloudflare.add_user("mia.sato@harbor-ops.example", api_token="demo-token-mia-sato")
    print(f"{seed.OPERATOR} also administers Harbor Operations, and invites a team.")
    run_example("invite_team.yml", cloudflare)
    print(f"{mia.email} accepts.")
    run_example("join_account.yml", cloudflare, token=mia.api_token)
    [invite] = [
        one
        for one in cloudflare.invites.values()
        if one.email.startswith("jo.") and one.status == "pending"
    ]
    cloudflare.expire(invite)
    print(f"The invite to {invite.email} expires. The next nightly run sends it again.")
    nightly = run_example("invite_team.yml", cloudflare)
    again = run_example("invite_team.yml", cloudflare)
    print(f"The nightly run reported changed={nightly}, a second one changed={again}.\n")
    run_example("cancel_invites.yml", cloudflare)
    print(f"{mia.email} leaves.")
    account = f"account_id={seed.HOME_ORGANIZATION_ID}"
    run_example("leave_account.yml", cloudflare, "-e", account, token=mia.api_token)
    return again


def audit(cloudflare: Simulator) -> None:
    """Show the audit with a retired list, and with the suggested replacement."""
    cloudflare.settings.organization_invites_retired = True
    playbook = EXAMPLES / "audit_organizations.yml"
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder, playbook.name)
        text = (CHECKOUT / playbook).read_text(encoding="utf-8")
        old.write_text(text.replace("cf_account_invite_info", "cf_org_invite_info"))
        print(
            "Cloudflare has retired the list of an organization's invites. cf_org_invite_info\n"
            "suggests a replacement task for each organization, such as:"
        )
        ran = run_playbook(old, credentials(cloudflare))
    reasons = re.findall(r'GET /organizations/(?:[^"\\]|\\.)+', ran.stdout)
    message = json.loads(f'"{reasons[0]}"') if reasons else ran.stdout
    print(f"  {message}\n", flush=True)
    run_example(playbook.name, cloudflare)


def audit_again(cloudflare: Simulator, reports: str) -> None:
    """Show what is new since the first audit, and since it was reviewed."""
    home = cloudflare.find_organization(seed.HOME_ORGANIZATION_ID)
    assert home is not None
    invite = cloudflare.invite("lou@freelance.example", home)
    print(f"Harbor Operations has invited {invite.email}. The first report is the baseline:")
    variables = {
        "invite_audit_baseline": f"{reports}/report.json",
        "invite_audit_directory": f"{reports}/second",
    }
    run_example("audit_invites.yml", cloudflare, "-e", json.dumps(variables))
    cloudflare.cancel(invite)


def credentials(cloudflare: Simulator, token: str = seed.API_TOKEN) -> dict[str, str]:
    """Return the environment variables with the credentials of a user."""
    return {"CLOUDFLARE_BASE_URL": cloudflare.url, "CLOUDFLARE_API_TOKEN": token}


def run_example(
    playbook: str, cloudflare: Simulator, *arguments: str, token: str = seed.API_TOKEN
) -> int:
    """Run an example, show its output, and return the number of changed tasks.

    :param arguments: further arguments of ansible-playbook.
    :raises SystemExit: if the playbook fails.
    """
    print(f"$ ansible-playbook {EXAMPLES / playbook}", flush=True)
    finished = run_playbook(
        CHECKOUT / EXAMPLES / playbook, credentials(cloudflare, token), *arguments
    )
    print(finished.stdout.strip().replace("\n\n", "\n"), end="\n\n", flush=True)
    changed = re.search(r"changed=(\d+)", finished.stdout)
    if finished.returncode or not changed:
        sys.exit(f"{playbook} failed.")
    return int(changed[1])


if __name__ == "__main__":
    sys.exit(main())
