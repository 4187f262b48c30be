"""The planning table between two sides: the employee hands a plan in, the assessor answers, both agree."""

from __future__ import annotations

from dataclasses import replace

from kinerja import (
    SUBJECT,
    SYSTEM,
    Fact,
    FactSpec,
    Flow,
    Stage,
    StageContext,
    StageProjection,
    State,
    Task,
    Transition,
)

DECIDES = "memutuskan"
AGREED = "rencana.disepakati"

_STATES = (
    State("belum", "Belum dimulai", "belum"),
    State("draf", "Draf", "dikerjakan", "mine"),
    State("diajukan", "Perlu disetujui", "menunggu", "wait"),
    State("dikembalikan", "Dikembalikan dengan catatan", "dikembalikan", "bad"),
    State("disetujui", "Menunggu disepakati", "menunggu", "wait"),
    State("disepakati", "Disepakati", "selesai", "good"),
)

_HAND_IN = Transition(
    "ajukan",
    "Ajukan",
    "draf",
    "diajukan",
    SUBJECT,
    "mengajukan rencana",
    hand_in=True,
    window=True,
    confirm="Sudah dicek? Setelah diajukan, rencana tidak dapat diubah sampai diperiksa atau ditarik kembali.",
)
_APPROVE = Transition("setujui", "Setujui", "diajukan", "disetujui", DECIDES, "menyetujui rencana", note="may")
_APPROVE_ADJUSTED = replace(
    _APPROVE, label="Setujui dengan penyesuaian", past="menyetujui rencana dengan penyesuaian", adjusted=True
)

_TRANSITIONS = (
    Transition("mulai", "Mulai", "belum", "draf", SUBJECT, "memulai rencana", begins=True, quiet=True),
    _HAND_IN,
    replace(_HAND_IN, source="dikembalikan", past="mengajukan kembali rencana"),
    Transition(
        "tarik",
        "Tarik kembali",
        "diajukan",
        "draf",
        SUBJECT,
        "menarik kembali rencana",
        returns=True,
        switch=("tarik", ("sampai-diputuskan",)),
    ),
    Transition("sesuaikan", "Sesuaikan", "diajukan", "diajukan", DECIDES, "menyesuaikan rencana", edits=True),
    # One button, four rows: whether both must agree is the scheme's word, and an adjusted plan needs it sooner.
    replace(_APPROVE, switch=("kesepakatan", ("selalu",)), adjusted=False),
    replace(_APPROVE_ADJUSTED, switch=("kesepakatan", ("selalu", "bila-disesuaikan"))),
    replace(
        _APPROVE,
        target="disepakati",
        settles=True,
        switch=("kesepakatan", ("tanpa", "bila-disesuaikan")),
        adjusted=False,
    ),
    replace(_APPROVE_ADJUSTED, target="disepakati", settles=True, switch=("kesepakatan", ("tanpa",))),
    Transition(
        "kembalikan",
        "Kembalikan dengan catatan",
        "diajukan",
        "dikembalikan",
        DECIDES,
        "mengembalikan rencana dengan catatan",
        returns=True,
        note="must",
    ),
    Transition("sepakati", "Sepakati", "disetujui", "disepakati", SUBJECT, "menyepakati rencana", settles=True),
    Transition(
        "tolak-sepakat",
        "Bicarakan lagi",
        "disetujui",
        "diajukan",
        SUBJECT,
        "meminta rencana dibicarakan lagi",
        note="must",
    ),
    Transition(
        "otomatis",
        "Disetujui sistem",
        "diajukan",
        "disepakati",
        SYSTEM,
        "menyetujui rencana secara otomatis",
        settles=True,
        auto="otomatis_bila",
    ),
    Transition(
        "revisi",
        "Ubah rencana",
        "disepakati",
        "draf",
        SUBJECT,
        "membuka kembali rencana",
        reopens=True,
        note="must",
        switch=("revisi", ("dengan-alasan",)),
        confirm="Rencana yang disepakati menjadi draf lagi dan perlu diajukan kembali.",
    ),
)

_TURNS = {
    "belum": (SUBJECT, "Susun rencana", ""),
    "draf": (SUBJECT, "Lengkapi rencana", ""),
    "dikembalikan": (SUBJECT, "Perbaiki rencana", "Baca catatannya, perbaiki, lalu ajukan kembali."),
    "diajukan": (DECIDES, "Periksa rencana", ""),
    "disetujui": (SUBJECT, "Sepakati rencana", "Satu langkah lagi: sepakati rencana."),
}


def project(ctx: StageContext) -> StageProjection:
    """Whose turn it is in each state, and the fact others wait for once both have agreed."""
    if ctx.state.id == "disepakati":
        return StageProjection(facts=(Fact(AGREED, True, "Disepakati"),))
    relation, label, sentence = _TURNS[ctx.state.id]
    task = Task(relation, label, _next_step(ctx), ctx.state.kind, sentence, ctx.due)
    return StageProjection(tasks=(task,))


def _next_step(ctx: StageContext) -> str:
    if ctx.state.id in ("diajukan", "disetujui") or not ctx.steps:
        return ""
    return next((step.id for step in ctx.steps if step.state == "none"), ctx.steps[-1].id)


STAGE = Stage(
    id="perencanaan",
    label="Perencanaan Kinerja",
    flows={"dua-pihak": Flow(_STATES, _TRANSITIONS)},
    project=project,
    gives=(FactSpec(AGREED, "Rencana disepakati", SUBJECT),),
)
