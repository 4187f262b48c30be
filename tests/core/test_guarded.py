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
    periods,
    settings,
)
from kinerja.clock import real_now
from kinerja.kernel import Kernel
from kinerja.models import Case, Outgoing, Part, Period, Timer
from kinerja.testing import Player, case_of, manifest, set_date, unit, viewer
from kinerja_work import worker
from tests import small


@pytest.fixture
def case(kernel: Kernel) -> str:
    return small.build(kernel)


@pytest.fixture
def ani(kernel: Kernel) -> Player:
    return Player(kernel, "Ani Contoh")


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
    settings.set_choice(kernel, unit("rumah-a"), "pos", None, on=False)
    worker.run_once(kernel)
    assert (post.sent, Outgoing.get().state) == ([], "again")
    settings.set_choice(kernel, unit("rumah-a"), "pos", None, on=True)
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


@pytest.mark.parametrize(
    "message",
    ["teks", Message("k" * 300, "pos", "surat", {}), Message("k", "pos", "a\0b", {}), Message(None, "pos", "x", {})],
)  # type: ignore[arg-type]
def test_a_message_that_is_none_never_stops_the_change_it_came_of(
    kernel: Kernel, case: str, ani: Player, message: Any
) -> None:
    class Bad:
        @hookimpl
        def after_transition(self, change: Any) -> Any:
            return [message]

    kernel.host.add(Bad(), manifest("buruk"))
    kernel.kept = {}
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="x")
    assert ani.do(case, "tulis", "ajukan").label == "Perlu disetujui"
    assert Outgoing.select().count() == 0
    assert ("buruk", "after_transition") in kernel.host.faults


def test_a_period_opened_twice_opens_once(kernel: Kernel, case: str) -> None:
    period = Period.get()
    before = (Case.select().count(), Timer.select().where(Timer.period == period.id).count())
    period.state = "planned"
    assert periods.open_period(kernel, period, kernel.clock.now()) == 0
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
