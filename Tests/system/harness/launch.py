"""The first steps of a runner: the Python of the test environment, and the folder of our programs.

Imported before that environment is in use: only the standard library here.
"""
from __future__ import annotations

import filecmp
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]


def environment(kind: str, root: pathlib.Path = ROOT) -> pathlib.Path:
    """Returns the folder of the virtual environment with the packages of scripts/judges/KIND.txt."""
    return root / ".build" / "judges" / kind


def is_current(kind: str, root: pathlib.Path = ROOT) -> bool:
    """Returns whether that environment was made of the present list of packages."""
    made_of, listed = environment(kind, root) / "made-of.txt", root / "scripts" / "judges" / f"{kind}.txt"
    return made_of.exists() and filecmp.cmp(listed, made_of, shallow=False)


def use_judges_environment(script: str, setup: str = "test") -> None:
    """Continues `script` with the Python that has pytest, boto3 and the terminal emulator.

    Runs `scripts/setup SETUP` first where the environment is missing or older than its list of packages.
    """
    stale = not (is_current("clients") and is_current("servers"))
    if stale and subprocess.run([ROOT / "scripts" / "setup", setup], cwd=ROOT, check=False).returncode != 0:
        sys.exit(f"{pathlib.Path(script).name}: 'scripts/setup {setup}' failed")
    folder = environment("clients")
    if stale or pathlib.Path(sys.prefix).resolve() != folder.resolve():
        python = str(folder / "bin" / "python")
        os.execv(python, [python, script, *sys.argv[1:]])


def find_programs(runner: str) -> None:
    """Sets HANDSHAKE_BIN to the folder of the release programs where it is not set.

    Exits where there is no program in that folder.
    """
    if "HANDSHAKE_BIN" not in os.environ:
        shown = subprocess.run(
            ["swift", "build", "-c", "release", "--static-swift-stdlib", "--show-bin-path"],
            cwd=ROOT, check=True, capture_output=True, text=True)
        os.environ["HANDSHAKE_BIN"] = shown.stdout.strip()
    os.environ["HANDSHAKE_BIN"] = os.path.abspath(os.environ["HANDSHAKE_BIN"])
    program = pathlib.Path(os.environ["HANDSHAKE_BIN"], "handshake")
    if not program.exists():
        sys.exit(f"{runner}: there is no {program}: run `make build` first")
