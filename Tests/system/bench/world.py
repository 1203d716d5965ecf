"""The servers that everything is measured against: sandboxes of several sizes, near and far."""
from __future__ import annotations

import contextlib
import os
import pathlib
import sys
import tempfile
import typing
from collections.abc import Mapping

from material import Material
from operator_home import plain_environment
from programs import program
from relay import Relay
from sandbox import Sandbox
from servers import PYTHON, Server
from tools import version

# Each organization of a store invites each of its 100 accounts: a store of a hundred times as many handshakes
# gives each account this many.
RECIPIENTS = 100
LATENCY = 50


class World:
    """A folder with the material, and the servers, which are started when they are first needed."""

    def __init__(self) -> None:
        self.closing = contextlib.ExitStack()
        self.home = self.closing.enter_context(tempfile.TemporaryDirectory(prefix="handshake-bench-"))
        self.material = Material(pathlib.Path(self.home), self.environment())
        self._services: dict[int, Service] = {}

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.close()

    def environment(self, **more: str) -> dict[str, str]:
        """Returns variables without anything of the operator's: an empty home, and no metadata service."""
        return {**plain_environment(self.home), "AWS_PAGER": "", "AWS_REGION": "us-east-1",
                "AWS_DEFAULT_REGION": "us-east-1", **more}

    def service(self, received: int) -> Service:
        """Returns a sandbox whose recipients have received this many invitations each."""
        if received not in self._services:
            self._services[received] = Service(self, received)
        return self._services[received]

    def moto(self) -> int:
        """Starts a moto server and returns its port."""
        server = Server(str(PYTHON), "-m", "moto.server", "-H", "127.0.0.1", "-p", "PORT")
        return self.closing.enter_context(server).port

    def description(self) -> str:
        """Returns the versions of all programs, and the load of the machine."""
        import boto3
        peers = [version(*command) for command in (
            ("tig", "--version"), ("less", "--version"), ("fzf", "--version"), ("mutt", "-v"),
            ("python3", "--version"))]
        return " · ".join([
            version(program(), "--version"), version(aws(), "--version").split()[0], f"boto3/{boto3.__version__}",
            *peers, f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"])


class Service:
    """A sandbox, and a relay before it that adds latency."""

    def __init__(self, world: World, received: int) -> None:
        self.world = world
        self.sandbox = world.closing.enter_context(Sandbox(seed=("--size", str(received * RECIPIENTS))))
        # The recipients' ids begin with 1, those of the organizations' own accounts with 7.
        self.accounts = sorted(
            (row for row in self.sandbox.accounts.values() if row["Id"].startswith("1")), key=lambda row: row["Id"])
        self._relay: Relay | None = None
        # How many accounts have joined an organization, counted from the last one.
        self.joined = 0

    @property
    def port(self) -> int:
        return self.sandbox.port

    def keys(self, account: int = 0) -> tuple[str, str]:
        """Returns the access key of an account: its id and its secret."""
        row = self.accounts[account]
        return row["AccessKeyId"], row["SecretAccessKey"]

    def invitation(self, account: int) -> tuple[str, str]:
        """Returns the id of the account's first handshake, and the organization that sent it."""
        client = self.sandbox.client(self.accounts[account]["Id"])
        handshake: dict[str, str] = client.list_handshakes_for_account()["Handshakes"][0]
        return handshake["Id"], handshake["Arn"].split("/")[1]

    def page(self) -> bytes:
        """Returns a page of 20 as the service writes it."""
        import load
        connection = load.Connection(self.port, load.signed(self.port, "organizations", self.keys()))
        connection.ask()
        return connection.receive()

    def url(self, latency: int) -> str:
        """Returns the endpoint at this latency in milliseconds, 0 or LATENCY."""
        if latency == 0:
            return self.sandbox.url
        if self._relay is None:
            self._relay = Relay(self.port, round_trip=LATENCY / 1000)
            self.world.closing.callback(self._relay.close)
        return self._relay.url

    def environment(self, latency: int, account: int = 0) -> dict[str, str]:
        """Returns the variables of one account, whose keys are in them."""
        identifier, secret = self.keys(account)
        return self.world.environment(
            AWS_ACCESS_KEY_ID=identifier, AWS_SECRET_ACCESS_KEY=secret, AWS_ENDPOINT_URL=self.url(latency))

    def profiles(self, count: int, latency: int) -> tuple[list[str], Mapping[str, str]]:
        """Returns the names of many profiles, and the variables that name their file."""
        names = [f"account-{number:02}" for number in range(count)]
        file = pathlib.Path(self.world.home, f"credentials-{count}-{latency}")
        file.write_text("".join(
            f"[{name}]\naws_access_key_id = {row['AccessKeyId']}\naws_secret_access_key = {row['SecretAccessKey']}\n"
            for name, row in zip(names, self.accounts, strict=False)))
        file.chmod(0o600)
        return names, self.world.environment(
            AWS_SHARED_CREDENTIALS_FILE=str(file), AWS_ENDPOINT_URL=self.url(latency))


def aws() -> str:
    """Returns the path of the AWS CLI, which is installed beside this Python."""
    return str(pathlib.Path(sys.executable).with_name("aws"))
