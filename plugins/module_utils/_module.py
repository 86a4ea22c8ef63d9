# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all modules share: argument spec, credentials, client, warnings, exit and failure."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib

from ansible_collections.community.cloudflare.plugins.module_utils._api.auth import (
    MIN_SECRET_LENGTH,
    CloudflareAuth,
)
from ansible_collections.community.cloudflare.plugins.module_utils._api.client import (
    DEFAULT_API_URL,
    REQUESTS_IMPORT_ERROR,
    Client,
)
from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._params import (
    find_error,
    find_secrets,
    is_maskable,
    map_strings,
    remove_ignored,
    secret_names,
)

try:
    from ansible.module_utils.secrets import (  # type: ignore[import-not-found, unused-ignore]
        mask_secrets,
        register_secret,
    )
except ImportError:  # before ansible-core 2.22
    mask_secrets = register_secret = None

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Run = Callable[[Client, Mapping[str, Any], bool], dict[str, Any]]

MAX_TIMEOUT = 3600
MAX_WAIT_LIMIT = 6 * 3600
# Cloudflare allows an IP address 200 requests a second.
MAX_CONNECTIONS_LIMIT = 50

# Not by env_fallback: a token in the task must not collide with an email and key in the
# environment, and Ansible does not tell which value came from where.
CREDENTIAL_ENV_VARS = {
    "api_token": "CLOUDFLARE_API_TOKEN",
    "api_email": "CLOUDFLARE_EMAIL",
    "api_key": "CLOUDFLARE_API_KEY",
}
# Documented in plugins/doc_fragments/_auth.py.
COMMON_ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "api_token": {"type": "str", "no_log": True},
    "api_email": {"type": "str", "aliases": ["account_email"]},
    "api_key": {"type": "str", "no_log": True, "aliases": ["account_api_key"]},
    "api_url": {
        "type": "str",
        "default": DEFAULT_API_URL,
        "fallback": (env_fallback, ["CLOUDFLARE_BASE_URL"]),
    },
    "timeout": {"type": "float", "default": 30},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "retries": {"type": "int", "default": 5},
    "max_wait": {"type": "int", "default": 300},
    "max_connections": {"type": "int", "default": 20},
}


class ModuleError(Exception):
    """The module cannot do what the task asks for. The message says why, and what to do."""


class CloudflareModule(AnsibleModule):
    """An AnsibleModule that validates the parameters as the task gives them.

    :ivar params_error: what is wrong with them, or None.
    """

    def __init__(self, argument_spec: Mapping[str, dict[str, Any]], **kwargs: Any) -> None:
        self.params_error: str | None = None
        super().__init__(  # type: ignore[no-untyped-call]
            argument_spec=argument_spec, supports_check_mode=True, **kwargs
        )

    def _load_params(self) -> None:
        """Read the parameters, which Ansible then completes and converts."""
        super()._load_params()  # type: ignore[no-untyped-call]
        self.mask(find_secrets(self.argument_spec, self.params))
        self.params_error = find_error(self.argument_spec, self.params)
        self.params = remove_ignored(self.argument_spec, self.params)

    def mask(self, secrets: Iterable[str]) -> None:
        """Mask secrets in everything that Ansible shows."""
        secrets = set(secrets)
        self.no_log_values.update(secrets)  # without effect since ansible-core 2.22
        if register_secret is not None:
            for secret in secrets:
                # It is global: a short secret would be masked in the results of all tasks.
                if len(secret.strip()) >= MIN_SECRET_LENGTH:
                    register_secret(secret)

    def exit_json(self, **kwargs: Any) -> NoReturn:
        """Succeed."""
        super().exit_json(**self._with_invocation(kwargs))

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        """Fail. An error in the parameters as given takes the place of Ansible's own message."""
        super().fail_json(msg=self.params_error or msg, **self._with_invocation(kwargs))

    def _with_invocation(self, result: dict[str, Any]) -> dict[str, Any]:
        """Add the parameters without secrets to a result, for ``ANSIBLE_INJECT_INVOCATION``.

        Since ansible-core 2.22, Ansible itself masks them only where it shows them.
        """
        if mask_secrets is None:
            return result
        params = {
            name: "$REDACTED$" if name in secret_names(self.argument_spec) else value
            for name, value in map_strings(self.params, mask_secrets).items()
        }
        return {**result, "invocation": {"module_args": params}}


def run_module(run: Run, argument_spec: Mapping[str, dict[str, Any]]) -> None:
    """Run a module; does not return.

    :param run: is called with a client, the parameters, and whether the task runs in check mode.
        It returns the result. ``warnings`` in it are shown to the user.
    :param argument_spec: the options of the module itself.
    """
    module = CloudflareModule({**COMMON_ARGUMENT_SPEC, **argument_spec})
    if REQUESTS_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    module.mask(_find_hidden_secrets(module.params["api_url"]))
    result = _run(module, run)
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)


