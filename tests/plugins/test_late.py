"""A number or fact that comes after the result makes the message it was missing; until then everybody reads what is
waited for. Nothing is sent twice, and what is not to be sent says so."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest

import kinerja_read as read
from kinerja import cases, database, people
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Outgoing, Period, PersonId, Request, Timer
from kinerja.testing import Player, add_person, case_of, person, set_date, unit, viewer
from kinerja_office import choosing, owing, pieces
from kinerja_work import imports, worker
from tests.plugins.test_import_journey import SCHOOL, files, run
from tests.plugins.test_journey import RATING, agreed, rated, sent
from tests.plugins.test_pages import enter

YEAR = "Tahun 2025"
SARI, BUDI = "Sari Contoh", "Budi Contoh"
NIP = "199003022019032001"
WAITS = "Menunggu NIP. Minta operator sekolah melengkapi NIP di Dapodik."

SENT = "stop"
"""What becomes of a message here: it was handed to the connector, which has no secrets in tests and says so."""


@pytest.fixture
def demo_day() -> date:
    return date(2025, 1, 6)


def judged(kernel: Kernel, name: str = SARI) -> str:
    """Somebody at the school is judged on 1 December 2025; returns their case."""
    who, budi = Player(kernel, name), Player(kernel, BUDI).through("kepala-sekolah")
    set_date(kernel, date(2025, 1, 6))
    case = case_of(name, YEAR)
    agreed(case, who, budi)
    set_date(kernel, date(2025, 12, 1))
    rated(case, RATING, "rating-tahunan", budi)
    worker.run_once(kernel)
    return case


def over(kernel: Kernel, case: str) -> None:
    """The period of a case is closed."""
    pieces.close_period(kernel, Case.get_by_id(case).period, kernel.clock.now())
    worker.run_once(kernel)


def without(name: str, kind: str = "nip") -> None:
    PersonId.delete().where((PersonId.person == person(name)) & (PersonId.kind == kind)).execute()


def mend(kernel: Kernel, name: str, nip: str, at: str = SCHOOL) -> None:
    """Somebody's number is put right, and the worker goes on."""
    without(name)
    PersonId.create(person=person(name), kind="nip", value=nip)
    changed(kernel, at)


def changed(kernel: Kernel, at: str = SCHOOL) -> None:
    Timer.create(name="people-changed", data={"unit": unit(at).id}, due_at=kernel.clock.now())
    worker.run_once(kernel)


def imported(kernel: Kernel, told: dict[str, Any] | None = None) -> None:
    id = run(kernel, told or files())
    imports.confirm(kernel, id)
    worker.run_once(kernel)


def rows(case: str) -> list[tuple[str, str]]:
    """What stands of a case, oldest first: the state, and why there is no message."""
    found = Outgoing.select().where(Outgoing.case == case).order_by(Outgoing.id)
    return [(one.state, one.sentence if one.state in ("held", "unsent") else "") for one in found]


def numbers() -> list[str]:
    return [str(one["nip"]) for one in sent()]


def answered(case: str, state: str) -> None:
    """BKN answered the newest message of a case."""
    newest = Outgoing.select().where(Outgoing.case == case).order_by(Outgoing.id.desc()).first()
    Outgoing.update(state=state).where(Outgoing.id == newest.id).execute()


def held_below(kernel: Kernel, case: str) -> list[tuple[str, str, str]]:
    """Who waits for what, as the list of the office says it."""
    office = next(
        one for one in Assignment.select().where(Assignment.role == "admin-dinas") if one.unit_id in unit(SCHOOL).line
    )
    sees = viewer(kernel, office.person.name, office.id)
    return [(one.person, one.unit, one.sentence) for one in read.messages_below(sees, "siasn", sees.line, held=True)]


