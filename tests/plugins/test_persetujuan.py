"""The table between two sides, and the two steps that others add to a plan: arahan and rekomendasi."""

from __future__ import annotations

from datetime import date

import pytest

from kinerja import Content, Entry, Fact, Item, Problem, StageProjection, Task
from kinerja.forms import check
from kinerja_perencanaan import stage
from tests.plugins import contexts
from tests.plugins.contexts import BARE, case, context, stage_context, step

FLOW = stage.STAGE.flows["dua-pihak"]
STEPS = (("cek-data", "pegawai", "draft"), ("praktik", "pegawai", "none"), ("rangkuman", "pegawai", "none"))


def form(id, of=None, **more):
    return step(id).form(context(id, of=of, **more))


def made(id, data, of=None, **more):
    return step(id).project(context(id, of=of, contents=(BARE,), **more), data)


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
        if (row.id, row.source) == ("setujui", "diajukan") and row.adjusted == adjusted and agreement in row.switch[1]
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


@pytest.mark.parametrize("state", ["disepakati", "disetujui-sistem"])
def test_a_plan_in_force_is_nobodys_turn_and_says_so(state):
    made = stage.project(stage_context("perencanaan", FLOW.state(state), STEPS))
    assert made == StageProjection(facts=(Fact("rencana.disepakati", True, FLOW.state(state).label),))


def rows(id, source):
    return [row for row in FLOW.transitions if (row.id, row.source) == (id, source)]


def test_what_was_agreed_holds_on_while_it_is_revised_or_reviewed():
    held = (Fact("rencana.disepakati", True, "Berlaku"),)
    before = (Fact("rencana.rhk", 5, "5 RHK"),)
    for state in ("draf", "diajukan", "dikembalikan", "disetujui", "ditinjau"):
        assert stage.project(stage_context("perencanaan", FLOW.state(state), STEPS, facts=before)).facts == held
    assert stage.project(stage_context("perencanaan", FLOW.state("ditinjau"), STEPS)).facts == held


def test_the_system_never_approves_what_an_assessor_adjusted():
    (row,) = rows("otomatis", "diajukan")
    assert (row.target, row.by, row.settles, row.auto, row.adjusted) == (
        "disetujui-sistem",
        "sistem",
        True,
        "otomatis_bila",
        False,
    )


def test_a_definitive_head_may_review_what_the_system_approved():
    (row,) = rows("tinjau", "disetujui-sistem")
    assert (row.target, row.by, row.note, row.switch, row.when) == (
        "ditinjau",
        "memutuskan",
        "must",
        ("tinjau", ("boleh",)),
        {"memutuskan.acting": [False]},
    )
    told = {
        (row.id, row.target, row.adjusted, row.edits, row.settles)
        for row in FLOW.transitions
        if row.source == "ditinjau"
    }
    assert told == {
        ("sesuaikan", "ditinjau", None, True, False),
        ("catat", "ditinjau", None, False, True),
        ("setujui", "disepakati", False, False, True),
        ("setujui", "disetujui", True, False, False),
    }
    made = stage.project(stage_context("perencanaan", FLOW.state("ditinjau"), STEPS))
    assert [(task.relation, task.label, task.step) for task in made.tasks] == [
        ("memutuskan", "Selesaikan tinjauan rencana", "")
    ]


@pytest.mark.parametrize("source", ["disepakati", "disetujui-sistem"])
def test_a_plan_in_force_may_be_opened_again_with_a_reason(source):
    (row,) = rows("revisi", source)
    assert (row.target, row.by, row.note, row.reopens, row.switch) == (
        "draf",
        "pegawai",
        "must",
        True,
        ("revisi", ("dengan-alasan",)),
    )


def test_many_plans_are_approved_at_once_only_where_nothing_was_adjusted():
    assert {(row.adjusted, row.source) for row in FLOW.transitions if row.several == "sekaligus"} == {
        (False, "diajukan")
    }
    assert [row.id for row in FLOW.transitions if row.several] == ["setujui", "setujui"]


def test_guidance_and_recommendation_are_written_only_while_the_assessor_decides():
    said = [row for row in FLOW.transitions if row.id == FLOW.lone]
    assert [(row.source, row.target, row.by, row.settles) for row in said] == [
        ("diajukan", "diajukan", "penulis", True),
        ("ditinjau", "ditinjau", "penulis", True),
    ]
    assert {row.edits or row.window for row in said} == {False}


