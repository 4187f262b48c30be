"""The plugin rapor: what it takes from a school's Rapor Pendidikan, what it doubts, and what it refuses."""

from __future__ import annotations

import time
import tomllib
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

import kinerja_rapor
from kinerja import Fact, FactSpec, ImportRows, RowProblem, UnitRow, UnitView
from kinerja.kernel import Kernel
from kinerja.models import Job, UnitFact
from kinerja.testing import Player, case_of, unit
from kinerja_rapor import workbook
from kinerja_rapor.reader import maps
from kinerja_work import imports, jobs
from tests import rapor_files as files
from tests.plugins.test_pages import enter

ROOT = Path(__file__).parents[2]
SD = UnitView(7, "99990101", "SD Negeri 1 Tanjung Contoh", "sd", "Asia/Jakarta", "99990101")
TK = UnitView(8, "99990001", "TK Negeri Pembina Contoh", "tk", "Asia/Jakarta", "99990001")
CLASS = ("keteraturan-suasana-kelas", "penerapan-disiplin-positif")
METHOD = ("aktivitas-interaktif", "instruksi-pembelajaran", "instruksi-yang-adaptif")
HEAD = ("rapat-perencanaan-berbasis-data", "refleksi-kurikulum")


def read(raw: bytes, unit: UnitView = SD) -> ImportRows:
    """What the plugin's own import makes of a file, as the kernel calls it."""
    (connector,) = kinerja_rapor.register_connectors()
    (one,) = connector.imports
    return one.read({"rapor": raw}, unit, {})


def sd(layout="new", npsn="99990101", school=SD.name, **results):
    """The rows of an SD's report; `D_1_1=(name, label, score)` changes a row, None leaves it out."""
    changed = {key.replace("_", "."): value for key, value in results.items()}
    known = {code: row for code, row in {**files.DASMEN, **changed}.items() if row}
    return files.LAYOUTS[layout](known, school, npsn)


def facts(rows: ImportRows) -> dict[str, object]:
    return {fact.name: fact.value for fact in rows.facts}


def recommended(rows: ImportRows) -> set[str]:
    return {name.removeprefix("rapor.") for name in facts(rows)} - {"tahun"}


def stopped(rows: ImportRows) -> str:
    """The sentence of an import in which nothing was usable."""
    assert (rows.unit, rows.people, rows.facts) == (None, (), ())
    (problem,) = rows.problems
    assert (problem.row, problem.fatal) == (0, True)
    return problem.message


def doubt(rows: ImportRows) -> RowProblem:
    """The only problem of an import that is usable."""
    assert rows.unit is not None
    (problem,) = rows.problems
    assert problem.fatal is False
    return problem


def left_out(rows: ImportRows) -> RowProblem:
    """The only problem of an import that is usable but for one row."""
    assert rows.unit is not None
    (problem,) = rows.problems
    assert (problem.fatal, problem.row > 0) == (True, True)
    return problem


# --- what is registered -------------------------------------------------------------------------


def test_the_plugin_brings_one_import_of_one_file_and_declares_its_facts():
    (connector,) = kinerja_rapor.register_connectors()
    (one,) = connector.imports
    assert (connector.id, one.id) == ("rapor", "rapor-sekolah")
    assert one.files == (("rapor", "Berkas Rapor Pendidikan (.xlsx)"),)
    assert connector.gives == (FactSpec("rapor.*", "Rekomendasi dari Rapor Pendidikan"),)


@pytest.mark.parametrize(
    ("place", "folder"), [(0, "kinerja_rubrik_dasmen"), (1, "kinerja_rubrik_kepala"), (2, "kinerja_rubrik_paud")]
)
def test_the_map_names_exactly_the_indicators_of_the_rubric_with_its_labels_and_schools(place, folder):
    rubric = tomllib.loads((ROOT / f"plugins/{folder}/rubrik.toml").read_text("utf-8"))
    peta = maps()[place]
    assert [(entry.id, entry.label) for entry in peta.entries] == [
        (entry["id"], entry["label"]) for entry in rubric["butir"]
    ]
    assert list(peta.applies_to["bentuk"]) == rubric["applies_to"].get("bentuk", ["sd", "smp", "sma", "smk", "slb"])
    for entry, raw in zip(peta.entries, rubric["butir"], strict=True):
        assert [wish["kode"] for wish in entry.data["rapor"] if not wish["kode"].startswith(raw["kode_rapor"])] == []
        assert (bool(entry.source), entry.provisional, entry.id != "tahun") == (True, True, True)


