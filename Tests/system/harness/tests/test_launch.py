"""The first steps of a runner: a stale environment is noticed, and missing programs are."""
from __future__ import annotations

import os
import pathlib

import launch
import pytest


@pytest.fixture
def checkout(tmp_path: pathlib.Path) -> pathlib.Path:
    """A checkout whose environment was made of the present list of packages."""
    (tmp_path / "scripts" / "judges").mkdir(parents=True)
    (tmp_path / "scripts" / "judges" / "clients.txt").write_text("pytest==9.2.0\n")
    made = launch.environment("clients", tmp_path)
    made.mkdir(parents=True)
    (made / "made-of.txt").write_text("pytest==9.2.0\n")
    return tmp_path


def test_an_environment_of_the_present_list_is_current(checkout: pathlib.Path) -> None:
    assert launch.is_current("clients", checkout)


def test_an_environment_is_stale_when_the_list_has_changed(checkout: pathlib.Path) -> None:
    # The same size: the contents count.
    (checkout / "scripts" / "judges" / "clients.txt").write_text("pytest==9.3.0\n")
    assert not launch.is_current("clients", checkout)


def test_an_environment_that_was_not_finished_is_stale(checkout: pathlib.Path) -> None:
    (launch.environment("clients", checkout) / "made-of.txt").unlink()
    assert not launch.is_current("clients", checkout)


def test_missing_programs_end_the_runner(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDSHAKE_BIN", str(tmp_path))
    with pytest.raises(SystemExit, match=r"faults: there is no .*/handshake: run `make build` first"):
        launch.find_programs("faults")


def test_a_relative_folder_of_programs_becomes_absolute(
        tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "handshake").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HANDSHAKE_BIN", "bin")
    launch.find_programs("faults")
    assert os.environ["HANDSHAKE_BIN"] == str(tmp_path / "bin")
