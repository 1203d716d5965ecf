"""The C libraries of shims/, which are preloaded into our program. Each is built when it is first used, once for the
run."""
from __future__ import annotations

import pathlib
import shutil
import subprocess

from fault_rows import left_out
from run_folder import once

SHIMS = pathlib.Path(__file__).resolve().parent / "shims"


def library(name: str, *flags: str) -> str:
    """Returns the path of shims/NAME.c as a library. The case is left out where there is no compiler."""
    def build(path: pathlib.Path) -> None:
        compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
        if compiler is None:
            left_out("no C compiler")
        subprocess.run(
            [compiler, "-shared", "-fPIC", *flags, "-o", str(path), str(SHIMS / f"{name}.c"), "-ldl"],
            check=True, timeout=120)
    return str(once(f"{name}.so", build))
