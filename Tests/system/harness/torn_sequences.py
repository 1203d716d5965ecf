"""Torn sequences around a confirmation, and the check: nothing is sent that the person has not typed completely."""
from __future__ import annotations

import os
import random
import sqlite3
import typing
from collections.abc import Callable, Iterable

if typing.TYPE_CHECKING:
    import byte_classes

import asyncio
import contextlib
import time
import traceback

import byte_classes
from confirmations import SIZE, Changed, Confirmations, Stalled
from fast_terminal import Ended
from torn_scripts import Torn, Writer

# The number of sequences that share one program, its plan and its settings.
SHARED = 40


def life_of(seed: int) -> dict[str, typing.Any]:
    """Plan and settings of the program that the sequences SHARED * life … share."""
    drawn = random.Random(f"torn life {seed // SHARED}")
    return {"plan": drawn.choices(("decline", "cancel", "mixed", "accept", "alone"), (4, 1, 2, 6, 3))[0],
            "grace": drawn.choices((0, 1, 5), (5, 4, 1))[0], "ssh": drawn.random() < 0.5}


class Campaign:
    """Results of the sequences so far. `failures` are (seed, error)."""

    def __init__(self) -> None:
        self.failures: list[tuple[int, str]] = []
        self.stalls: list[tuple[int, str]] = []
        self.counts: dict[str, int] = {}
        self.classes: dict[str, int] = {}
        self.places: dict[str, int] = {}
        self.tears: set[tuple[str, int]] = set()
        self.processor = 0.0

    def count(self, what: str, table: dict[str, int] | None = None) -> None:
        table = self.counts if table is None else table
        table[what] = table.get(what, 0) + 1

    def add(self, other: Campaign) -> None:
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

    def __init__(self, folder: str | os.PathLike[str], seeds: Iterable[int], campaign: Campaign,
            log: typing.Any = None) -> None:
        self.seeds, self.campaign, self.log = list(seeds), campaign, log or (lambda text: None)
        self.folder, self.told, self.previous = folder, "", ""
        self.settings = life_of(self.seeds[0])

    async def run(self) -> list[int]:
        """Returns the seeds that were run; the rest needs another program."""
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
            # A letter that quits may have reached the list, and nothing else may have.
            self.campaign.count(f"programs ended with {status}")
            sent = self.stand.sent()
            # In the control the person has confirmed this much before a letter quit.
            is_own = self.told == "(control)" and sent.items() <= self.stand.intended.items()
            if str(status) != "0" or (sent and not is_own):
                self._fail((done or self.seeds)[-1], f"ended with {status}, sent {sent}")
        finally:
            if self.stand.terminal and not self.stand.terminal.ended():
                self.campaign.processor += self.stand.terminal.processor_time()
            await self.stand.close()
        return done or self.seeds[:1]

    def _give_up(self, done: list[int], what: Exception) -> None:
        """The previous sequence has left the program where the next one cannot begin."""
        self.campaign.count("programs given up: " + str(what).splitlines()[0].rstrip(":"))
        before = done[-2:][0] if done else self.seeds[0]
        self.campaign.stalls.append((before, f"{self.previous}: {what}"))
        if not isinstance(what, Changed):
            self._fail(before, f"{what}; before: {self.previous}")
        if self.told == "(opening)" and len(done) > 1:
            # Not begun: another program runs it.
            done.pop()

    def _fail(self, seed: int, what: str) -> None:
        self.campaign.failures.append((seed, f"{self.settings} {self.told}: {what}"))
        self.log(f"FAILED seed {seed}: {self.settings} {self.told}: {what}")

    async def _judged(self, seed: int) -> bool:
        """Runs one sequence. Returns True when this program cannot be used again: something was sent."""
        stand, terminal = self.stand, self.stand.terminal
        self.previous, self.told = self.told, "(opening)"
        self.drawn = random.Random(f"torn times {seed}")
        detours = stand.detours
        asked = await stand.review()
        if stand.detours > detours:
            self.campaign.count("came to another screen, or closed more than the review")
        writer = Writer(seed, asked, bool(stand.grace and stand.plan.needs_reason))
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
            prepared = await stand.prepare(asked)
            if not prepared or prepared.style == "organization":
                # Bytes of earlier sequences entered the organization wrongly too often.
                self.campaign.count("the organization was not taken")
                await stand.recover()
                return False
            asked = prepared
            writer.write(asked.phrase)
            await terminal.keys(torn.typed)
            if torn.place == "armed":
                armed_at = await self._arm(mark)
                if armed_at is None:
                    # The machine was too busy to see it in time.
                    self.campaign.count("not armed")
                    await stand.leave()
                    await asyncio.sleep(stand.grace + 0.5)
                    return bool(stand.sent())
        self.campaign.count("sequences")
        for name in torn.names:
            self.campaign.count(name, self.campaign.classes)
        self.campaign.count(torn.place, self.campaign.places)
        self.campaign.tears.update(torn.tears)
        self.told = f"{torn}"
        written = await self._play(torn)
        return await self._verdict(seed, torn, mark, armed_at, written)

    async def _arm(self, mark: int) -> float | None:
        terminal, grace = self.stand.terminal, self.stand.grace
        if not await terminal.until(b"Complete", mark, 1):
            return None
        at = terminal.write(b"\r")
        if not await terminal.until(b"ARMED", mark, 0.5):
            return None
        # After the time in which a held Enter may repeat, and before the end.
        await asyncio.sleep(0.55 + (min(grace, 2) - 0.65) * self.drawn.random())
        result: float | None = at
        return result

    async def _play(self, torn: Torn) -> float | None:
        """Returns when the first byte of it was written."""
        terminal, first = self.stand.terminal, None
        steps = list(torn.steps)
        if torn.place == "y":
            # The person's key and the following bytes are one write.
            steps[0] = ("bytes", b"y" + steps[0][1])
        for step in steps:
            match step:
                case ("bytes", data):
                    now = terminal.write(data)
                    first = first or now
                case ("wait", span):
                    await asyncio.sleep(span / 1_000)
                case ("stop",):
                    terminal.stop()
                case ("go on",):
                    terminal.go_on()
                case ("size", columns, rows):
                    terminal.set_size(columns, rows)
        if terminal.is_stopped:
            terminal.go_on()
        if torn.closing:
            await asyncio.sleep(torn.pause)
            await terminal.keys(torn.closing)
        return first

    async def _verdict(self, seed: int, torn: Torn, mark: int, armed_at: float | None, written: float | None) -> bool:
        stand, terminal = self.stand, self.stand.terminal
        if torn.stays_open:
            # An unclosed sequence times out, and later bytes must not send either.
            await asyncio.sleep(3.3 if "paste without an end" in torn.names else 1.1)
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
            elif armed_at and written and written > armed_at + stand.grace - 0.05:
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

    async def _control(self) -> None:
        """Runs the person's own confirmation, at the end: with stray bytes while it is sent."""
        stand = self.stand
        self.previous, self.told = self.told, "(control)"
        for _ in range(4):
            with contextlib.closing(sqlite3.connect(stand.home.store, isolation_level=None)) as store:
                is_confirmed = await stand.confirm() is not None
                if is_confirmed and self.seeds[0] % 3 == 0:
                    # There is no other writer now: the request stays in flight.
                    store.execute("BEGIN IMMEDIATE")
                if is_confirmed:
                    await self._disturb()
                    break
            await stand.recover()
        else:
            raise Stalled("the person's own confirmation is not taken")
        limit = time.monotonic() + 6
        sent, changed = stand.sent(), stand.changed()
        while (not sent or changed != set(sent)) and time.monotonic() < limit:
            await asyncio.sleep(0.1)
            sent, changed = stand.sent(), stand.changed()
        given_up = stand.given_up()
        if sent and changed == set(sent) - given_up and given_up:
            self.campaign.count("sent: the person's own, stopped before the request")
            return
        # An Esc among the bytes may have stopped it between two rows. Keys that arrived in one piece may have put
        # another row into the plan: what the review showed was sent.
        if sent and not sent.items() <= stand.intended.items() and changed == set(sent):
            self.campaign.count("sent: the person's own, of a plan that keys had changed")
            return
        if not sent or changed != set(sent):
            self._fail(self.seeds[-1], f"control: sent {sent}, changed {changed}, "
                                       f"intended {stand.intended}")
        self.campaign.count("sent: the person's own")

    async def _disturb(self) -> None:
        """Bytes of every class from when the sending has begun."""
        limit, began = time.monotonic() + self.stand.grace + 8, None
        while time.monotonic() < (limit if began is None else began + 0.6):
            await asyncio.sleep(0.02)
            if self.stand.sent():
                began = began or time.monotonic()
                self.stand.terminal.write(byte_classes.draw(self.drawn, b"y\rC").body)


async def judge(life: typing.Any, campaign: Campaign, new_folder: Callable[[], typing.ContextManager[str]],
        log: typing.Any) -> None:
    """Runs all sequences of one life, by as many programs as that takes."""
    rest = list(life)
    while rest:
        with new_folder() as folder:
            try:
                done = await Life(folder, rest, campaign, log).run()
            except BaseException:  # noqa: BLE001 - whatever ends a life early is a failure
                campaign.failures.append((rest[0], traceback.format_exc(limit=-4)))
                log(f"FAILED seed {rest[0]}: {traceback.format_exc(limit=-4)}")
                return
        rest = rest[len(done):]