def _run(module: CloudflareModule, run: Run) -> dict[str, Any]:
    """Return the result of a module, or of its failure."""
    # Without the aliases, which Ansible keeps beside them unconverted.
    params = {name: module.params[name] for name in module.argument_spec}
    warnings = []
    try:
        if module.params_error:
            raise ModuleError(module.params_error)
        with _build_client(params) as client:
            if not params["validate_certs"]:
                warnings.append(
                    "validate_certs is false, so an attacker in the network can read the "
                    "credentials. To trust a private CA, use ca_path."
                )
            result = run(client, params, module.check_mode)
    except ModuleError as error:
        result = {"failed": True, "msg": str(error)}
    except CloudflareError as error:
        result = {
            "failed": True,
            "msg": str(error),
            "changed": error.outcome_unknown,
            "failure": error.to_result(),
        }
    return {**result, "warnings": [*warnings, *result.get("warnings", ())]}


def _find_hidden_secrets(api_url: str) -> list[str]:
    """Return what Ansible does not know to be secret: the environment, and parts of api_url."""
    secrets = (
        os.environ.get(CREDENTIAL_ENV_VARS["api_token"]),
        os.environ.get(CREDENTIAL_ENV_VARS["api_key"]),
        # User info and a query are errors, but Ansible shows the task with its options.
        api_url.rpartition("@")[0].partition("//")[2],
        api_url.partition("?")[2],
    )
    return [secret for secret in secrets if secret is not None and is_maskable(secret)]


def check_max_changes(count: int, maximum: int | None) -> None:
    """Raise an error if a plan has more changes than the task allows.

    :raises ModuleError: then nothing was sent.
    """
    if maximum is not None and count > maximum:
        raise ModuleError(
            f"{count} changes are planned, and max_changes is {maximum}. Nothing was sent."
        )


def resolve_credentials(params: Mapping[str, Any], environ: Mapping[str, str]) -> CloudflareAuth:
    """Return the credentials of the task or, if it has none, of the environment.

    :raises ModuleError: if there are none, only half of a pair, or a token and a pair.
    """
    explicit = {name: params[name] for name in CREDENTIAL_ENV_VARS if params[name] is not None}
    if "api_token" in explicit:
        if len(explicit) > 1:
            del explicit["api_token"]
            raise ModuleError(
                f"The task gives api_token and also {' and '.join(explicit)}. Give either the "
                "token, or api_email and api_key."
            )
        return CloudflareAuth(**explicit)
    from_env = {
        name: environ[variable]
        for name, variable in CREDENTIAL_ENV_VARS.items()
        if environ.get(variable)
    }
    if not explicit and "api_token" in from_env:
        return CloudflareAuth(api_token=from_env["api_token"])
    from_env.pop("api_token", None)
    key_credentials = {**from_env, **explicit}
    if not key_credentials:
        raise ModuleError(
            "No credentials. Give api_token, or api_email and api_key; or set the environment "
            "variable CLOUDFLARE_API_TOKEN, or CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY, where the "
            "module runs."
        )
    if len(key_credentials) == 1:
        [given] = key_credentials
        missing = "api_key" if given == "api_email" else "api_email"
        raise ModuleError(
            f"{missing} is missing beside {given}. Give it, or set the environment variable "
            f"{CREDENTIAL_ENV_VARS[missing]} where the module runs; or use api_token alone."
        )
    return CloudflareAuth(**key_credentials)


def _build_client(params: Mapping[str, Any]) -> Client:
    """Return the client for the parameters.

    :raises ModuleError: if one of them is not valid.
    """
    _check_range(params, "timeout", 0.001, MAX_TIMEOUT)
    _check_range(params, "retries", 0, 100)
    _check_range(params, "max_wait", 0, MAX_WAIT_LIMIT)
    _check_range(params, "max_connections", 1, MAX_CONNECTIONS_LIMIT)
    try:
        return Client(
            resolve_credentials(params, os.environ),
            api_url=params["api_url"] or DEFAULT_API_URL,
            timeout=params["timeout"],
            verify=params["validate_certs"] and (params["ca_path"] or True),
            retries=params["retries"],
            max_wait=params["max_wait"],
            max_connections=params["max_connections"],
        )
    except CloudflareError as error:
        raise ModuleError(str(error)) from None


def _check_range(params: Mapping[str, Any], name: str, minimum: float, maximum: float) -> None:
    if not minimum <= params[name] <= maximum:
        raise ModuleError(
            f"{name} is {params[name]:g}. Give a number from {minimum:g} to {maximum:g}."
        )
