"""FAULT-22: however the program ends, and on every screen, the terminal is restored, and the journal and the service
agree."""
import math
import os
import signal
import typing

import pytest
from ends import SHELL, is_given_back, press_until_ended, state_of, tells_the_truth, until
from host import BentHost
from places import PLACES, Stand

# 16 is STKFLT; real-time signals begin at 34, after the C library's own two.
ORDERLY = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE, signal.SIGUSR1,
           signal.SIGUSR2, signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF, signal.SIGXCPU, signal.SIGXFSZ,
           signal.SIGIO, signal.SIGPWR, signal.SIGSYS, 16, 34, 50, 64)
CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGFPE)
OTHERS = ("key", "window", "shell", "suspend", "overflow")
ENDINGS = (*ORDERLY, *OTHERS, *CRASHES)
STATES = tuple(PLACES)
EVERY = len(ENDINGS) * len(STATES)


@pytest.mark.fault(22, "every ending at every screen", slice=10, night=EVERY, full=2 * EVERY)
def test_ending(case):
    index = case.seed - 1
    state = STATES[index % len(STATES)]
    # The shift goes through every pair; a slice of them has every ending.
    how = ENDINGS[(index + index // math.lcm(len(STATES), len(ENDINGS))) % len(ENDINGS)]
    case.note(f"{how!r} at {state}")
    more: dict[str, typing.Any] = {}
    if how == "overflow":
        more["environment"] = BentHost(case.folder, stack=1).environment
    if how in ("shell", "suspend"):
        more["under"] = SHELL
    stand = Stand(case, state, **more).arrive()
    screen = stand.screen
    assert screen.modes() != screen.modes_before
    if how == "key":
        press_until_ended(screen)
    elif how == "window":
        screen.hang_up()
        assert screen.wait(8) == 128 + signal.SIGHUP, screen.status
    elif how == "shell":
        end_with_the_shell(screen)
    elif how == "suspend":
        suspend_and_end(case, screen)
    elif how == "overflow":
        screen.signal(signal.SIGUSR2)
        assert screen.wait() == -signal.SIGSEGV, screen.status
    else:
        assert isinstance(how, int), how
        screen.signal(how)
        expected = 128 + how if how in ORDERLY else -how
        assert screen.wait() == expected, screen.status
    if how != "window":
        is_given_back(screen)
    assert screen.session() == [], "somebody is left in the session"
    crashed = how == "overflow" or how in CRASHES
    tells_the_truth(stand, crashed)


def end_with_the_shell(screen):
    """Kills the leader of its session; the kernel hangs up."""
    number = screen.process
    assert number != screen.leader
    os.kill(screen.leader, signal.SIGKILL)
    # The keeper ends after the last process: none is left.
    screen.wait(8)
    endings = screen.endings()
    assert endings[number] == 128 + signal.SIGHUP, endings


def suspend_and_end(case, screen):
    """^Z gives the terminal back; continuing takes it again; then it ends as any other."""
    number = screen.process
    shown = screen.text
    screen.write("\x1a")
    until(lambda: state_of(number) == "T", "stopped")
    assert screen.modes() == screen.modes_before
    before = len(screen.bytes)
    screen.write("\n")
    until(lambda: state_of(number) != "T", "going on")
    until(lambda: len(screen.bytes) > before + 500, "drawn again")
    assert screen.modes() != screen.modes_before
    case.note(shown)
    screen.settle(0.3)
    end = case.random.choice(ORDERLY)
    case.note(f"then {end!r}")
    os.kill(number, end)
    until(lambda: state_of(number) is None, "ended")
    screen.write("\x04")
    screen.wait()
    endings = screen.endings()
    assert endings == {screen.leader: 128 + end}, endings
