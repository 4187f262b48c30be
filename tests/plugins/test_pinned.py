"""Every number, day, label and permission of a rule once more, beside its source: a slip in a content is found here.

Read from the files as they are shipped. A change of a rule changes two places: the content and this table.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from kinerja_siasn import status, wire

PLUGINS = Path(__file__).resolve().parent.parent.parent / "plugins"
YEARS = ("2024", "2025", "2026")


def read(path: str) -> dict[str, Any]:
    return tomllib.loads((PLUGINS / path).read_text("utf-8"))


def scheme(year: str) -> dict[str, Any]:
    return read(f"kinerja_skema_{year}/skema.toml")


def entries(path: str, *keys: str) -> dict[str, Any]:
    """What the entries of a list say under a key or several, by id."""
    told = {one["id"]: tuple(one.get(key) for key in keys) for one in read(path)["butir"]}
    return told if len(keys) > 1 else {id: values[0] for id, values in told.items()}


def test_the_points_of_each_line_of_competence():
    """«Tentang Poin di Pengembangan Kompetensi untuk Guru», column «Poin (statis)»; 128 is provisional."""
    assert entries("kinerja_skema_2024/katalog_kompetensi.toml", "poin") == {
        "pelatihan-mandiri": 8,
        "observasi-sejawat": 8,
        "penggerak-komunitas-belajar": 36,
        "narasumber-praktik-baik": 8,
        "peserta-praktik-baik": 4,
        "program-pelatihan-menengah": 128,
        "seminar": 4,
        "peserta-coaching-mentoring": 4,
        "penelaah-aksi-nyata": 6,
        "penelaah-praktik-baik": 6,
        "penelaah-perangkat-ajar": 6,
        "pelatihan-bimtek-2-3-hari": 8,
    }


def test_the_words_of_each_line_of_competence():
    """The same page, rows 1–5; the other rows from teachers' notes."""
    front = "Meningkatnya kompetensi melalui peran sebagai "
    labels = entries("kinerja_skema_2024/katalog_kompetensi.toml", "label")
    assert all(label.startswith(front) for label in labels.values())
    assert {id: label.removeprefix(front) for id, label in list(labels.items())[:5]} == {
        "pelatihan-mandiri": "Peserta pelatihan mandiri sesuai model kompetensi Guru, Kepala Sekolah, dan/atau pengawas sekolah",
        "observasi-sejawat": "Partisipan observasi praktik pembelajaran (persiapan, pelaksanaan, diskusi tindak lanjut) "
        "bersama rekan sejawat",
        "penggerak-komunitas-belajar": "Penggerak komunitas belajar dengan mengadakan minimal 3 kegiatan berbagi praktik baik",
        "narasumber-praktik-baik": "Narasumber berbagi praktik baik dalam kegiatan terkait implementasi Kurikulum Merdeka "
        "dan/atau Perencanaan Berbasis Data",
        "peserta-praktik-baik": "Peserta berbagi praktik baik yang diselenggarakan komunitas belajar",
    }


def test_the_sum_of_points_is_soft_between_32_and_128():
    """«Tentang Poin …»: minimum 32, maximum 128 points each semester; who has less talks to the head."""
    rule = scheme("2024")["langkah"]["kompetensi-katalog"]
    assert (rule["minimal"], rule["maksimal"], rule["keras"], rule["kolom"]) == (32, 128, False, "poin")


def test_one_indicator_and_who_marks_it():
    """Panduan Perencanaan Kinerja: one indicator, or one sub-indicator; recommended by Rapor Pendidikan."""
    assert [scheme(year)["langkah"]["praktik"] for year in YEARS] == [
        {"label": "Praktik Kinerja", "banyak": [1, 1], "rekomendasi": "rapor"}
    ] * 3


