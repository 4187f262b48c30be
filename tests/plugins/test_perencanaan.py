"""The plugin perencanaan: the parts a teacher chooses in, for three kinds of school and three schemes."""

from __future__ import annotations

from datetime import date

import pytest

from kinerja import Fact, Item, Problem, Related
from kinerja.forms import check, total_of, view, warnings
from tests.plugins import contexts
from tests.plugins.contexts import (
    BARE,
    NEXT,
    SEMESTER,
    YEAR,
    case,
    context,
    form,
    good_behaviour,
    ids,
    made,
    step,
)

# --- praktik ---


@pytest.mark.parametrize(
    ("kind", "label", "count", "first"),
    [
        ("tk", "Sub-indikator", 4, "perencanaan-pembelajaran"),
        ("sd", "Indikator", 8, "keteraturan-suasana-kelas"),
        ("smk", "Indikator", 8, "keteraturan-suasana-kelas"),
    ],
)
def test_a_teacher_chooses_one_indicator_of_the_rubric_for_the_school(kind, label, count, first):
    field = form("praktik", case(kind=kind)).fields[0]
    assert (field.kind, field.label, len(field.options), field.options[0].id) == ("one", label, count, first)
    assert field.help == "Pilih satu yang paling ingin Anda tingkatkan."
    assert check(form("praktik", case(kind=kind)), {"indikator": first})[1] == ()


def test_an_indicator_of_another_rubric_and_none_at_all_are_refused():
    drawn = form("praktik", case(kind="tk"))
    words = ["Pilihan ini tidak ada dalam daftar. Pilih ulang.", "Pilih salah satu."]
    said = [check(drawn, data)[1] for data in ({"indikator": "keteraturan-suasana-kelas"}, {})]
    assert said == [(Problem("indikator", word),) for word in words]


def test_an_indicator_shows_what_will_be_observed():
    option = form("praktik").fields[0].options[0]
    assert (option.group, option.lists[0][0], len(option.lists[0][1])) == (
        "Manajemen Kelas",
        "Target perilaku yang akan diamati",
        3,
    )


def test_a_role_without_a_rubric_reads_why_the_step_is_closed():
    head = form("praktik", case(role="tendik"))
    assert (head.fields, head.blocked) == (
        (),
        "Belum ada daftar indikator untuk jabatan Anda. Hubungi Dinas Pendidikan.",
    )


def test_the_schools_results_recommend_an_indicator_by_a_fact():
    fact = Fact("rapor.penerapan-disiplin-positif", True)
    drawn = form("praktik", unit=Related("u", "Sekolah", {fact.name: fact}))
    tagged = [option.id for option in drawn.fields[0].options if option.tag]
    assert (tagged, drawn.notices) == (["penerapan-disiplin-positif"], ())
    assert form("praktik").notices == ("Pilih setelah berdiskusi dengan Pak Budi.",)
    alone = contexts.replace(case(), holders={})
    assert form("praktik", alone).notices == ("Pilih setelah berdiskusi dengan atasan Anda.",)


def school(*facts):
    return Related("u", "Sekolah", {fact.name: fact for fact in facts})


def test_what_the_schools_results_recommend_stands_first_with_its_score():
    drawn = form("praktik", unit=school(Fact("rapor.aktivitas-interaktif", 65.3, "65,3 (2023)")))
    options = drawn.fields[0].options
    assert [option.id for option in options].count("aktivitas-interaktif") == 1
    assert (options[0].id, options[0].tag, options[0].group) == (
        "aktivitas-interaktif",
        "Rekomendasi dari Rapor Pendidikan",
        "Rekomendasi dari Rapor Pendidikan",
    )
    assert options[0].detail.endswith("Rapor Pendidikan: 65,3 (2023)")
    assert [option.id for option in options if option.tag] == ["aktivitas-interaktif"]
    assert [option.group for option in form("praktik").fields[0].options if "Rapor" in option.group] == []
    assert form("praktik", options={"rekomendasi": ""}, unit=school(Fact(".aktivitas-interaktif", 1))).notices == ()


def test_a_school_without_results_sees_no_empty_heading():
    drawn = form("praktik", unit=school())
    assert drawn.notices == ("Pilih setelah berdiskusi dengan Pak Budi.",)
    assert {option.tag for option in drawn.fields[0].options} == {""}


