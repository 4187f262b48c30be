"""The plugin dapodik: what it takes from a school's two files, what it doubts, and what it refuses."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

import kinerja_dapodik
from kinerja import Content, ImportRows, PersonRow, RowProblem, UnitView

ROOT = Path(__file__).parents[2]
UNIT = UnitView(7, "99990101", "SD Negeri Contoh", "sd", "Asia/Jakarta", "99990101")
FILES = ("getSekolah", "getGtk")
KINDS = ("post_kinds", "employment_kinds", "unit_kinds", "ranks")
CONTENTS = {
    kind: Content.parse(tomllib.loads((ROOT / f"plugins/kinerja_acuan_gtk/{kind}.toml").read_text("utf-8")))
    for kind in KINDS
}


def school(**cells):
    return {
        "npsn": "99990101",
        "nama": "SD Negeri Contoh",
        "bentuk_pendidikan_id": 5,
        "bentuk_pendidikan_id_str": "SD",
        "status_sekolah": "1",
        "status_sekolah_str": "Negeri",
        "kecamatan": "Kec. Tanjung",
        **cells,
    }


def teacher(**cells):
    return {
        "ptk_id": "22222222-2222-4222-8222-222222222222",
        "ptk_induk": "1",
        "tanggal_surat_tugas": "2019-07-15",
        "nama": "Sari Contoh",
        "jenis_kelamin": "P",
        "tanggal_lahir": "1990-03-02",
        "nuptk": "9999000000000008",
        "nik": "0000000000000000",
        "jenis_ptk_id": "3",
        "jenis_ptk_id_str": "Guru Kelas",
        "status_kepegawaian_id": 1,
        "status_kepegawaian_id_str": "PNS",
        "nip": "199003022019032001",
        "pangkat_golongan_terakhir": "III/b",
        **cells,
    }


def other(**cells):
    """A second teacher who shares nothing with the first."""
    own = {"nama": "Agus Contoh", "nip": "199003022019031001", "nuptk": "9999000000000009", "ptk_id": "ptk-2"}
    return teacher(**{**own, **cells})


def envelope(rows):
    return {"results": len(rows) if isinstance(rows, list) else 1, "start": 0, "limit": 20, "rows": rows}


def body(value):
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def read(sekolah=None, gtk=None, unit=UNIT, contents=CONTENTS) -> ImportRows:
    """What the plugin's own import makes of two answers, as the kernel calls it."""
    (connector,) = kinerja_dapodik.register_connectors()
    (one,) = connector.imports
    sekolah = envelope(school()) if sekolah is None else sekolah
    gtk = envelope([teacher()]) if gtk is None else gtk
    return one.read({"sekolah": body(sekolah), "gtk": body(gtk)}, unit, contents)


def person(**cells) -> tuple[PersonRow, tuple[RowProblem, ...]]:
    """The one person of a file that holds only them, and the problems, none of which keeps them out."""
    rows = read(gtk=envelope([teacher(**cells)]))
    assert not [problem for problem in rows.problems if problem.fatal]
    (found,) = rows.people
    return found, rows.problems


def doubt(**cells) -> tuple[PersonRow, str]:
    found, (problem,) = person(**cells)
    assert (problem.row, problem.who, problem.fatal) == (1, "Sari Contoh", False)
    return found, problem.message


def stopped(rows: ImportRows) -> str:
    """The sentence of an import in which nothing was usable."""
    assert (rows.unit, rows.people) == (None, ())
    (problem,) = rows.problems
    assert (problem.row, problem.fatal) == (0, True)
    return problem.message


def damaged(service, raw) -> str:
    return stopped(read(sekolah=raw) if service == "getSekolah" else read(gtk=raw))


# --- what is registered -------------------------------------------------------------------------


def test_the_plugin_brings_one_import_of_two_files():
    (connector,) = kinerja_dapodik.register_connectors()
    (one,) = connector.imports
    assert (connector.id, connector.label, one.id, one.label) == (
        "dapodik",
        "Dapodik",
        "sekolah",
        "Impor data Dapodik sekolah",
    )
    assert one.files == (("sekolah", "Berkas getSekolah"), ("gtk", "Berkas getGtk"))


