"""The fault matrix as pytest tests; a pytest plugin.

A row is a test function with the marker `fault`:

    @pytest.mark.fault(28, "two at once", part="aws", slice=2, night=20, full=200, jobs=6)
    def test_two_processes(case): ...

It becomes one test for each seed from 1 to the number that the marker gives for the scale. `part` distinguishes rows
of one number, `jobs` is how many of the row's tests may run at once, `limit` the seconds that one may take; a row that
measures times or memory is `alone`. A test draws everything from its seed.
"""
from __future__ import annotations

import collections
import contextlib
import dataclasses
import os
import pathlib
import random
import tempfile
import typing

import pytest
from workers import NO_CORPORA

SCALES = ("slice", "night", "full")
# Kinds of requirements that may be missing. Corpora are beside the checkout, and a bare clone has none.
CORPORA = "corpora"
SHARED = pathlib.Path(os.environ.get("HANDSHAKE_SHARED") or pathlib.Path(__file__).resolve().parents[3] / "../shared")


class Closable(typing.Protocol):
    def close(self) -> object: ...


Thing = typing.TypeVar("Thing", bound=Closable)


def names_of(wanted: str) -> list[str]:
    """Returns the names in a comma-separated list of rows."""
    return [word.strip() for word in wanted.split(",") if word.strip()]


@dataclasses.dataclass(frozen=True)
class Row:
    number: int
    title: str
    family: str
    function: str
    slice: int
    night: int
    full: int
    part: str = ""
    jobs: int = 4
    limit: float = 0
    alone: bool = False

    @property
    def label(self) -> str:
        return f"{self.number} {self.part}".strip()

    @property
    def counts(self) -> dict[str, int]:
        return {scale: getattr(self, scale) for scale in SCALES}

    def is_chosen(self, wanted: str) -> bool:
        """Returns whether a comma-separated list names it: by number, label or family. An empty list names all rows."""
        return not names_of(wanted) or any(
            name in (self.label, str(self.number), self.family) for name in names_of(wanted))


class Case:
    """One run of a row: its seed, the values drawn from it, and a folder."""

    def __init__(self, row: Row, seed: int, folder: pathlib.Path) -> None:
        self.row, self.seed, self.folder = row, seed, folder
        # The label as it was spelt when the seeds of docs/proof.md were drawn.
        spelt = f"{row.number}{row.part and ' ' + row.part}"
        self.random = random.Random(f"{spelt}/{seed}")
        self.notes: list[str] = []
        self.tallied: list[str] = []
        self._closing = contextlib.ExitStack()

    def closing(self, thing: Thing) -> Thing:
        """Closes it when the test has ended, in reverse order, even if another fails to close."""
        self._closing.callback(thing.close)
        return thing

    def note(self, text: object) -> None:
        """Adds a note that is printed with a failure."""
        self.notes.append(str(text))

    def tally(self, what: str) -> None:
        """Counts one of several possible results in the row's summary."""
        self.tallied.append(what)

    def close(self) -> None:
        self._closing.close()


CASE = pytest.StashKey[Case]()
ROWS = pytest.StashKey[dict[str, Row]]()
SUMMARIES = pytest.StashKey[list[str]]()


def left_out(why: str, kind: str = "tools") -> typing.NoReturn:
    """Skips the test, since it cannot run here. With --nothing-left-out it fails, unless a corpus is missing in a
    clone that has no corpora at all."""
    if kind == CORPORA and not SHARED.exists():
        why = f"{NO_CORPORA}: {why}"
    pytest.skip(why)


def row_of(function: typing.Any, marker: pytest.Mark) -> Row:
    number, title = marker.args
    return Row(number, title, function.__module__.rpartition(".")[2], function.__name__, **marker.kwargs)


# MARK: Options and collection

def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults")
    group.addoption("--scale", choices=SCALES, default="night", help="how many seeds of each row")
    group.addoption("--row", default="", metavar="N|FAMILY", help="rows, by number, label or family")
    group.addoption("--seed", type=int, help="that seed alone")
    group.addoption("--list-rows", action="store_true", help="name the rows, with how often each runs")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "fault(number, title, *, slice, night, full, part, jobs, limit, alone): a row of the fault matrix")
    config.addinivalue_line("markers", "workers(jobs, limit, alone): how the tests of a module may run")
    config.stash[ROWS] = {}
    config.stash[SUMMARIES] = []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("fault")
    if marker is None:
        return
    row, options = row_of(metafunc.function, marker), metafunc.config.option
    known = metafunc.config.stash[ROWS].setdefault(row.label, row)
    if known != row:
        raise pytest.UsageError(f"two rows are called {row.label}: {known.title!r} and {row.title!r}")
    count = row.counts[options.scale]
    seeds = [options.seed] if options.seed is not None else list(range(1, count + 1))
    # Seed 0 means none, and is removed below: an empty list would become a skipped test.
    metafunc.parametrize("seed", seeds if row.is_chosen(options.row) and seeds else [0],
                         ids=lambda seed: f"seed{seed}")


