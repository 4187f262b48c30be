"""A year that nobody has thought of yet: only TOML in a folder, and a case of 2024 beside it that does not notice."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import kinerja_read as read
from kinerja import Refusal, cases, people, testing
from kinerja.kernel import Kernel
from kinerja.models import Case
from kinerja.testing import Player, add_person, case_of, set_date, tasks, viewer
from kinerja_office.periods import plan
from kinerja_web import hooks as web_hooks
from kinerja_work import evidence, worker

PLAN, DOING, RATING, YEAR = "perencanaan", "pelaksanaan", "penilaian", "penilaian-tahunan"
FACTS = ("rating-hasil", "rating-perilaku", "predikat")
QUARTERS = {"t1": 1, "t2": 4, "t3": 7, "t4": 10}
"""The first month of each."""

MANIFEST = """
id = "skema-2027"
name = "Skema 2027"
version = "1.0.0"
api = 1
summary = "Tahun karangan: empat triwulan, dua fokus, empat tingkat."
contact = "uji@contoh.test"
restricted = false
"""

SCHEME = """
id = "triwulan-2027"
label = "Pengelolaan Kinerja 2027"
tahun = [2027, 0]
sumber = ["Dikarang untuk pengujian"]
isi = ["rubrik", "perilaku"]
isi_wajib = ["rubrik"]

[[periode]]
kunci = "t1"
label = "Triwulan I {tahun}"
mulai = "01-01"
akhir = "03-31"
induk = "tahun"
ditutup = "+1-02-28"
[[periode]]
kunci = "t2"
label = "Triwulan II {tahun}"
mulai = "04-01"
akhir = "06-30"
induk = "tahun"
lanjut_dari = "t1"
ditutup = "+1-02-28"
[[periode]]
kunci = "t3"
label = "Triwulan III {tahun}"
mulai = "07-01"
akhir = "09-30"
induk = "tahun"
lanjut_dari = "t2"
ditutup = "+1-02-28"
[[periode]]
kunci = "t4"
label = "Triwulan IV {tahun}"
mulai = "10-01"
akhir = "12-31"
induk = "tahun"
lanjut_dari = "t3"
ditutup = "+1-02-28"
[[periode]]
kunci = "tahun"
label = "Setahun {tahun}"
mulai = "01-01"
akhir = "12-31"
tahap = ["penilaian-tahunan"]
ditutup = "+1-02-28"

[[peserta]]
jawab = "wajib"
bila = { peran = ["guru"] }
[hubungan.guru]
memutuskan = ["kepala-sekolah @ satuan"]
mengamati = ["memutuskan @ ikut"]

[[tahap]]
id = "perencanaan"
label = "Janji triwulan"
subjek = "orang"
langkah = ["praktik", "perilaku", "rangkuman"]
alur = { dasar = "dua-pihak", kesepakatan = "selalu" }
{rencana}
[[tahap]]
id = "pelaksanaan"
label = "Kerja triwulan"
subjek = "orang"
langkah = ["observasi", "refleksi"]
alur = { dasar = "berurutan" }
butuh = [{ fakta = "rencana.disepakati" }]
{kerja}
[[tahap]]
id = "penilaian"
label = "Rapor triwulan"
subjek = "orang"
langkah = ["rating"]
alur = { dasar = "penilai" }
butuh = [{ fakta = "praktik.observasi", pesan = "Menunggu kunjungan kelas." }]
{rapor}
[[tahap]]
id = "penilaian-tahunan"
label = "Rapor setahun"
subjek = "orang"
langkah = ["rating-tahunan"]
alur = { dasar = "penilai" }
butuh = [{ fakta = "predikat.semester", dari = "anak", pesan = "Menunggu keempat rapor triwulan." }]
[[tahap.jendela]]
buka = "12-20"
tutup = "+1-01-20"

[langkah.praktik]
label = "Dua fokus mengajar"
banyak = [2, 2]
[langkah.perilaku]
label = "Sikap kerja"
bawa = true
[langkah.rangkuman]
label = "Baca ulang janji"
[langkah.observasi]
label = "Kunjungan kelas"
nilai_per = "target"
[langkah.refleksi]
label = "Catatan akhir triwulan"
[langkah.rating]
label = "Rapor triwulan"
fakta = "semester"   # nama fakta bagian tahun pada plugin penilaian; tidak pernah ditampilkan
[langkah.rating-tahunan]
label = "Rapor setahun"
fakta = "tahunan"

[[bukti]]
butir = "praktik"
penyedia = "memutuskan"
cara = "konfirmasi"
label = "Rencana pembelajaran"

