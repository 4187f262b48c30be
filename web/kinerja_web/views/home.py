"""The first page: what do I do now, by when, and if it is not my turn, whose is it?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, g

from kinerja import access, read
from kinerja.contracts import SUBJECT
from kinerja.read import CaseLine, StageLine, TaskLine
from kinerja_web.htmx import page, request
from kinerja_web.words import short_day

pages = Blueprint("home", __name__)

LIST = 100
QUEUE = "giliran"
ALL = "semua"


@dataclass(frozen=True, slots=True)
class Row:
    """One stage in a task list: one tag, at most one line of explanation."""

    stage: StageLine
    tag: str
    tone: str
    note: str
    open: bool


@pages.get("/")
def show() -> Response:
    return _assigned() if g.viewer.assignment is not None else _employee()


def _employee() -> Response:
    today = g.clock.today(g.viewer.zone)
    own = read.own_cases(g.viewer)
    now = [case for case in own if not case.closed]
    tasks = read.open_tasks([case.case for case in now])
    mine = [task for task in tasks if task.relation == SUBJECT]
    theirs = [task for task in tasks if task.relation != SUBJECT and task.holder]
    mine.sort(key=lambda task: (task.kind == "macet", task.ends < today, task.due or date.max))
    elsewhere = read.waiting_elsewhere(g.viewer.person) if any(one.useful for one in g.context.capacities) else {}
    active = [case for case in now if _begun(case, today, tasks)]
    later = [case for case in now if case not in active]
    return page(
        "kinerja/beranda.html",
        mine=mine,
        next=next(iter(mine or theirs), None),
        cases=[(case, rows(case, tasks, today)) for case in active],
        later=later,
        past=[case for case in own if case.closed],
        useful=[(one, elsewhere.get(one.id, 0)) for one in g.context.capacities if one.useful],
        busy=any(elsewhere.values()),
    )


def _ahead(stage: StageLine, today: date) -> bool:
    """Whether a stage's day is still to come and nothing was done in it before."""
    return stage.opens is not None and stage.opens > today and stage.kind in ("belum", "menunggu", "macet")


def _begun(case: CaseLine, today: date, tasks: list[TaskLine]) -> bool:
    """Whether a case has work now: a turn, something written, or a window that is open."""
    if any(task.case == case.case and task.kind != "macet" for task in tasks):
        return True
    return any(not _ahead(stage, today) for stage in case.stages)


def rows(case: CaseLine, tasks: list[TaskLine], today: date) -> list[Row]:
    """The stages of one case as a task list for the person it is about."""
    made = []
    for stage in case.stages:
        here = [task for task in tasks if task.case == case.case and task.stage == stage.stage]
        turn = next((task for task in here if task.relation == SUBJECT), None)
        other = next((task for task in here if task.relation != SUBJECT), None)
        if turn is not None and turn.kind != "macet":
            made.append(Row(stage, "Giliran Anda", "mine", turn.label, True))
        elif other is not None or turn is not None:
            task = other or turn
            assert task is not None
            who = f"Menunggu {task.holder}" if other is not None and task.holder else stage.label
            made.append(Row(stage, who, "wait", task.sentence or task.label, True))
        elif stage.opens is not None and _ahead(stage, today):
            made.append(Row(stage, f"Mulai {short_day(stage.opens, today)}", "quiet", "", True))
        else:
            made.append(Row(stage, stage.label, "quiet" if stage.tone == "mine" else stage.tone, "", True))
    return made


def _assigned() -> Response:
    today = g.clock.today(g.viewer.zone)
    turns = [task for task in read.turns(g.viewer, LIST) if task.kind != "macet"]
    cases = read.standings(g.viewer, today)
    waiting = {task.case for task in turns}
    open_cases = [case for case in cases if not case.closed and (case.begun or case.case in waiting)]
    counts = Counter(case.label for case in open_cases)
    chosen = request.args.get("tampil", QUEUE if turns else ALL)
    return page(
        "kinerja/antrean.html",
        block="daftar",
        turns=turns,
        total=len(open_cases),
        cases=[case for case in open_cases if chosen in (ALL, case.label)],
        counts=sorted(counts.items(), key=lambda one: (-one[1], one[0])),
        chosen=chosen,
        past=[case for case in cases if case.closed],
        periods=list(dict.fromkeys(case.period for case in open_cases)),
        several=len({case.unit for case in open_cases}) > 1,
        may={
            name: permission in g.viewer.permissions
            for name, permission in (("read", access.READ), ("plugins", access.PLUGINS), ("import", access.IMPORT))
        },
    )
