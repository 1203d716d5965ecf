"""Ways to end a program on a terminal, and the state that it must leave behind."""
from __future__ import annotations

import typing
from collections.abc import Callable

if typing.TYPE_CHECKING:
    from places import Stand
    from screen import Screen

import time

PASTE_OFF = b"\x1b[?2004l"
# Enter continues what was stopped; an empty file ends the shell as the program ended.
SHELL = ("bash", "--norc", "--noprofile", "-mc",
         '"$@"; while read -r _; do fg; s=$?; done; exit $s', "shell")


def press_until_ended(screen: Screen) -> None:
    """C-c goes back from everywhere, and twice quits; the modes are restored."""
    for _ in range(40):
        screen.write("\x03")
        screen.settle(0.3)
        if screen.ended():
            break
    assert screen.wait() == 0, screen.status
    screen.is_restored()


def is_given_back(screen: Screen) -> None:
    """Asserts that the modes are restored, and that the sequences which close the screens are the last of them."""
    screen.is_restored()
    written = bytes(screen.bytes)
    entered = written.rindex(b"\x1b[?1049h")
    left = written.rindex(b"\x1b[?1049l")
    assert entered < left, screen.tail()
    assert PASTE_OFF in written[entered:], screen.tail()
    rest = written[left + 8:]
    # The following output is text for the scrollback: nothing that moves or paints.
    assert b"\x1b[?25l" not in rest and b"\x1b[H" not in rest and b"\x1b[2J" not in rest, rest


def tells_the_truth(stand: Stand, crashed: bool) -> None:
    """Asserts that the service applied at most one, and that the journal agrees, after the next start if necessary."""
    kinds = stand.kinds()
    stand.case.note(kinds)
    if stand.place == "sending":
        # A request in flight is applied by now.
        time.sleep(1.6)
        if crashed:
            assert kinds[-1] == "INTENT", kinds
            again = stand.home.accept()
            stand.case.note(again.stdout + again.stderr)
        stand.home.tells_the_truth(stand.home.accepts())
        assert stand.home.accepts() <= 1
        assert stand.kinds().count("INTENT") == 1
        return
    assert stand.accepts() == 0
    ended = ["INTENT", "DONE"] if stand.place == "outcome" else []
    assert [kind for kind in kinds if kind not in ("GENESIS", "TRUST_ADDED")] == ended, kinds
    if kinds:
        stand.run("journal", "verify")


def state_of(number: int) -> str | None:
    """Returns R, S, T … as the kernel prints it; None when it is gone."""
    try:
        with open(f"/proc/{number}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0]
    except OSError:
        return None


def until(holds: Callable[[], object], what: str, timeout: float = 10) -> None:
    deadline = time.monotonic() + timeout
    while not holds():
        assert time.monotonic() < deadline, f"not {what} in {timeout} s"
        time.sleep(0.01)
