"""The demo world through the kernel, with all bundled plugins, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import kinerja_read as read
from kinerja import Refusal, cases, database, settings, testing
from kinerja.kernel import Kernel
from kinerja.models import Case, LogEntry, Outgoing, Part, Period, Revision, Timer
from kinerja.testing import Player, case_of, set_date, tasks, unit, viewer
from kinerja_office import choosing
from kinerja_work import worker

PLAN, DOING, RATING, YEAR = "perencanaan", "pelaksanaan", "penilaian", "penilaian-tahunan"


def agreed(case: str, sari: Player, budi: Player) -> None:
    sari.fill(case, PLAN)
    sari.do(case, PLAN, "ajukan")
    if budi.do(case, PLAN, "setujui").label != "Disepakati":
        sari.do(case, PLAN, "sepakati")


def observed(case: str, sari: Player, budi: Player) -> None:
    for step, who in (
        ("persiapan", sari),
        ("observasi", budi),
        ("diskusi-tindak-lanjut", sari),
        ("upaya", sari),
        ("refleksi", sari),
    ):
        who.hand_in(case, DOING, step, "serahkan")


def rated(case: str, stage: str, step: str, budi: Player, hasil: str = "sesuai", perilaku: str = "di-atas") -> None:
    keys = [
        field.key
        for field in budi.form(case, stage, step).fields
        if field.kind == "one" and field.label.startswith("Rating")
    ]
    budi.hand_in(case, stage, step, "tetapkan", **dict(zip(keys, (hasil, perilaku), strict=True)))


def begun(kernel: Kernel, budi: Player) -> None:
    """In the second semester the head begins the period, and the worker tells the teachers' cases."""
    case = Case.select().join(Period).where(
        (Case.unit == unit("99990101")) & (Case.subject == "unit") & Period.label.startswith("Juli")
    ).get()  # fmt: skip
    budi.hand_in(case.id, "pembukaan", "mulai-periode", "serahkan")
    worker.run_once(kernel)


def sent() -> list[dict[str, Any]]:
    """What is due outside and can be sent: what is held or not to be sent has no message."""
    made = Outgoing.state.not_in(["held", "unsent"])
    return [one.payload for one in Outgoing.select().where(made).order_by(Outgoing.id)]


def test_a_year_of_two_semesters_ends_in_one_message_to_bkn(demo: Kernel, sari: Player, budi: Player) -> None:
    first = case_of("Sari Contoh", "Januari")
    agreed(first, sari, budi)
    set_date(demo, date(2024, 2, 5))
    observed(first, sari, budi)
    set_date(demo, date(2024, 6, 5))
    rated(first, RATING, "rating", budi)
    assert cases.load(demo, first).facts["predikat.semester"].label == "Baik"
    assert sent() == []
    set_date(demo, date(2024, 7, 3))
    second = case_of("Sari Contoh", "Juli")
    assert [one.sentence for one in testing.open_tasks(second)] == ["Menunggu Kepala Sekolah memulai periode."]
    begun(demo, budi)
    agreed(second, sari, budi)
    set_date(demo, date(2024, 12, 5))
    year = case_of("Sari Contoh", "Tahun 2024")
    assert tasks(year) == []
    rated(second, RATING, "rating", budi)
    worker.run_once(demo)
    assert tasks(year) == [("memutuskan", "Predikat tahunan")]
    rated(year, YEAR, "rating-tahunan", budi)
    assert [(one["tahun"], one["hasil"], one["perilaku"], one["predikat"]) for one in sent()] == [
        (2024, "sesuai", "di-atas", "baik")
    ]
    assert tasks(year) == []


def test_the_second_semester_comes_filled_in_with_the_behaviour_of_the_year(
    demo: Kernel, sari: Player, budi: Player
) -> None:
    first = case_of("Sari Contoh", "Januari")
    agreed(first, sari, budi)
    set_date(demo, date(2024, 7, 3))
    begun(demo, budi)
    second = case_of("Sari Contoh", "Juli")
    sari.draft(second, PLAN, "praktik")
    sari.draft(second, PLAN, "perilaku")
    parts = {part.step: part.answers for part in cases.load(demo, second).parts}
    before = {part.step: part.effective for part in cases.load(demo, first).parts}
    assert parts["perilaku"] == before["perilaku"]
    assert parts["praktik"] != before["praktik"]


def test_the_next_year_opens_by_itself_and_needs_no_points(demo: Kernel, sari: Player, budi: Player) -> None:
    set_date(demo, date(2025, 1, 6))
    case = case_of("Sari Contoh", "Tahun 2025")
    steps = [step for rule in cases.load(demo, case).rules() for step in rule.steps]
    assert "kompetensi-katalog" not in steps and "kompetensi-refleksi" in steps and "tugas-pokok" in steps
    agreed(case, sari, budi)
    set_date(demo, date(2025, 2, 5))
    observed(case, sari, budi)
    sari.hand_in(case, DOING, "kompetensi-refleksi", "serahkan")
    set_date(demo, date(2025, 12, 1))
    rated(case, RATING, "rating-tahunan", budi, "di-atas", "di-atas")
    assert [(one["tahun"], one["predikat"]) for one in sent()] == [(2025, "sangat-baik")]


