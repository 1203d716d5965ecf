"""FAULT-18 and FAULT-19: a damaged store and a damaged journal."""
import json
import re
import sqlite3

import pytest
from embedded import Embedded
from spoilt_calls import later

KINDS = ("header", "page", "wal", "zero", "flip", "cut", "grown", "garbage")


def spoil_store(case, home):
    """Damages the file or its log. Returns a description."""
    kind, data = KINDS[case.seed % len(KINDS)], bytearray(home.store.read_bytes())
    pages = len(data) // 4096
    at = case.random.randrange(len(data))
    if kind == "header":
        at = case.random.randrange(100)
        data[at] ^= 1 << case.random.randrange(8)
    elif kind == "page":
        at = case.random.randrange(pages)
        filling = case.random.choice([bytes(4096), b"\xff" * 4096, case.random.randbytes(4096)])
        data[at * 4096:(at + 1) * 4096] = filling
    elif kind == "wal":
        return spoil_log(case, home)
    elif kind == "zero":
        data = bytearray()
    elif kind == "flip":
        data[at] ^= 1 << case.random.randrange(8)
    elif kind == "cut":
        del data[at:]
    elif kind == "grown":
        data += case.random.randbytes(case.random.randrange(1, 9000))
    else:
        data = bytearray(case.random.randbytes(case.random.randrange(1, 20_000)))
    home.store.write_bytes(data)
    return f"{kind} at {at}"


def spoil_log(case, home):
    """A write-ahead log that was left behind, with noise in it."""
    wal = home.store.with_name("organization.sqlite-wal")
    with sqlite3.connect(home.store) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("UPDATE settings SET rowid = rowid")
        database.commit()
        data = bytearray(wal.read_bytes())
        store = home.store.read_bytes()
    database.close()
    how = case.random.choice(["flip", "cut", "noise", "zero"])
    at = case.random.randrange(len(data))
    if how == "flip":
        data[at] ^= 1 << case.random.randrange(8)
    elif how == "cut":
        del data[at:]
    elif how == "noise":
        data = bytearray(case.random.randbytes(len(data)))
    else:
        data = bytearray(len(data))
    home.store.write_bytes(store)
    wal.write_bytes(data)
    return f"wal {how} at {at}"


@pytest.mark.fault(18, "corrupted store", slice=16, night=50, full=500)
def test_damaged_store(case, terminal):
    home = Embedded(case, begun=False)
    case.note(spoil_store(case, home))
    before = {path: path.read_bytes() for path in home.path.glob("organization.sqlite*")}
    commands = [["list"], ["show", home.offer.id], ["info"], ["list", "--json"]]
    if case.random.random() < 0.5:
        commands.append(home.acceptance)
    refused = False
    for command in commands:
        done = home.run(*command, timeout=90, environment=later())
        case.note(f"{command[0]}: {done.returncode} {done.stdout[:300]!r} {done.stderr!r}")
        # It exits, neither crashing nor hanging, and reports the damage.
        assert done.returncode in (0, 1, 3, 4, 5), done.returncode
        if done.returncode:
            assert b"handshake: " in done.stderr, done.stderr
        refused = refused or done.returncode == 1
        if done.returncode == 1 and command[0] == "list":
            # Refused: unchanged byte for byte, except for the files that SQLite keeps beside it.
            assert home.store.read_bytes() == before[home.store], "changed although it was refused"
    if case.seed % 5 == 0:
        screen = terminal(home)
        screen.settle(0.5)
        screen.press("q", "q")
        assert screen.wait() in (0, 1), screen.status
        assert screen.modes() == screen.modes_before
    case.tally("refused" if refused else "works")


# Row 19.

def lines_of(home):
    return split(home.journal.read_bytes())


def split(data):
    """Returns the lines with their line ends; the last may have none."""
    return [line for line in re.split(rb"(?<=\n)", data) if line]


def cut_off(case, lines):
    data = b"".join(lines)
    return data[:case.random.randrange(len(data))]


def flipped(case, lines):
    data = bytearray(b"".join(lines))
    data[case.random.randrange(len(data))] ^= 1 << case.random.randrange(8)
    return bytes(data)


def reordered(case, lines):
    first, second = case.random.sample(range(len(lines)), 2)
    lines = list(lines)
    lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def removed(case, lines):
    lines = list(lines)
    del lines[case.random.randrange(len(lines))]
    return b"".join(lines)


def doubled(case, lines):
    at = case.random.randrange(len(lines))
    return b"".join([*lines[:at + 1], *lines[at:]])


def inserted(case, lines):
    at = case.random.randrange(1, len(lines) + 1)
    line = case.random.choice(
        [b"{}\n", b"\n", b"\x00" * 40 + b"\n", b"not a line\n", lines[0],
         case.random.randbytes(60).replace(b"\n", b"") + b"\n"])
    return b"".join([*lines[:at], line, *lines[at:]])


def edited(case, lines):
    """Edits by hand: another word where it might matter, the hashes left unchanged."""
    at = case.random.randrange(len(lines))
    record = json.loads(lines[at])
    key = case.random.choice([key for key in record if isinstance(record[key], str)])
    old = json.dumps(record[key]).encode()
    new = json.dumps(record[key] + "x" if record[key] else "x").encode()
    line = lines[at].replace(b'"%b":%b' % (key.encode(), old), b'"%b":%b' % (key.encode(), new))
    return b"".join([*lines[:at], line, *lines[at + 1:]])


DAMAGE = (cut_off, flipped, reordered, removed, doubled, inserted, edited)


@pytest.mark.fault(19, "corrupted, truncated, reordered, edited journal", slice=14, night=70, full=200)
def test_damaged_journal(case):
    home = Embedded(case, begun=True)
    for _ in range(case.random.randrange(1, 4)):
        home.run("trust", "remove", home.offer.organization)
        home.run("trust", "add", home.offer.organization, home.offer.account, "--yes")
    lines, how = lines_of(home), DAMAGE[(case.seed - 1) % len(DAMAGE)]
    whole, data = b"".join(lines), how(case, lines)
    home.journal.write_bytes(data)
    verified = home.run("journal", "verify")
    case.note(f"{how.__name__}: {verified.returncode} {verified.stdout!r} {verified.stderr!r}")
    assert verified.returncode == (0 if data == whole else 1), "verify has not seen it"
    if data != whole:
        bad = first_bad(lines, data)
        assert b"line %d" % bad in verified.stderr, f"the first bad line is {bad}"
    acted = home.accept(environment=later())
    case.note(f"accept: {acted.returncode} {acted.stdout!r} {acted.stderr!r}")
    if acted.returncode == 0:
        case.tally("acts go on: its end is whole")
        home.agrees(whole=data == whole)
    else:
        case.tally("acts are refused")
        assert acted.returncode in (1, 4) and b"new-segment --yes" in acted.stderr, acted.stderr
        assert home.journal.read_bytes() == data, "written to"
        assert not home.is_accepted()
    if home.run("journal", "verify").returncode == 1:
        kept = home.journal.read_bytes()
        assert home.run("journal", "new-segment").returncode == 4
        anew = home.run("journal", "new-segment", "--yes")
        assert anew.returncode == 0, anew
        aside = home.journal.with_name("journal.jsonl.damaged-1")
        assert aside.read_bytes() == kept, "what is kept is not what there was"
        home.finds_out()


def first_bad(lines, data):
    """Returns the first changed line; the line after the last one if lines at the end are missing."""
    now = split(data)
    for number, (was, found) in enumerate(zip(lines, now, strict=False), 1):
        if was != found:
            return number
    return min(len(lines), len(now)) + 1
