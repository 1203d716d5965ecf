"""FAULT-38 where text comes from a store and from errors, and FAULT-32: the same in every locale."""
import json
import sqlite3

import pytest
from accounting import text_of
from fake_service import STS, FakeCloud, FakeService, Reply, refusal
from hostile_records import Record, as_python, marked
from hostile_text import Commands, find, strings_of, values_of
from hostile_values import CLASSES, text, units
from operator_home import Home

LOCALES = ({"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "", "LANG": "", "LC_CTYPE": ""},
           {"LC_ALL": "en_US.ISO-8859-1"}, {"LC_ALL": "ja_JP.eucJP"})
NAMES = list(CLASSES)


def within_xml(value):
    """The part of it that XML 1.0 can carry, and its encoding."""
    kept = [unit for unit in units(value) if unit >= 0x20 and not 0xD800 <= unit < 0xE000
            and unit not in (0xFFFE, 0xFFFF)]
    written = b"".join(b"&#%d;" % unit if unit in (0x26, 0x3C, 0x3E) else text(unit) for unit in kept)
    return b"".join(map(text, kept)), written


class Cloud(FakeCloud):
    def judge(self, case, *arguments, ascii=False):
        """Checks the command's outputs. Returns them and the log with their escapes reversed."""
        log = case.folder / "log"
        home = Home(case.folder, environment=self.environment)
        done = home.run("--backend", "aws", "--log", str(log), *arguments)
        said = text_of(done.stdout, ascii), text_of(done.stderr, ascii)
        logged = log.read_bytes()
        assert all(each == 0x0A or 0x20 <= each < 0x7F for each in logged), logged
        for line in logged.splitlines():
            json.loads(line)
        return done, home, said


@pytest.mark.fault(38, "hostile error codes, texts, reasons, request ids and callers", part="errors",
     slice=2, night=60, full=300, jobs=3)
def test_errors(case):
    value = case.random.choice(values_of(case))[:200]
    case.note(repr(value))
    message, caller = marked(b"1E", value), within_xml(marked(b"1F", value))
    header = bytes(each for each in marked(b"1A", value) if each >= 0x20 and each != 0x7F)
    # The protocol ends a code at its first colon.
    code = b"1C" + value.replace(b":", b"").replace(b"#", b"")
    fault = (b"<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>"
             b"<RequestId>%s</RequestId></ErrorResponse>" % (caller[1], caller[1], caller[1]))
    refused = {"ListHandshakesForAccount": refusal(code, message, request_id=header)}
    for command, answers, said in (
            ("list", refused, (message, header)),
            ("list", {"ListHandshakesForAccount": refusal(
                b"AccessDeniedException", b"no", request_id=header, Reason=message)}, (message, header)),
            ("list", {"ListHandshakesForAccount": Reply(
                b"<html>" + message, request_id=header, kind=b"text/html")}, (header,)),
            ("list", {"GetCallerIdentity": Reply(fault, 403, header, b"text/xml")}, (caller[0], header)),
            ("info", {"GetCallerIdentity": Reply(
                STS.replace(b"user/operator", b"user/" + caller[1]), kind=b"text/xml")}, (caller[0],))):
        service = case.closing(FakeService(**answers))
        cloud = Cloud(case.folder, service)
        done, home, shown = cloud.judge(case, command)
        output, shown = (done.stdout, shown[0]) if command == "info" else (done.stderr, shown[1])
        restored = home.run("unescape", stdin=None, input=output)
        assert restored.returncode == 0, (restored, output)
        for each in said:
            find(shown, each, "full", where=f"{list(answers)}: {shown}")
            assert each in restored.stdout, (each, output)


@pytest.mark.fault(38, "hostile names and notes in the embedded store: commands, journal", part="store",
     slice=2, night=60, full=300, jobs=3)
def test_store(case, home):
    value = case.random.choice(values_of(case))[:120]
    identifier, organization, account = home.pending()[0]
    name, notes = marked(b"1A", value), marked(b"1B", value)
    case.note(repr(value))
    with sqlite3.connect(home.store) as database:
        database.execute("UPDATE accounts SET name = ?", (name,))
        database.execute("UPDATE handshakes SET notes = ? WHERE id = ?", (notes, identifier))
    database.close()
    for arguments, sent in ((("list",), name), (("show", identifier), notes),
                            (("local", "accounts"), name), (("list", "--plain"), name)):
        done = home.run(*arguments)
        # Invalid text makes a record damaged, which exit code 3 reports.
        assert done.returncode in (0, 3), (arguments, done)
        shown = text_of(done.stdout)
        text_of(done.stderr)
        find(shown, sent, "full", where=arguments)
        restored = home.run("unescape", stdin=None, input=done.stdout)
        assert restored.returncode == 0 and sent in restored.stdout, arguments
        read = json.loads(text_of(home.run(*arguments[:2], "--json").stdout) or "{}")
        assert as_python(sent) in list(strings_of(read)), arguments
    answer_and_judge(case, home, identifier, organization, value)


def answer_and_judge(case, home, identifier, organization, value):
    """Puts a hostile reason, as an operator may paste one, into the journal and reads it."""
    reason = bytes(each for each in marked(b"1C", value) if each)
    done = home.run(b"decline", identifier.encode(), b"--yes", b"--reason", reason)
    text_of(done.stdout), text_of(done.stderr)
    if done.returncode:
        return
    written = home.journal.read_bytes()
    assert all(each == 0x0A or 0x20 <= each < 0x7F for each in written), written
    home.chain_is_whole()
    shown = home.run("journal", "show").stdout
    find(text_of(shown), reason, "full", where="journal show")
    restored = home.run("unescape", stdin=None, input=shown)
    assert restored.returncode == 0 and reason in restored.stdout, shown


@pytest.mark.fault(32, "locales without UTF-8: every class as ASCII escapes", slice=4,
     night=len(LOCALES) * len(NAMES), full=len(LOCALES) * len(NAMES), jobs=3)
def test_locales(case):
    number = case.seed - 1 if case.row.slice < 10 else case.seed
    locale, name = LOCALES[number % len(LOCALES)], NAMES[number * 7 % len(NAMES)]
    case.note(f"{locale} {name}")
    values = CLASSES[name][:4]
    records = [Record(2 * number + strict, value, strict) for number, value in enumerate(values, 1)
               for strict in (False, True)]
    commands = Commands(case, records)
    commands.home.environment.update(locale)
    shown = text_of(commands.run("list"), ascii=True)
    for record in records:
        if record.strict:
            find(shown, record.sent["State"], "full", ascii=True, where=locale)
            continue
        output = commands.run("show", record.id)
        commands.judge_shown(record, output, True)
        text_of(commands.run("show", record.id, "--json"))
