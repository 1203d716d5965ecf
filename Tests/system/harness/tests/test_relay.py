"""The relay's latency."""
from __future__ import annotations

import contextlib
import http.client
import http.server
import socketserver
import threading
import time
from collections.abc import Iterator

import pytest
from relay import Relay


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def times(port: int, count: int) -> list[float]:
    """Returns the seconds of each of so many requests on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    found = []
    with contextlib.closing(connection):
        for number in range(count):
            start = time.monotonic()
            connection.request("POST", "/", b"x" * number)
            assert connection.getresponse().read() == b"x" * number
            found.append(time.monotonic() - start)
    return found


def test_a_request_takes_a_round_trip_and_the_first_of_a_connection_two(port: int) -> None:
    with contextlib.closing(Relay(port, round_trip=0.2)) as relay:
        first, *others = times(relay.port, 4)
        assert first >= 0.4
        assert min(others) >= 0.2
        # The machine may be busy, so only the fastest is compared.
        assert min(others) < 0.4
        assert relay.requests == ["STS"] * 4


def test_a_relay_adds_no_latency_unless_asked(port: int) -> None:
    with contextlib.closing(Relay(port)) as relay:
        assert min(times(relay.port, 10)) < 0.1
