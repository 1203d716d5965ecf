#!/usr/bin/env python3
"""Runs the judges: other people's clients against our sandbox, our client against their servers.

    run.py                  all of them
    run.py test_boto3       that module; several are allowed; what begins with `-` goes to pytest

HANDSHAKE_TALLY names a file for the counts of docs/conformance.md. Exits with 1 if any case failed or was left out.
"""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.with_name("harness")))

from launch import ROOT, use_judges_environment  # noqa: E402


def main() -> int:
    use_judges_environment(__file__)
    names = [word for word in sys.argv[1:] if not word.startswith("-")]
    options = [word for word in sys.argv[1:] if word.startswith("-")]
    paths = [HERE / f"{name}.py" for name in names] or [HERE]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "--rootdir", ROOT, "-q",
         "--nothing-left-out", "--durations=5", *options, *paths], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
