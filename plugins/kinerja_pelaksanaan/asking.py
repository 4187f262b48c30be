"""How the forms ask, by what somebody does: the sentences stand in the rubric of the case (`tanya`), since nobody asks a
head about pupils' responses. Without any they are asked in words that fit everybody."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import Json, StepContext

_FOR_ALL = {
    "catatan": "Perilaku yang mendukung penilaian",
    "rekomendasi": "Rekomendasi",
    "perubahan": "Apa perubahan praktik yang telah Anda lakukan?",
}


def asked(ctx: StepContext, key: str) -> str:
    """One question in the words of the rubric."""
    return str(_words(ctx).get(key) or _FOR_ALL[key])


def told(ctx: StepContext) -> tuple[str, ...]:
    """That the words are not confirmed, where the rubric says so; for the form they stand in."""
    words = _words(ctx)
    return (str(words["keterangan"]),) if words.get("provisional") and words.get("keterangan") else ()


def _words(ctx: StepContext) -> Mapping[str, Json]:
    rubric = ctx.content.get("rubrik")
    words = rubric.data.get("tanya") if rubric else None
    return words if isinstance(words, Mapping) else {}
