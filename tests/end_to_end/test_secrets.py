# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are in no output, log, file, or process list, even after faults and with all debugging.

ansible-playbook runs every module with success, with every fault, with a server that echoes the
request, and with malformed credentials, at -vvvv, with --diff, ANSIBLE_DEBUG, a log file, and a
dump of all results. The tests then search the output, the log, all written files, and the
arguments of all processes for the secrets and their base64.
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
    FAULT_CASES,
    HTML,
    TEXT,
    FaultCase,
    modified_invites,
    response,
)

HOSTS = 4  # which run at the same time, each with its share of the cases
SHORT_TIMEOUT = 2  # seconds, for faults without a response
PROCESSES = Path("/proc")
# With ANSIBLE_DEBUG, ansible-core prints the options of each task in this line, secrets included.
# Since 2.22, it also prints the secrets that a module wants to be masked, with its result.
# Only these are ignored.
ANSIBLE_DEBUG_LINE = re.compile(
    r"^ *\d+ [\d.]+: done with _execute_module \(.*$|\"_ansible_new_secrets\": \[[^\]]*\]",
    re.MULTILINE,
)


@dataclass(frozen=True)
class ModuleCase:
    """A module, its options for some IDs, and the request for each ID that fails.

    An ID is that of an invite and of its organization. With ``many``, one run takes all IDs, each
    with its own fault. The other modules need a run for each fault, and all modules use the same
    client, so only the responses that echo a secret are distributed over them. A module without a
    request has no ID in its path, so its faults cannot be distinguished from those of another run.
    """

    options: Callable[[list[str]], dict[str, Any]]
    request: str = ""
    many: bool = False


MODULE_CASES = {
    "cf_user_invite": ModuleCase(
        lambda ids: {"invite_id": ids[0], "state": "accepted"}, "PATCH /user/invites/{id}$"
    ),
    "cf_user_invites": ModuleCase(
        lambda ids: {"accept": [{"invite_id": one} for one in ids]},
        "PATCH /user/invites/{id}$",
        many=True,
    ),
    "cf_user_invite_info": ModuleCase(lambda ids: {"invite_id": ids[0]}, "GET /user/invites/{id}$"),
    "cf_org_invite_info": ModuleCase(
        lambda ids: {"organization_ids": ids}, "GET /organizations/{id}/invites$"
    ),
    "cf_account_invite_info": ModuleCase(
        lambda ids: {"account_ids": ids}, "GET /accounts/{id}/members$"
    ),
    "cf_account_invites": ModuleCase(
        lambda ids: {
            "account_ids": ids,
            "invites": [{"email": "new@example.com"}],
            "state": "absent",
        }
    ),
    "cf_membership": ModuleCase(lambda ids: {"account_id": ids[0], "state": "absent"}),
    "cf_membership_info": ModuleCase(lambda ids: {"account_ids": ids}),
}


@dataclass(frozen=True)
class AuthCase:
    """A way to pass credentials: the secret, the email of its user, and the options of the task."""

    secret: str
    email: str
    options: dict[str, str]


class Secrets:
    """A token and a key for tasks, and others for the environment."""

    emails = ("by-task@example.com", "by-environment@example.com")

    def __init__(self, transform: Callable[[str], str] = str) -> None:
        # The base64 of this ending has a + and a /, which have other forms in base64url.
        self.tokens, self.keys = (
            [transform(f"planted-{kind}-4711-{email}-{kind}-???~~~>>>") for email in self.emails]
            for kind in ("token", "key")
        )

    def users(self) -> Iterator[dict[str, str]]:
        for email, token, key in zip(self.emails, self.tokens, self.keys):
            yield {"email": email, "api_token": token, "api_key": key}

    def environment(self) -> dict[str, str]:
        return {"CLOUDFLARE_API_TOKEN": self.tokens[1], "CLOUDFLARE_API_KEY": self.keys[1]}

    def auth_cases(self) -> dict[str, AuthCase]:
        task, environment = self.emails
        token, key = self.tokens[0], self.keys[0]
        return {
            "token in the task": AuthCase(token, task, {"api_token": token}),
            "key in the task": AuthCase(key, task, {"api_email": task, "api_key": key}),
            "token in the environment": AuthCase(self.tokens[1], environment, {}),
            "key in the environment": AuthCase(
                self.keys[1], environment, {"api_email": environment}
            ),
        }

    def forbidden_strings(self) -> Iterator[bytes]:
        """Yield the secrets and their encodings."""
        for secret in (*self.tokens, *self.keys):
            yield base64_of(secret)
            # A malformed secret is searched by its parts, because the rest can be escaped.
            yield from (part.encode() for part in re.findall(r"[!-~]+", secret))
        for email, key in zip(self.emails, self.keys):
            yield base64_of(f"{email}:{key}")


