"""Two records of one person become one: both side by side, what will be, what has to be chosen, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

from flask import Blueprint, Response, g
from werkzeug.exceptions import NotFound

import kinerja_read as read
from kinerja import access, days, forms, people
from kinerja.contracts import Field, Form, Json, Option, Problem, Refusal
from kinerja.sentences import say
from kinerja.units import UnitLine
from kinerja_office import endings, merging, requests, staff
from kinerja_office.merging import Question, Two
from kinerja_office.staff import Held
from kinerja_read import CaseLine, posts
from kinerja_web import choices, gate, once, session
from kinerja_web import forms as inputs
from kinerja_web.htmx import go, page, request
from kinerja_web.views.unit import the_unit
from kinerja_web.words import day_text

pages = Blueprint("merging", __name__)

FOUND = 20
"""How many people are listed of those a word finds."""
NUMBER, POST, CASE = "nomor-", "jabatan-", "kinerja-"
"""What the key of a field begins with, by what it asks."""
REASON, WHY, SURE = "berakhir", "alasan", "yakin"
STAYS, GOES = "dari catatan yang tetap", "dari catatan yang disatukan"
DONE = "Kedua catatan sudah menjadi satu."


Lines = tuple[list[CaseLine], list[CaseLine]]
"""The cases of the record that stays, and of the other."""


class Row(NamedTuple):
    """One line of the two records side by side."""

    label: str
    keep: list[str]
    gone: list[str]


@dataclass(frozen=True, slots=True)
class Tried:
    """What was sent and not taken, and why."""

    data: Mapping[str, Json]
    refusal: Refusal


@pages.get("/satuan/<int:id>/orang/<int:person>/satukan")
def show(id: int, person: int) -> Response:
    """Name the other record, then see both."""
    unit = the_unit(id, access.PEOPLE)
    other = inputs.whole(request.args.get("dengan", ""))
    text = request.args.get("cari", "").replace("\0", "").strip()[:100]
    exact = [one for one in people.numbered(text) if one != person] if text else []
    if other is None and len(exact) == 1:
        return go(f"{_url(unit, person)}?dengan={exact[0]}")
    return _search(unit, person, text) if other is None else _draw(unit, person, other)


@pages.post("/satuan/<int:id>/orang/<int:person>/satukan")
@once.done
def merge(id: int, person: int) -> Response:
    """Let the record of the form be the one of the page."""
    unit = the_unit(id, access.PEOPLE)
    other = inputs.whole(request.form.get("dengan", ""))
    if other is None:
        raise NotFound
    data = inputs.answers(request.form)
    try:
        _take(person, other, data)
    except Refusal as refusal:
        if refusal.code == "missing":
            raise
        return _draw(unit, person, other, Tried(data, refusal))
    return session.tell(go(f"/satuan/{id}/orang/{person}"), DONE)


def _take(person: int, other: int, data: Mapping[str, Json]) -> None:
    """Check what was sent, and let it be done."""
    kernel = gate.the_kernel()
    two = merging.look(kernel, g.viewer, person, other)
    clean, problems = forms.check(_form(two, _lines(two)), data)
    if problems:
        raise Refusal("incomplete", say("incomplete", n=len(problems)), problems)
    chosen = {one.key: str(clean[_key(one)]) for one in two.asked}
    ends = []
    for mine, theirs in _homes(two):
        stays = str(clean[f"{POST}{mine.id}-{theirs.id}"])
        kept, over = (mine, theirs) if stays == str(mine.id) else (theirs, mine)
        ends.append((over, _last(kept, over), str(clean[REASON])))
    try:
        merging.merge(kernel, g.viewer, person, other, chosen, str(clean[WHY]), ends)
    except Refusal as refusal:
        keys = {one.key: _key(one) for one in two.asked}
        found = tuple(Problem(keys.get(one.field, WHY), one.message) for one in refusal.problems)
        raise Refusal(refusal.code, refusal.sentence, found) from refusal


def _url(unit: UnitLine, person: int) -> str:
    return f"/satuan/{unit.id}/orang/{person}/satukan"


def _search(unit: UnitLine, person: int, text: str) -> Response:
    """Ask for the other record; without a word, those who are called the same are offered."""
    kernel = gate.the_kernel()
    try:
        one = merging.record(kernel, g.viewer, person)
    except Refusal as refusal:
        return _refused(unit, person, refusal)
    wide = read.unit(g.viewer, g.viewer.unit or 0, access.PEOPLE) or unit
    held = staff.held_below(g.viewer, wide, g.clock.today(wide.zone), text or one.person.name)
    found: dict[int, list[Held]] = {}
    for post in held:
        if post.person.id not in (person, g.viewer.person):
            found.setdefault(post.person.id, []).append(post)
    return page(
        "kinerja/satukan_cari.html", unit=unit, one=one, text=text, more=len(found) > FOUND,
        found=[(theirs[0].person, [_post(post) for post in theirs]) for theirs in list(found.values())[:FOUND]],
    )  # fmt: skip


def _refused(unit: UnitLine, person: int, refusal: Refusal) -> Response:
    """Say why two records cannot be merged, and where the one that stays is."""
    if refusal.code == "missing":
        raise refusal
    now = people.now(person)
    title = "Sudah menjadi satu" if refusal.code == "merged-already" else "Tidak dapat disatukan di sini"
    return page(
        "kinerja/satukan_tidak.html", status=422 if request.method == "POST" else 200, unit=unit, person=now, title=title,
        sentence=refusal.sentence,
    )  # fmt: skip


def _draw(unit: UnitLine, person: int, other: int, tried: Tried | None = None) -> Response:
    kernel = gate.the_kernel()
    try:
        two = merging.look(kernel, g.viewer, person, other)
    except Refusal as refusal:
        return _refused(unit, other if people.now(person) == person else person, refusal)
    lines = _lines(two)
    return page(
        "kinerja/satukan.html", status=422 if tried else 200, unit=unit, two=two, rows=list(_rows(two, lines)),
        form=_form(two, lines), will=list(_will(two, lines)), unlike=_unlike(two),
        data=tried.data if tried else {}, refusal=tried.refusal if tried else None,
        wrong=inputs.by_field(tried.refusal.problems) if tried else {},
    )  # fmt: skip


def _lines(two: Two) -> Lines:
    """The cases of each of both."""
    return read.cases_of(two.keep.person.id), read.cases_of(two.gone.person.id)


def _post(held: Held) -> str:
    """A post in one line: «Guru, SD Negeri 1, sejak 1 Juli 2019»."""
    label = people.role_label(gate.the_kernel(), held.role, held.kind, held.unit.kind)
    until = f" sampai {day_text(held.until)}" if held.until else ""
    return f"{label}, {held.unit.name}, sejak {day_text(held.since)}{until}"


def _far(one: CaseLine) -> str:
    """How far a case is, without what a result says."""
    done = [stage.name for stage in one.stages if stage.kind == "selesai"]
    where = f"selesai: {', '.join(done)}" if done else "belum ada yang selesai"
    return f"{'tertutup' if one.closed else 'terbuka'}, {where}"


def _rows(two: Two, lines: Lines) -> Iterator[Row]:
    """Both records, line by line."""
    both = (two.keep, two.gone)

    def row(label: str, *texts: list[str]) -> Row:
        return Row(label, *(found or ["tidak ada"] for found in texts))

    yield row("Nama", *([one.person.full_name] for one in both))
    yield row("Tanggal lahir", *([day_text(one.born)] if one.born else [] for one in both))
    for kind in sorted({**two.keep.numbers, **two.gone.numbers}):
        yield row(kind.upper(), *([one.numbers[kind]] if kind in one.numbers else [] for one in both))
    yield row("Jabatan", *([_post(held) for held in one.posts] for one in both))
    yield row("Kinerja", *([f"{one.period}, {one.unit}, {_far(one)}" for one in theirs] for theirs in lines))


def _will(two: Two, lines: Lines) -> Iterator[str]:
    """What moves by itself, in sentences."""
    moved = [kind.upper() for kind in two.gone.numbers if kind not in two.keep.numbers]
    if moved:
        yield f"{', '.join(moved)} pindah ke catatan yang tetap."
    for mine, theirs in two.same:
        label = people.role_label(gate.the_kernel(), mine.role, mine.kind, mine.unit.kind)
        first = day_text(min(mine.since, theirs.since))
        yield f"{label} di {mine.unit.name} tercatat dua kali. Menjadi satu, sejak {first}."
    same = {theirs.id for _, theirs in two.same}
    yield from (f"{_post(held)}: pindah ke catatan yang tetap." for held in two.gone.posts if held.id not in same)
    if lines[1]:
        yield f"{len(lines[1])} kinerja pindah ke catatan yang tetap, dengan semua isinya."
    yield "Nama, tanggal lahir, dan data lain mengikuti catatan yang tetap. Yang kosong diisi dari yang satu lagi."
    yield "Bukti, tanggapan, permintaan, kedudukan, tanda tangan, dan cara masuknya ikut pindah."
    yield "Yang sudah dicetak dan yang sudah dikirim ke luar tidak berubah."


def _unlike(two: Two) -> bool:
    """Whether names and birth dates both say that these are two people."""
    names = {people.plain(one.person.name) for one in (two.keep, two.gone)}
    born = {one.born for one in (two.keep, two.gone) if one.born}
    return len(names) > 1 and len(born) > 1


def _homes(two: Two) -> list[tuple[Held, Held]]:
    """The posts at home of which one has to end: both hold today or later, on a day in common."""
    kernel = gate.the_kernel()

    def home(held: Held) -> bool:
        lasts = not days.over(held.until, g.clock.today(held.unit.zone))
        return held.home and lasts and posts.is_post(kernel, held.role, held.kind)

    pairs = product(filter(home, two.keep.posts), filter(home, two.gone.posts))
    return [pair for pair in pairs if pair not in two.same and merging.meet(*pair)]


def _last(stays: Held, over: Held) -> date:
    """The last day of a post that does not stay: before the other begins; one that began no earlier never held."""
    return (stays.since if over.since < stays.since else over.since) - timedelta(days=1)


def _key(one: Question) -> str:
    return f"{CASE if one.cases else NUMBER}{one.key}"


def _form(two: Two, lines: Lines) -> Form:
    """What has to be chosen, why, and that it is meant."""
    cases = {one.case: one for one in (*lines[0], *lines[1])}
    fields = [_number(one) for one in two.asked if not one.cases]
    homes = _homes(two)
    for mine, theirs in homes:
        options = (Option(str(mine.id), _post(mine), STAYS), Option(str(theirs.id), _post(theirs), GOES))
        fields.append(
            Field(f"{POST}{mine.id}-{theirs.id}", "Jabatan induk mana yang masih dipegang?", "one", required=True,
                  options=options, help="Yang lain berakhir sehari sebelum jabatan ini mulai.")
        )  # fmt: skip
    if homes:
        fields.append(Field(REASON, "Mengapa jabatan yang lain berakhir?", "one", required=True, options=_reasons()))
    fields += [_counts(one, cases) for one in two.asked if one.cases]
    fields += [
        Field(WHY, "Alasan disatukan", "longtext", required=True, most=requests.LONGEST,
              help="Dicatat di riwayat setiap sekolahnya. Misalnya: dua baris dengan NIP yang sama."),
        Field(SURE, "Ya, keduanya satu orang", "check", required=True, help="Tidak dapat dibatalkan."),
    ]  # fmt: skip
    return Form("Satukan", tuple(fields))


def _reasons() -> tuple[Option, ...]:
    """Why a post ends of somebody who goes on in another; every reason where none says that."""
    known = endings.reasons(gate.the_kernel())
    fitting = [one for one in known if one.data.get(choices.CHANGES)]
    return tuple(Option(one.id, one.label) for one in fitting or known)


def _number(one: Question) -> Field:
    options = (Option(one.mine, one.mine, STAYS), Option(one.theirs, one.theirs, GOES))
    return Field(_key(one), f"{one.key.upper()} mana yang benar?", "one", required=True, options=options)


def _counts(one: Question, cases: Mapping[str, CaseLine]) -> Field:
    """Which of two cases of a part of the year counts."""
    both = [(cases.get(id), whose) for id, whose in ((one.mine, STAYS), (one.theirs, GOES))]
    options = tuple(Option(line.case, line.unit, f"{_far(line)}, {whose}") for line, whose in both if line)
    period = next((line.period for line, _ in both if line), "")
    return Field(
        _key(one), f"{period}: kinerja mana yang dihitung?", "one", required=True, options=options,
        help="Biasanya yang di tempat jabatan induknya. Yang lain ditutup tanpa dihitung, isinya tetap dapat dibaca.",
    )  # fmt: skip


def way_on(twins: list[Json], unit: UnitLine) -> tuple[str, str]:
    """What an import says of a row whose numbers lead to two records: the page that merges them, or why not here."""
    kernel = gate.the_kernel()
    first, second = (int(str(one)) for one in twins[:2])
    why = ""
    for keep, gone in ((first, second), (second, first)):  # one without any post cannot be the one that stays
        try:
            merging.look(kernel, g.viewer, keep, gone)
        except Refusal as refusal:
            why = "" if refusal.code == "missing" else refusal.sentence
        else:
            return f"{_url(unit, keep)}?dengan={gone}", ""
    return "", why
