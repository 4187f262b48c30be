"""What may be entered about who holds what, as forms, and what to do with their checked answers.

All options come from the reference lists; the web knows no role, kind or reason by its id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import g

import kinerja_read as read
from kinerja import access, days, people
from kinerja.contracts import Field, Form, Json, Option, Problem, Refusal
from kinerja.units import UnitLine
from kinerja_office import endings, profiles, requests, staff, values
from kinerja_office.staff import Employee, Held
from kinerja_web import gate

PAPER = "SK atau Surat Tugas (nomor dan tanggal)"

Values = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may be entered, as a form, and what to do with its checked answers."""

    id: str
    form: Form
    run: Callable[[Values], date]
    submit: str


def day(value: Json) -> date:
    """A day as a checked answer gives it."""
    return date.fromisoformat(str(value))


def acts(unit: UnitLine, person: Employee, held: list[Held]) -> list[Act]:
    """What may be entered about a person now; nothing about oneself, which the kernel refuses."""
    if person.id == g.viewer.person:
        return []
    today = g.clock.today(unit.zone)
    current = [one for one in held if not days.over(one.until, today)]
    found = [_confirming(one, unit, person) for one in profiles.waiting(gate.the_kernel(), g.viewer, person.id)]
    found.append(_acting(unit, person))
    if current:
        found += [_ending(current), _moving(unit, current)]
    ended = [one for one in held if one.ended_as and not _is_acting(one.kind)]
    if ended:
        found.append(_resuming(ended))
    home = home_of(person, held)
    if home is not None and g.viewer.may(access.PEOPLE, home.line):
        found.append(_condition(person))
    return found


def home_of(person: Employee, held: list[Held]) -> UnitLine | None:
    """Where a person is at home: at the post that is shown where it is one, else wherever the data say."""
    shown = [one.unit for one in held if one.home and days.holds(one.since, one.until, g.clock.today(one.unit.zone))]
    return shown[0] if shown else staff.home_of(gate.the_kernel(), person.id)


def data_acts(person: Employee, held: list[Held], known: list[read.Known]) -> list[Act]:
    """What may be entered about each value of a person, by those who keep their home; nothing about oneself."""
    home = home_of(person, held)
    if home is None or person.id == g.viewer.person or not g.viewer.may(access.PEOPLE, home.line):
        return []
    return [_valuing(one, home, person) for one in known]


def data_act(field: str) -> str:
    """The id of the form that enters a value."""
    return f"data-{field.replace('_', '-')}"


def _valuing(one: read.Known, home: UnitLine, person: Employee) -> Act:
    """Enter a value with its day: it had always been so, or it changed."""
    a = data_act(one.field)
    options = _options(one.options) if one.options else ()
    how = (
        Option(read.WRONG, "Salah tulis", "Seharusnya begini sejak semula. SKP yang sudah disepakati mendapat edisi baru "
               "yang menyebut nilai semula."),
        Option(read.CHANGED, "Berubah", "Sejak TMT yang Anda isi. SKP yang sudah disepakati tetap seperti saat "
               "disepakati; sesudah TMT dipakai yang baru."),
    )  # fmt: skip
    form = Form(
        f"Ubah {one.label}",
        (
            Field(f"{a}-nilai", one.label, "one" if options else "text", required=one.needed, options=options, most=200,
                  value=one.raw),
            Field(f"{a}-cara", "Mengapa diubah?", "one", required=True, options=how),
            Field(f"{a}-tmt", "Terhitung mulai tanggal (TMT)", "date", help="Isi bila berubah."),
            _paper(a),
        ),
    )  # fmt: skip

    def run(v: Values) -> date:
        since = day(v["tmt"]) if v.get("tmt") else None
        values.enter(
            gate.the_kernel(), g.viewer, person, one.field, str(v.get("nilai") or ""), str(v["cara"]), since, str(v["sk"]),
            g.clock.now(),
        )  # fmt: skip
        today: date = g.clock.today(home.zone)
        return since if since and v["cara"] == read.CHANGED else today

    return Act(a, form, run, "Catat")


def _paper(act: str, required: bool = True) -> Field:
    return Field(f"{act}-sk", PAPER, "text", required=required, most=300)


def _options(kind: str, fits: Callable[[str], bool] = lambda id: True) -> tuple[Option, ...]:
    """A reference list as options; the web knows none of its ids."""
    content = gate.the_kernel().references.get(kind)
    return tuple(Option(one.id, one.label) for one in (content.entries if content else ()) if fits(one.id))


