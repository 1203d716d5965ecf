"""An armed accept, and events in the last half second before it is sent: each must stop it."""
from __future__ import annotations

import os
import random
import typing
from collections.abc import Callable

if typing.TYPE_CHECKING:
    import byte_classes

import asyncio
import signal
import time

import byte_classes
from confirmations import SIZE, Confirmations, Stalled
from fast_terminal import Ended
from freezer import Frozen

# Runs that share one program.
SHARED = 20
# The input must be written at least so long before the end: else the run does not count.
MARGIN = 0.05
# A held Enter repeats for so long, and stops nothing.
BOUNCE = 0.53
OTHERS = ("SIGSTOP", "ESC, 250 ms before the end", "frozen", "paste", "SIGTSTP", "too small", "mouse",
          "SIGCONT")


def _heads() -> list[tuple[str, bytes]]:
    """Each beginning of a sequence of each class, once."""
    found: dict[bytes, str] = {}
    for name in byte_classes.CLASSES:
        body = byte_classes.draw(random.Random(name), b"accept 1 xy\r", name).body
        for length in range(1, len(body) + 1):
            found.setdefault(body[:length], f"{length} of {len(body)} bytes: {name}")
    return [(name, head) for head, name in found.items() if len(head) > 1]


HEADS = _heads()


def kind_of(seed: int) -> tuple[str, bytes]:
    """Returns (description, bytes) for the run with this seed, from 0: each byte; then heads and others."""
    drawn = random.Random(f"last moment {seed}")
    number, round = seed % 1_000, seed // 1_000
    if number < 256:
        return f"byte 0x{number:02X}", bytes([number])
    index = (number - 256) // 2
    if number % 2:
        return HEADS[(index + 372 * round) % len(HEADS)]
    name = OTHERS[index % len(OTHERS)]
    if name == "paste":
        return name, drawn.choice([b"\x1b[200~", b"\x1b[200~y\x1b[201~", b"\x1b[200~accept 1"])
    if name == "mouse":
        return name, byte_classes.draw(drawn, b"y\r", drawn.choice(["mouse X10", "mouse 1006"])).body
    return name, b"\x1b" if name.startswith("ESC") else b""


def settings_of(life: int) -> dict[str, typing.Any]:
    drawn = random.Random(f"last moments {life}")
    return {"plan": drawn.choice(("accept", "accept", "alone")), "grace": drawn.choice((1, 1, 2)),
            "ssh": life % 2 == 0}


class Moments:
    """Runs of one program. `told` collects descriptions; `faults`, (seed, what was sent)."""

    def __init__(self, folder: str | os.PathLike[str], settings: dict[str, typing.Any],
                 log: Callable[[str], object] | None = None) -> None:
        self.settings, self.log = settings, log or (lambda text: None)
        self.stand = Confirmations(folder, **settings)
        self.faults: list[tuple[int, str]] = []
        self.told: list[str] = []
        self.processor = 0.0

    async def run(self, seeds: typing.Sequence[int]) -> int:
        """Returns how many of the seeds are finished; an accept that was sent needs another program."""
        done = 0
        try:
            await self.stand.start()
            for seed in seeds:
                for _ in range(8):
                    verdict = await self._once(seed)
                    self.told.append(verdict)
                    if self.stand.sent():
                        # Late ones are repeated, by another program.
                        return done + (verdict == "SENT")
                    if verdict == "stopped":
                        break
                else:
                    self.faults.append((seed, "eight times it did not count"))
                done += 1
        except (Stalled, Ended) as what:
            self.told.append(f"given up: {type(what).__name__}")
            # The previous run may have left something behind: another program repeats this one.
            self.log(f"given up at seed {seeds[done]}: {what}")
        finally:
            await self.stand.close()
        return done

    async def _once(self, seed: int) -> str:
        stand, terminal = self.stand, self.stand.terminal
        mark = terminal.mark
        entered = await stand.confirm()
        if entered is None or not await terminal.until(b"ARMED", mark, 0.6):
            await asyncio.sleep(stand.grace)
            if not stand.sent():
                await stand.recover()
            return "not armed in time"
        end, seen = entered + stand.grace, time.monotonic()
        name, data = kind_of(seed)
        drawn = random.Random(f"last moment {seed} when")
        lead = 0.25 if name.startswith("ESC") else drawn.uniform(0.07, 0.5)
        await asyncio.sleep(max(seen + BOUNCE, end - lead) - time.monotonic())
        late = drawn.uniform(0.05, 1.2)
        wrote = await self._strike(name, data, end + late)
        await asyncio.sleep(max(end + 0.35, time.monotonic() + 0.2) - time.monotonic())
        terminal.set_size(*SIZE)
        sent = stand.sent()
        if wrote > end - MARGIN:
            return "too late to count"
        if not sent:
            await asyncio.sleep(0.1)
            # It may require an end of what it began.
            if name not in ("SIGSTOP", "frozen", "too small", "SIGTSTP", "SIGCONT"):
                await self._end(data)
            await stand.leave()
            return "stopped"
        what = f"{self.settings} {name} {data!r}, {1_000 * (end - wrote):.0f} ms before the end: sent {sent}"
        self.faults.append((seed, what))
        self.log(f"FAILED seed {seed}: {self.faults[-1][1]}")
        return "SENT"

    async def _strike(self, name: str, data: bytes, until: float) -> float:
        """Performs it. Returns when it was done, or begun if it lasts."""
        terminal = self.stand.terminal
        now = time.monotonic()
        match name:
            case "SIGSTOP":
                terminal.stop()
                await asyncio.sleep(until - now)
                terminal.go_on()
            case "frozen":
                frozen = Frozen(terminal.process)
                now = time.monotonic()
                await asyncio.sleep(until + 0.5 - now)
                frozen.thaw()
            case "SIGTSTP" | "SIGCONT":
                os.kill(terminal.process, getattr(signal, name))
                now = time.monotonic()
            case "too small":
                terminal.set_size(30, 5)
                now = time.monotonic()
                await asyncio.sleep(until - now)
            case _:
                now = terminal.write(data)
        return now

    async def _end(self, data: bytes) -> None:
        """Ends what a head began, so that the next run can start."""
        if data.startswith(b"\x1b[200~"):
            self.stand.terminal.write(b"\x1b[201~")
        elif len(data) > 1:
            self.stand.terminal.write(b"\x07")
        await asyncio.sleep(0.05)
