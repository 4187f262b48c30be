"""One person with two records: both are shown, what cannot both stay is chosen, and one record is left that knows all."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

import kinerja_read as read
from kinerja import Refusal, cases, database
from kinerja.access import Viewer
from kinerja.kernel import Kernel
from kinerja.models import (
    Assignment,
    Case,
    Edition,
    Evidence,
    Job,
    LogEntry,
    LogText,
    Note,
    Outgoing,
    Part,
    Period,
    Person,
    PersonId,
    Read,
    Reading,
    Relation,
    Session,
    Signature,
    Standing,
)
from kinerja.models.tables import TABLES
from kinerja.testing import Player, add_person, case_of, history, person, set_date, unit, viewer
from kinerja_office import aftermath, merging, requests, sessions, staff
from kinerja_web import create_app
from kinerja_work import chain, imports, worker
from tests.plugins.test_import_journey import SCHOOL, files, job, run
from tests.plugins.test_journey import PLAN, RATING, YEAR, agreed, begun, observed, rated
from tests.plugins.test_one_home import keeper, row_of
from tests.refused import code
from tests.web.visitor import SAME

GONE = 73000019
"""The id of the second record: no other number of the demo world looks like it."""
FAR = "99990202"
"""A school of another district and province."""
WHY = "dua baris Dapodik dengan NIP yang sama"


def second(
    kernel: Kernel, of: str = "Sari Contoh", role: str = "guru", at: str = SCHOOL, since: date = date(2017, 1, 2),
    name: str = "Sari Contoh Dua", kind: str = "definitif", **ids: str,
) -> Person:  # fmt: skip
    """A second record of somebody, with a post and what comes of it."""
    one = person(of)
    made = Person.create(
        id=GONE, name=name, sex=one.sex, born=one.born, employment=one.employment, rank=one.rank, level=one.level,
        attributes=one.attributes, force_insert=True,
    )  # fmt: skip
    for key, value in ids.items():
        PersonId.create(person=made, kind=key, value=value, force_insert=True)
    if role:
        Assignment.create(
            person=made, role=role, unit=unit(at), kind=kind, home=True, since=since, entered_at=kernel.clock.now()
        )
        aftermath.after_people(kernel, unit(at))
    worker.run_once(kernel)
    return made


def chosen(two: merging.Two, theirs: bool = False) -> dict[str, str]:
    """The same answer to every question: what the record that stays has, or the other."""
    return {one.key: one.theirs if theirs else one.mine for one in two.asked}


def merge(kernel: Kernel, keep: int, gone: int = GONE, who: Viewer | None = None, **more: Any) -> None:
    at = who or keeper(kernel)
    answers = more.pop("answers", None) or chosen(merging.look(kernel, at, keep, gone), more.pop("theirs", False))
    merging.merge(kernel, at, keep, gone, answers, WHY, more.get("ends", ()))
    worker.run_once(kernel)


def standing(id: int) -> list[tuple[str, bool, bool]]:
    """The cases of a record: (period, counted, still open)."""
    found = Case.select(Case, Period).join(Period).where(Case.person == id).order_by(Period.label, Case.counts)
    return [(one.period.label, bool(one.counts), one.closed_at is None) for one in found]


def posts(id: int) -> list[tuple[str, str, date, date | None]]:
    found = Assignment.select().where(Assignment.person == id).order_by(Assignment.since)
    return [(one.role, one.unit.npsn or one.unit.code, one.since, one.until) for one in found]


class Desk:
    """The browser of somebody, without a script."""

    def __init__(self, kernel: Kernel, who: Viewer) -> None:
        self.browser = create_app(kernel).test_client()
        sessions.identify("uji", str(who.person), Person.get_by_id(who.person))
        self.browser.set_cookie("kinerja", sessions.begin(kernel, "uji", str(who.person), "") or "")
        if who.assignment:
            self.browser.post("/kapasitas", data={"penugasan": str(who.assignment)}, headers=SAME)

    def read(self, url: str) -> str:
        return plain(self.browser.get(url, follow_redirects=True).text)

    def send(self, url: str, **fields: str) -> Any:
        named = {name.replace("__", ":"): value for name, value in fields.items()}
        return self.browser.post(url, data=named, headers=SAME)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def page(keep: int, at: str = SCHOOL) -> str:
    return f"/satuan/{unit(at).id}/orang/{keep}/satukan"


# --- the example ------------------------------------------------------------------------------------------------------


def test_a_row_that_leads_to_two_records_names_the_way_on_and_afterwards_leads_to_one(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    PersonId.delete().where((PersonId.person == keep) & (PersonId.kind == "nip")).execute()
    told = files()
    nip = row_of(told, "sari")["nip"]
    second(demo, nip=nip)
    id = run(demo, told)
    [[_, *twins]] = job(id).result["twins"]
    assert set(twins) == {keep, GONE}
    desk = Desk(demo, keeper(demo, "operator-sekolah"))
    html = desk.browser.get(f"/satuan/{unit(SCHOOL).id}/impor/{id}").text
    assert "Nomor-nomornya tercatat pada dua orang." in html
    way = unescape(re.search(r'href="([^"]*/satukan\?dengan=\d+)"', html)[1])  # type: ignore[index]  # it is there
    shown = desk.read(way)
    assert "Sari Contoh Dua" in shown and nip in shown and "Guru, SD Negeri 1" in shown
    two = merging.look(demo, keeper(demo), keep, GONE)
    asked = {f"one__kinerja-{one.key}": one.mine for one in two.asked}
    sent = desk.send(page(keep), dengan=str(GONE), txt__alasan=WHY, chk__yakin="1", **asked)
    assert sent.status_code == 303, plain(sent.text)
    worker.run_once(demo)
    again = run(demo, files())
    assert (job(again).result["twins"], [one for one in job(again).result["problems"] if one[3]]) == ([], [])
    imports.confirm(demo, again)
    worker.run_once(demo)
    assert posts(keep) == [("guru", SCHOOL, date(2017, 1, 2), None)], "one post, from the earliest day"
    assert [one for one in standing(keep) if one[1]] == [("Januari–Juni 2024", True, True), ("Tahun 2024", True, True)]
    assert PersonId.get((PersonId.kind == "nip") & (PersonId.value == nip)).person_id == keep
    assert (Person.get_by_id(GONE).merged_into_id, posts(GONE), standing(GONE)) == (keep, [], [])


def test_an_import_says_who_can_where_its_reader_cannot(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    PersonId.delete().where((PersonId.person == keep) & (PersonId.kind == "nip")).execute()
    second(demo, at=FAR, nip=row_of(files(), "sari")["nip"])
    id = run(demo, files())
    url = f"/satuan/{unit(SCHOOL).id}/impor/{id}"
    operator = Desk(demo, keeper(demo, "operator-sekolah"))
    said = f"Salah satu catatan punya jabatan di {unit(FAR).name}, di luar wewenang Anda. Minta Dinas Pendidikan"
    assert said in operator.read(url) and "/satukan" not in operator.browser.get(url).text
    assert "/satukan?dengan=" in Desk(demo, national(demo)).browser.get(url).text


# --- what becomes of cases --------------------------------------------------------------------------------------------


def test_of_two_open_cases_of_a_period_one_goes_on_and_the_other_stays_readable(
    demo: Kernel, sari: Player, budi: Player
) -> None:
    keep = person("Sari Contoh").id
    second(demo)
    aside = case_of("Sari Contoh Dua", "Januari")
    other = Player(demo, "Sari Contoh Dua")
    agreed(aside, other, budi)
    mine = case_of("Sari Contoh", "Januari")
    merge(demo, keep)
    assert standing(keep) == [
        ("Januari–Juni 2024", False, False), ("Januari–Juni 2024", True, True), ("Tahun 2024", False, False),
        ("Tahun 2024", True, True),
    ]  # fmt: skip
    seen = cases.load(demo, aside)
    assert (seen.view.person and seen.view.person.id, seen.view.counts, seen.ending["catatan"]) == (keep, False, WHY)
    assert [task for task in seen.tasks if task.task.asked] == []
    assert code(lambda: sari.do(aside, PLAN, "revisi", note="lagi")) == "ended"
    assert [line.code for line in history(demo, aside)][-1] == "case-ended"
    agreed(mine, sari, budi)
    set_date(demo, date(2024, 7, 3))
    assert [one for one in standing(keep) if one[2]] == [
        ("Januari–Juni 2024", True, True), ("Juli–Desember 2024", True, True), ("Tahun 2024", True, True),
    ]  # fmt: skip
    desk = Desk(demo, viewer(demo, "Sari Contoh"))
    assert "Tidak dihitung: Disatukan dengan kinerja lain dari orang yang sama" in desk.read(f"/kasus/{aside}")


def test_the_case_of_the_record_that_goes_can_be_the_one_that_counts(demo: Kernel, budi: Player) -> None:
    keep = person("Sari Contoh").id
    second(demo)
    going = case_of("Sari Contoh Dua", "Januari")
    agreed(going, Player(demo, "Sari Contoh Dua"), budi)
    merge(demo, keep, theirs=True)
    seen = cases.load(demo, going)
    assert (seen.view.person and seen.view.person.id, seen.view.counts, seen.closed) == (keep, True, False)
    assert Case.get_by_id(going).chain == f"{seen.view.period.scheme}/2024/{keep}"
    sari = Player(demo, "Sari Contoh")
    set_date(demo, date(2024, 2, 5))
    observed(going, sari, budi)
    set_date(demo, date(2024, 6, 5))
    rated(going, RATING, "rating", budi)
    assert cases.load(demo, going).facts["predikat.semester"].label == "Baik"


def test_what_came_since_the_page_was_drawn_is_asked_and_not_guessed(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    second(demo)
    at, before = keeper(demo), standing(keep)
    two = merging.look(demo, at, keep, GONE)
    drawn = {one.key: one.mine for one in two.asked[1:]}
    with pytest.raises(Refusal) as refused:
        merging.merge(demo, at, keep, GONE, drawn, WHY)
    assert (refused.value.code, [one.field for one in refused.value.problems]) == ("merge-open", [two.asked[0].key])
    assert code(lambda: merging.merge(demo, at, keep, GONE, chosen(two), "  ")) == "note-needed"
    assert (standing(keep), Person.get_by_id(GONE).merged_into_id) == (before, None)


def test_who_comes_back_after_a_merge_goes_on_with_the_case_that_counts(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    second(demo)
    going = case_of("Sari Contoh Dua", "Januari")
    merge(demo, keep, theirs=True)
    at, last = keeper(demo), date(2024, 1, 20)
    [post] = staff.held_of(keep)
    staff.end(demo, at, post, last, "mutasi", "SK 1")
    worker.run_once(demo)
    assert [one for one in standing(keep) if one[2]] == []
    [post] = staff.held_of(keep)
    staff.resume(demo, at, post, "keliru")
    worker.run_once(demo)
    assert [one for one in standing(keep) if one[2]] == [("Januari–Juni 2024", True, True), ("Tahun 2024", True, True)]
    assert Case.get_by_id(going).closed_at is None
    assert len(standing(keep)) == 4, "nothing was opened a third time"


def test_of_two_rated_years_one_counts_and_what_was_sent_stays_sent(demo: Kernel, sari: Player, budi: Player) -> None:
    keep = person("Sari Contoh").id
    second(demo)
    other = Player(demo, "Sari Contoh Dua")
    both = ((sari, "Sari Contoh"), (other, "Sari Contoh Dua"))
    for who, name in both:
        agreed(case_of(name, "Januari"), who, budi)
    set_date(demo, date(2024, 2, 5))
    for who, name in both:
        observed(case_of(name, "Januari"), who, budi)
    set_date(demo, date(2024, 6, 5))
    for _, name in both:
        rated(case_of(name, "Januari"), RATING, "rating", budi)
    set_date(demo, date(2024, 7, 3))
    begun(demo, budi)
    for who, name in both:
        agreed(case_of(name, "Juli"), who, budi)
    set_date(demo, date(2024, 12, 5))
    for _, name in both:
        rated(case_of(name, "Juli"), RATING, "rating", budi)
    worker.run_once(demo)
    years = [case_of(name, "Tahun 2024") for _, name in both]
    PersonId.create(person=GONE, kind="nip", value="199003022019032009", force_insert=True)
    for year in years:
        rated(year, YEAR, "rating-tahunan", budi)
    Outgoing.update(state="accepted").where(Outgoing.case == years[1]).execute()
    before = list(Outgoing.select().where(Outgoing.case == years[1]).tuples())
    merge(demo, keep, theirs=True)
    assert list(Outgoing.select().where(Outgoing.case == years[1]).tuples()) == before, "what was accepted stays"
    rest = [(one.state, one.sentence) for one in Outgoing.select().where(Outgoing.case == years[0])]
    assert [state for state, _ in rest if state in ("waiting", "again")] == [], "the other year is not sent any more"
    assert rest[-1][0] == "unsent"
    counted = Case.select().join(Period).where(
        (Case.person == keep) & (Case.counts == True) & Period.label.startswith("Tahun 2024")  # noqa: E712  # SQL
    )  # fmt: skip
    assert [one.id for one in counted] == [years[1]]
    near = cases.load(demo, years[1]).near.children
    assert sorted(one.label for one in near) == ["Januari–Juni 2024", "Juli–Desember 2024"], (
        "a year reads each part once"
    )


# --- who signed, wrote and asked --------------------------------------------------------------------------------------


def test_a_head_who_signed_and_goes_keeps_their_papers_turns_and_sign_in(
    demo: Kernel, sari: Player, budi: Player
) -> None:
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    set_date(demo, date(2024, 2, 5))
    keep = Person.create(id=GONE, name="Budi Contoh Baru", sex="L", force_insert=True).id
    Assignment.create(
        person=keep, role="kepala-sekolah", unit=unit(SCHOOL), kind="definitif", home=True, since=date(2024, 2, 1),
        entered_at=demo.clock.now(),
    )  # fmt: skip
    gone = person("Budi Contoh").id
    sessions.identify("uji", "budi", person("Budi Contoh"))
    token = sessions.begin(demo, "uji", "budi", "")
    Session.update(assignment=None).where(Session.person == gone).execute()
    before = [(act.by.name, act.by.post, act.by.ids) for one in editions(demo, case) for act in one.acts]
    paper = Edition.select().where(Edition.case == case).count()
    merge(demo, keep, gone)
    after = editions(demo, case)
    assert [(act.by.name, act.by.post, act.by.ids) for one in after for act in one.acts] == before, "as they were then"
    assert {act.by.person for one in after for act in one.acts if act.relation == "memutuskan"} == {keep}
    assert Edition.select().where(Edition.case == case).count() == paper
    assert sessions.read(demo, token or "") is None, "the open session ends"
    context = sessions.read(demo, sessions.begin(demo, "uji", "budi", "") or "")
    assert context is not None and context.viewer.person == keep
    new = Player(demo, "Budi Contoh Baru").through("kepala-sekolah")
    observed(case, sari, new)
    set_date(demo, date(2024, 6, 5))
    rated(case, RATING, "rating", new)
    assert cases.load(demo, case).facts["predikat.semester"].label == "Baik"
    assert {part.author for part in cases.load(demo, case).parts} == {keep, person("Sari Contoh").id}


def editions(kernel: Kernel, case: str) -> tuple[read.Edition, ...]:
    return read.editions(viewer(kernel, "Sari Contoh"), kernel, cases.load(kernel, case))


def test_nobody_decides_on_themselves_after_two_records_became_one(demo: Kernel) -> None:
    gone = second(demo, "Budi Contoh", name="Budi Contoh Dua").id
    keep = person("Budi Contoh").id
    own = case_of("Budi Contoh Dua", "Januari")
    head = Assignment.get((Assignment.person == keep) & (Assignment.role == "kepala-sekolah"))
    assert ("memutuskan", keep, head.id) in cases.load(demo, own).relations, "until then the head decided on it"
    Relation.update(fixed=True).where((Relation.case == own) & (Relation.person == keep)).execute()
    at = keeper(demo)
    two = merging.look(demo, at, keep, gone)
    teacher = next(one for one in two.gone.posts)
    mine = next(one for one in two.keep.posts if one.role == "kepala-sekolah")
    assert code(lambda: merging.merge(demo, at, keep, gone, chosen(two), WHY)) == "home-already"
    last = (mine.since if teacher.since < mine.since else teacher.since) - timedelta(days=1)
    merging.merge(demo, at, keep, gone, chosen(two, theirs=True), WHY, [(teacher, last, "promosi")])
    assert Case.get_by_id(own).closed_at is None
    for case in Case.select().where((Case.person == keep) & Case.closed_at.is_null()):
        seen = cases.load(demo, case.id)
        assert [one for one in seen.relations if one[1] == keep and one[0] != "pegawai"] == []
    worker.run_once(demo)
    homes = [
        one for one in Assignment.select().where((Assignment.person == keep) & Assignment.home) if one.until is None
    ]
    assert [one.role for one in homes] == ["kepala-sekolah"]
    going = Case.select().join(Period).where((Case.person == keep) & Case.counts & Case.closed_at.is_null())
    assert [(one.role, one.period.label) for one in going.order_by(Period.label)] == [
        ("kepala-sekolah", "Januari–Juni 2024"), ("kepala-sekolah", "Tahun 2024"),
    ]  # fmt: skip


def test_everything_that_names_who_goes_names_who_stays(demo: Kernel, budi: Player) -> None:
    """Every table is looked through for the id of the record that went: only what tells who it was then has it still."""
    second(demo, nip="199003022019032009", nuptk="1234123412341234")
    other = Player(demo, "Sari Contoh Dua")
    case = case_of("Sari Contoh Dua", "Januari")
    agreed(case, other, budi)
    set_date(demo, date(2024, 2, 5))
    observed(case, other, budi)
    seen = cases.load(demo, case)
    one = viewer(demo, "Sari Contoh Dua")
    requests.ask_unlock(demo, one, seen, "praktik", "Praktik", "keliru", demo.clock.now())
    Standing.create(person=GONE, kind="cuti", since=date(2024, 5, 1), until=date(2024, 5, 3))
    sessions.identify("uji", "dua", person("Sari Contoh Dua"))
    sessions.begin(demo, "uji", "dua", "")
    at = demo.clock.now()
    Note.create(case=case, stage=PLAN, by=GONE, by_name="Sari Contoh Dua", text="sudah", at=at)
    Evidence.create(
        case=case, item="x", n=1, handler="x", value={}, label="x", by=GONE, by_name="Sari Contoh Dua", at=at
    )
    Read.create(case=case, stage=PLAN, person=GONE, until=at, force_insert=True)
    Job.create(id="kerja", kind="x", unit=unit(SCHOOL), by=GONE, label="x", created_at=at, force_insert=True)
    looked = {"case": case_of("Budi Contoh", "Januari"), "person": GONE, "name": "Sari Contoh Dua", "capacity": "Guru"}
    Reading.create(**looked, day=at.date(), at=at, recorded_at=at)
    Relation.create(case=case, kind="mengamati", person=GONE, since=date(2024, 1, 1), until=date(2024, 1, 2))
    set_date(demo, date(2024, 2, 6))
    merge(demo, person("Sari Contoh").id, theirs=True)
    left = {
        (table.__name__, name)
        for table in TABLES
        for row in table.select().dicts()
        for name, value in row.items()
        if str(GONE) in str(value)
    }
    assert left == {
        ("Person", "id"), ("PersonId", "person"), ("LogEntry", "person"), ("Applied", "actor"), ("Reading", "person"),
    }  # fmt: skip
    seen = cases.load(demo, case)
    assert seen.view.person is not None and seen.view.person.id == person("Sari Contoh").id
    assert sorted(one.kind for one in PersonId.select().where(PersonId.person == GONE)) == ["nip", "nuptk"]
    assert {chain.broken(one) for one in (unit(SCHOOL).id, unit("99990001").parent_id) if one} == {None}


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_the_number_that_is_chosen_stays_and_the_other_still_leads_to_the_person(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    old = PersonId.get((PersonId.person == keep) & (PersonId.kind == "nip")).value
    second(demo, nip="199003022019032009", lain="A-1")
    two = merging.look(demo, keeper(demo), keep, GONE)
    assert [(one.key, one.mine, one.theirs) for one in two.asked if not one.cases] == [
        ("nip", old, "199003022019032009")
    ]
    merge(demo, keep, answers={**chosen(two), "nip": "199003022019032009"})
    mine = {one.kind: one.value for one in PersonId.select().where(PersonId.person == keep)}
    assert (mine["nip"], mine["lain"]) == ("199003022019032009", "A-1")
    assert [(one.kind, one.value) for one in PersonId.select().where(PersonId.person == GONE)] == [("nip", old)]
    id = run(demo, files())
    [sentence] = [one[2] for one in job(id).result["problems"] if one[3]]
    assert sentence == "NIP berbeda dari yang tercatat (199003022019032009). Operator perlu memastikan yang benar."


def test_a_row_without_numbers_finds_who_stays_by_name_and_birth_date(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    second(demo, name="Sari Contoh")
    PersonId.delete().where(PersonId.person == keep).execute()
    merge(demo, keep)
    id = run(demo, files())
    assert [one for one in job(id).result["problems"] if one[3]] == []
    assert job(id).result["new"] == []


def test_a_record_without_any_post_gives_what_it_has_and_cannot_be_the_one_that_stays(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    second(demo, role="", lain="A-1")
    Person.update(rank="").where(Person.id == keep).execute()
    at = keeper(demo, "operator-sekolah")
    assert code(lambda: merging.look(demo, at, GONE, keep)) == "merge-homeless"
    merge(demo, keep, who=at)
    assert PersonId.get(PersonId.kind == "lain").person_id == keep
    assert Person.get_by_id(keep).rank == Person.get_by_id(GONE).rank, "what was empty is filled"
    assert [one for one in standing(keep) if one[2]] == [("Januari–Juni 2024", True, True), ("Tahun 2024", True, True)]


# --- who may ----------------------------------------------------------------------------------------------------------


def national(kernel: Kernel) -> Viewer:
    held = Assignment.get(Assignment.role == "admin-nasional")
    return viewer(kernel, held.person.name, held.id)


def test_records_of_two_districts_are_merged_by_who_keeps_both_and_by_nobody_below(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    second(demo, at=FAR)
    assert unit(FAR).line[:2] != unit(SCHOOL).line[:2]
    for who in (keeper(demo, "operator-sekolah"), keeper(demo), keeper(demo, at=FAR)):
        with pytest.raises(Refusal) as refused:
            merging.look(demo, who, keep, GONE)
        assert refused.value.code == "merge-elsewhere"
        assert "Minta Dinas Pendidikan yang membawahi keduanya" in refused.value.sentence
    at = national(demo)
    two = merging.look(demo, at, keep, GONE)
    there = two.gone.posts[0]
    merge(demo, keep, who=at, ends=[(there, there.since - timedelta(days=1), "lainnya")])
    for where in (SCHOOL, FAR):
        told = LogEntry.select().where((LogEntry.unit == unit(where)) & (LogEntry.code == "merged"))
        [line] = [LogText.get((LogText.unit == one.unit_id) & (LogText.number == one.number)).text for one in told]
        assert line == f"{at.name} menyatukan catatan Sari Contoh Dua ke dalam catatan Sari Contoh. {WHY}"
        assert chain.broken(unit(where).id) is None


def test_nobody_merges_themselves_a_record_with_itself_or_what_is_given_from_above(demo: Kernel) -> None:
    at, operator = keeper(demo), keeper(demo, "operator-sekolah")
    sari, budi = person("Sari Contoh").id, person("Budi Contoh").id
    second(demo)
    assert code(lambda: merging.look(demo, at, at.person, GONE)) == "not-oneself"
    assert code(lambda: merging.look(demo, at, GONE, at.person)) == "not-oneself"
    assert code(lambda: merging.look(demo, at, sari, sari)) == "merge-same"
    assert code(lambda: merging.look(demo, operator, sari, budi)) == "merge-elsewhere", (
        "or a teacher would become the head"
    )
    assert code(lambda: merging.look(demo, at, sari, 99)) == "missing"
    wide = next(one for one in Assignment.select().where(Assignment.role == "kepala-dinas") if one.unit_id == at.unit)
    assert code(lambda: merging.look(demo, at, sari, wide.person_id)) == "merge-elsewhere"
    assert code(lambda: merging.look(demo, viewer(demo, "Sari Contoh Dua"), sari, budi)) == "merge-elsewhere"


def test_what_somebody_types_right_now_is_waited_for(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    second(demo)
    Player(demo, "Sari Contoh Dua").fill(case_of("Sari Contoh Dua", "Januari"), PLAN)
    at, before = keeper(demo), standing(keep)
    two = merging.look(demo, at, keep, GONE)
    assert code(lambda: merging.merge(demo, at, keep, GONE, chosen(two), WHY)) == "merge-busy"
    assert (standing(keep), Person.get_by_id(GONE).merged_into_id) == (before, None)
    Part.update(draft_at=demo.clock.now() - merging.WORKING).where(Part.author == GONE).execute()
    merge(demo, keep)
    assert Person.get_by_id(GONE).merged_into_id == keep


# --- twice and at once ------------------------------------------------------------------------------------------------


def test_a_second_time_says_so_and_whoever_stays_can_be_merged_again(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    second(demo, role="")
    merge(demo, keep)
    desk = Desk(demo, keeper(demo))
    for url, other in ((page(keep), GONE), (page(GONE), keep)):
        sent = desk.send(url, dengan=str(other), txt__alasan=WHY, chk__yakin="1")
        assert (sent.status_code, "sudah disatukan dengan catatan lain" in sent.text) == (422, True)
        assert "sudah disatukan" in desk.read(f"{url}?dengan={other}")
        assert f"/orang/{keep}" in sent.text
    old = desk.browser.get(f"/satuan/{unit(SCHOOL).id}/orang/{GONE}")
    assert (old.status_code, old.headers["Location"]) == (303, f"/satuan/{unit(SCHOOL).id}/orang/{keep}")
    third, _ = add_person("Sari Contoh Tiga", "guru", unit(SCHOOL), "definitif", date(2016, 1, 1))
    merge(demo, third.id, keep)
    assert {one.merged_into_id for one in Person.select().where(Person.id.in_([keep, GONE]))} == {third.id}
    assert case_of("Sari Contoh Tiga", "Januari")


def test_of_two_officers_at_once_one_merges_and_the_other_is_told(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    second(demo, role="")
    add_person("Sari Contoh Tiga", "guru", unit(SCHOOL), "definitif", date(2016, 1, 1))
    Assignment.create(
        person=GONE, role="guru", unit=unit(SCHOOL), kind="definitif", home=True, since=date(2018, 1, 1),
        entered_at=demo.clock.now(),
    )  # fmt: skip
    third = person("Sari Contoh Tiga").id
    at, said = keeper(demo), []
    start = threading.Barrier(3)

    def officer(stays: int, goes: int) -> None:
        with database.connection():
            start.wait()
            said.append(code(lambda: merging.merge(demo, at, stays, goes, {}, WHY)))

    pairs = ((GONE, third), (third, GONE), (GONE, third))
    threads = [threading.Thread(target=officer, args=pair) for pair in pairs]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) == ["", "merged-already", "merged-already"]
    gone = [one.id for one in Person.select().where(Person.merged_into.is_null(False))]
    assert len(gone) == 1 and keep not in gone
    assert LogEntry.select().where((LogEntry.unit == unit(SCHOOL)) & (LogEntry.code == "merged")).count() == 1


def test_who_hands_in_at_that_moment_is_either_first_or_told_and_nothing_stays_behind(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    second(demo)
    other, case = Player(demo, "Sari Contoh Dua"), case_of("Sari Contoh Dua", "Januari")
    other.fill(case, PLAN)
    Part.update(draft_at=demo.clock.now() - merging.WORKING).where(Part.author == GONE).execute()
    at = keeper(demo)
    answers = chosen(merging.look(demo, at, keep, GONE), theirs=True)
    start, said = threading.Barrier(2), {}

    def at_once(name: str, act: Callable[[], object]) -> None:
        with database.connection():
            start.wait()
            said[name] = code(act)

    threads = [
        threading.Thread(target=at_once, args=("merge", lambda: merging.merge(demo, at, keep, GONE, answers, WHY))),
        threading.Thread(target=at_once, args=("hand in", lambda: other.do(case, PLAN, "ajukan"))),
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert said["merge"] == "" and said["hand in"] in ("", "missing", "not-yours"), said
    seen = cases.load(demo, case)
    handed = [part for part in seen.parts if part.handed_number is not None]
    assert {part.author for part in seen.parts} == {keep}
    assert (len(handed) > 1) == (said["hand in"] == ""), "all of it, or none"
    assert Relation.select().where(Relation.person == GONE).count() == 0
    assert [row for row in Signature.select().where(Signature.case == case).dicts() if str(GONE) in str(row)] == []


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_other_record_is_found_by_name_and_by_number_within_what_one_keeps(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    second(demo, lain="A-17")
    desk = Desk(demo, keeper(demo, "operator-sekolah"))
    assert "Namanya mirip" in desk.read(page(keep)) and "Sari Contoh Dua" in desk.read(page(keep))
    assert "Sari Contoh Dua" in desk.read(f"{page(keep)}?cari=contoh+dua")
    assert "Yang tetap" in desk.read(f"{page(keep)}?cari=A-17"), "one number leads on at once"
    assert "Tidak ada catatan lain dengan nama atau nomor itu" in desk.read(f"{page(keep)}?cari=xyz")
    assert "Minta Dinas Pendidikan yang membawahi keduanya" in desk.read(page(person("Budi Contoh").id))
    assert Desk(demo, viewer(demo, "Sari Contoh")).browser.get(page(keep)).status_code == 404
    assert "Satukan dengan catatan yang lain" in desk.read(f"/satuan/{unit(SCHOOL).id}/orang/{keep}")


def test_what_is_not_chosen_is_asked_again_with_all_that_was_typed(demo: Kernel) -> None:
    keep = person("Sari Contoh").id
    second(demo, at=FAR, nip="199003022019032009")
    at = national(demo)
    desk = Desk(demo, at)
    url = page(keep)
    shown = desk.read(f"{url}?dengan={GONE}")
    for text in ("NIP mana yang benar?", "Jabatan induk mana yang masih dipegang?", "kinerja mana yang dihitung?"):
        assert text in shown
    sent = desk.send(url, dengan=str(GONE), txt__alasan="karena dua baris")
    assert sent.status_code == 422
    assert "karena dua baris" in sent.text and "Pilih salah satu." in sent.text and "Centang agar" in sent.text
    assert Person.get_by_id(GONE).merged_into_id is None
    two = merging.look(demo, at, keep, GONE)
    mine, theirs = two.keep.posts[0], two.gone.posts[0]
    fields = {f"one__{'kinerja' if one.cases else 'nomor'}-{one.key}": one.mine for one in two.asked}
    fields |= {f"one__jabatan-{mine.id}-{theirs.id}": str(mine.id), "one__berakhir": "lainnya"}
    done = desk.send(url, dengan=str(GONE), txt__alasan=WHY, chk__yakin="1", **fields)
    assert done.status_code == 303, plain(done.text)
    worker.run_once(demo)
    assert [one[3] for one in posts(keep) if one[1] == SCHOOL] == [None]
    assert all(one[3] is not None for one in posts(keep) if one[1] == FAR)


# --- no column is forgotten -------------------------------------------------------------------------------------------

KEPT = {
    "reading.person": "who read then, with their name beside it",
    "log_entry.person": "the chain of hashes holds who it was then",
    "applied.actor": "a key belongs to whoever sent it",
    "choice.by": "who chose then; the log says it in words",
    "person_value.entered_by": "who entered it then; the log says it in words",
    "assignment.entered_by": "who typed it then; the log says it in words",
}
"""Columns that hold a person and do not move, each with the reason. The row of the person stays, with its name."""
NUMBERS = {
    "depth", "year", "version", "cycle", "ord", "format", "revision", "number", "count", "total", "n", "tries", "done",
    "handed", "effective", "value", *(f"a{n}" for n in range(8)),
}  # fmt: skip
"""Whole numbers that are no person."""


def test_every_column_that_holds_a_person_moves_or_is_kept_for_a_reason() -> None:
    """Fails on a new column until it stands in `merging.MOVES`, or here with the reason why not."""
    moved = " ".join(merging.MOVES)
    found = set()
    for table in TABLES:
        name = table._meta.table_name
        for field in table._meta.sorted_fields:
            column = field.column_name
            refers = getattr(field, "rel_model", None)
            if refers is not None and refers is not Person:
                continue
            if refers is None and (
                not field.field_type.endswith("INT") or field.name in NUMBERS or field.name == "unit"
            ):
                continue
            if field.primary_key and field.name == "id" and table is not Person:
                continue
            found.add(f"{name}.{field.name}")
            if f"{name}.{field.name}" not in KEPT:
                pattern = rf'(UPDATE {name} SET|DELETE FROM {name} WHERE) "?{column}"? = '
                assert re.search(pattern, moved), f"{name}.{column} is neither moved nor kept"
    assert set(KEPT) <= found
    assert len(found) > 15