def turns(state, recommends, step_state="", role="guru", decides=True):
    holders = {"memutuskan": contexts.HEAD} if decides else {}
    if recommends:
        holders["menyarankan"] = contexts.replace(contexts.HEAD, relation="menyarankan")
    of = contexts.replace(case(role=role), holders=holders)
    steps = (*STEPS, ("rekomendasi", "menyarankan", step_state)) if step_state else STEPS
    made = stage.project(stage_context("perencanaan", FLOW.state(state), steps, of=of))
    return [(task.relation, task.label, task.step, task.kind) for task in made.tasks]


CHECKS = ("memutuskan", "Periksa rencana", "", "menunggu")


@pytest.mark.parametrize(
    ("recommends", "now", "more"),
    [
        (True, "none", [("menyarankan", "Beri rekomendasi", "rekomendasi", "menunggu")]),
        (True, "draft", [("menyarankan", "Beri rekomendasi", "rekomendasi", "menunggu")]),
        (True, "effective", []),
        (True, "", []),
        (False, "none", []),
    ],
)
def test_whoever_recommends_has_a_turn_beside_the_assessor_until_it_is_given(recommends, now, more):
    assert turns("diajukan", recommends, now) == [*more, CHECKS], "who is to speak first stands first"


def test_a_recommendation_is_asked_for_only_while_the_plan_waits():
    for state in ("draf", "dikembalikan", "disetujui", "ditinjau"):
        assert len(turns(state, True, "none")) == 1


@pytest.mark.parametrize("state", ["diajukan", "ditinjau"])
def test_a_plan_that_nobody_can_decide_waits_for_the_dinas(state):
    of = contexts.replace(case(), holders={})
    made = stage.project(stage_context("perencanaan", FLOW.state(state), STEPS, of=of))
    sentence = (
        "Sekolah ini belum punya Kepala Sekolah atau Plt. Rencana menunggu sampai Dinas Pendidikan menetapkannya."
    )
    assert made.tasks == (Task("menata", "Tentukan Kepala Sekolah", "", "macet", sentence),)
    assert (made.state.id, made.state.label, made.state.kind) == (state, FLOW.state(state).label, "macet")
    assert turns(state, True, "none", role="kepala-sekolah", decides=False) == [
        ("menata", "Tentukan Pejabat Penilai Kinerja", "", "macet")
    ]


def test_a_plan_that_is_not_handed_in_yet_waits_for_nobody():
    assert turns("draf", False, decides=False) == [("pegawai", "Lengkapi rencana", "praktik", "dikerjakan")]


def test_steps_of_others_are_never_the_employees_next_step():
    done = (("cek-data", "pegawai", "draft"), ("rangkuman", "pegawai", "draft"), ("arahan", "memutuskan", "none"))
    made = stage.project(stage_context("perencanaan", FLOW.state("draf"), done))
    assert [task.step for task in made.tasks] == ["rangkuman"]


def test_handing_in_claims_nobody_checks_where_nobody_may():
    said = {row.confirm for row in FLOW.transitions if row.id == "ajukan"}
    assert said == {"Sudah dicek? Setelah diajukan, rencana tidak dapat diubah sampai diperiksa atau ditarik kembali."}


def test_the_last_click_is_announced():
    made = stage.project(stage_context("perencanaan", FLOW.state("disetujui"), ()))
    sentence = "Satu langkah lagi: sepakati rencana."
    assert made.tasks == (Task("pegawai", "Sepakati rencana", "", "menunggu", sentence, date(2024, 3, 31)),)


# --- arahan ---


NONE = {"penugasan": "tidak"}


def test_the_assessor_reads_the_chosen_behaviour_beside_each_expectation():
    chosen = (Item("perilaku:loyal", "perilaku", "Loyal", (("Perilaku", "Menjaga nama baik"),)),)
    drawn = form("arahan", items=chosen)
    asked = drawn.field("harapan-loyal")
    assert (asked.label, asked.kind, asked.required, asked.help) == (
        "Harapan: Loyal",
        "longtext",
        False,
        "Pilihan Bu Sari: Menjaga nama baik",
    )
    asked = [field.key for field in drawn.fields if field.key.startswith("harapan-")]
    assert (len(asked), asked[0]) == (7, "harapan-berorientasi-pelayanan")
    assert (drawn.initial, check(drawn, NONE)) == (NONE, (NONE, ()))
    assert drawn.field("harapan-kompeten").help == ""


