#!/bin/sh
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Lists the Pythons of this machine, newest first, one of each minor version:
#     3.13 /usr/local/bin/python3.13
# With a folder named, links are laid there under the names that ansible-test and nox look for.
#
# Each is run before it is listed, for a name on PATH proves nothing: pyenv lays one there for
# every version it has, and most of them refuse to run. What they stand for is looked up instead.

set -eu

about='
import ensurepip, sys, venv
major, minor, micro, level = sys.version_info[:4]
if level == "final" and major == 3:
    print(minor, micro, getattr(sys, "_base_executable", sys.executable))
'

folders() {
    echo "$PATH" | tr ':' '\n' | while read -r folder; do
        case "$folder" in
            */shims) printf '%s\n' "${folder%/shims}"/versions/*/bin ;;
            *) echo "$folder" ;;
        esac
    done
    printf '%s\n' "${PYENV_ROOT:-${HOME:-/nonexistent}/.pyenv}"/versions/*/bin
}

run_all() {
    folders | awk '!seen[$0]++' | while read -r folder; do
        for python in "$folder"/python3 "$folder"/python3.[0-9] "$folder"/python3.[0-9][0-9]; do
            if [ -x "$python" ]; then
                "$python" -c "$about" </dev/null 2>/dev/null || true
            fi
        done
    done
}

pythons=$(run_all | sort -s -k1,1nr -k2,2nr \
    | awk '!seen[$1]++ { minor = $1; sub(/^[0-9]+ [0-9]+ /, ""); print "3." minor " " $0 }')

if [ $# -eq 0 ]; then
    echo "$pythons"
else
    rm -rf "$1"
    mkdir -p "$1"
    echo "$pythons" | while read -r version path; do
        ln -s "$path" "$1/python$version"
    done
fi
