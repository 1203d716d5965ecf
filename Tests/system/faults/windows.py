"""FAULT-24 and FAULT-33: a terminal of any size, and one that is resized all the time."""
import re
import time

import pytest
from emulator import Emulator, Stream
from ends import press_until_ended, until
from operator_home import Home
from places import Stand

WHOLE = re.compile(rb"\x1b\[H\x1b\[2J|\x1b\[2J|\x1b\[H\x1b\[J")
SIZES = ((1, 1), (80, 1), (1, 80), (3, 5), (1000, 500), (0, 0), (65535, 65535))
WAYS = ("start", "list", "challenge", "complete", "armed")
ROOM = (60, 16)


@pytest.mark.fault(24, "5,000 resizes from 1x1 to 1000x500", slice=1, night=2, full=10, jobs=2, alone=True)
def test_storm(case):
    final = (case.random.randrange(60, 160), case.random.randrange(16, 60))
    stand = Stand(case, case.random.choice(["list", "detail", "review"])).arrive()
    screen = stand.screen
    before, began = len(screen.bytes), time.monotonic()
    for _ in range(5_000):
        screen.set_size(case.random.randrange(1, 1001), case.random.randrange(1, 501))
        # As fast as a person drags, or as a program sends them.
        if case.random.random() < 0.1:
            time.sleep(case.random.random() * 0.02)
        assert not screen.ended(), screen.status
    screen.set_size(*final)
    ended = time.monotonic()
    screen.settle(1, 60)
    assert not screen.ended(), screen.status
    written = bytes(screen.bytes[before:])
    repaints = [match.start() for match in WHOLE.finditer(written)]
    rate = (len(repaints) - 1) / (ended - began)
    case.note(f"{len(repaints)} whole repaints, {rate:.1f} a second, {len(written)} bytes, then {final}")
    assert len(written) <= 50 * 1_000 * 500
    assert rate < 10
    # Asserts that the last size is painted, and looks as in a program that was started with that size.
    shown = drawn(written[repaints[-1]:], final)
    press_until_ended(screen)
    (case.folder / "fresh").mkdir()
    fresh = Stand(case, stand.place, size=final, home=Home(case.folder / "fresh")).arrive()
    expected = fresh.screen.lines
    press_until_ended(fresh.screen)
    wrong = [f"{a}\n{b}" for a, b in zip(shown, expected, strict=True) if a != b]
    assert without_letters(shown) == without_letters(expected), "\n".join(wrong)


def drawn(data, size):
    emulator = Emulator(*size)
    Stream(emulator).feed(data)
    return [line.rstrip() for line in emulator.display]


def without_letters(lines):
    """The two letters of a challenge are drawn for each dialog; the clock advances."""
    text = re.sub(r"accept 1 [a-z]{2}", "accept 1 xy", "\n".join(lines))
    return re.sub(r"\d+ ?[dhms]\b", "9x", re.sub(r"\d\d:\d\d", "07:00", text))


@pytest.mark.fault(33, "1x1, 1x80, 80x1, 5x3, 1000x500, 0x0, 65535x65535", slice=4, night=35, full=35, jobs=3)
def test_odd_sizes(case):
    index = case.seed - 1
    size = SIZES[index % len(SIZES)]
    way = WAYS[(index + index // len(SIZES)) % len(WAYS)]
    case.note(f"{size} at {way}")
    # An unknown size counts as 80x24, and nothing above 1000x500 is drawn.
    has_room = size == (0, 0) or (size[0] >= ROOM[0] and size[1] >= ROOM[1])
    if way == "start":
        stand = Stand(case, "list", size=size)
        stand.screen.settle(0.7)
    else:
        stand = Stand(case, "armed" if way == "armed" else "review", grace=1).arrive()
    screen = stand.screen
    if way == "complete":
        stand.type_challenge()
    end = len(screen.bytes)
    screen.set_size(*size)
    screen.settle(0.5)
    if way != "start" and size != (0, 0):
        until(lambda: len(screen.bytes) > end, "drawn at the new size")
    if not has_room:
        # Whatever is pressed now, and however long one waits: nothing is staged, armed or sent.
        if way == "challenge":
            stand.give_reason()
        for key in ("a", "C", *"decline 1", "\r", "\t", "\r"):
            screen.press(key, quiet=0.05)
        time.sleep(1.2)
    assert not screen.ended(), screen.status
    screen.set_size(80, 24)
    screen.settle(0.4)
    if way == "armed" and not has_room:
        assert stand.answers() == 0, "sent although nothing could be seen"
    press_until_ended(screen)
    if not has_room or way in ("list", "start", "challenge"):
        assert stand.answers() == 0
        assert stand.accepts() == 0


@pytest.mark.fault(33, "a dialog that does not fit whole", part="scrolled", slice=1, night=4, full=8)
def test_too_long(case):
    """The challenge is not accepted before the last line was on the screen."""
    stand = Stand(case, "review", size=(60, case.random.choice([16, 17])), grace=1).arrive()
    screen = stand.screen
    # Too small for the plan.
    screen.until("read to the end: PgDn")
    stand.give_reason()
    screen.type("accept 1")
    screen.press("\r")
    assert ", then Enter" not in screen.text, screen.text
    time.sleep(1.3)
    assert stand.answers() == 0
    for _ in range(12):
        screen.press("\x1b[6~", quiet=0.1)
    assert "lines: Down" not in screen.text, screen.text
    screen.type(stand.challenge())
    screen.until("Complete: Enter")
    press_until_ended(screen)
    assert stand.accepts() == 0


KEYS = ("j", "k", "G", "g", "\r", "\x1b", "l", "h", "i", "?", ":", "\t", "2", "3", "4", "5", "1", " ",
        "\x04", "\x15", "o", "t", "zM", "zR", "a", "u", "/acme\r", "/\x15\r", "J", "K", "Y")


@pytest.mark.fault(24, "what changes on the screen is painted as if all were", part="painted", slice=1, night=10,
     full=40, jobs=3)
def test_painted(case):
    size = (case.random.randrange(60, 220), case.random.randrange(16, 70))
    stand = Stand(case, "list", size=size).arrive()
    screen = stand.screen
    case.note(size)
    for _ in range(12):
        keys = [case.random.choice(KEYS) for _ in range(case.random.randrange(1, 4))]
        case.note(keys)
        for key in keys:
            screen.press(*(key if key[0] in "z/" else [key]), quiet=0.05)
            screen.settle(0.1)
        # A key without a meaning removes a message that is shown until the next key.
        screen.press("\x1b[99~", quiet=0.3)
        before = screen.lines
        screen.press("\x0c", quiet=0.3)
        after = screen.lines
        wrong = [f"{number}\n{a}\n{b}" for number, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
        assert not wrong, "\n".join(wrong)
    press_until_ended(screen)
