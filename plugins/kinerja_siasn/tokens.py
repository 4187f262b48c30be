"""The two tokens SIASN wants at once; each is kept in this process until it expires or is refused, on its own."""

from __future__ import annotations

import base64
import binascii
import json
import threading
import time
from collections.abc import Callable

_lock = threading.Lock()
_kept: dict[tuple[str, ...], tuple[str, float]] = {}


def get(key: tuple[str, ...], fetch: Callable[[], tuple[str, float]]) -> str:
    """The token kept under `key`, or a new one: `fetch` returns it with its life in seconds. One fetch at a time."""
    with _lock:
        token, until = _kept.get(key, ("", 0.0))
        if time.monotonic() >= until:
            token, life = fetch()
            # A little early, so that a token does not die between our look and theirs.
            _kept[key] = token, time.monotonic() + life - min(30.0, life / 10)
        return token


def drop(key: tuple[str, ...], refused: str) -> None:
    """Forget a token that was refused, unless another thread has already renewed it."""
    with _lock:
        if _kept.get(key, ("", 0.0))[0] == refused:
            del _kept[key]


def forget() -> None:
    """Forget all tokens, as a new process would."""
    with _lock:
        _kept.clear()


def expiry(token: str) -> float | None:
    """The moment in a JWT's `exp` claim, unverified: only to tell an operator early. None where it has none."""
    try:
        payload = token.split(".")[1]
        return float(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"])
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        return None
