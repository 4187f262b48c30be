"""The pages `/p/cetak/<case>` and `/p/cetak/<case>/<edition>`: one SKP as it is printed, without a script."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from markupsafe import Markup

from kinerja_cetak import paper
from kinerja_web import editions, issued, the_case

pages = Blueprint("cetak", __name__, static_folder="static")


@pages.get("/<id>")
@pages.get("/<id>/<int:number>")
def show(id: str, number: int | None = None) -> str:
    """The newest edition of an agreed plan or an older one, as it was issued; before it is agreed a draft. For those who
    may read all that stands on it: whoever may not gets 404."""
    seen = the_case(id)
    if seen.case.person is None or not seen.contents:
        abort(404)
    made = tuple(one for one in editions(id) if paper.AGREED in one.facts)
    chosen = [one for one in made if number in (None, one.number)]
    if not chosen and (number is not None or paper.AGREED in seen.facts):
        abort(404)
    if not chosen:
        skp = paper.of(seen.case, seen.items, seen.facts)
        sheet = "" if skp.empty else render_template("cetak/lembar.html", skp=skp)
        return render_template("cetak/skp.html", case=id, sheet=Markup(sheet), made=(), one=None, other=None)
    one = chosen[-1]
    kept = issued(
        id, one, lambda: render_template("cetak/lembar.html", skp=paper.of_edition(seen.case, made, one.number))
    )
    now = seen.case.holders.get(paper.DECIDES)
    then = paper.assessor_of(one)
    other = now if now is not None and then is not None and now.person.id != then.person else None
    return render_template("cetak/skp.html", case=id, sheet=Markup(kept), made=made[::-1], one=one, other=other)