def unknown_names(config: pytest.Config) -> list[str]:
    """Returns the names of --row that choose no case; where the rows are only listed, those that choose no row."""
    option = config.option

    def has_cases(name: str) -> bool:
        return any(row.is_chosen(name) and (option.list_rows or option.seed is not None or row.counts[option.scale])
                   for row in config.stash[ROWS].values())

    return [name for name in names_of(option.row) if not has_cases(name)]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if (unknown := unknown_names(config)) and not config.option.list_rows:
        raise pytest.UsageError(f"no row {', '.join(unknown)} at scale {config.option.scale}")
    if not config.stash[ROWS]:
        return
    kept: list[tuple[tuple[int, str, int], pytest.Item]] = []
    for item in items:
        marker = item.get_closest_marker("fault")
        if marker is None:
            # A row was chosen: other tests are not.
            if not config.option.row:
                kept.append(((1 << 30, "", len(kept)), item))
            continue
        seed = item.callspec.params["seed"]  # type: ignore[attr-defined]
        if seed:
            row = row_of(item.function, marker)  # type: ignore[attr-defined]
            kept.append(((row.number, row.part, seed), item))
            item.user_properties += [("row", row.label), ("fault", row.title), ("seed", seed)]
    items[:] = [item for _, item in sorted(kept, key=lambda pair: pair[0])]


def pytest_collection_finish(session: pytest.Session) -> None:
    if session.config.option.list_rows:
        rows = session.config.stash[ROWS].values()
        for row in sorted(rows, key=lambda row: (row.number, row.part)):
            if row.is_chosen(session.config.option.row):
                counts = ", ".join(f"{scale} {count}" for scale, count in row.counts.items())
                print(f"{row.label:<14}  {row.family:<21} {row.title} ({counts})")
        # This hook runs after an error of the collection too, and must not hide it.
        if unknown := unknown_names(session.config):
            pytest.exit(f"no row {', '.join(unknown)}", returncode=pytest.ExitCode.USAGE_ERROR)
        pytest.exit("the rows are listed", returncode=0)


# MARK: Fixtures

@pytest.fixture
def case(request: pytest.FixtureRequest, seed: int) -> typing.Iterator[Case]:
    """Returns the run of a row at one seed."""
    node = request.node
    row = row_of(node.function, node.get_closest_marker("fault"))
    with tempfile.TemporaryDirectory(prefix="handshake-fault-", ignore_cleanup_errors=True) as folder:
        made = node.stash[CASE] = Case(row, seed, pathlib.Path(folder))
        try:
            yield made
        finally:
            made.close()


@pytest.fixture
def home(case: Case) -> typing.Any:
    """Returns a home of an operator with a copy of the demonstration's store."""
    from operator_home import Home
    return Home(case.folder)


@pytest.fixture
def cloud(case: Case) -> typing.Any:
    """Returns a sandbox of the demonstration, with our program as one of its accounts."""
    from cloud import Cloud
    return Cloud(case)


@pytest.fixture
def terminal(case: Case) -> typing.Callable[..., typing.Any]:
    """Starts our program on a terminal: `terminal(home, *arguments, size=…)`."""
    from screen import Screen

    def start(*arguments: typing.Any, **more: typing.Any) -> typing.Any:
        return case.closing(Screen(*arguments, **more))
    return start


# MARK: Reports

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
        item: pytest.Item, call: pytest.CallInfo[None]) -> typing.Generator[None, pytest.TestReport,
        pytest.TestReport]:
    report = yield
    made = item.stash.get(CASE, None)
    if made and call.when == "call":
        report.user_properties += [("tally", what) for what in made.tallied]
    if made and report.failed:
        report.sections.append(("notes", "\n".join(made.notes)))
        report.sections.append(
            ("again", f"Tests/system/faults/run --row '{made.row.label}' --seed {made.seed}"))
    return report


def pytest_row_finished(items: list[pytest.Item], reports: list[pytest.TestReport], seconds: float) -> None:
    marker, config = items[0].get_closest_marker("fault"), items[0].config
    if marker is None:
        return
    row = row_of(items[0].function, marker)  # type: ignore[attr-defined]
    seeds = {item.nodeid: item.callspec.params["seed"] for item in items}  # type: ignore[attr-defined]
    failed = sorted({seeds[report.nodeid] for report in reports if report.failed})
    skipped = sorted({seeds[report.nodeid] for report in reports if report.skipped})
    line = (f"row {row.label}: {row.title}: {len(items) - len(failed) - len(skipped)} of {len(items)} "
            f"in {seconds:.0f} s")
    line += f"; FAILED, seeds {failed}" if failed else ""
    line += f"; left out, seeds {skipped}" if skipped else ""
    tally = collections.Counter(
        value for report in reports if report.when == "call" for name, value in report.user_properties
        if name == "tally")
    lines = [line, *(f"    {count:5} {what}" for what, count in sorted(tally.items(), key=lambda pair: str(pair[0])))]
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter:
        for text in lines:
            reporter.ensure_newline()
            reporter.write_line(text, red=bool(failed))
