"""A program on a terminal, timed from outside: every part of its output has the time at which it was read.

The emulator draws the parts afterwards, while the program is quiet, so that its slowness is in no figure.

    timed_terminal.py PATTERN KEYS PROGRAM ARGUMENT…    prints one program's figures and its screen
"""
from __future__ import annotations

import math
import os
import re
import statistics
import sys
import threading
import time
import typing
from collections.abc import Mapping, Sequence

import processes
from terminal import Terminal

# No program that we measure pauses for as long within one answer, once it has loaded.
QUIET = 0.04
# The shortest pause between two writes of a program. The kernel may deliver one write in many pieces.
PAUSE = 0.003
# A style, another sequence, or a byte.
PIECES = re.compile(rb"(\x1b\[[0-9;]*m|\x1b\(.)|\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b.|.", re.S)
QUESTIONS = re.compile(rb"\x1b\[(?:0?c|>0?c|6n|5n)|\x1b\](1[01]);\?(?:\x07|\x1b\\)")


class Answer(typing.NamedTuple):
    """The output that followed some keys: seconds to its last byte, bytes, writes."""

    seconds: float
    bytes: int
    writes: int


class Rest(typing.NamedTuple):
    """Activity without keys: bytes written, wake-ups of the program's own threads, and wake-ups of libdispatch's
    manager, which looks at its pool of threads each second while there is one."""

    bytes: int
    woken: int
    managed: int


class TimedTerminal(Terminal):
    """Starts `command` in the present folder. `started` is the time of the start."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], size: tuple[int, int] = (120, 40),
                 standard_input: str | None = None) -> None:
        # Set before the reading thread starts. The thread appends; the others read.
        self.parts: list[tuple[float, bytes]] = []
        self._drawn = 0
        self._news = threading.Event()
        self._drawing = threading.RLock()
        super().__init__(command, {**environment, "TERM": "xterm-256color"}, size=size, standard_input=standard_input)

    # MARK: Output

    def _received(self, part: bytes) -> None:
        super()._received(part)
        self.parts.append((self._last, part))
        self._news.set()
        for question in QUESTIONS.finditer(part):
            self._answer(question)

    def _answer(self, question: re.Match[bytes]) -> None:
        """Answers a question about the terminal as xterm does."""
        if question[1]:
            os.write(self.master, b"\x1b]" + question[1] + b";rgb:0000/0000/0000\x1b\\")
        elif question[0].endswith(b"6n"):
            with self._drawing:
                self.draw()
                cursor = self._emulator.cursor
                os.write(self.master, b"\x1b[%d;%dR" % (cursor.y + 1, cursor.x + 1))
        else:
            os.write(self.master, b"\x1b[0n" if question[0].endswith(b"n") else b"\x1b[?62;22c")

    def feed(self) -> None:
        self.draw()

    def draw(self, patterns: Sequence[str] = ()) -> dict[str, float]:
        """Draws the parts not drawn yet. Returns for each pattern the time of the part that put it on the screen."""
        found: dict[str, float] = {}
        with self._drawing:
            while self._drawn < len(self.parts):
                when, part = self.parts[self._drawn]
                self._drawn += 1
                self._stream.feed(part)
                if len(found) < len(patterns):
                    text = "\n".join(self._emulator.display)
                    found.update({each: when for each in patterns if each not in found and re.search(each, text)})
        return found

    def draw_by_row(self) -> dict[int, int]:
        """Draws as `draw` does. Returns how many of the bytes went to each row.

        A move to a row counts for that row, and the end of a style for the row where the style was.
        """
        counts: dict[int, int] = {}
        with self._drawing:
            parts, self._drawn = self.parts[self._drawn:], len(self.parts)
            painted, ends = self._emulator.cursor.y, 0
            for match in PIECES.finditer(b"".join(part for _, part in parts)):
                self._stream.feed(match[0])
                if match[1]:
                    ends += len(match[0])
                    continue
                row = self._emulator.cursor.y
                is_text = not match[0].startswith(b"\x1b") and match[0] >= b" "
                counts[row] = counts.get(row, 0) + len(match[0]) + (ends if is_text else 0)
                if is_text:
                    painted, ends = row, 0
            counts[painted] = counts.get(painted, 0) + ends
        return counts

    def wait_for(self, *patterns: str, limit: float = 60) -> list[float]:
        """Waits until each pattern is on the screen. Returns the seconds from the start for each.

        - Raises: RuntimeError if one does not appear in time.
        """
        found: dict[str, float] = {}
        drawn, deadline = time.monotonic(), time.monotonic() + limit
        while len(found) < len(patterns) and time.monotonic() < deadline:
            is_over = self.ended()
            came = self._comes_within(0.015)
            if not came or time.monotonic() - drawn > 0.25:
                found = self.draw([each for each in patterns if each not in found]) | found
                drawn = time.monotonic()
            if is_over and not came:
                break
        if len(found) < len(patterns):
            raise RuntimeError(f"of {patterns} only {list(found)} appears:\n{self.text}")
        return [found[each] - self.started for each in patterns]

    def _comes_within(self, seconds: float) -> bool:
        """Waits for a part of the output. Returns whether one came since the last call."""
        came = self._news.wait(seconds)
        self._news.clear()
        return came

    def rest(self, quiet: float = QUIET, limit: float = 10) -> None:
        """Waits until nothing has come for `quiet` seconds.

        - Raises: RuntimeError if the program goes on writing.
        """
        deadline = time.monotonic() + limit
        while self._comes_within(quiet):
            if time.monotonic() > deadline:
                raise RuntimeError("the program does not come to rest")

    # MARK: Input

    def press(self, keys: str, quiet: float = QUIET, first: float = 10) -> Answer:
        """Writes the keys at once and waits for the answer.

        - Raises: RuntimeError if no byte comes within `first` seconds: a key without an answer has no time.
        """
        self.rest()
        self.draw()
        number, sent = len(self.parts), time.monotonic()
        os.write(self.master, keys.encode())
        while len(self.parts) == number:
            left = sent + first - time.monotonic()
            if left <= 0:
                raise RuntimeError(f"no answer to {keys!r} in {first:g} s:\n{self.text}")
            self._comes_within(left)
        self.rest(quiet)
        return answer(sent, self.parts[number:])

    def press_each(self, keys: str, quiet: float = QUIET) -> list[Answer]:
        return [self.press(key, quiet) for key in keys]

    # MARK: The process

    def total(self, name: str) -> int:
        """Returns the sum of a number of /proc/PID/status over the program and its children."""
        return sum(processes.status_field(process, name) for process in processes.family(self.child))

    def idle(self, seconds: float) -> Rest:
        """Returns the program's activity during that time without a key."""
        self.rest()
        self.draw()
        before, at_first = len(self.bytes), processes.wake_ups(self.child)
        time.sleep(seconds)
        return Rest(len(self.bytes) - before, *woken(at_first, processes.wake_ups(self.child)))


