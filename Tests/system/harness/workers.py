"""Runs each test in a process of its own, several at once; a pytest plugin.

The main process has no threads, so that it may fork. It collects, starts workers and reports; a worker runs one unit:
a test, or all tests of one unittest class, which share their server. A worker that ends without a report of a test
fails that test, whatever ended it: a signal, `os._exit`, or its time limit.

Rows (the cases of one function, or the tests of one module) begin one after another. `jobs` of the marker limits the
workers of a row at once; one that is `alone` waits for the rows before, and those after wait for it.
"""
from __future__ import annotations

import ctypes
import dataclasses
import itertools
import json
import os
import selectors
import signal
import sys
import tempfile
import threading
import time
import traceback
import types
import typing

import pytest
from _pytest.runner import runtestprotocol
from lost_errors import LostErrors
from run_folder import run_folder

DEFAULT_JOBS = 4
# The number of units that may run at once if they are of several rows.
SHARED = 2 * (os.cpu_count() or 1)
# Seconds for one unit. Beyond it the worker gets an exception, and after the grace a SIGKILL.
DEFAULT_LIMIT = 1_200
GRACE = 60
PR_SET_PDEATHSIG = 1
# Requirements that a bare clone cannot meet.
NO_CORPORA = "no corpora beside the checkout"
LOST = pytest.StashKey[LostErrors]()
FLAKY = pytest.StashKey[list[str]]()


class TimeLimit(BaseException):
    """A unit exceeded its time limit. No `Exception`, so that no test catches it as one of its own."""


class Terminated(BaseException):
    """The run was interrupted."""


