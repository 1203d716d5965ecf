"""FAULT-7 to FAULT-9: documents and pages that are cut, broken or not text, beside valid records."""
import json
import os
import re

import pytest
from accounting import text_of
from cells import ExactScreen
from fake_service import FakeCloud, FakeService, Reply
from fault_rows import CORPORA, left_out
from hostile_records import Record, document
from hostile_values import SHARED, text
from operator_home import Home

CHUNK = 32
LENGTH = 2_229


def page_of_three(on_the_wire=False):
    return [Record(number, b"x", on_the_wire=on_the_wire) for number in (1, 2, 3)]


def whole_before(records, place):
    """Returns the records before that byte of their document."""
    end, whole = len(b'{"Handshakes":['), []
    for record in records:
        end += len(record.json)
        if end <= place:
            whole.append(record)
        end += len(b",\n")
    return whole


def listed(home, path, *arguments, status=(0, 3)):
    """Returns `list --json` of a document: its records by id, and the warnings."""
    done = home.run("list", "--json", "--input", str(path), *arguments)
    assert done.returncode in status, (done.returncode, done.stderr)
    text_of(done.stdout), text_of(done.stderr)
    read = json.loads(done.stdout)["Handshakes"] if done.stdout else []
    return done, {each["Id"]: each for each in read if isinstance(each, dict) and "Id" in each}


@pytest.mark.fault(7, "a page of three records cut at every byte: a document", slice=2, night=70, full=70, jobs=2)
def test_cut_documents(case):
    home, records = Home(case.folder), page_of_three()
    whole, path = document(records), case.folder / "cut.json"
    # The number of the chunk: all of them in order, but a slice takes its few from anywhere.
    first = (case.seed * 37 % 70 if case.seed < 3 else case.seed - 1) * CHUNK
    if len(whole) > 70 * CHUNK:
        raise AssertionError(f"{len(whole)} bytes are more than the row's seeds reach")
    for place in range(first, min(first + CHUNK, len(whole))):
        path.write_bytes(whole[:place])
        done, found = listed(home, path, status=(1, 3))
        case.notes = [f"cut at {place}", done.stderr.decode()]
        said = re.search(rb"byte (\d+)", done.stderr)
        assert said and int(said[1]) <= place, done.stderr
        assert place - int(said[1]) <= 1, done.stderr
        for record in whole_before(records, place):
            assert json.loads(record.json)["Parties"] == found[record.id]["Parties"], record.id
        assert done.returncode == (3 if found else 1)


@pytest.mark.fault(7, "a page that is cut over AWS: the old rows stay, marked", part="screens",
     slice=1, night=12, full=60, jobs=4)
def test_cut_pages(case):
    service = case.closing(FakeService())
    records = page_of_three(on_the_wire=True)
    whole = document(records)
    service.answers["ListHandshakesForAccount"] = Reply(whole)
    home = FakeCloud(case.folder, service)
    screen = case.closing(ExactScreen(home, "--backend", "aws", size=(110, 40)))
    screen.until(lambda shown: "3 of 3" in shown and "1/1 read" in shown)
    place = case.random.randrange(len(whole))
    case.note(f"cut at {place}")
    service.answers["ListHandshakesForAccount"] = Reply(whole[:place])
    screen.press("R")
    screen.until(lambda shown: "1/1 read" not in shown, timeout=30)
    screen.settle(0.5)
    shown = screen.text
    case.note(shown)
    assert shown.count("%") >= 6 and "o-a1b2c3d4e5" in shown, "the old rows are gone"
    assert "0/1 read" in shown and "NOT CHECKED" in shown, "they are not marked"
    screen.press("4", "j")
    case.note(screen.text)
    said = re.search(r"byte (\d+)", screen.text)
    assert said and 0 <= place - int(said[1]) <= 1, "no offset"
    done = Home(case.folder, environment=home.environment).run("--backend", "aws", "list")
    assert done.returncode == 1, done
    said_by_list = re.search(rb"byte (\d+)", done.stderr)
    assert said_by_list and 0 <= place - int(said_by_list[1]) <= 1, done.stderr


# Broken records, each between two valid ones. The record is broken, not the page.
BROKEN = (
    '{"Id":"h-00000000broken","State":"OP\\qEN"}', '{"Id":"h-00000000broken","State":"OPEN\\u12"}',
    '{"Id":"h-00000000broken","State":"O\x01PEN"}', '{"Id":"h-00000000broken","State":\tOPEN}',
    '{"Id":"h-00000000broken","State":01}', '{"Id":"h-00000000broken","State":+1}',
    '{"Id":"h-00000000broken","State":NaN}', "{'Id':'h-00000000broken'}", "{}", "[]", "null", "7",
    '"h-00000000broken"', '{"Id":"h-00000000broken","Id":"h-0000000broken2"}',
    '{"id":"h-00000000broken"}',
    '{"Id":7,"Arn":[],"Parties":{},"State":null,"Resources":"x"}', '{"Id":"h-00000000broken",}',
    '{"Id":"h-00000000broken" "State":"OPEN"}', '{"Id" "h-00000000broken"}', "{\"Id\":}", "[[]]",
    '{"Id":"h-00000000broken","Parties":[{"Id":1,"Type":2},null,"x"]}', '{/* c */"Id":"x"}',
    '{"Id":"h-00000000broken","Resources":' + '[{"Resources":' * 600 + "[]" + "}]" * 600 + "}",
    '{"Id":"h-00000000broken","RequestedTimestamp":1e999,"ExpirationTimestamp":-1e-999}', "\ufeff{}",
    '{"Id":"h-00000000broken","State":"OPEN"', '{"Id":"h-00000000broken","State":"OPEN"]',
    '{"Id":"h-00000000broken","Parties":[{"Id":"1"}', "{\"Id\":\"h-00000000broken\",\"State\":tru}",
    '{"Id":"h-00000000broken","Resources":[{"Value":"a","Value":"b","Type":"NOTES"}]}')
