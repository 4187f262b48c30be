"""Make one of two records of one person: everything that names who goes names who stays from then on.

Nothing that was written, decided or sent is taken back. What cannot both stay is asked: two numbers of one kind, two posts
at home, two cases of one part of the year. The record that goes is kept as a sign that points to the one that stays, so
that old links, signatures and lines of the log still lead to somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from kinerja import database, days, log, people, writing
from kinerja.access import PEOPLE, Viewer
from kinerja.contracts import Json, Problem
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Part, Period, Person, Timer, Unit
from kinerja.sentences import needed, refuse, refuse_if, say
from kinerja_office import owing, periods, relations, staff
from kinerja_office.staff import Employee, Held
from kinerja_read import posts

WORKING = timedelta(minutes=15)
"""How long after something was typed somebody still counts as working on it."""
FILLED = ("title_front", "title_back", "sex", "born", "employment", "rank", "level")
"""What the record that stays takes from the other where it knows nothing itself."""

_HERE = "case_id IN (SELECT case_id FROM relation WHERE person_id = {keep})"
"""The cases somebody stands or stood in a relation to, once those of the other record are theirs."""
MOVES = (
    "DELETE FROM session WHERE person_id = {gone}",
    "UPDATE identity SET person_id = {keep} WHERE person_id = {gone}",
    "UPDATE person_id SET person_id = {keep} WHERE person_id = {gone} "
    "AND kind NOT IN (SELECT kind FROM person_id WHERE person_id = {keep})",
    "UPDATE person_value SET person_id = {keep} WHERE person_id = {gone} AND NOT put",
    "UPDATE standing SET person_id = {keep} WHERE person_id = {gone} "
    "AND since NOT IN (SELECT since FROM standing WHERE person_id = {keep})",
    "UPDATE assignment SET person_id = {keep} WHERE person_id = {gone}",
    "UPDATE cases SET person_id = {keep} WHERE person_id = {gone}",
    "UPDATE relation SET person_id = {keep} WHERE person_id = {gone}",
    "UPDATE relation SET fixed = false WHERE person_id = {keep} AND assignment_id IS NOT NULL "
    "AND case_id IN (SELECT id FROM cases WHERE person_id = {keep})",  # nobody decides on themselves, by hand neither
    "UPDATE request SET person_id = {keep} WHERE person_id = {gone}",
    "UPDATE seen SET person_id = {keep} WHERE person_id = {gone} AND NOT EXISTS (SELECT 1 FROM seen o "
    "WHERE o.case_id = seen.case_id AND o.stage = seen.stage AND o.person_id = {keep})",
    "UPDATE part SET author = {keep} WHERE author = {gone} AND NOT EXISTS (SELECT 1 FROM part o WHERE o.author = {keep} "
    "AND o.case_id = part.case_id AND o.stage = part.stage AND o.step = part.step AND o.cycle = part.cycle) AND "
    + _HERE,
    'UPDATE revision SET "by" = {keep} WHERE "by" = {gone} AND part_id IN (SELECT id FROM part WHERE ' + _HERE + ")",
    'UPDATE note SET "by" = {keep} WHERE "by" = {gone} AND ' + _HERE,
    'UPDATE evidence SET "by" = {keep} WHERE "by" = {gone} AND ' + _HERE,
    'UPDATE job SET "by" = {keep} WHERE "by" = {gone}',
    """UPDATE signature SET signed = replace(signed, '"person": {gone},', '"person": {keep},') WHERE """ + _HERE,
    """UPDATE edition SET corrects = replace(corrects, '"person":{gone}}}', '"person":{keep}}}') WHERE """ + _HERE,
    "UPDATE person SET merged_into_id = {keep} WHERE id = {gone} OR merged_into_id = {gone}",
)
"""What moves, in order. A signature keeps name, numbers and post as they were; only whom it leads to is put right. What
would stand twice stays with the record that goes: a condition from the same day, what was read, a part of the same step;
so do its values but those of a day to come, since those of who stays are theirs."""
JOINS = (
    "UPDATE relation SET assignment_id = {mine} WHERE assignment_id = {theirs}",
    "UPDATE charge SET assignment_id = {mine} WHERE assignment_id = {theirs} "
    "AND unit_id NOT IN (SELECT unit_id FROM charge WHERE assignment_id = {mine})",
    "DELETE FROM charge WHERE assignment_id = {theirs}",
    "DELETE FROM session WHERE assignment_id = {theirs}",
    "DELETE FROM assignment WHERE id = {theirs}",
)
"""What makes one of two rows of the same post."""


@dataclass(frozen=True, slots=True)
class Record:
    """One of two records, as it is shown before they become one."""

    person: Employee
    born: date | None
    numbers: Mapping[str, str]
    posts: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What cannot both stay: `mine` is of the record that stays, `theirs` of the one that goes. Of a number they are its
    values and `key` its kind; of two cases (`cases`) their ids."""

    key: str
    mine: str
    theirs: str
    cases: bool = False