# --- the files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [school(), [school()]], ids=["object", "array of one"])
def test_a_school_is_read_from_an_object_or_an_array(rows):
    assert read(sekolah=envelope(rows)).unit == read().unit


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"datas": rows}], ids=["bare array", "datas"])
def test_older_builds_without_rows_are_read_as_well(wrap):
    rows = read(sekolah=wrap([school()]), gtk=wrap([teacher()]))
    assert rows == read()
    assert rows.unit is not None


def test_a_byte_order_mark_does_no_harm():
    raw = b"\xef\xbb\xbf" + json.dumps(envelope([teacher()])).encode()
    assert read(gtk=raw) == read()


@pytest.mark.parametrize("service", FILES)
@pytest.mark.parametrize(
    ("raw", "what", "now"),
    [
        (b"Access denied - You are not authorized to access this page.", "token salah", "alamat IP"),
        (b"Parameter NPSN harap diisi", "tanpa NPSN", "Tambahkan NPSN"),
        (b"Sekolah tidak ditemukan", "bukan milik Dapodik di komputer itu", "Periksa NPSN-nya"),
        (b'<html><script>{"rows": []}</script></html>', "halaman web (HTML)", "tulislah"),
        (b'{"success": false, "message": "token {lama}"}', "«token {lama}»", "Selesaikan dulu sebabnya"),
        (b'{"results": 1, "rows": [{"npsn": "9999', "terpotong", "Unduh ulang"),
        (b"[" * 200_000, "terpotong", "Unduh ulang"),
        (b"   \n", "kosong", "Unduh ulang"),
        (b"PK\x03\x04\xff\xfe", "bukan teks JSON", "Unduh ulang"),
        (b"Selamat datang", "teks lain", "Unduh ulang"),
        (b'{"kabar": "baik"}', "tidak memuat daftar", "Mungkin salah pilih berkas"),
        (b'{"rows": [1, 2]}', "tidak memuat daftar", "Mungkin salah pilih berkas"),
        (b'{"results": 0, "rows": []}', "tidak memuat satu baris pun", "Periksa dulu isi Dapodik"),
    ],
)
def test_a_file_that_is_no_answer_stops_the_import_and_says_what_to_do(service, raw, what, now):
    sentence = damaged(service, raw)
    assert sentence.startswith(f"Berkas {service} ")
    assert what in sentence
    assert now in sentence
    assert sentence.endswith(f"Unduh ulang {service} dari Dapodik, lalu impor lagi.")


def test_a_file_that_was_not_given_is_named():
    (connector,) = kinerja_dapodik.register_connectors()
    rows = connector.imports[0].read({"sekolah": body(envelope(school()))}, UNIT, CONTENTS)
    assert stopped(rows).startswith("Berkas getGtk belum ada atau kosong")


def test_two_bad_files_are_both_named():
    rows = read(sekolah=b"Access denied", gtk=b"<html>")
    assert [problem.message.split()[1] for problem in rows.problems] == ["getSekolah", "getGtk"]
    assert all(problem.fatal and problem.row == 0 for problem in rows.problems)


@pytest.mark.parametrize("service", FILES)
def test_swapped_files_are_recognised(service):
    raw = envelope([teacher()]) if service == "getSekolah" else envelope(school())
    assert "tertukar" in damaged(service, raw)


def test_fewer_rows_than_dapodik_counted_is_a_doubt():
    (problem,) = read(gtk={"results": "23", "rows": [teacher()]}).problems
    assert (problem.row, problem.fatal) == (0, False)
    assert "memuat 1 baris, padahal Dapodik mencatat 23" in problem.message


def test_lists_that_are_switched_off_stop_the_import():
    some = {kind: content for kind, content in CONTENTS.items() if kind != "ranks"}
    assert "Daftar acuan ranks tidak aktif" in stopped(read(contents=some))


# --- the school ---------------------------------------------------------------------------------


def test_a_file_of_another_school_is_refused():
    sentence = stopped(read(sekolah=envelope(school(npsn="99990999", nama="SD Lain Contoh"))))
    assert "Berkas milik sekolah lain" in sentence
    assert "SD Lain Contoh (NPSN 99990999)" in sentence
    assert "SD Negeri Contoh (NPSN 99990101)" in sentence


