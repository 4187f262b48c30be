"""A scheme of its own for kernel tests: one plan in two parts, one lone step of the head, no bundled plugin at all."""

from __future__ import annotations

import tomllib
from datetime import date

from kinerja import (
    AUTHOR,
    SUBJECT,
    SYSTEM,
    Content,
    Fact,
    FactSpec,
    Field,
    Flow,
    Form,
    Item,
    Option,
    Stage,
    StageProjection,
    State,
    Step,
    StepProjection,
    Task,
    Transition,
    hookimpl,
    people,
)
from kinerja.kernel import Kernel
from kinerja.models import Unit
from kinerja.schemes import compile_scheme
from kinerja.testing import add_person, case_of, manifest, set_date
from kinerja_office.periods import plan
from tests.kept import kept

SCHEME = """
id = "kecil"
label = "Skema kecil"
tahun = [2030, 0]
isi = ["buku"]
isi_wajib = ["buku"]
[[periode]]
kunci = "t"
label = "Tahun {tahun}"
mulai = "01-01"
akhir = "12-31"
ditutup = "+1-01-31"
[[peserta]]
jawab = "tidak"
bila = { pegawai = ["tamu"] }
alasan = "Tamu tidak ikut."
[[peserta]]
jawab = "wajib"
bila = { peran = ["murid"] }
[hubungan.murid]
memutuskan = ["pembina @ satuan", "ketua @ atas"]
[[tahap]]
id = "tulis"
label = "Menulis"
subjek = "orang"
langkah = ["pilih", "cerita"]
alur = { dasar = "dua", otomatis_bila = { "memutuskan.acting" = [true] } }
[[tahap.jendela]]
buka = "01-10"
tutup = "02-10"
keras = true
[[tahap]]
id = "lihat"
label = "Melihat"
subjek = "orang"
langkah = ["nilai"]
alur = { dasar = "satu" }
butuh = [{ fakta = "tulis.jadi" }]
[langkah.pilih]
label = "Pilih buku"
[langkah.cerita]
label = "Cerita"
[langkah.nilai]
label = "Nilai"
[[bukti]]
butir = "buku"
penyedia = "pegawai"
cara = "sederhana"
[kata]
buku = "Daftar buku"
memutuskan = "Pembina"
"""

BOOKS = """
jenis = "buku"
id = "buku"
label = "Daftar buku"
applies_to = { bentuk = ["rumah"] }
[[butir]]
id = "laut"
label = "Laut"
[[butir]]
id = "gunung"
label = "Gunung"
"""

REFERENCES = """
jenis = "roles"
id = "uji"
label = "Peran"
[[butir]]
id = "murid"
label = "Murid"
[[butir]]
id = "pembina"
label = "Pembina"
[[butir]]
id = "ketua"
label = "Ketua"
izin = ["read_states", "manage_plugins", "import"]
"""
KINDS = """
jenis = "assignment_kinds"
id = "uji"
label = "Jenis"
[[butir]]
id = "tetap"
label = "Tetap"
acting = false
[[butir]]
id = "sementara"
label = "Sementara"
awalan = "Plt."
acting = true
"""


def _choose(context):
    books = context.content.get("buku")
    options = tuple(Option(one.id, one.label) for one in books.entries) if books else ()
    return Form("Pilih buku", (Field("buku", "Buku", "one", required=True, options=options),))


def _chosen(context, data):
    book = context.content["buku"].entry(data["buku"]) if data.get("buku") else None
    return StepProjection((Item(f"pilih:{book.id}", "buku", book.label),) if book else ())


def _story(context):
    return Form(
        "Cerita", (Field("isi", "Isi", "longtext", required=True, most=10_000), Field("catatan", "Catatan", "text"))
    )


def _grade(context):
    return Form(
        "Nilai",
        (Field("nilai", "Nilai", "one", required=True, options=(Option("baik", "Baik"), Option("cukup", "Cukup"))),),
    )


def _graded(context, data):
    return StepProjection((), (Fact("nilai", data.get("nilai"), "Baik" if data.get("nilai") == "baik" else "Cukup"),))


