"""The library between our program and its files: see shims/files.c."""
from __future__ import annotations

import dataclasses
import errno
import os
import pathlib
from collections.abc import Iterable

from preloaded import library

# The clock is so far ahead that an unfinished attempt can be settled with one read.
LATER = 120


def _library() -> str:
    return library("files", "-O1", "-Wall", "-Wextra", "-Werror")


def spoiling(root: str | os.PathLike[str], do: str | None = None, at: int = 1, *, kinds: Iterable[str] = (),
        name: str = "", match: str = "", error: int = errno.EIO, on: Iterable[str] = (),
        log: str | os.PathLike[str] | None = None,
             ahead: int = 0) -> dict[str, str]:
    """Returns the environment in which the call fails; shims/files.c describes the words."""
    variables = {
        "LD_PRELOAD": _library(), "TORTURE_ROOT": str(root), "TORTURE_KINDS": ",".join(kinds),
        "TORTURE_NAME": name, "TORTURE_MATCH": match, "TORTURE_AT": str(at if do else 0),
        "TORTURE_DO": do or "", "TORTURE_ERRNO": str(error), "TORTURE_ON": ",".join(on),
        "TORTURE_AHEAD": str(ahead)}
    if log:
        variables["TORTURE_LOG"] = str(log)
    return variables


def later(times: int = 1) -> dict[str, str]:
    """Returns the environment in which two minutes, or `times` as many, have passed since the last action."""
    return {"LD_PRELOAD": _library(), "TORTURE_AHEAD": str(LATER * times)}


@dataclasses.dataclass
class Call:
    """One line of the log."""
    number: int
    kind: str
    inode: int
    offset: int
    name: str
    other_inode: int
    other: str
    data: bytes


def read_log(path: pathlib.Path) -> list[Call]:
    """Returns the calls in their order; numbers restart with each process."""
    calls, rest = [], path.read_bytes() if path.exists() else b""
    while rest:
        line, _, rest = rest.partition(b"\n")
        number, kind, inode, offset, length, name, other_inode, other = line.decode().split(" ")
        data = rest[:int(length)]
        if int(length):
            rest = rest[int(length) + 1:]
        calls.append(Call(int(number), kind, int(inode), int(offset), name, int(other_inode),
                          "" if other == "-" else other, data))
    return calls
