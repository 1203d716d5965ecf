"""FAULT-15 and FAULT-17: a disk that is full, and one whose syncs fail."""
import errno

import pytest
from embedded import Embedded
from kills import fresh
from spoilt_calls import read_log, spoiling

# Calls that need space.
WRITES = ("write", "create", "mkdir", "rename")
SYNCS = ("sync", "dirsync")


def spoilt(case, kinds, ways, most):
    """Runs an accept in which one call of these kinds fails, chosen by the seed. Returns its home and its result."""
    home, log = Embedded(case, begun=case.seed % 2 == 0), case.folder / "calls"
    assert home.accept(environment=spoiling(case.folder, kinds=kinds, log=log)).returncode == 0
    calls = [call for call in read_log(log) if call.number]
    assert len(calls) * len(ways) <= most, f"{len(calls)} calls are more than there are cases"
    home = fresh(case, begun=case.seed % 2 == 0, offer=home.offer)
    # All of them in a full run; spread over them in a shorter one.
    at, way = divmod(case.seed * 7 % (len(calls) * len(ways)), len(ways))
    do, error, on = ways[way]
    case.note(f"{do} {errno.errorcode[error]} at {at + 1}, then on {on}: "
              f"{calls[at].kind} {calls[at].name}")
    environment = spoiling(case.folder, do, at + 1, kinds=kinds, error=error, on=on, log=log)
    done = home.accept(environment=environment)
    case.note(f"{done.returncode} {done.stdout!r} {done.stderr!r}")
    nothing_was_sent_too_early(read_log(log))
    return home, done


def nothing_was_sent_too_early(calls):
    """The store is written to after the INTENT is on the disk, and not after its sync failed."""
    intent = None
    for call in calls:
        if call.name.endswith("journal.jsonl"):
            if b'"kind":"INTENT"' in call.data:
                intent = "written"
            elif call.kind == "sync" and intent == "written":
                intent = "synced"
        elif call.name.endswith("-wal") and call.kind == "write":
            assert intent == "synced", f"sent when the INTENT was {intent}"


def lives_on(home, done):
    """Asserts that it exits and reports the error, that read commands work, and that the next start finds the
    result."""
    assert done.returncode in (0, 1, 3, 4, 5), done.returncode
    was_told = b"accepted as" in done.stdout
    assert done.returncode == 0 or done.stderr.startswith(b"handshake: "), done.stderr
    # 3: it is applied, and that could not be journalled.
    assert done.returncode in ((0, 3) if was_told else (1, 4, 5)), "its status and its words differ"
    home.case.tally(f"exit {done.returncode}, {'accepted' if home.is_accepted() else 'not accepted'}")
    assert home.run("list").returncode == 0
    if (home.journal.parent / "journal.broken").exists():
        attempts = len(home.attempts())
        refused = home.accept()
        assert refused.returncode == 4 or b"Writing it to the disk failed" in refused.stderr, refused
        assert len(home.attempts()) == attempts, "written to a broken journal"
        anew = home.run("journal", "new-segment", "--yes")
        assert anew.returncode == 0, anew
        home.case.tally("the journal was broken")
    home.finds_out(promised=was_told and done.returncode == 0)


FULL = [("fail", errno.ENOSPC, ()), ("short", errno.ENOSPC, ()), ("fail", errno.ENOSPC, WRITES),
        ("short", errno.ENOSPC, WRITES)]


@pytest.mark.fault(15, "disk full at each write", part="embedded", slice=8, night=60, full=320, jobs=24)
def test_disk_full(case):
    lives_on(*spoilt(case, WRITES, FULL, 320))


@pytest.mark.fault(15, "a file may not grow (RLIMIT_FSIZE)", part="limit", slice=4, night=30, full=120, jobs=24)
def test_file_limit(case):
    home = Embedded(case)
    limit = case.random.choice([case.random.randrange(3_000), case.random.randrange(40_000)])
    case.note(f"at most {limit} bytes a file")
    done = home.accept(prefix=["prlimit", f"--fsize={limit}:{limit}"])
    case.note(f"{done.returncode} {done.stdout!r} {done.stderr!r}")
    lives_on(home, done)


@pytest.mark.fault(15, "disk full: looking around", part="screens", slice=1, night=4, full=12)
def test_full_screens(case, terminal):
    home = Embedded(case)
    environment = spoiling(case.folder, "fail", kinds=WRITES, error=errno.ENOSPC, on=WRITES)
    shown = home.run("show", home.offer.id, environment=environment)
    assert shown.returncode == 0, shown.stderr
    screen = terminal(home, environment=environment)
    screen.until("read just now")
    screen.press("j", "\r")
    screen.until("h-")
    screen.press("q", "q")
    assert screen.wait() == 0
    screen.is_restored()


@pytest.mark.fault(17, "a sync fails with EIO", part="embedded", slice=8, night=30, full=60, jobs=24)
def test_sync_fails(case):
    lives_on(*spoilt(case, SYNCS, [("fail", errno.EIO, ()), ("fail", errno.EIO, SYNCS)], 60))
