"""The days of a scheme: a year that crosses New Year is lived through, days that cannot be are refused when read."""

from __future__ import annotations

import copy
import tomllib
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kinerja import Refusal, cases, hookimpl, people, schemes
from kinerja.clock import day_starts, real_now
from kinerja.contracts import YearDay
from kinerja.kernel import Kernel
from kinerja.models import Case, LogEntry, Period, Setting, Timer
from kinerja.testing import Player, add_person, case_of, set_date, tasks, unit
from kinerja_office import aftermath, periods
from kinerja_work import worker
from tests import small

GOOD: dict[str, Any] = tomllib.loads(small.SCHEME)
SCHOOL_YEAR: dict[str, Any] = {
    **GOOD,
    "periode": [
        {
            "kunci": "t",
            "label": "Tahun ajaran {tahun}/{tahun_akhir}",
            "mulai": "07-01",
            "akhir": "+1-06-30",
            "ditutup": "+1-07-31",
            "dibuka_hari_sebelum": 14,
        }
    ],
    "tahap": [
        {**GOOD["tahap"][0], "jendela": [{"buka": "07-10", "tutup": "+1-03-15", "keras": True}]},
        {**GOOD["tahap"][1], "jendela": [{"buka": "+1-03-01", "tutup": "+1-06-30"}]},
    ],
}


class SchoolYear(small.Small):
    @hookimpl
    def register_schemes(self):
        return [schemes.compile_scheme(SCHOOL_YEAR, "kecil")]


def days(period: dict[str, Any], year: int) -> list[str]:
    raw = {**GOOD, "periode": [{"kunci": "t", "label": "T", **period}]}
    return [str(day) for day in schemes.period_days(schemes.compile_scheme(raw, "uji").periods[0], year)]


def window(opens: str, closes: str) -> dict[str, Any]:
    raw = copy.deepcopy(GOOD)
    raw["tahap"][0]["jendela"] = [{"buka": opens, "tutup": closes}]
    return raw


def said(raw: dict[str, Any]) -> str:
    """The sentence with which a scheme is refused; empty when it is taken."""
    try:
        schemes.compile_scheme(raw, "uji")
    except ValueError as wrong:
        return str(wrong)
    return ""


# --- a year that crosses New Year ------------------------------------------------------------------


def graded(kernel: Kernel, case: str, name: str, head: Player) -> str:
    """A plan written, handed in and agreed by those two; the state it is in then."""
    who = Player(kernel, name)
    who.draft(case, "tulis", "pilih", buku="laut")
    who.draft(case, "tulis", "cerita", isi="Ombak.")
    who.do(case, "tulis", "ajukan")
    return head.do(case, "tulis", "setujui").label


@pytest.fixture
def case(kernel: Kernel) -> str:
    return small.build(kernel, day=date(2030, 7, 9), plugin=SchoolYear())


def test_a_school_year_has_its_days_and_its_name_from_both_years(kernel: Kernel, case: str) -> None:
    period = Period.get()
    assert (period.label, period.starts, period.ends, period.closes) == (
        "Tahun ajaran 2030/2031", date(2030, 7, 1), date(2031, 6, 30), date(2031, 7, 31),
    )  # fmt: skip


def test_in_a_school_year_plans_are_handed_in_in_december_and_in_march_and_graded_in_march(
    kernel: Kernel, case: str
) -> None:
    budi, cici = Player(kernel, "Budi Contoh").through("pembina"), Player(kernel, "Cici Contoh").through("pembina")
    other = case_of("Dedi Contoh")
    assert tasks(case) == [], "the day before the stage opens"
    set_date(kernel, date(2030, 12, 20))
    assert graded(kernel, case, "Ani Contoh", budi) == "Jadi"
    with pytest.raises(Refusal) as early:
        budi.do(case, "lihat", "tetapkan", step="nilai", data={"nilai": "baik"})
    assert (early.value.code, "1 Maret 2031" in early.value.sentence) == ("too-early", True)
    set_date(kernel, date(2031, 3, 15))
    assert graded(kernel, other, "Dedi Contoh", cici) == "Jadi", "the last day of the window"
    budi.do(case, "lihat", "tetapkan", step="nilai", data={"nilai": "baik"})
    assert cases.load(kernel, case).facts["nilai"].label == "Baik"


