"""FAULT-38, columns: our widths are those of libc and of tmux."""
import contextlib
import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import termios
import time
import typing

import pytest
from accounting import account, columns, text_of
from cells import ExactScreen
from fault_rows import left_out
from hostile_records import Record, document
from hostile_values import is_right_to_left, text
from operator_home import Home
from unicode_data import break_tests, direction_tests

PART = 0x1000
# All planes with characters except private use, in parts.
PARTS = [*range(0, 0xD000, PART), *range(0xE000, 0x32000, PART), 0xE0000]


class Tmux:
    """A tmux server whose pane shows the contents of a FIFO; its client is in control mode."""

    def __init__(self, folder):
        if not shutil.which("tmux"):
            left_out("tmux is not installed")
        socket, fifo, self.number = str(folder / "tmux"), folder / "fifo", 0
        os.mkfifo(fifo)
        self.client = subprocess.Popen(
            ["tmux", "-u", "-C", "-S", socket, "-f", "/dev/null", "new-session", "-x", "250", "-y", "50",
             f"stty raw -echo; exec cat {fifo}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"})
        self.asking = typing.cast("typing.BinaryIO", self.client.stdin)
        self.answers = typing.cast("typing.BinaryIO", self.client.stdout)
        self.out = open(fifo, "wb", buffering=0)

    def asked(self, command):
        """Returns the lines that tmux answers to a command, between its %begin and %end."""
        self.asking.write(command + b"\n")
        self.asking.flush()
        lines: list[bytes] = []
        answering = False
        while line := self.answers.readline():
            # The start of the client is answered too, by a first pair.
            if line.startswith(b"%begin") and line.rstrip().endswith(b" 1"):
                answering = True
            elif line.startswith((b"%end", b"%error")) and answering:
                return lines
            elif answering:
                lines.append(line)
        raise EOFError("tmux has gone")

    def columns(self, shown):
        """Returns the cursor's column after a text of at most 240 columns."""
        self.number += 1
        self.out.write(b"\x1b[2J\x1b[H%s\x1b]2;t%d\x07" % (shown.encode(), self.number))
        until = time.monotonic() + 20
        while time.monotonic() < until:
            title, place = self.asked(b"display-message -p '#{pane_title} #{cursor_x}'")[0].split()
            if title == b"t%d" % self.number:
                return int(place)
        raise TimeoutError("tmux does not draw")

    def close(self):
        self.out.close()
        self.asking.write(b"kill-server\n")
        self.asking.close()
        self.client.wait(20)
        self.answers.close()


class Addressed(Record):
    """An invitation to an address, which a list shows in a column that others follow."""

    def frame(self, on_the_wire, parties, resources, **more):
        address = {"Id": self.sent["MASTER_NAME"], "Type": b"EMAIL"}
        rest = [each for each in resources if each["Type"] != b"ACCOUNT"]
        return super().frame(on_the_wire, [parties[0], address], rest, **more)


def drawn_by_us(case, values):
    """Returns how a list on a terminal shows each value as an address, and its width there."""
    home, path = Home(case.folder), case.folder / "names.json"
    names = [*values, b"y" * 150]
    records = [Addressed(number, b"x", more={"MASTER_NAME": name})
               for number, name in enumerate(names, 1)]
    path.write_bytes(document(records))
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 2000, 0, 0))
    child = home.start("list", "--input", str(path), stdout=slave, stderr=subprocess.DEVNULL,
                       environment={"TERM": "xterm-256color"})
    os.close(slave)
    data = bytearray()
    with contextlib.suppress(OSError):
        while part := os.read(master, 1 << 16):
            data += part
    os.close(master)
    assert child.wait() in (0, 3)
    rows = {}
    for line in text_of(bytes(data).replace(b"\r\n", b"\n")).splitlines():
        found = re.match(r"(h-\S+)  .*?  ~ (%.*%)( +)o-a1b2c3d4e5", line)
        if found:
            rows[found[1]] = (found[2], len(found[3]))
    # The widest name is ASCII: it needs no padding, and its columns are its letters.
    wide, least = rows[records[-1].id]
    return [(rows[each.id][0], len(wide) + least - rows[each.id][1]) for each in records[:-1]]


