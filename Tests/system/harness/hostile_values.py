"""Values that a hostile sender or server fills a field with, by class.

A value is bytes: UTF-8, where lone surrogates have three bytes like their neighbours and malformed bytes are
unchanged. That is how our program keeps text.
"""
from __future__ import annotations

import json
import os
import pathlib
import random
import typing
import unicodedata
from collections.abc import Iterable

SHARED = pathlib.Path(os.environ.get("HANDSHAKE_SHARED", pathlib.Path(__file__).parents[4] / "shared"))
BIDI = (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
# Default_Ignorable_Code_Point, and characters that are equally invisible without having it.
IGNORABLE = {
    0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010),
    *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x2800, 0x3164, *range(0xFE00, 0xFE10), 0xFEFF,
    0xFFA0, *range(0xFFF0, 0xFFFD), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), 0x1D159,
    *range(0xE0000, 0xE1000)}
FORBIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}


def is_forbidden(scalar: int) -> bool:
    """Returns whether none of our output may contain it unescaped: it hides or moves text, or is a noncharacter."""
    if 0x20 <= scalar < 0x7F:
        return False
    return unicodedata.category(chr(scalar)) in FORBIDDEN or scalar in IGNORABLE


def is_right_to_left(scalar: int) -> bool:
    return unicodedata.bidirectional(chr(scalar)) in ("R", "AL", "AN")


def is_mark(scalar: int) -> bool:
    return unicodedata.category(chr(scalar)) in ("Mn", "Me", "Mc")


def text(*scalars: int) -> bytes:
    return "".join(map(chr, scalars)).encode("utf-8", "surrogatepass")


def spaced(scalars: Iterable[int]) -> bytes:
    """Each between two letters."""
    return b"a" + b"".join(text(scalar) + b"a" for scalar in scalars)


STRINGS = [b"\x1b]0;pwned\x07", b"\x1b]52;c;cHduZWQ=\x07", b"\x1b]8;;http://evil.example\x1b\\click",
           b"\x1bP$q\"p\x1b\\", b"\x1b_Gi=1\x1b\\", b"\x1b^pm\x1b\\", b"\x1bXsos\x1b\\",
           "\u009d0;pwned\u009c".encode(), "\u0090q\u009c".encode(), b"\x1b]1337;File=:AA==\x07"]
CONTROLS = [b"\x1b[6n", b"\x1b[c", b"\x1b[2J\x1b[H", b"\x1b[31;1m", b"\x1b[?1049l", b"\x1bc", b"\x1b#8",
            "\u009b6n".encode(), b"\x1b[5i", b"\x1b[20;1H", b"\x1b[!p", b"\x1bGQ", b"\x05", b"\x1b[21t"]
FAMILY = text(0x1F468, 0x200D, 0x1F469, 0x200D, 0x1F467)
FAKE_UI = [
    "── PLAN  accept 0  decline 0  cancel 0 ──", "ok  trusted organization\nState\tACCEPTED",
    "│ type: accept 1 zz   Enter sends │", "\n~ \n~ NOTES", "~~ >  A ok  Acme Holdings", "\"}]},",
    "handshake: everything was sent\n", "Press y to quit", "%s%n%x {0} $(id) `id` ${HOME}", "=1+1", "'"]
SIGNS = [
    "‹", "›", "…", "⏎", "◌", "‹U+202E›", "‹x80›", "‹+3 marks›", "…(+12)", "<U+0041>", "<x80>", "<+3>",
    "<+2 marks>", "…\u0301(+3)", "‹U+00", "41›", "‹‹U+0041››", "◌\u0301", "(+5)", "\\u202e", "&#8238;"]
CONFUSABLE = [
    "Ас\u043ce Holdings", "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff10\uff11\uff12",
    "\u212aelvin", "\u037e \u1fef", "o-\u0430\u0431", "Acme Ho1dings", "\u0131\u017f", "\u2024\u2025"]

