"""The tools that a measurement needs, and their versions."""
from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence

# Peers, and what prepares their material.
COMPARED = ("tig", "less", "fzf", "mutt", "gcc", "git", "swiftc")
# What counts instructions, removes debug information, and lists the functions of a program.
COUNTING = ("valgrind", "strip", "nm")


def missing(tools: Sequence[str], path: str | None = None) -> list[str]:
    """Returns the tools that are not in `path` (PATH, if None)."""
    return [tool for tool in tools if shutil.which(tool, path=path) is None]


def require(runner: str, tools: Sequence[str], path: str | None = None) -> None:
    """Exits where a tool is missing: a figure that was not measured is no success."""
    if absent := missing(tools, path):
        sys.exit(f"{runner}: not installed: {', '.join(absent)}. 'scripts/setup bench' installs them.")


def version(*command: str) -> str:
    """Returns the first three words that a tool prints about its version."""
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    return " ".join((done.stdout or done.stderr).split("\n")[0].split()[:3])
