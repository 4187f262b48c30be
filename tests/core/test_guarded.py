"""What plugins answer wrongly, old formats, poisoned messages, odd moments: named, set aside, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

import kinerja_read as read
from kinerja import (
    Connector,
    Field,
    Form,
    Held,
    Message,
    Receipt,
    Refusal,
    StageProjection,
    StepProjection,
    cases,
    database,
    forms,
    hookimpl,
    log,
    outbox,
)
from kinerja.clock import real_now
from kinerja.kernel import Kernel
from kinerja.models import Case, Note, Outgoing, Part, Period, Timer
from kinerja.testing import Player, case_of, manifest, set_date, unit, viewer
from kinerja_office import choosing, periods
from kinerja_work import worker
from tests import small


@pytest.fixture
def case(kernel: Kernel) -> str:
    return small.build(kernel)


@pytest.fixture
def ani(kernel: Kernel) -> Player:
    return Player(kernel, "Ani Contoh")


def faults_of(kernel: Kernel, plugin: str) -> dict[str, str]:
    """What is noted against a plugin, by where it failed."""
    return {one.where: one.sentence for one in kernel.host.faults.values() if one.plugin == plugin}


def with_step(kernel: Kernel, id: str, **changes: Any) -> None:
    steps = kernel.host.registry.steps
    steps[id] = replace(steps[id], **changes)


def test_a_draft_is_upgraded_once_and_saved_in_the_new_format(kernel: Kernel, case: str, ani: Player) -> None:
    ani.draft(case, "tulis", "cerita", isi="Lama.")
    asked: list[Any] = []

    def upgrade(data: Any, from_: int) -> Any:
        asked.append(from_)
        return {"teks": data["isi"]}

    with_step(
        kernel, "cerita", format=2, upgrade=upgrade,
        form=lambda context: Form("Cerita", (Field("teks", "Teks", "longtext", required=True),)),
    )  # fmt: skip
    part = cases.load(kernel, case).part("tulis", "cerita")
    assert part is not None and (part.draft, asked) == ({"teks": "Lama."}, [1])
    ani.draft(case, "tulis", "cerita", teks="Baru.")
    asked.clear()
    part = cases.load(kernel, case).part("tulis", "cerita")
    assert part is not None and (part.draft, asked) == ({"teks": "Baru."}, [])
    ani.draft(case, "tulis", "pilih", buku="laut")
    assert ani.do(case, "tulis", "ajukan").label == "Perlu disetujui"


def test_a_step_that_cannot_read_its_old_format_blocks_its_form_and_keeps_the_text(
    kernel: Kernel, case: str, ani: Player
) -> None:
    ani.draft(case, "tulis", "cerita", isi="Jangan hilang.")

    def upgrade(data: Any, from_: int) -> Any:
        raise KeyError("isi")

    with_step(kernel, "cerita", format=2, upgrade=upgrade)
    assert (
        ani.form(case, "tulis", "cerita").blocked
        == "Bagian «Cerita» sedang bermasalah. Data Anda aman. Admin daerah sudah diberi tahu."
    )
    assert Part.get(Part.step == "cerita").draft == {"isi": "Jangan hilang."}
    assert [fault.where for fault in kernel.host.faults.values() if fault.plugin == "kecil"] == ["cerita"]


@pytest.mark.parametrize(
    "answer",
    [
        {"title": "x"}, None, Form("x", ({"key": "x"},)), Form("x", (Field("a", "A", "warna"),)),  # type: ignore[arg-type]
        Form("x", (Field("a", "A", "one", options=None),)), Refusal("missing", "Tidak ada."),  # type: ignore[arg-type]
    ],
    ids=["a-dict", "nothing", "fields-of-dicts", "an-unknown-kind", "no-options", "a-refusal"],
)  # fmt: skip
def test_a_form_that_is_no_form_is_the_plugins_fault_and_blocks_only_itself(
    kernel: Kernel, case: str, ani: Player, answer: Any
) -> None:
    def form(context: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with_step(kernel, "cerita", form=form)
    assert "sedang bermasalah" in ani.form(case, "tulis", "cerita").blocked
    assert ani.form(case, "tulis", "pilih").blocked == ""
    assert ("kecil", "cerita") in kernel.host.faults


@pytest.mark.parametrize("made", [{}, StepProjection(None), StepProjection(("x",)), StepProjection((), ("x",))])  # type: ignore[arg-type]
def test_a_projection_that_is_none_leaves_the_hand_in_possible(
    kernel: Kernel, case: str, ani: Player, made: Any
) -> None:
    with_step(kernel, "pilih", project=lambda context, data: made)
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="x")
    assert ani.do(case, "tulis", "ajukan").label == "Perlu disetujui"
    assert Player(kernel, "Budi Contoh").through("pembina").do(case, "tulis", "setujui").label == "Jadi"
    assert ("kecil", "pilih") in kernel.host.faults


@pytest.mark.parametrize(
    "made", [{}, StageProjection(tasks=None), StageProjection(tasks=("x",)), StageProjection(facts=("x",))]
)  # type: ignore[arg-type]
def test_a_stage_that_answers_nonsense_keeps_the_state_of_its_table(
    kernel: Kernel, case: str, ani: Player, made: Any
) -> None:
    stages = kernel.host.registry.stages
    stages["tulis"] = replace(stages["tulis"], project=lambda context: made)
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="x")
    assert ani.do(case, "tulis", "ajukan").label == "Perlu disetujui"


def test_a_draft_of_any_shape_can_be_shown() -> None:
    form = Form("x", (Field("hari", "Hari", "date"), Field("buku", "Buku", "one"), Field("n", "N", "quantities")))
    data = {"hari": "5 Februari", "buku": ["laut"], "n": "banyak"}
    assert forms.view(form, data) == [["Hari", "5 Februari"], ["Buku", "['laut']"], ["N", "banyak"]]


class Post:
    """A connector that answers as a test says, and remembers what it was given."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.sent: list[str] = []

    def send(self, message: Message, values: Any, secrets: Any) -> Any:
        self.sent.append(message.key)
        answer = self.answers.get(message.key, Receipt("accepted", "Diterima."))
        if isinstance(answer, Exception):
            raise answer
        return answer

    @hookimpl
    def register_connectors(self) -> list[Connector]:
        return [Connector("pos", "Pos", self.send)]


