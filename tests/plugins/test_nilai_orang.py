"""Values of a person have days: what had always been so, what changed since a TMT, and what a file may not replace."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import kinerja_read as read
from kinerja import cases
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Edition, LogText, Person, PersonId, PersonValue, Request
from kinerja.testing import Player, add_person, case_of, person, set_date, unit, viewer
from kinerja_office import aftermath, staff, values
from kinerja_read.editions import kept as editions_of
from kinerja_work import imports, worker
from tests.core.test_guards_office import employee
from tests.plugins.test_berganti import HERE, THERE, office
from tests.plugins.test_cetak import sheet, text
from tests.plugins.test_import_journey import files, job, run
from tests.plugins.test_journey import PLAN, agreed
from tests.plugins.test_one_home import row_of
from tests.plugins.test_pages import enter
from tests.refused import code

SARI, NOW, NEXT = "Sari Contoh", "Penata Muda Tingkat I, III/b", "Penata, III/c"
WRONG, CHANGED = read.WRONG, read.CHANGED
SK = "SK 823/7/2024"


def put(kernel: Kernel, field: str, value: str, kind: str = WRONG, since: date | None = None, who: str = SARI) -> None:
    """The Dinas enters a value, and the worker follows."""
    values.enter(kernel, office(kernel), employee(who), field, value, kind, since, SK, kernel.clock.now())
    worker.run_once(kernel)


def known(kernel: Kernel, who: str = SARI) -> dict[str, tuple[str, date | None, str, tuple[tuple[str, date], ...]]]:
    """What the page shows of a person: value, since when, what it was before, what is to come."""
    found = read.known(kernel, office(kernel), staff.units.as_value(unit(HERE)), person(who).id)
    return {one.field: (one.value, one.since, one.old, one.later) for one in found}


def label(kernel: Kernel, case: str, field: str) -> str:
    return str(cases.load(kernel, case).view.labels[field])


def ranks(case: str, who: str = "pegawai") -> list[str]:
    """Which rank somebody has in each edition of a plan, oldest first."""
    return [one.acts[-1].sides[who].rank for one in editions_of(case)]


@pytest.fixture
def first(demo: Kernel) -> str:
    return case_of(SARI, "Januari")


@pytest.fixture
def sari(demo: Kernel) -> Player:
    return Player(demo, SARI)


@pytest.fixture
def budi(demo: Kernel) -> Player:
    return Player(demo, "Budi Contoh").through("kepala-sekolah")


def test_a_rank_written_wrongly_reaches_the_open_plan_and_makes_an_edition_that_names_it(
    demo: Kernel, first: str, sari: Player, budi: Player
) -> None:
    agreed(first, sari, budi)
    page = enter(demo, SARI).client
    before = page.get(f"/p/cetak/{first}").text
    put(demo, "golongan", "pns-iii-c")
    assert (label(demo, first, "golongan"), ranks(first)) == (NEXT, [NOW, NEXT])
    assert f"Pangkat, golongan/ruang: semula {NOW}, diperbaiki menjadi {NEXT}" in text(
        page.get(f"/p/cetak/{first}").text
    )
    assert sheet(page.get(f"/p/cetak/{first}/1").text) == sheet(before)
    assert known(demo)["golongan"] == (NEXT, None, NOW, ())


def test_a_rank_that_changed_leaves_what_was_agreed_and_is_in_what_is_agreed_later(
    demo: Kernel, first: str, sari: Player, budi: Player
) -> None:
    agreed(first, sari, budi)
    put(demo, "golongan", "pns-iii-c", CHANGED, date(2024, 1, 15))
    assert (label(demo, first, "golongan"), ranks(first)) == (NEXT, [NOW])
    sari.do(first, PLAN, "revisi", note="Kelas bertukar.")
    agreed(first, sari, budi)
    assert ranks(first) == [NOW, NEXT]
    assert known(demo)["golongan"] == (NEXT, date(2024, 1, 15), NOW, ())


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("gelar_belakang", "M.Pd.", "Sari Contoh, M.Pd."),
        ("gelar_depan", "Dra.", "Dra. Sari Contoh, S.Pd."),
        ("nama", "Sari Conto", "Sari Conto, S.Pd."),
    ],
)
def test_a_part_of_a_name_written_wrongly_stands_on_the_paper_as_the_whole_name(
    demo: Kernel, first: str, sari: Player, budi: Player, field: str, value: str, told: str
) -> None:
    agreed(first, sari, budi)
    put(demo, field, value)
    found = Edition.select().where(Edition.case == first).order_by(Edition.number)
    assert [[(one["old"], one["new"]) for one in row.corrects] for row in found] == [[], [("Sari Contoh, S.Pd.", told)]]
    assert label(demo, first, "nama") == told


def test_a_wrong_number_of_the_head_makes_editions_of_every_plan_they_agreed(
    demo: Kernel, first: str, sari: Player, budi: Player
) -> None:
    agreed(first, sari, budi)
    put(demo, "nip", "197501012000031999", who="Budi Contoh")
    found = [one for row in Edition.select().where(Edition.case == first) for one in row.corrects]
    assert [(one["label"], one["new"]) for one in found] == [("NIP Budi Contoh", "197501012000031999")]


@pytest.mark.parametrize("code", [HERE, "99990301"])
def test_what_changes_on_a_day_to_come_does_so_in_its_first_moment_there(demo: Kernel, code: str) -> None:
    add_person("Timur Uji", "guru", unit(code), "definitif", date(2020, 1, 1), employment="pns", rank="pns-iii-b")
    zone = unit(code).zone
    ahead = {"Asia/Jakarta": 0, "Asia/Makassar": 1, "Asia/Jayapura": 2}[zone]
    values.enter(
        demo, office_of(demo, code), employee("Timur Uji"), "golongan", "pns-iii-c", CHANGED, date(2024, 4, 1), SK, demo.clock.now()
    )  # fmt: skip
    worker.run_once(demo)
    shown = read.known(demo, office_of(demo, code), staff.units.as_value(unit(code)), person("Timur Uji").id)
    [rank] = [one for one in shown if one.field == "golongan"]
    assert (rank.value, rank.later) == (NOW, ((NEXT, date(2024, 4, 1)),))
    set_date(demo, date(2024, 3, 31), hour=23 - ahead)
    assert person("Timur Uji").rank == "pns-iii-b"
    set_date(demo, date(2024, 3, 31), hour=24 - ahead)
    assert person("Timur Uji").rank == "pns-iii-c"


def office_of(kernel: Kernel, code: str) -> Any:
    """Whoever keeps the people above a school."""
    found = Assignment.select().where(Assignment.role == "admin-dinas")
    held = next(one for one in found if one.unit_id in unit(code).line)
    return viewer(kernel, held.person.name, held.id)


def test_the_days_of_a_value_follow_one_another_and_never_meet(demo: Kernel) -> None:
    for rank, day in [
        ("pns-iii-d", date(2024, 1, 20)),
        ("pns-iii-c", date(2020, 2, 29)),
        ("pns-iii-a", date(2024, 1, 20)),
    ]:
        put(demo, "golongan", rank, CHANGED, day)
    rows = PersonValue.select().where(PersonValue.person == person(SARI)).order_by(PersonValue.since, PersonValue.id)
    living = [(one.value, one.since, one.until) for one in rows if one.until is None or one.until >= one.since]
    assert living == [("pns-iii-c", date(2020, 2, 29), date(2024, 1, 19)), ("pns-iii-a", date(2024, 1, 20), None)]
    assert person(SARI).rank == "pns-iii-a"


def test_a_tmt_before_a_newer_one_changes_nothing_today(demo: Kernel) -> None:
    put(demo, "golongan", "pns-iii-d", CHANGED, date(2024, 1, 20))
    put(demo, "golongan", "pns-iii-c", CHANGED, date(2021, 4, 1))
    assert known(demo)["golongan"][:2] == ("Penata Tingkat I, III/d", date(2024, 1, 20))


def test_a_correction_of_a_correction_names_the_value_before_it(
    demo: Kernel, first: str, sari: Player, budi: Player
) -> None:
    agreed(first, sari, budi)
    put(demo, "golongan", "pns-iii-c")
    put(demo, "golongan", "pns-iii-d")
    put(demo, "golongan", "pns-iii-b")
    assert ranks(first) == [NOW, NEXT, "Penata Tingkat I, III/d", NOW]


def imported(kernel: Kernel, **changed: str) -> str:
    """The school's file says something of Sari, and is taken."""
    told = files()
    row_of(told, "sari").update(changed)
    id = run(kernel, told)
    imports.confirm(kernel, id)
    worker.run_once(kernel)
    return id


