"""An emulator that draws what a program writes to its terminal."""
from __future__ import annotations

from collections.abc import Callable

import pyte


class Emulator(pyte.Screen):
    """A screen of pyte's with the sequences that repeat a character and that scroll: curses sends them, and the
    library lacks them."""

    last_drawn = " "

    def draw(self, data: str) -> None:
        super().draw(data)
        self.last_drawn = data[-1:] or self.last_drawn

    def repeat_last(self, count: int | None = None) -> None:
        self.draw(self.last_drawn * (count or 1))

    def scroll_up(self, count: int | None = None) -> None:
        self._scroll(self.delete_lines, count)

    def scroll_down(self, count: int | None = None) -> None:
        self._scroll(self.insert_lines, count)

    def insert_lines(self, count: int | None = None) -> None:
        self._touch()
        super().insert_lines(count)

    def delete_lines(self, count: int | None = None) -> None:
        self._touch()
        super().delete_lines(count)

    def _touch(self) -> None:
        """Creates all lines: the library does not move a line that nothing was written to, and so would leave in
        place what that line should replace."""
        for number in range(self.lines):
            self.buffer[number]

    def _scroll(self, moving: Callable[[int], None], count: int | None) -> None:
        place = (self.cursor.x, self.cursor.y)
        self.cursor.y = self.margins.top if self.margins else 0
        moving(count or 1)
        self.cursor.x, self.cursor.y = place


class Stream(pyte.ByteStream):
    csi = {**pyte.Stream.csi, "b": "repeat_last", "S": "scroll_up", "T": "scroll_down"}
    events = pyte.Stream.events | {"repeat_last", "scroll_up", "scroll_down"}
