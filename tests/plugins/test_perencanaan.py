"""The plugin perencanaan: its table, and each step's form, answers, items and facts for three kinds of school."""

from __future__ import annotations

from datetime import date

import pytest

from kinerja import Fact, Item, Problem, Related, StageProjection, Task
from kinerja.forms import check, total_of, view, warnings
from kinerja_perencanaan import stage
from tests.plugins import contexts
from tests.plugins.contexts import ACTING, NEXT, SEMESTER, YEAR, case, context, stage_context, step

FLOW = stage.STAGE.flows["dua-pihak"]
STEPS = (("cek-data", "pegawai", "draft"), ("praktik", "pegawai", "none"), ("rangkuman", "pegawai", "none"))


def form(id, of=None, **more):
    return step(id).form(context(id, of=of, **more))


def made(id, data, of=None, **more):
    return step(id).project(context(id, of=of, **more), data)


def ids(field):
    return [option.id for option in field.options]


def good_behaviour():
    return {field.key: field.options[0].id for field in form("perilaku").fields}


# --- the table ---


@pytest.mark.parametrize(
    ("agreement", "adjusted", "expected"),
    [
        ("selalu", False, ("Setujui", "disetujui", False)),
        ("selalu", True, ("Setujui dengan penyesuaian", "disetujui", False)),
        ("bila-disesuaikan", False, ("Setujui", "disepakati", True)),
        ("bila-disesuaikan", True, ("Setujui dengan penyesuaian", "disetujui", False)),
        ("tanpa", False, ("Setujui", "disepakati", True)),
        ("tanpa", True, ("Setujui dengan penyesuaian", "disepakati", True)),
    ],
)
def test_exactly_one_way_to_approve_stands_for_each_kind_of_agreement(agreement, adjusted, expected):
    rows = [
        (row.label, row.target, row.settles)
        for row in FLOW.transitions
        if row.id == "setujui" and row.adjusted == adjusted and row.switch and agreement in row.switch[1]
    ]
    assert rows == [expected]


def test_the_table_names_only_states_it_has_and_every_state_but_the_first_is_reached():
    states = [one.id for one in FLOW.states]
    assert {row.source for row in FLOW.transitions} == set(states)
    assert {row.target for row in FLOW.transitions} == set(states) - {"belum"}


@pytest.mark.parametrize(
    ("state", "relation", "label", "at"),
    [
        ("belum", "pegawai", "Susun rencana", "praktik"),
        ("draf", "pegawai", "Lengkapi rencana", "praktik"),
        ("dikembalikan", "pegawai", "Perbaiki rencana", "praktik"),
        ("diajukan", "memutuskan", "Periksa rencana", ""),
        ("disetujui", "pegawai", "Sepakati rencana", ""),
    ],
)
def test_each_state_before_agreement_is_exactly_one_turn(state, relation, label, at):
    made = stage.project(stage_context("perencanaan", FLOW.state(state), STEPS))
    assert [(task.relation, task.label, task.step, task.due) for task in made.tasks] == [
        (relation, label, at, date(2024, 3, 31))
    ]
    assert made.facts == ()


def test_an_agreed_plan_is_nobodys_turn_and_says_so():
    made = stage.project(stage_context("perencanaan", FLOW.state("disepakati"), STEPS))
    assert made == StageProjection(facts=(Fact("rencana.disepakati", True, "Disepakati"),))


def test_handing_in_claims_nobody_checks_where_nobody_may():
    said = {row.confirm for row in FLOW.transitions if row.id == "ajukan"}
    assert said == {"Sudah dicek? Setelah diajukan, rencana tidak dapat diubah sampai diperiksa atau ditarik kembali."}


def test_the_last_click_is_announced():
    made = stage.project(stage_context("perencanaan", FLOW.state("disetujui"), ()))
    sentence = "Satu langkah lagi: sepakati rencana."
    assert made.tasks == (Task("pegawai", "Sepakati rencana", "", "menunggu", sentence, date(2024, 3, 31)),)