# --- the layouts --------------------------------------------------------------------------------


@pytest.mark.parametrize(("layout", "year"), [("old", 2023), ("new", 2024)])
def test_a_dasmen_report_recommends_the_indicators_of_weak_components_and_no_others(layout, year):
    rows = read(files.report(sd(layout)))
    assert rows.problems == ()
    assert rows.unit == UnitRow(1, "99990101", SD.name, "sd")
    low = f"D.1.1 Manajemen kelas: 54,20 (Sedang), Rapor {year}"
    method = f"D.1.3 Metode pembelajaran: 40,50 (Kurang), Rapor {year}"
    curriculum = f"D.3.2 Pengelolaan kurikulum satuan pendidikan: 48,00 (Sedang), Rapor {year}"
    assert rows.facts == (
        Fact("rapor.tahun", year, f"Rapor Pendidikan {year}"),
        *(Fact(f"rapor.{id}", 54.2, low) for id in CLASS),
        *(Fact(f"rapor.{id}", 40.5, method) for id in METHOD),
        *(Fact(f"rapor.{id}", 48.0, curriculum) for id in HEAD),
    )  # fmt: skip


@pytest.mark.parametrize(("layout", "year"), [("old", 2023), ("new", 2024)])
def test_a_paud_report_is_read_by_its_own_meaning_of_the_codes(layout, year):
    rows = read(files.report(files.LAYOUTS[layout](files.PAUD, TK.name, TK.npsn)), TK)
    assert rows.problems == ()
    assert facts(rows) == {
        "rapor.tahun": year,
        "rapor.perencanaan-pembelajaran": 51.58,
        "rapor.muatan-pengembangan": 33.1,
    }
    assert rows.facts[1].label == (
        f"D.1 Perencanaan untuk Proses Pembelajaran yang efektif: 51,58 (Sedang), Rapor {year}"
    )


def test_a_row_of_the_indicator_itself_speaks_before_that_of_its_component():
    rows = read(files.report(sd(D_1_1_1=("Keteraturan suasana kelas", "Baik", "80,00"))))
    assert recommended(rows) == {"penerapan-disiplin-positif", *METHOD, *HEAD}


@pytest.mark.parametrize("score", ["54,20", "54.20", "54,20%", " 54,2 % ", 54.2])
def test_a_score_is_read_with_comma_point_percent_or_as_a_number(score):
    rows = read(files.report(sd(D_1_1=("Manajemen kelas", "Sedang", score))))
    assert (rows.problems, facts(rows)["rapor.keteraturan-suasana-kelas"]) == ((), 54.2)


@pytest.mark.parametrize("above", [1, 20, 34])
def test_a_header_that_moved_down_is_found_within_forty_rows(above):
    rows = sd()
    assert read(files.report([*rows[:2], *[()] * above, *rows[2:]])) == read(files.report(rows))


def test_columns_that_moved_and_other_words_for_them_are_found():
    renamed = {"No": "Kode", "Indikator": "Nama  Indikator", "Label Capaian 2024": "CAPAIAN", "Sumber Data": "Sumber"}
    rows = [[renamed.get(cell, cell) for cell in ["", *cells[::-1]]] for cells in sd()[4:]]
    assert read(files.report([*sd()[:4], *rows])) == read(files.report(sd()))


@pytest.mark.parametrize("sheet", ["Laporan Rapor 2024", "RAPOR PENDIDIKAN", "Capaian", "2. Laporan"])
def test_the_sheet_is_found_by_the_words_in_its_name(sheet):
    assert read(files.report(sd(), sheet)) == read(files.report(sd()))


def test_a_guide_with_a_better_name_but_no_table_is_passed_over():
    raw = files.book({"Laporan Rapor (petunjuk)": [("Cara membaca",)], "Capaian": sd()})
    assert read(raw) == read(files.report(sd()))


def without_year(rows):
    """A report whose header says only «Skor»."""
    return [
        ["Skor" if cell == "Skor Rapor 2023" else cell for cell in cells if cell != "Skor Rapor 2022"] for cells in rows
    ]


def test_the_year_comes_from_the_title_where_the_header_names_none():
    assert read(files.report(without_year(sd("old")))) == read(files.report(sd("old")))


