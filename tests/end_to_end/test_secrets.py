# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets stay secret, whatever goes wrong and however much Ansible is asked to tell.

ansible-playbook runs every module through success, every kind of fault, a server that echoes what
it was sent, and credentials that cannot be sent, at -vvvv, with --diff, ANSIBLE_DEBUG, a log file
and all results dumped. Then the secrets, and their base64, are looked for: in the output, the log
file, everything that is left on disk, and the arguments of all processes.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.community.cloudflare.tests.playbook import CHECKOUT, run_playbook
from ansible_collections.community.cloudflare.tests.simulator import Fault, Simulator
from ansible_collections.community.cloudflare.tests.unit.faults import (
    HTML,
    KINDS,
    TEXT,
    Kind,
    answers,
    each_invite,
)

HOSTS = 4  # which run at the same time, each through its share of the cases
PATIENCE = 2  # seconds for an answer, where none comes
PROCESSES = Path("/proc")
# With ANSIBLE_DEBUG, ansible-core itself prints the options of each task, secret or not, whatever
# the module. This line is left out; nothing else is.
ANSIBLES_OWN = re.compile(r"^ *\d+ [\d.]+: done with _execute_module \(.*$", re.MULTILINE)


@dataclass(frozen=True)
class Scene:
    """How a module is run: its options for some ids, and the request for each that goes wrong.

    An id is that of an invite and of its organization. With ``many``, one run takes all the ids
    that there are, each with a fault of its own. The other modules share the faults.
    """

    options: Callable[[list[str]], dict[str, Any]]
    request: str
    many: bool = False


SCENES = {
    "cf_user_invite": Scene(
        lambda ids: {"invite_id": ids[0], "state": "accepted"}, "PATCH /user/invites/{id}$"
    ),
    "cf_user_invites": Scene(
        lambda ids: {"accept": [{"invite_id": one} for one in ids]},
        "PATCH /user/invites/{id}$",
        many=True,
    ),
    "cf_user_invite_info": Scene(lambda ids: {"invite_id": ids[0]}, "GET /user/invites/{id}$"),
    "cf_org_invite_info": Scene(
        lambda ids: {"organization_ids": ids}, "GET /organizations/{id}/invites$"
    ),
    "cf_account_invite_info": Scene(
        lambda ids: {"account_ids": ids}, "GET /accounts/{id}/members$"
    ),
}


@dataclass(frozen=True)
class Way:
    """One of the ways to give credentials: the secret, whose it is, and options of the task."""

    secret: str
    email: str
    options: dict[str, str]


class Secrets:
    """A token and a key that tasks give, and others that are in the environment."""

    emails = ("by-task@example.com", "by-environment@example.com")

    def __init__(self, disguise: Callable[[str], str] = str) -> None:
        # The base64 of this ending has a + and a /, which some write in another way.
        self.tokens, self.keys = (
            [disguise(f"planted-{kind}-4711-{email}-{kind}-???~~~>>>") for email in self.emails]
            for kind in ("token", "key")
        )

    def users(self) -> Iterator[dict[str, str]]:
        for email, token, key in zip(self.emails, self.tokens, self.keys):
            yield {"email": email, "api_token": token, "api_key": key}

    def environment(self) -> dict[str, str]:
        return {"CLOUDFLARE_API_TOKEN": self.tokens[1], "CLOUDFLARE_API_KEY": self.keys[1]}

    def ways(self) -> dict[str, Way]:
        task, environment = self.emails
        token, key = self.tokens[0], self.keys[0]
        return {
            "token in the task": Way(token, task, {"api_token": token}),
            "key in the task": Way(key, task, {"api_email": task, "api_key": key}),
            "token in the environment": Way(self.tokens[1], environment, {}),
            "key in the environment": Way(self.keys[1], environment, {"api_email": environment}),
        }

    def traces(self) -> Iterator[bytes]:
        """Yield whatever must be found nowhere."""
        for secret in (*self.tokens, *self.keys):
            yield base64_of(secret)
            # What is between the parts of a malformed one can be written in many ways.
            yield from (part.encode() for part in re.findall(r"[!-~]+", secret))
        for email, key in zip(self.emails, self.keys):
            yield base64_of(f"{email}:{key}")


