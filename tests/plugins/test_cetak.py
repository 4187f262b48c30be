"""The plugin cetak: what stands on a printed SKP, who may open it, and the way to it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from kinerja import Fact, Item
from kinerja.kernel import Kernel
from kinerja.testing import Player, case_of, set_date, unit
from kinerja_cetak import fill_slot, paper
from kinerja_office import choosing
from tests.plugins.contexts import HEAD, case
from tests.plugins.test_journey import agreed
from tests.plugins.test_pages import enter

NIP = "198001012005011001"
AGREED = {paper.AGREED: Fact(paper.AGREED, True, "Disepakati")}
WORK = Item(
    "praktik:disiplin",
    "praktik",
    "Meningkatnya disiplin positif",
    (
        ("Indikator", "Disiplin positif"),
        ("Mendukung RHK Kepala Sekolah", "Mutu pembelajaran meningkat"),
        ("Aspek", "Kuantitas"),
        ("Indikator kinerja individu", "Banyaknya observasi"),
        ("Target", "1 kali"),
        ("Aspek", "Kualitas"),
        ("Indikator kinerja individu", "Hasil observasi"),
        ("Target", "Efektif"),
    ),
)
OTHER = Item(
    "arahan:lomba", "penugasan-lain", "Mendampingi lomba", (("Penugasan dari", "Kepala Dinas"), ("Target", "1 laporan"))
)
BEHAVIOUR = Item("perilaku:akuntabel", "perilaku", "Akuntabel", (("Perilaku", "Menepati janji"),))
LOYAL = Item("perilaku:loyal", "perilaku", "Loyal", (("Perilaku", "Menjaga nama baik"),))
EXPECTED = Item("arahan:akuntabel", "ekspektasi", "Akuntabel", (("Harapan", "Laporan tepat waktu"),))
ITEMS = (WORK, OTHER, BEHAVIOUR, LOYAL, EXPECTED)
KNOWN = replace(HEAD, person=replace(HEAD.person, ids={"nip": NIP}, attributes={"golongan": "Pembina, IV/a"}))


# --- what stands on it --------------------------------------------------------------------------


def test_work_is_numbered_and_measured_aspect_by_aspect():
    made = paper.of(case(), ITEMS, AGREED)
    first = paper.Measure("Kuantitas", "Banyaknya observasi", "1 kali")
    second = paper.Measure("Kualitas", "Hasil observasi", "Efektif")
    line = paper.Line(1, "Mutu pembelajaran meningkat", "Meningkatnya disiplin positif", "", (first, second))
    assert made.main == (line,)


def test_other_assignments_stand_apart_with_who_gave_them():
    made = paper.of(case(), ITEMS, AGREED).other
    assert made == (paper.Line(1, "–", "Mendampingi lomba", "Kepala Dinas", (paper.Measure("–", "–", "1 laporan"),)),)


def test_each_behaviour_carries_what_the_head_expects():
    assert paper.of(case(), ITEMS, AGREED).behaviours == (
        paper.Behaviour("Akuntabel", ("Menepati janji",), "Laporan tepat waktu"),
        paper.Behaviour("Loyal", ("Menjaga nama baik",), "–"),
    )


def test_an_expectation_without_details_is_its_label():
    bare = Item("arahan:loyal", "ekspektasi", "Jaga kekompakan")
    assert paper.of(case(), (LOYAL, bare), {}).behaviours[0].expectation == "Jaga kekompakan"


def test_a_line_without_details_and_one_done_several_times():
    made = paper.of(case(), (Item("a:1", "kompetensi", "Pelatihan", count=3),), {}).main
    assert made == (paper.Line(1, "–", "Pelatihan (3 kali)", "", (paper.Measure(),)),)


def test_both_people_are_named_with_their_numbers():
    made = paper.of(case(head=KNOWN), ITEMS, AGREED)
    assert made.people[:2] == (
        ("Nama", "Sari Contoh", "Budi Contoh"),
        ("NIP", "199001012015012001", NIP),
    )
    assert made.people[2][2] == "Pembina, IV/a"
    unranked = replace(KNOWN, person=replace(KNOWN.person, attributes={"golongan": ""}))
    assert paper.of(case(head=unranked), ITEMS, AGREED).people[2][2] == "–"
    assert [(one.heading, one.name, one.number) for one in made.signers] == [
        ("Pegawai yang dinilai", "Sari Contoh", "NIP 199001012015012001"),
        ("Pejabat Penilai Kinerja", "Budi Contoh", f"NIP {NIP}"),
    ]


@pytest.mark.parametrize(
    ("employment", "labels", "signed"),
    [
        ("pppk", {"nip": "199001012024212001"}, "NI PPPK 199001012024212001"),
        ("non-asn", {"nip": "", "nuptk": "1234567890123456"}, "NUPTK 1234567890123456"),
        ("non-asn", {"nip": ""}, "Tidak ada NIP"),
    ],
)
def test_a_number_says_what_it_is(employment, labels, signed):
    view = case(employment=employment)
    view = replace(view, labels={**view.labels, **labels})
    assert paper.of(view, ITEMS, AGREED).signers[0].number == signed


def test_an_assessor_who_is_not_known_leaves_place_to_write():
    made = paper.of(replace(case(), holders={}), ITEMS, {})
    assert {row[2] for row in made.people} == {"–"}
    assert made.signers[1].number == "NIP ……………………"


def test_a_plan_is_a_draft_until_it_is_agreed_and_empty_without_items():
    assert (paper.of(case(), ITEMS, {}).agreed, paper.of(case(), ITEMS, AGREED).agreed) == (False, True)
    assert (paper.of(case(), (), {}).empty, paper.of(case(), ITEMS, {}).empty) == (True, False)


# --- the way to it ------------------------------------------------------------------------------


def test_a_link_stands_only_where_there_is_something_to_print_for_this_visitor():
    full = {"case": case(), "items": ITEMS, "relations": frozenset({"pegawai"})}
    fragment = fill_slot("case-foot", None, full)
    assert (fragment.template, fragment.values) == ("cetak/tautan.html", {"case": "kasus"})
    for less in (
        {**full, "items": ()},
        {**full, "case": replace(case(), person=None)},
        {"case": case()},
    ):
        assert fill_slot("case-foot", None, less) is None
    assert fill_slot("home-foot", None, full) is None


# --- the page -----------------------------------------------------------------------------------


@pytest.fixture
def printed(demo: Kernel) -> str:
    """The case of Sari, agreed."""
    id = case_of("Sari Contoh", "Januari")
    agreed(id, Player(demo, "Sari Contoh"), Player(demo, "Budi Contoh").through("kepala-sekolah"))
    return id


def text(page: str) -> str:
    """The words of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_agreed_skp_prints_at_once(demo: Kernel, printed: str) -> None:
    visitor = enter(demo, "Sari Contoh")
    assert f'href="/p/cetak/{printed}"' in visitor.client.get(f"/kasus/{printed}").text
    answer = visitor.client.get(f"/p/cetak/{printed}")
    words = text(answer.text)
    wanted = (
        "Periode penilaian: 1 Januari 2024 sampai 30 Juni 2024", "A. Utama", "B. Tambahan", "Aspek", "Target",
        "Keteraturan Suasana Kelas", "Berorientasi Pelayanan", "Ekspektasi khusus pimpinan:", "Sari Contoh, S.Pd.",
        "Pejabat Penilai Kinerja", "Dukungan sumber daya", "Skema pertanggungjawaban", "Konsekuensi", "diisi bila ada",
    )  # fmt: skip
    assert answer.status_code == 200
    assert [one for one in wanted if one not in words] == []
    assert "Draf, belum disepakati" not in words