@dataclass(frozen=True, slots=True)
class Two:
    """Two records side by side: what has to be chosen, and the posts that become one by themselves."""

    keep: Record
    gone: Record
    asked: tuple[Question, ...]
    same: tuple[tuple[Held, Held], ...]


def record(kernel: Kernel, viewer: Viewer, id: int) -> Record:
    """One record for somebody who may merge it: they keep the people where it holds a post, or held its last one, and may
    give each of these posts, also what it allows. Refused for oneself, and for a record that was merged already."""
    refuse_if(id == viewer.person, "not-oneself")
    person: Any = Person.get_or_none(Person.id == id)
    refuse_if(person is None, "missing")
    who = Employee(id, person.name, person.title_front, person.title_back)
    refuse_if(person.merged_into_id, "merged-already", who=who.full_name)
    held = staff.held_of(id)
    for one in [one for one in held if not days.over(one.until, kernel.clock.today(one.unit.zone))] or held[:1]:
        kept = viewer.may(PEOPLE, posts.given_at(kernel, one.role, one.kind, one.unit))
        given = people.permissions(kernel, one.role) <= viewer.permissions
        refuse_if(not (kept and given), "merge-elsewhere", unit=one.unit.name)
    return Record(who, person.born, people.known(kernel, [id])[id][0], tuple(held))


def look(kernel: Kernel, viewer: Viewer, keep: int, gone: int) -> Two:
    """Two records side by side, and what has to be chosen before they become one; refused where they may not."""
    refuse_if(keep == gone, "merge-same")
    one, other = record(kernel, viewer, keep), record(kernel, viewer, gone)
    refuse_if(not one.posts, "merge-homeless", who=one.person.full_name)
    numbers = [
        Question(kind, one.numbers[kind], other.numbers[kind])
        for kind in sorted(one.numbers.keys() & other.numbers.keys())
        if one.numbers[kind] != other.numbers[kind]
    ]
    same = tuple(pair for pair in product(one.posts, other.posts) if meet(*pair) and _alike(kernel, *pair))
    return Two(one, other, (*numbers, *_rivals(keep, gone)), same)


