"""The world of the stateful year: two halves under one year, two houses under one land, and an office outside that is
told of every result."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import replace
from datetime import date

from kinerja import (
    SUBJECT,
    Connector,
    Content,
    Fact,
    FactSpec,
    Field,
    Form,
    Held,
    Message,
    Option,
    Receipt,
    Stage,
    StageProjection,
    Step,
    StepProjection,
    Task,
    hookimpl,
)
from kinerja.kernel import Kernel
from kinerja.models import Person, PersonId
from kinerja.schemes import compile_scheme
from kinerja.testing import add_person, manifest, set_date
from kinerja_office.periods import plan
from tests import busy, small

WRITE, LOOK, RESULT = "tulis", "lihat", "hasil"
STEPS = {"lihat": "nilai", "hasil": "nilai-tahun"}
GRADE, YEARLY = "nilai", "nilai.tahun"
FIRST = date(2030, 1, 8)
SCHEME = """
id = "setahun"
label = "Skema setahun"
tahun = [2030, 0]
kasus_rangkap = { penugasan = ["sementara"], peran_induk = ["murid"] }
penutup = ["memutuskan"]
[[periode]]
kunci = "paruh-1"
label = "Paruh pertama {tahun}"
mulai = "01-01"
akhir = "06-30"
induk = "setahun"
ditutup = "+1-01-31"
[[periode]]
kunci = "paruh-2"
label = "Paruh kedua {tahun}"
mulai = "07-01"
akhir = "12-31"
induk = "setahun"
lanjut_dari = "paruh-1"
ditutup = "+1-01-31"
[[periode]]
kunci = "setahun"
label = "Tahun {tahun}"
mulai = "01-01"
akhir = "12-31"
tahap = ["hasil"]
ditutup = "+1-01-31"
[[peserta]]
jawab = "wajib"
bila = { peran = ["murid", "pembina"] }
[hubungan.murid]
memutuskan = ["pembina @ satuan", { siapa = "ketua @ atas", bila = { diri = [true] } }]
[hubungan.pembina]
memutuskan = ["ketua @ atas"]
[[tahap]]
id = "tulis"
label = "Menulis"
subjek = "orang"
langkah = ["cerita"]
alur = { dasar = "dua", otomatis_bila = { "memutuskan.acting" = [true] } }
[[tahap]]
id = "lihat"
label = "Melihat"
subjek = "orang"
langkah = ["nilai"]
alur = { dasar = "nilai" }
butuh = [{ fakta = "tulis.jadi" }]
[[tahap]]
id = "hasil"
label = "Hasil setahun"
subjek = "orang"
langkah = ["nilai-tahun"]
alur = { dasar = "nilai" }
butuh = [{ fakta = "nilai", dari = "anak", pesan = "Menunggu nilai kedua paruh." }]
[[tahap.jendela]]
buka = "12-01"
tutup = "+1-01-31"
[langkah.cerita]
label = "Cerita"
[langkah.nilai]
label = "Nilai"
[langkah.nilai-tahun]
label = "Nilai tahun"
[kata]
memutuskan = "Pembina"
"""
ROLES = busy.ROLES.replace('label = "Pembina"', 'label = "Pembina"\nsatu = true')
NUMBERED = ("Ketua", "Cici", "Dedi", "Tamu")
_SET = small.ONE.transitions[0]
RATING = replace(
    small.ONE, transitions=(_SET, replace(_SET, label="Ubah", source="sudah", past="mengubah", note="must"))
)
GRADES = (Option("baik", "Baik"), Option("cukup", "Cukup"))


def _rate(context):
    pairs = tuple((one.label, one.facts[GRADE].label if GRADE in one.facts else "–") for one in context.children)
    parts = (Field("anak", "Paruh", "read", pairs=pairs),) if pairs else ()
    return Form("Nilai", (*parts, Field("nilai", "Nilai", "one", required=True, options=GRADES)))


def _rated(name):
    return lambda context, data: StepProjection((), (Fact(name, data["nilai"], data["nilai"].title()),))


def _judging(step):
    def project(context):
        done = context.state.kind == "selesai"
        return StageProjection() if done else StageProjection(tasks=(Task("memutuskan", "Nilai", step=step),))

    return project


def due(asked):
    """A result is sent with the numbers of both sides, held while one is missing, and never sent of guests or of work
    that does not count."""
    person, head = asked.case.person, asked.case.holders.get("memutuskan")
    if YEARLY not in asked.facts or person is None:
        return None
    if not asked.case.counts or person.employment == "tamu":
        return Held(YEARLY, "Tidak dikirim dari sini.", final=True)
    number, by = person.ids.get("nomor"), head.person.ids.get("nomor") if head else None
    if not number or not by:
        return Held(YEARLY, "Menunggu nomor.")
    told = {"nilai": asked.facts[YEARLY].value, "nomor": number, "oleh": by}
    digest = hashlib.sha256(json.dumps([told, asked.at.isoformat()]).encode()).hexdigest()[:16]
    return Message(f"{YEARLY}:{number}:{asked.case.period.year}:{digest}", "kantor", YEARLY, told)


class Outside:
    """The office outside: what it holds by number, and whether it can be reached."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.away = False

    def send(self, message, settings, secrets):
        if self.away:
            return Receipt("again", "Kantor belum dapat dihubungi.")
        self.held[message.payload["nomor"]] = message.payload["nilai"]
        return Receipt("accepted", "Diterima.")


