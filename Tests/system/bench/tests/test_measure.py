"""The arithmetic of the benchmarks, and what makes them fail."""
from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import typing

import comparison
import counts
import pytest
import tools
from measure import Command, Contest, Figure, Row, Table, limited, ratio, seconds, shown, verdict
from timed_terminal import answer, woken

HERE = pathlib.Path(__file__).resolve().parent
# The rows below ask nothing of it.
WORLD: typing.Any = None


def command(text: str, *, is_right: bool = True) -> Command:
    return Command([sys.executable, "-c", text], {}, lambda _: is_right)


def figures(*values: float) -> typing.Callable[[typing.Any], dict[str, float]]:
    """Returns a start whose runs have these figures, one after another."""
    left = iter(values)
    return lambda _: {"key": next(left)}


# MARK: Medians and ratios

def test_a_line_has_the_medians_their_ratio_and_the_extremes_of_the_pairs() -> None:
    table = Table(pairs=3, warmups=0)
    table.compare("a", "b", [2, 4, 9], [4, 4, 6], Figure("", "", target=0.9))
    assert table.lines == [("a", "b", "4.000 s", "4.000 s", "**1.000** (0.500–1.500)", "≤ 0.90: **missed**")]


def test_warm_ups_are_not_counted() -> None:
    table = Table(pairs=2, warmups=1)
    contest = Contest("a", "b", figures(100, 1, 3), figures(100, 2, 2), [Figure("f", "key", "B", target=1)])
    table.compare_runs(contest, WORLD)
    assert table.lines == [("a: f", "b", "2 B", "2 B", "**1.000** (0.500–1.500)", "≤ 1.00: met")]
    assert not table.has_failed


def test_a_peer_of_zero_gives_no_division_by_zero() -> None:
    assert ratio(1, 0) == float("inf")


def test_figures_of_different_lengths_are_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        Table(1, 0).compare("a", "b", [1], [1, 2], Figure("", ""))


def test_targets_and_limits() -> None:
    assert (verdict(0.5, None), verdict(0.5, 0.5), verdict(0.51, 0.5)) == ("", "≤ 0.50: met", "≤ 0.50: **missed**")
    assert (limited(1, None, "B"), limited(30, 30, "B")) == ("", "≤ 30 B: met")
    assert limited(31, 30, "B") == "≤ 30 B: **missed**"


def test_figures_are_shown_with_their_unit() -> None:
    assert [shown(0.25, "s"), shown(0.0123, "s")] == ["0.250 s", "12.3 ms"]
    assert [shown(1234.5, "MB"), shown(1234, "B"), shown(7, "")] == ["1,234.50 MB", "1,234 B", "7"]


# MARK: Failed rows

def test_a_command_that_fails_or_answers_wrongly_gives_no_time() -> None:
    assert seconds(command("print(1)")) > 0
    with pytest.raises(RuntimeError, match="ended with 3"):
        seconds(command("raise SystemExit(3)"))
    with pytest.raises(RuntimeError, match="ended with 0"):
        seconds(command("print(1)", is_right=False))


def test_a_command_may_measure_its_own_time() -> None:
    assert seconds(Command([sys.executable, "-c", "print(7.5)"], {}, lambda _: True, own_time=float)) == 7.5


def test_a_row_that_cannot_be_measured_fails_the_run() -> None:
    table = Table(pairs=1, warmups=0)
    table.compare_commands(
        Row("a", "b", lambda *_: command("print(1)"), lambda *_: command("raise SystemExit(1)")), WORLD)
    assert table.has_failed
    assert table.lines == [("a", "b", "failed", "", "", "")]


def test_a_peer_that_does_not_exist_fails_the_run() -> None:
    table = Table(pairs=1, warmups=0)
    absent = Command(["/nonexistent/peer"], {}, lambda _: True)
    table.compare_commands(Row("a", "b", lambda *_: command("print(1)"), lambda *_: absent), WORLD)
    assert table.has_failed


# MARK: Choosing rows

def test_a_word_chooses_rows_whatever_its_case() -> None:
    assert comparison.chosen(["List 20 · boto3", "growth"], "BOTO3") == ["List 20 · boto3"]


def test_titles_are_unique() -> None:
    titles = comparison.all_titles(1_000_000)
    assert len(set(titles)) == len(titles) > 20
    assert len(set(counts.all_names())) == len(counts.all_names())


@pytest.mark.parametrize("script", ["run", "budgets"])
def test_a_word_that_matches_nothing_fails(script: str) -> None:
    done = subprocess.run([HERE.parent / script, "--only", "no such row"], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done
    assert "'no such row'" in done.stderr
    assert done.stdout == ""


def test_the_list_has_the_rows_that_a_word_chooses() -> None:
    done = subprocess.run(
        [HERE.parent / "run", "--list", "--only", "fzf"], capture_output=True, text=True, check=False)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1), done


