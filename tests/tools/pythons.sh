#!/bin/sh
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# List the installed Pythons, newest first, one of each minor version:
#
#     3.13 /usr/local/bin/python3.13
#
# With a directory as the argument, link them into it under the names that ansible-test and nox use.
#
# A name on PATH is not sufficient: pyenv has a shim for each version, and most shims fail. For this
# reason, each Python is run once, and the directories of pyenv replace its shims.

set -eu

version_script='
import ensurepip, sys, venv
major, minor, micro, level = sys.version_info[:4]
if level == "final" and major == 3:
    print(minor, micro, getattr(sys, "_base_executable", sys.executable))
'

directories() {
    echo "$PATH" | tr ':' '\n' | while read -r directory; do
        case "$directory" in
            */shims) printf '%s\n' "${directory%/shims}"/versions/*/bin ;;
            *) echo "$directory" ;;
        esac
    done
    printf '%s\n' "${PYENV_ROOT:-${HOME:-/nonexistent}/.pyenv}"/versions/*/bin
}

run_all() {
    directories | awk '!listed[$0]++' | while read -r directory; do
        for python in "$directory"/python3 "$directory"/python3.[0-9] "$directory"/python3.[0-9][0-9]; do
            if [ -x "$python" ]; then
                "$python" -c "$version_script" </dev/null 2>/dev/null || true
            fi
        done
    done
}

pythons=$(run_all | sort -s -k1,1nr -k2,2nr \
    | awk '!listed[$1]++ { minor = $1; sub(/^[0-9]+ [0-9]+ /, ""); print "3." minor " " $0 }')

if [ $# -eq 0 ]; then
    echo "$pythons"
else
    rm -rf "$1"
    mkdir -p "$1"
    echo "$pythons" | while read -r version path; do
        ln -s "$path" "$1/python$version"
    done
fi