def test_a_report_without_any_year_is_read_with_a_doubt_and_names_none():
    found = read(files.report([("Rapor Pendidikan",), *without_year(sd("old"))[1:]]))
    assert "Tahun rapor tidak tertulis" in doubt(found).message
    assert recommended(found) == {*CLASS, *METHOD, *HEAD}
    assert found.facts[0].label == "D.1.1 Manajemen kelas: 54,20 (Sedang), Rapor"


def test_a_report_in_which_all_is_well_recommends_nothing_and_says_so():
    good = {code.replace(".", "_"): (name, "Baik", "80,00") for code, (name, _, _) in files.DASMEN.items()}
    rows = read(files.report(sd(**good)))
    assert facts(rows) == {"rapor.tahun": 2024}
    assert doubt(rows).message.startswith("Semua indikator yang dibaca sudah baik")


# --- whose report -------------------------------------------------------------------------------


@pytest.mark.parametrize("line", [("NPSN", ":", "99990101"), ("NPSN : 99990101",), ("NPSN", 99990101)])
def test_the_npsn_is_found_in_one_cell_or_beside_its_name(line):
    rows = read(files.report([*sd(npsn="")[:1], line, *sd(npsn="")[1:]]))
    assert (rows.problems, rows.unit) == ((), UnitRow(1, "99990101", SD.name, "sd"))


def test_the_npsn_is_found_on_another_sheet():
    raw = files.book({"Profil": [("Nama Satuan Pendidikan", "X"), ("NPSN", "99990101")], files.SHEET: sd(npsn="")})
    assert read(raw).problems == ()


@pytest.mark.parametrize(
    "school", [SD.name, "SDN 1 Tanjung Contoh", "UPTD SD NEGERI  1 TANJUNG CONTOH", "S.D.N 1 Tanjung Contoh"]
)
def test_without_an_npsn_the_name_in_the_title_has_to_fit_and_is_a_doubt(school):  # fmt: skip
    rows = read(files.report(sd(npsn="", school=school)))
    assert doubt(rows).message.startswith("NPSN tidak tertulis di berkas ini. Berkasnya dicocokkan dari nama sekolah")
    assert recommended(rows) == {*CLASS, *METHOD, *HEAD}


def test_a_report_of_another_school_is_refused_by_its_npsn():
    sentence = stopped(read(files.report(sd(npsn="99990102"))))
    assert sentence.startswith(
        "Berkas ini rapor sekolah lain: isinya memuat NPSN 99990102, sedangkan Anda mengimpor untuk "
        "SD Negeri 1 Tanjung Contoh (NPSN 99990101)."
    )


@pytest.mark.parametrize("school", ["SD Negeri 1 Tanjung", "SD Negeri 11 Tanjung Contoh", "SD Negeri 3 Bahari"])
def test_a_report_of_another_school_is_refused_by_its_name(school):
    sentence = stopped(read(files.report(sd(npsn="", school=school))))
    assert sentence.startswith(f"Berkas ini rapor sekolah lain: isinya memuat nama «{school.upper()}»")


def test_a_report_that_names_no_school_is_refused():
    assert "NPSN dan nama sekolah tidak tertulis" in stopped(read(files.report(sd(npsn="")[3:])))


def test_a_school_without_npsn_is_refused():
    assert "belum punya NPSN di Kinerja" in stopped(read(files.report(sd()), replace(SD, npsn=None)))


def test_a_unit_that_is_no_school_is_refused():
    assert "bukan sekolah" in stopped(read(files.report(sd()), replace(SD, kind="kabupaten")))


def test_a_dasmen_report_given_for_a_tk_finds_none_of_its_rows():
    raw = files.report(files.new(files.DASMEN, TK.name, TK.npsn))
    sentence = stopped(read(raw, TK))
    assert "tidak memuat satu pun baris yang dicari: D.1 Perencanaan untuk proses pembelajaran, D.2" in sentence


# --- files that cannot be used ------------------------------------------------------------------


def test_a_header_below_forty_rows_is_refused_and_the_missing_columns_named():
    rows = sd()
    sentence = stopped(read(files.report([*rows[:2], *[()] * 40, *rows[2:]])))
    assert sentence.startswith(
        "Kolom «No», «Indikator», «Capaian atau Label Capaian», «Skor Rapor atau Nilai Capaian» tidak ditemukan "
        "dalam 40 baris pertama lembar «Laporan Rapor Satuan»"
    )


