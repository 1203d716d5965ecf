"""The timed terminal, on a shell."""
from __future__ import annotations

import os
import typing

import pytest
from screen_rows import Filter, fewer, type_filter
from timed_terminal import TimedTerminal

pytestmark = pytest.mark.workers(jobs=2, limit=60)


def shell(script: str, **more: typing.Any) -> TimedTerminal:
    return TimedTerminal(["sh", "-c", script], os.environ, **more)


def test_the_time_of_a_pattern_is_that_of_its_part() -> None:
    with shell("echo first; sleep 0.4; echo second; sleep 9") as terminal:
        first, second = terminal.wait_for("first", "second")
    assert 0 < first < second
    assert second - first >= 0.35


def test_a_pattern_that_does_not_appear_is_an_error() -> None:
    with shell("echo first; sleep 9") as terminal, pytest.raises(RuntimeError, match="only \\['first'\\]"):
        terminal.wait_for("first", "never", limit=0.3)


def test_a_program_that_ends_is_not_waited_for() -> None:
    with shell("echo first") as terminal, pytest.raises(RuntimeError, match="first"):
        terminal.wait_for("never", limit=60)


def test_an_answer_has_its_bytes() -> None:
    with shell("stty -echo -icanon; echo ready; while read -r _; do printf abc; done") as terminal:
        terminal.wait_for("ready")
        answer = terminal.press("\n")
        assert (answer.bytes, answer.writes) == (3, 1)
        assert 0 < answer.seconds < 10
        assert terminal.lines[1] == "abc"


def test_keys_without_an_answer_are_an_error() -> None:
    with shell("stty -echo; echo ready; sleep 9") as terminal:
        terminal.wait_for("ready")
        with pytest.raises(RuntimeError, match="no answer to 'j' in 0.3 s"):
            terminal.press("j", first=0.3)


def test_a_slow_answer_has_its_time() -> None:
    with shell("stty -echo -icanon; echo ready; read -r _; sleep 0.8; printf abc; sleep 9") as terminal:
        terminal.wait_for("ready")
        assert terminal.press("\n").seconds >= 0.8


FILTERED = """
stty -echo -icanon
printf '100 of 100'
for _ in 1 2; do head -c 1 >/dev/null; printf '\\r%s'; done
sleep 9
"""


@pytest.mark.parametrize(("shown", "is_right"), [("12 of 100  ", True), ("100 of 100 ", False), ("0 of 100  ", False)])
def test_a_filter_has_to_leave_some_rows(shown: str, is_right: bool) -> None:
    filter = Filter(None, "ab", fewer(100, " of "))
    with shell(FILTERED.replace("%s", shown)) as terminal:
        terminal.wait_for("100 of 100")
        if is_right:
            found = type_filter(filter, terminal)
            assert 0 < found["slowest key"] <= found["filtered"]
        else:
            with pytest.raises(RuntimeError, match="does not appear"):
                type_filter(filter, terminal)


def test_a_filter_whose_keys_are_not_answered_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TimedTerminal.press, "__defaults__", (0.04, 0.3))
    with shell("stty -echo -icanon; printf '100 of 100'; sleep 9") as terminal:
        terminal.wait_for("100 of 100")
        with pytest.raises(RuntimeError, match="no answer to 'a'"):
            type_filter(Filter(None, "ab", fewer(100, " of ")), terminal)


def test_bytes_count_for_the_row_they_are_written_to() -> None:
    with shell("printf 'ab\\033[3;1Hcde\\033[1mf\\033[0m'; sleep 9") as terminal:
        terminal.rest(quiet=0.5)
        counts = terminal.draw_by_row()
    # The move counts for the third row, and so does the end of a style.
    assert counts == {0: 2, 2: 6 + 3 + 4 + 1 + 4}


def test_standard_input_may_be_a_file(tmp_path: typing.Any) -> None:
    file = tmp_path / "input"
    file.write_text("from the file\n")
    with shell("cat; sleep 9", standard_input=str(file)) as terminal:
        terminal.wait_for("from the file")


def test_a_question_about_the_terminal_is_answered() -> None:
    script = "stty -echo -icanon min 0 time 20; printf '12345\\033[6n'; head -c 6 | od -An -c; sleep 9"
    with shell(script) as terminal:
        terminal.wait_for(r"033\s+\[\s+1\s+;\s+6\s+R")
