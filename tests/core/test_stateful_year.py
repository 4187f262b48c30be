"""A year of two halves, with people who move, lead, stand in and come back: whatever is entered, in whatever order and
however late, one year stays one person's year.

Nothing here knows what should come of a single step: what is asked of somebody must be possible, and after each step
four sentences hold of the whole database. Others hold once the worker has done all that is due.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from kinerja import SUBJECT, cases, database, days, moves, people, workflow
from kinerja.access import Viewer
from kinerja.clock import real_now
from kinerja.contracts import Refusal
from kinerja.database import as_day
from kinerja.host import Host
from kinerja.kernel import Kernel
from kinerja.limits import local_day
from kinerja.models import Assignment, Case, Outgoing, Person, PersonId, Timer, Unit
from kinerja.testing import Player, case_of, person, set_date, tasks, viewer
from kinerja_office import endings, staff
from kinerja_work import worker
from tests.core import stateful_year_world as world
from tests.core.stateful_run import Played, built, play
from tests.core.stateful_year_world import FIRST, GRADE, OUTSIDE, STEPS, WRITE, YEARLY
from tests.faults.tools import SOAK

T = TypeVar("T")
CLOSES, PARTS = date(2031, 1, 31), ("paruh-1", "paruh-2", "setahun")
LENGTH, LEAST = 40, {"sqlite": 1_000, "postgresql": 1_000 if SOAK else 200}
"""Steps of one run at most, and steps of all runs together at least; ten times as many when soaking."""
PLACE, ROLE = st.sampled_from(("rumah-a", "rumah-b")), st.sampled_from(("murid", "murid", "pembina"))
SHIFT = st.sampled_from((0, 1, -1, -12, 9, -45))
"""How many days before or after today something holds that is entered today."""
WHY = st.sampled_from(("pindah", "pindah", "purna"))
SOON = st.sampled_from((True, True, False))
"""Whether the worker comes round at once."""
NUMBER, MARK = st.integers(0, 40), st.sampled_from(("baik", "cukup"))
TURNS = (date(2030, 6, 29), date(2030, 7, 1), date(2030, 12, 1), date(2030, 12, 31), date(2031, 1, 1), date(2031, 2, 1))
"""Days on which the year turns."""


def some(of: Sequence[T], number: int) -> Sequence[T]:
    """The one of that number, counted around; nothing where there is none."""
    return of[number % len(of) :][:1] if of else ()


class Year(Played):
    """What people, the office and time do, and what must hold after it."""

    def __init__(self) -> None:
        super().__init__()
        OUTSIDE.held, OUTSIDE.away = {}, False
        self.due, self.turn = True, 0
        self.people = [one.id for one in Person.select().order_by(Person.id) if one.name not in ("Ketua", "Kanda")]
        self.units = {one.code: one for one in Unit.select()}

    # --- tools ---

    @property
    def keeper(self) -> Viewer:
        """Who keeps the people of the land."""
        held, at = Assignment.get(Assignment.role == "kepala-penjaga"), self.units["negeri"]
        allowed = people.permissions(self.kernel, held.role)
        return Viewer(held.person_id, "Kanda", "", held.id, held.role, "", at.id, at.name, at.zone, (at.id,), allowed)

    def posts(self, *, lasting: bool) -> list[staff.Held]:
        """The posts in the houses that last today or begin later, or those that are over or whose end is entered."""
        over = days.over
        return [
            one
            for one in staff.as_held(
                Assignment.select().where(Assignment.unit != self.units["negeri"]).order_by(Assignment.id)
            )
            if (not over(one.until, self.today) if lasting else one.ended_as)
        ]

    def entered(self, soon: bool, act: Callable[..., object], *told: Any, **more: Any) -> None:
        """Something the office enters; what it may not enter is refused with a sentence, and nothing else happens."""
        try:
            act(self.kernel, self.keeper, *told, **more)
        except Refusal as refusal:
            assert refusal.sentence
            event(refusal.code)
        else:
            event("entered")
        self.follows(soon)

    def follows(self, soon: bool) -> None:
        """The worker comes at once, or something is left to be done."""
        self.due = True
        if soon:
            self.worked()

    def worked(self) -> None:
        worker.run_once(self.kernel)
        self.due = False

    def open_cases(self) -> list[str]:
        return [
            id
            for (id,) in database.rows(
                "SELECT id FROM cases WHERE closed_at IS NULL ORDER BY opened_at, unit_id, person_id, part"
            )
        ]

    def player(self, case: str, relation: str) -> Player | None:
        """Who stands in a relation to a case today, as they act in it."""
        for kind, who, via in cases.load(self.kernel, case).relations:
            if kind == relation:
                return Player(self.kernel, Person.get_by_id(who).name, via)
        return None

    def goes_on(self, case: str, mark: str = "baik") -> bool:
        """Somebody whose turn it is does what is asked of them; False where nobody is asked for anything today."""
        seen = cases.load(self.kernel, case)
        for one in seen.tasks:
            who = self.player(case, one.task.relation)
            if not one.task.asked or one.task.kind == "macet" or who is None or (one.task.opens or FIRST) > self.today:
                continue
            event(one.task.label)
            if one.stage != WRITE:
                who.hand_in(case, one.stage, one.task.step, "tetapkan", nilai=mark)
            elif one.task.relation == "memutuskan":
                who.do(case, WRITE, "setujui")
            else:
                who.draft(case, WRITE, "cerita", isi="Ombak.")
                who.do(case, WRITE, "ajukan")
            return True
        return False

    def done(self, soon: bool, act: Callable[..., object], *told: Any, **more: Any) -> None:
        """What somebody may do in a case; only while the worker is late may it be that they may do it no more."""
        try:
            act(*told, **more)
        except Refusal:
            assert self.due
        self.follows(soon)

    # --- the people of the cases ---

    @rule(number=NUMBER, mark=MARK, soon=SOON)
    def a_case_goes_on(self, number: int, mark: str, soon: bool) -> None:
        for case in some(self.open_cases(), number):
            self.done(soon, self.goes_on, case, mark)

    @rule(mark=MARK, far=st.sampled_from((1, 3)), soon=SOON)
    def everybody_goes_on(self, mark: str, far: int, soon: bool) -> None:
        for case in self.open_cases() * far:
            self.done(False, self.goes_on, case, mark)
        self.follows(soon)

    @rule(number=NUMBER, mark=MARK, soon=SOON)
    def something_is_rated_anew(self, number: int, mark: str, soon: bool) -> None:
        for case, stage in some(self.standing("sudah"), number):
            head = self.player(case, "memutuskan")
            if head is not None and self.may(head, case, "hand_in", stage):
                event(f"{stage} anew")
                told = {"step": STEPS[stage], "data": {"nilai": mark}, "note": "Keliru."}
                self.done(soon, head.do, case, stage, "tetapkan", **told)

    @rule(number=NUMBER, soon=SOON)
    def a_plan_is_opened_again(self, number: int, soon: bool) -> None:
        for case, stage in some(self.standing("jadi"), number):
            who = self.player(case, SUBJECT)
            if who is not None and self.may(who, case, "row", stage):
                event("plan opened again")
                self.done(soon, who.do, case, stage, "revisi", note="Berubah.")

    def may(self, who: Player, case: str, act: moves.Act, stage: str) -> bool:
        """Whether the judge offers this; what it offers must be possible."""
        return moves.moves(self.kernel, cases.load(self.kernel, case), who.actor, self.now()).may(act, stage)

    def standing(self, state: str) -> list[tuple[Any, ...]]:
        """The stages of open cases that stand in a state, those of the year first."""
        return database.rows(
            "SELECT g.case_id, g.stage FROM progress g JOIN cases c ON c.id = g.case_id WHERE g.state = ? AND "
            "c.closed_at IS NULL ORDER BY c.whole, c.opened_at, c.unit_id, c.person_id, c.part", state,
        )  # fmt: skip

    # --- the office ---

    @rule(number=NUMBER, place=PLACE, role=ROLE, shift=SHIFT, why=WHY, soon=SOON)
    def somebody_moves(self, number: int, place: str, role: str, shift: int, why: str, soon: bool) -> None:
        at, since = staff.units.as_value(self.units[place]), self.today + timedelta(shift)
        for held in some(self.posts(lasting=True), number):
            if (held.unit.code, held.role) == (place, role):
                at = staff.units.as_value(self.units["rumah-b" if place == "rumah-a" else "rumah-a"])
            self.entered(soon, staff.transfer, held, at, role, since, why, "SK 1")

    @rule(number=NUMBER, shift=SHIFT, why=WHY, soon=SOON)
    def a_post_ends(self, number: int, shift: int, why: str, soon: bool) -> None:
        last = self.today + timedelta(shift)
        for held in some(self.posts(lasting=True), number):
            self.entered(soon, staff.end, held, last, why, "SK 2")

    @precondition(lambda self: self.posts(lasting=False))
    @rule(number=NUMBER, soon=SOON)
    def an_end_is_taken_back(self, number: int, soon: bool) -> None:
        for held in some(self.posts(lasting=False)[::-1], number):
            self.entered(soon, staff.resume, held, "Salah orang")

    @rule(number=NUMBER, place=PLACE, role=ROLE, shift=SHIFT, soon=SOON)
    def somebody_comes(self, number: int, place: str, role: str, shift: int, soon: bool) -> None:
        """Somebody who has no post at home now."""
        there = {one.person.id for one in self.posts(lasting=True) if one.home}
        for who in some([one for one in self.people if one not in there], number):
            self.appointed(who, place, role, "tetap", shift, None, soon=soon)

    @rule(number=NUMBER, place=PLACE, shift=SHIFT, length=st.sampled_from((5, 40, 200)), soon=SOON)
    def somebody_stands_in(self, number: int, place: str, shift: int, length: int, soon: bool) -> None:
        for who in some(self.people, number):
            self.appointed(who, place, "pembina", "sementara", shift, length, soon=soon)

    def appointed(
        self, who: int, place: str, role: str, kind: str, shift: int, length: int | None, *, soon: bool
    ) -> None:
        person, at = Person.get_by_id(who), staff.units.as_value(self.units[place])
        since, home = self.today + timedelta(shift), kind == "tetap"
        until = since + timedelta(length) if length else None
        self.entered(soon, staff.appoint, person, role, kind, at, since, until, "SK 3", home=home)

    @precondition(lambda self: self.unnumbered())
    @rule(number=NUMBER, soon=SOON)
    def a_number_comes(self, number: int, soon: bool) -> None:
        """As an import writes it."""
        for who in some(self.unnumbered(), number):
            PersonId.create(person=who, kind="nomor", value=f"0{who}")
            for one in Assignment.select(Assignment.unit).where(Assignment.person == who).limit(1):
                Timer.create(name="people-changed", data={"unit": one.unit_id}, due_at=self.kernel.clock.now())
        self.follows(soon)

    def unnumbered(self) -> list[int]:
        return sorted(set(self.people) - {id for (id,) in database.rows("SELECT person_id FROM person_id")})

    @rule(number=NUMBER, why=WHY, soon=SOON)
    def a_case_is_ended_by_hand(self, number: int, why: str, soon: bool) -> None:
        for case in some(self.open_cases(), number):
            seen = cases.load(self.kernel, case)
            self.entered(soon, endings.end, seen, why, self.today, 3, "Ditutup.", self.now())

    @rule(away=st.booleans())
    def the_office_outside_goes_or_comes(self, away: bool) -> None:
        """What it could not be told meanwhile is told when it is there."""
        OUTSIDE.away = away
        if not away:
            Outgoing.update(due_at=real_now()).where(Outgoing.state == "again").execute()
        self.worked()

    # --- time ---

    @rule(length=st.sampled_from((1, 1, 6, 20, 50)), soon=SOON)
    def days_pass(self, length: int, soon: bool) -> None:
        self.clock_to(self.today + timedelta(length))
        self.follows(soon)

    @rule(soon=SOON)
    def the_year_turns(self, soon: bool) -> None:
        self.clock_to(next((day for day in TURNS if day > self.today), self.today))
        self.follows(soon)

    @initialize(
        day=st.sampled_from((FIRST, date(2030, 6, 28), date(2030, 11, 20), date(2030, 12, 5))),
        far=st.sampled_from((0, 3, 4)),
    )
    def the_year_has_begun(self, day: date, far: int) -> None:
        """With nothing done yet, or with as much as could be."""
        self.clock_to(day)
        self.worked()
        self.everybody_goes_on("baik", far, True)
        self.everybody_goes_on("baik", min(far, 1), True)

    # --- what always holds ---

    @invariant()
    def one_counted_chain_a_person_and_year(self) -> None:
        type(self).steps += 1
        twice = database.rows(
            "SELECT c.person_id, p.key FROM cases c JOIN period p ON p.id = c.period_id WHERE c.counts AND "
            "c.closed_at IS NULL GROUP BY c.person_id, p.scheme, p.year, p.key HAVING count(*) > 1"
        )
        torn = database.rows(
            "SELECT c.person_id FROM cases c JOIN period p ON p.id = c.period_id WHERE c.counts "
            "GROUP BY c.person_id, p.scheme, p.year HAVING count(DISTINCT c.chain) > 1"
        )
        mixed = database.rows(
            "SELECT chain FROM cases GROUP BY chain HAVING count(DISTINCT person_id) > 1 OR "
            "count(DISTINCT CASE WHEN counts THEN 1 ELSE 0 END) > 1"
        )
        assert (twice, torn, mixed) == ([], [], [])

    @invariant()
    def no_open_case_under_a_closed_one(self) -> None:
        """But what was worked to its end: that is still rated, where the year ended with whoever left."""
        years: dict[str, list[tuple[date, dict[str, Any]]]] = {}
        for case, ends, closed, ending in database.rows(
            "SELECT c.id, p.ends, w.closed_at, w.ending FROM cases c JOIN period p ON p.id = c.period_id "
            "LEFT JOIN cases w ON w.chain = c.chain AND w.part = c.whole WHERE c.closed_at IS NULL AND c.whole <> ''"
        ):
            years.setdefault(case, []).extend([(as_day(ends), json.loads(ending))] if closed else [])
            years[case] += [] if closed else [(date.min, {"tanggal": "9999-12-31"})]
        stray = [
            case
            for case, above in years.items()
            if not any(ends <= date.fromisoformat(told["tanggal"]) for ends, told in above)
        ]
        assert stray == []

    @invariant()
    def every_effective_part_was_signed(self) -> None:
        found = database.rows(
            "SELECT p.id FROM part p WHERE p.effective IS NOT NULL AND NOT EXISTS (SELECT 1 FROM signature s "
            "JOIN revision r ON r.part_id = p.id AND r.number = p.effective WHERE s.case_id = p.case_id "
            "AND s.stage = p.stage AND s.at >= r.at AND s.transition IN ('setujui', 'otomatis', 'tetapkan'))"
        )
        assert found == []

    # --- what holds once the worker has done all that is due ---

    @invariant()
    def every_year_reads_all_its_parts(self) -> None:
        if self.due:
            return
        parts: dict[str, set[tuple[str, Any]]] = {}
        for year, part, fact in database.rows(
            "SELECT y.id, c.id, f.value FROM cases y JOIN period p ON p.id = y.period_id JOIN period q ON q.parent_id = p.id "
            "LEFT JOIN cases c ON c.period_id = q.id AND c.person_id = y.person_id AND c.counts "
            "LEFT JOIN fact f ON f.case_id = c.id AND f.name = ? WHERE y.closed_at IS NULL AND y.counts",
            GRADE,
        ):
            parts.setdefault(year, set()).update({(part, fact and json.loads(fact))} if part else ())
        for year, expected in parts.items():
            near = cases.load(self.kernel, year).near.children
            found = {(one.case, one.facts[GRADE].value if GRADE in one.facts else None) for one in near}
            assert found == expected

    @invariant()
    def every_result_due_outside_is_sent_held_or_not_to_be_sent(self) -> None:
        """And what is held outside of somebody is what was decided last, with the number of who decided it."""
        if self.due:
            return
        numbers = dict(database.rows("SELECT person_id, value FROM person_id"))
        last: dict[int, tuple[str, str]] = {}
        for case, whose, counts, kind, by, grade in database.rows(
            "SELECT c.id, c.person_id, c.counts, n.employment, t.author, f.value FROM fact f JOIN cases c ON c.id = f.case_id "
            "JOIN person n ON n.id = c.person_id JOIN part t ON t.case_id = c.id AND t.step = ? "
            "JOIN revision r ON r.part_id = t.id AND r.number = t.effective WHERE f.name = ? ORDER BY r.at",
            STEPS["hasil"], YEARLY,
        ):  # fmt: skip
            sent = {"accepted", "again"} if OUTSIDE.away else {"accepted"}
            missing = not {whose, by} <= numbers.keys()
            last[case] = (
                whose,
                json.loads(grade),
                {"unsent"} if not counts or kind == "tamu" else {"held"} if missing else sent,
            )
        for case, (_, _, expected) in last.items():
            told = Outgoing.select().where((Outgoing.case == case) & (Outgoing.state != "replaced"))
            newest = told.order_by(Outgoing.id.desc()).first()
            assert newest is not None and newest.sentence, case
            event(newest.state)
            assert newest.state in expected, (case, newest.state, expected)
        held = {numbers[who]: grade for who, grade, expected in last.values() if expected == {"accepted"}}
        assert held.items() <= OUTSIDE.held.items()

    @invariant()
    def everybody_at_work_has_one_open_year_with_its_parts(self) -> None:
        """At the post that is their home, unless somebody ended it by hand, or they were judged for it where they worked
        until then; nothing is opened when the year is closed."""
        if self.due or self.today > CLOSES:
            return
        expected, found, by_hand = set(), set(), set()
        for who, house, role, since, key, starts, ends in database.rows(
            "SELECT a.person_id, a.unit_id, a.role, a.since, p.key, p.starts, p.ends FROM assignment a, period p WHERE a.home "
            "AND a.role IN ('murid', 'pembina') AND a.since <= ? AND coalesce(a.until, ?) >= ?",
            *[database.stored_day(self.today)] * 3,
        ):
            if as_day(starts) <= self.today and as_day(since) <= as_day(ends):
                expected.add((who, house, role, key))
        for who, house, role, key, closed, ending in database.rows(
            "SELECT person_id, unit_id, role, part, closed_at, ending FROM cases WHERE counts"
        ):
            if closed is None:
                found.add((who, house, role, key))
            elif not json.loads(ending)["otomatis"]:
                by_hand |= {(who, house, role, key)} if key != "setahun" else {(who, house, role, one) for one in PARTS}
        judged = self.judged_where_they_worked()
        expected = {one for one in expected - by_hand if not {(one[0], one[3]), (one[0], "setahun")} & judged}
        assert expected <= found, expected - found

    def judged_where_they_worked(self) -> set[tuple[int, str]]:
        """Who was judged for which part before the case that did so ended."""
        concluding = {one.id for one in self.kernel.host.registry.stages.values() if one.concludes}
        return {
            (who, key)
            for who, key, zone, ending, stage, since in database.rows(
                "SELECT c.person_id, c.part, u.zone, c.ending, p.stage, p.since FROM cases c JOIN unit u ON u.id = c.unit_id "
                "JOIN progress p ON p.case_id = c.id WHERE c.closed_at IS NOT NULL AND p.kind = 'selesai'"
            )
            if stage in concluding
            and local_day(database.moment(since), zone).isoformat() <= json.loads(ending).get("tanggal", "")
        }

    @invariant()
    def what_is_written_is_what_would_be_written_now(self) -> None:
        """Of one case a step: to project it anew changes nothing."""
        opened = self.open_cases()
        if self.due or not opened:
            return
        self.turn += 1
        case = opened[self.turn % len(opened)]
        before = self.written(case)
        workflow.reproject(self.kernel, case, self.now())
        assert self.written(case) == before

    def written(self, case: str) -> list[list[tuple[Any, ...]]]:
        tables = {
            "progress": "stage, state, kind, due, opens", "fact": "name, value",
            "task": "stage, relation, label, kind, due, opens, asked", "signature": "id",
        }  # fmt: skip
        return [
            sorted(database.rows(f"SELECT {what} FROM {table} WHERE case_id = ?", case), key=str)
            for table, what in tables.items()
        ]

    def teardown(self) -> None:
        try:
            self.worked()
            self.every_year_reads_all_its_parts()
            self.every_result_due_outside_is_sent_held_or_not_to_be_sent()
        finally:
            super().teardown()


@pytest.fixture
def template(database_url: str, tmp_path: Path) -> Iterator[tuple[str, Host]]:
    with built(database_url, tmp_path, world.build) as made:
        yield made


def test_a_year_stays_one_persons_year(
    engine: str, template: tuple[str, Host], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    play(Year, template, tmp_path, request, LEAST[engine], LENGTH, 1.25)


# --- what was found by it, and stays mended ------------------------------------------------------


@pytest.fixture
def year(kernel: Kernel) -> Kernel:
    """The same world for a single thread of events."""
    world.build(kernel)
    return kernel


def states(name: str) -> dict[str, str]:
    """The cases of somebody by part, and whether they are open."""
    who = person(name).id
    return {one.part: "tutup" if one.closed_at else "buka" for one in Case.select().where(Case.person == who)}


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (date(2030, 5, 20), {"paruh-1": "tutup", "setahun": "tutup"}),
        (date(2030, 9, 20), {"paruh-1": "buka", "paruh-2": "tutup", "setahun": "tutup"}),
    ],
)
def test_who_ends_a_year_ends_its_parts_that_are_not_over_and_none_begins_later(
    year: Kernel, day: date, left: dict[str, str]
) -> None:
    set_date(year, day)
    seen = cases.load(year, case_of("Ani", "Tahun"))
    head = viewer(year, "Budi", Player(year, "Budi").through("pembina").assignment)
    endings.end(year, head, seen, "pindah", day, 9, "Ditutup.", year.clock.now())
    assert states("Ani") == left
    set_date(year, date(2030, 10, 1))
    assert states("Ani") == left
    months = {one.part: one.ending.get("bulan") for one in Case.select().where(Case.person == person("Ani").id)}
    assert months == {"paruh-1": 5, "setahun": 9} if day.month == 5 else {"paruh-1": None, "paruh-2": 3, "setahun": 9}


def rated(year: Kernel, *parts: str) -> Player:
    """These halves of Dedi in force and rated; answers the head who did it."""
    dedi, cici = Player(year, "Dedi"), Player(year, "Cici").through("pembina")
    for part in parts:
        dedi.draft(case_of("Dedi", part), WRITE, "cerita", isi="Ombak.")
        dedi.do(case_of("Dedi", part), WRITE, "ajukan")
        cici.do(case_of("Dedi", part), WRITE, "setujui")
        cici.hand_in(case_of("Dedi", part), "lihat", "nilai", "tetapkan")
    return cici


def office(year: Kernel) -> Viewer:
    return viewer(year, "Kanda", Assignment.get(Assignment.role == "kepala-penjaga").id)


def test_nobody_is_asked_to_rate_a_year_whose_second_half_has_just_begun(year: Kernel) -> None:
    """Somebody's last day is known, so that their year could be rated in June; in July it has one half more."""
    set_date(year, date(2030, 6, 20))
    held = staff.as_held([Assignment.get(Assignment.person == person("Dedi"))])[0]
    staff.end(year, office(year), held, date(2030, 9, 30), "pindah", "SK 1")
    rated(year, "Paruh pertama")
    worker.run_once(year)
    assert tasks(case_of("Dedi", "Tahun")) == [("memutuskan", "Nilai")]
    set_date(year, date(2030, 7, 1))
    assert tasks(case_of("Dedi", "Tahun")) == []


def test_a_result_names_outside_who_signed_it_though_their_post_was_over_by_what_is_entered_that_day(
    year: Kernel,
) -> None:
    set_date(year, date(2030, 12, 3))
    cici = rated(year, "Paruh pertama", "Paruh kedua")
    cici.hand_in(case_of("Dedi", "Tahun"), "hasil", "nilai-tahun", "tetapkan")
    held = Assignment.get_by_id(cici.assignment)
    staff.end(year, office(year), staff.as_held([held])[0], date(2030, 11, 20), "pindah", "SK 1")
    worker.run_once(year)
    number = PersonId.get(PersonId.person == held.person_id).value
    told = [(one.state, one.payload["oleh"]) for one in Outgoing.select().order_by(Outgoing.id)]
    assert told == [("accepted", number)]
