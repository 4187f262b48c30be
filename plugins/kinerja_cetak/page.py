"""The page `/p/cetak/<case>`: one SKP as it is printed. It works without a script; the browser prints it."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from kinerja_cetak import paper
from kinerja_web import the_case

pages = Blueprint("cetak", __name__, static_folder="static")


@pages.get("/<id>")
def show(id: str) -> str:
    """For the person and those who stand in a relation to the case. Whoever only oversees cases gets 404, since the
    paper holds what was handed in."""
    seen = the_case(id)
    if seen.case.person is None or not seen.relations:
        abort(404)
    return render_template("cetak/skp.html", skp=paper.of(seen.case, seen.items, seen.facts))
