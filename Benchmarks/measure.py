"""Two commands in turn, and the table of what came of it."""
import dataclasses
import statistics
import subprocess
import sys
import time
import typing


@dataclasses.dataclass
class Command:
    """A process to be timed."""

    arguments: list
    environment: dict
    # Whether what it printed is the whole answer; a fast failure is no figure.
    is_right: typing.Callable
    # Reads the time from what it printed, where that is not the whole process.
    own_time: typing.Callable | None = None


@dataclasses.dataclass
class Row:
    name: str
    peer: str
    # Of a world and a number: the command of that run, for ours and for the peer's.
    ours: typing.Callable
    theirs: typing.Callable
    # The largest ratio that meets the target; None where there is none.
    target: float | None = None


@dataclasses.dataclass
class Figure:
    """One row of a contest."""

    name: str
    # What it is called in that which a start found.
    key: str
    unit: str = "s"
    # The largest ratio that meets the target, and the largest figure of ours.
    target: float | None = None
    limit: float | None = None


@dataclasses.dataclass
class Contest:
    """Two programs that are looked at in turn; each look finds several figures."""

    name: str
    peer: str
    # Of a world: what a start found, by name.
    ours: typing.Callable
    theirs: typing.Callable
    figures: list


def seconds(command):
    """The wall time of one run."""
    start = time.perf_counter()
    done = subprocess.run(
        command.arguments, env=command.environment, capture_output=True, text=True, timeout=300, check=False)
    elapsed = time.perf_counter() - start
    if done.returncode != 0 or not command.is_right(done.stdout):
        raise RuntimeError(
            f"{command.arguments} ended with {done.returncode}\n{done.stdout[-2000:]}"
            f"{done.stderr[-2000:]}")
    return command.own_time(done.stdout) if command.own_time else elapsed


class Table:
    def __init__(self, pairs, warmups):
        self.pairs, self.warmups = pairs, warmups
        self.lines = []
        self.has_failed = False

    def measure(self, row, world):
        print(f"{row.name} · {row.peer} …", file=sys.stderr, flush=True)
        ours, theirs = [], []
        try:
            for number in range(self.warmups + self.pairs):
                pair = (seconds(row.ours(world, 2 * number)),
                        seconds(row.theirs(world, 2 * number + 1)))
                if number >= self.warmups:
                    ours.append(pair[0])
                    theirs.append(pair[1])
        except (RuntimeError, subprocess.TimeoutExpired) as failure:
            self.has_failed = True
            print(failure, file=sys.stderr)
            self.lines.append((row.name, row.peer, "failed", "", "", ""))
            return
        self.compare(row.name, row.peer, ours, theirs, Figure("", "", target=row.target))

    def compare(self, name, peer, ours, theirs, figure):
        mine, other = statistics.median(ours), statistics.median(theirs)
        ratio = mine / other if other else float("inf")
        pairs = sorted(one / two if two else float("inf") for one, two in zip(ours, theirs, strict=False))
        self.lines.append((
            name, peer, shown(mine, figure.unit), shown(other, figure.unit),
            f"**{ratio:.3f}** ({pairs[0]:.3f}–{pairs[-1]:.3f})",
            verdict(ratio, figure.target) or limited(mine, figure.limit, figure.unit)))

    def watch(self, contest, world):
        """As `measure`, for the figures of a look at two programs."""
        print(f"{contest.name} · {contest.peer} …", file=sys.stderr, flush=True)
        pairs = []
        try:
            for number in range(self.warmups + self.pairs):
                pair = contest.ours(world), contest.theirs(world)
                if number >= self.warmups:
                    pairs.append(pair)
        except (RuntimeError, OSError, subprocess.CalledProcessError) as failure:
            self.has_failed = True
            print(failure, file=sys.stderr)
            self.lines.append((contest.name, contest.peer, "failed", "", "", ""))
            return
        for figure in contest.figures:
            ours, theirs = ([found[figure.key] for found in each] for each in zip(*pairs, strict=False))
            self.compare(f"{contest.name}: {figure.name}", contest.peer, ours, theirs, figure)

    def state(self, name, figure, unit, limit):
        """A figure that has no peer."""
        self.lines.append((name, "", shown(figure, unit), "", "", limited(figure, limit, unit)))

    def add(self, name, peer, ours, theirs, ratio):
        self.lines.append((name, peer, ours, theirs, f"**{ratio:.1f}**", ""))

    def markdown(self):
        head = ("figure", "peer", "handshake", "the peer", "ratio (of the pairs)", "target")
        rows = [head, tuple("---" for _ in head), *self.lines]
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def verdict(ratio, target):
    if target is None:
        return ""
    return f"≤ {target:.2f}: {'met' if ratio <= target else '**missed**'}"


def limited(figure, limit, unit):
    if limit is None:
        return ""
    return f"≤ {shown(limit, unit)}: {'met' if figure <= limit else '**missed**'}"


def shown(figure, unit):
    if unit == "s":
        return f"{figure:.3f} s" if figure >= 0.1 else f"{1000 * figure:.1f} ms"
    return f"{figure:,.2f} {unit}" if unit in ("KiB", "MB") else f"{figure:,.0f} {unit}".strip()
