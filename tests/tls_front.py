"""A front before a real node that asks for TLS and a password, as a node with the security plugin does."""

from __future__ import annotations

import base64
import http.client
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

USER, PASSWORD, TOKEN = "reader", "geheim-9", "token-9"


def certificate(folder: Path) -> tuple[Path, Path]:
    """Return a certificate for 127.0.0.1 that no authority has signed, and its key."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("needs openssl to make a certificate")
    chain, key = folder / "cluster.pem", folder / "key.pem"
    subprocess.run([openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", chain],
                   check=True, capture_output=True)
    return chain, key


class _Front(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    node = ""
    allowed = frozenset({"Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode(), f"Bearer {TOKEN}"})

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.headers.get("authorization") not in self.allowed:
            self._send(401, b"Unauthorized", "text/plain")
            return
        if self.path.startswith("/_all") or self.path.startswith("/_nodes"):
            refusal = b'{"error": {"type": "security_exception", "reason": "no permissions"}}'
            self._send(403, refusal, "application/json")
            return
        node = http.client.HTTPConnection(self.node, timeout=30)
        kept = {name: value for name, value in self.headers.items()
                if name.lower() in ("content-type", "content-encoding", "accept-encoding")}
        node.request(self.command, self.path, body or None, kept)
        answer = node.getresponse()
        data = answer.read()
        self._send(answer.status, data, answer.headers.get("content-type", "application/json"),
                   answer.headers.get("content-encoding"))
        node.close()

    def _send(self, status: int, data: bytes, kind: str, encoding: str | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        if encoding:
            self.send_header("content-encoding", encoding)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer

    def log_message(self, *arguments: object) -> None: ...


@contextmanager
def front(node: str, chain: Path, key: Path) -> Iterator[str]:
    """Yield host:port of a front before `node` (host:port)."""
    handler = type("Front", (_Front,), {"node": node})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
