"""What may stand under a key of a TOML, and the value it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from kinerja import conditions
from kinerja.contracts.rules import YearDay
from kinerja.rules.reader import Shape, Table

LAST_YEAR = 9000
"""No rule reaches further, so that every day it names is a day that a calendar has."""
_DAY = re.compile(r"(?:([+-]\d)-)?(\d\d)-(\d\d)")


def many(each: Shape | Table) -> Shape:
    """A list of such."""
    return Shape(f"daftar {each.title}", list, (), each=each)


def by_name(each: Shape | Table) -> Shape:
    """A table whose keys are names that the author gives, each with such."""
    return Shape("tabel menurut nama", Mapping, {}, each=each)


def one_of(**words: str) -> Shape:
    """One of some words, each with what it becomes."""
    return replace(TEXT, words=words)


def _day(value: str, at: str, earlier: bool = False) -> YearDay:
    """A day of the period's year, "01-31", or of a later one, "+1-01-31"; with `earlier` also of one before."""
    found = _DAY.fullmatch(value)
    if found is None:
        raise ValueError(f'{at} harus bulan-tanggal, misalnya "01-31" atau "+1-01-31"')
    day = YearDay(int(found[1] or 0), int(found[2]), int(found[3]))
    try:
        date(2000, day.month, day.day)
    except ValueError:
        raise ValueError(f"{at}: tanggal {value} tidak ada") from None
    if day.years < 0 and not earlier:
        raise ValueError(f"{at}: {value} mendahului tahun periodenya")
    return day


def _years(value: list[Any], at: str) -> tuple[int, int | None]:
    if len(value) != 2 or not isinstance(value[0], int) or not isinstance(value[1], int):
        raise ValueError(f"{at} harus [dari, sampai], sampai 0 bila belum berakhir")
    if not 0 < value[0] <= (value[1] or LAST_YEAR) <= LAST_YEAR:
        raise ValueError(f"{at} harus dari 1 sampai {LAST_YEAR}, yang terakhir tidak mendahului yang pertama")
    return value[0], value[1] or None


def _year_label(value: str, at: str) -> str:
    try:
        value.format(tahun=LAST_YEAR, tahun_akhir=LAST_YEAR)
    except (LookupError, ValueError, AttributeError):
        raise ValueError(f"{at} hanya boleh memuat {{tahun}} dan {{tahun_akhir}}") from None
    return value


TEXT = Shape("teks", str, "")
FLAG = Shape("true atau false", bool, False)
ANYTHING = Shape("tabel", Mapping, {})
WORDS = many(TEXT)
CONDITION = Shape("syarat { nama = [nilai] }", Mapping, {}, conditions.check)
DAY = Shape("bulan-tanggal", str, read=_day)
ANY_DAY = replace(DAY, read=partial(_day, earlier=True))
YEARS = Shape("[dari, sampai]", list, read=_years)
YEAR_LABEL = Shape("teks dengan {tahun} dan {tahun_akhir}", str, read=_year_label)