CLASSES = {
    "c0": [spaced(range(0x20)), spaced([0x7F]), *(text(scalar) for scalar in range(0x20)), b"\x7f"],
    "lines": [b"one\r\ntwo", b"one\rtwo", b"\n\n", b"\r\n", b"a\n\r\n\rb", b"\tb\t\tc", b"\x0b\x0c",
              text(0x2028, 0x61, 0x2029), text(0x85, 0x61)],
    "c1": [spaced(range(0x80, 0xA0)), text(0x9B), text(0x85)],
    "csi": CONTROLS,
    "strings": STRINGS,
    "bidi": [spaced(BIDI), "Acme \u202egnidloH\u202c".encode(), "\u2067a\u2069".encode()],
    "rtl": ["\u05d0\u05d1".encode(), "Acme \u05d0\u05d1 12 \u05d2 Ltd".encode(), "\u0661\u0662".encode(),
            "\u0627\u0644\u0639".encode(), "\u0712 x".encode(), text(0x1E900, 0x10800), text(0xFB1D)],
    "format": [spaced(sorted(IGNORABLE - set(range(0xE0000, 0xE1000)))), text(0x200B) * 30,
               spaced([0x600, 0x6DD, 0x70F, 0x110BD, 0x13430, 0xFEFF])],
    "tags": [text(*range(0xE0041, 0xE0061)), text(0x1F3F4, 0xE0067, 0xE0062, 0xE007F),
             spaced([0xE0001, 0xE0100, 0xE01EF, 0xFE00, 0xFE0F, 0x180B])],
    "floods": [b"a" + text(0x301) * count for count in (1, 4, 5, 6, 300)] + [
        text(0x301), text(0x301) * 9, b"\n" + text(0x20DD) * 3, "न".encode() + "ि".encode() * 7,
        b"a" + b"".join(text(0x300 + each) for each in range(40)), b" " + text(0x489) * 5],
    "clusters": [FAMILY, FAMILY * 4, text(*range(0x1F1E6, 0x1F1F2)), text(*[0x1100] * 9, 0x1161, 0x11A8),
                 text(0x1161, 0x11A8), text(0xAC00, 0x11A8, 0x11A8), "क्ष्म्य".encode() * 5],
    "widths": [text(0x2764, 0xFE0F), text(0x1F44D, 0x1F3FD), b"1" + text(0xFE0F, 0x20E3), text(0x1FAE9),
               text(0x231A, 0xFE0E), "日本語ｱ".encode(), spaced([0x4DC0, 0x2630, 0x302E, 0x1F3FB])],
    "spaces": [spaced([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x2800, 0x3000]), b"a  b "],
    "nothing": [spaced([0xE000, 0xF0000, 0x10FFFD, 0x378, 0x2FE0, 0xE0FFF, 0x50000]),
                spaced([0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF]), text(0xFFFD)],
    "surrogates": [text(0xD800), text(0xDC00) + b"a", b"x" + text(0xDFFF, 0xDBFF), text(0xDE00) * 4],
    "bytes": [b"\x80", b"a\xc0\xafb", b"\xe2\x82", b"\xf0\x9f\x98", b"\xf8\x88\x80\x80\x80", b"\xff\xfe",
              b"\xf4\x90\x80\x80", b"\xe0\x80\xaf", b"\x80" * 20, b"\xc3("],
    "signs": [each.encode() for each in SIGNS] + ["".join(SIGNS).encode()],
    "confusables": [each.encode() for each in CONFUSABLE],
    "fakes": [each.encode() for each in FAKE_UI],
}
# No JSON text can carry these without damage to the record.
DAMAGING = ("surrogates", "bytes")


def naughty_strings() -> list[bytes]:
    """Returns the big list of naughty strings; none where it is missing beside the checkout."""
    path = SHARED / "corpora" / "big-list-of-naughty-strings" / "blns.json"
    if not path.exists():
        return []
    return [each.encode("utf-8", "surrogatepass") for each in json.loads(path.read_bytes())]


def sound_classes() -> list[str]:
    return [name for name in CLASSES if name not in DAMAGING]


def drawn(random: random.Random, names: list[str] | None = None, most: int = 10) -> bytes:
    """Draws a value of pieces of these classes, whole or torn, and of arbitrary scalars."""
    names = list(names or CLASSES)
    pieces = []
    for _ in range(random.randint(1, most)):
        kind = random.randrange(8)
        piece = random.choice(CLASSES[random.choice(names)])
        if kind < 5:
            pieces.append(piece[:200])
        elif kind == 5:
            scalar = random.choice([
                random.randrange(0x300), random.randrange(0x3100), random.randrange(0x20000)])
            pieces.append(b"" if 0xD800 <= scalar < 0xE000 else text(scalar))
        elif kind == 6:
            letters = piece.decode("utf-8", "ignore")
            pieces.append(letters[random.randrange(len(letters) + 1):].encode()[:200])
        else:
            pieces.append(random.choice([b" ", b"a", b"~", b"Acme", b"(+1)", b"\n", b"<", b"12"]))
    value = b"".join(pieces)[:400]
    if not set(names) & set(DAMAGING):
        value = value.decode("utf-8", "ignore").encode()
    return paired(value)


def paired(value: bytes) -> bytes:
    """Returns the value with each adjacent high and low surrogate replaced by their scalar."""
    out, high = [], None
    for unit in units(value):
        if high is not None and 0xDC00 <= unit < 0xE000:
            out[-1] = text(0x10000 + (high - 0xD800 << 10) + unit - 0xDC00)
            high = None
        else:
            out.append(text(unit) if unit >= 0 else bytes([-1 - unit]))
            high = unit if 0xD800 <= unit < 0xDC00 else None
    return b"".join(out)


def units(value: bytes) -> list[int]:
    """Returns the scalars of a value, surrogates included; a malformed byte is −1 − byte."""
    try:
        return list(map(ord, value.decode()))
    except UnicodeDecodeError:
        pass
    found, place = [], 0
    while place < len(value):
        for length in (1, 2, 3, 4):
            try:
                found.append(ord(value[place:place + length].decode("utf-8", "surrogatepass")))
                place += length
                break
            except (UnicodeDecodeError, TypeError):
                continue
        else:
            found.append(-1 - value[place])
            place += 1
    return found


def json_string(value: bytes, random: random.Random | None = None) -> bytes:
    """Returns the value as a JSON string: malformed bytes are raw, the rest raw or escaped."""
    out = bytearray(b'"')
    for unit in units(value):
        if unit < 0:
            out.append(-1 - unit)
        elif unit < 0x20 or unit in (0x22, 0x5C) or 0xD800 <= unit < 0xE000 or (
                random is not None and unit < 0x10000 and random.random() < 0.5):
            out += b"\\u%04x" % unit
        else:
            out += chr(unit).encode()
    return bytes(out + b'"')


def json_of(thing: typing.Any, random: random.Random | None = None) -> bytes:
    """Returns the JSON of dictionaries, lists, numbers, words, and values as bytes."""
    if isinstance(thing, bytes):
        return json_string(thing, random)
    if isinstance(thing, dict):
        members = []
        for key, each in thing.items():
            members.append(json_string(key.encode()) + b":" + json_of(each, random))
        return b"{" + b",".join(members) + b"}"
    if isinstance(thing, (list, tuple)):
        return b"[" + b",".join(json_of(each, random) for each in thing) + b"]"
    return json.dumps(thing).encode()
