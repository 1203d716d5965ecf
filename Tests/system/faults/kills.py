"""FAULT-20: killed while it accepts, at random instants and at every point of the protocol."""
import shutil
import signal
import time
import typing

import pytest
from embedded import Embedded
from run_folder import once
from spoilt_calls import read_log, spoiling

# Points of the protocol at which an accept of the embedded organization is killed, as the shim finds them.
INTENT, DONE = '"kind":"INTENT"', '"kind":"DONE"'
POINTS: dict[str, list[dict[str, typing.Any]]] = {
    "before INTENT": [
        dict(do="kill-before", match=INTENT), dict(do="kill-half", match=INTENT)],
    "INTENT written, not synced": [
        dict(do="kill-after", match=INTENT), dict(do="kill-before", at=2, match=INTENT)],
    "INTENT synced, nothing sent": [
        dict(do="kill-after", at=2, match=INTENT),
        dict(do="kill-before", name="-wal", kinds=["write"])],
    "in the middle of sending": [
        dict(do=do, at=at, name="-wal", kinds=["write"])
        for do in ("kill-before", "kill-half", "kill-after") for at in (2, 3, 7, 12, 17)],
    "carried out, no reply yet": [
        dict(do="kill-before", at=2, name="-wal", kinds=["sync"]),
        dict(do="kill-after", at=2, name="-wal", kinds=["sync"])],
    "replied, before DONE": [
        dict(do="kill-before", match=DONE), dict(do="kill-half", match=DONE)],
    "DONE written, not ended": [
        dict(do="kill-after", match=DONE), dict(do="kill-before", at=2, match=DONE),
        dict(do="kill-after", at=2, match=DONE), dict(do="kill-before", kinds=["out"]),
        dict(do="kill-after", kinds=["out"])],
}

def duration(make):
    """Returns the duration of an accept in the home that `make` makes, measured once for the run."""
    def measure(path):
        spent = []
        for _ in range(5):
            home, began = make(), time.monotonic()
            done = home.accept()
            assert done.returncode == 0, done
            spent.append(time.monotonic() - began)
        path.write_text(repr(sorted(spent)[len(spent) // 2]), encoding="ascii")
    return float(once("duration", measure).read_text(encoding="ascii"))


def kill_after(child, seconds):
    """Returns whether it still ran when it was killed, and its output."""
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    output = child.communicate(timeout=30)[0]
    return child.returncode == -signal.SIGKILL, output


def place(home):
    """Returns the point that the protocol had reached."""
    attempts = home.attempts()
    if not attempts:
        return "before INTENT"
    if attempts[-1][1]:
        return "DONE written"
    return "carried out, not noted" if home.is_accepted() else "INTENT written, not carried out"


@pytest.mark.fault(20, "SIGKILL at random instants of accept", part="embedded", slice=24, night=100, full=1_000)
def test_killed_at_random(case):
    usual = duration(lambda: fresh(case))
    home = fresh(case)
    child = home.start(*home.acceptance)
    was_killed, output = kill_after(child, case.random.uniform(0, usual * 1.2))
    case.tally(f"killed: {place(home)}" if was_killed else "had ended")
    home.finds_out(promised=b"accepted as" in output)


def fresh(case, **more):
    """A home in the case's folder, which is emptied first."""
    shutil.rmtree(case.folder)
    case.folder.mkdir()
    return Embedded(case, **more)


@pytest.mark.fault(20, "SIGKILL at the protocol's points", part="points", slice=21, night=70, full=350)
def test_killed_at_a_point(case):
    names = list(POINTS)
    name = names[(case.seed - 1) % len(names)]
    ways = POINTS[name]
    way = ways[(case.seed - 1) // len(names) % len(ways)]
    home = Embedded(case)
    done = home.accept(environment=spoiling(case.folder, **way))
    case.note(f"{name}: {way}: {done.returncode} {done.stdout!r} {done.stderr!r}")
    assert done.returncode == -signal.SIGKILL, "it was not killed: the point is not there"
    case.tally(f"killed: {name}")
    carried_out = list(POINTS).index(name) > list(POINTS).index("in the middle of sending")
    if name != "in the middle of sending":
        assert home.is_accepted() == carried_out
    home.finds_out(promised=b"accepted as" in done.stdout)


@pytest.mark.fault(20, "SIGKILL before, in and after every call", part="calls", slice=12, night=70, full=264)
def test_killed_at_every_call(case):
    counted = Embedded(case, begun=False)
    log = case.folder / "calls"
    assert counted.accept(environment=spoiling(case.folder, log=log)).returncode == 0
    calls = read_log(log)
    assert len(calls) * 3 <= 264, f"{len(calls)} calls are more than there are cases"
    home = fresh(case, begun=False, offer=counted.offer)
    # All of them in a full run; spread over them in a shorter one.
    step = case.seed * 7 % (len(calls) * 3)
    at, do = step // 3 + 1, ("kill-before", "kill-half", "kill-after")[step % 3]
    done = home.accept(environment=spoiling(case.folder, do, at))
    case.note(f"{do} {at}: {calls[at - 1].kind} {calls[at - 1].name}\n{done.stdout!r}{done.stderr!r}")
    assert done.returncode in (-signal.SIGKILL, 0), done.returncode
    case.tally(f"killed: {place(home)}" if done.returncode else "had ended")
    home.finds_out(promised=b"accepted as" in done.stdout)
