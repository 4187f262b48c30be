"""The first page: what do I do now, by when, and if it is not my turn, whose is it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, g

import kinerja_read as read
from kinerja import access
from kinerja.clock import ahead, has_come
from kinerja.contracts import SUBJECT, UNIT_PROOFS, WORK
from kinerja.kernel import Kernel
from kinerja_office import requests
from kinerja_read import CaseLine, StageLine, TaskLine, Waits
from kinerja_web import gate, place
from kinerja_web.htmx import page, request
from kinerja_web.words import ago, short_day

pages = Blueprint("home", __name__)

LIST = 100
LINES = 4
"""How many lines «Anda menunggu» has at most; the stages below say the rest."""
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
class Waiting:
    """Whom one's own case waits for: who, what for, the turn itself, and `opens`, the day from which it can be done where
    that is still to come."""

    who: str
    text: str
    task: TaskLine
    opens: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of a queue: where it leads, about whom, what is asked, of which period, and all else that is said of it."""

    url: str
    who: str
    label: str
    period: str
    told: str


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
    waits = read.waits(g.viewer, today, [case.case for case in own])
    tasks = [*waits.asked, *waits.held, *waits.later, *waits.others]
    mine = sorted(waits.asked, key=lambda task: (task.what != WORK, task.ends < today, task.due or date.max))
    elsewhere = read.waiting_elsewhere(g.viewer, today) if any(one.useful for one in g.context.capacities) else {}
    active = [case for case in now if _begun(case, today, tasks)]
    fresh = {(case.case, stage.stage) for case in now for stage in case.stages if stage.kind == "belum"}
    places = read.places(g.viewer, today)
    return page(
        "kinerja/beranda.html",
        waits=waits,
        mine=mine,
        next=next(iter(mine), None),
        waiting=waiting(
            kernel, places, waits, {(case.case, one.stage): one.name for case in now for one in case.stages}, today
        ),
        reminders={
            (task.case, task.stage): place.reminder(task, today) for task in mine if (task.case, task.stage) in fresh
        },
        calls=place.calls(kernel, places, [*waits.held, *waits.others]),
        reasons=read.reasons(kernel, g.viewer, places, today),
        cases=[(case, rows(case, tasks, today)) for case in active],
        twice={period for period, n in Counter(case.period for case in active).items() if n > 1},
        free=FREE,
        later=[case for case in now if case not in active],
        past=[case for case in own if case.closed],
        useful=[(one, elsewhere.get(one.id, 0)) for one in g.context.capacities if one.useful],
        busy=any(elsewhere.values()),
    )


def _begun(case: CaseLine, today: date, tasks: list[TaskLine]) -> bool:
    """Whether a case has work now: a turn, something written, or a window that is open."""
    if any(task.case == case.case and task.kind != "macet" and has_come(task.opens, today) for task in tasks):
        return True
    return any(not ahead(stage.opens, stage.kind, today) for stage in case.stages)


def rows(case: CaseLine, tasks: list[TaskLine], today: date) -> list[Row]:
    """The stages of one case as a task list for the person it is about."""
    made = []
    for stage in case.stages:
        later = ahead(stage.opens, stage.kind, today)
        here = [
            task
            for task in tasks
            if task.case == case.case and task.stage == stage.stage and not (later and task.opens)
        ]
        turn = next((task for task in here if task.relation == SUBJECT), None)
        other = next((task for task in here if task.relation != SUBJECT), None)
        if turn is not None and turn.kind != "macet" and has_come(turn.opens, today):
            made.append(Row(stage, "Giliran Anda", "mine", turn.label, True))
        elif other is not None:
            who = f"Menunggu {other.holder}" if other.holder else stage.label
            made.append(Row(stage, who, "wait", note_of(other, today), True))
        elif turn is not None:
            made.append(Row(stage, stage.label, "wait", turn.sentence or turn.label, True))
        elif stage.opens is not None and later:
            made.append(Row(stage, f"Mulai {short_day(stage.opens, today)}", "quiet", "", True))
        else:
            made.append(Row(stage, stage.label, "quiet" if stage.tone == "mine" else stage.tone, "", True))
    return made


def note_of(task: TaskLine, today: date) -> str:
    """The line beside «Menunggu Pak Budi»: why nothing can go on, or from which day it is his turn."""
    if task.kind == "macet":
        return task.sentence or task.label
    return f"Mulai {short_day(task.opens, today)}" if task.opens and not has_come(task.opens, today) else ""


