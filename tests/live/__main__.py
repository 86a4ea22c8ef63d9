# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the assumptions of the tests with real credentials. It only reads.

The credentials are those of the environment, as for the modules. If it has a token and also an
email address and key, both are tried.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import requests

from ansible_collections.community.cloudflare.plugins.module_utils._api.auth import CloudflareAuth
from ansible_collections.community.cloudflare.plugins.module_utils._api.client import (
    DEFAULT_API_URL,
)
from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
)

from .assumptions import Assumption, list_assumptions
from .checks import Finding, Verdict, unchecked
from .probe import Probe, RateLimited
from .pseudonyms import Pseudonyms
from .report import NOTE, Result, count_verdicts, format_markdown, format_table

MARKDOWN = Path(".venv", "live.md")
NO_CREDENTIALS = (
    "No credentials. Set CLOUDFLARE_API_TOKEN, or CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY, or all "
    "of them."
)


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Check all assumptions; return 1 if one is contradicted, and 2 if nothing can be checked."""
    parser = argparse.ArgumentParser(prog="make live", description=__doc__)
    parser.add_argument("--markdown", type=Path, default=MARKDOWN, help="where to write the issue")
    markdown = parser.parse_args(arguments).markdown
    try:
        auths = find_credentials(environ)
        if not auths:
            print(NO_CREDENTIALS, file=sys.stderr)
            return 2
        probe = Probe(environ.get("CLOUDFLARE_BASE_URL") or DEFAULT_API_URL, auths)
    except CloudflareError as error:
        print(error, file=sys.stderr)
        return 2
    results = check_all(probe)
    print("\n".join(format_table(results)))
    print(f"\n{len(probe.responses)} requests: {count_verdicts(results)}.")
    markdown.parent.mkdir(parents=True, exist_ok=True)
    markdown.write_text(format_markdown(results, auths, len(probe.responses)), encoding="utf-8")
    print(f"{markdown} has the same for an issue. {NOTE}")
    return int(any(result.finding.verdict is Verdict.CONTRADICTED for result in results))


def find_credentials(environ: Mapping[str, str]) -> dict[str, CloudflareAuth]:
    """Return the credentials of the environment by their scheme.

    :raises CloudflareError: if one of them is malformed.
    """
    token = environ.get("CLOUDFLARE_API_TOKEN")
    email, key = environ.get("CLOUDFLARE_EMAIL"), environ.get("CLOUDFLARE_API_KEY")
    auths = {}
    if token:
        auths["token"] = CloudflareAuth(api_token=token)
    if email and key:
        auths["key"] = CloudflareAuth(api_email=email, api_key=key)
    return auths


def check_all(probe: Probe) -> list[Result]:
    """Check all assumptions, and remove personal data from what was seen."""
    found = [(assumption, _check(assumption, probe)) for assumption in list_assumptions()]
    pseudonyms = Pseudonyms()
    for response in probe.responses:
        pseudonyms.collect(response.body)
    return [
        Result(assumption, Finding(finding.verdict, pseudonyms.mask(probe.redact(finding.seen))))
        for assumption, finding in found
    ]


def _check(assumption: Assumption, probe: Probe) -> Finding:
    try:
        return assumption.check(probe)
    except RateLimited:
        return unchecked("the rate limit is exceeded")
    except requests.RequestException as error:
        return unchecked(f"no response: {type(error).__name__}")
    except Exception as error:
        # A body can have any shape. The text of the error could quote personal data.
        return unchecked(f"unexpected {type(error).__name__}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