def test_a_unit_without_npsn_cannot_take_a_file():
    assert "belum punya NPSN" in stopped(read(unit=replace(UNIT, npsn=None)))


def test_the_school_gets_its_kind_sector_and_kecamatan():
    unit = read().unit
    assert unit is not None
    assert (unit.npsn, unit.name, unit.kind) == ("99990101", "SD Negeri Contoh", "sd")
    assert unit.attributes == {"satuan": "negeri", "kecamatan": "Tanjung"}


def test_a_private_school_is_known_by_the_number_alone():
    unit = read(sekolah=envelope(school(status_sekolah="2", status_sekolah_str=None))).unit
    assert unit is not None
    assert unit.attributes["satuan"] == "swasta"


def test_an_unknown_kind_of_school_or_sector_is_a_doubt_and_changes_nothing():
    cells = {"bentuk_pendidikan_id_str": "Padepokan", "status_sekolah": None, "status_sekolah_str": None}
    rows = read(sekolah=envelope(school(bentuk_pendidikan_id=77, **cells)))
    assert rows.unit is not None
    assert (rows.unit.kind, rows.unit.attributes) == ("sd", {"kecamatan": "Tanjung"})
    assert [problem.fatal for problem in rows.problems] == [False, False]
    assert "Padepokan" in rows.problems[0].message


# --- role and kind of post ----------------------------------------------------------------------


def test_a_teacher_is_read_whole():
    found, problems = person()
    assert problems == ()
    assert (found.row, found.name, found.sex) == (1, "Sari Contoh", "P")
    assert f"{found.born}" == "1990-03-02"
    assert (found.employment, found.rank, found.level) == ("pns", "pns-iii-b", "guru-ahli-pertama")
    assert found.attributes == {"jenis_ptk": "guru-kelas"}
    (held,) = found.assignments
    assert (held.role, held.unit, held.kind, held.home) == ("guru", "99990101", "definitif", True)
    assert f"{held.since}" == "2019-07-15"
    assert held.until is None
    assert (found.title_front, found.title_back) == ("", "")


def test_a_name_all_in_capitals_is_written_as_names_are():
    assert person(nama="NUR'AINI  CONTOH-SATU")[0].name == "Nur'aini Contoh-Satu"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"jenis_ptk_id_str": "  GURU   kelas "}, "guru-kelas"),
        ({"jenis_ptk_id_str": "Play-Group Teacher", "jenis_ptk_id": "3"}, "play-group-teacher"),
        ({"jenis_ptk_id_str": None, "jenis_ptk_id": "Guru BK"}, "guru-bk"),
        ({"jenis_ptk_id_str": None, "jenis_ptk_id": 4}, "guru-mapel"),
        ({"jenis_ptk_id_str": "Guru Entah", "jenis_ptk_id": "14"}, "guru-tik"),
    ],
    ids=["case and blanks", "text before number", "text in the number", "number alone", "number after unknown text"],
)
def test_a_kind_of_post_is_matched_by_text_first_and_then_by_number(cells, kind):
    found, problems = person(**cells)
    assert problems == ()
    assert found.attributes["jenis_ptk"] == kind
    assert found.assignments[0].role == "guru"


def test_a_promoted_teacher_is_head_though_the_kind_of_post_stays_guru():
    found, problems = person(jabatan_ptk_id="2", jabatan_ptk_id_str="Kepala Sekolah")
    assert problems == ()
    assert found.assignments[0].role == "kepala-sekolah"
    assert found.attributes["jenis_ptk"] == "guru-kelas"


def test_the_kind_of_post_kepala_sekolah_is_a_head_too():
    found, _ = person(jenis_ptk_id="20", jenis_ptk_id_str="Kepala Sekolah")
    assert (found.assignments[0].role, found.attributes["jenis_ptk"]) == ("kepala-sekolah", "kepala-sekolah")