@pytest.fixture
def post(kernel: Kernel, case: str) -> Post:
    made = Post()
    kernel.host.add(made, manifest("pos"))
    kernel.kept = {}
    return made


def put(kernel: Kernel, case: str, *keys: str, kind: str = "surat") -> None:
    with database.proxy.atomic():
        for key in keys:
            outbox.add(kernel, "pos", [Message(key, "pos", kind if kind != "own" else key, {})], case, real_now())


@pytest.mark.parametrize(
    "poison",
    ["bukan tanda terima", Refusal("x", "Tidak."), RuntimeError("rusak"), Receipt("accepted", "Ya.", "r" * 400)],
)
def test_one_poisoned_message_starves_no_other(kernel: Kernel, case: str, post: Post, poison: Any) -> None:
    post.answers["racun"] = poison
    put(kernel, "", "racun", "satu", "dua", kind="own")
    worker.run_once(kernel)
    states = {one.key: one.state for one in Outgoing.select()}
    assert (states["satu"], states["dua"]) == ("accepted", "accepted")
    assert states["racun"] == ("accepted" if isinstance(poison, Receipt) else "again")
    assert post.sent == ["racun", "satu", "dua"]


def test_a_connector_that_is_switched_off_sends_nothing_and_keeps_the_message(
    kernel: Kernel, case: str, post: Post
) -> None:
    put(kernel, case, "satu")
    choosing.set_choice(kernel, unit("rumah-a"), "pos", None, on=False)
    worker.run_once(kernel)
    assert (post.sent, Outgoing.get().state) == ([], "again")
    choosing.set_choice(kernel, unit("rumah-a"), "pos", None, on=True)
    Outgoing.update(due_at=real_now()).execute()
    worker.run_once(kernel)
    assert (post.sent, Outgoing.get().state) == (["satu"], "accepted")


