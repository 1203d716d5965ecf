"""The screens of the program, and the keys that lead to each: for cases that end or interrupt it there."""
from __future__ import annotations

import pathlib
import typing
from collections.abc import Callable

if typing.TYPE_CHECKING:
    from fault_rows import Case

import json
import typing

from cloud import Cloud
from operator_home import Home
from sandbox import DEMO
from screen import Screen

ACCOUNT = "acme-dev"
TRUSTED = ("o-a1b2c3d4e5", DEMO["acme"])


class Stand:
    """The program on a terminal, at one of its screens. `grace` is in seconds; `home`, an existing Cloud or Home."""

    def __init__(self, case: Case, place: str, *, home: typing.Any = None, size: tuple[int, int] = (80, 24),
            grace: int = 5, **more: typing.Any) -> None:
        self.case, self.place = case, place
        # Sent as soon as it is confirmed.
        grace = 0 if place == "sending" else grace
        self.is_remote = isinstance(home, Cloud) or place in REMOTE
        self.home: typing.Any = home or (Cloud(case) if self.is_remote else Home(case.folder))
        arguments = ["--backend", "aws", "--write"] if self.is_remote else []
        environment = dict(more.pop("environment", {}))
        if place == "code":
            arguments += ["--profile", "with-code"]
            environment.update(self._with_code())
        configuration(self.home, grace)
        if place != "alone":
            self.run("trust", "add", *TRUSTED, "--name", "Acme", "--yes")
        self.screen: Screen = case.closing(
            Screen(self.home, *arguments, size=size, environment=environment, **more))

    def _with_code(self) -> dict[str, str]:
        folder = pathlib.Path(self.case.folder, "aws")
        folder.mkdir()
        keys = "".join(f"{name}={value}\n"
                       for name, value in self.home.sandbox.keys("acme").items())
        (folder / "credentials").write_text("[default]\n" + keys)
        (folder / "credentials").chmod(0o600)
        (folder / "config").write_text(
            "[default]\nregion=us-east-1\n[profile with-code]\nregion=us-east-1\n"
            f"role_arn=arn:aws:iam::{DEMO['acme-prod']}:role/OperatorWithMFA\n"
            f"source_profile=default\nmfa_serial=arn:aws:iam::{DEMO['acme']}:mfa/operator\n")
        return {"AWS_CONFIG_FILE": str(folder / "config"),
                "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials")}

    def run(self, *arguments: str) -> typing.Any:
        done = self.home.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    # MARK: Navigation

    def arrive(self) -> Stand:
        """Presses the keys that lead to the place."""
        if self.place != "code":
            self.screen.until("read just now")
            self.screen.settle()
        PLACES[self.place](self)
        self.screen.settle()
        return self

    def press(self, key: str, wanted: typing.Any) -> str:
        self.screen.press(key)
        return self.screen.until(wanted)

    def only(self, account: str) -> None:
        self.screen.press("/")
        self.screen.write(account)
        self.screen.settle()
        self.press("\r", "end of list: all pages of 30 accounts read; the filte")

    def stage(self, key: str) -> None:
        if not self.is_remote:
            self.only(ACCOUNT)
        self.press(key, {"a": "accept 1", "d": "decline 1"}[key])

    def review(self, key: str = "a") -> None:
        self.stage(key)
        self.press("C", "REVIEW")
        # A dialog accepts no key before it has been shown for a moment.
        self.screen.settle(0.4)

    def give_reason(self) -> None:
        """A required reason has the focus until it is given; Tab leads to any other."""
        is_required = "First type the reason" in self.screen.text
        self.screen.press("" if is_required else "\t")
        self.screen.type("CHG-1")
        self.screen.press("\r" if is_required else "\t")

    def challenge(self) -> str:
        """Returns the phrase to type, with its letters."""
        text = self.screen.until(", then Enter")
        line = [line for line in text.splitlines() if ", then Enter" in line][-1]
        return line.split("Type ")[1].split(", then Enter")[0].strip()

    def type_challenge(self) -> None:
        self.give_reason()
        self.screen.type(self.challenge())
        self.screen.until("Complete: Enter")

    def confirm(self, wanted: typing.Any) -> None:
        self.type_challenge()
        self.press("\r", wanted)

    # MARK: Results

    def accepts(self) -> int:
        """Returns how often an accept was applied."""
        if self.is_remote:
            result: int = self.home.accepts()
            return result
        states = [one["State"] for one in json.loads(self.run("list", "--json"))["Handshakes"]]
        return states.count("ACCEPTED")

    def kinds(self) -> list[str]:
        result: list[str] = self.home.kinds()
        return result

    def answers(self) -> int:
        """Returns how many answers were begun, of any kind."""
        return self.kinds().count("INTENT")


def configuration(home: typing.Any, grace: int) -> None:
    folder = pathlib.Path(home.path, "config", "handshake")
    folder.mkdir(parents=True, exist_ok=True)
    for part in (folder.parent, folder):
        part.chmod(0o700)
    (folder / "config.toml").write_text(f"grace = {grace}\n")
    (folder / "config.toml").chmod(0o600)


def half_typed(stand: Stand) -> None:
    stand.review()
    stand.give_reason()
    stand.screen.type(stand.challenge()[:-2])


def stating(stand: Stand) -> None:
    stand.review()
    stand.give_reason()
    stand.screen.type(TRUSTED[0][:-1])


def armed(stand: Stand) -> None:
    stand.review()
    stand.confirm("ARMED")


def sending(stand: Stand) -> None:
    # Applied late: it is in flight when the program is interrupted.
    stand.home.fault("late", "AcceptHandshake", delay=1_500)
    stand.review()
    stand.confirm("SENDING")


def declined(stand: Stand) -> None:
    stand.review("d")
    stand.screen.type(stand.challenge())
    stand.press("\r", "back to the list")


def filtering(stand: Stand) -> None:
    stand.press("/", " filter > ")
    stand.screen.type("acm")


def exporting(stand: Stand) -> None:
    stand.press("e", "EXPORT JSON TO")


PLACES: dict[str, Callable[[Stand], object]] = {
    "list": lambda stand: None,
    "detail": lambda stand: stand.press("\r", "Inbox > h-"),
    "raw": lambda stand: stand.press("i", '"Arn":'),
    "review": lambda stand: stand.review(),
    "declining": lambda stand: stand.review("d"),
    "challenge": half_typed,
    "alone": stating,
    "armed": armed,
    "sending": sending,
    "outcome": declined,
    "filter": filtering,
    "help": lambda stand: stand.press("?", "HELP"),
    "palette": lambda stand: stand.press(":", "COMMANDS"),
    "prompt": exporting,
    "code": lambda stand: stand.screen.until("ONE-TIME CODE"),
}
REMOTE = ("sending", "code")
