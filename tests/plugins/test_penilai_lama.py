"""Who decided on the last day of a part goes on with it after they moved: what they see, do and sign, through pages."""

from __future__ import annotations

import html
from datetime import date

import pytest

import kinerja_read as read
from kinerja import Refusal, access, cases
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Period, Relation, Signature, TaskRow, Timer
from kinerja.testing import Player, add_person, case_of, overseer, person, set_date, unit, viewer
from kinerja_office import staff
from kinerja_work import worker
from tests.plugins.test_berganti import FIRST, HERE, SECOND, THERE, WHOLE, deciders, head_name, office, post
from tests.plugins.test_journey import RATING, agreed, observed, rated
from tests.plugins.test_pages import enter
from tests.web.visitor import Visitor

LEFT, CAME = date(2024, 7, 9), date(2024, 7, 10)
BEFORE = "Kepala Sekolah, sampai 9 Juli 2024"


@pytest.fixture
def worked(demo: Kernel, sari: Player, budi: Player) -> str:
    """Sari's first half year, agreed and observed, and not rated."""
    found = case_of("Sari Contoh", "Januari")
    agreed(found, sari, budi)
    set_date(demo, date(2024, 2, 5))
    observed(found, sari, budi)
    return found


@pytest.fixture
def first(demo: Kernel, worked: str) -> str:
    """The same; its head leads another school from 10 July, and Eka this one."""
    set_date(demo, date(2024, 7, 12))
    at = {code: staff.units.as_value(unit(code)) for code in (HERE, THERE)}
    keeper, role = office(demo), "kepala-sekolah"
    staff.end(demo, keeper, post(demo, head_name(THERE), THERE, role), LEFT, "pensiun", "SK 1")
    staff.transfer(demo, keeper, post(demo, "Budi Contoh", HERE, role), at[THERE], role, CAME, "mutasi", "SK 2")
    eka, _ = add_person("Eka Uji", "guru", unit(THERE), "definitif", date(2020, 1, 1), employment="pns")
    kept = staff.Employee(eka.id, eka.name, "", "")
    staff.appoint(demo, keeper, kept, role, "definitif", at[HERE], CAME, None, "SK 3")
    worker.run_once(demo)
    return worked


def old_post(name: str = "Budi Contoh") -> int:
    """The post of a head that is over."""
    return int(Assignment.get((Assignment.person == person(name)) & (Assignment.until == LEFT)).id)


def words(visitor: Visitor, path: str = "/") -> str:
    return html.unescape(visitor.get(path).text)


def through(kernel: Kernel, name: str, assignment: int) -> Visitor:
    visitor = enter(kernel, name)
    assert visitor.post("/kapasitas", penugasan=str(assignment)).status_code == 303
    return visitor


def test_the_post_that_is_over_stands_under_the_name_with_its_last_day_and_leads_to_what_was_left(
    demo: Kernel, first: str
) -> None:
    budi = enter(demo, "Budi Contoh")
    budi.post("/kapasitas", penugasan="")
    assert f"sebagai {BEFORE}" in words(budi)
    assert budi.post("/kapasitas", penugasan=str(old_post())).status_code == 303
    second = case_of("Sari Contoh", "Juli")
    page = words(budi, "/?tampil=semua")
    assert (f"/kasus/{first}" in page, f"/kasus/{second}" in page, BEFORE in page) == (True, False, True)
    listed = read.standings(viewer(demo, "Budi Contoh", old_post()), date(2024, 7, 12))
    assert {Case.get_by_id(one.case).period.label for one in listed} == {FIRST}


def test_nothing_else_of_the_old_school_is_seen_through_it(demo: Kernel, first: str) -> None:
    budi = through(demo, "Budi Contoh", old_post())
    school = unit(HERE).id
    closed_to = [
        f"/kasus/{case_of('Sari Contoh', 'Juli')}", f"/kasus/{case_of('Sari Contoh', WHOLE)}", f"/satuan/{school}",
        f"/satuan/{school}/orang", f"/satuan/{school}/plugin",
    ]  # fmt: skip
    assert [budi.get(path).status_code for path in closed_to] == [404] * len(closed_to)
    assert budi.get(f"/kasus/{first}").status_code == 200
    new_post = Assignment.get((Assignment.person == person("Budi Contoh")) & (Assignment.since == CAME)).id
    assert through(demo, "Budi Contoh", new_post).get(f"/kasus/{first}").status_code == 404, "each capacity its own"


