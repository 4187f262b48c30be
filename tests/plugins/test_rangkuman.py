"""The fixed lines of a plan, its summary, and what every planning form has."""

from __future__ import annotations

import pytest

from kinerja import Content, Entry, Fact, Field, Item
from kinerja.forms import check, view
from tests.plugins import contexts
from tests.plugins.contexts import (
    ACTING,
    BARE,
    HEAD,
    NEXT,
    SEMESTER,
    YEAR,
    case,
    form,
    good_behaviour,
    made,
)

UNSURE = "Aspek, indikator kinerja individu, dan target di bawah ini sementara; yang resmi belum ditemukan."

# --- tugas-pokok ---


def test_core_duties_are_read_and_confirmed():
    drawn = form("tugas-pokok", case(YEAR))
    assert [label for label, _ in drawn.fields[0].pairs] == ["RHK 1", "RHK 2", "RHK 3", "RHK 4", "RHK 5"]
    assert check(drawn, {"dibaca": True}) == ({"dibaca": True}, ())
    assert [problem.field for problem in check(drawn, {"dibaca": False})[1]] == ["dibaca"]


def test_a_line_that_is_not_confirmed_says_so_where_it_is_read_and_in_the_plan():
    said = "Sementara: belum dipastikan (Aplikasi jurnal sebuah sekolah)"
    lines = [text.split("\n") for _, text in form("tugas-pokok", case(YEAR)).fields[0].pairs]
    assert [line[1:] for line in lines] == [
        [f'{said}. Salinan lain berhenti sebelum kata "untuk semua"'],
        [said],
        [f"{said}. Ujung kalimat belum terbaca dan tidak ditambahkan"],
        [said],
        [said],
    ]
    items = made("tugas-pokok", {"dibaca": True}, case(YEAR)).items
    assert [item.detail[0][0] for item in items] == ["Sementara"] * 5
    own = made("rangkuman", {}).items
    assert [item.detail[1] for item in own] == [("Sementara", "rumusan RHK ini belum resmi")] * 2


def test_core_duties_become_items_and_the_line_on_competence_keeps_its_kind():
    items = made("tugas-pokok", {"dibaca": True}, case(YEAR)).items
    assert [(item.key, item.kind) for item in items] == [
        ("tugas-pokok:pembelajaran", "tugas-pokok"),
        ("tugas-pokok:bimbingan-pelatihan", "tugas-pokok"),
        ("tugas-pokok:perencanaan", "tugas-pokok"),
        ("tugas-pokok:pengembangan-kompetensi", "kompetensi"),
        ("tugas-pokok:penilaian", "tugas-pokok"),
    ]


def test_lines_with_a_group_stand_under_their_heading_here_and_in_the_summary():
    lines = Content(
        "tugas-pokok",
        "uji",
        "Uji",
        tuple(
            Entry(id, id.upper(), data={"peran_baris": "tugas-pokok", "kelompok": group})
            for id, group in (("a", "Manajerial"), ("b", "Pengembangan kewirausahaan"), ("c", "Supervisi"))
        ),
    )
    more = {"contents": (lines, BARE)}
    drawn = form("tugas-pokok", case(YEAR), **more)
    assert drawn.fields == (
        Field("baris", "Manajerial", "read", pairs=(("RHK 1", "A"),)),
        Field("baris-2", "Pengembangan kewirausahaan", "read", pairs=(("RHK 2", "B"),)),
        Field("baris-3", "Supervisi", "read", pairs=(("RHK 3", "C"),)),
        Field("dibaca", "Saya sudah membaca", "check", required=True),
    )
    items = made("tugas-pokok", {"dibaca": True}, case(YEAR), **more).items
    summed = form("rangkuman", case(YEAR), items=items, **more)
    assert [(field.label, field.pairs) for field in summed.fields] == [
        ("Manajerial", (("RHK 1", "A"),)),
        ("Pengembangan kewirausahaan", (("RHK 2", "B"),)),
        ("Supervisi", (("RHK 3", "C"),)),
    ]


def test_a_role_without_core_duties_has_nothing_to_confirm():
    drawn = form("tugas-pokok", case(YEAR, role="pengawas"))
    assert (drawn.fields, drawn.blocked) == ((), "")


# --- rangkuman ---