THIRD = {"pangkat_golongan_terakhir": "III/c"}
SECOND = {"pangkat_golongan_terakhir": "III/b"}


def test_an_import_changes_from_its_day_and_says_so(demo: Kernel, first: str, sari: Player, budi: Player) -> None:
    agreed(first, sari, budi)
    imported(demo, **THIRD)
    assert known(demo)["golongan"] == (NEXT, date(2024, 1, 22), NOW, ())
    assert ranks(first) == [NOW]


def test_what_an_import_changed_may_be_told_to_have_been_wrong_always(
    demo: Kernel, first: str, sari: Player, budi: Player
) -> None:
    agreed(first, sari, budi)
    imported(demo, **THIRD)
    put(demo, "golongan", "pns-iii-c", WRONG)
    assert ranks(first) == [NOW, NEXT]
    assert known(demo)["golongan"] == (NEXT, None, NOW, ())


def test_what_an_import_changed_may_be_given_its_tmt(demo: Kernel) -> None:
    imported(demo, **THIRD)
    put(demo, "golongan", "pns-iii-c", CHANGED, date(2023, 10, 1))
    assert known(demo)["golongan"] == (NEXT, date(2023, 10, 1), NOW, ())


@pytest.mark.parametrize("field", ["golongan", "nama", "nip"])
def test_a_file_of_yesterday_replaces_nothing_that_was_entered_until_one_says_the_same(
    demo: Kernel, field: str
) -> None:
    value, yesterday, today = {
        "golongan": ("pns-iii-c", SECOND, THIRD),
        "nama": ("Sari Dewi Contoh", {}, {"nama": "SARI DEWI CONTOH"}),
        "nip": ("199003022019032999", {}, {"nip": "199003022019032999"}),
    }[field]
    one = person(SARI).id
    put(demo, field, value)
    id = imported(demo, **yesterday)
    assert len([line for line in job(id).result["problems"] if " tetap " in line[2]]) == 1
    assert (values.copy(demo, one)[field], firm(one, field)) == (value, [value])
    imported(demo, **today)
    assert (values.copy(demo, one)[field], firm(one, field)) == (value, [])


