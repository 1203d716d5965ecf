"""Figures and families of running processes, read from /proc."""
from __future__ import annotations

import contextlib
import os


def session(leader: int) -> list[int]:
    """Returns the processes of the session with that leader, in order."""
    found = []
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if name.isdigit() and os.getsid(int(name)) == leader:
                found.append(int(name))
    return sorted(found)


def family(process: int) -> list[int]:
    """Returns the process and its descendants."""
    found = [process]
    for task in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{task}/children", encoding="ascii") as file:
            found += [each for child in file.read().split() for each in family(int(child))]
    return found


def status_field(process: int | str, name: str) -> int:
    """Returns a number of /proc/PROCESS/status, in its unit; 0 where the field is missing."""
    with open(f"/proc/{process}/status", encoding="ascii", errors="replace") as file:
        return next((int(line.split()[1]) for line in file if line.startswith(name + ":")), 0)


def wake_ups(process: int) -> dict[str, tuple[str, int]]:
    """Returns {thread: (name, count)}: how often each thread has slept and been woken."""
    return {task: (_thread_name(process, task), status_field(f"{process}/task/{task}", "voluntary_ctxt_switches"))
            for task in os.listdir(f"/proc/{process}/task")}


def _thread_name(process: int, task: str) -> str:
    with open(f"/proc/{process}/task/{task}/comm", encoding="utf-8", errors="replace") as file:
        return file.read().strip()
