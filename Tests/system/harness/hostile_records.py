"""Handshakes whose every field a hostile sender or server has filled, and where each value is found."""
from __future__ import annotations

import datetime
import json
import random
import re
import typing
from collections.abc import Iterable

from hostile_values import json_of, units

# Fields that a sender or server fills with free text; the record stays valid.
FREE = ("NOTES", "MASTER_NAME", "MASTER_EMAIL", "value", "nested value", "type", "nested type",
        "feature set")
# Fields of a fixed format: another value is damage, or an unknown name.
STRICT = ("Arn", "State", "Action", "RequestedTimestamp", "ExpirationTimestamp", "Type of a party",
          "Id of a party")
ORGANIZATION, ACCOUNT, MANAGER = "o-a1b2c3d4e5", "111122223333", "999900001111"


def marked(tag: bytes, value: bytes) -> bytes:
    """Returns the value between marks that our own texts never contain."""
    return b"%" + tag + b":" + value + b":" + tag + b"%"


def time_of(days: int, on_the_wire: bool) -> int | bytes:
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)
    if on_the_wire:
        return int(moment.timestamp())
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00").encode()


class Record:
    """One invitation. `sent` has each field's value with its marks, by name; `json` is the text to send.

    With `strict`, the fields of a fixed format have the value; else those of free text do. `more` are other values for
    some fields.
    """

    def __init__(self, number: int, value: bytes, strict: bool = False, random: random.Random | None = None,
            on_the_wire: bool = False, more: typing.Any = ()) -> None:
        self.id, self.strict, self.random = f"h-{number:08x}torture", strict, random
        names = STRICT if strict else FREE
        self.sent = {
            name: marked(f"{number:X}{'ABCDEFGHIJKLMN'[index]}".encode(), dict(more).get(name, value))
            for index, name in enumerate(names)}
        made = self.strict_form(on_the_wire) if strict else self.free_form(on_the_wire)
        self.json = json_of(made, random)

    def frame(self, on_the_wire: bool, parties: list[typing.Any], resources: list[typing.Any],
            **more: typing.Any) -> dict[str, typing.Any]:
        arn = f"arn:aws:organizations::{MANAGER}:handshake/{ORGANIZATION}/invite/{self.id}"
        return {
            "Id": self.id.encode(), "Arn": arn.encode(), "Parties": parties, "State": b"OPEN",
            "RequestedTimestamp": time_of(-2, on_the_wire),
            "ExpirationTimestamp": time_of(5, on_the_wire), "Action": b"INVITE",
            "Resources": resources, **more}

    def free_form(self, on_the_wire: bool) -> dict[str, typing.Any]:
        sent = self.sent
        parties = [
            {"Id": ORGANIZATION[2:].encode(), "Type": b"ORGANIZATION"},
            {"Id": ACCOUNT.encode(), "Type": b"ACCOUNT"}]
        nested = [{"Value": sent["nested value"], "Type": sent["nested type"]}]
        return self.frame(on_the_wire, parties, [
            {"Value": ORGANIZATION.encode(), "Type": b"ORGANIZATION", "Resources": [
                {"Value": sent["MASTER_EMAIL"], "Type": b"MASTER_EMAIL"},
                {"Value": sent["MASTER_NAME"], "Type": b"MASTER_NAME"},
                {"Value": sent["feature set"], "Type": b"ORGANIZATION_FEATURE_SET"}]},
            {"Value": ACCOUNT.encode(), "Type": b"ACCOUNT"},
            {"Value": sent["NOTES"], "Type": b"NOTES"},
            {"Value": sent["value"], "Type": sent["type"], "Resources": nested}])

    def strict_form(self, on_the_wire: bool) -> dict[str, typing.Any]:
        sent = self.sent
        parties = [
            {"Id": sent["Id of a party"], "Type": b"ORGANIZATION"},
            {"Id": ACCOUNT.encode(), "Type": sent["Type of a party"]}]
        return self.frame(
            on_the_wire, parties, [], Arn=sent["Arn"], State=sent["State"], Action=sent["Action"],
            RequestedTimestamp=sent["RequestedTimestamp"],
            ExpirationTimestamp=sent["ExpirationTimestamp"])

    def said(self, name: str) -> bytes:
        """Returns the program's text for a field: its value, and for a damaged one its JSON."""
        if name not in ("Arn", "RequestedTimestamp", "ExpirationTimestamp"):
            return self.sent[name]
        written = json.dumps(as_python(self.sent[name]), ensure_ascii=False)
        return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", written).encode()


def as_python(value: bytes) -> str:
    """Returns the value as a JSON reader decodes it: stray bytes are Python's surrogateescape. So are those of a high
    surrogate before a stray byte or another surrogate: their escapes would be one character."""
    parts, rest = [], units(value)
    for unit, following in zip(rest, [*rest[1:], 0], strict=False):
        if unit < 0:
            parts.append(chr(0xDC00 - 1 - unit))
        elif 0xD800 <= unit < 0xDC00 and (following < 0 or 0xD800 <= following < 0xE000):
            parts += [chr(0xDC00 + byte) for byte in chr(unit).encode("utf-8", "surrogatepass")]
        else:
            parts.append(chr(unit))
    return "".join(parts)


def document(records: Iterable[Record]) -> bytes:
    return b'{"Handshakes":[' + b",\n".join(record.json for record in records) + b"]}"