def judge_widths(case, values):
    """Each by libc alone; by tmux in lines of several, which are separated where a sum differs."""
    tmux = case.closing(Tmux(case.folder))
    line, wrong = [], []
    for value, (shown, ours) in zip(values, drawn_by_us(case, values), strict=True):
        libc = sum(columns(ord(each)) for each in shown)
        if libc != ours:
            wrong.append(f"{value!r} is shown as {shown!r} in {ours} columns, libc says {libc}")
        if not any(is_right_to_left(ord(each)) for each in shown):
            line.append((shown, ours))
        if sum(ours for _, ours in line) > 190:
            wrong += differing(tmux, line)
            line = []
    wrong += differing(tmux, line)
    assert not wrong, "\n".join(wrong[:20])


def differing(tmux, line):
    if tmux.columns("".join(shown for shown, _ in line)) == sum(ours for _, ours in line):
        return []
    found = [(shown, ours, tmux.columns(shown)) for shown, ours in line]
    return [f"{shown!r} is {ours} columns to us, {theirs} to tmux" for shown, ours, theirs in found
            if ours != theirs] or [f"{line} together"]


@pytest.mark.fault(38, "columns of every scalar: ours, libc's and tmux's", part="tmux",
     slice=1, night=len(PARTS), full=len(PARTS), jobs=2)
def test_every_scalar(case):
    # The order of the parts gives a slice one with marks and wide letters.
    first = PARTS[(case.seed * 3 - 3) % len(PARTS)]
    case.note(f"from U+{first:04X}")
    judge_widths(case, [b"a" + text(scalar) for scalar in range(first, first + PART)
                        if not 0xD800 <= scalar < 0xE000])


@pytest.mark.fault(38, "cuts of GraphemeBreakTest's lines in a list: no mark without its character", part="cuts",
     slice=1, night=4, full=20)
def test_cuts(case, home):
    values = [b"x" * case.random.randrange(14) + value for value in break_tests()]
    case.random.shuffle(values)
    path = case.folder / "names.json"
    records = [Record(number, b"x", more={"MASTER_NAME": value})
               for number, value in enumerate(values[:300], 1)]
    path.write_bytes(document(records))
    size = (case.random.choice([72, 80, 100, 110]), 400)
    screen = case.closing(ExactScreen(home, "--input", str(path), size=size))
    screen.until("300 of 300")
    screen.settle(0.5)
    shown = "\n".join(screen.lines)
    found = sum(1 for record in records if seen(shown, record.sent["MASTER_NAME"]))
    assert found > 100, f"only {found} names are shown"


def seen(shown, value):
    """Returns whether the list shows it; asserts that the shown text is complete."""
    place = shown.find(value[:value.index(b":") + 1].decode())
    if place >= 0:
        account(shown, value, "cell", place)
    return place >= 0


@pytest.mark.fault(38, "BidiCharacterTest's texts in lists: nothing from right to left", part="bidi",
     slice=1, night=10, full=10, jobs=2)
def test_directions(case, home):
    texts = direction_tests()[case.seed - 1::10]
    path = case.folder / "names.json"
    records = [Record(number, b"x", more={"MASTER_NAME": each}) for number, each in enumerate(texts, 1)]
    path.write_bytes(document(records))
    output = home.run("list", "--input", str(path)).stdout
    shown = text_of(output)
    assert not any(is_right_to_left(each) for each in set(map(ord, shown)))
    restored = home.run("unescape", stdin=None, input=output).stdout
    for record, value in zip(records, texts, strict=True):
        assert record.sent["MASTER_NAME"] in restored, value
    assert len(texts) > 1_000


@pytest.mark.fault(38, "columns of every line of GraphemeBreakTest: ours, libc's and tmux's", part="graphemes",
     slice=1, night=1, full=1)
def test_graphemes(case):
    judge_widths(case, break_tests())