def test_what_is_said_again_after_something_else_is_sent_last(kernel: Kernel, case: str, post: Post) -> None:
    put(kernel, case, "a")
    put(kernel, case, "b")
    put(kernel, case, "a")
    assert {one.key: one.state for one in Outgoing.select()} == {"a": "waiting", "b": "replaced"}
    worker.run_once(kernel)
    assert post.sent == ["a"]


class Teller:
    """A plugin whose connector tells that a tale was agreed, as a test says."""

    def __init__(self, id: str, due: Any) -> None:
        self.id, self.due = id, due

    @hookimpl
    def register_connectors(self) -> list[Connector]:
        return [Connector(self.id, "Uji", tells=("tulis.jadi",), due=self.due)]


def agreed(kernel: Kernel, case: str, ani: Player) -> str:
    """The case's plan is written and agreed; the label of what came of it."""
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="x")
    ani.do(case, "tulis", "ajukan")
    return Player(kernel, "Budi Contoh").through("pembina").do(case, "tulis", "setujui").label


@pytest.mark.parametrize(
    "message",
    [
        "teks", Message("k" * 300, "pos", "surat", {}), Message("k", "pos", "a\0b", {}), Message(None, "pos", "x", {}),
        True, [], [Message("k", "pos", "surat", {})], Held("a\0b", "Menunggu."),
    ],
)  # fmt: skip  # type: ignore[arg-type]
def test_a_message_that_is_none_never_stops_the_change_it_came_of(
    kernel: Kernel, case: str, ani: Player, message: Any
) -> None:
    kernel.host.add(Teller("buruk", lambda due: message), manifest("buruk"))
    kernel.kept = {}
    assert agreed(kernel, case, ani) == "Jadi"
    assert Outgoing.select().count() == 0
    assert ("buruk", "due") in kernel.host.faults


def _told(due: Any) -> Message:
    return Message(f"m:{due.case.id}:{due.at.isoformat()}", "pos", "surat", {})


def _yields(due: Any) -> Any:
    yield _told(due)


def _answers_what_is_no_message(due: Any) -> Any:
    return {"kind": "surat"}


def _is_a_string(due: Any) -> Any:
    return "surat"


def _raises(due: Any) -> Any:
    raise RuntimeError("di tengah")


def _ends_the_program(due: Any) -> Any:
    raise SystemExit(3)


def _holds_without_a_sentence(due: Any) -> Any:
    return Held("surat", None)  # type: ignore[arg-type]


def _writes_then_raises(due: Any) -> Any:
    database.run("DELETE FROM note")
    database.run("UPDATE part SET draft = NULL")
    raise RuntimeError("sesudah menghapus")


def _writes_what_the_database_refuses(due: Any) -> Any:
    database.run("DELETE FROM note")
    database.run("INSERT INTO no_such_table VALUES (1)")


AFTER = [
    (_told, "", 1), (lambda due: Held("surat", "Menunggu."), "", 1), (lambda due: None, "", 0),
    (_yields, "TypeError: bukan Message yang utuh: generator", 0), (_raises, "RuntimeError: di tengah", 0),
    (_answers_what_is_no_message, "TypeError: bukan Message yang utuh: dict", 0),
    (_is_a_string, "TypeError: bukan Message yang utuh: str", 0), (_ends_the_program, "SystemExit: 3", 0),
    (_holds_without_a_sentence, None, 0), (_writes_then_raises, "RuntimeError: sesudah menghapus", 0),
    (_writes_what_the_database_refuses, None, 0),
]  # fmt: skip


