"""Counts how many requests a server answers in a second.

The sockets are plain and the requests signed beforehand, so that the client costs as little as Python can.
"""
from __future__ import annotations

import concurrent.futures
import socket
import time

PROCESSES, CONNECTIONS = 2, 8
Keys = tuple[str, str]


def rate(port: int, service: str, keys: Keys, seconds: float) -> float:
    """Returns the requests a second that the server at the port answered."""
    request = signed(port, service, keys)
    hammer(port, request, 0.5)
    with concurrent.futures.ProcessPoolExecutor(PROCESSES) as pool:
        counts = [pool.submit(hammer, port, request, seconds) for _ in range(PROCESSES)]
        return sum(count.result() for count in counts) / seconds


def signed(port: int, service: str, keys: Keys) -> bytes:
    """Returns a signed request for GetCallerIdentity ("sts") or a page of handshakes ("organizations")."""
    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials
    url = f"http://127.0.0.1:{port}/"
    body, headers = {
        "sts": (
            b"Action=GetCallerIdentity&Version=2011-06-15",
            {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}),
        "organizations": (
            b'{"MaxResults": 20}',
            {"Content-Type": "application/x-amz-json-1.1",
             "X-Amz-Target": "AWSOrganizationsV20161128.ListHandshakesForAccount"}),
    }[service]
    request = botocore.awsrequest.AWSRequest("POST", url, headers=headers, data=body)
    botocore.auth.SigV4Auth(botocore.credentials.Credentials(*keys), service, "us-east-1").add_auth(request)
    lines = [f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n"]
    lines += [f"{name}: {value}\r\n" for name, value in request.headers.items()]
    return "".join(lines).encode() + b"\r\n" + body


def hammer(port: int, request: bytes, seconds: float) -> int:
    """Returns the number of requests answered in that time, on several connections in turn."""
    connections = [Connection(port, request) for _ in range(CONNECTIONS)]
    end, count = time.perf_counter() + seconds, 0
    for connection in connections:
        connection.ask()
    while time.perf_counter() < end:
        for connection in connections:
            connection.receive()
            connection.ask()
            count += 1
    return count


class Connection:
    """A connection that sends the same request again and again, and reconnects when the server closes it."""

    def __init__(self, port: int, request: bytes) -> None:
        self.port, self.request = port, request
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), 30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def ask(self) -> None:
        self.socket.sendall(self.request)

    def receive(self) -> bytes:
        """Returns the body of the next reply.

        - Raises: RuntimeError if its status is not 200.
        """
        status = self.file.readline()
        if not status.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")):
            raise RuntimeError(f"the server answered {status!r}")
        length, closes = 0, status.startswith(b"HTTP/1.0")
        while (line := self.file.readline()) not in (b"\r\n", b""):
            name, _, value = line.lower().partition(b":")
            if name == b"content-length":
                length = int(value)
            elif name == b"connection":
                closes = b"close" in value
        body = self.file.read(length)
        if closes:
            self.socket.close()
            self.open()
        return body
