"""FAULT-34: a terminal that is slow, or accepts nothing, delays neither the network nor the end."""
import contextlib
import os
import select
import signal
import threading
import time

import pytest
from ends import tells_the_truth
from places import PLACES, Stand

SPEED = 1_200
PATIENCE = 2.0
STATES = [state for state in PLACES if state != "code"]
# The bytes that the kernel buffers between a program and its terminal, and those that one frame may add.
KEPT = 80_000
MAIN_SCREEN = b"\x1b[?1049l"
# It is the last output, except for the summary on the main screen.
PAINTED = 2_000


class SlowReader:
    """Reads so many bytes a second, in place of the screen's own reader."""

    def __init__(self, screen):
        self.screen, self.over, self.count = screen, threading.Event(), 0
        screen.reading.clear()
        time.sleep(0.15)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        while not self.over.wait(0.05):
            if select.select([self.screen.master], [], [], 0)[0]:
                with contextlib.suppress(OSError):
                    got = os.read(self.screen.master, SPEED // 20)
                    self.screen.bytes.extend(got)
                    self.count += len(got)

    def close(self):
        self.over.set()
        self.thread.join(1)


@pytest.mark.fault(34, "a terminal of 1200 bytes a second", slice=1, night=10, full=20, jobs=8)
def test_slow(case):
    state = case.random.choice([state for state in STATES if state not in ("sending", "armed")])
    case.note(state)
    stand = Stand(case, state).arrive()
    screen = stand.screen
    reader = SlowReader(screen)
    began = time.monotonic()
    # Each key redraws the whole screen.
    for _ in range(case.random.randrange(40, 200)):
        screen.write("\x0c")
        time.sleep(0.02)
    spent = time.monotonic() - began
    ends_at_once(case, screen, signal.SIGTERM)
    reader.close()
    before = reader.count
    screen.reading.set()
    length = len(screen.bytes)
    screen.settle(0.3)
    left = len(screen.bytes) - length
    case.note(f"{before} bytes read in {spent:.1f} s, {left} left")
    assert before <= SPEED * (spent + PATIENCE) * 1.3 + 200, "it was not slow"
    assert left <= KEPT, "frames are queued, not dropped"
    # Nothing can be written after a write that blocks: only the modes must be restored.
    assert screen.modes() == screen.modes_before
    tells_the_truth(stand, False)


@pytest.mark.fault(34, "output blocked", part="blocked", slice=1, night=len(STATES), full=2 * len(STATES), jobs=4)
def test_blocked(case):
    block(case, 1.0)


@pytest.mark.fault(34, "output blocked for a minute", part="minute", slice=0, night=4, full=20, jobs=20)
def test_blocked_for_a_minute(case):
    block(case, 60.0)


def block(case, seconds):
    state = STATES[(case.seed - 1) % len(STATES)]
    how = case.random.choice([signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
    case.note(f"{how!r} at {state}")
    stand = Stand(case, state).arrive()
    screen = stand.screen
    fill(screen)
    if state == "sending":
        network_goes_on(stand)
    elif state not in ("armed", "outcome"):
        # It is drawing when it is ended.
        screen.write("\x0c")
    time.sleep(seconds)
    ends_at_once(case, screen, how)
    screen.reading.set()
    screen.settle(0.3)
    assert screen.status == 128 + how, screen.status
    # Whatever did not fit, the sequences that restore the terminal were written.
    assert MAIN_SCREEN in bytes(screen.bytes)[-PAINTED:], screen.tail()
    assert screen.modes() == screen.modes_before
    tells_the_truth(stand, False)


def fill(screen):
    """The terminal is not read any more, and its buffer is full."""
    screen.reading.clear()
    time.sleep(0.15)
    slave = os.open(os.ttyname(screen.slave), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    until = time.monotonic() + 2
    while time.monotonic() < until:
        try:
            os.write(slave, b"-" * 256)
        except BlockingIOError:
            time.sleep(0.02)
            with contextlib.suppress(BlockingIOError):
                os.write(slave, b"-")
                continue
            break
    os.close(slave)


def network_goes_on(stand):
    """The answer in flight is sent and journalled while the screen is blocked."""
    deadline = time.monotonic() + 10
    while stand.kinds()[-1] != "DONE":
        assert time.monotonic() < deadline, stand.kinds()
        time.sleep(0.05)
    assert stand.accepts() == 1


def ends_at_once(case, screen, number):
    began = time.monotonic()
    screen.signal(number)
    while not screen.ended():
        assert time.monotonic() - began < 10, "does not end"
        time.sleep(0.005)
    spent = time.monotonic() - began
    case.note(f"ended after {spent:.2f} s with {screen.status}")
    assert spent <= PATIENCE, f"ended after {spent:.2f} s"
