"""Rows of docs/performance.md about the screens: ours and a peer's on terminals, in turn."""
from __future__ import annotations

import dataclasses
import math
import os
import re
import statistics
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence

from measure import Contest, Figure, Found, shown
from programs import program
from timed_terminal import Answer, TimedTerminal

if typing.TYPE_CHECKING:
    from world import World

WIDE, NARROW = (120, 40), (80, 24)
MOVES = 15
# In every list, in some of the names.
WORD = "tidewater"
Start = Callable[["World"], Found]


@dataclasses.dataclass(frozen=True)
class Filter:
    """A filter to type: the key that opens it, if any, its letters, and a pattern that only the answer shows."""

    opening: str | None
    letters: str
    answered: str


@dataclasses.dataclass(frozen=True)
class Plan:
    """How to measure one start: patterns that appear when it is ready and loaded, keys to press one by one, keys to
    hold, and a filter to type."""

    ready: str
    loaded: str
    keys: str = "j" * MOVES
    held: str = "j" * 100
    filter: Filter | None = None


def measured(plan: Plan, command: Sequence[str], environment: Mapping[str, str],
             standard_input: str | None = None) -> Found:
    """Starts a program and returns the figures of the plan: seconds, bytes and KiB by name."""
    with TimedTerminal(command, environment, WIDE, standard_input) as terminal:
        found: Found = dict(zip(("ready", "loaded"), terminal.wait_for(plan.ready, plan.loaded), strict=True))
        terminal.rest(quiet=0.2)
        found["kilobytes"] = terminal.total("VmHWM")
        if plan.keys:
            pressed = terminal.press_each(plan.keys)
            found["key"] = statistics.median(each.seconds for each in pressed)
            found["key bytes"] = statistics.median(each.bytes for each in pressed)
        if plan.held:
            held = hold(plan.held, terminal)
            found["held bytes"], found["held parts"] = held.bytes, held.writes
        if plan.filter:
            found.update(type_filter(plan.filter, terminal))
        return found


def hold(keys: str, terminal: TimedTerminal) -> Answer:
    """Sends many keys in one write, and returns the answer.

    - Raises: RuntimeError if the screen does not change.
    """
    terminal.rest()
    before = terminal.text
    answer = terminal.press(keys, quiet=0.15)
    if terminal.text == before:
        raise RuntimeError(f"{len(keys)} keys have moved nothing:\n{terminal.text}")
    return answer


def type_filter(filter: Filter, terminal: TimedTerminal) -> Found:
    """Types a filter. Returns the time of the slowest key, and the sum of all.

    - Raises: RuntimeError if a key is not answered, or if the filtered list does not appear.
    """
    if filter.opening:
        terminal.press(filter.opening)
    if re.search(filter.answered, terminal.text):
        raise RuntimeError(f"{filter.answered!r} appears before the filter is typed:\n{terminal.text}")
    times = [each.seconds for each in terminal.press_each(filter.letters, quiet=0.1)]
    if not re.search(filter.answered, terminal.text):
        raise RuntimeError(f"{filter.answered!r} does not appear:\n{terminal.text}")
    return {"slowest key": max(times), "filtered": sum(times)}


def fewer(count: int, separator: str) -> str:
    """Returns a pattern of a count of some rows: one that is neither none nor all of `count`."""
    return rf"\b(?!{count}{separator})[1-9]\d*{separator}{count}\b"


def ours(count: int, source: str = "store", *, keys: str = "j" * MOVES, held: str = "j" * 100,
         filter: Filter | None = None) -> Start:
    """Starts our program on an embedded organization ("store") or a document ("input") of this size."""
    plan = Plan(r"\. new\? ", rf" {count} of {count} .*(?:read just now|as saved)", keys, held, filter)

    def start(world: World) -> Found:
        if source == "store":
            # Without arguments, as it is used every day, and as tig is.
            return measured(plan, [program()], world.environment(HANDSHAKE_STORE=world.material.store(count)))
        return measured(
            plan, [program(), "--input", world.material.document(count), "--read-only"], world.environment())
    return start


def tig(count: int, *, held: str = "j" * 100) -> Start:
    plan = Plan(rf"CHG-{999 + count} ", rf"commit 1 of {count}\b", held=held)
    return lambda world: measured(plan, ["tig", "-C", world.material.commits(count)], world.environment())


def floor(count: int) -> Start:
    plan = Plan("CHG-1000 ", rf"1 of {count}\b", keys="", held="")
    return lambda world: measured(
        plan, [world.material.floor(0), world.material.lines(count)], world.environment())


def less(count: int) -> Start:
    plan = Plan("CHG-1000 ", "CHG-1001 ")
    return lambda world: measured(plan, ["less", "-S", world.material.lines(count)], world.environment())


def mutt(count: int) -> Start:
    plan = Plan("CHG-1000 ", rf"Msgs:{count}\b")
    return lambda world: measured(
        plan, ["mutt", "-n", "-R", "-e", "set sort=date", "-f", world.material.mailbox(count)], world.environment())


def fzf(count: int) -> Start:
    """Starts fzf with -e: without it, fzf also finds letters that are not adjacent."""
    plan = Plan("CHG-1000 ", rf"{count}/{count}\b", keys="", held="", filter=Filter(None, WORD, fewer(count, "/")))
    return lambda world: measured(
        plan, ["fzf", "-e", "--no-sort"], world.environment(), standard_input=world.material.lines(count))


def filtering(count: int) -> Start:
    return ours(count, "input", keys="", held="", filter=Filter("/", WORD, fewer(count, " of ")))