def firm(person: int, field: str) -> list[str]:
    rows = PersonValue.select().where((PersonValue.person == person) & (PersonValue.field == field) & PersonValue.firm)
    return [one.value for one in rows]


def test_after_a_file_said_the_same_a_later_file_changes_it_again(demo: Kernel) -> None:
    put(demo, "golongan", "pns-iii-c")
    imported(demo, **THIRD)
    imported(demo, pangkat_golongan_terakhir="III/d")
    assert known(demo)["golongan"][0] == "Penata Tingkat I, III/d"


def test_a_file_that_knows_a_change_before_its_day_waits_for_the_day(demo: Kernel) -> None:
    put(demo, "golongan", "pns-iii-c", CHANGED, date(2024, 4, 1))
    imported(demo, **THIRD)
    assert known(demo)["golongan"] == (NOW, None, "", ((NEXT, date(2024, 4, 1)),))
    set_date(demo, date(2024, 4, 1))
    assert known(demo)["golongan"] == (NEXT, date(2024, 4, 1), NOW, ())


def test_what_its_person_asked_to_mend_was_wrong_always_when_a_file_brings_it(
    demo: Kernel, first: str, sari: Player, budi: Player
) -> None:
    agreed(first, sari, budi)
    ask(demo, first, "golongan", "Pangkat, golongan/ruang", NOW, NEXT)
    imported(demo, **THIRD)
    assert (ranks(first), known(demo)["golongan"][:3]) == ([NOW, NEXT], (NEXT, None, NOW))


