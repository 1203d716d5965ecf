"""A host that misbehaves under our program: see shims/host.c."""
from __future__ import annotations

import os
import pathlib
import struct

from preloaded import library

CLOCK, SLEPT, TERMINAL, STACK = range(4)
NAMES = {"clock": CLOCK, "slept": SLEPT, "terminal": TERMINAL, "stack": STACK}


class BentHost:
    """Unmodified at first. `environment` is for the start of our program."""

    def __init__(self, folder: str | os.PathLike[str], **bends: int) -> None:
        self.path = pathlib.Path(folder, "bent-host")
        self.path.write_bytes(bytes(32))
        self.environment = {"LD_PRELOAD": library("host", "-O0", "-w"), "BENT_HOST": str(self.path)}
        for name, value in bends.items():
            self.bend(NAMES[name], value)

    def bend(self, which: int, value: int) -> None:
        """Changes the value in place: a running program sees it at its next call."""
        with open(self.path, "r+b") as file:
            file.seek(8 * which)
            file.write(struct.pack("=q", int(value)))