class WorkerHooks:
    @pytest.hookspec
    def pytest_row_finished(self, items: list[pytest.Item], reports: list[pytest.TestReport],
                            seconds: float) -> None:
        """Is called when all tests of a row were reported."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(WorkerHooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("workers")
    group.addoption("--jobs", type=int, help="at most this many tests at once")
    group.addoption("--again", action="store_true",
                    help="run each failed test once more, alone, and report those that pass then as FLAKY; "
                         "they still fail")
    group.addoption("--nothing-left-out", action="store_true",
                    help="a test that is skipped, for want of a tool for example, fails")


def pytest_configure(config: pytest.Config) -> None:
    run_folder()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> typing.Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and item.config.option.nothing_left_out and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if NO_CORPORA in reason:
            return report
        report.outcome, report.longrepr = "failed", f"left out, which --nothing-left-out forbids: {reason}"
    return report


@pytest.fixture(autouse=True)
def no_error_is_lost(request: pytest.FixtureRequest) -> typing.Iterator[None]:
    """Fails the test for an exception of a future or a task that was not retrieved."""
    watch = request.config.stash.get(LOST, None)
    yield
    if watch and (lost := watch.take()):
        pytest.fail("\n".join(lost), pytrace=False)


# MARK: In the worker

def work(items: list[pytest.Item], pipe: int, output: typing.BinaryIO, limit: float) -> typing.NoReturn:
    """Runs the tests, whose reports go to the pipe. Never returns."""
    status = 1
    try:
        for number, file in ((0, os.open(os.devnull, os.O_RDONLY)), (1, output.fileno()), (2, output.fileno())):
            os.dup2(file, number)
        signal.signal(signal.SIGTERM, _raise_terminated)
        # The tests end with the main process, however that ends, and close their resources.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        signal.signal(signal.SIGALRM, _raise_time_limit)
        config = items[0].config
        # The main process reports: here a report is only sent, that of a subtest too.
        config.pluginmanager.unregister(name="terminalreporter")
        config.pluginmanager.register(Sender(config, pipe))
        config.stash[LOST] = LostErrors()
        config.stash[LOST].install()
        for item, following in itertools.zip_longest(items, items[1:]):
            signal.setitimer(signal.ITIMER_REAL, limit)
            runtestprotocol(item, nextitem=following, log=True)
            signal.setitimer(signal.ITIMER_REAL, 0)
        status = 0
    except BaseException:  # noqa: BLE001 - pytest.exit too: the main process fails what was not reported
        os.write(2, traceback.format_exc().encode())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


class Sender:
    """Writes each report as a line of JSON to the main process."""

    def __init__(self, config: pytest.Config, pipe: int) -> None:
        self.config, self.pipe = config, pipe

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        value = self.config.hook.pytest_report_to_serializable(config=self.config, report=report)
        data = json.dumps(value, default=str).encode() + b"\n"
        while data:
            data = data[os.write(self.pipe, data):]


def _raise_terminated(number: int, frame: types.FrameType | None) -> None:
    raise Terminated


def _raise_time_limit(number: int, frame: types.FrameType | None) -> None:
    raise TimeLimit("the time limit of the test")


# MARK: In the main process

def _interrupt(number: int, frame: types.FrameType | None) -> None:
    raise KeyboardInterrupt


@dataclasses.dataclass
class Unit:
    """Tests that one worker runs one after another."""

    items: list[pytest.Item]
    reports: list[pytest.TestReport] = dataclasses.field(default_factory=list)

    @property
    def failed(self) -> list[pytest.Item]:
        names = {report.nodeid for report in self.reports if report.failed}
        return [item for item in self.items if item.nodeid in names]


class Worker:
    """A process that runs a unit, as the main process sees it."""

    def __init__(self, unit: Unit, limit: float, row: Row) -> None:
        self.unit, self.row, self.began = unit, row, time.monotonic()
        self.kill_at = self.began + limit * len(unit.items) + GRACE
        self.output = tempfile.TemporaryFile(dir=run_folder())
        self.pipe, pipe = os.pipe()
        self._received = b""
        sys.stdout.flush()
        sys.stderr.flush()
        # Forked without exec: the copy may run Python as long as this process has one thread.
        if threading.active_count() > 1:
            raise RuntimeError(f"the main process has threads: {threading.enumerate()}")
        self.process = os.fork()
        if self.process == 0:
            work(unit.items, pipe, self.output, limit)
        os.close(pipe)

    def read(self) -> bool:
        """Reads the available data. Returns False at the end."""
        data = os.read(self.pipe, 1 << 20)
        self._received += data
        return bool(data)

    def finish(self) -> None:
        """Waits for the end, and gives every test a report of each phase that it needs."""
        os.close(self.pipe)
        status = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        self.output.seek(0)
        output = self.output.read().decode(errors="replace")
        self.output.close()
        config = self.unit.items[0].config
        for line in self._received.splitlines():
            try:
                data = json.loads(line)
            except ValueError:
                continue  # Cut short by the worker's end: its test has no report, and fails below.
            report = config.hook.pytest_report_from_serializable(config=config, data=data)
            if report.skipped and isinstance(report.longrepr, list):
                report.longrepr = tuple(report.longrepr)  # JSON has no tuples, and the JUnit writer wants one.
            self.unit.reports.append(report)
        for item in self.unit.items:
            own = [report for report in self.unit.reports if report.nodeid == item.nodeid]
            # The last phase is the teardown: without it the worker did not finish the test.
            if not any(report.when == "teardown" for report in own) or (status and item is self.unit.items[-1]):
                self.unit.reports.append(self._failure(item, f"the worker ended with {status}, without a report"))
        for report in self.unit.reports:
            if report.failed and output:
                report.sections.append(("output of the worker", output[-20_000:]))

    def _failure(self, item: pytest.Item, why: str) -> pytest.TestReport:
        return pytest.TestReport(
            nodeid=item.nodeid, location=item.location, keywords=dict.fromkeys(item.keywords, 1),
            outcome="failed", longrepr=why, when="call", duration=time.monotonic() - self.began,
            user_properties=item.user_properties)


def unit_name(item: pytest.Item) -> str:
    cls = getattr(item, "cls", None)
    return item.nodeid if cls is None else f"{item.path}::{cls.__qualname__}"


def row_name(item: pytest.Item) -> str:
    function = getattr(item, "originalname", item.name) if item.get_closest_marker("fault") else ""
    return f"{item.path}::{function}"


@dataclasses.dataclass(frozen=True)
class Settings:
    """How many units of a row may run at once, the seconds of one test, and whether no other row may run beside."""

    jobs: int
    limit: float
    alone: bool


def settings(item: pytest.Item) -> Settings:
    marker = item.get_closest_marker("fault") or item.get_closest_marker("workers")
    given = marker.kwargs if marker else {}
    jobs = given.get("jobs", DEFAULT_JOBS if item.get_closest_marker("fault") else 1)
    return Settings(min(jobs, item.config.option.jobs or jobs), given.get("limit") or DEFAULT_LIMIT,
                    given.get("alone", False))


class Row:
    """Units of one row: waiting, running, and finished."""

    def __init__(self, items: list[pytest.Item]) -> None:
        self.items, self.settings, self.began = items, settings(items[0]), 0.0
        self.units = [Unit(list(group)) for _, group in itertools.groupby(items, unit_name)]
        self.waiting, self.running = list(self.units), 0


class Run:
    """Starts the units in their order. A row begins before the one before it has ended if few units run: a unit mostly
    waits. A row that is `alone` shares the machine with no other."""

    def __init__(self, session: pytest.Session) -> None:
        self.session, self.config = session, session.config
        self.selector = selectors.DefaultSelector()
        self.workers: list[Worker] = []
        self.flaky = self.config.stash.setdefault(FLAKY, [])

    def all_rows(self) -> None:
        rows = [Row(list(group)) for _, group in itertools.groupby(self.session.items, row_name)]
        # A shell may have had SIGINT ignored.
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            self.run(rows)
            if self.config.option.again:
                for row in rows:
                    for unit in row.units:
                        self.tell_whether_flaky(unit)
        finally:
            self.end_all()

    def run(self, rows: list[Row], log: bool = True) -> None:
        unfinished = list(rows)
        while unfinished:
            if self.session.shouldfail:
                raise self.session.Failed(self.session.shouldfail)
            while (row := self.next_row(unfinished)) is not None:
                row.began = row.began or time.monotonic()
                worker = Worker(row.waiting.pop(0), row.settings.limit, row)
                row.running += 1
                self.workers.append(worker)
                self.selector.register(worker.pipe, selectors.EVENT_READ, worker)
            for key, _ in self.selector.select(1):
                worker = key.data
                if not worker.read():
                    self.finish(worker, log)
            unfinished = [row for row in unfinished if row.waiting or row.running]
            for worker in self.workers:
                if time.monotonic() > worker.kill_at:
                    os.kill(worker.process, signal.SIGKILL)

    def next_row(self, unfinished: list[Row]) -> Row | None:
        """Returns the row whose next unit may begin now. No row overtakes another."""
        row = next((row for row in unfinished if row.waiting), None)
        if row is None or row.running >= row.settings.jobs:
            return None
        others = [worker.row for worker in self.workers if worker.row is not row]
        if others and (row.settings.alone or any(other.settings.alone for other in others)):
            return None
        return row if not others or len(self.workers) < SHARED else None

    def finish(self, worker: Worker, log: bool) -> None:
        row = worker.row
        self.selector.unregister(worker.pipe)
        self.workers.remove(worker)
        row.running -= 1
        worker.finish()
        if not log:
            return
        self.log(worker.unit)
        if not row.waiting and not row.running:
            self.config.hook.pytest_row_finished(
                items=row.items, reports=[report for unit in row.units for report in unit.reports],
                seconds=time.monotonic() - row.began)

    def log(self, unit: Unit) -> None:
        for item in unit.items:
            item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
            for report in unit.reports:
                if report.nodeid == item.nodeid:
                    item.ihook.pytest_runtest_logreport(report=report)
            item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)

    def tell_whether_flaky(self, unit: Unit) -> None:
        """Runs a failed unit again. It has failed either way: this only finds out whether it is flaky."""
        if not unit.failed:
            return
        second = Row(unit.items)
        self.run([second], log=False)
        again = {item.nodeid for one in second.units for item in one.failed}
        self.flaky += [item.nodeid for item in unit.failed if item.nodeid not in again]

    def end_all(self) -> None:
        """Ends the workers that are left after an interrupt; each closes its resources."""
        for worker in self.workers:
            os.kill(worker.process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for worker in self.workers:
            while os.waitpid(worker.process, os.WNOHANG)[0] == 0:
                if time.monotonic() > deadline:
                    os.kill(worker.process, signal.SIGKILL)
                time.sleep(0.05)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    if session.testsfailed and not session.config.option.continue_on_collection_errors:
        raise session.Interrupted(f"{session.testsfailed} errors during collection")
    if session.config.option.collectonly or session.config.option.usepdb:
        return None
    Run(session).all_rows()
    return True


def pytest_terminal_summary(terminalreporter: typing.Any, config: pytest.Config) -> None:
    flaky = config.stash.get(FLAKY, [])
    if flaky:
        terminalreporter.section("flaky", red=True)
        for name in flaky:
            terminalreporter.line(f"FLAKY {name}: failed, and passed alone afterwards; it counts as failed")
