"""The Unicode Character Database's tests, from Debian's unicode-data."""
from __future__ import annotations

import functools
import pathlib
from collections.abc import Iterable, Iterator

from fault_rows import left_out

FOLDER = pathlib.Path("/usr/share/unicode")


def lines_of(name: str) -> Iterator[str]:
    found = [path for path in (FOLDER / name, FOLDER / "auxiliary" / name) if path.exists()]
    if not found:
        left_out("unicode-data is not installed")
    for written in found[0].read_text(encoding="utf-8").splitlines():
        line = written.split("#")[0].strip()
        if line and not line.startswith("@"):
            yield line


def scalars(words: Iterable[str]) -> bytes:
    # The grapheme tests have one line with a surrogate, which is not text.
    values = [int(word, 16) for word in words]
    return "".join(map(chr, values)).encode("utf-8", "surrogatepass")


@functools.lru_cache(maxsize=1)
def break_tests() -> list[bytes]:
    """Returns the texts of GraphemeBreakTest.txt."""
    return [scalars(word for word in line.split() if word not in "÷×")
            for line in lines_of("GraphemeBreakTest.txt")]


@functools.lru_cache(maxsize=1)
def direction_tests() -> list[bytes]:
    """Returns the texts of BidiCharacterTest.txt, each once."""
    return sorted({scalars(line.split(";")[0].split()) for line in lines_of("BidiCharacterTest.txt")})
