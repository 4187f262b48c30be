"""The plugin cetak: what stands on a printed SKP, who may open it, and the way to it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kinerja import Fact, Item, Refusal, cases
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Person, PersonId, Relation, Unit
from kinerja.models import Edition as EditionRow
from kinerja.testing import Player, add_person, case_of, history, person, set_date, unit, viewer
from kinerja_cetak import fill_slot, paper
from kinerja_office import choosing, editions
from kinerja_office.aftermath import after_people
from kinerja_read import Act, Corrected, Edition, Signer
from kinerja_read import editions as read_editions
from tests.plugins.contexts import HEAD, case
from tests.plugins.test_journey import agreed
from tests.plugins.test_pages import enter
from tests.web.visitor import Visitor

NIP = "198001012005011001"
NOT_YET = "belum diterbitkan"
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

MOMENT, LATER = datetime(2024, 2, 20, 3, tzinfo=UTC), datetime(2024, 6, 25, 3, tzinfo=UTC)
TEACHER = Signer(
    "Sari Contoh, S.Pd.", 1, {"nip": "199001012015012001"}, "pns", "Penata, III/c", "Guru Ahli Muda", "guru", "Guru",
    unit="SDN 1 Contoh",
)  # fmt: skip
LEADER = Signer(
    "Budi Contoh, M.Pd.", 2, {"nip": NIP}, "pns", "Pembina, IV/a", "Guru Ahli Madya", "kepala-sekolah", "Kepala Sekolah",
    unit="SDN 1 Contoh",
)  # fmt: skip
BOTH = {"pegawai": TEACHER, "memutuskan": LEADER}
ACTS = (
    Act(1, "perencanaan", "setujui", "memutuskan", MOMENT, LEADER, BOTH),
    Act(2, "perencanaan", "sepakati", "pegawai", MOMENT, TEACHER, BOTH),
)


def edition(**more: Any) -> Edition:
    """A plan agreed in February."""
    return Edition(
        **{"stage": "perencanaan", "number": 1, "at": MOMENT, "acts": ACTS, "items": ITEMS, "facts": AGREED, **more}
    )


# --- what stands on it --------------------------------------------------------------------------


def test_work_is_numbered_and_measured_aspect_by_aspect():
    made = paper.of(case(), ITEMS, AGREED)
    first = paper.Measure("Kuantitas", "Banyaknya observasi", "1 kali")
    second = paper.Measure("Kualitas", "Hasil observasi", "Efektif")
    line = paper.Line(1, "Mutu pembelajaran meningkat", "Meningkatnya disiplin positif", "", (first, second))
    assert made.main == (line,)


def test_other_assignments_stand_apart_with_who_gave_them():
    made = paper.of(case(), ITEMS, AGREED).other
    assert made == (
        paper.Line(1, "–", "Mendampingi lomba", "Kepala Dinas", (paper.Measure(NOT_YET, NOT_YET, "1 laporan"),)),
    )


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


def test_a_plan_is_a_draft_until_there_is_an_edition_and_empty_without_items():
    draft, first = paper.of(case(), ITEMS, {}), paper.of_edition(case(), (edition(),), 1)
    assert (draft.agreed, draft.standing) == (
        False,
        ("Draf, belum disepakati", "Pejabat Penilai Kinerja menurut data hari ini."),
    )
    assert (first.agreed, first.standing) == (True, ("Edisi 1. Disepakati 20 Februari 2024.",))
    assert (paper.of(case(), (), {}).empty, draft.empty) == (True, False)


def test_an_edition_names_who_agreed_and_not_who_assesses_today():
    now = replace(case(), holders={"memutuskan": replace(KNOWN, person=replace(KNOWN.person, name="Citra Uji"))})
    made = paper.of_edition(now, (edition(),), 1)
    assert made.people == (
        ("Nama", "Sari Contoh, S.Pd.", "Budi Contoh, M.Pd."),
        ("NIP", "199001012015012001", NIP),
        ("Pangkat, golongan/ruang", "Penata, III/c", "Pembina, IV/a"),
        ("Jabatan", "Guru Ahli Muda", "Kepala Sekolah"),
        ("Unit kerja", "SDN 1 Contoh", "SDN 1 Contoh"),
    )


def test_what_the_person_edited_themselves_stands_on_the_paper():
    facts = {
        **AGREED,
        "profil.golongan": Fact("profil.golongan", "pns-iii-d", "Penata Tingkat I, III/d"),
        "profil.jenjang_jabatan": Fact("profil.jenjang_jabatan", "guru-ahli-madya", "Guru Ahli Madya"),
    }
    of_both = (paper.of_edition(case(), (edition(facts=facts),), 1), paper.of(case(), ITEMS, facts))
    for made in of_both:
        assert [row[1] for row in made.people[2:4]] == ["Penata Tingkat I, III/d", "Guru Ahli Madya"]


@pytest.mark.parametrize("post", ["Kepala TK", "Pengelola", "Plt. Kepala Sekolah"])
def test_a_heads_post_is_its_title_and_not_the_jenjang_jabatan(post):
    head = replace(TEACHER, role="kepala-sekolah", post=post, level="Guru Ahli Madya")
    act = Act(1, "perencanaan", "setujui", "memutuskan", MOMENT, LEADER, {"pegawai": head, "memutuskan": LEADER})
    made = paper.of_edition(case(), (edition(acts=(act,)),), 1)
    assert made.people[3] == ("Jabatan", post, "Kepala Sekolah")


def test_what_the_system_approved_names_who_led_the_school_then():
    leads = replace(LEADER, post="Plt. Kepala Sekolah", acting=True)
    act = Act(
        1, "perencanaan", "otomatis", "sistem", MOMENT, Signer("Sistem"), {"pegawai": TEACHER, "memutuskan": leads}
    )
    agreed_by = {paper.AGREED: Fact(paper.AGREED, True, "Disetujui sistem")}
    made = paper.of_edition(case(), (edition(acts=(act,), facts=agreed_by),), 1)
    assert (made.standing, made.people[3][2]) == (
        ("Edisi 1. Disetujui sistem 20 Februari 2024.",),
        "Plt. Kepala Sekolah",
    )


def test_a_revised_plan_says_why_and_names_both_assessors_with_their_days():
    citra = replace(LEADER, name="Citra Uji", person=9)
    acts = (
        Act(3, "perencanaan", "revisi", "pegawai", MOMENT, TEACHER, {}, "Kelas bertukar."),
        Act(4, "perencanaan", "setujui", "memutuskan", LATER, citra, {"pegawai": TEACHER, "memutuskan": citra}),
    )
    made = paper.of_edition(case(), (edition(), edition(number=2, at=LATER, acts=acts)), 2)
    assert made.standing == ("Edisi 2. Disepakati 25 Juni 2024.", "Perubahan atas edisi 1. Alasan: Kelas bertukar.")
    assert made.notes == (
        "Pejabat Penilai Kinerja sebelumnya: Budi Contoh, M.Pd., Kepala Sekolah, SDN 1 Contoh; menyetujui edisi 1 pada "
        "20 Februari 2024. Edisi ini disetujui Citra Uji pada 25 Juni 2024.",
    )


def test_an_edition_that_puts_a_value_right_names_the_old_one():
    wrong = Corrected(1, "nip", "NIP pegawai", "199001012015012009", "199001012015012001")
    made = paper.of_edition(case(), (edition(), edition(number=2, at=LATER, corrects=(wrong,))), 2)
    assert made.standing == ("Edisi 2. Disepakati 20 Februari 2024.", "Data yang diperbaiki: NIP pegawai.")
    assert made.notes == (
        "NIP pegawai: semula 199001012015012009, diperbaiki menjadi 199001012015012001 pada 25 Juni 2024.",
    )
    assert made.mended == ((0, 0), (1, 0), (0, 0), (0, 0), (0, 0))


def test_the_footnote_of_a_value_put_right_stands_beside_whose_it_is_and_the_newest_counts():
    wrong = (
        Corrected(2, "name", "Nama Budi", "Budi Conto, M.Pd.", "Budi Contoh, M.Pd."),
        Corrected(1, "rank", "Pangkat", "Penata, III/d", "Penata, III/b"),
        Corrected(1, "rank", "Pangkat", "Penata, III/b", "Penata, III/c"),
    )
    made = paper.of_edition(case(), (edition(), edition(number=2, at=LATER, corrects=wrong)), 2)
    assert made.mended == ((0, 1), (0, 0), (3, 0), (0, 0), (0, 0))
    assert made.standing[1] == "Data yang diperbaiki: Nama Budi, Pangkat."


def test_a_number_that_is_not_on_record_leaves_place_to_write_where_there_is_one():
    unknown = Act(1, "perencanaan", "setujui", "memutuskan", MOMENT, replace(LEADER, ids={}), BOTH)
    made = paper.of_edition(case(), (edition(acts=(unknown,)),), 1)
    assert (made.people[1][2], made.signers[1].number) == ("–", "NIP ……………………")


def test_what_is_provisional_has_a_footnote():
    said = "Aspek, indikator kinerja individu, dan target di bawah ini sementara."
    unsure = replace(OTHER, detail=(*OTHER.detail, ("Sementara", "rumusan RHK ini belum resmi")))
    facts = {**AGREED, paper.UNSURE: Fact(paper.UNSURE, True, said)}
    made = paper.of_edition(case(), (edition(items=(WORK, unsure), facts=facts),), 1)
    assert (made.notes, made.unsure) == ((said, "rumusan RHK ini belum resmi"), 1)
    assert ([line.note for line in made.main], [line.note for line in made.other]) == ([0], [2])


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


# --- issued once --------------------------------------------------------------------------------


def sheet(answer: str) -> str:
    """The paper within its page."""
    found = re.search(r'<div class="head"><h1>Sasaran.*</section>', answer, re.S)
    assert found is not None
    return found[0]


def promote(name: str) -> None:
    """Another rank, level and name on record from now on."""
    changed = {"rank": "pns-iv-c", "level": "guru-ahli-utama", "title_back": "S.Pd., M.Pd., Gr.", "name": f"{name}"}
    Person.update(**changed).where(Person.name == name).execute()


@pytest.fixture
def june(demo: Kernel, printed: str) -> str:
    """Printed in January by its person; then she is promoted, the head leaves, and another one comes."""
    before = enter(demo, "Sari Contoh").client.get(f"/p/cetak/{printed}").text
    promote("Sari Contoh")
    promote("Budi Contoh")
    Unit.update(name="SD Negeri Berganti Nama").where(Unit.npsn == "99990101").execute()
    held = Assignment.get((Assignment.person == person("Budi Contoh")) & (Assignment.role == "kepala-sekolah"))
    add_person(
        "Citra Uji", "kepala-sekolah", unit("99990101"), "definitif", date(2024, 6, 1), sex="P", employment="pns"
    )
    Assignment.update(until=date(2024, 5, 31)).where(Assignment.id == held.id).execute()
    set_date(demo, date(2024, 6, 5))
    after_people(demo, unit("99990101"))
    return before


def test_an_skp_asked_for_again_is_the_same_bytes_whatever_became_of_its_people(
    demo: Kernel, printed: str, june: str
) -> None:
    sari = enter(demo, "Sari Contoh")
    again = sari.client.get(f"/p/cetak/{printed}").text
    assert sheet(again) == sheet(june)
    assert "Pejabat Penilai Kinerja sekarang: Citra Uji. SKP ini tetap seperti saat disepakati." in text(again)
    set_date(demo, date(2025, 4, 2))
    assert sheet(sari.client.get(f"/p/cetak/{printed}/1").text) == sheet(june)


def test_an_skp_first_asked_for_long_after_is_as_it_was_agreed(demo: Kernel, printed: str) -> None:
    first = paper_of(demo, printed)
    promote("Sari Contoh")
    promote("Budi Contoh")
    Assignment.update(until=date(2024, 5, 31)).where(Assignment.person == person("Budi Contoh")).execute()
    set_date(demo, date(2024, 6, 5))
    assert text(sheet(enter(demo, "Sari Contoh").client.get(f"/p/cetak/{printed}").text)).split() == first


def paper_of(demo: Kernel, case: str) -> list[str]:
    """The words of the paper, drawn without being issued."""
    visitor = enter(demo, "Sari Contoh")
    words = text(sheet(visitor.client.get(f"/p/cetak/{case}").text)).split()
    EditionRow.update(paper=None).execute()
    return words


def test_a_revised_plan_is_a_second_edition_and_the_first_stays_for_teacher_and_head(
    demo: Kernel, printed: str
) -> None:
    sari, budi = Player(demo, "Sari Contoh"), Player(demo, "Budi Contoh").through("kepala-sekolah")
    visitor = enter(demo, "Sari Contoh")
    first = sheet(visitor.client.get(f"/p/cetak/{printed}").text)
    sari.do(printed, "perencanaan", "revisi", note="Kelas bertukar.")
    assert sheet(visitor.client.get(f"/p/cetak/{printed}").text) == first
    agreed(printed, sari, budi)
    second = sheet(visitor.client.get(f"/p/cetak/{printed}").text)
    assert "Edisi 2. Disepakati 22 Januari 2024. Perubahan atas edisi 1. Alasan: Kelas bertukar." in text(second)
    head = enter(demo, "Budi Contoh")
    head.post("/kapasitas", penugasan=str(budi.assignment))
    for one in (visitor, head):
        assert sheet(one.client.get(f"/p/cetak/{printed}/1").text) == first
        assert sheet(one.client.get(f"/p/cetak/{printed}/2").text) == second
        assert one.client.get(f"/p/cetak/{printed}/3").status_code == 404


def test_a_value_that_was_always_wrong_makes_an_edition_that_names_it(demo: Kernel, printed: str) -> None:
    visitor, sari = enter(demo, "Sari Contoh"), person("Sari Contoh")
    first = visitor.client.get(f"/p/cetak/{printed}").text
    old = PersonId.get((PersonId.person == sari) & (PersonId.kind == "nip")).value
    wrong = Corrected(sari.id, "nip", "NIP pegawai", old, "199912312024012009")
    assert editions.correct(demo, printed, replace(wrong, person=0), None, demo.clock.now()) == []
    assert editions.correct(demo, printed, wrong, None, demo.clock.now()) == [2]
    assert editions.correct(demo, printed, wrong, None, demo.clock.now()) == []
    second = text(visitor.client.get(f"/p/cetak/{printed}").text)
    day = "22 Januari 2024"
    assert f"NIP pegawai: semula {old}, diperbaiki menjadi 199912312024012009 pada {day}." in second
    assert second.count("199912312024012009") == 4 and second.count(old) == 1
    assert sheet(visitor.client.get(f"/p/cetak/{printed}/1").text) == sheet(first)
    told = [line.text for line in history(demo, printed) if line.code == "edition-corrected"]
    assert told == [f"Edisi 2 terbit: NIP pegawai semula {old}, menjadi 199912312024012009"]


def test_corrections_add_up_and_a_plan_agreed_later_needs_none(demo: Kernel, printed: str) -> None:
    budi = person("Budi Contoh")
    now = demo.clock.now()
    name = Corrected(budi.id, "name", "Nama Pejabat Penilai Kinerja", "Budi Contoh, S.Pd., M.Pd.", "Budi Contoh, M.Pd.")
    rank = Corrected(budi.id, "rank", "Pangkat Pejabat Penilai Kinerja", "Pembina Tingkat I, IV/b", "Pembina, IV/a")
    assert [editions.correct(demo, printed, one, None, now) for one in (name, rank)] == [[2], [3]]
    third = text(enter(demo, "Sari Contoh").client.get(f"/p/cetak/{printed}").text)
    assert third.count("semula") == 2
    assert "Budi Contoh, M.Pd." in third and "Pembina, IV/a" in third
    sari = Player(demo, "Sari Contoh")
    sari.do(printed, "perencanaan", "revisi", note="Kelas bertukar.")
    agreed(printed, sari, Player(demo, "Budi Contoh").through("kepala-sekolah"))
    fourth = text(enter(demo, "Sari Contoh").client.get(f"/p/cetak/{printed}").text)
    assert "semula" not in fourth and "Edisi 4. " in fourth and "Alasan: Kelas bertukar." in fourth


def test_whoever_may_not_read_all_of_a_paper_gets_none_of_it(demo: Kernel, printed: str) -> None:
    seen = cases.load(demo, printed)
    own = read_editions(viewer(demo, "Sari Contoh"), demo, seen)
    head = Player(demo, "Budi Contoh").through("kepala-sekolah").assignment
    assert [one.number for one in own] == [1]
    assert [one.number for one in read_editions(viewer(demo, "Budi Contoh", head), demo, seen)] == [1]
    assert read_editions(viewer(demo, "Budi Contoh"), demo, seen) == ()
    operator = Assignment.get(Assignment.role == "admin-dinas")
    assert read_editions(viewer(demo, operator.person.name, operator.id), demo, seen) == ()
    with pytest.raises(Refusal):
        editions.issue(demo, viewer(demo, "Kartini Contoh"), seen, "perencanaan", 1, lambda: "Palsu")
    assert EditionRow.get(EditionRow.case == printed).paper is None


def test_an_edition_without_a_line_is_still_nothing_for_those_who_may_not_see_the_persons_data(
    demo: Kernel, printed: str
) -> None:
    Relation.create(case=printed, kind="menata", person=person("Kartini Contoh"), since=date(2024, 1, 1))
    EditionRow.update(content={"items": [], "facts": []}).execute()
    seen = cases.load(demo, printed)
    found = [len(read_editions(viewer(demo, name), demo, seen)) for name in ("Kartini Contoh", "Sari Contoh")]
    assert found == [0, 1]


def test_whoever_asks_first_issues_the_paper_for_everybody(demo: Kernel, printed: str) -> None:
    seen, sari = cases.load(demo, printed), viewer(demo, "Sari Contoh")
    head = viewer(demo, "Budi Contoh", Player(demo, "Budi Contoh").through("kepala-sekolah").assignment)
    first = editions.issue(demo, sari, seen, "perencanaan", 1, lambda: "<p>Lembar</p>")
    again = editions.issue(demo, head, seen, "perencanaan", 1, lambda: "<p>Lain</p>")
    assert (first, again, EditionRow.get().paper) == ("<p>Lembar</p>",) * 3


def test_of_two_who_ask_at_once_the_first_ones_paper_is_everybodys(demo: Kernel, printed: str) -> None:
    seen, sari = cases.load(demo, printed), viewer(demo, "Sari Contoh")

    def slow() -> str:
        """While this one is drawn, another is issued."""
        EditionRow.update(paper="<p>Lebih dahulu</p>").execute()
        return "<p>Terlambat</p>"

    assert editions.issue(demo, sari, seen, "perencanaan", 1, slow) == "<p>Lebih dahulu</p>"


def test_who_agreed_is_the_assessor_though_another_leads_when_the_teacher_agrees():
    citra = replace(LEADER, name="Citra Uji", person=9)
    acts = (ACTS[0], Act(2, "perencanaan", "sepakati", "pegawai", LATER, TEACHER, {**BOTH, "memutuskan": citra}))
    assert paper.assessor_of(edition(acts=acts)) == LEADER


def test_an_agreed_plan_is_never_drawn_as_a_draft(demo: Kernel, printed: str) -> None:
    """As for an observer, who reads some of it: where no edition is theirs to read, there is no paper."""
    EditionRow.delete().execute()
    assert enter(demo, "Sari Contoh").client.get(f"/p/cetak/{printed}").status_code == 404


# --- what changed -------------------------------------------------------------------------------


def revised(demo: Kernel, case: str) -> Visitor:
    """Bu Sari changes her agreed plan and hands it in anew; the browser is Pak Budi's."""
    sari = Player(demo, "Sari Contoh")
    sari.do(case, "perencanaan", "revisi", note="Kelas bertukar.")
    sari.fill(case, "perencanaan")
    field = next(one for one in sari.form(case, "perencanaan", "praktik").fields if one.kind == "one" and one.options)
    sari.draft(case, "perencanaan", "praktik", **{field.key: field.options[1].id})
    sari.do(case, "perencanaan", "ajukan")
    head = enter(demo, "Budi Contoh")
    head.post("/kapasitas", penugasan=str(Player(demo, "Budi Contoh").through("kepala-sekolah").assignment))
    return head