@pytest.mark.parametrize(
    ("gone", "named"),
    [
        ("No", "«No»"),
        ("Indikator", "«Indikator»"),
        ("Label Capaian 2024", "«Capaian atau Label Capaian»"),
        ("Nilai Capaian 2024", "«Capaian atau Label Capaian», «Skor Rapor atau Nilai Capaian»"),
    ],
)
def test_missing_columns_are_named(gone, named):
    """A label goes with the score of its own year, so without that score it is missing too."""
    rows = [["?" if cell == gone else cell for cell in cells if not str(cell).endswith(" 2023")] for cells in sd()]
    assert stopped(read(files.report(rows))).startswith(f"Kolom {named} tidak ditemukan dalam 40 baris pertama")


def test_the_label_of_last_year_never_stands_in_for_that_of_this_year():
    rows = [["?" if cell == "Label Capaian 2024" else cell for cell in cells] for cells in sd()]
    assert stopped(read(files.report(rows))).startswith("Kolom «Capaian atau Label Capaian» tidak ditemukan")


def test_a_title_of_another_year_than_the_newest_scores_is_a_doubt():
    rows = [["?" if str(cell).endswith("Capaian 2024") else cell for cell in cells] for cells in sd()]
    found = read(files.report(rows))
    year, _ = found.problems
    assert (year.row, year.fatal) == (0, False)
    assert year.message.startswith("Judulnya menyebut tahun 2024, sedangkan nilai terbarunya tahun 2023.")
    assert facts(found) == {"rapor.tahun": 2023}


def test_a_missing_sheet_is_refused_with_the_sheets_seen_and_wanted():
    sentence = stopped(read(files.report(sd(), "Lembar1")))
    assert "namanya memuat «Laporan», «Rapor», atau «Capaian»" in sentence
    assert "Yang ada di berkas ini: «Panduan», «Lembar1»." in sentence


def test_formulas_without_results_are_refused_with_their_cells():
    rows = read(files.report(sd(D_1_1=("Manajemen kelas", "Sedang", files.Formula("=50+4.2")))))
    assert stopped(rows) == (
        "Di lembar «Laporan Rapor Satuan» ada sel berisi rumus tanpa hasil: D8. "
        "Buka di Excel atau LibreOffice, simpan sebagai Excel (.xlsx), lalu unggah lagi."
    )


def test_a_header_of_formulas_without_results_is_told_as_that():
    header = [files.Formula(f'="{cell}"') for cell in files.HEADER_NEW]
    rows = [header if cells == files.HEADER_NEW else cells for cells in sd()]
    assert "ada sel berisi rumus tanpa hasil: A5, B5, C5, D5, E5, dan 3 lainnya." in stopped(read(files.report(rows)))


def test_a_formula_in_a_column_that_is_not_read_does_no_harm():
    rows = [[files.Formula("=1+1") if cell == "Sulingjar" else cell for cell in cells] for cells in sd()]
    assert read(files.report(rows)) == read(files.report(sd()))


def test_fifty_thousand_rows_are_refused_quickly_and_without_much_memory(monkeypatch):
    raw = files.long(50_000)
    monkeypatch.setattr(workbook, "load_workbook", lambda _: pytest.fail("was laid out"))
    start = time.perf_counter()
    sentence = stopped(read(raw))
    assert time.perf_counter() - start < 5
    assert "memuat 50.000 baris, paling banyak 5.000" in sentence
    tracemalloc.start()
    read(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000


def test_a_single_cell_far_away_is_refused_before_the_sheet_is_laid_out():
    far = [*sd(), *[()] * 5_000, ("x",)]
    assert "baris, paling banyak 5.000" in stopped(read(files.report(far)))
    wide = [*sd(), ["", *[""] * 100, "x"]]
    assert "lebih dari 100 kolom" in stopped(read(files.report(wide)))


def bomb() -> bytes:
    def swell(parts: dict[str, bytes]) -> None:
        parts["xl/media/image1.bin"] = b"\0" * 70_000_000

    return files.repacked(files.report(sd()), swell)


def lying() -> bytes:
    """A ZIP whose directory says that a part is smaller than it is."""
    raw = bytearray(bomb())
    size = (70_000_000).to_bytes(4, "little")
    while (at := raw.find(size)) >= 0:
        raw[at : at + 4] = (1_000).to_bytes(4, "little")
    return bytes(raw)


def declared() -> bytes:
    """A sheet with a document type, which could blow up when it is read."""

    def declare(parts: dict[str, bytes]) -> None:
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"<workbook", b"<!DOCTYPE x []><workbook")

    return files.repacked(files.report(sd()), declare)


