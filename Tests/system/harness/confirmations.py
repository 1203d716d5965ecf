"""One program with one plan that is reviewed again and again: the requested confirmation, and what was sent."""
from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import pathlib
import re
import shutil
import sqlite3
import typing

from fast_terminal import FastTerminal
from operator_home import Home
from places import TRUSTED, configuration
from run_folder import once

SIZE = (100, 44)
REASON = b"\tr\t"
PLANNED = re.compile(rb"planned: (\w+) (h-[0-9a-f]{32})")
REASON_FIRST = "First type the reason"
PHRASE = re.compile(r"Type (\S\S.*?), then Enter")


@dataclasses.dataclass(frozen=True)
class Plan:
    """`staging` is (view, filter, key) of each row; `needs_reason` and `organization` as its tier asks."""

    name: str
    staging: tuple[tuple[str, str, str], ...]
    title: str
    needs_reason: bool = False
    organization: bytes = b""


PLANS = {plan.name: plan for plan in (
    Plan("decline", (("1", "acme-dev", "d"),), "DECLINE 1"),
    Plan("cancel", (("2", "", "x"),), "CANCEL 1"),
    Plan("mixed", (("1", "acme-dev", "d"), ("2", "", "x")), "DECLINE 1, CANCEL 1"),
    Plan("accept", (("1", "acme-dev", "a"),), "ACCEPT 1", True),
    Plan("alone", (("1", "research-1", "a"),), "ACCEPT 1", True, b"o-lab0lab1la"),
)}


@dataclasses.dataclass(frozen=True)
class Asked:
    """The confirmation that a review asks for. `style` is "y", "reason", "phrase" or "organization"."""

    style: str
    phrase: bytes


def template() -> str:
    """Returns the folder of a home with a store and a trusted organization, made once for the run."""
    def make(folder: pathlib.Path) -> None:
        folder.mkdir(mode=0o700)
        done = Home(folder).run("trust", "add", *TRUSTED, "--name", "Acme", "--yes")
        assert done.returncode == 0, done.stdout + done.stderr
    return str(once("template", make))


class Stalled(Exception):
    """The program could not be brought to the start of the next case."""


class Changed(Stalled):
    """Stray keys have changed the plan, which is allowed, and sends nothing."""


