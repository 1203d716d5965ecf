"""Rows of the fault matrix, their cases, and the table of what came of them."""
import collections
import concurrent.futures
import dataclasses
import importlib
import pathlib
import random
import sys
import tempfile
import threading
import time
import traceback
import typing

# Only one case at a time may hold it: cases that measure time or the machine's load.
QUIET = threading.RLock()


class LeftOut(Exception):
    """What a case needs is not on this machine: it is counted, and named, but not passed."""


@dataclasses.dataclass
class Row:
    number: int
    part: str
    title: str
    family: str
    slice: int
    night: int
    full: int
    jobs: int
    case: typing.Callable

    @property
    def label(self):
        return f"{self.number}{self.part}"

    @property
    def counts(self):
        return f"slice {self.slice}, night {self.night}, full {self.full}"


ROWS = []


def row(number, title, *, slice, night, full, part="", jobs=4):
    """A row: a function of a Case that raises if a promise is broken.

    `part` tells rows of one number apart ("embedded", "aws"); `jobs` is how many of its cases may run at
    once. Seeds are 1 to n.
    """
    def register(case):
        family = case.__module__
        ROWS.append(Row(number, part and f" {part}", title, family, slice, night, full, jobs, case))
        return case
    return register


class Case:
    """One run: its seed, what is drawn from it, and a folder of its own that is gone afterwards."""

    def __init__(self, row, seed):
        self.row, self.seed = row, seed
        self.random = random.Random(f"{row.label}/{seed}")
        self.folder = None
        self.notes, self.tallied = [], []
        self._closing = []

    def closing(self, thing):
        """Closes it when the case has ended, in reverse order."""
        self._closing.append(thing)
        return thing

    def note(self, text):
        """What a reader of a failure wants to know."""
        self.notes.append(str(text))

    def tally(self, what):
        """Counts it among the row's cases: what happened, where there is more than one way."""
        self.tallied.append(what)

    def run(self):
        with tempfile.TemporaryDirectory(prefix="handshake-torture-") as folder:
            self.folder = pathlib.Path(folder)
            try:
                self.row.case(self)
            finally:
                for thing in reversed(self._closing):
                    thing.close()


@dataclasses.dataclass
class Outcome:
    row: Row
    ran: int = 0
    failed: list = dataclasses.field(default_factory=list)
    left_out: list = dataclasses.field(default_factory=list)
    # Failed among others and passed alone: a machine that was too busy, or a race.
    unsteady: list = dataclasses.field(default_factory=list)
    tally: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    seconds: float = 0.0

    @property
    def passed(self):
        return self.ran - len(self.failed) - len(self.left_out)


def chosen(folder, wanted):
    for path in sorted(folder.glob("*.py")):
        importlib.import_module(path.stem)
    names = [word for word in wanted.split(",") if word]
    rows = [row for row in ROWS if not names or row.family in names or row.label in names
            or str(row.number) in names]
    if not rows:
        sys.exit(f"torture: no row {wanted}")
    return sorted(rows, key=lambda row: (row.number, row.part))


def attempt(case, outcome, lock):
    try:
        case.run()
        failure = None
    except LeftOut as reason:
        with lock:
            outcome.left_out.append((case.seed, str(reason)))
        return
    except BaseException:  # SystemExit and KeyboardInterrupt too: whatever ends a case early is a failure
        failure = traceback.format_exc(limit=-4)
    with lock:
        outcome.tally.update(case.tallied)
    if failure:
        with lock:
            outcome.failed.append(case.seed)
            told = "\n".join(["  " + line for line in [*case.notes, *failure.splitlines()]])
            print(f"FAILED row {case.row.label} seed {case.seed}\n{told}\n"
                  f"  again: Tests/Torture/run --row '{case.row.label}' --seed {case.seed}", flush=True)


def again(row, outcome, lock):
    """Runs each failed case once more, by itself, to tell a flaky one from a steady failure. Both fail."""
    for seed in sorted(outcome.failed):
        second = Outcome(row)
        attempt(Case(row, seed), second, lock)
        if not second.failed:
            outcome.unsteady.append(seed)


def run(rows, options):
    outcomes, lock, started = [], threading.Lock(), time.monotonic()
    for row in rows:
        count = getattr(row, options.scale)
        if not count and options.seed is None:
            continue
        seeds = [options.seed] if options.seed is not None else range(1, count + 1)
        outcome, began = Outcome(row), time.monotonic()
        workers = min(row.jobs, options.jobs or row.jobs, max(len(seeds), 1))
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            futures = [pool.submit(attempt, Case(row, seed), outcome, lock) for seed in seeds]
        outcome.ran = len(futures)
        for seed, future in zip(seeds, futures):
            # What the runner itself raised is not lost with the future.
            if error := future.exception():
                outcome.failed.append(seed)
                print(f"FAILED row {row.label} seed {seed}\n  the runner: {error!r}", flush=True)
        if options.again:
            again(row, outcome, lock)
        outcome.seconds = time.monotonic() - began
        outcomes.append(outcome)
        told = f"; FAILED, seeds {sorted(outcome.failed)}" if outcome.failed else ""
        told += f"; FLAKY, seeds {outcome.unsteady}" if outcome.unsteady else ""
        for reason in sorted({reason for _, reason in outcome.left_out}):
            told += f"; left out {len(outcome.left_out)}: {reason}"
        print(f"row {row.label}: {row.title}: {outcome.passed} of {outcome.ran} "
              f"in {outcome.seconds:.0f} s{told}", flush=True)
        for what, count in sorted(outcome.tally.items()):
            print(f"    {count:5} {what}", flush=True)
    if options.report:
        with open(options.report, "a", encoding="utf-8") as report:
            report.write(markdown(outcomes, options.scale) + "\n")
    bad = [outcome.row.label for outcome in outcomes if outcome.failed or not outcome.ran
           or (outcome.left_out and options.strict)]
    total = sum(outcome.ran for outcome in outcomes)
    print(f"torture: {total} cases of {len(rows)} rows in {time.monotonic() - started:.0f} s; "
          + (f"FAILED: rows {', '.join(bad)}" if bad else "all passed"), flush=True)
    return 1 if bad else 0


def markdown(outcomes, scale):
    lines = [f"| row | fault | n ({scale}) | passed | failed seeds | s |", "|---|---|---|---|---|---|"]
    for outcome in outcomes:
        failed = ", ".join(str(seed) for seed in sorted(outcome.failed)) or "none"
        if outcome.left_out:
            failed += f" ({len(outcome.left_out)} left out: {outcome.left_out[0][1]})"
        lines.append(f"| {outcome.row.label} | {outcome.row.title} | {outcome.ran} | {outcome.passed} "
                     f"| {failed} | {outcome.seconds:.0f} |")
    for outcome in outcomes:
        if outcome.tally:
            counts = ", ".join(f"{what}: {count}" for what, count in sorted(outcome.tally.items()))
            lines.append(f"\nRow {outcome.row.label}: {counts}.")
    return "\n".join(lines)
