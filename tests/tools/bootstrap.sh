#!/bin/sh
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Create the virtual environment .venv with the newest installed Python, or with the one in $PYTHON.
# Install the requirements in a file, with the versions that constraints-dev.txt pins. Link the
# checkout into .venv/tree under the collection's full name, for mypy, ansible-lint, and playbooks.
#
#     tests/tools/bootstrap.sh [requirements-dev.txt]

set -eu
cd "$(dirname "$0")/../.."

python=${PYTHON:-$(tests/tools/pythons.sh | head -n 1 | cut -d ' ' -f 2-)}
if ! "${python:-false}" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer with the venv module is required. Found: ${python:-no Python}." >&2
    echo "Install it, or set its path: make PYTHON=/path/to/python3" >&2
    exit 1
fi

requirements=${1:-requirements-dev.txt}
echo "Installing $requirements into .venv, with $("$python" --version) ($python)"
"$python" -m venv .venv
export PIP_DISABLE_PIP_VERSION_CHECK=1
pins=tests/tools/constraints-dev.txt

# uv takes seconds, and pip takes a minute. If uv cannot be installed, or finds no index because it
# does not read pip's configuration, use pip. nox uses uv only if it is installed.
if ! { .venv/bin/python -m pip install --quiet uv \
        && .venv/bin/uv pip install --quiet --python .venv -r "$requirements" -c "$pins"; }; then
    echo "uv failed. Installing with pip, which takes a minute longer"
    .venv/bin/python -m pip uninstall --quiet --yes uv
    .venv/bin/python -m pip install --quiet -r "$requirements" -c "$pins"
fi

tests/tools/pythons.sh .venv/pythons
mkdir -p .venv/tree/ansible_collections/community
ln -sfn "$PWD" .venv/tree/ansible_collections/community/cloudflare
