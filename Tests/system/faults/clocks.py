"""FAULT-30: clocks that are wrong, that jump, that are not sent; the service's time decides."""
import time
import typing

import pytest
from cloud import Cloud
from ends import press_until_ended
from host import CLOCK, SLEPT, BentHost
from operator_home import Home
from places import Stand
from relay import Relay

HOUR = 3_600_000
DAY = 24 * HOUR - 60_000
# A skew of up to a day is corrected; beyond that, the clock has to be set.
OFFSETS = (HOUR, -HOUR, DAY, -DAY, 25 * HOUR, -25 * HOUR)


class Dateless(Relay):
    """Passes replies on without their Date."""

    @staticmethod
    def _until_blank(connection, kept):
        head = Relay._until_blank(connection, kept)
        if head is None or not head.startswith(b"HTTP/"):
            return head
        lines = head.split(b"\r\n")
        return b"\r\n".join(line for line in lines if not line.lower().startswith(b"date:"))


@pytest.mark.fault(30, "the host's clock is an hour or a day off", slice=1, night=8, full=20, jobs=4)
def test_wrong_clock(case, cloud):
    offset = OFFSETS[(case.seed - 1) % len(OFFSETS)]
    straight = Stand(case, "review", home=cloud).arrive()
    expected = left(straight)
    press_until_ended(straight.screen)
    host = BentHost(case.folder, clock=offset)
    done = cloud.run("--backend", "aws", "list", environment=host.environment)
    if done.returncode:
        # Such a skew is not corrected: it is reported, and nothing can be answered.
        case.note(done.stderr)
        assert abs(offset) > DAY, "a day is put right"
        assert "clock" in done.stderr, done.stderr
        assert cloud.accept(environment=host.environment).returncode == 1
        cloud.tells_the_truth(0)
        return
    stand = Stand(case, "review", home=cloud, grace=0, environment=host.environment).arrive()
    case.note(f"{offset} ms: {expected!r} and {left(stand)!r}")
    assert left(stand) == expected, "expiry by the host's clock"
    stand.confirm("back to the list")
    case.note(stand.screen.text)
    assert "RESULT  1 accepted" in stand.screen.text
    press_until_ended(stand.screen)
    cloud.tells_the_truth(1)


def left(stand):
    """Returns the cell with the time left to answer."""
    lines = [line for line in stand.screen.text.splitlines() if "222233334444" in line]
    return lines[0].split("222233334444")[-1].strip() if lines else stand.screen.text


@pytest.mark.fault(30, "the service's clock passes the expiry while the dialog stands there", part="expired", slice=1,
     night=8, full=20, jobs=4)
def test_expires_meanwhile(case):
    """Over AWS and embedded; the host's own clock must not affect it."""
    remote = case.seed % 2 == 1
    home: typing.Any = Cloud(case) if remote else Home(case.folder)
    stand = Stand(case, "review", home=home, grace=0).arrive()
    stand.type_challenge()
    if remote:
        home.sandbox.admin("clock", {"advance": "16d"})
    else:
        stand.run("local", "advance", "16d")
    stand.press("\r", "back to the list")
    text = stand.screen.text
    case.note(text)
    assert "RESULT  1 accepted" not in text
    assert "expires too soon" in text or "expired" in text.lower(), "it is not said why"
    press_until_ended(stand.screen)
    assert stand.accepts() == 0


@pytest.mark.fault(30, "the host's clock jumps while the dialog stands there", part="jump", slice=1, night=4, full=20,
     jobs=4)
def test_jumps_meanwhile(case, cloud):
    offset = OFFSETS[(case.seed - 1) % 4]
    host = BentHost(case.folder)
    stand = Stand(case, "review", home=cloud, grace=1, environment=host.environment).arrive()
    before = stand.screen.text
    stand.type_challenge()
    host.bend(CLOCK, offset)
    stand.screen.write("\r")
    stand.screen.until("back to the list", timeout=30)
    stand.screen.settle()
    text = stand.screen.text
    case.note(f"{offset}\n{before}\n{text}")
    press_until_ended(stand.screen)
    # A request signed with the present clock may be refused; it is never sent twice.
    assert cloud.accepts() <= 1
    assert cloud.calls() <= 1
    assert ("RESULT  1 accepted" in text) == (cloud.accepts() == 1), text
    cloud.tells_the_truth(cloud.accepts())


@pytest.mark.fault(30, "the machine slept for an hour", part="slept", slice=0, night=4, full=20, jobs=4)
def test_slept(case, cloud):
    """An armed plan is stopped, and the screen's content is read again."""
    host = BentHost(case.folder)
    place = ("armed", "challenge", "list", "detail")[(case.seed - 1) % 4]
    stand = Stand(case, place, home=cloud, environment=host.environment).arrive()
    calls = sum(cloud.sandbox.admin("truth")["Calls"].values())
    host.bend(SLEPT, HOUR)
    if place != "armed":
        # It reads the clock when it wakes.
        stand.screen.press("j" if place != "challenge" else "\x1b[B")
    deadline = time.monotonic() + 20
    while sum(cloud.sandbox.admin("truth")["Calls"].values()) == calls:
        assert time.monotonic() < deadline, "nothing was read again"
        time.sleep(0.05)
    time.sleep(6 if place == "armed" else 0.2)
    case.note(stand.screen.text)
    assert "ARMED" not in stand.screen.text
    press_until_ended(stand.screen)
    cloud.tells_the_truth(0)


@pytest.mark.fault(30, "the service tells no time", part="dateless", slice=0, night=2, full=20, jobs=4)
def test_no_date(case, cloud):
    relay = case.closing(Dateless(cloud.sandbox.port))
    cloud.environment["AWS_ENDPOINT_URL"] = relay.url
    offset = case.random.choice((0, *OFFSETS))
    host = BentHost(case.folder, clock=offset)
    done = cloud.accept(environment=host.environment)
    case.note(f"{offset}\n{done.stdout}{done.stderr}\n{cloud.kinds()}")
    # Without the service's time, only a correct clock gives a valid signature.
    assert done.returncode == (0 if offset == 0 else 1), done.returncode
    cloud.tells_the_truth(1 if offset == 0 else 0)
