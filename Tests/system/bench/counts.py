"""The command `budgets`: counts instructions, allocations, bytes and wake-ups, and compares them with the record."""
from __future__ import annotations

import argparse
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import typing
from collections.abc import Iterator, Mapping, Sequence

import tools
from launch import find_programs
from programs import program
from screen_rows import NARROW, WIDE, hold, started
from world import World

RECORD = pathlib.Path(__file__).resolve().with_name("budgets.json")
TOLERANCE = 1.1
# Figures that depend on how the machine shares its time may always reach these.
LEAST = {"parts of": 8, "wake-ups": 2}
Figures = dict[str, int]

DRAWING = "$s11HandshakeUI4viewy7Drawing5FrameVAA9InterfaceVF"
READING = "$s4Wire13SavedDocumentV4read_6limitsACSays5UInt8VG_AA10JSONLimitsVtAA0C5FaultOYKFZ"
APPLYING = (
    "$s11ReviewInbox0B0V5apply_2of6uptime5Model9PageTokenVSgAG5ReplyVyAG0G0VG_AA4PassVAG4SpanVtF")
FILTERING = (
    "$s11ReviewInbox0B0V9setFilter_2in2atyAA03RowD0V_AA0G9SelectionV5Model9TimestampVSgtF")


class Work(typing.NamedTuple):
    """A command whose instructions are counted, within `function` if one is named.

    `document` is the number of handshakes in its document; 0 means no document.
    """

    name: str
    function: str | None
    document: int
    arguments: list[str]


COUNTED = [
    Work("start and end", None, 0, ["--version"]),
    # Up to the message that this is no terminal.
    Work("a start without arguments", None, 0, []),
    Work("2,000 handshakes read from a document", READING, 2_000, ["list", "--json"]),
    Work("2,000 handshakes taken into the lists", APPLYING, 2_000, ["render"]),
    Work("a frame of 20 rows", DRAWING, 20, ["render", "--size", "120x40"]),
    Work("a frame of 5,000 rows", DRAWING, 5_000, ["render", "--size", "120x40"]),
    Work("a frame of 80x24", DRAWING, 2_000, ["render", "--size", "80x24"]),
    Work("a filter of nine letters over 2,000 rows", FILTERING, 2_000, ["render", "--keys", "/tidewater"]),
]
KINDS = ("instructions", "allocations")
SIZES = {"80x24": NARROW, "120x40": WIDE}
AT_REST = ("bytes written in 10 s at rest", "wake-ups of ours in 10 s at rest")


def terminal_names(size: str) -> list[str]:
    """Returns the names of the figures that are counted on a terminal of that size."""
    moves = [f"bytes of five moves, {size}", f"bytes of 100 moves in one write, {size}",
             f"parts of 100 moves in one write, {size}"]
    return [*moves, *(AT_REST if size == "80x24" else ())]


def all_names() -> list[str]:
    counted = [f"{work.name}: {kind}" for work in COUNTED for kind in KINDS]
    return [*counted, *(name for size in SIZES for name in terminal_names(size))]


def check_functions(binary: str, works: Sequence[Work]) -> None:
    """Exits where the program lacks a function whose calls are counted.

    Callgrind ignores a name that does not exist, and counts nothing after minutes.
    """
    symbols = subprocess.run(["nm", binary], capture_output=True, text=True, check=True).stdout
    defined = {line.split()[-1] for line in symbols.splitlines() if re.search(r" [Tt] ", line)}
    absent = [f"{work.function} ({work.name})" for work in works if work.function not in {None, *defined}]
    if absent:
        sys.exit("budgets: functions of the program that were renamed or inlined:\n  " + "\n  ".join(absent)
                 + "\nFind the new name with 'nm', and write it into Tests/system/bench/counts.py.")


def count(world: World, binary: str, work: Work) -> tuple[int, int]:
    """Returns the instructions and allocations of all calls of a function, or of the whole process.

    - Raises: RuntimeError if the command fails, or never calls the function.
    """
    document = ["--input", world.material.document(work.document)] if work.document else []
    folder = pathlib.Path(tempfile.mkdtemp(dir=world.home))
    bounds = [f"--dump-before={work.function}", f"--dump-after={work.function}"] if work.function else []
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", *bounds, f"--callgrind-out-file={folder}/out", binary, *work.arguments,
         *document], env=world.environment(), capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != (0 if work.arguments else 2):
        raise RuntimeError(f"{work.arguments} ended with {done.returncode}\n{done.stderr[-2000:]}")
    return total([file.read_text() for file in folder.iterdir()], work.function)


