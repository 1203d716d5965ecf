"""How many requests a server answers in a second: raw sockets and requests signed beforehand, so that
the client costs as little as Python can."""
import concurrent.futures
import socket
import time

PROCESSES, CONNECTIONS = 2, 8


def rate(port, service, keys, seconds):
    request = signed(port, service, keys)
    hammer(port, request, 0.5)
    with concurrent.futures.ProcessPoolExecutor(PROCESSES) as pool:
        counts = list(pool.map(hammer, *zip(*[(port, request, seconds)] * PROCESSES, strict=False)))
    return sum(counts) / seconds


def signed(port, service, keys):
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
    botocore.auth.SigV4Auth(
        botocore.credentials.Credentials(*keys), service, "us-east-1").add_auth(request)
    lines = [f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n"]
    lines += [f"{name}: {value}\r\n" for name, value in request.headers.items()]
    return "".join(lines).encode() + b"\r\n" + body


def hammer(port, request, seconds):
    """Requests answered in that time, on several connections in turn."""
    connections = [Connection(port, request) for _ in range(CONNECTIONS)]
    end, count = time.perf_counter() + seconds, 0
    for connection in connections:
        connection.ask()
    while time.perf_counter() < end:
        for connection in connections:
            connection.take()
            connection.ask()
            count += 1
    return count


class Connection:
    def __init__(self, port, request):
        self.port, self.request = port, request
        self.open()

    def open(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), 30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def ask(self):
        self.socket.sendall(self.request)

    def take(self):
        status = self.file.readline()
        if not status.startswith(b"HTTP/1.1 200") and not status.startswith(b"HTTP/1.0 200"):
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