def test_the_hard_end_of_a_stage_lies_in_the_second_year(kernel: Kernel, case: str) -> None:
    set_date(kernel, date(2031, 3, 16))
    with pytest.raises(Refusal) as late:
        graded(kernel, case, "Ani Contoh", Player(kernel, "Budi Contoh").through("pembina"))
    assert (late.value.code, "15 Maret 2031" in late.value.sentence) == ("too-late", True)


def test_a_school_year_is_closed_after_its_last_day_of_writing_and_the_next_is_open_by_then(
    kernel: Kernel, case: str
) -> None:
    scheme = kernel.scheme("kecil")
    assert scheme is not None
    periods.plan(kernel, scheme, 2031, unit("negeri"))

    def states() -> list[str]:
        return [one.state for one in Period.select().order_by(Period.year)]

    seen = []
    for day in (date(2031, 6, 16), date(2031, 6, 17), date(2031, 7, 31), date(2031, 8, 1)):
        set_date(kernel, day)
        seen.append(states())
    assert seen == [["open", "planned"], ["open", "open"], ["open", "open"], ["closed", "open"]]
    assert Case.get_by_id(case).closed_at is not None
    assert case_of("Ani Contoh") != case


# --- the days that a rule names --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "year", "found"),
    [
        ({"mulai": "01-01", "akhir": "12-31"}, 2030, ["2030-01-01", "2030-12-31", "2030-12-31"]),
        ({"mulai": "07-01", "akhir": "+1-06-30"}, 2030, ["2030-07-01", "2031-06-30", "2031-06-30"]),
        (
            {"mulai": "+1-01-01", "akhir": "+1-06-30", "ditutup": "+1-07-31"},
            2030,
            ["2031-01-01", "2031-06-30", "2031-07-31"],
        ),
        ({"mulai": "01-01", "akhir": "06-30", "ditutup": "07-15"}, 2030, ["2030-01-01", "2030-06-30", "2030-07-15"]),
        ({"mulai": "01-01", "akhir": "06-30", "ditutup": "+0-07-15"}, 2030, ["2030-01-01", "2030-06-30", "2030-07-15"]),
        ({"mulai": "05-05", "akhir": "05-05"}, 2030, ["2030-05-05"] * 3),
        ({"mulai": "01-01", "akhir": "02-29"}, 2030, ["2030-01-01", "2030-02-28", "2030-02-28"]),
        ({"mulai": "01-01", "akhir": "02-29"}, 2032, ["2032-01-01", "2032-02-29", "2032-02-29"]),
        ({"mulai": "02-29", "akhir": "+1-02-29"}, 2031, ["2031-02-28", "2032-02-29", "2032-02-29"]),
        ({"mulai": "02-28", "akhir": "+4-02-28"}, 2032, ["2032-02-28", "2036-02-28", "2036-02-28"]),
        ({"mulai": "01-01", "akhir": "+9-12-31"}, schemes.LAST_YEAR, ["9000-01-01", "9009-12-31", "9009-12-31"]),
    ],
)
def test_the_days_of_a_period(period: dict[str, Any], year: int, found: list[str]) -> None:
    assert days(period, year) == found


def test_the_last_day_of_february_is_there_in_every_year() -> None:
    last = [YearDay(0, 2, 29).within(year) for year in range(1896, 2105)]
    assert {day.month for day in last} == {2}
    assert [day.year for day in last if day.day == 29] == [
        year for year in range(1896, 2105) if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    ]


