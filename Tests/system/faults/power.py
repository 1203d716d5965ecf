"""FAULT-21: the power fails while it accepts."""
import signal

import pytest
from cloud import Cloud
from disk import Disk
from embedded import Embedded
from kills import place
from spoilt_calls import LATER, later, read_log, spoiling


@pytest.mark.fault(21, "power lost at any call of accept", part="embedded", slice=12, night=30, full=300)
def test_power_lost(case):
    home, log = Embedded(case), case.folder.with_suffix(".calls")
    disk, promised, times = Disk(case.folder), False, 1
    chance = case.random if case.seed % 3 else None
    try:
        if case.random.random() < 0.3:
            # First it is only killed: its unsynced writes are there for the next process.
            at = case.random.randint(1, 60)
            home.accept(environment=spoiling(case.folder, "kill-after", at, log=log))
            times = 2
        first = len(read_log(log))
        done = home.accept(environment=spoiling(case.folder, log=log, ahead=LATER * (times - 1)))
        case.note(f"{done.returncode} {done.stdout!r} {done.stderr!r}")
        calls = read_log(log)
    finally:
        log.unlink(missing_ok=True)
    at = case.random.randint(first, len(calls))
    case.note(f"power lost after {at} of {len(calls)} calls, {first} of them before; "
              f"{'by chance' if chance else 'strictly'}")
    for call in calls[:at]:
        disk.take(call)
        promised = promised or b"accepted as" in call.data and call.kind == "out"
    disk.lose_power(chance)
    case.tally(f"power lost: {place(home)}")
    home.finds_out(promised=promised, times=times)


@pytest.mark.fault(21, "power lost at any call of accept", part="aws", slice=2, night=10, full=60)
def test_power_lost_over_aws(case):
    cloud, log = Cloud(case), case.folder.with_suffix(".calls")
    disk, chance = Disk(case.folder), case.random if case.seed % 3 else None
    kinds = ["write", "sync", "create", "rename", "mkdir", "dirsync", "unlink", "out", "send"]
    at, do = case.random.randint(1, 60), case.random.choice(["kill-before", "kill-half", "kill-after"])
    try:
        done = cloud.accept(environment=spoiling(case.folder, do, at, kinds=kinds, log=log))
        calls = read_log(log)
    finally:
        log.unlink(missing_ok=True)
    case.note(f"{do} {at} of {len(calls)}: {done.returncode} {done.stdout!r} {done.stderr!r}")
    assert done.returncode in (0, -signal.SIGKILL), done.returncode
    for call in calls:
        disk.take(call)
    disk.lose_power(chance)
    case.note(cloud.kinds())
    applied, sent = cloud.accepts(), cloud.calls()
    assert not sent or "INTENT" in cloud.kinds(), "it was sent, and no INTENT is on the disk"
    assert "accepted as" not in done.stdout or "DONE" in cloud.kinds(), "reported, and lost"
    case.tally("power lost: " + ("applied" if applied else "sent" if sent else "not sent"))
    again = cloud.accept(environment=later())
    case.note(f"again: {again.returncode} {again.stdout!r} {again.stderr!r}")
    assert cloud.accepts() == 1 and cloud.calls() == (sent if applied else sent + 1)
    cloud.tells_the_truth(1)