def contests(large: int) -> list[Contest]:
    """Returns the contests. All figures of a contest are of the same starts."""
    found = []
    for count in (20, 1_000):
        # In a list of twenty a held key soon reaches the last row.
        held = "j" * 100 if count > 200 else ""
        found += [
            Contest(f"{count:,} handshakes", "tig", ours(count, held=held), tig(count, held=held), [
                Figure("ready", "ready", target=1.0), Figure("loaded", "loaded"),
                Figure("a key to its last byte", "key"),
                *([Figure("100 moves in one write", "held bytes", "B", 0.3),
                   Figure("100 moves: parts", "held parts", "")] if held else [])]),
            Contest(f"{count:,} handshakes", "C floor", ours(count, keys="", held=""), floor(count), [
                Figure("ready", "ready", target=4.0)])]
    found += [
        Contest("1,000 handshakes", "mutt, maildir", ours(1_000), mutt(1_000), [
            Figure("ready", "ready"), Figure("a key to its last byte", "key")]),
        Contest(f"{large:,} handshakes", "tig", ours(large), tig(large), [
            Figure("ready", "ready", target=0.2), Figure("loaded", "loaded"),
            Figure("a key to its last byte", "key", target=0.7),
            Figure("100 moves in one write", "held bytes", "B", 0.3),
            Figure("peak memory", "kilobytes", "kB")]),
        Contest(f"{large:,} handshakes", "ours at 20", ours(large), ours(20), [
            Figure("ready", "ready"), Figure("a key to its last byte", "key", target=1.5)]),
        Contest(f"--input of {large:,}", "tig", ours(large, "input"), tig(large), [
            Figure("ready", "ready", target=0.2), Figure("loaded", "loaded"),
            Figure("a key to its last byte", "key", target=0.7)]),
        Contest(f"--input of {large:,}", "less", ours(large, "input", keys="", held=""), less(large), [
            Figure("ready", "ready")]),
        Contest(f"--input of {large:,}, \"{WORD}\" typed", "fzf", filtering(large), fzf(large), [
            Figure("slowest key", "slowest key", limit=0.05),
            Figure("sum of the keys", "filtered", target=1.0)]),
    ]
    return found


# MARK: Figures without a peer

Single = tuple[str, float, str, float | None]


def singles(world: World, large: int, idle: int) -> Iterator[Single]:
    """Yields (name, figure, unit, limit)."""
    yield from moves(world)
    yield from memory(world, large)
    yield from resting(world, idle)


def started(world: World, arguments: Sequence[str], size: tuple[int, int]) -> TimedTerminal:
    return TimedTerminal([program(), *arguments], world.environment(), size)


def moves(world: World) -> Iterator[Single]:
    """Yields what a cursor move sends to the rows of the list, and to the pane below, which is always there."""
    store = ["--store", world.material.store(1_000), "--read-only"]
    for name, size in (("80x24", NARROW), ("120x40", WIDE)):
        with started(world, store, size) as terminal:
            terminal.wait_for(" 1000 of 1000 ")
            terminal.rest(quiet=0.5)
            rows = terminal.lines
            first = next(number for number, row in enumerate(rows) if row.startswith("── h-"))
            last = next(number for number, row in enumerate(rows) if row.startswith("── PLAN"))
            pane = sum(len(row.encode()) + 1 for row in rows[first:last])
            above, below = [], []
            for key in "j" * 8 + "k" * 3:
                os.write(terminal.master, key.encode())
                terminal.rest(quiet=0.2)
                counts = terminal.draw_by_row()
                above.append(sum(count for row, count in counts.items() if row < first))
                below.append(sum(count for row, count in counts.items() if row >= first))
        yield f"a cursor move, {name}: the list", statistics.median(above), "B", 30
        yield (f"a cursor move, {name}: the pane of {pane} B", statistics.median(below), "B", 0.6 * pane)


def memory(world: World, large: int) -> Iterator[Single]:
    small = ours(20)(world)["kilobytes"]
    yield "peak memory, 20 handshakes", small / 1024, "MB", 25
    grown = ours(large)(world)["kilobytes"] - small
    yield f"memory a handshake, {large:,} embedded", grown / large, "KiB", 1.5
    size = os.path.getsize(world.material.document(large)) / 1024
    grown = ours(large, "input")(world)["kilobytes"] - small - size
    yield f"memory a handshake beyond the input, --input of {large:,}", grown / large, "KiB", 1.5


def resting(world: World, seconds: int) -> Iterator[Single]:
    with started(world, ["--store", world.material.store(20), "--read-only"], WIDE) as terminal:
        terminal.wait_for(" 20 of 20 ")
        terminal.rest(quiet=1)
        idle = terminal.idle(seconds)
    yield f"bytes written in {seconds} s at rest", idle.bytes, "B", 0
    # Ages on the screen change each minute.
    yield f"wake-ups of ours in {seconds} s at rest", idle.woken, "", math.ceil(seconds / 60)
    yield f"wake-ups of libdispatch's manager in {seconds} s at rest", idle.managed, "", None


def growth_table(world: World, large: int) -> str:
    """Returns a table: time to ready and to loaded by the number of handshakes, for stores and documents."""
    lines = ["| handshakes | embedded: ready | loaded | a document: ready | loaded |",
             "| --- | --- | --- | --- | --- |"]
    for count in sorted({20, 1_000, min(10_000, large), large}):
        cells = [f"{count:,}"]
        for source in ("store", "input"):
            runs = [ours(count, source, keys="", held="")(world) for _ in range(3)]
            cells += [shown(statistics.median(run[name] for run in runs), "s")
                      for name in ("ready", "loaded")]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
