"""FAULT-10 to FAULT-14: pages, trees, loops, numbers and texts that are far too large."""
import json
import re
import statistics
import sys
import time

import pytest
from accounting import text_of
from cells import ExactScreen
from fake_service import FakeCloud, FakeService, Reply
from hostile_records import Record, document
from operator_home import Home
from run_folder import quiet

MIB = 1 << 20
SMALL_STACK = ("bash", "-c", 'ulimit -s 1024; exec "$@"', "bash")


# A small program starts ours: its peak would include its parent's memory, and this process has much.
MEASURE = """
import os, sys
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
open(os.environ["MEASURED"], "w").write(f"{os.waitstatus_to_exitcode(status)} {usage.ru_maxrss}")
"""


def measured(home, *arguments, prefix=(), **more):
    """Returns its status, its output, its messages, and its peak in bytes."""
    told = home.path / "measured"
    with open(home.path / "out", "w+b") as output, open(home.path / "err", "w+b") as errors:
        child = home.start(
            *arguments, prefix=[sys.executable, "-S", "-c", MEASURE, *prefix], stdout=output,
            stderr=errors, environment={"MEASURED": str(told)}, **more)
        child.wait(300)
        output.seek(0), errors.seek(0)
        status, peak = told.read_text().split()
        return int(status), output.read(), errors.read(), int(peak) * 1024


def latency(screen, *keys, times=5):
    """Returns the seconds from a key to its output: the median of each key, and of these the largest.

    Every key must draw something each time: they are pressed in turn.
    """
    taken: dict[str, list[float]] = {key: [] for key in keys}
    for _ in range(times):
        for key in keys:
            screen.settle(0.06)
            before, began = len(screen.bytes), time.monotonic()
            screen.write(key)
            while len(screen.bytes) == before:
                if time.monotonic() - began > 5:
                    raise AssertionError(f"{key!r} draws nothing:\n{screen.text}")
                time.sleep(0.001)
            taken[key].append(time.monotonic() - began)
    return max(map(statistics.median, taken.values()))


def large_page(size, on_the_wire=False):
    """Valid records of about 8 KiB, of that size together."""
    one = Record(1, b"n" * 1000, on_the_wire=on_the_wire).json
    count = size // (len(one) + 2)
    records = (one.replace(b"h-00000001torture", b"h-%08xtorture" % number) for number in range(count))
    return b'{"Handshakes":[' + b",\n".join(records) + b"]}", count


@pytest.mark.fault(10, "a document of 50 MB: shown, in at most four times its size", slice=1, night=2, full=5,
                   jobs=1, alone=True)
def test_large_document(case, home, terminal):
    path = case.folder / "large.json"
    whole, count = large_page(50_000_000)
    path.write_bytes(whole)
    status, output, errors, peak = measured(home, "list", "--input", str(path))
    case.note(f"{len(whole)} bytes, {count} records, list: peak {peak / len(whole):.1f} x")
    assert status == 0 and output.count(b"\n") == count + 1, (status, errors)
    assert peak <= 4 * len(whole), "list"
    status, output, errors, peak = measured(home, "list", "--json", "--input", str(path))
    case.note(f"list --json: peak {peak / len(whole):.1f} x")
    assert status == 0 and len(output) > len(whole) / 2 and peak <= 4 * len(whole), (status, "JSON")
    with quiet():
        screen = terminal(home, "--input", str(path), size=(110, 40))
        screen.until(f"{count} of {count}", timeout=60)
        screen.settle()
        slowest = latency(screen, "j", "\x04", "G", "g")
        peak = screen.resident()[1] * 1024
    case.note(f"screens: {slowest * 1000:.0f} ms a key, peak {peak / len(whole):.1f} x")
    assert slowest < 0.1 and peak <= 4 * len(whole)


@pytest.mark.fault(10, "a page of 50 MB over AWS: refused, with the limit", part="aws",
     slice=1, night=2, full=5, jobs=1)