def test_what_is_rated_through_it_is_signed_in_the_post_and_unit_of_the_last_day(demo: Kernel, first: str) -> None:
    budi = through(demo, "Budi Contoh", old_post())
    page = f"/kasus/{first}/{RATING}/rating"
    answers = {"one__hasil": "sesuai", "one__perilaku": "di-atas", "txt__alasan": "Hasil kerja."}
    sent = budi.post(page, action="serahkan", seen="0", kunci="n", **answers)
    assert sent.status_code == 303, sent.text
    signed = Signature.get((Signature.case == first) & (Signature.stage == RATING)).signed["by"]
    assert (signed["name"].split(",")[0].endswith("Budi Contoh"), signed["post"], signed["unit"]) == (
        True, "Kepala Sekolah", unit(HERE).name,
    )  # fmt: skip
    assert "Ditetapkan Pak Budi." in words(enter(demo, "Sari Contoh"))


def test_who_leads_the_school_now_has_the_half_year_that_runs_and_is_refused_the_one_before(
    demo: Kernel, first: str
) -> None:
    eka = Player(demo, "Eka Uji").through("kepala-sekolah")
    second, year = case_of("Sari Contoh", "Juli"), case_of("Sari Contoh", WHOLE)
    assert [deciders(demo, one) for one in (first, second, year)] == [["Budi Contoh"], ["Eka Uji"], ["Eka Uji"]]
    with pytest.raises(Refusal) as refused:
        rated(first, RATING, "rating", eka)
    assert refused.value.code == "missing"


def test_the_year_reads_what_the_head_of_before_rated(demo: Kernel, first: str) -> None:
    rated(first, RATING, "rating", Player(demo, "Budi Contoh", old_post()))
    worker.run_once(demo)
    year = case_of("Sari Contoh", WHOLE)
    told = Player(demo, "Eka Uji").through("kepala-sekolah").form(year, "penilaian-tahunan", "rating-tahunan").fields
    assert [pair for one in told if one.key == "anak" for pair in one.pairs] == [
        (FIRST, "Baik"), (SECOND, "Belum dinilai")
    ]  # fmt: skip


def test_a_plan_agreed_late_prints_the_assessor_of_the_last_day(demo: Kernel, first: str) -> None:
    others = (Case.unit == unit(HERE)) & (Case.role == "guru") & (Period.label == FIRST) & (Case.id != first)
    joko = Case.select().join(Period).where(others & Case.closed_at.is_null()).get().person.name
    budi = Player(demo, "Budi Contoh", old_post())
    case = case_of(joko, "Januari")
    agreed(case, Player(demo, joko), budi)
    seen = cases.load(demo, case)
    signer = read.editions(overseer(case), demo, seen)[-1].acts[-1].sides["memutuskan"]
    assert (signer.post, signer.unit) == ("Kepala Sekolah", unit(HERE).name)
    paper = words(through(demo, "Budi Contoh", old_post()), f"/p/cetak/{case}")
    assert ("Budi Contoh" in paper, "Eka Uji" in paper) == (True, False)


def test_it_is_gone_with_the_period_and_at_once_with_the_last_post(demo: Kernel, first: str) -> None:
    set_date(demo, date(2025, 3, 31))
    budi = through(demo, "Budi Contoh", old_post())
    assert budi.get(f"/kasus/{first}").status_code == 200
    Assignment.update(until=date(2025, 3, 30)).where(
        (Assignment.person == person("Budi Contoh")) & Assignment.until.is_null()
    ).execute()
    assert BEFORE not in words(budi), "before any worker ran"
    set_date(demo, date(2025, 4, 2))
    assert BEFORE not in words(enter(demo, "Budi Contoh"))