@pytest.mark.parametrize(
    ("value", "lists"),
    [
        (
            {"asesmen": ["Guru mengamati anak bermain.", ""]},
            (
                (
                    "Target perilaku yang akan diamati (dari sekolah, sementara)",
                    ("Guru mengamati anak bermain.",),
                ),
            ),
        ),
        ({"asesmen": "satu"}, ()),
        ({"lain": ["x"]}, ()),
        ("rusak", ()),
    ],
)
def test_target_behaviours_the_school_wrote_stand_where_none_are_published(value, lists):
    drawn = form("praktik", case(kind="tk"), unit=school(Fact("rubrik.target", value)))
    assert next(option.lists for option in drawn.fields[0].options if option.id == "asesmen") == lists


def test_published_target_behaviours_stand_before_the_schools_own():
    own = school(Fact("rubrik.target", {"keteraturan-suasana-kelas": ["Buatan sekolah"]}))
    assert form("praktik", unit=own).fields[0].options[0].lists[0][0] == "Target perilaku yang akan diamati"


@pytest.mark.parametrize("two", [["keteraturan-suasana-kelas", "aktivitas-interaktif"], {"a": 1}, 3])
def test_two_indicators_where_one_is_asked_are_refused(two):
    assert [problem.field for problem in check(form("praktik"), {"indikator": two})[1]] == ["indikator"]


def test_a_rubric_without_targets_says_when_they_are_agreed():
    assert form("praktik", case(kind="tk")).notices[1] == (
        "Target perilaku belum diterbitkan. "
        "Pilih sub-indikator dahulu; targetnya disepakati bersama Kepala TK saat persiapan observasi."
    )


def test_the_choice_becomes_an_item_with_its_evidence_and_a_fact():
    chosen = made("praktik", {"indikator": "keteraturan-suasana-kelas"}, contents=(BARE,))
    proof = (("Bukti Dukung", "RPP/modul ajar, oleh guru"),)
    assert chosen.items == (Item("praktik:keteraturan-suasana-kelas", "praktik", "Keteraturan Suasana Kelas", proof),)
    assert chosen.facts == (Fact("praktik.indikator", "keteraturan-suasana-kelas", "Keteraturan Suasana Kelas"),)


def test_a_scheme_with_its_own_line_for_practice_words_the_item_so():
    chosen = made("praktik", {"indikator": "keteraturan-suasana-kelas"}, case(YEAR))
    assert chosen.items[0].label.endswith("yang berfokus pada Keteraturan Suasana Kelas")


def test_several_indicators_are_many_when_the_scheme_says_so():
    several = {"options": {"banyak": [1, 2]}}
    drawn = form("praktik", **several)
    assert (drawn.fields[0].kind, drawn.fields[0].least, drawn.fields[0].most) == ("many", 1, 2)
    two = ["keteraturan-suasana-kelas", "aktivitas-interaktif"]
    assert made("praktik", {"indikator": two}, **several).facts == (
        Fact("praktik.indikator", two, "Keteraturan Suasana Kelas; Aktivitas Interaktif"),
    )


# --- kompetensi-katalog ---


def test_points_are_weight_times_number_and_too_few_only_warn():
    drawn = form("kompetensi-katalog")
    few = {"rhk": {"seminar": 4, "pelatihan-mandiri": 1}}
    assert total_of(drawn.fields[0], few["rhk"]) == 24
    assert check(drawn, few) == (few, ())
    advice = "Diskusikan dengan Kepala Sekolah untuk memilih Rencana Hasil Kerja (RHK) yang paling berdampak."
    assert warnings(drawn, few) == (Problem("rhk", f"24 dari minimal 32 poin. {advice}"),)
    assert warnings(drawn, {"rhk": {"seminar": 8}}) == ()


def test_a_hard_minimum_refuses():
    drawn = form("kompetensi-katalog", options={"keras": True, "pesan": ""})
    assert check(drawn, {"rhk": {"seminar": 7}})[1] == (Problem("rhk", "28 dari minimal 32 poin."),)


@pytest.mark.parametrize(
    "bad", [{}, {"rhk": {}}, {"rhk": {"seminar": 0}}, {"rhk": {"tidak-ada": 1}}, {"rhk": {"seminar": "dua"}}]
)
def test_no_work_result_or_an_unknown_one_is_refused(bad):
    assert [problem.field for problem in check(form("kompetensi-katalog"), bad)[1]] == ["rhk"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (-3, "Isi angka dari 0 sampai 99."),
        (100, "Isi angka dari 0 sampai 99."),
        (10**30, "Isi angka dari 0 sampai 99."),
        (1.5, "Isi dengan angka."),
        ([4], "Isi dengan angka."),
    ],
)
def test_a_negative_or_huge_number_is_refused(number, said):
    assert check(form("kompetensi-katalog"), {"rhk": {"seminar": number}})[1] == (Problem("rhk", said),)


