"""Our program on a terminal of its own: keys go in, bytes come out, an emulator draws them."""
from __future__ import annotations

import contextlib
import os
import select
import signal
import termios
import threading
import time
import typing
from collections.abc import Callable

import pyte
from programs import program
from terminals import open_terminal, set_size, spawn, spawn_kept

RESTORED = b"\x1b[?1049l"


class Emulator(pyte.Screen):
    """With the sequences that repeat a character and that scroll: curses uses them, the library lacks
    them."""

    last_drawn = " "

    def draw(self, data: str) -> None:
        super().draw(data)
        self.last_drawn = data[-1:] or self.last_drawn

    def repeat_last(self, count: int | None = None) -> None:
        self.draw(self.last_drawn * (count or 1))

    def scroll_up(self, count: int | None = None) -> None:
        self._scroll(self.delete_lines, count)

    def scroll_down(self, count: int | None = None) -> None:
        self._scroll(self.insert_lines, count)

    def insert_lines(self, count: int | None = None) -> None:
        self._touch()
        super().insert_lines(count)

    def delete_lines(self, count: int | None = None) -> None:
        self._touch()
        super().delete_lines(count)

    def _touch(self) -> None:
        """The library moves no line that nothing was written to: what it should replace would stay."""
        for number in range(self.lines):
            self.buffer[number]

    def _scroll(self, moving: Callable[[int], None], count: int | None) -> None:
        place = (self.cursor.x, self.cursor.y)
        self.cursor.y = self.margins.top if self.margins else 0
        moving(count or 1)
        self.cursor.x, self.cursor.y = place


class Stream(pyte.ByteStream):
    csi = {**pyte.Stream.csi, "b": "repeat_last", "S": "scroll_up", "T": "scroll_down"}
    events = pyte.Stream.events | {"repeat_last", "scroll_up", "scroll_down"}


class Gone(Exception):
    """The program ended while something was awaited."""


