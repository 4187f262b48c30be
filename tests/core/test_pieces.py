"""A whole period is opened, turned and closed piece by piece: all else goes between, and a kill in any of them loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from itertools import islice
from typing import Any

import pytest

from kinerja import people
from kinerja.clock import real_now
from kinerja.kernel import Kernel
from kinerja.models import Applied, Case, Outgoing, Period, Setting, TaskRow, Timer, Unit
from kinerja.testing import Player, add_person, case_of, set_date
from kinerja_office import aftermath, pieces
from kinerja_office.periods import plan
from kinerja_work import delivery, demo_date, timers, worker
from tests import small

HOUSES = 12
LEASE = timedelta(minutes=2)


@pytest.fixture
def land(kernel: Kernel) -> Kernel:
    """Twelve houses with two people each, on the eve of the year; the period is planned and not open."""
    small.wire(kernel)
    root = people.add_unit("negeri", "Negeri", "negeri", None)
    since = date(2029, 7, 1)
    add_person("Ketua Contoh", "ketua", root, "tetap", since)
    for n in range(HOUSES):
        house = people.add_unit(f"rumah-{n}", f"Rumah {n}", "rumah", root, npsn=f"1000{n:04}")
        add_person(f"Pembina {n}", "pembina", house, "tetap", since)
        add_person(f"Murid {n}", "murid", house, "tetap", since, employment="biasa")
    set_date(kernel, date(2029, 12, 1))
    scheme = kernel.scheme("kecil")
    assert scheme is not None, kernel.host.faults
    plan(kernel, scheme, 2030, root)
    return kernel


def clock_to(kernel: Kernel, day: date) -> None:
    """The day comes, and no worker yet."""
    demo_date.begin(kernel, day, "Asia/Jakarta")


def left(name: str = "") -> list[int]:
    """How many units each piece has that is still to be done."""
    wanted = Timer.name == name if name else Timer.name.endswith("-units")
    return [len(one.data["units"]) for one in Timer.select().where(wanted & Timer.done_at.is_null()).order_by(Timer.id)]


def time_does(kernel: Kernel) -> list[str]:
    """All that is due but pieces."""
    return list(timers.due(kernel, "uji", LEASE, pieces=False))


def one_piece(kernel: Kernel) -> list[str]:
    return list(islice(timers.due(kernel, "uji", LEASE, pieces=True), 1))


def test_a_period_is_written_down_in_pieces_and_opened_one_after_the_other(land: Kernel) -> None:
    clock_to(land, date(2030, 1, 15))
    time_does(land)
    assert (Period.get().state, left("open-units"), Case.select().count()) == ("open", [5, 5, 3], 0), "the land, and 12"
    one_piece(land)
    assert (left("open-units"), Case.select().count()) == ([5, 3], 4)
    worker.run_once(land)
    assert (left(), Case.select().where(Case.closed_at.is_null()).count()) == ([], HOUSES)


def test_what_else_is_due_goes_before_the_next_piece_and_messages_leave_between(land: Kernel) -> None:
    clock_to(land, date(2030, 1, 15))
    time_does(land)
    one_piece(land)
    case = Case.select().order_by(Case.id).first()
    now = land.clock.now()
    turn = Timer.create(name="reproject", case=case.id, due_at=now)
    Outgoing.create(
        key="k", plugin="kecil", connector="x", kind="x", case="", payload={}, due_at=real_now(), created_at=real_now()
    )
    assert [time_does(land), one_piece(land)] == [["reproject"], ["open-units"]]
    assert (Timer.get_by_id(turn.id).done_at is not None, left("open-units")) == (True, [3])
    assert [one.key for one in delivery.claim("uji")] == ["k"]


def killed(act: Callable[..., Any], after: int) -> Callable[..., Any]:
    """The same, by a worker that dies after so many units."""
    done = 0

    def run(*told: Any) -> Any:
        nonlocal done
        if done == after:
            raise KeyboardInterrupt
        done += 1
        return act(*told)

    return run


@pytest.mark.parametrize("after", [0, 1, 4, 5, 6, 11])
def test_a_worker_killed_in_any_piece_leaves_each_case_opened_once(
    land: Kernel, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    clock_to(land, date(2030, 1, 15))
    with monkeypatch.context() as patch:
        patch.setattr(timers.periods, "opening", killed(timers.periods.opening, after))
        with pytest.raises(KeyboardInterrupt):
            worker.run_once(land)
    assert Case.select().count() == max(0, after - 1), "the land has none"
    Timer.update(lease_until=real_now() - timedelta(seconds=1)).where(Timer.lease_until.is_null(False)).execute()
    worker.run_once(land)
    found = [(one.unit_id, one.person_id) for one in Case.select()]
    assert (len(found), len(set(found)), left()) == (HOUSES, HOUSES, [])


def test_a_piece_under_a_lease_is_no_other_worker_s(land: Kernel) -> None:
    clock_to(land, date(2030, 1, 15))
    time_does(land)
    first = Timer.select().where((Timer.name == "open-units") & Timer.done_at.is_null()).order_by(Timer.id).first()
    Timer.update(lease_until=real_now() + LEASE).where(Timer.id == first.id).execute()
    assert [one_piece(land), one_piece(land), one_piece(land)] == [["open-units"], ["open-units"], []]
    assert left("open-units") == [len(first.data["units"])]


def test_a_period_closes_in_pieces_and_a_unit_moved_away_meanwhile_is_closed_with_it(land: Kernel) -> None:
    set_date(land, date(2030, 1, 15))
    other = people.add_unit("lain", "Lain", "negeri", Unit.get(Unit.code == "negeri"))
    pieces.close_period(land, Period.get(), land.clock.now())
    assert (Period.get().state, left("close-units"), Case.select().where(Case.closed_at.is_null()).count()) == (
        "closed", [5, 5, 2], HOUSES,
    )  # fmt: skip
    Unit.update(parent=other).where(Unit.code == "rumah-3").execute()
    worker.run_once(land)
    assert Case.select().where(Case.closed_at.is_null()).count() == 0
    assert (TaskRow.select().count(), Applied.select().count(), left()) == (0, 0, [])


@pytest.mark.parametrize(
    "ended", [(), ("Murid 3",), ("Murid 0", "Murid 3", "Murid 11"), tuple(f"Murid {n}" for n in range(HOUSES))]
)
def test_a_case_that_ended_before_the_period_leaves_no_key_behind_though_nothing_else_is_open_at_its_house(
    land: Kernel, ended: tuple[str, ...]
) -> None:
    set_date(land, date(2030, 1, 15))
    for n in range(HOUSES):
        Player(land, f"Murid {n}").draft(case_of(f"Murid {n}"), "tulis", "cerita", isi="Ombak.")
    assert Applied.select().where(Applied.case != "").count() == HOUSES
    for name in ended:
        Case.update(closed_at=land.clock.now()).where(Case.id == case_of(name)).execute()
    pieces.close_period(land, Period.get(), land.clock.now())
    worker.run_once(land)
    assert (Applied.select().where(Applied.case != "").count(), TaskRow.select().where(TaskRow.asked).count()) == (0, 0)


def test_the_day_a_window_turns_is_done_in_pieces_too(land: Kernel) -> None:
    set_date(land, date(2030, 1, 2))
    versions = dict(Case.select(Case.id, Case.version).tuples())
    clock_to(land, date(2030, 1, 10))
    time_does(land)
    assert left("reproject-units") == [5, 5, 2]
    worker.run_once(land)
    assert {id: new - versions[id] for id, new in Case.select(Case.id, Case.version).tuples()} == dict.fromkeys(
        versions, 1
    )


@pytest.mark.parametrize("opened", [0, 1, 2])
def test_a_period_that_is_closed_while_it_opens_has_no_open_case_in_the_end(land: Kernel, opened: int) -> None:
    clock_to(land, date(2030, 1, 15))
    time_does(land)
    for _ in range(opened):
        one_piece(land)
    pieces.close_period(land, Period.get(), land.clock.now())
    worker.run_once(land)
    aftermath.after_people(land, Unit.get(Unit.code == "rumah-11"))
    found = [(one.unit_id, one.closed_at is None) for one in Case.select()]
    assert (len(found), {still for _, still in found} - {False}, left()) == (max(0, 5 * opened - 1), set(), [])


def test_a_house_that_moves_while_its_period_opens_gets_its_cases_once_and_below_its_new_land(land: Kernel) -> None:
    clock_to(land, date(2030, 1, 15))
    time_does(land)
    one_piece(land)
    other = people.add_unit("lain", "Lain", "negeri", Unit.get(Unit.code == "negeri"))
    for code in ("rumah-0", "rumah-11"):
        Unit.update(parent=other, a1=other.id, a2=Unit.get(Unit.code == code).id, depth=2).where(
            Unit.code == code
        ).execute()
    worker.run_once(land)
    found = [(one.unit_id, one.person_id) for one in Case.select()]
    assert (len(found), len(set(found)), left()) == (HOUSES, HOUSES, [])
    moved = Case.get(Case.unit == Unit.get(Unit.code == "rumah-11"))
    assert (moved.a1, moved.a2) == (other.id, moved.unit_id)


@pytest.mark.parametrize("what", ["open-units", "reproject-units", "close-units", "follow-units"])
def test_somebody_writes_between_any_two_steps_and_nothing_is_refused(
    land: Kernel, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """SQLite takes no change on a reading that another connection's change has overtaken."""
    clock_to(land, date(2030, 1, 15))
    if what != "open-units":
        worker.run_once(land)
    written = 0

    def somebody_writes(seconds: float) -> None:
        nonlocal written

        def write() -> None:
            Setting.insert(name=f"uji-{written}", value=1).execute()
            land.release()

        other = threading.Thread(target=write)
        other.start()
        other.join()
        written += 1

    monkeypatch.setattr(timers.time, "sleep", somebody_writes)
    if what == "reproject-units":
        pieces.spread_open(what, Period.get(), land.clock.now())
    elif what == "close-units":
        pieces.close_period(land, Period.get(), land.clock.now())
    elif what == "follow-units":
        pieces.spread(what, None, [one.id for one in Unit.select()], land.clock.now())
    worker.run_once(land)
    assert Setting.select().where(Setting.name.startswith("uji-")).count() == written > HOUSES // 2
    assert (left(), Timer.select().where(Timer.tries > 0).count()) == ([], 0)
    opened = [(one.unit_id, one.person_id) for one in Case.select()]
    assert (len(opened), len(set(opened))) == (HOUSES, HOUSES)
