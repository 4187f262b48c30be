"""The browser's side of a session: its cookies, and the sentence a page leaves for the next."""

from __future__ import annotations

from urllib.parse import quote, unquote

from flask import Response, g

from kinerja.kernel import Kernel
from kinerja_office import sessions
from kinerja_web.htmx import request

COOKIE = "kinerja"
FIRST = "kinerja-awal"
"""The cookie that ties a sign-in form to its browser before there is a session."""
TOLD = "kabar"


def read(kernel: Kernel) -> sessions.Context | None:
    """The visitor of this request, or None; brings the kernel to the stamp and date that were read along."""
    return sessions.read(kernel, request.cookies.get(COOKIE, ""))


def sign_in(kernel: Kernel, issuer: str, subject: str, response: Response) -> bool:
    """Begin a session for whoever this identity belongs to, under a new token; False when it belongs to nobody."""
    token = sessions.begin(kernel, issuer, subject, request.cookies.get(COOKIE, ""))
    if token is None:
        return False
    keep(response, COOKIE, token)
    response.delete_cookie(FIRST)
    return True


def keep(response: Response, name: str, value: str) -> None:
    """Set a cookie that no script reads and no other site sends along."""
    response.set_cookie(name, value, httponly=True, samesite="Lax", secure=request.is_secure)


def tell(response: Response, text: str) -> Response:
    """Leave a sentence for the next page to show once."""
    g.left = text
    response.set_cookie(TOLD, quote(text), max_age=120, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def told() -> str:
    """The sentence the page before left; it is taken away with this answer."""
    text = unquote(request.cookies.get(TOLD, ""))[:300]
    if text:
        g.told = True
    return text
