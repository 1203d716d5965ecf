"""The C libraries of shims/, which are preloaded into our program: each built when it is first asked for,
and gone when the run is over."""
import pathlib
import shutil
import subprocess
import tempfile
import threading

from matrix import LeftOut

SHIMS = pathlib.Path(__file__).resolve().parents[1] / "shims"
_built, _lock = {}, threading.Lock()


def library(name, *flags):
    """The path of shims/NAME.c as a library. Cases that need it are left out where nothing compiles it."""
    with _lock:
        if name not in _built:
            compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
            if compiler is None:
                raise LeftOut("no C compiler")
            folder = tempfile.TemporaryDirectory(prefix="handshake-torture-shim-")
            path = pathlib.Path(folder.name, f"{name}.so")
            subprocess.run(
                [compiler, "-shared", "-fPIC", *flags, "-o", str(path), str(SHIMS / f"{name}.c"), "-ldl"],
                check=True, timeout=120)
            _built[name] = (folder, path)
        return str(_built[name][1])
