"""The small scheme of tests/small.py with people who come, go and stand in for each other, for tests of the kernel."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date

from kinerja import Connector, Content, Correction, Fact, FactSpec, Form, Import, ImportRows, hookimpl
from kinerja.contracts import PersonRow, UnitRow
from kinerja.kernel import Kernel
from kinerja.models import Charge
from kinerja.schemes import compile_scheme
from kinerja.testing import add_person, manifest, set_date
from kinerja_office.periods import plan
from kinerja_work import worker
from tests import small
from tests.kept import kept

SCHEME = (
    small.SCHEME.replace(
        'isi_wajib = ["buku"]',
        'isi_wajib = ["buku"]\nkasus_rangkap = { penugasan = ["sementara"], peran_induk = ["murid"] }\npenutup = ["memutuskan"]',
    )
    .replace(
        'bila = { peran = ["murid"] }',
        'bila = { peran = ["murid", "pembina"] }',
    )
    .replace(
        'memutuskan = ["pembina @ satuan", "ketua @ atas"]',
        'memutuskan = ["pembina @ satuan", { siapa = "ketua @ atas", bila = { diri = [true] } }]\n'
        'menyarankan = ["regu @ ditunjuk"]\n[hubungan.pembina]\nmemutuskan = ["ketua @ atas"]\n'
        '[hubungan.satuan]\nmemutuskan = ["pembina @ satuan"]\n[[tahap]]\nid = "regu"\nlabel = "Regu"\nsubjek = "satuan"\n'
        'langkah = ["susun-regu"]\nalur = { dasar = "satu" }',
    )
    .replace(
        'alur = { dasar = "dua", otomatis_bila = { "memutuskan.acting" = [true] } }',
        'alur = { dasar = "dua", sekaligus = { bukan = { kedudukan = ["sakit"] } } }',
    )
    .replace('label = "Nilai"', 'label = "Nilai"\n[langkah.susun-regu]\nlabel = "Susun regu"')
)
ROLES = (
    small.REFERENCES.replace('label = "Pembina"', 'label = "Pembina"\nizin = []')
    + '[[butir]]\nid = "penjaga"\nlabel = "Penjaga"\nizin = ["manage_people", "import"]\n'
    + '[[butir]]\nid = "tamu"\nlabel = "Tamu kehormatan"\ndi_sekolah = false\n'
    + '[[butir]]\nid = "kepala-penjaga"\nlabel = "Kepala penjaga"\nizin = ["manage_people", "import"]\n'
)
CONDITIONS = """
jenis = "conditions"
id = "uji"
label = "Kedudukan"
[[butir]]
id = "sakit"
label = "Sakit"
diam = true
[[butir]]
id = "aktif"
label = "Aktif"
"""
REASONS = """
jenis = "alasan-penutupan"
id = "uji"
label = "Alasan"
[[butir]]
id = "pindah"
label = "Pindah rumah"
menutup = true
[[butir]]
id = "purna"
label = "Purna"
menutup = false
"""
HOUSES = """
jenis = "unit_kinds"
id = "uji"
label = "Jenis satuan"
[[butir]]
id = "rumah"
label = "Rumah"
sekolah = true
"""
MORE = """
jenis = "buku"
id = "buku-daerah"
label = "Buku daerah"
menambah = true
applies_to = { bentuk = ["rumah"] }
[[butir]]
id = "sawah"
label = "Sawah"
"""


def _team(context):
    from kinerja import Field, Option

    options = tuple(Option(str(one.id), one.name) for one in context.members)
    return Form("Regu", (Field("regu", "Regu", "many", options=options, none="Tanpa regu"),))


def _chosen(context, data):
    from kinerja import StepProjection

    return StepProjection((), (Fact("regu", [int(one) for one in data.get("regu", ()) if one != "-"], "Regu"),))


def _read(files, unit, references):
    """A file of lines «name;number;note»; a line «kabar;name;text» is a fact of the unit."""
    lines = [line.split(";") for line in files["berkas"].decode().split("\n") if line]
    rows = tuple(
        PersonRow(n, line[1], {"nomor": line[2], "kartu": line[3]})
        for n, line in enumerate(lines, 1)
        if line[0] == "orang"
    )
    facts = tuple(Fact(f"kabar.{line[1]}", line[2], line[2]) for line in lines if line[0] == "kabar")
    return ImportRows(UnitRow(1, unit.npsn or "", unit.name, unit.kind), rows, facts=facts)


class Busy(small.Small):
    """The plugin object."""

    @hookimpl
    def register_schemes(self):
        return [compile_scheme(tomllib.loads(SCHEME), "ramai")]

    @hookimpl
    def register_content(self):
        texts = (small.BOOKS, ROLES, small.KINDS, CONDITIONS, REASONS, HOUSES)
        return [Content.parse(tomllib.loads(text)) for text in texts]

    @hookimpl
    def register_stages(self):
        two = replace(
            small.TWO,
            transitions=tuple(
                replace(row, several="sekaligus") if row.id == "setujui" else row for row in small.TWO.transitions
            ),
        )
        stages = small.Small.register_stages(self)
        return [
            replace(stages[0], flows={"dua": two}),
            stages[1],
            replace(stages[1], id="regu", label="Regu", project=lambda context: small.StageProjection()),
        ]

    @hookimpl
    def register_steps(self):
        from kinerja import Step

        def check(context):
            form = small._story(context)
            mend = (Correction("nomor", "Nomor", context.case.labels.get("nomor", ""), "Penjaga memperbaikinya."),)
            return replace(form, corrections=mend, locked="" if context.grants else "Terkunci.")

        steps = small.Small.register_steps(self)
        team = Step("susun-regu", "Susun regu", "memutuskan", _team, _chosen, gives=(FactSpec("regu", "regu"),))
        return [replace(step, form=check) if step.id == "cerita" else step for step in steps] + [team]

    @hookimpl
    def register_connectors(self):
        reader = Import("orang", "Orang", (("berkas", "Berkas"),), _read)
        return [
            Connector(
                "kantor", "Kantor", send=lambda message, settings, secrets: small_receipt(), imports=(reader,),
                gives=(FactSpec("kabar.*", "Kabar"),),
            )
        ]  # fmt: skip


def small_receipt():
    from kinerja import Receipt

    return Receipt("accepted", "Diterima.")


class Region:
    """A region's plugin that only adds books."""

    @hookimpl
    def register_content(self):
        return [Content.parse(tomllib.loads(MORE))]


