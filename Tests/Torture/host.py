"""A host that misbehaves under our program: see shims/host.c."""
import pathlib
import shutil
import struct
import subprocess
import tempfile
import threading

from matrix import LeftOut

SOURCE = pathlib.Path(__file__).resolve().parent / "shims" / "host.c"
CLOCK, SLEPT, TERMINAL, STACK = range(4)
NAMES = {"clock": CLOCK, "slept": SLEPT, "terminal": TERMINAL, "stack": STACK}
_built, _lock = {}, threading.Lock()


def library():
    """Built once; gone when the run is over."""
    with _lock:
        if not _built:
            compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
            if compiler is None:
                raise LeftOut("no C compiler")
            folder = tempfile.TemporaryDirectory(prefix="handshake-torture-host-")
            path = pathlib.Path(folder.name, "host.so")
            subprocess.run(
                [compiler, "-O0", "-fPIC", "-shared", "-w", "-o", str(path), str(SOURCE), "-ldl"],
                check=True, timeout=60)
            _built["folder"], _built["path"] = folder, path
        return _built["path"]


class BentHost:
    """Straight at first. `environment` is what our program is started with."""

    def __init__(self, folder, **bends):
        self.path = pathlib.Path(folder, "bent-host")
        self.path.write_bytes(bytes(32))
        self.environment = {"LD_PRELOAD": str(library()), "BENT_HOST": str(self.path)}
        for name, value in bends.items():
            self.bend(NAMES[name], value)

    def bend(self, which, value):
        """In place: a program that runs sees it at its next call."""
        with open(self.path, "r+b") as file:
            file.seek(8 * which)
            file.write(struct.pack("=q", int(value)))