# --- cek-data ---


@pytest.mark.parametrize(
    ("employment", "answers", "fields"),
    [
        ("pns", ["sesuai", "ubah", "operator"], ["data", "sesuai", "golongan", "jenjang_jabatan"]),
        ("pppk", ["sesuai", "ubah", "operator"], ["data", "sesuai", "jenjang_jabatan"]),
        ("non-asn", ["sesuai", "operator"], ["data", "sesuai"]),
    ],
)
def test_who_may_edit_their_own_data_follows_the_scheme(employment, answers, fields):
    drawn = form("cek-data", case(employment=employment))
    assert ids(drawn.field("sesuai")) == answers
    assert [field.key for field in drawn.fields] == fields


def test_only_ranks_of_the_own_employment_are_offered():
    drawn = form("cek-data", case(employment="pns"))
    assert {id.split("-")[0] for id in ids(drawn.field("golongan"))} == {"pns"}


def test_without_the_lists_nothing_can_be_edited():
    made = context("cek-data")
    bare = contexts.replace(made, content={})
    assert [field.key for field in step("cek-data").form(bare).fields] == ["data", "sesuai"]


def test_an_edit_is_asked_for_only_after_choosing_it():
    drawn = form("cek-data")
    assert check(drawn, {"sesuai": "sesuai"}) == ({"sesuai": "sesuai"}, ())
    assert [problem.field for problem in check(drawn, {"sesuai": "ubah"})[1]] == ["golongan", "jenjang_jabatan"]
    assert [problem.field for problem in check(drawn, {})[1]] == ["sesuai"]


def test_an_edit_becomes_facts_and_right_data_none():
    edited = {"sesuai": "ubah", "golongan": "pns-iii-c", "jenjang_jabatan": "guru-ahli-muda"}
    assert made("cek-data", edited).facts == (
        Fact("profil.golongan", "pns-iii-c", "Penata, III/c"),
        Fact("profil.jenjang_jabatan", "guru-ahli-muda", "Guru Ahli Muda"),
    )
    assert made("cek-data", {**edited, "sesuai": "sesuai"}).facts == ()


