"""A service on loopback with the answers that a case wants: hostile pages, errors, loops."""
from __future__ import annotations

import http.server
import json
import pathlib
import threading
import typing
from collections.abc import Callable, Iterable

from hostile_values import json_of
from operator_home import plain_environment

ACCOUNT = "111122223333"
STS = (b'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
       b"<GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/operator</Arn>"
       b"<UserId>AIDAEXAMPLE</UserId><Account>111122223333</Account></GetCallerIdentityResult>"
       b"<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>")


class Reply:
    """A body with its status; `request_id` is the header's value unchanged."""

    def __init__(self, body: bytes, status: int = 200,
                 request_id: bytes = b"11111111-2222-3333-4444-555555555555",
                 kind: bytes = b"application/x-amz-json-1.1", headers: Iterable[bytes] = ()) -> None:
        self.body, self.status, self.request_id, self.kind = body, status, request_id, kind
        self.headers = headers


def refusal(code: bytes, message: bytes = b"no", status: int = 400, request_id: bytes = b"1",
            **more: typing.Any) -> Reply:
    """Returns an error as the service writes it; values are bytes."""
    return Reply(json_of({"__type": code, "Message": message, **more}), status, request_id)


class FakeService:
    """`answers` maps operations to a Reply, or to a function of the request's body that returns one.

    The other operations answer for an account in no organization with no handshakes.
    """

    def __init__(self, **answers: typing.Any) -> None:
        # A reply, or a function that makes one from the request.
        self.answers: dict[str, Reply | Callable[[dict[str, typing.Any]], Reply]] = {
            "GetCallerIdentity": Reply(STS, kind=b"text/xml"),
            "ListHandshakesForAccount": Reply(b'{"Handshakes":[]}'),
            "DescribeOrganization": refusal(
                b"AWSOrganizationsNotInUseException", b"Your account is not a member."),
            **answers}
        self.requests: list[tuple[str, bytes]] = []
        self.lock = threading.Lock()
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                reply = fake.answer(self.headers.get("X-Amz-Target"), body)
                head = [b"HTTP/1.1 %d Answer" % reply.status, b"Content-Type: " + reply.kind,
                        b"Content-Length: %d" % len(reply.body),
                        b"x-amzn-RequestId: " + reply.request_id, *reply.headers]
                # A client that has read enough may have closed.
                try:
                    self.wfile.write(b"\r\n".join(head) + b"\r\n\r\n" + reply.body)
                except OSError:
                    self.close_connection = True

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, target: str | None, body: bytes) -> Reply:
        operation = target.rsplit(".", maxsplit=1)[-1] if target else "GetCallerIdentity"
        with self.lock:
            self.requests.append((operation, body))
        found = self.answers.get(operation, refusal(b"UnknownOperationException"))
        return found(json.loads(body)) if callable(found) else found

    def count(self, operation: str) -> int:
        with self.lock:
            return sum(1 for name, _ in self.requests if name == operation)

    def holds(self, records: typing.Any) -> None:
        """Lists these on one page, and describes each; `records` are JSON by id."""
        self.answers["ListHandshakesForAccount"] = Reply(
            b'{"Handshakes":[' + b",".join(records.values()) + b"]}")

        def describe(body: dict[str, typing.Any]) -> Reply:
            record = records.get(body["HandshakeId"])
            return Reply(b'{"Handshake":' + record + b"}") if record else refusal(
                b"HandshakeNotFoundException")

        self.answers["DescribeHandshake"] = describe

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class FakeCloud:
    """An operator's home for that service: as `Home`, for `Screen`."""

    def __init__(self, folder: pathlib.Path, service: typing.Any, environment: typing.Any = ()) -> None:
        self.path = folder
        self.environment = {
            **plain_environment(folder), "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": service.url,
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", **dict(environment)}
        self.journal = folder / "state" / "handshake" / "journal.jsonl"
