"""Stops a whole process as a debugger does: it gets no signal, neither then nor when it continues."""
from __future__ import annotations

import contextlib
import ctypes
import os

SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17
ALL = 0x40000000  # __WALL: threads too
_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


def _ask(request: int, thread: int) -> None:
    if _libc.ptrace(request, thread, None, None) == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


class Frozen:
    """All threads of `process`, stopped. Must be made and thawed by the same thread."""

    def __init__(self, process: int) -> None:
        self.threads = []
        for name in os.listdir(f"/proc/{process}/task"):
            with contextlib.suppress(ProcessLookupError):
                _ask(SEIZE, int(name))
                self.threads.append(int(name))
        for thread in self.threads:
            _ask(INTERRUPT, thread)
            os.waitpid(thread, ALL)

    def thaw(self) -> None:
        for thread in self.threads:
            with contextlib.suppress(ProcessLookupError):
                _ask(DETACH, thread)