def test_a_missing_tool_fails(tmp_path: pathlib.Path) -> None:
    assert tools.missing(["strip", "valgrind"], str(tmp_path)) == ["strip", "valgrind"]
    with pytest.raises(SystemExit, match="not installed: strip, valgrind"):
        tools.require("budgets", ["strip", "valgrind"], str(tmp_path))
    tools.require("budgets", ["sh"])


# MARK: Budgets

def test_a_figure_may_exceed_its_budget_by_a_tenth() -> None:
    assert counts.exceeded({"a": 110, "b": 111}, {"a": 100, "b": 100}) == ["b"]


def test_a_figure_without_a_budget_fails() -> None:
    assert counts.exceeded({"a": 0}, {}) == ["a"]


def test_figures_that_depend_on_the_machine_have_a_least_budget() -> None:
    assert counts.exceeded({"wake-ups": 2, "parts of x": 8}, {"wake-ups": 0, "parts of x": 1}) == []
    assert counts.exceeded({"wake-ups": 3, "parts of x": 9}, {"wake-ups": 0, "parts of x": 1}) == [
        "wake-ups", "parts of x"]


@pytest.mark.parametrize(("found", "budgets", "status", "message"), [
    (100, {"start and end: instructions": 100}, 0, ""),
    (111, {"start and end: instructions": 100}, 1, "over budget: start and end: instructions"),
    (100, {}, 1, "over budget: start and end: instructions"),
    (100, {"start and end: instructions": 100, "gone": 1}, 1, "recorded, but no longer measured: gone"),
])
def test_the_command_fails_where_a_budget_is_exceeded_or_missing(
        found: int, budgets: dict[str, int], status: int, message: str, tmp_path: pathlib.Path,
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "budgets.json"
    record.write_text(json.dumps(budgets))
    monkeypatch.setattr(counts, "measured", lambda _, names: dict.fromkeys(names, found))
    monkeypatch.setattr(counts, "find_programs", lambda _: None)
    monkeypatch.setattr(tools, "require", lambda *_: None)
    assert counts.main("Counts.", ["--only", "start and end: instructions"], record) == status
    assert message in capsys.readouterr().err


def test_recorded_budgets_are_those_that_are_measured() -> None:
    assert sorted(json.loads(counts.RECORD.read_text())) == sorted(counts.all_names())


# MARK: Dumps of callgrind

DUMP = """desc: Trigger: {trigger}
fn=(1) main
cfn=(2) malloc
calls=3 0
16 100
cfn=(3) free
calls=9 0
16 1
fn=(4) other
cfn=(2)
calls=4 0
16 100
cfn=(5) realloc
calls=1 0
totals: {total}
"""


def test_allocations_are_the_calls_of_the_allocator() -> None:
    assert counts.sum_of(DUMP.format(trigger="Program termination", total=1234)) == (1234, 8)


def test_only_what_lies_between_a_call_and_its_return_is_counted() -> None:
    before = DUMP.format(trigger="--dump-before=f", total=1_000_000)
    after = DUMP.format(trigger="--dump-after=f", total=10)
    assert counts.total([before, after, after], "f") == (20, 16)
    assert counts.total([before], None) == (1_000_000, 8)


def test_a_function_that_is_never_called_fails() -> None:
    with pytest.raises(RuntimeError, match="never called"):
        counts.total([DUMP.format(trigger="Program termination", total=1)], "f")


def test_a_function_that_the_program_lacks_fails_before_it_is_run(tmp_path: pathlib.Path) -> None:
    source = tmp_path / "main.c"
    source.write_text("int counted(void) { return 0; } int main(void) { return counted(); }")
    subprocess.run(["gcc", source, "-o", tmp_path / "main"], check=True)
    works = [counts.Work(name, name, 0, []) for name in ("counted", "inlined")]
    counts.check_functions(str(tmp_path / "main"), works[:1])
    with pytest.raises(SystemExit, match=r"renamed or inlined:\n  inlined \(inlined\)"):
        counts.check_functions(str(tmp_path / "main"), works)


def test_a_dump_without_a_total_fails() -> None:
    with pytest.raises(RuntimeError, match="no total"):
        counts.sum_of("fn=(1) main\n")


# MARK: Answers on a terminal

def test_parts_that_come_close_together_are_one_write() -> None:
    parts = [(1.0, b"ab"), (1.001, b"c"), (1.02, b"d")]
    result = answer(0.5, parts)
    assert (result.bytes, result.writes) == (4, 2)
    assert result.seconds == pytest.approx(0.52)


def test_no_output_is_an_error() -> None:
    with pytest.raises(ValueError, match="no output"):
        answer(0.5, [])


def test_wake_ups_are_counted_for_own_threads_and_the_manager() -> None:
    before = {"1": ("handshake", 5), "2": ("overcommit", 7), "3": ("ended", 9)}
    after = {"1": ("handshake", 6), "2": ("overcommit", 17), "4": ("new", 2)}
    assert woken(before, after) == (3, 10)
