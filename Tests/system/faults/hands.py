"""FAULT-26 and FAULT-27: accidental input from hands, clipboards and stalled links confirms nothing."""
import time

import pytest
from places import PLACES, Stand

MEGABYTE = 1_000_000
STATES = tuple(state for state in PLACES if state != "sending")
BURSTS = ("decline 1\r", "a\rC\r", "\r", "C", "challenge", "everything")


def paste_text(stand, burst):
    """Pastes a megabyte. Where a challenge is asked for, the text contains exactly that."""
    if burst == "challenge":
        is_asked = stand.place in ("review", "challenge", "declining")
        if stand.place == "review":
            stand.give_reason()
        asked = stand.challenge() if is_asked else "accept 1 kq"
        burst = asked + "\r"
    elif burst == "everything":
        burst = "adxyC\tdecline 1\raccept 1 kq\r\n$yY \x1b"
    return (burst * (MEGABYTE // len(burst) + 1))[:MEGABYTE]


@pytest.mark.fault(26, "a megabyte pasted, in brackets or not", slice=4, night=30,
     full=len(STATES) * len(BURSTS), jobs=2)
def test_paste(case):
    index = case.seed - 1
    state = STATES[index % len(STATES)]
    burst = BURSTS[(index // 2 + index // len(STATES)) % len(BURSTS)]
    brackets = ("none", "round", "broken")[(index + index // len(STATES)) % 3]
    case.note(f"{burst!r} at {state}, brackets: {brackets}")
    stand = Stand(case, state, grace=case.random.choice((0, 5)) if state != "armed" else 5)
    screen = stand.arrive().screen
    before = stand.answers()
    text = paste_text(stand, burst)
    if brackets == "broken":
        # A paste that ends itself, and continues as if typed.
        at = case.random.randrange(1, 40)
        text = text[:at] + "\x1b[201~" + text[at:]
    began = time.monotonic()
    screen.write(text if brackets == "none" else f"\x1b[200~{text}\x1b[201~")
    written = time.monotonic() - began
    if not screen.ended():
        is_answering(case, screen, began)
    case.note(f"written in {written:.2f} s")
    nothing_was_confirmed(stand, before)


def is_answering(case, screen, since, limit=2.0):
    """A key has an effect again: everything before it was read."""
    while not screen.ended():
        end = len(screen.bytes)
        screen.settle(0.05)
        screen.write("\x0c")
        answered = time.monotonic() + 0.5
        while len(screen.bytes) == end and time.monotonic() < answered:
            time.sleep(0.005)
        if len(screen.bytes) > end:
            break
        assert time.monotonic() - since < 60, "no answer in a minute"
    spent = time.monotonic() - since
    case.note(f"answers after {spent:.2f} s")
    assert spent < limit, f"answers after {spent:.2f} s only"


def nothing_was_confirmed(stand, before):
    """Asserts that no answer was sent or begun."""
    time.sleep(0.3)
    screen = stand.screen
    for _ in range(40):
        if screen.ended():
            break
        screen.write("\x03")
        screen.settle(0.1)
    assert screen.wait() == 0, screen.status
    screen.is_restored()
    assert stand.answers() == before
    assert stand.accepts() == 0


@pytest.mark.fault(27, "a key held at 30 Hz, or a link that stalled with it", slice=2, night=16, full=50, jobs=8)
def test_held_key(case):
    index = case.seed - 1
    key = ("\r", "a", "y", "C")[index % 4]
    state = STATES[(index // 4 + index) % len(STATES)]
    stalled = case.random.random() < 0.4
    case.note(f"{key!r} held at {state}, stalled: {stalled}")
    stand = Stand(case, state, grace=0 if state != "armed" else 5)
    screen = stand.arrive().screen
    before = stand.answers()
    if stalled:
        # Five seconds of it arrive at once, and the rest as it is pressed.
        screen.write(key * 150)
    for _ in range(500):
        screen.write(key)
        time.sleep(1 / 30)
        if screen.ended():
            break
    is_answering(case, screen, time.monotonic())
    nothing_was_confirmed(stand, before)


@pytest.mark.fault(27, "typing that a link delivers at once", part="packed", slice=2, night=8, full=40, jobs=8)
def test_packed(case):
    """A phrase that arrives in one packet may be typed or pasted: the letters that are drawn after it distinguish a
    person from a clipboard."""
    index = case.seed - 1
    place = ("declining", "review")[index % 2]
    is_person = index // 2 % 2 == 0
    case.note(f"{place}, {'a person' if is_person else 'a clipboard'}")
    stand = Stand(case, place, grace=0).arrive()
    screen, before = stand.screen, stand.answers()
    if place == "review":
        stand.give_reason()
    asked = stand.challenge()
    screen.write(asked + case.random.choice(("", "\r")))
    screen.until("looked like a paste")
    # A dialog accepts no key in its first moments, nor when it asks again.
    screen.settle(0.4)
    if is_person:
        letters = stand.challenge()
        assert letters != asked, letters
        screen.write(letters + "\r")
        screen.until("back to the list")
        assert stand.answers() == before + 1
        return
    for _ in range(3):
        screen.press("\r")
        screen.write(asked + "\r")
        screen.settle(0.4)
    nothing_was_confirmed(stand, before)
