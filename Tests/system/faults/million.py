"""FAULT-13: a million handshakes, 100,000 at night: first rows at once, memory within limits."""
import contextlib
import json
import time

import pytest
from fake_service import FakeCloud, FakeService, Reply
from hostile_records import Record
from run_folder import quiet
from screen import Screen

PAGE = 20
SCALES = {1: 5_000, 2: 100_000, 3: 1_000_000}


def invitation():
    """Returns an ordinary invitation as it is sent."""
    made = json.loads(Record(1, b"x", on_the_wire=True).json)
    made["Resources"] = [each for each in made["Resources"] if each["Type"] in (
        "ORGANIZATION", "ACCOUNT", "NOTES")]
    return json.dumps(made, separators=(",", ":")).encode()


def pages_of(count):
    """A listing of so many records, 20 a page, each page made when it is requested."""
    one = invitation()

    def listing(body):
        first = int(body.get("NextToken", 0))
        records = b",".join(
            one.replace(b"h-00000001torture", b"h-%08xtorture" % number)
            for number in range(first, min(first + PAGE, count)))
        after = first + PAGE
        token = b',"NextToken":"%d"' % after if after < count else b""
        return Reply(b'{"Handshakes":[' + records + b"]" + token + b"}")

    return listing


def streamed(case, count):
    """Opens the screens over AWS while so many handshakes arrive. Returns the seconds until the first are drawn, and
    the bytes a record beyond those that the service sent."""
    service = case.closing(FakeService())
    home = FakeCloud(case.folder, service)
    with contextlib.closing(Screen(home, "--backend", "aws", size=(110, 40))) as screen:
        screen.until("1/1 read")
        empty = screen.resident()[1]
    service.answers["ListHandshakesForAccount"] = pages_of(count)
    service.requests.clear()
    screen = case.closing(Screen(home, "--backend", "aws", size=(110, 40)))
    while not service.count("ListHandshakesForAccount"):
        time.sleep(0.002)
    began = time.monotonic()
    screen.until("o-a1b2c3d4e5", timeout=60)
    first = time.monotonic() - began
    screen.until(lambda text: f"{count} of {count}" in text.replace(",", "") and "1/1 read" in text,
                 timeout=1_500)
    took = time.monotonic() - began
    before = time.monotonic()
    screen.press("G")
    shown = time.monotonic() - before - 0.15
    each = (screen.resident()[1] - empty) * 1024 / count - len(invitation())
    case.note(f"{count}: first rows in {first:.2f} s, all in {took:.0f} s, {each:.0f} bytes a record "
              f"beyond its {len(invitation())}, G in {shown:.2f} s")
    print("row 13: " + case.notes[-1], flush=True)
    return first, each


@pytest.mark.fault(13, "a million handshakes, page by page", slice=1, night=2, full=3, jobs=1, alone=True)
def test_million(case):
    with quiet():
        first, each = streamed(case, SCALES[case.seed])
    assert first < 1
    # Below 100,000 the program's constant memory dominates.
    assert each <= 1_536 or case.seed == 1
