"""Each module here is one judge: `JUDGE` names the package whose version counts, and what it tests.

The counts of each module go to the file that HANDSHAKE_TALLY names, one line of JSON a module, for
docs/conformance.md.
"""
from __future__ import annotations

import contextlib
import json
import os
import pathlib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

import pytest
from sandbox import Sandbox

HERE = pathlib.Path(__file__).resolve().parent
SERVERS = HERE.parents[2] / ".build" / "judges" / "servers"


@pytest.fixture(autouse=True)
def cleanup(request: pytest.FixtureRequest) -> Iterator[contextlib.ExitStack]:
    """Closes resources after the test, in reverse order; `self.cleanup` in the classes."""
    with contextlib.ExitStack() as stack:
        if request.instance is not None:
            request.instance.cleanup = stack
        yield stack


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox of the demonstration."""
    with Sandbox() as made:
        yield made


def judge_version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        found = sorted(SERVERS.glob(f"lib/python3*/site-packages/{package}-*.dist-info"))
        return found[0].name.removesuffix(".dist-info").split("-")[-1] if found else ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        module = getattr(item, "module", None)
        if module and item.path.parent == HERE and not hasattr(module, "JUDGE"):
            raise pytest.UsageError(f"{item.path.name} has no JUDGE: what does it judge, by whose package?")


def pytest_row_finished(items: list[pytest.Item], reports: list[pytest.TestReport], seconds: float) -> None:
    path = os.environ.get("HANDSHAKE_TALLY")
    if items[0].path.parent != HERE or not path:
        return
    package, what = items[0].module.JUDGE  # type: ignore[attr-defined]
    failed = {report.nodeid for report in reports if report.failed}
    left = {report.nodeid: report.longrepr[2] for report in reports
            if report.skipped and isinstance(report.longrepr, tuple)}
    line = {
        "judge": f"{package} {judge_version(package)}".strip(), "file": what, "cases": len(items),
        "passed": len({item.nodeid for item in items} - failed - set(left)),
        "leftOut": [{"name": name, "reason": reason} for name, reason in sorted(left.items())]}
    with open(path, "a", encoding="utf-8") as tally:
        tally.write(json.dumps(line, sort_keys=True, ensure_ascii=False) + "\n")
