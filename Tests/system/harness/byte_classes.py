"""Control sequences that a terminal may send, by class, containing the keys that would confirm."""
from __future__ import annotations

import base64
import dataclasses
import random
import typing
from collections.abc import Callable

ESC, BEL, ST = b"\x1b", b"\x07", b"\x1b\\"


@dataclasses.dataclass(frozen=True)
class Sequence:
    """`body` is the sequence by its grammar; it is torn before the byte `tears_until`. `is_key` marks a key that a
    person may press, when it arrives in one piece. `stays_open` marks a sequence that never ends."""

    name: str
    body: bytes
    is_key: bool = False
    stays_open: bool = False
    tears_until: int = 1 << 20


Maker = typing.Callable[[random.Random, bytes], bytes]
CLASSES: dict[str, tuple[typing.Callable[..., Sequence], int]] = {}


def sequence_class(name: str, *, is_key: bool = False, stays_open: bool = False, weight: int = 2,
        tears_until: int = 1 << 20) -> Callable[[Maker], Maker]:
    def register(make: Callable[[random.Random, bytes], bytes]) -> Maker:
        def drawn(random: random.Random, needed: bytes) -> Sequence:
            return Sequence(name, make(random, needed), is_key, stays_open, tears_until)
        CLASSES[name] = (drawn, weight)
        return make
    return register


def draw(random: random.Random, needed: bytes, name: str | None = None) -> Sequence:
    """Draws a sequence that contains `needed` where it can. Without a name, its class is drawn by weight."""
    if name is None:
        names = list(CLASSES)
        name = random.choices(names, [CLASSES[each][1] for each in names])[0]
    return CLASSES[name][0](random, needed)


def finals(needed: bytes) -> bytes:
    """Returns those of the bytes that may end a control sequence."""
    return bytes(byte for byte in needed if 0x40 <= byte <= 0x7E) or b"y"


# MARK: CSI

@sequence_class("CSI key", is_key=True)
def csi_key(random: random.Random, needed: bytes) -> bytes:
    return ESC + random.choice([b"[A", b"[B", b"[1;5C", b"[3~", b"[15~", b"[H", b"[Z", b"[6~"])


@sequence_class("CSI Linux console key", is_key=True, weight=1)
def csi_console(random: random.Random, needed: bytes) -> bytes:
    return ESC + b"[[" + random.choice([b"A", b"B", b"C", b"D", b"E"])


@sequence_class("CSI with the missing letters as finals", weight=4)
def csi_spelled(random: random.Random, needed: bytes) -> bytes:
    forms = [b"?2026;2$%c", b"1%c", b"?1;2%c", b">0;276%c", b"8;24;80%c", b"%c"]
    return b"".join(ESC + b"[" + random.choice(forms) % letter for letter in finals(needed))


@sequence_class("CSI DECRPM", weight=4)
def decrpm(random: random.Random, needed: bytes) -> bytes:
    return ESC + b"[?%d;%d$y" % (random.choice([2026, 2004, 1000, 1049]), random.randrange(5))


@sequence_class("CSI modifyOtherKeys", is_key=True)
def modify_other_keys(random: random.Random, needed: bytes) -> bytes:
    return ESC + b"[27;%d;%d~" % (random.choice([1, 2, 5, 6]), random.choice(needed or b"y"))


@sequence_class("CSI kitty key", is_key=True)
def kitty(random: random.Random, needed: bytes) -> bytes:
    code = random.choice(needed or b"\ry")
    return ESC + b"[%d" % code + random.choice([b"u", b";1u", b";1:1u", b";1:2u", b";1:3u", b";5u"])


@sequence_class("CSI report: DA1, DA2, CPR, window, mode", weight=3)
def csi_report(random: random.Random, needed: bytes) -> bytes:
    return ESC + random.choice([b"[?62;22c", b"[>0;276;0c", b"[24;80R", b"[8;24;80t", b"[?1;2c",
                                b"[?997;1n", b"[0n", b"[?31u", b"[3;0;0t"])


@sequence_class("CSI focus")
def focus(random: random.Random, needed: bytes) -> bytes:
    return ESC + random.choice([b"[I", b"[O", b"[I" + ESC + b"[O"])


# MARK: SS3

@sequence_class("SS3 key", is_key=True, weight=3)
def ss3(random: random.Random, needed: bytes) -> bytes:
    return ESC + b"O" + bytes([random.choice(finals(needed) + b"yMPAqr")])


# MARK: strings

def string_body(random: random.Random, needed: bytes) -> bytes:
    return random.choice([
        needed, b"4;1;rgb:ffff/ffff/" + needed, b"10;rgb:dddd/" + needed, b"11;rgb:0000/0000/0000",
        b"52;c;" + needed, b"52;c;" + base64.b64encode(needed), b"l" + needed, b"x" + needed + needed])


def ended(random: random.Random, body: bytes) -> bytes:
    return body + random.choice([BEL, ST])


@sequence_class("OSC", weight=5)
def osc(random: random.Random, needed: bytes) -> bytes:
    return ended(random, ESC + b"]" + string_body(random, needed))


@sequence_class("DCS", weight=4)
def dcs(random: random.Random, needed: bytes) -> bytes:
    body = random.choice([b"1+r544e=" + needed, b"1$r0" + needed, b">|" + needed, b"!|" + needed])
    return ESC + b"P" + body + ST


