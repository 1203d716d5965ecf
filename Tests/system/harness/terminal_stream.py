"""Reads terminal output strictly: text, and the few sequences that curses may send."""
from __future__ import annotations

import base64
import re

from hostile_values import is_forbidden

# The sequences of terminfo's xterm-256color that ncurses uses, those that our program writes itself (bracketed paste,
# the restoring string, OSC 52), and nothing else.
SEQUENCES = [re.compile(each) for each in (
    rb"\x1b\[[0-9;]*[ABCDGHJKLMPSTXZ@bdmr]", rb"\x1b\[\?(?:1|7|12|25|12;25|1049|2004|1034)[hl]",
    rb"\x1b\[4[hl]", rb"\x1b\[2[23];0;0t", rb"\x1b\[!p", rb"\x1b\[\?3;4l", rb"\x1b[78=>MEH]",
    rb"\x1b\([B0]", rb"\x1b\]104\x07", rb"\x1b\[\?9;1001;1005;1015;1016l",
    rb"\x1b\[\?1000;1002;1003;1006l", rb"\x1b\[\?1004l", rb"\x1b\[<u",
    rb"\x1b\[>4m", rb"[\r\n\x08\t\x0e\x0f\x07]")]
CLIPBOARD = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/]*={0,2})\x07")
TEXT = re.compile(rb"[^\x00-\x1f\x7f]+")


class Stream:
    """`clipboard` has the copied values, in order; `text` all text in the order it was written."""

    def __init__(self, data: bytes | bytearray, ascii: bool = False) -> None:
        self.clipboard, pieces, place = [], [], 0
        while place < len(data):
            copied = CLIPBOARD.match(data, place)
            if copied:
                self.clipboard.append(base64.b64decode(copied[1], validate=True))
                place = copied.end()
                continue
            found = TEXT.match(data, place)
            if found:
                pieces.append(self.checked(found[0], ascii))
                place = found.end()
                continue
            found = next(filter(None, (form.match(data, place) for form in SEQUENCES)), None)
            if not found:
                raise AssertionError(f"to the terminal: {bytes(data[place:place + 40])!r} after "
                                     f"{bytes(data[max(0, place - 80):place])!r}")
            place = found.end()
        self.text = "".join(pieces)

    @staticmethod
    def checked(piece: bytes, ascii: bool) -> str:
        text = piece.decode("ascii" if ascii else "utf-8")
        for each in text:
            if is_forbidden(ord(each)):
                raise AssertionError(f"to the terminal: U+{ord(each):04X} in {text!r}")
        return text
