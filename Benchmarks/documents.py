"""The rows of docs/performance.md about documents: reading a large one, and pages."""
import json
import pathlib
import subprocess
import sys
import time

from measure import Contest, Figure
from screens import ours

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE.parent / "Sources"


def python(reading):
    """A whole process that reads the document, as any script does."""
    def run(world, path):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", reading, path], check=True, env=world.environment())
        return {"loaded": time.perf_counter() - start}
    return run


READERS = [
    ("python3 json.load", "import json, sys; json.load(open(sys.argv[1]))", 0.5),
    ("orjson.loads", "import orjson, sys; orjson.loads(open(sys.argv[1], 'rb').read())", None),
]


def contests(large):
    for name, reading, target in READERS:
        run = python(reading)
        yield Contest(
            f"--input of {large:,}", name, ours(large, "input", keys="", held=""),
            lambda world, run=run: run(world, world.material.document(large)),
            [Figure("loaded", "loaded", target=target, limit=0.5)])


def build(world):
    """Our reader and writer as the release has them, in a program of their own."""
    folder = pathlib.Path(world.home.name) / "pages"
    folder.mkdir()
    shared = ["swiftc", "-O", "-wmo", "-swift-version", "6", "-I", folder, "-enable-upcoming-feature",
              "ExistentialAny", "-enable-upcoming-feature", "MemberImportVisibility"]
    for module in ("Text", "Model", "Wire"):
        subprocess.run(
            [*shared, "-parse-as-library", "-module-name", module, "-emit-module",
             "-emit-module-path", folder / f"{module}.swiftmodule", "-c", "-o", folder / f"{module}.o",
             *sorted((SOURCES / module).rglob("*.swift"))], check=True)
    subprocess.run(
        [*shared, "-static-stdlib", "-o", folder / "run", HERE / "Pages" / "main.swift",
         *sorted(folder.glob("*.o"))], check=True)
    return folder / "run"


def pages(table, world):
    """Pages of 20, against Foundation's reader and writer."""
    print("pages · Foundation …", file=sys.stderr, flush=True)
    page = pathlib.Path(world.home.name) / "page.json"
    sandbox = world.sandbox(20)
    page.write_bytes(sandbox.page())
    said = subprocess.run([build(world), page], check=True, capture_output=True, text=True).stdout
    rounds = [json.loads(line) for line in said.splitlines()]
    for name, ours_, theirs, factor in (
            ("300 pages of 20, decoded", "decode", "JSONDecoder", 8),
            ("300 pages of 20, encoded", "encode", "JSONEncoder", 5)):
        table.compare(
            name, theirs, [each[ours_] for each in rounds], [each[theirs] for each in rounds],
            Figure("", "", target=1 / factor))
