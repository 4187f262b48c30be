"""Open a scheme's periods for what lies below a unit, and a case for everybody who takes part."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import peewee

from kinerja import conditions, database, days, log, people, projections, settings, snapshot
from kinerja.cases import load
from kinerja.clock import day_starts
from kinerja.contracts import Content, Json, PeriodRule, Scheme
from kinerja.kernel import Kernel
from kinerja.limits import local_day
from kinerja.models import LEVELS, Assignment, Case, Period, Person, Progress, StoredSnapshot, Timer, Unit
from kinerja.schemes import LAST_YEAR, period_days, window_days
from kinerja.sentences import refuse, refuse_if, say
from kinerja.snapshot import Choices
from kinerja.writing import whole_anew
from kinerja_office import endings, pieces, relations, tallies
from kinerja_read.participation import participation, profile_fields, profile_labels


def plan(kernel: Kernel, scheme: Scheme, year: int, unit: Unit, by: int | None = None) -> list[Period]:
    """Write down all periods of a scheme's year for a unit; each opens by its timer. Does nothing twice.

    Refused for a year the scheme does not rule.
    """
    first, last = scheme.years
    refuse_if(not first <= year <= (last or LAST_YEAR), "wrong-year", scheme=scheme.label, year=year)
    made: dict[str, Period] = {}
    for rule in sorted(scheme.periods, key=lambda rule: bool(rule.parent)):
        with database.proxy.atomic():
            made[rule.key] = _plan_one(kernel, scheme, rule, year, unit, made.get(rule.parent), by)
    return list(made.values())


def _plan_one(
    kernel: Kernel, scheme: Scheme, rule: PeriodRule, year: int, unit: Unit, parent: Period | None, by: int | None
) -> Period:
    starts, ends, closes = period_days(rule, year)
    period, new = Period.get_or_create(  # type: ignore[no-untyped-call]  # peewee's stub is untyped here
        scheme=scheme.id, key=rule.key, year=year, unit=unit,
        defaults={
            "label": rule.label.format(tahun=year, tahun_akhir=ends.year), "starts": starts, "ends": ends,
            "closes": closes, "parent": parent,
        },
    )  # fmt: skip
    if new:
        first = min(day_starts(starts - timedelta(days=rule.opens_before), zone) for zone in _zones(unit))
        Timer.create(name="open-period", period=period, due_at=first)
        log.write(
            kernel, unit.id, "period-planned", by, "", say("period-planned", period=period.label), {"period": period.id}
        )
    return period  # type: ignore[no-any-return]  # the same


def _zones(unit: Unit) -> list[str]:
    """The time zones of a unit and all below it: a day begins in each at its own moment."""
    return sorted(
        {unit.zone}
        | {one.zone for one in Unit.select(Unit.zone).where(getattr(Unit, f"a{unit.depth}") == unit.id).distinct()}
    )


def take_snapshot(kernel: Kernel, scheme: Scheme, unit: Unit) -> str:
    """Store the scheme and all contents of the plugins that are on at a unit or somewhere below; returns the hash."""
    enabled = settings.enabled(kernel, unit.line) | settings.enabled_below(unit)
    owner, there = kernel.host.registry.owner, kernel.host.registry.contents
    hash, text = snapshot.make(scheme, [one for key, one in there.items() if owner["contents", str(key)] in enabled])
    StoredSnapshot.insert(hash=hash, text=text).on_conflict_ignore().execute()
    return hash


def open_period(kernel: Kernel, period: Period, at: datetime) -> None:
    """Fix the rules and contents of a planned period, and have its cases opened piece by piece. Safe to repeat."""
    scheme = kernel.scheme(period.scheme)
    if scheme is None:
        raise refuse("plugin-missing", what=period.label)
    if period.parent_id is not None and period.parent.state == "planned":
        open_period(kernel, period.parent, at)
    with database.proxy.atomic():
        period = database.locked(Period.select().where(Period.id == period.id)).get()
        if period.state == "planned":
            period.snapshot = take_snapshot(kernel, scheme, period.unit)
            period.state = "open"
            period.save()
            _set_timers(scheme, period)
            if not scheme.is_frame(period.key):
                pieces.spread("open-units", period, [unit.id for unit in _units_of(period, None)], at)
                tallies.recount(kernel, at + timedelta(seconds=1))
            log.write(
                kernel,
                period.unit_id,
                "period-opened",
                None,
                "",
                say("period-opened", period=period.label),
                {"snapshot": period.snapshot},
            )
            settings.touch()


def open_cases(kernel: Kernel, period: Period, at: datetime, units: Iterable[int] | None = None) -> int:
    """Open the cases that are still missing in an open period, for everybody who takes part; returns how many."""
    return sum(opening(kernel, period, at, units))


def opening(kernel: Kernel, period: Period, at: datetime, units: Iterable[int] | None = None) -> Iterator[int]:
    """The same one after the other, so that others write between two: yields after each how many were opened. A worker that
    dies in the middle of a school leaves the rest of it to the next."""
    scheme = kernel.snapshot(period.snapshot).scheme
    for unit in _units_of(period, units):
        day = kernel.clock.today(unit.zone)
        if any(stage.subject == "unit" for stage in scheme.stages_of(period.key)) and kernel.trait(
            "unit_kinds", unit.kind, "sekolah", False
        ):
            yield _open_at(kernel, period, scheme, unit, None, "", {}, "", day, at)
        there = {
            (person, role, bool(counts))
            for person, role, counts, closed, ending in database.rows(
                "SELECT person_id, role, counts, closed_at, ending FROM cases WHERE period_id = ? AND unit_id = ? "
                "AND chain IS NOT NULL",
                period.id,
                unit.id,
            )
            if closed is None or not json.loads(ending).get("otomatis")
        }
        # read to the end before any is opened: SQLite takes no change on a reading that others have overtaken
        for assignment, beside in list(_assignments(unit, scheme, period, day)):
            if (
                assignment.person_id,
                assignment.role,
                endings.counted(kernel, assignment.kind, assignment.home),
            ) in there:
                continue
            fields = profile_fields(kernel, assignment, unit, period)
            if beside and not conditions.holds(scheme.also or {}, {**fields, "peran_induk": beside}):
                continue
            answer = participation(scheme, fields)
            if answer.answer != "tidak":
                yield _open_at(
                    kernel, period, scheme, unit, assignment, assignment.role, fields, answer.answer, day, at
                )


def _open_at(kernel: Kernel, period: Period, scheme: Scheme, unit: Unit, *told: Any) -> int:
    """Open one case, in a transaction in which nobody else opens any at the unit; none where the period was closed
    meanwhile, and it is not closed until this is done."""
    with database.proxy.atomic():
        database.locked(Unit.select(Unit.id).where(Unit.id == unit.id)).get()
        now = database.locked(Period.select().where(Period.id == period.id), "FOR SHARE").get()
        return _open_one(kernel, period, scheme, unit, *told) if now.state == "open" else 0


def decide_content(kernel: Kernel, period: Period, unit: Unit, fields: dict[str, Json]) -> Choices:
    """One content of each kind for a case; a tie is kept with its labels, for the region to settle."""
    preferred = settings.own(kernel, unit.line, "isi", {})
    enabled, owner = settings.enabled(kernel, unit.line), kernel.host.registry.owner

    def there(content: Content) -> bool:
        return owner.get(("contents", str((content.kind, content.id)))) in {None, *enabled}

    return snapshot.pick(kernel.snapshot(period.snapshot), fields, preferred, there)


def renew(kernel: Kernel, period: Period, by: int | None, reason: str) -> str:
    """«Perbarui isi periode»: parts begun from now on take the contents as they are today, once the worker has told each
    case; older ones keep theirs."""
    scheme = kernel.scheme(period.scheme)
    if scheme is None:
        raise refuse("plugin-missing", what=period.label)
    with database.proxy.atomic():
        period.snapshot = take_snapshot(kernel, scheme, period.unit)
        period.save()
        pieces.spread_open("renew-units", period, kernel.clock.now())
        log.write(
            kernel,
            period.unit_id,
            "period-renewed",
            by,
            "",
            say("period-renewed", period=period.label, why=reason),
            {"snapshot": period.snapshot},
        )
        settings.touch()
    return str(period.snapshot)


def _set_timers(scheme: Scheme, period: Period) -> None:
    for day in sorted(
        {window_days(window, period.year)[0] for stage in scheme.stages_of(period.key) for window in stage.windows}
    ):
        reproject_on(period, day)
    Timer.create(name="close-period", period=period, due_at=over_at(period))


def reproject_on(period: Period, day: date) -> None:
    """Set a period's turns right when a day begins in each zone there is now. Doing it twice is the same as once."""
    for moment in sorted({day_starts(day, zone) for zone in _zones(period.unit)}):
        Timer.get_or_create(  # type: ignore[no-untyped-call]  # peewee's stub is untyped here
            name="reproject-period", period=period, due_at=moment, defaults={"data": {"day": day.isoformat()}}
        )


