"""The one judge (Law 13): whatever the state, actor and day, what is offered is what `apply` takes, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kinerja import cases, flows, judging, limits, moves
from kinerja.changes import Ask
from kinerja.contracts import AUTHOR, SYSTEM, Actor, Refusal, StageRule, Stale, State
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded, PartView, replace_seen
from kinerja.models import Case, Period
from kinerja.testing import Player, case_of, set_date
from tests.faults.tools import SOAK

YEARS = [date(2024, 1, 22), date(2025, 1, 6), date(2026, 1, 5)]
THEIRS = {"incomplete", "changed-while-reading", "stale"}
"""Codes of refusals that are the form's or a version's, not the judge's."""
NOTE = "Alasan yang cukup panjang."


def loaded_cases(kernel: Kernel, day: date) -> list[Loaded]:
    """One case of each scheme, period, role and stage list that is open on a day of the demo."""
    found: dict[tuple[object, ...], str] = {}
    for case in (
        Case.select()
        .join(Period)
        .where(Case.closed_at.is_null())
        .order_by(Period.starts, Case.unit, Case.person, Case.role)
    ):  # not by id: those are drawn anew with each demo
        seen = cases.load(kernel, case.id)
        rules = tuple((rule.id, rule.steps) for rule in seen.rules())
        acting = any(one.acting for one in seen.view.holders.values())
        found.setdefault((case.period.scheme, case.period.key, case.role, acting, rules), case.id)
    return [cases.load(kernel, id) for id in found.values()]


def actors(seen: Loaded) -> list[Actor]:
    """Everybody who stands in a relation, each as an employee too, a stranger, and the system."""
    known = {Actor(person, via) for _, person, via in seen.relations}
    known |= {Actor(one.person) for one in known} | {Actor(10**6), Actor(None)}
    return sorted(known, key=str)


def moments(seen: Loaded, rule: StageRule) -> list[datetime]:
    """Both sides of every edge: the stage opens, its last day, the period's last day; the middle one stands first."""
    zone = ZoneInfo(seen.view.unit.zone)
    found = limits.window_of(seen, rule)
    opens, closes = (found[1], found[2]) if found else (seen.view.period.starts, seen.view.period.ends)
    edges = [opens, opens - timedelta(days=1), closes, closes + timedelta(days=1), seen.period_closes]
    edges.append(seen.period_closes + timedelta(days=1))
    late, early = time(23, 59, 59), time(0, 0)
    return [datetime.combine(day, at, zone).astimezone(UTC) for day in edges for at in (late, early)]


def states(kernel: Kernel, seen: Loaded, rule: StageRule) -> Iterator[Loaded]:
    """The case in every state of the stage's flow, adjusted and not, with nothing, a draft, or all handed in."""
    found = flows.flow_of(kernel, rule)
    old = seen.progress.get(rule.id)
    if found is None or old is None:
        return
    written = [one for one in seen.parts if one.stage != rule.id]
    for state in found[1].states:
        for adjusted in (False, True):
            for parts in ((), part_of(seen, rule, drafted=True), part_of(seen, rule, drafted=False)):
                yield with_state(seen, rule, state, adjusted, (*written, *parts))


def with_state(seen: Loaded, rule: StageRule, state: State, adjusted: bool, parts: tuple[PartView, ...]) -> Loaded:
    progress = {**seen.progress, rule.id: replace(seen.progress[rule.id], state=state, adjusted=adjusted)}
    return replace_seen(seen, progress=progress, parts=parts)


def part_of(seen: Loaded, rule: StageRule, drafted: bool) -> tuple[PartView, ...]:
    """A part of every step by whoever writes it, as a draft or handed in and in force."""
    made = []
    for n, name in enumerate(rule.steps):
        author = next((person for kind, person, _ in seen.relations if kind == AUTHORS.get(name)), None)
        if author is None:
            continue
        draft, number = ({}, None) if drafted else (None, 1)
        answers = None if drafted else {}
        made.append(
            PartView(
                id=n,
                stage=rule.id,
                step=name,
                cycle=1,
                author=author,
                name=name,
                revision=1,
                draft=draft,
                draft_at=None,
                handed=answers,
                handed_number=number,
                handed_view=(),
                effective=answers,
                effective_number=number,
                effective_view=(),
                returned=False,
                snapshot=seen.snapshot.hash,
            )
        )
    return tuple(made)


