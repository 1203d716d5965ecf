"""Tests of the harness itself: any error in a row fails the run."""
from __future__ import annotations

import dataclasses
import os
import pathlib
import subprocess
import sys
import textwrap
import typing
import xml.etree.ElementTree

import pytest

pytestmark = pytest.mark.workers(jobs=4, limit=240)

ROOT = pathlib.Path(__file__).resolve().parents[4]
HEAD = """
import asyncio, concurrent.futures, os, pathlib, signal, threading, time
import pytest
from fault_rows import CORPORA, left_out
HERE = pathlib.Path(__file__).parent

@pytest.mark.fault(1, "made up", slice=2, night=2, full=2, limit=LIMIT)
def test_row(case):
    if case.seed == 2:
        HERE.joinpath("second").write_text("ran")
        return
"""


@dataclasses.dataclass
class Result:
    status: int
    output: str
    # The result of the case at seed 1: "passed", "failed" or "skipped".
    outcome: str


class Inner:
    """A run of the harness over a made-up row, whose case at seed 2 passes."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        (folder / "system" / "faults").mkdir(parents=True)
        (folder / "conftest.py").write_text(
            'import workers\nworkers.GRACE = 2\npytest_plugins = ["workers", "fault_rows"]\n')

    def run(self, body: str, *options: str, limit: float = 60, head: str = HEAD, **environment: str) -> Result:
        rows = self.folder / "system" / "faults"
        file = rows / "made_up.py"
        file.write_text(head.replace("LIMIT", str(limit)) + textwrap.indent(textwrap.dedent(body), "    "))
        junit = self.folder / "junit.xml"
        variables = {name: value for name, value in os.environ.items() if not name.startswith("HANDSHAKE_RUN")}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:hypothesispytest", "-c", ROOT / "pyproject.toml",
             "--rootdir", self.folder, f"--junitxml={junit}", "--scale=slice", *options, rows],
            cwd=self.folder, env={**variables, **environment}, text=True, timeout=200, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return Result(done.returncode, done.stdout, self._outcome(junit))

    @staticmethod
    def _outcome(junit: pathlib.Path) -> str:
        for case in xml.etree.ElementTree.parse(junit).iter("testcase") if junit.exists() else []:
            if case.get("name") == "test_row[seed1]":
                kinds = {each.tag for each in case} - {"properties", "system-out", "system-err"}
                names = {"failure": "failed", "error": "failed", "skipped": "skipped"}
                return names[kinds.pop()] if kinds else "passed"
        return "missing"


@pytest.fixture
def inner(tmp_path: pathlib.Path) -> Inner:
    return Inner(tmp_path)


def test_a_row_that_keeps_its_promise_passes(inner: Inner) -> None:
    result = inner.run("assert case.random.random() < 1")
    assert (result.status, result.outcome) == (0, "passed"), result.output
    assert "row 1: made up: 2 of 2" in result.output


BROKEN: dict[str, tuple[str, str]] = {
    "an assertion": ("assert case.seed == 7", "assert 1 == 7"),
    "SystemExit": ("raise SystemExit(0)", "SystemExit"),
    "KeyboardInterrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "MemoryError": ("raise MemoryError", "MemoryError"),
    "GeneratorExit": ("raise GeneratorExit", "GeneratorExit"),
    "pytest.exit": ("pytest.exit('enough', returncode=0)", "enough"),
    "os._exit": ("os._exit(0)", "ended with 0, without a report"),
    "a signal": ("os.kill(os.getpid(), signal.SIGKILL)", "ended with -9, without a report"),
    "a segmentation fault": ("os.kill(os.getpid(), signal.SIGSEGV)", "ended with -11, without a report"),
    "a lost future": ("""
        pool = concurrent.futures.ThreadPoolExecutor(1)
        pool.submit(lambda: 1 / 0)
        pool.shutdown()
        """, "an exception of a future was dropped"),
    "a lost SystemExit of a future": ("""
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            concurrent.futures.wait([pool.submit(exit)])
        """, "an exception of a future was dropped"),
    "a lost task": ("""
        async def main():
            async def task():
                raise ValueError("lost")
            task = asyncio.create_task(task())
            await asyncio.sleep(0.1)
        asyncio.run(main())
        """, "Task exception was never retrieved"),
    "an exception of a thread": ("""
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        """, "ZeroDivisionError"),
    "an exception of a finalizer": ("""
        class Bad:
            def __del__(self):
                raise ValueError("finalizer")
        Bad()
        """, "finalizer"),
    "closing": ("""
        class Bad:
            def close(self):
                raise OSError("cannot be closed")
        case.closing(Bad())
        """, "cannot be closed"),
    "a value returned": ("return False", "return"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_fails_for(inner: Inner, name: str) -> None:
    body, words = BROKEN[name]
    result = inner.run(body)
    assert result.status == 1, result.output
    assert result.outcome == "failed", result.output
    assert words in result.output
    # It must not affect other cases, nor end the run before them.
    assert (inner.folder / "system" / "faults" / "second").exists(), result.output
    assert "1 of 2" in result.output


def test_a_future_that_was_asked_is_not_lost(inner: Inner) -> None:
    result = inner.run("""
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            first, second = pool.submit(lambda: 1 / 0), pool.submit(lambda: 1 / 0)
        assert isinstance(first.exception(), ZeroDivisionError)
        with pytest.raises(ZeroDivisionError):
            second.result()
        """)
    assert result.status == 0, result.output


def test_a_case_beyond_its_limit_fails_and_is_closed(inner: Inner) -> None:
    result = inner.run("""
        class Thing:
            def close(self):
                HERE.joinpath("closed").write_text("")
        case.closing(Thing())
        time.sleep(100)
        """, limit=1)
    assert (result.status, result.outcome) == (1, "failed"), result.output
    assert "TimeLimit" in result.output
    assert (inner.folder / "system" / "faults" / "closed").exists()


def test_a_case_that_does_not_heed_its_limit_is_killed(inner: Inner) -> None:
    result = inner.run("""
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        time.sleep(100)
        """, limit=1)
    assert (result.status, result.outcome) == (1, "failed"), result.output
    assert "ended with -9" in result.output


def test_a_flaky_case_fails_and_is_called_flaky(inner: Inner) -> None:
    body = """
        first = not HERE.joinpath("before").exists()
        HERE.joinpath("before").write_text("")
        assert not first
        """
    result = inner.run(body, "--again")
    assert (result.status, result.outcome) == (1, "failed"), result.output
    assert "FLAKY system/faults/made_up.py::test_row[seed1]" in result.output


def test_a_steady_failure_is_not_called_flaky(inner: Inner) -> None:
    result = inner.run("assert False", "--again")
    assert result.status == 1
    assert "FLAKY" not in result.output


def test_a_missing_tool_is_left_out_and_fails_where_nothing_may_be(inner: Inner) -> None:
    body = "left_out('no C compiler')"
    assert (result := inner.run(body)).status == 0, result.output
    assert result.outcome == "skipped"
    assert "left out, seeds [1]" in result.output
    result = inner.run(body, "--nothing-left-out")
    assert (result.status, result.outcome) == (1, "failed"), result.output
    assert "no C compiler" in result.output


@pytest.mark.parametrize("there", [True, False])
def test_corpora_may_be_left_out_by_a_bare_clone_alone(inner: Inner, there: bool) -> None:
    shared = inner.folder if there else inner.folder / "not-there"
    result = inner.run("left_out('no strings', CORPORA)", "--nothing-left-out", HANDSHAKE_SHARED=str(shared))
    assert result.outcome == ("failed" if there else "skipped"), result.output
    assert result.status == int(there)


FAILED, INTERRUPTED, USAGE, NOTHING = (
    pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED, pytest.ExitCode.USAGE_ERROR,
    pytest.ExitCode.NO_TESTS_COLLECTED)


@pytest.mark.parametrize(("head", "options", "status", "words"), [
    pytest.param("import nothing_of_that_name\nif True:\n", (), INTERRUPTED, "nothing_of_that_name",
                 id="a module that cannot be imported"),
    pytest.param(HEAD + "\n" + HEAD.replace("test_row", "test_other"), (), INTERRUPTED, "two rows are called 1",
                 id="two rows of one name"),
    pytest.param(HEAD, ("--row=2",), USAGE, "no row 2", id="an unknown row"),
    pytest.param(HEAD, ("--row=1,2",), USAGE, "no row 2", id="an unknown row beside a known one"),
    pytest.param(HEAD, ("--row=2", "--list-rows"), USAGE, "no row 2", id="an unknown row that is listed"),
    pytest.param(HEAD.replace("slice=2", "slice=0"), ("--row=1",), USAGE, "no row 1 at scale slice",
                 id="a row without cases at this scale"),
    pytest.param(HEAD, ("-k", "no_such_test"), NOTHING, "deselected", id="an expression that matches nothing"),
    pytest.param("def test_row():\n", ("--row=1",), USAGE, "no row 1", id="a row where there are no rows"),
    pytest.param("def test_no_row(): pass\ndef test_row(case):\n", (), FAILED, "seed", id="no marker"),
])
def test_a_run_that_cannot_begin_fails(
        inner: Inner, head: str, options: typing.Sequence[str], status: pytest.ExitCode, words: str) -> None:
    result = inner.run("pass", *options, head=head)
    assert result.status == status, result.output
    assert words in result.output


TIMED = """
import pathlib, time
import pytest

def note(name):
    with open(pathlib.Path(__file__).parent / "times", "a") as file:
        print(name, time.monotonic(), file=file)

def spend(name):
    note(name + " begins")
    time.sleep(1)
    note(name + " ends")

@pytest.mark.fault(2, "waits", slice=1, night=1, full=1)
def test_first(case):
    spend("first")

@pytest.mark.fault(3, "waits too", slice=1, night=1, full=1)
def test_second(case):
    spend("second")

@pytest.mark.fault(4, "measures", slice=1, night=1, full=1, alone=True)
def test_alone(case):
    spend("alone")

@pytest.mark.fault(5, "comes after", slice=1, night=1, full=1)
def test_row(case):
"""


def test_rows_overlap_but_for_those_that_are_alone(inner: Inner) -> None:
    result = inner.run("spend('last')", head=TIMED)
    assert result.status == 0, result.output
    lines = (inner.folder / "system" / "faults" / "times").read_text().splitlines()
    times = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}
    assert times["second begins"] < times["first ends"]
    assert times["alone begins"] > max(times["first ends"], times["second ends"])
    assert times["last begins"] > times["alone ends"]
