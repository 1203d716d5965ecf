"""An operator over AWS: the sandbox, a relay before it, and one account's credentials."""
from __future__ import annotations

import pathlib
import subprocess
import typing

if typing.TYPE_CHECKING:
    from fault_rows import Case

import contextlib
import json
import typing

from operator_home import plain_environment
from programs import program
from relay import Relay
from sandbox import DEMO, Sandbox

ACCOUNT = "acme-dev"


class Cloud:
    """A sandbox of the demonstration, and our program as acme-dev, which is invited by acme."""

    def __init__(self, case: Case, *flags: str, relayed: bool = False) -> None:
        self.sandbox = case.closing(Sandbox(*flags))
        self.path = case.folder
        # None unless it is relayed.
        self.relay: typing.Any = case.closing(Relay(self.sandbox.port)) if relayed else None
        keys = self.sandbox.keys(ACCOUNT)
        self.environment = {
            **plain_environment(case.folder), "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": keys["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": keys["aws_secret_access_key"],
            "AWS_ENDPOINT_URL": self.relay.url if self.relay else self.sandbox.url}
        received = self.sandbox.client(ACCOUNT).list_handshakes_for_account()["Handshakes"]
        self.id, self.organization = [
            (item["Id"], item["Arn"].split("/")[1]) for item in received
            if item["State"] == "OPEN" and f":{DEMO['acme']}:" in item["Arn"]][0]
        self.journal = pathlib.Path(case.folder, "state", "handshake", "journal.jsonl")

    def run(self, *arguments: str, timeout: float = 120,
            environment: typing.Any = ()) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program(), *arguments], env={**self.environment, **dict(environment)},
            capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL, check=False)

    @property
    def acceptance(self) -> list[str]:
        return ["--backend", "aws", "accept", self.id, "--expect-org", self.organization,
                "--reason", "CHG-1"]

    def accept(self, **more: typing.Any) -> subprocess.CompletedProcess[str]:
        return self.run(*self.acceptance, **more)

    def start_accept(self) -> subprocess.Popen[str]:
        """Starts an accept without waiting; its outputs are one text."""
        return subprocess.Popen(
            [program(), *self.acceptance], env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def fault(self, kind: str, operation: str | None, count: int | None = 1, **more: typing.Any) -> None:
        rule = {"kind": kind, **more}
        if operation:
            rule["op"] = operation
        if count:
            rule["count"] = count
        self.sandbox.admin("faults", rule)

    # MARK: The truth

    def calls(self, operation: str = "AcceptHandshake") -> int:
        result: int = self.sandbox.admin("truth")["Calls"].get(operation, 0)
        return result

    def accepts(self) -> int:
        """Returns how often AcceptHandshake was applied."""
        entries = self.sandbox.admin("truth")["Entries"]
        return sum(1 for entry in entries
                   if entry["Applied"] and entry["Operation"] == "AcceptHandshake")

    def state(self) -> str:
        result: str = self.sandbox.client(ACCOUNT).describe_handshake(
            HandshakeId=self.id)["Handshake"]["State"]
        return result

    def kinds(self) -> list[str]:
        if not self.journal.exists():
            return []
        kinds = []
        for line in self.journal.read_bytes().split(b"\n"):
            # The rest of a write that was cut short is not a record.
            with contextlib.suppress(ValueError):
                kinds.append(json.loads(line)["kind"])
        return kinds

    def tells_the_truth(self, applied: int) -> None:
        """Asserts that it was applied so often, that the journal's last record agrees, and that its chain is valid."""
        assert self.accepts() == applied, f"applied {self.accepts()} times"
        kinds = self.kinds()
        last = kinds[-1] if kinds else "GENESIS"
        if applied:
            assert last in ("DONE", "DONE_LATER"), kinds
        else:
            assert "DONE" not in kinds and "DONE_LATER" not in kinds, kinds
            assert last != "INTENT", kinds
        done = self.run("journal", "verify")
        assert done.returncode == 0, done.stdout + done.stderr