def ask(kernel: Kernel, case: str, field: str, label: str, value: str, wanted: str) -> None:
    Request.create(
        case=case, kind="value", field=field, label=label, value=value, wanted=wanted, text="", person=person(SARI),
        unit=unit(HERE), state="open", at=kernel.clock.now(),
    )  # fmt: skip


def test_a_request_closes_when_the_value_is_entered_and_one_that_changed_makes_no_edition(
    demo: Kernel, first: str, sari: Player, budi: Player
) -> None:
    agreed(first, sari, budi)
    ask(demo, first, "golongan", "Pangkat, golongan/ruang", NOW, NEXT)
    put(demo, "golongan", "pns-iii-c", CHANGED, date(2024, 1, 20))
    assert (Request.get().state, ranks(first)) == ("fixed", [NOW])


def test_who_becomes_pppk_by_a_paper_that_was_entered_needs_no_second_confirmation_and_keeps_the_plan(
    demo: Kernel,
) -> None:
    add_person(
        "Hono Uji", "guru", unit(HERE), "definitif", date(2020, 1, 1), employment="non-asn", attributes={"jenis_ptk": "guru-kelas"}
    )  # fmt: skip
    aftermath.after_people(demo, unit(HERE))
    case = case_of("Hono Uji", "Januari")
    agreed(case, Player(demo, "Hono Uji"), Player(demo, "Budi Contoh").through("kepala-sekolah"))
    items = cases.load(demo, case).items
    put(demo, "pegawai", "pppk", CHANGED, date(2024, 3, 1), "Hono Uji")
    assert Case.get_by_id(case).answer == "dianjurkan"
    set_date(demo, date(2024, 3, 1))
    seen = cases.load(demo, case)
    assert (seen.answer, seen.unsure, seen.items) == ("wajib", {}, items)
    told = {one.text for one in LogText.select() if "memastikan" in one.text}
    assert told == {f"Danu Contoh memastikan Status kepegawaian: Non-ASN menjadi PPPK. {SK}"}


