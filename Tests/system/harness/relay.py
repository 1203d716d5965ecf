"""A relay on loopback between a client and the sandbox: it can cut or refuse connections, and add latency."""
from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable

TARGET = b"x-amz-target:"


class Relay:
    """Calls `spoil(number, operation, request)` for each whole request before passing it on. None passes it;
    ("cut", how) ends the connection instead; ("closed",) passes it and its reply, and accepts no connection
    afterwards.

    `cut(operation, count, how)` cuts the next request of an operation after so many bytes.

    With `round_trip`, in seconds, each request and each reply takes half of that time, and a connection a whole round
    trip to open, as on a network.
    """

    def __init__(self, port: int, round_trip: float = 0) -> None:
        self.upstream, self.round_trip = port, round_trip
        self.requests: list[str] = []
        self.spoil: Callable[[int, str, bytes], tuple[str, ...] | None] = lambda number, operation, request: None
        # Called with each request that was passed on, and the body of its reply.
        self.watch: Callable[[bytes, bytes], None] = lambda request, reply: None
        self.armed: tuple[str, int, str] | None = None
        self.connections: list[socket.socket] = []
        self.lock = threading.Lock()
        self.port = 0
        self.open()

    def open(self) -> None:
        """Accepts connections, on the same port as before; the first time on a free one."""
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen(256)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._take, args=(self.listener,), daemon=True).start()

    def shut(self) -> None:
        """Refuses connections, and ends the open ones."""
        self._stop_listening()
        with self.lock:
            for connection in self.connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self.connections.clear()

    def _stop_listening(self) -> None:
        # A listener that another thread waits on goes on listening after close() alone.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def cut(self, operation: str, count: int, how: str) -> None:
        """Ends the next request of that operation after `count` bytes. `how` is "fin" or "reset"."""
        self.armed = (operation, count, how)

    def _take(self, listener: socket.socket) -> None:
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            with self.lock:
                self.connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        opened = time.monotonic() + self.round_trip
        with contextlib.suppress(OSError):
            onward = socket.create_connection(("127.0.0.1", self.upstream))
            for each in (connection, onward):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            kept = bytearray()
            while self._one(connection, onward, kept, opened):
                pass
            onward.close()
        with contextlib.suppress(OSError):
            connection.close()

    def _one(self, connection: socket.socket, onward: socket.socket, kept: bytearray,
             opened: float) -> bool:
        """Passes one request and its reply. Returns False when the connection has ended."""
        head = self._until_blank(connection, kept)
        if head is None:
            return False
        operation = header(head, TARGET).split(".")[-1] or "STS"
        armed = self.armed if self.armed and self.armed[0] == operation else None
        if armed:
            self.armed = None
            need = max(armed[1] - len(head), 0)
            fill(connection, kept, need)
            end(connection, armed[2])
            return False
        length = int(header(head, b"content-length:") or 0)
        fill(connection, kept, length)
        request = head + bytes(kept[:length])
        del kept[:length]
        with self.lock:
            self.requests.append(operation)
            number = len(self.requests)
        wish = self.spoil(number, operation, request)
        if wish and wish[0] == "cut":
            end(connection, wish[1])
            return False
        self._travel(opened)
        onward.sendall(request)
        reply = bytearray()
        answer = self._until_blank(onward, reply)
        if answer is None:
            end(connection, "reset")
            return False
        length = int(header(answer, b"content-length:") or 0)
        fill(onward, reply, length)
        self.watch(request, bytes(reply[:length]))
        if wish and wish[0] == "closed":
            self._stop_listening()
        self._travel(opened)
        connection.sendall(answer + bytes(reply[:length]))
        if wish and wish[0] == "closed":
            self.shut()
            return False
        return True

    def _travel(self, opened: float) -> None:
        """Waits as long as bytes take one way, from now or from when the connection was open."""
        if self.round_trip:
            now = time.monotonic()
            time.sleep(max(opened - now, 0) + self.round_trip / 2)

    @staticmethod
    def _until_blank(connection: socket.socket, kept: bytearray) -> bytes | None:
        while b"\r\n\r\n" not in kept:
            got = connection.recv(65536)
            if not got:
                return None
            kept.extend(got)
        end_of_head = kept.index(b"\r\n\r\n") + 4
        head = bytes(kept[:end_of_head])
        del kept[:end_of_head]
        return head

    def close(self) -> None:
        self.shut()


def header(head: bytes, name: bytes) -> str:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(name):
            return line[len(name):].strip().decode("latin-1")
    return ""


def fill(connection: socket.socket, kept: bytearray, length: int) -> None:
    while len(kept) < length:
        got = connection.recv(length - len(kept))
        if not got:
            raise ConnectionError("ended in a body")
        kept.extend(got)


def end(connection: socket.socket, how: str) -> None:
    if how == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    else:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    connection.close()