def over_at(period: Period) -> datetime:
    """The moment a period's last day of writing is over in every zone there is now."""
    return max(day_starts(period.closes + timedelta(days=1), zone) for zone in _zones(period.unit))


def _units_of(period: Period, units: Iterable[int] | None) -> Iterable[Unit]:
    """The units below a period's unit that no nearer unit's own period of the same kind covers."""
    query = Unit.select().where(getattr(Unit, f"a{period.unit.depth}") == period.unit_id)
    if units is not None:
        query = query.where(Unit.id.in_(list(units)))
    nearer = {
        one.unit_id
        for one in Period.select(Period.unit).join(Unit).where(
            (Period.scheme == period.scheme) & (Period.key == period.key) & (Period.year == period.year)
            & (Period.unit != period.unit_id) & (getattr(Unit, f"a{period.unit.depth}") == period.unit_id)
        )
    }  # fmt: skip
    return [unit for unit in query.order_by(Unit.id) if not nearer & set(unit.line)]


def _assignments(unit: Unit, scheme: Scheme, period: Period, day: date) -> Iterable[tuple[Assignment, str]]:
    """Who may have a case at a unit, unless they came after the period was over or leave before it begins: those whose
    home it is, and where the scheme lets an assignment beside the home one have a case, its holders too, with the role
    they have at home."""
    for one in (
        Assignment.select(Assignment, Person)
        .join(Person)
        .where(
            (Assignment.unit == unit)
            & Assignment.role.in_(list(scheme.relations))
            & days.on(Assignment, day)
            & days.lasting(Assignment, period.starts)
            & (Assignment.since <= period.ends)
        )
        .order_by(Assignment.id)
    ):
        if one.home:
            yield one, ""
        elif scheme.also is not None:
            home = Assignment.select(Assignment.role).where(
                (Assignment.person == one.person_id) & (Assignment.home == True)  # noqa: E712  # SQL
                & days.on(Assignment, day)
            ).first()  # fmt: skip
            if home is not None:
                yield one, home.role


