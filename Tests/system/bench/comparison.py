"""The command `run`: chooses rows, measures them, and prints the table."""
from __future__ import annotations

import argparse
import importlib.util
import pathlib
import subprocess
import sys

import document_rows
import screen_rows
import service_rows
import tools
from launch import ROOT, find_programs
from measure import Contest, Row, Table
from world import World

# Rows that are no pair of programs: figures without a peer, readers within one process, a rate, and a second table.
ALONE, PAGES, RATE, GROWTH = "figures alone", "pages of 20", "requests a second", "growth"


def title(row: Row | Contest) -> str:
    return f"{row.name} · {row.peer}"


def chosen(names: list[str], word: str) -> list[str]:
    """Returns the names that contain the word, whatever its case."""
    return [name for name in names if word.lower() in name.lower()]


def all_titles(large: int) -> list[str]:
    """Returns the titles of all rows, in the order of the table."""
    rows: list[Row | Contest] = [*screen_rows.contests(large), *document_rows.contests(large), *service_rows.ROWS]
    return [*map(title, rows), ALONE, PAGES, RATE, GROWTH]


def parsed(documentation: str, arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run", description=documentation.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="three pairs, one warm-up")
    parser.add_argument("--only", default="", metavar="WORD", help="rows with this word")
    parser.add_argument("--large", type=int, default=100_000, metavar="N", help="the size of a large list")
    parser.add_argument("--idle", type=int, default=60, metavar="SECONDS", help="the time without a key")
    parser.add_argument("--list", action="store_true", help="name the rows")
    parser.add_argument("--markdown", metavar="FILE", help="write the tables to this file, too")
    return parser.parse_args(arguments)


def require_everything() -> None:
    """Installs what is missing where that is possible, and exits where something is still missing."""
    if tools.missing(tools.COMPARED) or importlib.util.find_spec("orjson") is None:
        subprocess.run([ROOT / "scripts" / "setup", "bench"], cwd=ROOT, check=False)
        importlib.invalidate_caches()
    tools.require("bench", tools.COMPARED)
    if importlib.util.find_spec("orjson") is None:
        sys.exit("bench: not installed: orjson. 'scripts/setup bench' installs it.")


def main(documentation: str, arguments: list[str] | None = None) -> int:
    options = parsed(documentation, arguments)
    names = chosen(all_titles(options.large), options.only)
    if not names:
        print(f"bench: no row has {options.only!r} in its name; --list names the rows", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(names))
        return 0
    require_everything()
    find_programs("bench")
    with World() as world:
        table = Table(pairs=3 if options.quick else 7, warmups=1 if options.quick else 3)
        text = measured(world, table, options, names)
        print(text)
        if options.markdown:
            pathlib.Path(options.markdown).write_text(text + "\n", encoding="utf-8")
        return 1 if table.has_failed else 0


def measured(world: World, table: Table, options: argparse.Namespace, names: list[str]) -> str:
    """Measures the rows of these names, and returns the text with the table."""
    large = options.large
    for contest in [*screen_rows.contests(large), *document_rows.contests(large)]:
        if title(contest) in names:
            table.compare_runs(contest, world)
    if ALONE in names:
        for figure in screen_rows.singles(world, large, options.idle):
            table.state(*figure)
    if PAGES in names:
        document_rows.pages(table, world)
    for row in service_rows.ROWS:
        if title(row) in names:
            table.compare_commands(row, world)
    if RATE in names:
        service_rows.requests_a_second(table, world, seconds=2 if options.quick else 5)
    said = [world.description(), "", table.markdown()]
    if GROWTH in names:
        said += ["", screen_rows.growth_table(world, large)]
    return "\n".join(said)
