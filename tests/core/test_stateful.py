"""Anything anybody may do to a case, in any order, held against a small model of what should come of it.

Hypothesis plays teachers, heads, an acting head and strangers in two tabs on the small scheme; after each step the
database must say what the model says, whatever was refused must have changed nothing, and no text may be gone.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kinerja import cases, database, jobs, log, read, worker, workflow
from kinerja.access import Viewer
from kinerja.clock import real_now
from kinerja.contracts import Actor, Refusal, Stale
from kinerja.host import Host
from kinerja.kernel import Config, Kernel
from kinerja.migrations import migrate
from kinerja.models import Assignment, Case, Person, Setting
from kinerja.people import assign
from kinerja.testing import Player, add_person, case_of, set_date, stop, unit
from tests import small
from tests.faults.tools import SOAK

WRITE, LOOK = "tulis", "lihat"
STEPS = ("pilih", "cerita")
FIRST, OPENS, ENDS, CLOSED = date(2030, 1, 8), date(2030, 1, 10), date(2030, 2, 10), date(2031, 2, 1)
JAKARTA = ZoneInfo("Asia/Jakarta")
OPEN = ("draf", "dikembalikan", "belum")
TURNS = {
    "belum": ("pegawai", "Susun"),
    "draf": ("pegawai", "Lengkapi"),
    "dikembalikan": ("pegawai", "Perbaiki"),
    "diajukan": ("memutuskan", "Periksa"),
}
LENGTH = 40
LEAST = {"sqlite": 1_000, "postgresql": 100}
"""Steps of one run at most, and steps of all runs together at least; ten times as many when soaking."""


# --- the model ----------------------------------------------------------------------------------


@dataclass
class Paper:
    """One author's part as it should be: the revision tabs compare, the draft, and every kept text by number."""

    revision: int
    draft: dict[str, Any] | None
    handed: int | None = None
    effective: int | None = None
    returned: bool = False
    kept: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, Any]:
        return self.draft if self.draft is not None else self.kept[self.handed or 0]

    def hand_in(self, answers: dict[str, Any], *, in_force: bool = False) -> None:
        self.revision += 1
        self.handed, self.draft, self.returned, self.kept[self.revision] = self.revision, None, False, answers
        if in_force:
            self.effective = self.revision

    def give_back(self, *, returned: bool) -> None:
        self.draft, self.returned = self.kept[self.handed or 0], returned
        self.revision += 1


@dataclass
class File:
    """One case as it should be."""

    case: str
    house: str
    subject: Actor
    head: Actor
    acting: bool
    state: str = "belum"
    graded: bool = False
    adjusted: bool = False
    papers: dict[str, Paper] = field(default_factory=dict)
    grades: dict[int, Paper] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    logged: int = 0
    applied: int = 0
    tabs: dict[str, dict[str, int]] = field(default_factory=lambda: {"A": {}, "B": {}})
    head_saw: dict[str, int] = field(default_factory=dict)

    def settle(self) -> None:
        """What the system does by itself for an acting head."""
        if self.state == "diajukan" and self.acting:
            self.agree()
            self.logged += 1

    def agree(self) -> None:
        self.state = "jadi"
        for paper in self.papers.values():
            paper.effective = paper.handed

    def took(self) -> None:
        """A change that is logged was made."""
        self.logged += 1
        self.applied += 1

    def tasks(self, today: date, closed: bool) -> set[tuple[str, str, str]]:
        if closed:
            return set()
        turns = {(WRITE, *TURNS[self.state])} if self.state != "jadi" and today >= OPENS else set()
        return turns | ({(LOOK, "memutuskan", "Nilai")} if self.state == "jadi" and not self.graded else set())


def somebody(*states: str) -> Callable[[Machine], bool]:
    """Whether a case stands in one of these states; what is done in others is an invariant."""
    return lambda machine: any(file.state in states for file in machine.files.values())


