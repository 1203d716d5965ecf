"""FAULT-31: terminal settings in the environment."""
import pathlib
import shutil
import signal
import subprocess

import pytest
from ends import until
from screen import RESTORED

REFUSED = (None, "dumb", "")
UNKNOWN = "no-such-terminal"
KINDS = (*REFUSED, UNKNOWN, "vt100", "linux", "screen", "tmux", "xterm-256color")
ENTRIES = ("as the system has it", "noise", "cut short", "spoilt")


@pytest.mark.fault(31, "TERM unset, dumb, unknown, known; TERMINFO malformed", slice=9, night=36, full=72)
def test_terminal_kinds(case, home, terminal):
    index = case.seed - 1
    term = KINDS[index % len(KINDS)]
    entry = ENTRIES[(index // len(KINDS) + index) % len(ENTRIES)]
    case.note(f"TERM={term!r}, its entry: {entry}")
    more = {} if entry == ENTRIES[0] else {"TERMINFO": malformed(case, term or "x", entry)}
    screen = terminal(home, term=term, environment=more)
    if term in REFUSED:
        assert screen.wait() == 2, screen.status
        assert b"\x1b" not in screen.bytes, screen.tail()
        assert b"handshake list" in screen.bytes, screen.tail()
        return
    if entry == "spoilt":
        # It may ask for anything, and ncurses itself crashes on some: only the modes must be restored.
        screen.settle(0.6)
        screen.press("q")
        assert screen.wait() in (0, 2, -signal.SIGSEGV), screen.status
    else:
        screen.until("LOCAL")
        screen.press("q")
        assert screen.wait() == 0, screen.status
    assert screen.modes() == screen.modes_before
    if term == UNKNOWN and entry != "spoilt":
        until(lambda: UNKNOWN.encode() in bytes(screen.bytes).partition(RESTORED)[2], "said that another was taken")


def malformed(case, name, how):
    """Makes a folder of terminfo that is read first, with an entry of this name."""
    folder = case.folder / "terminfo"
    path = folder / name[0] / name
    path.parent.mkdir(parents=True)
    data = bytearray(case.random.randbytes(case.random.randrange(4096)) if how == "noise" else sound())
    if how == "cut short":
        del data[case.random.randrange(len(data)):]
    elif how == "spoilt":
        for _ in range(case.random.randrange(1, 40)):
            data[case.random.randrange(len(data))] = case.random.randrange(256)
    path.write_bytes(data)
    return str(folder)


def sound():
    """Returns the system's own entry of the most common terminal."""
    for folder in ("/usr/share/terminfo", "/lib/terminfo", "/etc/terminfo"):
        path = pathlib.Path(folder, "x", "xterm-256color")
        if path.exists():
            return path.read_bytes()
    program = shutil.which("infocmp")
    assert program, "no terminfo on this machine"
    return subprocess.run([program, "-1", "xterm-256color"], check=True, capture_output=True).stdout
