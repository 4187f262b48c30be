"""Fictional Rapor Pendidikan spreadsheets in the layouts schools download, and the ways they come in broken.

Run as a program it writes the files of the demo world: `python -m tests.rapor_files`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

DEMO = Path(__file__).resolve().parent.parent / "config" / "demo" / "rapor"
SHEET = "Laporan Rapor Satuan"
GUIDE = "Panduan"

Row = Sequence[Any]
Sheets = Mapping[str, Sequence[Row]]


class Formula(str):
    """A cell with a formula that was never computed."""


def book(sheets: Sheets) -> bytes:
    """A workbook with these rows; the same rows always give the same bytes."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": datetime(2024, 1, 1)})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, Formula):
                        sheet.write_formula(row, column, cell, None, "")
                    elif cell != "":
                        sheet.write(row, column, cell)
    return made.getvalue()


def head(school: str, year: int, npsn: str = "") -> list[Row]:
    """The rows above the header; the published layout has no NPSN."""
    rows: list[Row] = [(f"LAPORAN RAPOR PENDIDIKAN {school.upper()} TAHUN {year}",)]
    if npsn:
        rows.append(("NPSN", ":", npsn))
    return [*rows, ("Capaian dihitung dari data tahun sebelumnya.",), ()]


HEADER_OLD = (
    "No", "Indikator", "Capaian", "Skor Rapor 2023", "Definisi Capaian", "Perubahan Skor dari Tahun Lalu",
    "Skor Rapor 2022", "Peringkat di Kab/Kota", "Peringkat secara Nasional", "Sumber Data",
)  # fmt: skip
HEADER_NEW = (
    "No", "Indikator", "Label Capaian 2024", "Nilai Capaian 2024", "Perubahan Nilai Capaian dari Tahun Lalu",
    "Nilai Capaian 2023", "Label Capaian 2023", "Sumber Data",
)  # fmt: skip

DASMEN: Mapping[str, tuple[str, str, Any]] = {
    "A.1": ("Kemampuan literasi", "Sedang (61,20% sudah mencapai kompetensi minimum)", "61,20"),
    "D.1": ("Kualitas pembelajaran", "Sedang", "58,10"),
    "D.1.1": ("Manajemen kelas", "Sedang", "54,20"),
    "D.1.2": ("Dukungan psikologis", "Baik", "71,00"),
    "D.1.3": ("Metode pembelajaran", "Kurang", "40,5"),
    "D.3": ("Kepemimpinan instruksional", "Sedang", "60,00"),
    "D.3.1": ("Visi-misi satuan pendidikan", "Baik", "70,10"),
    "D.3.2": ("Pengelolaan kurikulum satuan pendidikan", "Sedang", "48,00"),
    "D.3.3": ("Dukungan untuk refleksi guru", "Baik", "69,30"),
    "D.4": ("Iklim keamanan sekolah", "Baik", "72,31"),
}
PAUD: Mapping[str, tuple[str, str, Any]] = {
    "C.1": ("Proporsi PTK bersertifikat", "Baik", "80,00"),
    "D.1": ("Perencanaan untuk Proses Pembelajaran yang efektif", "Sedang", "51,58"),
    "D.2": ("Proses belajar yang sesuai bagi anak usia dini", "Baik", "75,40"),
    "D.3": ("Pembelajaran yang membangun kemampuan fondasi", "Kurang", "33,10"),
    "D.4": ("Asesmen yang meningkatkan kualitas pembelajaran", "Baik", "78,00"),
    "E.1": ("Indeks ketersediaan sarana prasarana esensial", "Kurang", "20,00"),
}
SHARE = ("", "Proporsi peserta didik yang merasakan kelas teratur", "", "12,00")
"""A row without a code, as it stands below coded ones."""


def old(results: Mapping[str, tuple[str, str, Any]], school: str, npsn: str = "") -> list[Row]:
    """The edition with «Skor Rapor»: ten columns, the result in one with its remark."""
    rows = [
        (code, name, label, score, "Penjelasan", "Turun 3,10%", "63,16", "Peringkat menengah (41-60%)", "", "Sulingjar")
        for code, (name, label, score) in results.items()
    ]
    return [*head(school, 2023, npsn), HEADER_OLD, *rows, SHARE]


def new(results: Mapping[str, tuple[str, str, Any]], school: str, npsn: str = "") -> list[Row]:
    """The editions with «Nilai Capaian»: last year's result stands beside this year's."""
    rows = [
        (code, name, label, score, "Naik 1,00", "99,00", "Baik", "Sulingjar")
        for code, (name, label, score) in results.items()
    ]
    return [*head(school, 2024, npsn), HEADER_NEW, *rows, SHARE]


LAYOUTS: Mapping[str, Callable[..., list[Row]]] = {"old": old, "new": new}


def report(rows: Sequence[Row], sheet: str = SHEET) -> bytes:
    """A whole file: a guide first, as in the real ones, then the report."""
    return book({GUIDE: [("Cara membaca rapor",)], sheet: rows})


def long(rows: int) -> bytes:
    """A report with so many rows, as of all schools of a province."""
    body = [(f"D.1.{number}", "Manajemen kelas", "Sedang", "54,20") for number in range(rows)]
    top = head("SD Contoh", 2024, "99990101")
    return report([*top, HEADER_NEW, *body][:rows])


def repacked(raw: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A workbook with its parts changed behind the back of whoever wrote it."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def demo() -> dict[str, bytes]:
    """The files of the demo world by name: an SD and a TK."""
    sd = new(DASMEN, "SD Negeri 1 Tanjung Contoh", "99990101")
    tk = old(PAUD, "TK Negeri Pembina Contoh", "99990001")
    return {"99990101-rapor.xlsx": report(sd), "99990001-rapor.xlsx": report(tk)}


if __name__ == "__main__":
    DEMO.mkdir(parents=True, exist_ok=True)
    for file, raw in demo().items():
        (DEMO / file).write_bytes(raw)
