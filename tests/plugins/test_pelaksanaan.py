"""The plugin pelaksanaan: whose turn it is, and the forms from preparation to reflection."""

from __future__ import annotations

from datetime import date

import pytest

from kinerja import Fact, Problem, StageProjection
from kinerja.forms import check
from kinerja_pelaksanaan import before_transition, readiness, stage
from tests.plugins import contexts
from tests.plugins.contexts import ACTING, YEAR, case, change, context, stage_context, step

INDICATOR = Fact("praktik.indikator", "keteraturan-suasana-kelas", "Keteraturan Suasana Kelas")
PAUD = Fact("praktik.indikator", "asesmen", "Asesmen yang meningkatkan kualitas pembelajaran")
FIRST = "keteraturan-suasana-kelas:komunikasi-positif"
TARGETS = [
    FIRST,
    "keteraturan-suasana-kelas:strategi-pengelompokan",
    "keteraturan-suasana-kelas:aturan-kesepakatan-kelas",
]
UNPUBLISHED = ("Target perilaku belum diterbitkan. Targetnya disepakati bersama Kepala TK saat persiapan observasi.",)


def form(id, of=None, facts=(INDICATOR,), **more):
    return step(id).form(context(id, "pelaksanaan", of, facts=facts, **more))


def turn(*states):
    steps = (("persiapan", "pegawai"), ("observasi", "mengamati"), ("refleksi", "pegawai"))
    now = stage_context("pelaksanaan", stage.NOT_BEGUN, tuple((*one, s) for one, s in zip(steps, states, strict=True)))
    made = stage.project(now)
    return made.state, [(task.relation, task.label, task.step) for task in made.tasks]


def test_the_turn_walks_from_step_to_step():
    assert turn("none", "none", "none") == (stage.NOT_BEGUN, [("pegawai", "Isi Persiapan", "persiapan")])
    assert turn("draft", "none", "none") == (stage.BEGUN, [("pegawai", "Isi Persiapan", "persiapan")])
    assert turn("effective", "none", "none") == (stage.BEGUN, [("mengamati", "Observasi", "observasi")])
    assert turn("effective", "effective", "none") == (stage.BEGUN, [("pegawai", "Isi Refleksi", "refleksi")])
    assert turn("effective", "effective", "effective") == (stage.DONE, [])


def test_each_step_is_handed_in_alone_and_in_order():
    rows = [
        (row.source, row.target, row.by, row.settles) for row in stage.FLOW.transitions if row.id == stage.FLOW.lone
    ]
    assert rows == [("belum", "berjalan", "penulis", True), ("berjalan", "berjalan", "penulis", True)]
    assert stage.FLOW.ordered


def test_the_assessor_may_say_that_it_cannot_be_carried_out_and_go_on_later():
    told = [
        (row.id, row.source, row.target, row.by, row.note)
        for row in stage.FLOW.transitions
        if row.id in ("lewati", "lanjutkan")
    ]
    assert told == [
        ("lewati", "belum", "tidak-dilaksanakan", "memutuskan", "must"),
        ("lewati", "berjalan", "tidak-dilaksanakan", "memutuskan", "must"),
        ("lanjutkan", "tidak-dilaksanakan", "berjalan", "memutuskan", ""),
    ]
    assert (stage.IMPOSSIBLE.label, stage.IMPOSSIBLE.kind) == ("Tidak dapat dilaksanakan", "selesai")


@pytest.mark.parametrize("now", ["none", "draft", "effective"])
def test_what_cannot_be_carried_out_stays_so_and_is_nobodys_turn(now):
    steps = (("persiapan", "pegawai", now), ("observasi", "memutuskan", "none"))
    assert stage.project(stage_context("pelaksanaan", stage.IMPOSSIBLE, steps)) == StageProjection()


def test_the_preparation_offers_the_targets_of_the_chosen_indicator():
    drawn = form("persiapan")
    assert [option.id for option in drawn.fields[0].options] == TARGETS
    assert [heading for heading, _ in drawn.fields[0].options[0].lists] == [
        "Perilaku yang dianjurkan",
        "Perilaku yang dihindari",
    ]
    good = {"target": [FIRST], "upaya": "Membaca rubrik.", "jadwal": "2024-03-05"}
    assert check(drawn, good) == (good, ())
    assert [problem.field for problem in check(drawn, {"jadwal": "2024-02-31"})[1]] == ["target", "upaya", "jadwal"]


def test_a_rubric_without_targets_lets_the_teacher_write_them():
    drawn = form("persiapan", case(kind="tk"), (PAUD,))
    assert (drawn.notices, drawn.fields[0].key) == (UNPUBLISHED, "target_sendiri")
    good = {"target_sendiri": "Mengamati anak bermain.", "upaya": "Membaca.", "jadwal": "2024-03-05"}
    assert check(drawn, good) == (good, ())