def answer(sent: float, parts: Sequence[tuple[float, bytes]]) -> Answer:
    """Sums up the parts that came after keys were sent; there is at least one."""
    if not parts:
        raise ValueError("no output came after the keys")
    writes, last = 0, -math.inf
    for when, _ in parts:
        writes += when - last > PAUSE
        last = when
    return Answer(last - sent, sum(len(part) for _, part in parts), writes)


def woken(before: Mapping[str, tuple[str, int]], after: Mapping[str, tuple[str, int]]) -> tuple[int, int]:
    """Returns the wake-ups between two counts: of the program's own threads, and of libdispatch's manager.

    A thread that ended in between had no work and counts nothing.
    """
    own = managed = 0
    for task, (name, count) in after.items():
        difference = count - before.get(task, (name, 0))[1]
        if name.endswith("overcommit"):
            managed += difference
        else:
            own += difference
    return own, managed


def main(pattern: str, keys: str, *command: str) -> None:
    with TimedTerminal(command, os.environ) as terminal:
        print(f"ready {1000 * terminal.wait_for(pattern)[0]:.1f} ms")
        pressed = terminal.press_each(keys)
        if pressed:
            print(f"a key {1000 * statistics.median(each.seconds for each in pressed):.2f} ms,"
                  f" {statistics.median(each.bytes for each in pressed)} bytes")
        print(f"peak {terminal.total('VmHWM') / 1024:.1f} MB")
        terminal.rest()
        print(terminal.text)


if __name__ == "__main__":
    main(*sys.argv[1:])
