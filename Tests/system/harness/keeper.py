"""Starts a command on a terminal and outlives it: `keeper.py FOLDER TERMINAL COMMAND…`.

The keeper adopts orphaned processes of the command's family. On descriptor 3 it writes the number of the leader, then
each end as "number status". It ends after the last of the family.
"""
from __future__ import annotations

import contextlib
import ctypes
import os
import sys

PR_SET_CHILD_SUBREAPER = 36
TELLING = 3


def main(folder: str, terminal: str, *command: str) -> None:
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from terminals import spawn
    os.set_inheritable(TELLING, False)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    leader = spawn(command, os.environ, folder, terminal)
    os.write(TELLING, f"{leader}\n".encode())
    with contextlib.suppress(ChildProcessError):
        while True:
            ended, status = os.wait()
            os.write(TELLING, f"{ended} {os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
