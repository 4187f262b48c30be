"""When a judgement must carry a reason."""

from __future__ import annotations

from kinerja import Change
from kinerja_penilaian import rating, yearly


def objection(change: Change) -> str | None:
    """The sentence that asks for a reason, or None. Asked of every change; only judging steps are looked at."""
    if change.step not in (rating.STEP.id, yearly.STEP.id):
        return None
    result, behaviour = change.data.get("hasil"), change.data.get("perilaku")
    if not result or not behaviour or str(change.data.get("alasan", "")).strip():
        return None
    table = change.scheme.matrices.get(rating.MATRIX)
    lowest = (table.rows[-1], table.columns[-1]) if table else ()  # a matrix lists the best first
    for given, last in zip((result, behaviour), lowest, strict=False):
        if given == last:
            return f"Ada rating «{change.scheme.word(last)}». Isi bagian «Alasan», lalu tetapkan lagi."
    agreed = yearly.agreement(change.children) if change.step == yearly.STEP.id else None
    if agreed and agreed != (result, behaviour):
        return "Rating tahunan berbeda dari penilaian sepanjang tahun. Isi bagian «Alasan», lalu tetapkan lagi."
    return None