def base64_of(text: str) -> bytes:
    """Return the part of the base64 that does not depend on what follows the text."""
    whole = text.encode()
    return base64.b64encode(whole[: len(whole) // 3 * 3])


def echo_responses(secret: str) -> dict[str, FaultCase]:
    """Return responses that echo a secret: plain, encoded, and escaped."""
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
        "echo in an error": response(400, failure),
        "echo with all escaped": response(400, text.replace(both, escaped)),
        "echo with slashes escaped": response(400, text.replace("/", r"\/")),
        "echo in a page": response(403, f"<title>{both}</title>", HTML),
        "echo where the quote ends": response(502, "x" * 150 + both, HTML),
        "echo in a text": response(503, both, TEXT),
        "echo in headers": response(400, failure, {"CF-Ray": both, "Retry-After": both, "X": both}),
        "echo in a redirect": response(302, "", {"Location": f"https://x.y/{encoded}?{secret}"}),
        "echo in an invite": modified_invites(
            lambda invite: {**invite, "organization_name": both, "status": both, both: both}
        ),
    }


Case = dict[str, Any]  # as tasks see it: module, auth_case, url, options, timeout


def case(
    cloudflare: Simulator, module: str, auth_case: str, ids: list[str], timeout: float = 30
) -> Case:
    options = MODULE_CASES[module].options(ids)
    fields = {"module": module, "auth_case": auth_case, "url": cloudflare.url}
    return {**fields, "options": options, "timeout": timeout}


def invite(cloudflare: Simulator, email: str) -> str:
    """Invite a user, who can also read the organization's invites. Return the ID of both."""
    user = cloudflare.find_user(email)
    assert user
    identifier = f"{len(cloudflare.invites) + 1:032x}"
    organization = cloudflare.add_organization(f"Acme {identifier}", id=identifier)
    cloudflare.add_member(user, organization)
    cloudflare.invite(user, organization, id=identifier)
    return identifier


def tasks() -> list[dict[str, Any]]:
    """Return the tasks of each host: its cases by module, then a dump of the results."""
    runs = [
        {
            "name": f"Run {module}",
            f"community.cloudflare.{module}": {
                **{name: f"{{{{ item.options.{name} }}}}" for name in module_case.options(["x"])},
                **{
                    name: f"{{{{ auth_cases[item.auth_case].{name} | default(omit) }}}}"
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
        for module, module_case in MODULE_CASES.items()
    ]
    of_hosts = " + ".join(
        f"(groups.all | map('extract', hostvars, ['results_of_{module}', 'results']))"
        for module in MODULE_CASES
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
    workdir: Path, cloudflare: Simulator, secrets: Secrets, cases: list[Case]
) -> list[dict[str, Any]]:
    """Run all cases, assert that there are no secrets, and return the results in any order."""
    inputs, outputs = workdir / "inputs", workdir / "outputs"
    home, temporary = outputs / "home", outputs / "tmp"
    for directory in (inputs, home, temporary):
        directory.mkdir(parents=True)
    log, output, processes, dump = (
        outputs / name for name in ("log", "output", "processes", "dump")
    )
    # The arguments of all processes are recorded during each request, and before each module by its
    # interpreter.
    arguments: set[bytes] = set()
    cloudflare.before_request = lambda _request: arguments.update(arguments_of_processes())
    interpreter = inputs / "python"
    interpreter.write_text(
        f"#!/bin/sh\ncat {PROCESSES}/[0-9]*/cmdline >> '{processes}' 2> /dev/null\n"
        f"exec '{sys.executable}' \"$@\"\n"
    )
    interpreter.chmod(0o700)
    inventory, playbook = inputs / "inventory.yml", inputs / "playbook.yml"
    hosts = {
        f"host-{number}": {"cases": cases[number::HOSTS]}
        for number in range(min(HOSTS, len(cases)))
    }
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": str(interpreter),
        "dump": str(dump),
        "auth_cases": {name: auth_case.options for name, auth_case in secrets.auth_cases().items()},
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
        "ANSIBLE_INJECT_INVOCATION": "1",  # so that results contain the options
        "ANSIBLE_FORKS": str(HOSTS),
        **secrets.environment(),
    }

    ran = run_playbook(playbook, environment, "--inventory", str(inventory), "-vvvv", "--diff")

    output.write_text(ANSIBLE_DEBUG_LINE.sub("", ran.stdout))
    with processes.open("ab") as file:
        file.writelines(arguments)
    assert_no_secrets(secrets, outputs)
    # Assert that the searched files have content.
    assert ran.returncode == 0, ran.stdout[-3000:]
    for path in (output, log, *([processes] if PROCESSES.exists() else [])):
        assert b"AnsiballZ_cf_" in path.read_bytes()
    assert not list(outputs.rglob("AnsiballZ*"))
    results: list[dict[str, Any]] = json.loads(dump.read_text())
    assert len(results) == len(cases)
    assert all("api_token" in result["invocation"]["module_args"] for result in results)
    assert not any("module_stdout" in result for result in results)  # as after a traceback
    return results


def arguments_of_processes() -> Iterator[bytes]:
    for process in PROCESSES.glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has ended
            yield process.read_bytes()


def assert_no_secrets(secrets: Secrets, directory: Path) -> None:
    """Assert that no file contains a secret."""
    found = [
        f"{secret.decode()} in {path.relative_to(directory)}: {text[max(at - 300, 0) : at + 99]!r}"
        for path in directory.rglob("*")
        for text in [path.name.encode() + (path.read_bytes() if path.is_file() else b"")]
        for secret in secrets.forbidden_strings()
        for at in [text.find(secret)]
        if at >= 0
    ]
    assert not found, "\n\n".join(found)


def distribute_faults(
    auth_cases: Mapping[str, AuthCase], first: int, share: slice, many: bool
) -> Iterator[tuple[str, list[FaultCase]]]:
    """Yield a share of the faults by authentication case, grouped by run."""
    for number, (name, auth_case) in enumerate(auth_cases.items()):
        echoes = list(echo_responses(auth_case.secret).values())
        fault_cases = [*FAULT_CASES.values(), *echoes] if many else echoes
        of_auth_case = fault_cases[share][(first + number) % len(auth_cases) :: len(auth_cases)]
        # After a 429 nothing else is sent, so it needs its own run.
        alone = [
            fault_case
            for fault_case in of_auth_case
            if not many or fault_case.options.get("status") == 429
        ]
        yield from ((name, [fault_case]) for fault_case in alone)
        if many:
            yield name, [fault_case for fault_case in of_auth_case if fault_case not in alone]


@pytest.fixture
def cloudflare() -> Iterator[Simulator]:
    """A simulator with the two users of well-formed secrets."""
    with Simulator() as simulator:
        for user in Secrets().users():
            simulator.add_user(**user)
        yield simulator


def test_all_modules_have_a_case() -> None:
    modules = {path.stem for path in (CHECKOUT / "plugins" / "modules").glob("cf_*.py")}
    assert set(MODULE_CASES) == modules, "add the module to MODULE_CASES"


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory with a short name, because ansible-core creates a socket there."""
    with tempfile.TemporaryDirectory(prefix="cf-") as name:
        yield Path(name)


def test_successful_runs_contain_no_secrets(cloudflare: Simulator, directory: Path) -> None:
    auth_cases = Secrets().auth_cases()
    cases = [
        case(cloudflare, module, name, [invite(cloudflare, auth_cases[name].email)])
        for module, name in zip(MODULE_CASES, itertools.cycle(auth_cases))
    ]

    results = run(directory, cloudflare, Secrets(), cases)

    assert not [result["msg"] for result in results if result["failed"]]
    sent = " ".join(" ".join(request.headers.values()) for request in cloudflare.log)
    assert all(auth_case.secret in sent for auth_case in auth_cases.values())


def test_failed_runs_contain_no_secrets(cloudflare: Simulator, directory: Path) -> None:
    auth_cases = Secrets().auth_cases()
    cases: list[Case] = []
    faults: list[Fault] = []
    modules = {name: one for name, one in MODULE_CASES.items() if one.request}
    shared_modules = [module for module, module_case in modules.items() if not module_case.many]
    for number, (module, module_case) in enumerate(modules.items()):
        method, path = module_case.request.split()
        share = (
            slice(None)
            if module_case.many
            else slice(shared_modules.index(module), None, len(shared_modules))
        )
        for name, selected in distribute_faults(auth_cases, number, share, module_case.many):
            ids = [invite(cloudflare, auth_cases[name].email) for _kind in selected]
            for one, fault_case in zip(ids, selected):
                fault = fault_case.build(path=path.format(id=one))
                fault.method = method
                faults.append(cloudflare.add_fault(fault))
            # Faults without a response get a short timeout.
            silent = any(
                fault_case.options["kind"] in ("no_response", "slow_response")
                for fault_case in selected
            )
            cases.append(case(cloudflare, module, name, ids, SHORT_TIMEOUT if silent else 30))

    run(directory, cloudflare, Secrets(), cases)

    many = len(modules) - len(shared_modules)
    assert len(faults) == many * len(FAULT_CASES) + (many + 1) * len(echo_responses(""))
    assert [fault for fault in faults if not fault.triggered_count] == []


MALFORMED_VARIANTS: list[Callable[[str], str]] = [
    lambda text: text.replace("-4711-", "-4711\n") + "\n",
    lambda text: text.replace("-4711-", "-4711 "),
    lambda text: text.replace("-4711-", "-4711\u00e9"),
]


def test_malformed_credentials_contain_no_secrets(cloudflare: Simulator, directory: Path) -> None:
    """Each secret has a line break, a blank, or a non-ASCII letter."""
    variants = itertools.cycle(MALFORMED_VARIANTS)

    def transform(text: str) -> str:
        return next(variants)(text)

    secrets = Secrets(transform)
    cases = [
        case(cloudflare, module, auth_case, ["1" * 32])
        for module, auth_case in zip(MODULE_CASES, itertools.cycle(secrets.auth_cases()))
    ]

    results = run(directory, cloudflare, secrets, cases)

    assert all("is malformed" in result["msg"] for result in results)
    assert not cloudflare.log