[matriks.predikat]
baris = ["istimewa", "mantap", "tumbuh", "perlu-dukungan"]
kolom = ["teladan", "patut", "belum-patut"]
nilai = [
    ["bintang-lima", "bintang-empat", "bintang-tiga"],
    ["bintang-empat", "bintang-tiga", "bintang-dua"],
    ["bintang-tiga", "bintang-dua", "bintang-satu"],
    ["bintang-dua", "bintang-satu", "tanpa-bintang"],
]

[kata]
rubrik = "Rubrik"
memutuskan = "Pendamping"
indikator = "Fokus"
istimewa = "Istimewa"
mantap = "Mantap"
tumbuh = "Sedang tumbuh"
perlu-dukungan = "Perlu dukungan"
teladan = "Menjadi teladan"
patut = "Patut"
belum-patut = "Belum patut"
bintang-lima = "Bintang lima"
bintang-empat = "Bintang empat"
bintang-tiga = "Bintang tiga"
bintang-dua = "Bintang dua"
bintang-satu = "Bintang satu"
tanpa-bintang = "Tanpa bintang"
belum-dilakukan = "Belum tampak"
belum-efektif = "Mulai tampak"
efektif = "Tampak jelas"
"""


def no_file(content: bytes) -> str:
    raise AssertionError("a confirmation keeps no file")


def windows(first: str, after: int, last: str, until: int, *, hard: bool = False) -> str:
    """The windows of a stage, one a quarter: days, and how many months after the quarter's first they lie."""
    return "\n".join(
        f'[[tahap.jendela]]\nuntuk = {{ periode = ["{key}"] }}\nbuka = "{month + after:02}-{first}"\n'
        f'tutup = "{month + until:02}-{last}"\nkeras = {str(hard).lower()}'
        for key, month in QUARTERS.items()
    )


@pytest.fixture
def plugin_folders(tmp_path: Path) -> tuple[Path, ...]:
    """A region's own folder with the year in it: a manifest, the rules, no line of Python."""
    home = tmp_path / "daerah" / "kinerja_skema_2027"
    home.mkdir(parents=True)
    (home / "plugin.toml").write_text(MANIFEST, "utf-8")
    text = SCHEME.replace("{rencana}", windows("05", 0, "20", 0, hard=True))
    text = text.replace("{kerja}", windows("21", 0, "19", 2)).replace("{rapor}", windows("10", 2, "28", 2))
    (home / "skema.toml").write_text(text, "utf-8")
    return (home.parent,)


@pytest.fixture
def sockets() -> tuple[Any, ...]:
    return (web_hooks,)


@pytest.fixture
def world(kernel: Kernel) -> Kernel:
    """One school with a head and two teachers, with both years planned; it is January 2024."""
    assert kernel.host.faults == {}
    office = people.add_unit("dinas", "Kabupaten Uji", "kabupaten", None)
    school = people.add_unit("sd", "SD Uji", "sd", office, npsn="10000001", attributes={"satuan": "negeri"})
    since = date(2020, 1, 1)
    add_person("Budi Uji", "kepala-sekolah", school, "definitif", since, employment="pns", sex="L")
    add_person("Sari Uji", "guru", school, "definitif", since, employment="pns", sex="P")
    add_person("Tono Uji", "guru", school, "definitif", since, employment="non-asn", sex="L")
    for scheme, year in (("semester-2024", 2024), ("triwulan-2027", 2027)):
        found = kernel.scheme(scheme)
        assert found is not None
        plan(kernel, found, year, office)
    set_date(kernel, date(2024, 1, 22))
    return kernel


@pytest.fixture
def sari(world: Kernel) -> Player:
    return Player(world, "Sari Uji")


@pytest.fixture
def budi(world: Kernel) -> Player:
    return Player(world, "Budi Uji").through("kepala-sekolah")


def agreed(case: str, teacher: Player, head: Player) -> list[str]:
    """From a draft to what both agreed on; the labels of the states on the way."""
    teacher.fill(case, PLAN)
    return [
        teacher.do(case, PLAN, "ajukan").label,
        head.do(case, PLAN, "setujui").label,
        teacher.do(case, PLAN, "sepakati").label,
    ]


def observed(case: str, teacher: Player, head: Player) -> str:
    head.hand_in(case, DOING, "observasi", "serahkan")
    return teacher.hand_in(case, DOING, "refleksi", "serahkan").label