def test_both_years_stand_side_by_side_each_in_its_own_words(demo: Kernel, sari: Player) -> None:
    set_date(demo, date(2025, 1, 6))
    lines = {line.period: [stage[1] for stage in line.stages] for line in read.own_cases(viewer(demo, "Sari Contoh"))}
    assert lines["Januari–Juni 2024"] == ["Perencanaan Kinerja", "Pelaksanaan Kinerja", "Penilaian semester"]
    assert lines["Tahun 2025"][-1] == "Predikat tahunan"


@pytest.mark.parametrize(("code", "rubric"), [("99990001", "paud"), ("99990101", "dasmen"), ("99990301", "dasmen")])
def test_a_teacher_gets_the_rubric_of_their_school(demo: Kernel, code: str, rubric: str) -> None:
    found = {
        one.content["chosen"]["rubrik"]
        for one in Case.select().where((Case.unit == unit(code)) & (Case.role == "guru"))
        if "rubrik" in one.content["chosen"]
    }
    assert found == {rubric}


def test_a_head_as_employee_plans_with_options_of_their_own_and_the_office_decides_on_a_recommendation(
    demo: Kernel,
) -> None:
    case, head = case_of("Budi Contoh", "Januari"), Player(demo, "Budi Contoh")
    seen = cases.load(demo, case)
    assert seen.rule(PLAN).steps[:3] == ("cek-data", "praktik", "kompetensi-katalog")
    assert "tugas-tambahan" not in seen.rule(PLAN).steps
    assert len(head.form(case, PLAN, "praktik").fields[0].options) == 8
    head.fill(case, PLAN)
    head.do(case, PLAN, "ajukan")
    assert tasks(case) == [("menyarankan", "Beri rekomendasi"), ("memutuskan", "Periksa rencana")]
    assert [one.several for one in testing.open_tasks(case)] == ["", ""], "nobody recommended it yet"
    pengawas = Player(demo, cases.load(demo, case).view.holders["menyarankan"].person.name.split(",")[0])
    pengawas.through("pengawas").hand_in(case, PLAN, "rekomendasi", "catat", pendapat="setuju")
    assert [(one.relation, one.several) for one in testing.open_tasks(case)] == [("memutuskan", "setujui")]
    office = Player(demo, "Ratmi Contoh").through("kepala-dinas")
    office.do(case, PLAN, "setujui")
    head.do(case, PLAN, "sepakati")
    assert cases.load(demo, case).progress[PLAN].state.label == "Disepakati"


def test_a_plan_at_a_school_led_by_an_acting_head_is_approved_by_the_system_and_waits_for_the_confirmation(
    demo: Kernel,
) -> None:
    name = Case.select().where((Case.unit == unit("99990102")) & (Case.role == "guru")).first().person.name
    case, teacher = case_of(name, "Januari"), Player(demo, name)
    teacher.fill(case, PLAN)
    teacher.do(case, PLAN, "ajukan")
    assert cases.load(demo, case).progress[PLAN].state.label == "Disetujui sistem"
    set_date(demo, date(2024, 2, 17))
    seen = cases.load(demo, case)
    assert [(one.task.relation, one.task.kind) for one in seen.tasks if one.stage and not one.task.opens] == [
        ("memutuskan", "macet")
    ]
    school = Case.get((Case.unit == unit("99990102")) & (Case.subject == "unit"))
    head = Player(demo, "Wayan Contoh").through("kepala-sekolah")
    head.hand_in(school.id, "kesiapan-sekolah", "konfirmasi-plt", "konfirmasi")
    worker.run_once(demo)
    assert tasks(case) == [("pegawai", "Isi Persiapan observasi")]


def test_a_non_asn_teacher_ends_well_without_sending(demo: Kernel, budi: Player) -> None:
    set_date(demo, date(2025, 1, 6))
    case = next(
        one.id
        for one in Case.select().where((Case.unit == unit("99990101")) & (Case.role == "guru"))
        if one.profile["fields"]["pegawai"] == "non-asn" and one.period.label == "Tahun 2025"
    )
    set_date(demo, date(2025, 12, 1))
    teacher = Player(demo, Case.get_by_id(case).person.name)
    agreed(case, teacher, budi)
    rated(case, RATING, "rating-tahunan", budi)
    assert cases.load(demo, case).facts["predikat.tahunan"].label == "Baik"
    assert sent() == []


def test_a_connector_switched_off_in_one_district_sends_nothing_there_and_goes_on_in_the_other(demo: Kernel) -> None:
    assert "siasn" not in settings.enabled(demo, unit("99990102").line)
    assert "siasn" in settings.enabled(demo, unit("99990101").line)


