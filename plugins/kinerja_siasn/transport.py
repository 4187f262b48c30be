"""One HTTP request and its answer, whatever its status. Secrets are never written to a log or into an error."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from urllib.parse import urlsplit

TIMEOUT = 60
_MOST = 8 * 1024 * 1024
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

_turn = threading.Lock()
_last = 0.0


class Lost(Exception):
    """No whole answer came: refused, reset, timed out or cut short. The other side may have done what was asked."""


class Untrusted(Exception):
    """The server's certificate does not hold. The operating system's store decides (SSL_CERT_FILE names another)."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry both tokens to another host, so it comes back as the answer it is."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def usable(url: str) -> bool:
    """Whether secrets may be sent there: https anywhere, plain http on this machine alone."""
    try:
        parts = urlsplit(url)
        if not url.isprintable() or " " in url or parts.port == 0:  # asking for a port that is no number raises
            return False
        return (parts.scheme == "https" and bool(parts.hostname)) or _local(url)
    except ValueError:
        return False


def request(method: str, url: str, headers: Mapping[str, str], body: bytes | None, rate: float) -> tuple[int, bytes]:
    """Send one request, at most `rate` a second in this process; returns status and body.

    Raises Lost when no whole answer came, Untrusted when the certificate does not hold.
    """
    _wait_for_turn(rate)
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if _local(url):
        handlers.append(urllib.request.ProxyHandler({}))
    opener = urllib.request.build_opener(*handlers)
    asked = urllib.request.Request(url, data=body, headers=dict(headers), method=method)
    try:
        try:
            with opener.open(asked, timeout=TIMEOUT) as answer:
                return answer.status, answer.read(_MOST)
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.read(_MOST)
    except (OSError, http.client.HTTPException) as problem:
        reason = getattr(problem, "reason", problem)
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise Untrusted from None
        raise Lost from None


def _local(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in _LOOPBACK


def _wait_for_turn(rate: float) -> None:
    global _last
    with _turn:
        time.sleep(max(0.0, _last + 1 / rate - time.monotonic()))
        _last = time.monotonic()
