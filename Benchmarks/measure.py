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


def seconds(command):
    """The wall time of one run."""
    start = time.perf_counter()
    done = subprocess.run(
        command.arguments, env=command.environment, capture_output=True, text=True, timeout=300)
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
        ratios = sorted(mine / other for mine, other in zip(ours, theirs))
        ratio = statistics.median(ours) / statistics.median(theirs)
        self.lines.append((
            row.name, row.peer, f"{statistics.median(ours):.3f} s",
            f"{statistics.median(theirs):.3f} s",
            f"**{ratio:.3f}** ({ratios[0]:.3f}–{ratios[-1]:.3f})", verdict(ratio, row.target)))

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
