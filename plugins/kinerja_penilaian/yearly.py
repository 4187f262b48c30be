"""Step rating-tahunan: the year's judgement, which sees what the parts of the year were given."""

from __future__ import annotations

from collections.abc import Iterable

from kinerja import SUBJECT, Fact, Field, Form, Related, Step, StepContext
from kinerja_penilaian.rating import (
    BEHAVIOUR,
    OBSERVED,
    PREDICATE,
    RESULT,
    existing,
    gives,
    project,
    ratings_form,
    there,
)

UNRATED = {False: "Belum dinilai", True: "Berakhir tanpa penilaian"}
"""What is said of a part of the year without a predicate, by whether it ended before it was over."""

PART = "semester"
"""The suffix of the facts that the parts of a year give."""


def form(ctx: StepContext) -> Form:
    """The parts' predicates to read; the ratings come filled in only where all parts agree in both."""
    pairs = tuple((child.label, _fact(child, PREDICATE).label or UNRATED[child.ended]) for child in ctx.children)
    before = (Field("anak", "Predikat sepanjang tahun", "read", pairs=pairs),) if pairs else ()
    parts = tuple(pair for child in ctx.children for pair in there(child.facts, child.label))
    agreed = agreement(ctx.children)
    notices = ("Penilaian sepanjang tahun tidak sama. Tentukan kedua rating tahunan.",) if pairs and not agreed else ()
    return ratings_form(
        ctx,
        "Predikat tahunan",
        ask_why=not ctx.children and OBSERVED not in ctx.facts,  # each part of the year has already asked why
        before=(*before, existing(parts or there(ctx.facts))),
        advice="Wajib juga bila berbeda dari penilaian sepanjang tahun." if agreed else "",
        notices=notices,
        initial={"hasil": agreed[0], "perilaku": agreed[1]} if agreed else {},
    )


def agreement(children: Iterable[Related]) -> tuple[str, str] | None:
    """The two ratings that all parts of the year were given, or None where they differ, or one has none; a part that
    ended before it was rated has no say."""
    rated = [child for child in children if not child.ended or f"{RESULT}.{PART}" in child.facts]
    found = {(str(_fact(child, RESULT).value), str(_fact(child, BEHAVIOUR).value)) for child in rated}
    if len(found) != 1:
        return None
    result, behaviour = found.pop()
    return (result, behaviour) if result and behaviour else None


def _fact(child: Related, name: str) -> Fact:
    """A fact that a part of the year gave, or an empty one."""
    return child.facts.get(f"{name}.{PART}", Fact(name, ""))


STEP = Step(
    id="rating-tahunan",
    label="Predikat tahunan",
    author="memutuskan",
    form=form,
    project=project,
    readers=(SUBJECT,),
    options=("fakta",),
    gives=gives("tahunan"),
)