def base64_of(text: str) -> bytes:
    """Return as much of the base64 as does not depend on what follows the text."""
    whole = text.encode()
    return base64.b64encode(whole[: len(whole) // 3 * 3])


def echoes(secret: str) -> dict[str, Kind]:
    """Return what a server answers that repeats what it was sent: plain, encoded, escaped."""
    encoded = base64.b64encode(secret.encode()).decode()
    both = f"{secret} {encoded}"
    failure = {
        "success": False,
        "errors": [
            {
                "code": 6003,
                "message": f"Invalid {both}",
                "error_chain": [{"code": 6111, "message": both, both: both}],
                "source": {"pointer": both},
            }
        ],
    }
    text = json.dumps(failure)
    escaped = "".join(f"\\u{ord(char):04x}" for char in both)
    return {
        "echo in an error": answers(400, failure),
        "echo with all escaped": answers(400, text.replace(both, escaped)),
        "echo with slashes escaped": answers(400, text.replace("/", r"\/")),
        "echo in a page": answers(403, f"<title>{both}</title>", HTML),
        "echo where the quote ends": answers(502, "x" * 150 + both, HTML),
        "echo in a text": answers(503, both, TEXT),
        "echo in headers": answers(400, failure, {"CF-Ray": both, "Retry-After": both, "X": both}),
        "echo in a redirect": answers(302, "", {"Location": f"https://x.y/{encoded}?{secret}"}),
        "echo in an invite": each_invite(
            lambda invite: {**invite, "organization_name": both, "status": both, both: both}
        ),
    }


Case = dict[str, Any]  # as tasks see it: module, way, url, options, timeout


def case(cloudflare: Simulator, module: str, way: str, ids: list[str], timeout: float = 30) -> Case:
    options = SCENES[module].options(ids)
    known = {"module": module, "way": way, "url": cloudflare.url}
    return {**known, "options": options, "timeout": timeout}


def invite(cloudflare: Simulator, email: str) -> str:
    """Invite a user, who may also read the organization's invites; return the id of both."""
    user = cloudflare.user_with(email)
    assert user
    identifier = f"{len(cloudflare.invites) + 1:032x}"  # zeros are no ID
    organization = cloudflare.add_organization(f"Acme {identifier}", id=identifier)
    cloudflare.add_member(user, organization)
    cloudflare.invite(user, organization, id=identifier)
    return identifier


def tasks() -> list[dict[str, Any]]:
    """Return the tasks of each host: its cases by module, and then all that they returned."""
    runs = [
        {
            "name": f"Run {module}",
            f"community.cloudflare.{module}": {
                **{name: f"{{{{ item.options.{name} }}}}" for name in scene.options(["x"])},
                **{
                    name: f"{{{{ ways[item.way].{name} | default(omit) }}}}"
                    for name in ("api_token", "api_email", "api_key")
                },
                "api_url": "{{ item.url }}",
                "timeout": "{{ item.timeout }}",
                "retries": 0,
                "max_wait": 1,
            },
            "loop": f"{{{{ cases | selectattr('module', 'eq', '{module}') }}}}",
            "register": f"results_of_{module}",
            "ignore_errors": True,
        }
        for module, scene in SCENES.items()
    ]
    of_hosts = " + ".join(
        f"(groups.all | map('extract', hostvars, ['results_of_{module}', 'results']))"
        for module in SCENES
    )
    show = {"ansible.builtin.debug": {"msg": f"{{{{ ({of_hosts}) | flatten }}}}"}}
    content = f"{{{{ ({of_hosts}) | flatten | to_json }}}}"
    save = {"ansible.builtin.copy": {"content": content, "dest": "{{ dump }}", "mode": "0600"}}
    return [
        *runs,
        {"name": "Show the results", "run_once": True, **show},
        {"name": "Dump the results", "run_once": True, **save},
    ]


def run(
    place: Path, cloudflare: Simulator, secrets: Secrets, cases: list[Case]
) -> list[dict[str, Any]]:
    """Run all cases, look for the secrets, and return the results, in any order."""
    given, left = place / "given", place / "left"
    home, temporary = left / "home", left / "tmp"
    for folder in (given, home, temporary):
        folder.mkdir(parents=True)
    log, output, processes, dump = (left / name for name in ("log", "output", "processes", "dump"))
    # The arguments of all processes are noted while a request is under way, and before each module
    # begins, by what it is run with.
    seen: set[bytes] = set()
    cloudflare.before_answer = lambda _request: seen.update(arguments_of_processes())
    interpreter = given / "python"
    interpreter.write_text(
        f"#!/bin/sh\ncat {PROCESSES}/[0-9]*/cmdline >> '{processes}' 2> /dev/null\n"
        f"exec '{sys.executable}' \"$@\"\n"
    )
    interpreter.chmod(0o700)
    inventory, playbook = given / "inventory.yml", given / "playbook.yml"
    hosts = {
        f"host-{number}": {"cases": cases[number::HOSTS]}
        for number in range(min(HOSTS, len(cases)))
    }
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": str(interpreter),
        "dump": str(dump),
        "ways": {name: way.options for name, way in secrets.ways().items()},
    }
    inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": variables}}))
    playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks()}]))
    environment = {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "ANSIBLE_HOME": str(home / ".ansible"),
        "ANSIBLE_REMOTE_TEMP": str(home / "remote"),
        "ANSIBLE_LOG_PATH": str(log),
        "ANSIBLE_DEBUG": "1",
        "ANSIBLE_INJECT_INVOCATION": "1",  # with which results tell the options, as they once did
        "ANSIBLE_FORKS": str(HOSTS),
        **secrets.environment(),
    }

    ran = run_playbook(playbook, environment, "--inventory", str(inventory), "-vvvv", "--diff")

    output.write_text(ANSIBLES_OWN.sub("", ran.stdout))
    with processes.open("ab") as file:
        file.writelines(seen)
    look_for(secrets, left)
    # It was looked where something was to be seen.
    assert ran.returncode == 0, ran.stdout[-3000:]
    for place_to_look in (output, log, *([processes] if PROCESSES.exists() else [])):
        assert b"AnsiballZ_cf_" in place_to_look.read_bytes()
    assert not list(left.rglob("AnsiballZ*"))
    results: list[dict[str, Any]] = json.loads(dump.read_text())
    assert len(results) == len(cases)
    assert all("api_token" in result["invocation"]["module_args"] for result in results)
    assert not any("module_stdout" in result for result in results)  # as after a traceback
    return results


