# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo: runs the example playbooks against the simulator, and tells what became of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from .playbook import CHECKOUT, run_playbook
from .simulator import Simulator, story

EXAMPLES = Path("docs", "examples")


def main() -> int:
    with Simulator() as cloudflare:
        story.tell(story.demo(cloudflare.now()), cloudflare)
        invites = cloudflare.invites_of(cloudflare.users[0])
        pages = -(-len(invites) // cloudflare.settings.maximum_per_page)
        print(
            f"Here is Cloudflare, played by a simulator at {cloudflare.url}.\n"
            f"{story.OPERATOR} starts today, and has {len(invites)} invites on {pages} pages.\n"
            'Two of them come from organizations that call themselves "Acme Logistics".\n'
        )
        before = {invite.id: invite.status for invite in invites}
        play("list_invites.yml", cloudflare)
        first = play("answer_invites.yml", cloudflare)
        second = play("answer_invites.yml", cloudflare)

        print("What has become of the invites:")
        for invite in invites:
            status = cloudflare.status(invite.id)
            if status != before[invite.id]:
                print(f"  {status}  {invite.organization.name}, from {invite.invited_by}")
        print(f"The first run reported changed={first}, the second run changed={second}.")
        return int(second != 0)


def play(playbook: str, cloudflare: Simulator) -> int:
    """Run an example, show what it prints, and return how many tasks have changed something.

    :raises SystemExit: if the playbook fails.
    """
    print(f"$ ansible-playbook {EXAMPLES / playbook}", flush=True)
    credentials = {
        "CLOUDFLARE_BASE_URL": cloudflare.url,
        "CLOUDFLARE_API_TOKEN": story.API_TOKEN,
    }
    finished = run_playbook(CHECKOUT / EXAMPLES / playbook, credentials)
    print(finished.stdout.strip().replace("\n\n", "\n"), end="\n\n", flush=True)
    changed = re.search(r"changed=(\d+)", finished.stdout)
    if finished.returncode or not changed:
        sys.exit(f"{playbook} failed.")
    return int(changed[1])


if __name__ == "__main__":
    sys.exit(main())