@pytest.mark.parametrize(("due", "fault", "kept"), AFTER, ids=[one[0].__name__.strip("_<>") for one in AFTER])
def test_whatever_a_connector_says_is_due_the_change_stands_and_a_failing_one_leaves_nothing(
    kernel: Kernel, case: str, ani: Player, due: Any, fault: str | None, kept: int
) -> None:
    kernel.host.add(Teller("uji", due), manifest("uji"))
    kernel.host.add(Teller("uji-z", lambda due: Message("baik", "uji-z", "kabar", {})), manifest("uji-z"))
    kernel.kept = {}
    Note.create(
        case=case,
        stage="tulis",
        by=viewer(kernel, "Ani Contoh").person,
        by_name="Bu Ani",
        text="Jangan hilang.",
        at=real_now(),
    )
    assert agreed(kernel, case, ani) == "Jadi"
    assert [one.text for one in Note.select()] == ["Jangan hilang."]
    assert sorted(one.effective for one in Part.select()) == [3, 3]
    assert Outgoing.select().where(Outgoing.plugin == "uji-z").count() == 1
    assert Outgoing.select().where(Outgoing.plugin == "uji").count() == kept
    told = faults_of(kernel, "uji")
    assert list(told) == ([] if fault == "" else ["due"])
    if fault:  # without one: each engine has its own words for what it refuses
        assert told == {"due": fault}


def _raises_midway(change: Any) -> Any:
    yield "Belum boleh."
    raise RuntimeError("di tengah")


def _ends_the_program_as_a_guard(change: Any) -> Any:
    raise SystemExit(3)


def _objects_by_a_generator(change: Any) -> Any:
    yield "Belum boleh."


@pytest.mark.parametrize("hook", [_objects_by_a_generator, _ends_the_program_as_a_guard, _raises_midway])
def test_a_guard_that_answers_wrongly_or_ends_the_program_objects_by_its_name(
    kernel: Kernel, case: str, ani: Player, hook: Any
) -> None:
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="x")
    kernel.host.add(
        type("Plugin", (), {"before_transition": staticmethod(hookimpl(hook))}), manifest("uji", name="Uji")
    )
    kernel.kept = {}
    with pytest.raises(Refusal, match="Pemeriksa «Uji» sedang bermasalah"):
        ani.do(case, "tulis", "ajukan")
    assert list(faults_of(kernel, "uji")) == ["before_transition"]


def test_a_step_that_ends_the_program_blocks_only_its_form(kernel: Kernel, case: str, ani: Player) -> None:
    with_step(kernel, "cerita", form=_ends_the_program)
    assert "sedang bermasalah" in ani.form(case, "tulis", "cerita").blocked
    assert faults_of(kernel, "kecil") == {"cerita": "SystemExit: 3"}


def test_an_interruption_of_the_process_passes_every_guard(kernel: Kernel) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kernel.host.guarded("uji", "form", interrupted)
    assert faults_of(kernel, "uji") == {}


def test_a_period_opened_twice_opens_once(kernel: Kernel, case: str) -> None:
    period = Period.get()
    before = (Case.select().count(), Timer.select().where(Timer.period == period.id).count())
    period.state = "planned"
    periods.open_period(kernel, period, kernel.clock.now())
    worker.run_once(kernel)
    assert (Case.select().count(), Timer.select().where(Timer.period == period.id).count()) == before


def test_a_log_entry_is_written_only_with_what_it_tells_of(kernel: Kernel, case: str) -> None:
    with pytest.raises(AssertionError):
        log.write(kernel, unit("rumah-a").id, "x", None, "", "x", {})


def test_the_newest_cases_are_listed_however_many_older_ones_there_are(kernel: Kernel, case: str) -> None:
    set_date(kernel, date(2030, 1, 16))
    old = Period.get()
    mine = Case.get_by_id(case)
    for number in range(25):
        year = 2000 + number
        before = Period.create(
            scheme="kecil", key="t", year=year, label=f"Tahun {year}", unit=old.unit, state="closed", snapshot=old.snapshot,
            starts=date(year, 1, 1), ends=date(year, 12, 31), closes=date(year, 12, 31),
        )  # fmt: skip
        Case.create(
            id=f"lama{number}", period=before, subject="person", person=mine.person, unit=mine.unit, role="murid",
            snapshot=mine.snapshot, profile=mine.profile, opened_at=real_now() - timedelta(days=900), closed_at=real_now(),
            force_insert=True,
        )  # fmt: skip
    assert read.own_cases(viewer(kernel, "Ani Contoh"))[0].case == case_of("Ani Contoh")
