"""Forms that are done once. Every form carries an id made with it; a form sent twice is done once and answered twice.

A browser itself sends a POST again when a kept-alive line dies before the answer, and people press twice. Three kinds
of pages need nothing from here: a draft is saved under the revision that was seen, so that sending it again changes
nothing; changes of a case take the id to `workflow.apply`; signing in and out may be repeated, the newest session counts.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec

from flask import Response, g

from kinerja import once
from kinerja_web import gate, session
from kinerja_web.htmx import go, request

P = ParamSpec("P")

FIELD = "kunci"
"""The form field that carries the id."""
LONGEST = 64
"""Letters of an id that are kept as they are; of a longer one its hash is."""
_ASIDE = (FIELD, gate.TOKEN)


def sent_id() -> str:
    """The id of the form that was sent. One that carries none gets a fresh one, and is then not safe to send twice."""
    sent = request.form.get(FIELD) or secrets.token_hex(12)
    return sent if len(sent) <= LONGEST else hashlib.sha256(sent.encode()).hexdigest()


def run(do: Callable[[], str]) -> str:
    """Do one thing of this request once and return its word, the same again for the same form. A refusal passes."""
    return str(once.once(*_asked(), do, g.clock.now()))


def done(view: Callable[P, Response]) -> Callable[P, Response]:
    """Mark a page whose POST is done once, in one transaction. Done is what sends the browser on; a page that comes
    back with errors leaves the id free, so that it can be sent again."""

    @wraps(view)
    def only_once(*args: P.args, **kwargs: P.kwargs) -> Response:
        drawn: list[Response] = []

        def do() -> dict[str, str] | None:
            drawn.append(view(*args, **kwargs))
            to = drawn[0].headers.get("Location") or drawn[0].headers.get("HX-Redirect")
            return {"to": to, "told": g.get("left", "")} if to else None

        answered = once.once(*_asked(), do, g.clock.now())
        return drawn[0] if drawn else _again(answered)

    return only_once


def _again(answered: Any) -> Response:
    response = go(answered["to"])
    return session.tell(response, answered["told"]) if answered["told"] else response


def _asked() -> tuple[str, str, int | None]:
    """Key, digest and person of what was sent."""
    person = g.viewer.person if g.viewer else None
    pairs = sorted((name, text) for name, text in request.form.items(multi=True) if name not in _ASIDE)
    digest = once.digest_of(request.path, pairs, _files())
    return f"{person or 0}:{sent_id()}:{hashlib.sha256(request.path.encode()).hexdigest()[:16]}", digest, person


def _files() -> Mapping[str, str]:
    found = {}
    for name, file in request.files.items():
        found[name] = hashlib.sha256(file.stream.read()).hexdigest()
        file.stream.seek(0)
    return found
