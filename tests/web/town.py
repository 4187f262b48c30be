"""The busy small world for pages around a plan: many turns, somebody who takes no part, a house that owes something."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kinerja import StageProjection, Task, hookimpl
from kinerja.models import Case, Identity, Person
from kinerja.testing import Player, add_person, case_of, manifest, unit
from kinerja_office import aftermath
from kinerja_web import Login
from tests import busy
from tests.kept import kept

SINCE = date(2029, 7, 1)
WAITS = "Menunggu pembina menyusun regu."
SCHEME = (
    busy.SCHEME.replace(
        'alasan = "Tamu tidak ikut."',
        'alasan = "Tamu tidak ikut."\nke = "Buku tamu"\npengubah = "Penjaga data"\nsumber = "Aturan uji"\nprovisional = true\n'
        '[[peserta]]\njawab = "boleh"\nbila = { pegawai = ["bebas"] }',
    )
    .replace(
        'butuh = [{ fakta = "tulis.jadi" }]',
        'butuh = [{ fakta = "tulis.jadi" }, { fakta = "regu", dari = "satuan", pemilik = "memutuskan", '
        f'pesan = "{WAITS}" }}]',
    )
    .replace(
        "[[periode]]",
        '[[dokumen]]\njudul = "Peraturan <uji>"\nketerangan = "Ringkasan"\nisi = "Baris satu\\nBaris dua"\n'
        'alamat = "https://contoh.test/aturan"\nprovisional = true\n[[dokumen]]\njudul = "Tanpa isi"\n'
        'alamat = "javascript:alert(1)"\n[[periode]]',
        1,
    )
)


def _regu(context):
    done = "regu" in context.facts
    return StageProjection(tasks=() if done else (Task("memutuskan", "Susun regu", step="susun-regu"),))


class Town(busy.Busy):
    """The plugin object."""

    @hookimpl
    def register_stages(self):
        return [replace(one, project=_regu) if one.id == "regu" else one for one in super().register_stages()]


class Door:
    """Signs anybody in by name."""

    @hookimpl
    def register_login(self):
        return Login("pintu", "Pintu uji", lambda: (), lambda answers: ("uji", str(answers.get("akun"))))


def build(kernel, monkeypatch):
    """Ani and Eka, on whom Budi decides; Gita who may take part, Tamu who does not; everybody can sign in."""
    monkeypatch.setattr(busy, "SCHEME", SCHEME)
    monkeypatch.setattr(busy, "Busy", Town)
    kernel.host.add(Door(), manifest("pintu"))
    busy.wire(kernel)
    kernel.case, kernel.house = kept(kernel, lambda: live(kernel), "town", busy.SCHEME, busy.ROLES)
    return kernel


def live(kernel):
    """What `build` writes; the cases of Ani and of her house."""
    busy.live(kernel)
    add_person("Gita Contoh", "murid", unit("rumah-a"), "tetap", SINCE, sex="P", employment="bebas")
    add_person("Tamu Contoh", "murid", unit("rumah-a"), "tetap", SINCE, employment="tamu")
    aftermath.after_people(kernel, unit("rumah-a"))
    for one in Person.select():
        Identity.create(issuer="uji", subject=one.name, person=one)
    return case_of("Ani Contoh"), Case.get((Case.unit == unit("rumah-a")) & (Case.subject == "unit")).id


def hand_in(kernel, *names: str) -> None:
    for name in names:
        Player(kernel, name).fill(case_of(name), "tulis")
        Player(kernel, name).do(case_of(name), "tulis", "ajukan")
