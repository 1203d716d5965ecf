"""Our sandbox, and other people's clients of it."""
from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import typing
import urllib.request

import boto3
from botocore.config import Config
from programs import program

DEMO = {
    "acme": "999900001111", "labs": "999900005555", "retail": "999900007777",
    "globex": "777700003333", "wayne": "242424242424", "acme-prod": "111122223333",
    "acme-dev": "222233334444", "data-lake": "333344445555", "sandbox-7": "444455556666",
    "research-1": "121212121212", "locked-down": "141414141414", "new-hire": "161616161616",
    "no-card": "181818181818", "hooli-app": "212121212121", "solo-shop": "252525252525",
    "web-shop": "272727272727",
}


class Sandbox:
    """A sandbox over a store of its own. `close` ends the one and removes the other."""

    def __init__(self, *flags: str, seed: typing.Sequence[str] = (), environment: typing.Any = ()) -> None:
        self.home = tempfile.TemporaryDirectory(prefix="handshake-judge-")
        self.store = self.home.name + "/organization.sqlite"
        self.environment = {
            "HOME": self.home.name, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
            "AWS_EC2_METADATA_DISABLED": "true", **dict(environment)}
        self.run("handshake", "local", "init", "--store", self.store, *seed)
        self.start(*flags)

    def start(self, *flags: str) -> None:
        self.errors = open(self.home.name + "/sandbox.err", "ab")
        self.process = subprocess.Popen(
            [program("handshake-sandbox"), "--port", "0", "--store", self.store, *flags],
            stdout=subprocess.PIPE, stderr=self.errors, env=self.environment)
        self.output = typing.cast("typing.BinaryIO", self.process.stdout)
        first = self.output.readline()
        if not first:
            raise RuntimeError(pathlib.Path(self.errors.name).read_text())
        place = json.loads(first)
        assert set(place) == {"port", "url"}, place
        self.url: str = place["url"]
        self.port: int = place["port"]
        self.token = json.loads(self.output.readline())["token"]
        listed = self.run("handshake-sandbox", "accounts", "--json", "--store", self.store)
        self.accounts = {row["Id"]: row for row in json.loads(listed)}

    def run(self, name: str, *arguments: str, check: bool = True, **more: typing.Any) -> typing.Any:
        environment = {**self.environment, **more.pop("environment", {})}
        done = subprocess.run(
            [program(name), *arguments], env=environment, capture_output=True, text=True,
            timeout=120, **more, check=False)
        if check and done.returncode != 0:
            raise RuntimeError(f"{name} {arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout if check else done

    def keys(self, account: str) -> dict[str, str]:
        row = self.accounts[DEMO.get(account, account)]
        return {
            "aws_access_key_id": row["AccessKeyId"],
            "aws_secret_access_key": row["SecretAccessKey"]}

    def client(self, account: str, service: str = "organizations", **more: typing.Any) -> typing.Any:
        keys = more.pop("keys", None) or self.keys(account)
        config = Config(retries={"mode": "standard", "total_max_attempts": 1}).merge(
            more.pop("config", Config()))
        client = boto3.session.Session().client(
            service, region_name="us-east-1", endpoint_url=self.url, config=config, **keys, **more)
        if service == "organizations":
            client.meta.events.register("before-parse.organizations.*", conforms)
        return client

    def admin(self, path: str, body: object = None, method: str | None = None) -> typing.Any:
        request = urllib.request.Request(
            f"{self.url}/_sandbox/{path}", method=method or ("GET" if body is None else "POST"),
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.loads(reply.read() or b"null")

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        status = self.process.wait(30)
        self.output.close()
        self.errors.close()
        return status

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self.process.poll() is None:
                self.stop()
        self.home.cleanup()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def conforms(operation_model: typing.Any, response_dict: dict[str, typing.Any], **_: object) -> None:
    """Asserts that a reply holds only what the service's own model has."""
    if response_dict["status_code"] >= 300 or not response_dict["body"]:
        return
    shape = operation_model.output_shape
    body = json.loads(response_dict["body"])
    if shape is None:
        assert body == {}, body
    else:
        check(shape, body, operation_model.name)


def check(shape: typing.Any, value: typing.Any, where: str) -> None:
    assert value is not None, f"{where} is null"
    kind = shape.type_name
    if kind == "structure":
        assert isinstance(value, dict), where
        for name, member in value.items():
            assert name in shape.members, f"{where}.{name} is not in the model"
            check(shape.members[name], member, f"{where}.{name}")
        for name in shape.required_members:
            assert name in value, f"{where}.{name} is required"
    elif kind == "list":
        assert isinstance(value, list), where
        for index, item in enumerate(value):
            check(shape.member, item, f"{where}[{index}]")
    elif kind == "string":
        assert isinstance(value, str), where
        if shape.enum:
            assert value in shape.enum, f"{where}: {value}"
        elif "pattern" in shape.metadata:
            # The model's own patterns, which are Java's and valid in Python; most are not anchored.
            assert re.search(shape.metadata["pattern"], value), f"{where}: {value!r}"
    elif kind == "timestamp":
        assert isinstance(value, (int, float)) and not isinstance(value, bool), where
    elif kind in ("integer", "long"):
        assert isinstance(value, int), where
    elif kind == "boolean":
        assert isinstance(value, bool), where