@pytest.mark.parametrize("seen", [None, "Tenaga Administrasi"])
def test_a_head_whose_kind_of_post_does_not_teach_is_never_counted_as_staff(seen):
    found, problems = person(jenis_ptk_id=None, jenis_ptk_id_str=seen, jabatan_ptk_id="Kepala Sekolah")
    assert problems == ()
    assert (found.assignments[0].role, found.attributes["jenis_ptk"]) == ("kepala-sekolah", "kepala-sekolah")


def test_a_head_with_an_unknown_kind_of_post_is_a_doubt_and_stays_head():
    found, sentence = doubt(jenis_ptk_id=None, jenis_ptk_id_str="Guru", jabatan_ptk_id_str="Kepala Sekolah")
    assert (found.assignments[0].role, found.attributes["jenis_ptk"]) == ("kepala-sekolah", "guru")
    assert "dibaca sebagai Kepala Sekolah" in sentence


def test_the_number_of_an_office_is_not_taken_for_the_number_of_a_kind_of_post():
    assert person(jabatan_ptk_id="20", jabatan_ptk_id_str=None)[0].assignments[0].role == "guru"


def test_an_office_that_is_not_head_changes_no_role():
    assert person(jabatan_ptk_id_str="Wakil Kepala Sekolah")[0].assignments[0].role == "guru"


def test_an_acting_head_is_never_made_definitive_by_dapodik():
    found, sentence = doubt(jabatan_ptk_id_str="Plt. Kepala Sekolah")
    assert found.assignments[0].role == "guru"
    assert "memerlukan SK" in sentence


def test_an_unknown_kind_of_post_is_a_doubt_and_counts_as_staff():
    found, sentence = doubt(jenis_ptk_id="92", jenis_ptk_id_str="Juru  Masak")
    assert found.assignments[0].role == "tendik"
    assert found.attributes["jenis_ptk"] == "juru masak"
    assert "«Juru Masak»" in sentence


@pytest.mark.parametrize("seen", ["Tenaga Administrasi", "Laboran", "Perpustakaan"])
def test_all_who_do_not_teach_are_tenaga_kependidikan_without_a_teachers_level(seen):
    found, problems = person(jenis_ptk_id=None, jenis_ptk_id_str=seen)
    assert problems == ()
    assert found.attributes == {"jenis_ptk": "tenaga-kependidikan"}
    assert (found.assignments[0].role, found.level) == ("tendik", "")


# --- numbers ------------------------------------------------------------------------------------


def test_ids_stand_in_order_of_trust():
    assert list(person()[0].ids) == ["nip", "nuptk", "ptk_id"]


def test_blanks_in_a_nip_are_stripped():
    found, problems = person(nip=" 19900302 201903\u00a02 001 ")
    assert problems == ()
    assert found.ids["nip"] == "199003022019032001"


def test_the_number_of_a_pppk_is_accepted_with_21_where_a_month_would_stand():
    found, problems = person(nip="199003022021212001", status_kepegawaian_id_str="PPPK", pangkat_golongan_terakhir="IX")
    assert problems == ()
    assert found.ids["nip"] == "199003022021212001"
    assert (found.employment, found.rank, found.level) == ("pppk", "pppk-ix", "")


def test_a_birth_date_that_differs_from_the_nip_is_a_doubt():
    found, sentence = doubt(tanggal_lahir="1990-03-20")
    assert found.ids["nip"] == "199003022019032001"
    assert "02-03-1990" in sentence
    assert "20-03-1990" in sentence


@pytest.mark.parametrize("nip", ["19900302201903200", "1990030220190320011", "19900302201903200A"])
def test_a_nip_of_the_wrong_shape_is_left_out_and_named(nip):
    found, sentence = doubt(nip=nip)
    assert list(found.ids) == ["nuptk", "ptk_id"]
    assert nip in sentence


def test_a_nuptk_of_the_wrong_length_is_left_out_and_named():
    found, sentence = doubt(nuptk="123")
    assert list(found.ids) == ["nip", "ptk_id"]
    assert "NUPTK «123»" in sentence


@pytest.mark.parametrize("empty", [None, "", "-", "000000000000000000"])
def test_no_nip_is_no_problem(empty):
    found, problems = person(nip=empty, status_kepegawaian_id_str="Guru Honor Sekolah", pangkat_golongan_terakhir="-")
    assert problems == ()
    assert "nip" not in found.ids
    assert (found.employment, found.rank, found.level) == ("non-asn", "", "")