def test_large_reply(case):
    whole, _ = large_page(50_000_000, on_the_wire=True)
    service = case.closing(FakeService(ListHandshakesForAccount=Reply(whole)))
    home = Home(case.folder, environment=FakeCloud(case.folder, service).environment)
    status, output, errors, peak = measured(home, "--backend", "aws", "list")
    case.note(f"peak {peak / len(whole):.1f} x; {errors.decode()}")
    assert status == 1 and not output, (status, output[:200])
    assert b"16" in errors and peak <= 4 * len(whole)
    smaller, count = large_page(15_900_000, on_the_wire=True)
    service.answers["ListHandshakesForAccount"] = Reply(smaller)
    status, output, errors, peak = measured(home, "--backend", "aws", "list")
    assert status == 0 and output.count(b"\n") == count + 1, (status, errors)
    case.note(f"15.9 MB: peak {peak / len(smaller):.1f} x")
    assert peak <= 4 * len(smaller) + 40 * MIB


def deep_record(depth):
    inner = b'[{"Value":"v","Type":"NOTES","Resources":' * depth + b"[]" + b"}]" * depth
    return Record(5, b"x").json.replace(b'"Resources":[', b'"Resources":[{"Type":"deep","Resources":'
                                        + inner + b"},", 1)


DEEP = (lambda: deep_record(10_000), lambda: deep_record(100_000), lambda: b"[" * 1_000_000,
        lambda: b'{"Id":"h-00000000broken","Extra":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}",
        lambda: b'{"a":' * 200_000 + b"1" + b"}" * 200_000)


@pytest.mark.fault(11, "trees 10,000 and 100,000 deep, a million brackets, on a small stack",
     slice=3, night=10, full=20, jobs=2)
def test_deep(case, home):
    path = case.folder / "deep.json"
    number = (case.seed - 1) % len(DEEP)
    sound = [Record(1, b"x"), Record(2, b"x")]
    pieces = [sound[0].json, DEEP[number](), sound[1].json]
    path.write_bytes(b'{"Handshakes":[' + b",\n".join(pieces) + b"]}")
    case.note(f"kind {number}")
    commands: tuple[tuple[str, ...], ...] = (
        ("list",), ("list", "--json"), ("show", "h-00000005torture"), ("show", "h-00000005torture", "--json"),
        ("show", sound[0].id))
    for arguments in commands:
        status, output, errors, _ = measured(home, *arguments, "--input", str(path), prefix=SMALL_STACK)
        case.notes = [f"kind {number} {arguments}: {status} {errors[:300]!r}"]
        is_there = arguments[0] == "list" or number < 2 or arguments[1] == sound[0].id
        wanted = (0, 3) if is_there else (1, 3)
        assert status in wanted
        text_of(output)
        if arguments[0] == "list":
            assert sound[0].id.encode() in output
            assert sound[1].id.encode() in output or number == 2, "what followed is hidden"
    if number < 2:
        assert b"deeper levels not kept" in measured(
            home, "show", "h-00000005torture", "--input", str(path))[1]
    export = case.folder / "export.json"
    screen = case.closing(ExactScreen(home, "--input", str(path), size=(110, 40), prefix=SMALL_STACK))
    screen.until(sound[0].id)
    screen.press("G", "k", "\r", "G", "i", "G", "i", "y", "e", "\x15", str(export), "\r", "\x1b", "g")
    screen.press("\r", "q", "q", "\x03", "\x03")
    assert screen.wait() in (0, 130), screen.tail()
    if number < 2:
        assert export.exists()


def parents(*pairs):
    """Records whose Resources name a parent: [(number, parent's number)]."""
    made = []
    for number, parent in pairs:
        json_form = Record(number, b"x").json
        named = b'{"Type":"PARENT_HANDSHAKE","Value":"%s"},' % Record(parent, b"").id.encode()
        made.append(json_form.replace(b'"Resources":[', b'"Resources":[' + named, 1))
    return made


@pytest.mark.fault(12, "repeated ids, parents in a circle", slice=2, night=10, full=10, jobs=3)
def test_circles(case, home):
    path = case.folder / "circle.json"
    size = case.random.randint(1, 6)
    records = parents(*((number, number % size + 1) for number in range(1, size + 1)))
    twice = [Record(9, b"x").json, Record(9, b"y").json]
    pieces = records + twice
    case.random.shuffle(pieces)
    path.write_bytes(b'{"Handshakes":[' + b",".join(pieces) + b"]}")
    done = home.run("list", "--input", str(path), timeout=20)
    assert done.returncode == 3 and done.stdout.count(b"\n") == len(pieces) + 1, done
    shown = home.run("show", Record(9, b"").id, "--input", str(path), timeout=20)
    assert shown.returncode == 3 and b"the id of another record" in shown.stdout, shown
    screen = case.closing(ExactScreen(home, "--input", str(path), size=(110, 40)))
    screen.until(lambda text: text.count("DAMGD") >= 2)
    screen.press("\r", "J", "J", "J", "t", "\x1b", "q", "q", "\x03", "\x03")
    assert screen.wait() in (0, 130)


