"""The July of a district of 60 schools: cut-over of Dapodik, transfers, promotions, Plt. and mergers in two weeks, all of it
entered and settled on pages. Nobody loses a plan, a year or an assessor.

The story is drawn by a seed, which stands in the name of each test: the same each time, with KINERJA_SOAK=1 another one, with
KINERJA_SEED=n that one. Without KINERJA_SOAK=1 it is lived on SQLite alone, since it takes its time.
"""

from __future__ import annotations

import os
import random
import secrets
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

import kinerja_cetak.paper as papers
import kinerja_read as read
from kinerja import cases, database, days, testing, workflow
from kinerja.kernel import Config
from kinerja.models import Assignment, Case, LogEntry, Outgoing, Person, PersonId, Relation, TaskRow
from kinerja.testing import Player, set_date
from kinerja_read import posts
from kinerja_web import hooks as web_hooks
from kinerja_work import worker
from tests.faults.tools import SOAK
from tests.plugins.juli_desks import Desk, July, plain
from tests.plugins.juli_story import HEAD, SCHOOLS, STAFF, TEACHER, Story, tell
from tests.plugins.juli_world import CUT_OVER, FIRST, SECOND, YEAR, District
from tests.plugins.test_journey import PLAN, RATING, agreed, rated

SEED = int(os.environ.get("KINERJA_SEED") or (secrets.randbelow(10**6) if SOAK else 2024))
ENGINES = ["sqlite", "postgresql"] if SOAK else ["sqlite"]
AFTER = date(2024, 7, 22)


@dataclass
class Lived:
    """A district after its July, and what was there before: the paper of each agreed plan, and who was rated."""

    district: District
    july: July
    papers: dict[str, papers.Paper]
    rated: set[str]
    confirmed: dict[int, list[str]] = field(default_factory=dict)
    named: list[str] = field(default_factory=list)

    @property
    def story(self) -> Story:
        return self.district.story