def test_national_identity_numbers_and_passwords_are_kept_nowhere():
    rows = read(
        gtk=envelope([teacher(nik="1111222233334444"), other(nik="1111222233334444", nip="1")]),
    )
    assert len(rows.people) == 2
    assert not [secret for secret in ("1111222233334444", "nik=", "'nik'") if secret in repr(rows)]
    for told in (
        {"sekolah": envelope(school(password="rahasia"))},
        {"gtk": envelope([teacher(), other(password="rahasia")])},
    ):
        rows = read(**told)
        assert (rows.unit, rows.people, len(rows.problems), "rahasia" in repr(rows)) == (None, (), 1, False)


def test_two_rows_with_one_nip_are_both_refused_and_both_named():
    rows = read(
        gtk=envelope([teacher(), other(nip="199003022019032001 "), other(nip=None, nuptk=None, ptk_id="ptk-3")])
    )
    assert [found.row for found in rows.people] == [3]
    assert [(problem.row, problem.fatal) for problem in rows.problems] == [(1, True), (2, True), (3, False)]
    assert rows.problems[2].message.startswith("Status kepegawaian PNS, tetapi NIP kosong.")
    for problem in rows.problems[:2]:
        assert "NIP 199003022019032001 dipakai oleh baris 1 (Sari Contoh) dan baris 2 (Agus Contoh)" in problem.message


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ({"tahun_ajaran_id": "2023"}, {"tahun_ajaran_id": "2022"}, 1),
        ({"tahun_ajaran_id": "2022"}, {"tahun_ajaran_id": "2023"}, 2),
        ({"tanggal_surat_tugas": "2021-07-01"}, {"tanggal_surat_tugas": None}, 1),
        ({"tanggal_surat_tugas": "2021-07-01"}, {"tanggal_surat_tugas": "2022-07-01"}, 2),
        ({}, {}, 2),
        ({}, {"nama": "SARI  CONTOH", "nip": None, "nuptk": None}, 2),
        ({"tahun_ajaran_id": "2023", "jenis_ptk_id_str": "Kepala Sekolah"}, {"tahun_ajaran_id": "2022"}, 1),
    ],
)
def test_two_rows_of_one_ptk_id_and_one_name_are_one_person_by_the_newest(first, second, kept):
    rows = read(gtk=envelope([teacher(**first), teacher(**second), other()]))
    assert [found.row for found in rows.people] == [kept, 3]
    [told] = [problem for problem in rows.problems if "tertulis lagi" in problem.message]
    assert (told.row, told.fatal) == (3 - kept, False)
    assert f"tertulis lagi di baris {kept}" in told.message


def test_an_older_row_of_one_person_that_shares_a_number_with_another_refuses_nobody():
    rows = read(
        gtk=envelope(
            [teacher(tahun_ajaran_id="2023"), teacher(tahun_ajaran_id="2001", nip="199003022019031001"), other()]
        )
    )
    assert [found.row for found in rows.people] == [1, 3]


def test_two_rows_with_one_ptk_id_are_both_refused():
    rows = read(gtk=envelope([teacher(ptk_id="ptk-2"), other(ptk_id="PTK-2")]))
    assert rows.people == ()
    assert rows.unit is not None
    assert [problem.row for problem in rows.problems if problem.fatal] == [1, 2]
    assert "ptk_id ptk-2" in rows.problems[0].message


def test_wrong_numbers_that_agree_are_no_clash():
    rows = read(gtk=envelope([teacher(nip="123"), other(nip="123")]))
    assert len(rows.people) == 2
    assert [problem.fatal for problem in rows.problems] == [False, False]


@pytest.mark.parametrize("cells", [{"nama": " "}, {"nip": None, "nuptk": None, "ptk_id": None}], ids=["name", "ids"])
def test_a_row_without_name_or_any_number_is_refused_and_the_next_is_read(cells):
    rows = read(gtk=envelope([teacher(**cells), other()]))
    assert [found.row for found in rows.people] == [2]
    assert [(problem.row, problem.fatal) for problem in rows.problems] == [(1, True)]


