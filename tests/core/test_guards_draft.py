"""`save_draft` is one statement: each of its conditions alone keeps a draft as it was. And what opening a step asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kinerja import Actor, Refusal, cases, database, drafts
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Part, Period, Relation, Revision
from kinerja.testing import Player, person, set_date
from tests import small

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])

YESTERDAY, TOMORROW = date(2030, 1, 14), date(2030, 1, 16)


@pytest.fixture
def case(kernel: Kernel) -> str:
    return small.build(kernel)


@pytest.fixture
def ani(kernel: Kernel) -> Player:
    return Player(kernel, "Ani Contoh")


def begun(ani: Player, case: str) -> int:
    return ani.draft(case, "tulis", "cerita", isi="Lama.")


def save(
    kernel: Kernel, actor: Actor, case: str, seen: int, step: str = "cerita", stage: str = "tulis",
    at: datetime | None = None, text: str = "Baru.",
) -> str:  # fmt: skip
    """The code of the refusal, empty when it was saved."""
    try:
        drafts.save_draft(kernel, actor, case, stage, step, seen, {"isi": text}, at or kernel.clock.now())
    except Refusal as refused:
        return refused.code
    return ""


def kept(step: str = "cerita") -> Any:
    return Part.get(Part.step == step).draft


def ended(kernel: Kernel, ani: Player, case: str) -> None:
    Relation.update(until=YESTERDAY).where(Relation.case == case).execute()


def to_come(kernel: Kernel, ani: Player, case: str) -> None:
    Relation.update(since=TOMORROW).where(Relation.case == case).execute()


def another_relation(kernel: Kernel, ani: Player, case: str) -> None:
    Relation.update(kind="menyarankan").where((Relation.case == case) & (Relation.kind == "pegawai")).execute()


def somebody_elses(kernel: Kernel, ani: Player, case: str) -> None:
    wanted = (Relation.case == case) & (Relation.kind == "pegawai")
    Relation.update(person=person("Dedi Contoh").id).where(wanted).execute()


def closed(kernel: Kernel, ani: Player, case: str) -> None:
    Case.update(closed_at=kernel.clock.now()).where(Case.id == case).execute()


def over(kernel: Kernel, ani: Player, case: str) -> None:
    Period.update(closes=YESTERDAY).execute()


def handed(kernel: Kernel, ani: Player, case: str) -> None:
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.do(case, "tulis", "ajukan")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (ended, "missing"), (to_come, "missing"), (another_relation, "not-yours"), (somebody_elses, "missing"),
        (closed, "closed"), (over, "closed"), (handed, "handed"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)  # fmt: skip
def test_a_draft_of_the_current_revision_is_not_saved_any_more_once_something_ended(
    kernel: Kernel, case: str, ani: Player, change: Callable[[Kernel, Player, str], None], code: str
) -> None:
    begun(ani, case)
    change(kernel, ani, case)
    part = Part.get(Part.step == "cerita")
    assert save(kernel, ani.actor, case, part.revision) == code
    assert (part.draft, part.revision) == (kept(), Part.get_by_id(part.id).revision)


def test_a_draft_is_saved_on_the_last_day_of_a_relation_and_of_a_period(kernel: Kernel, case: str, ani: Player) -> None:
    seen = begun(ani, case)
    today = date(2030, 1, 15)
    Relation.update(since=today, until=today).where(Relation.case == case).execute()
    Period.update(closes=today).execute()
    assert save(kernel, ani.actor, case, seen) == ""


def test_two_who_write_the_same_step_have_a_draft_each(kernel: Kernel, case: str, ani: Player) -> None:
    seen = begun(ani, case)
    dedi = person("Dedi Contoh")
    Relation.create(case=case, kind="pegawai", person=dedi, assignment=None, since=YESTERDAY)
    drafts.save_draft(kernel, Actor(dedi.id), case, "tulis", "cerita", seen, {"isi": "Dedi."}, kernel.clock.now())
    found = {part.author: part.draft["isi"] for part in Part.select()}
    assert found == {person("Ani Contoh").id: "Lama.", dedi.id: "Dedi."}


def test_saving_one_step_leaves_the_other_of_the_same_revision_as_it_was(
    kernel: Kernel, case: str, ani: Player
) -> None:
    now = kernel.clock.now()
    for step in ("pilih", "cerita"):
        drafts.begin(kernel, ani.actor, case, "tulis", step, now)
    before = kept("pilih")
    assert save(kernel, ani.actor, case, 1) == ""
    assert (kept("pilih"), kept()["isi"]) == (before, "Baru.")


def test_an_older_revision_saves_nothing(kernel: Kernel, case: str, ani: Player) -> None:
    seen = begun(ani, case)
    assert save(kernel, ani.actor, case, seen) == ""
    before = kept()
    assert (save(kernel, ani.actor, case, seen, text="Lain."), kept()) == ("stale", before)


def test_what_is_kept_already_is_saved_again_from_an_older_revision_without_being_written(
    kernel: Kernel, case: str, ani: Player
) -> None:
    seen = begun(ani, case)
    assert save(kernel, ani.actor, case, seen) == ""
    now, data = kernel.clock.now(), {"isi": "Baru."}
    numbers = [drafts.save_draft(kernel, ani.actor, case, "tulis", "cerita", seen, data, now) for _ in range(2)]
    assert numbers == [seen + 1] * 2


def test_a_step_that_was_opened_meanwhile_is_not_saved_over(
    kernel: Kernel, case: str, ani: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another tab opens and saves the step between finding none and opening it."""
    open_it = drafts.begin

    def late(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(drafts, "begin", open_it)
        assert save(kernel, ani.actor, case, 0, text="Dari tab lain.") == ""
        return open_it(*args, **kwargs)

    monkeypatch.setattr(drafts, "begin", late)
    assert save(kernel, ani.actor, case, 0, text="Dari tab ini.") == "stale"
    assert kept() == {"isi": "Dari tab lain."}


def test_a_draft_longer_than_can_be_kept_is_refused_before_the_statement(
    kernel: Kernel, case: str, ani: Player
) -> None:
    seen = begun(ani, case)
    with pytest.raises(Refusal) as refused:
        drafts.save_draft(
            kernel, ani.actor, case, "tulis", "cerita", seen, {"isi": "a" * drafts.LONGEST_DRAFT}, kernel.clock.now()
        )
    assert (refused.value.code, kept()["isi"]) == ("too-long", "Lama.")


@pytest.fixture
def grading(kernel: Kernel, case: str, ani: Player) -> Player:
    """The head, with the lone step of the second stage begun."""
    handed(kernel, ani, begun(ani, case) and case)
    head = Player(kernel, "Budi Contoh").through("pembina")
    head.do(case, "tulis", "setujui")
    drafts.begin(kernel, head.actor, case, "lihat", "nilai", kernel.clock.now())
    return head


def test_an_assignment_that_ended_yesterday_saves_nothing_though_its_relation_stands(
    kernel: Kernel, case: str, grading: Player
) -> None:
    assert save(kernel, grading.actor, case, 1, "nilai", "lihat") == ""
    Assignment.update(until=YESTERDAY).where(Assignment.id == grading.assignment).execute()
    assert Relation.get((Relation.case == case) & (Relation.kind == "memutuskan")).until is None
    assert save(kernel, grading.actor, case, 2, "nilai", "lihat") == "missing"


def test_an_assignment_saves_on_its_last_day(kernel: Kernel, case: str, grading: Player) -> None:
    Assignment.update(until=date(2030, 1, 15)).where(Assignment.id == grading.assignment).execute()
    assert save(kernel, grading.actor, case, 1, "nilai", "lihat") == ""


def test_the_same_person_saves_only_in_the_capacity_of_the_relation(kernel: Kernel, case: str, grading: Player) -> None:
    person_id = grading.actor.person
    assert save(kernel, Actor(person_id), case, 1, "nilai", "lihat") == "missing"
    other = Assignment.get(Assignment.person == person("Cici Contoh"))
    assert save(kernel, Actor(person_id, other.id), case, 1, "nilai", "lihat") == "missing"
    assert kept("nilai") == {}


def test_a_step_of_another_author_is_opened_by_nobody_else(kernel: Kernel, case: str, grading: Player) -> None:
    ani = Player(kernel, "Ani Contoh")
    for act in (
        lambda: drafts.begin(kernel, ani.actor, case, "lihat", "nilai", kernel.clock.now()),
        lambda: drafts.begin(kernel, grading.actor, case, "tulis", "cerita", kernel.clock.now()),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "not-yours"
    with pytest.raises(Refusal) as refused:
        drafts.begin(kernel, ani.actor, case, "tulis", "nilai", kernel.clock.now())
    assert refused.value.code == "missing", "a step of another stage is not there"


def test_a_stage_is_not_opened_before_its_first_day_and_what_it_needs(kernel: Kernel, case: str, ani: Player) -> None:
    begun(ani, case)
    early = kernel.clock.now() - timedelta(days=6)
    codes = []
    for actor, stage, step, at in (
        (ani.actor, "tulis", "pilih", early),
        (Player(kernel, "Budi Contoh").through("pembina").actor, "lihat", "nilai", kernel.clock.now()),
    ):
        with pytest.raises(Refusal) as refused:
            drafts.begin(kernel, actor, case, stage, step, at)
        codes.append(refused.value.code)
    assert codes == ["too-early", "waits"]


def test_after_the_hard_end_of_a_stage_drafts_are_still_saved(kernel: Kernel, case: str, ani: Player) -> None:
    seen = begun(ani, case)
    set_date(kernel, date(2030, 3, 1))
    assert save(kernel, ani.actor, case, seen) == ""


def test_a_step_that_is_in_force_is_not_opened_again_where_the_table_does_not_take_it_anew(
    kernel: Kernel, case: str, grading: Player
) -> None:
    grading.do(case, "lihat", "tetapkan", step="nilai", data={"nilai": "baik"})
    with pytest.raises(Refusal) as refused:
        drafts.begin(kernel, grading.actor, case, "lihat", "nilai", kernel.clock.now())
    assert refused.value.code == "handed"
    assert cases.load(kernel, case).progress["lihat"].state.id == "sudah"


def test_a_step_that_has_the_case_before_to_start_from_takes_it_only_when_asked(
    kernel: Kernel, case: str, ani: Player
) -> None:
    handed(kernel, ani, begun(ani, case) and case)
    Player(kernel, "Budi Contoh").through("pembina").do(case, "tulis", "setujui")
    dedi = Player(kernel, "Dedi Contoh")
    new = Case.get(Case.person == person("Dedi Contoh")).id
    database.run("UPDATE cases SET previous = ? WHERE id = ?", case, new)
    now = kernel.clock.now()
    carried = drafts.begin(kernel, dedi.actor, new, "tulis", "pilih", now, carry=True)
    story = drafts.begin(kernel, dedi.actor, new, "tulis", "cerita", now, carry=True)
    assert (carried.draft, story.draft) == ({"buku": "laut"}, {}), "only a step that says so"
    Part.delete().where(Part.case == new).execute()
    assert drafts.begin(kernel, dedi.actor, new, "tulis", "pilih", now).draft == {}


def test_a_step_nobody_opened_stays_shut_once_the_plan_is_in_force(kernel: Kernel, case: str, grading: Player) -> None:
    mine = Part.get(Part.step == "cerita")
    Revision.delete().where(Revision.part == mine.id).execute()
    Part.delete().where(Part.id == mine.id).execute()
    ani = Player(kernel, "Ani Contoh")
    with pytest.raises(Refusal) as refused:
        drafts.begin(kernel, ani.actor, case, "tulis", "cerita", kernel.clock.now())
    assert refused.value.code == "not-now"


def test_a_stranger_who_writes_finds_no_case(kernel: Kernel, case: str, ani: Player) -> None:
    begun(ani, case)
    dedi = Actor(person("Dedi Contoh").id)
    assert save(kernel, dedi, case, 2) == "missing"
    with pytest.raises(Refusal) as refused:
        drafts.begin(kernel, dedi, case, "tulis", "cerita", kernel.clock.now())
    assert refused.value.code == "missing"


def test_what_was_handed_in_is_said_to_be_so_from_an_older_page(kernel: Kernel, case: str, ani: Player) -> None:
    seen = begun(ani, case)
    handed(kernel, ani, case)
    part = Part.get(Part.step == "cerita")
    assert seen < part.revision
    assert save(kernel, ani.actor, case, seen) == "handed"


def test_a_step_that_may_be_handed_in_anew_is_not_saved_from_a_page_before_its_hand_in(
    kernel: Kernel, case: str, grading: Player
) -> None:
    known = kernel.host.registry.stages["lihat"]
    again = replace(small.ONE.transitions[0], source="sudah")
    flow = replace(small.ONE, transitions=(*small.ONE.transitions, again))
    kernel.host.registry.stages["lihat"] = replace(known, flows={"satu": flow})
    grading.do(case, "lihat", "tetapkan", step="nilai", data={"nilai": "baik"})
    assert (save(kernel, grading.actor, case, 1, "nilai", "lihat"), kept("nilai")) == ("handed", None)
    assert save(kernel, grading.actor, case, 2, "nilai", "lihat") == "", "from the page as it is, it is opened anew"