OUTSIDE = Outside()


class Year:
    """The plugin object."""

    @hookimpl
    def register_schemes(self):
        return [compile_scheme(tomllib.loads(SCHEME), "setahun")]

    @hookimpl
    def register_content(self):
        return [Content.parse(tomllib.loads(text)) for text in (ROLES, small.KINDS, busy.REASONS, busy.HOUSES)]

    @hookimpl
    def register_stages(self):
        flows = {"nilai": RATING}
        return [
            Stage(WRITE, "Menulis", {"dua": small.TWO}, small._writing, (FactSpec("tulis.jadi", "tulisan jadi"),)),
            Stage(LOOK, "Melihat", flows, _judging("nilai")),
            Stage(RESULT, "Hasil", flows, _judging("nilai-tahun"), concludes=True),
        ]

    @hookimpl
    def register_steps(self):
        def rating(id, fact):
            return Step(id, "Nilai", "memutuskan", _rate, _rated(fact), (SUBJECT,), gives=(FactSpec(fact, "nilai"),))

        story = Step("cerita", "Cerita", SUBJECT, small._story, readers=("memutuskan",), together=True)
        return [story, rating("nilai", GRADE), rating("nilai-tahun", YEARLY)]

    @hookimpl
    def register_connectors(self):
        return [Connector("kantor", "Kantor", send=OUTSIDE.send, tells=(YEARLY,), due=due)]


def build(kernel: Kernel) -> None:
    """Two houses, each with a head; the year planned. Some have no number yet, and Gita has no post."""
    kernel.host.add(Year(), manifest("setahun"))
    small.ready(kernel)
    root, house, other = small.houses()
    for name, role, at in (
        ("Ketua", "ketua", root), ("Kanda", "kepala-penjaga", root), ("Budi", "pembina", house), ("Ani", "murid", house),
        ("Cici", "pembina", other), ("Dedi", "murid", other), ("Tamu", "murid", other),
    ):  # fmt: skip
        add_person(name, role, at, "tetap", date(2029, 7, 1), employment="tamu" if name == "Tamu" else "biasa")
    Person.create(name="Gita", employment="biasa")
    for one in Person.select().where(Person.name.in_(NUMBERED)):
        PersonId.create(person=one, kind="nomor", value=f"0{one.id}")
    set_date(kernel, FIRST)
    scheme = kernel.scheme("setahun")
    assert scheme is not None, kernel.host.faults
    plan(kernel, scheme, 2030, root)
    set_date(kernel, FIRST)