def test_who_decides_on_a_revised_plan_sees_what_is_in_force_struck_through(demo: Kernel, printed: str) -> None:
    before = enter(demo, "Sari Contoh").client.get(f"/kasus/{printed}/perencanaan").text
    page = revised(demo, printed).client.get(f"/kasus/{printed}/perencanaan").text
    assert ("Diubah dari yang berlaku" in before, page.count("Diubah dari yang berlaku")) == (False, 2)
    assert "<del>Keteraturan Suasana Kelas</del>" in page and "<ins>Penerapan Disiplin Positif</ins>" in page
    assert "Kelas bertukar." in page


def test_both_editions_with_reason_and_difference_are_read_by_teacher_and_head(demo: Kernel, printed: str) -> None:
    head = revised(demo, printed)
    sari, budi = Player(demo, "Sari Contoh"), Player(demo, "Budi Contoh").through("kepala-sekolah")
    if budi.do(printed, "perencanaan", "setujui").label != "Disepakati":
        sari.do(printed, "perencanaan", "sepakati")
    promote("Budi Contoh")
    for one in (head, enter(demo, "Sari Contoh")):
        page = one.client.get(f"/kasus/{printed}/edisi").text
        words = text(page)
        assert words.index("edisi 2") < words.index("edisi 1")
        assert "Alasan perubahan: Kelas bertukar." in words
        assert words.count("Budi Contoh, S.Pd., M.Pd., Kepala Sekolah, SD Negeri 1 Tanjung Contoh") == 2
        gone, come = (re.findall(rf"<{mark}>(.*?)</{mark}>", page, re.S) for mark in ("del", "ins"))
        assert any("Keteraturan Suasana Kelas" in one for one in gone)
        assert any("Penerapan Disiplin Positif" in one for one in come)
    stranger = enter(demo, "Kartini Contoh").client.get(f"/kasus/{printed}/edisi")
    assert stranger.status_code == 404
