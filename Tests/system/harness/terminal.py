"""A program on a terminal of its own: keys go in, bytes come out, an emulator draws them."""
from __future__ import annotations

import contextlib
import os
import select
import signal
import termios
import threading
import time
import typing
from collections.abc import Callable, Mapping, Sequence

import processes
from emulator import Emulator, Stream
from terminals import open_terminal, set_size, spawn


class Gone(Exception):
    """The program ended while something was awaited."""


class Terminal:
    """Runs `command`. `size` is (columns, rows). A thread reads what the program writes.

    The program starts in `folder`, or in the present one. `standard_input` names a file to read instead of the
    terminal.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str],
                 folder: str | os.PathLike[str] | None = None, *, size: tuple[int, int] = (80, 24),
                 reading: bool = True, standard_input: str | None = None) -> None:
        self.size, self.bytes = size, bytearray()
        # The exit code, or minus the number of a signal; None while the program runs.
        self.status: int | None = None
        self._usage: typing.Any = None
        self._fed, self.is_hung_up = 0, False
        # Another emulator may take their place (cells.py).
        self._emulator: typing.Any = Emulator(*size)
        self._stream: typing.Any = Stream(self._emulator)
        # The slave stays open here, so that the modes can be read after the program has ended.
        self.master, self.slave = open_terminal(size)
        self.modes_before = self.modes()
        self.started = time.monotonic()
        self.child = self._start(command, environment, folder, standard_input)
        self.reading = threading.Event()
        if reading:
            self.reading.set()
        self._over = threading.Event()
        self._last = time.monotonic()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _start(self, command: Sequence[str], environment: Mapping[str, str],
               folder: str | os.PathLike[str] | None, standard_input: str | None) -> int:
        """Starts the command and returns the number of the process."""
        return spawn(command, environment, folder, os.ttyname(self.slave), standard_input)

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> None:
        while not self._over.is_set():
            if not self.reading.wait(0.05):
                continue
            try:
                if select.select([self.master], [], [], 0.05)[0]:
                    self._received(os.read(self.master, 65536))
            except (OSError, ValueError):
                return

    def _received(self, part: bytes) -> None:
        """Keeps what one read returned; runs in the reading thread."""
        self.bytes.extend(part)
        self._last = time.monotonic()

    # MARK: Input

    def write(self, data: str | bytes | bytearray) -> None:
        """Writes bytes as a terminal would send them, whether they are read or not."""
        data = data.encode() if isinstance(data, str) else bytes(data)
        until = time.monotonic() + 30
        while data and time.monotonic() < until:
            if select.select([], [self.master], [], 0.2)[1]:
                with contextlib.suppress(BlockingIOError):
                    data = data[os.write(self.master, data[:1024]):]
            if self.ended():
                return

    def set_size(self, columns: int, rows: int) -> None:
        self.size = (columns, rows)
        set_size(self.slave, columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        """Sets the size, which makes the kernel send SIGWINCH, and resizes the emulator."""
        self.set_size(columns, rows)
        self.feed()
        self._emulator.resize(max(rows, 1), max(columns, 1))

    # MARK: Output

    def feed(self) -> None:
        """Draws what has come and is not drawn yet."""
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
        """Waits until nothing has come for `quiet` seconds, or until the timeout."""
        began = time.monotonic()
        time.sleep(min(quiet, 0.02))
        while time.monotonic() - began < timeout:
            last = max(self._last, began)
            if time.monotonic() - last >= quiet:
                return
            time.sleep(0.01)

    def until(self, wanted: str | Callable[[str], object], timeout: float = 20) -> str:
        """Waits until the screen contains a word, or until a predicate of the screen's text holds."""
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

    # MARK: The process

    def modes(self) -> list[typing.Any]:
        """Returns the terminal's modes: what `stty -g` would print."""
        return termios.tcgetattr(self.slave)

    def ended(self) -> bool:
        """Returns whether the program has ended, and keeps its status."""
        if self.status is None:
            done, status, usage = os.wait4(self.child, os.WNOHANG)
            if done:
                self.status, self._usage = os.waitstatus_to_exitcode(status), usage
        return self.status is not None

    def wait(self, timeout: float = 10) -> int:
        """Returns the status of the ended program; raises TimeoutError when it does not end."""
        deadline = time.monotonic() + timeout
        while not self.ended():
            if time.monotonic() > deadline:
                raise TimeoutError(f"has not ended after {timeout} s:\n{self.text}")
            time.sleep(0.01)
        self.settle(0.1, 2)
        assert self.status is not None
        return self.status

    def usage(self) -> typing.Any:
        """Returns the ended process's rusage: times in seconds, ru_maxrss in KiB."""
        return self._usage

    def session(self) -> list[int]:
        """Returns the processes of the program's session."""
        return processes.session(self.child)

    def hang_up(self) -> None:
        """Closes the terminal, as closing a window does."""
        self._over.set()
        self._thread.join(1)
        for number in (self.slave, self.master):
            os.close(number)
        self.is_hung_up = True

    def close(self) -> None:
        """Kills the program if it runs, and closes the terminal."""
        if not self.ended():
            for number in self.session() or [self.child]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            self.wait()
        self._over.set()
        self._thread.join(1)
        for number in () if self.is_hung_up else (self.slave, self.master):
            os.close(number)
