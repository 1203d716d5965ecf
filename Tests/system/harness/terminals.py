"""Starts programs on pseudo-terminals, for every driver of terminals that we have.

`posix_spawn` and never `fork`: the processes that call this have threads.
"""
from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import termios
import typing
from collections.abc import Mapping, Sequence

# Python ignores these signals; a shell does not, and an ignored signal stays ignored over an exec.
RESTORED = (signal.SIGPIPE, signal.SIGXFSZ)


def open_terminal(size: tuple[int, int]) -> tuple[int, int]:
    """Returns the master and the slave of a new terminal of (columns, rows)."""
    master, slave = pty.openpty()
    set_size(slave, *size)
    return master, slave


def set_size(descriptor: int, columns: int, rows: int) -> None:
    """Sets the size as a terminal does: the kernel sends SIGWINCH."""
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def spawn(command: Sequence[str], environment: Mapping[str, str], folder: str | os.PathLike[str] | None,
          terminal: str, standard_input: str | None = None) -> int:
    """Starts a command as the leader of a session on the terminal of that name; returns its number.

    The leader of a session takes the first terminal that it opens as its controlling one. `standard_input` names a
    file to read instead of the terminal.
    """
    # There is no portable file action that changes the folder, and `env` takes time where starts are measured.
    full = [*([] if folder is None else ["/usr/bin/env", f"--chdir={os.fspath(folder)}"]), *command]
    actions: list[tuple[typing.Any, ...]] = [
        (os.POSIX_SPAWN_OPEN, 1, terminal, os.O_RDWR, 0), (os.POSIX_SPAWN_DUP2, 1, 2),
        (os.POSIX_SPAWN_OPEN, 0, standard_input, os.O_RDONLY, 0) if standard_input
        else (os.POSIX_SPAWN_DUP2, 1, 0)]
    return os.posix_spawnp(
        full[0], full, environment, setsid=True, setsigmask=(), setsigdef=RESTORED, file_actions=actions)


def spawn_kept(command: Sequence[str], environment: Mapping[str, str], folder: str | os.PathLike[str],
               terminal: str, telling: int) -> int:
    """Starts a command below a keeper and returns the keeper's number; see keeper.py. `telling` is its pipe."""
    import sys
    keeper = os.path.join(os.path.dirname(__file__), "keeper.py")
    full = [sys.executable, "-I", "-S", keeper, os.fspath(folder), terminal, *command]
    return os.posix_spawn(
        full[0], full, environment, setsigmask=(), setsigdef=RESTORED,
        file_actions=[(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDWR, 0), (os.POSIX_SPAWN_DUP2, 0, 1),
                      (os.POSIX_SPAWN_DUP2, 0, 2), (os.POSIX_SPAWN_DUP2, telling, 3)])
