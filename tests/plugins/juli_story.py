"""Who works where in a district of 60 small schools, in June and after the July in which everything changes at once.

Drawn by a seed, so that the same seed tells the same story; juli_world.py builds it and test_juli.py lives it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

SCHOOLS = 60
HEAD, TEACHER, STAFF = "kepala-sekolah", "guru", "tendik"
SINCE = date(2020, 1, 6)
TMT = date(2024, 7, 8)
"""The day in every new letter, a Monday."""
HONORARY, ASN = "GTT/PTT Kab/Kota", ("PNS", "PNS", "PPPK")
TRANSFERS = 40


@dataclass(frozen=True)
class One:
    """Somebody as a school's Dapodik knows them: where, as what, how employed, by a letter of which day."""

    n: int
    school: int
    role: str
    work: str = "PNS"
    kind: str = "Guru Kelas"
    letter: date | None = SINCE
    home: bool = True
    titled: str = ""

    @property
    def name(self) -> str:
        return f"{'Kepala' if self.n < SCHOOLS else 'Guru'} {self.n:03d} Uji"

    def row(self, year: str) -> dict[str, Any]:
        """The row of getGtk; a head often stays a teacher in jenis_ptk and is head in jabatan_ptk alone."""
        kind = {TEACHER: self.kind, HEAD: "Guru Kelas", STAFF: "Tenaga Administrasi"}[self.role]
        return {
            "tahun_ajaran_id": year, "ptk_id": f"ptk-{self.n:04d}", "ptk_induk": "1" if self.home else "0",
            "tanggal_surat_tugas": self.letter.isoformat() if self.letter else None, "nama": self.name.upper(),
            "jenis_kelamin": "P", "tanggal_lahir": "1985-03-12", "nuptk": f"77{self.n:014d}", "jenis_ptk_id_str": kind,
            "jabatan_ptk_id_str": "Kepala Sekolah" if self.role == HEAD else self.titled or None,
            "status_kepegawaian_id_str": self.work, "pangkat_golongan_terakhir": "III/c" if self.work == "PNS" else None,
            "nip": None if self.work == HONORARY else f"19850312201001{self.n:04d}",
        }  # fmt: skip


@dataclass
class Story:
    """What changes, by the numbers of people and schools. `answers` is what is to be answered where a file asks: why the
    own post ends, and why that of another who holds the new one. What a file says beside it is stale and stays as it is."""

    before: dict[int, One] = field(default_factory=dict)
    after: dict[int, One] = field(default_factory=dict)
    listed: dict[int, list[One]] = field(default_factory=dict)
    answers: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    plt: dict[int, int] = field(default_factory=dict)
    ended: dict[int, str] = field(default_factory=dict)
    stepped_down: dict[int, int] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    promoted: set[int] = field(default_factory=set)
    confirmed: dict[int, str] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)
    staff: set[int] = field(default_factory=set)

    def school(self, n: int) -> int:
        return self.before[n].school

    def becomes(self, n: int, school: int, role: str, why: str, other: str = "", letter: date | None = TMT) -> None:
        """Somebody's new post, which their new school's file says and somebody has to settle."""
        self.after[n] = replace(self.after[n], school=school, role=role, letter=letter)
        self.answers[school, self.after[n].name] = (why, other)

    def teachers(self, school: int) -> list[int]:
        """Those who teach at a school before and after, of whom nothing is told yet."""
        return [
            n for n, one in self.before.items()
            if one.school == school and one.role == TEACHER and self.after.get(n) == one and n not in self.plt.values()
        ]  # fmt: skip


def tell(seed: int) -> Story:
    draw, story = random.Random(seed), Story()
    _people(story, draw)
    order = draw.sample(range(SCHOOLS), SCHOOLS)
    merged, into, plt, led, swapped, vacant, last, rest = (
        order[:3], order[3:6], order[6:11], order[11:21], order[21:23], order[23], order[24], order[25:],
    )  # fmt: skip
    story.merged = dict(zip(merged, into, strict=True))
    _promote(story, draw, led, vacant, rest)
    _rotate(story, swapped, merged, last)
    _leave(story, draw, plt, rest)
    _transfer(story, draw, merged)
    for school, target in story.merged.items():
        for n in story.teachers(school):
            story.after[n] = replace(story.after[n], school=target, letter=TMT)
    _change(story, draw, [n for school in rest for n in story.teachers(school)])
    _list(story, draw, rest)
    return story


def _people(story: Story, draw: random.Random) -> None:
    count = SCHOOLS
    for school in range(SCHOOLS):
        story.before[school] = One(school, school, HEAD)
    for school in range(SCHOOLS):
        for _ in range(draw.choice((3, 3, 3, 3, 3, 4, 5))):
            story.before[count] = One(count, school, TEACHER, draw.choice((*ASN, HONORARY)))
            count += 1
    story.after = dict(story.before)