def rated(case: str, head: Player, result: str, behaviour: str, stage: str = RATING, step: str = "rating") -> str:
    return head.hand_in(case, stage, step, "tetapkan", hasil=result, perilaku=behaviour).label


def first_quarter(world: Kernel, sari: Player, budi: Player) -> str:
    """Sari's first quarter, agreed and observed, in the days of its rating."""
    set_date(world, date(2027, 1, 6))
    case = case_of("Sari Uji", "Triwulan I 2027")
    agreed(case, sari, budi)
    set_date(world, date(2027, 1, 22))
    observed(case, sari, budi)
    set_date(world, date(2027, 3, 12))
    return case


def picture(world: Kernel, name: str) -> list[Any]:
    """All that can be read of a case: its states, facts, lines, texts and history, in words."""
    case = case_of("Sari Uji", name)
    seen = cases.load(world, case)
    return [
        [(one.name, one.state, one.due) for one in seen.progress.values()],
        sorted((fact.name, fact.value, fact.label) for fact in seen.facts.values()),
        [(item.key, item.kind, item.label, item.detail, item.count) for item in seen.items],
        [(part.name, part.state, part.effective, part.effective_view) for part in seen.parts],
        [(line.at, line.text) for line in testing.history(world, case)],
        Case.get_by_id(case).snapshot,
    ]


def test_an_invented_year_runs_from_toml_alone_beside_the_year_2024(world: Kernel, sari: Player, budi: Player) -> None:
    old = case_of("Sari Uji", "Januari")
    assert agreed(old, sari, budi) == ["Perlu disetujui", "Menunggu disepakati", "Disepakati"]
    set_date(world, date(2024, 6, 5))
    assert rated(old, budi, "sesuai", "di-atas") == "Predikat kinerja: Baik"
    before = picture(world, "Januari")

    predicates = ("Bintang tiga", "Bintang tiga", "Bintang tiga", "Bintang empat")
    for (key, month), name, predicate in zip(QUARTERS.items(), ("I", "II", "III", "IV"), predicates, strict=True):
        set_date(world, date(2027, month, 6))
        case = case_of("Sari Uji", f"Triwulan {name} 2027")
        assert agreed(case, sari, budi) == ["Perlu disetujui", "Menunggu disepakati", "Disepakati"]
        set_date(world, date(2027, month, 22))
        assert tasks(case) == [("mengamati", "Kunjungan kelas")]
        assert observed(case, sari, budi) == "Selesai"
        set_date(world, date(2027, month + 2, 12))
        assert tasks(case) == [("memutuskan", "Rapor triwulan")]
        assert rated(case, budi, "istimewa" if key == "t4" else "mantap", "patut") == f"Predikat kinerja: {predicate}"
        assert cases.load(world, case).facts["predikat.semester"].label == predicate
        assert tasks(case_of("Sari Uji", "Setahun 2027")) == []

    year = case_of("Sari Uji", "Setahun 2027")
    set_date(world, date(2027, 12, 21))
    assert tasks(year) == [("memutuskan", "Rapor setahun")]
    form = budi.form(year, YEAR, "rating-tahunan")
    assert form.fields[0].pairs == tuple(
        (f"Triwulan {name} 2027", label) for name, label in zip(("I", "II", "III", "IV"), predicates, strict=True)
    )
    label = rated(year, budi, "istimewa", "teladan", YEAR, "rating-tahunan")
    assert label == "Predikat kinerja: Bintang lima"
    facts = cases.load(world, year).facts
    assert [(facts[f"{name}.tahunan"].value, facts[f"{name}.tahunan"].label) for name in FACTS] == [
        ("istimewa", "Istimewa"), ("teladan", "Menjadi teladan"), ("bintang-lima", "Bintang lima"),
    ]  # fmt: skip

    assert picture(world, "Januari") == before
    facts = cases.load(world, old).facts
    assert [facts[f"{name}.semester"].label for name in FACTS] == ["Sesuai ekspektasi", "Di atas ekspektasi", "Baik"]
    lines = {line.period: [stage.name for stage in line.stages] for line in read.own_cases(viewer(world, "Sari Uji"))}
    assert lines["Januari–Juni 2024"] == ["Perencanaan Kinerja", "Pelaksanaan Kinerja", "Penilaian semester"]
    assert lines["Triwulan III 2027"] == ["Janji triwulan", "Kerja triwulan", "Rapor triwulan"]
    assert lines["Setahun 2027"] == ["Rapor setahun"]
    assert world.host.faults == {}