@pytest.fixture(scope="module", params=ENGINES, ids=lambda engine: f"{engine}-{SEED}")
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Lives through the July of a district once an engine."""
    folder = tmp_path_factory.mktemp(f"juli-{request.param}")
    fresh = request.getfixturevalue("new_postgres") if request.param == "postgresql" else None
    url = fresh() if fresh else f"sqlite:///{folder / 'kinerja.db'}"
    kernel = testing.start(Config(folder, url, demo=True), web_hooks, fresh=not fresh)
    try:
        district = District(kernel, tell(SEED))
        set_date(kernel, CUT_OVER)
        on_paper = dict(drawn(district))
        rated_before = {one.id for one in Case.select() if "predikat.semester" in facts(one.id)}
        july = July(district, random.Random(SEED))
        made = Lived(district, july, on_paper, rated_before)
        live(made)
        yield made
    finally:
        testing.stop()


def live(made: Lived) -> None:
    """All that happens, with the worker between."""
    july, kernel = made.july, made.district.kernel
    july.merge_early()
    july.end_those_who_left()
    july.appoint_those_who_act()
    worker.run_once(kernel)
    july.cut_over()
    july.merge_late()
    worker.run_once(kernel)
    made.confirmed = july.confirm()
    made.named = july.name_assessors()
    set_date(kernel, AFTER)


def drawn(district: District) -> Iterator[tuple[str, papers.Paper]]:
    """The paper of each plan that is agreed, as its person reads it."""
    for (id,) in database.rows("SELECT DISTINCT case_id FROM edition ORDER BY case_id"):
        seen = cases.load(district.kernel, id)
        assert seen.view.person is not None
        made = read.editions(
            testing.viewer(district.kernel, Person.get_by_id(seen.view.person.id).name), district.kernel, seen
        )
        yield id, papers.of_edition(seen.view, made, made[-1].number)


def facts(case: str) -> dict[str, str]:
    return dict(database.rows("SELECT name, label FROM fact WHERE case_id = ?", case))


def number(lived: Lived) -> dict[int, int]:
    """People of the story by their id here."""
    return {one.person_id: int(one.value[4:]) for one in PersonId.select().where(PersonId.kind == "ptk_id")}


def schools(lived: Lived) -> dict[int, int]:
    return {unit.id: n for n, unit in lived.district.schools.items()}


def working(lived: Lived) -> dict[int, tuple[int, str]]:
    """Where everybody of the story works after July, and as what; who is gone is not there."""
    return {n: (one.school, one.role) for n, one in lived.story.after.items() if n not in lived.story.gone}


@pytest.mark.parametrize("seed", range(20))
def test_a_story_tells_of_so_many_whatever_its_seed(seed: int) -> None:
    story = tell(seed)
    told = [len(story.moved), len(story.promoted), len(story.plt), len(story.merged)]
    assert ({one.school for one in story.before.values()}, told) == (set(range(SCHOOLS)), [40, 10, 5, 3])
    sizes = [len([one for one in story.before.values() if one.school == n]) for n in range(SCHOOLS)]
    assert set(sizes) <= {4, 5, 6}


# --- posts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2024, 6, 30), date(2024, 7, 7), date(2024, 7, 8), AFTER])
def test_everybody_has_one_home_post_on_each_day_and_it_is_the_one_of_the_letters(lived: Lived, day: date) -> None:
    numbers, at = number(lived), schools(lived)
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for held in Assignment.select().where(days.on(Assignment, day)):
        if held.home and held.person_id in numbers and posts.is_post(lived.district.kernel, held.role, held.kind):
            found[numbers[held.person_id]].append((at[held.unit_id], held.role))
    before = {n: (one.school, one.role) for n, one in lived.story.before.items()}
    expected = before if day < date(2024, 7, 8) else working(lived)
    assert found == {n: [post] for n, post in expected.items()}


def test_each_school_that_is_left_is_led_by_one(lived: Lived) -> None:
    numbers, at = number(lived), schools(lived)
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for held in Assignment.select().where(days.on(Assignment, AFTER) & (Assignment.role == HEAD)):
        found[at[held.unit_id]].append((numbers[held.person_id], held.kind))
    expected = {school: [(n, "definitif")] for n, (school, role) in working(lived).items() if role == HEAD}
    assert found == expected | {school: [(n, "plt")] for school, n in lived.story.plt.items()}
    assert set(found) == set(range(SCHOOLS)) - set(lived.story.merged)


def test_pages_refused_only_to_merge_a_school_that_still_had_a_head(lived: Lived) -> None:
    """And what was settled by another import between preview and answer, which is uploaded again."""
    assert [told for told in lived.july.refused if "Datanya berubah sesudah pratinjau dibuat" not in told] == []
    assert [(told[:3], "masih Kepala Sekolah di" in told) for told in lived.july.told] == [("422", True)] * 2


# --- assessors --------------------------------------------------------------------------------------------------------


Holders = dict[str, int]
"""Who stands in which relation to a case, by the id of the person."""


def held(lived: Lived, parts: tuple[str, ...]) -> dict[tuple[str, str, str, int], Holders]:
    """The holders of the open cases of who works and of schools that are left: by part, name, role and school."""
    numbers, at, here = number(lived), schools(lived), working(lived)
    found: dict[tuple[str, str, str, int], Holders] = {}
    names = {one.id: one.name for one in Person.select()}
    for case in Case.select().where(Case.closed_at.is_null() & Case.part.in_(parts)):
        n, school = numbers.get(case.person_id), at[case.unit_id]
        if (n in here) if case.person_id else school not in lived.story.merged:
            found[case.part, names.get(case.person_id, ""), case.role, school] = {}
    for one in Relation.select(Relation, Case).join(Case).where(Relation.until.is_null()):
        key = (one.case.part, names.get(one.case.person_id, ""), one.case.role, at[one.case.unit_id])
        if key in found and one.case.closed_at is None:
            assert one.kind not in found[key], (key, one.kind)
            found[key][one.kind] = one.person_id
    return found


def test_every_open_case_of_this_half_and_year_has_the_assessor_of_its_school(lived: Lived) -> None:
    district, story, here = lived.district, lived.story, working(lived)
    leads = {school: n for n, (school, role) in here.items() if role == HEAD} | story.plt
    ids = {n: id for id, n in number(lived).items()}
    chief, clerk = district.chief.id, district.clerk.id
    posts_of = [(n, *post) for n, post in here.items() if post[1] != STAFF]
    posts_of += [(n, school, HEAD) for school, n in story.plt.items() if story.before[n].role == TEACHER]
    expected: dict[tuple[str, str, str, int], Holders] = {}
    for n, school, role in posts_of:
        person, visits = ids[n], district.visitors[school].id
        above = {"memutuskan": chief, "menyarankan": visits, "mengamati": visits}
        if role == TEACHER:
            above = {"memutuskan": chief, "menyarankan": visits, "mengamati": chief}
            decides = ids[leads[school]]
            above = above if leads[school] == n else {"memutuskan": decides, "mengamati": decides}
        for part in (SECOND, YEAR):
            expected[part, story.after[n].name, role, school] = {"pegawai": person, "menata": clerk, **above}
    for school, n in leads.items():
        expected[SECOND, "", "", school] = {"memutuskan": ids[n], "menata": clerk}
    assert held(lived, (SECOND, YEAR)) == expected


def test_the_half_that_is_over_has_an_assessor_who_works_wherever_it_was_worked(lived: Lived) -> None:
    """Of what was rated at a school that is merged now nothing is left to decide, so it needs nobody."""
    over = {
        (FIRST, case.person.name, case.role, schools(lived)[case.unit_id])
        for case in Case.select().where(Case.id.in_(lived.rated))
        if schools(lived)[case.unit_id] in lived.story.merged
    }
    serving = {one.person_id for one in Assignment.select().where(days.on(Assignment, AFTER))}
    lacking = {}
    for key, holders in held(lived, (FIRST,)).items():
        missing = {"pegawai", "memutuskan", "mengamati", "menata"} - set(holders) if key[1] else set()
        missing |= {kind for kind, person in holders.items() if person not in serving}
        if missing and key not in over:
            lacking[key] = missing
    assert lacking == {}


def test_the_dinas_named_who_assesses_where_it_was_asked_to_and_is_asked_no_more(lived: Lived) -> None:
    assert len(lived.named) == len(set(lived.named)) > 0
    clerk = testing.viewer(lived.district.kernel, lived.district.clerk.name, lived.district.clerk_post.id)
    assert read.turns(clerk, AFTER) == []
    assert {one.person_id for one in Relation.select().where(Relation.fixed == True)} == {lived.district.chief.id}  # noqa: E712  # SQL


def test_nobody_is_called_who_is_gone_and_no_turn_is_without_somebody(lived: Lived) -> None:
    kernel, story = lived.district.kernel, lived.story
    gone = {lived.district.person(n).id for n in story.gone}
    called = []
    for id in gone:
        name = Person.get_by_id(id).name
        own = [one.id for one in Case.select().where(Case.person == id)]
        waits = read.waits(testing.viewer(kernel, name), AFTER, own)
        called += [*waits.asked, *waits.held, *waits.later]
        for held in Assignment.select().where(Assignment.person == id):
            called += read.turns(testing.viewer(kernel, name, held.id), AFTER)
    assert called == []
    assert [
        one.id for one in Assignment.select().where(Assignment.person.in_(gone) & days.lasting(Assignment, AFTER))
    ] == []
    without = database.rows(
        "SELECT c.part, c.role, u.npsn, c.person_id, t.relation, t.label FROM task t JOIN cases c ON c.id = t.case_id "
        "JOIN unit u ON u.id = c.unit_id WHERE t.asked AND NOT EXISTS (SELECT 1 FROM relation r "
        "WHERE r.case_id = t.case_id AND r.kind = t.relation AND r.until IS NULL)"
    )  # fmt: skip
    assert without == []


# --- plans ------------------------------------------------------------------------------------------------------------


def test_each_agreed_plan_is_read_by_its_person_with_the_same_paper(lived: Lived) -> None:
    assert len(lived.papers) > len(lived.story.before)
    assert dict(drawn(lived.district)) == lived.papers


def test_the_page_of_each_plan_of_who_changed_shows_that_paper(lived: Lived) -> None:
    numbers, here, shown = number(lived), working(lived), {}
    for id, paper in lived.papers.items():
        case = Case.get_by_id(id)
        n = numbers[case.person_id]
        if n in here and here[n] != (lived.story.before[n].school, lived.story.before[n].role):
            text = plain(Desk(lived.district, case.person).read(f"/p/cetak/{id}"))
            names = [paper.unit, paper.standing[0], *(one.name for one in paper.signers)]
            shown[id] = [name for name in names if name not in text]
    assert len(shown) >= 60
    assert {id: lost for id, lost in shown.items() if lost} == {}


# --- years ------------------------------------------------------------------------------------------------------------


def counted(lived: Lived, part: str, counts: bool = True) -> dict[int, list[tuple[int, str]]]:
    numbers, at = number(lived), schools(lived)
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    query = Case.select().where((Case.part == part) & (Case.counts == counts) & Case.closed_at.is_null())
    for case in query.where(Case.subject == "person"):
        found[numbers[case.person_id]].append((at[case.unit_id], case.role))
    return found


def test_everybody_has_one_counted_year_and_second_half_where_they_work(lived: Lived) -> None:
    expected = {n: [post] for n, post in working(lived).items() if post[1] != STAFF}
    assert counted(lived, YEAR) == expected
    assert counted(lived, SECOND) == expected
    assert counted(lived, FIRST) == {n: [(one.school, one.role)] for n, one in lived.story.before.items()}
    chains = defaultdict(set)
    for case in Case.select().where((Case.subject == "person") & (Case.counts == True)):  # noqa: E712  # SQL
        chains[case.person_id].add(case.chain)
    assert {person: len(found) for person, found in chains.items() if len(found) > 1} == {}


def test_a_teacher_who_acts_as_head_has_that_beside_the_own_year(lived: Lived) -> None:
    acting = {n: [(school, HEAD)] for school, n in lived.story.plt.items() if lived.story.before[n].role == TEACHER}
    assert len(acting) == 3
    assert [counted(lived, part, False) for part in (FIRST, SECOND, YEAR)] == [{}, acting, acting]


def test_what_was_rated_before_counts_in_the_year_there_is_now(lived: Lived) -> None:
    kernel, numbers = lived.district.kernel, number(lived)
    read_now, expected = {}, {}
    for case in Case.select().where((Case.part == YEAR) & (Case.counts == True) & Case.closed_at.is_null()):  # noqa: E712  # SQL
        n = numbers[case.person_id]
        if n in lived.story.new:
            continue
        near = cases.load(kernel, case.id).near.children
        halves = [child for child in near if "Januari" in child.label]
        read_now[n] = [child.facts["predikat.semester"].label for child in halves if "predikat.semester" in child.facts]
        first = Case.get((Case.person == case.person_id) & (Case.part == FIRST))
        expected[n] = ["Baik"] if first.id in lived.rated else []
    assert read_now == expected
    assert 150 < len([one for one in expected.values() if one]) < len(expected)


def passed(story: Story) -> dict[int, int]:
    """Who was at home in a school that was merged before the imports, which took them along for a moment: by whom, where."""
    early = list(story.merged.items())[::2]
    return {n: into for school, into in early for n, one in story.before.items() if one.school == school}


def test_only_what_somebody_entered_ended_a_part_and_no_import_did(lived: Lived) -> None:
    numbers, at, story = number(lived), schools(lived), lived.story
    here = working(lived)
    left = {n for n, one in story.before.items() if here.get(n) != (one.school, one.role)}
    ended = {
        (numbers[case.person_id], case.part, at[case.unit_id])
        for case in Case.select().where((Case.subject == "person") & Case.closed_at.is_null(False))
    }
    expected = {(n, part, story.school(n)) for n in left for part in (SECOND, YEAR)}
    through = passed(story)
    expected |= {(n, part, through[n]) for n in story.moved & set(through) for part in (SECOND, YEAR)}
    assert ended == expected
    assert {case.ending["tanggal"] for case in Case.select().where(Case.closed_at.is_null(False))} == {"2024-07-07"}


def test_nobody_has_a_part_open_at_a_school_where_they_did_not_work_in_it(lived: Lived) -> None:
    strange = database.rows(
        "SELECT c.id, c.part, c.person_id, c.unit_id FROM cases c JOIN period p ON p.id = c.period_id WHERE "
        "c.subject = 'person' AND c.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM assignment a WHERE "
        "a.person_id = c.person_id AND a.unit_id = c.unit_id AND a.role = c.role AND a.since <= p.ends "
        "AND coalesce(a.until, '9999-12-31') >= p.starts)"
    )  # fmt: skip
    assert strange == []
    of_closed = TaskRow.select().join(Case).where(Case.closed_at.is_null(False) & (TaskRow.asked == True))  # noqa: E712  # SQL
    assert [(one.case_id, one.label) for one in of_closed] == []


def test_each_post_that_ended_was_ended_by_somebody(lived: Lived) -> None:
    ended = Assignment.select().where(Assignment.until.is_null(False) & (Assignment.kind == "definitif"))
    entered = LogEntry.select().where(LogEntry.code == "assignment-ended")
    people = {lived.district.clerk.id, *(person.id for person, _ in lived.district.operators.values())}
    assert [one.id for one in ended if not one.ended_as] == []
    assert (entered.count(), {one.person for one in entered} - people) == (ended.count(), set())


def test_the_same_exports_again_ask_only_about_who_is_listed_at_a_school_they_left(lived: Lived) -> None:
    story, here = lived.story, working(lived)
    stale = {
        (school, one.name)
        for school, listed in story.listed.items()
        for one in listed
        if one.home and here[one.n][0] != school and school not in story.merged
    }
    assert stale != set()
    settled = {school for school, _ in story.answers} - {school for school, _ in stale}
    asked = {*(school for school, _ in stale), *story.merged.values(), *sorted(settled)[:10]}
    assert lived.july.ask_again(sorted(asked)) == stale


# --- what waits for a word --------------------------------------------------------------------------------------------


def test_each_value_that_waited_was_confirmed_on_the_page_of_its_person(lived: Lived) -> None:
    numbers = number(lived)
    found = {
        numbers[person]: [act.removeprefix("pasti-").replace("-", "_") for act in acts]
        for person, acts in lived.confirmed.items()
    }
    assert found == {n: [field] for n, field in lived.story.confirmed.items()}
    assert [one.id for one in Case.select() if one.profile.get("menunggu")] == []


# --- the rest of the year ---------------------------------------------------------------------------------------------


def test_a_copied_plan_stands_as_the_kernel_makes_it(lived: Lived) -> None:
    sorts: dict[tuple[str, str], str] = {}
    for id in lived.papers:
        case = Case.get_by_id(id)
        if case.closed_at is None:
            sorts[case.part, case.role] = id
    tables = ("fact", "progress", "item", "task")

    def rows(id: str) -> list[Any]:
        return [
            sorted(str(row) for row in database.rows(f"SELECT * FROM {table} WHERE case_id = ?", id))
            for table in tables[:3]
        ] + [
            database.rows(
                "SELECT stage, what, relation, label, kind, opens FROM task WHERE case_id = ? ORDER BY 1, 2, 3", id
            )
        ]

    before = {id: rows(id) for id in sorts.values()}
    for id in before:
        workflow.reproject(lived.district.kernel, id, lived.district.kernel.clock.now())
    assert len(before) == 4 and {id: rows(id) for id in before} == before


def sorts(lived: Lived) -> dict[str, int]:
    """One of each sort of those to whom something happened, and one who works where somebody acts as head."""
    story, here = lived.story, working(lived)
    heads = [n for n, (school, role) in here.items() if role == HEAD and n not in story.promoted]
    merged = [n for n, one in story.before.items() if one.school in story.merged and one.role == TEACHER]
    led = [n for n, (school, role) in here.items() if school in story.plt and role == TEACHER and n not in story.new]
    return {
        "pindah": min(story.moved), "pindah lewat gabungan": min(story.moved & set(passed(story))),
        "promosi": min(story.promoted), "rotasi": min(n for n in heads if here[n][0] != story.school(n)),
        "gabungan": min(set(merged) - story.moved), "turun": min(story.stepped_down),
        "Plt. di sekolahnya": min(n for s, n in story.plt.items() if story.school(n) == s),
        "dipimpin Plt.": min(set(led) - story.moved - set(story.plt.values())),
    }  # fmt: skip


def decides(lived: Lived, case: str) -> Player:
    found = next(
        (person, via) for kind, person, via in cases.load(lived.district.kernel, case).relations if kind == "memutuskan"
    )
    return Player(lived.district.kernel, Person.get_by_id(found[0]).name, found[1])


def one_case(lived: Lived, n: int, part: str) -> str:
    """The open counted case of somebody in a part of the year."""
    mine = (Case.person == lived.district.person(n)) & (Case.part == part) & (Case.counts == True)  # noqa: E712  # SQL
    return str(Case.get(mine & Case.closed_at.is_null()).id)


def plan_again(lived: Lived, n: int) -> None:
    """Somebody agrees the plan of the second half where they work now, after its head has begun the period."""
    case = one_case(lived, n, SECOND)
    if "rencana.disepakati" in facts(case):
        return
    begins = Case.get((Case.unit == Case.get_by_id(case).unit) & (Case.subject == "unit") & (Case.part == SECOND)).id
    if [task for task in testing.open_tasks(begins) if task.stage == "pembukaan"]:
        decides(lived, begins).hand_in(begins, "pembukaan", "mulai-periode", "serahkan")
        worker.run_once(lived.district.kernel)
    who = Player(lived.district.kernel, lived.story.after[n].name)
    if (lived.story.after[n].school in lived.story.plt) and n not in lived.story.plt.values():
        who.fill(case, PLAN)
        who.do(case, PLAN, "ajukan")  # the system agrees a plan where somebody acts as head
    else:
        agreed(case, who, decides(lived, case))


def test_the_year_of_each_sort_ends_in_one_result_that_is_sent_once(lived: Lived) -> None:
    """Moves the district to December, so it comes last."""
    kernel, chosen = lived.district.kernel, sorts(lived)
    for n in chosen.values():
        plan_again(lived, n)
    set_date(kernel, date(2024, 12, 5))
    for n in chosen.values():
        for part in (FIRST, SECOND):
            case = one_case(lived, n, part)
            if "predikat.semester" not in facts(case):
                rated(case, RATING, "rating", decides(lived, case))
    worker.run_once(kernel)
    years = {sort: one_case(lived, n, YEAR) for sort, n in chosen.items()}
    for case in years.values():
        rated(case, "penilaian-tahunan", "rating-tahunan", decides(lived, case))
    told = {sort: facts(case).get("predikat.tahunan") for sort, case in years.items()}
    assert told == dict.fromkeys(chosen, "Baik")
    due = [one.case for one in Outgoing.select().where(Outgoing.state != "replaced")]
    assert sorted(due) == sorted(years.values())