def test_an_expectation_is_an_item_by_aspect():
    data = {**NONE, "harapan-loyal": " Hadir tepat waktu. ", "harapan-adaptif": ""}
    assert made("arahan", data).items == (
        Item("arahan:loyal", "ekspektasi", "Loyal", (("Ekspektasi khusus pimpinan", "Hadir tepat waktu."),)),
    )


def test_another_assignment_never_lacks_who_gave_it():
    drawn = form("arahan")
    good = {"penugasan": "1", "tugas1": "Narasumber gugus", "dari1": "Korwil"}
    assert check(drawn, good) == (good, ())
    assert check(drawn, {"penugasan": "1", "tugas1": "Narasumber gugus"})[1] == (
        Problem("dari1", "Isi dahulu bagian ini."),
    )
    assert [problem.field for problem in check(drawn, {"penugasan": "2", "dari1": "Korwil"})[1]] == [
        "tugas1",
        "tugas2",
        "dari2",
    ]
    assert [problem.field for problem in check(drawn, {"penugasan": "4"})[1]] == ["penugasan"]
    assert [problem.field for problem in check(drawn, {})[1]] == ["penugasan"]
    assert check(drawn, {**good, "penugasan": "tidak"}) == (NONE, ())


def test_each_assignment_is_an_item_of_its_own_with_who_gave_it():
    data = {"penugasan": "2", "tugas1": "A", "dari1": "Korwil", "tugas2": "B", "dari2": "Dinas", "tugas3": "C"}
    assert made("arahan", data).items == (
        Item("arahan:penugasan-1", "penugasan-lain", "A", (("Penugasan dari", "Korwil"),)),
        Item("arahan:penugasan-2", "penugasan-lain", "B", (("Penugasan dari", "Dinas"),)),
    )
    assert made("arahan", {**data, "penugasan": "tidak"}).items == ()


@pytest.mark.parametrize("broken", [{}, {"penugasan": 3, "harapan-loyal": [], "tugas1": {}}, {"penugasan": "banyak"}])
def test_guidance_of_any_shape_makes_no_items_and_no_fault(broken):
    assert made("arahan", broken).items == ()


def test_who_writes_and_reads_what_others_add():
    told = {id: (step(id).author, step(id).readers, step(id).together) for id in ("arahan", "rekomendasi")}
    assert told == {
        "arahan": ("memutuskan", ("pegawai", "menyarankan"), False),
        "rekomendasi": ("menyarankan", ("memutuskan", "pegawai"), False),
    }


# --- rekomendasi ---


def test_a_recommendation_says_yes_or_what_to_talk_about():
    drawn = form("rekomendasi")
    talk = {"pendapat": "bicarakan", "catatan": "Terlalu banyak seminar."}
    assert drawn.submit == "Beri rekomendasi"
    assert drawn.intro == "Anda memberi rekomendasi. Yang memutuskan Pak Budi."
    assert check(drawn, {"pendapat": "setuju"}) == ({"pendapat": "setuju"}, ())
    assert check(drawn, talk) == (talk, ())
    assert check(drawn, {"pendapat": "bicarakan"})[1] == (Problem("catatan", "Isi dahulu bagian ini."),)
    assert [problem.field for problem in check(drawn, {})[1]] == ["pendapat"]
    assert [problem.field for problem in check(drawn, {"pendapat": "tolak"})[1]] == ["pendapat"]


@pytest.mark.parametrize(
    ("data", "facts"),
    [
        ({"pendapat": "setuju"}, (Fact("rekomendasi.tim", "setuju", "Setuju"),)),
        (
            {"pendapat": "bicarakan", "catatan": "Kurangi."},
            (Fact("rekomendasi.tim", "bicarakan", "Perlu dibicarakan: Kurangi."),),
        ),
        ({"pendapat": "tolak"}, ()),
        ({"pendapat": []}, ()),
        ({}, ()),
    ],
)
def test_a_recommendation_is_a_fact_in_the_words_of_its_author(data, facts):
    assert made("rekomendasi", data).facts == facts


def test_words_of_the_scheme_stand_on_the_buttons():
    for id in ("arahan", "rekomendasi"):
        assert form(id, options={"lanjut": "Kirim sekarang"}).submit == "Kirim sekarang"
    shown = Content("contoh", "uji", "Uji", (Entry("arahan", "x", data={"isi": [["Harapan", "Hadir"]]}),))
    assert form("arahan", contents=(shown,)).example == (("Harapan", "Hadir"),)