def test_how_the_sum_is_made_is_told_with_an_example():
    assert form("kompetensi-katalog").fields[0].help == (
        "Tulis banyaknya. Jumlah = poin tiap RHK × banyaknya, lalu semuanya ditambahkan. "
        "Contoh: RHK bernilai 4 poin sebanyak 3 dan RHK bernilai 6 poin sebanyak 1, jumlahnya 4 × 3 + 6 × 1 = 18 poin."
    )


def test_goals_of_the_last_follow_up_stand_beside_the_catalogue():
    goal = Fact("tindak-lanjut.tujuan", "Lebih sabar.", "Lebih sabar.")
    before = Related("a", "Januari–Juni", {goal.name: goal})
    assert form("kompetensi-katalog", previous=before).notices == (
        "Tujuan diskusi tindak lanjut periode lalu: Lebih sabar.",
    )
    assert form("kompetensi-katalog", facts=(goal,)).notices == ("Tujuan diskusi tindak lanjut: Lebih sabar.",)
    assert form("kompetensi-katalog").notices == ()


def test_each_work_result_is_an_item_with_its_number():
    chosen = made("kompetensi-katalog", {"rhk": {"seminar": 8, "pelatihan-mandiri": 0}}, contents=(BARE,))
    assert [(item.key, item.kind, item.count, item.detail) for item in chosen.items] == [
        ("kompetensi-katalog:seminar", "kompetensi", 8, (("Poin", "32"), ("Bukti Dukung", "Sertifikat")))
    ]
    assert chosen.facts == (Fact("kompetensi.poin", 32, "32 poin"),)


def test_no_work_result_tells_teachers_how_it_was_found():
    told = " ".join(option.detail for option in form("kompetensi-katalog").fields[0].options)
    assert [word for word in ("belum", "dipastikan", "disimpulkan") if word in told] == []


# --- tugas-tambahan ---


@pytest.mark.parametrize(
    ("kind", "osis", "programme"),
    [("tk", False, False), ("sd", False, False), ("smp", True, False), ("smk", True, True)],
)
def test_duties_follow_the_kind_of_school(kind, osis, programme):
    offered = ids(form("tugas-tambahan", case(kind=kind)).fields[0])
    assert ("pembina-osis" in offered, "ketua-program-keahlian" in offered) == (osis, programme)


def test_a_duty_is_named_and_grounded_as_on_the_day():
    def told(day):
        return next(
            (option.label, option.detail)
            for option in form("tugas-tambahan", case(YEAR, "smk"), today=day).fields[0].options
            if option.id == "wakil-kepala"
        )

    assert told(date(2025, 6, 30)) == ("Wakil Kepala Satuan Pendidikan", "Permendikbud 15/2018")
    assert told(date(2025, 7, 1)) == ("Wakil kepala satuan pendidikan", "Permendikdasmen 11/2025")


def test_a_duty_with_posts_offers_each_post():
    offered = ids(form("tugas-tambahan", case(NEXT, "smk")).fields[0])
    assert [id for id in offered if id.startswith("pengurus-lsp-p1")] == [
        "pengurus-lsp-p1:ketua",
        "pengurus-lsp-p1:kepala-bagian",
    ]


ENDED = (
    "«TPPK/satgas perlindungan PTK» berlaku sampai 9 Januari 2026. Dasarnya diganti Permendikdasmen 6/2026. "
    "Tugas penggantinya belum diketahui. Pilih ulang."
)


@pytest.mark.parametrize(("scheme", "id"), [(YEAR, "tppk:anggota"), (NEXT, "tppk:anggota"), (NEXT, "tppk:koordinator")])
def test_a_duty_whose_body_ended_by_law_is_offered_until_its_last_day_and_no_longer(scheme, id):
    def offered(day, **more):
        return [one for one in ids(form("tugas-tambahan", case(scheme), today=day, **more).fields[0]) if "tppk" in one]

    assert id in offered(date(2026, 1, 9))
    assert offered(date(2026, 1, 10)) == []


