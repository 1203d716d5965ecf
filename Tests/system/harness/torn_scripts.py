"""The parts of a torn sequence: the person's keys before and after it, its pieces, the gaps between them, and other
input in the gaps."""
from __future__ import annotations

import random
import typing

if typing.TYPE_CHECKING:
    import byte_classes
    from confirmations import Asked

import dataclasses

import byte_classes

# Milliseconds between two pieces.
GAPS = (1, 5, 20, 50, 100, 200, 300, 500, 1_000)
# A paste that stalls for longer than the program waits for its end.
STALL = 2_300
SIZES = ((104, 46), (120, 50), (96, 44), (40, 8))
# A key torn by at least this is not read as that key, under any load of the machine.
TORN = 300


@dataclasses.dataclass
class Torn:
    """One sequence as its seed has it. `typed` is the person's input before it, `closing` after it."""

    place: str
    typed: bytes = b""
    steps: list[tuple[typing.Any, ...]] = dataclasses.field(default_factory=list)
    closing: bytes = b""
    pause: float = 0.0
    names: list[str] = dataclasses.field(default_factory=list)
    # Where it is torn: (class, byte).
    tears: list[tuple[str, int]] = dataclasses.field(default_factory=list)
    # A person may have pressed it as it arrived.
    may_send: bool = False
    stays_open: bool = False


def places(asked: Asked, has_grace: bool) -> dict[str, int]:
    """Positions around the requested input, by weight."""
    if asked.style == "y":
        return {"fresh": 8, "list": 2, "y": 2}
    found = {"fresh": 3, "half": 5, "last": 5, "whole": 3, "reason": 1, "pasted": 1}
    if asked.style == "organization":
        found["organization"] = 3
    else:
        found["list"] = 2
    if has_grace:
        found["armed"] = 4
    return found


class Writer:
    """Draws a Torn for the requested confirmation."""

    def __init__(self, seed: int, asked: Asked, has_grace: bool) -> None:
        self.random, self.asked = random.Random(f"torn {seed}"), asked
        among = places(asked, has_grace)
        self.torn = Torn(self.random.choices(list(among), list(among.values()))[0])

    def write(self, phrase: bytes) -> Torn:
        """`phrase` is the text to type: requested already, or after the organization."""
        random, torn = self.random, self.torn
        missing = self._type(phrase)
        if torn.place == "pasted":
            return self._paste(phrase)
        closes = random.random() < 0.5
        supplied = missing
        if closes and torn.place in ("half", "last", "whole"):
            torn.pause = random.choice((0.02, 0.1, 0.35, 0.7))
            if random.random() < 0.5 and torn.place != "whole":
                # The person continues as if nothing had arrived in between.
                torn.closing = missing
            else:
                torn.closing, supplied = b"\r", missing[:-1]
        sequence = byte_classes.draw(random, supplied or b"y")
        self._tear(sequence)
        if (torn.place in ("half", "last", "whole") and not sequence.is_key and random.random() < 0.3):
            # The following bytes arrive at once.
            torn.steps += [("wait", random.choice(GAPS)), ("bytes", supplied)]
        torn.stays_open |= sequence.stays_open
        waited = max((step[1] for step in torn.steps if step[0] == "wait"), default=0)
        torn.may_send = (sequence.is_key and len(torn.names) == 1 and waited < TORN
                         and torn.place != "armed")
        return torn

    def _paste(self, phrase: bytes) -> Torn:
        """The exact phrase, from a terminal without brackets around a paste; the person's Enter."""
        self.torn.names.append("paste without brackets")
        self.torn.steps.append(("bytes", phrase + self.random.choice([b"", b"\r", b"\n"])))
        self.torn.pause, self.torn.closing = self.random.choice((0.05, 0.4, 0.8)), b"\r"
        return self.torn

    def _type(self, phrase: bytes) -> bytes:
        """Draws what the person has typed when it arrives. Returns what is missing to confirm."""
        torn, random = self.torn, self.random
        if torn.place == "organization":
            torn.typed = self.asked.phrase[:-random.choice((1, 2, 2, 3))]
            return self.asked.phrase[len(torn.typed):] + b"y\r"
        if self.asked.style == "y":
            return {"fresh": b"y", "list": b"Cy", "y": b"y"}[torn.place]
        count = {"half": random.randrange(1, len(phrase)), "last": len(phrase) - 1, "whole": len(phrase),
                 "armed": len(phrase)}.get(torn.place, 0)
        torn.typed = phrase[:count]
        lead = {"reason": b"\t", "list": b"C"}.get(torn.place, b"")
        return lead + phrase[count:] + b"\r"

    def _tear(self, sequence: byte_classes.Sequence) -> None:
        """Splits it into pieces, with input that may arrive between them."""
        random, torn, body = self.random, self.torn, sequence.body
        torn.names.append(sequence.name)
        way = random.random()
        count = 1 if way < 0.65 else 2 if way < 0.85 else 3 if way < 0.95 else len(body)
        inside = range(1, min(len(body), sequence.tears_until))
        at = sorted(random.sample(inside, min(count, len(inside))))
        gaps = GAPS if len(at) < 3 else GAPS[:6] if len(at) == 3 else GAPS[:4]
        pieces = [body[a:b] for a, b in zip([0, *at], [*at, len(body)], strict=True)]
        if len(pieces) == 1:
            torn.tears.append((sequence.name, len(body)))
        for number, piece in enumerate(pieces):
            if number:
                torn.tears.append((sequence.name, at[number - 1]))
                self._between(sequence, random.choice(gaps))
            torn.steps.append(("bytes", piece))
        if ("stop",) in torn.steps:
            torn.steps.append(("go on",))

    def _between(self, sequence: byte_classes.Sequence, gap: int) -> None:
        random, steps = self.random, self.torn.steps
        if "paste" in sequence.name and random.random() < 0.08:
            gap = STALL
        way = random.random()
        if way < 0.12 and ("stop",) not in steps:
            steps += [("stop",), ("wait", gap)]
            if random.random() < 0.5:
                steps.append(("go on",))
        elif way < 0.22:
            steps += [("size", *random.choice(SIZES)), ("wait", gap)]
        elif way < 0.28:
            other = byte_classes.draw(
                random, b"y\r", random.choice(["mouse X10", "mouse 1006", "paste", "CSI focus"]))
            self.torn.names.append(other.name)
            steps += [("wait", gap), ("bytes", other.body)]
        else:
            steps.append(("wait", gap))