def test_the_observer_marks_the_targets_of_the_preparation():
    drawn = form("observasi", parts={"persiapan": {"target": [FIRST]}})
    assert [row.id for row in drawn.field("nilai").rows] == [FIRST]
    assert [option.label for option in drawn.field("nilai").options] == [
        "Belum dilakukan",
        "Dilakukan tapi belum efektif",
        "Dilakukan dan efektif",
    ]


def test_without_a_choice_all_targets_are_marked_and_none_may_be_left_out():
    drawn = form("observasi")
    rest = {"catatan": "Murid aktif.", "rekomendasi": "Lanjutkan."}
    good = {"nilai": dict.fromkeys(TARGETS, "efektif"), **rest}
    assert check(drawn, good) == (good, ())
    two = {"nilai": dict.fromkeys(TARGETS[:2], "efektif"), **rest}
    missing = "Belum dinilai: Guru membuat dan mengingatkan aturan/kesepakatan kelas."
    assert check(drawn, two)[1] == (Problem("nilai", missing),)
    wrong = {"nilai": dict.fromkeys(TARGETS, "hebat"), **rest}
    assert [problem.field for problem in check(drawn, wrong)[1]] == ["nilai"]


def test_a_scheme_may_have_every_behaviour_line_marked():
    rows = (
        form("observasi", options={"nilai_per": "perilaku"}, parts={"persiapan": {"target": [FIRST]}})
        .field("nilai")
        .rows
    )
    assert [row.id for row in rows] == [
        f"{FIRST}:{side}:{n}" for side in ("dianjurkan", "dihindari") for n in (1, 2, 3)
    ]
    assert {row.group for row in rows} == {
        "Guru melakukan komunikasi positif untuk membangun suasana kelas yang kondusif"
    }


def test_where_no_target_is_published_the_indicator_itself_is_marked():
    plan = {"target_sendiri": "Mengamati.", "jadwal": "2024-03-05"}
    drawn = form("observasi", case(kind="tk"), (PAUD,), parts={"persiapan": plan})
    assert [row.id for row in drawn.field("nilai").rows] == ["asesmen"]
    asked = "Sementara: kalimat kedua pertanyaan tertulis baru dari satu sumber."
    assert drawn.notices == (*UNPUBLISHED, asked)
    assert drawn.fields[0].pairs == (
        ("Jadwal observasi", "5 Maret 2024"),
        ("Target perilaku yang disepakati", "Mengamati."),
    )


@pytest.mark.parametrize("draft", ["", "lusa", 5, None])
def test_a_day_that_is_none_is_not_shown(draft):
    assert next(field.key for field in form("observasi", parts={"persiapan": {"jadwal": draft}}).fields) == "nilai"


def test_an_observation_is_finished_by_a_button_that_says_so():
    assert form("observasi").submit == "Selesaikan observasi"


def test_whoever_is_to_be_talked_to_is_named():
    alone = contexts.replace(case(), holders={})
    said = [
        (form("persiapan", of).field("jadwal").help, form("diskusi-tindak-lanjut", of).intro) for of in (case(), alone)
    ]
    assert said == [
        (f"Sepakati dahulu dengan {who}.", f"Isi setelah berdiskusi dengan {who}.")
        for who in ("Pak Budi", "atasan Anda")
    ]


def test_an_observation_without_an_indicator_says_what_to_wait_for():
    assert form("observasi", facts=()).blocked == "Indikator belum dipilih. Tunggu rencana disepakati."


def observed(marks, of=None, facts=(INDICATOR,), **more):
    now = context("observasi", "pelaksanaan", of, facts=facts, **more)
    return step("observasi").project(now, {"nilai": marks}).facts


def test_an_observation_is_a_fact_with_its_marks_in_words():
    marks = {TARGETS[0]: "efektif", TARGETS[1]: "efektif", TARGETS[2]: "belum-efektif"}
    words = "1 target: Dilakukan tapi belum efektif; 2 target: Dilakukan dan efektif"
    assert observed(marks) == (Fact("praktik.observasi", True, words),)
    lines = {f"{FIRST}:dianjurkan:1": "belum-dilakukan"}
    assert observed(lines, options={"nilai_per": "perilaku"})[0].label == "1 perilaku: Belum dilakukan"
    own = observed({"asesmen": "belum-dilakukan"}, of=case(kind="tk"), facts=(PAUD,))
    assert own[0].label == "1 sub-indikator: Belum dilakukan"


def test_the_discussion_shows_the_marks_first():
    seen = {"nilai": {FIRST: "efektif"}, "rekomendasi": "Lanjutkan."}
    drawn = form("diskusi-tindak-lanjut", parts={"persiapan": {"target": [FIRST]}, "observasi": seen})
    assert drawn.fields[0].pairs == (
        ("Guru melakukan komunikasi positif untuk membangun suasana kelas yang kondusif", "Dilakukan dan efektif"),
        ("Rekomendasi bagi guru", "Lanjutkan."),
    )


