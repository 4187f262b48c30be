"""The planning table between two sides: the employee hands a plan in, the assessor answers, both agree."""

from __future__ import annotations

from dataclasses import replace

from kinerja import (
    AUTHOR,
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
from kinerja_perencanaan import recommendation, summary

DECIDES = "memutuskan"
RECOMMENDS = "menyarankan"
ARRANGES = "menata"
"""Who finds a decider where there is none: staff of the Dinas."""
AGREED = "rencana.disepakati"

_STATES = (
    State("belum", "Belum dimulai", "belum"),
    State("draf", "Draf", "dikerjakan", "mine"),
    State("diajukan", "Perlu disetujui", "menunggu", "wait"),
    State("dikembalikan", "Dikembalikan dengan catatan", "dikembalikan", "bad"),
    State("disetujui", "Menunggu disepakati", "menunggu", "wait"),
    State("disepakati", "Disepakati", "selesai", "good"),
    State("disetujui-sistem", "Disetujui sistem", "selesai", "good"),
    State("ditinjau", "Ditinjau atasan", "menunggu", "wait"),
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
_UNCHANGED = replace(_APPROVE, adjusted=False, several="sekaligus")
_ADJUSTED = replace(
    _APPROVE, label="Setujui dengan penyesuaian", past="menyetujui rencana dengan penyesuaian", adjusted=True
)
_ADJUST = Transition("sesuaikan", "Sesuaikan", "diajukan", "diajukan", DECIDES, "menyesuaikan rencana", edits=True)
_SAY = Transition("catat", "Kirim", "diajukan", "diajukan", AUTHOR, "mengisi", hand_in=True, settles=True)
_REVISE = Transition(
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
    _ADJUST,
    _SAY,
    # One button, four rows: whether both must agree is the scheme's word, and an adjusted plan needs it sooner.
    replace(_UNCHANGED, switch=("kesepakatan", ("selalu",))),
    replace(_ADJUSTED, switch=("kesepakatan", ("selalu", "bila-disesuaikan"))),
    replace(_UNCHANGED, target="disepakati", settles=True, switch=("kesepakatan", ("tanpa", "bila-disesuaikan"))),
    replace(_ADJUSTED, target="disepakati", settles=True, switch=("kesepakatan", ("tanpa",))),
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
    # What an assessor adjusted is never approved by the system: it would settle it over the employee's objection.
    Transition(
        "otomatis",
        "Disetujui sistem",
        "diajukan",
        "disetujui-sistem",
        SYSTEM,
        "menyetujui rencana secara otomatis",
        settles=True,
        auto="otomatis_bila",
        adjusted=False,
        confirm="Begitu diajukan, rencana ini langsung disetujui sistem, tanpa diperiksa lebih dahulu. Pastikan sudah sesuai.",
    ),
    _REVISE,
    replace(
        _REVISE,
        source="disetujui-sistem",
        confirm="Rencana yang disetujui sistem menjadi draf lagi dan perlu diajukan kembali.",
    ),
    Transition(
        "tinjau",
        "Tinjau lagi",
        "disetujui-sistem",
        "ditinjau",
        DECIDES,
        "meninjau lagi rencana yang disetujui sistem",
        note="must",
        switch=("tinjau", ("boleh",)),
        when={f"{DECIDES}.acting": [False]},
        confirm="Rencana yang berlaku tetap berlaku sampai Anda selesai meninjau.",
    ),
    replace(_ADJUST, source="ditinjau", target="ditinjau"),
    replace(_SAY, source="ditinjau", target="ditinjau"),
    replace(_UNCHANGED, source="ditinjau", target="disepakati", settles=True, several=""),
    replace(_ADJUSTED, source="ditinjau"),
)

_TURNS = {
    "belum": (SUBJECT, "Susun rencana", ""),
    "draf": (SUBJECT, "Lengkapi rencana", ""),
    "dikembalikan": (SUBJECT, "Perbaiki rencana", "Baca catatannya, perbaiki, lalu ajukan kembali."),
    "diajukan": (DECIDES, "Periksa rencana", ""),
    "disetujui": (SUBJECT, "Sepakati rencana", "Satu langkah lagi: sepakati rencana."),
    "ditinjau": (DECIDES, "Selesaikan tinjauan rencana", "Rencana yang berlaku tetap berlaku selama ditinjau."),
}
_VACANT = {
    "guru": (
        "Tentukan Kepala Sekolah",
        "Sekolah ini belum punya Kepala Sekolah atau Plt. Rencana menunggu sampai Dinas Pendidikan menetapkannya.",
    )
}
_VACANT_ELSE = (
    "Tentukan Pejabat Penilai Kinerja",
    "Rencana ini belum punya Pejabat Penilai Kinerja. Rencana menunggu sampai Dinas Pendidikan menetapkannya.",
)
"""By role of the employee: what is missing where nobody can decide."""


def project(ctx: StageContext) -> StageProjection:
    """Whose turn it is in each state, and the fact others wait for: a plan in force holds on while it is changed."""
    if ctx.state.kind == "selesai":
        return StageProjection(facts=(Fact(AGREED, True, ctx.state.label),))
    held = ctx.state.id == "ditinjau" or summary.FACT in ctx.facts
    facts = (Fact(AGREED, True, "Berlaku"),) if held else ()
    if ctx.state.id in ("diajukan", "ditinjau") and DECIDES not in ctx.case.holders:
        return _vacant(ctx, facts)
    relation, label, sentence = _TURNS[ctx.state.id]
    tasks = [Task(relation, label, _next_step(ctx), ctx.state.kind, _doubt(ctx) or sentence, ctx.due)]
    if _unrecommended(ctx):
        tasks.insert(0, Task(RECOMMENDS, "Beri rekomendasi", recommendation.ID, ctx.state.kind, due=ctx.due))
    return StageProjection(facts=facts, tasks=tuple(tasks))


def _doubt(ctx: StageContext) -> str:
    """What a team or pengawas wants to be talked about, which the decider reads before deciding."""
    said = ctx.facts.get(recommendation.FACT)
    return said.label if said is not None and recommendation.doubts(said) and ctx.state.id == "diajukan" else ""


def _vacant(ctx: StageContext, facts: tuple[Fact, ...]) -> StageProjection:
    """Nobody can decide: the plan waits, and whoever arranges posts has the turn."""
    label, sentence = _VACANT.get(ctx.case.role, _VACANT_ELSE)
    waiting = replace(ctx.state, kind="macet", tone="wait")
    return StageProjection(waiting, facts, (Task(ARRANGES, label, kind="macet", sentence=sentence),))


def _unrecommended(ctx: StageContext) -> bool:
    """Whether somebody may recommend, in a scheme that asks for it, and has not yet."""
    step = next((step for step in ctx.steps if step.id == recommendation.ID), None)
    asked = step is not None and step.state != "effective"
    return ctx.state.id == "diajukan" and RECOMMENDS in ctx.case.holders and asked


def _next_step(ctx: StageContext) -> str:
    own = [step for step in ctx.steps if step.author == SUBJECT]
    if ctx.state.id in ("diajukan", "disetujui", "ditinjau") or not own:
        return ""
    return next((step.id for step in own if step.state == "none"), own[-1].id)


STAGE = Stage(
    id="perencanaan",
    label="Perencanaan Kinerja",
    flows={"dua-pihak": Flow(_STATES, _TRANSITIONS, lone=_SAY.id)},
    project=project,
    gives=(FactSpec(AGREED, "Rencana disepakati", SUBJECT, about="state"),),
)