def total(dumps: list[str], function: str | None) -> tuple[int, int]:
    """Returns the sums of the dumps that were written when the function returned; of all, if none is named.

    - Raises: RuntimeError if there is no such dump.
    """
    chosen = [dump for dump in dumps if not function or "Trigger: --dump-after" in dump]
    if not chosen:
        raise RuntimeError(f"{function} was never called: was it renamed?")
    sums = [sum_of(dump) for dump in chosen]
    return sum(each[0] for each in sums), sum(each[1] for each in sums)


def sum_of(dump: str) -> tuple[int, int]:
    """Returns the instructions and allocations of one dump of callgrind.

    - Raises: RuntimeError if the dump has no total.
    """
    names: dict[str, str] = {}
    called, allocations = None, 0
    for line in dump.splitlines():
        if match := re.match(r"c?fn=\((\d+)\)(?: (.*))?", line):
            if match[2]:
                names[match[1]] = match[2]
            if line.startswith("c"):
                called = names.get(match[1])
        elif line.startswith("calls=") and called in ("malloc", "calloc", "realloc"):
            allocations += int(line[6:].split()[0])
    instructions = re.search(r"^(?:totals|summary): (\d+)", dump, re.M)
    if instructions is None:
        raise RuntimeError(f"no total in the dump of callgrind:\n{dump[:500]}")
    return int(instructions[1]), allocations


def on_terminal(world: World, size: str) -> Figures:
    """Counts what a program of 1,000 handshakes sends to a terminal of that size, and does at rest."""
    store = ["--store", world.material.store(1_000), "--read-only"]
    with started(world, store, SIZES[size]) as terminal:
        terminal.wait_for(" 1000 of 1000 ")
        terminal.rest(quiet=0.5)
        figures = [sum(each.bytes for each in terminal.press_each("jjjjj", quiet=0.2))]
        held = hold("j" * 100, terminal)
        figures += [held.bytes, held.writes]
        if size == "80x24":
            idle = terminal.idle(10)
            figures += [idle.bytes, idle.woken]
    return dict(zip(terminal_names(size), figures, strict=True))


def measured(world: World, names: list[str]) -> Figures:
    """Returns the figures of these names."""
    binary = str(pathlib.Path(world.home, "handshake"))
    # Valgrind cannot read the debug information of the static product. The names of functions are kept.
    subprocess.run(["strip", "--strip-debug", "-o", binary, program()], check=True)
    works = [work for work in COUNTED if any(f"{work.name}: {kind}" in names for kind in KINDS)]
    check_functions(binary, works)
    for work in works:
        if work.document:
            world.material.document(work.document)
    figures: Figures = {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for work, found in zip(works, pool.map(lambda work: count(world, binary, work), works), strict=True):
            figures.update({f"{work.name}: {kind}": each for kind, each in zip(KINDS, found, strict=True)})
    for size in SIZES:
        if any(name in names for name in terminal_names(size)):
            figures.update(on_terminal(world, size))
    return {name: figures[name] for name in names}


def exceeded(figures: Mapping[str, int], recorded: Mapping[str, int]) -> list[str]:
    """Returns the names of the figures that exceed their budget or have none."""
    def is_over(name: str, figure: int) -> bool:
        if name not in recorded:
            return True
        least = next((limit for word, limit in LEAST.items() if name.startswith(word)), 0)
        return figure > max(recorded[name] * TOLERANCE, least)

    return [name for name, figure in figures.items() if is_over(name, figure)]


def lines(figures: Mapping[str, int], recorded: Mapping[str, int]) -> Iterator[str]:
    for name, figure in figures.items():
        budget = f"{recorded[name]:,}" if name in recorded else "-"
        yield f"{figure:>14,}  {budget:>14}  {name}"


def main(documentation: str, arguments: list[str] | None = None, record: pathlib.Path = RECORD) -> int:
    parser = argparse.ArgumentParser(prog="budgets", description=documentation.splitlines()[0])
    parser.add_argument("--record", action="store_true", help="write the figures to budgets.json")
    parser.add_argument("--only", default="", metavar="WORD", help="the figures with this word")
    options = parser.parse_args(arguments)
    names = [name for name in all_names() if options.only in name]
    if not names:
        print(f"budgets: no figure has {options.only!r} in its name", file=sys.stderr)
        return 2
    tools.require("budgets", tools.COUNTING)
    find_programs("budgets")
    with World() as world:
        figures = measured(world, names)
    recorded: Figures = json.loads(record.read_text()) if record.exists() else {}
    print("\n".join(lines(figures, recorded)))
    if options.record:
        kept = recorded if options.only else {}
        record.write_text(json.dumps({**kept, **figures}, indent=2) + "\n")
        return 0
    over = exceeded(figures, recorded)
    for name in over:
        print(f"budgets: over budget: {name}", file=sys.stderr)
    stale = [name for name in recorded if name not in all_names()]
    for name in stale:
        print(f"budgets: recorded, but no longer measured: {name}", file=sys.stderr)
    return 1 if over or stale else 0
