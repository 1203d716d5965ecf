"""Starts other people's servers, and runs our program against them."""
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

from programs import ROOT, program
from screen import Screen

PYTHON = ROOT / ".build" / "judges" / "servers" / "bin" / "python"


# urllib takes an error status for an exception, although the server answered.
class _Answered(urllib.request.HTTPErrorProcessor):
    def http_response(self, request, response):
        return response

    https_response = http_response


open_url = urllib.request.build_opener(_Answered).open


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A server of someone else's, on loopback, ended when it is closed."""

    def __init__(self, *arguments, environment=()):
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

    def wait(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                open_url(self.url, timeout=5).close()
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(pathlib.Path(self.log.name).read_text(errors="replace")[-2000:])

    def close(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()
        self.home.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def serve(case, handler, **state):
    """A server in this process, on loopback, until the case has ended. Its handlers find `state` as the
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

    def __init__(self, endpoint, config="", credentials="", environment=()):
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

    def run(self, *arguments):
        return subprocess.run(
            [program("handshake"), *arguments], env=self.environment, capture_output=True,
            text=True, timeout=120, stdin=subprocess.DEVNULL, check=False)

    def info(self, profile=None):
        """What `handshake info` tells of the profile: {key: value}."""
        named = ["--profile", profile] if profile else []
        done = self.run("info", "--backend", "aws", "--json", *named)
        rows = {row["Key"]: row["Value"] for row in json.loads(done.stdout)}
        prefix = f"profile.{profile or 'default'}."
        return {
            key.removeprefix(prefix): value for key, value in rows.items()
            if key.startswith(prefix)}

    def close(self):
        self.home.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Terminal:
    """Our program on a terminal of its own, 80 by 24, whose bytes are kept."""

    def __init__(self, made, *arguments):
        place = types.SimpleNamespace(
            path=made.home.name, environment={**made.environment, "COLUMNS": "80", "LINES": "24"})
        self.screen = Screen(place, *arguments)
        self.screen.settle(3)

    @property
    def shown(self):
        return bytes(self.screen.bytes).decode(errors="replace")

    @property
    def status(self):
        return self.screen.status

    def press(self, key, quiet=1):
        """A key, keys, or a signal; and then what came of it is drawn."""
        if isinstance(key, signal.Signals):
            self.screen.signal(key)
        else:
            self.screen.write(key)
        self.screen.settle(quiet)

    def arguments(self):
        return pathlib.Path(f"/proc/{self.screen.child}/cmdline").read_text()

    def close(self):
        """Closes the window, if the program has not ended before; returns all that was shown."""
        self.screen.settle(0.2)
        if not self.screen.ended():
            self.screen.hang_up()
        self.screen.wait()
        self.screen.close()
        return self.shown