def test_the_seven_values_and_their_three_behaviours_each():
    """PermenPANRB 6/2022."""
    values = {
        one["label"]: [choice["label"] for choice in one["pilihan"]]
        for one in read("kinerja_acuan_gtk/perilaku.toml")["butir"]
    }
    assert values == {
        "Berorientasi Pelayanan": [
            "Memahami dan memenuhi kebutuhan masyarakat",
            "Ramah, cekatan, solutif, dan dapat diandalkan",
            "Melakukan perbaikan tiada henti",
        ],
        "Akuntabel": [
            "Melaksanakan tugas dengan jujur, bertanggung jawab, cermat, disiplin, dan berintegritas tinggi",
            "Menggunakan kekayaan dan barang milik negara secara bertanggung jawab, efektif, dan efisien",
            "Tidak menyalahgunakan kewenangan jabatan",
        ],
        "Kompeten": [
            "Meningkatkan kompetensi diri untuk menjawab tantangan yang selalu berubah",
            "Membantu orang lain belajar",
            "Melaksanakan tugas dengan kualitas terbaik",
        ],
        "Harmonis": [
            "Menghargai setiap orang apa pun latar belakangnya",
            "Suka menolong orang lain",
            "Membangun lingkungan kerja yang kondusif",
        ],
        "Loyal": [
            "Memegang teguh ideologi Pancasila, UUD NRI 1945, setia kepada NKRI serta pemerintahan yang sah",
            "Menjaga nama baik sesama ASN, pimpinan, instansi, dan negara",
            "Menjaga rahasia jabatan dan negara",
        ],
        "Adaptif": [
            "Cepat menyesuaikan diri menghadapi perubahan",
            "Terus berinovasi dan mengembangkan kreativitas",
            "Bertindak proaktif",
        ],
        "Kolaboratif": [
            "Memberi kesempatan kepada berbagai pihak untuk berkontribusi",
            "Terbuka dalam bekerja sama untuk menghasilkan nilai tambah",
            "Menggerakkan pemanfaatan berbagai sumber daya untuk tujuan bersama",
        ],
    }


@pytest.mark.parametrize("year", YEARS)
def test_the_predicate_of_every_pair_of_ratings(year: str):
    """PermenPANRB 6/2022; rows are results, columns behaviour."""
    matrix = scheme(year)["matriks"]["predikat"]
    order = ["di-atas", "sesuai", "di-bawah"]
    assert (matrix["baris"], matrix["kolom"]) == (order, order)
    assert matrix["nilai"] == [
        ["sangat-baik", "baik", "kurang"],
        ["baik", "baik", "kurang"],
        ["butuh-perbaikan", "butuh-perbaikan", "sangat-kurang"],
    ]


@pytest.mark.parametrize("year", YEARS)
def test_the_words_of_ratings_and_predicates(year: str):
    """PermenPANRB 6/2022."""
    words = scheme(year)["kata"]
    wanted = {
        "di-atas": "Di atas ekspektasi",
        "sesuai": "Sesuai ekspektasi",
        "di-bawah": "Di bawah ekspektasi",
        "sangat-baik": "Sangat Baik",
        "baik": "Baik",
        "butuh-perbaikan": "Cukup/Butuh Perbaikan" if year == "2026" else "Butuh Perbaikan",
        "kurang": "Kurang",
        "sangat-kurang": "Sangat Kurang",
        "memutuskan": "Pejabat Penilai Kinerja",
    }
    assert {id: words.get(id) for id in wanted} == wanted


def test_the_codes_of_bkn():
    """BKN's `skp22`: 1 is the highest; the quadrants follow PermenPANRB 6/2022."""
    assert wire.RATINGS == {"di-atas": 1, "sesuai": 2, "di-bawah": 3}
    assert wire.PREDICATES == {"sangat-baik": 1, "baik": 2, "butuh-perbaikan": 3, "kurang": 4, "sangat-kurang": 5}
    matrix = scheme("2024")["matriks"]["predikat"]
    assert {
        (wire.RATINGS[row], wire.RATINGS[column]): wire.PREDICATES[matrix["nilai"][n][m]]
        for n, row in enumerate(matrix["baris"])
        for m, column in enumerate(matrix["kolom"])
    } == wire.QUADRANTS


def test_whose_result_bkn_takes():
    """UU 20/2023: ASN is PNS and PPPK; KepmenPANRB 16/2025 for part time."""
    assert frozenset({"pns", "cpns", "pppk", "pppk-paruh-waktu"}) == status.ASN
    assert status.ELSEWHERE == {"induk": ("kemenag",), "ekinerja": ("tidak",)}


