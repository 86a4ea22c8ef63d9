# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start a simulator from the shell: ``python -m tests.simulator --demo-data``."""

from __future__ import annotations

import argparse
import os
import signal
from pathlib import Path

from . import seed
from .simulator import Simulator


def main() -> None:
    """Serve until a signal or a shutdown request of the control plane."""
    options = _options()
    simulator = Simulator(port=options.port)
    if options.demo_data:
        seed.load(seed.demo_data(simulator.now()), simulator)
    simulator.settings.latency = options.latency
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda _signal, _frame: simulator.shutdown_requested.set())
    with simulator:
        if options.port_file:
            _write(options.port_file, f"{simulator.port}\n")
        print(simulator.url, flush=True)
        simulator.shutdown_requested.wait()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: one that the system picks")
    parser.add_argument(
        "--demo-data", action="store_true", help="begin with the seed data of the demo"
    )
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each response")
    parser.add_argument("--port-file", type=Path, help="write the port into this file")
    return parser.parse_args()


def _write(path: Path, text: str) -> None:
    # A process that waits for the file must not read an empty file.
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)


if __name__ == "__main__":
    main()
