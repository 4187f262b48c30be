"""The page `/p/cetak/<case>`: one SKP as it is printed. It works without a script; the browser prints it."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from kinerja_cetak import paper
from kinerja_web import the_case

pages = Blueprint("cetak", __name__, static_folder="static")


@pages.get("/<id>")
def show(id: str) -> str:
    """For those who may read what was written. Whoever only sees where cases stand gets 404, since the paper holds it."""
    seen = the_case(id)
    if seen.case.person is None or not seen.contents:
        abort(404)
    return render_template("cetak/skp.html", skp=paper.of(seen.case, seen.items, seen.facts))
