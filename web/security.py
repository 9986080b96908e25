"""What keeps a hostile request harmless: headers on every answer, echoed text made clean, one client's rate."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict

from flask import Flask, Response

HEADERS: dict[str, str] = {
    # default-src 'none': whatever is not named here cannot load. No inline script or style, no outside address.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

# Bidirectional controls can make a line read otherwise than it is stored (Unicode TR 36, CVE-2021-42574); C0 and C1
# controls and lone surrogates have no place on a page. ZWNJ and ZWJ stay: words need them.
UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)
CLIENTS_REMEMBERED = 10_000


def clean(text: object) -> str:
    """Return `text` without controls that are not seen: bidi overrides and marks, C0 and C1, lone surrogates."""
    return UNSEEN.sub("", str(text))


def protect(app: Flask) -> None:
    """Put `HEADERS` on every answer of `app`, errors too."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class Rate:
    """Counts requests per client in a bucket that refills steadily; for one process, in memory, bounded."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str | None, now: float | None = None) -> int:
        """Return 0 when `client` may go on, else the whole seconds to wait. This machine itself always may."""
        if not self.per_minute or client is None or client in ("127.0.0.1", "::1"):
            return 0
        now = time.monotonic() if now is None else now
        with self._lock:
            left, then = self._buckets.pop(client, (float(self.per_minute), now))
            left = min(float(self.per_minute), left + (now - then) * self.per_minute / 60)
            allowed = left >= 1
            self._buckets[client] = (left - 1 if allowed else left, now)
            while len(self._buckets) > CLIENTS_REMEMBERED:
                self._buckets.popitem(last=False)
        return 0 if allowed else max(1, round((1 - left) * 60 / self.per_minute))
