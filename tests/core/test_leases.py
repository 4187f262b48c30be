"""What fails, hangs or dies in one thing the worker does delays no other, is tried again, and is named in the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import peewee
import pytest

from kinerja import Connector, Import, Message, Receipt, database, hookimpl, outbox
from kinerja.clock import real_now
from kinerja.contracts import Refusal
from kinerja.kernel import Kernel
from kinerja.models import Case, Job, Outgoing, Timer
from kinerja.sentences import refuse
from kinerja.testing import case_of, manifest, person, unit
from kinerja_web import lanes
from kinerja_work import delivery, imports, leases, timers, worker
from tests import busy, small
from tests.core.test_pieces import HOUSES, clock_to, land, left  # noqa: F401  # a fixture

LEASE = timedelta(minutes=2)
SHORT = timedelta(seconds=0.6)


class Post:
    """The plugin object: a connector that does what a test says with each message, and reads a file that may loop."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.does: Callable[[str], None] = lambda key: None

    @hookimpl
    def register_connectors(self) -> list[Connector]:
        reader = Import("daftar", "Daftar", (("berkas", "Berkas"),), self.read)
        return [Connector("pos", "Pos", send=self.send, imports=(reader,))]

    def send(self, message: Message, settings: object, secrets: object) -> Receipt:
        self.does(message.key)
        self.sent.append(message.key)
        return Receipt("accepted", "Diterima.")

    def read(self, files: dict[str, bytes], unit: object, references: object) -> Any:
        self.does(files["berkas"].decode())
        return busy._read({"berkas": b""}, unit, references)


@pytest.fixture
def post(kernel: Kernel) -> Post:
    """The small world with a post office."""
    small.build(kernel)
    made = Post()
    kernel.host.add(made, manifest("pos"))
    kernel.kept = {}
    return made


def put(kernel: Kernel, key: str, case: str = "") -> None:
    with database.proxy.atomic():
        outbox.add(kernel, "pos", [Message(key, "pos", key, {})], case, real_now())


def due_now() -> None:
    """What waits for its next try waits no longer."""
    Timer.update(lease_until=None).where(Timer.done_at.is_null()).execute()
    Job.update(lease_until=None).execute()
    Outgoing.update(due_at=real_now(), lease_until=None).where(Outgoing.done_at.is_null()).execute()


def time_does(kernel: Kernel, *, whole: bool = True) -> list[str]:
    return list(timers.due(kernel, "uji", LEASE, pieces=not whole))


# --- what fails ------------------------------------------------------------------------------------