@pytest.mark.fault(12, "pages: tokens in a loop, empty pages with a token", part="pages",
     slice=3, night=10, full=10, jobs=3)
def test_pages(case):
    service = case.closing(FakeService())
    count = case.random.randint(1, 5)
    kind = ("loop", "self", "empty")[case.seed % 3]
    tokens = [f"token{number}-{case.seed}" for number in range(1, count + 1)]

    def listing(body):
        place = tokens.index(body["NextToken"]) + 1 if "NextToken" in body else 0
        last = {"loop": tokens[0], "self": tokens[-1], "empty": None}[kind]
        after = tokens[place] if place < count else last
        is_empty = kind == "empty" and place < count
        records = [] if is_empty else [Record(place + 1, b"x", on_the_wire=True).json]
        page = b'{"Handshakes":[' + b",".join(records) + b"]"
        return Reply(page + (b',"NextToken":%s}' % json.dumps(after).encode() if after else b"}"))

    service.answers["ListHandshakesForAccount"] = listing
    cloud = FakeCloud(case.folder, service)
    done = Home(case.folder, environment=cloud.environment).run("--backend", "aws", "list", timeout=60)
    asked = service.count("ListHandshakesForAccount")
    case.note(f"{kind}, {count} tokens, {asked} requests, {done.stderr.decode()}")
    assert asked <= count + 2, "more requests than pages and one"
    assert Record(count + 1, b"").id.encode() in done.stdout
    assert done.returncode in ((0,) if kind == "empty" else (1, 3)), done.returncode
    service.requests.clear()
    screen = case.closing(ExactScreen(cloud, "--backend", "aws", size=(110, 40)))
    screen.until(Record(count + 1, b"").id if count == 0 else "o-a1b2c3d4e5")
    screen.settle(1)
    assert service.count("ListHandshakesForAccount") <= count + 2
    assert ("1/1 read" in screen.text) == (kind == "empty"), screen.text


HUGE = {"zalgo": b"a" + "\u0301\u0302".encode() * 500_000, "escapes": b"\x1b[2J" * 500_000,
        "string": b"n" * 8_000_000, "bidi": "\u202e".encode() * 700_000,
        "lines": b"x\n" * 1_000_000}


@pytest.mark.fault(14, "marks 2 MB, escapes 2 MB, a string of 8 MB: shown at once, with the cut announced",
     slice=1, night=5, full=10, jobs=1, alone=True)
def test_huge(case, home, terminal):
    name = list(HUGE)[(case.seed - 1) % len(HUGE)]
    path = case.folder / "huge.json"
    field = ("NOTES", "MASTER_NAME")[case.seed // len(HUGE) % 2]
    records = [Record(1, b"x", more={field: HUGE[name]}), Record(2, b"x")]
    path.write_bytes(document(records))
    began = time.monotonic()
    status, output, errors, peak = measured(home, "list", "--input", str(path))
    took = time.monotonic() - began
    case.note(f"{name} in {field}: {path.stat().st_size} bytes; list {took:.1f} s, peak {peak // MIB} MiB")
    assert status in (0, 3), (status, errors)
    text_of(output)
    shown = measured(home, "show", records[0].id, "--input", str(path))[1]
    restored = home.run("unescape", stdin=None, input=shown)
    assert restored.returncode == 0 and records[0].sent[field] in restored.stdout
    with quiet():
        screen = terminal(home, "--input", str(path), size=(110, 40))
        screen.until("2 of 2", timeout=60)
        screen.settle()
        listing = latency(screen, "j", "k")
        opened = latency(screen, "\r", "\x1b")
        screen.press("\r")
        moved = latency(screen, "j", "\x04", "G", "k", "g")
        screen.press("G")
        cut = screen.text
        for _ in range(3):
            screen.press("\x02")
            cut += screen.text
    case.note(f"list {listing * 1000:.0f} ms a key, opening {opened * 1000:.0f} ms, "
              f"in it {moved * 1000:.0f} ms")
    assert re.search(r"…\(\+\d+\)" if field == "NOTES" else "…", cut), "no cut is announced"
    assert max(listing, opened, moved) < 0.2
