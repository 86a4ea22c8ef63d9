# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The output of a task that does not verify the certificate."""

from __future__ import annotations

import json
import ssl
from pathlib import Path

from ansible_collections.community.cloudflare.tests.playbook import run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Simulator
from ansible_collections.community.cloudflare.tests.unit.simulator.test_server import self_signed


def test_disabled_verification_shows_one_warning(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    task = {
        "name": "List over several pages",
        "community.cloudflare.cf_user_invite_info": {"validate_certs": False},
        "register": "listed",
        "failed_when": "listed.invites | length != 12",
    }
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task]}
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(json.dumps([play]))
    with Simulator(ssl_context=context) as cloudflare:
        cloudflare.settings.maximum_per_page = 5
        user = cloudflare.add_user()
        for number in range(12):
            cloudflare.invite(user, cloudflare.add_organization(f"Acme {number}"))
        environment = {
            "CLOUDFLARE_BASE_URL": cloudflare.url,
            "CLOUDFLARE_API_TOKEN": user.api_token,
            "NO_PROXY": "*",
        }

        ran = run_playbook(playbook, environment, "-vvvv")

    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.count("validate_certs is false") == 1
    assert ran.stdout.count("[WARNING]: ") == 1
    assert "InsecureRequestWarning" not in ran.stdout
