"""Whose report is it? By NPSN where the file has one, else by the school's name in its title.

The published report of a school has no NPSN in its title (integration notes 5.1), so a file without one is common; its
name then has to be this school's, and the operator sees a doubt. A file that says neither is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from kinerja import UnitView
from kinerja_rapor.words import plain, text
from kinerja_rapor.workbook import AGAIN, Unusable

NO_NPSN = (
    "{unit} belum punya NPSN di Kinerja, sehingga berkas rapor tidak bisa dipastikan miliknya. "
    "Minta admin dinas mengisi NPSN, lalu impor lagi."
)
OTHER_SCHOOL = (
    "Berkas ini rapor sekolah lain: isinya memuat {theirs}, sedangkan Anda mengimpor untuk {ours}. "
    "Pilih berkas rapor sekolah ini, atau pindah ke sekolah yang benar, lalu impor lagi."
)
NOBODY = (
    "NPSN dan nama sekolah tidak tertulis di berkas ini, sehingga tidak bisa dipastikan milik {ours}. "
    "Jangan menghapus baris judulnya." + AGAIN
)
BY_NAME = (
    "NPSN tidak tertulis di berkas ini. Berkasnya dicocokkan dari nama sekolah di judulnya: «{name}». "
    "Pastikan ini benar rapor sekolah Anda."
)
SHORT = {"sdn": "sd negeri", "smpn": "smp negeri", "sman": "sma negeri", "smkn": "smk negeri", "slbn": "slb negeri"}
SHORT |= {"tkn": "tk negeri", "uptd": "", "upt": ""}
"""How names are shortened in titles."""

Rows = Sequence[Sequence[Any]]


def check_owner(places: Iterable[Rows], unit: UnitView) -> str:
    """Look through parts of a file, the surest first, for its school. Empty when the NPSN is this school's, a doubt
    when only the name is; raises Unusable for another school, or where the file does not say."""
    if not unit.npsn:
        raise Unusable(NO_NPSN.format(unit=unit.name))
    ours = f"{unit.name} (NPSN {unit.npsn})"
    named = ""
    for rows in places:
        numbers = [number for cells in rows for number in _numbers(cells)]
        if numbers:
            other = next((number for number in numbers if number != unit.npsn), None)
            if other:
                raise Unusable(OTHER_SCHOOL.format(theirs=f"NPSN {other}", ours=ours))
            return ""
        named = named or next((name for cells in rows if (name := _name(cells))), "")
    if not named:
        raise Unusable(NOBODY.format(ours=ours))
    if _full(named) != _full(unit.name):
        raise Unusable(OTHER_SCHOOL.format(theirs=f"nama «{named}»", ours=ours))
    return BY_NAME.format(name=named)


def year_of(rows: Rows) -> int | None:
    """The year a title names («… TAHUN 2023»), for a header that names none."""
    for cell in (cell for cells in rows for cell in cells if isinstance(cell, str)):
        found = re.search(r"\btahun (\d{4})\b", plain(cell))
        if found:
            return int(found[1])
    return None


def _numbers(cells: Sequence[Any]) -> list[str]:
    """Every NPSN of a row: in one cell («NPSN: 99990101») or in a cell after the one that says NPSN."""
    words = [text(cell) for cell in cells]
    line = " ".join(word for word in words if word)
    return re.findall(r"\bNPSN\b\D{0,20}?(\d{8})(?!\d)", line, re.IGNORECASE)


def _name(cells: Sequence[Any]) -> str:
    """The school that a title or a line «Nama Satuan Pendidikan: …» names."""
    line = " ".join(word for word in map(text, cells) if word)
    found = re.search(r"\brapor pendidikan\s+(.+?)\s+tahun\b", line, re.IGNORECASE) or re.search(
        r"\bnama (?:satuan pendidikan|sekolah)\s*:?\s*(.+)$", line, re.IGNORECASE
    )
    return found[1] if found else ""


def _full(name: str) -> str:
    """A name as it is compared, with its abbreviations written out."""
    words = (SHORT.get(word, word) for word in plain(re.sub(r"(?<=\w)\.(?=\w)", "", name)).split())
    return " ".join(word for word in words if word)