BROKEN_BYTES = (b'{"Id":"h-00000000broken","State":"\x80\xff"}', b'{"Id":"\xc3("}', b'{"\xff":1}',
                b'{"Id":"h-00000000broken","State":"\xf8\x88"', b"\xff\xfe", b"\x00", b"\xef\xbb\xbf{}")


@pytest.mark.fault(8, "broken records among sound ones", slice=8, night=100, full=400, jobs=3)
def test_broken(case):
    kinds = [each.encode() for each in BROKEN] + list(BROKEN_BYTES)
    sound = [Record(number, b"x", random=None) for number in range(1, 11)]
    pieces = [record.json for record in sound]
    chosen = [kinds[case.seed % len(kinds)]]
    chosen += [case.random.choice(kinds) for _ in range(case.random.randrange(4))]
    for each in chosen:
        pieces.insert(case.random.randrange(1, len(pieces)), each)
    case.note(chosen)
    judge_sound(case, sound, b'{"Handshakes":[' + b",\n".join(pieces) + b"]}")


def judge_sound(case, sound, whole):
    """Asserts that every valid record is there, undamaged, and that the broken ones are reported."""
    home, path = Home(case.folder), case.folder / "broken.json"
    path.write_bytes(whole)
    done, found = listed(home, path, status=(0, 3))
    case.note(done.stderr.decode())
    for record in sound:
        assert record.id in found, f"{record.id} is hidden"
        assert found[record.id]["Parties"] == json.loads(record.json)["Parties"], record.id
    assert done.returncode == 3, "nothing is said of what is broken"
    shown = text_of(home.run("list", "--input", str(path)).stdout)
    for record in sound:
        assert record.id in shown, f"{record.id} is hidden"
        each = home.run("show", record.id, "--input", str(path))
        assert each.returncode == 0, (record.id, each)
        if record.id == sound[2].id:
            break


# Invalid UTF-8, and surrogates as JSON escapes, in the notes.
NO_TEXT = (
    b"\x80", b"\xbf", b"\xc0\xaf", b"\xc1\x81", b"\xe0\x80\xaf", b"\xe2\x82", b"\xed\xa0\x80",
    b"\xf0\x80\x80\xaf", b"\xf0\x9f\x98", b"\xf4\x90\x80\x80", b"\xf5", b"\xf8\x88\x80\x80\x80", b"\xfe",
    b"\xff", b"\\ud800",
    b"\\udc00\\ud800", b"\\ud83d\\u0041")


def as_kept(written):
    """Returns the bytes that our program keeps of the text between the quotes."""
    parts = re.split(rb"\\u([0-9a-f]{4})", written)
    return b"".join(text(int(part, 16)) if number % 2 else part for number, part in enumerate(parts))


@pytest.mark.fault(9, "no text: invalid UTF-8 and lone surrogates in the notes", slice=17, night=17, full=17, jobs=3)
def test_no_text(case, home):
    written = NO_TEXT[(case.seed - 1) % len(NO_TEXT)]
    case.note(written)
    sound = [Record(number, b"x") for number in (1, 2)]
    damaged = Record(3, b"HERE").json.replace(b"HERE", written)
    path = case.folder / "bytes.json"
    path.write_bytes(b'{"Handshakes":[' + b",".join([sound[0].json, damaged, sound[1].json]) + b"]}")
    _, found = listed(home, path)
    assert {record.id for record in sound} <= set(found)
    shown = home.run("show", Record(3, b"").id, "--input", str(path))
    restored = home.run("unescape", stdin=None, input=shown.stdout)
    notes = b"%3A:" + as_kept(written) + b":3A%"
    assert restored.returncode == 0 and notes in restored.stdout, shown
    assert "‹" in text_of(shown.stdout)
    for each in sound:
        assert home.run("show", each.id, "--input", str(path)).returncode == 0


@pytest.mark.fault(9, "JSONTestSuite's i_ and n_ files in the place of a record", part="suite",
     slice=3, night=24, full=24, jobs=3)
def test_suite(case, home):
    folder = SHARED / "corpora" / "JSONTestSuite" / "test_parsing"
    files = sorted([*folder.glob("i_*.json"), *folder.glob("n_*.json")]) if folder.exists() else []
    if not files:
        left_out("no JSONTestSuite", CORPORA)
    sound = [Record(number, b"x") for number in (1, 2)]
    path = case.folder / "suite.json"
    for file in files[case.seed - 1::24]:
        content = file.read_bytes()
        for place in ("a record", "a member"):
            case.notes = [f"{file.name} as {place}"]
            between = content
            if place == "a member":
                between = b'{"Id":"h-00000000broken","Extra":' + content + b"}"
            path.write_bytes(b'{"Handshakes":[' + b",\n".join(
                [sound[0].json, between, sound[1].json]) + b"]}")
            done, found = listed(home, path)
            # A lone quote or bracket may reach as far as the next record, never back.
            assert sound[0].id in found, done.stderr
            if file.name.startswith("i_"):
                assert sound[1].id in found, done.stderr
    assert os.path.exists(path)