def _roles(unit: UnitLine) -> tuple[Option, ...]:
    """The roles this visitor may give at a unit and below: none that allows more than their own."""
    kernel = gate.the_kernel()

    def fitting(id: str) -> bool:
        return people.permissions(kernel, id) <= g.viewer.permissions and staff.fits(kernel, id, unit)

    return _options("roles", fitting)


def _is_acting(kind: str) -> bool:
    return people.acting(gate.the_kernel(), kind)


def _confirming(value: profiles.Waiting, unit: UnitLine, person: Employee) -> Act:
    """Take a value that the data changed, and that may decide who takes part, into the cases that wait for it."""
    a = f"pasti-{value.field.replace('_', '-')}"
    form = Form(
        f"Pastikan {value.label}: {value.old or 'belum ada'} menjadi {value.new or 'kosong'}",
        (_paper(a),),
        intro="Kinerjanya berjalan seperti semula sampai ini dipastikan. Sesudahnya keikutsertaan, isi, dan penilainya "
        "dihitung lagi. Yang sudah ditulis tetap ada. Bila datanya salah, perbaiki di sumbernya lalu impor lagi.",
    )  # fmt: skip

    def run(v: Values) -> date:
        profiles.confirm(gate.the_kernel(), g.viewer, person.id, value.field, str(v["sk"]), g.clock.now())
        today: date = g.clock.today(unit.zone)
        return today

    return Act(a, form, run, "Pastikan")


def _acting(unit: UnitLine, person: Employee) -> Act:
    kernel, a = gate.the_kernel(), "angkat"
    acting = _options("assignment_kinds", _is_acting)
    where = Field(f"{a}-ke", "Di satuan mana?", "text", required=True, most=200, value=unit.npsn or unit.code,
                  help="NPSN, kode, atau nama.")  # fmt: skip
    form = Form(
        "Catat Plt. (Pelaksana Tugas) atau Plh. (Pelaksana Harian)",
        (
            Field(f"{a}-jenis", "Jenis penugasan", "one", required=True, options=acting),
            Field(f"{a}-peran", "Sebagai", "one", required=True, options=_roles(unit)),
            where,
            Field(f"{a}-tmt", "Terhitung mulai tanggal (TMT)", "date", required=True),
            Field(f"{a}-sampai", "Sampai tanggal", "date", required=True),
            _paper(a),
        ),
    )

    def run(v: Values) -> date:
        since = day(v["tmt"])
        at = _unit_named(str(v["ke"]), f"{a}-ke")
        staff.appoint(
            kernel, g.viewer, person, str(v["peran"]), str(v["jenis"]), at, since, day(v["sampai"]), str(v["sk"])
        )
        return since

    return Act(a, form, run, "Catat")


def _choice(act: str, current: list[Held]) -> Field:
    """Which of the assignments that hold; the only one is chosen already."""
    kernel = gate.the_kernel()
    options = tuple(
        Option(str(one.id), people.role_label(kernel, one.role, one.kind, one.unit.kind), one.unit.name)
        for one in current
    )
    first = options[0].id if len(options) == 1 else ""
    return Field(f"{act}-penugasan", "Penugasan", "one", required=True, options=options, value=first)


def _ending(current: list[Held]) -> Act:
    a = "akhir"
    form = Form(
        "Catat tanggal berakhir",
        (
            _choice(a, current),
            Field(f"{a}-sampai", "Hari terakhir", "date", required=True),
            Field(f"{a}-alasan", "Alasan", "one", required=True, options=_options(endings.REASONS)),
            _paper(a, required=False),
        ),
    )

    def run(v: Values) -> date:
        held = next(one for one in current if str(one.id) == v["penugasan"])
        last = day(v["sampai"])
        staff.end(gate.the_kernel(), g.viewer, held, last, str(v["alasan"]), str(v.get("sk") or ""))
        return last

    return Act(a, form, run, "Catat")


def _resuming(ended: list[Held]) -> Act:
    """Take back a last day that was entered by mistake. An acting post always has one, so it is not offered."""
    a = "batal"
    form = Form(
        "Batalkan tanggal berakhir",
        (
            _choice(a, ended),
            Field(f"{a}-sk", "Mengapa dibatalkan?", "longtext", required=True, most=requests.LONGEST,
                  help="Penugasan ini menjadi tanpa tanggal berakhir. Kinerja yang tertutup karenanya dibuka lagi."),
        ),
    )  # fmt: skip

    def run(v: Values) -> date:
        held = next(one for one in ended if str(one.id) == v["penugasan"])
        staff.resume(gate.the_kernel(), g.viewer, held, str(v["sk"]))
        today: date = g.clock.today(held.unit.zone)
        return today

    return Act(a, form, run, "Batalkan tanggal berakhir")


