"""Open an uploaded .xlsx, after looking from outside whether it is small and whole enough to be opened.

The reading library keeps a sheet as one full rectangle in memory. So size, rows and columns are counted first, and
formats that cannot be counted so (.xls, .ods) are refused with a sentence.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, load_workbook

from kinerja_rapor.words import text, thousands

LARGEST = 5_000_000
"""Bytes of an upload. A school's own report is far below one million."""
INFLATED = 60_000_000
"""Bytes of all parts together once unpacked."""
PARTS = 300
ROWS = 5_000
"""Rows of one sheet that hold something. A school's own report has a few hundred."""
COLUMNS = 100

AGAIN = " Unduh ulang berkasnya dari Rapor Pendidikan, lalu impor lagi."
SAVE = " Buka di Excel atau LibreOffice, simpan sebagai Excel (.xlsx), lalu unggah lagi."
MISSING = "Berkas Rapor Pendidikan belum ada atau kosong, sehingga tidak ada yang bisa dibaca." + AGAIN
TOO_BIG = "Berkas terlalu besar: {size} MB, paling besar 5 MB. Rapor satu sekolah jauh lebih kecil." + AGAIN
OTHER = "Berkas ini bukan berkas Excel (.xlsx), sehingga tidak bisa dibaca. Mungkin salah pilih berkas." + AGAIN
OLDER = "Berkas ini berformat lain (misalnya .xls atau .ods), sedangkan yang dibaca hanya Excel (.xlsx)." + SAVE
LOCKED = (
    "Berkas ini dikunci dengan kata sandi, sehingga tidak bisa dibaca. Hapus kata sandinya di Excel, lalu unggah lagi."
)
DAMAGED = "Berkas Excel ini rusak atau tidak utuh, sehingga tidak bisa dibaca." + AGAIN
SWOLLEN = (
    "Isi berkas ini terlalu besar saat dibuka, sehingga tidak dibaca. Rapor satu sekolah jauh lebih kecil." + AGAIN
)
TOO_LONG = (
    "Berkas ini memuat {count} baris, paling banyak 5.000. Rapor satu sekolah hanya beberapa ratus baris; "
    "mungkin ini berkas rapor banyak sekolah." + AGAIN
)
UNNUMBERED = "Sel di berkas ini tidak bernomor, sehingga tidak bisa dibaca dengan pasti." + SAVE
TOO_WIDE = "Berkas ini memuat lebih dari 100 kolom, jadi bukan rapor satu sekolah." + AGAIN

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)
"""What the standard library raises for a damaged ZIP, depending on where it is damaged."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"'](\d{1,9})[\"']")
CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,9})[\"']")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
RESULT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]|<(?:\w+:)?is[\s>]")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Place = tuple[int, int]
"""Row and column of a cell, both from 0."""


class Unusable(Exception):
    """A file from which nothing can be taken; the sentence says what it is, why, and what to do now."""


@dataclass(frozen=True, slots=True)
class Book:
    """An opened workbook: its sheets in order, and per sheet the cells whose formula has no stored result."""

    sheets: tuple[str, ...]
    unfinished: Mapping[str, frozenset[Place]]
    opened: CalamineWorkbook

    def rows(self, sheet: str, most: int | None = None) -> list[list[Any]]:
        """The cells of a sheet from its first row and column on, at most so many rows; empty cells are ''."""
        try:
            return self.opened.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=most)
        except CalamineError as problem:
            raise Unusable(DAMAGED) from problem


def open_book(raw: bytes) -> Book:
    """Open an upload. Called for every preview and import; raises Unusable for whatever is no small, whole .xlsx."""
    parts = _parts(raw)
    empty = {name: _unfinished(content) for name, content in parts.items() if b"sheetData" in content}
    sheets = _sheets(parts)
    try:
        opened = load_workbook(io.BytesIO(raw))
    except CalamineError as problem:
        raise Unusable(DAMAGED) from problem
    names = tuple(opened.sheet_names)
    return Book(names, {name: empty.get(sheets.get(name, ""), frozenset()) for name in names}, opened)


def _parts(raw: bytes) -> dict[str, bytes]:
    """The unpacked parts by name; refuses before unpacking what says it is too much, and while unpacking what lied."""
    if not raw:
        raise Unusable(MISSING)
    if len(raw) > LARGEST:
        raise Unusable(TOO_BIG.format(size=f"{len(raw) / 1_000_000:.1f}".replace(".", ",")))
    if raw.startswith(OLE):
        raise Unusable(LOCKED if ENCRYPTED in raw else OLDER)
    if not raw.startswith(b"PK"):
        raise Unusable(OTHER)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            infos = archive.infolist()
            if any(info.flag_bits & 1 for info in infos):
                raise Unusable(LOCKED)
            names = [info.filename for info in infos]
            if "xl/workbook.xml" not in names:
                raise Unusable(OLDER if {"mimetype", "xl/workbook.bin"} & {*names} else OTHER)
            if len(infos) > PARTS or sum(info.file_size for info in infos) > INFLATED:
                raise Unusable(SWOLLEN)
            if len({*names}) < len(names):  # which of the two would be read depends on the reader
                raise Unusable(DAMAGED)
            return {info.filename: _whole(info.filename, archive.read(info)) for info in infos}
    except BROKEN as problem:
        raise Unusable(DAMAGED) from problem


def _whole(name: str, content: bytes) -> bytes:
    """A part as it is; the format knows neither document types, which can blow up, nor sheets with NUL."""
    if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in content or b"\0" in content):
        raise Unusable(DAMAGED)
    return content


def _unfinished(content: bytes) -> frozenset[Place]:
    """Count the cells of a sheet, refusing too many, and name those whose formula has no result."""
    found: set[Place] = set()
    for cell in CELL.finditer(content):
        body, place = cell[2], PLACE.search(cell[1])
        if not body:
            continue
        if place is None:
            raise Unusable(UNNUMBERED)
        row, column = int(place[2]) - 1, _column(place[1])
        if row >= ROWS:
            last = max(map(int, ROW.findall(content)), default=0)
            raise Unusable(TOO_LONG.format(count=thousands(max(row + 1, last))))
        if column >= COLUMNS:
            raise Unusable(TOO_WIDE)
        if FORMULA.search(body) and not RESULT.search(body):
            found.add((row, column))
    return frozenset(found)


def _column(letters: bytes) -> int:
    """The letters of a column as a number from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def _sheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part that holds each sheet, by the sheet's name."""
    try:
        links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
        targets = {str(link.get("Id")): str(link.get("Target")) for link in links}
        sheets = [one for one in ElementTree.fromstring(parts["xl/workbook.xml"]).iter() if one.tag.endswith("}sheet")]
    except (LookupError, ValueError, ElementTree.ParseError) as problem:
        raise Unusable(DAMAGED) from problem
    return {
        str(sheet.get("name")): posixpath.normpath(posixpath.join("/xl", targets.get(str(sheet.get(RELATION)), "")))[1:]
        for sheet in sheets
    }


def seen(book: Book) -> str:
    """The names of a workbook's sheets for a sentence."""
    return ", ".join(f"«{text(name)}»" for name in book.sheets[:20])
