"""FAULT-23 and FAULT-25: the program is stopped and continued; the terminal is lost."""
import os
import signal
import subprocess
import time
import typing

import pytest
from ends import SHELL, is_given_back, state_of, tells_the_truth, until
from host import TERMINAL, BentHost
from places import PLACES, Stand
from run_folder import quiet

STATES = tuple(PLACES)
WAYS = ("^Z and fg", "SIGTSTP and fg", "SIGSTOP and SIGCONT", "stty in between", "twice")
ENDS = ("window", "window, SIGHUP ignored", "shell's window", "EIO")
DEAF = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh")
TICK = os.sysconf("SC_CLK_TCK")


@pytest.mark.fault(23, "stopped, and going on", slice=2, night=20, full=5 * len(STATES), jobs=4)
def test_stopped(case):
    state = STATES[(case.seed - 1) % len(STATES)]
    way = WAYS[(case.seed - 1 + (case.seed - 1) // len(STATES)) % len(WAYS)]
    case.note(f"{way} at {state}")
    inside = way.endswith("fg")
    more: dict[str, typing.Any] = {"under": SHELL} if inside else {}
    stand = Stand(case, state, **more).arrive()
    screen, number = stand.screen, stand.screen.process
    running, calls = screen.modes(), read_calls(stand)
    for _ in range(2 if way == "twice" else 1):
        if way == "SIGTSTP and fg":
            os.kill(number, signal.SIGTSTP)
        elif inside:
            screen.write("\x1a")
        else:
            os.kill(number, signal.SIGSTOP)
        until(lambda: state_of(number) == "T", "stopped")
        if inside:
            assert screen.modes() == screen.modes_before, "the shell gets other modes than it had"
        elif way == "stty in between":
            subprocess.run(["stty", "sane"], stdin=screen.slave, check=True)
        before = len(screen.bytes)
        if inside:
            screen.write("\n")
        else:
            os.kill(number, signal.SIGCONT)
        until(lambda: state_of(number) != "T" and len(screen.bytes) > before + 500, "drawn again")
        screen.settle(0.3)
        assert state_of(number) not in (None, "T"), "stopped or ended again by itself after going on"
    assert screen.modes() == running, "other modes than before"
    # Without a code nothing can be requested.
    if stand.is_remote and state not in ("sending", "code"):
        until(lambda: read_calls(stand) > calls, "read again")
    if state == "armed":
        # Nobody could have stopped it meanwhile.
        assert "ARMED" not in screen.text, screen.text
    before = len(screen.bytes)
    screen.write("\x0c")
    until(lambda: len(screen.bytes) > before + 500, "drawn for a key")
    os.kill(number, signal.SIGTERM)
    until(lambda: state_of(number) in (None, "Z"), "ended")
    if inside:
        screen.write("\x04")
    assert screen.wait() == (0 if inside else 128 + signal.SIGTERM), screen.status
    is_given_back(screen)
    tells_the_truth(stand, False)


def read_calls(stand):
    if not stand.is_remote:
        return 0
    return sum(stand.home.sandbox.admin("truth")["Calls"].values())


@pytest.mark.fault(25, "the terminal is gone", slice=2, night=12, full=100, jobs=2, alone=True)
def test_gone(case):
    state = STATES[(case.seed - 1) % len(STATES)]
    how = ENDS[(case.seed - 1 + (case.seed - 1) // len(STATES)) % len(ENDS)]
    case.note(f"{how} at {state}")
    host = BentHost(case.folder)
    more: dict[str, typing.Any] = {"environment": host.environment} if how == "EIO" else {}
    if how == "window, SIGHUP ignored":
        more["prefix"] = DEAF
    if how == "shell's window":
        more["under"] = SHELL
    stand = Stand(case, state, **more).arrive()
    screen, number = stand.screen, stand.screen.process
    with quiet():
        spent, began = ticks(number), time.monotonic()
        if how == "EIO":
            host.bend(TERMINAL, 1)
            screen.write("j")
        else:
            screen.hang_up()
        last = spent
        while state_of(number) not in (None, "Z"):
            last = ticks(number) or last
            assert time.monotonic() - began < 15, "does not end"
            time.sleep(0.01)
        took = time.monotonic() - began
    spent = (ticks(number) or last) - spent
    screen.wait()
    case.note(f"ended after {took:.2f} s and {spent * 1000 / TICK:.0f} ms of the processor")
    # The request in flight is waited for.
    assert took <= (6.5 if state == "sending" else 2), f"ended after {took:.2f} s"
    assert spent <= 0.05 * TICK + 1, f"{spent} ticks"
    if how == "shell's window":
        assert screen.status == 0
    else:
        assert screen.status == 128 + signal.SIGHUP, screen.status
    if how == "EIO":
        assert screen.modes() == screen.modes_before
    tells_the_truth(stand, False)


def ticks(number):
    """Returns the processor time used so far; None when it has ended."""
    try:
        with open(f"/proc/{number}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[11]) + int(fields[12])


@pytest.mark.fault(25, "no terminal to begin with", part="none", slice=1, night=3, full=9, jobs=3)
def test_none(case, home, terminal):
    way = ("empty input", "closed output", "output to a pipe")[case.seed % 3]
    case.note(way)
    redirected = {"empty input": '"$@" </dev/null', "closed output": '"$@" >&-',
                  "output to a pipe": '"$@" | cat; exit ${PIPESTATUS[0]}'}[way]
    screen = terminal(home, prefix=("bash", "-c", redirected, "sh"))
    assert screen.wait() == 2, screen.status
    assert b"\x1b" not in screen.bytes, screen.tail()
    assert b"handshake list" in screen.bytes, screen.tail()
    assert screen.modes() == screen.modes_before
    assert home.kinds() == []
