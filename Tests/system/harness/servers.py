"""Starts other people's servers, and runs our program against them."""
from __future__ import annotations

import contextlib
import http.server
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import time
import types
import typing
import urllib.error
import urllib.request
from collections.abc import Iterable

from programs import ROOT, program
from screen import Screen

PYTHON = ROOT / ".build" / "judges" / "servers" / "bin" / "python"


# urllib raises an exception for an error status, although the server answered.
class _Answered(urllib.request.HTTPErrorProcessor):
    def http_response(self, request: typing.Any, response: typing.Any) -> typing.Any:
        return response

    https_response = http_response


open_url = urllib.request.build_opener(_Answered).open


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Server:
    """Someone else's server on loopback; `PORT` in the arguments is replaced by its port. It ends with `close`."""

    def __init__(self, *arguments: str, environment: Iterable[tuple[str, str]] = ()) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.home = tempfile.TemporaryDirectory(prefix="handshake-judge-")
        self.log = open(self.home.name + "/server.log", "wb")
        filled = [part.replace("PORT", str(self.port)) for part in arguments]
        self.process = subprocess.Popen(
            filled, stdout=self.log, stderr=self.log, cwd=self.home.name,
            env={"PATH": os.environ["PATH"], "HOME": self.home.name,
                 **{key: value.replace("PORT", str(self.port)) for key, value in environment}})
        self.wait()

    def wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                open_url(self.url, timeout=5).close()
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(pathlib.Path(self.log.name).read_text(errors="replace")[-2000:])

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.log.close()
        self.home.cleanup()

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def serve(case: typing.Any, handler: type[http.server.BaseHTTPRequestHandler], **state: object) -> typing.Any:
    """Starts a server in this process, on loopback, until the case has ended. Its handlers find `state` in the
    server's attributes."""
    server: typing.Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    for name, value in state.items():
        setattr(server, name, value)
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    case.cleanup.callback(server.server_close)
    case.cleanup.callback(server.shutdown)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Program:
    """Our program, with an AWS configuration of its own."""

    def __init__(self, endpoint: str | None, config: str = "", credentials: str = "",
                 environment: Iterable[tuple[str, str]] = ()) -> None:
        self.home = tempfile.TemporaryDirectory(prefix="handshake-judge-")
        aws = pathlib.Path(self.home.name, ".aws")
        aws.mkdir(mode=0o700)
        (aws / "config").write_text(config)
        (aws / "credentials").write_text(credentials)
        (aws / "credentials").chmod(0o600)
        self.environment = {
            "HOME": self.home.name, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
            "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
            **({"AWS_ENDPOINT_URL": endpoint} if endpoint else {}), **dict(environment)}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program("handshake"), *arguments], env=self.environment, capture_output=True,
            text=True, timeout=120, stdin=subprocess.DEVNULL, check=False)

    def info(self, profile: str | None = None) -> dict[str, typing.Any]:
        """Returns what `handshake info` says about the profile: {key: value}."""
        named = ["--profile", profile] if profile else []
        done = self.run("info", "--backend", "aws", "--json", *named)
        rows = {row["Key"]: row["Value"] for row in json.loads(done.stdout)}
        prefix = f"profile.{profile or 'default'}."
        return {
            key.removeprefix(prefix): value for key, value in rows.items()
            if key.startswith(prefix)}

    def close(self) -> None:
        self.home.cleanup()

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Terminal:
    """Our program on a terminal of its own, 80 by 24, whose bytes are kept."""

    def __init__(self, made: typing.Any, *arguments: str) -> None:
        place = types.SimpleNamespace(
            path=made.home.name, environment={**made.environment, "COLUMNS": "80", "LINES": "24"})
        self.screen = Screen(place, *arguments)
        self.screen.settle(3)

    @property
    def shown(self) -> str:
        return bytes(self.screen.bytes).decode(errors="replace")

    @property
    def status(self) -> int | None:
        return self.screen.status

    def press(self, key: str | signal.Signals, quiet: float = 1) -> None:
        """Sends a key, keys or a signal, and waits for the answer."""
        if isinstance(key, signal.Signals):
            self.screen.signal(key)
        else:
            self.screen.write(key)
        self.screen.settle(quiet)

    def arguments(self) -> str:
        return pathlib.Path(f"/proc/{self.screen.child}/cmdline").read_text()

    def close(self) -> str:
        """Closes the window, if the program has not ended before. Returns all that was shown."""
        self.screen.settle(0.2)
        if not self.screen.ended():
            self.screen.hang_up()
        self.screen.wait()
        self.screen.close()
        return self.shown
