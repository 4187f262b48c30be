"""Step rating: the assessor's two ratings, and the predicate that the scheme's matrix makes of them.

Source: PermenPANRB 6/2022. The matrix and all words stand in the scheme; nothing is computed from observations.
"""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import SUBJECT, Fact, FactSpec, Field, Form, Json, Matrix, Option, Step, StepContext, StepProjection

MATRIX = "predikat"
OBSERVED, PLANNED = "praktik.observasi", "rencana.rhk"
"""Facts that are shown to the assessor: what was observed, and how many lines of work the plan has."""

RESULT, BEHAVIOUR, PREDICATE = "rating-hasil", "rating-perilaku", "predikat"
"""Names of the facts given, before the suffix that the scheme sets as `fakta`."""

_REASONS = (
    ("cuti", "Cuti"),
    ("sakit", "Sakit"),
    ("tugas-belajar", "Tugas Belajar"),
    ("pensiun", "Pensiun"),
    ("mutasi", "Mutasi"),
    ("penilai-berhalangan", "Pejabat Penilai Kinerja berhalangan"),
    ("masih-berjalan", "Observasi masih berjalan"),
    ("lain", "Sebab lain, ditulis di alasan"),
)


def form(ctx: StepContext) -> Form:
    """The two ratings and the reason, below what is there; more is asked where the observation is not done."""
    return ratings_form(ctx, "Penilaian", ask_why=OBSERVED not in ctx.facts, before=(existing(there(ctx.facts)),))


def there(facts: Mapping[str, Fact], when: str = "") -> tuple[tuple[str, str], ...]:
    """What there is to judge by, in pairs; `when` names the part of the year."""
    seen, planned = facts.get(OBSERVED), facts.get(PLANNED)
    pairs = [("Hasil observasi", (seen.label or "Observasi sudah selesai") if seen else "Belum ada observasi selesai")]
    if planned:
        pairs.append(("Rencana Hasil Kerja (RHK)", planned.label or str(planned.value)))
    return tuple((f"{label}, {when}" if when else label, text) for label, text in pairs)


def existing(pairs: tuple[tuple[str, str], ...]) -> Field:
    """The pairs as a card to read above the ratings."""
    return Field("ada", "Yang sudah ada", "read", pairs=pairs)


def ratings_form(
    ctx: StepContext,
    label: str,
    *,
    ask_why: bool,
    before: tuple[Field, ...] = (),
    advice: str = "",
    notices: tuple[str, ...] = (),
    initial: Mapping[str, Json] | None = None,
) -> Form:
    """What every judging step asks. `ask_why` adds why it is judged without an observation, and months worked;
    `advice` says when else a reason is needed."""
    title, submit = str(ctx.options.get("label", label)), str(ctx.options.get("lanjut", ""))
    matrix = ctx.scheme.matrices.get(MATRIX)
    if matrix is None:
        return Form(
            title, blocked="Tabel predikat belum ada dalam skema ini. Hubungi admin daerah Anda.", submit=submit
        )
    unseen = (
        Field(
            "tanpa_observasi",
            "Dinilai tanpa observasi selesai, karena",
            "one",
            required=True,
            options=tuple(Option(id, word) for id, word in _REASONS),
        ),
        Field("bulan_bekerja", "Bulan bekerja dalam periode ini", "number", required=True, least=1, most=12),
    )
    fields = (
        *before,
        *(unseen if ask_why else ()),
        Field("hasil", "Rating hasil kerja", "one", required=True, options=_options(ctx, matrix.rows)),
        Field("perilaku", "Rating perilaku kerja", "one", required=True, options=_options(ctx, matrix.columns)),
        Field("alasan", "Alasan (wajib bila salah satu rating di bawah ekspektasi)", "longtext", help=advice),
    )
    return Form(
        title,
        fields,
        intro="Predikat kinerja mengikuti kedua rating.",
        notices=notices,
        initial=initial or {},
        submit=submit,
    )


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """Three facts under the scheme's suffix: both ratings and their predicate; nothing while one is missing."""
    matrix: Matrix | None = ctx.scheme.matrices.get(MATRIX)
    result, behaviour = data.get("hasil"), data.get("perilaku")
    if matrix is None or result not in matrix.rows or behaviour not in matrix.columns:
        return StepProjection()
    values = {RESULT: result, BEHAVIOUR: behaviour, PREDICATE: matrix.value(result, behaviour)}
    suffix = ctx.options.get("fakta", "")
    return StepProjection(
        facts=tuple(Fact(f"{name}.{suffix}", value, ctx.scheme.word(value)) for name, value in values.items())
    )


def gives(suffix: str) -> tuple[FactSpec, ...]:
    """The facts that a judging step gives under a suffix."""
    words = ((RESULT, "Rating hasil kerja"), (BEHAVIOUR, "Rating perilaku kerja"), (PREDICATE, "Predikat kinerja"))
    return tuple(FactSpec(f"{name}.{suffix}", label, "memutuskan", about="result") for name, label in words)


def _options(ctx: StepContext, ids: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(Option(id, ctx.scheme.word(id)) for id in ids)


STEP = Step(
    id="rating",
    label="Penilaian",
    author="memutuskan",
    form=form,
    project=project,
    readers=(SUBJECT,),
    options=("fakta",),
    gives=gives("semester"),
)
