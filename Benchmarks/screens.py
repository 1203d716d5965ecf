"""The rows of docs/performance.md that concern the screens: ours and a peer's on terminals of their own, in turn."""
import functools
import math
import os
import re
import statistics

from measure import Contest, Figure, shown
from terminal import Terminal

WIDE, NARROW = (120, 40), (80, 24)
MOVES = 15
# In every list, in the names of some.
WORD = "tidewater"


class Sight:
    """How to look at a program: what it is started as, and what the screen shows when."""

    def __init__(self, ready, loaded, size=WIDE, keys="j" * MOVES, held="j" * 100, word=None):
        self.ready, self.loaded, self.size = ready, loaded, size
        self.keys, self.held, self.word = keys, held, word


def look(sight, arguments, environment, **how):
    """One start, and what is asked of it: seconds, bytes and kB by name."""
    with Terminal(arguments, environment, size=sight.size, **how) as terminal:
        found = dict(zip(("ready", "loaded"), terminal.wait_for(sight.ready, sight.loaded), strict=False))
        terminal.settle(quiet=0.2)
        found["kilobytes"] = terminal.status("VmHWM")
        if sight.keys:
            pressed = terminal.press_each(sight.keys)
            times = [each[0] for each in pressed if each[0] is not None]
            found["key"] = statistics.median(times)
            found["key bytes"] = statistics.median(each[1] for each in pressed)
        if sight.held:
            found["held bytes"], found["held parts"] = hold(sight.held, terminal)
        if sight.word:
            look_for(sight.word, terminal, found)
        return found


def hold(keys, terminal):
    """Bytes and parts of many keys in one write."""
    terminal.settle()
    terminal.draw()
    before = terminal.text()
    _, written, parts = terminal.press(keys, quiet=0.15)
    terminal.draw()
    if terminal.text() == before:
        raise RuntimeError(f"{len(keys)} keys have moved nothing:\n{terminal.text()}")
    return written, parts


def look_for(word, terminal, found):
    """Types a filter: the slowest key, and the sum of what the keys took to their last bytes."""
    opening, text, answered = word
    if opening:
        terminal.press("g")
        terminal.press(opening)
    times = [each[0] or 0 for each in terminal.press_each(text, quiet=0.1)]
    terminal.draw()
    if not re.search(answered, terminal.text()):
        raise RuntimeError(f"{answered!r} does not appear:\n{terminal.text()}")
    found["slowest key"], found["filtered"] = max(times), sum(times)


def ours(count, source="store", **how):
    sight = Sight(
        r"\. new\? ", rf" {count} of {count} .*(?:read just now|as saved)", **how)

    def start(world):
        program = world.program("handshake")
        if source == "store":
            # As it is called day by day, and as tig is: without arguments.
            return look(
                sight, [program], world.environment(HANDSHAKE_STORE=world.material.store(count)))
        return look(
            sight, [program, "--input", world.material.document(count), "--read-only"],
            world.environment())
    return start


def tig(count, **how):
    sight = Sight(rf"CHG-{999 + count} ", rf"commit 1 of {count}\b", **how)
    return lambda world: look(
        sight, ["tig"], world.environment(), folder=world.material.commits(count))


def floor(count):
    # Only its start is asked for.
    sight = Sight("CHG-1000 ", rf"1 of {count}\b", keys="", held="")
    return lambda world: look(
        sight, [world.material.floor(), world.material.lines(count)], world.environment())


def less(count):
    sight = Sight("CHG-1000 ", "CHG-1001 ")
    return lambda world: look(
        sight, ["less", "-S", world.material.lines(count)], world.environment())


def mutt(count):
    sight = Sight("CHG-1000 ", rf"Msgs:{count}\b")
    return lambda world: look(
        sight, ["mutt", "-n", "-R", "-e", "set sort=date", "-f", world.material.mailbox(count)],
        world.environment())


def fzf(count):
    """It finds letters that are spread out, too, unless it is asked for words as they stand."""
    sight = Sight(
        "CHG-1000 ", rf"{count}/{count}\b", keys="", held="",
        word=(None, WORD, rf"\d+/{count}"))
    return lambda world: look(
        sight, ["fzf", "-e", "--no-sort"], world.environment(),
        standard_input=world.material.lines(count))


