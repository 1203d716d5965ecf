"""Rows of docs/performance.md about documents: reading a large one, and pages."""
from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import time
import typing
from collections.abc import Callable, Iterator

from launch import ROOT
from measure import Contest, Figure, Found
from screen_rows import ours

if typing.TYPE_CHECKING:
    from measure import Table
    from world import World

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = ROOT / "Sources"


def python(reading: str, count: int) -> Callable[[World], Found]:
    """Runs a whole process that reads the document, as any script does."""
    def run(world: World) -> Found:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", reading, world.material.document(count)], check=True,
                       env=world.environment())
        return {"loaded": time.perf_counter() - start}
    return run


READERS: list[tuple[str, str, float | None]] = [
    ("python3 json.load", "import json, sys; json.load(open(sys.argv[1]))", 0.5),
    ("orjson.loads", "import orjson, sys; orjson.loads(open(sys.argv[1], 'rb').read())", None),
]


def contests(large: int) -> Iterator[Contest]:
    for name, reading, target in READERS:
        yield Contest(
            f"--input of {large:,}", name, ours(large, "input", keys="", held=""), python(reading, large),
            [Figure("loaded", "loaded", target=target, limit=0.5)])


def build(world: World) -> pathlib.Path:
    """Builds our reader and writer with the flags of the release, and Pages/main.swift on them."""
    folder = pathlib.Path(world.home, "pages")
    folder.mkdir()
    shared: list[str | pathlib.Path] = [
        "swiftc", "-O", "-wmo", "-swift-version", "6", "-I", folder, "-enable-upcoming-feature", "ExistentialAny",
        "-enable-upcoming-feature", "MemberImportVisibility", "-package-name", "handshake"]
    for module in ("Text", "Model", "Wire"):
        subprocess.run(
            [*shared, "-parse-as-library", "-module-name", module, "-emit-module",
             "-emit-module-path", folder / f"{module}.swiftmodule", "-c", "-o", folder / f"{module}.o",
             *sorted((SOURCES / module).rglob("*.swift"))], check=True)
    subprocess.run(
        [*shared, "-static-stdlib", "-o", folder / "run", HERE / "Pages" / "main.swift",
         *sorted(folder.glob("*.o"))], check=True)
    return folder / "run"


def pages(table: Table, world: World) -> None:
    """Adds the rows that compare pages of 20 with Foundation's reader and writer."""
    print("pages · Foundation …", file=sys.stderr, flush=True)
    page = pathlib.Path(world.home, "page.json")
    page.write_bytes(world.service(20).page())
    said = subprocess.run([build(world), page], check=True, capture_output=True, text=True).stdout
    rounds = [json.loads(line) for line in said.splitlines()]
    for name, own, peer, factor in (
            ("300 pages of 20, decoded", "decode", "JSONDecoder", 8),
            ("300 pages of 20, encoded", "encode", "JSONEncoder", 5)):
        table.compare(
            name, peer, [each[own] for each in rounds], [each[peer] for each in rounds],
            Figure("", "", target=1 / factor))