def test_a_stage_in_use_cannot_be_switched_off_and_the_periods_are_named(demo: Kernel) -> None:
    with pytest.raises(Refusal) as refused:
        choosing.set_choice(demo, unit("contoh-asri"), PLAN, None, on=False)
    assert (refused.value.code, "Januari–Juni 2024" in refused.value.sentence) == ("in-use", True)


def test_a_finished_case_shows_every_label_after_all_plugins_are_removed(
    demo: Kernel, sari: Player, budi: Player
) -> None:
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    with_plugins = cases.load(demo, case)
    bare = Kernel(demo.config, type(demo.host)())
    bare.sync()
    without = cases.load(bare, case)
    assert [part.effective_view for part in without.parts] == [part.effective_view for part in with_plugins.parts]
    assert [one.name for one in without.progress.values()] == [one.name for one in with_plugins.progress.values()]
    assert [one.state.label for one in without.progress.values()] == [
        one.state.label for one in with_plugins.progress.values()
    ]
    assert [item.label for item in without.items] == [item.label for item in with_plugins.items]
    assert all(label and text for part in without.parts for label, text in part.effective_view)
    assert [line.text for line in testing.history(demo, case)][-1] == "Sari Contoh, S.Pd. menyepakati rencana"


def test_a_plan_survives_an_upgrade_of_its_step_to_a_new_format(demo: Kernel, sari: Player, budi: Player) -> None:
    from dataclasses import replace

    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    step = demo.host.registry.steps["praktik"]

    def upgrade(data: Any, from_: int) -> Any:
        assert from_ == step.format
        return {"terpilih": data["indikator"]}

    demo.host.registry.steps["praktik"] = replace(
        step,
        format=step.format + 1,
        upgrade=upgrade,
        project=lambda context, data: step.project(context, {"indikator": data["terpilih"]}),
    )
    before = [item.label for item in cases.load(demo, case).items]
    from kinerja import workflow

    workflow.reproject(demo, case, demo.clock.now())
    assert [item.label for item in cases.load(demo, case).items] == before
    assert cases.load(demo, case).items[0].kind == "praktik"


def test_points_below_the_minimum_warn_and_do_not_refuse(demo: Kernel, sari: Player) -> None:
    from kinerja import forms

    case = case_of("Sari Contoh", "Januari")
    sari.fill(case, PLAN)
    sari.draft(case, PLAN, "kompetensi-katalog", rhk={"pelatihan-mandiri": 1})
    form = sari.form(case, PLAN, "kompetensi-katalog")
    told = [problem.message for problem in forms.warnings(form, {"rhk": {"pelatihan-mandiri": 1}})]
    assert told == [
        "8 dari minimal 32 poin. Diskusikan dengan Kepala Sekolah untuk memilih Rencana Hasil Kerja (RHK) yang paling berdampak."
    ]
    assert sari.do(case, PLAN, "ajukan").label == "Perlu disetujui"


@pytest.mark.parametrize(
    ("step", "answers"),
    [
        ("praktik", {"indikator": "perencanaan-paud"}),
        ("kompetensi-katalog", {"rhk": {"pelatihan-mandiri": -3}}),
        ("kompetensi-katalog", {"rhk": {"pelatihan-mandiri": 100_000}}),
        ("kompetensi-katalog", {"rhk": {"tidak-ada": 1}}),
        ("perilaku", {"akuntabel": "menghargai"}),
    ],
)
def test_an_answer_that_is_not_in_the_rules_is_refused_by_the_workflow(
    demo: Kernel, sari: Player, step: str, answers: Any
) -> None:
    case = case_of("Sari Contoh", "Januari")
    sari.fill(case, PLAN)
    sari.draft(case, PLAN, step, **answers)
    with pytest.raises(Refusal) as refused:
        sari.do(case, PLAN, "ajukan")
    assert {problem.step for problem in refused.value.problems} == {step}


def test_the_log_of_a_school_is_one_unbroken_chain(demo: Kernel, sari: Player, budi: Player) -> None:
    from kinerja_work import chain

    agreed(case_of("Sari Contoh", "Januari"), sari, budi)
    school = unit("99990101").id
    assert LogEntry.select().where(LogEntry.unit == school).count() > 2
    assert chain.broken(school) is None
    database.run("UPDATE log_entry SET code = 'lain' WHERE unit_id = ? AND number = 2", school)
    assert chain.broken(school) == 2


def test_seeding_twice_adds_nothing_twice(demo: Kernel) -> None:
    from kinerja_web.seed import seed
    from tests.conftest import DEMO

    def counts() -> list[int]:
        return [table.select().count() for table in (Case, Part, Revision, Timer)]

    before = counts()
    seed(demo, DEMO)
    assert counts() == before
