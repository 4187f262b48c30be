"""The words in which heads and pengawas are asked: no page of their cases speaks as if they stood before a class."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kinerja import Fact, Form, PersonView, Step, days, people
from kinerja.models import Assignment, Unit
from kinerja.testing import add_person
from tests.plugins import contexts
from tests.plugins.contexts import NEXT, SEMESTER, YEAR, case, context, step

NOT_THEIRS = (
    "observasi kelas", "respons murid", "rpp", "modul ajar", "bagi guru", "ruang kelas", "perilaku guru",
    "diskusikan dengan kepala sekolah", "dari kepala sekolah",
)  # fmt: skip
"""What only a teacher is asked or told."""
OFFICE = replace(
    contexts.HEAD, person=PersonView(9, "Ratmi Contoh", "Bu Ratmi"), role="kepala-dinas",
    role_label="Kepala Dinas Pendidikan", unit="Kabupaten Contoh",
)  # fmt: skip
PENGAWAS = replace(
    OFFICE, person=PersonView(8, "Purnomo Contoh", "Pak Purnomo"), relation="mengamati", role="pengawas",
    role_label="Pengawas",
)  # fmt: skip
CHOSEN = {
    "kepala-sekolah": Fact("praktik.indikator", "presentasi-visi-misi", "Presentasi Visi-Misi"),
    "pengawas": Fact("praktik.indikator", "pelaporan-kinerja", "Pelaporan Kinerja"),
}
WHO = [(scheme, "kepala-sekolah") for scheme in (SEMESTER, YEAR, NEXT)] + [
    (scheme, "pengawas") for scheme in (YEAR, NEXT)
]


def theirs(scheme: str, role: str) -> Any:
    view = case(scheme, role=role, head=OFFICE)
    labels = {**view.labels, "peran": {"kepala-sekolah": "Kepala Sekolah", "pengawas": "Pengawas"}[role]}
    return replace(view, labels=labels, holders={"memutuskan": OFFICE, "mengamati": PENGAWAS, "menyarankan": PENGAWAS})


def told(form: Form) -> str:
    """Everything a form says, in small letters."""
    said = [form.title, form.intro, form.submit, form.blocked, *form.notices]
    said += [text for pair in form.example for text in pair]
    for field in form.fields:
        said += [field.label, field.help, field.none, *(text for pair in field.pairs for text in pair)]
        said += [field.total.message] if field.total else []
        for one in (*field.options, *field.rows):
            said += [one.label, one.detail, one.group, one.tag, *(line for _, lines in one.lists for line in lines)]
    return "\n".join(said).lower()


def plan(view: Any) -> tuple[Any, ...]:
    """The items of a whole plan of theirs."""
    answers = {"praktik": {"indikator": CHOSEN[view.role].value}, "perilaku": contexts.good_behaviour()}
    rule = contexts.host().registry.schemes[view.period.scheme].stage("perencanaan")
    return tuple(
        item
        for id in rule.steps
        for item in step(id).project(context(id, of=view, facts=(CHOSEN[view.role],)), answers.get(id, {})).items
    )


@pytest.mark.parametrize(("scheme", "role"), WHO)
def test_no_step_of_a_head_or_a_pengawas_speaks_of_a_class(scheme: str, role: str) -> None:
    view = theirs(scheme, role)
    items, rules = plan(view), contexts.host().registry.schemes[scheme]
    seen = {"nilai": {}, "rekomendasi": "Lanjutkan."}
    parts = {"persiapan": {"jadwal": "2024-03-05"}, "observasi": seen, "praktik": {"indikator": CHOSEN[role].value}}
    wrong = []
    for rule in rules.stages:
        for id in rule.steps if rule.subject == "person" else ():
            one: Step = step(id)
            now = context(id, rule.id, view, facts=(CHOSEN[role],), items=items, parts=parts)
            if contexts.there(now):
                label = now.options.get("label", one.label).lower()
                text = "\n".join((label, told(one.form(now))))
                wrong += [(rule.id, id, word) for word in NOT_THEIRS if word in text]
    assert wrong == []
    lines = "\n".join(text for item in items for text in (item.label, *(part for pair in item.detail for part in pair)))
    assert [word for word in NOT_THEIRS if word in lines.lower()] == []


@pytest.mark.parametrize(("scheme", "role"), WHO)
def test_no_document_of_a_teacher_is_asked_of_them(scheme: str, role: str) -> None:
    view, rules = theirs(scheme, role), contexts.host().registry.schemes[scheme]
    asked = [one.label.lower() for one in rules.evidence if contexts.holds(one.when, view.profile)]
    assert [label for label in asked if any(word in label for word in NOT_THEIRS)] == []
    practice = next(item for item in plan(view) if item.kind == "praktik")
    assert dict(practice.detail)["Bukti Dukung"] == "Belum ditemukan"


@pytest.mark.parametrize(("scheme", "role"), WHO)
def test_they_are_asked_in_words_that_say_they_are_not_official(scheme: str, role: str) -> None:
    drawn = step("observasi").form(context("observasi", "pelaksanaan", theirs(scheme, role), facts=(CHOSEN[role],)))
    who = {"kepala-sekolah": "Kepala Sekolah", "pengawas": "pengawas"}[role]
    assert (drawn.title, [drawn.field(key).label for key in ("catatan", "rekomendasi")], drawn.notices[-1]) == (
        "Observasi praktik kinerja",
        [f"Perilaku {who} yang mendukung penilaian", f"Rekomendasi bagi {who}"],
        f"Sementara: kalimat kedua pertanyaan tertulis bagi {who} rumusan kami; yang resmi belum ditemukan.",
    )


@pytest.mark.parametrize(("scheme", "title"), [(SEMESTER, "Observasi kelas"), (YEAR, "Observasi praktik kinerja")])
@pytest.mark.parametrize("kind", ["tk", "sd", "smk"])
def test_a_teacher_is_asked_as_before(scheme: str, title: str, kind: str) -> None:
    chosen = Fact("praktik.indikator", "asesmen" if kind == "tk" else "aktivitas-interaktif", "Indikator")
    drawn = step("observasi").form(context("observasi", "pelaksanaan", case(scheme, kind), facts=(chosen,)))
    assert (drawn.title, [drawn.field(key).label for key in ("catatan", "rekomendasi")]) == (
        title,
        ["Perilaku guru dan respons murid yang mendukung penilaian", "Rekomendasi bagi guru"],
    )
    asked = step("refleksi").form(context("refleksi", "pelaksanaan", case(scheme, kind))).field("perubahan")
    assert asked.label == "Apa perubahan praktik di ruang kelas yang telah Anda lakukan?"


def test_whoever_observes_is_who_a_day_is_agreed_with() -> None:
    view = theirs(SEMESTER, "kepala-sekolah")
    asked = step("persiapan").form(context("persiapan", "pelaksanaan", view, facts=(CHOSEN["kepala-sekolah"],)))
    assert asked.field("jadwal").help == "Sepakati dahulu dengan Pak Purnomo."
    alone = replace(view, holders={"memutuskan": OFFICE})
    asked = step("persiapan").form(context("persiapan", "pelaksanaan", alone, facts=(CHOSEN["kepala-sekolah"],)))
    assert asked.field("jadwal").help == "Sepakati dahulu dengan Bu Ratmi."


@pytest.mark.parametrize("scheme", [SEMESTER, YEAR, NEXT])
def test_a_teachers_line_serves_only_lines_that_stand_in_a_heads_plan(scheme: str) -> None:
    heads = {item.label for item in plan(theirs(scheme, "kepala-sekolah"))}
    lines = context("rangkuman", of=case(scheme)).content["rincian-rhk"].entries
    served = {entry.id: entry.data["mendukung"] for entry in lines if entry.data["mendukung"]}
    assert {id: line for id, line in served.items() if line not in heads} == {} and len(served) >= 4


@pytest.mark.parametrize(("scheme", "role"), WHO)
def test_no_line_of_their_plan_has_an_empty_aspect_indicator_or_target(scheme: str, role: str) -> None:
    for item in plan(theirs(scheme, role)):
        if item.kind != "perilaku":
            assert all(dict(item.detail).get(key) for key in ("Aspek", "Indikator kinerja individu", "Target")), (
                item.key
            )


def test_what_was_not_found_for_a_head_says_so_instead_of_an_empty_cell() -> None:
    kinds = {item.key: dict(item.detail) for item in plan(theirs(SEMESTER, "kepala-sekolah"))}
    for key in ("rangkuman:dokumen-kosp", "rangkuman:dokumen-kehadiran-guru"):
        assert [kinds[key][word] for word in ("Aspek", "Indikator kinerja individu", "Target")] == [
            "Belum diterbitkan"
        ] * 3


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("role", "kind", "at", "title"),
    [
        ("pengawas", "definitif", "kabupaten", "Pengawas"),
        ("pengawas", "pendamping-satuan-pendidikan", "kabupaten", "Pendamping Satuan Pendidikan"),
        ("guru", "pendamping-satuan-pendidikan", "sd", "Guru"),
        ("kepala-sekolah", "definitif", "tk", "Kepala TK"),
        ("kepala-sekolah", "plt", "tk", "Plt. Kepala TK"),
    ],
)
def test_who_accompanies_a_school_is_called_after_the_assignment_not_the_post(demo, role, kind, at, title):
    """PermenPANRB 21/2024 art. 8 and 7/2026: the post may read Guru or Pengawas Sekolah, the assignment decides."""
    assert people.role_label(demo, role, kind, at) == title


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("post", ["guru-ahli-madya", "pengawas-sekolah-ahli-madya"])
def test_the_title_is_that_of_the_assignment_of_the_day_whatever_the_post_is_called(demo, post):
    office = Unit.get(Unit.code == "contoh-asri")
    made, _ = add_person(
        "Wira Contoh", "pengawas", office, "definitif", date(2020, 1, 1), attributes={"jenjang_jabatan": post}
    )
    Assignment.update(until=date(2025, 12, 31)).where(Assignment.person == made).execute()
    people.assign(made, "pengawas", office, "pendamping-satuan-pendidikan", date(2026, 1, 1), until=date(2027, 12, 31))
    titles = [
        people.role_label(demo, one.role, one.kind, office.kind)
        for day in (date(2025, 12, 31), date(2026, 1, 1))
        for one in Assignment.select().where((Assignment.person == made) & days.on(Assignment, day))
    ]
    assert titles == ["Pengawas", "Pendamping Satuan Pendidikan"]