TWO = Flow(
    (
        State("belum", "Belum dimulai", "belum"),
        State("draf", "Draf", "dikerjakan"),
        State("diajukan", "Perlu disetujui", "menunggu"),
        State("dikembalikan", "Dikembalikan", "dikembalikan"),
        State("jadi", "Jadi", "selesai", "good"),
    ),
    (
        Transition("mulai", "Mulai", "belum", "draf", SUBJECT, "memulai", begins=True, quiet=True),
        Transition(
            "ajukan", "Ajukan", "draf", "diajukan", SUBJECT, "mengajukan", hand_in=True, window=True, confirm="Ajukan?"
        ),
        Transition("ajukan", "Ajukan", "dikembalikan", "diajukan", SUBJECT, "mengajukan", hand_in=True, window=True),
        Transition("tarik", "Tarik kembali", "diajukan", "draf", SUBJECT, "menarik kembali", returns=True),
        Transition("sesuaikan", "Sesuaikan", "diajukan", "diajukan", "memutuskan", "menyesuaikan", edits=True),
        Transition("setujui", "Setujui", "diajukan", "jadi", "memutuskan", "menyetujui", settles=True),
        Transition(
            "kembalikan",
            "Kembalikan",
            "diajukan",
            "dikembalikan",
            "memutuskan",
            "mengembalikan",
            returns=True,
            note="must",
        ),
        Transition(
            "otomatis", "", "diajukan", "jadi", SYSTEM, "menyetujui otomatis", settles=True, auto="otomatis_bila"
        ),
        Transition("revisi", "Ubah", "jadi", "draf", SUBJECT, "mengubah", reopens=True, note="must"),
    ),
)
ONE = Flow(
    (State("belum", "Belum dinilai", "menunggu"), State("sudah", "Sudah dinilai", "selesai", "good")),
    (Transition("tetapkan", "Tetapkan", "belum", "sudah", AUTHOR, "menetapkan", hand_in=True, settles=True),),
    lone="tetapkan",
    ordered=True,
)


def _writing(context):
    turns = {
        "belum": (SUBJECT, "Susun"),
        "draf": (SUBJECT, "Lengkapi"),
        "dikembalikan": (SUBJECT, "Perbaiki"),
        "diajukan": ("memutuskan", "Periksa"),
    }
    tasks = tuple(Task(who, label) for state, (who, label) in turns.items() if state == context.state.id)
    return StageProjection(None, (Fact("tulis.jadi", True),) if context.state.id == "jadi" else (), tasks)


def _looking(context):
    return StageProjection(
        tasks=(Task("memutuskan", "Nilai", step="nilai"),) if context.state.kind != "selesai" else ()
    )


class Small:
    """The plugin object; a test may subclass it to misbehave."""

    @hookimpl
    def register_schemes(self):
        return [compile_scheme(tomllib.loads(SCHEME), "kecil")]

    @hookimpl
    def register_content(self):
        return [Content.parse(tomllib.loads(text)) for text in (BOOKS, REFERENCES, KINDS)]

    @hookimpl
    def register_stages(self):
        return [
            Stage("tulis", "Menulis", {"dua": TWO}, _writing, (FactSpec("tulis.jadi", "tulisan jadi"),)),
            Stage("lihat", "Melihat", {"satu": ONE}, _looking),
        ]

    @hookimpl
    def register_steps(self):
        return [
            Step(
                "pilih",
                "Pilih buku",
                SUBJECT,
                _choose,
                _chosen,
                ("memutuskan",),
                ("memutuskan",),
                together=True,
                carry=True,
            ),
            Step("cerita", "Cerita", SUBJECT, _story, readers=("memutuskan",), editors=("memutuskan",), together=True),
            Step("nilai", "Nilai", "memutuskan", _grade, _graded, (SUBJECT,), gives=(FactSpec("nilai", "nilai"),)),
        ]


def wire(kernel: Kernel, plugin: Small | None = None) -> None:
    """Add the plugin of the scheme, and let what all plugins bring hold."""
    kernel.host.add(plugin or Small(), manifest("kecil"))
    ready(kernel)


def ready(kernel: Kernel) -> None:
    kernel.host.ready()
    kernel.__dict__.pop("references", None)


def houses() -> tuple[Unit, Unit, Unit]:
    """The land and its two houses."""
    root = people.add_unit("negeri", "Negeri", "negeri", None)
    house = people.add_unit("rumah-a", "Rumah A", "rumah", root, npsn="10000001")
    return root, house, people.add_unit("rumah-b", "Rumah B", "rumah", root, npsn="10000002")


def build(kernel: Kernel, *, acting: bool = False, day: date = date(2030, 1, 15), plugin: Small | None = None) -> str:
    """Two houses with their people, the period open on a day; returns the case of Ani, whom Budi decides on."""
    wire(kernel, plugin)
    return kept(kernel, lambda: live(kernel, acting=acting, day=day), "small", SCHEME, acting, day)


def live(kernel: Kernel, *, acting: bool = False, day: date = date(2030, 1, 15)) -> str:
    """What `build` writes, once the plugins are there."""
    root, house, other = houses()
    since = date(2029, 7, 1)
    add_person("Ketua Contoh", "ketua", root, "tetap", since, sex="P")
    add_person("Budi Contoh", "pembina", house, "sementara" if acting else "tetap", since, sex="L")
    add_person("Ani Contoh", "murid", house, "tetap", since, sex="P", employment="biasa")
    add_person("Tamu Contoh", "murid", house, "tetap", since, employment="tamu")
    add_person("Cici Contoh", "pembina", other, "tetap", since)
    add_person("Dedi Contoh", "murid", other, "tetap", since)
    set_date(kernel, day)
    scheme = kernel.scheme("kecil")
    assert scheme is not None, kernel.host.faults
    plan(kernel, scheme, 2030, root)
    set_date(kernel, day)
    return case_of("Ani Contoh")