def build(kernel: Kernel, day: date = date(2030, 1, 15), plugin: Busy | None = None) -> None:
    """Two houses under one land; keepers of each and of the land; the period open and worked off."""
    wire(kernel, plugin)
    kept(kernel, lambda: live(kernel, day), "busy", SCHEME, ROLES, day)


def wire(kernel: Kernel, plugin: Busy | None = None) -> None:
    """Add the two plugins, and let what all bring hold."""
    kernel.host.add(plugin or Busy(), manifest("kecil"))
    kernel.host.add(Region(), manifest("daerah"))
    small.ready(kernel)


def live(kernel: Kernel, day: date = date(2030, 1, 15)) -> None:
    """What `build` writes, once the plugins are there."""
    root, house, other = small.houses()
    since = date(2029, 7, 1)
    add_person("Ketua Contoh", "ketua", root, "tetap", since, sex="P")
    add_person("Kanda Contoh", "kepala-penjaga", root, "tetap", since, sex="L")
    add_person("Jaga Contoh", "penjaga", house, "tetap", since, sex="P")
    add_person("Budi Contoh", "pembina", house, "tetap", since, sex="L")
    add_person("Ani Contoh", "murid", house, "tetap", since, sex="P", employment="biasa")
    add_person("Eka Contoh", "murid", house, "tetap", since, sex="P", employment="biasa")
    add_person("Cici Contoh", "pembina", other, "tetap", since, sex="P")
    add_person("Dedi Contoh", "murid", other, "tetap", since, sex="L")
    Charge.delete().execute()
    scheme = kernel.scheme("kecil")
    assert scheme is not None, kernel.host.faults
    set_date(kernel, day)
    plan(kernel, scheme, 2030, root)
    work(kernel, day)


def work(kernel: Kernel, day: date, hour: int = 9) -> None:
    """Move to a day, unless it is that day, and let the worker do all that is due."""
    if kernel.clock.today("Asia/Jakarta") != day:
        set_date(kernel, day, hour)
    for _ in range(4):
        worker.run_once(kernel)
