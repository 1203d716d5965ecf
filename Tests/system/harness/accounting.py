"""Accounts for every character of a value in its output: unchanged, escaped, or counted."""
from __future__ import annotations

import ctypes
import functools
import re
import typing

from hostile_values import is_forbidden, is_mark, units

LIBC = ctypes.CDLL(None)
LIBC.setlocale.restype = ctypes.c_char_p
LIBC.setlocale(0, b"C.UTF-8")
ESCAPE = re.compile(r"[‹<](?:U\+([0-9A-F]{4,6})|x([0-9A-F]{2})|\+(\d+) marks?)[›>]")
BLANKS = re.compile(r"[‹<](\d+) spaces[›>]")
CUT = re.compile(r"…\(\+(\d+)\)|<\+(\d+)>")
CONTINUED = re.compile(r"\n[ │├└|`]*~ ")
CIRCLE = "\u25cc"


def columns(scalar: int) -> int:
    """Returns the columns by libc."""
    result: int = LIBC.wcwidth(scalar)
    return result


class Lost(AssertionError):
    """A part of the value is neither shown, nor escaped, nor counted."""


class Account:
    """Walks through `shown` from `place` on, beside the value.

    `form` is "full" (abbreviates nothing), "cell" (one line, may abbreviate and be cut), or "layout" (lines, whose
    ends are `\\n` in `shown`, and blanks for tabs and odd spaces).
    """

    def __init__(self, shown: str, value: bytes, form: str, place: int = 0, ascii: bool = False) -> None:
        self.shown, self.value, self.form, self.ascii = shown, value, form, ascii
        self.place, self.units, self.next, self.column = place, units(value), 0, 0
        # Marks on the character shown last; None where it was an escape.
        self.marks: int | None = None

    def lost(self, why: str) -> None:
        raise Lost(f"{why} at character {self.next} of {self.value!r}, shown as "
                   f"{self.shown[max(0, self.place - 40):self.place]!r} | "
                   f"{self.shown[self.place:self.place + 60]!r}")

    def run(self) -> int:
        """Returns the position in `shown` after the value, or after the cut that counts its rest."""
        while self.next < len(self.units):
            if self.is_cut():
                # In ASCII each mark is a separate escape.
                if not self.ascii and self.marks in range(4) and self.is_joined(
                        self.units[self.next]):
                    self.lost("a cut between a character and its mark")
                return self.place
            if not self.is_run_of_blanks() and not self.goes_on_below():
                self.step(self.units[self.next])
        return self.place

    def is_run_of_blanks(self) -> bool:
        """On a terminal commands show several spaces as one sign that counts them."""
        sign = BLANKS.match(self.shown, self.place)
        count = int(sign[1]) if sign else 0
        if not sign or self.units[self.next:self.next + count] != [0x20] * count:
            return False
        self.place, self.next, self.marks = sign.end(), self.next + count, None
        return True

    def goes_on_below(self) -> bool:
        """A pane with room shows a long value in several rows, each after the sender's sign."""
        row = CONTINUED.match(self.shown, self.place) if self.form == "cell" else None
        if row and self.units[self.next] != 0x0A:
            self.place, self.marks = row.end(), None
        return bool(row) and self.units[self.next] != 0x0A

    @staticmethod
    def is_joined(unit: int) -> bool:
        """Jamo have a width where they follow no Hangul, so they are not joined."""
        return is_mark(max(unit, 0)) and columns(unit) == 0 and not is_forbidden(unit)

    def is_cut(self) -> bool:
        if self.form == "full":
            return False
        cut = CUT.match(self.shown, self.place)
        if cut and self.cannot_be_data():
            count, left = int(cut[1] or cut[2]), len(self.units) - self.next
            # Malformed bytes make the count approximate, and so do marks that were dropped with their base.
            if abs(count - left) > sum(unit < 0 or is_mark(unit) for unit in self.units):
                self.lost(f"a cut of {count} where {left} are missing")
            self.place = cut.end()
            return True
        # The screens cut text again that is wider than its column.
        sign = "~" if self.ascii else "…"
        after = self.shown[self.place + 1:self.place + 2]
        if self.form == "cell" and self.shown[self.place:self.place + 1] == sign and (
                self.cannot_be_data() or after in ("", " ", "│", "\n")):
            self.place += 1
            return True
        # The circle under a mark that is cut with the rest.
        if self.form == "cell" and self.shown[self.place:self.place + 2] == CIRCLE + sign and is_mark(
                max(self.units[self.next], 0)):
            self.place += 2
            return True
        return False

    def cannot_be_data(self) -> bool:
        return self.units[self.next] != ord(self.shown[self.place])

    def take(self, count: int) -> None:
        taken = self.shown[self.place:self.place + count]
        self.column += sum(max(0, columns(ord(each))) for each in taken)
        self.place += count
        self.next += 1

    def step(self, unit: int) -> None:
        self.marks = self.marks + 1 if self.marks is not None and self.is_joined(unit) else 0
        escape = ESCAPE.match(self.shown, self.place)
        if escape and not self.is_literal_bracket(unit):
            self.escaped(unit, escape)
            return
        rest = self.shown[self.place:]
        if self.form == "layout" and self.laid_out(unit, rest):
            return
        if unit < 0:
            self.lost(f"byte {-1 - unit:02X} is missing")
        if self.form == "cell" and unit == 0x0A and rest[:1] == "⏎":
            # The end of a line gets no mark.
            self.marks = None
            self.take(1)
        elif rest[:1] == chr(unit) and not is_forbidden(unit):
            self.take(1)
        elif self.form == "cell" and is_mark(unit) and rest[:2] == CIRCLE + chr(unit):
            self.take(2)
        else:
            self.lost(f"U+{unit:04X} is missing")

    def is_literal_bracket(self, unit: int) -> bool:
        """In the form with ‹ ›, data may contain <; in ASCII neither is ever data."""
        return not self.ascii and self.shown[self.place] == "<" and unit == 0x3C

    def escaped(self, unit: int, escape: typing.Any) -> None:
        self.marks = None
        scalar, byte, marks = escape.groups()
        if scalar and int(scalar, 16) == unit or byte and int(byte, 16) == -1 - unit:
            self.take(len(escape[0]))
        elif marks and self.form == "cell":
            over = self.units[self.next:self.next + int(marks)]
            if len(over) < int(marks) or not all(
                    is_mark(each) or 0x1160 <= each < 0x1200 for each in over):
                self.lost(f"counts {marks} marks")
            self.take(len(escape[0]))
            self.next += int(marks) - 1
        else:
            self.lost(f"{escape[0]} where U+{unit:04X} should be")

    def laid_out(self, unit: int, rest: str) -> bool:
        if rest[:1] == "\n":
            # A line's end: a line feed, or a wrap, where blanks at its end are not visible.
            if unit != 0x0A and not self.is_blank(unit):
                self.place, self.column = self.place + 1, 0
                return True
            if unit == 0x0A:
                self.place, self.column = self.place + 1, 0
            self.next += 1
            return True
        if unit == 0x09:
            room = 8 - self.column % 8
            blanks = min(room, len(rest) - len(rest.lstrip(" ")))
            if blanks == 0:
                self.lost("a tab is missing")
            self.take(blanks)
            return True
        if self.is_blank(unit) and unit != 0x20:
            count = 2 if unit == 0x3000 else 1
            if rest[:count].strip(" ") or not rest:
                self.lost(f"the blank U+{unit:04X} is missing")
            self.take(count)
            return True
        return False

    def is_blank(self, unit: int) -> bool:
        return unit in (0x20, 0x09, 0x2800, 0x1D159) or (
            unit > 0x20 and chr(unit).isspace() and unit not in (0x2028, 0x2029, 0x85))


def account(shown: str, value: bytes, form: str, place: int = 0, ascii: bool = False) -> int:
    return Account(shown, value, form, place, ascii).run()


@functools.lru_cache(maxsize=1)
def forbidden() -> re.Pattern[str]:
    """Matches the characters that none of our output may contain."""
    ranges, first = [], None
    for scalar in range(0x110001):
        bad = scalar < 0x110000 and is_forbidden(scalar) and scalar not in (0x09, 0x0A)
        if bad and first is None:
            first = scalar
        elif not bad and first is not None:
            ranges.append(f"\\U{first:08x}-\\U{scalar - 1:08x}")
            first = None
    return re.compile("[" + "".join(ranges) + "]")


def text_of(output: bytes, ascii: bool = False) -> str:
    """Returns the output as UTF-8 (or ASCII); asserts that it is valid and printable, line by line."""
    shown = output.decode("ascii" if ascii else "utf-8")
    found = forbidden().search(shown)
    if found:
        place = found.start()
        raise AssertionError(
            f"U+{ord(found[0]):04X} as it is at {place}: {shown[max(0, place - 60):place + 20]!r}")
    return shown
