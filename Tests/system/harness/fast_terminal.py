"""Our program on a pseudo-terminal, driven by coroutines: many at once in one thread, no emulator.

Its screen is read from a whole repaint (^L), with the control sequences removed.
"""
from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import time
import typing

from programs import program
from terminals import open_terminal, set_size, spawn

CLEARED = b"\x1b[2J"
CONTROLS = re.compile(rb"\x1b\[[0-9;?<>]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]"
                      rb"|\x1b[78=>MEH]|[\x00-\x09\x0b-\x1f]")
MOVES = re.compile(rb"\x1b\[[0-9;]*[Hd]|\r")
KEPT = 1 << 17


class Ended(Exception):
    """The program ended while it was needed."""


class FastTerminal:
    """The program, started in `folder` with `environment`. `size` is (columns, rows)."""

    def __init__(self, folder: str | os.PathLike[str], environment: typing.Any, *arguments: str, size: tuple[int,
            int] = (100, 44)) -> None:
        self.master, slave = open_terminal(size)
        self.output, self.dropped, self.last = bytearray(), 0, time.monotonic()
        self.status: int | None = None
        self.is_stopped = False
        self._news = asyncio.Event()
        self.process = spawn([program(), *arguments], {**environment, "TERM": "xterm-256color"}, folder,
                             os.ttyname(slave))
        os.close(slave)
        os.set_blocking(self.master, False)
        asyncio.get_running_loop().add_reader(self.master, self._read)

    def _read(self) -> None:
        try:
            got = os.read(self.master, 65536)
        except BlockingIOError:
            return
        except OSError:
            got = b""
        if not got:
            asyncio.get_running_loop().remove_reader(self.master)
        self.output += got
        self.last = time.monotonic()
        if len(self.output) > 2 * KEPT:
            self.dropped += len(self.output) - KEPT
            del self.output[:-KEPT]
        self._news.set()

    # MARK: Input

    def set_size(self, columns: int, rows: int) -> None:
        set_size(self.master, columns, rows)

    def write(self, data: bytes) -> float:
        """Writes the data in one write. Returns the time after it, in seconds."""
        if self.ended():
            raise Ended(self.status)
        with contextlib.suppress(BlockingIOError):
            os.write(self.master, data)
        return time.monotonic()

    async def keys(self, text: bytes) -> None:
        """Writes a person's keys, at a hand's pace over a link that delivers some two at a time."""
        while text:
            count = 2 if len(text) > 5 else 1
            self.write(text[:count])
            text = text[count:]
            await asyncio.sleep(0.02 + 0.025 * count)

    def stop(self) -> None:
        self.is_stopped = True
        os.kill(self.process, signal.SIGSTOP)

    def go_on(self) -> None:
        self.is_stopped = False
        os.kill(self.process, signal.SIGCONT)

    # MARK: Output

    @property
    def mark(self) -> int:
        return self.dropped + len(self.output)

    def since(self, mark: int) -> bytes:
        return bytes(self.output[max(0, mark - self.dropped):])

    async def until(self, wanted: bytes, mark: int, timeout: float) -> bool:
        """Returns whether the bytes `wanted` are written after `mark` in time."""
        deadline = time.monotonic() + timeout
        while wanted not in self.since(mark):
            rest = deadline - time.monotonic()
            if rest <= 0:
                return False
            if self.ended():
                raise Ended(self.status)
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), rest)
        return True

    async def snapshot(self, timeout: float = 0.8) -> str | None:
        """Returns the text of the whole screen, repainted; None when no repaint comes."""
        mark = self.mark
        self.write(b"\x0c")
        if not await self.until(CLEARED, mark, timeout):
            return None
        while time.monotonic() - self.last < 0.02:
            await asyncio.sleep(0.012)
        written = self.since(mark)
        written = MOVES.sub(b"\n", written[written.rindex(CLEARED):])
        return CONTROLS.sub(b"", written).decode(errors="replace")

    # MARK: The process

    def ended(self) -> bool:
        if self.status is None:
            done, status = os.waitpid(self.process, os.WNOHANG)
            if done:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    async def close(self) -> None:
        """Ends the program with SIGTERM, and with SIGKILL if it does not end."""
        for number, patience in ((signal.SIGTERM, 4), (signal.SIGKILL, 4)):
            deadline = time.monotonic() + patience
            if not self.ended():
                os.kill(self.process, number)
                os.kill(self.process, signal.SIGCONT)
            while not self.ended() and time.monotonic() < deadline:
                await asyncio.sleep(0.03)
        asyncio.get_running_loop().remove_reader(self.master)
        os.close(self.master)

    def processor_time(self) -> float:
        """Returns the processor time that it has used, in seconds."""
        with open(f"/proc/{self.process}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