AUTHORS: dict[str, str] = {}


def taken(kernel: Kernel, seen: Loaded, ask: Ask) -> str:
    """What the change's judge says: nothing when it takes it, else its sentence."""
    try:
        judging.judge(kernel, seen, ask)
    except Stale:
        return ""
    except Refusal as refusal:
        return "" if refusal.code in THEIRS else refusal.sentence
    return ""


def held_against_apply(kernel: Kernel, seen: Loaded, rule: StageRule, actor: Actor, at: datetime) -> int:
    """Every row of the stage's table asked for by one actor, against what `moves` offers them; how many were."""
    may = moves.moves(kernel, seen, actor, at)
    found = flows.flow_of(kernel, rule)
    assert found is not None
    asked = 0
    for row in dict.fromkeys(row.id for row in found[1].transitions):
        several = any(one.by == AUTHOR or one.edits for one in found[1].transitions if one.id == row)
        for step in (*rule.steps, "tidak-ada") if several else ("",):
            offered = [
                one for one in may.moves
                if one.row is not None and one.stage == rule.id and one.row.id == row and not one.opened and one.step in ("", step)
            ]  # fmt: skip
            told = taken(kernel, seen, Ask("k", seen.view.id, rule.id, row, actor, at, step=step, note=NOTE))
            where = (
                seen.view.period.label,
                seen.view.role,
                rule.id,
                seen.progress[rule.id].state.id,
                row,
                step,
                actor,
                at,
            )
            assert (told == "") == any(one.refused is None for one in offered), (*where, told, offered)
            if offered and offered[0].refused is not None:
                assert told == offered[0].refused.sentence or told.startswith("Periode "), (*where, told)
            asked += 1
    for step in rule.steps if actor.person is not None else ():
        asked += 1
        try:
            judging.writing(kernel, seen, actor, rule.id, step, at)
        except Refusal as refusal:
            move = may.one("write", rule.id, step)
            assert move is None or (move.refused is not None and move.refused.sentence == refusal.sentence), refusal
        else:
            assert may.may("write", rule.id, step)
    return asked


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("day", YEARS, ids=str)
def test_whatever_the_state_actor_and_day_what_is_offered_is_taken_and_nothing_else(
    demo: Kernel, day: date, capsys: pytest.CaptureFixture[str]
) -> None:
    """The judge reads no database, so one engine is enough; `make soak` takes every state, the rest one in eleven."""
    if day != YEARS[0]:
        set_date(demo, day)
    AUTHORS.update({id: step.author for id, step in demo.host.registry.steps.items()})
    walked: dict[str, int] = {}
    turns: dict[str, int] = {}
    for seen in loaded_cases(demo, day):
        for rule in seen.rules():
            for n, standing in enumerate(states(demo, seen, rule)):
                key = f"{seen.view.period.scheme}/{rule.flow}"
                turns[key] = turns.get(key, 0) + 1
                if not SOAK and turns[key] % 11 != 1:
                    continue
                here = moments(standing, rule)
                for actor in actors(standing):
                    for at in here if SOAK else [here[0], here[1 + n % (len(here) - 1)]]:
                        walked[key] = walked.get(key, 0) + held_against_apply(demo, standing, rule, actor, at)
    with capsys.disabled():
        print("\nwalked", sum(walked.values()), walked)
    assert min(walked.values(), default=0) > 50


