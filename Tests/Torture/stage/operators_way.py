"""An accept as an operator does it by hand: stage, review, reason, challenge."""
import re

LETTERS = re.compile(r"accept 1 ([a-z]{2})\b")


def confirm_up_to_the_last_key(screen, organization):
    """From the inbox, on an invitation of a trusted organization: all but the last Enter."""
    screen.until(organization)
    screen.press("a")
    screen.until("accept 1")
    screen.press("C")
    text = screen.until(lambda text: LETTERS.search(text))
    # A dialog takes no key in its first moments.
    screen.settle(0.5)
    screen.press("\t")
    screen.type("CHG-1")
    screen.press("\r")
    screen.type("accept 1 " + LETTERS.search(text)[1])
    screen.settle(0.2)