def _open_one(
    kernel: Kernel,
    period: Period,
    scheme: Scheme,
    unit: Unit,
    assignment: Assignment | None,
    role: str,
    fields: dict[str, Json],
    answer: str,
    day: date,
    at: datetime,
) -> int:
    """Open one case, or open it again where it ended by itself or goes on as what counts, and before it the one it is a
    part of; 0 when it is open already, when its person still works elsewhere and has it there or was judged there, or when
    the whole was ended."""
    person = assignment.person_id if assignment else None
    found = Case.get_or_none(
        (Case.period == period) & (Case.person == person) & (Case.unit == unit) & (Case.role == role)
        & Case.chain.is_null(person is None)
    )  # fmt: skip
    counts = assignment is None or endings.counted(kernel, assignment.kind, assignment.home)
    if found and (found.counts == counts if found.closed_at is None else not found.ending.get("otomatis")):
        return 0
    rule = scheme.period(period.key)
    chain = chain_of(period, person, unit.id, role, counts=counts)
    with database.proxy.atomic():
        if period.parent_id is not None and assignment is not None:
            year = period.parent
            _open_one(kernel, year, scheme, unit, assignment, role, {**fields, "periode": year.key}, answer, day, at)
        if not _left(kernel, chain, rule, at):
            return 0
        if found is not None:
            return _again(kernel, found, unit, counts, chain, day, at)
        if _concluded(kernel, chain, rule.key):
            return 0
        fields = fields or {"bentuk": unit.kind, "skema": scheme.id, "periode": period.key, **(unit.attributes or {})}
        labels = profile_labels(kernel, assignment, unit, fields) if assignment else {"satuan": unit.name}
        case = Case.create(
            id=secrets.token_hex(6), period=period, subject="person" if assignment else "unit", person=person, unit=unit,
            role=role, snapshot=period.snapshot, answer=answer, profile={"fields": fields, "labels": labels},
            content=decide_content(kernel, period, unit, fields).raw(), counts=counts, chain=chain,
            part=rule.key, whole=rule.parent, previous=_previous(chain, rule, unit, role), opened_at=at,
            **{f"a{n}": getattr(unit, f"a{n}") for n in range(LEVELS)},
            force_insert=True,
        )  # fmt: skip
        return _begun(kernel, case, day, at)


