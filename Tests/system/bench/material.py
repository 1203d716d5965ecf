"""Organizations, documents, commits, mailboxes and lists of one size, made for the programs to read."""
from __future__ import annotations

import functools
import json
import pathlib
import random
import subprocess
import typing
from collections.abc import Callable, Mapping

from programs import program

HERE = pathlib.Path(__file__).resolve().parent
ADJECTIVES = ["Northwind", "Tidewater", "Granite", "Juniper", "Blue Harbor", "Larkspur", "Ember"]
TRADES = ["Logistics", "Foods", "Health", "Robotics", "Bank", "Media"]
# The length of the notes, chosen so that 100,000 handshakes are 100 MB.
NOTES = 250


def subject(number: int) -> str:
    chance = random.Random(number)
    return (f"CHG-{1000 + number} invitation of {chance.choice(ADJECTIVES)}"
            f" {chance.choice(TRADES)} {number}")


def handshake(number: int) -> dict[str, typing.Any]:
    """Returns a handshake as an invited account receives it."""
    text = subject(number)
    organization, account = f"o-s{number % 997:09}", f"{100000000000 + number % 97}"
    identifier = f"h-{random.Random(number).getrandbits(128):032x}"
    time = f"2031-{1 + number % 12:02}-{1 + number % 28:02}T10:00:00.{number % 1000:03}000+00:00"
    return {
        "Id": identifier,
        "Arn": f"arn:aws:organizations::{700000000000 + number % 997}:handshake/{organization}"
               f"/invite/{identifier}",
        "Parties": [{"Id": account, "Type": "ACCOUNT"},
                    {"Id": organization[2:], "Type": "ORGANIZATION"}],
        "State": "OPEN", "RequestedTimestamp": time.replace("2031", "2030"),
        "ExpirationTimestamp": time, "Action": "INVITE",
        "Resources": [
            {"Type": "ORGANIZATION", "Value": organization, "Resources": [
                {"Type": "MASTER_EMAIL", "Value": f"it@company{number % 997}.example"},
                {"Type": "MASTER_NAME", "Value": text.split(" of ")[1]},
                {"Type": "ORGANIZATION_FEATURE_SET", "Value": "ALL"}]},
            {"Type": "ACCOUNT", "Value": account},
            {"Type": "NOTES", "Value": (text + ", as agreed with the board. " * 12)[:NOTES]}]}


def cached(make: Callable[[Material, int], str]) -> Callable[[Material, int], str]:
    """Calls `make` once for each count."""
    @functools.wraps(make)
    def made(self: Material, count: int) -> str:
        key = (make.__name__, count)
        if key not in self._made:
            self._made[key] = make(self, count)
        return self._made[key]
    return made


class Material:
    """Makes each file once, in `folder`."""

    def __init__(self, folder: pathlib.Path, environment: Mapping[str, str]) -> None:
        self.folder, self.environment = folder, environment
        # What `cached` returned, by the method and its argument.
        self._made: dict[tuple[str, int], str] = {}

    @cached
    def store(self, count: int) -> str:
        """Returns the store of an embedded organization with this many invitations."""
        path = self.folder / f"screens-{count}.sqlite"
        subprocess.run(
            [program(), "local", "init", "--store", str(path), "--size", str(count)], check=True,
            env=self.environment, capture_output=True)
        return str(path)

    @cached
    def document(self, count: int) -> str:
        """Returns a document as the AWS CLI prints it: 1 kB a handshake."""
        path = self.folder / f"{count}.json"
        with path.open("w") as file:
            file.write('{\n"Handshakes": [\n')
            for number in range(count):
                file.write((",\n" if number else "") + json.dumps(handshake(number)))
            file.write("\n]\n}\n")
        return str(path)

    @cached
    def commits(self, count: int) -> str:
        """Returns a repository of as many commits, without a file."""
        path = self.folder / f"commits-{count}"
        git = ["git", "-C", str(path)]
        subprocess.run(["git", "init", "-q", "-b", "main", path], check=True)
        stream = "".join(
            f"commit refs/heads/main\ncommitter A <a@b.example> {1700000000 + 60 * number} +0000\n"
            f"data {len(subject(number))}\n{subject(number)}\n" for number in range(count))
        subprocess.run(
            [*git, "fast-import", "--quiet"], input=stream, text=True, check=True)
        subprocess.run([*git, "repack", "-adq"], check=True)
        return str(path)

    @cached
    def lines(self, count: int) -> str:
        """Returns a list of text, one handshake a line."""
        path = self.folder / f"{count}.txt"
        path.write_text("".join(
            f"{handshake(number)['Id']} {subject(number)}\n" for number in range(count)))
        return str(path)

    @cached
    def mailbox(self, count: int) -> str:
        """Returns a maildir of as many messages."""
        path = self.folder / f"mail-{count}"
        # Without this folder mutt asks a question.
        (self.folder / "Mail").mkdir(exist_ok=True)
        for name in ("cur", "new", "tmp"):
            (path / name).mkdir(parents=True)
        for number in range(count):
            (path / "cur" / f"{1700000000 + number}.{number}.host:2,").write_text(
                f"From: a@b.example\nTo: c@d.example\nSubject: {subject(number)}\n"
                f"Date: Tue, 14 Nov 2023 10:{number // 60 % 60:02}:{number % 60:02} +0000\n"
                f"Message-ID: <{number}@b.example>\n\n.\n")
        return str(path)

    @cached
    def floor(self, _: int) -> str:
        """Returns the C program of floor.c, compiled."""
        path = self.folder / "floor"
        subprocess.run(
            ["gcc", "-O2", "-Wall", "-Werror", "-o", path, HERE / "floor.c", "-lncursesw", "-ltinfo"], check=True)
        return str(path)