def test_windows_lie_before_in_and_after_the_year() -> None:
    def found(opens: str, closes: str, year: int) -> tuple[str, ...]:
        rule = schemes.compile_scheme(window(opens, closes), "uji").stages[0].windows[0]
        return tuple(str(day) for day in schemes.window_days(rule, year))

    assert [
        found("-1-12-01", "-1-12-31", 2030), found("-1-12-01", "01-31", 2030), found("12-20", "+1-01-20", 2030),
        found("02-29", "02-29", 2030), found("02-29", "02-29", 2032), found("-1-02-29", "02-28", 2033),
    ] == [
        ("2029-12-01", "2029-12-31"), ("2029-12-01", "2030-01-31"), ("2030-12-20", "2031-01-20"),
        ("2030-02-28", "2030-02-28"), ("2032-02-29", "2032-02-29"), ("2032-02-29", "2033-02-28"),
    ]  # fmt: skip


# --- days that cannot be ---------------------------------------------------------------------------

NOT_A_DAY = 'harus bulan-tanggal, misalnya "01-31" atau "+1-01-31"'


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        ({"akhir": "02-30"}, "«akhir»: tanggal 02-30 tidak ada"),
        ({"akhir": "+1-02-30"}, "«akhir»: tanggal +1-02-30 tidak ada"),
        ({"akhir": "13-01"}, "«akhir»: tanggal 13-01 tidak ada"),
        ({"mulai": "00-10"}, "«mulai»: tanggal 00-10 tidak ada"),
        ({"mulai": "04-31"}, "«mulai»: tanggal 04-31 tidak ada"),
        ({"ditutup": "+1-04-31"}, "«ditutup»: tanggal +1-04-31 tidak ada"),
        ({"ditutup": "+1-06-00"}, "«ditutup»: tanggal +1-06-00 tidak ada"),
        ({"mulai": "1-1"}, f"«mulai» {NOT_A_DAY}"),
        ({"akhir": "+12-31"}, f"«akhir» {NOT_A_DAY}"),
        ({"akhir": "1-06-30"}, f"«akhir» {NOT_A_DAY}"),
        ({"akhir": "06-30\n"}, f"«akhir» {NOT_A_DAY}"),
        ({"ditutup": "2031-03-31"}, f"«ditutup» {NOT_A_DAY}"),
        ({"ditutup": ""}, f"«ditutup» {NOT_A_DAY}"),
        ({"mulai": "-1-07-01"}, "«mulai»: -1-07-01 mendahului tahun periodenya"),
        ({"akhir": "-1-12-31"}, "«akhir»: -1-12-31 mendahului tahun periodenya"),
        ({"ditutup": "-1-12-31"}, "«ditutup»: -1-12-31 mendahului tahun periodenya"),
        ({"mulai": "07-01", "akhir": "06-30"}, "«akhir» mendahului «mulai»"),
        ({"mulai": "+1-01-01", "akhir": "12-31"}, "«akhir» mendahului «mulai»"),
        ({"mulai": "02-29", "akhir": "02-28"}, "«akhir» mendahului «mulai»"),
        ({"akhir": "12-31", "ditutup": "12-30"}, "«ditutup» mendahului «akhir»"),
        ({"akhir": "+1-06-30", "ditutup": "07-31"}, "«ditutup» mendahului «akhir»"),
        ({"dibuka_hari_sebelum": -1}, "«dibuka_hari_sebelum» harus 0 sampai 366: jumlah hari"),
        ({"dibuka_hari_sebelum": 10**9}, "«dibuka_hari_sebelum» harus 0 sampai 366: jumlah hari"),
        ({"label": "Tahun {thn}"}, "«label» hanya boleh memuat {tahun} dan {tahun_akhir}"),
        ({"label": "Tahun {}"}, "«label» hanya boleh memuat {tahun} dan {tahun_akhir}"),
        ({"label": "Tahun {tahun"}, "«label» hanya boleh memuat {tahun} dan {tahun_akhir}"),
    ],
)
def test_a_period_whose_days_cannot_be_is_refused_by_its_place(period: dict[str, Any], sentence: str) -> None:
    whole = {"kunci": "t", "label": "T", "mulai": "01-01", "akhir": "12-31", **period}
    assert said({**GOOD, "periode": [whole]}) == f"uji [[periode]] t: {sentence}"