def test_a_post_that_is_over_gives_none_of_its_permissions(demo: Kernel) -> None:
    set_date(demo, date(2024, 7, 12))
    held = Assignment.get((Assignment.person == person("Ratmi Contoh")) & (Assignment.role == "kepala-dinas"))
    at = held.unit
    Assignment.create(
        person=held.person, role="pengawas", unit=at, kind="definitif", home=True, since=CAME, entered_at=demo.clock.now()
    )  # fmt: skip
    Assignment.update(until=LEFT).where(Assignment.id == held.id).execute()
    Timer.create(name="people-changed", data={"unit": at.id}, due_at=demo.clock.now())
    worker.run_once(demo)
    left = Relation.select().where((Relation.assignment == held.id) & Relation.stays & Relation.until.is_null())
    mine = {one.case_id for one in left}
    head = case_of("Budi Contoh", "Januari")
    assert head in mine and case_of("Budi Contoh", "Juli") not in mine
    ratmi = through(demo, "Ratmi Contoh", held.id)
    paths = (f"/kasus/{head}", f"/satuan/{at.id}", f"/kasus/{case_of('Budi Contoh', 'Juli')}")
    assert [ratmi.get(path).status_code for path in paths] == [200, 404, 404]
    assert access.READ_RESULTS in viewer(demo, "Ratmi Contoh", held.id).permissions, "in office it did"


def told_by(case: str) -> list[str]:
    """Who set the predicate, as the news to whom it is given says."""
    news = TaskRow.select().where((TaskRow.case == case) & (TaskRow.stage == RATING) & (TaskRow.what == "kabar"))
    return [one.sentence for one in news]


def ended_late(kernel: Kernel, successor: bool) -> None:
    """On 20 June it becomes known that Budi's post was over by the end of May; perhaps Eka leads the school since then."""
    set_date(kernel, date(2024, 6, 20))
    keeper, role = office(kernel), "kepala-sekolah"
    staff.end(kernel, keeper, post(kernel, "Budi Contoh", HERE, role), date(2024, 5, 31), "pensiun", "SK 1")
    if successor:
        eka, _ = add_person("Eka Uji", "guru", unit(HERE), "definitif", date(2020, 1, 1), employment="pns")
        kept, here = staff.Employee(eka.id, eka.name, "", ""), staff.units.as_value(unit(HERE))
        staff.appoint(kernel, keeper, kept, role, "definitif", here, date(2024, 6, 1), None, "SK 3")
    worker.run_once(kernel)


@pytest.fixture
def judged(demo: Kernel, worked: str, budi: Player) -> str:
    set_date(demo, date(2024, 6, 5))
    rated(worked, RATING, "rating", budi)
    return worked


@pytest.mark.parametrize("successor", [True, False], ids=["somebody else leads now", "nobody leads now"])
def test_the_news_names_who_set_the_predicate_though_their_post_was_over_by_what_is_entered_later(
    demo: Kernel, judged: str, successor: bool
) -> None:
    assert told_by(judged) == ["Ditetapkan Pak Budi."]
    ended_late(demo, successor)
    assert deciders(demo, judged) == (["Eka Uji"] if successor else [])
    assert told_by(judged) == ["Ditetapkan Budi Contoh, S.Pd., M.Pd."]
    assert "Ditetapkan Budi Contoh, S.Pd., M.Pd." in words(enter(demo, "Sari Contoh"))


def test_who_sets_it_anew_is_named_from_then_on(demo: Kernel, judged: str) -> None:
    ended_late(demo, successor=True)
    eka = Player(demo, "Eka Uji").through("kepala-sekolah")
    answers = {"hasil": "sesuai", "perilaku": "sesuai", "alasan": "Dibaca lagi."}
    eka.do(judged, RATING, "tetapkan", step="rating", data=answers, note="Dibaca lagi.")
    assert told_by(judged) == ["Ditetapkan Bapak/Ibu Eka Uji."]
