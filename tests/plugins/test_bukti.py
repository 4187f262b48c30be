"""The plugins bukti-berkas and bukti-konfirmasi: what is taken as evidence and what is refused, with its reason."""

from __future__ import annotations

import pytest

import kinerja_bukti_berkas as file
import kinerja_bukti_konfirmasi as statement
from kinerja import Problem, SlotView
from kinerja.forms import check

SLOT = SlotView("praktik:a", 1, "RPP/modul ajar")
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer\n%%EOF\n"
SENT = {"berkas": {"sha256": "0" * 64, "name": "RPP.pdf", "size": 1_258_291}}


def test_a_small_pdf_is_taken():
    assert file.check(SLOT, SENT, PDF) == ()
    assert file.check(SLOT, SENT, PDF[:-1] + b" " * 900) == ()


def test_a_pdf_of_exactly_ten_megabytes_is_taken():
    assert file.check(SLOT, SENT, PDF + b" " * (file.LARGEST - len(PDF) - 900) + PDF[-6:] + b" " * 894) == ()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "Berkas belum ada atau kosong. Pilih berkas PDF, lalu unggah lagi."),
        (b"", "Berkas belum ada atau kosong. Pilih berkas PDF, lalu unggah lagi."),
        (b"PK\x03\x04 surat.docx %%EOF", "Berkas ini bukan PDF. Simpan sebagai PDF, lalu unggah lagi."),
        (b" " + PDF, "Berkas ini bukan PDF. Simpan sebagai PDF, lalu unggah lagi."),
        (PDF[:30], "PDF ini terpotong. Simpan ulang sebagai PDF, lalu unggah lagi."),
        (PDF + b" " * 1024, "PDF ini terpotong. Simpan ulang sebagai PDF, lalu unggah lagi."),
        (
            PDF.replace(b"/Type", b"/S /JavaScript /Type"),
            "PDF ini berisi program (JavaScript), jadi ditolak. Cetak ulang ke PDF, lalu unggah lagi.",
        ),
        (
            PDF.replace(b"/Type", b"/S /J#61vaScript /Type"),
            "PDF ini berisi program (JavaScript), jadi ditolak. Cetak ulang ke PDF, lalu unggah lagi.",
        ),
        (
            PDF.replace(b"/Type", b"/S /Launch /Type"),
            "PDF ini berisi perintah membuka program lain, jadi ditolak. Cetak ulang ke PDF, lalu unggah lagi.",
        ),
    ],
)
def test_a_file_that_is_no_harmless_pdf_is_refused_with_its_reason(content, sentence):
    assert file.check(SLOT, SENT, content) == (Problem("berkas", sentence),)


def test_a_file_one_byte_too_large_is_refused_with_its_size():
    large = PDF + b" " * (file.LARGEST + 1 - 2 * len(PDF)) + PDF
    sentence = "Berkas ini 10,0 MB, lebih dari 10 MB. Perkecil, lalu unggah lagi."
    assert file.check(SLOT, SENT, large) == (Problem("berkas", sentence),)


def test_a_file_is_described_by_name_and_size():
    said = [file.describe(data) for data in (SENT, {"berkas": {"name": "a.pdf", "size": 10}}, {})]
    assert said == ["RPP.pdf, 1,2 MB", "a.pdf, 1 KB", "Belum ada berkas"]


def test_the_slots_name_heads_the_form():
    assert [(one.form(SLOT).title, one.form(SLOT).submit) for one in (file, statement)] == [
        ("RPP/modul ajar", "Unggah"),
        ("RPP/modul ajar", "Konfirmasi tersedia"),
    ]


def test_a_statement_must_be_made():
    missing = (Problem("tersedia", "Beri tanda bila dokumen sudah tersedia di sekolah."),)
    assert [statement.check(SLOT, data, None) for data in ({"tersedia": True}, {}, {"tersedia": "ya"})] == [
        (),
        missing,
        missing,
    ]
    assert check(statement.form(SLOT), {})[1] == (Problem("tersedia", "Centang agar dapat melanjutkan."),)


def test_a_statement_is_described_with_its_note():
    answers = ({"tersedia": True}, {"tersedia": True, "catatan": "Map biru."}, {})
    assert [statement.describe(data) for data in answers] == [
        "Tersedia di sekolah",
        "Tersedia di sekolah. Map biru.",
        "Belum dikonfirmasi",
    ]