def unnumbered() -> bytes:
    def strip(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet2.xml"
        parts[name] = parts[name].replace(b' r="D8"', b"")

    return files.repacked(files.report(sd()), strip)


def part(name: str) -> bytes:
    """A ZIP that holds this part and is no Excel file."""
    return files.repacked(files.report(sd()), lambda parts: (parts.clear(), parts.update({name: b"x"}))[0])


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("raw", "what", "now"),
    [
        (lambda: b"", "belum ada atau kosong", "Unduh ulang"),
        (lambda: b"No;Indikator;Skor\n", "bukan berkas Excel", "salah pilih berkas"),
        (lambda: b"%PDF-1.7 ...", "bukan berkas Excel", "salah pilih berkas"),
        (lambda: b"<html><table></table></html>", "bukan berkas Excel", "salah pilih berkas"),
        (lambda: part("word/document.xml"), "bukan berkas Excel", "salah pilih berkas"),
        (lambda: part("mimetype"), "berformat lain", "simpan sebagai Excel (.xlsx)"),
        (lambda: part("xl/workbook.bin"), "berformat lain", "simpan sebagai Excel (.xlsx)"),
        (lambda: OLE, "berformat lain", "simpan sebagai Excel (.xlsx)"),
        (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "dikunci dengan kata sandi", "Hapus kata sandinya"),
        (lambda: part("xl/workbook.xml"), "rusak atau tidak utuh", "Unduh ulang"),
        (lambda: files.report(sd())[:-200], "rusak atau tidak utuh", "Unduh ulang"),
        (lambda: files.report(sd())[:30] + b"\xff" * 60 + files.report(sd())[90:], "rusak atau tidak utuh", "Unduh ulang"),
        (lambda: b"PK\x03\x04" + b"\0" * 5_000_000, "terlalu besar: 5,0 MB, paling besar 5 MB", "Unduh ulang"),
        (bomb, "terlalu besar saat dibuka", "Unduh ulang"),
        (lying, "rusak atau tidak utuh", "Unduh ulang"),
        (declared, "rusak atau tidak utuh", "Unduh ulang"),
        (unnumbered, "tidak bernomor", "simpan sebagai Excel (.xlsx)"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_small_whole_excel_file_is_refused_and_says_what_to_do(raw, what, now):
    sentence = stopped(read(raw()))
    assert what in sentence
    assert now in sentence
    assert sentence.startswith(("Berkas", "Isi berkas", "Sel di berkas"))


def test_a_file_that_was_not_given_is_refused():
    (connector,) = kinerja_rapor.register_connectors()
    assert "belum ada atau kosong" in stopped(connector.imports[0].read({}, SD, {}))


@pytest.mark.parametrize("step", range(0, 100, 7))
def test_a_file_cut_or_scratched_anywhere_never_raises(step):
    raw = files.report(sd())
    at = len(raw) * step // 100
    for broken in (raw[:at], raw[:at] + b"\x00\xff<" + raw[at + 3 :]):
        rows = read(broken)
        assert rows.unit is not None or stopped(rows)


# --- rows that cannot be used -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "says"),
    [
        ("-3,00", "Nilainya -3,00, padahal seharusnya dari 0 sampai 100"),
        ("100,01", "Nilainya 100,01, padahal seharusnya dari 0 sampai 100"),
        (5420, "Nilainya 5420,00, padahal"),
        ("lima puluh", "Nilainya «lima puluh», bukan angka"),
        ("#N/A", "Nilainya «#N/A», bukan angka"),
        (True, "Nilainya «True», bukan angka"),
        (0.542, "Nilainya 0,54; mungkin maksudnya 54,20%"),
    ],
)
def test_a_score_that_is_none_is_left_out_with_its_row_and_the_others_are_kept(score, says):
    rows = read(files.report(sd(D_1_1=("Manajemen kelas", "Sedang", score))))
    problem = left_out(rows)
    assert (problem.row, problem.who) == (8, "D.1.1 Manajemen kelas")
    assert problem.message.startswith(says)
    assert recommended(rows) == {*METHOD, *HEAD}


@pytest.mark.parametrize("score", [0, "0", 100, "100,00"])
def test_the_ends_of_the_scale_are_scores(score):
    rows = read(files.report(sd(D_1_1=("Manajemen kelas", "Sedang", score))))
    assert (rows.problems, facts(rows)["rapor.keteraturan-suasana-kelas"]) == ((), float(str(score).replace(",", ".")))


@pytest.mark.parametrize(
    ("label", "score", "says"),
    [
        ("", "", "Capaiannya tidak tersedia di rapor"),
        ("Tidak Tersedia", "Tidak Tersedia", "Capaiannya tidak tersedia di rapor"),
        ("Tidak Tersedia", "-", "Capaiannya tidak tersedia di rapor"),
        ("", "54,20", "Kolom capaiannya kosong"),
        ("Merintis", "54,20", "Capaian «Merintis» belum dikenal"),
    ],
)
def test_a_result_that_is_missing_or_unknown_recommends_nothing_and_is_named(label, score, says):
    rows = read(files.report(sd(D_1_1=("Manajemen kelas", label, score))))
    assert left_out(rows).message.startswith(says)
    assert recommended(rows) == {*METHOD, *HEAD}


def test_a_weak_result_without_a_score_recommends_with_its_word():
    rows = read(files.report(sd(D_1_1=("Manajemen kelas", "Kurang (sebagian data)", ""))))
    assert rows.problems == ()
    assert rows.facts[1] == Fact(
        "rapor.keteraturan-suasana-kelas", "Kurang", "D.1.1 Manajemen kelas: Kurang, Rapor 2024"
    )


def test_a_missing_row_is_a_doubt_told_once_and_the_others_are_kept():
    rows = read(files.report(sd(D_1_1=None)))
    assert (doubt(rows).row, doubt(rows).who) == (0, "D.1.1 Manajemen kelas")
    assert recommended(rows) == {*METHOD, *HEAD}


def test_a_code_that_stands_for_something_else_is_not_taken():
    rows = read(files.report(sd(D_1_1=("Iklim kebinekaan", "Kurang", "20,00"))))
    assert recommended(rows) == {*METHOD, *HEAD}
    assert doubt(rows).message.startswith("Baris ini tidak ada di berkas")


def test_an_indicator_written_twice_alike_is_used_once_and_told():
    rows = read(files.report([*sd(), ("D.1.1", "Manajemen Kelas", "SEDANG", 54.2)]))
    assert doubt(rows).message == "Tertulis 2 kali dengan isi yang sama (baris 8 dan 17). Dipakai satu kali."
    assert recommended(rows) == {*CLASS, *METHOD, *HEAD}


def test_an_indicator_written_twice_differently_is_not_used_and_both_rows_are_named():
    rows = read(files.report([*sd(), ("D.1.1", "Manajemen kelas", "Kurang", "30,00")]))
    assert left_out(rows).message.startswith("Tertulis 2 kali dengan isi berbeda (baris 8 dan 17), jadi tidak dipakai.")
    assert recommended(rows) == {*METHOD, *HEAD}


# --- the demo world -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(files.demo()))
def test_the_files_of_the_demo_are_what_the_builders_write(name):
    assert sorted(path.name for path in files.DEMO.iterdir()) == sorted(files.demo())
    unit = SD if name.startswith(SD.npsn) else TK
    rows = read((files.DEMO / name).read_bytes(), unit)
    assert rows == read(files.demo()[name], unit)
    assert (rows.problems, len(rows.facts)) == ((), 8 if unit is SD else 3)


# --- the whole way ------------------------------------------------------------------------------


@pytest.fixture
def demo(demo: Kernel) -> Kernel:
    """The demo world without the reports it comes with."""
    UnitFact.delete().execute()
    return demo


def run(kernel: Kernel, raw: bytes, at: str = SD.code) -> Job:
    """An upload, read by the worker; nothing is taken over yet."""
    id = imports.start_import(kernel, "rapor", "rapor-sekolah", unit(at), {"rapor": raw}, None)
    jobs.run_due(kernel)
    return Job.get_by_id(id)


def choices(kernel: Kernel, name: str) -> list[tuple[str, str]]:
    """(id, tag) of what a person may choose as indicator, in the order shown."""
    form = Player(kernel, name).form(case_of(name, "Januari"), "perencanaan", "praktik")
    return [(option.id, option.tag) for option in form.field("indikator").options]


def test_a_report_taken_over_marks_exactly_its_indicators_and_puts_them_first(demo):
    teacher, elsewhere = choices(demo, "Sari Contoh"), choices(demo, "Kartini Contoh")
    assert [tag for _, tag in (*teacher, *elsewhere) if tag] == []
    job = run(demo, (files.DEMO / "99990101-rapor.xlsx").read_bytes())
    assert (job.state, job.result["problems"], len(job.result["facts"])) == ("preview", [], 8)
    assert choices(demo, "Sari Contoh") == teacher  # read is not taken over
    imports.confirm(demo, job.id)
    jobs.run_due(demo)
    chosen = {*CLASS, *METHOD}
    rest = [(id, "") for id, _ in teacher if id not in chosen]
    assert choices(demo, "Sari Contoh") == [
        *[(id, "Rekomendasi dari Rapor Pendidikan") for id, _ in teacher if id in chosen],
        *rest,
    ]
    assert len(rest) == 3
    assert choices(demo, "Kartini Contoh") == elsewhere


def test_the_page_of_the_teacher_marks_them_too_and_names_the_report(demo):
    imports.confirm(demo, run(demo, (files.DEMO / "99990101-rapor.xlsx").read_bytes()).id)
    jobs.run_due(demo)
    case = case_of("Sari Contoh", "Januari")
    answer = enter(demo, "Sari Contoh").client.get(f"/kasus/{case}/perencanaan/praktik")
    assert answer.status_code == 200
    assert "Rekomendasi dari Rapor Pendidikan" in answer.text
    for result, times in (("54,20 (Sedang), Rapor 2024", len(CLASS)), ("40,50 (Kurang), Rapor 2024", len(METHOD))):
        assert answer.text.count(result) == times
    assert "berdiskusi dengan" not in answer.text


def test_a_tk_gets_its_own_recommendations(demo):
    imports.confirm(demo, run(demo, (files.DEMO / "99990001-rapor.xlsx").read_bytes(), TK.code).id)
    jobs.run_due(demo)
    marked = [id for id, tag in choices(demo, "Ratna Contoh") if tag]
    assert marked == ["perencanaan-pembelajaran", "muatan-pengembangan"]
    assert [id for id, tag in choices(demo, "Sari Contoh") if tag] == []


def test_the_head_of_a_school_gets_those_of_the_heads_rubric(demo):
    imports.confirm(demo, run(demo, (files.DEMO / "99990101-rapor.xlsx").read_bytes()).id)
    jobs.run_due(demo)
    assert {id for id, tag in choices(demo, "Budi Contoh") if tag} == {*HEAD}


def test_the_next_report_replaces_the_recommendations_of_the_one_before(demo):
    better = sd(D_1_1=("Manajemen kelas", "Baik", "81,00"))
    for raw in (files.report(sd()), files.report(better)):
        imports.confirm(demo, run(demo, raw).id)
        jobs.run_due(demo)
    assert {id for id, tag in choices(demo, "Sari Contoh") if tag} == {*METHOD}


@pytest.mark.parametrize(
    "raw",
    [
        lambda: files.report(sd(npsn="99990102")),
        lambda: files.report([*[()] * 41, *sd()]),
        lambda: files.report(sd(D_1_1=("Manajemen kelas", "Sedang", files.Formula("=1")))),
        lambda: files.report(sd(), "Lembar1"),
        lambda: files.long(50_000),
    ],
    ids=["another school", "moved header", "formulas", "missing sheet", "50,000 rows"],
)
def test_a_bad_report_says_why_and_keeps_what_was_there(demo, raw):
    imports.confirm(demo, run(demo, files.report(sd())).id)
    jobs.run_due(demo)
    before = choices(demo, "Sari Contoh")
    job = run(demo, raw())
    ((row, _, sentence, fatal),) = job.result["problems"]
    assert (job.state, row, fatal, len(sentence) > 40) == ("failed", 0, True, True)
    imports.confirm(demo, job.id)
    jobs.run_due(demo)
    assert (Job.get_by_id(job.id).state, choices(demo, "Sari Contoh")) == ("failed", before)
