#!/bin/sh
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Makes .venv: a virtual environment of the newest Python, with a file of requirements in it, at the
# versions of constraints-dev.txt beside this script (`make lock` renews them), and .venv/tree,
# in which the checkout bears its full name (for mypy, ansible-lint and playbooks).
# PYTHON=/path/to/python takes that one instead.

set -eu
cd "$(dirname "$0")/../.."

python=${PYTHON:-$(tests/tools/pythons.sh | head -n 1 | cut -d ' ' -f 2-)}
if ! "${python:-false}" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "No Python 3.11 or newer, with its venv module, was found: ${python:-none at all}." >&2
    echo "Install one, or name it: make PYTHON=/path/to/python3" >&2
    exit 1
fi

requirements=${1:-requirements-dev.txt}
echo "Installing $requirements into .venv, with $("$python" --version) ($python)"
"$python" -m venv .venv
export PIP_DISABLE_PIP_VERSION_CHECK=1
pins=tests/tools/constraints-dev.txt

# uv does in seconds what takes pip a minute. Where it cannot be had or finds no index (it does not
# read pip's configuration), pip does, and nox, which looks for uv, follows.
if ! { .venv/bin/python -m pip install --quiet uv \
        && .venv/bin/uv pip install --quiet --python .venv -r "$requirements" -c "$pins"; }; then
    echo "Without uv, which did not work here: pip takes a minute longer"
    .venv/bin/python -m pip uninstall --quiet --yes uv
    .venv/bin/python -m pip install --quiet -r "$requirements" -c "$pins"
fi

tests/tools/pythons.sh .venv/pythons
mkdir -p .venv/tree/ansible_collections/community
ln -sfn "$PWD" .venv/tree/ansible_collections/community/cloudflare
