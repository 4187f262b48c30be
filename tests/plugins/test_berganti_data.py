"""What is known of a person changes while their work is open: it reaches the case, or waits to be confirmed."""

from __future__ import annotations

from datetime import date

import pytest

import kinerja_read as read
from kinerja import SUBJECT, Correction, Refusal, cases, people
from kinerja.access import PEOPLE
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, LogText, Person, Request
from kinerja.testing import Player, add_person, case_of, person, unit, viewer
from kinerja_office import aftermath, profiles, requests
from kinerja_work import worker
from tests.plugins.test_berganti import HERE, office
from tests.plugins.test_journey import PLAN, agreed
from tests.plugins.test_pages import enter


@pytest.fixture
def first(demo: Kernel) -> str:
    return case_of("Sari Contoh", "Januari")


def told(kernel: Kernel, who: str = "Sari Contoh", code: str = HERE, **values: str) -> None:
    """The data say something new of a person, and the worker follows."""
    Person.update(**values).where(Person.name == who).execute()
    aftermath.after_people(kernel, unit(code))


def kept(kernel: Kernel, case: str, *keys: str) -> list[str]:
    labels = cases.load(kernel, case).view.labels
    return [labels.get(key, "") for key in keys]


def test_a_name_put_right_reaches_the_running_plan_and_its_check_of_data(
    demo: Kernel, sari: Player, first: str
) -> None:
    told(demo, title_back="M.Pd.", rank="3d")
    assert kept(demo, first, "nama", "golongan") == ["Sari Contoh, M.Pd.", demo.label("ranks", "3d")]
    shown = dict(pair for one in sari.form(first, PLAN, "cek-data").fields for pair in one.pairs)
    assert shown["Nama"] == "Sari Contoh, M.Pd."
    texts = [one.text for one in LogText.select()]
    assert any("Nama: Sari Contoh, S.Pd. menjadi Sari Contoh, M.Pd." in one for one in texts)


def test_a_value_reaches_every_open_case_of_a_person_also_at_the_other_school(demo: Kernel) -> None:
    mine = Case.select().where(
        (Case.person == person("Wayan Contoh")) & Case.closed_at.is_null() & (Case.subject == "person")
    )
    units = {one.unit.npsn for one in mine}
    assert len(units) == 2
    told(demo, "Wayan Contoh", code=min(units), title_back="M.Pd.")
    assert {kept(demo, one.id, "nama")[0] for one in mine} == {"Wayan Contoh, M.Pd."}


def test_a_guest_post_where_somebody_worked_before_opens_no_finished_part_to_new_values(
    demo: Kernel, first: str
) -> None:
    """The half year stays open there to be rated, by the values of its days."""
    before = kept(demo, first, "nama")
    Assignment.update(until=date(2024, 1, 21)).where(Assignment.person == person("Sari Contoh")).execute()
    people.assign(person("Sari Contoh"), "guru", unit(HERE), "definitif", date(2024, 1, 22), home=False)
    told(demo, title_back="M.Pd.")
    assert (kept(demo, first, "nama"), cases.load(demo, first).closed) == (before, False)


def test_a_case_that_is_over_keeps_the_name_of_its_days(demo: Kernel, first: str) -> None:
    Case.update(closed_at=demo.clock.now()).where(Case.id == first).execute()
    before = kept(demo, first, "nama")
    told(demo, title_back="M.Pd.")
    assert kept(demo, first, "nama") == before


def test_nothing_new_changes_nothing_and_a_second_time_is_as_once(demo: Kernel, first: str) -> None:
    told(demo, title_back="M.Pd.")
    versions = dict(Case.select(Case.id, Case.version).tuples())
    profiles.follow(demo, unit(HERE), demo.clock.now())
    assert dict(Case.select(Case.id, Case.version).tuples()) == versions