def breaking(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    def act(kernel: Kernel, wishes: object) -> None:
        raise problem

    monkeypatch.setattr(timers, "_ACTS", {**timers._ACTS, "rusak": act})
    Timer.create(name="rusak", due_at=real_now() - timedelta(days=9000))


def test_a_timer_that_fails_is_tried_five_times_then_put_aside_with_its_sentence_and_the_others_go_on(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = small.build(kernel)
    breaking(monkeypatch, ZeroDivisionError("tidak bisa dibagi"))
    for n in range(1, 8):
        version = Case.get_by_id(case).version
        Timer.create(name="reproject", case=case, due_at=kernel.clock.now())
        assert time_does(kernel) == (["rusak", "reproject"] if n <= leases.MOST else ["reproject"])
        assert Case.get_by_id(case).version == version + 1
        broken = Timer.get(Timer.name == "rusak")
        assert (broken.tries, broken.done_at, broken.sentence) == (min(n, 5), None, "tidak bisa dibagi")
        assert time_does(kernel) == [], "not again before its time"
        due_now()


def test_each_try_of_a_timer_waits_longer(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    small.build(kernel)
    breaking(monkeypatch, KeyError("x"))
    waited = []
    for _ in range(leases.MOST):
        due_now()
        time_does(kernel)
        waited.append(round((Timer.get(Timer.name == "rusak").lease_until - real_now()).total_seconds()))
    assert waited == [10, 30, 60, 300, 900]


def test_what_is_refused_is_tried_until_it_is_not(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin is missing: no fault of what is to be done, which goes on by itself when it is back."""
    small.build(kernel)
    breaking(monkeypatch, refuse("plugin-missing", what="Tahun 2030"))
    for _ in range(leases.MOST + 3):
        assert time_does(kernel) == ["rusak"]
        due_now()
    broken = Timer.get(Timer.name == "rusak")
    assert (broken.tries, "Tahun 2030" in broken.sentence) == (0, True)


def test_a_database_in_trouble_is_no_fault_of_what_was_to_be_done(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.build(kernel)
    breaking(monkeypatch, peewee.OperationalError("database or disk is full"))
    with pytest.raises(peewee.OperationalError):
        time_does(kernel)
    broken = Timer.get(Timer.name == "rusak")
    assert (broken.tries, broken.sentence, broken.lease_by) == (0, "", "uji"), "taken again when its lease is over"


@pytest.mark.parametrize("bad", ["rumah-0", "rumah-3", "rumah-11"])
def test_a_house_at_which_a_piece_fails_is_put_aside_alone_and_named(
    land: Kernel,  # noqa: F811  # the fixture
    monkeypatch: pytest.MonkeyPatch,
    bad: str,
) -> None:
    clock_to(land, date(2030, 1, 15))
    house, opened = unit(bad).id, timers.periods.opening

    def fails(kernel: Kernel, period: Any, at: Any, units: list[int]) -> Any:
        if units == [house]:
            raise ZeroDivisionError(f"rusak di {bad}")
        return opened(kernel, period, at, units)

    with monkeypatch.context() as patch:
        patch.setattr(timers.periods, "opening", fails)
        for _ in range(leases.MOST + 1):
            worker.run_once(land)
            due_now()
    assert (Case.select().count(), left("open-units")) == (HOUSES - 1, [1])
    aside = Timer.get(Timer.name == "open-units", Timer.done_at.is_null())
    assert (aside.data["units"], aside.tries, aside.sentence) == ([house], leases.MOST, f"rusak di {bad}")
    worker.run_once(land)
    assert Case.select().count() == HOUSES - 1, "put aside"
    leases.once_more()
    worker.run_once(land)
    assert (Case.select().count(), left()) == (HOUSES, []), "mended, and a worker was started"


@pytest.mark.parametrize("wrong", [RuntimeError("rusak"), Refusal("x", "Bukan salah siapa-siapa."), ValueError("\0")])
def test_a_message_its_connector_fails_of_is_tried_for_a_day_then_left_to_somebody(
    kernel: Kernel, post: Post, wrong: Exception
) -> None:
    def fails(key: str) -> None:
        if key == "racun":
            raise wrong

    post.does = fails
    put(kernel, "racun", case_of("Ani Contoh"))
    for n in range(delivery.MOST + 2):
        put(kernel, f"baik-{n}", case_of("Dedi Contoh"))
        due_now()
        list(delivery.due(kernel, "uji", LEASE))
    assert post.sent == [f"baik-{n}" for n in range(delivery.MOST + 2)]
    poison = Outgoing.get(Outgoing.key == "racun")
    assert (poison.state, poison.tries) == ("stop", delivery.MOST)
    assert "Hubungi pengelola situs" in poison.sentence
    post.does = lambda key: None
    leases.once_more()
    list(delivery.due(kernel, "uji", LEASE))
    assert Outgoing.get(Outgoing.key == "racun").state == "accepted"


# --- in whose order ----------------------------------------------------------------------------------


def test_messages_of_one_person_leave_in_order_also_where_they_are_of_two_cases(kernel: Kernel, post: Post) -> None:
    busy_one, other = case_of("Ani Contoh"), case_of("Dedi Contoh")
    Case.update(person=person("Ani Contoh")).where(Case.id == other).execute()
    put(kernel, "satu", busy_one)
    put(kernel, "dua", other)
    put(kernel, "tiga")
    put(kernel, "empat")
    assert [one.key for one in delivery.claim("a")] == ["satu", "tiga", "empat"], "of no case none waits for another"
    Outgoing.update(state="accepted", done_at=real_now()).where(Outgoing.key == "satu").execute()
    assert [one.key for one in delivery.claim("b")] == ["dua"]


# --- who holds what ------------------------------------------------------------------------------------


def test_a_lease_that_is_renewed_lasts_and_one_of_who_stops_is_given_back(kernel: Kernel, post: Post) -> None:
    put(kernel, "satu")
    delivery.claim("a", lease=SHORT)
    leases.renew(["a", "c"], LEASE)
    time.sleep(SHORT.total_seconds())
    assert delivery.claim("b") == []
    leases.release(["c"])
    assert delivery.claim("b") == []
    leases.release(["a"])
    assert [one.key for one in delivery.claim("b")] == ["satu"]


def test_what_takes_too_long_is_given_back_and_what_it_brings_later_counts_no_more(kernel: Kernel, post: Post) -> None:
    put(kernel, "satu")
    late = delivery.claim("a")[0]
    mine = Timer.create(
        name="people-changed", data={"unit": unit("rumah-a").id}, due_at=kernel.clock.now(), lease_by="a"
    )
    leases.give_up("a", "Terlalu lama.")
    delivery.deliver(kernel, late, "a")
    found = Outgoing.get()
    assert (found.state, found.sentence, found.lease_by, post.sent) == ("stop", "Terlalu lama.", "", ["satu"])
    given = Timer.get_by_id(mine.id)
    assert (given.tries, given.sentence, given.lease_by) == (1, "Terlalu lama.", "")


def test_after_each_piece_all_else_that_is_due_is_done(
    land: Kernel,  # noqa: F811  # the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also by one worker without lanes, as commands and small sites run it."""
    clock_to(land, date(2030, 1, 15))
    done: list[str] = []
    opened = timers.periods.opening

    def opens(kernel: Kernel, period: Any, at: Any, units: list[int]) -> Any:
        done.append("satuan")
        Timer.create(name="catat", due_at=at)
        return opened(kernel, period, at, units)

    monkeypatch.setattr(timers.periods, "opening", opens)
    monkeypatch.setattr(timers, "_ACTS", {**timers._ACTS, "catat": lambda kernel, wishes: done.append("lain")})
    worker.run_once(land)
    assert done == [*["satuan"] * 5, "lain", *["satuan"] * 5, "lain", *["satuan"] * 3, "lain"]


# --- side by side ----------------------------------------------------------------------------------------


@contextmanager
def working(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch, workers: int = 1, lease: timedelta = LEASE, longest: float = 60
) -> Iterator[None]:
    """Whole workers, each with its lanes, as `kinerja worker` runs them."""
    monkeypatch.setattr(lanes, "LONGEST", longest)
    stop = threading.Event()
    more = {"pause": 0.02, "lease": lease, "senders": 3}
    running = [threading.Thread(target=lanes.run, args=(kernel, stop), kwargs=more) for _ in range(workers)]
    for one in running:
        one.start()
    try:
        yield
    finally:
        stop.set()
        for one in running:
            one.join(20)


def until(holds: Callable[[], bool], seconds: float = 20) -> bool:
    limit = time.monotonic() + seconds
    while not holds() and time.monotonic() < limit:
        time.sleep(0.02)
    return holds()


def states() -> dict[str, str]:
    return {one.key: one.state for one in Outgoing.select()}


@pytest.mark.parametrize("hanging", ["pengiriman", "pembaca"])
def test_what_hangs_delays_nobody_else_and_is_put_aside(
    kernel: Kernel, post: Post, monkeypatch: pytest.MonkeyPatch, hanging: str
) -> None:
    """A connector that never answers, and a reader that loops: turns move, files are read and messages leave."""
    free = threading.Event()
    post.does = lambda key: None if key != hanging else (free.wait(30), None)[1]
    started = imports.start_import(kernel, "pos", "daftar", unit("rumah-a"), {"berkas": hanging.encode()}, None)
    put(kernel, hanging, case_of("Ani Contoh"))
    case = case_of("Dedi Contoh")
    version = Case.get_by_id(case).version
    try:
        with working(kernel, monkeypatch, lease=SHORT, longest=0.5):
            assert until(lambda: bool(Job.get_by_id(started).lease_by) or Job.get_by_id(started).state != "waiting")
            put(kernel, "baik", case)
            Timer.create(name="reproject", case=case, due_at=kernel.clock.now())
            second = imports.start_import(kernel, "pos", "daftar", unit("rumah-b"), {"berkas": b"lain"}, None)
            assert until(lambda: states()["baik"] == "accepted")
            assert until(lambda: Case.get_by_id(case).version == version + 1)
            assert until(lambda: Job.get_by_id(second).state == "preview")
            if hanging == "pengiriman":
                assert until(lambda: states()[hanging] == "stop")
            else:
                assert until(lambda: Job.get_by_id(started).tries > 0)
    finally:
        free.set()
    assert post.sent.count("baik") == 1


@pytest.mark.parametrize("workers", [1, 3])
def test_several_workers_share_the_pieces_and_each_message_leaves_once(
    land: Kernel,  # noqa: F811  # the fixture
    monkeypatch: pytest.MonkeyPatch,
    workers: int,
) -> None:
    post = Post()
    land.host.add(post, manifest("pos"))
    land.kept = {}
    post.does = lambda key: time.sleep(0.02)
    for n in range(30):
        put(land, f"pesan-{n}")
    clock_to(land, date(2030, 1, 15))
    with working(land, monkeypatch, workers):
        assert until(lambda: Case.select().count() == HOUSES and left() == [], 60)
        assert until(lambda: set(states().values()) == {"accepted"})
    assert sorted(post.sent) == sorted(f"pesan-{n}" for n in range(30))
    found = [(one.unit_id, one.person_id) for one in Case.select()]
    assert (len(set(found)), len(found)) == (HOUSES, HOUSES)
    for name in ("sweep", "tally"):
        assert workers > 1 or Timer.select().where((Timer.name == name) & Timer.done_at.is_null()).count() == 1
    held = [table.select().where(table.lease_by != "").count() for table in leases.TABLES]
    assert held == [0, 0, 0], "who stops gives back what they held"


@pytest.mark.parametrize("failing", [1, 3])
def test_what_a_lane_held_when_the_database_was_gone_is_done_when_it_is_back(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """A lane that lives renews what it holds; it must not hold what it gave up on."""
    small.build(kernel)
    done: list[str] = []

    def act(kernel: Kernel, wishes: object) -> None:
        done.append("gagal" if len(done) < failing else "jadi")
        if done[-1] == "gagal":
            raise peewee.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(timers, "_ACTS", {**timers._ACTS, "rusak": act})
    monkeypatch.setattr(lanes, "TROUBLE", 0.05)
    Timer.create(name="rusak", due_at=real_now() - timedelta(days=9000))
    with working(kernel, monkeypatch):
        assert until(lambda: Timer.get(Timer.name == "rusak").done_at is not None)
    assert (done, Timer.get(Timer.name == "rusak").tries) == ([*["gagal"] * failing, "jadi"], 0)
