"""The log cannot be tampered with unseen, two workers do not do one thing twice, locks hold, imports guess nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from kinerja import Connector, Message, Receipt, database, hookimpl, log, once, outbox, settings
from kinerja.clock import real_now
from kinerja.contracts import AssignmentRow, ImportRows, PersonRow, RowProblem
from kinerja.kernel import Kernel
from kinerja.models import (
    Applied,
    Assignment,
    Chain,
    Choice,
    Identity,
    Job,
    LogEntry,
    Outgoing,
    PersonId,
    Session,
    TaskRow,
    Timer,
)
from kinerja.testing import Player, case_of, manifest, person, unit, viewer
from kinerja_office import choosing, intake, sessions
from kinerja_work import chain as chain_of
from kinerja_work import delivery, imports, jobs, several, storage, timers
from tests import busy, small
from tests.core.test_people_changes import held, seen_by
from tests.refused import code

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])

DAY = date(2030, 1, 15)
YESTERDAY = DAY - timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def case(kernel: Kernel) -> str:
    return small.build(kernel)


@pytest.fixture
def world(kernel: Kernel) -> Kernel:
    busy.build(kernel)
    return kernel


# --- the log --------------------------------------------------------------------------------------


@pytest.fixture
def chain(kernel: Kernel, case: str) -> int:
    """A house with three entries in its log."""
    house = unit("rumah-b").id
    LogEntry.delete().where(LogEntry.unit == house).execute()
    Chain.delete().where(Chain.unit == house).execute()
    with database.proxy.atomic():
        for n in range(3):
            log.write(kernel, house, "uji", 1, case, f"Kalimat {n}", {"n": n})
    return house


def test_a_chain_that_nobody_touched_is_whole(kernel: Kernel, chain: int) -> None:
    assert chain_of.broken(chain) is None
    assert [one.number for one in LogEntry.select().where(LogEntry.unit == chain)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"person": 2}, 2), ({"case": "lain"}, 2), ({"code": "lain"}, 2), ({"digest": "0" * 64}, 2),
        ({"at": real_now()}, 2), ({"previous": "0" * 64}, 2), ({"hash": "0" * 64}, 2),
    ],
    ids=lambda one: next(iter(one)) if isinstance(one, dict) else "",
)  # fmt: skip
def test_an_entry_that_was_changed_is_found(kernel: Kernel, chain: int, changed: dict[str, Any], found: int) -> None:
    LogEntry.update(**changed).where((LogEntry.unit == chain) & (LogEntry.number == 2)).execute()
    assert chain_of.broken(chain) == found


@pytest.mark.parametrize(("number", "found"), [(1, 2), (2, 3), (3, 3)])
def test_an_entry_that_was_taken_out_is_found_also_the_last(
    kernel: Kernel, chain: int, number: int, found: int
) -> None:
    LogEntry.delete().where((LogEntry.unit == chain) & (LogEntry.number == number)).execute()
    assert chain_of.broken(chain) == found


def test_entries_that_were_renumbered_are_found_though_each_fits_the_one_before(kernel: Kernel, chain: int) -> None:
    LogEntry.delete().where((LogEntry.unit == chain) & (LogEntry.number > 1)).execute()
    first = LogEntry.get((LogEntry.unit == chain) & (LogEntry.number == 1))
    told = {"previous": first.hash, "person": 1, "case": first.case, "code": "uji", "digest": first.digest}
    stamp = database.stored(first.at)
    forged = log.link(first.hash, 5, stamp, 1, first.case, "uji", first.digest)
    LogEntry.insert(unit=chain, number=5, hash=forged, at=first.at, recorded_at=first.at, **told).execute()
    Chain.update(hash=forged).where(Chain.unit == chain).execute()
    assert chain_of.broken(chain) == 5


def test_the_digest_covers_the_sentence_and_the_data(kernel: Kernel, chain: int) -> None:
    now = kernel.clock.now()
    with database.proxy.atomic():
        for text, data in (("Sama", {"a": 1}), ("Sama", {"a": 2}), ("Lain", {"a": 1}), ("Sama", {"a": 1})):
            log.write(kernel, chain, "uji", 1, "", text, data, now)
    digests = [one.digest for one in LogEntry.select().where(LogEntry.unit == chain).order_by(LogEntry.number)][3:]
    assert (len(set(digests)), digests[0] == digests[3]) == (3, True)


# --- the outbox -----------------------------------------------------------------------------------


class Post:
    """A connector that answers as a test says, and remembers what it was given."""

    def __init__(self) -> None:
        self.answers: list[Receipt] = []
        self.sent: list[Message] = []
        self.given: list[dict[str, Any]] = []

    def send(self, message: Message, values: Any, secrets: Any) -> Receipt:
        self.sent.append(message)
        self.given.append(dict(secrets))
        return self.answers.pop(0) if self.answers else Receipt("accepted", "Diterima.")

    @hookimpl
    def register_connectors(self) -> list[Connector]:
        return [Connector("pos", "Pos", self.send, secrets=("POS_A",))]


@pytest.fixture
def post(kernel: Kernel, case: str) -> Post:
    made = Post()
    kernel.host.add(made, manifest("pos"))
    kernel.kept = {}
    return made


def put(kernel: Kernel, case: str, key: str, kind: str = "surat", **payload: Any) -> None:
    with database.proxy.atomic():
        outbox.add(kernel, "pos", [Message(key, "pos", kind, payload)], case, real_now())


def states() -> dict[str, str]:
    return {one.key: one.state for one in Outgoing.select()}


def test_what_one_worker_holds_no_other_takes_until_the_lease_is_over(kernel: Kernel, case: str, post: Post) -> None:
    put(kernel, case, "satu")
    assert [one.key for one in delivery.claim("a")] == ["satu"]
    assert delivery.claim("b") == []
    Outgoing.update(lease_until=real_now() - timedelta(seconds=1)).execute()
    assert [one.key for one in delivery.claim("b")] == ["satu"]


def test_the_answer_of_a_worker_whose_lease_was_taken_over_counts_no_more(
    kernel: Kernel, case: str, post: Post
) -> None:
    put(kernel, case, "satu")
    late = delivery.claim("a")[0]
    Outgoing.update(lease_until=real_now() - timedelta(seconds=1)).execute()
    delivery.claim("b")
    post.answers = [Receipt("refused", "Ditolak.")]
    delivery.deliver(kernel, late, "a")
    assert (states(), Outgoing.get().lease_by) == ({"satu": "waiting"}, "b")


def test_of_one_case_the_oldest_is_sent_first_and_alone(kernel: Kernel, case: str, post: Post) -> None:
    put(kernel, case, "satu", "a")
    put(kernel, case, "dua", "b")
    put(kernel, case_of("Dedi Contoh"), "lain", "a")
    assert [one.key for one in delivery.claim("a")] == ["satu", "lain"]
    Outgoing.update(state="accepted", lease_until=None).where(Outgoing.key == "satu").execute()
    assert [one.key for one in delivery.claim("a")] == ["dua"]


def test_a_message_waits_for_its_time_and_a_done_one_is_sent_no_more(kernel: Kernel, case: str, post: Post) -> None:
    for state in ("accepted", "refused", "stop", "replaced"):
        put(kernel, "", state, state)
        Outgoing.update(state=state).where(Outgoing.key == state).execute()
    put(kernel, case, "nanti")
    Outgoing.update(due_at=real_now() + HOUR).where(Outgoing.key == "nanti").execute()
    assert delivery.claim("a") == []


def test_the_same_key_is_one_message_and_a_newer_of_its_kind_takes_its_place(
    kernel: Kernel, case: str, post: Post
) -> None:
    put(kernel, case, "satu", n=1)
    put(kernel, case, "satu", n=2)
    assert [(one.key, one.payload) for one in Outgoing.select()] == [("satu", {"n": 1})]
    put(kernel, case, "lain-jenis", "kartu")
    put(kernel, case_of("Dedi Contoh"), "lain-kasus")
    put(kernel, case, "dua")
    assert states() == {"satu": "replaced", "lain-jenis": "waiting", "lain-kasus": "waiting", "dua": "waiting"}


def test_what_is_being_sent_or_was_answered_is_not_replaced(kernel: Kernel, case: str, post: Post) -> None:
    put(kernel, case, "satu")
    delivery.claim("a")
    put(kernel, case, "dua")
    assert states() == {"satu": "waiting", "dua": "waiting"}
    Outgoing.update(state="refused", lease_until=None).where(Outgoing.key == "satu").execute()
    put(kernel, case, "tiga")
    assert states() == {"satu": "refused", "dua": "replaced", "tiga": "waiting"}


def test_what_was_accepted_is_not_sent_again_under_its_key(kernel: Kernel, case: str, post: Post) -> None:
    put(kernel, case, "satu")
    Outgoing.update(state="accepted").execute()
    put(kernel, case, "satu")
    assert states() == {"satu": "accepted"}


def test_each_try_waits_longer_and_as_long_as_the_other_side_says(kernel: Kernel, case: str, post: Post) -> None:
    put(kernel, case, "satu")
    waited = []
    for wait in (0, 0, 0, 777):
        post.answers = [Receipt("again", "Nanti.", wait=wait)]
        Outgoing.update(due_at=real_now()).execute()
        delivery.deliver(kernel, delivery.claim("a")[0], "a")
        waited.append(round((Outgoing.get().due_at - real_now()).total_seconds(), -1))
    assert waited == [10, 30, 60, 780]
    assert (Outgoing.get().tries, Outgoing.get().lease_until) == (4, None)


def test_a_connector_is_given_its_own_secrets_alone_and_the_numbers_of_today(
    kernel: Kernel, case: str, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_A", "rahasia")
    monkeypatch.setenv("POS_B", "bukan-miliknya")
    PersonId.create(person=person("Ani Contoh"), kind="nip", value="1")
    put(kernel, case, "satu", ids={"nip": "lama"})
    delivery.deliver(kernel, delivery.claim("a")[0], "a")
    assert (post.given, post.sent[0].payload["ids"]) == ([{"POS_A": "rahasia"}], {"nip": "1"})


# --- settings -------------------------------------------------------------------------------------


def state(kernel: Kernel, at: str) -> tuple[bool, bool]:
    found = settings.state(kernel, unit(at).line, "kecil")
    return found.on, found.locked


def choose(kernel: Kernel, at: str, **wish: Any) -> str:
    return code(lambda: choosing.set_choice(kernel, unit(at), "kecil", None, **wish))


@pytest.fixture
def idle(kernel: Kernel, case: str) -> Kernel:
    """Nothing of the plugin is in use, so that it may be switched off."""
    database.run("UPDATE period SET state = 'closed'")
    return kernel


def test_a_choice_below_is_nearer_and_one_above_that_is_locked_holds(idle: Kernel) -> None:
    assert choose(idle, "negeri", on=False) == ""
    assert choose(idle, "rumah-a", on=True) == ""
    assert (state(idle, "rumah-a"), state(idle, "rumah-b")) == ((True, False), (False, False))
    assert choose(idle, "negeri", locked=True) == ""
    assert (state(idle, "rumah-a"), state(idle, "rumah-b")) == ((False, True), (False, True))
    assert (choose(idle, "rumah-a", on=True), choose(idle, "rumah-b", settings={"x": 1})) == ("locked", "locked")


def test_a_lock_holds_for_those_below_and_not_for_the_unit_that_set_it(idle: Kernel) -> None:
    assert choose(idle, "negeri", locked=True) == ""
    assert (state(idle, "negeri"), settings.state(idle, unit("negeri").line, "kecil").locks) == ((True, False), True)
    assert choose(idle, "negeri", on=False) == ""
    assert choose(idle, "negeri", on=True, locked=False) == ""
    assert choose(idle, "rumah-a", on=False) == ""


def test_settings_of_a_locked_plugin_come_from_above_alone(idle: Kernel) -> None:
    choose(idle, "rumah-a", settings={"x": "bawah", "y": "bawah"})
    choose(idle, "negeri", settings={"x": "atas"})
    assert settings.state(idle, unit("rumah-a").line, "kecil").settings == {"x": "bawah", "y": "bawah"}
    choose(idle, "negeri", locked=True)
    assert settings.state(idle, unit("rumah-a").line, "kecil").settings == {"x": "atas"}


def test_a_restricted_plugin_is_switched_at_the_root_and_set_anywhere(idle: Kernel) -> None:
    idle.host.manifests["kecil"] = replace(idle.host.manifests["kecil"], restricted=True)
    wishes: list[dict[str, Any]] = [{"on": False}, {"locked": True}, {"suspended_until": real_now()}]
    assert [choose(idle, "rumah-a", **wish) for wish in wishes] == ["restricted"] * 3
    assert (choose(idle, "rumah-a", settings={"x": 1}), choose(idle, "negeri", on=False)) == ("", "")


def test_a_plugin_that_open_cases_need_stays_on_there_and_above(kernel: Kernel, case: str) -> None:
    assert [choose(kernel, at, on=False) for at in ("negeri", "rumah-a")] == ["in-use", "in-use"]
    assert code(lambda: choosing.set_choice(kernel, unit("negeri"), "tidak-ada", None, on=True)) == "unknown"
    assert state(kernel, "negeri") == (True, False)


def test_a_suspended_plugin_is_off_below_until_its_time_is_over_also_under_a_lock(idle: Kernel) -> None:
    root, house = unit("negeri"), unit("rumah-a")
    choosing.set_choice(idle, root, "kecil", None, locked=True)
    choosing.set_choice(idle, root, "kecil", None, suspended_until=real_now() + HOUR)
    assert "kecil" not in settings.enabled(idle, house.line)
    Choice.update(suspended_until=real_now() - HOUR).execute()
    idle.kept = {}
    assert "kecil" in settings.enabled(idle, house.line)


def test_a_choice_is_logged_with_its_person_and_moves_the_stamp(idle: Kernel) -> None:
    stamp = database.rows("SELECT value FROM setting WHERE name = 'stamp'")[0][0]
    before = LogEntry.select().where(LogEntry.unit == unit("rumah-a")).count()
    choosing.set_choice(idle, unit("rumah-a"), "kecil", person("Ani Contoh").id, on=False)
    entry = LogEntry.select().where(LogEntry.unit == unit("rumah-a")).order_by(LogEntry.number.desc()).get()
    assert (entry.code, entry.person, entry.number) == ("plugin", person("Ani Contoh").id, before + 1)
    assert database.rows("SELECT value FROM setting WHERE name = 'stamp'")[0][0] == stamp + 1
    assert "kecil" not in settings.enabled(idle, unit("rumah-a").line)


# --- jobs, several cases, timers ---------------------------------------------------------------------


def start(kernel: Kernel) -> str:
    files = {"berkas": b"orang;Baru Contoh;5;6"}
    return imports.start_import(kernel, "kantor", "orang", unit("rumah-a"), files, None)


def test_a_job_is_done_by_one_worker_and_taken_over_when_its_lease_is_over(world: Kernel) -> None:
    id = start(world)
    Job.update(lease_until=real_now() + HOUR).execute()
    assert (jobs.run_due(world), Job.get_by_id(id).state) == (0, "waiting")
    Job.update(lease_until=real_now() - HOUR).execute()
    assert (jobs.run_due(world), Job.get_by_id(id).state) == (1, "preview")
    assert Job.get_by_id(id).lease_until is None


def test_an_import_takes_nobody_over_before_it_was_read_and_confirmed(world: Kernel) -> None:
    from kinerja.models import Person

    def there() -> bool:
        return Person.select().where(Person.name == "Baru Contoh").exists()

    id = start(world)
    imports.confirm(world, id)
    assert Job.get_by_id(id).state == "waiting", "what was not read cannot be confirmed"
    jobs.run_due(world)
    jobs.run_due(world)
    assert not there()
    imports.confirm(world, id)
    jobs.run_due(world)
    assert there()
    Job.update(state="failed").execute()
    imports.confirm(world, id)
    assert Job.get_by_id(id).state == "failed"


def test_a_fact_a_connector_never_declared_fails_its_import(world: Kernel) -> None:
    id = imports.start_import(world, "kantor", "orang", unit("rumah-a"), {"berkas": b"kabar;angin;x"}, None)
    connectors = world.host.registry.connectors
    connectors["kantor"] = replace(connectors["kantor"], gives=())
    jobs.run_due(world)
    assert Job.get_by_id(id).state == "failed"


@pytest.fixture
def two(world: Kernel) -> list[str]:
    for name in ("Ani Contoh", "Eka Contoh"):
        Player(world, name).fill(case_of(name), "tulis")
        Player(world, name).do(case_of(name), "tulis", "ajukan")
    return [case_of("Ani Contoh"), case_of("Eka Contoh")]


def several_of(kernel: Kernel, who: Any, cases: list[str], row: str = "setujui", key: str = "k") -> str:
    return several.start_several(kernel, who, "tulis", row, cases, "x", unit("rumah-a"), key)


def test_several_are_taken_only_of_ones_own_turns_and_only_by_the_row_that_may(world: Kernel, two: list[str]) -> None:
    head = seen_by(world, "Budi Contoh", "pembina")
    for who, row in (
        (seen_by(world, "Cici Contoh", "pembina"), "setujui"), (viewer(world, "Budi Contoh"), "setujui"),
        (head, "kembalikan"),
    ):  # fmt: skip
        assert code(lambda who=who, row=row: several_of(world, who, two, row)) == "several-none"
    wished = [*two, case_of("Dedi Contoh")]
    assert several_of(world, head, wished) == several_of(world, head, wished)
    assert (Job.get().total, set(Job.get().input["seen"])) == (2, set(two))


def test_what_changed_or_warns_since_it_was_chosen_is_left_as_it_is(world: Kernel, two: list[str]) -> None:
    head = seen_by(world, "Budi Contoh", "pembina")
    several_of(world, head, two)
    eka = Player(world, "Eka Contoh")
    eka.do(two[1], "tulis", "tarik")
    eka.draft(two[1], "tulis", "cerita", isi="Lain sama sekali.")
    eka.do(two[1], "tulis", "ajukan")
    jobs.run_due(world)
    done = Job.get()
    assert (done.result["taken"], [name for _, name, _, _ in done.result["problems"]]) == (1, ["Eka Contoh"])
    assert done.result["problems"][0][2].startswith("Rencana ini berubah")


def test_a_turn_that_may_no_longer_be_taken_with_others_is_left(world: Kernel, two: list[str]) -> None:
    several_of(world, seen_by(world, "Budi Contoh", "pembina"), two)
    TaskRow.update(several="").where(TaskRow.case == two[1]).execute()
    jobs.run_due(world)
    assert (Job.get().result["taken"], len(Job.get().result["problems"])) == (1, 1)


def one_round(kernel: Kernel) -> list[str]:
    return list(timers.due(kernel, "uji", HOUR, pieces=False))


def test_a_timer_is_done_when_it_is_due_once_and_by_one_worker(world: Kernel) -> None:
    now = world.clock.now()
    Timer.update(done_at=now).where(Timer.done_at.is_null()).execute()
    timers.plan_sweep(now + timedelta(days=1))
    for n, (due, lease) in enumerate([(now + HOUR, None), (now, real_now() + HOUR), (now, real_now() - HOUR)]):
        mine = Timer.create(name="people-changed", data={"unit": -n}, due_at=due, lease_until=lease)
    assert (one_round(world), Timer.get_by_id(mine.id).done_at is not None) == (["people-changed"], True)
    assert one_round(world) == []


def test_a_stored_file_is_named_by_what_is_in_it_and_nothing_else_is_read(kernel: Kernel) -> None:
    hash = storage.put(kernel, b"isi")
    assert (storage.get(kernel, hash), storage.get(kernel, "../" * 3 + "etc/passwd")) == (b"isi", None)
    outside = kernel.config.data.parent / ("a" * 61)
    outside.write_bytes(b"rahasia")
    assert storage.get(kernel, f"../{outside.name}") is None
    assert storage.get(kernel, hash.upper()) is None


# --- what an import is held against --------------------------------------------------------------------


def row(name: str = "Ani Contoh", at: str = "10000001", home: bool = True, **more: Any) -> PersonRow:
    told = {"ids": {"nip": "9"}, "born": date(1990, 1, 1), **more}
    return PersonRow(row=1, name=name, assignments=(AssignmentRow("murid", at, "tetap", home=home),), **told)


def met(kernel: Kernel, *rows: PersonRow, at: str = "rumah-a") -> list[tuple[str, int | None]]:
    return [(one.how, one.person) for one in intake.match(kernel, ImportRows(None, rows, ()), unit(at))]


@pytest.fixture
def known(world: Kernel) -> int:
    """Ani with a number and a birth date."""
    ani = person("Ani Contoh")
    ani.born = date(1990, 1, 1)
    ani.save()
    PersonId.create(person=ani, kind="nip", value="9")
    return int(ani.id)


def test_a_row_is_the_person_of_its_number_or_of_its_name_and_birth_date(world: Kernel, known: int) -> None:
    assert met(world, row()) == [("same", known)]
    assert met(world, row(ids={"nuptk": "7"})) == [("same", known)]
    assert met(world, row("Orang Lain", ids={"nuptk": "7"}, at="10000002")) == [("conflict", None)], "of another house"
    assert met(world, row(ids={"nuptk": "7"}, born=date(1990, 1, 2))) == [("new", None)]
    assert met(world, row("Orang Lain", ids={"nuptk": "7"})) == [("new", None)]


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Orang Lain", "born": date(1970, 5, 5)}, {"ids": {"nip": "8"}}, {"at": "10000002"},
        {"ids": {"nip": "9", "nuptk": "3"}},
    ],
    ids=["somebody-else", "another-number", "another-unit", "numbers-of-two"],
)  # fmt: skip
def test_a_row_that_fits_two_ways_is_a_conflict_and_nothing_is_guessed(
    world: Kernel, known: int, changed: dict[str, Any]
) -> None:
    PersonId.create(person=person("Eka Contoh"), kind="nuptk", value="3")
    assert met(world, row(**changed))[0][0] == "conflict"


def test_one_number_in_two_rows_is_a_conflict_of_both(world: Kernel, known: int) -> None:
    found = met(world, row(), row("Orang Lain", born=None))
    assert [how for how, _ in found] == ["conflict", "conflict"]


def test_a_second_home_is_a_conflict_and_a_guest_is_none(world: Kernel, known: int) -> None:
    assert met(world, row(at="10000002"), at="rumah-b")[0][0] == "conflict"
    assert met(world, row(at="10000002", home=False), at="rumah-b") == [("same", known)]


def take(kernel: Kernel, match: intake.Match, at: str) -> None:
    intake.assign(kernel, intake.save(kernel, match, unit(at), DAY, "Berkas uji", kernel.clock.now()), match.row, None)


def test_a_guest_s_data_are_the_home_s_to_change(world: Kernel, known: int) -> None:
    guest = row(at="10000002", home=False, rank="IV/a")
    [match] = intake.match(world, ImportRows(None, (guest,), ()), unit("rumah-b"))
    take(world, match, "rumah-b")
    assert person("Ani Contoh").rank != "IV/a"
    [match] = intake.match(world, ImportRows(None, (row(rank="III/d"),), ()), unit("rumah-a"))
    take(world, match, "rumah-a")
    assert person("Ani Contoh").rank == "III/d"


def test_taking_the_same_row_over_twice_changes_nothing(world: Kernel, known: int) -> None:
    before = Assignment.select().count()
    for _ in range(2):
        [match] = intake.match(world, ImportRows(None, (row(),), ()), unit("rumah-a"))
        take(world, match, "rumah-a")
    assert (Assignment.select().count(), PersonId.select().where(PersonId.person == known).count()) == (before, 1)


@pytest.mark.parametrize(
    ("told", "begins"),
    [(None, DAY), (date(2029, 12, 31), DAY), (DAY + timedelta(days=3), DAY + timedelta(days=3))],
    ids=["no-day", "while-they-were-elsewhere", "later"],
)
def test_a_home_a_file_knows_begins_not_before_the_last_one_was_over(
    world: Kernel, known: int, told: date | None, begins: date
) -> None:
    Assignment.update(until=YESTERDAY).where(Assignment.person == known).execute()
    there = replace(row(at="10000002"), assignments=(AssignmentRow("murid", "10000002", "tetap", since=told),))
    [match] = intake.match(world, ImportRows(None, (there,), ()), unit("rumah-b"))
    take(world, match, "rumah-b")
    home = (Assignment.person == known) & Assignment.home
    found = Assignment.select().where(home).order_by(Assignment.since)
    assert [(one.unit.code, one.until) for one in found] == [("rumah-a", YESTERDAY), ("rumah-b", None)]
    assert found[1].since == begins


def test_what_is_empty_in_a_row_erases_nothing_that_is_known(world: Kernel, known: int) -> None:
    [match] = intake.match(world, ImportRows(None, (row(employment="", sex="", born=None),), ()), unit("rumah-a"))
    take(world, match, "rumah-a")
    ani = person("Ani Contoh")
    assert (ani.employment, ani.sex, ani.born) == ("biasa", "P", date(1990, 1, 1))


# --- sessions -------------------------------------------------------------------------------------------


@pytest.fixture
def token(world: Kernel) -> str:
    """Jaga, who keeps the people of a house, signed in."""
    sessions.identify("pintu", "jaga", person("Jaga Contoh"))
    made = sessions.begin(world, "pintu", "jaga", "")
    assert made is not None
    return made


def test_only_the_token_itself_is_a_session_and_the_table_holds_no_token(world: Kernel, token: str) -> None:
    assert sessions.read(world, token) is not None
    assert [sessions.read(world, one) for one in ("", token + "x", Session.get().id)] == [None, None, None]
    assert Session.get().id != token


def test_an_identity_of_another_issuer_or_subject_is_nobody_s(world: Kernel, token: str) -> None:
    assert [sessions.begin(world, *told, "") for told in (("lain", "jaga"), ("pintu", "ani"))] == [None, None]
    sessions.identify("pintu", "jaga", person("Ani Contoh"))
    assert Identity.get(Identity.subject == "jaga").person_id == person("Jaga Contoh").id


def test_a_session_ends_when_nobody_used_it_for_half_a_day(world: Kernel, token: str) -> None:
    Session.update(seen_at=real_now() - sessions.IDLE + timedelta(minutes=1)).execute()
    assert sessions.read(world, token) is not None
    Session.update(seen_at=real_now() - sessions.IDLE - timedelta(minutes=1)).execute()
    assert sessions.read(world, token) is None


def test_signing_in_again_ends_the_session_before(world: Kernel, token: str) -> None:
    again = sessions.begin(world, "pintu", "jaga", token)
    assert (sessions.read(world, token), Session.select().count()) == (None, 1)
    assert again is not None and sessions.read(world, again) is not None


@pytest.mark.parametrize(
    ("since", "until", "may"),
    [
        (DAY, DAY, True), (date(2029, 1, 1), None, True), (date(2029, 1, 1), date(2030, 1, 14), False),
        (date(2030, 1, 16), None, False),
    ],
)  # fmt: skip
def test_a_post_grants_its_permissions_from_its_first_day_to_its_last(
    world: Kernel, token: str, since: date, until: date | None, may: bool
) -> None:
    post = held("Jaga Contoh", "penjaga")
    Assignment.update(since=since, until=until).where(Assignment.id == post.id).execute()
    Session.update(assignment=post.id).execute()
    context = sessions.read(world, token)
    assert context is not None
    assert (context.viewer.assignment is not None, bool(context.viewer.permissions)) == (may, may)
    assert [one.id for one in context.capacities] == ([post.id] if may else [])
    assert sessions.take_capacity(context, post.id) is may


def test_nobody_acts_through_the_post_of_another(world: Kernel, token: str) -> None:
    context = sessions.read(world, token)
    assert context is not None
    other = held("Kanda Contoh", "kepala-penjaga").id
    assert sessions.take_capacity(context, other) is False
    Session.update(assignment=other).execute()
    again = sessions.read(world, token)
    assert again is not None and (again.viewer.assignment, again.viewer.permissions) == (None, frozenset())


def test_as_an_employee_a_keeper_has_no_permission(world: Kernel, token: str) -> None:
    context = sessions.read(world, token)
    assert context is not None and sessions.take_capacity(context, None)
    again = sessions.read(world, token)
    assert again is not None and (again.viewer.assignment, again.viewer.permissions) == (None, frozenset())
    assert again.viewer.unit == unit("rumah-a").id


def test_who_has_a_case_begins_as_an_employee_and_who_only_serves_through_the_post(world: Kernel, token: str) -> None:
    assert Session.get().assignment_id == held("Jaga Contoh", "penjaga").id
    sessions.identify("pintu", "budi", person("Budi Contoh"))
    sessions.begin(world, "pintu", "budi", token)
    assert Session.get().assignment_id is None


# --- further edges ----------------------------------------------------------------------------------------


def test_a_lock_of_the_land_holds_below_a_choice_in_between(idle: Kernel) -> None:
    from kinerja import people

    room = people.add_unit("kamar", "Kamar", "kamar", unit("rumah-a"))
    choose(idle, "kamar", on=True)
    choose(idle, "rumah-a", settings={"x": 1})
    choose(idle, "negeri", on=False, locked=True)
    found = settings.state(idle, room.line, "kecil")
    assert (found.on, found.locked, found.unit) == (False, True, unit("negeri").id)


def test_a_row_in_conflict_is_never_taken_over(world: Kernel) -> None:
    ani = person("Ani Contoh")
    for kind, value in (("nomor", "1"), ("kartu", "77")):
        PersonId.create(person=ani, kind=kind, value=value)
    id = imports.start_import(world, "kantor", "orang", unit("rumah-a"), {"berkas": b"orang;Ani Contoh;3;77"}, None)
    jobs.run_due(world)
    assert Job.get_by_id(id).result["conflict"] == 1
    imports.confirm(world, id)
    jobs.run_due(world)
    assert (Job.get_by_id(id).state, PersonId.get((PersonId.person == ani) & (PersonId.kind == "nomor")).value) == (
        "done", "1",
    )  # fmt: skip


@pytest.mark.parametrize(("row", "fatal", "state"), [(0, True, "failed"), (1, True, "preview"), (0, False, "preview")])
def test_a_file_that_cannot_be_used_is_offered_to_nobody(world: Kernel, row: int, fatal: bool, state: str) -> None:
    connectors = world.host.registry.connectors
    [reader] = connectors["kantor"].imports
    told = ImportRows(None, (), (RowProblem(row, "", "Rusak.", fatal=fatal),))
    connectors["kantor"] = replace(connectors["kantor"], imports=(replace(reader, read=lambda *_: told),))
    id = start(world)
    jobs.run_due(world)
    assert Job.get_by_id(id).state == state


def test_two_of_one_name_without_a_birth_date_are_two(world: Kernel) -> None:
    assert person("Ani Contoh").born is None
    assert met(world, row(ids={"nuptk": "7"}, born=None)) == [("new", None)]


# --- done once ------------------------------------------------------------------------------------------------


def test_what_is_done_under_a_key_is_done_once_and_a_failure_leaves_the_key_free(kernel: Kernel) -> None:
    done: list[int] = []
    now = real_now()

    def do(answer: Any) -> Any:
        done.append(1)
        return answer

    found = [once.once("k", "d", 1, lambda answer=answer: do(answer), now) for answer in (None, "satu", "dua")]
    assert (found, len(done)) == ([None, "satu", "satu"], 2)
    for digest, actor in (("lain", 1), ("d", 2)):
        assert code(lambda digest=digest, actor=actor: once.before("k", digest, actor)) == "key-reused"


def test_keys_outside_cases_are_forgotten_after_their_time_and_those_of_cases_never(kernel: Kernel) -> None:
    now = real_now()
    for key, case, days in (("lama", "", 61), ("baru", "", 59), ("kasus", "k-1", 900)):
        Applied.create(key=key, actor=1, case=case, digest="d", result={"x": 1}, at=now - timedelta(days=days))
    once.forget(now)
    assert {one.key for one in Applied.select()} == {"baru", "kasus"}