@pytest.mark.parametrize(
    ("opens", "closes", "sentence"),
    [
        ("02-10", "01-10", "«tutup» mendahului «buka»"),
        ("12-20", "01-20", "«tutup» mendahului «buka»"),
        ("12-01", "-1-12-31", "«tutup» mendahului «buka»"),
        ("+1-01-01", "12-31", "«tutup» mendahului «buka»"),
        ("02-29", "02-28", "«tutup» mendahului «buka»"),
        ("-1-13-01", "01-10", "«buka»: tanggal -1-13-01 tidak ada"),
        ("01-10", "06-31", "«tutup»: tanggal 06-31 tidak ada"),
        ("31 Januari", "06-30", f"«buka» {NOT_A_DAY}"),
    ],
)
def test_a_window_whose_days_cannot_be_is_refused_by_its_place(opens: str, closes: str, sentence: str) -> None:
    assert said(window(opens, closes)) == f"uji [[tahap]] tulis [[jendela]] ke-1: {sentence}"


def test_of_several_windows_the_wrong_one_is_named() -> None:
    raw = window("01-10", "02-10")
    raw["tahap"][0]["jendela"].append({"buka": "07-31", "tutup": "07-01"})
    assert said(raw) == "uji [[tahap]] tulis [[jendela]] ke-2: «tutup» mendahului «buka»"


@pytest.mark.parametrize("years", [[2031, 2030], [0, 0], [-5, 2030], [2030, 9001], [9001, 0]])
def test_years_that_are_turned_or_that_no_calendar_has_are_refused(years: list[int]) -> None:
    assert said({**GOOD, "tahun": years}) == (
        "uji: «tahun» harus dari 1 sampai 9000, yang terakhir tidak mendahului yang pertama"
    )


def test_a_year_further_than_rules_reach_is_planned_by_nobody(kernel: Kernel, case: str) -> None:
    scheme = kernel.scheme("kecil")
    assert scheme is not None
    with pytest.raises(Refusal) as refused:
        periods.plan(kernel, scheme, 9001, unit("negeri"))
    assert refused.value.code == "wrong-year"
    assert len(periods.plan(kernel, scheme, 9000, unit("negeri"))) == 1


# --- a zone that came later ------------------------------------------------------------------------

WEST = ZoneInfo("America/Adak")


@pytest.fixture
def far(kernel: Kernel) -> str:
    """The case of somebody in a house far west, where a day begins 17 hours after Jakarta's. It was added when the
    period had been opened."""
    small.build(kernel, day=date(2030, 1, 5))
    house = people.add_unit("rumah-c", "Rumah C", "rumah", unit("negeri"), zone=str(WEST))
    since = date(2029, 7, 1)
    add_person("Eka Contoh", "pembina", house, "tetap", since)
    add_person("Feri Contoh", "murid", house, "tetap", since, employment="biasa")
    aftermath.after_people(kernel, house)
    return case_of("Feri Contoh")


def at_west(kernel: Kernel, day: date, hour: int, minute: int = 0) -> datetime:
    """Move the case clock to a moment in the west and let time do its work; that moment."""
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=WEST).astimezone(UTC)
    Setting.update(value=int((moment - real_now()).total_seconds())).where(Setting.name == "demo_offset").execute()
    kernel.sync()
    worker.run_once(kernel)
    return moment


