"""FAULT-38 on the screens: what reaches the terminal, the clipboard, the export, the journal, the log."""
import json
import re

import pytest
from accounting import account, text_of
from cells import ExactScreen
from fake_service import FakeCloud, FakeService, Reply, refusal
from hostile_records import ORGANIZATION, Record, as_python
from hostile_text import find, strings_of, values_of
from hostile_values import is_right_to_left, json_of, units
from terminal_stream import Stream

SIZES = ((110, 60), (80, 24), (200, 60))
COPIES = "iraoncu"


class Hostile:
    """An operator's screens over a service whose every reply is hostile."""

    def __init__(self, case, value, size, ascii=False):
        self.case, self.value, self.size, self.ascii = case, value, size, ascii
        self.free = Record(1, value, random=case.random, on_the_wire=True)
        self.strict = Record(2, value, strict=True, random=case.random, on_the_wire=True)
        self.service = case.closing(FakeService())
        self.service.holds({each.id: each.json for each in (self.free, self.strict)})
        self.be_hostile()
        self.home = FakeCloud(case.folder, self.service)
        folder = case.folder / "config" / "handshake"
        folder.mkdir(parents=True, mode=0o700)
        (folder / "config.toml").write_text("grace = 0\n")
        self.log, self.export = case.folder / "log", case.folder / "export.json"
        more = ["--ascii"] if ascii else []
        self.screen = case.closing(ExactScreen(
            self.home, "--backend", "aws", "--write", "--log", str(self.log), *more, size=size))

    def be_hostile(self):
        """Two pages with a hostile token, and errors of hostile codes, texts and request ids."""
        value, records = self.value, (self.free.json, self.strict.json)

        def listing(body):
            if "NextToken" not in body:
                head = json_of({"NextToken": b"t" + value})[:-1]
                return Reply(head + b',"Handshakes":[' + records[0] + b"]}")
            assert body["NextToken"] == as_python(b"t" + value), "another token than the one given"
            return Reply(b'{"Handshakes":[' + records[1] + b"]}")

        self.service.answers["ListHandshakesForAccount"] = listing
        header = bytes(each for each in value if each >= 0x20 and each != 0x7F or each == 9)
        self.service.answers["DeclineHandshake"] = lambda body: refusal(
            b"ConstraintViolationException", value, request_id=header, Reason=value)
        self.service.answers["DescribeOrganization"] = lambda body: refusal(
            b"AWSOrganizationsNotInUseException", value, request_id=header)

    def press(self, *keys):
        self.screen.press(*keys, quiet=0.12)

    def reach(self, key, wanted):
        """Presses a key and waits, so that the rows can be checked."""
        self.screen.write(key)
        self.screen.until(wanted, timeout=30)
        self.screen.settle(0.1)

    def look_at(self, record):
        """Visits and copies everything of an opened record."""
        for keys in (("t", "WHY THIS TRUST"), ("\x1b", lambda text: "WHY THIS TRUST" not in text)):
            self.reach(*keys)
        self.press("i", "\x06", "i")
        for letter in COPIES:
            self.reach("Y", "COPY (OSC 52)")
            self.reach(letter, lambda text: "COPY (OSC 52)" not in text)

    def drive(self):
        screen = self.screen
        screen.until(lambda text: text.count(ORGANIZATION) >= 1 and "1/1" in text)
        screen.settle()
        self.judge_rows("list", ("MASTER_NAME",))
        self.reach("\r", "Inbox > " + self.free.id)
        self.judge_detail()
        self.look_at(self.free)
        self.press("e", "\x15", str(self.export), "\r")
        screen.until(lambda _: self.export.exists(), timeout=30)
        self.reach("J", "Inbox > " + self.strict.id)
        self.judge_strict()
        self.look_at(self.strict)
        self.reach("\x1b", lambda text: "Inbox > " not in text)
        self.press("a", "k", "2", "3", "4", "1")
        self.is_answered = not any(unit < 0 or 0xD800 <= unit < 0xE000 for unit in units(self.value))
        if self.is_answered:
            self.decline()
        self.press("5", "\r", "1")
        for key in ("q", "q", "q", "\x03", "\x03"):
            if not screen.ended():
                self.press(key)
        assert screen.wait(30) in (0, 1, 130), (screen.status, screen.tail())

    def decline(self):
        screen = self.screen
        self.press("g", "d", "C")
        screen.until("REVIEW")
        self.judge_rows("review", ())
        screen.settle(0.5)
        self.press("\t")
        screen.type("CHG 1")
        self.press("\t")
        screen.settle(0.5)
        screen.type("decline 1")
        self.press("\r")
        screen.until(lambda _: self.service.count("DeclineHandshake"), timeout=10)
        screen.settle(0.5)
        self.press("\r", "q")

    # Checks of the screens.

    def rows(self):
        """Removes what wide screens have beside the rest: the JSON, and the marks that wrap its lines."""
        columns = self.size[0]
        return self.screen.part(0, columns - 126 if columns >= 160 else columns)

    def judge_rows(self, where, names, record=None):
        """Asserts that each mark in a row of the screen begins a value that is shown completely."""
        record, text = record or self.free, "\n".join(self.rows())
        self.judge_directions()
        for name in names:
            find(text, record.sent[name], "cell", self.ascii, self.size[0] >= 110, f"{where}:\n{text}")

    def judge_detail(self):
        text = "\n".join(self.rows())
        names = [name for name in self.free.sent if name != "NOTES"]
        for name in names:
            before = name.replace("value", "type")
            self.find_behind(text, self.free, name, before if before != name else None)
        if self.size == SIZES[0]:
            self.judge_notes()
        self.judge_directions()

    def judge_notes(self):
        """Compares the joined lines of the notes with the notes."""
        rows = self.rows()
        first = next(number for number, each in enumerate(rows) if "NOTES" in each and " bytes" in each)
        lines = []
        for each in rows[first + 1:]:
            found = re.match(r"[ >│|]*~ ?(.*)", each)
            if not found:
                break
            lines.append(found[1])
        value, text = self.free.sent["NOTES"], "\n".join(lines) + "\n"
        assert lines, rows
        end = account(text, value, "layout", 0, self.ascii)
        assert not text[end:].strip(), f"after the notes: {text[end:]!r}"

    def judge_strict(self):
        text = "\n".join(self.rows())
        self.judge_directions()
        for name, before in (("Action", None), ("State", "Action"), ("Type of a party", None),
                             ("Id of a party", None)):
            self.find_behind(text, self.strict, name, before)

    def find_behind(self, text, record, name, before):
        """Asserts that it is shown, unless the text before it in its line left it no room."""
        wanted = self.size == SIZES[0]
        if before is not None:
            end = ":" + record.sent[before].decode("utf-8", "replace").rsplit(":", 1)[1]
            lines = [line for line in text.splitlines() if end in line]
            wanted = wanted and bool(lines) and not lines[0].endswith("~" if self.ascii else "…")
        find(text, record.sent[name], "cell", self.ascii, wanted, f"detail: {name}\n{text}")

    def judge_directions(self):
        """Asserts that right-to-left text has its own row: a terminal may move the text beside it."""
        for line in self.screen.lines:
            if any(is_right_to_left(ord(each)) for each in line):
                assert not re.search("[A-Za-z]", line), line

    # Checks of the files.

    def judge_stream(self):
        stream = Stream(bytes(self.screen.bytes), self.ascii)
        for copied in stream.clipboard:
            text_of(copied)
            assert len(copied) <= 8192
        ids = {each.id.encode() for each in (self.free, self.strict)}
        assert ids & set(stream.clipboard), stream.clipboard

    def judge_export(self):
        assert self.export.exists(), self.screen.text
        written = self.export.read_bytes()
        text_of(written)
        strings = list(strings_of(json.loads(written)))
        for name, value in self.free.sent.items():
            assert as_python(value) in strings, f"{name} is not in the export"

    def judge_files(self):
        for path in (self.home.journal, self.log) if self.is_answered else (self.log,):
            data = path.read_bytes()
            assert data, path
            assert all(each == 0x0A or 0x20 <= each < 0x7F for each in data), path
            for line in data.splitlines():
                json.loads(line)
        if not self.is_answered:
            return
        kinds = [json.loads(line)["kind"] for line in self.home.journal.read_bytes().splitlines()]
        assert "REFUSED" in kinds, kinds


@pytest.mark.fault(38, "hostile text on the screens, over AWS; clipboard, export, journal, log", part="screens",
     slice=7, night=60, full=300, jobs=6)
def test_screens(case):
    value = case.random.choice(values_of(case))[:160]
    size, ascii = SIZES[case.seed % 3], case.seed % 7 == 0
    case.note(f"{value!r} at {size}, ascii {ascii}")
    hostile = Hostile(case, value, size, ascii)
    hostile.drive()
    hostile.judge_stream()
    hostile.judge_export()
    hostile.judge_files()
