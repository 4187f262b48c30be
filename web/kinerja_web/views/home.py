"""The first page: what do I do now, by when, and if it is not my turn, whose is it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, g

import kinerja_read as read
from kinerja import access
from kinerja.contracts import SUBJECT
from kinerja_office import requests
from kinerja_read import CaseLine, StageLine, TaskLine
from kinerja_web import gate, place
from kinerja_web.htmx import page, request
from kinerja_web.words import short_day

pages = Blueprint("home", __name__)

LIST = 100
QUEUE = "giliran"
ALL = "semua"
KEEPING = (("plugins", access.PLUGINS), ("import", access.IMPORT), ("people", access.PEOPLE))
FREE = {"dianjurkan": "Dianjurkan, tidak wajib", "boleh": "Boleh, tidak wajib"}
"""What is said of a case whose person need not take part; nothing of it is ever late."""


@dataclass(frozen=True, slots=True)
class Row:
    """One stage in a task list: one tag, at most one line of explanation."""

    stage: StageLine
    tag: str
    tone: str
    note: str
    open: bool


@dataclass(frozen=True, slots=True)
class Idle:
    """Those who must and have not begun a stage of a period, with what to send them."""

    label: str
    period: str
    due: date | None
    people: tuple[TaskLine, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """Cases that cannot go on before something outside them is done, by one reason at one unit."""

    sentence: str
    unit: str
    tasks: tuple[TaskLine, ...]


@pages.get("/")
def show() -> Response:
    return _assigned() if g.viewer.assignment is not None else _employee()


def _employee() -> Response:
    kernel = gate.the_kernel()
    today = g.clock.today(g.viewer.zone)
    own = read.own_cases(g.viewer)
    now = [case for case in own if not case.closed]
    tasks = read.open_tasks(g.viewer, [case.case for case in now])
    mine = [task for task in tasks if task.relation == SUBJECT]
    theirs = [task for task in tasks if task.relation != SUBJECT and task.holder]
    mine.sort(key=lambda task: (task.kind == "macet", task.ends < today, task.due or date.max))
    elsewhere = read.waiting_elsewhere(g.viewer) if any(one.useful for one in g.context.capacities) else {}
    active = [case for case in now if _begun(case, today, tasks)]
    fresh = {(case.case, stage.stage) for case in now for stage in case.stages if stage.kind == "belum"}
    places = read.places(g.viewer)
    return page(
        "kinerja/beranda.html",
        mine=mine,
        next=next(iter(mine or theirs), None),
        reminders={
            (task.case, task.stage): place.reminder(kernel, places, task, today)
            for task in mine
            if task.kind != "macet" and (task.case, task.stage) in fresh
        },
        calls=place.calls(kernel, places, theirs),
        reasons=read.reasons(kernel, g.viewer, places, today),
        cases=[(case, rows(case, tasks, today)) for case in active],
        twice={period for period, n in Counter(case.period for case in active).items() if n > 1},
        free=FREE,
        later=[case for case in now if case not in active],
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
        elif other is not None:
            who = f"Menunggu {other.holder}" if other.holder else stage.label
            made.append(Row(stage, who, "wait", other.sentence if other.kind == "macet" else "", True))
        elif turn is not None:
            made.append(Row(stage, stage.label, "wait", turn.sentence or turn.label, True))
        elif stage.opens is not None and _ahead(stage, today):
            made.append(Row(stage, f"Mulai {short_day(stage.opens, today)}", "quiet", "", True))
        else:
            made.append(Row(stage, stage.label, "quiet" if stage.tone == "mine" else stage.tone, "", True))
    return made


def _assigned() -> Response:
    today = g.clock.today(g.viewer.zone)
    waiting = read.turns(g.viewer, LIST)
    turns = [task for task in waiting if task.kind != "macet"]
    cases = read.standings(g.viewer, today)
    turning = {task.case for task in turns}
    open_cases = [case for case in cases if not case.closed and (case.begun or case.case in turning)]
    unbegun = [case.case for case in open_cases if case.answer == "wajib" and case.kind == "belum"]
    counts = Counter(case.label for case in open_cases)
    chosen = request.args.get("tampil", QUEUE if turns else ALL)
    may = {name: permission in g.viewer.permissions for name, permission in KEEPING}
    may["read"] = access.oversees(g.viewer, g.viewer.line)
    return page(
        "kinerja/antrean.html",
        block="daftar",
        turns=turns,
        full=len(waiting) >= LIST,
        several_rows=several_rows(turns),
        total=len(open_cases),
        cases=[case for case in open_cases if chosen in (ALL, case.label)],
        counts=sorted(counts.items(), key=lambda one: (-one[1], one[0])),
        chosen=chosen,
        past=[case for case in cases if case.closed],
        periods=list(dict.fromkeys([*(case.period for case in open_cases), *(task.period for task in turns)])),
        several=len({case.unit for case in open_cases}) > 1,
        stuck=stuck(task for task in waiting if task.kind == "macet"),
        idle=_idle(read.open_tasks(g.viewer, unbegun), today),
        asked=len(requests.inbox(g.viewer)) if may["people"] else 0,
        may=may,
    )


def several_rows(turns: Iterable[TaskLine]) -> list[tuple[str, str, str, int]]:
    """What may be taken for several turns at once: (stage, row, what the turns ask, how many), where there are two."""
    found = Counter((task.stage, task.several, task.label) for task in turns if task.several)
    return [(*one, n) for one, n in found.items() if n > 1]


def stuck(tasks: Iterable[TaskLine]) -> list[Stuck]:
    """Turns that wait for something outside, put together by reason and unit, the oldest first."""
    found: dict[tuple[str, str], list[TaskLine]] = {}
    for task in tasks:
        found.setdefault((task.sentence or task.label, task.unit), []).append(task)
    return [Stuck(*key, tuple(here)) for key, here in found.items()]


def _idle(tasks: Iterable[TaskLine], today: date) -> list[Idle]:
    """Those of the cases that must take part and have not begun who have a turn now, by stage and period."""
    found: dict[tuple[str, str, date | None], list[TaskLine]] = {}
    for task in tasks:
        if task.relation == SUBJECT and task.kind != "macet":
            found.setdefault((task.label, task.period, task.due), []).append(task)
    return [
        Idle(label, period, due, tuple(sorted(here, key=lambda one: one.person)), _message(label, period, due, here, today))
        for (label, period, due), here in found.items()
    ]  # fmt: skip


def _message(label: str, period: str, due: date | None, here: list[TaskLine], today: date) -> str:
    """A text to be pasted into a chat: what, by when, who, and where to go."""
    until = f" Batas {short_day(due, today)}." if due and due >= today else ""
    names = "\n".join(f"{n}. {name}" for n, name in enumerate(sorted(task.person for task in here), 1))
    return f"{label}, {period}.{until}\nBelum mulai:\n{names}\nBuka {request.host_url}"