@pytest.mark.parametrize(
    ("answer", "facts"),
    [
        (" Lebih sabar. ", (Fact("tindak-lanjut.tujuan", "Lebih sabar.", "Lebih sabar."),)),
        ("  ", ()),
        ([], ()),
        (None, ()),
    ],
)
def test_the_goals_of_the_discussion_are_a_fact_for_the_next_plan(answer, facts):
    made = step("diskusi-tindak-lanjut").project(context("diskusi-tindak-lanjut", "pelaksanaan"), {"tujuan": answer})
    assert made.facts == facts


@pytest.mark.parametrize(
    ("id", "asked"),
    [
        ("diskusi-tindak-lanjut", ["tantangan", "tujuan", "waktu"]),
        ("upaya", ["kegiatan"]),
        ("refleksi", ["inspirasi", "perubahan", "tantangan", "rencana"]),
        ("kompetensi-refleksi", ["inspirasi", "penerapan"]),
    ],
)
def test_the_questions_after_the_observation_must_be_answered(id, asked):
    drawn = form(id, case(YEAR))
    assert [problem.field for problem in check(drawn, {})[1]] == asked
    answers = dict.fromkeys(asked, "Jawaban.")
    assert check(drawn, answers) == (answers, ())


# --- kesiapan-sekolah ---


def ready(head, state, fact=()):
    steps = (("konfirmasi-plt", "memutuskan", state),)
    return readiness.project(
        stage_context("kesiapan-sekolah", readiness.FLOW.states[0], steps, of=case(head=head), facts=fact)
    )


def test_a_school_with_a_head_of_its_own_needs_no_confirmation():
    made = readiness.project(
        stage_context("kesiapan-sekolah", readiness.FLOW.states[0], (("konfirmasi-plt", "memutuskan", "none"),))
    )
    assert made == StageProjection(state=readiness.FLOW.state("tidak-perlu"))


def test_an_acting_head_has_the_turn_until_confirmed():
    waiting, done = ready(ACTING, "none"), ready(ACTING, "effective")
    assert (waiting.state, [(task.relation, task.step) for task in waiting.tasks]) == (
        readiness.FLOW.state("belum"),
        [("memutuskan", "konfirmasi-plt")],
    )
    assert done == StageProjection(state=readiness.FLOW.state("dikonfirmasi"))


def confirmation(day):
    return step("konfirmasi-plt").form(context("konfirmasi-plt", "kesiapan-sekolah", case(head=ACTING), today=day))


def test_the_confirmation_asks_for_the_letter_its_days_and_the_statement():
    drawn = confirmation(date(2024, 2, 16))
    good = {"sk": "800/1", "mulai": "2024-01-02", "selesai": "2024-04-01", "pernyataan": True}
    assert check(drawn, good) == (good, ())
    assert [problem.field for problem in check(drawn, {**good, "pernyataan": False})[1]] == ["pernyataan"]
    assert drawn.field("pernyataan").label == "Saya Plt. Kepala SD Contoh"


@pytest.mark.parametrize(
    ("kind", "title", "statement"),
    [
        ("tk", "Plt. Kepala TK", "Saya Plt. Kepala TK Contoh"),
        ("smk", "Plt. Kepala Sekolah", "Saya Plt. Kepala SMK Contoh"),
        ("kb", "Plt. Pengelola", "Saya Plt. Pengelola di KB Contoh"),
    ],
)
def test_the_statement_names_the_school_once(kind, title, statement):
    of = case(kind=kind, head=contexts.replace(ACTING, role_label=title))
    drawn = step("konfirmasi-plt").form(context("konfirmasi-plt", "kesiapan-sekolah", of))
    assert drawn.field("pernyataan").label == statement


def test_a_confirmation_is_the_fact_others_wait_for():
    made = step("konfirmasi-plt").project(
        context("konfirmasi-plt", "kesiapan-sekolah"), {"sk": "800/1", "pernyataan": True}
    )
    assert made.facts == (Fact("plt.dikonfirmasi", True, "Dikonfirmasi, SK 800/1"),)


def test_a_confirmation_that_ends_before_it_begins_is_objected_to():
    data = {"mulai": "2024-07-01", "selesai": "2024-06-30"}
    assert before_transition(change("konfirmasi-plt", data)) == (
        "«Sampai tanggal» lebih awal daripada TMT. Perbaiki salah satunya."
    )
    assert before_transition(change("konfirmasi-plt", {**data, "selesai": "2024-07-01"})) is None
    assert before_transition(change("persiapan", data)) is None


def test_a_confirmation_of_a_term_that_is_over_is_objected_to():
    said = [
        before_transition(change("konfirmasi-plt", {"mulai": "2024-01-02", "selesai": day}))
        for day in ("2024-06-19", "2024-06-20")
    ]
    assert said == ["Masa Plt. pada isian sudah berakhir. Periksa «Sampai tanggal».", None]
