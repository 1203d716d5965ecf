"""An accept as an operator does it by hand: stage, review, reason, challenge."""
from __future__ import annotations

import re
import typing

if typing.TYPE_CHECKING:
    from screen import Screen


LETTERS = re.compile(r"Type accept 1 ([a-z]{2}),")


def confirm_up_to_the_last_key(screen: Screen, organization: str) -> None:
    """From the inbox, on an invitation of a trusted organization: all but the last Enter."""
    screen.until(organization)
    screen.press("a")
    screen.until("accept 1")
    screen.press("C")
    screen.until("First type the reason")
    # A dialog accepts no key in its first moments.
    screen.settle(0.5)
    give_reason_and_phrase(screen)


def give_reason_and_phrase(screen: Screen) -> None:
    """In an open review without a reason: all but the last Enter."""
    screen.type("CHG-1")
    screen.press("\r")
    letters = LETTERS.search(screen.until(LETTERS.search))
    assert letters
    screen.type("accept 1 " + letters[1])
    screen.settle(0.2)