def test_a_hard_end_stops_hand_ins_and_never_answers(demo: Kernel) -> None:
    sari, budi = Player(demo, "Sari Contoh"), Player(demo, "Budi Contoh").through("kepala-sekolah")
    case = case_of("Sari Contoh", "Januari")
    sari.fill(case, "perencanaan")
    drafted = cases.load(demo, case)
    sari.do(case, "perencanaan", "ajukan")
    handed = cases.load(demo, case)
    late = datetime(2024, 4, 2, 3, tzinfo=UTC)

    def hard(seen: Loaded) -> Loaded:
        stages = tuple(
            replace(rule, windows=tuple(replace(one, hard=True) for one in rule.windows))
            for rule in seen.snapshot.scheme.stages
        )
        return replace_seen(seen, snapshot=replace(seen.snapshot, scheme=replace(seen.snapshot.scheme, stages=stages)))

    def offered(seen: Loaded, actor: Actor) -> dict[str, str]:
        may = moves.moves(demo, hard(seen), actor, late)
        found = [
            one for one in may.moves if one.stage == "perencanaan" and one.row is not None and one.act != "hand_in"
        ]
        return {one.row.id: one.refused.code if one.refused else "" for one in found}

    assert offered(drafted, sari.actor) == {"ajukan": "too-late"}
    assert moves.moves(demo, hard(drafted), sari.actor, late).may("write", "perencanaan", "praktik")
    assert offered(handed, budi.actor) == {"setujui": "", "kembalikan": "", "sesuaikan": ""}
    assert offered(handed, sari.actor) == {"tarik": ""}


def test_moves_say_what_is_asked_of_somebody_apart_from_what_they_merely_may(demo: Kernel) -> None:
    sari, budi = Player(demo, "Sari Contoh"), Player(demo, "Budi Contoh").through("kepala-sekolah")
    case = case_of("Sari Contoh", "Januari")
    sari.fill(case, "perencanaan")
    sari.do(case, "perencanaan", "ajukan")
    seen, now = cases.load(demo, case), demo.clock.now()
    found = {
        who.name: {
            (one.row.id, one.asked)
            for one in moves.moves(demo, seen, who.actor, now).of("row", "perencanaan")
            if one.row
        }
        for who in (sari, budi)
    }
    assert found == {"Sari Contoh": {("tarik", False)}, "Budi Contoh": {("setujui", True), ("kembalikan", True)}}


def test_moves_have_a_json_form_with_the_refusal_its_day_and_whom_it_names(demo: Kernel) -> None:
    seen = cases.load(demo, case_of("Sari Contoh", "Januari"))
    told = moves.moves(demo, seen, Player(demo, "Sari Contoh").actor, demo.clock.now()).json()
    early = [one for one in told["langkah"] if one["tindakan"] == "write" and "ditolak" in one]
    assert (told["kasus"], told["hubungan"]) == (seen.view.id, ["pegawai"])
    later = next(one["ditolak"]["kode"] for one in early if one["tahap"] == "pelaksanaan")
    assert later in ("too-early", "waits")


def test_under_a_plt_the_guides_warning_and_both_its_dates_stand_before_the_hand_in(demo: Kernel) -> None:
    komang = Player(demo, "Komang Contoh")
    case = case_of("Komang Contoh", "Januari")
    komang.fill(case, "perencanaan")
    seen, now = cases.load(demo, case), demo.clock.now()
    move = moves.moves(demo, seen, komang.actor, now).one("row", "perencanaan")
    assert move is not None and move.row is not None and move.row.id == "ajukan"
    assert (
        "langsung disetujui sistem" in move.confirm,
        "1 Februari" in move.confirm,
        "16 Februari" in move.confirm,
    ) == (True,) * 3
    assert komang.do(case, "perencanaan", "ajukan").label == "Disetujui sistem"


@pytest.mark.parametrize("name", ["Sari Contoh", "Agus Contoh", "Kartini Contoh"])
def test_under_a_definitive_head_the_warning_is_not_said(demo: Kernel, name: str) -> None:
    who, case = Player(demo, name), case_of(name, "Januari")
    who.fill(case, "perencanaan")
    move = moves.moves(demo, cases.load(demo, case), who.actor, demo.clock.now()).one("row", "perencanaan")
    assert move is not None and "langsung" not in move.confirm and "sampai diperiksa" in move.confirm


def test_nobody_without_a_relation_is_offered_anything(demo: Kernel) -> None:
    now = demo.clock.now()
    for seen in loaded_cases(demo, YEARS[0]):
        assert moves.moves(demo, seen, Actor(10**6), now).moves == ()
        assert {one.act for one in moves.moves(demo, seen, Actor(None), now).moves} <= {"row", "begin"}
        assert moves.moves(demo, seen, Actor(None), now).relations == frozenset({SYSTEM})