def chain_of(period: Period, person: int | None, unit: int, role: str, *, counts: bool) -> str | None:
    """What joins the cases of one person and year: all that count are one, each post beside has its own. A unit's cases
    are in none."""
    parts = (period.scheme, period.year, person, *(() if counts else (unit, role)))
    return None if person is None else "/".join(map(str, parts))


def _left(kernel: Kernel, chain: str | None, rule: PeriodRule, at: datetime) -> bool:
    """Whether nobody has this part of a chain open elsewhere, once those who left there are followed, and what it is a
    part of was not ended by somebody."""
    ours = Case.select().where((Case.chain == chain) & Case.closed_at.is_null())
    for elsewhere in ours.where(Case.part == rule.key) if chain else ():
        endings.follow(kernel, elsewhere.unit, at, elsewhere.person_id)
    there = {one.part for one in ours} if chain else {rule.parent}
    return rule.key not in there and rule.parent in {"", *there}


def _concluded(kernel: Kernel, chain: str | None, part: str) -> bool:
    """Whether this part of a chain was judged already where its person still worked then: nobody is judged for it twice.
    A judgement of after they had left, since that was entered late, is none of what they did elsewhere."""
    judged = [stage.id for stage in kernel.host.registry.stages.values() if stage.concludes]
    done = Progress.stage.in_(judged) & (Progress.kind == "selesai")
    theirs = (Case.chain == chain) & Case.chain.is_null(False) & (Case.part == part)
    return any(
        local_day(one.since, one.case.unit.zone).isoformat() <= one.case.ending.get("tanggal", "")
        for one in Progress.select(Progress, Case).join(Case).where(theirs & done)
    )


def _again(
    kernel: Kernel, case: Case, unit: Unit, counts: bool, chain: str | None, day: date, at: datetime
) -> int:  # fmt: skip
    """Open a case again that ended by itself with an assignment, since its person is there after all; who was Plt. and
    is the head now goes on with the same plan, which counts from then on."""
    Case.update(closed_at=None, ending={}, counts=counts, chain=chain, version=Case.version + 1).where(
        Case.id == case.id
    ).execute()
    log.write(
        kernel, unit.id, "case-again", None, case.id,
        say("case-again", name=people.full_name(case.person.name) if case.person else ""), {}, at,
    )  # fmt: skip
    return _begun(kernel, Case.get_by_id(case.id), day, at)


def _begun(kernel: Kernel, case: Case, day: date, at: datetime) -> int:
    """Give a case its relations and turns, and let the year it is a part of follow: it has one part more to wait for."""
    relations.refresh(kernel, case, day)
    projections.run(kernel, load(kernel, case.id), {}, at)
    whole_anew(case.id, at)
    return 1


def _previous(chain: str | None, rule: PeriodRule, unit: Unit, role: str) -> str | None:
    """The case a new one starts from: the one of its chain that ended in this same part, else that of the part before."""
    ended = (Case.part == rule.key) & Case.closed_at.is_null(False)
    before = (Case.part == rule.follows) & (Case.role == role)
    found = (
        Case.select(Case.id)
        .where((Case.chain == chain) & (ended | before))
        .order_by(
            peewee.Case(None, [(Case.part == rule.key, 0)], 1),
            peewee.Case(None, [(Case.unit == unit, 0)], 1),
            Case.closed_at.desc(),
        )
        .first()
        if chain
        else None
    )
    return found.id if found else None
