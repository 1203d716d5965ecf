"""A folder that all processes of one run share: costly files are made once, and locks are files."""
from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import pathlib
import shutil
import tempfile
from collections.abc import Callable, Iterator

VARIABLE = "HANDSHAKE_RUN_FOLDER"


def run_folder() -> pathlib.Path:
    """Returns the folder, and makes it in the first process that asks, which also removes it."""
    if VARIABLE not in os.environ:
        path = tempfile.mkdtemp(prefix="handshake-run-")
        os.environ[VARIABLE] = path
        atexit.register(_remove, path, os.getpid())
    return pathlib.Path(os.environ[VARIABLE])


def _remove(path: str, owner: int) -> None:
    """Removes the folder; a fork of the process that made it leaves it alone."""
    if os.getpid() == owner:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def only_one(name: str) -> Iterator[None]:
    """Holds a lock of that name against all other processes of the run."""
    with open(run_folder() / f"{name}.lock", "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Holds the lock of the cases that measure time or the load of the machine."""
    with only_one("quiet"):
        yield


def once(name: str, make: Callable[[pathlib.Path], None]) -> pathlib.Path:
    """Returns the path of that name below the run's folder; the first process that asks has `make` write it.

    `make` gets a temporary path in the same folder. It is renamed when `make` has returned, so that a failure
    leaves nothing behind and the next process tries again.
    """
    path = run_folder() / name
    if path.exists():
        return path
    with only_one(name):
        if not path.exists():
            unfinished = path.with_name(f"{name}.{os.getpid()}.unfinished")
            make(unfinished)
            unfinished.rename(path)
    return path
