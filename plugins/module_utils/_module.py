# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module shares with Ansible: options, credentials, the client, and how a task ends."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib

from ansible_collections.community.cloudflare.plugins.module_utils._answer import CloudflareError
from ansible_collections.community.cloudflare.plugins.module_utils._cloudflare import (
    API_URL,
    REQUESTS_IMPORT_ERROR,
    Client,
    Credentials,
)
from ansible_collections.community.cloudflare.plugins.module_utils._params import (
    find_error,
    find_secrets,
    is_maskable,
    remove_ignored,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Run = Callable[[Client, Mapping[str, Any], bool], dict[str, Any]]

LONGEST_TIMEOUT = 3600
LONGEST_WAIT = 6 * 3600
# Cloudflare takes 200 requests a second from an address.
MOST_CONNECTIONS = 50

# Not by env_fallback: a token that the task gives must not collide with a pair that is in the
# environment, and Ansible does not tell afterwards which came from where.
ENVIRONMENT = {
    "api_token": "CLOUDFLARE_API_TOKEN",
    "api_email": "CLOUDFLARE_EMAIL",
    "api_key": "CLOUDFLARE_API_KEY",
}
# Documented in plugins/doc_fragments/_auth.py.
SHARED_OPTIONS: dict[str, dict[str, Any]] = {
    "api_token": {"type": "str", "no_log": True},
    "api_email": {"type": "str", "aliases": ["account_email"]},
    "api_key": {"type": "str", "no_log": True, "aliases": ["account_api_key"]},
    "api_url": {
        "type": "str",
        "default": API_URL,
        "fallback": (env_fallback, ["CLOUDFLARE_BASE_URL"]),
    },
    "timeout": {"type": "float", "default": 30},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "retries": {"type": "int", "default": 5},
    "max_wait": {"type": "int", "default": 300},
    "max_connections": {"type": "int", "default": 20},
}


class TaskError(Exception):
    """The task cannot do what it was asked for; the message says why, and what to do now."""


class CloudflareModule(AnsibleModule):
    """An AnsibleModule that validates the parameters as the task gives them.

    :ivar params_error: what is wrong with them, if anything is.
    """

    def __init__(self, argument_spec: Mapping[str, dict[str, Any]], **kwargs: Any) -> None:
        self.params_error: str | None = None
        super().__init__(  # type: ignore[no-untyped-call]
            argument_spec=argument_spec, supports_check_mode=True, **kwargs
        )

    def _load_params(self) -> None:
        """Read the parameters; Ansible then completes and converts what this leaves in place."""
        super()._load_params()  # type: ignore[no-untyped-call]
        self.no_log_values.update(find_secrets(self.argument_spec, self.params))
        self.params_error = find_error(self.argument_spec, self.params)
        self.params = remove_ignored(self.argument_spec, self.params)

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        """Fail, with what is wrong with the parameters in place of what Ansible makes of it."""
        super().fail_json(msg=self.params_error or msg, **kwargs)


def run_module(run: Run, options: Mapping[str, dict[str, Any]], **rules: Any) -> None:
    """Run a module from its options to its end; does not return.

    :param run: does the work and returns the result; called with a client, the options of the
        task, and whether it is in check mode. ``warnings`` in the result are shown to the user.
    :param options: the module's own options, as in an argument spec.
    :param rules: how they depend on each other, as AnsibleModule takes it.
    """
    module = CloudflareModule({**SHARED_OPTIONS, **options}, **rules)
    if REQUESTS_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    _register_no_log_values(module)
    result = _run(module, run)
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)


def _run(module: CloudflareModule, run: Run) -> dict[str, Any]:
    """Return the result of a module, or of its failure."""
    # Without the aliases, which Ansible leaves beside them as they were given, not converted.
    params = {name: module.params[name] for name in module.argument_spec}
    warnings: list[str] = []
    try:
        if module.params_error:
            raise TaskError(module.params_error)
        with _build_client(params) as client:
            warnings = client.warnings
            result = run(client, params, module.check_mode)
    except TaskError as error:
        result = {"failed": True, "msg": str(error)}
    except CloudflareError as error:
        result = {
            "failed": True,
            "msg": error.message,
            "changed": error.may_have_changed,
            "failure": error.details,
        }
    return {**result, "warnings": [*warnings, *result.get("warnings", ())]}


def _register_no_log_values(module: AnsibleModule) -> None:
    """Let Ansible mask also what it does not know to be secret, such as the environment's part."""
    api_url = module.params["api_url"]
    secrets = (
        os.environ.get(ENVIRONMENT["api_token"]),
        os.environ.get(ENVIRONMENT["api_key"]),
        # Neither may be there; it is an error, but the task is shown with its options.
        api_url.rpartition("@")[0].partition("//")[2],
        api_url.partition("?")[2],
    )
    module.no_log_values.update(secret for secret in secrets if is_maskable(secret))


def credentials(options: Mapping[str, Any], environment: Mapping[str, str]) -> Credentials:
    """Choose the credentials: what the task gives comes first, then what the environment gives.

    :raises TaskError: if there are none, half a pair, or a token and a pair at once.
    """
    task = {name: options[name] for name in ENVIRONMENT if options[name] is not None}
    if "api_token" in task:
        if len(task) > 1:
            del task["api_token"]
            raise TaskError(
                f"The task gives api_token and also {' and '.join(task)}. Give either the token, "
                "or api_email and api_key."
            )
        return Credentials(**task)
    found = {
        name: environment[variable]
        for name, variable in ENVIRONMENT.items()
        if environment.get(variable)
    }
    if not task and "api_token" in found:
        return Credentials(api_token=found["api_token"])
    found.pop("api_token", None)
    pair = {**found, **task}
    if not pair:
        raise TaskError(
            "No credentials. Give api_token, or api_email and api_key; or set the environment "
            "variable CLOUDFLARE_API_TOKEN, or CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY, where the "
            "module runs."
        )
    for missing in {"api_email", "api_key"} - pair.keys():
        raise TaskError(
            f"{missing} is missing beside {''.join(pair)}. Give it, or set the environment "
            f"variable {ENVIRONMENT[missing]} where the module runs; or use api_token alone."
        )
    return Credentials(**pair)


def _build_client(options: Mapping[str, Any]) -> Client:
    """Build the client that the options ask for.

    :raises TaskError: if one of them cannot be.
    """
    _check_range(options, "timeout", 0.001, LONGEST_TIMEOUT)
    _check_range(options, "retries", 0, 100)
    _check_range(options, "max_wait", 0, LONGEST_WAIT)
    _check_range(options, "max_connections", 1, MOST_CONNECTIONS)
    try:
        client = Client(
            credentials(options, os.environ),
            api_url=options["api_url"] or API_URL,
            timeout=options["timeout"],
            verify=options["validate_certs"] and (options["ca_path"] or True),
            retries=options["retries"],
            max_wait=options["max_wait"],
            max_connections=options["max_connections"],
        )
    except CloudflareError as error:
        raise TaskError(error.message) from None
    if not options["validate_certs"]:
        client.warnings.append(
            "validate_certs is false: whoever is between here and Cloudflare can read the "
            "credentials. Use ca_path to trust a certificate of your own."
        )
    return client


def _check_range(options: Mapping[str, Any], name: str, least: float, most: float) -> None:
    if not least <= options[name] <= most:
        raise TaskError(f"{name} is {options[name]:g}. Give a number from {least:g} to {most:g}.")
