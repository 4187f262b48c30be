"""Evidence as a statement: somebody confirms that the document lies at the school; nothing is uploaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kinerja import EvidenceHandler, Field, Form, Json, Problem, SlotView, hookimpl

KEY = "tersedia"


def form(slot: SlotView) -> Form:
    """One statement and room for a note."""
    fields = (
        Field(KEY, "Dokumen tersedia di sekolah", "check", required=True),
        Field("catatan", "Catatan", "longtext", help="Boleh kosong.", most=1000),
    )
    return Form(slot.label, fields, submit="Konfirmasi tersedia")


ASKS = "{n} bukti menunggu konfirmasi Anda"


def check(slot: SlotView, data: Mapping[str, Json], content: bytes | None) -> tuple[Problem, ...]:
    """The statement itself must be made."""
    if data.get(KEY) is not True:
        return (Problem(KEY, "Beri tanda bila dokumen sudah tersedia di sekolah."),)
    return ()


def describe(data: Mapping[str, Json]) -> str:
    """That it is there, with the note."""
    note = str(data.get("catatan") or "").strip()
    if data.get(KEY) is not True:
        return "Belum dikonfirmasi"
    return f"Tersedia di sekolah. {note}" if note else "Tersedia di sekolah"


@hookimpl
def register_evidence_handlers() -> Iterable[EvidenceHandler]:
    return [EvidenceHandler("konfirmasi", "Konfirmasi tersedia", form, check, describe, ASKS)]
