# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run nox several times in parallel, once for each core.

    .venv/bin/python tests/tools/side_by_side.py integration "ruff typing" build
    .venv/bin/python tests/tools/side_by_side.py --tags core-2.16 core-2.21

Each argument has the sessions, or the tag, of one run. After a failed run, its complete output is
shown. After a successful run, the results of its sessions are shown.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

NOX = Path(sys.executable).with_name("nox")
# The lines of nox about the result of a session, and those of pytest about skipped tests.
SESSION_RESULT = re.compile(r"^(SKIPPED \[.*|nox > Session \S+ .*)$", re.M)


def run(select: str, names: str) -> tuple[str, subprocess.CompletedProcess[str], float]:
    start = time.monotonic()
    finished = subprocess.run(
        [str(NOX), select, *names.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return names, finished, time.monotonic() - start


def main(arguments: list[str]) -> int:
    select = "--tags" if arguments[0] == "--tags" else "--session"
    runs = [argument for argument in arguments if argument != "--tags"]
    failed = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for future in as_completed([pool.submit(run, select, names) for names in runs]):
            names, finished, seconds = future.result()
            if finished.returncode:
                failed.append(names)
                print(f"\n==== {names} failed:\n{finished.stdout}\n==== {names} failed.\n")
            else:
                print(*SESSION_RESULT.findall(finished.stdout), sep="\n")
                print(f"==== {names}: {seconds:.0f} s", flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}. The output is above.")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