def _promote(story: Story, draw: random.Random, led: list[int], vacant: int, rest: list[int]) -> None:
    """Ten teachers become heads: of their own school or another, of one who retires, moves on or steps down."""
    for place, school in enumerate(led):
        own = place in (0, 1, 2, 3, 9)
        chosen = draw.choice([n for one in ([school] if own else rest) for n in story.teachers(one)])
        other = {8: "mutasi", 9: "lainnya"}.get(place, "pensiun")
        story.becomes(chosen, school, HEAD, "promosi", other)
        story.promoted.add(chosen)
        if other == "pensiun":
            story.gone.add(school)
    story.becomes(led[8], vacant, HEAD, "mutasi", "pensiun")
    story.gone.add(vacant)
    story.becomes(led[9], led[9], TEACHER, "lainnya")


def _rotate(story: Story, swapped: list[int], merged: list[int], last: int) -> None:
    """Two heads change places; of the heads of schools that are merged one retires, one leads another, one teaches."""
    for one, other in (swapped, swapped[::-1]):
        story.becomes(one, other, HEAD, "mutasi", "mutasi")
    story.ended[merged[0]] = "pensiun"
    story.becomes(merged[1], last, HEAD, "mutasi", "pensiun")
    story.gone |= {merged[0], last}
    story.stepped_down[merged[2]] = target = story.merged[merged[2]]
    story.after[merged[2]] = replace(story.before[merged[2]], school=target, role=TEACHER, letter=TMT)


def _leave(story: Story, draw: random.Random, schools: list[int], rest: list[int]) -> None:
    """Five heads are gone, and a teacher of the school, a head or a teacher of another acts for them."""
    near = draw.sample([one for one in rest if story.teachers(one)], 3)
    own, theirs = [draw.choice(story.teachers(one)) for one in schools[:2]], draw.choice(story.teachers(near[2]))
    acting = [*own, near[0], near[1], theirs]
    for school, why, n in zip(
        schools, ("pensiun", "pensiun", "meninggal", "pensiun", "pindah-instansi"), acting, strict=True
    ):
        story.ended[school], story.plt[school] = why, n
        story.gone.add(school)


def _transfer(story: Story, draw: random.Random, merged: list[int]) -> None:
    """Forty teachers go to another school, some out of a school that is merged; each school keeps one at least."""
    targets = [one for one in range(SCHOOLS) if one not in merged]
    first = [story.teachers(school)[0] for school in merged[:2]]
    others = [n for n in story.before if n in story.teachers(story.school(n)) and n not in first]
    for n in [*first, *draw.sample(others, len(others))]:
        left = len(story.teachers(story.school(n)))
        if len(story.moved) == TRANSFERS:
            return
        if left > 1 or n in first:
            into = story.merged.get(story.school(n))
            target = draw.choice([one for one in targets if one not in (story.school(n), into)])
            story.becomes(n, target, TEACHER, "mutasi", letter=draw.choice((TMT, TMT, TMT, None, SINCE)))
            story.moved.add(n)


def _change(story: Story, draw: random.Random, stay: list[int]) -> None:
    """Values that wait for a word, three teachers who become staff of their school, and people nobody knew."""
    honorary = [n for n in stay if story.after[n].work == HONORARY]
    for n in draw.sample(honorary, min(6, len(honorary))):
        story.after[n] = replace(story.after[n], work="PPPK")
        story.confirmed[n] = "pegawai"
    left = [n for n in stay if n not in story.confirmed]
    for n in draw.sample(left, 12):
        if len(story.staff) < 3:
            story.becomes(n, story.school(n), STAFF, "lainnya")
            story.staff.add(n)
        else:
            story.after[n] = replace(story.after[n], kind="Guru Mapel")
            story.confirmed[n] = "jenis_ptk"
    for n in sorted(n for n in story.moved if story.after[n].work == HONORARY)[:3]:
        story.after[n] = replace(story.after[n], work="PPPK")
    for n in range(len(story.before), len(story.before) + 6):
        story.after[n] = One(n, story.school(draw.choice(stay)), TEACHER, "PPPK", letter=TMT)
        story.new.add(n)


def _list(story: Story, draw: random.Random, rest: list[int]) -> None:
    """What each school's Dapodik lists: those who work there, but who is missing for some weeks of the cut-over; and who
    left and is still there, at home or as a guest, by the old letter or a new one."""
    here = [one for n, one in story.after.items() if n not in story.gone]
    story.listed = {school: [one for one in here if one.school == school] for school in range(SCHOOLS)}
    for school in draw.sample(rest, 3):
        story.listed[school] = [
            one for one in story.listed[school] if one != story.before.get(one.n) or one.role == HEAD
        ]
    for school in draw.sample(rest, 6):
        same = [one for one in story.listed[school] if one == story.before.get(one.n) and one.role == TEACHER]
        story.listed[school] = [one for one in story.listed[school] if one not in same[:1]]
    for n in draw.sample([n for n in sorted(story.moved) if story.after[n].work == story.before[n].work], 18):
        old = story.before[n]
        stale = draw.choice((old, replace(old, home=False), replace(old, home=False, letter=TMT)))
        story.listed[old.school].append(stale)
    for school, n in story.plt.items():
        if story.school(n) == school:
            told = [replace(one, titled="Plt. Kepala Sekolah") if one.n == n else one for one in story.listed[school]]
            story.listed[school] = told