@pytest.mark.parametrize(
    ("scheme", "day"), [(YEAR, date(2026, 1, 10)), (NEXT, date(2026, 1, 10)), (NEXT, date(2026, 11, 1))]
)
def test_a_draft_that_holds_an_ended_duty_is_told_so_in_its_part_and_in_the_summary(scheme, day):
    answers = {"tugas": ["tppk:anggota", "wali-kelas"]}
    more = {"today": day, "parts": {"tugas-tambahan": answers}}
    drawn = form("tugas-tambahan", case(scheme, "smp"), **more)
    kept = next(option for option in drawn.fields[0].options if option.id == "tppk:anggota")
    assert (drawn.notices, kept.tag) == ((ENDED,), "Tidak ditawarkan lagi")
    assert ENDED in form("rangkuman", case(scheme, "smp"), **more).notices
    assert ENDED not in form("cek-data", case(scheme, "smp"), **more).notices
    assert check(drawn, answers)[0]["tugas"] == answers["tugas"], "what was saved is not lost"


def test_a_duty_that_has_not_ended_is_not_spoken_of():
    more = {"today": date(2026, 1, 9), "parts": {"tugas-tambahan": {"tugas": ["tppk:anggota"]}}}
    drawn = form("tugas-tambahan", case(NEXT), **more)
    kept = next(option for option in drawn.fields[0].options if option.id == "tppk:anggota")
    assert (drawn.notices, kept.tag) == ((), "1 JP per minggu")


