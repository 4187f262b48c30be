"""Anything anybody may do to a case, in any order, held against a small model of what should come of it.

Hypothesis plays employees in two tabs, heads and acting heads, the office that appoints, moves and answers, time and
strangers; after each step the database must say what the model says, whatever was refused must have changed nothing,
and no text may be gone. The model is stateful_model.py, the world stateful_world.py; the rules are in the other
stateful_*.py.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

import kinerja_read as read
from kinerja import cases, database, drafts
from kinerja.access import Viewer
from kinerja.clock import real_now
from kinerja.contracts import Actor, Refusal
from kinerja.host import Host
from kinerja.kernel import Kernel
from kinerja.models import Setting
from kinerja.testing import Player, add_person, case_of, set_date, unit
from kinerja_office import aftermath
from kinerja_work import chain
from tests import small
from tests.core import stateful_world
from tests.core.stateful_model import CLOSED, ENDS, LOOK, OPENS, WRITE, File, Paper
from tests.core.stateful_run import JAKARTA, built, play
from tests.core.stateful_strangers import Strangers
from tests.core.stateful_world import FIRST

HOUR = st.sampled_from((9, 3, 22))
"""At three in the morning in Jakarta it is still the day before in UTC."""
LENGTH = 40
LEAST = {"sqlite": 1_000, "postgresql": 100}
"""Steps of one run at most, and steps of all runs together at least; ten times as many when soaking."""


class Machine(Strangers):
    """Everybody together with time and strangers, and what must hold after each step."""

    @initialize(days=st.sampled_from((3, 3, 0)), handed=st.booleans())
    def the_year_begins(self, days: int, handed: bool) -> None:
        """On the days before the window opens or in it."""
        self.clock_to(FIRST + timedelta(days), 9)
        self.worked()
        for who in ("Ani", "Dedi") if handed else ():
            self.everybody_does_what_is_next(who, "A", "setujui")

    # --- time ---

    @rule(days=st.integers(1, 3), hour=HOUR)
    def days_pass(self, days: int, hour: int) -> None:
        """Whose days are over may do nothing more, before any worker has seen to it."""
        self.clock_to(self.today + timedelta(days), hour)
        for file in self.live():
            if file.head is not None and file.head.over(self.today):
                self.somebody_goes_on_after_their_days(file)
        self.worked()

    def somebody_goes_on_after_their_days(self, file: File) -> None:
        head = self.decider(file)
        for row in ("setujui", "kembalikan"):
            self.ask(file, head, row, "held-in-office", note="Masih saya.")
        paper, now = file.grades.get(head.person or 0), self.now()
        seen = paper.revision if paper is not None else 0
        self.attempt(
            "missing",
            lambda: drafts.save_draft(self.kernel, head, file.case, LOOK, "nilai", seen, {"nilai": "baik"}, now),
        )

    @precondition(lambda self: self.long > 12 and OPENS <= self.today <= ENDS)
    @rule(work=st.booleans(), hour=HOUR)
    def the_window_ends(self, work: bool, hour: int) -> None:
        """A late worker changes no right; on the days on which people change meanwhile it comes."""
        turned = self.people_change_until(ENDS + timedelta(1), hour)
        if work or turned:
            self.worked()

    def people_change_until(self, day: date, hour: int) -> bool:
        """The worker comes on each day before on which something of posts and leaves begins or is over; whether there was
        any in the whole year."""
        days = [one for post in self.office.posts for one in (post.since, post.until) if one]
        days += [one for leave in self.office.leaves for one in leave[2:] if one]
        for turn in sorted({turn for one in days for turn in (one, one + timedelta(1)) if self.today < turn < day}):
            self.clock_to(turn, hour)
            self.worked()
        self.clock_to(day, hour)
        return any(self.today > one >= FIRST for one in days)

    @precondition(lambda self: self.long > 32 and not self.closed)
    @rule()
    def the_period_closes(self) -> None:
        self.people_change_until(CLOSED - timedelta(days=2), 9)
        self.worked()  # posts that turn before are followed on their days, while the cases are open
        self.clock_to(CLOSED, 9)
        self.closed = True
        self.worked()
        for file in self.files:
            file.applied = 0

    # --- what always holds ---

    @invariant()
    def the_model_and_the_kernel_agree(self) -> None:
        type(self).steps += 1
        self.long += 1
        shut = [one for one in self.files if self.shut(one)]
        for file in [*self.live(), *([self.nth(shut)] if shut else [])]:
            seen = cases.load(self.kernel, file.case)
            assert seen.closed == self.shut(file)
            assert seen.progress[WRITE].state == small.TWO.state(file.state)
            assert seen.progress[WRITE].adjusted == file.adjusted
            assert seen.progress[LOOK].state.id == ("sudah" if file.graded else "belum")
            facts = {"tulis.jadi": file.state == "jadi", "nilai": file.graded}
            assert set(seen.facts) == {name for name, there in facts.items() if there}
            found = [(one.stage, one.task.relation, one.task.label) for one in seen.tasks]
            assert len(found) == len(set(found))
            turns = {
                (
                    one.stage,
                    one.task.relation,
                    one.task.label,
                    one.task.opens if one.task.opens and one.task.opens > self.today else None,
                )
                for one in seen.tasks
                if one.task.asked
            }
            assert turns == (set() if self.shut(file) else self.office.asked(file, self.today))
            told = {
                (one.stage, one.task.relation, one.task.what, one.task.count)
                for one in seen.tasks
                if not one.task.asked
            }
            assert told == file.news()
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
        broken = grown if self.long % 8 == 0 else ()  # and all once more at the end of each run
        assert {one: chain.broken(one) for one in broken} == dict.fromkeys(broken)
        self.heads = heads
        keys = database.rows("SELECT case_id, key FROM applied")
        assert len(keys) == len({key for _, key in keys})
        assert Counter(case for case, _ in keys if case) == Counter({one.case: one.applied for one in self.files})
        notes = sorted(database.rows("SELECT case_id, text FROM note"))
        assert notes == sorted((one.case, text) for one in self.files for text in one.notes)

    @invariant()
    def what_is_in_force_was_signed_and_a_year_is_open_once(self) -> None:
        """By both sides where somebody decided; whoever moves about has one open case of a year."""
        unsigned = database.rows(
            "SELECT p.case_id, p.step FROM part p WHERE p.effective IS NOT NULL AND NOT EXISTS (SELECT 1 FROM signature s "
            "WHERE s.case_id = p.case_id AND s.stage = p.stage AND s.transition IN ('setujui', 'otomatis', 'tetapkan'))"
        )
        twice = database.rows(
            "SELECT chain, part FROM cases WHERE closed_at IS NULL AND chain IS NOT NULL GROUP BY chain, part HAVING count(*) > 1"
        )
        editions = dict(database.rows("SELECT case_id, count(*) FROM edition GROUP BY case_id"))
        settled = {one.case for one in self.files if one.edition}
        assert (unsigned, twice, set(editions)) == ([], [], settled)

    @invariant()
    def one_decides_and_it_is_the_one_who_should(self) -> None:
        open_ones = database.rows(
            "SELECT case_id, person_id, assignment_id FROM relation WHERE kind = 'memutuskan' AND until IS NULL"
        )
        expected = {(one.case, one.head.person, one.head.id) for one in self.files if one.head}
        assert (len(open_ones), set(open_ones)) == (len(expected), expected)

    @invariant()
    def requests_go_only_forward(self) -> None:
        found = dict(database.rows("SELECT id, state FROM request"))
        wishes = [(file, one) for file in self.files for one in file.wishes]
        assert set(found) == {one.id for _, one in wishes}
        for file, one in wishes:
            if one.loose and one.state == "open" and found[one.id] == "fixed":
                self.fixed(file, one)
            assert (one.id, found[one.id]) == (one.id, one.state)

    def turning(self, file: File) -> Actor | None:
        """Whose turn it is in a list: of who decides, unless their post is over and nobody followed yet."""
        return file.head.actor if file.head and not file.head.over(self.today) else None

    @invariant()
    def only_those_related_see_turns(self) -> None:
        due = {file.case: self.office.tasks(file, self.today) for file in self.live()}
        for actor in [*map(Actor, self.people.values()), *[one.actor for one in self.office.posts]]:
            seen = {
                (one.case, one.label)
                for one in read.turns(Viewer(actor.person or 0, "", "", actor.assignment), self.today)
            }
            assert seen == {
                (file.case, label)
                for file in self.live()
                for _, relation, label in due[file.case]
                if actor == (file.subject if relation == "pegawai" else self.turning(file))
            }


@pytest.fixture
def template(database_url: str, tmp_path: Path) -> Iterator[tuple[str, Host]]:
    with built(database_url, tmp_path, stateful_world.build) as made:
        yield made


def test_whatever_is_done_in_whatever_order_the_kernel_does_what_the_model_says(
    engine: str, template: tuple[str, Host], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    play(Machine, template, tmp_path, request, LEAST[engine], LENGTH)


# --- what was found by it, and stays mended ------------------------------------------------------


def test_a_draft_is_saved_before_seven_on_the_first_morning_of_a_relation(kernel: Kernel) -> None:
    case = small.build(kernel)
    house = unit("rumah-a")
    set_date(kernel, date(2030, 1, 20), hour=5)
    add_person("Fajar Contoh", "murid", house, "tetap", date(2030, 1, 20))
    aftermath.after_people(kernel, house)
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