DAYS = {
    # SE Dirjen GTK 0559/B.B1/GT.02.00/2024 moves planning to 31 March; Perdirjen GTK 7607/2023 gives the others
    "2024": {
        "perencanaan": ["01-01 03-31", "01-15 03-31", "07-01 07-31"],
        "pelaksanaan": ["04-24 06-30", "02-01 06-30", "08-01 12-31"],
        "penilaian": ["06-01 06-30", "12-01 12-31"],
        "penilaian-tahunan": ["12-01 +1-01-31"],
        "kesiapan-sekolah": ["02-16 06-30", "07-01 12-31"],
        "tim-kerja": ["01-01 03-31", "07-01 07-31"],
        "isi-sekolah": ["01-01 03-31", "07-01 07-31"],
        "pembukaan": ["07-01 07-31"],
    },
    # Kepdirjen GTK 4242/2024: planning until 31 January; judging was opened on 13 November
    "2025": {
        "perencanaan": ["01-01 01-31"],
        "pelaksanaan": ["02-01 11-30"],
        "penilaian": ["11-13 12-31"],
        "tim-kerja": ["01-01 01-31"],
        "isi-sekolah": ["01-01 01-31"],
    },
    # Kepmendikdasmen 271/O/2025: pre-planning until 31 December, planning 1–31 January
    "2026": {
        "pra-perencanaan": ["-1-12-01 -1-12-31"],
        "perencanaan": ["01-01 01-31"],
        "pelaksanaan": ["02-01 11-30"],
        "penilaian": ["11-13 12-31"],
        "isi-sekolah": ["01-01 01-31"],
    },
}


@pytest.mark.parametrize("year", YEARS)
def test_the_first_and_last_day_of_every_stage(year: str):
    stages = scheme(year)["tahap"]
    assert {one["id"]: [f"{window['buka']} {window['tutup']}" for window in one["jendela"]] for one in stages} == DAYS[
        year
    ]
    assert not any(window.get("keras") for one in stages for window in one["jendela"]), "none locks anybody out"


def test_the_days_of_each_period():
    """Perdirjen GTK 7607/2023 for the halves of 2024; Kepmendikdasmen 271/O/2025 opens December before."""
    keys = ("kunci", "mulai", "akhir", "ditutup", "dibuka_hari_sebelum")
    found = {year: [tuple(one.get(key) for key in keys) for one in scheme(year)["periode"]] for year in YEARS}
    assert found == {
        "2024": [
            ("s1", "01-01", "06-30", "+1-03-31", None),
            ("s2", "07-01", "12-31", "+1-03-31", None),
            ("tahun", "01-01", "12-31", "+1-03-31", None),
        ],
        "2025": [("tahun", "01-01", "12-31", "+1-03-31", None)],
        "2026": [("tahun", "01-01", "12-31", "+1-03-31", 31)],
    }
    assert [scheme(year)["tahun"] for year in YEARS] == [[2024, 2024], [2025, 2025], [2026, 0]]


def test_whose_plan_the_system_approves():
    """Panduan Perencanaan Kinerja 2024: a teacher's plan under a Plt., and nobody else's; the later years as their
    sources have it."""
    planning = {
        year: next(one for one in scheme(year)["tahap"] if one["id"] == "perencanaan")["alur"].get("otomatis_bila")
        for year in YEARS
    }
    assert planning == {
        "2024": {"peran": ["guru"], "memutuskan.peran": ["kepala-sekolah"], "memutuskan.penugasan": ["plt"]},
        "2025": None,
        "2026": {"peran": ["kepala-sekolah"]},
    }


@pytest.mark.parametrize("year", YEARS)
def test_who_ends_a_case_and_who_has_two(year: str):
    """Users §4: a teacher made acting head has two plans; a definitive head acting elsewhere has one."""
    rules = scheme(year)
    assert (rules["penutup"], rules["penata"], rules["isi_wajib"]) == (["memutuskan"], "menata", ["rubrik"])
    assert rules["kasus_rangkap"] == {
        "peran": ["kepala-sekolah"],
        "penugasan": ["plt"],
        "peran_induk": ["guru"],
    }


ALL = ["read_states", "manage_plugins", "import", "manage_people", "open_periods"]


def test_what_each_role_may():
    """Kinerja's own design: who teaches, heads or supervises has no permission by the role
    alone; who keeps data sees where cases stand, and neither results nor contents."""
    assert entries("kinerja_acuan_gtk/roles.toml", "izin", "di_sekolah") == {
        "guru": ([], None),
        "kepala-sekolah": ([], None),
        "pengawas": ([], False),
        "kepala-dinas": (["read_states", "read_results"], False),
        "admin-dinas": (ALL, False),
        "operator-sekolah": (["read_states", "import", "manage_people"], None),
        "admin-nasional": (ALL, False),
        "tendik": ([], None),
    }


def test_which_kind_of_assignment_is_acting():
    """Panduan Perencanaan Kinerja: only somebody acting has a last day and is confirmed."""
    kinds = entries("kinerja_acuan_gtk/assignment_kinds.toml", "acting")
    assert {id: acting for id, acting in kinds.items() if acting} == dict.fromkeys(("plt", "plh"), True)


