"""Row 31: what the environment says of the terminal."""
from matrix import row
from operator_home import Home
from screen import Screen

REFUSED = (None, "dumb", "")
KNOWN = ("vt100", "linux", "screen", "tmux", "xterm-256color")


@row(31, "TERM unset, dumb, unknown, known; TERMINFO malformed", slice=9, night=24, full=24)
def terminal_kinds(case):
    kinds = (*REFUSED, "no-such-terminal", *KNOWN)
    term = kinds[(case.seed - 1) % len(kinds)]
    home = Home(case.folder)
    more = {}
    if case.seed > len(kinds):
        # A terminfo folder whose entry is noise: the one that is asked for first.
        name = term or "x"
        folder = case.folder / "terminfo" / name[0]
        folder.mkdir(parents=True)
        (folder / name).write_bytes(case.random.randbytes(case.random.randrange(4096)))
        more["TERMINFO"] = str(case.folder / "terminfo")
    case.note(f"TERM={term!r} {more}")
    screen = case.closing(Screen(home, term=term, environment=more))
    if term in REFUSED:
        assert screen.wait() == 2, screen.status
        assert b"\x1b" not in screen.bytes, screen.tail()
        assert b"handshake list" in screen.bytes, screen.tail()
        return
    screen.until("LOCAL")
    screen.press("q")
    assert screen.wait() == 0
    assert screen.modes() == screen.modes_before
