"""FAULT-37: a proxy, or another server in place of AWS, gets no secret and is not believed."""
import contextlib
import datetime
import socket
import ssl
import subprocess
import threading

import pytest

KINDS = ("407", "HTML 200", "redirect", "wrong certificate", "TLS 1.0")
HTML = b"<html><h1>Please log in</h1></html>"


class Listener:
    """Accepts connections, and keeps every byte."""

    def __init__(self, serve):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.got = bytearray()
        self.serve = serve
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self):
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection):
        with contextlib.suppress(OSError, ValueError), connection:
            connection.settimeout(20)
            self.serve(self, connection)

    def head(self, connection):
        data = bytearray()
        while b"\r\n\r\n" not in data:
            got = connection.recv(65536)
            if not got:
                break
            data.extend(got)
        self.got.extend(data)
        return bytes(data)

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def answering(reply):
    def serve(listener, connection):
        listener.head(connection)
        connection.sendall(reply)
    return serve


def certificate(folder, name):
    """Makes a key and a certificate for that name. Returns (chain, key)."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-keyout", folder / "key.pem", "-out", folder / "chain.pem", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"],
        check=True, capture_output=True)
    return folder / "chain.pem", folder / "key.pem"


def over_tls(context):
    """Accepts CONNECT or refuses it, then speaks TLS, and keeps what was sent inside."""
    def serve(listener, connection):
        first = connection.recv(1, socket.MSG_PEEK)
        if first == b"C":
            listener.head(connection)
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with context.wrap_socket(connection, server_side=True) as inner:
            listener.head(inner)
            inner.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    return serve


def server(case, kind):
    body = b"Content-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(HTML), HTML)
    if kind == "407":
        return Listener(answering(
            b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n" + body))
    if kind == "HTML 200":
        # It accepts CONNECT, and then sends HTML in place of TLS.
        return Listener(answering(b"HTTP/1.1 200 OK\r\n\r\n" + HTML))
    if kind == "redirect":
        return Listener(answering(
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/steal\r\n" + body))
    chain, key = certificate(case.folder, "elsewhere.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    if kind == "TLS 1.0":
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    return Listener(over_tls(context))


@pytest.mark.fault(37, "proxy: 407, HTML, redirect, wrong certificate, TLS 1.0", slice=5, night=10, full=25, jobs=4)
def test_proxy(case, cloud):
    kind = KINDS[case.seed % len(KINDS)]
    listener = case.closing(server(case, kind))
    del cloud.environment["AWS_ENDPOINT_URL"]
    direct = kind in ("wrong certificate", "TLS 1.0", "redirect") and case.random.random() < 0.5
    if direct:
        scheme = "http" if kind == "redirect" else "https"
        more = {"AWS_ENDPOINT_URL": f"{scheme}://127.0.0.1:{listener.port}"}
        if kind == "TLS 1.0":
            more["AWS_CA_BUNDLE"] = str(case.folder / "chain.pem")
    else:
        more = {"HTTPS_PROXY": f"http://127.0.0.1:{listener.port}"}
    case.note(f"{kind}, direct: {direct}, {datetime.datetime.now():%H:%M:%S}")
    done = cloud.run("--backend", "aws", "list", "--json", environment=more, timeout=100)
    case.note(done.stdout + done.stderr)
    case.note(bytes(listener.got))
    assert done.returncode == 1, done.returncode
    assert listener.got or kind in ("wrong certificate", "TLS 1.0"), "it was not asked at all"
    secrets = [cloud.environment["AWS_SECRET_ACCESS_KEY"].encode()]
    if kind != "redirect" or not direct:
        # A server that is not AWS's gets no signature.
        secrets += [b"authorization:", b"AWS4-HMAC-SHA256", cloud.environment["AWS_ACCESS_KEY_ID"].encode()]
    for secret in secrets:
        assert secret.lower() not in bytes(listener.got).lower(), f"it was given {secret!r}"
    words = {"407": "407", "HTML 200": "", "redirect": "", "wrong certificate": "certificate",
             "TLS 1.0": ""}[kind]
    assert words in done.stderr, done.stderr
    assert "<html>" not in done.stdout
