# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control plane, the demo's story, and the start from the shell."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.community.cloudflare.tests.contract import Contract
from ansible_collections.community.cloudflare.tests.simulator import Simulator, User, story
from ansible_collections.community.cloudflare.tests.unit.simulator.client import Client

CHECKOUT = Path(__file__).resolve().parents[3]
TOKEN = {"Authorization": f"Bearer {story.API_TOKEN}"}


class Control:
    """Asks the control plane of one simulator."""

    def __init__(self, url: str) -> None:
        self._root = url.replace("/client/v4", "/_simulator/")

    def get(self, name: str) -> Any:
        return requests.get(self._root + name, timeout=10).json()

    def post(self, name: str, body: Any = None) -> requests.Response:
        return requests.post(self._root + name, json=body, timeout=10)


@pytest.fixture
def control(cloudflare: Simulator) -> Control:
    return Control(cloudflare.url)


def test_reset_tells_a_story(cloudflare: Simulator, control: Control) -> None:
    cloudflare.add_user(email="somebody@example.com")
    acme = "0a" * 16
    told = control.post(
        "reset",
        {
            "settings": {"maximum_per_page": 10},
            "users": [{"email": "a@example.com", "api_token": "token-of-a"}],
            "organizations": [{"id": acme, "name": "Acme"}],
            "members": [{"user": "a@example.com", "organization": acme}],
            "invites": [
                {"user": "a@example.com", "organization": acme, "status": "rejected"},
                {"user": "b@example.com", "organization": acme, "id": "1b" * 16},
            ],
        },
    )
    assert told.status_code == 200
    assert [user.email for user in cloudflare.users] == ["a@example.com"]
    assert cloudflare.settings.maximum_per_page == 10
    state = control.get("state")
    assert [one["status"] for one in state["invites"]] == ["rejected", "pending"]
    assert state["members"] == {acme: ["a@example.com"]}
    assert control.post("reset").status_code == 200
    assert control.get("state") == {"invites": [], "members": {}}


def test_settings_faults_and_log(user: User, control: Control, client: Client) -> None:
    control.post("settings", {"omit_messages": True})
    control.post("faults", [{"kind": "answer", "status": 503, "body": "busy", "at": 2}])
    answers = [client.get("/user/invites").status_code for _number in range(2)]
    assert answers == [200, 503]
    log = control.get("log")
    assert [(one["method"], one["path"], one["status"], one["fault"]) for one in log] == [
        ("GET", "/user/invites", 200, None),
        ("GET", "/user/invites", 503, "answer"),
    ]
    assert "messages" not in log[0]["answer"]
    assert user.api_token not in str(log)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("settings", {"latancy": 1}),
        ("settings", {"answered_patch": "alow"}),
        ("faults", [{"kind": "rest"}]),
        ("faults", [{"kind": "reset", "when": 1}]),
        ("faults", [{"kind": "change", "change": 1}]),
        ("reset", {"invites": [{"user": "a@example.com", "organization": "nobody"}]}),
    ],
)
def test_a_mistake_is_told(name: str, body: Any, control: Control) -> None:
    response = control.post(name, body)
    assert response.status_code == 400
    assert "Error: " in response.json()["error"]


def test_the_control_plane_is_no_part_of_the_api(cloudflare: Simulator, client: Client) -> None:
    assert client.get("/_simulator/log").status_code == 400


def test_the_story_of_the_demo(cloudflare: Simulator, contract: Contract) -> None:
    story.tell(story.demo(cloudflare.now()), cloudflare)
    [operator] = [one for one in cloudflare.users if one.email == story.OPERATOR]
    with Client(cloudflare, operator) as client:
        pages = [client.invites(page=page, per_page=50) for page in (1, 2, 3)]
        home = client.get(f"/organizations/{story.HOME}/invites").json()["result"]
    assert [len(page) for page in pages] == [20, 7, 0]
    invites = pages[0] + pages[1]
    by_status = {
        status: [one["organization_name"] for one in invites if one["status"] == status]
        for status in ("rejected", "accepted", "expired")
    }
    assert by_status == {
        "rejected": ["Redwood Analytics"],
        "accepted": ["Saffron Foods"],
        "expired": ["Tidewater Shipping"],
    }
    namesakes = [one for one in invites if one["organization_name"] == "Acme Logistics"]
    assert [(one["id"], one["invited_by"]) for one in namesakes] == [
        (story.invite_id(2), "access@acme-logistics.example"),
        (story.invite_id(22), "acme.logistics.access@freemail.example"),
    ]
    assert {one["status"] for one in namesakes} == {"pending"}
    assert len({one["organization_id"] for one in namesakes}) == 2
    statuses = {"pending", "accepted", "expired", "canceled", "left"}
    assert {one["status"] for one in home} == statuses


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.simulator", "--story", "--latency", "0.01"),
            *("--port-file", str(tmp_path / "port")),
        ],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("ending", ["SIGTERM", "SIGINT", "shutdown"])
def test_it_starts_from_the_shell(
    ending: str, shell: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert shell.stdout
    url = shell.stdout.readline().strip()
    assert (tmp_path / "port").read_text() == url.split(":")[2].split("/")[0] + "\n"
    answer = requests.get(f"{url}/user/invites", headers=TOKEN, timeout=10)
    assert answer.json()["result_info"]["total_pages"] == 2
    assert answer.elapsed.total_seconds() >= 0.01
    if ending == "shutdown":
        assert Control(url).post("shutdown").status_code == 200
    else:
        shell.send_signal(signal.Signals[ending])
    rest, errors = shell.communicate(timeout=10)
    assert (shell.returncode, rest, errors) == (0, "", "")
