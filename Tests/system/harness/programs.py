"""Where our programs are."""
from __future__ import annotations

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]


def program(name: str = "handshake") -> str:
    """Returns the path of a program in the folder that HANDSHAKE_BIN names; the debug build's, if it is not set."""
    return str(pathlib.Path(os.environ.get("HANDSHAKE_BIN") or ROOT / ".build" / "debug", name))
