"""The plugin penilaian: nine cells, when a reason is needed, and what a year takes from its parts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kinerja import Fact, StageProjection
from kinerja.forms import check
from kinerja_penilaian import before_transition, stage
from tests.plugins.contexts import NEXT, SEMESTER, YEAR, case, change, child, context, stage_context, step

OBSERVED = (Fact("praktik.observasi", True),)
LOW = "Ada rating «Di bawah ekspektasi». Isi bagian «Alasan», lalu tetapkan lagi."
APART = "Rating tahunan berbeda dari penilaian sepanjang tahun. Isi bagian «Alasan», lalu tetapkan lagi."


def half(key, result, behaviour, predicate="baik"):
    return child(
        key,
        **{"rating-hasil__semester": result, "rating-perilaku__semester": behaviour, "predikat__semester": predicate},
    )


ALIKE = (half("s1", "sesuai", "sesuai"), half("s2", "sesuai", "sesuai"))
APART_HALVES = (half("s1", "sesuai", "sesuai"), half("s2", "di-atas", "sesuai"))


@pytest.mark.parametrize("scheme", [SEMESTER, YEAR, NEXT])
@pytest.mark.parametrize(
    ("result", "behaviour", "predicate"),
    [
        ("di-atas", "di-atas", "sangat-baik"),
        ("di-atas", "sesuai", "baik"),
        ("di-atas", "di-bawah", "kurang"),
        ("sesuai", "di-atas", "baik"),
        ("sesuai", "sesuai", "baik"),
        ("sesuai", "di-bawah", "kurang"),
        ("di-bawah", "di-atas", "butuh-perbaikan"),
        ("di-bawah", "sesuai", "butuh-perbaikan"),
        ("di-bawah", "di-bawah", "sangat-kurang"),
    ],
)
def test_two_ratings_make_the_predicate_of_the_regulation(scheme, result, behaviour, predicate):
    made = step("rating-tahunan").project(
        context("rating-tahunan", "penilaian", case(scheme)), {"hasil": result, "perilaku": behaviour}
    )
    assert [(fact.name, fact.value) for fact in made.facts] == [
        ("rating-hasil.tahunan", result),
        ("rating-perilaku.tahunan", behaviour),
        ("predikat.tahunan", predicate),
    ]


def test_facts_carry_the_schemes_words_and_suffix():
    made = step("rating").project(context("rating", "penilaian"), {"hasil": "di-bawah", "perilaku": "sesuai"})
    assert made.facts == (
        Fact("rating-hasil.semester", "di-bawah", "Di bawah ekspektasi"),
        Fact("rating-perilaku.semester", "sesuai", "Sesuai ekspektasi"),
        Fact("predikat.semester", "butuh-perbaikan", "Butuh Perbaikan"),
    )


@pytest.mark.parametrize(
    "half_done", [{}, {"hasil": "sesuai"}, {"hasil": "hebat", "perilaku": "sesuai"}, {"hasil": ["sesuai"]}]
)
def test_half_a_judgement_gives_no_fact(half_done):
    assert step("rating").project(context("rating", "penilaian"), half_done).facts == ()


def test_after_an_observation_two_ratings_are_enough():
    drawn = step("rating").form(context("rating", "penilaian", facts=OBSERVED))
    good = {"hasil": "sesuai", "perilaku": "di-atas"}
    assert check(drawn, good) == (good, ())
    assert [problem.field for problem in check(drawn, {"hasil": "baik"})[1]] == ["hasil", "perilaku"]


def test_without_an_observation_the_reason_and_the_months_are_asked():
    drawn = step("rating").form(context("rating", "penilaian"))
    ratings = {"hasil": "sesuai", "perilaku": "sesuai"}
    assert [problem.field for problem in check(drawn, ratings)[1]] == ["tanpa_observasi", "bulan_bekerja"]
    good = {**ratings, "tanpa_observasi": "pensiun", "bulan_bekerja": 3}
    assert check(drawn, good) == (good, ())
    assert [problem.field for problem in check(drawn, {**good, "bulan_bekerja": 13})[1]] == ["bulan_bekerja"]


def yearly(children=(), of=None, facts=()):
    return step("rating-tahunan").form(
        context("rating-tahunan", "penilaian-tahunan", of, children=children, facts=facts)
    )


def test_a_year_whose_halves_agree_comes_filled_in():
    drawn = yearly(ALIKE)
    assert drawn.fields[0].pairs == (("Semester s1", "Baik"), ("Semester s2", "Baik"))
    assert (drawn.initial, drawn.notices) == ({"hasil": "sesuai", "perilaku": "sesuai"}, ())


def test_a_year_whose_halves_differ_is_left_to_the_assessor():
    drawn = yearly(APART_HALVES)
    assert (drawn.initial, drawn.notices) == (
        {},
        ("Penilaian sepanjang tahun tidak sama. Tentukan kedua rating tahunan.",),
    )


def test_a_half_without_a_judgement_is_no_agreement():
    drawn = yearly((ALIKE[0], child("s2")))
    assert (drawn.fields[0].pairs[1], drawn.initial) == (("Semester s2", "Belum dinilai"), {})


def test_only_a_year_without_halves_asks_about_the_observation():
    asked = [
        [field.key for field in yearly(*one).fields] for one in ((ALIKE,), ((), case(YEAR)), ((), case(YEAR), OBSERVED))
    ]
    assert asked == [
        ["anak", "ada", "hasil", "perilaku", "alasan"],
        ["ada", "tanpa_observasi", "bulan_bekerja", "hasil", "perilaku", "alasan"],
        ["ada", "hasil", "perilaku", "alasan"],
    ]


def test_what_is_there_to_judge_by_stands_above_the_ratings():
    facts = (Fact("praktik.observasi", True, "3 target: Dilakukan dan efektif"), Fact("rencana.rhk", 8, "8 RHK"))
    planned = ("Rencana Hasil Kerja (RHK)", "8 RHK")
    for drawn in (step("rating").form(context("rating", "penilaian", facts=facts)), yearly((), case(YEAR), facts)):
        assert drawn.fields[0].label == "Yang sudah ada"
        assert drawn.field("ada").pairs == (("Hasil observasi", "3 target: Dilakukan dan efektif"), planned)
    unseen = step("rating").form(context("rating", "penilaian"))
    assert unseen.field("ada").pairs == (("Hasil observasi", "Belum ada observasi selesai"),)


def test_a_year_shows_what_is_there_by_its_halves():
    first = replace(ALIKE[0], facts={**ALIKE[0].facts, "rencana.rhk": Fact("rencana.rhk", 8, "8 RHK")})
    assert yearly((first, ALIKE[1])).field("ada").pairs == (
        ("Hasil observasi, Semester s1", "Belum ada observasi selesai"),
        ("Rencana Hasil Kerja (RHK), Semester s1", "8 RHK"),
        ("Hasil observasi, Semester s2", "Belum ada observasi selesai"),
    )


def test_the_reason_says_first_when_it_is_needed():
    label = "Alasan (wajib bila salah satu rating di bawah ekspektasi)"
    assert {drawn.field("alasan").label for drawn in (yearly(ALIKE), yearly(APART_HALVES))} == {label}
    assert [drawn.field("alasan").help for drawn in (yearly(ALIKE), yearly(APART_HALVES))] == [
        "Wajib juga bila berbeda dari penilaian sepanjang tahun.",
        "",
    ]


@pytest.mark.parametrize(
    ("id", "answers", "children", "objection"),
    [
        ("rating", {"hasil": "sesuai", "perilaku": "sesuai"}, (), None),
        ("rating", {"hasil": "di-bawah", "perilaku": "sesuai"}, (), LOW),
        ("rating", {"hasil": "sesuai", "perilaku": "di-bawah", "alasan": "  "}, (), LOW),
        ("rating", {"hasil": "di-bawah", "perilaku": "di-bawah", "alasan": "Sudah dibina."}, (), None),
        ("rating-tahunan", {"hasil": "sesuai", "perilaku": "sesuai"}, ALIKE, None),
        ("rating-tahunan", {"hasil": "di-atas", "perilaku": "sesuai"}, ALIKE, APART),
        ("rating-tahunan", {"hasil": "di-atas", "perilaku": "sesuai", "alasan": "Juara."}, ALIKE, None),
        ("rating-tahunan", {"hasil": "di-atas", "perilaku": "sesuai"}, APART_HALVES, None),
        ("praktik", {"hasil": "di-bawah", "perilaku": "sesuai"}, (), None),
    ],
)
def test_a_reason_is_asked_for_exactly_when_it_is_needed(id, answers, children, objection):
    assert before_transition(change(id, answers, children)) == objection


def test_a_judgement_is_one_turn_and_then_nobodys():
    steps = (("rating", "memutuskan", "none"),)
    waiting = stage.project(stage_context("penilaian", stage.FLOW.state("belum"), steps))
    assert [(task.relation, task.label, task.step) for task in waiting.tasks] == [("memutuskan", "Rating", "rating")]
    assert stage.project(stage_context("penilaian", stage.FLOW.state("dinilai"), steps)) == StageProjection()


def test_changing_a_judgement_needs_a_note():
    rows = [(row.source, row.target, row.label, row.note) for row in stage.FLOW.transitions]
    assert rows == [("belum", "dinilai", "Tetapkan", ""), ("dinilai", "dinilai", "Ubah penilaian", "must")]
