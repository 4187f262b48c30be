"""Units, people, what they are called, and who holds which role where on which day."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from kinerja import database, days
from kinerja.clock import real_now
from kinerja.contracts import Member, UnitView
from kinerja.kernel import Kernel
from kinerja.models import LEVELS, Assignment, Charge, Person, PersonId, Standing, Unit


def add_unit(code: str, name: str, kind: str, parent: Unit | None, **more: Any) -> Unit:
    """Add a unit below its parent, with the ids of its ancestors on its row; ValueError when the tree grows too deep."""
    depth = parent.depth + 1 if parent else 0
    if depth >= LEVELS:
        raise ValueError(f"Pohon satuan paling dalam {LEVELS} tingkat.")
    if parent and "zone" not in more:
        more["zone"] = parent.zone
    unit: Unit = Unit.create(code=code, name=name, kind=kind, parent=parent, depth=depth, **more)
    for n, id in enumerate((*(parent.line if parent else ()), unit.id)):
        setattr(unit, f"a{n}", id)
    unit.save()
    return unit


def unit_view(unit: Unit) -> UnitView:
    return UnitView(unit.id, unit.code, unit.name, unit.kind, unit.zone, unit.npsn, unit.attributes or {})


def full_name(name: str, front: str = "", back: str = "") -> str:
    """«Drs. Budi Contoh, M.Pd.»: titles as they are written on papers."""
    return f"{front} {name}".strip() + (f", {back}" if back else "")


def address(name: str, sex: str) -> str:
    """How a page speaks of a person: «Pak Budi», «Bu Sari», and where sex is not in the data «Bapak/Ibu Budi Contoh»."""
    if sex == "L":
        return f"Pak {name.split()[0].title()}"
    if sex == "P":
        return f"Bu {name.split()[0].title()}"
    return f"Bapak/Ibu {name}"


def assign(
    person: Person | int,
    role: str,
    unit: Unit | int,
    kind: str,
    since: date,
    *,
    until: date | None = None,
    home: bool = True,
    note: str = "",
    by: int | None = None,
    charge: Iterable[Unit] = (),
) -> Assignment:
    """Enter that a person holds a role at a unit from a day. Late entry is normal: `since` may lie in the past."""
    made: Assignment = Assignment.create(
        person=person, role=role, unit=unit, kind=kind, home=home, since=since, until=until, note=note,
        entered_at=real_now(), entered_by=by,
    )  # fmt: skip
    for one in charge:
        Charge.create(assignment=made, unit=one)
    return made


def holders(kernel: Kernel, role: str, unit: int, day: date, *, charged: bool = False) -> list[Assignment]:
    """Who holds a role at a unit on a day, who is there before who is away, definitive before acting, the longest in
    office first. With `charged`, those who have the unit on their list."""
    where = "a.id IN (SELECT assignment_id FROM charge WHERE unit_id = ?)" if charged else "a.unit_id = ?"
    found = assigned(f"a.role = ? AND {days.holding('a')} AND {where}", role, database.stored_day(day), unit)
    gone = away(kernel, [one.person_id for one in found], day) if len(found) > 1 else {}
    return sorted(found, key=lambda one: (one.person_id in gone, acting(kernel, one.kind), one.since, one.id))


def assigned(where: str, *values: object) -> list[Assignment]:
    """The assignments, as `a`, for which a condition of a statement holds; a fixed text, since opening a period asks it
    for each case."""
    return list(Assignment.raw(database.placeholder(f"SELECT a.* FROM assignment a WHERE {where}"), *values))


def away(kernel: Kernel, persons: Sequence[int], day: date) -> dict[int, date | None]:
    """Who of these people is in a condition on a day under which nobody is asked for anything, and until when."""
    return {
        one.person_id: one.until
        for one in Standing.select().where(Standing.person.in_(persons) & days.on(Standing, day))
        if kernel.trait("conditions", one.kind, "diam", False)
    }


def members(kernel: Kernel, unit: UnitView, day: date) -> tuple[Member, ...]:
    """Everybody who holds a role at a unit on a day, by name; somebody with several roles stands there once for each."""
    return tuple(
        Member(id, full_name(name, front, back), role, role_label(kernel, role, kind, unit.kind))
        for id, name, front, back, role, kind in database.rows(
            "SELECT n.id, n.name, n.title_front, n.title_back, a.role, a.kind FROM assignment a "
            f"JOIN person n ON n.id = a.person_id WHERE a.unit_id = ? AND {days.holding('a')} ORDER BY n.name, a.id",
            unit.id, database.stored_day(day),
        )
    )  # fmt: skip


def permissions(kernel: Kernel, assignment_role: str) -> frozenset[str]:
    """What holding a role allows at its unit and below; nothing where the role names nothing."""
    return frozenset(kernel.trait("roles", assignment_role, "izin", []))


def acting(kernel: Kernel, kind: str) -> bool:
    """Whether who holds a post this way does it for somebody else (Plt., Plh.); of no kind it is not."""
    return bool(kernel.trait("assignment_kinds", kind, "acting", False))


def role_label(kernel: Kernel, role: str, kind: str, unit_kind: str) -> str:
    """The title of a role as an assignment gives it, at a kind of unit, with the word for acting: «Plt. Kepala TK»."""
    by_assignment = kernel.trait("assignment_kinds", kind, "judul_by_role", {})
    by_kind = kernel.trait("roles", role, "judul_by_kind", {})
    before = kernel.trait("assignment_kinds", kind, "awalan", "")
    return f"{before} {by_assignment.get(role) or by_kind.get(unit_kind) or kernel.label('roles', role)}".strip()


def plain(text: str) -> str:
    """A name or number as it is compared: without case, doubled blanks and different ways of writing a letter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def alike(told: str, wanted: str, *, titled: bool) -> bool:
    """Whether two ways of writing a value say the same: without case, blanks and points, and of what is `titled` without
    titles before or after it («Drs.», «, S.Pd.»)."""

    def bare(text: str) -> str:
        words = [word for word in text.partition(",")[0].split() if not word.endswith(".")] if titled else []
        return plain(" ".join(words) or text).replace(".", "").replace(" ", "")

    return bare(told) == bare(wanted)


