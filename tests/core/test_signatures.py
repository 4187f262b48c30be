"""Signatures: who took a row, and both sides of the case as they were then, whatever becomes of them later."""

from __future__ import annotations

from datetime import date

import pytest

from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Edition, Period, Person, PersonId, Revision, Signature, Unit
from kinerja.testing import Player, case_of, history, person, set_date, unit
from tests.plugins.test_journey import DOING, PLAN, RATING, agreed, observed, rated

SCHOOL = "SD Negeri 1 Tanjung Contoh"


def taken(case: str, transition: str) -> Signature:
    """The newest signature under a row of a case."""
    found = Signature.select().where((Signature.case == case) & (Signature.transition == transition))
    return found.order_by(Signature.id.desc()).get()


def side(who: str, **more: object) -> dict[str, object]:
    """One side of a case as its data say today."""
    one = person(who)
    ids = {row.kind: row.value for row in PersonId.select().where(PersonId.person == one)}
    return {"person": one.id, "ids": ids, "employment": one.employment, **more}


def test_a_decision_keeps_who_decided_and_both_sides_as_they_were(demo: Kernel, sari: Player, budi: Player) -> None:
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    found = taken(case, "setujui")
    head = side(
        "Budi Contoh", name="Budi Contoh, S.Pd., M.Pd.", rank="Pembina Tingkat I, IV/b", level="Guru Ahli Madya", role="kepala-sekolah",
        post="Kepala Sekolah", acting=False, unit=SCHOOL,
    )  # fmt: skip
    teacher = side(
        "Sari Contoh", name="Sari Contoh, S.Pd.", rank=found.signed["sides"]["pegawai"]["rank"],
        level=found.signed["sides"]["pegawai"]["level"], role="guru", post="Guru", acting=False, unit=SCHOOL,
    )  # fmt: skip
    assert (found.relation, found.signed) == (
        "memutuskan",
        {"by": head, "sides": {"memutuskan": head, "pegawai": teacher}},
    )
    assert (teacher["rank"], teacher["level"]) != ("", "")


def test_what_becomes_of_people_later_does_not_reach_a_signature(demo: Kernel, sari: Player, budi: Player) -> None:
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    before = {one.id: one.signed for one in Signature.select()}
    Person.update(name="Budi Berubah", rank="pns-iv-b").where(Person.id == person("Budi Contoh").id).execute()
    Unit.update(name="SD Lain").where(Unit.id == unit("99990101").id).execute()
    Assignment.update(until=date(2024, 1, 25)).where(Assignment.id == budi.assignment).execute()
    set_date(demo, date(2024, 2, 5))
    assert {one.id: one.signed for one in Signature.select().where(Signature.id.in_(list(before)))} == before


def test_each_revision_names_the_signature_under_which_it_was_kept(demo: Kernel, sari: Player, budi: Player) -> None:
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    found = {(one.kind, one.signature.transition) for one in Revision.select()}
    assert found == {("diajukan", "ajukan")}
    assert {one.signature.signed["by"]["name"] for one in Revision.select()} == {"Sari Contoh, S.Pd."}


def test_a_hand_in_an_observation_and_a_rating_are_signed_by_who_did_them(
    demo: Kernel, sari: Player, budi: Player
) -> None:
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    set_date(demo, date(2024, 2, 5))
    observed(case, sari, budi)
    set_date(demo, date(2024, 6, 5))
    rated(case, RATING, "rating", budi)
    found = [
        (one.stage, one.step, one.relation, one.signed["by"]["name"])
        for one in Signature.select().where((Signature.case == case) & (Signature.stage != PLAN)).order_by(Signature.id)
    ]
    sari_name, budi_name = "Sari Contoh, S.Pd.", "Budi Contoh, S.Pd., M.Pd."
    assert found == [
        (DOING, "persiapan", "pegawai", sari_name),
        (DOING, "observasi", "mengamati", budi_name),
        (DOING, "diskusi-tindak-lanjut", "pegawai", sari_name),
        (DOING, "upaya", "pegawai", sari_name),
        (DOING, "refleksi", "pegawai", sari_name),
        (RATING, "rating", "memutuskan", budi_name),
    ]


def test_what_the_system_approves_is_signed_by_it_and_names_who_leads_the_school(demo: Kernel) -> None:
    komang = Player(demo, "Komang Contoh")
    case = case_of("Komang Contoh", "Januari")
    komang.fill(case, PLAN)
    komang.do(case, PLAN, "ajukan")
    found = taken(case, "otomatis")
    leads = found.signed["sides"]["memutuskan"]
    assert (found.relation, found.signed["by"]) == ("sistem", {"name": "Sistem"})
    assert (leads["post"], leads["acting"]) == ("Plt. Kepala Sekolah", True)
    assert [(one.number, one.signature_id) for one in Edition.select().where(Edition.case == case)] == [(1, found.id)]


@pytest.mark.parametrize(
    ("name", "post", "unit_name"),
    [
        ("Budi Contoh", "Kepala Sekolah", SCHOOL),
        ("Wulan Contoh", "Kepala TK", "TK Negeri Pembina Contoh"),
        ("Wayan Contoh", "Plt. Kepala Sekolah", "SD Negeri 3 Bahari"),
    ],
)
def test_a_head_is_signed_by_the_kind_of_school_and_the_dinas_as_an_office(
    demo: Kernel, name: str, post: str, unit_name: str
) -> None:
    head = Player(demo, name)
    held = (Case.person == person(name)) & (Case.role == "kepala-sekolah") & Period.label.startswith("Januari")
    case = Case.select().join(Period).where(held).get().id
    head.fill(case, PLAN)
    head.do(case, PLAN, "ajukan")
    sides = taken(case, "ajukan").signed["sides"]
    own, above = sides["pegawai"], sides["memutuskan"]
    assert (own["post"], own["unit"]) == (post, unit_name)
    assert (above["post"], above["unit"][:27]) == ("Kepala Dinas Pendidikan", "Dinas Pendidikan Kabupaten ")


def test_a_plan_that_is_settled_is_an_edition_and_a_revised_one_the_next(
    demo: Kernel, sari: Player, budi: Player
) -> None:
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    sari.do(case, PLAN, "revisi", note="Kelas bertukar.")
    assert Edition.select().where(Edition.case == case).count() == 1
    agreed(case, sari, budi)
    made = list(Edition.select().where(Edition.case == case).order_by(Edition.number))
    assert [(one.number, one.stage, one.paper) for one in made] == [(1, PLAN, None), (2, PLAN, None)]
    assert made[0].content["items"] == made[1].content["items"] != []
    assert [one.reason for one in Signature.select().where(Signature.transition == "revisi")] == ["Kelas bertukar."]
    reasons = {one.transition for one in Signature.select().where(Signature.reason != "")}
    assert reasons == {"revisi"}


def test_what_is_handed_in_alone_makes_no_edition(demo: Kernel, sari: Player, budi: Player) -> None:
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    set_date(demo, date(2024, 2, 5))
    observed(case, sari, budi)
    assert [(one.stage, one.number) for one in Edition.select().where(Edition.case == case)] == [(PLAN, 1)]


def test_the_history_says_in_which_post_somebody_acted(demo: Kernel, sari: Player, budi: Player) -> None:
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    Unit.update(name="SD Lain").where(Unit.id == unit("99990101").id).execute()
    posts = {line.code: line.post for line in history(demo, case) if line.code in ("ajukan", "setujui")}
    assert posts == {"ajukan": f"Guru, {SCHOOL}", "setujui": f"Kepala Sekolah, {SCHOOL}"}