def test_under_which_condition_nobody_is_asked_and_which_ends_employment():
    """SIASN BKN's list of conditions; who is asked meanwhile is Kinerja's own choice."""
    found = entries("kinerja_acuan_gtk/conditions.toml", "diam", "berakhir")
    assert {id for id, (silent, _) in found.items() if not silent} == {"aktif", "hukuman-disiplin"}
    assert {id for id, (_, over) in found.items() if over} == {"pensiun", "meninggal", "berhenti"}


def test_every_reason_of_the_list_ends_a_plan():
    """Kinerja's own list; each is a way in which somebody is no longer judged here."""
    assert entries("kinerja_acuan_gtk/alasan_penutupan.toml", "menutup") == dict.fromkeys(
        (
            "mutasi", "promosi", "pensiun", "meninggal", "penggabungan-sekolah", "cuti-sepanjang-periode",
            "tugas-belajar", "cltn", "pindah-instansi", "lainnya",
        ),
        True,
    )  # fmt: skip


TEACHER = ["kepala-sekolah @ satuan", {"siapa": "kepala-dinas @ atas", "bila": {"diri": [True]}}]
PRIVATE = {"satuan": ["swasta"], "pegawai": ["pns", "cpns", "pppk", "pppk-paruh-waktu"]}
OFFICE = ["kepala-dinas @ satuan", "kepala-dinas @ atas"]


STAYS = {"tetap", "sumber", "provisional"}


def plainly(rule: Any) -> Any:
    """Who stands in a relation and when, without whether it stays with them after the period."""
    if isinstance(rule, str):
        return rule
    told = {key: value for key, value in rule.items() if key not in STAYS}
    return told if "bila" in told else told["siapa"]


def test_a_part_that_is_over_stays_with_who_decided_on_its_last_day_but_a_school_s_own():
    """No text settles it: our own wording, and provisional."""
    for year in YEARS:
        for role, rule in scheme(year)["hubungan"].items():
            told = [isinstance(one, dict) and (one.get("tetap"), one.get("provisional")) for one in rule["memutuskan"]]
            assert told == [False if role == "satuan" else (True, True)] * len(told), (year, role)


def test_who_decides_on_whom():
    """Perdirjen GTK 7607/2023; since 2026 the office decides on civil servants of private schools."""
    found = {
        year: {role: [plainly(one) for one in rule["memutuskan"]] for role, rule in scheme(year)["hubungan"].items()}
        for year in YEARS
    }
    head = {"kepala-sekolah": ["kepala-dinas @ atas"], "satuan": ["kepala-sekolah @ satuan"]}
    private = {"siapa": "kepala-dinas @ atas", "bila": PRIVATE}
    assert found == {
        "2024": {"guru": TEACHER, **head},
        "2025": {"guru": TEACHER, **head, "pengawas": OFFICE},
        "2026": {"guru": [private, *TEACHER], **head, "pengawas": OFFICE},
    }


def test_who_gives_which_evidence_and_how():
    """SE 0559/2024 on uploads; since 2025 the assessor confirms and nothing is uploaded."""
    found = {year: [(one["butir"], one["penyedia"], one["cara"]) for one in scheme(year)["bukti"]] for year in YEARS}
    later = [(kind, "memutuskan", "konfirmasi") for kind in ("tugas-pokok", "praktik", "kompetensi", "tugas-tambahan")]
    own = [
        (kind, "pegawai", "berkas") for kind in ("praktik", "kompetensi", "tugas-tambahan", "kosp", "kehadiran-guru")
    ]
    assert found == {
        "2024": [
            *own, ("kosp", "memutuskan", "berkas"), ("kehadiran-guru", "memutuskan", "berkas"),
            ("dokumen-kepala", "pegawai", "berkas"),
        ],
        "2025": later,
        "2026": later,
    }  # fmt: skip


def test_how_a_plan_is_agreed_withdrawn_revised_and_reviewed():
    """Panduan Perencanaan Kinerja: always agreed in 2024, later only when adjusted."""
    keys = ("dasar", "kesepakatan", "tarik", "revisi", "tinjau")
    planning = [next(one for one in scheme(year)["tahap"] if one["id"] == "perencanaan")["alur"] for year in YEARS]
    rest = ("sampai-diputuskan", "dengan-alasan", "boleh")
    assert [tuple(one[key] for key in keys) for one in planning] == [
        ("dua-pihak", "selalu", *rest), ("dua-pihak", "bila-disesuaikan", *rest), ("dua-pihak", "bila-disesuaikan", *rest),
    ]  # fmt: skip