def find_person(kind: str, value: str) -> Person | None:
    found = PersonId.get_or_none((PersonId.kind == kind) & (PersonId.value == value))
    return (found.person.merged_into or found.person) if found else None


def numbered(value: str) -> list[int]:
    """The people who have an external number of whatever kind."""
    return sorted({one.person_id for one in PersonId.select().where(PersonId.value == value)})


def now(person: int) -> int:
    """Who a record is today: the one it was merged into, else itself; 0 for one that is not there."""
    return next((one.merged_into_id or one.id for one in Person.select().where(Person.id == person)), 0)


def office(kernel: Kernel, name: str, kind: str, attributes: Mapping[str, str]) -> str:
    """What a unit is called where somebody holds a post there: its own office where its data or its kind name one
    («Dinas Pendidikan Kabupaten …»), else its name."""
    return str(attributes.get("kantor") or kernel.trait("unit_kinds", kind, "kantor", "{nama}")).replace("{nama}", name)


def known(kernel: Kernel, persons: Iterable[int]) -> dict[int, tuple[dict[str, str], str, str]]:
    """External numbers, rank and jenjang jabatan of several people today, in words, by one statement; nothing of others."""
    wanted = list(persons)
    found: dict[int, tuple[dict[str, str], str, str]] = defaultdict(lambda: ({}, "", ""))
    for id, rank, level, kind, value in database.rows(
        "SELECT n.id, n.rank, n.level, i.kind, i.value FROM person n LEFT JOIN person_id i ON i.person_id = n.id "
        f"WHERE n.id IN ({','.join('?' * len(wanted)) or 'NULL'}) ORDER BY i.kind",
        *wanted,
    ):
        numbers = {kind: value} if kind else {}
        found[id] = ({**found[id][0], **numbers}, kernel.label("ranks", rank), kernel.label("post_levels", level))
    return found