@pytest.mark.parametrize("scheme", [YEAR, NEXT])
def test_a_plan_of_before_keeps_the_duty_under_its_name_and_basis(scheme):
    answers = {"tugas": ["tppk:koordinator"], "nomor": "800/1"}
    before, after = (
        made("tugas-tambahan", answers, case(scheme), today=day, contents=())
        for day in (date(2026, 1, 9), date(2026, 11, 1))
    )
    assert before == after
    assert [(one.label, one.detail[:2]) for one in after.items] == [
        ("TPPK/satgas perlindungan PTK: Koordinator",
         (("Dasar", "Permendikdasmen 11/2025"), ("SK atau Surat Tugas", "800/1"))),
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", [SEMESTER, YEAR, NEXT])
def test_the_end_of_a_duty_stands_with_its_source_and_as_not_certain(scheme):
    entry = context("tugas-tambahan", of=case(scheme)).content["katalog-tugas"].entry("tppk")
    assert (entry.valid_to, entry.provisional, "Permendikdasmen 6/2026" in entry.source) == (
        date(2026, 1, 9), True, True,
    )  # fmt: skip


def test_none_of_the_duties_is_an_answer_and_no_answer_is_not():
    drawn = form("tugas-tambahan")
    assert check(drawn, {"tugas": ["-"]}) == ({"tugas": ["-"]}, ())
    assert [problem.field for problem in check(drawn, {})[1]] == ["tugas"]
    both = "Anda memilih «Saya tidak punya tugas tambahan» dan juga pilihan lain. Hapus salah satunya."
    assert check(drawn, {"tugas": ["-", "wali-kelas"]})[1] == (Problem("tugas", both),)


def test_without_a_duty_no_letter_is_asked_for_kept_or_shown():
    old = {"tugas": ["-"], "nomor": "800/1", "tanggal": "2023-07-10"}
    drawn = form("tugas-tambahan", parts={"tugas-tambahan": old})
    assert drawn.intro == ("Tidak punya, atau tidak ada di daftar? Pilih «Saya tidak punya tugas tambahan» di bawah.")
    assert check(drawn, old) == ({"tugas": ["-"]}, ())
    assert view(drawn, old) == [["Pilih tugas tambahan Anda", "Saya tidak punya tugas tambahan"]]
    for draft in ({}, {"tugas-tambahan": {"tugas": ["wali-kelas"]}}, {"tugas-tambahan": {"tugas": []}}):
        assert [field.key for field in form("tugas-tambahan", parts=draft).fields] == ["tugas", "nomor", "tanggal"]


@pytest.mark.parametrize(
    ("letter", "shown"),
    [
        ({}, ()),
        ({"nomor": "800/012/SDN1/2023"}, (("SK atau Surat Tugas", "800/012/SDN1/2023"),)),
        ({"nomor": "800/1", "tanggal": "2023-07-10"}, (("SK atau Surat Tugas", "800/1, 10 Juli 2023"),)),
        ({"tanggal": "2024-02-01"}, (("SK atau Surat Tugas", "1 Februari 2024"),)),
    ],
)
def test_number_and_day_of_the_letter_may_follow_and_may_lie_before_the_period(letter, shown):
    answers = {"tugas": ["wali-kelas"], **letter}
    assert check(form("tugas-tambahan"), answers) == (answers, ())
    assert made("tugas-tambahan", answers, contents=(BARE,)).items == (
        Item("tugas-tambahan:wali-kelas", "tugas-tambahan", "Wali Kelas", (("Dasar", "Permendikbud 15/2018"), *shown)),
    )
    assert made("tugas-tambahan", {"tugas": ["-"], **letter}).items == ()


def test_a_day_that_does_not_exist_is_refused_and_a_broken_one_is_not_shown():
    wrong = {"tugas": ["wali-kelas"], "tanggal": "2024-02-31"}
    assert check(form("tugas-tambahan"), wrong)[1] == (Problem("tanggal", "Tanggal ini tidak ada. Pilih ulang."),)
    assert made("tugas-tambahan", wrong, contents=(BARE,)).items[0].detail == (("Dasar", "Permendikbud 15/2018"),)


def test_an_old_letter_in_one_text_becomes_the_number():
    old = {"tugas": ["wali-kelas"], "sk": "SK 800/012/SDN1/2023,\n10 Juli 2023"}
    upgraded = step("tugas-tambahan").upgrade(old, 1)
    assert upgraded == {"tugas": ["wali-kelas"], "nomor": "SK 800/012/SDN1/2023, 10 Juli 2023"}
    assert step("tugas-tambahan").upgrade({"sk": 5}, 1) == {"nomor": ""}
    assert (step("tugas-tambahan").upgrade(upgraded, 2), step("tugas-tambahan").format) == (upgraded, 2)


def test_several_duties_may_be_chosen_each_with_its_legal_basis():
    two = {"tugas": ["wali-kelas", "kepala-perpustakaan"]}
    drawn = form("tugas-tambahan", case(kind="smp"))
    assert check(drawn, two) == (two, ())
    assert {bool(option.detail) for option in drawn.fields[0].options} == {True}
    assert [item.key for item in made("tugas-tambahan", two, case(kind="smp")).items] == [
        "tugas-tambahan:wali-kelas",
        "tugas-tambahan:kepala-perpustakaan",
    ]


def test_a_head_passes_by_additional_duties():
    drawn = form("tugas-tambahan", case(role="kepala-sekolah"))
    assert (drawn.fields, drawn.blocked, check(drawn, {})) == ((), "", ({}, ()))


# --- perilaku ---


def test_all_seven_aspects_need_one_behaviour_each():
    drawn = form("perilaku")
    answers = good_behaviour()
    assert len(answers) == 7
    assert check(drawn, answers) == (answers, ())
    del answers["loyal"]
    assert [problem.field for problem in check(drawn, answers)[1]] == ["loyal"]


@pytest.mark.parametrize("twice", [["satu", "dua"], {"satu": 1}, "menghargai-orang-lain", ""])
def test_an_aspect_with_two_behaviours_an_unknown_one_or_none_is_refused_at_the_aspect(twice):
    drawn = form("perilaku")
    wrong = check(drawn, {**good_behaviour(), "loyal": twice})[1]
    assert [drawn.field(problem.field).label for problem in wrong] == ["Loyal"]


def test_an_aspect_that_is_not_one_of_the_seven_is_not_kept():
    assert check(form("perilaku"), {**good_behaviour(), "loyal2": "x"}) == (good_behaviour(), ())


def test_behaviours_are_items_by_aspect():
    items = made("perilaku", good_behaviour()).items
    assert [item.key for item in items][:2] == ["perilaku:berorientasi-pelayanan", "perilaku:akuntabel"]
    assert items[2].detail == (
        ("Perilaku", "Meningkatkan kompetensi diri untuk menjawab tantangan yang selalu berubah"),
    )


def test_the_second_half_says_that_behaviours_come_filled_in():
    before = Related("a", "Januari–Juni", {})
    words = "Sementara: kalimatnya teks PermenPANRB 6/2022. Daftar pilihan di PMM dan Ruang GTK belum ditemukan."
    assert form("perilaku").notices == (words,)
    assert form("perilaku", previous=before).notices == (
        "Pilihan periode sebelumnya terisi lebih dahulu. Periksa, lalu ubah bila perlu.",
        words,
    )
    assert form("perilaku", case(YEAR), previous=before).notices == (words,)