def waiting(
    kernel: Kernel, places: Sequence[read.Place], waits: Waits, names: Mapping[tuple[str, str], str], today: date
) -> list[Waiting]:
    """Whom the visitor's own cases wait for, in which stage, and since when or from which day; each once. What somebody
    else is asked is no business of the visitor's."""
    found: dict[tuple[str, str], Waiting] = {}
    for task in (*waits.held, *waits.others, *waits.later):
        later = not has_come(task.opens, today)
        if later and any(one.case == task.case and has_come(one.opens, today) for one in waits.others):
            continue
        giver = place.giver(kernel, places, task) if task.kind == "macet" else None
        who = (giver.who if giver else "") or (task.holder if task.relation != SUBJECT else "")
        stage = names.get((task.case, task.stage), "") if task.stage else f"{task.count} bukti"
        text = (task.sentence or task.label) if task.kind == "macet" else (task.label if not who else stage)
        since = short_day(task.opens, today) if task.opens is not None and later else ""
        since = "" if since in text else since
        found.setdefault((who, text), Waiting(who, text, task, since))
    return list(found.values())[:LINES]


def _assigned() -> Response:
    today = g.clock.today(g.viewer.zone)
    waits = read.waits(g.viewer, today, limit=LIST)
    turns = sorted(waits.asked, key=lambda task: task.what != WORK)
    cases = read.standings(g.viewer, today)
    turning = {task.case for task in turns}
    open_cases = [case for case in cases if not case.closed and (case.begun or case.case in turning)]
    unbegun = [case.case for case in open_cases if case.answer == "wajib" and case.kind == "belum"]
    counts = Counter(case.label for case in open_cases)
    chosen = request.args.get("tampil", QUEUE if turns else ALL)
    several = len({case.unit for case in open_cases}) > 1
    may = {name: permission in g.viewer.permissions for name, permission in KEEPING}
    may["read"] = access.oversees(g.viewer, g.viewer.line)
    return page(
        "kinerja/antrean.html",
        block="daftar",
        turns=turns,
        queue=[_turn(task, today, several) for task in turns] if chosen == QUEUE else (),
        oldest=min((task.since for task in turns), default=None),
        waits=waits,
        coming=coming(waits.later),
        full=len(turns) >= LIST,
        several_rows=several_rows(turns),
        total=len(open_cases),
        cases=[case for case in open_cases if chosen in (ALL, case.label)],
        counts=sorted(counts.items(), key=lambda one: (-one[1], one[0])),
        chosen=chosen,
        past=[case for case in cases if case.closed],
        periods=list(dict.fromkeys([*(case.period for case in open_cases), *(task.period for task in turns)])),
        several=several,
        stuck=stuck(waits.held),
        idle=_idle((task for task in read.open_tasks(g.viewer, unbegun, today) if task.what == WORK), today),
        asked=len(requests.inbox(g.viewer)) if may["people"] else 0,
        may=may,
    )


def _turn(task: TaskLine, today: date, several: bool) -> Turn:
    """A line of the queue, drawn here: a head reads it for everybody in the school."""
    told = [ago(task.since, g.clock.now(), task.zone)]
    if several:
        told.append(task.unit)
    if task.due and (task.due >= today or task.answer not in FREE):
        told.append(f"{'sampai' if task.stage else 'sebaiknya sebelum'} {short_day(task.due, today)}")
    if task.sentence:
        told.append(task.sentence)
    who = task.unit if task.what == UNIT_PROOFS else task.person
    return Turn(f"/kasus/{task.case}/{task.stage or 'bukti'}", who, task.label, task.period, " · ".join(told))


def several_rows(turns: Iterable[TaskLine]) -> list[tuple[str, str, str, int]]:
    """What may be taken for several turns at once: (stage, row, what the turns ask, how many), where there are two."""
    found = Counter((task.stage, task.several, task.label) for task in turns if task.several)
    return [(*one, n) for one, n in found.items() if n > 1]


def coming(tasks: Iterable[TaskLine]) -> list[tuple[str, date, str, str, int]]:
    """What is the visitor's from a day to come: (what, from which day, where, about whom, how many), the nearest first."""
    found: dict[tuple[str, date], list[TaskLine]] = {}
    for task in tasks:
        if task.kind != "macet" and task.opens is not None:
            found.setdefault((task.label, task.opens), []).append(task)
    return [
        (label, opens, f"/kasus/{here[0].case}/{here[0].stage}", here[0].person, len(here))
        for (label, opens), here in sorted(found.items(), key=lambda one: one[0][1])
    ]


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
        if task.relation == SUBJECT and task.kind != "macet" and has_come(task.opens, today):
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