def arguments_of_processes() -> Iterator[bytes]:
    for process in PROCESSES.glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has ended
            yield process.read_bytes()


def look_for(secrets: Secrets, folder: Path) -> None:
    """Look for the secrets in whatever was written."""
    found = [
        f"{trace.decode()} in {path.relative_to(folder)}: {text[max(at - 300, 0) : at + 99]!r}"
        for path in folder.rglob("*")
        for text in [path.name.encode() + (path.read_bytes() if path.is_file() else b"")]
        for trace in secrets.traces()
        for at in [text.find(trace)]
        if at >= 0
    ]
    assert not found, "\n\n".join(found)


def all_kinds(secret: str) -> list[Kind]:
    """Return every kind of fault, and of echo of a secret."""
    return [*KINDS.values(), *echoes(secret).values()]


def strikes(
    ways: Mapping[str, Way], first: int, share: slice, many: bool
) -> Iterator[tuple[str, list[Kind]]]:
    """Yield a share of all kinds, each in one of the ways, and together what strikes one run."""
    for number, (name, way) in enumerate(ways.items()):
        of_way = all_kinds(way.secret)[share][(first + number) % len(ways) :: len(ways)]
        # After a 429 nothing else is sent, so that is by itself.
        alone = [kind for kind in of_way if not many or kind.options.get("status") == 429]
        yield from ((name, [kind]) for kind in alone)
        if many:
            yield name, [kind for kind in of_way if kind not in alone]


@pytest.fixture
def cloudflare() -> Iterator[Simulator]:
    """Cloudflare, with the two users whose secrets are well-formed."""
    with Simulator() as simulator:
        for user in Secrets().users():
            simulator.add_user(**user)
        yield simulator


def test_every_module_is_here() -> None:
    modules = {path.stem for path in (CHECKOUT / "plugins" / "modules").glob("cf_*.py")}
    assert set(SCENES) == modules, "SCENES has to say how each module is run"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of a short name: ansible-core puts a socket there, whose path must not be long."""
    with tempfile.TemporaryDirectory(prefix="cf-") as name:
        yield Path(name)


def test_success(cloudflare: Simulator, folder: Path) -> None:
    ways = Secrets().ways()
    cases = [
        case(cloudflare, module, name, [invite(cloudflare, ways[name].email)])
        for module, name in zip(SCENES, itertools.cycle(ways))
    ]

    results = run(folder, cloudflare, Secrets(), cases)

    assert not any(result["failed"] for result in results)
    sent = " ".join(" ".join(request.headers.values()) for request in cloudflare.log)
    assert all(way.secret in sent for way in ways.values())


def test_faults(cloudflare: Simulator, folder: Path) -> None:
    ways = Secrets().ways()
    cases: list[Case] = []
    faults: list[Fault] = []
    singles = [module for module, scene in SCENES.items() if not scene.many]
    for number, (module, scene) in enumerate(SCENES.items()):
        method, path = scene.request.split()
        share = slice(None) if scene.many else slice(singles.index(module), None, len(singles))
        for name, ordered in strikes(ways, number, share, scene.many):
            ids = [invite(cloudflare, ways[name].email) for _kind in ordered]
            for one, kind in zip(ids, ordered):
                fault = kind.order(path=path.format(id=one))
                fault.method = method
                faults.append(cloudflare.add_fault(fault))
            # Who waits for nothing shall not wait long.
            silent = any(kind.options["kind"] in ("silence", "drip") for kind in ordered)
            cases.append(case(cloudflare, module, name, ids, PATIENCE if silent else 30))

    run(folder, cloudflare, Secrets(), cases)

    assert len(faults) == (len(SCENES) - len(singles) + 1) * len(all_kinds(""))
    assert all(fault.struck for fault in faults)


DISGUISES: list[Callable[[str], str]] = [
    lambda text: text.replace("-4711-", "-4711\n") + "\n",
    lambda text: text.replace("-4711-", "-4711 "),
    lambda text: text.replace("-4711-", "-4711\u00e9"),
]


def test_malformed_secrets(cloudflare: Simulator, folder: Path) -> None:
    """Line breaks, blanks, letters beyond ASCII: each secret has one of them."""
    disguises = itertools.cycle(DISGUISES)

    def disguise(text: str) -> str:
        return next(disguises)(text)

    secrets = Secrets(disguise)
    cases = [
        case(cloudflare, module, way, ["0" * 32])
        for module, way in zip(SCENES, itertools.cycle(secrets.ways()))
    ]

    results = run(folder, cloudflare, secrets, cases)

    assert all("is malformed" in result["msg"] for result in results)
    assert not cloudflare.log