def merge(
    kernel: Kernel, viewer: Viewer, keep: int, gone: int, chosen: Mapping[str, str], note: str,
    ends: Iterable[tuple[Held, date, str]] = (),
) -> None:  # fmt: skip
    """Let one record be the other. *chosen* is which value stays by the key of each question, *ends* are the posts that do
    not stay, with last day and reason. Refused where something is not chosen, also since the page was drawn, where two
    posts at home would hold, and while one of them types."""
    note, now, both = needed(note), kernel.clock.now(), [keep, gone]
    with database.proxy.atomic():
        known = {one.id: one for one in database.locked(Person.select().where(Person.id.in_(both)).order_by(Person.id))}
        database.run(  # every case that either stands in a relation to, in one order: whoever is changing one judges anew
            "UPDATE cases SET version = version + 1 WHERE id IN (SELECT id FROM cases WHERE person_id IN (?, ?) "
            f"OR id IN (SELECT case_id FROM relation WHERE person_id IN (?, ?)) ORDER BY id {database.lock_words()})",
            *both, *both,
        )  # fmt: skip
        two = look(kernel, viewer, keep, gone)
        typing = Part.author.in_(both) & Part.draft.is_null(False) & (Part.draft_at > now - WORKING)
        refuse_if(Part.select().where(typing).exists(), "merge-busy", n=WORKING.seconds // 60)
        left = [one for one in two.asked if chosen.get(one.key) not in (one.mine, one.theirs)]
        refuse_if(left, "merge-open", *(Problem(one.key, say("merge-choose")) for one in left))
        units = {held.unit.id for held in (*two.keep.posts, *two.gone.posts)}
        for held, last, reason in ends:
            staff.end(kernel, viewer, held, last, reason, "")
        for mine, theirs in two.same:
            _join(mine, theirs)
        for one in two.asked:
            if one.cases:
                _set_aside(kernel, viewer, one.mine if chosen[one.key] == one.theirs else one.theirs, note, now)
            elif chosen[one.key] == one.theirs:
                database.run(
                    f"UPDATE person_id SET person_id = CASE WHEN person_id = {keep} THEN {gone} ELSE {keep} END "
                    f"WHERE kind = ? AND person_id IN ({keep}, {gone})",
                    one.key,
                )
        filled = {name: getattr(known[gone], name) for name in FILLED if not getattr(known[keep], name)}
        more = {**(known[gone].attributes or {}), **(known[keep].attributes or {})}
        Person.update(**filled, attributes=more).where(Person.id == keep).execute()
        for case in Case.select(Case, Period).join(Period).where((Case.person == gone) & Case.chain.is_null(False)):
            Case.update(
                chain=periods.chain_of(case.period, keep, case.unit_id, case.role, counts=case.counts)
            ).where(Case.id == case.id).execute()  # fmt: skip
        for move in MOVES:
            database.run(move.format(keep=keep, gone=gone))
        for home in posts.homes(kernel, keep, kernel.clock.today(viewer.zone), kernel.clock.today(viewer.zone))[1:]:
            raise refuse("home-already", who=home.person.name, what=posts.label(kernel, home), unit=home.unit.name)
        for case in Case.select(Case, Unit).join(Unit).where((Case.person == keep) & Case.closed_at.is_null()):
            relations.refresh(kernel, case, kernel.clock.today(case.unit.zone))
        said = say("merge-log", name=viewer.name, keep=known[keep].name, gone=known[gone].name, why=note)
        for unit in sorted(units):
            log.write(kernel, unit, "merged", viewer.person, "", said, {"keep": keep, "gone": gone, **chosen}, now)
            Timer.create(name="people-changed", data={"unit": unit}, due_at=now)


def meet(mine: Held, theirs: Held) -> bool:
    """Whether two posts hold on some day together."""
    return not (days.over(mine.until, theirs.since) or days.over(theirs.until, mine.since))


def _alike(kernel: Kernel, mine: Held, theirs: Held) -> bool:
    """Whether two posts are the same one, entered twice."""
    return (mine.unit.id, mine.role, people.acting(kernel, mine.kind)) == (
        theirs.unit.id, theirs.role, people.acting(kernel, theirs.kind),
    )  # fmt: skip


def _rivals(keep: int, gone: int) -> list[Question]:
    """The cases of one part of a year of which only one can count: both do, or both are of one post."""
    return [Question(f"{mine}-{theirs}", mine, theirs, cases=True) for mine, theirs in database.rows(
        "SELECT m.id, t.id FROM cases m JOIN period p ON p.id = m.period_id JOIN cases t ON t.part = m.part "
        "JOIN period q ON q.id = t.period_id AND q.scheme = p.scheme AND q.year = p.year "
        "WHERE m.person_id = ? AND t.person_id = ? AND m.chain IS NOT NULL AND t.chain IS NOT NULL "
        "AND ((m.period_id = t.period_id AND m.unit_id = t.unit_id AND m.role = t.role) "
        "OR (m.counts AND t.counts AND m.ending = '{}' AND t.ending = '{}')) ORDER BY p.starts DESC, p.ends, m.id, t.id",
        keep, gone,
    )]  # fmt: skip


def _join(mine: Held, theirs: Held) -> None:
    """Make one of two rows of the same post, from the earliest day to the latest."""
    longer = max((mine, theirs), key=lambda held: held.until or date.max)
    Assignment.update(
        since=min(mine.since, theirs.since), until=longer.until, ended_as=longer.ended_as,
        home=mine.home or theirs.home, note=mine.note or theirs.note,
    ).where(Assignment.id == mine.id).execute()  # fmt: skip
    for join in JOINS:
        database.run(join.format(mine=mine.id, theirs=theirs.id))


def _set_aside(kernel: Kernel, viewer: Viewer, id: str, note: str, now: datetime) -> None:
    """End a case as one that is not counted, and that nothing reads any more; what it holds stays readable."""
    case = Case.get_by_id(id)
    told: dict[str, Json] = {
        "label": say("merge-aside"), "tanggal": kernel.clock.today(case.unit.zone).isoformat(), "catatan": note,
        "penulis": viewer.name, "oleh": viewer.name, "otomatis": False,
    }  # fmt: skip
    writing.close(kernel, id, now)
    Case.update(counts=False, chain=None, ending=told).where(Case.id == id).execute()
    owing.again(kernel, "c.id = ?", id)
    log.write(
        kernel, case.unit_id, "case-ended", viewer.person, id, say("merge-aside-log", name=viewer.name, why=note), told, now
    )  # fmt: skip