class Screen:
    """`home` gives the environment; `size` is (columns, rows). What comes out is read all the time.

    With `under`, a shell's command line that names it as "$@", that shell leads the session, and `child`
    is a keeper (keeper.py) that takes in whoever is orphaned and ends after the last of them.
    """

    def __init__(self, home: typing.Any, *arguments: str, size: tuple[int, int] = (80, 24),
            term: str | None = "xterm-256color", environment: typing.Any = (),
                 prefix: typing.Sequence[str] = (), reading: bool = True,
                 under: typing.Sequence[str] | None = None) -> None:
        self.size, self.bytes = size, bytearray()
        # An exit code or minus a signal, when it has ended.
        self.status: int | None = None
        self._usage: typing.Any = None
        self._fed, self.is_hung_up = 0, False
        # Another emulator may take their place (cells.py).
        self._emulator: typing.Any = Emulator(*size)
        self._stream: typing.Any = Stream(self._emulator)
        # The far end stays open here: modes can be read when the program has gone.
        self.master, self.slave = open_terminal(size)
        self.modes_before = self.modes()
        variables = {**home.environment, **dict(environment)}
        if term is not None:
            variables["TERM"] = term
        command = [*prefix, program(), *arguments]
        if under:
            command = [*under, *command]
        where = (variables, home.path, os.ttyname(self.slave))
        told, telling = os.pipe()
        self.child = spawn_kept(command, *where, telling) if under else spawn(command, *where)
        os.close(telling)
        self._told = os.fdopen(told)
        self.leader = int(self._told.readline()) if under else self.child
        self.reading = threading.Event()
        if reading:
            self.reading.set()
        self._over = threading.Event()
        self._last = time.monotonic()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while not self._over.is_set():
            if not self.reading.wait(0.05):
                continue
            try:
                if select.select([self.master], [], [], 0.05)[0]:
                    got = os.read(self.master, 65536)
                    self.bytes.extend(got)
                    self._last = time.monotonic()
            except (OSError, ValueError):
                return

    # What goes in.

    def write(self, data: str | bytes | bytearray) -> None:
        """Bytes as a terminal would send them, whether they are read or not."""
        data = data.encode() if isinstance(data, str) else bytes(data)
        until = time.monotonic() + 30
        while data and time.monotonic() < until:
            if select.select([], [self.master], [], 0.2)[1]:
                with contextlib.suppress(BlockingIOError):
                    data = data[os.write(self.master, data[:1024]):]
            if self.ended():
                return

    def press(self, *keys: str, quiet: float = 0.15) -> None:
        """Each key by itself, as by hand; then what came of it is awaited."""
        for key in keys:
            self.write(key)
            self.settle(quiet)

    def type(self, text: str, pause: float = 0.05) -> None:
        """Letters at a hand's pace: a challenge that comes at once counts as pasted."""
        for letter in text:
            self.write(letter)
            time.sleep(pause)

    def paste(self, text: str) -> None:
        self.write("\x1b[200~" + text + "\x1b[201~")

    def set_size(self, columns: int, rows: int) -> None:
        self.size = (columns, rows)
        set_size(self.slave, columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        """As a terminal does: the size, and the kernel's SIGWINCH."""
        self.set_size(columns, rows)
        self.feed()
        self._emulator.resize(max(rows, 1), max(columns, 1))

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, number)

    @property
    def process(self) -> int:
        """Our program's own number."""
        if self.leader == self.child:
            return self.child
        found = [number for number in self.session() if number != self.leader]
        return found[0] if found else self.leader

    def session(self) -> list[int]:
        """Who of its session is there."""
        found = []
        for name in os.listdir("/proc"):
            with contextlib.suppress(OSError):
                if name.isdigit() and os.getsid(int(name)) == self.leader:
                    found.append(int(name))
        return sorted(found)

    def endings(self) -> dict[int, int]:
        """How the leader and those after it ended: {number: status}, when the keeper has ended."""
        return {int(line.split()[0]): int(line.split()[1]) for line in self._told}

    # What comes out.

    def feed(self) -> None:
        end = len(self.bytes)
        self._stream.feed(bytes(self.bytes[self._fed:end]))
        self._fed = end

    @property
    def lines(self) -> list[str]:
        self.feed()
        return [line.rstrip() for line in self._emulator.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def settle(self, quiet: float = 0.15, timeout: float = 20) -> None:
        """Until nothing has come for so long."""
        began = time.monotonic()
        time.sleep(min(quiet, 0.02))
        while time.monotonic() - began < timeout:
            last = max(self._last, began)
            if time.monotonic() - last >= quiet:
                return
            time.sleep(0.01)

    def until(self, wanted: str | Callable[[str], object], timeout: float = 20) -> str:
        """Until the screen holds it: a word, or a predicate of the screen's text."""
        holds = wanted if callable(wanted) else lambda text: wanted in text
        deadline = time.monotonic() + timeout
        while True:
            text = self.text
            if holds(text):
                return text
            if self.ended():
                raise Gone(f"ended with {self.status} before {wanted!r}:\n{self.tail()}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {wanted!r} in {timeout} s:\n{text}")
            time.sleep(0.02)

    def tail(self, count: int = 1500) -> str:
        return bytes(self.bytes[-count:]).decode(errors="replace")

    # How it is, and how it ended.

    def modes(self) -> list[typing.Any]:
        """The terminal's modes: what `stty -g` would print."""
        return termios.tcgetattr(self.slave)

    def ended(self) -> bool:
        """Whether it has ended; its status is kept: an exit code, or minus a signal."""
        if self.status is None:
            done, status, usage = os.wait4(self.child, os.WNOHANG)
            if done:
                self.status, self._usage = os.waitstatus_to_exitcode(status), usage
        return self.status is not None

    def wait(self, timeout: float = 10) -> int:
        """Its status; a TimeoutError when it does not end."""
        deadline = time.monotonic() + timeout
        while not self.ended():
            if time.monotonic() > deadline:
                raise TimeoutError(f"has not ended after {timeout} s:\n{self.text}")
            time.sleep(0.01)
        self.settle(0.1, 2)
        assert self.status is not None
        return self.status

    def usage(self) -> typing.Any:
        """The ended process's rusage: times in seconds, ru_maxrss in KiB."""
        return self._usage

    def resident(self) -> tuple[int, int]:
        """KiB resident now, and at most so far."""
        fields = {}
        with open(f"/proc/{self.child}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith(("VmRSS", "VmHWM")):
                    fields[line.split(":")[0]] = int(line.split()[1])
        return fields["VmRSS"], fields["VmHWM"]

    def hang_up(self) -> None:
        """The window is gone."""
        self._over.set()
        self._thread.join(1)
        for number in (self.slave, self.master):
            os.close(number)
        self.is_hung_up = True

    def is_restored(self) -> None:
        """Modes as found, and the screen given back."""
        assert self.modes() == self.modes_before, "the modes differ from those found"
        assert RESTORED in self.bytes, self.tail()

    def close(self) -> None:
        if not self.ended():
            for number in self.session() or [self.child]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            self.wait()
        self._told.close()
        self._over.set()
        self._thread.join(1)
        for number in () if self.is_hung_up else (self.slave, self.master):
            os.close(number)
