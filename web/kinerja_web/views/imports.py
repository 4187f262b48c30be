"""Imports: files are uploaded, read by the worker, shown with every problem, and taken over when somebody says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, g
from werkzeug.exceptions import NotFound

import kinerja_read as read
from kinerja import access, settings
from kinerja.contracts import Connector, Import, Refusal
from kinerja.units import UnitLine
from kinerja_read import JobLine
from kinerja_web import choices, gate, look, once, session
from kinerja_web import forms as inputs
from kinerja_web.htmx import go, page, request
from kinerja_web.views import merging
from kinerja_web.views.unit import the_unit
from kinerja_work import imports

pages = Blueprint("imports", __name__)

FEW = 5
"""Of how many people the changed values are shown at once; those of more are opened, so that the buttons stay near."""
MOST = 20
"""Of how many rows whose numbers lead to two people the way on is looked for."""
BUSY = ("waiting", "confirmed")
CANCELLED = "Impor dibatalkan. Tidak ada yang disimpan, dan berkasnya sudah dihapus."
TOO_LATE = "Impor ini sudah diproses, jadi tidak dapat dibatalkan lagi."


def _readers(unit: UnitLine) -> list[tuple[Connector, Import]]:
    kernel = gate.the_kernel()
    on = settings.enabled(kernel, unit.line)
    owner = kernel.host.registry.owner
    return [
        (connector, reader)
        for id, connector in sorted(kernel.host.registry.connectors.items())
        if owner["connectors", id] in on
        for reader in connector.imports
    ]


@pages.get("/satuan/<int:id>/impor")
def show(id: int) -> Response:
    return _draw(the_unit(id, access.IMPORT))


def _draw(unit: UnitLine, problem: str = "") -> Response:
    recent = read.imports_at(g.viewer, unit, imports.KIND)
    return page(
        "kinerja/impor.html", status=422 if problem else 200, unit=unit, readers=_readers(unit), recent=recent,
        problem=problem, busy=BUSY,
    )  # fmt: skip


@pages.post("/satuan/<int:id>/impor")
def upload(id: int) -> Response:
    unit = the_unit(id, access.IMPORT)
    wanted = (request.form.get("penghubung", ""), request.form.get("pembaca", ""))
    found = next((pair for pair in _readers(unit) if (pair[0].id, pair[1].id) == wanted), None)
    if found is None:
        raise NotFound
    given = inputs.files(request.files)
    missing = [label for key, label in found[1].files if key not in given]
    if missing:
        return _draw(unit, f"Pilih berkas: {', '.join(missing)}.")
    if any(len(content) > inputs.LARGEST for _, content in given.values()):
        return _draw(unit, "Berkas paling besar 10 MB. Perkecil berkasnya, lalu unggah lagi.")
    files = {key: given[key][1] for key, _ in found[1].files}
    job = imports.start_import(
        gate.the_kernel(), wanted[0], wanted[1], unit.id, files, g.viewer.person, look.key(str(id), "impor")
    )
    return go(f"/satuan/{id}/impor/{job}")


def _job(unit: UnitLine, id: str) -> JobLine:
    found = read.imports_at(g.viewer, unit, imports.KIND, id)
    if not found:
        raise NotFound
    return found[0]


@pages.get("/satuan/<int:id>/impor/<job>")
def follow(id: int, job: str) -> Response:
    """How far an import is. htmx asks for the block again and again; without it the page is loaded anew."""
    unit = the_unit(id, access.IMPORT)
    return _follow(unit, _job(unit, job))


def _follow(unit: UnitLine, found: JobLine, problem: str = "") -> Response:
    result = found.result
    asked = choices.drawn(result.get("choices", [])) if found.state == "preview" else []
    told_there = {one.told["row"] for one in asked}  # a row that asks something is told with its question
    problems = [tuple(one) for one in result.get("problems", [])]
    return page(
        "kinerja/pekerjaan.html", block="kemajuan", unit=unit, job=found, result=result, busy=found.state in BUSY,
        fatal=[one for one in problems if one[3] and one[0] not in told_there], doubts=[one for one in problems if not one[3]],
        facts=result.get("facts", []), persons=bool(found.total) or not result.get("facts"),
        changes=[(row, who, told) for row, who, told in result.get("changes", []) if told],
        patience=imports.PATIENCE.days, problem=problem, status=422 if problem else 200,
        choices=asked, few=FEW,
        reasons=choices.reasons(), typed=request.form, ways=_ways(result, unit),
    )  # fmt: skip


def _ways(result: Mapping[str, Any], unit: UnitLine) -> dict[int, tuple[str, str]]:
    """What may be done about the rows whose numbers lead to two people, by row."""
    return {row: merging.way_on(twins, unit) for row, *twins in result.get("twins", [])[:MOST]}


@pages.post("/satuan/<int:id>/impor/<job>")
@once.done
def confirm(id: int, job: str) -> Response:
    """Take an import over, or give it up. Where somebody settled what a file says of posts, it is taken at once, so that
    what may not be done is said here; else by the worker."""
    unit = the_unit(id, access.IMPORT)
    found = _job(unit, job).id
    if "batal" in request.form:
        given_up = imports.cancel(gate.the_kernel(), found)
        return session.tell(go(f"/satuan/{id}/impor"), CANCELLED if given_up else TOO_LATE)
    try:
        answers = choices.answers(_job(unit, job).result.get("choices", []), request.form)
        if answers:
            imports.settle(gate.the_kernel(), found, g.viewer, answers)
        else:
            imports.confirm(gate.the_kernel(), found)
    except Refusal as refusal:
        return _follow(unit, _job(unit, job), refusal.sentence)
    return go(f"/satuan/{id}/impor/{job}")
