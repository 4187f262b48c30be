"""The execution table: each step is handed in alone, in the scheme's order, and counts at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kinerja import AUTHOR, SUBJECT, Flow, Stage, StageContext, StageProjection, State, Task, Transition
from kinerja_pelaksanaan.observation import STEP as OBSERVATION
from kinerja_pelaksanaan.preparation import DAY

OBSERVED = OBSERVATION.id
BEGUN = State("berjalan", "Berjalan", "dikerjakan", "mine")
NOT_BEGUN = State("belum", "Belum dimulai", "belum")
DONE = State("selesai", "Selesai", "selesai", "good")
IMPOSSIBLE = State("tidak-dilaksanakan", "Tidak dapat dilaksanakan", "selesai", "quiet")
"""The assessor said why nothing more can be done here (leave, retirement, a head taken ill): nobody waits for it."""

_HAND_IN = Transition(
    "serahkan", "Selesaikan", "belum", "berjalan", AUTHOR, "menyelesaikan", hand_in=True, settles=True, window=True
)

_GIVE_UP = Transition(
    "lewati",
    "Tidak dapat dilaksanakan",
    "belum",
    "tidak-dilaksanakan",
    "memutuskan",
    "menyatakan pelaksanaan tidak dapat dilaksanakan",
    note="must",
    confirm="Tulis alasannya. Yang sudah diisi tetap tersimpan, dan pelaksanaan dapat dilanjutkan lagi.",
)

FLOW = Flow(
    states=(NOT_BEGUN, BEGUN, DONE, IMPOSSIBLE),
    transitions=(
        Transition("mulai", "Mulai", "belum", "berjalan", AUTHOR, "memulai", begins=True, quiet=True),
        _HAND_IN,
        replace(_HAND_IN, source="berjalan"),
        _GIVE_UP,
        replace(_GIVE_UP, source="berjalan"),
        Transition(
            "lanjutkan",
            "Lanjutkan pelaksanaan",
            "tidak-dilaksanakan",
            "berjalan",
            "memutuskan",
            "melanjutkan pelaksanaan",
        ),
    ),
    lone="serahkan",
    ordered=True,
)


def project(ctx: StageContext) -> StageProjection:
    """Done when every step counts; until then one open turn, for the author of the first step that does not. What cannot be
    carried out stays so until the assessor goes on with it. An observation waits for the day that was agreed."""
    if ctx.state.id == IMPOSSIBLE.id:
        return StageProjection()
    following = next((step for step in ctx.steps if step.state != "effective"), None)
    if following is None:
        return StageProjection(state=DONE if ctx.steps else None)
    begun = any(step.state != "none" for step in ctx.steps)
    label = f"Isi {following.label}" if following.author == SUBJECT else following.label
    kind = BEGUN.kind if following.state in ("draft", "returned") else "menunggu"
    opens = date.fromisoformat(str(ctx.facts[DAY].value)) if following.id == OBSERVED and DAY in ctx.facts else None
    task = Task(following.author, label, following.id, kind, due=ctx.due, opens=opens)
    return StageProjection(state=BEGUN if begun else NOT_BEGUN, tasks=(task,) if following.author else ())


STAGE = Stage(id="pelaksanaan", label="Pelaksanaan Kinerja", flows={"berurutan": FLOW}, project=project)
