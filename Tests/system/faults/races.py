"""FAULT-28 and FAULT-29: two at once, and a handshake that changes before it is confirmed."""
import contextlib
import sqlite3
import subprocess

import pytest
from embedded import Embedded, acceptance, offers
from operator_home import plain_environment
from operators_way import confirm_up_to_the_last_key, give_reason_and_phrase
from places import configuration
from programs import program
from sandbox import DEMO
from screen import Screen

# Its invitation expires first: the cursor is on it.
FIRST = "272727272727"


def first_offer():
    return next(offer for offer in offers() if offer.account == FIRST)


def second_host(home, folder):
    """The same home with another state folder."""
    return {**home.environment, **{
        key: value for key, value in plain_environment(folder).items() if key.startswith("XDG_")}}


def both(home, command, environments):
    """Starts two processes at once. Returns [(status, output)]."""
    started = [
        subprocess.Popen([program(), *command], env={**home.environment, **environment},
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for environment in environments]
    return [(child.returncode, said) for child, said in
            [(child, child.communicate(timeout=200)[0]) for child in started]]


@pytest.mark.fault(28, "two at once", part="embedded", slice=4, night=20, full=200, jobs=6)
def test_two_processes(case):
    home = Embedded(case)
    two_hosts = case.seed % 2 == 0
    environments = [home.environment, second_host(home, case.folder / "two") if two_hosts else {}]
    ended = both(home, acceptance(home.offer), environments)
    case.note(f"two hosts: {two_hosts}\n{ended}\n{home.attempts()}")
    statuses = sorted(status for status, _ in ended)
    assert statuses[0] == 0 and statuses[1] in (0, 1, 4), statuses
    assert home.is_accepted()
    if two_hosts:
        assert len(home.attempts()) <= 1
    else:
        assert statuses[1] != 0, "both say that they did it"
        assert len(home.attempts()) == 1, "sent twice"
        home.agrees()
    for environment in environments:
        verified = home.run("journal", "verify", environment=environment)
        assert verified.returncode == 0, verified
    case.tally(" and ".join(sorted(f"exit {status}" for status in statuses))
               + (", two hosts" if two_hosts else ", one host"))


@pytest.mark.fault(28, "two at once", part="aws", slice=2, night=20, full=200, jobs=6)
def test_two_processes_over_aws(case, cloud):
    two_hosts = case.seed % 2 == 0
    if case.random.random() < 0.5:
        cloud.fault("slow", "AcceptHandshake", delay=case.random.randrange(100, 2_000))
    environments = [{}, second_host(cloud, case.folder / "two") if two_hosts else {}]
    ended = both(cloud, cloud.acceptance, environments)
    case.note(f"two hosts: {two_hosts}\n{ended}\n{cloud.kinds()}")
    statuses = sorted(status for status, _ in ended)
    assert statuses[0] == 0 and statuses[1] in (0, 1, 4), statuses
    assert cloud.calls() <= 1 + two_hosts, f"{cloud.calls()} requests"
    assert cloud.accepts() == 1
    assert cloud.kinds().count("INTENT") <= 1
    if not two_hosts:
        assert statuses[1] != 0, "both say that they did it"
        cloud.tells_the_truth(1)
    case.tally(" and ".join(sorted(f"exit {status}" for status in statuses))
               + (", two hosts" if two_hosts else ", one host") + f", {cloud.calls()} requests")


class Window:
    """A terminal of the embedded organization's operator."""

    def __init__(self, case, home):
        self.screen = case.closing(Screen(home, size=(100, 40)))
        self.screen.until("read just now")

    def stands_before_the_last_key(self):
        confirm_up_to_the_last_key(self.screen, "o-a1b2c3d4e5")

    def quits(self):
        for _ in range(6):
            if self.screen.ended():
                break
            self.screen.press("q", quiet=0.3)
        assert self.screen.wait(20) == 0
        self.screen.is_restored()


def trusting(case, grace=0):
    home = Embedded(case, begun=False, offer=first_offer())
    configuration(home, grace)
    done = home.run("trust", "add", "o-a1b2c3d4e5", DEMO["acme"], "--name", "Acme", "--yes")
    assert done.returncode == 0, done
    return home


@pytest.mark.fault(28, "two windows, two presses", part="screens", slice=1, night=8, full=40, jobs=3)
def test_two_windows(case):
    home = trusting(case)
    windows = [Window(case, home) for _ in range(1 + case.seed % 2)]
    for window in windows:
        window.stands_before_the_last_key()
    for window in windows:
        window.screen.write("\r\r" if len(windows) == 1 else "\r")
    for window in windows:
        window.screen.until("back to the list", timeout=90)
        case.note(window.screen.text)
        window.quits()
    case.note(home.attempts())
    assert len(home.attempts()) == 1, "sent twice"
    assert home.is_accepted()
    home.agrees()


# Row 29: a change by somebody else while the review is open, and the words that name it.

def other_process(*command):
    def change(home):
        done = home.run(*command, home.offer.id, "--reason", "CHG-2", "--yes")
        assert done.returncode == 0, done
    return change


def passing(home):
    done = home.run("local", "advance", "3d")
    assert done.returncode == 0, done


def stored(statement):
    def change(home):
        with contextlib.closing(sqlite3.connect(home.store, timeout=30)) as database:
            database.execute(f"UPDATE handshakes SET {statement} WHERE id = ?", [home.offer.id])
            database.commit()
    return change


CHANGES = {
    "cancelled": (other_process("cancel"), "state: OPEN is now CANCELED"),
    "declined": (other_process("decline"), "state: OPEN is now DECLINED"),
    "expired": (passing, "It expires too soon"),
    "notes changed": (stored("notes = x'6e6577'"), "NOTES: CHG-4402 web shop is now new"),
    "notes gone": (stored("notes = NULL"), "NOTES: CHG-4402 web shop is now absent"),
    "later expiry": (stored("expires = expires + 3600000"), "expires: 20"),
    "earlier expiry": (stored("expires = expires - 60000"), "expires: 20"),
}


@pytest.mark.fault(29, "changed, cancelled or expired between view and confirm", slice=3, night=28, full=301, jobs=3)
def test_changed_meanwhile(case):
    home = trusting(case)
    name = list(CHANGES)[case.seed % len(CHANGES)]
    change, words = CHANGES[name]
    window = Window(case, home)
    if case.random.random() < 0.5:
        # Before the last key.
        window.stands_before_the_last_key()
        change(home)
        window.screen.write("\r")
    else:
        # When the plan has been made, before its review is open.
        window.screen.press("a")
        window.screen.until("accept 1")
        change(home)
        window.screen.write("C")
        window.screen.settle(0.6)
        case.note(window.screen.text)
        if "back to the list" not in window.screen.text and "First type the reason" in window.screen.text:
            give_reason_and_phrase(window.screen)
            window.screen.press("\r")
    window.screen.until("back to the list", timeout=60)
    # Its first line may be drawn before the rest of it.
    window.screen.settle()
    text = window.screen.text
    case.note(f"{name}\n{text}")
    assert "RESULT  1 accepted" not in text and words in text, f"{words!r} is not told"
    assert home.state_in_the_store() != "ACCEPTED"
    assert "accept" not in [line.get("act") for line in home.lines()], "it was sent"
    window.quits()
    case.tally(name)