@pytest.mark.parametrize(
    ("values", "field"),
    [({"employment": "non-asn"}, "pegawai"), ({"attributes": {"jenis_ptk": "tenaga-administrasi"}}, "jenis_ptk")],
)
def test_what_may_decide_who_takes_part_waits_until_somebody_confirms_it(
    demo: Kernel, sari: Player, first: str, values: dict, field: str
) -> None:
    before = cases.load(demo, first)
    told(demo, **values)
    now = cases.load(demo, first)
    assert (now.view.profile, now.answer, list(now.unsure)) == (before.view.profile, before.answer, [field])
    sari.draft(first, PLAN, "praktik")
    waits = profiles.waiting(demo, office(demo), person("Sari Contoh").id)
    assert [(one.field, one.old) for one in waits] == [(field, before.view.labels[field])]


def test_a_non_asn_who_becomes_pppk_keeps_the_plan_and_must_take_part_once_it_is_confirmed(demo: Kernel) -> None:
    _, held = add_person(
        "Hono Uji", "guru", unit(HERE), "definitif", date(2020, 1, 1), employment="non-asn", attributes={"jenis_ptk": "guru-kelas"}
    )  # fmt: skip
    aftermath.after_people(demo, unit(HERE))
    case, hono = case_of("Hono Uji", "Januari"), Player(demo, "Hono Uji")
    assert Case.get_by_id(case).answer == "dianjurkan"
    agreed(case, hono, Player(demo, "Budi Contoh").through("kepala-sekolah"))
    told(demo, "Hono Uji", employment="pppk")
    assert Case.get_by_id(case).answer == "dianjurkan"
    items = cases.load(demo, case).items
    profiles.confirm(demo, office(demo), held.person_id, "pegawai", "SK PPPK", demo.clock.now())
    worker.run_once(demo)
    seen = cases.load(demo, case)
    assert (seen.answer, seen.view.labels["pegawai"], seen.unsure, seen.items) == (
        "wajib", demo.label("employment_kinds", "pppk"), {}, items,
    )  # fmt: skip


def test_nobody_confirms_their_own_value_nor_one_of_people_they_do_not_keep_nor_without_a_paper(
    demo: Kernel, first: str
) -> None:
    told(demo, employment="non-asn")
    sari = person("Sari Contoh").id
    strangers = [viewer(demo, "Sari Contoh"), viewer(demo, "Budi Contoh")]
    for who, note, code in [
        (strangers[0], "SK", "not-oneself"),
        (strangers[1], "SK", "missing"),
        (office(demo), " ", "note-needed"),
    ]:
        with pytest.raises(Refusal) as refused:
            profiles.confirm(demo, who, sari, "pegawai", note, demo.clock.now())
        assert refused.value.code == code
    assert list(cases.load(demo, first).unsure) == ["pegawai"]


def test_a_value_the_data_take_back_waits_no_more(demo: Kernel, first: str) -> None:
    told(demo, employment="non-asn")
    told(demo, employment="pns")
    assert cases.load(demo, first).unsure == {}
    with pytest.raises(Refusal):
        profiles.confirm(demo, office(demo), person("Sari Contoh").id, "pegawai", "SK", demo.clock.now())


@pytest.mark.parametrize(
    ("now", "wanted", "titled", "same"),
    [
        ("JOKO SANTOSO CONTOH", "Joko Santoso Contoh, S.Pd.", True, True),
        ("Drs. Joko  Santoso", "joko santoso", True, True),
        ("H. Joko Santoso, M.Pd.", "Joko Santoso, S.Pd.", True, True),
        ("Joko Santosa", "Joko Santoso", True, False),
        ("Penata, III/c", "Penata, III/d", False, False),
        ("19800101 200501 1 001", "198001012005011001", False, True),
        ("S.Pd.", "M.Pd.", True, False),
    ],
)
def test_a_value_is_the_one_asked_for_but_for_case_blanks_points_and_titles(
    now: str, wanted: str, titled: bool, same: bool
) -> None:
    assert people.alike(now, wanted, titled=titled) is same


def test_a_request_for_a_name_closes_when_the_name_came_and_the_titles_did_not(
    demo: Kernel, sari: Player, first: str
) -> None:
    at = demo.clock.now()
    asked = Correction("nama", "Nama", "Sari Contoh, S.Pd.", "")
    requests.ask_value(demo, viewer(demo, "Sari Contoh"), cases.load(demo, first), asked, "Sari Santoso, M.Pd.", at)
    told(demo, name="SARI SANTOSO")
    assert [one.state for one in Request.select()] == ["fixed"]
    assert kept(demo, first, "nama") == ["SARI SANTOSO, S.Pd."]
    assert Assignment.select().where(Assignment.person == person("SARI SANTOSO").id).count() >= 1


