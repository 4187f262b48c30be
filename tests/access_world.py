"""A small world in which somebody stands in every row of the table of access, for tests of the kernel and of routes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest

from kinerja import (
    Fact,
    FactSpec,
    Field,
    Form,
    Option,
    StageProjection,
    Step,
    StepProjection,
    cases,
    hookimpl,
    notes,
)
from kinerja.access import (
    ARRANGES,
    DECIDES,
    IMPORT,
    NONE_AT_ALL,
    OBSERVES,
    OWN,
    PEOPLE,
    PERIODS,
    PLUGINS,
    PROVIDES,
    READ_CONTENTS,
    READ_RESULTS,
    READ_STATES,
    RECOMMENDS,
    SAME_UNIT,
    Viewer,
)
from kinerja.contracts import EvidenceHandler
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Identity, Person, PersonId, Relation
from kinerja.testing import Player, add_person, case_of, manifest, person, unit, viewer
from kinerja_office import aftermath, endings
from kinerja_web import Login
from kinerja_work import evidence
from tests import busy, small
from tests.kept import kept

SINCE, DAY = date(2029, 7, 1), date(2030, 1, 15)
RELATIONS = {
    DECIDES: "memutuskan",
    RECOMMENDS: "menyarankan",
    OBSERVES: "mengamati",
    PROVIDES: "menyediakan",
    ARRANGES: "menata",
}
ROLES = {
    RECOMMENDS: "penyaran", OBSERVES: "pengamat", PROVIDES: "penyedia", ARRANGES: "penata", READ_STATES: "baca-keadaan",
    READ_RESULTS: "baca-hasil", READ_CONTENTS: "baca-isi", PLUGINS: "jaga-plugin", IMPORT: "jaga-impor",
    PEOPLE: "jaga-orang", PERIODS: "jaga-periode",
}  # fmt: skip
NAMES = {row: f"{role.title().replace('-', ' ')} Contoh" for row, role in ROLES.items()}
ENDED, ELSEWHERE, KEEPER_ELSEWHERE = "a post that ended yesterday", "another branch", "keeper of another branch"
STATES = {
    "belum": "Ani Contoh", "draf": "Fani Contoh", "diajukan": "Eka Contoh", "jadi": "Gani Contoh", "dinilai": "Hani Contoh",
    "ditutup": "Iman Contoh",
}  # fmt: skip
"""Whose case is how far: the last was ended early, without a note."""
STORY, RESULT, NUMBER, NOTE = "Rahasia cerita", "Hasil uji baik", "199001012020121001", "Rahasia tanggapan"
PHOTO, CLOSING = "Rahasia bukti", "Catatan penutup uji"
"""What stands in the contents, in a result and in the data of a person, and nowhere else."""

SCHEME = (
    busy.SCHEME.replace(
        'menyarankan = ["regu @ ditunjuk"]',
        "\n".join(f'{kind} = ["{ROLES[row]} @ satuan"]' for row, kind in RELATIONS.items() if row in ROLES),
    )
    .replace('penutup = ["memutuskan"]', 'penutup = ["memutuskan"]\npenata = "menata"')
    .replace('penyedia = "pegawai"', 'penyedia = "menyediakan"')
    .replace('langkah = ["pilih", "cerita"]', 'langkah = ["pilih", "cerita", "saran", "data"]')
)


def _graded(context: Any, data: Any) -> StepProjection:
    return StepProjection((), (Fact("nilai", data.get("nilai"), RESULT),))


def _looked(context: Any) -> StageProjection:
    found = context.facts.get("nilai")
    if found is None:
        return small._looking(context)
    return StageProjection(state=replace(context.state, label=f"Nilai: {found.label}"))


def _data(context: Any) -> Form:
    return Form("Data", (Field("data", "Data", "one", options=(Option("a", "A"),)),))


class Town(busy.Busy):
    """The plugin object: besides the busy world a step of who recommends, one nobody may adjust, evidence of others."""

    @hookimpl
    def register_stages(self) -> list[Any]:
        writing, looking, team = super().register_stages()
        return [
            replace(writing, gives=(FactSpec("tulis.jadi", "tulisan jadi", about="state"),)),
            replace(looking, project=_looked), team,
        ]  # fmt: skip

    @hookimpl
    def register_steps(self) -> list[Any]:
        gives = (FactSpec("nilai", "nilai", about="result"),)
        changes: dict[str, dict[str, Any]] = {
            "cerita": {"readers": ("memutuskan", "mengamati")},
            "pilih": {"readers": ("memutuskan", "menyarankan")},
            "nilai": {"project": _graded, "gives": gives},
        }
        steps = [replace(step, **changes.get(step.id, {})) for step in super().register_steps()]
        return [
            *steps,
            Step("saran", "Saran", "menyarankan", _data, readers=("memutuskan",)),
            Step("data", "Data", "pegawai", _data, readers=("memutuskan",), together=True),
        ]

    @hookimpl
    def register_evidence_handlers(self) -> list[EvidenceHandler]:
        def form(slot: Any) -> Form:
            return Form("Bukti", (Field("isi", "Isi", "text", required=True),))

        return [EvidenceHandler("sederhana", "Sederhana", form, lambda *_: (), lambda data: str(data["isi"]))]


class Door:
    """Signs anybody in by name."""

    @hookimpl
    def register_login(self) -> Login:
        return Login("pintu", "Pintu uji", lambda: (), lambda answers: ("uji", str(answers.get("akun"))))


@dataclass
class World:
    """The kernel, its cases by state, and who reads them."""

    kernel: Kernel
    cases: dict[str, str]
    roles: dict[str, str] = field(default_factory=dict)

    def name(self, who: str, state: str) -> str:
        """Who stands so to the case of a state."""
        plain = {
            OWN: STATES[state], DECIDES: "Budi Contoh", SAME_UNIT: "Joni Contoh", NONE_AT_ALL: "Dedi Contoh",
            ELSEWHERE: "Cici Contoh", ENDED: "Lama Contoh", KEEPER_ELSEWHERE: "Jauh Contoh",
        }  # fmt: skip
        return plain.get(who) or NAMES[who]

    def role(self, who: str) -> str:
        """Through which role; empty as an employee."""
        return {
            DECIDES: "pembina", ELSEWHERE: "pembina", ENDED: "pembina", KEEPER_ELSEWHERE: "jaga-orang",
        }.get(who) or ROLES.get(who, "")  # fmt: skip

    def viewer(self, who: str, state: str) -> Viewer:
        name, role = self.name(who, state), self.role(who)
        if not role:
            return viewer(self.kernel, name)
        held = Assignment.get((Assignment.person == person(name)) & (Assignment.role == role))
        return viewer(self.kernel, name, held.id)


WHO = (*(OWN, DECIDES, *ROLES), SAME_UNIT, NONE_AT_ALL, ELSEWHERE, ENDED, KEEPER_ELSEWHERE)


def build(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> World:
    """Cases in every state at one house, with somebody in every row of the table; everybody can sign in."""
    roles = busy.ROLES
    for row, role in ROLES.items():
        allowed = f'["{row}"]' if row not in RELATIONS else "[]"
        roles += f'[[butir]]\nid = "{role}"\nlabel = "{role.title()}"\nizin = {allowed}\n'
    monkeypatch.setattr(busy, "ROLES", roles)
    monkeypatch.setattr(busy, "SCHEME", SCHEME)
    monkeypatch.setattr(busy, "Busy", Town)
    kernel.host.add(Door(), manifest("pintu"))
    busy.wire(kernel)
    return World(kernel, kept(kernel, lambda: live(kernel), "access", busy.SCHEME, busy.ROLES))


def live(kernel: Kernel) -> dict[str, str]:
    """What `build` writes; the cases by their state."""
    busy.live(kernel)
    house, other = unit("rumah-a"), unit("rumah-b")
    for row, role in ROLES.items():
        add_person(NAMES[row], role, house, "tetap", SINCE, sex="P")
    for name in STATES.values():
        if not Person.select().where(Person.name == name).exists():
            add_person(name, "murid", house, "tetap", SINCE, sex="P", employment="biasa")
    add_person("Joni Contoh", "tamu", house, "tetap", SINCE)
    add_person("Jauh Contoh", "jaga-orang", other, "tetap", SINCE)
    former, _ = add_person("Lama Contoh", "pembina", house, "tetap", date(2030, 1, 1))
    aftermath.after_people(kernel, house)
    busy.work(kernel, DAY)
    made = World(kernel, {state: case_of(name) for state, name in STATES.items()})
    _play(made)
    held = Assignment.get(Assignment.person == former)
    Assignment.update(until=DAY - timedelta(days=1)).where(Assignment.id == held.id).execute()
    for case in made.cases.values():
        Relation.create(case=case, kind="memutuskan", person=former, assignment=held, since=date(2030, 1, 1))
    for one in Person.select():
        Identity.create(issuer="uji", subject=one.name, person=one)
    return made.cases


def _play(made: World) -> None:
    """Bring each case to its state."""
    kernel = made.kernel
    budi = Player(kernel, "Budi Contoh").through("pembina")
    for state, name in STATES.items():
        if state == "belum":
            continue
        case, own = made.cases[state], Player(kernel, name)
        own.draft(case, "tulis", "pilih", buku="gunung")
        own.draft(case, "tulis", "cerita", isi=STORY)
        own.draft(case, "tulis", "data", data="a")
        if state == "draf":
            continue
        own.do(case, "tulis", "ajukan")
        notes.note(kernel, f"n:{case}", own.actor, case, "tulis", "pilih:gunung", NOTE, kernel.clock.now())
        if state == "diajukan":
            continue
        parts = {part.step: part.handed_number or 0 for part in cases.load(kernel, case).parts}
        budi.do(case, "tulis", "setujui", seen=parts)
        if state == "dinilai":
            budi.hand_in(case, "lihat", "nilai", "tetapkan", nilai="baik")
    ended = cases.load(kernel, made.cases["ditutup"])
    keeper = made.viewer(PEOPLE, "ditutup")
    endings.end(kernel, keeper, ended, "pindah", DAY, 1, CLOSING, kernel.clock.now())
    ending = Case.get_by_id(made.cases["ditutup"]).ending
    told = {key: value for key, value in ending.items() if key not in ("catatan", "penulis")}
    Case.update(ending={**told, "catatan": ""}).where(Case.id == made.cases["ditutup"]).execute()
    PersonId.create(person=person(STATES["dinilai"]), kind="nip", value=NUMBER)
    for case in made.cases.values():
        profile = Case.get_by_id(case).profile
        labels = {**profile["labels"], "nip": NUMBER}
        Case.update(profile={**profile, "labels": labels}).where(Case.id == case).execute()
    seen = cases.load(kernel, made.cases["dinilai"])
    slot, giver = evidence.slots(seen)[0], made.viewer(PROVIDES, "dinilai")
    evidence.fill(
        kernel,
        secrets.token_hex(8),
        seen,
        slot,
        giver.actor,
        {"isi": PHOTO},
        None,
        kernel.clock.now(),
        lambda content: "",
    )