def test_a_number_that_an_import_brings_sends_the_result_and_until_then_everybody_reads_what_is_waited_for(
    demo: Kernel,
) -> None:
    page, office = enter(demo, SARI).client, enter(demo, "Ratmi Contoh").client
    without(SARI)
    case = judged(demo)
    assert (sent(), rows(case)) == ([], [("held", WAITS)])
    assert held_below(demo, case) == [(SARI, unit(SCHOOL).name, WAITS)]
    foot = page.get(f"/kasus/{case}").text
    assert ("Belum dapat dikirim ke BKN" in foot, WAITS in foot) == (True, True)
    imported(demo)
    assert (numbers(), [state for state, _ in rows(case)], held_below(demo, case)) == ([NIP], [SENT], [])
    foot = page.get(f"/kasus/{case}").text
    assert ("Menunggu dikirim ke BKN" in foot, WAITS in foot) == (True, False)
    assert office.get("/p/siasn/").status_code == 200


def test_the_office_reads_who_waits_where_since_when_and_for_what(demo: Kernel) -> None:
    without(SARI)
    case = judged(demo)
    Outgoing.update(created_at=demo.clock.now()).where(Outgoing.case == case).execute()
    office = Player(demo, "Ratmi Contoh").through("kepala-dinas")
    client = enter(demo, "Ratmi Contoh").client
    client.post("/kapasitas", data={"penugasan": str(office.assignment)}, headers={"Sec-Fetch-Site": "same-origin"})
    text = " ".join(client.get("/p/siasn/").text.split())
    where = f"{unit(SCHOOL).name} · sejak 1 Desember 2025 · {WAITS}"
    assert (f'href="/kasus/{case}">{SARI}</a>' in text, where in text) == (True, True)


def test_a_number_that_comes_after_the_period_closed_sends_the_result_all_the_same(demo: Kernel) -> None:
    without(SARI)
    case = judged(demo)
    over(demo, case)
    assert (Case.get_by_id(case).closed_at is not None, rows(case)) == (True, [("held", WAITS)])
    imported(demo)
    assert (numbers(), [state for state, _ in rows(case)]) == ([NIP], [SENT])


def test_a_number_that_comes_at_another_school_sends_the_result_of_the_old_one(demo: Kernel) -> None:
    without(SARI)
    case = judged(demo)
    Assignment.update(until=date(2025, 12, 31)).where(Assignment.person == person(SARI)).execute()
    people.assign(person(SARI), "guru", unit("99990201"), "definitif", date(2026, 1, 1))
    over(demo, case)
    mend(demo, SARI, NIP, "99990201")
    assert (numbers(), [state for state, _ in rows(case)]) == ([NIP], [SENT])


def test_of_two_who_wait_the_one_whose_number_comes_is_sent_and_the_other_goes_on_waiting(demo: Kernel) -> None:
    other = second(demo)
    without(SARI)
    without(other)
    cases_of = [judged(demo), judged(demo, other)]
    assert [rows(case) for case in cases_of] == [[("held", WAITS)]] * 2
    mend(demo, SARI, NIP)
    assert (numbers(), [[state for state, _ in rows(case)] for case in cases_of]) == ([NIP], [[SENT], ["held"]])
    assert [who for who, _, _ in held_below(demo, cases_of[1])] == [other]


def second(kernel: Kernel) -> str:
    """Another civil servant who teaches at the school."""
    set_date(kernel, date(2025, 1, 6))
    found = (
        Case.select().join(Period).where((Case.unit == unit(SCHOOL)) & (Case.role == "guru") & (Period.label == YEAR))
    )
    return next(
        str(one.person.name) for one in found
        if one.profile["fields"]["pegawai"] in ("pns", "pppk") and one.person.name != SARI
    )  # fmt: skip


