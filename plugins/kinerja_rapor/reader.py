"""Read a school's Rapor Pendidikan into facts of that school: one for each practice indicator it recommends.

Pure: bytes and values in, values out. Which row of the report speaks for which indicator, and which results recommend it,
stands in the files peta_*.toml. Source: the project's integration notes 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from kinerja import Content, Entry, Fact, ImportRows, Json, RowProblem, UnitRow, UnitView
from kinerja_rapor.owner import Rows, check_owner, year_of
from kinerja_rapor.table import DEEPEST, Line, Table, find_table
from kinerja_rapor.words import number, plain, shown, text, within
from kinerja_rapor.workbook import AGAIN, Book, Unusable, open_book

MAPS = ("peta_dasmen.toml", "peta_kepala.toml", "peta_paud.toml")
YEAR = "rapor.tahun"

NO_SCHOOL = (
    "Rapor Pendidikan hanya dibaca untuk sekolah, sedangkan {unit} bukan sekolah. Pilih sekolahnya, lalu impor lagi."
)
NO_ROWS = (
    "Lembar «{sheet}» tidak memuat satu pun baris yang dicari: {wanted}. Mungkin ini rapor jenjang sekolah lain atau bukan "
    "rapor sekolah." + AGAIN
)
NO_YEAR = "Tahun rapor tidak tertulis di judul atau di judul kolomnya. Pastikan ini rapor terbaru sekolah Anda."
YEARS = (
    "Judulnya menyebut tahun {title}, sedangkan nilai terbarunya tahun {year}. Yang dibaca nilai tahun {year}. "
    "Pastikan berkasnya belum diubah."
)
ABSENT = "Baris ini tidak ada di berkas, jadi tidak ada rekomendasi darinya. Bila di rapor ada, unduh ulang berkasnya."
TWICE_SAME = "Tertulis {times} kali dengan isi yang sama (baris {rows}). Dipakai satu kali."
TWICE = (
    "Tertulis {times} kali dengan isi berbeda (baris {rows}), jadi tidak dipakai. Periksa berkasnya, lalu impor lagi."
)
NOT_THERE = "Capaiannya tidak tersedia di rapor, jadi tidak ada rekomendasi darinya."
NO_LABEL = "Kolom capaiannya kosong, jadi tidak bisa dipastikan perlu direkomendasikan atau tidak. Tidak dipakai."
NEW_LABEL = "Capaian «{label}» belum dikenal, jadi tidak dipakai. Beri tahu admin dinas."
NO_NUMBER = "Nilainya «{seen}», bukan angka, jadi tidak dipakai. Perbaiki di berkas aslinya, lalu impor lagi."
NO_SCORE = (
    "Nilainya {seen}, padahal seharusnya dari 0 sampai 100, jadi tidak dipakai. Periksa berkasnya, lalu impor lagi."
)
FRACTION = "Nilainya {seen}; mungkin maksudnya {percent}. Tidak dipakai. Perbaiki di berkasnya, lalu impor lagi."
ALL_GOOD = "Semua indikator yang dibaca sudah baik, jadi rapor ini tidak merekomendasikan satu indikator pun."


def read(files: Mapping[str, bytes], unit: UnitView, contents: Mapping[str, Content]) -> ImportRows:
    """Read one report. Called in the worker for the preview and the import; never raises for a wrong file.

    A file that cannot be used gives no unit, no fact and one fatal problem at row 0. A row that cannot be used is
    named and left out, and the others are kept.
    """
    try:
        return _read(files.get("rapor", b""), unit)
    except Unusable as problem:
        return ImportRows(None, (), (RowProblem(0, "", str(problem)),))


def _read(raw: bytes, unit: UnitView) -> ImportRows:
    fitting = [peta for peta in maps() if unit.kind in peta.applies_to["bentuk"]]
    if not fitting:
        raise Unusable(NO_SCHOOL.format(unit=unit.name))
    book = open_book(raw)
    table = find_table(book)
    doubt = check_owner(_places(book, table), unit)
    year, unsure = _year(table)
    problems = [RowProblem(0, "", sentence, fatal=False) for sentence in (doubt, unsure) if sentence]
    facts = [Fact(YEAR, year, f"Rapor Pendidikan {year}")] if year else []
    recommended, doubts = _judge(fitting, table, year)
    if not recommended and not doubts:
        doubts = [RowProblem(0, "", ALL_GOOD, fatal=False)]
    row = UnitRow(1, unit.npsn or "", unit.name, unit.kind)
    return ImportRows(row, (), (*problems, *doubts), (*facts, *recommended))


@cache
def maps() -> tuple[Content, ...]:
    """The bundled maps from rows of a report to indicators, one for each rubric."""
    return tuple(Content.read(__package__, name) for name in MAPS)


def _year(table: Table) -> tuple[int | None, str]:
    """The year of the scores, and a doubt where nothing names it or the title names another."""
    title = year_of(table.above)
    year = table.year or title
    if year is None:
        return None, NO_YEAR
    return year, YEARS.format(title=title, year=year) if title not in (year, None) else ""


def _places(book: Book, table: Table) -> Iterator[Rows]:
    """Where a file tells its school, the surest first: above the report, then the first rows of the other sheets."""
    yield table.above
    for sheet in book.sheets:
        if sheet != table.sheet:
            yield book.rows(sheet, DEEPEST)


def _judge(fitting: Sequence[Content], table: Table, year: int | None) -> tuple[list[Fact], list[RowProblem]]:
    """The facts of the recommended indicators, and one problem for each row that was left out or is doubtful."""
    found = [(peta, entry, *_source(entry, table.lines)) for peta in fitting for entry in peta.entries]
    if not any(lines for _, _, _, lines in found):
        wanted = ", ".join(dict.fromkeys(named for _, _, named, _ in found))
        raise Unusable(NO_ROWS.format(sheet=text(table.sheet), wanted=wanted))
    facts: list[Fact] = []
    problems: dict[RowProblem, None] = {}
    for peta, entry, named, lines in found:
        line, problem = _one(named, lines)
        value, sentence = _value(peta, line) if line else (None, "")
        if line and sentence:
            problem = RowProblem(line.row, _called(line), sentence)
        if problem:
            problems[problem] = None  # one row may speak for several indicators and is named once
        if line and value is not None:
            facts.append(Fact(f"rapor.{entry.id}", value, _label(line, value, year)))
    return facts, list(problems)


def _source(entry: Entry, lines: Sequence[Line]) -> tuple[str, tuple[Line, ...]]:
    """What is looked for last, in words, and the rows that speak for an indicator: the first of its wishes that fits."""
    for wish in entry.data["rapor"]:
        fits = [line for line in lines if _fits(wish, line)]
        if fits:
            code = min((line.code for line in fits), key=len)
            return f"{code} {fits[0].name}", tuple(line for line in fits if line.code == code)
    last = entry.data["rapor"][-1]
    return f"{last['kode']} {last['nama'][0].capitalize()}", ()


def _fits(wish: Mapping[str, Json], line: Line) -> bool:
    """By code and by name, because one code means different things in PAUD and dasmen and may stand twice."""
    below = line.code == wish["kode"] or line.code.startswith(f"{wish['kode']}.")
    return below and any(within(plain(name), plain(line.name)) for name in wish["nama"])


def _one(named: str, lines: Sequence[Line]) -> tuple[Line | None, RowProblem | None]:
    """The one row to use, and a problem where there is none or more than one."""
    if not lines:
        return None, RowProblem(0, named, ABSENT, fatal=False)
    first = lines[0]
    if len(lines) == 1:
        return first, None
    rows = " dan ".join(str(line.row) for line in lines)
    same = len({(plain(line.label), str(number(line.score))) for line in lines}) == 1
    sentence = (TWICE_SAME if same else TWICE).format(times=len(lines), rows=rows)
    return first if same else None, RowProblem(first.row, _called(first), sentence, fatal=not same)


def _value(peta: Content, line: Line) -> tuple[Json, str]:
    """The value of the fact where the row recommends (the score, or its label where there is none), or why it is left out."""
    label = plain(_word(line))
    seen = text(line.score)
    score = number(line.score)
    empty = {"", *peta.data["kosong"]}
    if label in empty and plain(seen) in empty:
        return None, NOT_THERE
    if score is None and plain(seen) not in empty:
        return None, NO_NUMBER.format(seen=seen)
    if score is not None and not 0 <= score <= 100:
        return None, NO_SCORE.format(seen=shown(score))
    if score is not None and 0 < score < 1 and "%" not in seen:
        return None, FRACTION.format(seen=shown(score), percent=f"{shown(score * 100)}%")
    if label in empty:
        return None, NO_LABEL
    if label in peta.data["direkomendasikan"]:
        return (_word(line) if score is None else round(score, 2)), ""
    return None, "" if label in peta.data["baik"] else NEW_LABEL.format(label=_word(line))


def _word(line: Line) -> str:
    """The result without its remark: «Sedang (61,20% sudah …)» → Sedang."""
    return line.label.partition("(")[0].strip()


def _called(line: Line) -> str:
    return f"{line.code} {line.name}"


def _label(line: Line, value: Json, year: int | None) -> str:
    """«D.1.1 Manajemen kelas: 54,20 (Sedang), Rapor» and the year."""
    result = _word(line) if isinstance(value, str) else f"{shown(value)} ({_word(line)})"
    return f"{_called(line)}: {result}, Rapor{f' {year}' if year else ''}"
