"""Torn sequences around a confirmation: what is typed by a person, what comes from elsewhere, and the
verdict: nothing is sent that the person has not typed whole."""
import asyncio
import contextlib
import dataclasses
import random
import sqlite3
import time
import traceback

import byte_classes
from confirmations import SIZE, Changed, Confirmations, Stalled
from fast_terminal import Ended

# Milliseconds between two pieces.
GAPS = (1, 5, 20, 50, 100, 200, 300, 500, 1_000)
# A paste that stalls for longer than the program waits for its end.
STALL = 2_300
SIZES = ((104, 46), (120, 50), (96, 44), (40, 8))
# So many sequences share one program, its plan and its settings.
SHARED = 40
# A key torn apart by at least this is not read as that key, whatever the machine's load.
TORN = 300


def life_of(seed):
    """Plan and settings of the program that the sequences SHARED * life … share."""
    drawn = random.Random(f"torn life {seed // SHARED}")
    return {"plan": drawn.choices(("decline", "cancel", "mixed", "accept", "alone"), (4, 1, 2, 6, 3))[0],
            "grace": drawn.choices((0, 1, 5), (5, 4, 1))[0], "ssh": drawn.random() < 0.5}


@dataclasses.dataclass
class Torn:
    """One sequence as its seed has it. `typed` comes from the person before it, `closing` after it."""

    place: str
    typed: bytes = b""
    steps: list = dataclasses.field(default_factory=list)
    closing: bytes = b""
    pause: float = 0.0
    names: list = dataclasses.field(default_factory=list)
    # Where it is torn: (class, byte).
    tears: list = dataclasses.field(default_factory=list)
    # A person may have pressed it as it came.
    may_send: bool = False
    stays_open: bool = False


def places(asked, grace):
    """Where it may come, around what is asked for; by weight."""
    if asked.style == "y":
        return {"fresh": 8, "list": 2, "y": 2}
    found = {"fresh": 3, "half": 5, "last": 5, "whole": 3, "reason": 1}
    if asked.style == "organization":
        found["organization"] = 3
    else:
        found["list"] = 2
    if grace:
        found["armed"] = 4
    return found


class Writer:
    """Draws a Torn for what is asked for."""

    def __init__(self, seed, asked, grace):
        self.random, self.asked = random.Random(f"torn {seed}"), asked
        among = places(asked, grace)
        self.torn = Torn(self.random.choices(list(among), list(among.values()))[0])

    def write(self, phrase):
        """`phrase` is what is to be typed: asked for already, or after the organization."""
        random, torn = self.random, self.torn
        missing = self._type(phrase)
        closes = random.random() < 0.5
        supplied = missing
        if closes and torn.place in ("half", "last", "whole"):
            torn.pause = random.choice((0.02, 0.1, 0.35, 0.7))
            if random.random() < 0.5 and torn.place != "whole":
                # The person goes on as if nothing had come in between.
                torn.closing = missing
            else:
                torn.closing, supplied = b"\r", missing[:-1]
        sequence = byte_classes.draw(random, supplied or b"y")
        self._tear(sequence)
        if (torn.place in ("half", "last", "whole") and not sequence.is_key and random.random() < 0.3):
            # What follows it comes at once.
            torn.steps += [("wait", random.choice(GAPS)), ("bytes", supplied)]
        torn.stays_open |= sequence.stays_open
        waited = max((step[1] for step in torn.steps if step[0] == "wait"), default=0)
        torn.may_send = sequence.is_key and len(torn.names) == 1 and waited < TORN
        return torn

    def _type(self, phrase):
        """What the person has typed when it comes; returns what is missing to confirm."""
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

    def _tear(self, sequence):
        """Into pieces, with what may come between them."""
        random, torn, body = self.random, self.torn, sequence.body
        torn.names.append(sequence.name)
        way = random.random()
        count = 1 if way < 0.65 else 2 if way < 0.85 else 3 if way < 0.95 else len(body)
        inside = range(1, min(len(body), sequence.tears_until))
        at = sorted(random.sample(inside, min(count, len(inside))))
        gaps = GAPS if len(at) < 3 else GAPS[:6] if len(at) == 3 else GAPS[:4]
        pieces = [body[a:b] for a, b in zip([0, *at], [*at, len(body)])]
        if len(pieces) == 1:
            torn.tears.append((sequence.name, len(body)))
        for number, piece in enumerate(pieces):
            if number:
                torn.tears.append((sequence.name, at[number - 1]))
                self._between(sequence, random.choice(gaps))
            torn.steps.append(("bytes", piece))
        if ("stop",) in torn.steps:
            torn.steps.append(("go on",))

    def _between(self, sequence, gap):
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