def test_the_summary_shows_the_whole_plan_in_order():
    parts = {
        "praktik": {"indikator": "keteraturan-suasana-kelas"},
        "kompetensi-katalog": {"rhk": {"seminar": 8}},
        "tugas-tambahan": {"tugas": ["wali-kelas"]},
        "perilaku": good_behaviour(),
    }
    items = tuple(item for id, data in parts.items() for item in made(id, data, contents=(BARE,)).items)
    drawn = form("rangkuman", items=items, parts=parts, contents=(BARE,))
    assert [field.label for field in drawn.fields] == [
        "Praktik Kinerja",
        "Pengembangan Kompetensi",
        "Tugas Tambahan",
        "Perilaku Kerja",
        "Rencana Hasil Kerja (RHK) yang disiapkan sekolah",
    ]
    assert drawn.fields[0].pairs == (("RHK 1", "Keteraturan Suasana Kelas\nBukti Dukung: RPP/modul ajar, oleh guru"),)
    assert drawn.fields[1].pairs[0][1].split("\n")[1:] == ["8 kali", "Poin: 32", "Bukti Dukung: Sertifikat"]
    assert [label for label, _ in drawn.fields[4].pairs] == ["RHK 4", "RHK 5"]
    assert (drawn.notices, drawn.submit, check(drawn, {})) == ((), "Lanjut Ajukan", ({}, ()))
    assert len(view(drawn, {})) == 12


def test_the_summary_brings_its_own_items_once():
    own = made("rangkuman", {}).items
    assert [item.key for item in own] == ["rangkuman:kosp", "rangkuman:kehadiran-guru"]
    assert len(form("rangkuman", items=own).fields[0].pairs) == 2


def test_the_summary_counts_the_lines_of_work_once_and_no_behaviour():
    chosen = (Item("praktik:a", "praktik", "A"), Item("perilaku:loyal", "perilaku", "Loyal"))
    counted = made("rangkuman", {}, items=(*chosen, *made("rangkuman", {}).items)).facts
    unsure = "Aspek, indikator kinerja individu, dan target sementara; yang resmi belum ditemukan."
    assert counted == (Fact("rencana.rhk", 3, "3 RHK"), Fact("rencana.sementara", True, unsure))
    assert made("rangkuman", {}, options={"butir": []}).facts == ()


DETAILS = Content(
    "rincian-rhk",
    "uji",
    "Uji",
    tuple(
        Entry(
            kind,
            kind,
            data={
                "aspek": "Kualitas",
                "indikator": "Praktik pada {indikator}",
                "target": "{jumlah} kegiatan",
                "mendukung": "Mutu sekolah",
            },
        )
        for kind in ("praktik", "kompetensi", "tugas-tambahan", "kosp", "tugas-pokok")
    ),
)
FILLED = (
    ("Mendukung RHK Kepala Sekolah", "Mutu sekolah"),
    ("Aspek", "Kualitas"),
    ("Indikator kinerja individu", "Praktik pada Aktivitas Interaktif"),
    ("Target", "1 kegiatan"),
)


def test_every_derived_line_carries_what_the_printed_plan_needs():
    chosen = {"indikator": "aktivitas-interaktif"}
    more = {"contents": (DETAILS,), "parts": {"praktik": chosen}}
    assert made("praktik", chosen, **more).items[0].detail == (
        *FILLED,
        ("Bukti Dukung", "RPP/modul ajar, oleh guru"),
    )
    assert made("kompetensi-katalog", {"rhk": {"seminar": 8}}, **more).items[0].detail[-1] == ("Target", "8 kegiatan")
    assert made("tugas-tambahan", {"tugas": ["wali-kelas"]}, **more).items[0].detail[1] == FILLED[0]
    assert made("rangkuman", {}, **more).items[0].detail == (
        ("Disiapkan oleh", "Kepala Sekolah"), ("Sementara", "rumusan RHK ini belum resmi"), *FILLED
    )  # fmt: skip
    assert made("tugas-pokok", {"dibaca": True}, case(YEAR), **more).items[0].detail[1:] == FILLED
    open_yet = made("rangkuman", {}, contents=(DETAILS,)).items[0].detail
    assert ("Indikator kinerja individu", "Praktik pada yang dipilih") in open_yet


def test_the_evidence_of_the_indicator_names_who_checks_it_where_nothing_is_uploaded():
    chosen = made("praktik", {"indikator": "aktivitas-interaktif"}, case(YEAR), contents=(BARE,)).items[0]
    assert chosen.detail[-1] == ("Bukti Dukung", "RPP/modul ajar, diperiksa Kepala Sekolah")
    own = Content("rincian-rhk", "uji", "Uji", (Entry("praktik", "x", data={"bukti": "Laporan"}),))
    chosen = made("praktik", {"indikator": "aktivitas-interaktif"}, contents=(own,)).items[0]
    assert chosen.detail == (("Bukti Dukung", "Laporan"),)