def test_a_missing_number_is_said_and_not_an_error():
    nameless = contexts.replace(case(employment="pppk"), labels={"nama": "Sari Contoh", "nuptk": "1234"})
    assert form("cek-data", nameless).fields[0].pairs == (
        ("Nama", "Sari Contoh"),
        ("NI PPPK", "Tidak ada NI PPPK"),
        ("NUPTK", "1234"),
        ("Sekolah induk (satminkal)", "SD Contoh"),
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
    head = form("praktik", case(role="kepala-sekolah"))
    assert (head.fields, head.blocked) == (
        (),
        "Belum ada daftar indikator untuk jabatan Anda. Hubungi Dinas Pendidikan.",
    )


def test_the_schools_results_recommend_an_indicator_by_a_fact():
    fact = Fact("rapor.penerapan-disiplin-positif", True)
    drawn = form("praktik", unit=Related("u", "s1", "Sekolah", {fact.name: fact}))
    tagged = [option.id for option in drawn.fields[0].options if option.tag]
    assert (tagged, drawn.notices) == (["penerapan-disiplin-positif"], ())
    assert form("praktik").notices == ("Pilih setelah berdiskusi dengan Pak Budi.",)
    alone = contexts.replace(case(), holders={})
    assert form("praktik", alone).notices == ("Pilih setelah berdiskusi dengan atasan Anda.",)


def test_a_rubric_without_targets_says_when_they_are_agreed():
    assert form("praktik", case(kind="tk")).notices[1] == (
        "Target perilaku belum diterbitkan. "
        "Pilih sub-indikator dahulu; targetnya disepakati bersama Kepala TK saat persiapan observasi."
    )


def test_the_choice_becomes_an_item_and_a_fact():
    chosen = made("praktik", {"indikator": "keteraturan-suasana-kelas"})
    assert chosen.items == (Item("praktik:keteraturan-suasana-kelas", "praktik", "Keteraturan Suasana Kelas"),)
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
    advice = "Diskusikan dengan Kepala Sekolah untuk memilih RHK yang paling berdampak."
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


def test_each_work_result_is_an_item_with_its_number():
    chosen = made("kompetensi-katalog", {"rhk": {"seminar": 8, "pelatihan-mandiri": 0}})
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


def test_none_of_the_duties_is_an_answer_and_no_answer_is_not():
    drawn = form("tugas-tambahan")
    assert check(drawn, {"tugas": ["-"]}) == ({"tugas": ["-"]}, ())
    assert [problem.field for problem in check(drawn, {})[1]] == ["tugas"]
    both = "Anda memilih «Saya tidak punya tugas tambahan» dan juga pilihan lain. Hapus salah satunya."
    assert check(drawn, {"tugas": ["-", "wali-kelas"]})[1] == (Problem("tugas", both),)


def test_without_a_duty_no_letter_is_asked_for_kept_or_shown():
    drawn = form("tugas-tambahan", parts={"tugas-tambahan": {"tugas": ["-"], "sk": "lama"}})
    assert drawn.intro == ("Tidak punya, atau tidak ada di daftar? Pilih «Saya tidak punya tugas tambahan» di bawah.")
    assert check(drawn, {"tugas": ["-"], "sk": "lama"}) == ({"tugas": ["-"]}, ())
    assert view(drawn, {"tugas": ["-"], "sk": "lama"}) == [
        ["Pilih tugas tambahan Anda", "Saya tidak punya tugas tambahan"]
    ]
    for draft in ({}, {"tugas-tambahan": {"tugas": ["wali-kelas"]}}, {"tugas-tambahan": {"tugas": []}}):
        assert [field.key for field in form("tugas-tambahan", parts=draft).fields] == ["tugas", "sk"]


def test_the_number_of_the_letter_may_follow_later():
    assert check(form("tugas-tambahan"), {"tugas": ["wali-kelas"]})[1] == ()
    letter = "SK 800/012/SDN1/2023, 10 Juli 2023"
    assert made("tugas-tambahan", {"tugas": ["wali-kelas"], "sk": letter}).items == (
        Item(
            "tugas-tambahan:wali-kelas",
            "tugas-tambahan",
            "Wali Kelas",
            (("Dasar", "Permendikbud 15/2018"), ("SK atau Surat Tugas", letter)),
        ),
    )
    assert made("tugas-tambahan", {"tugas": ["-"]}).items == ()


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


def test_behaviours_are_items_by_aspect():
    items = made("perilaku", good_behaviour()).items
    assert [item.key for item in items][:2] == ["perilaku:berorientasi-pelayanan", "perilaku:akuntabel"]
    assert items[2].detail == (
        ("Perilaku", "Meningkatkan kompetensi diri untuk menjawab tantangan yang selalu berubah"),
    )


def test_the_second_half_says_that_behaviours_come_filled_in():
    before = Related("a", "s1", "Januari–Juni", {})
    assert form("perilaku").notices == ()
    assert form("perilaku", previous=before).notices == (
        "Pilihan periode sebelumnya terisi lebih dahulu. Periksa, lalu ubah bila perlu.",
    )
    assert form("perilaku", case(YEAR), previous=before).notices == ()


# --- tugas-pokok ---


def test_core_duties_are_read_and_confirmed():
    drawn = form("tugas-pokok", case(YEAR))
    assert [label for label, _ in drawn.fields[0].pairs] == ["RHK 1", "RHK 2", "RHK 3", "RHK 4", "RHK 5"]
    assert check(drawn, {"dibaca": True}) == ({"dibaca": True}, ())
    assert [problem.field for problem in check(drawn, {"dibaca": False})[1]] == ["dibaca"]


def test_core_duties_become_items_and_the_line_on_competence_keeps_its_kind():
    items = made("tugas-pokok", {"dibaca": True}, case(YEAR)).items
    assert [(item.key, item.kind) for item in items] == [
        ("tugas-pokok:pembelajaran", "tugas-pokok"),
        ("tugas-pokok:bimbingan-pelatihan", "tugas-pokok"),
        ("tugas-pokok:perencanaan", "tugas-pokok"),
        ("tugas-pokok:pengembangan-kompetensi", "kompetensi"),
        ("tugas-pokok:penilaian", "tugas-pokok"),
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
    items = tuple(item for id, data in parts.items() for item in made(id, data).items)
    drawn = form("rangkuman", items=items, parts=parts)
    assert [field.label for field in drawn.fields] == [
        "Praktik Kinerja",
        "Pengembangan Kompetensi",
        "Tugas Tambahan",
        "Perilaku Kerja",
        "RHK yang disiapkan sekolah",
    ]
    assert drawn.fields[0].pairs == (("RHK 1", "Keteraturan Suasana Kelas"),)
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
    assert counted == (Fact("rencana.rhk", 3, "3 RHK"),)
    assert made("rangkuman", {}, options={"butir": []}).facts == ()


def test_too_few_points_are_said_before_handing_in():
    advice = "Diskusikan dengan Kepala Sekolah untuk memilih RHK yang paling berdampak."
    expected = (f"24 dari minimal 32 poin. {advice}",)
    assert form("rangkuman", facts=(Fact("kompetensi.poin", 24),)).notices == expected
    assert form("rangkuman", parts={"kompetensi-katalog": {"rhk": {"seminar": 6}}}).notices == expected
    assert form("rangkuman", case(YEAR)).notices == ()


def test_an_indicator_left_open_in_a_line_is_put_in():
    line = Item("x:1", "praktik", "Praktik yang berfokus pada {indikator}")
    fact = Fact("praktik.indikator", "a", "Aktivitas Interaktif")
    drawn = form("rangkuman", case(YEAR), items=(line,), facts=(fact,))
    assert drawn.fields[0].pairs == (("RHK 1", "Praktik yang berfokus pada Aktivitas Interaktif"),)


def test_who_will_be_approved_by_the_system_is_told_beforehand():
    told = "Rencana langsung disetujui sistem setelah diajukan; periksa baik-baik."
    enough = (Fact("kompetensi.poin", 32),)
    acting = form("rangkuman", case(head=ACTING), facts=enough)
    assert acting.notices == (f"Sekolah Anda dipimpin Plt. (Pelaksana Tugas). {told}",)
    standing_in = contexts.replace(ACTING, kind="plh", role_label="Plh. Kepala Sekolah")
    assert form("rangkuman", case(head=standing_in), facts=enough).notices == (
        f"Sekolah Anda dipimpin Plh. Kepala Sekolah. {told}",
    )
    assert form("rangkuman", case(NEXT, role="kepala-sekolah")).notices == (told,)
    assert form("rangkuman", case(YEAR, head=ACTING)).notices == ()


@pytest.mark.parametrize(
    "broken", [{}, {"indikator": 3, "rhk": [1], "tugas": {"a": 1}, "sk": 5, "sesuai": [], "loyal": {}}]
)
@pytest.mark.parametrize("id", ["cek-data", "praktik", "kompetensi-katalog", "tugas-tambahan", "perilaku"])
def test_a_draft_of_any_shape_makes_no_items_and_no_fault(id, broken):
    assert made(id, broken).items == ()


@pytest.mark.parametrize("scheme", [SEMESTER, YEAR, NEXT])
@pytest.mark.parametrize("kind", ["tk", "sd", "smk"])
def test_every_planning_form_can_be_drawn_in_every_scheme(scheme, kind):
    of = case(scheme, kind)
    rule = contexts.host().registry.schemes[scheme].stage("perencanaan")
    assert [form(id, of).blocked for id in rule.steps] == [""] * 6
