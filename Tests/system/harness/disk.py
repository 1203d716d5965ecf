"""A disk that loses power: it keeps what was synced, and a random part of the rest.

Bytes are kept when their file was synced, names when their folder was. The rest may be kept all the same, in any
choice for bytes (a sector at a time) and in the order of their making for the names of one folder. That is as little
as POSIX guarantees.
"""
from __future__ import annotations

import os
import pathlib
import random
import typing
from collections.abc import Iterable

if typing.TYPE_CHECKING:
    from spoilt_calls import Call

import dataclasses
import shutil

SECTOR = 512


@dataclasses.dataclass
class File:
    mode: int
    synced: bytearray
    # (offset, bytes), or (size, None) for a truncation, in the order they were made.
    unsynced: list[tuple[int, bytes | None]] = dataclasses.field(default_factory=list)

    def after(self, kept: Iterable[tuple[int, bytes | None]]) -> bytearray:
        data = bytearray(self.synced)
        for offset, written in kept:
            if written is None:
                del data[offset:]
            else:
                data.extend(bytes(max(0, offset - len(data))))
                data[offset:offset + len(written)] = written
        return data

    def crashed(self, random: random.Random | None) -> typing.Any:
        """Returns the contents that are left; the minimum without `random`."""
        kept: list[tuple[int, bytes | None]] = []
        if random is None:
            return self.after(kept)
        for offset, written in self.unsynced:
            if written is None:
                if random.random() < 0.5:
                    kept.append((offset, None))
                continue
            for start in range(0, len(written), SECTOR):
                if random.random() < 0.5:
                    kept.append((offset + start, written[start:start + SECTOR]))
        return self.after(kept)


@dataclasses.dataclass
class Folder:
    mode: int
    synced: dict[str, File | Folder] = dataclasses.field(default_factory=dict)
    # (name, its new node or None), each a list of such changes made at once.
    unsynced: list[list[tuple[str, File | Folder | None]]] = dataclasses.field(default_factory=list)

    def names(self, count: int | None = None) -> dict[str, File | Folder]:
        now = dict(self.synced)
        for changes in self.unsynced[:count]:
            for name, thing in changes:
                now.pop(name, None)
                if thing is not None:
                    now[name] = thing
        return now

    def crashed(self, random: random.Random | None) -> typing.Any:
        return self.names(random.randint(0, len(self.unsynced)) if random else 0)


class Disk:
    """The contents below `root` count as synced at the start; `calls` has the calls since."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = pathlib.Path(root)
        self.top: typing.Any = self._read(self.root)
        self.by_inode: dict[int, File] = {}

    def _read(self, path: pathlib.Path) -> File | Folder:
        mode = path.stat().st_mode & 0o7777
        if not path.is_dir():
            return File(mode, bytearray(path.read_bytes()))
        return Folder(mode, {child.name: self._read(child) for child in path.iterdir()})

    def _at(self, name: str) -> typing.Any:
        thing: typing.Any = self.top
        for part in pathlib.PurePath(name).parts:
            thing = thing.names().get(part) if isinstance(thing, Folder) else None
        return thing

    def _change(self, *changes: tuple[str, File | Folder | None]) -> None:
        """Names of one folder that change in one step."""
        folder = self._at(os.path.dirname(changes[0][0]))
        folder.unsynced.append([(os.path.basename(name), thing) for name, thing in changes])

    def take(self, call: Call) -> None:
        """Applies one line of the shim's log."""
        if call.kind == "create":
            thing = self.by_inode[call.inode] = File(0o600, bytearray())
            self._change((call.name, thing))
        elif call.kind == "mkdir":
            self._change((call.name, Folder(0o700)))
        elif call.kind == "unlink":
            self._change((call.name, None))
        elif call.kind == "rename":
            self._change((call.name, None), (call.other, self._at(call.name)))
        elif call.kind == "dirsync":
            folder = self._at(call.name)
            folder.synced, folder.unsynced = folder.names(), []
        elif call.kind in ("write", "truncate", "sync"):
            # By its inode if its creation was seen: its name may be gone.
            file = self.by_inode.get(call.inode) or self._at(call.name)
            if call.kind == "sync":
                file.synced, file.unsynced = file.after(file.unsynced), []
            else:
                file.unsynced.append((call.offset, call.data if call.kind == "write" else None))

    def lose_power(self, random: random.Random | None = None) -> None:
        """Writes the remaining contents below the root."""
        for child in self.root.iterdir():
            if child.is_dir():
                shutil.rmtree(child)
            else:
                child.unlink()
        self._write(self.top, self.root, random)

    def _write(self, folder: Folder, path: pathlib.Path, random: random.Random | None) -> None:
        for name, thing in folder.crashed(random).items():
            if isinstance(thing, Folder):
                (path / name).mkdir(mode=thing.mode)
                self._write(thing, path / name, random)
            else:
                (path / name).write_bytes(thing.crashed(random))
                (path / name).chmod(thing.mode)