class Campaign:
    """What came of the sequences so far. `failures` are (seed, what was wrong)."""

    def __init__(self):
        self.failures, self.stalls = [], []
        self.counts, self.classes, self.tears, self.places = {}, {}, set(), {}
        self.processor = 0.0

    def count(self, what, table=None):
        table = self.counts if table is None else table
        table[what] = table.get(what, 0) + 1

    def add(self, other):
        self.failures += other.failures
        self.stalls += other.stalls
        self.tears |= other.tears
        self.processor += other.processor
        for mine, theirs in ((self.counts, other.counts), (self.classes, other.classes),
                             (self.places, other.places)):
            for what, count in theirs.items():
                mine[what] = mine.get(what, 0) + count


class Life:
    """Sequences of one program, and then a person's own confirmation, which must be sent exactly."""

    def __init__(self, folder, seeds, campaign, log=None):
        self.seeds, self.campaign, self.log = list(seeds), campaign, log or (lambda text: None)
        self.folder, self.told, self.previous = folder, "", ""
        self.settings = life_of(self.seeds[0])

    async def run(self):
        """Returns the seeds that it came to; the rest needs another program."""
        self.stand = Confirmations(self.folder, **self.settings)
        done = []
        try:
            await self.stand.start()
            for seed in self.seeds:
                done.append(seed)
                if await self._judged(seed):
                    return done
            await self._control()
        except Stalled as what:
            self._give_up(done, what)
        except Ended as status:
            # A letter that quits may have come to the list, and nothing else may have.
            self.campaign.count(f"programs ended with {status}")
            if str(status) != "0" or self.stand.sent():
                self._fail((done or self.seeds)[-1], f"ended with {status}, sent {self.stand.sent()}")
        finally:
            if self.stand.terminal and not self.stand.terminal.ended():
                self.campaign.processor += self.stand.terminal.processor_time()
            await self.stand.close()
        return done or self.seeds[:1]

    def _give_up(self, done, what):
        """The sequence before has left the program where the next one cannot begin."""
        self.campaign.count("programs given up: " + str(what).splitlines()[0])
        before = done[-2:][0] if done else self.seeds[0]
        self.campaign.stalls.append((before, f"{self.previous}: {what}"))
        if not isinstance(what, Changed):
            self._fail(before, f"{what}; before: {self.previous}")
        if self.told == "(opening)" and len(done) > 1:
            # Not begun: another program's.
            done.pop()

    def _fail(self, seed, what):
        self.campaign.failures.append((seed, f"{self.settings} {self.told}: {what}"))
        self.log(f"FAILED seed {seed}: {self.settings} {self.told}: {what}")

    async def _judged(self, seed):
        """One sequence. True when this program is of no more use: something was sent."""
        stand, terminal = self.stand, self.stand.terminal
        self.previous, self.told = self.told, "(opening)"
        self.drawn = random.Random(f"torn times {seed}")
        detours = stand.detours
        asked = await stand.review()
        if stand.detours > detours:
            self.campaign.count("came to another screen, or closed more than the review")
        writer = Writer(seed, asked, stand.grace)
        torn, mark = writer.torn, terminal.mark
        armed_at = None
        if torn.place == "list":
            await stand.leave()
            writer.write(asked.phrase)
        elif torn.place in ("organization", "reason") or asked.style == "y":
            writer.write(asked.phrase)
            if torn.place == "organization":
                await stand.prepare(asked, torn.typed)
            elif torn.place == "reason":
                await terminal.keys(b"\tr")
        else:
            asked = await stand.prepare(asked)
            if not asked or asked.style == "organization":
                raise Stalled("the organization was not taken")
            writer.write(asked.phrase)
            await terminal.keys(torn.typed)
            if torn.place == "armed":
                armed_at = await self._arm(mark)
                if armed_at is None:
                    self.campaign.count("not armed")
                    await stand.leave()
                    return False
        self.campaign.count("sequences")
        for name in torn.names:
            self.campaign.count(name, self.campaign.classes)
        self.campaign.count(torn.place, self.campaign.places)
        self.campaign.tears.update(torn.tears)
        self.told = f"{torn}"
        written = await self._play(torn)
        return await self._verdict(seed, torn, mark, armed_at, written)

    async def _arm(self, mark):
        terminal, grace = self.stand.terminal, self.stand.grace
        if not await terminal.until(b"Complete", mark, 1):
            return None
        at = terminal.write(b"\r")
        if not await terminal.until(b"ARMED", mark, 0.5):
            return None
        # After what a held Enter may repeat, and before the end.
        await asyncio.sleep(0.55 + (min(grace, 2) - 0.65) * self.drawn.random())
        return at

    async def _play(self, torn):
        """Returns when the first byte of it was written."""
        terminal, first = self.stand.terminal, None
        steps = list(torn.steps)
        if torn.place == "y":
            # The person's key and what follows it come in one write.
            steps[0] = ("bytes", b"y" + steps[0][1])
        for step in steps:
            match step:
                case ("bytes", data):
                    now = terminal.write(data)
                    first = first or now
                case ("wait", span): await asyncio.sleep(span / 1_000)
                case ("stop",): terminal.stop()
                case ("go on",): terminal.go_on()
                case ("size", columns, rows): terminal.set_size(columns, rows)
        if terminal.is_stopped:
            terminal.go_on()
        if torn.closing:
            await asyncio.sleep(torn.pause)
            await terminal.keys(torn.closing)
        return first

    async def _verdict(self, seed, torn, mark, armed_at, written):
        stand, terminal = self.stand, self.stand.terminal
        if torn.stays_open:
            await asyncio.sleep(1.1)
        await asyncio.sleep(stand.escape_delay + 0.3)
        if armed_at and b"stopped" not in terminal.since(mark):
            await asyncio.sleep(max(0, armed_at + stand.grace + 0.4 - time.monotonic()))
        elif not armed_at and stand.grace and b"ARMED" in terminal.since(mark):
            self.campaign.count("armed by what nobody typed")
            await asyncio.sleep(stand.grace + 0.5)
        if any(step[0] == "size" for step in torn.steps):
            terminal.set_size(*SIZE)
        sent = stand.sent()
        if sent:
            if torn.may_send and sent == stand.intended:
                self.campaign.count("sent: keys that came whole, as from a hand")
            elif armed_at and written > armed_at + stand.grace - 0.05:
                self.campaign.count("sent: the harness was late")
            else:
                self.campaign.count("sent: UNEXPECTED")
                self._fail(seed, f"sent {sent}")
            return True
        if stand.changed():
            self._fail(seed, "the store changed, and the journal did not")
            return True
        await stand.leave()
        return False

    async def _control(self):
        """The person's own, at the end: with bytes that nobody typed while it is sent."""
        stand = self.stand
        self.previous, self.told = self.told, "(control)"
        for _ in range(4):
            with contextlib.closing(sqlite3.connect(stand.home.store, isolation_level=None)) as store:
                is_confirmed = await stand.confirm() is not None
                if is_confirmed and self.seeds[0] % 3 == 0:
                    # Nobody writes now: what is sent stays under way.
                    store.execute("BEGIN IMMEDIATE")
                if is_confirmed:
                    await self._disturb()
                    break
            await stand.recover()
        else:
            raise Stalled("the person's own confirmation is not taken")
        limit = time.monotonic() + 6
        while stand.changed() != set(stand.intended) and time.monotonic() < limit:
            await asyncio.sleep(0.1)
        sent = stand.sent()
        if sent != stand.intended or stand.changed() != set(stand.intended):
            self._fail(self.seeds[-1], f"control: sent {sent}, changed {stand.changed()}, "
                                       f"intended {stand.intended}")
        self.campaign.count("sent: the person's own")

    async def _disturb(self):
        """Bytes of every class from when the sending has begun."""
        limit, began = time.monotonic() + self.stand.grace + 8, None
        while time.monotonic() < (limit if began is None else began + 0.6):
            await asyncio.sleep(0.02)
            if self.stand.sent():
                began = began or time.monotonic()
                self.stand.terminal.write(byte_classes.draw(self.drawn, b"y\rC").body)


async def judge(life, campaign, new_folder, log):
    """All sequences of one life, by as many programs as that takes."""
    rest = list(life)
    while rest:
        with new_folder() as folder:
            try:
                done = await Life(folder, rest, campaign, log).run()
            except Exception:  # any exception is a broken promise, or a fault of ours: it is told
                campaign.failures.append((rest[0], traceback.format_exc(limit=-4)))
                log(f"FAILED seed {rest[0]}: {traceback.format_exc(limit=-4)}")
                return
        rest = rest[len(done):]
