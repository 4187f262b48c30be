"""Evidence as a file: one PDF for each place. Source: panduan on evidence for duties, PDF up to 10 MB."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kinerja import EvidenceHandler, Field, Form, Json, Problem, SlotView, hookimpl

KEY = "berkas"
LARGEST = 10 * 1024 * 1024
"""Bytes a file may have."""
TAIL = 1024
"""Bytes at the end within which a PDF must say that it ends; some programs add a little after it."""

_ACTIONS = ((b"/JavaScript", "program (JavaScript)"), (b"/Launch", "perintah membuka program lain"))
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def form(slot: SlotView) -> Form:
    """One file, named after the place it is for."""
    field = Field(KEY, slot.label, "file", help="Berkas PDF, paling besar 10 MB.", required=True)
    return Form(slot.label, (field,), submit="Unggah")


def check(slot: SlotView, data: Mapping[str, Json], content: bytes | None) -> tuple[Problem, ...]:
    """Look at the bytes themselves, never at the name or the type a browser claims; one sentence for the first fault."""
    if not content:
        return (Problem(KEY, "Berkas belum ada atau kosong. Pilih berkas PDF, lalu unggah lagi."),)
    if len(content) > LARGEST:
        return (Problem(KEY, f"Berkas ini {size_text(len(content))}, lebih dari 10 MB. Perkecil, lalu unggah lagi."),)
    if not content.startswith(b"%PDF-"):
        return (Problem(KEY, "Berkas ini bukan PDF. Simpan sebagai PDF, lalu unggah lagi."),)
    if b"%%EOF" not in content[-TAIL:]:
        return (Problem(KEY, "PDF ini terpotong. Simpan ulang sebagai PDF, lalu unggah lagi."),)
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)  # PDF lets any letter of a name be #xx
    for action, word in _ACTIONS:
        if action in plain:
            return (Problem(KEY, f"PDF ini berisi {word}, jadi ditolak. Cetak ulang ke PDF, lalu unggah lagi."),)
    return ()


def describe(data: Mapping[str, Json]) -> str:
    """The file's name and size, such as «SK.pdf, 1,2 MB»."""
    file = data.get(KEY)
    if not isinstance(file, Mapping):
        return "Belum ada berkas"
    return f"{file.get('name', 'Berkas')}, {size_text(int(file.get('size', 0)))}"


def size_text(size: int) -> str:
    """Bytes in words, with a decimal comma."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB".replace(".", ",")


@hookimpl
def register_evidence_handlers() -> Iterable[EvidenceHandler]:
    return [EvidenceHandler("berkas", "Unggah", form, check, describe)]