def filtering(count):
    return ours(
        count, "input", keys="", held="", word=("/", WORD, rf"\d+ of {count}"))


def contests(large):
    """Each is started as often as there are pairs; the figures of one are of the same starts."""
    short = functools.partial(dict, keys="", held="")
    found = []
    for count in (20, 1_000):
        # Of twenty rows a held key soon reaches the last one.
        how = {} if count > 200 else {"held": ""}
        found += [
            Contest(f"{count:,} handshakes", "tig", ours(count, **how), tig(count, **how), [
                Figure("ready", "ready", target=1.0), Figure("loaded", "loaded"),
                Figure("a key to its last byte", "key"),
                *([Figure("100 moves in one write", "held bytes", "B", 0.3),
                   Figure("100 moves: parts", "held parts", "")] if not how else [])]),
            Contest(f"{count:,} handshakes", "C floor", ours(count, **short()), floor(count), [
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
        Contest(f"--input of {large:,}", "less", ours(large, "input", **short()), less(large), [
            Figure("ready", "ready")]),
        Contest(f"--input of {large:,}, \"{WORD}\" typed", "fzf", filtering(large), fzf(large), [
            Figure("slowest key", "slowest key", limit=0.05),
            Figure("sum of the keys", "filtered", target=1.0)]),
    ]
    return found


# Figures without a peer

def singles(world, large, idle):
    """(name, figure, unit, limit) of what needs no peer."""
    yield from moves(world)
    yield from memory(world, large)
    yield from resting(world, idle)


def started(world, arguments, size):
    return Terminal([world.program("handshake"), *arguments], world.environment(), size=size)


def moves(world):
    """A cursor move: what it sends to the rows of the list, and to the pane below that tells of the
    handshake. There is no list without a pane."""
    store = ["--store", world.material.store(1_000), "--read-only"]
    for name, size in (("80x24", NARROW), ("120x40", WIDE)):
        with started(world, store, size) as terminal:
            terminal.wait_for(" 1000 of 1000 ")
            terminal.settle(quiet=0.5)
            terminal.draw()
            rows = terminal.screen.display
            first = next(number for number, row in enumerate(rows) if row.startswith("── h-"))
            last = next(number for number, row in enumerate(rows) if row.startswith("── PLAN"))
            pane = sum(len(row.rstrip().encode()) + 1 for row in rows[first:last])
            above, below = [], []
            for key in "j" * 8 + "k" * 3:
                os.write(terminal.master, key.encode())
                terminal.settle(quiet=0.2)
                counts = terminal.draw_by_row()
                above.append(sum(count for row, count in counts.items() if row < first))
                below.append(sum(count for row, count in counts.items() if row >= first))
        yield f"a cursor move, {name}: the list", statistics.median(above), "B", 30
        yield (f"a cursor move, {name}: the pane of {pane} B", statistics.median(below), "B",
               0.6 * pane)


def memory(world, large):
    small = ours(20)(world)["kilobytes"]
    yield "peak memory, 20 handshakes", small / 1024, "MB", 25
    grown = ours(large)(world)["kilobytes"] - small
    yield f"memory a handshake, {large:,} embedded", grown / large, "KiB", 1.5
    with open(world.material.document(large), "rb") as file:
        size = file.seek(0, 2) / 1024
    grown = ours(large, "input")(world)["kilobytes"] - small - size
    yield f"memory a handshake beyond the input, --input of {large:,}", grown / large, "KiB", 1.5


def resting(world, seconds):
    with started(world, ["--store", world.material.store(20), "--read-only"], WIDE) as terminal:
        terminal.wait_for(" 20 of 20 ")
        terminal.settle(quiet=1)
        written, woken, managed = terminal.idle(seconds)
    yield f"bytes written in {seconds} s at rest", written, "B", 0
    # Ages on the screen count in minutes.
    yield f"wake-ups of ours in {seconds} s at rest", woken, "", math.ceil(seconds / 60)
    yield f"wake-ups of libdispatch's manager in {seconds} s at rest", managed, "", None


def growth_table(world, large):
    """Time to ready and to loaded by the number of handshakes, of stores and of documents."""
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
