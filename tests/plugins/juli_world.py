"""The district of juli_story.py with its plans of the year, and how people of it sit at their pages."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from kinerja import cases, database, people
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Person, PersonId, Unit
from kinerja.testing import Player, add_person, set_date
from kinerja_office.periods import plan
from kinerja_web import create_app
from kinerja_work import worker
from tests.plugins.juli_copies import Copies
from tests.plugins.juli_story import HEAD, SCHOOLS, SINCE, TEACHER, One, Story
from tests.plugins.test_journey import RATING, agreed, rated

JUNE, JULY, CUT_OVER = date(2024, 6, 10), date(2024, 7, 3), date(2024, 7, 10)
FIRST, SECOND, YEAR = "s1", "s2", "tahun"
"""The parts of the year, as the scheme of 2024 calls them."""


class District:
    """Everything by the numbers of the story."""

    def __init__(self, kernel: Kernel, story: Story) -> None:
        self.kernel, self.story = kernel, story
        self.schools: dict[int, Unit] = {}
        self.copies = Copies()
        self.visitors: dict[int, Person] = {}
        self.app = create_app(kernel)
        set_date(kernel, JUNE)
        with database.proxy.atomic():
            self._office()
            for one in story.before.values():
                self._add(one)
        plan(kernel, kernel.host.registry.schemes["semester-2024"], 2024, self.unit)
        worker.run_once(kernel)
        self._plan_the_year()
        set_date(kernel, JULY)
        self._begin_july()

    def _office(self) -> None:
        top = people.add_unit("nasional", "Nasional", "nasional", None)
        province = people.add_unit("prov-uji", "Provinsi Uji", "provinsi", top)
        self.unit = people.add_unit("kab-uji", "Kabupaten Uji", "kabupaten", province)
        for n in range(SCHOOLS):
            self.schools[n] = people.add_unit(
                f"sd-{n}", f"SD Negeri {n:02d} Uji", "sd", self.unit, npsn=f"{70000000 + n}",
                attributes={"satuan": "negeri", "kecamatan": "Uji"},
            )  # fmt: skip
        self.chief, _ = self._official("Dinas Kepala", "kepala-dinas", self.unit)
        self.clerk, self.clerk_post = self._official("Dinas Admin", "admin-dinas", self.unit)
        for n, half in enumerate((range(30), range(30, SCHOOLS))):
            charge = [self.schools[one] for one in half]
            who = Person.create(name=f"Pengawas {n} Uji", sex="L", employment="pns")
            people.assign(who, "pengawas", self.unit, "definitif", SINCE, charge=charge)
            self.visitors |= dict.fromkeys(half, who)
        self.operators = {
            n: self._official(f"Operator {n:02d}", "operator-sekolah", one) for n, one in self.schools.items()
        }

    def _official(self, name: str, role: str, at: Unit) -> tuple[Person, Assignment]:
        return add_person(f"{name} Uji", role, at, "definitif", SINCE, sex="L", employment="pns")

    def _add(self, one: One) -> None:
        """Somebody as the file of January would have brought them."""
        about: dict[str, Any] = {"PNS": ("pns", "pns-iii-c", "guru-ahli-muda"), "PPPK": ("pppk", "", "")}
        employment, rank, level = about.get(one.work, ("non-asn", "", ""))
        row = one.row("2023")
        ids = {kind: row[kind] for kind in ("nip", "nuptk", "ptk_id") if row[kind]}
        add_person(
            one.name, one.role, self.schools[one.school], "definitif", SINCE, sex="P", born=date(1985, 3, 12),
            employment=employment, rank=rank, level=level, attributes={"jenis_ptk": "guru-kelas"}, ids=ids,
        )  # fmt: skip

    # --- the plans of the year ----------------------------------------------------------------------------------------

    def person(self, n: int) -> Person:
        found: Person = PersonId.get((PersonId.kind == "ptk_id") & (PersonId.value == f"ptk-{n:04d}")).person
        return found

    def cases(self, part: str, role: str) -> list[Case]:
        """The open cases of a part of the year, by unit and person; of the units' own where the role is empty."""
        query = (
            Case.select(Case, Unit)
            .join(Unit)
            .where((Case.part == part) & (Case.role == role) & Case.closed_at.is_null())
        )
        return list(query.order_by(Unit.id, Case.id))

    def _plan_the_year(self) -> None:
        """Everybody agreed the plan of the first half, and two of three were rated: the first of each sort by playing it."""
        for role in (TEACHER, HEAD):
            first, *others = self.cases(FIRST, role)
            who, head = Player(self.kernel, first.person.name), self._decides(first)
            agreed(first.id, who, head)
            self.copies.copy(first, others[::3])
            rated(first.id, RATING, "rating", head)
            self.copies.copy(first, [one for n, one in enumerate(others) if n % 3])
        worker.run_once(self.kernel)

    def _begin_july(self) -> None:
        """In half of the schools the second half has begun, and who works there agreed its plan."""
        begun, *others = self.cases(SECOND, "")
        head = self._decides(begun)
        head.hand_in(begun.id, "pembukaan", "mulai-periode", "serahkan")
        worker.run_once(self.kernel)
        half = {one.unit_id for one in others[::2]}
        self.copies.copy(begun, others[::2])
        for role in (TEACHER, HEAD):
            first, *others = self.cases(SECOND, role)
            agreed(first.id, Player(self.kernel, first.person.name), self._decides(first))
            self.copies.copy(first, [one for one in others if one.unit_id in half])
        worker.run_once(self.kernel)

    def _decides(self, case: Case) -> Player:
        held = cases.load(self.kernel, case.id).view.holders["memutuskan"]
        return Player(self.kernel, Person.get_by_id(held.person.id).name).through(held.role)


def files(district: District, school: int, listed: list[One], year: str) -> dict[str, bytes]:
    """The two answers of a school's Dapodik."""
    unit = district.schools[school]
    rows = [one.row(year) for one in listed]
    about = {
        "npsn": unit.npsn, "nama": unit.name, "bentuk_pendidikan_id_str": "SD", "status_sekolah_str": "Negeri",
        "kecamatan": "Kec. Uji",
    }  # fmt: skip
    told = {"sekolah": {"results": 1, "rows": about}, "gtk": {"results": len(rows), "rows": rows}}
    return {key: json.dumps(value).encode() for key, value in told.items()}