@sequence_class("APC")
def apc(random: random.Random, needed: bytes) -> bytes:
    return ESC + b"_G" + needed + ST


@sequence_class("PM")
def pm(random: random.Random, needed: bytes) -> bytes:
    return ESC + b"^" + needed + ST


@sequence_class("SOS")
def sos(random: random.Random, needed: bytes) -> bytes:
    return ESC + b"X" + needed + ST


@sequence_class("string without an end", stays_open=True, weight=1)
def open_string(random: random.Random, needed: bytes) -> bytes:
    return ESC + random.choice(b"]P_^X").to_bytes(1, "big") + string_body(random, needed)


# MARK: 8-bit C1

def c1(byte: int, random: random.Random) -> bytes:
    """Raw, or encoded as UTF-8."""
    return random.choice([bytes([byte]), bytes([byte]), b"\xc2" + bytes([byte])])


@sequence_class("8-bit CSI", weight=3)
def c1_csi(random: random.Random, needed: bytes) -> bytes:
    form = random.choice([b"?2026;2$y", b"1%c" % finals(needed)[-1:], b"%c" % finals(needed)[-1:],
                          b"24;80R", b"I", b"<0;10;10M"])
    return c1(0x9B, random) + form


@sequence_class("8-bit CSI key", is_key=True, weight=1)
def c1_csi_key(random: random.Random, needed: bytes) -> bytes:
    return c1(0x9B, random) + random.choice([b"13;1u", b"121u", b"A", b"6~", b"27;1;121~"])


@sequence_class("8-bit SS3", is_key=True, weight=1)
def c1_ss3(random: random.Random, needed: bytes) -> bytes:
    return c1(0x8F, random) + bytes([random.choice(finals(needed) + b"yM")])


@sequence_class("8-bit string: OSC, DCS, APC, PM, SOS", weight=3)
def c1_string(random: random.Random, needed: bytes) -> bytes:
    end = random.choice([BEL, ST, b"\x9c", b"\xc2\x9c"])
    return c1(random.choice([0x9D, 0x90, 0x9F, 0x9E, 0x98]), random) + string_body(random, needed) + end


# MARK: half sequences and letters

@sequence_class("lone ESC", weight=3)
def lone_escape(random: random.Random, needed: bytes) -> bytes:
    return ESC


@sequence_class("UTF-8 letter", is_key=True)
def letter(random: random.Random, needed: bytes) -> bytes:
    return random.choice(["é", "ｙ", "у", "√", "😀", "𝐲", "\u0301", "\u200b", "ÿ"]).encode()


@sequence_class("half of a UTF-8 letter", weight=3)
def half_letter(random: random.Random, needed: bytes) -> bytes:
    return random.choice([b"\xc3", b"\xe2\x82", b"\xe2", b"\xf0\x9f", b"\xf0\x9f\x98", b"\xd1"])


@sequence_class("bytes that are no UTF-8")
def no_letter(random: random.Random, needed: bytes) -> bytes:
    return random.choice([b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xbf\xbf",
                          b"\x80", b"\xfe\xff", b"\xe0\x80\xaf"])


# MARK: mice

@sequence_class("mouse X10", weight=4)
def x10(random: random.Random, needed: bytes) -> bytes:
    values = needed + b"y\r !dC0"
    clicks = random.choice([1, 1, 1, 2, 3])
    return b"".join(ESC + b"[M" + bytes(random.choice(values) for _ in range(3)) for _ in range(clicks))


@sequence_class("mouse 1005", weight=1)
def mouse_1005(random: random.Random, needed: bytes) -> bytes:
    column = chr(random.choice([0x79, 0xF9, 0x159, 0x7E9])).encode()
    return ESC + b"[M" + random.choice([b" ", b"#"]) + column + random.choice([b"y", b"\r", b"1"])


@sequence_class("mouse 1006")
def mouse_1006(random: random.Random, needed: bytes) -> bytes:
    at = b"[<%d;%d;%d" % (random.choice([0, 2, 35, 64]), random.randrange(1, 120), random.randrange(1, 50))
    return ESC + at + b"M" + ESC + at + b"m"


@sequence_class("mouse 1015", weight=1)
def mouse_1015(random: random.Random, needed: bytes) -> bytes:
    return ESC + b"[%d;%d;%dM" % (random.choice([32, 35, 96]), random.randrange(1, 120), 13)


# MARK: pastes

@sequence_class("paste", weight=5)
def paste(random: random.Random, needed: bytes) -> bytes:
    text = random.choice([needed, needed, needed + b"y", b"y", b"CHG-1 " + needed, b"\n" + needed])
    return ESC + b"[200~" + text + ESC + b"[201~"


# The bytes after its end arrive at once: torn too, they would count as typed.
@sequence_class("paste that ends itself", weight=1, tears_until=14)
def broken_paste(random: random.Random, needed: bytes) -> bytes:
    return ESC + b"[200~a" + ESC + b"[201~" + needed + ESC + b"[201~"


@sequence_class("paste without an end", stays_open=True, weight=1)
def open_paste(random: random.Random, needed: bytes) -> bytes:
    return ESC + b"[200~" + needed


@sequence_class("end of a paste alone", weight=1)
def paste_end(random: random.Random, needed: bytes) -> bytes:
    return ESC + b"[201~"