WHO, TAB, STEP = st.sampled_from(("Ani", "Dedi")), st.sampled_from("AB"), st.sampled_from(STEPS)
NUMBER = st.integers(0, 50)
HOUR = st.sampled_from((9, 3, 22))
"""At three in the morning in Jakarta it is still the day before in UTC."""
SOURCES: dict[str, tuple[str, ...]] = {
    "ajukan": ("draf", "dikembalikan"),
    "tarik": ("diajukan",),
    "sesuaikan": ("diajukan",),
    "setujui": ("diajukan",),
    "kembalikan": ("diajukan",),
    "revisi": ("jadi",),
}
ROWS, OF_HEAD = tuple(SOURCES), ("sesuaikan", "setujui", "kembalikan", "tetapkan")


class Machine(RuleBasedStateMachine):
    """The kernel and the model side by side. A test makes a subclass with `world` and `host` for one engine."""

    world: ClassVar[Callable[[], str]]
    host: ClassVar[Host]
    folder: ClassVar[Path]
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        url = self.world()
        database.connect_to(url)
        database.proxy.connect(reuse_if_open=True)
        if database.is_sqlite():
            database.proxy.execute_sql("PRAGMA synchronous = 0")  # nobody cuts the power here, and disks are slow
        self.kernel = Kernel(Config(self.folder, url, demo=True), self.host)
        self.kernel.sync()
        self.closed, self.number, self.long, self.turn = False, 0, 0, 1
        self.people = {one.name.split()[0]: one.id for one in Person.select()}
        self.held = {one.person.name.split()[0]: one.id for one in Assignment.select()}
        self.heads: dict[int, int] = {}
        self.today = FIRST
        self.asked: list[tuple[workflow.Ask, workflow.Outcome]] = []
        self.files = {
            "Ani": File(case_of("Ani Contoh"), "rumah-a", self.employee("Ani"), self.official("Budi"), acting=False),
            "Dedi": File(case_of("Dedi Contoh"), "rumah-b", self.employee("Dedi"), self.official("Cici"), acting=True),
        }

    def teardown(self) -> None:
        broken = {one: log.broken(one) for one in self.heads}
        stop()
        assert (self.host.faults, broken) == ({}, dict.fromkeys(broken))

    # --- tools ---

    def employee(self, name: str) -> Actor:
        return Actor(self.people[name])

    def official(self, name: str) -> Actor:
        return Actor(self.people[name], self.held[name])

    def of(self, who: str, *states: str) -> File:
        """The case of one of the two, or of the other where only that stands in one of these states."""
        first, other = self.files[who], self.files["Dedi" if who == "Ani" else "Ani"]
        return other if other.state in states and first.state not in states else first

    def now(self) -> datetime:
        """The moment as a request brings it, in the zone of the unit."""
        return self.kernel.clock.now().astimezone(JAKARTA)

    def new(self, what: str) -> str:
        self.number += 1
        return f"{what} {self.number}"

    def everything(self, *, versions: bool = True) -> list[Any]:
        """All that a refused act must leave as it was."""
        tables = {
            "part": "id, revision, draft, handed, effective, returned",
            "revision": "part_id, number, data",
            "log_entry": "unit_id, number, hash",
            "applied": "key, digest",
            "progress": "case_id, stage, state, adjusted",
            "task": "case_id, stage, relation, label",
            "fact": "case_id, name, value",
            "item": "case_id, key, retired_at",
            "note": "id, text",
            "relation": "case_id, kind, person_id, assignment_id, since, until",
        }
        if versions:
            tables["cases"] = "id, version, closed_at"
        return [sorted(database.rows(f"SELECT {what} FROM {table}"), key=str) for table, what in tables.items()]

    def attempt(self, code: str, act: Callable[[], Any]) -> Any:
        """Do something that should be refused with this code, or done where the code is empty."""
        before = self.everything()
        try:
            answer = act()
        except Refusal as refusal:
            assert (refusal.code, refusal.sentence != "") == (code, True), refusal.sentence
            assert self.everything() == before, f"«{code}» changed something"
            return refusal
        assert code == "", f"should have been refused: {code}"
        return answer

    def ask(self, file: File, actor: Actor, row: str, code: str, **more: Any) -> workflow.Outcome | Refusal:
        stage = LOOK if row == "tetapkan" else WRITE
        ask = workflow.Ask(self.new("kunci"), file.case, stage, row, actor, self.now(), **more)
        answer: workflow.Outcome | Refusal = self.attempt(code, lambda: workflow.apply(self.kernel, ask))
        if isinstance(answer, workflow.Outcome):
            assert not answer.repeated
            assert answer.version == Case.get_by_id(file.case).version
            self.asked.append((ask, answer))
            file.took()
        return answer

    def row_code(self, file: File, *sources: str) -> str:
        """Why a row of the writing stage cannot be taken now by the one whose turn it would be."""
        if self.closed:
            return "closed"
        return "" if file.state in sources else "not-now"

    def begin_code(self, file: File) -> str:
        if self.closed:
            return "closed"
        return "too-early" if file.state == "belum" and self.today < OPENS else ""

    def begun(self, file: File, step: str) -> None:
        if file.state == "belum":
            file.state = "draf"
            file.applied += 1
        file.papers[step] = Paper(1, {})

    def told(self, file: File, paper: Paper, answers: dict[str, Any]) -> None:
        """An author replaced what they saw: from now on the new text is the one that must not get lost."""
        kept = {one.get("isi") for one in paper.kept.values()}
        old = (paper.draft or {}).get("isi")
        if old not in kept:
            file.told.discard(old or "")
        if answers.get("isi"):
            file.told.add(answers["isi"])
        paper.draft = answers
        paper.revision += 1

    def moved_to(self, day: date, *, work: bool = True, hour: int = 9) -> None:
        """The case clock goes on; without *work* no worker runs, since a late timer may change no right."""
        self.today = max(day, self.today)
        if work:
            set_date(self.kernel, self.today, hour)
        else:
            at = datetime.combine(self.today, time(hour), JAKARTA)
            Setting.update(value=int((at - real_now()).total_seconds())).where(Setting.name == "demo_offset").execute()
            self.kernel.sync()

    # --- what the employee does ---

    @initialize(days=st.sampled_from((3, 3, 0)), handed=st.booleans(), kind=st.sampled_from(("sementara", "tetap")))
    def the_year_begins(self, days: int, handed: bool, kind: str) -> None:
        """On the day before the window opens or in it; with a definitive head at the second house now and then."""
        self.moved_to(FIRST + timedelta(days))
        if kind == "tetap":
            self.the_head_changes("Dedi", kind)
        for who in self.files if handed else ():
            self.everybody_does_what_is_next(who, "A", "setujui")

    @rule(who=WHO, tab=TAB, step=STEP)
    def a_tab_opens_a_step(self, who: str, tab: str, step: str) -> None:
        file = self.of(who, *OPEN)
        paper = file.papers.get(step)
        code = self.begin_code(file) if paper is None else "closed" if self.closed else ""
        if paper is not None and paper.draft is None and not code:
            code = "handed"
        now = self.now()
        part = self.attempt(code, lambda: workflow.begin(self.kernel, file.subject, file.case, WRITE, step, now))
        if not code:
            if paper is None:
                self.begun(file, step)
            file.tabs[tab][step] = part.revision
            assert part.draft == file.papers[step].draft

    @rule(who=WHO)
    def both_tabs_load_the_page(self, who: str) -> None:
        file = self.of(who, "draf", "dikembalikan")
        for tab in file.tabs.values():
            tab |= {step: paper.revision for step, paper in file.papers.items()}

    @rule(who=WHO, tab=TAB, step=STEP, empty=st.sampled_from((False, False, False, True)), reload=st.booleans())
    def a_tab_saves_a_draft(self, who: str, tab: str, step: str, empty: bool, reload: bool) -> None:
        book = ("laut", "gunung")[self.number % 2]
        answers = ({"buku": book} if step == "pilih" else {"isi": self.new("naskah")}) if not empty else {}
        self.save(self.of(who, *OPEN), tab, step, answers, reload=reload)

    def save(self, file: File, tab: str, step: str, answers: dict[str, Any], *, reload: bool) -> None:
        paper, seen = file.papers.get(step), file.tabs[tab].get(step, 0)
        if self.closed:
            code = "closed"
        elif paper is None:
            code = self.begin_code(file)
        elif paper.draft is None:
            code = "handed"
        else:
            code = "" if paper.revision == seen else "stale"
        answer = self.attempt(
            code,
            lambda: workflow.save_draft(self.kernel, file.subject, file.case, WRITE, step, seen, answers, self.now()),
        )
        if not code:
            if paper is None:
                self.begun(file, step)
            self.told(file, file.papers[step], answers)
            file.tabs[tab][step] = answer
        elif isinstance(answer, Stale):
            assert paper is not None
            assert (answer.current, answer.yours, answer.revision) == (paper.draft, answers, paper.revision)
            if reload:
                file.tabs[tab][step] = answer.revision

    @rule(who=WHO, tab=TAB)
    def a_tab_hands_in(self, who: str, tab: str) -> None:
        file = self.of(who, *OPEN)
        code = self.row_code(file, "draf", "dikembalikan") or ("too-late" if self.today > ENDS else "")
        missing = False
        for step in STEPS if not code else ():
            paper, seen = file.papers.get(step), file.tabs[tab].get(step)
            if paper is not None and seen is not None and seen != paper.revision:
                code = "stale"
                break
            missing = missing or paper is None or not paper.answers
        code = code or ("incomplete" if missing else "")
        answer = self.ask(file, file.subject, "ajukan", code, seen=dict(file.tabs[tab]))
        if isinstance(answer, Stale):
            assert answer.current in [paper.answers for paper in file.papers.values()]
        if not code:
            file.state, file.adjusted = "diajukan", False
            for paper in file.papers.values():
                paper.hand_in(paper.answers)
            file.settle()

    @precondition(somebody("diajukan"))
    @rule(who=WHO)
    def a_hand_in_is_taken_back(self, who: str) -> None:
        file = self.of(who, "diajukan")
        code = self.row_code(file, "diajukan")
        self.ask(file, file.subject, "tarik", code)
        if not code:
            file.state = "draf"
            for paper in file.papers.values():
                paper.give_back(returned=False)

    @precondition(somebody("jadi"))
    @rule(who=WHO, note=st.sampled_from(("", "Buku hilang.", "Buku hilang.")))
    def an_agreed_text_is_revised(self, who: str, note: str) -> None:
        file = self.of(who, "jadi")
        code = self.row_code(file, "jadi") or ("" if note else "note-needed")
        self.ask(file, file.subject, "revisi", code, note=note)
        if not code:
            file.state = "draf"
            for paper in file.papers.values():
                paper.give_back(returned=False)

    # --- what the head does ---

    @rule(who=WHO)
    def the_head_looks(self, who: str) -> None:
        file = self.files[who]
        file.head_saw = {step: paper.handed for step, paper in file.papers.items() if paper.handed is not None}

    def decide_code(self, file: File) -> str:
        """A decision counts only on what was seen."""
        code = self.row_code(file, "diajukan")
        changed = any(file.head_saw.get(step, one.handed) != one.handed for step, one in file.papers.items())
        return code or ("changed-while-reading" if changed else "")

    @precondition(somebody("diajukan"))
    @rule(who=WHO)
    def the_head_approves(self, who: str) -> None:
        file = self.of(who, "diajukan")
        code = self.decide_code(file)
        self.ask(file, file.head, "setujui", code, seen=dict(file.head_saw))
        if not code:
            file.agree()

    @precondition(somebody("diajukan"))
    @rule(who=WHO, note=st.sampled_from(("", "Tambah rincian.", "Tambah rincian.")))
    def the_head_returns_with_a_note(self, who: str, note: str) -> None:
        file = self.of(who, "diajukan")
        code = self.row_code(file, "diajukan") or ("" if note else "note-needed") or self.decide_code(file)
        self.ask(file, file.head, "kembalikan", code, note=note, seen=dict(file.head_saw))
        if not code:
            file.state = "dikembalikan"
            for paper in file.papers.values():
                paper.give_back(returned=True)

    @precondition(somebody("diajukan"))
    @rule(who=WHO, step=STEP, right=st.sampled_from((True, True, True, False)))
    def the_head_adjusts(self, who: str, step: str, right: bool) -> None:
        file = self.of(who, "diajukan")
        answers: dict[str, Any] = {"buku": "gunung"} if step == "pilih" else {"isi": self.new("penyesuaian")}
        if not right:
            answers = {"buku": "tidak-ada"} if step == "pilih" else {}
        code = self.row_code(file, "diajukan")
        if not code and file.head_saw.get(step, file.papers[step].handed) != file.papers[step].handed:
            code = "stale"
        code = code or ("" if right else "incomplete")
        answer = self.ask(file, file.head, "sesuaikan", code, step=step, data=answers, seen=dict(file.head_saw))
        if isinstance(answer, Stale):
            assert (answer.current, answer.yours) == (file.papers[step].answers, answers)
        if not code:
            paper = file.papers[step]
            paper.revision += 1
            paper.handed, paper.kept[paper.revision] = paper.revision, answers
            file.adjusted = True
            file.told |= {answers["isi"]} if "isi" in answers else set()

    @rule(who=WHO)
    def the_head_drafts_a_grade(self, who: str) -> None:
        file = self.of(who, "jadi")
        author, now = file.head.person or 0, self.now()
        paper = file.grades.get(author)
        if self.closed:
            code = "closed"
        elif paper is None:
            code = "" if file.state == "jadi" else "waits"
        else:
            code = "handed" if paper.draft is None else ""
        self.attempt(code, lambda: workflow.begin(self.kernel, file.head, file.case, LOOK, "nilai", now))
        if code:
            return
        paper = file.grades.setdefault(author, Paper(1, {}))
        seen, answers = paper.revision, {"nilai": "cukup"}
        paper.revision = self.attempt(
            "", lambda: workflow.save_draft(self.kernel, file.head, file.case, LOOK, "nilai", seen, answers, now)
        )
        paper.draft = answers

    @precondition(somebody("jadi"))
    @rule(who=WHO, right=st.sampled_from((True, True, False)), current=st.sampled_from((True, True, False)))
    def the_head_grades(self, who: str, right: bool, current: bool) -> None:
        file = self.of(who, "jadi")
        paper = file.grades.get(file.head.person or 0)
        answers = {"nilai": "baik" if right else "hebat"}
        seen = {"nilai": paper.revision - (not current)} if paper is not None else {}
        if self.closed:
            code = "closed"
        elif file.graded:
            code = "not-now"
        elif file.state != "jadi":
            code = "waits"
        elif paper is not None and not current:
            code = "stale"
        else:
            code = "" if right else "incomplete"
        answer = self.ask(file, file.head, "tetapkan", code, step="nilai", data=answers, seen=seen)
        if isinstance(answer, Stale):
            assert paper is not None and (answer.current, answer.yours) == (paper.answers, answers)
        if not code:
            file.grades.setdefault(file.head.person or 0, Paper(0, None)).hand_in(answers, in_force=True)
            file.graded = True

    @rule(who=WHO, tab=TAB, answer=st.sampled_from(("setujui", "kembalikan", "sesuaikan", "tarik")))
    def everybody_does_what_is_next(self, who: str, tab: str, answer: str) -> None:
        """The straight way, so that long runs reach the end and begin again."""
        file = self.files[who]
        if file.state == "diajukan" and answer == "tarik":
            self.a_hand_in_is_taken_back(who)
        elif file.state == "diajukan":
            self.the_head_looks(who)
            if answer == "kembalikan":
                self.the_head_returns_with_a_note(who, "Tambah rincian.")
            elif answer == "sesuaikan":
                self.the_head_adjusts(who, "cerita", True)
            else:
                self.the_head_approves(who)
        elif file.state == "jadi" and not file.graded:
            self.the_head_grades(who, True, True)
        elif file.state == "jadi" and not self.closed:
            self.an_agreed_text_is_revised(who, "Sekali lagi.")
        else:
            file.tabs[tab] = {step: paper.revision for step, paper in file.papers.items()}
            self.save(file, tab, "pilih", {"buku": "laut"}, reload=False)
            self.save(file, tab, "cerita", {"isi": self.new("naskah")}, reload=False)
            self.a_tab_hands_in(who, tab)

    # --- what nobody may do ---

    def strangers(self, file: File) -> list[Actor]:
        everybody = [self.employee(name) for name in self.people] + [self.official(name) for name in self.held]
        return [one for one in everybody if one not in (file.subject, file.head)]

    @invariant()
    def nobody_else_can_do_anything(self) -> None:
        """After every step somebody who may not tries something: each time another person, row and part."""
        tries = self.nth((self.a_stranger_tries, self.the_other_side_tries, self.something_is_done_out_of_turn))
        tries(self.nth(tuple(self.files.values())), self.nth(ROWS), self.nth(STEPS))

    def nth(self, of: Sequence[Any]) -> Any:
        self.turn = self.turn * 31 % 10_007  # a walk that meets every combination, and the same one in every run
        return of[self.turn % len(of)]

    def a_stranger_tries(self, file: File, row: str, step: str) -> None:
        actor, now = self.nth(self.strangers(file)), self.now()
        self.ask(file, actor, row, "missing", step=step, note="Saya mau.", data={"isi": "x"})
        self.attempt("missing", lambda: workflow.begin(self.kernel, actor, file.case, WRITE, step, now))
        seen = file.papers[step].revision if step in file.papers else 0
        self.attempt(
            "missing",
            lambda: workflow.save_draft(self.kernel, actor, file.case, WRITE, step, seen, {"isi": "x"}, now),
        )

    def the_other_side_tries(self, file: File, row: str, step: str) -> None:
        """The employee answers in place of the head, the head hands in or writes in place of the employee."""
        code = self.row_code(file, *SOURCES[row]) or "not-yours"
        self.ask(file, file.subject if row in OF_HEAD else file.head, row, code, step=step, note="Saya saja.")
        seen, now = file.papers[step].revision if step in file.papers else 0, self.now()
        self.attempt(
            "not-yours",
            lambda: workflow.save_draft(self.kernel, file.head, file.case, WRITE, step, seen, {"isi": "x"}, now),
        )
        self.attempt("not-yours", lambda: workflow.begin(self.kernel, file.subject, file.case, LOOK, "nilai", now))

    def something_is_done_out_of_turn(self, file: File, row: str, step: str) -> None:
        """The right person at the wrong moment, or a row that is not in the table."""
        row = self.nth((row, row, row, "tetapkan", "hapus"))
        if self.closed:
            code = "closed"
        elif row == "hapus":
            code = "missing"
        elif row == "tetapkan" and not file.graded:
            code = "waits"
        elif row == "ajukan" and file.state in SOURCES[row] and self.today > ENDS:
            code = "too-late"
        else:
            code = "not-now"
        if (code != "not-now" and row != "tetapkan") or file.state not in SOURCES.get(row, ("jadi",)):
            actor = file.head if row in OF_HEAD else file.subject
            self.ask(file, actor, row, code, step="nilai" if row == "tetapkan" else "", note="Sekarang.")

    @precondition(lambda self: self.asked)
    @rule(number=NUMBER, how=st.sampled_from(("same", "same", "note", "actor")))
    def a_key_comes_again(self, number: int, how: str) -> None:
        ask, first = self.asked[-1 - number % len(self.asked)]
        if how == "same":
            before = self.everything()
            mine = any(ask.actor in (one.subject, one.head) for one in self.files.values() if one.case == ask.case)
            code = ("closed" if mine else "missing") if self.closed else ""  # keys are kept until the period closes
            answer = self.attempt(code, lambda: workflow.apply(self.kernel, ask))
            assert self.closed or answer == replace(first, repeated=True)
            assert self.everything() == before
            return
        other = replace(ask, note="Lain.") if how == "note" else replace(ask, actor=self.official("Ketua"))
        if not self.closed:
            self.attempt("key-reused", lambda: workflow.apply(self.kernel, other))

    # --- what time and the office do ---

    @rule(days=st.integers(1, 3), hour=HOUR)
    def days_pass(self, days: int, hour: int) -> None:
        self.moved_to(self.today + timedelta(days), hour=hour)

    @precondition(lambda self: self.long > 12 and OPENS <= self.today <= ENDS)
    @rule(work=st.booleans(), hour=HOUR)
    def the_window_ends(self, work: bool, hour: int) -> None:
        self.moved_to(ENDS + timedelta(1), work=work, hour=hour)

    @precondition(lambda self: self.long > 32 and not self.closed)
    @rule()
    def the_period_closes(self) -> None:
        self.moved_to(CLOSED)
        self.closed = True
        for file in self.files.values():
            file.applied = 0

    @precondition(lambda self: not self.closed)
    @rule(who=WHO, kind=st.sampled_from(("tetap", "tetap", "sementara", "")))
    def the_head_changes(self, who: str, kind: str) -> None:
        """A new head, an acting one, or none: then the one above decides. The old one has nothing more to do with it."""
        file = self.files[who]
        house = unit(file.house)
        Assignment.update(until=self.today - timedelta(1)).where(
            (Assignment.unit == house) & (Assignment.role == "pembina") & Assignment.until.is_null()
        ).execute()
        name = "Ketua"
        if kind:
            name = self.new("Kepala").replace(" ", "")
            person = Person.create(name=f"{name} Contoh")
            self.people[name] = person.id
            self.held[name] = assign(person, "pembina", house, kind, self.today).id
        file.head, file.acting, file.head_saw = self.official(name), kind == "sementara", {}
        jobs.after_people(self.kernel, house)
        file.settle()

    @precondition(lambda self: not self.closed)
    @rule(who=WHO)
    def what_is_made_again_stays_the_same(self, who: str) -> None:
        before = self.everything(versions=False)
        jobs.after_people(self.kernel, unit(self.files[who].house))
        workflow.reproject(self.kernel, self.files[who].case, self.now())
        worker.run_once(self.kernel)
        assert self.everything(versions=False) == before

    # --- what always holds ---

    @invariant()
    def the_model_and_the_kernel_agree(self) -> None:
        type(self).steps += 1
        self.long += 1
        for file in self.files.values():
            seen = cases.load(self.kernel, file.case)
            assert seen.closed == self.closed
            assert {state.id for state in small.TWO.states} >= {seen.progress[WRITE].state.id}
            assert seen.progress[WRITE].state == small.TWO.state(file.state)
            assert seen.progress[WRITE].adjusted == file.adjusted
            assert seen.progress[LOOK].state.id == ("sudah" if file.graded else "belum")
            facts = {"tulis.jadi": file.state == "jadi", "nilai": file.graded}
            assert set(seen.facts) == {name for name, there in facts.items() if there}
            found = [(one.stage, one.task.relation, one.task.label) for one in seen.tasks]
            assert len(found) == len(set(found))
            assert set(found) == file.tasks(self.today, self.closed)
            self.parts_agree(file)
            assert database.rows("SELECT count(*) FROM log_entry WHERE case_id = ?", file.case) == [(file.logged,)]

    def parts_agree(self, file: File) -> None:
        expected = {(WRITE, step, file.subject.person): paper for step, paper in file.papers.items()}
        expected |= {(LOOK, "nilai", author): paper for author, paper in file.grades.items()}
        kept: dict[int, dict[int, dict[str, Any]]] = {}
        for part, number, text in database.rows(
            "SELECT r.part_id, r.number, r.data FROM revision r JOIN part p ON p.id = r.part_id WHERE p.case_id = ?",
            file.case,
        ):
            kept.setdefault(part, {})[number] = json.loads(text)
        found = {
            (stage, step, author): Paper(
                revision,
                None if draft is None else json.loads(draft),
                handed,
                effective,
                bool(returned),
                kept.get(id, {}),
            )
            for id, stage, step, author, revision, draft, handed, effective, returned in database.rows(
                "SELECT id, stage, step, author, revision, draft, handed, effective, returned FROM part WHERE case_id = ?",
                file.case,
            )
        }
        assert found == expected
        texts = {one.get("isi") for paper in found.values() for one in (paper.draft or {}, *paper.kept.values())}
        assert file.told <= texts, f"lost: {file.told - texts}"

    @invariant()
    def the_books_are_in_order(self) -> None:
        heads = dict(database.rows("SELECT unit_id, number FROM chain"))
        grown = [one for one, number in heads.items() if self.heads.get(one) != number]
        assert {one: log.broken(one) for one in grown} == dict.fromkeys(grown)
        self.heads = heads
        keys = database.rows("SELECT case_id, key FROM applied")
        assert len(keys) == len({key for _, key in keys})
        assert Counter(case for case, _ in keys) == Counter({one.case: one.applied for one in self.files.values()})

    @invariant()
    def only_those_related_see_turns(self) -> None:
        for actor in [*map(self.employee, self.people), *map(self.official, self.held)]:
            seen = {(one.case, one.label) for one in read.turns(Viewer(actor.person or 0, "", "", actor.assignment))}
            assert seen == {
                (file.case, label)
                for file in self.files.values()
                for _, relation, label in file.tasks(self.today, self.closed)
                if actor == (file.subject if relation == "pegawai" else file.head)
            }