def test_importing_twice_and_two_workers_at_once_send_it_once(demo: Kernel) -> None:
    without(SARI)
    case = judged(demo)
    PersonId.create(person=person(SARI), kind="nip", value=NIP)
    barrier, failed = threading.Barrier(2), []

    def again() -> None:
        with database.connection():
            barrier.wait()
            try:
                owing.again(demo, "c.id = ?", case)
            except Exception as problem:
                failed.append(problem)

    threads = [threading.Thread(target=again) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (failed, numbers()) == ([], [NIP])
    imported(demo)
    imported(demo)
    assert numbers() == [NIP]
    answered(case, "accepted")
    changed(demo)
    assert (numbers(), [state for state, _ in rows(case)]) == ([NIP], ["accepted"])


def test_the_message_that_comes_late_is_the_one_that_would_have_been_also_under_a_new_head(demo: Kernel) -> None:
    case = judged(demo)
    (key,), told = [one.key for one in Outgoing.select()], sent()
    Outgoing.delete().execute()
    changed(demo)
    assert [one.key for one in Outgoing.select()] == [key], "asked again it says the same"
    Outgoing.delete().execute()
    without(SARI)
    changed(demo)
    assert rows(case) == [("held", WAITS)]
    set_date(demo, date(2025, 12, 10))
    Assignment.update(until=date(2025, 12, 5)).where(
        (Assignment.person == person(BUDI)) & (Assignment.role == "kepala-sekolah")
    ).execute()
    add_person("Kepala Baru", "kepala-sekolah", unit(SCHOOL), "definitif", date(2025, 12, 6), employment="pns")
    changed(demo)
    assert cases.load(demo, case).view.holders["memutuskan"].person.name == "Kepala Baru"
    mend(demo, SARI, NIP)
    assert [one.key for one in Outgoing.select()] == [key]
    assert sent() == told


def test_a_result_waits_for_the_number_of_its_assessor_too(demo: Kernel) -> None:
    number = people.known(demo, [person(BUDI).id])[person(BUDI).id][0]["nip"]
    case = judged(demo)
    Outgoing.delete().execute()
    without(BUDI)
    changed(demo)
    who = cases.load(demo, case).view.holders["memutuskan"].person.name
    waits = f"Menunggu NIP penilai, {who}. Minta operator tempat kerjanya melengkapi NIP itu."
    assert rows(case) == [("held", waits)]
    mend(demo, BUDI, number)
    assert [one["penilai"]["nip"] for one in sent()] == [number]


def non_asn(kernel: Kernel) -> str:
    """A teacher of the school who is none of the civil servants, once the year is open."""
    set_date(kernel, date(2025, 1, 6))
    return next(
        str(one.person.name)
        for one in Case.select().join(Period).where((Case.unit == unit(SCHOOL)) & (Period.label == YEAR))
        if one.person_id and one.profile["fields"]["pegawai"] == "non-asn" and one.role == "guru"
    )


def test_a_non_asn_is_not_to_be_sent_with_the_reason_and_a_number_changes_nothing(demo: Kernel) -> None:
    name = non_asn(demo)
    case = judged(demo, name)
    assert (sent(), rows(case), held_below(demo, case)) == ([], [("unsent", "non-ASN")], [])
    mend(demo, name, "200001012026041001")
    over(demo, case)
    changed(demo)
    assert (sent(), rows(case)) == ([], [("unsent", "non-ASN")])


def test_whose_case_becomes_that_of_a_civil_servant_is_held_and_then_sent(demo: Kernel) -> None:
    name = non_asn(demo)
    case = judged(demo, name)
    profile = Case.get_by_id(case).profile
    profile["fields"]["pegawai"] = "pppk"
    Case.update(profile=profile).where(Case.id == case).execute()
    changed(demo)
    assert rows(case) == [("held", WAITS)]
    mend(demo, name, "200001012026041001")
    assert (numbers(), [state for state, _ in rows(case)]) == (["200001012026041001"], [SENT])


def test_a_case_that_does_not_count_is_not_to_be_sent_and_one_that_ceases_to_count_is_no_longer(demo: Kernel) -> None:
    case = judged(demo)
    assert numbers() == [NIP]
    Case.update(counts=False).where(Case.id == case).execute()
    changed(demo)
    why = "yang dihitung SKP jabatan lain"
    assert rows(case) == [(SENT, ""), ("unsent", why)]
    without(SARI)
    changed(demo)
    assert rows(case) == [(SENT, ""), ("unsent", why)]


@pytest.mark.parametrize(
    ("state", "again"), [("refused", True), ("stop", True), ("waiting", True), ("accepted", False)]
)
def test_a_number_corrected_after_sending_is_sent_under_unless_bkn_accepted_and_the_period_is_over(
    demo: Kernel, state: str, again: bool
) -> None:
    right = "199003022019032009"
    case = judged(demo)
    answered(case, state)
    over(demo, case)
    mend(demo, SARI, right)
    assert numbers() == [NIP, right] if again else numbers() == [NIP]
    changed(demo)
    assert numbers() == [NIP, right] if again else numbers() == [NIP]


def test_a_number_corrected_after_it_was_accepted_is_sent_under_while_the_period_is_open(demo: Kernel) -> None:
    case = judged(demo)
    answered(case, "accepted")
    mend(demo, SARI, "199003022019032009")
    changed(demo)
    assert numbers() == [NIP, "199003022019032009"]
    answered(case, "accepted")
    mend(demo, SARI, NIP)
    assert [state for state, _ in rows(case)] == ["accepted", "accepted"], "BKN has had it under this number"


def test_off_means_silent_and_on_again_asks_what_came_meanwhile(demo: Kernel) -> None:
    without(SARI)
    case = judged(demo)
    page = enter(demo, BUDI).client
    choosing.set_choice(demo, unit("contoh-asri"), "siasn", None, on=False)
    mend(demo, SARI, NIP)
    assert (numbers(), rows(case)) == ([], [("held", WAITS)])
    assert WAITS not in page.get(f"/kasus/{case}").text
    choosing.set_choice(demo, unit("contoh-asri"), "siasn", None, on=True)
    worker.run_once(demo)
    assert (numbers(), [state for state, _ in rows(case)]) == ([NIP], [SENT])


def test_a_year_judged_while_the_connector_was_off_is_due_once_it_is_on(demo: Kernel) -> None:
    choosing.set_choice(demo, unit("contoh-asri"), "siasn", None, on=False)
    case = judged(demo)
    changed(demo)
    assert rows(case) == []
    over(demo, case)
    choosing.set_choice(demo, unit("contoh-asri"), "siasn", None, on=True)
    worker.run_once(demo)
    assert numbers() == [NIP]


def test_what_came_without_a_word_is_found_by_the_daily_sweep(demo: Kernel) -> None:
    without(SARI)
    case = judged(demo)
    PersonId.create(person=person(SARI), kind="nip", value=NIP)
    over(demo, case)
    set_date(demo, date(2025, 12, 3))
    worker.run_once(demo)
    assert ([state for state, _ in rows(case)], numbers()) == ([SENT], [NIP])


def test_an_open_request_holds_the_message_until_it_is_settled(demo: Kernel) -> None:
    without(SARI)
    case = judged(demo)
    Request.create(
        case=case, kind="value", field="nip", label="NIP", value="", wanted=NIP, person=person(SARI), text="",
        unit=unit(SCHOOL), at=demo.clock.now(),
    )  # fmt: skip
    PersonId.create(person=person(SARI), kind="nip", value="199003022019032009")
    changed(demo)
    (told,) = Outgoing.select().where(Outgoing.case == case)
    assert (told.state, told.sentence) == ("again", "Menunggu perbaikan data: NIP. Dikirim setelah datanya benar.")
    mend(demo, SARI, NIP)
    assert Request.get().state == "fixed"
    assert [state for state, _ in rows(case)] == ["replaced", SENT]
    assert numbers() == ["199003022019032009", NIP]