def test_the_page_needs_no_script_and_no_style_of_its_own(demo: Kernel, printed: str) -> None:
    visitor = enter(demo, "Sari Contoh")
    page = visitor.client.get(f"/p/cetak/{printed}").text
    assert [one for one in ("<script", "<style", " style=", " onclick=") if one in page] == []
    sheet = re.search(r'href="(/p/cetak/static/[^"]+)"', page)
    assert sheet is not None
    answer = visitor.client.get(sheet[1])
    assert (answer.status_code, answer.mimetype, "@media print" in answer.text) == (200, "text/css", True)


def test_a_plan_that_is_not_agreed_says_so(demo: Kernel) -> None:
    id = case_of("Sari Contoh", "Januari")
    visitor = enter(demo, "Sari Contoh")
    words = text(visitor.client.get(f"/p/cetak/{id}").text)
    assert ("Draf, belum disepakati" in words, "Belum ada isi yang berlaku." in words) == (True, True)
    assert "Cetak SKP" not in visitor.client.get(f"/kasus/{id}").text


def test_whoever_decides_may_print_and_a_stranger_may_not(demo: Kernel, printed: str) -> None:
    head = enter(demo, "Budi Contoh")
    assert head.client.get(f"/p/cetak/{printed}").status_code == 404
    held = Player(demo, "Budi Contoh").through("kepala-sekolah").assignment
    head.post("/kapasitas", penugasan=str(held))
    assert head.client.get(f"/p/cetak/{printed}").status_code == 200
    assert enter(demo, "Kartini Contoh").client.get(f"/p/cetak/{printed}").status_code == 404
    assert enter(demo, "Sari Contoh").client.get("/p/cetak/tidak-ada").status_code == 404


def test_without_a_session_the_way_leads_to_the_sign_in_page(demo: Kernel, printed: str) -> None:
    visitor = enter(demo, "Sari Contoh")
    fresh = visitor.client.application.test_client()
    answer = fresh.get(f"/p/cetak/{printed}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/masuk?lanjut=/p/cetak/{printed}")


def test_where_the_plugin_is_off_there_is_neither_page_nor_link(demo: Kernel, printed: str) -> None:
    choosing.set_choice(demo, unit("contoh-asri"), "cetak", None, on=False)
    visitor = enter(demo, "Sari Contoh")
    assert visitor.client.get(f"/p/cetak/{printed}").status_code == 404
    assert "Cetak SKP" not in visitor.client.get(f"/kasus/{printed}").text


def test_a_closed_case_still_prints(demo: Kernel, printed: str) -> None:
    set_date(demo, date(2025, 4, 2))
    words = text(enter(demo, "Sari Contoh").client.get(f"/p/cetak/{printed}").text)
    assert "Keteraturan Suasana Kelas" in words
