"""Our program on a terminal of its own, used as an operator uses it."""
from __future__ import annotations

import contextlib
import os
import time
import typing
from collections.abc import Mapping, Sequence

import processes
from programs import program
from terminal import Terminal
from terminals import spawn_kept

RESTORED = b"\x1b[?1049l"


class Screen(Terminal):
    """`home` gives the environment and the folder.

    With `under`, a shell's command line that names our program as "$@", that shell leads the session, and `child`
    is a keeper (keeper.py), which adopts orphaned processes and ends after the last of them.
    """

    def __init__(self, home: typing.Any, *arguments: str, size: tuple[int, int] = (80, 24),
                 term: str | None = "xterm-256color", environment: typing.Any = (), prefix: Sequence[str] = (),
                 reading: bool = True, under: Sequence[str] | None = None) -> None:
        variables = {**home.environment, **dict(environment)}
        if term is not None:
            variables["TERM"] = term
        self._is_kept = bool(under)
        super().__init__([*(under or ()), *prefix, program(), *arguments], variables, home.path, size=size,
                         reading=reading)

    def _start(self, command: Sequence[str], environment: Mapping[str, str],
               folder: str | os.PathLike[str] | None, standard_input: str | None) -> int:
        told, telling = os.pipe()
        self._told = os.fdopen(told)
        if not self._is_kept:
            os.close(telling)
            self.leader = super()._start(command, environment, folder, standard_input)
            return self.leader
        assert folder is not None
        child = spawn_kept(command, environment, folder, os.ttyname(self.slave), telling)
        os.close(telling)
        self.leader = int(self._told.readline())
        return child

    # MARK: Input

    def press(self, *keys: str, quiet: float = 0.15) -> None:
        """Writes each key by itself, as by hand, and waits for the answer."""
        for key in keys:
            self.write(key)
            self.settle(quiet)

    def type(self, text: str, pause: float = 0.05) -> None:
        """Writes letters at a hand's pace: a challenge that comes at once counts as pasted."""
        for letter in text:
            self.write(letter)
            time.sleep(pause)

    def paste(self, text: str) -> None:
        self.write("\x1b[200~" + text + "\x1b[201~")

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, number)

    # MARK: The process

    @property
    def process(self) -> int:
        """The number of our program's process."""
        if self.leader == self.child:
            return self.child
        found = [number for number in self.session() if number != self.leader]
        return found[0] if found else self.leader

    def session(self) -> list[int]:
        return processes.session(self.leader)

    def endings(self) -> dict[int, int]:
        """Returns {process: status} of the leader and those after it, when the keeper has ended."""
        return {int(line.split()[0]): int(line.split()[1]) for line in self._told}

    def resident(self) -> tuple[int, int]:
        """Returns the KiB that are resident now, and the most so far."""
        return processes.status_field(self.child, "VmRSS"), processes.status_field(self.child, "VmHWM")

    def is_restored(self) -> None:
        """Asserts that the modes are as found, and that the alternate screen is left."""
        assert self.modes() == self.modes_before, "the modes differ from those found"
        assert RESTORED in self.bytes, self.tail()

    def close(self) -> None:
        super().close()
        self._told.close()