@pytest.mark.parametrize(
    ("field", "value", "kind", "since", "wanted"),
    [
        ("golongan", "pns-iii-b", WRONG, None, "value-same"),
        ("golongan", "tidak-ada", WRONG, None, "value-unknown"),
        ("golongan", "pns-iii-c", CHANGED, None, "since-needed"),
        ("golongan", "pns-iii-c", CHANGED, date(1900, 1, 1), "day-odd"),
        ("golongan", "pns-iii-c", "lain", None, "missing"),
        ("nama", " ", WRONG, None, "value-needed"),
        ("nama", "n" * 300, WRONG, None, "note-long"),
        ("pegawai", "", WRONG, None, "value-needed"),
        ("peran", "kepala-sekolah", WRONG, None, "missing"),
        ("agama", "x", WRONG, None, "missing"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_is_kept(
    demo: Kernel, field: str, value: str, kind: str, since: date | None, wanted: str
) -> None:
    before = values.copy(demo, person(SARI).id)
    assert code(lambda: put(demo, field, value, kind, since)) == wanted
    assert (values.copy(demo, person(SARI).id), PersonValue.select().count()) == (before, 0)


def test_a_number_of_somebody_else_is_refused_by_their_name_now_and_on_its_day(demo: Kernel) -> None:
    other = PersonId.get((PersonId.person == person("Budi Contoh")) & (PersonId.kind == "nip")).value
    assert code(lambda: put(demo, "nip", other)) == "number-taken"
    old = values.copy(demo, person(SARI).id)["nip"]
    put(demo, "nip", "199003022019032777", CHANGED, date(2024, 2, 1))
    PersonId.update(value="199003022019032777").where(
        (PersonId.person == person("Budi Contoh")) & (PersonId.kind == "nip")
    ).execute()
    set_date(demo, date(2024, 2, 1))
    assert (known(demo)["nip"][0], known(demo)["nip"][3]) == (old, (("199003022019032777", date(2024, 2, 1)),))


def test_only_who_keeps_the_home_of_a_person_enters_and_nobody_for_themselves_or_without_a_paper(demo: Kernel) -> None:
    def enter_as(who: Any, note: str = SK) -> Any:
        now = demo.clock.now()
        return lambda: values.enter(demo, who, employee(SARI), "golongan", "pns-iii-c", WRONG, None, note, now)

    elsewhere = next(
        viewer(demo, one.person.name, one.id)
        for one in Assignment.select().where(Assignment.role == "operator-sekolah")
        if one.unit_id != unit(HERE).id
    )
    found = [code(enter_as(who)) for who in (viewer(demo, SARI), viewer(demo, "Budi Contoh"), elsewhere)]
    assert found == ["not-oneself", "other-unit", "other-unit"]
    assert code(enter_as(office(demo), " ")) == "paper-needed"
    assert PersonValue.select().count() == 0


def test_an_empty_title_is_a_value_and_a_number_may_be_taken_away(demo: Kernel, first: str) -> None:
    put(demo, "gelar_belakang", "")
    put(demo, "nuptk", "")
    assert label(demo, first, "nama") == SARI
    assert PersonId.get_or_none((PersonId.person == person(SARI)) & (PersonId.kind == "nuptk")) is None


def test_who_may_not_keep_people_reads_nothing_of_a_person(demo: Kernel) -> None:
    here = staff.units.as_value(unit(HERE))
    assert read.known(demo, viewer(demo, "Budi Contoh"), here, person(SARI).id) == []
    assert read.known(demo, office(demo), staff.units.as_value(unit(THERE)), person(SARI).id) != []


def test_the_page_of_a_person_shows_each_value_and_takes_one_with_its_reason(demo: Kernel) -> None:
    page = enter(demo, "Hendra Contoh")
    url = f"/satuan/{unit(HERE).id}/orang/{person(SARI).id}"
    a = "data-golongan"
    form = {"act": a, f"one:{a}-nilai": "pns-iii-c", f"one:{a}-cara": CHANGED, f"txt:{a}-sk": SK}
    wrong = page.post(url, **form)
    assert (
        wrong.status_code,
        "Isi sejak kapan Pangkat, golongan/ruang berubah (TMT), sesuai SK." in text(wrong.text),
    ) == (422, True)
    assert 'value="pns-iii-c" selected' in wrong.text
    page.post(url, **form, **{f"day:{a}-tmt": "2024-01-15"})
    shown = text(page.client.get(url).text)
    assert f"{NEXT} Ubah Sejak 15 Januari 2024 · semula {NOW} · {SK} · dicatat 22 Januari 2024" in shown
    assert "Status kepegawaian PNS Ubah" in shown


def test_the_form_of_a_value_stands_open_where_it_was_asked_for_and_nowhere_for_oneself(demo: Kernel) -> None:
    page, at = enter(demo, "Hendra Contoh"), f"/satuan/{unit(HERE).id}/orang/"
    other = page.client.get(f"{at}{person(SARI).id}?data=nip").text
    own = page.client.get(f"{at}{person('Hendra Contoh').id}?data=nip").text
    assert [
        one.count('id="data-nip"') for one in (other, own, page.client.get(f"{at}{person(SARI).id}?data=x").text)
    ] == [1, 0, 0]
    assert "Ubah" not in text(own)


def test_people_is_where_a_new_record_says_from_where_it_came(demo: Kernel) -> None:
    told = files()
    row_of(told, "sari").update(
        ptk_id="77777777-2222-4333-8444-555555555555", nama="BARU UJI", nip="", nuptk="7433748649300007", tanggal_lahir="1995-05-05"
    )  # fmt: skip
    id = run(demo, told)
    imports.confirm(demo, id)
    worker.run_once(demo)
    made = Person.get(Person.name ** "baru uji")
    shown = read.known(demo, office(demo), staff.units.as_value(unit(HERE)), made.id)
    assert {(one.source, one.entered, one.own) for one in shown} == {(job(id).label, date(2024, 1, 22), False)}