def _moving(unit: UnitLine, current: list[Held]) -> Act:
    a = "pindah"
    roles = _roles(unit)
    same = current[0].role if any(one.id == current[0].role for one in roles) else ""
    form = Form(
        "Catat mutasi atau promosi",
        (
            _choice(a, current),
            Field(f"{a}-ke", "Satuan tujuan", "text", required=True, most=200, help="NPSN, kode, atau nama."),
            Field(f"{a}-peran", "Sebagai", "one", required=True, options=roles, value=same),
            Field(f"{a}-tmt", "Terhitung mulai tanggal (TMT)", "date", required=True),
            Field(f"{a}-sampai", "Sampai tanggal", "date",
                  help="Bila SK menyebut akhirnya, misalnya masa tugas Kepala Sekolah. Kosongkan bila tidak."),
            Field(f"{a}-alasan", "Alasan", "one", required=True, options=_options(endings.REASONS)),
            _paper(a),
        ),
    )  # fmt: skip

    def run(v: Values) -> date:
        held = next(one for one in current if str(one.id) == v["penugasan"])
        since, to = day(v["tmt"]), _unit_named(str(v["ke"]), f"{a}-ke")
        until = day(v["sampai"]) if v.get("sampai") else None
        staff.transfer(
            gate.the_kernel(), g.viewer, held, to, str(v["peran"]), since, str(v["alasan"]), str(v["sk"]), until
        )
        return since

    return Act(a, form, run, "Catat")


def _condition(person: Employee) -> Act:
    a = "kondisi"
    form = Form(
        "Catat kedudukan",
        (
            Field(f"{a}-alasan", "Kedudukan", "one", required=True, options=_options("conditions")),
            Field(f"{a}-tmt", "Sejak", "date", required=True),
            Field(f"{a}-sampai", "Sampai", "date", help="Kosongkan bila belum diketahui."),
            Field(f"{a}-sk", "SK atau keterangan", "text", most=requests.LONGEST),
        ),
    )

    def run(v: Values) -> date:
        since = day(v["tmt"])
        until = day(v["sampai"]) if v.get("sampai") else None
        staff.set_standing(gate.the_kernel(), g.viewer, person, str(v["alasan"]), since, until, str(v.get("sk") or ""))
        return since

    return Act(a, form, run, "Catat")


def merging(unit: UnitLine) -> Act:
    """Let all people of a school go on at another one."""
    a = "gabung"
    form = Form(
        "Gabungkan sekolah",
        (
            Field(f"{a}-ke", "Digabung ke", "text", required=True, most=200, help="NPSN, kode, atau nama."),
            Field(f"{a}-tmt", "Terhitung mulai tanggal (TMT)", "date", required=True),
            Field(f"{a}-alasan", "Alasan", "one", required=True, options=_options(endings.REASONS)),
            _paper(a),
            Field(
                f"{a}-yakin", f"Ya, semua orang di {unit.name} pindah ke sana sejak tanggal itu", "check",
                required=True, help="Yang sudah dicetak tetap memakai nama sekolah saat itu.",
            ),
        ),
    )  # fmt: skip

    def run(v: Values) -> date:
        since, into = day(v["tmt"]), _unit_named(str(v["ke"]), f"{a}-ke")
        if into.id == unit.id:
            raise Refusal("same", "", (Problem(f"{a}-ke", "Pilih sekolah lain. Ini sekolah yang sama."),))
        moved = staff.merge(gate.the_kernel(), g.viewer, unit, into, since, str(v["alasan"]), str(v["sk"]))
        if not moved:
            raise Refusal("none", "", (Problem(f"{a}-ke", f"Tidak ada lagi orang yang berinduk di {unit.name}."),))
        return since

    return Act(a, form, run, "Gabungkan sekolah")


def _unit_named(text: str, field: str) -> UnitLine:
    """The unit of an NPSN or code, else the only one with that in its name among those this visitor keeps."""
    found = read.units_named(g.viewer, text)
    if len(found) == 1:
        return found[0]
    named = ", ".join(f"{one.name} ({one.npsn or one.code})" for one in found[:5])
    why = (
        f"Ada beberapa yang cocok: {named}. Tulis NPSN atau kodenya."
        if found
        else "Tidak ada satuan dengan NPSN, kode, atau nama itu. Periksa tulisannya."
    )
    raise Refusal("unit", why, (Problem(field, why),))
