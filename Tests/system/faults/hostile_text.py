"""FAULT-38: hostile text in every field, checked in the bytes of every place it is written to."""
import contextlib
import fcntl
import json
import os
import pty
import struct
import subprocess
import termios

import pytest
from accounting import account, text_of
from fault_rows import CORPORA, left_out
from hostile_records import Record, as_python, document
from hostile_values import CLASSES, drawn, naughty_strings
from operator_home import Home
from terminal_stream import Stream

NAMES = list(CLASSES)
BATCH = 40


def values_of(case):
    """A class for each of the first seeds, all its values; then drawn ones."""
    if case.seed <= len(NAMES):
        case.note(f"class {NAMES[case.seed - 1]}")
        return CLASSES[NAMES[case.seed - 1]]
    return [drawn(case.random) for _ in range(6)]


def find(shown, value, form, ascii=False, wanted=True, where=""):
    """Accounts for the value at each of its marks; there must be one."""
    mark = value[:value.index(b":") + 1].decode()
    place, found = shown.find(mark), 0
    while place >= 0:
        end = account(shown, value, form, place, ascii)
        found, place = found + 1, shown.find(mark, end)
    assert found or not wanted, f"{mark} is nowhere in {where}"


class Commands:
    """The commands that show a document, and the checks of their output."""

    def __init__(self, case, records):
        self.home, self.records = Home(case.folder), records
        self.file = case.folder / "document.json"
        self.file.write_bytes(document(records))
        self.case = case

    def run(self, *arguments, status=(0, 3), ascii=False):
        more = ("--ascii",) if ascii else ()
        done = self.home.run(*arguments, "--input", str(self.file), *more)
        assert done.returncode in status, (arguments, done.returncode, done.stderr)
        text_of(done.stderr, ascii)
        return done.stdout

    def on_terminal(self, *arguments):
        """Returns the output on a terminal, without stderr: its text, and its bytes with lines ended by LF."""
        master, slave = pty.openpty()
        # Wide enough that nothing is folded: TerminalRowsTests checks folding.
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 2000, 0, 0))
        child = self.home.start(
            *arguments, "--input", str(self.file), stdout=slave, stderr=subprocess.DEVNULL,
            environment={"TERM": "xterm-256color"})
        os.close(slave)
        data = bytearray()
        with contextlib.suppress(OSError):  # EIO: the terminal has closed
            while part := os.read(master, 65536):
                data += part
        os.close(master)
        assert child.wait(30) in (0, 3), arguments
        return Stream(data).text, bytes(data).replace(b"\r\n", b"\n")

    def unescaped(self, output, ascii=False):
        done = self.home.run(
            "unescape", *(("--ascii",) if ascii else ()), stdin=None, input=output)
        assert done.returncode == 0, (done.stderr, output)
        return done.stdout

    def judge_list(self):
        for ascii in (False, True):
            for layout in ((), ("--plain",)):
                output = self.run("list", *layout, ascii=ascii)
                shown = text_of(output, ascii)
                restored = self.unescaped(output, ascii)
                for record in self.records:
                    names = ("State", "Action") if record.strict else ("MASTER_NAME",)
                    for name in names:
                        find(shown, record.sent[name], "full", ascii, where=f"list {layout}")
                        assert record.sent[name] in restored, (name, layout)
        shown, _ = self.on_terminal("list")
        for record in self.records:
            if not record.strict:
                find(shown, record.sent["MASTER_NAME"], "cell", where="list on a terminal")

    def judge_show(self, record):
        for ascii, layout in ((False, ()), (True, ()), (False, ("--plain",))):
            output = self.run("show", record.id, *layout, ascii=ascii)
            self.judge_shown(record, output, ascii)
        _, output = self.on_terminal("show", record.id)
        self.judge_shown(record, output, False)

    def judge_shown(self, record, output, ascii):
        shown, restored = text_of(output, ascii), self.unescaped(output, ascii)
        for name in record.sent:
            find(shown, record.said(name), "full", ascii, where="show")
            assert record.said(name) in restored, f"{name} is not restored"

    def judge_json(self):
        for arguments in (("list",), *(("show", record.id) for record in self.records)):
            output = self.run(*arguments, "--json")
            text_of(output)
            _, typed = self.on_terminal(*arguments, "--json")
            assert all(each == 0x0A or 0x20 <= each < 0x7F for each in typed), arguments
            for form in (output, typed):
                read = json.loads(form)
                listed = read.get("Handshakes") or [read["Handshake"]]
                by_id = {each["Id"]: each for each in listed}
                for record in self.records:
                    if record.id in by_id:
                        self.judge_members(record, by_id[record.id])

    def judge_members(self, record, member):
        strings = list(strings_of(member))
        for name, value in record.sent.items():
            assert as_python(value) in strings, f"{name} is not in the JSON"


def strings_of(thing):
    pending = [thing]
    while pending:
        each = pending.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            pending += each.values()
        elif isinstance(each, list):
            pending += each


def judge_document(case, values):
    records = []
    for number, value in enumerate(values, 1):
        records += [Record(2 * number, value), Record(2 * number + 1, value, strict=True)]
    commands = Commands(case, records)
    commands.judge_list()
    commands.judge_json()
    for record in case.random.sample(records, min(len(records), 6)):
        commands.judge_show(record)


@pytest.mark.fault(38, "hostile text in every field: list, show, JSON; files, pipes, terminals", part="text",
     slice=len(NAMES) + 4, night=100, full=500, jobs=3)
def test_commands(case):
    judge_document(case, values_of(case))


@pytest.mark.fault(38, "the big list of naughty strings, 40 at a time", part="blns",
     slice=2, night=13, full=13, jobs=3)
def test_naughty(case):
    strings = naughty_strings()[(case.seed - 1) * BATCH:case.seed * BATCH]
    if not strings:
        left_out("no big list of naughty strings", CORPORA)
    judge_document(case, strings)
