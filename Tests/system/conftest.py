"""Loads the plugins of the harness for every test below."""
import pathlib

from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(pathlib.Path(__file__).resolve().parents[2] / ".build" / "hypothesis")
pytest_plugins = ["workers", "fault_rows"]
