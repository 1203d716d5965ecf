"""A home of one operator: its folders, a store, and our program run in it."""
from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import typing

from programs import program
from run_folder import once

ACCEPTABLE = ("OPEN", "REQUESTED")


def master_store(*how: str) -> pathlib.Path:
    """Returns the file of a store that is made once for the run. `how` are arguments of `local init`."""
    def make(folder: pathlib.Path) -> None:
        folder.mkdir(mode=0o700)
        subprocess.run(
            [program(), "local", "init", "--store", str(folder / "organization.sqlite"), *how], check=True,
            timeout=300, capture_output=True, env=plain_environment(folder))
    return once("-".join(["store", *how]).replace("/", "_"), make) / "organization.sqlite"


def plain_environment(home: typing.Any) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
            "AWS_EC2_METADATA_DISABLED": "true", "TZ": "UTC",
            **{f"XDG_{kind}_HOME": f"{home}/{kind.lower()}" for kind in ("CONFIG", "STATE", "DATA")}}


class Home:
    """Configuration, state and data below one folder; a copy of the demonstration's store."""

    def __init__(self, folder: str | os.PathLike[str], *how: str, environment: typing.Any = ()) -> None:
        self.path = pathlib.Path(folder)
        self.store = self.path / "organization.sqlite"
        shutil.copyfile(master_store(*how), self.store)
        self.store.chmod(0o600)
        self.environment = {
            **plain_environment(folder), "HANDSHAKE_STORE": str(self.store), **dict(environment)}
        self.journal = self.path / "state" / "handshake" / "journal.jsonl"

    def start(self, *arguments: str, environment: typing.Any = (), prefix: typing.Any = (),
            **more: typing.Any) -> subprocess.Popen[bytes]:
        """Starts the program and returns the process without waiting."""
        more.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen(
            [*prefix, program(), *arguments], env={**self.environment, **dict(environment)},
            stdout=more.pop("stdout", subprocess.PIPE), stderr=more.pop("stderr", subprocess.PIPE),
            **more)

    def run(self, *arguments: str, timeout: float = 60, environment: typing.Any = (),
            prefix: typing.Sequence[str] = (), **more: typing.Any) -> subprocess.CompletedProcess[bytes]:
        if "input" not in more:
            more.setdefault("stdin", subprocess.DEVNULL)
        done: subprocess.CompletedProcess[bytes] = subprocess.run(
            [*prefix, program(), *arguments], env={**self.environment, **dict(environment)},
            capture_output=True, timeout=timeout, check=False, **more)
        return done

    def pending(self) -> list[tuple[str, str, str | None]]:
        """Returns the handshakes that may be answered: [(id, organization, account)], the earliest expiry first."""
        done = self.run("list", "--plain")
        rows = []
        for handshake in self.handshakes():
            if handshake["State"] in ACCEPTABLE and handshake["Action"] == "INVITE":
                account = [party["Id"] for party in handshake["Parties"] if party["Type"] == "ACCOUNT"]
                rows.append((handshake["Id"], handshake["Arn"].split("/")[1],
                             account[0] if account else None))
        assert rows, done.stdout
        return rows

    def handshakes(self) -> list[dict[str, typing.Any]]:
        result: list[dict[str, typing.Any]] = json.loads(self.run("list", "--json").stdout)["Handshakes"]
        return result

    def state(self, identifier: str) -> str:
        """Returns the service's state, read by a new process."""
        shown = json.loads(self.run("show", identifier, "--json").stdout)
        result: str = shown["Handshake"]["State"]
        return result

    def records(self) -> list[dict[str, typing.Any]]:
        """Returns the journal's records; none while there is no file."""
        if not self.journal.exists():
            return []
        return [json.loads(line) for line in self.journal.read_bytes().splitlines()]

    def kinds(self) -> list[str]:
        return [record["kind"] for record in self.records()]

    def chain_is_whole(self) -> None:
        done = self.run("journal", "verify")
        assert done.returncode == 0, done.stdout + done.stderr
