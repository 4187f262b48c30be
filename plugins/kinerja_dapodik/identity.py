"""The numbers by which Dapodik knows a person, and the doubts about them.

A NIP is birth date (8), start (6), sex (1) and serial (3); digits 13-14 of a PPPK's are 21 and no month, so only the
birth date is compared. A wrong number never stops a person from planning: it is left out and named.
Source: the project's integration notes 3.5 and 3.9, glossary B.24 and B.25. The national identity number is never read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from datetime import date

from kinerja import Json
from kinerja_dapodik.words import plain, text

LABELS = {"nip": "NIP", "nuptk": "NUPTK", "ptk_id": "ptk_id"}
LENGTHS = {"nip": 18, "nuptk": 16}


def ids(row: Mapping[str, Json]) -> tuple[dict[str, str], list[str]]:
    """The ids of a row in order of trust, and a sentence for each that had to be left out."""
    found: dict[str, str] = {}
    doubts: list[str] = []
    for kind, label in LABELS.items():
        number = "".join(text(row, kind).split())
        length = LENGTHS.get(kind)
        if not number.strip("0"):
            continue
        if length and not (len(number) == length and number.isascii() and number.isdecimal()):
            doubts.append(
                f"{label} «{number}» tidak dipakai karena bukan {length} angka; data lainnya tetap dibaca. "
                f"Perbaiki {label} di Dapodik atau Verval PTK, lalu impor lagi."
            )
            continue
        found[kind] = number
    return found, doubts


def day(row: Mapping[str, Json], key: str) -> date | None:
    """A day as Dapodik writes it (2019-07-15, some builds with a time behind); None where it is none."""
    try:
        return date.fromisoformat(text(row, key)[:10])
    except ValueError:
        return None


def birth_doubt(nip: str, born: date | None) -> str:
    """A sentence where the birth date within a NIP is another than the one in Dapodik, else nothing."""
    if not nip or born is None or nip[:8] == f"{born:%Y%m%d}":
        return ""
    return (
        f"NIP dimulai dengan tanggal lahir {nip[6:8]}-{nip[4:6]}-{nip[:4]}, tetapi tanggal lahir di Dapodik "
        f"{born:%d-%m-%Y}. Keduanya tetap dibaca. Cocokkan dengan SK, lalu perbaiki di Dapodik atau Verval PTK."
    )


def older(rows: Sequence[Mapping[str, Json]], names: Sequence[str]) -> dict[int, int]:
    """The rows (from 1) of people who are listed more than once, each with the row that is newer: of one ptk_id and one
    name the newest school year counts, then the newest letter of assignment, then what stands further down."""
    same: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, row in enumerate(rows, 1):
        if key := ids(row)[0].get("ptk_id", ""):
            same[key.casefold(), plain(names[number - 1])].append(number)

    def age(number: int) -> tuple[str, date, int]:
        row = rows[number - 1]
        return text(row, "tahun_ajaran_id"), day(row, "tanggal_surat_tugas") or date.min, number

    return {number: max(group, key=age) for group in same.values() for number in group if number != max(group, key=age)}


def twice(
    rows: Sequence[Mapping[str, Json]], names: Sequence[str], aside: Container[int] = frozenset()
) -> dict[int, str]:
    """The rows (from 1) that share an id with another, each with a sentence naming all who share it. Called without the
    older rows of one person, which `older` finds."""
    found: dict[int, str] = {}
    for kind, label in LABELS.items():
        holders: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(rows, 1):
            value = ids(row)[0].get(kind)
            if value and number not in aside:
                holders[value.casefold()].append(number)
        for value, same in holders.items():
            who = " dan ".join(f"baris {number} ({names[number - 1]})" for number in same)
            for number in same if len(same) > 1 else ():
                found.setdefault(
                    number,
                    f"{label} {value} dipakai oleh {who}, sehingga tidak jelas milik siapa. Semua baris itu belum "
                    "diimpor. Perbaiki di Dapodik atau Verval PTK, lalu impor lagi.",
                )
    return found
