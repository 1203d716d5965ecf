"""Rows 8 and 38 again, with inputs that Hypothesis draws: a failing input is shrunk to the shortest that still fails.
"""
from __future__ import annotations

import json

import pytest
from accounting import text_of
from hostile_records import ACCOUNT, MANAGER, ORGANIZATION, Record, document
from hostile_text import Commands, strings_of
from hostile_values import CLASSES
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

KNOWN = {"Id", "Arn", "Parties", "State", "RequestedTimestamp", "ExpirationTimestamp", "Action", "Resources"}
# Text as a JSON document can spell it: any scalar, and lone surrogates where they do not form a pair.
LONE = st.sampled_from(["\ud800.", "\udbff.", "\udc00.", "\udfff."])
TEXT = st.lists(st.one_of(st.text(max_size=8), LONE), max_size=4).map("".join)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6)
RESOURCES = st.recursive(
    st.fixed_dictionaries({"Value": TEXT, "Type": TEXT}).map(lambda one: [one]),
    lambda inner: st.lists(st.fixed_dictionaries(
        {"Value": TEXT, "Type": TEXT}, optional={"Resources": inner}), min_size=1, max_size=3), max_leaves=6)


def drawn(case, examples):
    """Returns the settings of a property at the seed of the case. Nothing is kept between runs."""
    def decorate(function):
        return seed(case.seed)(settings(
            max_examples=examples, database=None, deadline=None, print_blob=False,
            phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck))(function))
    return decorate


@st.composite
def written(draw, value):
    """Draws a spelling of the value in JSON, with blanks and escapes of many kinds; members are in any order."""
    blank = draw(st.sampled_from(["", " ", "\n", "\t\r\n "]))
    if isinstance(value, dict):
        names = draw(st.permutations(list(value)))
        parts = [f"{draw(written(name))}{blank}:{blank}{draw(written(value[name]))}" for name in names]
        return "{" + blank + f"{blank},".join(parts) + blank + "}"
    if isinstance(value, list):
        return "[" + blank + f",{blank}".join(draw(written(each)) for each in value) + "]"
    if isinstance(value, str):
        way = draw(st.sampled_from(["ascii", "utf-8", "all"]))
        if way == "all":
            units = value.encode("utf-16-be", "surrogatepass")
            return '"' + "".join(f"\\u{units[i]:02X}{units[i + 1]:02x}" for i in range(0, len(units), 2)) + '"'
        is_text = not any(0xD800 <= ord(each) < 0xE000 for each in value)
        return json.dumps(value, ensure_ascii=not (way == "utf-8" and is_text))
    return json.dumps(value)


@st.composite
def handshakes(draw):
    """Draws an invitation with arbitrary resources, and unknown members among its own."""
    identifier = f"h-{draw(st.integers(0, (1 << 32) - 1)):08x}shrunk"
    names = TEXT.filter(lambda name: name.lower() not in map(str.lower, KNOWN))
    strange = draw(st.dictionaries(names, ANY, max_size=2))
    return {
        **strange, "Id": identifier,
        "Arn": f"arn:aws:organizations::{MANAGER}:handshake/{ORGANIZATION}/invite/{identifier}",
        "Parties": [{"Id": ORGANIZATION[2:], "Type": "ORGANIZATION"}, {"Id": ACCOUNT, "Type": "ACCOUNT"}],
        "State": "OPEN", "RequestedTimestamp": "2026-11-01T00:00:00+00:00",
        "ExpirationTimestamp": "2099-11-16T00:00:00+00:00", "Action": "INVITE", "Resources": draw(RESOURCES)}


def has_lone_surrogate(handshakes):
    texts = [text for one in handshakes for name in KNOWN for text in strings_of(one[name])]
    return any(0xD800 <= ord(each) < 0xE000 for text in texts for each in text)


@st.composite
def documents(draw):
    found = draw(st.lists(handshakes(), min_size=1, max_size=3, unique_by=lambda each: each["Id"]))
    return found, draw(written({"Handshakes": found}))


@pytest.mark.fault(8, "documents that Hypothesis draws: list and show give what Python's json reads", part="drawn",
                   slice=2, night=20, full=100, jobs=2)
def test_documents(case, home):
    path = case.folder / "drawn.json"

    @drawn(case, 60)
    @given(documents())
    def reads_as_python(both):
        found, spelt = both
        path.write_bytes(spelt.encode())
        done = home.run("list", "--json", "--input", str(path))
        # A string that is not valid Unicode is damage: it is reported, and the record read all the same.
        assert done.returncode == (3 if has_lone_surrogate(found) else 0), done.stderr
        text_of(done.stdout)
        expected = {each["Id"]: {name: each[name] for name in KNOWN} for each in found}
        assert {each["Id"]: each for each in json.loads(done.stdout)["Handshakes"]} == expected
        one = found[0]["Id"]
        shown = home.run("show", one, "--json", "--input", str(path))
        assert shown.returncode in (0, 3), shown.stderr
        assert json.loads(shown.stdout)["Handshake"] == expected[one]

    reads_as_python()


PIECES = st.one_of(
    st.sampled_from([value for values in CLASSES.values() for value in values if len(value) < 80]),
    st.text(max_size=6).map(str.encode), st.binary(max_size=4))
VALUES = st.lists(PIECES, max_size=4).map(b"".join)


@pytest.mark.fault(38, "hostile text that Hypothesis draws: accounted for in list, show and JSON", part="drawn",
                   slice=2, night=20, full=100, jobs=2)
def test_text(case):
    commands = Commands(case, [])

    @drawn(case, 12)
    @given(VALUES)
    def is_accounted_for(value):
        commands.records = [Record(2, value), Record(3, value, strict=True)]
        commands.file.write_bytes(document(commands.records))
        commands.judge_list()
        commands.judge_json()
        for record in commands.records:
            commands.judge_show(record)

    is_accounted_for()
