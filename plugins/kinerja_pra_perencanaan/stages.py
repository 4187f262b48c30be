"""The stages of a school's case. One table for all: steps go alone, in order, each by its author, and count at once.

What is done can be handed in again to change it; what is in force stays in force until then.
"""

from __future__ import annotations

from dataclasses import replace

from kinerja import (
    AUTHOR,
    Fact,
    FactSpec,
    Flow,
    Kind,
    Stage,
    StageContext,
    StageProjection,
    State,
    Task,
    Tone,
    Transition,
)
from kinerja_pra_perencanaan import opening, targets
from kinerja_pra_perencanaan.school import DECIDES

FLOW = "sekolah"
PREPARED = "pra-perencanaan.selesai"

BEGUN = State("berjalan", "Berjalan", "dikerjakan", "mine")
NOT_NEEDED = State("tidak-perlu", "Tidak perlu", "selesai")


def _flow(first: State, done: State, *, again: bool = True) -> Flow:
    """The table with its own words for its first and last state; `again`: what is done may be handed in once more."""
    moves = [(first, BEGUN), (BEGUN, BEGUN), *([(done, done)] if again else [])]
    rows = tuple(
        Transition("serahkan", "Simpan", one.id, two.id, AUTHOR, "menyelesaikan", hand_in=True, settles=True)
        for one, two in moves
    )
    return Flow((first, BEGUN, done, NOT_NEEDED), rows, lone="serahkan", ordered=True)


def _first(label: str, kind: Kind = "belum", tone: Tone = "quiet") -> State:
    return State("belum", label, kind, tone)


def _done(label: str) -> State:
    return State("selesai", label, "selesai", "good")


def _standing(ctx: StageContext, flow: Flow) -> State:
    """Where the steps themselves say that a stage stands. One that is done stays so while something is being changed."""
    done = flow.state("selesai")
    states = {step.state for step in ctx.steps}
    if states <= {"effective"} or (ctx.state == done and "none" not in states):
        return done
    return flow.states[0] if states == {"none"} else BEGUN


def _turn(ctx: StageContext, sentence: str = "") -> tuple[Task, ...]:
    """The turn of the author of the first step that does not count yet."""
    step = next((step for step in ctx.steps if step.state != "effective" and step.author), None)
    if step is None:
        return ()
    kind: Kind = "dikerjakan" if step.state in ("draft", "returned") else "menunggu"
    return (Task(step.author, step.label, step.id, kind, sentence, ctx.due),)


def _project(ctx: StageContext, flow: Flow, sentence: str) -> StageProjection:
    state = _standing(ctx, flow)
    return StageProjection(state, tasks=_turn(ctx, sentence) if state.kind != "selesai" else ())


def prepare(ctx: StageContext) -> StageProjection:
    """The school is prepared when all its steps count, and stays so while one of them is changed."""
    made = _project(ctx, PREPARING, "Guru menunggu langkah sekolah ini.")
    done = made.state == PREPARING.state("selesai")
    return replace(made, facts=(Fact(PREPARED, True, "Selesai"),)) if done else made


def choose_team(ctx: StageContext) -> StageProjection:
    """The head says who is in the team, or that there is none; nobody waits for it."""
    if DECIDES not in ctx.case.holders:
        return StageProjection(_standing(ctx, CHOOSING))
    return _project(ctx, CHOOSING, "Boleh juga bekerja tanpa tim.")


def write_targets(ctx: StageContext) -> StageProjection:
    """Asked only where a rubric for this school has indicators without official targets."""
    if not targets.open_indicators(ctx.contents, ctx.case, ctx.switches, ctx.today):
        return StageProjection(NOT_NEEDED)
    return _project(ctx, WRITING, "Target perilaku resmi belum diterbitkan. Susun bersama guru.")


def begin(ctx: StageContext) -> StageProjection:
    """A turn to begin the period where the scheme asks for it here."""
    made = _project(ctx, BEGINNING, "Pegawai di sekolah ini menunggu periode dimulai.")
    if made.state != BEGINNING.state("selesai") and not opening.asked(ctx.case, ctx.facts, ctx.switches):
        return StageProjection(NOT_NEEDED)
    return made


PREPARING = _flow(_first("Belum dimulai"), _done("Selesai"))
CHOOSING = _flow(_first("Belum disusun"), _done("Sudah disusun"))
WRITING = _flow(_first("Belum diisi", "menunggu", "wait"), _done("Sudah diisi"))
BEGINNING = _flow(_first("Belum dimulai", "menunggu", "wait"), _done("Sudah dimulai"), again=False)

PREPARATION = Stage(
    "pra-perencanaan",
    "Pra-perencanaan",
    {FLOW: PREPARING},
    prepare,
    (FactSpec(PREPARED, "Pra-perencanaan sekolah", DECIDES, about="state"),),
)
TEAM = Stage("tim-kerja", "Tim Kerja", {FLOW: CHOOSING}, choose_team)
TARGETS = Stage("isi-sekolah", "Target perilaku dari sekolah", {FLOW: WRITING}, write_targets)
OPENING = Stage("pembukaan", "Pembukaan periode", {FLOW: BEGINNING}, begin)
