"""FAULT-16: an invalid place of the journal: nothing is sent, and read commands work."""
import os
import shutil
import subprocess

import pytest
from embedded import Embedded
from fault_rows import left_out
from spoilt_calls import later

HOWS = ("read-only", "missing", "not ours", "open to all", "a link")
# The part of the path.
PARTS = ("state", "state/handshake", "state/handshake/journal.jsonl", "state/handshake/journal.lock",
         "state/handshake/locks")


def spoil(home, how, part):
    """Makes the place invalid. Returns a function that undoes it, and the folder that must not change."""
    path, aside = home.path / part, home.path / "aside"
    if how == "missing":
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        return lambda: None, None
    if how == "not ours":
        os.chown(path, 12_345, 12_345)
        return lambda: os.chown(path, os.geteuid(), os.getegid()), None
    if how == "open to all":
        mode = path.stat().st_mode & 0o7777
        path.chmod(0o777)
        return lambda: path.chmod(mode), None
    aside.mkdir(mode=0o700)
    kept = aside / path.name
    path.rename(kept)
    path.symlink_to(kept)
    return lambda: (path.unlink(), kept.rename(path)), kept


def contents(path):
    if path.is_file():
        return path.read_bytes()
    return {str(each): each.is_file() and each.read_bytes() for each in sorted(path.rglob("*"))}


@pytest.mark.fault(16, "state read-only, missing, not ours, 0777, a link", slice=5, night=25, full=25, jobs=4)
def test_spoilt_place(case):
    how, part = HOWS[(case.seed - 1) % 5], PARTS[(case.seed - 1) // 5 % 5]
    case.note(f"{part}: {how}")
    home = Embedded(case, begun=True)
    if how == "read-only":
        return read_only(case, home)
    if how == "not ours" and os.geteuid() != 0:
        left_out("only root can give a file away")
    undo, kept = spoil(home, how, part)
    before = contents(kept) if kept else None
    listed, done = home.run("list"), home.accept(environment=later())
    case.note(f"{done.returncode} {done.stdout!r} {done.stderr!r}\n{listed.stderr!r}")
    assert listed.returncode == 0, listed.stderr
    case.tally(f"{how}: exit {done.returncode}")
    # Links to folders are followed: homes are often links, and their target is checked. A folder above the journal's
    # own must be root's or ours, and nobody else may write to it.
    is_file = part.endswith((".jsonl", ".lock"))
    if how == "missing" or (how == "a link" and not is_file):
        assert done.returncode in (0, 1, 4), done.returncode
    else:
        assert done.returncode in (1, 4), "acted on an unsafe place"
    if done.returncode:
        assert not home.is_accepted()
        assert b"handshake: " in done.stderr and len(done.stderr) > 40, done.stderr
        assert before is None or contents(kept) == before, "written through the link"
    undo()
    if done.returncode:
        home.finds_out()
    else:
        assert home.is_accepted()


def read_only(case, home):
    """Runs in a mount namespace; left out where that is not allowed."""
    state = home.path / "state"
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'

    def run(*arguments):
        return home.start(*arguments, prefix=[
            "unshare", "-m", "sh", "-c", script, "sh", str(state)], stderr=subprocess.STDOUT)
    listing = run("list")
    said = listing.communicate(timeout=60)[0]
    if b"unshare" in said or b"mount" in said:
        left_out("no mount namespace")
    assert listing.returncode == 0, said
    before = contents(state)
    acting = run(*home.acceptance)
    said = acting.communicate(timeout=60)[0]
    case.note(said)
    case.tally(f"read-only: exit {acting.returncode}")
    assert acting.returncode in (1, 4) and b"file system is read-only" in said, said
    assert not home.is_accepted() and contents(state) == before
    home.finds_out()
