"""Regulations and guides of each scheme, to be read and kept; open to everybody."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from kinerja.contracts import Document, Scheme
from kinerja_web import gate, look
from kinerja_web.hooks import public
from kinerja_web.htmx import page

pages = Blueprint("rules", __name__)


@pages.get("/aturan")
@public
def index() -> Response:
    """The schemes that are installed, the newest first."""
    schemes = sorted(gate.the_kernel().host.registry.schemes.values(), key=lambda one: (-one.years[0], one.id))
    return page("kinerja/aturan.html", schemes=schemes, scheme=None, url="/aturan", trail="")


def _scheme(id: str) -> Scheme:
    found = gate.the_kernel().host.registry.schemes.get(id)
    if found is None:
        raise NotFound
    return found


@pages.get("/aturan/<scheme>")
@public
def show(scheme: str) -> Response:
    return _draw(_scheme(scheme), f"/aturan/{scheme}", "/aturan")


@pages.get("/aturan/<scheme>/<int:n>.txt")
@public
def text(scheme: str, n: int) -> Response:
    return _file(_scheme(scheme), n)


@pages.get("/kasus/<id>/aturan")
def of_case(id: str) -> Response:
    """What was in force when the period of a case was opened, also when its scheme is gone."""
    return _draw(look.case(id).snapshot.scheme, f"/kasus/{id}/aturan", f"/kasus/{id}")


@pages.get("/kasus/<id>/aturan/<int:n>.txt")
def text_of_case(id: str, n: int) -> Response:
    return _file(look.case(id).snapshot.scheme, n)


def _draw(scheme: Scheme, url: str, trail: str) -> Response:
    return page("kinerja/aturan.html", schemes=(), scheme=scheme, url=url, trail=trail)


def _file(scheme: Scheme, n: int) -> Response:
    """The n-th document as a text file to keep."""
    if not 1 <= n <= len(scheme.documents) or not scheme.documents[n - 1].text:
        raise NotFound
    response = Response(_plain(scheme, scheme.documents[n - 1]), mimetype="text/plain")
    response.headers.set("Content-Disposition", "attachment", filename=f"{scheme.id}-{n}.txt")
    return response


def _plain(scheme: Scheme, one: Document) -> str:
    head = [one.title, one.about, scheme.label, one.address, "Belum dipastikan." if one.provisional else ""]
    return "\n".join(line for line in head if line) + f"\n\n{one.text.strip()}\n"
