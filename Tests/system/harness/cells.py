"""An emulator that keeps every scalar, with libc's widths: pyte drops some marks, and joins others."""
from __future__ import annotations

import typing
from collections.abc import Callable

import pyte
from accounting import columns
from screen import Screen


class Cells(pyte.Screen):
    """Rows of cells as curses means them."""

    def draw(self, data: str) -> None:
        for each in data:
            width = columns(ord(each))
            if width == 0:
                self.add_mark(each)
                continue
            if self.cursor.x + max(width, 1) > self.columns:
                self.carriage_return()
                self.linefeed()
            line = self.buffer[self.cursor.y]
            line[self.cursor.x] = self.cursor.attrs._replace(data=each)
            if width == 2:
                line[self.cursor.x + 1] = self.cursor.attrs._replace(data="")
            self.cursor.x += max(width, 1)
        self.dirty.add(self.cursor.y)

    def add_mark(self, mark: str) -> None:
        line, place = self.buffer[self.cursor.y], self.cursor.x - 1
        while place > 0 and line[place].data == "":
            place -= 1
        line[place] = line[place]._replace(data=line[place].data + mark)

    @property
    def display(self) -> list[str]:
        return self.part(0, self.columns)

    def part(self, first: int, end: int) -> list[str]:
        """Returns the text of some columns, row by row."""
        return ["".join(self.buffer[row][column].data for column in range(first, end))
                for row in range(self.lines)]


    def repeat(self, count: int = 1) -> None:
        """REP: repeats the last character, which curses sends where a character is a byte."""
        line = self.buffer[self.cursor.y]
        self.draw(line[max(0, self.cursor.x - 1)].data * max(count, 1))


    def scroll_up(self, count: int = 1) -> None:
        """SU, and SD below: the lines between the margins move, the cursor does not."""
        self.scrolled(count, self.margins.bottom if self.margins else self.lines - 1, self.index)

    def scroll_down(self, count: int = 1) -> None:
        self.scrolled(count, self.margins.top if self.margins else 0, self.reverse_index)

    def scrolled(self, count: int, row: int, move: Callable[[], None]) -> None:
        kept, self.cursor.y = self.cursor.y, row
        for _ in range(max(count, 1)):
            move()
        self.cursor.y = kept


class Sequences(pyte.ByteStream):
    csi = {**pyte.ByteStream.csi, "b": "repeat", "S": "scroll_up", "T": "scroll_down"}
    events = pyte.ByteStream.events | {"repeat", "scroll_up", "scroll_down"}


class ExactScreen(Screen):
    """Our program on a terminal whose cells are kept as they were sent."""

    def __init__(self, home: typing.Any, *arguments: str, **more: typing.Any) -> None:
        super().__init__(home, *arguments, **more)
        self._emulator = Cells(*self.size)
        self._stream = Sequences(self._emulator)

    def part(self, first: int, end: int) -> list[str]:
        self.feed()
        return [line.rstrip() for line in self._emulator.part(first, end)]
