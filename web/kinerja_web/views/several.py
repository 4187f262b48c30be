"""One row for several turns at once: choose, read the names once more, then watch the worker do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, g
from werkzeug.exceptions import NotFound

import kinerja_read as read
from kinerja.contracts import Refusal, Transition
from kinerja_read import TaskLine
from kinerja_web import gate, look
from kinerja_web.htmx import go, page, request
from kinerja_work import several

pages = Blueprint("several", __name__)

CHOOSE, CHECK, TAKE = "pilih", "periksa", "ambil"


@dataclass(frozen=True, slots=True)
class Group:
    """The turns of one area, by unit."""

    area: str
    units: tuple[tuple[str, tuple[TaskLine, ...]], ...]
    count: int


def _turns(stage: str, row: str) -> tuple[list[TaskLine], int]:
    """The visitor's turns for which this row may be taken together, and how many more of the stage must be looked at
    one by one. There is no page where there are none."""
    waiting = read.turns(g.viewer, g.clock.today(g.viewer.zone), several.MOST)
    here = [task for task in waiting if task.stage == stage and task.kind != "macet"]
    fit = [task for task in here if task.several == row]
    if not fit:
        raise NotFound
    labels = {task.label for task in fit}
    return fit, sum(1 for task in here if task.several != row and task.label in labels)


def _row(stage: str, row: str) -> Transition:
    """The row as the installed stage's flow names it."""
    known = gate.the_kernel().host.registry.stages.get(stage)
    flows = known.flows.values() if known else ()
    found = next((one for flow in flows for one in flow.transitions if one.id == row and one.several), None)
    if found is None:
        raise NotFound
    return found


def _groups(turns: Sequence[TaskLine]) -> list[Group]:
    areas: dict[str, dict[str, list[TaskLine]]] = {}
    for task in sorted(turns, key=lambda one: (one.area, one.unit, one.person)):
        areas.setdefault(task.area, {}).setdefault(task.unit, []).append(task)
    return [
        Group(area, tuple((unit, tuple(here)) for unit, here in units.items()), sum(map(len, units.values())))
        for area, units in areas.items()
    ]


@pages.get("/sekaligus/<stage>/<row>")
def choose(stage: str, row: str) -> Response:
    return _choose(stage, row, set())


def _choose(stage: str, row: str, ticked: set[str], problem: str = "") -> Response:
    turns, rest = _turns(stage, row)
    return page(
        "kinerja/sekaligus.html", status=422 if problem else 200, url=f"/sekaligus/{stage}/{row}", row=_row(stage, row),
        stage=gate.the_kernel().host.registry.stages[stage], groups=_groups(turns), total=len(turns), rest=rest,
        ticked=ticked, problem=problem, periods=list(dict.fromkeys(task.period for task in turns)), checking=False,
    )  # fmt: skip


@pages.post("/sekaligus/<stage>/<row>")
def go_on(stage: str, row: str) -> Response:
    """Tick a whole area, show what was chosen once more, or begin. Nothing is taken before the last."""
    ticked = set(request.form.getlist("kasus"))
    what, _, area = request.form.get("aksi", "").partition(":")
    if what == TAKE:
        return _take(stage, row, ticked)
    turns, rest = _turns(stage, row)
    if what == CHOOSE:
        return _choose(stage, row, ticked | {task.case for task in turns if task.area == area})
    chosen = [task for task in turns if task.case in ticked]
    if what != CHECK or not chosen:
        return _choose(stage, row, ticked, "Belum ada yang dipilih. Centang minimal satu nama.")
    return page(
        "kinerja/sekaligus.html", url=f"/sekaligus/{stage}/{row}", row=_row(stage, row), total=len(turns),
        stage=gate.the_kernel().host.registry.stages[stage], groups=_groups(chosen), rest=rest, problem="",
        ticked={task.case for task in chosen}, periods=list(dict.fromkeys(task.period for task in chosen)), checking=True,
    )  # fmt: skip


def _take(stage: str, row: str, ticked: set[str]) -> Response:
    """Begin the work; the same page sent twice leads to the same work."""
    known = _row(stage, row)
    if g.viewer.unit is None:
        raise NotFound
    key = look.key(f"{stage}:{row}", known.id)
    try:
        job = several.start_several(gate.the_kernel(), g.viewer, stage, row, ticked, known.label, g.viewer.unit, key)
    except Refusal as refusal:
        return _choose(stage, row, ticked, refusal.sentence)
    return go(f"/sekaligus/{job}")


@pages.get("/sekaligus/<id>")
def follow(id: str) -> Response:
    """How far it is. htmx asks for the block again and again; without it the page is loaded anew."""
    job = read.own_job(g.viewer, several.SEVERAL, id)
    if job is None:
        raise NotFound
    result = job.result
    return page(
        "kinerja/sekaligus_jalan.html", block="kemajuan", job=job, busy=job.state == "waiting",
        taken=result.get("taken", 0), problems=[(name, why) for _, name, why, _ in result.get("problems", [])],
    )  # fmt: skip
