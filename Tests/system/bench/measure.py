"""Measures two programs in turn, and formats the table of the results."""
from __future__ import annotations

import dataclasses
import statistics
import subprocess
import sys
import time
import typing
from collections.abc import Callable, Mapping, Sequence

if typing.TYPE_CHECKING:
    from world import World

# The figures of one run, by name, in seconds, bytes or KiB.
Found = dict[str, float]
Pair = tuple[Found, Found]


@dataclasses.dataclass
class Command:
    """A process to be timed."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    # Whether the output is the whole answer: a process that fails fast gives no figure.
    is_right: Callable[[str], bool]
    # Reads the seconds from the output, where they are not those of the whole process.
    own_time: Callable[[str], float] | None = None


@dataclasses.dataclass
class Row:
    """Two commands to compare. `ours` and `theirs` return the command of a run, given the number of the run."""

    name: str
    peer: str
    ours: Callable[[World, int], Command]
    theirs: Callable[[World, int], Command]
    # The largest ratio that meets the target.
    target: float | None = None


@dataclasses.dataclass
class Figure:
    """One row of a contest. `key` is its name in the figures of a run."""

    name: str
    key: str
    unit: str = "s"
    # The largest ratio that meets the target, and the largest figure of ours.
    target: float | None = None
    limit: float | None = None


@dataclasses.dataclass
class Contest:
    """Two programs to run in turn; each run returns several figures."""

    name: str
    peer: str
    ours: Callable[[World], Found]
    theirs: Callable[[World], Found]
    figures: Sequence[Figure]


def seconds(command: Command) -> float:
    """Runs the command and returns its wall time.

    - Raises: RuntimeError if the command fails or its output is wrong.
    """
    start = time.perf_counter()
    done = subprocess.run(
        command.arguments, env=command.environment, capture_output=True, text=True, timeout=300, check=False)
    elapsed = time.perf_counter() - start
    if done.returncode != 0 or not command.is_right(done.stdout):
        raise RuntimeError(
            f"{command.arguments} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return command.own_time(done.stdout) if command.own_time else elapsed


class Table:
    """Collects the lines of the table. `has_failed` is set when a row could not be measured."""

    def __init__(self, pairs: int, warmups: int) -> None:
        self.pairs, self.warmups = pairs, warmups
        self.lines: list[tuple[str, ...]] = []
        self.has_failed = False

    def compare_commands(self, row: Row, world: World) -> None:
        """Times the two commands of a row in turn."""
        def pair(number: int) -> Pair:
            return ({"": seconds(row.ours(world, 2 * number))}, {"": seconds(row.theirs(world, 2 * number + 1))})

        pairs = self.measured(row.name, row.peer, pair)
        if pairs:
            self.add_figure(row.name, row.peer, pairs, Figure("", "", target=row.target))

    def compare_runs(self, contest: Contest, world: World) -> None:
        """Runs the two programs of a contest in turn."""
        pairs = self.measured(contest.name, contest.peer, lambda _: (contest.ours(world), contest.theirs(world)))
        for figure in contest.figures if pairs else ():
            self.add_figure(f"{contest.name}: {figure.name}", contest.peer, pairs, figure)

    def measured(self, name: str, peer: str, pair: Callable[[int], Pair]) -> list[Pair]:
        """Returns the pairs after the warm-ups; an empty list, and a line that says so, if one failed."""
        print(f"{name} · {peer} …", file=sys.stderr, flush=True)
        try:
            return [pair(number) for number in range(self.warmups + self.pairs)][self.warmups:]
        except (RuntimeError, OSError, subprocess.SubprocessError) as failure:
            self.has_failed = True
            print(failure, file=sys.stderr)
            self.lines.append((name, peer, "failed", "", "", ""))
            return []

    def add_figure(self, name: str, peer: str, pairs: Sequence[Pair], figure: Figure) -> None:
        self.compare(name, peer, [ours[figure.key] for ours, _ in pairs],
                     [theirs[figure.key] for _, theirs in pairs], figure)

    def compare(self, name: str, peer: str, ours: Sequence[float], theirs: Sequence[float], figure: Figure) -> None:
        """Adds a line: medians, the ratio of the medians with the extremes of the pairs, and the target."""
        mine, other = statistics.median(ours), statistics.median(theirs)
        ratios = sorted(ratio(*pair) for pair in zip(ours, theirs, strict=True))
        self.lines.append((
            name, peer, shown(mine, figure.unit), shown(other, figure.unit),
            f"**{ratio(mine, other):.3f}** ({ratios[0]:.3f}–{ratios[-1]:.3f})",
            verdict(ratio(mine, other), figure.target) or limited(mine, figure.limit, figure.unit)))

    def state(self, name: str, figure: float, unit: str, limit: float | None) -> None:
        """Adds a figure that has no peer."""
        self.lines.append((name, "", shown(figure, unit), "", "", limited(figure, limit, unit)))

    def add(self, name: str, peer: str, ours: float, theirs: float | None) -> None:
        """Adds counts, of which more is better."""
        if theirs is None:
            self.lines.append((name, peer, f"{ours:,.0f}", "", "", ""))
        else:
            self.lines.append((name, peer, f"{ours:,.0f}", f"{theirs:,.0f}", f"**{ratio(ours, theirs):.1f}**", ""))

    def markdown(self) -> str:
        head = ("figure", "peer", "handshake", "the peer", "ratio (of the pairs)", "target")
        rows = [head, tuple("---" for _ in head), *self.lines]
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def ratio(ours: float, theirs: float) -> float:
    return ours / theirs if theirs else float("inf")


def verdict(found: float, target: float | None) -> str:
    if target is None:
        return ""
    return f"≤ {target:.2f}: {'met' if found <= target else '**missed**'}"


def limited(figure: float, limit: float | None, unit: str) -> str:
    if limit is None:
        return ""
    return f"≤ {shown(limit, unit)}: {'met' if figure <= limit else '**missed**'}"


def shown(figure: float, unit: str) -> str:
    if unit == "s":
        return f"{figure:.3f} s" if figure >= 0.1 else f"{1000 * figure:.1f} ms"
    return f"{figure:,.2f} {unit}" if unit in ("KiB", "MB") else f"{figure:,.0f} {unit}".strip()
