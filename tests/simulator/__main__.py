# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts a simulator from the shell: ``python -m tests.simulator --story``."""

from __future__ import annotations

import argparse
import os
import signal
from pathlib import Path

from . import story
from .simulator import Simulator


def main() -> None:
    """Serve until a signal, or somebody through the control plane, asks for the end."""
    options = _options()
    simulator = Simulator(port=options.port)
    if options.story:
        story.tell(story.demo(simulator.now()), simulator)
    simulator.settings.latency = options.latency
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda _signal, _frame: simulator.ended.set())
    with simulator:
        if options.port_file:
            _write(options.port_file, f"{simulator.port}\n")
        print(simulator.url, flush=True)
        simulator.ended.wait()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: one that the system picks")
    parser.add_argument("--story", action="store_true", help="begin with the story of the demo")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--port-file", type=Path, help="write the port into this file")
    return parser.parse_args()


def _write(path: Path, text: str) -> None:
    # Whoever waits for the file must not find it empty.
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)


if __name__ == "__main__":
    main()