# --- employment, rank, assignment ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "id"),
    [
        ("PNS", "pns"),
        ("PNS Diperbantukan", "pns"),
        ("CPNS", "cpns"),
        ("pppk", "pppk"),
        ("PPPK Paruh Waktu", "pppk-paruh-waktu"),
        ("GTY/PTY", "non-asn"),
        ("GTT/PTT Kab/Kota", "non-asn"),
        ("Tenaga Honor Sekolah", "non-asn"),
    ],
)
def test_employment_is_matched_by_its_words(seen, id):
    found, problems = person(status_kepegawaian_id_str=seen)
    assert problems == ()
    assert found.employment == id
    assert "induk" not in found.attributes


def test_a_pns_of_the_ministry_of_religion_is_marked():
    found, problems = person(status_kepegawaian_id_str="PNS Depag")
    assert problems == ()
    assert found.employment == "pns"
    assert found.attributes == {"jenis_ptk": "guru-kelas", "induk": "kemenag"}


def test_unknown_employment_is_a_doubt_and_counts_as_non_asn():
    found, sentence = doubt(status_kepegawaian_id=98, status_kepegawaian_id_str="Sukarelawan")
    assert (found.employment, found.level) == ("non-asn", "")
    assert "«Sukarelawan»" in sentence


@pytest.mark.parametrize(
    ("rank", "level"),
    [("III/a", "guru-ahli-pertama"), ("III/d", "guru-ahli-muda"), ("IV/c", "guru-ahli-madya"), ("II/c", ""), ("-", "")],
)
def test_the_level_of_a_pns_follows_the_rank(rank, level):
    found, problems = person(pangkat_golongan_terakhir=rank)
    assert problems == ()
    assert found.level == level


def test_an_unknown_rank_is_a_doubt_and_stays_as_it_is_written():
    found, sentence = doubt(pangkat_golongan_terakhir="V/z")
    assert (found.rank, found.level) == ("V/z", "")
    assert "«V/z»" in sentence


def test_a_second_school_is_an_assignment_that_is_not_home():
    (held,) = person(ptk_induk="0")[0].assignments
    assert (held.role, held.unit, held.home) == ("guru", "99990101", False)


@pytest.mark.parametrize("seen", [None, "", "2"])
def test_a_row_that_does_not_say_whether_it_is_the_home_school_is_refused(seen):
    rows = read(gtk=envelope([teacher(ptk_induk=seen)]))
    assert rows.people == ()
    (problem,) = rows.problems
    assert (problem.row, problem.who, problem.fatal) == (1, "Sari Contoh", True)
    assert "sekolah induk" in problem.message


def test_a_missing_letter_of_duty_is_a_doubt_and_gives_no_day():
    found, sentence = doubt(tanggal_surat_tugas="0000-00-00")
    assert found.assignments[0].since is None
    assert "TMT" in sentence


def test_nothing_ends_because_somebody_is_missing_from_the_file():
    rows = read(gtk=envelope([other()]))
    assert [found.name for found in rows.people] == ["Agus Contoh"]
    assert all(held.until is None for found in rows.people for held in found.assignments)


# --- the demo world -----------------------------------------------------------------------------

WORLD = tomllib.loads((ROOT / "config/demo/dunia.toml").read_text("utf-8"))


@pytest.mark.parametrize("entry", WORLD["unggahan"], ids=lambda entry: entry["npsn"])
def test_every_school_of_the_demo_is_read_without_a_problem(entry):
    raw = next(unit for unit in WORLD["satuan"] if unit.get("npsn") == entry["npsn"])
    unit = UnitView(1, raw["code"], raw["name"], raw["kind"], raw["zone"], raw["npsn"])
    files = [(ROOT / "config/demo" / entry[key]).read_bytes() for key in ("sekolah", "gtk")]
    rows = read(*files, unit=unit)
    assert rows.problems == ()
    assert rows.unit is not None
    assert (rows.unit.kind, rows.unit.name) == (raw["kind"], raw["name"])
    assert len(rows.people) >= 4