@pytest.fixture
def template(database_url: str, tmp_path: Path) -> Iterator[tuple[str, Host]]:
    """The small world once, with Cici acting at the second house, and the plugins it was made with."""
    host = Host(strict=True)
    database.connect_to(database_url)
    kernel = Kernel(Config(tmp_path, database_url, demo=True), host)
    migrate()
    kernel.sync()
    small.build(kernel, day=FIRST)
    cici = Person.get(Person.name == "Cici Contoh")
    Assignment.update(kind="sementara").where(Assignment.person == cici).execute()
    if database.is_sqlite():
        database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    stop()
    yield database_url, host
    stop()


def test_whatever_is_done_in_whatever_order_the_kernel_does_what_the_model_says(
    engine: str, template: tuple[str, Host], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url, host = template
    made = iter(range(1_000_000))

    def copy() -> str:
        if engine == "postgresql":
            return str(request.getfixturevalue("postgres_cluster").copy(url))
        path = tmp_path / f"contoh-{next(made) % 2}.db"
        for old in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            old.unlink(missing_ok=True)
        shutil.copy(url.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    machine = type("Machine", (Machine,), {"world": staticmethod(copy), "host": host, "folder": tmp_path, "steps": 0})
    least = LEAST[engine] * (10 if SOAK else 1)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=least * 3 // (LENGTH * 2),  # some runs end early
            stateful_step_count=LENGTH,
            deadline=None,
            derandomize=not SOAK,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert machine.steps >= least


# --- what was found by it, and stays mended ------------------------------------------------------


def test_a_draft_is_saved_before_seven_on_the_first_morning_of_a_relation(kernel: Kernel) -> None:
    case = small.build(kernel)
    house = unit("rumah-a")
    set_date(kernel, date(2030, 1, 20), hour=5)
    add_person("Fajar Contoh", "murid", house, "tetap", date(2030, 1, 20))
    jobs.after_people(kernel, house)
    assert case != case_of("Fajar Contoh")
    Player(kernel, "Fajar Contoh").draft(case_of("Fajar Contoh"), WRITE, "cerita", isi="Pagi.")


def test_a_period_is_closed_by_the_clock_though_no_worker_runs(kernel: Kernel) -> None:
    case, ani = small.build(kernel), Player(kernel, "Ani Contoh")
    ani.draft(case, WRITE, "cerita", isi="Ombak.")
    late = datetime.combine(CLOSED, time(9), JAKARTA)
    Setting.update(value=int((late - real_now()).total_seconds())).where(Setting.name == "demo_offset").execute()
    kernel.sync()
    with pytest.raises(Refusal):
        ani.draft(case, WRITE, "cerita", isi="Terlambat.")