def test_a_house_further_west_that_came_later_writes_until_its_own_midnight(kernel: Kernel, far: str) -> None:
    feri = Player(kernel, "Feri Contoh")
    at_west(kernel, date(2031, 1, 31), 23, 50)
    assert Period.get().state == "open"
    feri.draft(far, "tulis", "cerita", isi="Malam terakhir.")
    with pytest.raises(Refusal) as over:
        Player(kernel, "Ani Contoh").draft(case_of("Ani Contoh"), "tulis", "cerita", isi="Sudah pagi.")
    assert over.value.code == "closed", "the houses of before are judged by their own day"
    at_west(kernel, date(2031, 2, 1), 0, 1)
    assert (Period.get().state, Case.get_by_id(far).closed_at is None) == ("closed", False)
    assert LogEntry.select().where(LogEntry.code == "period-closed").count() == 1


def test_a_house_of_a_zone_that_was_there_before_closes_as_ever(kernel: Kernel) -> None:
    case = small.build(kernel)
    people.add_unit("rumah-c", "Rumah C", "rumah", unit("negeri"), zone="Asia/Jayapura")
    set_date(kernel, date(2031, 1, 31), 23)
    assert Case.get_by_id(case).closed_at is None
    set_date(kernel, date(2031, 2, 1), 1)
    assert (Period.get().state, Case.get_by_id(case).closed_at is None) == ("closed", False)


def test_a_stage_opens_at_the_midnight_of_a_house_further_west_that_came_later(kernel: Kernel, far: str) -> None:
    feri = Player(kernel, "Feri Contoh")

    def writes() -> str:
        try:
            feri.fill(far, "tulis")
            feri.do(far, "tulis", "ajukan")
        except Refusal as refused:
            return refused.code
        return ""

    at_west(kernel, date(2030, 1, 9), 23, 50)
    assert writes() == "too-early", "in Jakarta it is the afternoon of the day on which the stage opens"
    moment = at_west(kernel, date(2030, 1, 10), 0, 1)
    done = Timer.select().where((Timer.name == "reproject-period") & Timer.done_at.is_null(False))
    assert {one.due_at for one in done} == {
        day_starts(date(2030, 1, 10), zone) for zone in ("Asia/Jakarta", str(WEST))
    }, "each once, and its own midnight is among them"
    assert moment > max(one.due_at for one in done)
    assert writes() == ""


def test_a_timer_that_comes_twice_asks_to_come_again_once(kernel: Kernel, far: str) -> None:
    at_west(kernel, date(2031, 1, 31), 12)
    Timer.update(done_at=None, lease_until=None).where(Timer.name == "close-period").execute()
    worker.run_once(kernel)
    waiting = [one.due_at for one in Timer.select().where((Timer.name == "close-period") & Timer.done_at.is_null())]
    assert waiting == [day_starts(date(2031, 2, 1), str(WEST))]


def test_what_many_timers_wish_is_done_once_and_each_day_still_gets_the_midnight_of_a_house_further_west(
    kernel: Kernel, far: str
) -> None:
    case = case_of("Ani Contoh")
    before = Case.get_by_id(case).version
    period = Period.get()
    Timer.delete().where(Timer.name == "reproject-period").execute()
    turning = (date(2030, 1, 10), date(2030, 2, 11), date(2030, 3, 1))
    for day in turning:
        Timer.create(
            name="reproject-period",
            period=period,
            data={"day": day.isoformat()},
            due_at=day_starts(day, "Asia/Jakarta"),
        )
    for _ in range(3):
        Timer.create(name="reproject", case=case, due_at=kernel.clock.now())
    at_west(kernel, turning[-1], 12)
    every = list(Timer.select().where(Timer.name == "reproject-period"))
    assert {one.due_at for one in every} == {
        day_starts(day, zone) for day in turning for zone in ("Asia/Jakarta", str(WEST))
    }
    assert (len(every), [one.id for one in every if one.done_at is None]) == (6, [])
    assert Case.get_by_id(case).version == before + 2, "one for all days of the period, and one for the case itself"