def test_lines_nobody_chooses_follow_the_profile_and_stand_under_their_heading():
    lines = [
        {"id": "a", "jenis": "kosp", "label": "KOSP", "bila": {"peran": ["guru"]}},
        {"id": "b", "jenis": "dokumen", "label": "Laporan", "kelompok": "Manajerial", "bila": {"peran": ["kepala"]}},
        {"id": "c", "jenis": "dokumen", "label": "Supervisi", "kelompok": "Supervisi"},
    ]
    more = {"options": {"butir": lines}, "contents": (BARE,)}
    assert [item.key for item in made("rangkuman", {}, **more).items] == ["rangkuman:a", "rangkuman:c"]
    assert [(field.label, len(field.pairs)) for field in form("rangkuman", **more).fields] == [
        ("Rencana Hasil Kerja (RHK) yang disiapkan sekolah", 1),
        ("Supervisi", 1),
    ]


def test_too_few_points_are_said_before_handing_in():
    advice = "Diskusikan dengan Kepala Sekolah untuk memilih Rencana Hasil Kerja (RHK) yang paling berdampak."
    expected = (f"24 dari minimal 32 poin. {advice}", UNSURE)
    assert form("rangkuman", facts=(Fact("kompetensi.poin", 24),)).notices == expected
    assert form("rangkuman", parts={"kompetensi-katalog": {"rhk": {"seminar": 6}}}).notices == expected
    assert form("rangkuman", case(YEAR)).notices == ()
    office = contexts.replace(HEAD, role_label="Kepala Dinas Pendidikan", role="kepala-dinas")
    told = form("rangkuman", case(role="kepala-sekolah", head=office), facts=(Fact("kompetensi.poin", 24),)).notices
    assert told == (expected[0].replace("Kepala Sekolah", "Kepala Dinas Pendidikan"), UNSURE)


def test_an_indicator_left_open_in_a_line_is_put_in():
    line = Item("x:1", "praktik", "Praktik yang berfokus pada {indikator}")
    fact = Fact("praktik.indikator", "a", "Aktivitas Interaktif")
    drawn = form("rangkuman", case(YEAR), items=(line,), facts=(fact,))
    assert drawn.fields[0].pairs == (("RHK 1", "Praktik yang berfokus pada Aktivitas Interaktif"),)


def test_who_will_be_approved_by_the_system_is_told_beforehand():
    told = "Rencana langsung disetujui sistem setelah diajukan; periksa baik-baik."
    enough = (Fact("kompetensi.poin", 32),)
    acting = form("rangkuman", case(head=ACTING), facts=enough)
    assert acting.notices == (f"Sekolah Anda dipimpin Plt. (Pelaksana Tugas). {told}", UNSURE)
    standing_in = contexts.replace(ACTING, kind="plh", role_label="Plh. Kepala Sekolah")
    assert form("rangkuman", case(head=standing_in), facts=enough).notices == (UNSURE,), (
        "a Plh. looks at plans as a head does"
    )
    assert form("rangkuman", case(NEXT, role="kepala-sekolah")).notices == (told,)
    assert form("rangkuman", case(YEAR, head=ACTING)).notices == ()


@pytest.mark.parametrize(
    "id", ["cek-data", "praktik", "kompetensi-katalog", "tugas-tambahan", "perilaku", "tugas-pokok", "rangkuman"]
)
def test_a_filled_example_stands_beside_each_part_that_has_one(id):
    shown = Content("contoh", "uji", "Uji", (Entry(id, id, data={"isi": [["Tanya", "Jawab"], ["Lagi", 2]]}),))
    assert form(id, case(YEAR), contents=(shown, *catalogue())).example == (("Tanya", "Jawab"), ("Lagi", "2"))
    assert form(id, case(YEAR), contents=(Content("contoh", "x", "x", ()), *catalogue())).example == ()


def catalogue():
    """A catalogue of competence for a scheme that has none."""
    return (Content("katalog-kompetensi", "uji", "Uji", (Entry("umum", "Umum", data={"poin": 4}),)),)


@pytest.mark.parametrize(
    "broken", [{}, {"indikator": 3, "rhk": [1], "tugas": {"a": 1}, "nomor": 5, "tanggal": 5, "sesuai": [], "loyal": {}}]
)
@pytest.mark.parametrize("id", ["cek-data", "praktik", "kompetensi-katalog", "tugas-tambahan", "perilaku"])
def test_a_draft_of_any_shape_makes_no_items_and_no_fault(id, broken):
    assert made(id, broken).items == ()


@pytest.mark.parametrize("scheme", [SEMESTER, YEAR, NEXT])
@pytest.mark.parametrize("kind", ["tk", "sd", "smk"])
def test_every_planning_form_can_be_drawn_in_every_scheme(scheme, kind):
    of = case(scheme, kind)
    rule = contexts.host().registry.schemes[scheme].stage("perencanaan")
    assert {form(id, of).blocked for id in rule.steps} == {""}
