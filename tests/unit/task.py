# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a module in this process, with the arguments of a task."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, cast
from unittest import mock

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings as ansible_warnings
from ansible.module_utils.common.parameters import PASS_VARS

MODULES = "ansible_collections.community.cloudflare.plugins.modules"


@contextlib.contextmanager
def patched_args(arguments: Mapping[str, Any]) -> Iterator[None]:
    """Patch the arguments of a module, for all versions of ansible-core."""
    try:
        from ansible.module_utils.testing import patch_module_args
    except ImportError:  # before ansible-core 2.18
        text = json.dumps({"ANSIBLE_MODULE_ARGS": arguments})
        with mock.patch.object(basic, "_ANSIBLE_ARGS", text.encode()):
            yield
    else:
        with patch_module_args(dict(arguments)):
            yield


@contextlib.contextmanager
def outside_controller() -> Iterator[None]:
    """Run a module as on a managed node, although tests of filters import the controller.

    Since ansible-core 2.19, warnings of a module would go to the controller's display.
    """
    try:
        from ansible.module_utils import _internal
    except ImportError:  # before ansible-core 2.18
        yield
    else:
        # ansible-core 2.18 has the module without this name
        with mock.patch.object(_internal, "is_controller", new=False, create=True):
            yield


def run_module(
    module: str, options: Mapping[str, Any], *, check_mode: bool = False
) -> dict[str, Any]:
    """Run a module by its name and return its result.

    :param options: the options of the task. Those of Ansible itself, such as
        ``_ansible_inject_invocation``, are passed only to a version that supports them.
    """
    main = importlib.import_module(f"{MODULES}.{module}").main
    arguments = {
        **{
            name: value
            for name, value in options.items()
            if not name.startswith("_ansible_") or name[len("_ansible_") :] in PASS_VARS
        },
        "_ansible_check_mode": check_mode,
        "_ansible_diff": True,
        "_ansible_remote_tmp": tempfile.gettempdir(),
        "_ansible_keep_remote_files": False,
    }
    ansible_warnings._global_warnings.clear()
    output = io.StringIO()
    with outside_controller(), patched_args(arguments), contextlib.redirect_stdout(output):
        with pytest.raises(SystemExit):
            main()
    result = cast("dict[str, Any]", json.loads(mask_secrets(output.getvalue())))
    result.pop("_ansible_new_secrets", None)
    if "warnings" in result:
        result["warnings"] = [warning_text(warning) for warning in result["warnings"]]
    return result


def mask_secrets(text: str) -> str:
    """Mask the output of a module as the controller does, since ansible-core 2.22."""
    try:
        _secret_masker = importlib.import_module(
            "ansible.module_utils._internal._secrets"
        )._secret_masker
    except ImportError:  # before
        return text
    masked: str = _secret_masker.mask_string(text)
    # Another run in this process must not be masked by the secrets of this one.
    for registered in (_secret_masker._secrets, _secret_masker._forms, _secret_masker._json_forms):
        registered.clear()
    _secret_masker._matcher = type(_secret_masker._matcher)()
    return masked


def warning_text(warning: Any) -> str:
    """Return the text of a warning, which is an event since ansible-core 2.19."""
    return str(warning["event"]["msg"] if isinstance(warning, dict) else warning)
