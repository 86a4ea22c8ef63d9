# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write plugins/module_utils/_confusables.py from Unicode's list of confusable characters.

    .venv/bin/python tests/tools/update_confusables.py [--check] [FILE]

Without FILE, the list is downloaded. With --check, nothing is written, and the exit status is 1 if
the file is not what the list results in, for example because Unicode has a new version.

The file has only what looks like ASCII letters and digits, because modules take it along to their
hosts.
"""

from __future__ import annotations

import argparse
import re
import sys
import urllib.request
from pathlib import Path

SOURCE = "https://www.unicode.org/Public/security/latest/confusables.txt"
TARGET = Path(__file__).resolve().parents[2] / "plugins" / "module_utils" / "_confusables.py"
WIDTH = 100

HEAD = '''\
# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 1991-2025, Unicode, Inc.
# Unicode License V3 (see https://www.unicode.org/license.txt)
# SPDX-License-Identifier: GPL-3.0-or-later AND Unicode-3.0
"""Characters that look like ASCII letters and digits. tests/tools/update_confusables.py wrote this.

Source: %s
"""

from __future__ import annotations

UNICODE_VERSION = "%s"

# For each text, the characters that look like it.
LOOKALIKES = {
'''


def parse(text: str) -> tuple[str, dict[str, str]]:
    """Return the version of the list, and the characters by the ASCII text that they look like."""
    [version] = re.findall(r"^# Version: (\S+)$", text, re.MULTILINE)
    lookalikes: dict[str, list[str]] = {}
    for source, target in re.findall(r"^([0-9A-F]+) ;\t([0-9A-F ]+) ;", text, re.MULTILINE):
        char = chr(int(source, 16))
        looks = "".join(chr(int(code, 16)) for code in target.split())
        if not char.isascii() and looks.isascii() and looks.isalnum():
            lookalikes.setdefault(looks, []).append(char)
    return version, {looks: "".join(sorted(chars)) for looks, chars in sorted(lookalikes.items())}


def write(version: str, lookalikes: dict[str, str]) -> str:
    """Return the Python file."""
    lines = [HEAD % (SOURCE, version)]
    for looks, chars in lookalikes.items():
        escapes = [char.encode("unicode_escape").decode() for char in chars]
        # As ruff formats it.
        if len(line := f'    "{looks}": "{"".join(escapes)}",') <= WIDTH:
            lines.append(f"{line}\n")
            continue
        lines.append(f'    "{looks}": (\n')
        while escapes:
            line = ""
            while escapes and len(line) + len(escapes[0]) <= WIDTH - 10:
                line += escapes.pop(0)
            lines.append(f'        "{line}"\n')
        lines.append("    ),\n")
    return "".join([*lines, "}\n"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only report an outdated file")
    parser.add_argument("file", nargs="?", type=Path, help="the list; by default, it is downloaded")
    arguments = parser.parse_args()
    if arguments.file:
        text = arguments.file.read_text(encoding="utf-8-sig")
    else:
        with urllib.request.urlopen(SOURCE, timeout=60) as response:
            text = response.read().decode("utf-8-sig")
    version, lookalikes = parse(text)
    written = write(version, lookalikes)
    is_outdated = not TARGET.exists() or TARGET.read_text(encoding="utf-8") != written
    if is_outdated and arguments.check:
        print(
            f"{TARGET.name} is not that of Unicode {version}: run tests/tools/{Path(__file__).name}"
        )
        return 1
    if is_outdated:
        TARGET.write_text(written, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