def test_exactly_two_indicators_are_chosen_where_the_year_says_so(world: Kernel, sari: Player, budi: Player) -> None:
    set_date(world, date(2027, 1, 6))
    case = case_of("Sari Uji", "Triwulan I 2027")
    field = sari.form(case, PLAN, "praktik").fields[0]
    assert (field.kind, field.least, field.most) == ("many", 2, 2)
    ids = [option.id for option in field.options]
    sari.fill(case, PLAN)
    for wrong in (ids[:1], ids[:3]):
        sari.draft(case, PLAN, "praktik", indikator=wrong)
        with pytest.raises(Refusal) as refused:
            sari.do(case, PLAN, "ajukan")
        assert [(problem.step, problem.field) for problem in refused.value.problems] == [("praktik", "indikator")]
    sari.draft(case, PLAN, "praktik", indikator=ids[:2])
    agreed_on = agreed(case, sari, budi)[-1]
    seen = cases.load(world, case)
    assert (agreed_on, [item.key for item in seen.items if item.kind == "praktik"]) == (
        "Disepakati", [f"praktik:{id}" for id in ids[:2]],
    )  # fmt: skip
    set_date(world, date(2027, 1, 22))
    form = budi.form(case, DOING, "observasi")
    marks = form.field("nilai")
    assert marks is not None and {row.id.partition(":")[0] for row in marks.rows} == set(ids[:2])
    assert [option.label for option in marks.options] == ["Belum tampak", "Mulai tampak", "Tampak jelas"]


def test_the_days_are_those_of_the_invented_year(world: Kernel) -> None:
    tono = Player(world, "Tono Uji")
    set_date(world, date(2027, 1, 2))
    case = case_of("Tono Uji", "Triwulan I 2027")
    assert tasks(case) == []
    with pytest.raises(Refusal) as early:
        tono.draft(case, PLAN, "praktik")
    set_date(world, date(2027, 1, 20))
    tono.fill(case, PLAN)
    set_date(world, date(2027, 1, 21))
    with pytest.raises(Refusal) as late:
        tono.do(case, PLAN, "ajukan")
    assert [(one.value.code, one.value.sentence.split(". ")[0]) for one in (early, late)] == [
        ("too-early", "Janji triwulan dibuka mulai 5 Januari 2027"),
        ("too-late", "Batas Janji triwulan adalah 20 Januari 2027, jadi tidak dapat diajukan lagi"),
    ]


def test_evidence_is_confirmed_by_the_head(world: Kernel, sari: Player, budi: Player) -> None:
    case = first_quarter(world, sari, budi)
    seen = cases.load(world, case)
    places = evidence.slots(seen)
    assert [(slot.view.label, slot.rule.handler, slot.filled) for slot in places] == [
        ("Rencana pembelajaran", "konfirmasi", "")
    ] * 2
    with pytest.raises(Refusal) as refused:
        evidence.fill(world, "satu", seen, places[0], sari.actor, {"tersedia": True}, None, world.clock.now(), no_file)
    assert refused.value.code == "not-yours"
    evidence.fill(world, "dua", seen, places[0], budi.actor, {"tersedia": True}, None, world.clock.now(), no_file)
    assert [slot.filled for slot in evidence.slots(seen)] == ["Tersedia di sekolah", ""]


def test_the_four_levels_and_three_levels_are_offered_in_their_own_words(
    world: Kernel, sari: Player, budi: Player
) -> None:
    case = first_quarter(world, sari, budi)
    form = budi.form(case, RATING, "rating")
    assert {field.key: [option.label for option in field.options] for field in form.fields if field.options} == {
        "hasil": ["Istimewa", "Mantap", "Sedang tumbuh", "Perlu dukungan"],
        "perilaku": ["Menjadi teladan", "Patut", "Belum patut"],
    }
    rated(case, budi, "tumbuh", "teladan")
    worker.run_once(world)
    assert cases.load(world, case).facts["predikat.semester"].label == "Bintang tiga"


@pytest.mark.parametrize(("result", "behaviour"), [("perlu-dukungan", "patut"), ("mantap", "belum-patut")])
def test_the_lowest_level_of_the_invented_year_needs_a_reason_too(
    world: Kernel, sari: Player, budi: Player, result: str, behaviour: str
) -> None:
    case = first_quarter(world, sari, budi)
    with pytest.raises(Refusal) as refused:
        budi.hand_in(case, RATING, "rating", "tetapkan", hasil=result, perilaku=behaviour, alasan="")
    assert refused.value.code == "objected"
    assert rated(case, budi, result, behaviour).startswith("Predikat kinerja: ")
