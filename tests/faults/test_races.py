"""Many hands at once: the same form twice, two decisions, two tabs. One of them counts and nobody's words are lost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from kinerja import cases, database, drafts
from kinerja.changes import Outcome
from kinerja.contracts import Refusal, Stale
from kinerja.kernel import Kernel
from kinerja.models import Applied, LogEntry, Part, Relation, Revision
from kinerja.sentences import say
from kinerja.testing import Player, case_of, person, unit
from kinerja_work import chain
from tests.faults.tools import SOAK

pytestmark = pytest.mark.faults

PLAN = "perencanaan"
ROUNDS = 40 if SOAK else 6
THREADS = 12


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run these at one moment, each in a thread with a connection of its own; answers what each returned or raised."""
    gate = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def one(number: int) -> None:
        with database.connection():
            gate.wait(30)
            try:
                answers[number] = acts[number]()
            except Exception as problem:
                answers[number] = problem
        if not database.proxy.is_closed():
            database.proxy.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


@pytest.fixture
def case(demo: Kernel) -> str:
    made = case_of("Sari Contoh", "Januari")
    Player(demo, "Sari Contoh").fill(made, PLAN)
    return made


def codes(case: str) -> Counter[str]:
    return Counter(one.code for one in LogEntry.select().where(LogEntry.case == case))


def revisions(case: str) -> set[int]:
    """How many revisions the parts of a case have: one number where all have as many."""
    return set(Counter(one.part_id for one in Revision.select().join(Part).where(Part.case == case)).values())


def test_twelve_times_the_same_hand_in_is_one_hand_in_and_twelve_same_answers(
    demo: Kernel, case: str, sari: Player
) -> None:
    for turn in range(1, ROUNDS + 1):
        key = f"satu-{turn}"
        answers = at_once([lambda k=key: sari.do(case, PLAN, "ajukan", key=k)] * THREADS)  # type: ignore[misc]
        version = cases.load(demo, case).view.version
        assert [type(one) for one in answers] == [Outcome] * THREADS
        assert Counter(one.repeated for one in answers) == {False: 1, True: THREADS - 1}
        assert {(one.state, one.label, one.version) for one in answers} == {("diajukan", "Perlu disetujui", version)}
        assert len({replace(one, repeated=False) for one in answers}) == 1
        assert Applied.select().where(Applied.key == key).count() == 1
        assert (codes(case)["ajukan"], revisions(case)) == (turn, {turn})
        sari.do(case, PLAN, "tarik")
    assert chain.broken(unit("99990101").id) is None


def test_of_two_hand_ins_with_different_keys_one_counts_and_the_other_is_told_how_it_stands(
    demo: Kernel, case: str, sari: Player
) -> None:
    label = cases.load(demo, case).rule(PLAN).label
    for turn in range(1, ROUNDS + 1):
        answers = at_once([lambda: sari.do(case, PLAN, "ajukan")] * 2)
        made = [one for one in answers if isinstance(one, Outcome)]
        refused = [one for one in answers if isinstance(one, Refusal)]
        assert [one.state for one in made] == ["diajukan"]
        assert [(one.code, one.sentence) for one in refused] == [
            ("not-now", say("not-now", stage=label, state="Perlu disetujui"))
        ]
        assert (codes(case)["ajukan"], revisions(case)) == (turn, {turn})
        sari.do(case, PLAN, "tarik")


def test_of_two_heads_deciding_at_once_one_decides_and_the_plan_is_in_one_state(
    demo: Kernel, case: str, sari: Player, budi: Player
) -> None:
    other = Player(demo, "Ratmi Contoh").through("kepala-dinas")
    Relation.create(
        case=case, kind="memutuskan", person=person("Ratmi Contoh"), assignment=other.assignment, since="2024-01-01"
    )
    won: Counter[str] = Counter()
    for _ in range(ROUNDS):
        sari.do(case, PLAN, "ajukan")
        answers = at_once(
            [
                lambda: budi.do(case, PLAN, "setujui"),
                lambda: other.do(case, PLAN, "kembalikan", note="Tambahkan satu pelatihan."),
            ]
        )
        made = [one for one in answers if isinstance(one, Outcome)]
        assert [one.code for one in answers if isinstance(one, Refusal)] == ["not-now"]
        assert [one.state for one in made] == [cases.load(demo, case).progress[PLAN].state.id]
        won[made[0].state] += 1
        if made[0].state == "disetujui":
            sari.do(case, PLAN, "tolak-sepakat", note="Bicarakan lagi.")
            sari.do(case, PLAN, "tarik")
    told = codes(case)
    assert (told["setujui"], told["kembalikan"]) == (won["disetujui"], won["dikembalikan"])
    assert sum(won.values()) == ROUNDS


def test_of_two_tabs_that_save_the_same_draft_one_is_kept_and_the_other_gets_both_texts(
    demo: Kernel, case: str, sari: Player
) -> None:
    part = Part.get((Part.case == case) & (Part.step == "praktik"))
    seen = part.revision

    def save(revision: int, text: str) -> int:
        return drafts.save_draft(
            demo, sari.actor, case, PLAN, "praktik", revision, {"indikator": text}, demo.clock.now()
        )

    for turn in range(10 * ROUNDS):
        texts = [f"tab satu {turn}", f"tab dua {turn}"]
        answers = at_once([lambda t=text, s=seen: save(s, t) for text in texts])  # type: ignore[misc]
        kept = Part.get_by_id(part.id)
        winner = answers.index(seen + 1)
        stale = answers[1 - winner]
        assert isinstance(stale, Stale)
        assert (kept.revision, kept.draft) == (seen + 1, {"indikator": texts[winner]})
        assert (stale.current, stale.yours, stale.revision) == (
            {"indikator": texts[winner]}, {"indikator": texts[1 - winner]}, seen + 1,
        )  # fmt: skip
        seen += 1


def test_a_draft_that_is_saved_while_it_is_handed_in_is_handed_in_whole_or_refused(
    demo: Kernel, case: str, sari: Player
) -> None:
    """Whichever comes first, what was handed in is a text somebody saw, and no draft is left beside it."""
    for turn in range(ROUNDS):
        part = Part.get((Part.case == case) & (Part.step == "praktik"))
        before = part.draft
        options = sari.form(case, PLAN, "praktik").fields[0].options
        after = {"indikator": options[(turn + 1) % len(options)].id}
        numbers = {one.step: one.revision for one in Part.select().where(Part.case == case)}
        saved, handed = at_once(
            [
                lambda p=part, a=after: drafts.save_draft(  # type: ignore[misc]
                    demo, sari.actor, case, PLAN, "praktik", p.revision, a, demo.clock.now()
                ),
                lambda n=numbers: sari.do(case, PLAN, "ajukan", seen=n),  # type: ignore[misc]
            ]
        )
        now = next(one for one in cases.load(demo, case).parts if one.step == "praktik")
        if isinstance(handed, Outcome):
            assert (now.draft, now.handed) == (None, before)
            assert [isinstance(saved, Refusal), getattr(saved, "code", "")] == [True, "handed"]
            sari.do(case, PLAN, "tarik")
        else:
            assert (type(handed), saved, now.draft, now.handed_number) == (
                Stale, part.revision + 1, after, part.handed,
            )  # fmt: skip
