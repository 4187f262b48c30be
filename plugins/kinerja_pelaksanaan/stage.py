"""The execution table: each step is handed in alone, in the scheme's order, and counts at once."""

from __future__ import annotations

from dataclasses import replace

from kinerja import AUTHOR, SUBJECT, Flow, Stage, StageContext, StageProjection, State, Task, Transition

BEGUN = State("berjalan", "Berjalan", "dikerjakan", "mine")
NOT_BEGUN = State("belum", "Belum dimulai", "belum")
DONE = State("selesai", "Selesai", "selesai", "good")

_HAND_IN = Transition(
    "serahkan", "Selesaikan", "belum", "berjalan", AUTHOR, "menyelesaikan", hand_in=True, settles=True, window=True
)

FLOW = Flow(
    states=(NOT_BEGUN, BEGUN, DONE),
    transitions=(
        Transition("mulai", "Mulai", "belum", "berjalan", AUTHOR, "memulai", begins=True, quiet=True),
        _HAND_IN,
        replace(_HAND_IN, source="berjalan"),
    ),
    lone="serahkan",
    ordered=True,
)


def project(ctx: StageContext) -> StageProjection:
    """Done when every step counts; until then one open turn, for the author of the first step that does not."""
    following = next((step for step in ctx.steps if step.state != "effective"), None)
    if following is None:
        return StageProjection(state=DONE if ctx.steps else None)
    begun = any(step.state != "none" for step in ctx.steps)
    label = f"Isi {following.label}" if following.author == SUBJECT else following.label
    kind = BEGUN.kind if following.state in ("draft", "returned") else "menunggu"
    task = Task(following.author, label, following.id, kind, due=ctx.due)
    return StageProjection(state=BEGUN if begun else NOT_BEGUN, tasks=(task,) if following.author else ())


STAGE = Stage(id="pelaksanaan", label="Pelaksanaan Kinerja", flows={"berurutan": FLOW}, project=project)