class Confirmations:
    """The program in its own home, with one plan staged. A coroutine drives it."""

    def __init__(self, folder: str | os.PathLike[str], plan: str, *, grace: int, ssh: bool) -> None:
        self.plan, self.grace = PLANS[plan], grace
        # The seconds that an ESC may stay alone before it is a key.
        self.escape_delay = 0.3 if ssh else 0.05
        self.home = Home(folder, environment={"SSH_TTY": "/dev/pts/0"} if ssh else {})
        shutil.copytree(pathlib.Path(template(), "state"), pathlib.Path(folder, "state"))
        shutil.copy(f"{template()}/{self.home.store.name}.trust.toml", folder)
        configuration(self.home, grace)
        self.before = self.states()
        self.intended: dict[str, str] = {}
        self._size_seen: int | None = None
        # A FastTerminal from `start` on.
        self.terminal: typing.Any = None
        self.detours = 0

    async def start(self) -> Confirmations:
        """Starts it and stages the plan."""
        self.terminal = FastTerminal(self.home.path, self.home.environment, size=SIZE)
        if not await self.terminal.until(b"read just now", 0, 30):
            raise Stalled("does not start")
        await asyncio.sleep(0.2)
        for view, account, key in self.plan.staging:
            await self._stage(view, account, key)
        self._size_seen = self._journal_size()
        return self

    async def _stage(self, view: str, account: str, key: str) -> None:
        for keys in (view, "/", account, "\r") if account else (view,):
            self.terminal.write(keys.encode())
            await asyncio.sleep(0.2)
        mark = self.terminal.mark
        self.terminal.write(key.encode())
        if not await self.terminal.until(b"nothing is sent", mark, 10):
            raise Stalled("does not stage")
        planned = PLANNED.search(self.terminal.since(mark))
        assert planned, "staged, and the plan does not say what"
        act, identifier = planned.groups()
        self.intended[identifier.decode()] = act.decode()

    # MARK: The review

    def asked(self, text: str | None) -> Asked | None:
        """Returns the confirmation that the review on this screen asks for; None if it is no review of this plan."""
        if not text or f"REVIEW: {self.plan.title} " not in text:
            return None
        if "Press y to send" in text:
            return Asked("y", b"y")
        if "Which organization do you expect" in text:
            return Asked("organization", self.plan.organization + b"\r")
        if REASON_FIRST in text:
            return Asked("reason", b"")
        found = PHRASE.findall(text)
        return Asked("phrase", found[-1].encode()) if found else None

    async def review(self) -> Asked:
        """Opens the review from the list and waits until it accepts keys; recovers if it must."""
        for _ in range(3):
            mark = self.terminal.mark
            self.terminal.write(b"C")
            await self.terminal.until(b"REVIEW", mark, 0.6)
            # Keys that arrive before it is drawn are dropped.
            await asyncio.sleep(0.1)
            text = await self.terminal.snapshot() or await self.terminal.snapshot()
            asked = self.asked(text)
            if asked:
                await asyncio.sleep(0.36)
                if asked.style == "reason":
                    await self.terminal.keys(b"r\r")
                    await asyncio.sleep(0.1)
                    asked = self.asked(await self.terminal.snapshot())
            if asked and asked.style != "reason":
                return asked
            self.detours += 1
            await self.recover()
        raise Stalled(f"the review does not open:\n{text}")

    async def leave(self) -> None:
        """Closes the review, if there is one."""
        self.terminal.write(b"\x1b")
        await asyncio.sleep(self.escape_delay + 0.12)

    async def recover(self) -> None:
        """Returns to the list with the same plan from wherever stray keys have led."""
        self.terminal.set_size(*SIZE)
        for attempt in range(10):
            text = await self.terminal.snapshot()
            if text is None:
                # In the middle of an unfinished sequence.
                self.terminal.write((b"\x1b[201~", b"\x07", b"\x1b\\", b"")[attempt % 4])
                await asyncio.sleep(1.1)
                continue
            if "nothing is sent until C" in text and "REVIEW" not in text and " filter > " not in text:
                self._demand_the_same(text)
                return
            self.terminal.write(b"\x1b")
            await asyncio.sleep(self.escape_delay + 0.35)
        raise Stalled("does not come back to the list:\n" + (text or "(no repaint)"))

    def _demand_the_same(self, text: str) -> None:
        acts = list(self.intended.values())
        counts = "  ".join(f"{act} {acts.count(act)}" for act in ("accept", "decline", "cancel"))
        if counts not in text:
            raise Changed(f"the plan has changed:\n{text}")

    async def prepare(self, asked: Asked, typed: bytes | None = None) -> Asked | None:
        """Types the input before the phrase: the reason; `typed` (or all) of the organization."""
        if self.plan.needs_reason:
            await self.terminal.keys(REASON)
        if asked.style != "organization" or typed is not None:
            await self.terminal.keys(typed or b"")
            return asked
        await self.terminal.keys(asked.phrase)
        await asyncio.sleep(0.1)
        return self.asked(await self.terminal.snapshot())

    async def confirm(self) -> float | None:
        """Types a person's whole confirmation, with the last key. Returns when it was written, or None when the phrase
        was not accepted: then nothing was confirmed."""
        asked = await self.prepare(await self.review())
        if not asked or asked.style == "organization":
            return None
        if asked.style == "y":
            result: float | None = self.terminal.write(b"y")
            return result
        # Asked for more letters, if the machine was so busy that the keys were read in one burst.
        for _ in range(2):
            mark = self.terminal.mark
            await self.terminal.keys(asked.phrase)
            if await self.terminal.until(b"Complete", mark, 1.2):
                sent: float | None = self.terminal.write(b"\r")
                return sent
            asked = self.asked(await self.terminal.snapshot())
            if not asked or asked.style != "phrase":
                break
            await asyncio.sleep(0.4)
        return None

    # MARK: Requests sent

    def _journal_size(self) -> int:
        with contextlib.suppress(FileNotFoundError):
            return self.home.journal.stat().st_size
        return 0

    def sent(self) -> dict[str, str]:
        """Returns {id: act} of every INTENT; nothing is read while the journal has not grown."""
        if self._journal_size() == self._size_seen:
            return {}
        lines = self.home.journal.read_bytes().split(b"\n")
        records = [json.loads(line) for line in lines[:-1]]
        intents = [record for record in records if record["kind"] == "INTENT"]
        assert len({record["id"] for record in intents}) == len(intents), "one was sent twice"
        if not intents:
            # Another event was recorded, such as a wrong organization.
            self._size_seen = sum(len(line) + 1 for line in lines[:-1])
        return {record["id"]: record["act"] for record in intents}

    def given_up(self) -> set[str]:
        """Returns the ids of the INTENTs that ended without a request: a stop that arrived right after the line."""
        records = [json.loads(line) for line in self.home.journal.read_bytes().split(b"\n")[:-1]]
        ends = {record["intent"] for record in records if record["kind"] == "NOT_SENT"}
        return {record["id"] for record in records
                if record["kind"] == "INTENT" and record["intent"] in ends}

    def states(self) -> dict[str, str]:
        """Returns {id: state} from the store."""
        with contextlib.closing(sqlite3.connect(f"file:{self.home.store}?mode=ro", uri=True)) as store:
            return dict(store.execute("SELECT id, state FROM handshakes"))

    def changed(self) -> set[str]:
        """Returns the ids whose state in the store has changed since the start."""
        now = self.states()
        return {each for each in now if now[each] != self.before.get(each)}

    async def close(self) -> None:
        if self.terminal:
            await self.terminal.close()
