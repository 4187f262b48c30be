"""Find the report in a workbook: the sheet, the header wherever it stands, the columns of the newest year, the rows.

Sheet and columns are found by their words, because names and places change from edition to edition.
Source: the project's integration notes 5.1 (edition with «Skor Rapor») and 5.2 (editions with «Nilai Capaian»).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kinerja_rapor.words import plain, text
from kinerja_rapor.workbook import AGAIN, SAVE, Book, Unusable, seen

SHEETS = ("laporan rapor", "laporan", "rapor", "capaian", "indikator")
"""Words in the name of the sheet that holds the report, the surest first."""
COLUMNS = {
    "kode": ("No", r"(no|nomor|kode)( indikator)?"),
    "nama": ("Indikator", r"(nama )?indikator"),
    "label": ("Capaian atau Label Capaian", r"(label )?capaian( \d{4})?|label( \d{4})?"),
    "skor": ("Skor Rapor atau Nilai Capaian", r"(skor|nilai)( rapor| capaian)?( \d{4})?"),
}
"""What each column is called for people, and which header it has, in the words of `plain`."""
DEEPEST = 40
"""The header stands somewhere in the first 40 rows."""

NO_SHEET = (
    "Lembar laporan tidak ditemukan. Yang dicari: lembar yang namanya memuat «Laporan», «Rapor», atau «Capaian». "
    "Yang ada di berkas ini: {seen}." + AGAIN
)
NO_HEADER = (
    "Kolom {missing} tidak ditemukan dalam 40 baris pertama lembar «{sheet}», sehingga isinya tidak bisa dibaca. "
    "Jangan mengubah baris judulnya." + AGAIN
)
FORMULAS = "Di lembar «{sheet}» ada sel berisi rumus tanpa hasil: {cells}." + SAVE


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the report; `row` is its number in the sheet, `name` is in the words of the file."""

    row: int
    code: str
    name: str
    label: str
    score: Any


@dataclass(frozen=True, slots=True)
class Table:
    """The report of a workbook. `year` is that of the newest score, None where the header names none."""

    sheet: str
    year: int | None
    above: tuple[tuple[Any, ...], ...]
    lines: tuple[Line, ...]


def find_table(book: Book) -> Table:
    """The report. Called once a file; raises Unusable where sheet or columns are missing or only formulas stand there."""
    names = _candidates(book.sheets)
    if not names:
        raise Unusable(NO_SHEET.format(seen=seen(book)))
    closest: tuple[int, str, dict[str, int]] | None = None
    for name in names:
        rows = book.rows(name)
        row, columns = _header(rows[:DEEPEST])
        if len(columns) == len(COLUMNS):
            return _table(book, name, rows, row, columns)
        if closest is None or len(columns) > len(closest[2]):
            closest = (row, name, columns)
    assert closest is not None
    _, name, columns = closest
    _refuse_formulas(book, name, range(DEEPEST), None)
    missing = ", ".join(f"«{told}»" for key, (told, _) in COLUMNS.items() if key not in columns)
    raise Unusable(NO_HEADER.format(missing=missing, sheet=text(name)))


def _candidates(sheets: Sequence[str]) -> list[str]:
    ranked = [(rank, name) for name in sheets for rank, words in enumerate(SHEETS) if words in plain(name)]
    best = {name: rank for rank, name in sorted(ranked, reverse=True)}
    return sorted(best, key=lambda name: (best[name], sheets.index(name)))


def _header(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    """The row with most of the columns and where they stand in it; the first of several."""
    found = [(row, _columns(cells)) for row, cells in enumerate(rows)]
    return max(found, key=lambda one: len(one[1]), default=(0, {}))


def _columns(cells: Sequence[Any]) -> dict[str, int]:
    """The place of each column in a row; score and label are those of the newest year."""
    words = [plain(text(cell)) for cell in cells]
    fits = {
        key: [place for place, word in enumerate(words) if re.fullmatch(pattern, word)]
        for key, (_, pattern) in COLUMNS.items()
    }
    found = {key: places[0] for key, places in fits.items() if places}
    if fits["skor"]:
        found["skor"] = max(fits["skor"], key=lambda place: (_year(words[place]) or 0, -place))
    if fits["label"]:
        year = _year(words[found["skor"]]) if fits["skor"] else None
        same = [place for place in fits["label"] if _year(words[place]) in (year, None)]
        if same:
            found["label"] = same[0]
        else:
            del found["label"]
    return found


def _year(words: str) -> int | None:
    found = re.search(r"\b\d{4}\b", words)
    return int(found[0]) if found else None


def _table(book: Book, sheet: str, rows: list[list[Any]], row: int, columns: dict[str, int]) -> Table:
    _refuse_formulas(book, sheet, range(row, len(rows)), set(columns.values()))
    year = _year(plain(text(rows[row][columns["skor"]])))
    above = tuple(tuple(cells) for cells in rows[:row])
    return Table(sheet, year, above, tuple(_lines(rows, row + 1, columns)))


def _lines(rows: list[list[Any]], first: int, columns: dict[str, int]) -> Iterator[Line]:
    """The rows that carry a code such as D.1.2; rows without one are shares and remarks."""
    for number, cells in enumerate(rows[first:], first + 1):
        code = re.match(r"([A-E](?:\.\d+)+)\b", text(cells[columns["kode"]]).upper())
        if code:
            name = text(cells[columns["nama"]])
            yield Line(number, code[1], name, text(cells[columns["label"]]), cells[columns["skor"]])


def _refuse_formulas(book: Book, sheet: str, rows: range, columns: set[int] | None) -> None:
    """Refuse where a cell that is needed holds a formula without a result; None for columns means any."""
    empty = sorted(
        (row, column)
        for row, column in book.unfinished[sheet]
        if row in rows and (columns is None or column in columns)
    )
    if empty:
        cells = ", ".join(_place(row, column) for row, column in empty[:5])
        more = f", dan {len(empty) - 5} lainnya" if len(empty) > 5 else ""
        raise Unusable(FORMULAS.format(sheet=text(sheet), cells=cells + more))


def _place(row: int, column: int) -> str:
    """A cell as Excel calls it: row 4 and column 3 from 0 are D5."""
    letters = chr(65 + column % 26)
    return f"{chr(64 + column // 26) if column >= 26 else ''}{letters}{row + 1}"