def test_the_page_of_a_person_confirms_and_the_case_says_what_waits(demo: Kernel, first: str) -> None:
    told(demo, employment="non-asn")
    sari, admin = enter(demo, "Sari Contoh"), enter(demo, "Hendra Contoh")
    assert "Menunggu dipastikan" in sari.get(f"/kasus/{first}").text
    mine = Assignment.select().where(Assignment.person == person("Hendra Contoh").id)
    held = next(one for one in mine if PEOPLE in people.permissions(demo, one.role))
    admin.post("/kapasitas", penugasan=str(held.id))
    page = f"/satuan/{held.unit_id}/orang/{person('Sari Contoh').id}"
    label = demo.label("employment_kinds", "non-asn")
    assert f"menjadi {label}" in admin.get(page).text
    empty = admin.post(page, act="pasti-pegawai", **{"txt__pasti-pegawai-sk": ""})
    assert empty.status_code == 422 and list(cases.load(demo, first).unsure) == ["pegawai"]
    assert admin.post(page, act="pasti-pegawai", **{"txt__pasti-pegawai-sk": "SK 7"}).status_code == 303
    assert kept(demo, first, "pegawai") == [label]
    assert "Menunggu dipastikan" not in sari.get(f"/kasus/{first}").text


def test_a_name_that_was_asked_for_and_came_makes_a_second_edition_that_names_the_old_one(
    demo: Kernel, sari: Player, first: str
) -> None:
    agreed(first, sari, Player(demo, "Budi Contoh").through("kepala-sekolah"))
    asked = Correction("nama", "Nama", kept(demo, first, "nama")[0], "")
    at, who = demo.clock.now(), viewer(demo, "Sari Contoh")
    requests.ask_value(demo, who, cases.load(demo, first), asked, "Sari Santoso", at)
    told(demo, rank="3d")
    assert [one.number for one in read.editions(who, demo, cases.load(demo, first))] == [1], (
        "a promotion changes no paper"
    )
    told(demo, name="Sari Santoso")
    before, after = read.editions(who, demo, cases.load(demo, first))
    assert (before.number, before.corrects, after.number) == (1, (), 2)
    assert [(one.label, one.old, one.new) for one in after.corrects] == [
        ("Nama", "Sari Contoh, S.Pd.", "Sari Santoso, S.Pd.")
    ]
    assert [one.settled.sides[SUBJECT].name for one in (before, after)] == ["Sari Contoh, S.Pd.", "Sari Santoso, S.Pd."]
    page = enter(demo, "Sari Santoso").get(f"/p/cetak/{first}").text
    assert "Sari Santoso, S.Pd." in page and "semula Sari Contoh, S.Pd." in page


def test_a_wrong_value_of_the_head_makes_a_second_edition_of_every_paper_they_signed_and_of_no_other(
    demo: Kernel, sari: Player, budi: Player, first: str
) -> None:
    agreed(first, sari, budi)
    other = case_of("Rina Contoh", "Januari")
    theirs = case_of("Budi Contoh", "Januari")
    [old] = kept(demo, theirs, "nama")
    asked = Correction("nama", "Nama", old, "")
    requests.ask_value(
        demo, viewer(demo, "Budi Contoh"), cases.load(demo, theirs), asked, "Budi Santoso", demo.clock.now()
    )
    told(demo, "Budi Contoh", name="Budi Santoso")
    [new] = kept(demo, theirs, "nama")
    who = viewer(demo, "Sari Contoh")
    before, after = read.editions(who, demo, cases.load(demo, first))
    assert (before.corrects, [(one.label, one.old, one.new) for one in after.corrects]) == (
        (), [("Nama Budi Santoso", old, new)]
    )  # fmt: skip
    assert [one.settled.sides["memutuskan"].name for one in (before, after)] == [old, new]
    assert [one.settled.sides[SUBJECT].name for one in (before, after)] == ["Sari Contoh, S.Pd."] * 2
    assert read.editions(viewer(demo, "Rina Contoh"), demo, cases.load(demo, other)) == ()
